import { z } from '@hono/zod-openapi';
import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import { notFound } from '../../model/refusal.js';
import { may, type User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import { caseMembers, casePeople, cases, checks } from '../../store/schema.js';
import type { Area } from '../area.js';
import { namedIn, partOfPerson, withColleagues } from './part.js';
import { prepare, selectPeople } from './select.js';
import { filterSchema, listQuery, listSchema, type PersonLine, personSchema } from './words.js';

const pageSize = 100;
const none = { urgent: 0, review: 0, watch: 0, clear: 0 };

export const area: Area = {
  name: 'people',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/people',
        summary: 'Everybody on record, under pseudonyms, 100 a page',
        permission: 'people.view',
        query: listQuery,
        answer: listSchema,
      },
      async ({ query, user }, services) => {
        const snapshot = services.results.current();
        if (!snapshot)
          return {
            everybody: 0,
            total: 0,
            page: 1,
            size: pageSize,
            bands: none,
            choices: { stage: [], engagement: [], department: [], vendor: [] },
            people: [],
          };
        const open = await services.sight.open(user);
        const { places, bands } = selectPeople(snapshot, query, open);
        const last = Math.max(1, Math.ceil(places.length / pageSize));
        const page = Math.min(last, query.page ?? 1);
        const shown = places.subarray((page - 1) * pageSize, page * pageSize);
        return {
          asOf: snapshot.asOf,
          finishedAt: snapshot.finishedAt,
          everybody: snapshot.people.length,
          total: places.length,
          page,
          size: pageSize,
          bands,
          choices: prepare(snapshot).choices,
          people: Array.from(shown, (place) => lineOf(snapshot.people[place] as PersonRow, open, services)),
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/people/{person}',
        summary: 'Everything about one person, veiled where it is not theirs to see who it is',
        permission: 'people.view',
        audit: 'person.view',
        params: z.object({ person: z.string().max(40) }),
        query: z.object({ list: z.string().max(2000).optional() }),
        answer: personSchema,
      },
      async ({ params, query, user, note }, services) => {
        const snapshot = services.results.current();
        const row = snapshot?.row(params.person);
        // Ids of the company's systems are no addresses here: whoever knows one would learn the pseudonym of it.
        if (!snapshot || !row || row.handle !== params.person) throw notFound('the person');
        const open = await services.sight.open(user);
        const sight = open.has(row.id) ? ('open' as const) : ('veiled' as const);
        note(`person:${row.handle}`, { sight });
        const person = await snapshot.person(row.id);
        const part = partOfPerson(snapshot, row.id, person);
        const veiled = await services.sight.veil(
          user,
          { result: part, elsewhere: { people: namedIn(part, snapshot) } },
          [row.id],
        );
        const list = filterSchema.safeParse(Object.fromEntries(new URLSearchParams(query.list ?? '')));
        const { places } = selectPeople(snapshot, list.success ? list.data : {}, open);
        const at = places.indexOf(prepare(snapshot).places.get(row.id) ?? -1);
        const neighbour = (place: number) => {
          const other = places[place];
          return other === undefined ? undefined : snapshot.people[other]?.handle;
        };
        const before = at > 0 ? neighbour(at - 1) : undefined;
        const after = at >= 0 ? neighbour(at + 1) : undefined;
        return {
          result: await withColleagues(veiled.result, services),
          line: lineOf(row, open, services),
          elsewhere: {
            people: veiled.elsewhere.people,
            ...(at >= 0 ? { at: at + 1 } : {}),
            of: places.length,
            ...(before ? { before } : {}),
            ...(after ? { after } : {}),
          },
          console: {
            sight,
            pseudonym: services.sight.pseudonym(row.id),
            ...(await standing(user, row, sight, services)),
          },
        };
      },
    );
  },
};

/** A line of a list. What was found is said by its title, which is the same for everybody. */
export function lineOf(row: PersonRow, open: ReadonlySet<string>, services: Services): PersonLine {
  const isOpen = open.has(row.id);
  return {
    id: row.handle,
    name: services.sight.called(row, isOpen),
    open: isOpen,
    stage: row.stage,
    engagement: row.engagement,
    ...(row.title === undefined ? {} : { title: row.title }),
    ...(row.department === undefined ? {} : { department: row.department }),
    ...(row.vendor === undefined ? {} : { vendor: row.vendor }),
    ...(row.remote === undefined ? {} : { remote: row.remote }),
    band: row.band,
    bits: row.bits,
    facets: row.facets,
    signals: row.signals,
    ...(row.ring === undefined ? {} : { ring: row.ring }),
    ...(row.finding === undefined ? {} : { finding: row.finding }),
  };
}

/** What people do about somebody already, as far as it is this one's to know, and what they could do next. */
async function standing(user: User, row: PersonRow, sight: 'open' | 'veiled', services: Services) {
  const { db } = services.store;
  const mine = await db
    .select({ id: cases.id, number: cases.number, title: cases.title, state: cases.state })
    .from(cases)
    .innerJoin(caseMembers, and(eq(caseMembers.case, cases.id), eq(caseMembers.user, user.id)))
    .innerJoin(casePeople, and(eq(casePeople.case, cases.id), eq(casePeople.person, row.id)))
    .where(inArray(cases.state, ['open', 'closed']))
    .orderBy(desc(cases.number));
  const asked = await db
    .select({ id: cases.id, number: cases.number, openedAt: cases.openedAt })
    .from(cases)
    .innerJoin(casePeople, and(eq(casePeople.case, cases.id), eq(casePeople.person, row.id)))
    .where(and(eq(cases.state, 'asked'), eq(cases.openedBy, user.id)));
  const isMine = (check: { assignee: string | null; role: string | null }) =>
    check.assignee === user.id || (check.assignee === null && user.roles.some((role) => role === check.role));
  const all = may(user.roles, 'checks.view')
    ? await db
        .select()
        .from(checks)
        .where(and(eq(checks.person, row.id), inArray(checks.state, ['asked', 'done', 'excused'])))
        .orderBy(asc(checks.dueAt))
        .limit(100)
    : [];
  // A check of a case is its members' business, and of whoever does it.
  const todo = all.filter(
    (check) => check.case === null || isMine(check) || mine.some((one) => one.id === check.case),
  );
  const because =
    sight === 'veiled'
      ? undefined
      : mine.some((one) => one.state === 'open')
        ? ('case' as const)
        : todo.some((one) => one.state === 'asked' && isMine(one))
          ? ('check' as const)
          : ('applicant' as const);
  const colleagues = may(user.roles, 'cases.open')
    ? (await services.accounts.list())
        .filter((one) => one.active && one.id !== user.id && may(one.roles, 'cases.view'))
        .map(({ id, name, roles }) => ({ id, name, roles: [...roles] }))
    : [];
  const playbook =
    row.stage === 'applicant' || row.stage === 'offer'
      ? ('applicant' as const)
      : row.engagement === 'contractor'
        ? ('contractor' as const)
        : row.engagement === 'vendor' || row.vendor
          ? ('vendor' as const)
          : ('employee' as const);
  return {
    ...(because ? { because } : {}),
    cases: mine,
    asked: asked.map((one) => ({ ...one, openedAt: one.openedAt.toISOString() })),
    checks: todo.map((check) => ({
      id: check.id,
      form: check.form,
      state: check.state,
      dueAt: check.dueAt.toISOString(),
      ...(check.outcome ? { outcome: check.outcome } : {}),
      ...(check.doneAt ? { doneAt: check.doneAt.toISOString() } : {}),
      ...(check.role ? { role: check.role } : {}),
      mine: isMine(check),
    })),
    twoToOpen: await services.settings.twoToOpen(),
    playbook,
    colleagues,
  };
}
