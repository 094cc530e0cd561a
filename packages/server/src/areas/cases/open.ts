/** Opening a case: with a reason, where it is set with two people's yes, and with the evidence frozen at once. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { and, eq, inArray, max, sql } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { may, type User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { caseMembers, casePeople, cases, caseTasks } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { freeze } from './freeze.js';
import type { CaseRow } from './members.js';
import { namesIn, rowOfHandle } from './names.js';
import { answerReopening, reopeningsAsked } from './reopen.js';
import { happened, peopleOf } from './scope.js';
import { tasksFor } from './tasks.js';
import * as words from './words.js';

export function openRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/cases',
      summary: 'Open a case, or ask for it where two people are needed',
      permission: 'cases.open',
      audit: 'case.open',
      body: words.openBody,
      answer: words.openedSchema,
    },
    async ({ body, user, db, note }, services) => {
      const two = await services.settings.twoToOpen();
      const { row, people, warnings } = await newCase(db, services, user, body, two ? 'asked' : 'open');
      if (!two) await begin(db, services, row, people);
      note(`case:${row.id}`, {
        number: row.number,
        state: row.state,
        about: row.about,
        people: people.map((person) => services.keys.handle(person)),
      });
      services.live.publish('cases');
      services.live.publish('today');
      return {
        id: row.id,
        number: row.number,
        state: two ? ('asked' as const) : ('open' as const),
        warnings,
      };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/wishes/{wish}',
      summary: 'Agree that a case is opened, or taken up again, or not',
      permission: 'cases.approve',
      audit: 'case.approve',
      params: z.object({ wish: z.string() }),
      body: words.answerWishBody,
      answer: words.doneSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const [row] = await db
        .select()
        .from(cases)
        .where(and(eq(cases.id, params.wish), inArray(cases.state, ['asked', 'closed'])))
        .for('update');
      const askedBy = row?.state === 'closed' ? (await reopeningsAsked(db, row.id))[0]?.by : row?.openedBy;
      if (!row || askedBy === undefined) throw notFound('the wish');
      if (askedBy === user.id)
        throw new Refusal(403, 'SECOND_PERSON', 'a second person says yes: not the one who asked');
      if (row.state === 'closed') await answerReopening(db, services, row, user.id, body);
      else await answerOpening(db, services, row, user.id, body);
      note(`case:${row.id}`, { yes: body.yes, ...(row.state === 'closed' ? { again: true } : {}) });
      for (const topic of ['cases', `case:${row.id}`, 'today', 'people']) services.live.publish(topic);
      return { done: true as const };
    },
  );
}

/** What the second person said of a case that waited for it. */
async function answerOpening(
  db: Db,
  services: Services,
  row: CaseRow,
  by: string,
  body: { yes: boolean; reason: string },
): Promise<void> {
  const at = services.now();
  await db
    .update(cases)
    .set({
      state: body.yes ? 'open' : 'refused',
      approvedBy: by,
      approvedAt: at,
      ...(body.yes ? {} : { outcome: body.reason, closedAt: at }),
    })
    .where(eq(cases.id, row.id));
  await happened(db, {
    case: row.id,
    by,
    at,
    kind: body.yes ? 'case.approved' : 'case.refused',
    says: body.reason,
  });
  if (body.yes) await begin(db, services, row, await peopleOf(db, row.id));
}

async function newCase(
  db: Db,
  services: Services,
  user: User,
  body: words.OpenBody,
  state: 'asked' | 'open',
): Promise<{ row: CaseRow; people: string[]; warnings: string[] }> {
  const snapshot = services.results.current();
  const rows = [...new Set(body.people)].map((handle) => rowOfHandle(services, handle));
  if (body.about === 'ring') {
    const ring = body.ring === undefined ? undefined : snapshot?.ring(body.ring);
    if (!ring) throw notFound('the ring');
    if (rows.length === 0) rows.push(...ring.members.flatMap((member) => snapshot?.row(member.id) ?? []));
  }
  if (body.about === 'person' && rows.length === 0)
    throw new Refusal(400, 'NOBODY', 'people: say whom the case is about');
  if (body.about === 'vendor' && !body.vendor)
    throw new Refusal(400, 'NO_VENDOR', 'vendor: say which vendor the case is about');
  const members = await checkMembers(services, user, body.members);
  const row: CaseRow = {
    ...blank,
    id: randomUUID(),
    number: await nextNumber(db),
    title: body.title,
    about: body.about,
    state,
    playbook: body.playbook,
    openedBy: user.id,
    openedAt: services.now(),
    reason: body.reason,
    origin: body.origin,
    ring: body.ring ?? null,
    vendor: body.vendor ?? null,
  };
  await db.insert(cases).values(row);
  await db.insert(caseMembers).values(
    [{ user: user.id, part: 'lead' as const }, ...members].map((member) => ({
      ...member,
      case: row.id,
      addedBy: user.id,
      addedAt: row.openedAt,
    })),
  );
  const people = rows.map((one) => one.id);
  if (people.length > 0)
    await db.insert(casePeople).values(
      people.map((person) => ({
        case: row.id,
        person,
        why: 'the case was opened on them',
        addedBy: user.id,
        addedAt: row.openedAt,
      })),
    );
  await happened(db, {
    case: row.id,
    by: user.id,
    at: row.openedAt,
    kind: state === 'asked' ? 'case.asked' : 'case.opened',
    says: body.reason,
  });
  const warnings: string[] = [];
  if (namesIn(body.title, rows))
    warnings.push(
      'The title seems to hold a name. It is shown in lists: change it to words that name nobody.',
    );
  if (state === 'asked' && namesIn(body.reason, rows))
    warnings.push(
      'The reason seems to hold a name; whoever agrees reads it, under pseudonyms where it is found.',
    );
  return { row, people, warnings };
}

const blank = {
  approvedBy: null,
  approvedAt: null,
  closedAt: null,
  outcome: null,
  mergedInto: null,
};

/** Numbers count up without gaps, also where two open a case at once. */
export async function nextNumber(db: Db): Promise<number> {
  // A number of its own: 7274702 is held by the server for as long as it has the database.
  await db.execute(sql`SELECT pg_advisory_xact_lock(7274703)`);
  const [row] = await db.select({ most: max(cases.number) }).from(cases);
  return (row?.most ?? 0) + 1;
}

/** Accounts that can have their part in a case. */
export async function checkMembers<P extends { user: string; part: string }>(
  services: Services,
  user: User,
  members: readonly P[],
): Promise<P[]> {
  if (members.length === 0) return [];
  const accounts = await services.accounts.list();
  const once = [...new Map(members.map((member) => [member.user, member])).values()];
  for (const member of once) {
    const account = accounts.find((one) => one.id === member.user && one.active);
    if (!account || !may(account.roles, 'cases.view'))
      throw new Refusal(400, 'NO_SUCH_MEMBER', 'members: no account of this name may work on cases');
    if (member.part === 'decider' && !may(account.roles, 'cases.decide'))
      throw new Refusal(
        400,
        'NOT_A_DECIDER',
        'members: a decider needs a role that may decide: HR or counsel',
      );
  }
  return once.filter((member) => member.user !== user.id);
}

/** What every open case begins with: frozen evidence, hypotheses, tasks. */
export async function begin(
  db: Db,
  services: Services,
  row: CaseRow,
  people: readonly string[],
): Promise<void> {
  for (const person of people) await put(db, services, row.openedBy, row.id, person);
  await db.insert(caseTasks).values(await tasksFor(services, row));
}

/** Freezes the evidence on a person of a case, with its hash in the audit log. */
export async function put(
  db: Db,
  services: Services,
  by: string,
  caseId: string,
  person: string,
): Promise<void> {
  const frozen = await freeze(db, services, { id: by }, caseId, person);
  if (frozen && !frozen.again)
    await services.audit.append(db, {
      actor: by,
      action: 'case.freeze',
      subject: `case:${caseId}`,
      detail: { person: services.keys.handle(person), frozen: frozen.id, sha256: frozen.sha256 },
    });
}
