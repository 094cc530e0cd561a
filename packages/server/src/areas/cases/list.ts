/** Cases one is a member of, wishes that wait for one, and who could be a member. */
import { and, eq } from 'drizzle-orm';
import { ownRows } from '../../access/own-matter.js';
import type { Router } from '../../api/router.js';
import { may, type User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { caseDecisions, caseDisputes, caseMembers, cases, caseTasks } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { ofCase } from './common.js';
import { type CaseRow, isNarrow, type Part } from './members.js';
import { type Namer, namesFor } from './names.js';
import { reopeningsAsked } from './reopen.js';
import { held, peopleOf, sourcesOf } from './scope.js';
import { isTheirs } from './tasks.js';
import * as words from './words.js';

export function listRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/cases',
      summary: 'Cases one is a member of, and those that wait for one’s yes',
      permission: 'cases.view',
      audit: 'case.list',
      answer: words.casesSchema,
    },
    async ({ user, db }, services) => listFor(db, services, user),
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/colleagues',
      summary: 'Who could be a member of the case',
      permission: 'cases.work',
      needs: 'case',
      params: ofCase,
      answer: words.colleaguesSchema,
    },
    async (_, services) => colleagues(services),
  );

  router.add(
    {
      method: 'get',
      path: '/case-colleagues',
      summary: 'Who could be a member of a case that is to be opened',
      permission: 'cases.open',
      answer: words.colleaguesSchema,
    },
    async (_, services) => colleagues(services),
  );
}

async function colleagues(services: Services): Promise<words.Colleagues> {
  return {
    colleagues: (await services.accounts.list())
      .filter((account) => account.active && may(account.roles, 'cases.view'))
      .map(({ id, name, roles }) => ({ id, name, roles: [...roles] })),
  };
}

async function listFor(db: Db, services: Services, user: User): Promise<words.Cases> {
  const mine = await db
    .select({ row: cases, part: caseMembers.part })
    .from(cases)
    .innerJoin(caseMembers, and(eq(caseMembers.case, cases.id), eq(caseMembers.user, user.id)));
  const named = await namesFor(user, services);
  const lines = await Promise.all(mine.map((one) => lineOf(db, user, one.row, one.part, named)));
  const order = { asked: 1, open: 0, closed: 2, merged: 3, refused: 3 } as const;
  lines.sort(
    (a, b) =>
      order[a.state] - order[b.state] || (a.due ?? '9').localeCompare(b.due ?? '9') || b.number - a.number,
  );
  return {
    cases: lines,
    wishes: may(user.roles, 'cases.approve') ? await wishesFor(db, services, user) : [],
    twoToOpen: await services.settings.twoToOpen(),
  };
}

async function lineOf(db: Db, user: User, row: CaseRow, part: Part, named: Namer): Promise<words.CaseLine> {
  const sources = await sourcesOf(db, row.id);
  const people = await peopleOf(db, row.id);
  const tasks = (await held(db, caseTasks, sources)).filter(
    (task) => task.state === 'open' && (!isNarrow(user) || isTheirs(task, user)),
  );
  const due = tasks.flatMap((task) => (task.dueAt ? [task.dueAt.toISOString()] : [])).sort()[0];
  const decisions = isNarrow(user) ? [] : await held(db, caseDecisions, sources);
  const disputes = isNarrow(user) ? [] : await held(db, caseDisputes, sources);
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    about: row.about,
    state: row.state,
    playbook: row.playbook,
    part,
    openedAt: row.openedAt.toISOString(),
    ...(row.closedAt ? { closedAt: row.closedAt.toISOString() } : {}),
    people: people.map(named),
    verdicts: lastVerdicts(decisions).map((one) => one.what),
    tasksOpen: tasks.length,
    ...(due ? { due } : {}),
    disputes: disputes.filter((one) => one.answer === null).length,
  };
}

/** The last verdict on each person. */
export function lastVerdicts<
  D extends Pick<typeof caseDecisions.$inferSelect, 'person' | 'kind' | 'what' | 'at'>,
>(decisions: readonly D[]): D[] {
  const last = new Map<string, D>();
  for (const one of decisions) {
    const known = last.get(one.person);
    if (one.kind === 'verdict' && (!known || known.at < one.at)) last.set(one.person, one);
  }
  return [...last.values()];
}

/** Wishes to open a case, or to take one up again: pseudonyms and the reason, nothing else. */
export async function wishesFor(db: Db, services: Services, user: User): Promise<words.Wish[]> {
  const asked = await db.select().from(cases).where(eq(cases.state, 'asked'));
  const accounts = new Map((await services.accounts.list()).map((one) => [one.id, one.name]));
  const wishes = [
    ...asked.map((row) => ({ row, by: row.openedBy, at: row.openedAt, reason: row.reason, again: false })),
    ...(await reopeningsAsked(db)).map((one) => ({ ...one, again: true })),
  ];
  const own = (await ownRows(user, services)).map((one) => one.id);
  const told = await Promise.all(
    wishes.map(async ({ row, by, at, again, ...wish }) => {
      const people = await peopleOf(db, row.id);
      // Nobody is told that a case on themself is wished for.
      if (people.some((person) => own.includes(person))) return [];
      const { reason } = await services.sight.veil(user, { reason: wish.reason }, people);
      return [
        {
          id: row.id,
          number: row.number,
          about: row.about,
          again,
          people: people.map((person) => services.sight.pseudonym(person)),
          reason,
          playbook: row.playbook,
          askedBy: accounts.get(by) ?? 'a colleague',
          askedAt: at.toISOString(),
          own: by === user.id,
        },
      ];
    }),
  );
  return told.flat();
}
