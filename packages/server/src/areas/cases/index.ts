/** Cases: inquiries run by named people, who decide and say why. */
import { addExplanation, clearPerson } from '@rollcall/engine/links/index.js';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { may, type User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import {
  caseCorrections,
  caseDecisions,
  caseDisputes,
  caseItems,
  caseMembers,
  caseMerges,
  cases,
  caseTasks,
} from '../../store/schema.js';
import type { Area, Waiting } from '../area.js';
import { decideRoutes } from './decide.js';
import { evidenceRoutes } from './evidence.js';
import type { FindingData } from './freeze.js';
import { joinRoutes } from './join.js';
import { reasonOf } from './joined.js';
import { letterRoutes } from './letters.js';
import { listRoutes, wishesFor } from './list.js';
import { isNarrow } from './members.js';
import { openRoutes } from './open.js';
import { reopenRoutes } from './reopen.js';
import { isTheirs, taskRoutes, waitsFor } from './tasks.js';
import { viewRoutes } from './view.js';
import { workRoutes } from './work.js';

export const area: Area = {
  name: 'cases',
  routes(router) {
    openRoutes(router);
    listRoutes(router);
    viewRoutes(router);
    workRoutes(router);
    taskRoutes(router);
    evidenceRoutes(router);
    decideRoutes(router);
    reopenRoutes(router);
    joinRoutes(router);
    letterRoutes(router);
  },
  work: {
    'cases.cleared': async ({ decision }, services) => clearOf(String(decision), services),
    'cases.correction': async ({ correction }, services) => recordCorrectionOf(String(correction), services),
  },
  waiting,
};

/** A cleared person is cleared everywhere: what was found up to that day no longer counts. */
async function clearOf(id: string, services: Services): Promise<void> {
  const [found] = await services.store.db
    .select({ decision: caseDecisions, number: cases.number })
    .from(caseDecisions)
    .innerJoin(cases, eq(cases.id, caseDecisions.case))
    .where(eq(caseDecisions.id, id));
  if (found?.decision.what !== 'cleared') return;
  const { decision, number } = found;
  await clearPerson(services.lake, decision.person, {
    by: decision.by,
    reason: `cleared in case ${number}`,
    day: decision.at.toISOString().slice(0, 10),
    now: services.now(),
  });
  await services.intake.wake('somebody was cleared');
}

/** What a wrong record led to no longer counts: an explanation for this finding, up to the day it was seen last. */
async function recordCorrectionOf(id: string, services: Services): Promise<void> {
  const [found] = await services.store.db
    .select({ correction: caseCorrections, data: caseItems.data, number: cases.number })
    .from(caseCorrections)
    .innerJoin(caseItems, eq(caseItems.id, caseCorrections.item))
    .innerJoin(cases, eq(cases.id, caseCorrections.case))
    .where(eq(caseCorrections.id, id));
  if (!found) return;
  const { detection, last } = found.data as FindingData;
  try {
    await addExplanation(
      services.lake,
      {
        kind: 'inquiry',
        people: [found.correction.person],
        detections: [detection],
        to: (last || services.now().toISOString()).slice(0, 10),
      },
      {
        by: found.correction.by,
        reason: `a record was wrong, as found in case ${found.number}`,
        now: services.now(),
      },
    );
  } catch (error) {
    // Said twice, after a kill: it is on record.
    if (!(error instanceof Error && /on record already/.test(error.message))) throw error;
  }
  await services.intake.wake('a record was corrected');
}

async function waiting(user: User, services: Services): Promise<Waiting[]> {
  const { db } = services.store;
  const now = services.now();
  const list: Waiting[] = [];
  if (may(user.roles, 'cases.approve'))
    for (const wish of await wishesFor(db, services, user)) {
      if (wish.own) continue;
      list.push({
        kind: 'approval',
        id: `wish-${wish.id}`,
        title: `Say whether ${wish.again ? `case ${wish.number} may be taken up again` : 'a case may be opened'}${wish.people.length > 0 ? ` on ${wish.people.slice(0, 3).join(', ')}` : ''}`,
        why: `${wish.askedBy} asks: ${wish.reason}`,
        to: `#/cases?wish=${wish.id}`,
        rank: 1,
      });
    }
  if (!may(user.roles, 'cases.view')) return list;
  const mine = await db
    .select({ row: cases, part: caseMembers.part })
    .from(cases)
    .innerJoin(caseMembers, and(eq(caseMembers.case, cases.id), eq(caseMembers.user, user.id)))
    .where(inArray(cases.state, ['open', 'closed']));
  const open = mine.filter(({ row }) => row.state === 'open');
  const numbers = new Map(mine.map(({ row }) => [row.id, row.number]));
  if (mine.length === 0) return list;
  const ids = open.map(({ row }) => row.id);
  const tasks = ids.length ? await db.select().from(caseTasks).where(inArray(caseTasks.case, ids)) : [];
  for (const task of tasks) {
    if (task.state !== 'open' || !isTheirs(task, user)) continue;
    if (
      waitsFor(
        task,
        tasks.filter((one) => one.case === task.case),
      ).length > 0
    )
      continue;
    const late = task.dueAt !== null && task.dueAt < now;
    const soon = task.dueAt !== null && task.dueAt.getTime() - now.getTime() < 86_400_000;
    list.push({
      kind: 'case',
      id: `task-${task.id}`,
      title: task.title,
      why: `Your task in case ${numbers.get(task.case)}${task.assignee ? '' : `, as ${task.role}`}.`,
      to: `#/case/${task.case}?part=tasks`,
      ...(task.dueAt ? { due: task.dueAt.toISOString() } : {}),
      rank: late || soon ? 1 : 2,
    });
  }
  if (isNarrow(user)) return list;
  const disputes = await db
    .select()
    .from(caseDisputes)
    .where(
      and(
        inArray(
          caseDisputes.case,
          mine.map(({ row }) => row.id),
        ),
        isNull(caseDisputes.answer),
      ),
    );
  for (const dispute of disputes)
    list.push({
      kind: 'dispute',
      id: `dispute-${dispute.id}`,
      title: `Answer the dispute in case ${numbers.get(dispute.case)}`,
      why: 'The person says that something is wrong. No step is recorded against them until it is answered.',
      to: `#/case/${dispute.case}?part=letters`,
      rank: 1,
    });
  const leads = open.filter(({ part }) => part === 'lead').map(({ row }) => row.number);
  if (leads.length > 0) {
    const merges = await db
      .select({ merge: caseMerges, number: cases.number })
      .from(caseMerges)
      .innerJoin(cases, and(eq(cases.id, caseMerges.from), eq(cases.state, 'open')))
      .where(and(inArray(caseMerges.into, leads), eq(caseMerges.state, 'asked')));
    for (const { merge, number } of merges) {
      const into = open.find(({ row }) => row.number === merge.into);
      list.push({
        kind: 'case',
        id: `merge-${merge.id}`,
        title: `Say whether case ${number} becomes part of your case ${merge.into}`,
        why: await reasonOf(db, services, user, merge),
        to: `#/case/${into?.row.id ?? ''}?part=history`,
        rank: 2,
      });
    }
  }
  return list;
}
