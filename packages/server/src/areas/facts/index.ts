import { z } from '@hono/zod-openapi';
import type { Area } from '../area.js';
import { addRow, exportTable, factPage, listFacts, withdrawRow } from './tables.js';
import { changedSchema, factPageSchema, factsSchema } from './words.js';

const factId = z.object({
  fact: z
    .string()
    .max(100)
    .regex(/^[a-z0-9-]+$/),
});
const cells = z
  .record(z.string().max(100), z.string().max(4000))
  .refine((one) => Object.keys(one).length <= 60, 'too many columns');

export const area: Area = {
  name: 'facts',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/facts',
        summary: 'Reference data: how old each table is, where from, and what reads it',
        permission: 'facts.view',
        answer: factsSchema,
      },
      async (_, services) => ({ facts: await listFacts(services) }),
    );
    router.add(
      {
        method: 'get',
        path: '/facts/{fact}',
        summary: 'Rows of a table, searched and paged',
        permission: 'facts.view',
        params: factId,
        query: z.object({
          q: z.string().max(200).default(''),
          page: z.coerce.number().int().min(1).max(100_000).default(1),
          own: z.enum(['yes', 'no']).default('no'),
        }),
        answer: factPageSchema,
      },
      async ({ params, query }, services) =>
        factPage(services, params.fact, { q: query.q, page: query.page, own: query.own === 'yes' }),
    );
    router.add(
      {
        method: 'get',
        path: '/facts/{fact}/export',
        summary: 'A whole table as CSV',
        permission: 'facts.view',
        audit: 'facts.export',
        params: factId,
      },
      async ({ params, note }, services) => {
        note(`facts:${params.fact}`);
        return new Response(await exportTable(services, params.fact), {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': `attachment; filename="${params.fact}.csv"`,
            'x-content-type-options': 'nosniff',
            'cache-control': 'no-store',
          },
        });
      },
    );
    router.add(
      {
        method: 'post',
        path: '/facts/{fact}/rows',
        summary: 'Adds a row of the company’s own, or replaces one of the same key',
        permission: 'facts.edit',
        audit: 'facts.add',
        params: factId,
        body: z.object({ cells }),
        answer: changedSchema,
      },
      async ({ params, body, note }, services) => {
        const { rows } = await addRow(services, params.fact, body.cells);
        note(`facts:${params.fact}`, { rows });
        await services.intake.wake('reference data changed');
        services.live.publish('facts');
        return { rows };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/facts/{fact}/withdraw',
        summary: 'Takes a row of the company’s own away',
        permission: 'facts.edit',
        audit: 'facts.withdraw',
        params: factId,
        body: z.object({ cells }),
        answer: changedSchema,
      },
      async ({ params, body, note }, services) => {
        const { rows } = await withdrawRow(services, params.fact, body.cells);
        note(`facts:${params.fact}`, { rows });
        await services.intake.wake('reference data changed');
        services.live.publish('facts');
        return { rows };
      },
    );
  },
};
