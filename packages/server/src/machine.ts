/** What the process itself has: its measurements, the pages that are open, and whether it can work. */
import { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Router } from './api/router.js';
import { makeStreams } from './live.js';
import { makeMetrics } from './metrics.js';
import type { Machine, Services } from './model/services.js';

export function makeMachine(): Machine {
  return { metrics: makeMetrics(), streams: makeStreams(), stopping: false };
}

/** Milliseconds within which a database that is well answers. */
const patience = 3000;

/** Why it cannot work, in words without details; empty where it can. */
async function unready(services: Services): Promise<string[]> {
  const reasons: string[] = [];
  if (services.machine.stopping) reasons.push('it is stopping');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  const answered = services.store.db.execute(sql`SELECT 1`).then(
    () => true,
    () => false,
  );
  if (!(await Promise.race([answered, late]))) reasons.push('the database does not answer');
  clearTimeout(timer);
  if (services.scans.state().last?.problem !== undefined)
    reasons.push('the last scan did not come to its end');
  if (services.scans.state().last?.unread !== undefined)
    reasons.push('some of what came in could not be read');
  const room = await services.intake.room().then(
    () => true,
    () => false,
  );
  if (!room) reasons.push('the disk is nearly full: nothing more is taken over');
  return reasons;
}

export function machineRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/health',
      summary: 'Whether the server is up, and whether it can work',
      permission: 'public',
      answer: z.object({ up: z.boolean(), ready: z.boolean(), reasons: z.array(z.string()) }),
    },
    async (_asked, services) => {
      const reasons = await unready(services);
      return { up: true, ready: reasons.length === 0, reasons };
    },
  );
  router.add(
    {
      method: 'get',
      path: '/metrics',
      summary: 'Measurements in Prometheus’ text format; a token for handing in records opens it too',
      permission: 'settings.view',
      orToken: true,
    },
    async (_asked, services) => {
      const { metrics } = services.machine;
      return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } });
    },
  );
  router.add(
    {
      method: 'get',
      path: '/live',
      summary: 'What changes, by topic, as it changes (text/event-stream)',
      permission: 'signed-in',
    },
    async ({ context, user }, services) => services.machine.streams.open(context, user, services),
  );
  router.add(
    {
      method: 'get',
      path: '/openapi.json',
      summary: 'All of these addresses, in OpenAPI 3.1',
      permission: 'signed-in',
    },
    async ({ context }) =>
      context.json(
        router.app.getOpenAPI31Document({
          openapi: '3.1.0',
          info: {
            title: 'Rollcall',
            version: '0.1.0',
            description:
              'What the console itself uses. Sessions come from signing in; records are handed in with a token.',
          },
        }),
      ),
  );
}
