import { z } from '@hono/zod-openapi';
import { Refusal } from '../../model/refusal.js';
import type { Area } from '../area.js';
import { impact, impactCsv, walledRates } from './counted.js';
import { keepQuarter, latestScan, rates } from './rates.js';
import { bytesMost, forgetGroups, takeGroups, walledState } from './walled.js';
import {
  fairnessSchema,
  impactSchema,
  measures,
  walledRatesSchema,
  walledStateSchema,
  walledUploadSchema,
} from './words.js';

const population = z.object({
  population: z.enum(['applicants', 'workers']).default('applicants'),
});

export const area: Area = {
  name: 'fairness',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/fairness',
        summary: 'How often people of each group of work are flagged, looked into or met with a step',
        permission: 'fairness.view',
        query: z.object({ measure: z.enum(measures).default('watch') }),
        answer: fairnessSchema,
      },
      async ({ db, query }, services) => rates(services, db, query.measure),
    );
    router.add(
      {
        method: 'get',
        path: '/fairness/groups',
        summary: 'Whether groups that people told of themselves are on record, and which',
        permission: 'fairness.view',
        answer: walledStateSchema,
      },
      async (_, services) => walledState(services),
    );
    router.add(
      {
        method: 'get',
        path: '/fairness/groups/rates',
        summary: 'Rates of self-identified groups: counts only, none below five',
        permission: 'fairness.view',
        audit: 'fairness.groups-view',
        query: population.extend({ measure: z.enum(['watch', 'review']).default('watch') }),
        answer: walledRatesSchema,
      },
      async ({ query }, services) => walledRates(services, query.measure, query.population),
    );
    router.add(
      {
        method: 'put',
        path: '/fairness/groups',
        summary: 'Takes over a CSV of what people told of themselves, in place of what was there',
        permission: 'fairness.groups',
        audit: 'fairness.groups-upload',
        answer: walledUploadSchema,
        before: async (context) => bodyOf(context.req.raw),
      },
      async ({ user, note, taken }, services) => {
        const { sha256, ...told } = await takeGroups(
          services,
          latestScan(services),
          taken as Uint8Array,
          user.id,
        );
        note('fairness:groups', { sha256, rows: told.rows, matched: told.matched, columns: told.columns });
        services.live.publish('fairness');
        return told;
      },
    );
    router.add(
      {
        method: 'delete',
        path: '/fairness/groups',
        summary: 'Forgets what people told of themselves',
        permission: 'fairness.groups',
        audit: 'fairness.groups-forget',
        answer: z.object({ done: z.literal(true) }),
      },
      async (_, services) => {
        await forgetGroups(services);
        services.live.publish('fairness');
        return { done: true as const };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/fairness/impact',
        summary: 'Selection rates and impact ratios in the form of New York City’s rule',
        permission: 'fairness.view',
        audit: 'fairness.impact-view',
        query: population,
        answer: impactSchema,
      },
      async ({ query }, services) => impact(services, query.population),
    );
    router.add(
      {
        method: 'get',
        path: '/fairness/impact/export',
        summary: 'The same as CSV',
        permission: 'fairness.view',
        audit: 'fairness.impact-export',
        query: population,
      },
      async ({ query, note }, services) => {
        note('fairness:impact', { population: query.population });
        return new Response(impactCsv(await impact(services, query.population)), {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': `attachment; filename="impact-ratios-${query.population}.csv"`,
            'x-content-type-options': 'nosniff',
            'cache-control': 'no-store',
          },
        });
      },
    );
  },
  work: {
    'fairness.quarter': async (_, services) => keepQuarter(services),
  },
  every: { 'fairness.quarter': 24 * 60 },
};

/** The body, up to a size; more is not read. */
async function bodyOf(request: Request): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > bytesMost) {
      await reader.cancel();
      throw new Refusal(413, 'TOO_LARGE', `a table of groups may have ${bytesMost / 1e6} MB`);
    }
    parts.push(value);
  }
  return Buffer.concat(parts);
}
