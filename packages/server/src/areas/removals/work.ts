/** Removing in the background: whom it was agreed about, and what has reached its age. */
import { query } from '@rollcall/engine';
import type { Forgotten } from '@rollcall/engine/forget/forget.js';
import { isUnfinished } from '@rollcall/engine/forget/texts.js';
import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Services } from '../../model/services.js';
import { cases, removals } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { forgetInLake } from '../../work/forget.js';
import { forgetAnswers } from '../fairness/walled.js';
import { clearCases, clearFiles, clearPeople, clearResults, clearStrays } from './clear.js';
import { type Family, heldPeople, removable } from './held.js';
import type { Keeping } from './words.js';

export const lastKey = 'retention.last';
const day = 86_400_000;
/** How often it is looked whether a result still shows somebody, and how long, in milliseconds. */
const look = { every: 30_000, times: 400 };

const total = (rows: Readonly<Record<string, number>> = {}) =>
  Object.values(rows).reduce((sum, count) => sum + count, 0);

/** Once a day, and whenever a request was agreed to. */
export async function carryOutAgreed(_payload: Record<string, unknown>, services: Services): Promise<void> {
  const { store } = services;
  const held = await heldPeople(store.db);
  // Whoever an export named again after they were removed is removed again; and what was left undone is done.
  const agreed = await store.db.select().from(removals).where(eq(removals.state, 'agreed'));
  const due = agreed.filter(
    (one) =>
      !held.includes(one.person) &&
      (one.removedAt === null || one.removedAt.getTime() < services.now().getTime() - day / 2),
  );
  if (due.length === 0) return;
  const people = due.map((one) => one.person);
  const files = await fileNames(services, people);
  await store.transaction((db) => later(db, services, { people, files, turn: 0 }));
  const told = await forgetInLake(services, { people, held, strangers: 'pass' });
  await store.transaction(async (db) => {
    await db
      .update(removals)
      .set({ removedAt: services.now() })
      .where(
        inArray(
          removals.id,
          due.map((one) => one.id),
        ),
      );
    await services.audit.append(db, {
      actor: 'system',
      action: 'removal.lake',
      subject: '',
      detail: { people: told.people.length, rows: told.rows },
    });
  });
  await services.intake.wake('people were removed');
  services.live.publish('removals');
}

/** What has reached the ages of the policy. Nothing of anybody in an open case. */
export async function byAge(_payload: Record<string, unknown>, services: Services): Promise<void> {
  const { store } = services;
  await carryOutAgreed({}, services);
  await clearStrays(services);
  const ages = (await services.policy()).retention;
  if (!ages) return;
  const held = await heldPeople(store.db);
  const ofLake = ages.logs_days ?? ages.applicants_days ?? ages.leavers_days;
  let told: Forgotten | undefined;
  if (ofLake !== undefined && services.results.current()) {
    const order = { ages, held };
    // Whom it is about is on record before the lake changes, so that the tables follow whatever happens.
    const would = await forgetInLake(services, { ...order, dryRun: true });
    const people = would.people.map((one) => one.id);
    if (people.length > 0) {
      const files = await fileNames(services, people);
      await store.transaction((db) => later(db, services, { people, files, turn: 0 }));
    }
    told =
      people.length > 0 || total(would.logs?.rows) > 0 || isUnfinished(services.lake)
        ? await forgetInLake(services, order)
        : would;
    if (told.people.length > 0 || total(told.logs?.rows) > 0)
      await services.intake.wake('what was too old was removed');
  }
  const count = (because: string) => told?.people.filter((one) => one.because === because).length ?? 0;
  const counts: NonNullable<Keeping['last']> = {
    at: services.now().toISOString(),
    applicants: count('applicant'),
    leavers: count('leaver'),
    held: told?.held.length ?? 0,
    logs: total(told?.logs?.rows),
    cases: 0,
  };
  const left = await store.transaction(async (db) => {
    const before = services.now().getTime() - (ages.cases_days ?? 0) * day;
    const going =
      ages.cases_days === undefined
        ? []
        : await removable(db, ({ root }) => root.closedAt !== null && root.closedAt.getTime() < before);
    const fresh = await untouched(db, going);
    counts.cases = fresh.length;
    const files = await clearCases(db, fresh);
    await services.settings.set(db, lastKey, counts);
    await services.audit.append(db, {
      actor: 'system',
      action: 'retention.run',
      subject: '',
      detail: {
        ages,
        applicants: counts.applicants,
        leavers: counts.leavers,
        held: counts.held,
        rows: told?.rows ?? {},
        logs: told?.logs?.rows ?? {},
        ...(told?.logs ? { logsBefore: told.logs.before } : {}),
        cases: fresh.map((family) => family.root.id),
      },
    });
    return files;
  });
  await clearFiles(services, left);
  services.live.publish('removals');
  services.live.publish('cases');
}

/** Cases of which something is left. */
async function untouched(db: Db, going: readonly Family[]): Promise<Family[]> {
  const ids = going.map((family) => family.root.id);
  if (ids.length === 0) return [];
  const gone = await db
    .select({ id: cases.id })
    .from(cases)
    .where(and(inArray(cases.id, ids), eq(cases.title, '')));
  const done = new Set(gone.map((row) => row.id));
  return going.filter((family) => !done.has(family.root.id));
}

interface Rest {
  people: string[];
  files: string[];
  turn: number;
}

function later(db: Db, services: Services, rest: Rest): Promise<void> {
  return services.queue.add(
    db,
    'removal.rest',
    { ...rest },
    { at: new Date(services.now().getTime() + look.every) },
  );
}

/** What the server itself holds of people, once no result shows them any more: until then it would be made anew. */
export async function clearRest(payload: Record<string, unknown>, services: Services): Promise<void> {
  const { people, files, turn } = payload as unknown as Rest;
  const snapshot = services.results.current();
  const gone = people.filter((person) => snapshot?.row(person) === undefined);
  const shown = people.filter((person) => !gone.includes(person));
  if (gone.length > 0) {
    const { left } = await services.store.transaction(async (db) => {
      const cleared = await clearPeople(db, gone, shown.length === 0 ? files : []);
      const done = await db
        .select()
        .from(removals)
        .where(
          and(inArray(removals.person, gone), eq(removals.state, 'agreed'), isNotNull(removals.removedAt)),
        );
      for (const one of done) {
        await db
          .update(removals)
          .set({
            state: 'done',
            person: '',
            reason: '',
            doneAt: services.now(),
            counts: cleared.counts,
          })
          .where(eq(removals.id, one.id));
        await services.audit.append(db, {
          actor: 'system',
          action: 'removal.done',
          subject: `person:${one.handle}`,
          detail: cleared.counts,
        });
      }
      // Earlier requests about them, refused or withdrawn, say who they are too.
      await db
        .update(removals)
        .set({ person: '', reason: '', answer: null })
        .where(and(inArray(removals.person, gone), inArray(removals.state, ['refused', 'withdrawn'])));
      return cleared;
    });
    await clearFiles(services, left);
    await forgetAnswers(services, gone);
    await clearResults(services);
    services.live.publish('removals');
    services.live.publish('checks');
    services.live.publish('cases');
  }
  if (shown.length > 0 && turn < look.times)
    await services.store.transaction((db) => later(db, services, { people: shown, files, turn: turn + 1 }));
}

/** Names of the files they handed in, which stand in the account of what came in. */
async function fileNames(services: Services, people: readonly string[]): Promise<string[]> {
  const ids = people.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ');
  const found = await query(
    services.lake,
    `SELECT DISTINCT file FROM documents WHERE file IS NOT NULL AND person_id IN (${ids}) ORDER BY file`,
  ).catch(() => ({ rows: [] as Record<string, unknown>[] }));
  return found.rows.map((row) => String(row.file));
}
