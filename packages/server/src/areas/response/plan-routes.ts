/** Closing access: what to run, in which order, and what was done. Nothing is run by us. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { responseMarks, responsePlans } from '../../store/schema.js';
import { caseFor } from '../cases/members.js';
import { happened } from '../cases/scope.js';
import { playbooksOf } from '../playbooks.js';
import { changed, colleagues, ofCase, personOf, planOf, readable, seesOpenly } from './common.js';
import { setupOf, stage, windowOf } from './containment.js';
import { reachOf } from './reach.js';
import { type PlanItem, planSchema } from './words.js';

export function planRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/cases/{case}/plans',
      summary: 'Stage a containment list for a person, from what they could reach',
      permission: 'cases.work',
      needs: 'case',
      audit: 'containment.stage',
      params: ofCase,
      body: z.object({ person: z.string().max(40) }),
      answer: z.object({ id: z.string(), items: z.number() }),
    },
    async ({ params, body, user, db, note }, services) => {
      await caseFor(db, user, params.case, { narrow: true });
      const person = await personOf(db, services, params.case, body.person);
      const { containment } = await playbooksOf(services);
      const reach = await reachOf(services, person);
      const at = services.now();
      const items = stage(containment, reach, at.toISOString());
      const id = randomUUID();
      await db.insert(responsePlans).values({
        id,
        case: params.case,
        person: person.id,
        asOf: reach.asOf,
        items: items as unknown as Record<string, unknown>[],
        by: user.id,
        at,
      });
      await happened(db, {
        case: params.case,
        person: person.id,
        by: user.id,
        at,
        kind: 'containment.staged',
        says: `A containment list of ${items.length} lines was staged. Nothing of it is carried out by Rollcall.`,
      });
      note(`case:${params.case}`, { person: person.handle, plan: id });
      changed(services, params.case);
      return { id, items: items.length };
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/plans/{plan}',
      summary: 'A containment list, with commands to copy and what is done',
      permission: 'cases.view',
      needs: 'case',
      audit: 'containment.view',
      params: ofCase.extend({ plan: z.string().max(100) }),
      answer: planSchema,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable, narrow: true });
      const plan = await planOf(db, params.case, params.plan);
      const { containment } = await playbooksOf(services);
      const who = await colleagues(services);
      const marks = await db
        .select()
        .from(responseMarks)
        .where(eq(responseMarks.plan, plan.id))
        .orderBy(responseMarks.turn);
      const items = plan.items as unknown as PlanItem[];
      const { says, open: left } = windowOf(items, marks);
      const handle = services.keys.handle(plan.person);
      note(`person:${handle}`, { case: params.case });
      const open = await seesOpenly(services, user, plan.person);
      return {
        id: plan.id,
        person: handle,
        asOf: plan.asOf,
        by: who(plan.by),
        at: plan.at.toISOString(),
        // A command holds the account as it is called, or is of no use: without the name there is none.
        items: open
          ? items
          : await services.sight.veil(
              user,
              items.map(({ command: _, ...item }) => item),
              [plan.person],
            ),
        setup: open ? setupOf(containment, items) : [],
        marks: marks.map(({ item, state, note: text, by, at }) => ({
          item,
          state,
          note: text,
          by: who(by),
          at: at.toISOString(),
        })),
        window: says,
        open: left,
      };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/plans/{plan}/marks',
      summary: 'Mark a line as done, as not needed, or as open again',
      permission: 'cases.work',
      needs: 'case',
      audit: 'containment.mark',
      params: ofCase.extend({ plan: z.string().max(100) }),
      body: z.object({
        item: z.string().max(40),
        state: z.enum(['done', 'not needed', 'open']),
        note: z.string().trim().max(1000).default(''),
      }),
      answer: z.object({ window: z.string(), open: z.number() }),
    },
    async ({ params, body, user, db, note }, services) => {
      await caseFor(db, user, params.case, { narrow: true });
      const plan = await planOf(db, params.case, params.plan);
      const items = plan.items as unknown as PlanItem[];
      const item = items.find(({ id }) => id === body.item);
      if (!item) throw notFound('the line');
      if (body.state !== 'done' && body.note.length < 5)
        throw new Refusal(422, 'REASON_MISSING', 'say why, in a few words');
      const before = await db
        .select()
        .from(responseMarks)
        .where(eq(responseMarks.plan, plan.id))
        .orderBy(responseMarks.turn);
      const mine = before.filter((mark) => mark.item === item.id);
      const mark = {
        plan: plan.id,
        item: item.id,
        turn: mine.length,
        state: body.state,
        note: body.note,
        by: user.id,
        at: services.now(),
      };
      // What warns comes after what is to be kept: said here, where it matters, and not only in a list.
      if (body.state === 'done' && item.warns) {
        const closed = new Set(before.filter(({ state }) => state !== 'open').map((one) => one.item));
        const open = items.filter(({ phase, id }) => phase === 'preserve' && !closed.has(id)).length;
        if (open > 0)
          throw new Refusal(
            409,
            'KEEP_FIRST',
            `${open} ${open === 1 ? 'line' : 'lines'} under “preserve” ${open === 1 ? 'is' : 'are'} open; mark ${open === 1 ? 'it' : 'them'} as done or as not needed first`,
          );
      }
      await db.insert(responseMarks).values(mark);
      await happened(db, {
        case: params.case,
        person: plan.person,
        by: user.id,
        at: mark.at,
        kind: 'containment.marked',
        says: `${item.product}, ${item.title}: ${body.state}${body.note ? `; ${body.note}` : ''}.`,
      });
      note(`case:${params.case}`, { plan: plan.id, item: item.id, state: body.state });
      changed(services, params.case);
      const { says, open: left } = windowOf(items, [...before, mark]);
      return { window: says, open: left };
    },
  );
}
