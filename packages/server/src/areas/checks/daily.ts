/** What is done by itself, several times a day: whom the rules ask, and whom the lot falls on. It may run again at will. */
import { randomInt, randomUUID } from 'node:crypto';
import type { CheckForm } from '@rollcall/engine/content/checks.js';
import { eq, like } from 'drizzle-orm';
import type { PersonRow, Services, Snapshot } from '../../model/services.js';
import { checkDrawPeople, checkDraws, checks } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { pauses } from '../../work/slices.js';
import { dayAfter, drawFor, type Period, periodAfter, periodOf, promiseOf } from './draw.js';
import { takeBackDone } from './elsewhere.js';
import { formsOf } from './forms.js';
import { type Situation, wantedOf, wantedOfCompany } from './rules.js';

export type NewCheck = typeof checks.$inferInsert;

/** Rows of one transaction: while it lasts, nobody else reaches the embedded database. */
const chunk = 500;

function* parts<T>(list: readonly T[]): Generator<T[]> {
  for (let at = 0; at < list.length; at += chunk) yield list.slice(at, at + chunk);
}

/** The end of a day, in UTC. */
export const endOf = (day: string) => new Date(`${day}T23:59:59.000Z`);
export const dayOf = (time: Date) => time.toISOString().slice(0, 10);

/** A seed is made from the installation's own secret: it was there before anybody could know whom it falls on. */
export function seedOf(period: string, services: Services): string {
  return Buffer.from(services.keys.derive(`spot checks ${period}`)).toString('hex');
}

/** A new check of a form; who does it is the form's first role unless said. */
export function newCheck(
  form: CheckForm,
  about: { person?: string; subject?: string },
  rest: { occasion: string; due: Date; askedBy: string; now: Date } & Partial<NewCheck>,
): NewCheck {
  const { due, now, ...more } = rest;
  const picked = form.challenges?.[randomInt(Math.max(1, form.challenges.length))];
  return {
    id: randomUUID(),
    form: form.id,
    person: about.person ?? '',
    subject: about.subject ?? '',
    state: 'asked',
    askedAt: now,
    dueAt: due,
    role: form.who[0] as string,
    ...(picked ? { challenge: picked.id } : {}),
    ...more,
  };
}

/** Puts down what was not asked for yet on the same occasion; how many were new. */
export async function putDown(db: Db, wanted: readonly NewCheck[]): Promise<number> {
  let made = 0;
  for (const part of parts(wanted)) {
    const rows = await db
      .insert(checks)
      .values(part)
      .onConflictDoNothing({ target: [checks.form, checks.person, checks.subject, checks.occasion] })
      .returning({ id: checks.id });
    made += rows.length;
  }
  return made;
}

export async function runDaily(services: Services): Promise<void> {
  const snapshot = services.results.current();
  const forms = await formsOf(services);
  const today = dayOf(services.now());
  await promise(forms, services, today);
  if (snapshot) await fillLots(snapshot, services, today);
  const wanted = [
    ...(snapshot ? await byRule(forms, snapshot, services, today) : []),
    ...(snapshot ? await byLot(forms, snapshot, services, today) : []),
    ...company(forms, services, today),
  ];
  let changed = snapshot ? await takeBackDone(forms, snapshot, services) : 0;
  for (const part of parts(wanted))
    changed += await services.store.transaction(async (db) => {
      const count = await putDown(db, part);
      if (count > 0)
        await services.audit.append(db, {
          actor: 'system',
          action: 'check.ask-by-rule',
          subject: '',
          detail: { checks: count },
        });
      return count;
    });
  if (changed > 0) for (const topic of ['checks', 'today']) services.live.publish(topic);
}

async function byRule(
  forms: readonly CheckForm[],
  snapshot: Snapshot,
  services: Services,
  today: string,
): Promise<NewCheck[]> {
  const byId = new Map(forms.map((form) => [form.id, form]));
  const triggers = new Set(
    forms.flatMap((form) => form.when.flatMap((when) => (when.trigger === 'finding' ? when.detections : []))),
  );
  const found: NewCheck[] = [];
  const pause = pauses();
  for (const row of snapshot.people) {
    await pause();
    if (row.stage === 'left') continue;
    for (const one of wantedOf(forms, await situationOf(row, triggers, snapshot), today))
      found.push(
        newCheck(byId.get(one.form) as CheckForm, one, {
          occasion: one.occasion,
          due: endOf(one.due),
          askedBy: 'system',
          now: services.now(),
        }),
      );
  }
  return found;
}

/** All that rules are told of somebody. */
export async function situationOf(
  row: Pick<PersonRow, 'id' | 'stage' | 'remote' | 'startedAt' | 'signals' | 'checked'>,
  triggers: ReadonlySet<string>,
  snapshot: Pick<Snapshot, 'person'>,
): Promise<Situation> {
  const signals = row.signals > 0 ? ((await snapshot.person(row.id))?.signals ?? []) : [];
  return {
    person: row.id,
    stage: row.stage,
    remote: row.remote ?? true,
    ...(row.startedAt ? { startedAt: row.startedAt.slice(0, 10) } : {}),
    ...(row.checked ? { checked: row.checked } : {}),
    findings: signals
      .filter((signal) => triggers.has(signal.detection) && !signal.explained)
      .map((signal) => ({ detection: signal.detection, day: signal.last.slice(0, 10) })),
  };
}

function company(forms: readonly CheckForm[], services: Services, today: string): NewCheck[] {
  return wantedOfCompany(forms, today).flatMap((one) => {
    const form = forms.find(({ id }) => id === one.form);
    return form
      ? [
          newCheck(
            form,
            {},
            { occasion: one.occasion, due: endOf(one.due), askedBy: 'system', now: services.now() },
          ),
        ]
      : [];
  });
}

const drawnForm = (forms: readonly CheckForm[]) =>
  forms.find((form) => form.when.some((when) => when.trigger === 'draw'));

/** Says what the seed of this period and of the next is, by its hash, before anybody is drawn from it. */
async function promise(forms: readonly CheckForm[], services: Services, today: string): Promise<void> {
  const form = drawnForm(forms);
  if (!form?.challenges) return;
  const now = periodOf(today);
  for (const period of [now, periodAfter(now)] as Period[])
    await services.store.transaction(async (db) => {
      const from = period.from > today ? period.from : dayAfter(today);
      const challenges = form.challenges?.map(({ id }) => id) ?? [];
      const [made] = await db
        .insert(checkDraws)
        .values({
          period: period.id,
          from,
          to: period.to,
          promise: promiseOf(seedOf(period.id, services)),
          promisedAt: services.now(),
          challenges,
        })
        .onConflictDoNothing()
        .returning();
      if (made)
        await services.audit.append(db, {
          actor: 'system',
          action: 'check.draw.promise',
          subject: `draw:${period.id}`,
          detail: { sha256OfSeed: made.promise, from: made.from, to: made.to, challenges },
        });
    });
}

/** Everybody who works from afar is in the lot: from the period's first day, their own, or the day after they were seen. */
async function fillLots(snapshot: Snapshot, services: Services, today: string): Promise<void> {
  const now = periodOf(today);
  for (const id of [now.id, periodAfter(now).id]) {
    const [lot] = await services.store.db.select().from(checkDraws).where(eq(checkDraws.period, id));
    if (!lot) continue;
    const inside = new Set(
      (
        await services.store.db
          .select({ person: checkDrawPeople.person })
          .from(checkDrawPeople)
          .where(eq(checkDrawPeople.period, id))
      ).map((row) => row.person),
    );
    const added = snapshot.people
      .filter((row) => isInLot(row) && !inside.has(row.id))
      .map((row) => ({
        period: id,
        person: row.id,
        from: [lot.from, dayAfter(today), row.startedAt?.slice(0, 10) ?? ''].sort().at(-1) as string,
        addedAt: services.now(),
      }))
      .filter((row) => row.from <= lot.to);
    for (const part of parts(added))
      await services.store.transaction(async (db) => {
        await db.insert(checkDrawPeople).values(part).onConflictDoNothing();
        await services.audit.append(db, {
          actor: 'system',
          action: 'check.draw.people',
          subject: `draw:${id}`,
          detail: { added: part.length },
        });
      });
  }
}

const isInLot = (row: Pick<PersonRow, 'stage' | 'remote'>) =>
  row.stage === 'employed' && row.remote !== false;

/** Those whose day has come. Nothing of it is put down before: nobody can read it ahead. */
async function byLot(
  forms: readonly CheckForm[],
  snapshot: Snapshot,
  services: Services,
  today: string,
): Promise<NewCheck[]> {
  const form = drawnForm(forms);
  const when = form?.when.find((one) => one.trigger === 'draw');
  if (!form || !when) return [];
  const period = periodOf(today);
  const [lot] = await services.store.db.select().from(checkDraws).where(eq(checkDraws.period, period.id));
  if (!lot) return [];
  const people = await services.store.db
    .select()
    .from(checkDrawPeople)
    .where(eq(checkDrawPeople.period, period.id));
  const there = new Set(
    (
      await services.store.db
        .select({ person: checks.person, occasion: checks.occasion })
        .from(checks)
        .where(like(checks.occasion, `draw:${period.id}:%`))
    ).map((row) => `${row.occasion} ${row.person}`),
  );
  const draw = {
    period: { id: lot.period, from: lot.from, to: lot.to },
    seed: seedOf(period.id, services),
    challenges: lot.challenges,
  };
  const drawnNow: NewCheck[] = [];
  const pause = pauses();
  for (const one of people) {
    await pause();
    const row = snapshot.row(one.person);
    if (!row || !isInLot(row)) continue;
    for (const drawn of drawFor(draw, { handle: row.handle, from: one.from }))
      if (drawn.day <= today && !there.has(`draw:${period.id}:${drawn.turn} ${one.person}`))
        drawnNow.push(
          newCheck(
            form,
            { person: one.person },
            {
              occasion: `draw:${period.id}:${drawn.turn}`,
              challenge: `${drawn.challenge}|${drawn.word}|${drawn.window}`,
              due: endOf(dayAfter(today, when.within)),
              askedBy: 'system',
              now: services.now(),
            },
          ),
        );
  }
  return drawnNow;
}
