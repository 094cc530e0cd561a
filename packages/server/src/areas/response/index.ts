/** What is done once somebody is looked into: what they could reach, closing it, letters, and the sealed evidence. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import {
  caseMembers,
  cases,
  responseLetters,
  responseMarks,
  responsePlans,
  responseTabletops,
} from '../../store/schema.js';
import type { Area, Waiting } from '../area.js';
import { playbooksOf } from '../playbooks.js';
import { bundleRoutes } from './bundle-routes.js';
import { aDay, colleagues, words } from './common.js';
import { letterRoutes } from './letter-routes.js';
import { planRoutes } from './plan-routes.js';
import { reachRoutes } from './reach-routes.js';
import { type PlanItem, playbookSchema, tabletopSchema } from './words.js';

export const area: Area = {
  name: 'response',
  routes(router) {
    playbookRoutes(router);
    reachRoutes(router);
    planRoutes(router);
    letterRoutes(router);
    bundleRoutes(router);
  },
  waiting,
};

function playbookRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/playbooks',
      summary: 'The playbooks',
      permission: 'cases.view',
      answer: z.array(playbookSchema),
    },
    async (_, services) =>
      (await playbooksOf(services)).playbooks.map(({ id, title, for: kinds, why, also, steps }) => ({
        id,
        title,
        for: kinds,
        why,
        also,
        steps: steps.map(({ letter, ...step }) => ({ ...step, ...(letter ? { letter } : {}) })),
      })),
  );

  router.add(
    {
      method: 'get',
      path: '/tabletops',
      summary: 'Exercises that were held, the latest first',
      permission: 'cases.view',
      answer: z.array(tabletopSchema),
    },
    async ({ db }, services) => {
      const who = await colleagues(services);
      const rows = await db
        .select()
        .from(responseTabletops)
        .orderBy(desc(responseTabletops.held), desc(responseTabletops.at));
      return rows.map((row) => ({ ...row, by: who(row.by), at: row.at.toISOString() }));
    },
  );

  router.add(
    {
      method: 'post',
      path: '/tabletops',
      summary: 'Record an exercise',
      permission: 'cases.work',
      audit: 'tabletop.record',
      body: z.object({
        playbook: z.string(),
        held: aDay,
        took: words(5, 1000),
        found: words(5, 5000),
        next: aDay,
      }),
      answer: z.object({ id: z.string() }),
    },
    async ({ body, user, db, note }, services) => {
      const { playbooks } = await playbooksOf(services);
      if (!playbooks.some(({ id }) => id === body.playbook))
        throw new Refusal(422, 'PLAYBOOK_UNKNOWN', 'there is no such playbook');
      if (body.held > services.now().toISOString().slice(0, 10))
        throw new Refusal(422, 'DAY_AHEAD', 'an exercise is recorded once it was held');
      if (body.next <= body.held)
        throw new Refusal(422, 'DAY_ORDER', 'the next exercise comes after this one');
      const id = randomUUID();
      await db.insert(responseTabletops).values({ id, ...body, by: user.id, at: services.now() });
      note(`playbook:${body.playbook}`);
      services.live.publish('tabletops');
      return { id };
    },
  );
}

/** Exercises that are overdue wait for counsel; lists that were begun and not finished, for those of the case. */
async function waiting(user: User, services: Services): Promise<Waiting[]> {
  const { db } = services.store;
  const found: Waiting[] = [];
  const now = services.now();
  if (user.roles.includes('counsel')) {
    const [last] = await db.select().from(responseTabletops).orderBy(desc(responseTabletops.held)).limit(1);
    const due = last ? last.next : undefined;
    if (due === undefined || due <= now.toISOString().slice(0, 10))
      found.push({
        kind: 'training',
        id: 'tabletop',
        title: 'Hold a tabletop exercise on extortion',
        why: last
          ? `The last one was on ${last.held}; the next was planned for ${last.next}.`
          : 'None is on record.',
        to: '#/cases',
        ...(due ? { due: `${due}T00:00:00.000Z` } : {}),
        rank: 3,
      });
  }
  if (!user.roles.some((role) => role === 'analyst' || role === 'it' || role === 'hr' || role === 'counsel'))
    return found;
  const mine = await db
    .select({ id: cases.id, number: cases.number })
    .from(cases)
    .innerJoin(caseMembers, and(eq(caseMembers.case, cases.id), eq(caseMembers.user, user.id)))
    .where(eq(cases.state, 'open'));
  if (mine.length === 0) return found;
  const ids = mine.map(({ id }) => id);
  const plans = await db.select().from(responsePlans).where(inArray(responsePlans.case, ids));
  const marks = plans.length
    ? await db
        .select()
        .from(responseMarks)
        .where(
          inArray(
            responseMarks.plan,
            plans.map(({ id }) => id),
          ),
        )
        .orderBy(responseMarks.turn)
    : [];
  for (const plan of plans) {
    const own = marks.filter((mark) => mark.plan === plan.id);
    const items = plan.items as unknown as PlanItem[];
    const latest = new Map(own.map((mark) => [mark.item, mark.state]));
    const once = items.filter(({ phase }) => phase === 'at-once');
    const begun = once.some(({ id }) => latest.get(id) === 'done');
    const left = once.filter(({ id }) => (latest.get(id) ?? 'open') === 'open').length;
    if (!begun || left === 0) continue;
    const number = mine.find(({ id }) => id === plan.case)?.number;
    found.push({
      kind: 'case',
      id: `plan:${plan.id}`,
      title: `Finish closing access in case ${number}`,
      why: `${left} ${left === 1 ? 'line' : 'lines'} of “at once” ${left === 1 ? 'is' : 'are'} still open while others are done.`,
      to: `#/case/${plan.case}?part=response&plan=${plan.id}`,
      rank: 0,
    });
  }
  if (user.roles.includes('counsel'))
    for (const letter of await db.select().from(responseLetters).where(inArray(responseLetters.case, ids)))
      if (letter.counsel === 'yes' && !letter.releasedAt && letter.by !== user.id)
        found.push({
          kind: 'case',
          id: `report:${letter.id}`,
          title: `Read and release “${letter.title}”`,
          why: `A draft in case ${mine.find(({ id }) => id === letter.case)?.number} waits for counsel.`,
          to: `#/case/${letter.case}?part=response&letter=${letter.id}`,
          rank: 2,
        });
  return found;
}
