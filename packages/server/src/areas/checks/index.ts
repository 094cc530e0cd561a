/** Checks: who is asked for what, what was recorded, and the lot that spot checks are drawn by. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { CheckForm } from '@rollcall/engine/content/checks.js';
import type { Exposure } from '@rollcall/engine/model/result.js';
import { and, asc, desc, eq, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { notFound, Refusal } from '../../model/refusal.js';
import { may, type User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import {
  caseMembers,
  casePeople,
  checkDrawPeople,
  checkDraws,
  checks,
  checkWords,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import type { Area, Waiting } from '../area.js';
import { continuityOf } from './continuity.js';
import { dayOf, endOf, newCheck, putDown, runDaily, seedOf } from './daily.js';
import { dayAfter, draw } from './draw.js';
import {
  type Answers,
  evidenceOf,
  formOf,
  formsOf,
  formWords,
  type Outcome,
  occasionSays,
  outcomeOf,
  readAnswers,
  together,
  whenSays,
  worthOf,
} from './forms.js';
import {
  askBodySchema,
  askedSchema,
  assignBodySchema,
  type CheckLine,
  cancelBodySchema,
  checkListSchema,
  checkPageSchema,
  continuitySchema,
  drawSchema,
  drawsSchema,
  excuseBodySchema,
  recordBodySchema,
  recordedSchema,
} from './words.js';

type CheckRow = typeof checks.$inferSelect;
type WordRow = typeof checkWords.$inferSelect;

const pageSize = 50;
/** At most so many are asked at once by hand. */
const mostAtOnce = 2_000;
const checkParam = z.object({ check: z.string().max(60) });
const personParam = z.object({ person: z.string().max(40) });
const day = 86_400_000;

const listQuery = z.object({
  state: z.enum(['asked', 'done', 'excused', 'cancelled', 'all']).default('asked'),
  whose: z.enum(['mine', 'all']).default('all'),
  late: z.enum(['yes']).optional(),
  holds: z.enum(['yes']).optional(),
  /** Where a colleague gave their word, and the reader's role can give the other. */
  second: z.enum(['yes']).optional(),
  form: z.string().max(60).optional(),
  person: z.string().max(40).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
});

/** Whom somebody sees by name, and which cases they are in; asked once a request. */
interface Eyes {
  user: User;
  open: ReadonlySet<string>;
  cases: readonly string[];
  names: ReadonlyMap<string, string>;
  forms: ReadonlyMap<string, CheckForm>;
  now: Date;
}

async function eyesOf(user: User, services: Services): Promise<Eyes> {
  const [open, member, accounts, forms] = await Promise.all([
    services.sight.open(user),
    services.store.db.select({ id: caseMembers.case }).from(caseMembers).where(eq(caseMembers.user, user.id)),
    services.accounts.list(),
    formsOf(services),
  ]);
  return {
    user,
    open,
    cases: member.map((row) => row.id),
    names: new Map(accounts.map((account) => [account.id, account.name])),
    forms: new Map(forms.map((form) => [form.id, form])),
    now: services.now(),
  };
}

/** Theirs to do: named, or of the role where nobody is named. */
const isGiven = (check: CheckRow, user: User) =>
  check.state === 'asked' &&
  (check.assignee ? check.assignee === user.id : user.roles.some((role) => role === check.role));

/** Which word somebody can give now; absent: none, for the reason given. */
function partOf(
  check: CheckRow,
  form: CheckForm,
  words: readonly WordRow[],
  user: User,
): { part: 'first' | 'second' } | { why: string } {
  if (check.state !== 'asked') return { why: 'it is over' };
  const first = latest(words, 'first');
  const second = latest(words, 'second');
  const mayFirst = isGiven(check, user) && first?.by !== user.id && second?.by !== user.id;
  if (mayFirst && !first) return { part: 'first' };
  const roles: readonly string[] = form.second ?? [];
  const maySecond = user.roles.some((role) => roles.includes(role));
  if (maySecond && first && first.by !== user.id) return { part: 'second' };
  // One's own word can be given anew; of a hold, whoever it is given to can look again until it is let go.
  if (first?.by === user.id) return { part: 'first' };
  if (form.hold && isGiven(check, user) && second?.by !== user.id) return { part: 'first' };
  return {
    why:
      first && second?.by !== user.id && isGiven(check, user)
        ? `a colleague gave the first word; the second is for ${roles.join(', ')}`
        : check.assignee
          ? 'it is given to a colleague'
          : `it is for ${[...(check.role ? [check.role] : []), ...roles].join(', ')}`,
  };
}

const latest = (words: readonly WordRow[], part: WordRow['part']) =>
  words.filter((word) => word.part === part).sort((a, b) => b.at.getTime() - a.at.getTime())[0];

const current = (words: readonly WordRow[]) =>
  [latest(words, 'first'), latest(words, 'second')].filter((word) => word !== undefined);

/** A check of a case is there for its members and for whoever does it. */
function visible(eyes: Eyes): SQL | undefined {
  return or(
    isNull(checks.case),
    eq(checks.assignee, eyes.user.id),
    and(isNull(checks.assignee), inArray(checks.role, [...eyes.user.roles])),
    ...(eyes.cases.length > 0 ? [inArray(checks.case, [...eyes.cases])] : []),
  );
}

const mineOf = (user: User) =>
  and(
    eq(checks.state, 'asked'),
    or(
      eq(checks.assignee, user.id),
      and(
        isNull(checks.assignee),
        user.roles.length > 0 ? inArray(checks.role, [...user.roles]) : sql`false`,
      ),
    ),
  );

function lineOf(check: CheckRow, words: readonly WordRow[], eyes: Eyes, services: Services): CheckLine {
  const form = eyes.forms.get(check.form);
  const row = check.person ? services.results.current()?.row(check.person) : undefined;
  const given = isGiven(check, eyes.user);
  const wantsMine = form ? 'part' in partOf(check, form, words, eyes.user) : false;
  const open = given || wantsMine || eyes.open.has(check.person);
  return {
    id: check.id,
    form: check.form,
    title: form?.title ?? check.form,
    about: check.person
      ? {
          kind: 'person',
          handle: services.keys.handle(check.person),
          says: open && row ? row.name || row.handle : services.sight.pseudonym(check.person),
          open,
          ...(row ? { stage: row.stage } : {}),
        }
      : check.subject
        ? { kind: 'role', says: check.subject, open: true }
        : { kind: 'company', says: 'The company', open: true },
    state: check.state,
    ...(check.outcome ? { outcome: check.outcome } : {}),
    due: check.dueAt.toISOString(),
    late: check.state === 'asked' && check.dueAt < eyes.now,
    by: check.assignee ? (eyes.names.get(check.assignee) ?? 'a colleague who has left') : (check.role ?? ''),
    mine: given,
    hold: form?.hold !== undefined,
    words: current(words).length,
    of: form?.second ? 2 : 1,
    occasion: occasionSays(check.occasion),
    ...(check.doneAt ? { doneAt: check.doneAt.toISOString() } : {}),
    ...(check.expiresAt ? { expiresAt: check.expiresAt.toISOString() } : {}),
  };
}

async function wordsOf(db: Db, ids: readonly string[]): Promise<Map<string, WordRow[]>> {
  const found = new Map<string, WordRow[]>();
  if (ids.length === 0) return found;
  for (const word of await db
    .select()
    .from(checkWords)
    .where(inArray(checkWords.check, [...ids])))
    found.set(word.check, [...(found.get(word.check) ?? []), word]);
  return found;
}

function personOf(handle: string, services: Services): PersonRow {
  const row = services.results.current()?.row(handle);
  // A person's own number is no address here: only handles are.
  if (!row || row.handle !== handle) throw notFound('the person');
  return row;
}

const tell = (services: Services) => {
  for (const topic of ['checks', 'today']) services.live.publish(topic);
};

/** The check, locked until the change is through; as it does not exist for those it is hidden from. */
async function checkFor(db: Db, id: string, user: User): Promise<CheckRow> {
  const [check] = await db.select().from(checks).where(eq(checks.id, id)).for('update');
  if (!check) throw notFound('the check');
  if (check.case && !isGiven(check, user)) {
    const [member] = await db
      .select({ id: caseMembers.case })
      .from(caseMembers)
      .where(and(eq(caseMembers.case, check.case), eq(caseMembers.user, user.id)));
    if (!member) throw notFound('the check');
  }
  return check;
}

const subjectOf = (check: Pick<CheckRow, 'person' | 'id'>, services: Services) =>
  check.person ? `person:${services.keys.handle(check.person)}` : `check:${check.id}`;

function asked(check: CheckRow): void {
  if (check.state !== 'asked')
    throw new Refusal(
      409,
      'CHECK_OVER',
      `this check is ${check.state} already; ask for it again if it is needed`,
    );
}

/** A colleague to whom something can be given. */
function colleague(accounts: readonly (User & { active: boolean })[], id: string, form: CheckForm): void {
  const account = accounts.find((one) => one.id === id && one.active);
  if (!account) throw new Refusal(422, 'NO_COLLEAGUE', 'there is no such colleague here');
  if (
    !may(account.roles, 'checks.record') ||
    !account.roles.some((role) => (form.who as string[]).includes(role))
  )
    throw new Refusal(422, 'NOT_THEIRS', `this check is for ${form.who.join(', ')}`);
}

const accountsBefore = async (_: unknown, services: Services) => services.accounts.list();

export const area: Area = {
  name: 'checks',
  work: { 'checks.daily': async (_, services) => runDaily(services) },
  every: { 'checks.daily': 180 },
  // Whoever is new on record is asked for at once, and not hours later.
  async start(services) {
    let scan = services.results.current()?.number;
    const stop = services.live.subscribe((topic) => {
      const now = services.results.current()?.number;
      if (topic !== 'people' || now === scan) return;
      scan = now;
      services.queue
        .add(services.store.db, 'checks.daily', {}, { key: 'checks.daily' })
        .catch((error: unknown) =>
          services.log.error({ kind: (error as Error).name }, 'checks could not be planned'),
        );
    });
    return async () => stop();
  },
  waiting,
  exposures,

  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/checks',
        summary: 'What is to be checked, by whom, and what was',
        permission: 'checks.view',
        query: listQuery,
        answer: checkListSchema,
      },
      async ({ query, user, db }, services) => {
        const eyes = await eyesOf(user, services);
        const held = [...eyes.forms.values()].filter((form) => form.hold).map((form) => form.id);
        const late = and(eq(checks.state, 'asked'), lt(checks.dueAt, eyes.now));
        const person = query.person ? personOf(query.person, services).id : undefined;
        const where = and(
          visible(eyes),
          query.state === 'all' ? undefined : eq(checks.state, query.state),
          query.whose === 'mine' ? mineOf(user) : undefined,
          query.late ? late : undefined,
          query.holds ? inArray(checks.form, held) : undefined,
          query.second ? waitsForSecond([...eyes.forms.values()], user) : undefined,
          query.form ? eq(checks.form, query.form) : undefined,
          person === undefined ? undefined : eq(checks.person, person),
        );
        const number = (condition: SQL | undefined) =>
          sql<number>`count(*) FILTER (WHERE ${condition ?? sql`true`})`.mapWith(Number);
        const [[count], [totals], rows] = await Promise.all([
          db
            .select({ total: number(undefined) })
            .from(checks)
            .where(where),
          db
            .select({
              asked: number(eq(checks.state, 'asked')),
              mine: number(mineOf(user)),
              late: number(late),
              holds: number(and(eq(checks.state, 'asked'), inArray(checks.form, held))),
              done: number(eq(checks.state, 'done')),
            })
            .from(checks)
            .where(visible(eyes)),
          db
            .select()
            .from(checks)
            .where(where)
            .orderBy(
              ...(query.state === 'asked'
                ? [asc(checks.dueAt), asc(checks.id)]
                : [desc(sql`coalesce(${checks.doneAt}, ${checks.dueAt})`), asc(checks.id)]),
            )
            .limit(pageSize)
            .offset((query.page - 1) * pageSize),
        ]);
        const words = await wordsOf(
          db,
          rows.map((row) => row.id),
        );
        const total = count?.total ?? 0;
        return {
          checks: rows.map((row) => lineOf(row, words.get(row.id) ?? [], eyes, services)),
          total,
          page: query.page,
          pages: Math.max(1, Math.ceil(total / pageSize)),
          counts: totals ?? { asked: 0, mine: 0, late: 0, holds: 0, done: 0 },
          forms: [...eyes.forms.values()].map((form) => ({
            id: form.id,
            title: form.title,
            about: form.about,
            who: form.who,
            controls: form.controls,
            when: form.when.map(whenSays),
            days: form.days,
            hold: form.hold !== undefined,
          })),
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/checks/draws',
        summary: 'The draws of spot checks, by half-year',
        permission: 'checks.view',
        answer: drawsSchema,
      },
      async ({ db }, services) => {
        const lots = await db.select().from(checkDraws).orderBy(desc(checkDraws.period));
        const people = await db
          .select({ period: checkDrawPeople.period, people: sql<number>`count(*)`.mapWith(Number) })
          .from(checkDrawPeople)
          .groupBy(checkDrawPeople.period);
        const today = dayOf(services.now());
        return {
          draws: lots.map((lot) => ({
            period: lot.period,
            from: lot.from,
            to: lot.to,
            promise: lot.promise,
            promisedAt: lot.promisedAt.toISOString(),
            open: lot.to < today,
            people: people.find((one) => one.period === lot.period)?.people ?? 0,
          })),
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/checks/draws/{period}',
        summary: 'All that is needed to redo a draw, once its period is over',
        permission: 'checks.view',
        params: z.object({ period: z.string().regex(/^\d{4}-H[12]$/, 'a half-year in the form 2026-H1') }),
        answer: drawSchema,
      },
      async ({ params, db }, services) => {
        const [lot] = await db.select().from(checkDraws).where(eq(checkDraws.period, params.period));
        if (!lot) throw notFound('the draw of this period');
        const over = lot.to < dayOf(services.now());
        const inside = await db
          .select()
          .from(checkDrawPeople)
          .where(eq(checkDrawPeople.period, params.period));
        const drawn = await db
          .select()
          .from(checks)
          .where(sql`${checks.occasion} LIKE ${`draw:${params.period}:%`}`);
        const people = inside
          .map((one) => ({ handle: services.keys.handle(one.person), from: one.from }))
          .sort((a, b) => (a.handle < b.handle ? -1 : 1));
        const seed = seedOf(params.period, services);
        const became = new Map(
          drawn.map((check) => [
            `${services.keys.handle(check.person)}:${check.occasion.split(':')[2] ?? ''}`,
            check,
          ]),
        );
        return {
          period: lot.period,
          from: lot.from,
          to: lot.to,
          promise: lot.promise,
          promisedAt: lot.promisedAt.toISOString(),
          challenges: lot.challenges,
          ...(over ? { seed } : {}),
          people: over ? people : [],
          draws: over
            ? draw({
                period: { id: lot.period, from: lot.from, to: lot.to },
                seed,
                challenges: lot.challenges,
                people,
              }).map((one) => {
                const check = became.get(`${one.handle}:${one.turn}`);
                return {
                  ...one,
                  ...(check ? { state: check.state } : {}),
                  ...(check?.outcome ? { outcome: check.outcome } : {}),
                };
              })
            : [],
          counts: {
            people: people.length,
            asked: drawn.length,
            done: drawn.filter((check) => check.state === 'done').length,
            excused: drawn.filter((check) => check.state === 'excused').length,
          },
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/checks/people/{person}/continuity',
        summary: 'Whether the same human being was met from the application to day 30',
        permission: 'checks.view',
        audit: 'person.continuity',
        params: personParam,
        answer: continuitySchema,
      },
      async ({ params, user, db, note }, services) => {
        const row = personOf(params.person, services);
        note(`person:${row.handle}`);
        const eyes = await eyesOf(user, services);
        const mine = await db
          .select()
          .from(checks)
          .where(and(eq(checks.person, row.id), visible(eyes)));
        const words = await wordsOf(
          db,
          mine.map((check) => check.id),
        );
        const signals = (await services.results.current()?.person(row.id))?.signals ?? [];
        const open = eyes.open.has(row.id) || mine.some((check) => isGiven(check, user));
        const chain = continuityOf(
          row,
          mine.map((check) => ({
            ...check,
            yes: current(words.get(check.id) ?? []).filter((word) => word.outcome === 'success').length,
            otherWay: (words.get(check.id) ?? []).some((word) => word.otherWay),
          })),
          may(user.roles, 'people.view') ? signals : [],
          dayOf(services.now()),
        );
        return services.sight.veil(
          user,
          {
            ...chain,
            about: {
              kind: 'person' as const,
              handle: row.handle,
              says: open ? row.name || row.handle : services.sight.pseudonym(row.id),
              open,
              stage: row.stage,
            },
          },
          open ? [] : [row.id],
        );
      },
    );

    router.add(
      {
        method: 'get',
        path: '/checks/{check}',
        summary: 'A check with its form and script',
        permission: 'checks.view',
        audit: 'check.view',
        params: checkParam,
        answer: checkPageSchema,
      },
      async ({ params, user, db, note }, services) => {
        const eyes = await eyesOf(user, services);
        const [check] = await db
          .select()
          .from(checks)
          .where(and(eq(checks.id, params.check), visible(eyes)));
        if (!check) throw notFound('the check');
        note(subjectOf(check, services), { check: check.id });
        const form = await formOf(check.form, services);
        const words = (await wordsOf(db, [check.id])).get(check.id) ?? [];
        const part = partOf(check, form, words, user);
        const mayRecord = may(user.roles, 'checks.record');
        const [challenge = '', word, window] = (check.challenge ?? '').split('|');
        const says = form.challenges?.find((one) => one.id === challenge)?.says;
        const line = lineOf(check, words, eyes, services);
        const accounts = may(user.roles, 'checks.plan') ? await services.accounts.list() : [];
        // A colleague's own words: whoever does not see the person reads them without what tells who it is.
        const reason =
          check.reason && check.person && !line.about.open
            ? (await services.sight.veil(user, { says: check.reason }, [check.person])).says
            : (check.reason ?? '');
        // The lot is nobody's business before the call: only whoever makes it reads the request.
        const seesRequest = line.mine || check.state !== 'asked';
        return {
          check: line,
          form: formWords(form),
          ...(says && seesRequest
            ? { challenge: { says, ...(word ? { word } : {}), ...(window ? { window } : {}) } }
            : {}),
          questions: (form.questions ?? []).flatMap((id) => {
            const question = services.content.questions.find((one) => one.id === id);
            return question
              ? [
                  {
                    id,
                    title: question.title,
                    asks: question.asks,
                    settles: question.settles,
                    never: question.never,
                  },
                ]
              : [];
          }),
          words: words
            .sort((a, b) => a.at.getTime() - b.at.getTime())
            .map((one) => {
              // Each gives their word by themselves: what the other said is shown when both are there.
              const shown = form.hold !== undefined || check.state !== 'asked' || one.by === user.id;
              return {
                by: eyes.names.get(one.by) ?? 'a colleague who has left',
                part: one.part,
                at: one.at.toISOString(),
                otherWay: one.otherWay,
                ...(shown ? { outcome: one.outcome } : {}),
                answers: shown && line.about.open ? answersSaid(form, one.answers) : [],
              };
            }),
          ...(check.reason ? { reason } : {}),
          askedBy:
            check.askedBy === 'system' ? 'the rules' : (eyes.names.get(check.askedBy) ?? 'a colleague'),
          askedAt: check.askedAt.toISOString(),
          may: {
            record: mayRecord && 'part' in part,
            ...(mayRecord && 'why' in part && check.state === 'asked' ? { why: part.why } : {}),
            plan: may(user.roles, 'checks.plan') && check.state === 'asked',
          },
          colleagues: accounts
            .filter((one) => one.active && one.roles.some((role) => (form.who as string[]).includes(role)))
            .map(({ id, name, roles }) => ({ id, name, roles: [...roles] })),
          ...(check.case && eyes.cases.includes(check.case) ? { case: check.case } : {}),
        };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/checks',
        summary: 'Ask for a check: of one, or of everybody in a situation',
        permission: 'checks.plan',
        audit: 'check.ask',
        body: askBodySchema,
        answer: askedSchema,
        before: accountsBefore,
      },
      async ({ body, user, db, taken, note }, services) => {
        const form = await formOf(body.form, services);
        if (body.assignee) colleague(taken as (User & { active: boolean })[], body.assignee, form);
        if (body.role && !(form.who as string[]).includes(body.role))
          throw new Refusal(422, 'NOT_THEIRS', `this check is for ${form.who.join(', ')}`);
        const today = dayOf(services.now());
        if (body.due && body.due < today) throw new Refusal(422, 'DUE_PAST', 'the day it is due is past');
        const within = form.when.find((when) => when.trigger === 'request')?.within ?? 7;
        const due = endOf(body.due ?? dayAfter(today, within));
        if (body.case) {
          const [member] = await db
            .select({ id: caseMembers.case })
            .from(caseMembers)
            .where(and(eq(caseMembers.case, body.case), eq(caseMembers.user, user.id)));
          if (!member) throw notFound('the case');
        }
        const rest = {
          due,
          askedBy: user.id,
          now: services.now(),
          ...(body.assignee ? { assignee: body.assignee, role: null } : body.role ? { role: body.role } : {}),
          ...(body.case ? { case: body.case } : {}),
        };
        let wanted: ReturnType<typeof newCheck>[];
        if (form.about === 'person') {
          if (body.subject) throw new Refusal(422, 'ABOUT_PERSON', 'this check is about a person');
          if ((body.person === undefined) === (body.everybody === undefined))
            throw new Refusal(422, 'ABOUT_WHOM', 'say of whom: one person, or everybody in a situation');
          const people = body.person ? [personOf(body.person, services)] : situated(body.everybody, services);
          if (people.length === 0) throw new Refusal(422, 'NOBODY', 'nobody is in this situation');
          if (people.length > mostAtOnce)
            throw new Refusal(
              422,
              'TOO_MANY',
              `this would ask for more than ${mostAtOnce} checks; narrow it`,
            );
          if (body.person && body.case) {
            const [about] = await db
              .select({ id: casePeople.case })
              .from(casePeople)
              .where(and(eq(casePeople.case, body.case), eq(casePeople.person, people[0]?.id ?? '')));
            if (!about) throw new Refusal(422, 'NOT_IN_CASE', 'the case is not about this person');
          }
          // Asked again while the last one is open, it is the same check; afterwards it is a new one.
          const open = new Set(
            (
              await db
                .select({ person: checks.person })
                .from(checks)
                .where(and(eq(checks.form, form.id), eq(checks.state, 'asked')))
            ).map((row) => row.person),
          );
          const fresh = people.filter((row) => !open.has(row.id));
          wanted = fresh.map((row) =>
            newCheck(form, { person: row.id }, { ...rest, occasion: `by-hand:${randomUUID()}` }),
          );
          note(body.person ? `person:${body.person}` : '', {
            form: form.id,
            people: people.length,
            ...(body.everybody ? { everybody: body.everybody } : {}),
          });
          await putDown(db, wanted);
          tell(services);
          return {
            asked: wanted.length,
            already: people.length - wanted.length,
            ...(wanted.length === 1 && wanted[0] ? { id: wanted[0].id } : {}),
          };
        }
        if (body.person || body.everybody)
          throw new Refusal(422, 'NOT_A_PERSON', `this check is about the ${form.about}, not about a person`);
        if (form.about === 'role' && !body.subject)
          throw new Refusal(422, 'WHICH_ROLE', 'say which role it is about');
        wanted = [
          newCheck(form, form.about === 'role' ? { subject: body.subject as string } : {}, {
            ...rest,
            occasion: `by-hand:${randomUUID()}`,
          }),
        ];
        note('', { form: form.id });
        await putDown(db, wanted);
        tell(services);
        return { asked: 1, already: 0, ...(wanted[0] ? { id: wanted[0].id } : {}) };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/checks/{check}/outcome',
        summary: 'Record how a check went, or give the second word',
        permission: 'checks.record',
        audit: 'check.record',
        params: checkParam,
        body: recordBodySchema,
        answer: recordedSchema,
        before: async (_, services) => ({
          accounts: await services.accounts.list(),
          waits: await services.settings.get<Record<string, number>>('checks.waits', {}),
        }),
      },
      async ({ params, body, user, db, taken, note }, services) => {
        const { accounts, waits } = taken as { accounts: User[]; waits: Record<string, number> };
        const check = await checkFor(db, params.check, user);
        asked(check);
        const form = await formOf(check.form, services);
        const before = (await wordsOf(db, [check.id])).get(check.id) ?? [];
        const part = partOf(check, form, before, user);
        if ('why' in part) throw new Refusal(403, 'NOT_YOURS', `not yours to record: ${part.why}`);
        const answers = readAnswers(form, body.answers);
        const now = services.now();
        const word: WordRow = {
          id: randomUUID(),
          check: check.id,
          by: user.id,
          part: part.part,
          at: now,
          answers,
          outcome: outcomeOf(worthOf(form, answers, body.otherWay)),
          otherWay: body.otherWay,
        };
        const from = new Date(check.askedAt.getTime() + (waits[form.id] ?? form.waits ?? 0) * day);
        if (word.outcome === 'success' && now < from)
          throw new Refusal(
            409,
            'COOLING_OFF',
            `this waits until ${from.toISOString().slice(0, 16).replace('T', ' ')} UTC, as many days for everybody; say then that it may go on`,
          );
        await db.insert(checkWords).values(word);
        const words = current([...before.filter((one) => one.part !== part.part), word]);
        const complete = words.length === (form.second ? 2 : 1);
        note(subjectOf(check, services), {
          check: check.id,
          form: form.id,
          part: part.part,
          outcome: word.outcome,
          otherWay: body.otherWay,
        });
        tell(services);
        if (!complete)
          return {
            state: check.state,
            waits: `the word of ${part.part === 'first' ? (form.second ?? []).join(' or ') : form.who.join(' or ')}, from another account`,
          };
        const outcome: Outcome = together(words.map((one) => one.outcome));
        const letGo = form.hold === undefined || outcome === 'success';
        const [first] = words;
        await db
          .update(checks)
          .set({
            state: letGo ? 'done' : 'asked',
            outcome,
            answers: first?.answers ?? answers,
            doneBy: letGo ? user.id : null,
            doneAt: letGo ? now : null,
            expiresAt: letGo ? new Date(now.getTime() + form.days * day) : null,
          })
          .where(eq(checks.id, check.id));
        if (check.person) await intoTheLake(db, check, form, words, accounts, services);
        return letGo
          ? { state: 'done' as const, outcome }
          : { state: 'asked' as const, outcome, waits: 'both words that it may go on' };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/checks/{check}/excuse',
        summary: 'Agree another way; the reason is nobody’s business',
        permission: 'checks.plan',
        audit: 'check.excuse',
        params: checkParam,
        body: excuseBodySchema,
        answer: recordedSchema,
      },
      async ({ params, body, user, db, note }, services) => {
        const check = await checkFor(db, params.check, user);
        asked(check);
        const form = await formOf(check.form, services);
        if (form.hold)
          throw new Refusal(
            409,
            'HOLD',
            'what waits for this check is let go by two people’s word; record it as done in another way',
          );
        if (!check.person) throw new Refusal(409, 'NOT_A_PERSON', 'only a person can be excused');
        const now = services.now();
        await db
          .update(checks)
          .set({
            state: 'excused',
            outcome: 'unknown',
            reason: body.otherWay,
            doneBy: user.id,
            doneAt: now,
            expiresAt: new Date(now.getTime() + form.days * day),
          })
          .where(eq(checks.id, check.id));
        const kinds = [...new Set(form.records.flatMap((record) => (record.check ? [record.check] : [])))];
        const rows = kinds.map((kind) => rowOf(check, kind, 'accommodated', now, user));
        if (rows.length > 0)
          await services.intake.recordsLater(db, 'checks', rows, `check:${check.id}:excused`);
        note(subjectOf(check, services), { check: check.id, form: form.id });
        tell(services);
        return { state: 'excused' as const, outcome: 'unknown' as const };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/checks/{check}/cancel',
        summary: 'Take back a check that is not needed',
        permission: 'checks.plan',
        audit: 'check.cancel',
        params: checkParam,
        body: cancelBodySchema,
        answer: recordedSchema,
      },
      async ({ params, body, user, db, note }, services) => {
        const check = await checkFor(db, params.check, user);
        asked(check);
        const form = await formOf(check.form, services);
        if (form.hold)
          throw new Refusal(409, 'HOLD', 'a hold is let go by two people’s word, and not cancelled by one');
        await db
          .update(checks)
          .set({ state: 'cancelled', reason: body.reason, doneBy: user.id, doneAt: services.now() })
          .where(eq(checks.id, check.id));
        note(subjectOf(check, services), { check: check.id, form: form.id });
        tell(services);
        return { state: 'cancelled' as const };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/checks/{check}/assign',
        summary: 'Give a check to a colleague or a role',
        permission: 'checks.plan',
        audit: 'check.assign',
        params: checkParam,
        body: assignBodySchema,
        answer: z.object({ done: z.literal(true) }),
        before: accountsBefore,
      },
      async ({ params, body, user, db, taken, note }, services) => {
        const given = body as { assignee?: string; role?: string };
        const check = await checkFor(db, params.check, user);
        asked(check);
        const form = await formOf(check.form, services);
        if (given.assignee) colleague(taken as (User & { active: boolean })[], given.assignee, form);
        else if (!(form.who as string[]).includes(given.role ?? ''))
          throw new Refusal(422, 'NOT_THEIRS', `this check is for ${form.who.join(', ')}`);
        await db
          .update(checks)
          .set({ assignee: given.assignee ?? null, role: given.role ?? null })
          .where(eq(checks.id, check.id));
        note(subjectOf(check, services), { check: check.id, to: given.assignee ?? given.role });
        tell(services);
        return { done: true as const };
      },
    );
  },
};

function answersSaid(form: CheckForm, answers: Readonly<Record<string, unknown>>) {
  const words = formWords(form);
  return words.fields.flatMap((field) => {
    const value = answers[field.id];
    if (value === undefined) return [];
    const meant = field.choices.find((choice) => choice.value === value)?.means;
    return [{ label: field.label, answer: meant ?? `${String(value)}${field.unit ? ` ${field.unit}` : ''}` }];
  });
}

/** Everybody in a situation; what was found about them is not asked. */
function situated(situation: z.infer<typeof askBodySchema>['everybody'], services: Services): PersonRow[] {
  const same = (a: string | undefined, b: string | undefined) =>
    b === undefined || (a ?? '').trim().toLowerCase() === b.trim().toLowerCase();
  return (services.results.current()?.people ?? []).filter(
    (row) =>
      row.stage === situation?.stage &&
      same(row.engagement, situation.engagement) &&
      same(row.title, situation.title) &&
      same(row.department, situation.department) &&
      (situation.remote === undefined || (row.remote ?? true) === situation.remote),
  );
}

/** One line of the table that docs/recording-checks.md describes. */
const rowOf = (
  check: CheckRow,
  kind: string,
  outcome: string,
  at: Date,
  by: Pick<User, 'name'>,
  note?: string,
) => ({
  employee_id: check.person,
  check: kind,
  date: at.toISOString(),
  outcome,
  by: by.name.replace(/[;\p{Cc}]+/gu, ' '),
  ...(note ? { note } : {}),
});

async function intoTheLake(
  db: Db,
  check: CheckRow,
  form: CheckForm,
  words: readonly WordRow[],
  accounts: readonly Pick<User, 'id' | 'name'>[],
  services: Services,
): Promise<void> {
  const each = evidenceOf(
    form,
    words.map((word) => ({ answers: word.answers as Answers, otherWay: word.otherWay })),
  );
  const rows = each.flatMap((one, index) => {
    const word = words[index] as WordRow;
    const by = accounts.find((account) => account.id === word.by) ?? { name: `account ${word.by}` };
    return one.map((row) => rowOf(check, row.check as string, row.outcome, word.at, by, row.note));
  });
  if (rows.length === 0) return;
  await services.intake.recordsLater(
    db,
    'checks',
    rows,
    `check:${check.id}:${words.map((word) => word.id).join(':')}`,
  );
}

async function waiting(user: User, services: Services): Promise<Waiting[]> {
  if (!may(user.roles, 'checks.record')) return [];
  const now = services.now();
  const soon = new Date(now.getTime() + 7 * day);
  const forms = new Map((await formsOf(services)).map((form) => [form.id, form]));
  const rows = await services.store.db
    .select()
    .from(checks)
    .where(and(mineOf(user), lt(checks.dueAt, soon)))
    .orderBy(asc(checks.dueAt), asc(checks.id))
    .limit(26);
  const found: Waiting[] = rows.slice(0, 25).map((check) => {
    const form = forms.get(check.form);
    const about = check.person
      ? (services.results.current()?.row(check.person)?.name ?? services.sight.pseudonym(check.person))
      : check.subject || 'the company';
    const late = check.dueAt < now;
    return {
      kind: 'check',
      id: `check:${check.id}`,
      title: `${form?.title ?? check.form}: ${about}`,
      why: `${late ? 'Overdue' : 'Due'}; ${check.assignee ? 'given to you' : `for ${check.role}`}, ${occasionSays(check.occasion)}.${
        form?.hold ? ' Something waits for it.' : ''
      }`,
      to: `#/check/${check.id}`,
      due: check.dueAt.toISOString(),
      rank: late ? 1 : form?.hold ? 1 : 2,
    };
  });
  if (rows.length > 25)
    found.push({
      kind: 'check',
      id: 'checks:more',
      title: 'More checks are due',
      why: 'The first 25 stand above.',
      to: '#/checks?whose=mine',
      rank: 2,
    });
  const [second] = await services.store.db
    .select({ waits: sql<number>`count(*)`.mapWith(Number) })
    .from(checks)
    .where(and(waitsForSecond([...forms.values()], user), isNull(checks.case)));
  if (second && second.waits > 0)
    found.push({
      kind: 'check',
      id: 'checks:second',
      title:
        second.waits === 1
          ? 'A check waits for a second person’s word'
          : `${second.waits} checks wait for a second person’s word`,
      why: 'A colleague gave theirs, and your role can give the other.',
      to: '#/checks?second=yes',
      rank: 1,
    });
  return found;
}

/** A colleague gave the first word, nobody the second, and this reader can. */
function waitsForSecond(forms: readonly CheckForm[], user: User): SQL | undefined {
  const theirs = forms
    .filter((form) => form.second?.some((role) => user.roles.includes(role)))
    .map(({ id }) => id);
  if (theirs.length === 0) return sql`false`;
  const given = (part: string) =>
    sql`EXISTS (SELECT 1 FROM check_words w WHERE w.check_id = ${checks.id} AND w.part = ${part}`;
  return and(
    eq(checks.state, 'asked'),
    inArray(checks.form, theirs),
    sql`${given('first')} AND w.by <> ${user.id})`,
    sql`NOT ${given('second')})`,
  );
}

/** Overdue checks, by form: what lets a false colleague stay is what nobody did. It says nothing of the people meant. */
async function exposures(services: Services): Promise<Exposure[]> {
  const forms = new Map((await formsOf(services)).map((form) => [form.id, form]));
  const rows = await services.store.db
    .select({
      form: checks.form,
      count: sql<number>`count(*)`.mapWith(Number),
      earliest: sql<string>`min(${checks.dueAt})`,
    })
    .from(checks)
    .where(and(eq(checks.state, 'asked'), lt(checks.dueAt, services.now())))
    .groupBy(checks.form)
    .orderBy(desc(sql`count(*)`), asc(checks.form));
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  if (total === 0) return [];
  return [
    {
      detection: 'checks-overdue',
      title: 'Checks are overdue',
      says: `${total === 1 ? 'One check is' : `${total} checks are`} overdue; the longest since ${String(
        rows.map((row) => new Date(row.earliest).toISOString()).sort()[0],
      ).slice(0, 10)}.`,
      why: 'Checks that are asked for and not done protect nobody, and are no evidence for the many who would pass them.',
      next: ['Give them to somebody who has the time, or take back what is not needed and say why.'],
      sources: ['ROLLCALL'],
      count: total,
      evidence: {
        columns: ['check', 'overdue', 'earliest due'],
        rows: rows.map((row) => [
          forms.get(row.form)?.title ?? row.form,
          row.count,
          new Date(row.earliest).toISOString().slice(0, 10),
        ]),
        total: rows.length,
      },
    },
  ];
}
