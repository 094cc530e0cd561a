import { z } from '@hono/zod-openapi';
import { desc, eq, sql } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound } from '../../model/refusal.js';
import { checkDrawPeople, checkDraws, checks } from '../../store/schema.js';
import { dayOf, seedOf } from './daily.js';
import { draw } from './draw.js';
import { drawSchema, drawsSchema } from './words.js';

export function lotRoutes(router: Router): void {
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
      const inside = await db.select().from(checkDrawPeople).where(eq(checkDrawPeople.period, params.period));
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
}
