import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Exposure } from '@rollcall/engine/model/result.js';
import { desc, eq } from 'drizzle-orm';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { trainingAttempts, trainingSessions } from '../../store/schema.js';
import type { Area } from '../area.js';
import { type Course, countsUntil, courses, isFor, shuffled, target } from './courses.js';
import {
  answersSchema,
  coursePageSchema,
  courseSchema,
  overviewSchema,
  resultSchema,
  sessionSchema,
} from './words.js';

const moduleParam = z.object({ module: z.string() });

async function course(id: string, services: Services): Promise<Course> {
  const found = (await courses(services.content.folder)).find((one) => one.id === id);
  if (!found) throw notFound('the course');
  return found;
}

/** The last time each account passed each course, as `USER MODULE`. */
async function passes(services: Services): Promise<Map<string, Date>> {
  const rows = await services.store.db
    .select({ user: trainingAttempts.user, module: trainingAttempts.module, at: trainingAttempts.at })
    .from(trainingAttempts)
    .where(eq(trainingAttempts.passed, true))
    .orderBy(trainingAttempts.at);
  return new Map(rows.map((row) => [`${row.user} ${row.module}`, row.at]));
}

/** Until when a course counts for somebody; absent where it was never passed or is over. */
function doneUntil(
  one: Course,
  user: string,
  done: ReadonlyMap<string, Date>,
  now: Date,
): { doneUntil?: string } {
  const at = done.get(`${user} ${one.id}`);
  const until = at && countsUntil(one, at);
  return until && until > now ? { doneUntil: until.toISOString() } : {};
}

async function listFor(user: User, services: Services) {
  const done = await passes(services);
  const attempts = await services.store.db
    .select()
    .from(trainingAttempts)
    .where(eq(trainingAttempts.user, user.id))
    .orderBy(desc(trainingAttempts.at));
  return (await courses(services.content.folder)).map((one) => {
    const last = attempts.find((attempt) => attempt.module === one.id);
    return {
      id: one.id,
      title: one.title,
      for: [...one.for],
      minutes: one.minutes,
      why: one.why,
      mine: isFor(one, user.roles),
      tasks: one.tasks.length,
      ...doneUntil(one, user.id, done, services.now()),
      ...(last ? { lastAt: last.at.toISOString(), lastRight: last.right } : {}),
    };
  });
}

/** Who has done what, of all accounts. */
async function overview(services: Services) {
  const done = await passes(services);
  const list = await courses(services.content.folder);
  const accounts = (await services.accounts.list())
    .filter((account) => account.active)
    .map((account) => ({
      name: account.name,
      roles: [...account.roles],
      courses: list
        .filter((one) => isFor(one, account.roles))
        .map((one) => ({
          module: one.id,
          title: one.title,
          ...doneUntil(one, account.id, done, services.now()),
        })),
    }));
  const required = accounts.flatMap((account) => account.courses);
  const share = required.length === 0 ? 1 : required.filter((one) => one.doneUntil).length / required.length;
  return { share, target, accounts };
}

/** Training that is not done lets the scheme in; it says nothing about anybody. */
async function undone(services: Services): Promise<Exposure[]> {
  const { share, accounts } = await overview(services);
  const missing = accounts.filter((account) => account.courses.some((one) => !one.doneUntil));
  if (share >= target || missing.length === 0) return [];
  return [
    {
      detection: 'console-training',
      title: 'Training is not done',
      says: `${missing.length} of ${accounts.length} people with an account have not done the training their work asks for (${Math.round(share * 100)} % of the courses are done; ${target * 100} % is the aim).`,
      why: 'Most of what keeps a borrowed identity out is done by people who hire, ship, pay and help, the same way for everybody.',
      next: ['Ask those listed under Training to do their courses; each takes ten minutes at most.'],
      sources: ['FBI-PSA-2025-01'],
      count: missing.length,
      evidence: {
        columns: ['work', 'accounts', 'with courses to do'],
        rows: [...new Set(accounts.flatMap((account) => account.roles))]
          .sort()
          .map((role) => [
            role,
            accounts.filter((account) => account.roles.includes(role)).length,
            missing.filter((account) => account.roles.includes(role)).length,
          ]),
        total: missing.length,
      },
    },
  ];
}

export const area: Area = {
  name: 'training',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/training',
        summary: 'The courses, and which are yours to do',
        permission: 'training.view',
        answer: z.object({ courses: z.array(courseSchema) }),
      },
      async ({ user }, services) => ({ courses: await listFor(user, services) }),
    );
    router.add(
      {
        method: 'get',
        path: '/training/overview',
        summary: 'Who has done which course',
        permission: 'training.overview',
        answer: overviewSchema,
      },
      async (_asked, services) => {
        const list = await courses(services.content.folder);
        const names = new Map((await services.accounts.list()).map((account) => [account.id, account.name]));
        const held = await services.store.db
          .select()
          .from(trainingSessions)
          .orderBy(desc(trainingSessions.heldOn), trainingSessions.id);
        return {
          ...(await overview(services)),
          sessions: held.map((session) => ({
            module: session.module,
            title: list.find((one) => one.id === session.module)?.title ?? session.module,
            group: session.group,
            attended: session.attended,
            invited: session.invited,
            heldOn: session.heldOn,
            recordedBy: names.get(session.recordedBy) ?? 'an account that is gone',
          })),
        };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/training/{module}',
        summary: 'One course: what it says, and what it asks',
        permission: 'training.view',
        params: moduleParam,
        answer: coursePageSchema,
      },
      async ({ params, user }, services) => {
        const one = await course(params.module, services);
        const [entry] = (await listFor(user, services)).filter((other) => other.id === one.id);
        if (!entry) throw notFound('the course');
        return {
          ...entry,
          sources: one.sources,
          passesAt: one.passes_at,
          parts: one.parts,
          asked: one.tasks.map((task, index) => ({
            situation: task.situation,
            ask: task.ask,
            choices: shuffled(task.choices, user, one, index).map(({ choice, of }) => ({
              choice,
              says: of.says,
            })),
          })),
        };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/training/{module}/answers',
        summary: 'Hands in the answers of a course',
        permission: 'training.view',
        audit: 'training.answer',
        params: moduleParam,
        body: answersSchema,
        answer: resultSchema,
      },
      async ({ params, body, user, db, note }, services) => {
        const one = await course(params.module, services);
        if (
          body.answers.length !== one.tasks.length ||
          one.tasks.some((task, index) => (body.answers[index] as number) >= task.choices.length)
        )
          throw new Refusal(422, 'ANSWERS_MISSING', `answer each of the ${one.tasks.length} tasks`);
        const answers = one.tasks.map((task, index) => {
          const chosen = task.choices[body.answers[index] as number];
          const better = task.choices.find((choice) => choice.right);
          return {
            right: chosen?.right ?? false,
            because: chosen?.because ?? '',
            ...(chosen?.right || !better ? {} : { better: `${better.says} ${better.because}` }),
          };
        });
        const right = answers.filter((answer) => answer.right).length;
        const passed = right / one.tasks.length >= one.passes_at;
        await db.insert(trainingAttempts).values({
          id: randomUUID(),
          user: user.id,
          module: one.id,
          version: one.version,
          answers: body.answers,
          right,
          tasks: one.tasks.length,
          passed,
          at: services.now(),
        });
        note(`training:${one.id}`, { passed });
        services.live.publish('training');
        return { passed, right, tasks: one.tasks.length, answers };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/training/{module}/sessions',
        summary: 'Records a course held for colleagues without an account',
        permission: 'checks.plan',
        audit: 'training.session',
        params: moduleParam,
        body: sessionSchema,
        answer: z.object({ id: z.string() }),
      },
      async ({ params, body, user, db, note }, services) => {
        const one = await course(params.module, services);
        if (body.attended > body.invited)
          throw new Refusal(
            422,
            'COUNTS_DIFFER',
            'more came than were invited: count those who were invited again',
          );
        if (body.heldOn > services.now().toISOString().slice(0, 10))
          throw new Refusal(422, 'DAY_AHEAD', 'the day is still to come: record it when it was held');
        const id = randomUUID();
        await db.insert(trainingSessions).values({
          id,
          module: one.id,
          group: body.group,
          attended: body.attended,
          invited: body.invited,
          heldOn: body.heldOn,
          recordedBy: user.id,
          recordedAt: services.now(),
        });
        note(`training:${one.id}`, { attended: body.attended, invited: body.invited });
        services.live.publish('training');
        return { id };
      },
    );
  },
  exposures: undone,
  async waiting(user, services) {
    return (await listFor(user, services))
      .filter((one) => one.mine && !one.doneUntil)
      .map((one) => ({
        kind: 'training',
        id: `training ${one.id}`,
        title: `Do the course “${one.title}”`,
        why: `Your work asks for it; it takes about ${one.minutes} minutes${one.lastAt ? ', and the last try did not pass or is over' : ''}.`,
        to: `#/module/${one.id}`,
        rank: 3,
      }));
  },
};
