/** The tasks of a case: those of its playbook, and those that its members add. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Playbook } from '@rollcall/engine/content/playbooks.js';
import { eq, max } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { Services } from '../../model/services.js';
import { caseTasks } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { playbooksOf } from '../playbooks.js';
import { change, changed, done, ofCase, pieceOf } from './common.js';
import { type CaseRow, caseFor, isNarrow, membersOf } from './members.js';
import { oneOf } from './names.js';
import { happened, held, peopleOf, sourcesOf } from './scope.js';
import { sweepMustBeDone } from './sweep.js';
import * as words from './words.js';

export function taskRoutes(router: Router): void {
  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/tasks',
      summary: 'Add a task',
      audit: 'case.task-add',
      params: ofCase,
      body: words.taskBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      if (body.assignee) await isMember(db, row.id, body.assignee);
      const id = randomUUID();
      await db.insert(caseTasks).values({
        id,
        case: row.id,
        person: body.person ? oneOf(services, await peopleOf(db, row.id), body.person) : null,
        step: '',
        position: (await lastPosition(db, row.id)) + 1,
        title: body.title,
        say: body.say,
        done: '',
        role: body.role ?? null,
        after: [],
        assignee: body.assignee ?? null,
        dueAt: body.due ? endOf(body.due) : null,
        state: 'open',
        by: user.id,
        at: services.now(),
      });
      note(`case:${row.id}`);
      changed(services, row.id);
      services.live.publish('today');
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'patch',
      path: '/cases/{case}/tasks/{task}',
      summary: 'Give a task to somebody, or say that it is done or left out',
      audit: 'case.task-change',
      params: ofCase.extend({ task: z.string() }),
      body: words.taskChangeBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { narrow: true });
      const task = await pieceOf(db, row, caseTasks, params.task, 'the task');
      const narrow = isNarrow(user);
      if (narrow && !isTheirs(task, user)) throw notFound('the task');
      if (narrow && (body.assignee !== undefined || body.due !== undefined || body.state === 'left out'))
        throw new Refusal(403, 'TASKS_ONLY', 'you can say that your task is done, and what came of it');
      if (body.assignee) await isMember(db, row.id, body.assignee);
      if (body.state === 'left out' && (body.note ?? '').length < 5)
        throw new Refusal(400, 'REASON_NEEDED', 'note: say why it is left out');
      if (body.state === 'done') {
        const tasks = await held(db, caseTasks, await sourcesOf(db, row.id));
        const earlier = waitsFor(task, tasks);
        if (earlier.length > 0)
          throw new Refusal(409, 'NOT_YET', `first: ${earlier.map((one) => `“${one.title}”`).join(', ')}`);
        if (task.step === 'sweep' && !narrow) await sweepMustBeDone(db, services, row);
      }
      const ended = body.state === 'done' || body.state === 'left out';
      await db
        .update(caseTasks)
        .set({
          ...(body.assignee === undefined ? {} : { assignee: body.assignee || null }),
          ...(body.due === undefined ? {} : { dueAt: body.due ? endOf(body.due) : null }),
          ...(body.note === undefined ? {} : { note: body.note || null }),
          ...(body.state === undefined
            ? {}
            : {
                state: body.state,
                doneBy: ended ? user.id : null,
                doneAt: ended ? services.now() : null,
              }),
        })
        .where(eq(caseTasks.id, task.id));
      if (body.state)
        await happened(db, {
          case: row.id,
          by: user.id,
          at: services.now(),
          kind: 'task.changed',
          says: `“${task.title}” is ${body.state}${body.note ? `: ${body.note}` : ''}`,
          ...(task.person ? { person: task.person } : {}),
        });
      note(`case:${row.id}`, { task: task.id, ...(body.state ? { state: body.state } : {}) });
      changed(services, row.id);
      services.live.publish('today');
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/playbooks/{playbook}',
      summary: 'Put the steps of a playbook among the tasks, those that are not there yet',
      audit: 'case.playbook',
      params: ofCase.extend({ playbook: z.string() }),
      answer: words.playbookAddedSchema,
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const { playbooks } = await playbooksOf(services);
      const playbook = playbooks.find((one) => one.id === params.playbook);
      if (!playbook) throw notFound('the playbook');
      if (!playbook.for.some((kind) => kind === 'any' || kind === row.playbook))
        throw new Refusal(
          409,
          'PLAYBOOK_NOT_FOR_THIS',
          `this playbook is for other cases (${playbook.for.join(', ')}); this one follows the steps for: ${row.playbook}`,
        );
      const there = new Set(
        (await held(db, caseTasks, await sourcesOf(db, row.id))).map((task) => task.step),
      );
      const steps = stepsOf(playbook);
      const missing = steps.filter(({ step }) => !there.has(step));
      const last = await lastPosition(db, row.id);
      if (missing.length > 0)
        await db.insert(caseTasks).values(
          missing.map((step, index) => ({
            ...step,
            id: randomUUID(),
            case: row.id,
            position: last + 1 + index,
            state: 'open' as const,
            by: user.id,
            at: services.now(),
          })),
        );
      const answer = { added: missing.length, there: steps.length - missing.length };
      note(`case:${row.id}`, { playbook: playbook.id, ...answer });
      changed(services, row.id);
      services.live.publish('today');
      return answer;
    },
  );
}

type TaskRow = typeof caseTasks.$inferSelect;

/**
 * Tasks before this one that are still open, among those that its case shows: the steps of its own case; where that does
 * not hold one, the same step of a case that became part of it.
 */
export function waitsFor(task: TaskRow, tasks: readonly TaskRow[]): TaskRow[] {
  const own = (step: string) => tasks.some((one) => one.case === task.case && one.step === step);
  return tasks.filter(
    (one) =>
      one.state === 'open' &&
      task.after.includes(one.step) &&
      one.id !== task.id &&
      (one.case === task.case || !own(one.step)),
  );
}

/** Whether a task is for somebody: theirs by name, or by role where nobody is named. */
export function isTheirs(
  task: Pick<TaskRow, 'assignee' | 'role'>,
  user: { id: string; roles: readonly string[] },
): boolean {
  return task.assignee === null
    ? task.role !== null && user.roles.includes(task.role)
    : task.assignee === user.id;
}

const endOf = (day: string) => new Date(`${day}T23:59:59.000Z`);

async function isMember(db: Db, id: string, user: string): Promise<void> {
  if (!(await membersOf(db, id)).some((one) => one.user === user))
    throw new Refusal(400, 'NOT_A_MEMBER', 'assignee: give tasks to members of the case');
}

/** The place of the last task of a case. */
async function lastPosition(db: Db, id: string): Promise<number> {
  const [last] = await db
    .select({ most: max(caseTasks.position) })
    .from(caseTasks)
    .where(eq(caseTasks.case, id));
  return last?.most ?? 0;
}

type Step = Pick<typeof caseTasks.$inferInsert, 'step' | 'title' | 'say' | 'done' | 'role' | 'after'>;

/**
 * The steps of a playbook as tasks. The sweep is one task of every case; a step that asks for it gives it its words and
 * its place.
 */
function stepsOf(playbook: Playbook): Step[] {
  const sweep = playbook.steps.find((step) => step.controls.includes('C30'));
  const key = (step: string) => (step === sweep?.id ? 'sweep' : `${playbook.id}/${step}`);
  return playbook.steps.map(({ id, title, say, done, role, after }) => ({
    step: key(id),
    title,
    say,
    done,
    role,
    after: after.map(key),
  }));
}

/** The tasks a case begins with. */
export async function tasksFor(services: Services, row: CaseRow): Promise<(typeof caseTasks.$inferInsert)[]> {
  const { playbooks } = await playbooksOf(services);
  const playbook = playbooks.find((one) => one.id === row.playbook);
  const steps = playbook ? stepsOf(playbook) : [];
  if (!steps.some(({ step }) => step === 'sweep'))
    steps.push({
      step: 'sweep',
      title: 'Look at everybody linked to the people of this case',
      say: 'Whoever shares a value, a ring, wording, a manager or a vendor with them is put in, or set aside with a reason.',
      done: 'nobody is left undecided',
      role: 'analyst',
      after: [],
    });
  return steps.map((step, position) => ({
    ...step,
    id: randomUUID(),
    case: row.id,
    position,
    state: 'open' as const,
    by: row.openedBy,
    at: services.now(),
  }));
}
