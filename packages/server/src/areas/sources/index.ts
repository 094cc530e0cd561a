import { z } from '@hono/zod-openapi';
import { documentConnector } from '@rollcall/engine/lake/documents.js';
import { and, count, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { mayHandIn } from '../../access/tokens.js';
import { fileNameHeader, fileNameOf } from '../../api/file-name.js';
import { readBody } from '../../intake/body.js';
import { keepIntake } from '../../intake/keep.js';
import { namesPeople, unknownSource } from '../../intake/names.js';
import { Refusal } from '../../model/refusal.js';
import { may } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { batchFiles, batchRejects } from '../../store/schema.js';
import { rows } from '../../store/store.js';
import type { Area, Waiting } from '../area.js';
import { freshness } from './freshness.js';
import {
  filesSchema,
  overviewSchema,
  receiptSchema,
  rejectsSchema,
  type SourceLine,
  untiedSchema,
} from './words.js';

const pageSize = 100;
const page = z.coerce.number().int().min(1).max(1_000_000).default(1);
const source = z.string().min(1).max(100);

export const area: Area = {
  name: 'sources',
  routes(router) {
    router.add(
      {
        method: 'post',
        path: '/intake/{source}',
        summary:
          'Hand in records of a connector: one JSON object a line (application/x-ndjson), gzip is taken. Answered once they are on disk. An Idempotency-Key makes a repeated delivery the same one',
        permission: 'intake',
        audit: 'intake.records',
        apart: 'counted',
        params: z.object({ source }),
        answer: receiptSchema,
      },
      async ({ params, context, user }, services) => {
        const ids = services.content.connectors.map((one) => one.id);
        if (!ids.includes(params.source)) throw unknownSource(params.source, ids);
        if (!mayHandIn(user, params.source))
          throw new Refusal(403, 'SOURCE_NOT_YOURS', 'this token may not hand in records of this source');
        const key = context.req.header('idempotency-key');
        if (key !== undefined && (key.length === 0 || key.length > 200))
          throw new Refusal(400, 'KEY_INVALID', 'an Idempotency-Key has 1 to 200 characters');
        return services.intake.deliver(
          params.source,
          await readBody(context.req.raw),
          // Two programs that happen to choose the same key do not hinder each other.
          key === undefined ? undefined : `${user.id} ${key}`,
        );
      },
    );
    router.add(
      {
        method: 'post',
        path: '/sources/files',
        summary:
          'Hand in a file as it is (the body); its content says what it is. Its name and folders go in the header X-File-Name, percent-encoded UTF-8: addresses are kept in logs on the way',
        permission: 'sources.upload',
        audit: 'sources.upload',
        apart: 'entry',
        headers: z.object({ [fileNameHeader]: z.string().max(8000) }),
        answer: receiptSchema,
      },
      async ({ context, note }, services) => {
        const name = fileNameOf(context);
        const { body } = context.req.raw;
        if (!body) throw new Refusal(422, 'FILE_EMPTY', 'the file is empty');
        const receipt = await services.intake.file(
          name,
          body as unknown as AsyncIterable<Uint8Array>,
          Number(context.req.header('content-length') ?? 0) || 0,
        );
        note(`delivery:${receipt.id}`, {
          bytes: receipt.bytes,
          sha256: receipt.sha256,
          again: receipt.again,
        });
        services.live.publish('sources');
        return receipt;
      },
    );
    router.add(
      {
        method: 'post',
        path: '/sources/scan',
        summary: 'Look at everything now',
        permission: 'sources.upload',
        audit: 'sources.scan',
        answer: z.object({ asked: z.boolean() }),
      },
      async (_asked, services) => {
        await services.intake.wake('asked for');
        services.live.publish('sources');
        return { asked: true };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/sources',
        summary: 'What came in from where, and how fresh it is',
        permission: 'sources.view',
        answer: overviewSchema,
      },
      async (_asked, services) => {
        const state = services.intake.state();
        const current = services.results.current();
        const [sum] = await services.store.db
          .select({
            files: count(),
            bytes: total(batchFiles.bytes),
            read: total(batchFiles.read),
            kept: total(batchFiles.kept),
            unused: total(batchFiles.unused),
            duplicate: total(batchFiles.duplicate),
            rejected: total(batchFiles.rejected),
            wrong: sql<string>`count(*) FILTER (WHERE ${doesNotAddUp})`,
            problems: count(batchFiles.problem),
          })
          .from(batchFiles);
        const last = services.scans.state();
        return {
          sources: await sourceLines(services),
          sum: Object.fromEntries(
            Object.entries(sum ?? {}).map(([key, value]) => [key, Number(value)]),
          ) as never,
          scan: {
            ...last,
            ...(current ? { result: { finishedAt: current.finishedAt, asOf: current.asOf } } : {}),
          },
          waiting: { records: state.records, bytes: state.bytes, files: state.files },
          limits: current?.head.limits ?? [],
          receipts: state.receipts.slice(0, 50).map((receipt) => {
            const { file, ...rest } = receipt;
            return file === undefined ? rest : { ...rest, file: shownName(file, namesPeople.test(file)) };
          }),
          aside: state.aside.map(({ file, ...rest }) => ({
            ...rest,
            file: shownName(file, namesPeople.test(file)),
          })),
          full: await services.intake.room().then(
            () => false,
            () => true,
          ),
          largestFile: await services.settings.get('sources.largest-file', 4 * 2 ** 30),
        };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/sources/files',
        summary: 'What became of every record of every file',
        permission: 'sources.view',
        query: z.object({ page, source: source.optional(), only: z.enum(['problems']).optional() }),
        answer: filesSchema,
      },
      async ({ query }, services) => {
        const where: SQL[] = [];
        if (query.source) where.push(eq(batchFiles.connector, query.source));
        if (query.only)
          where.push(
            sql`(${isNotNull(batchFiles.problem)} OR ${batchFiles.rejected} > 0 OR ${doesNotAddUp})`,
          );
        const all = and(...where);
        const [{ n } = { n: 0 }] = await services.store.db.select({ n: count() }).from(batchFiles).where(all);
        const found = await services.store.db
          .select()
          .from(batchFiles)
          .where(all)
          .orderBy(desc(batchFiles.batch), batchFiles.file)
          .limit(pageSize)
          .offset((query.page - 1) * pageSize);
        return {
          total: n,
          files: found.map(({ hidden, connector, received, problem, firstAt: _, lastAt, file, ...rest }) => ({
            ...rest,
            file: shownName(file, hidden),
            lastAt: lastAt.toISOString(),
            ...(connector === null ? {} : { connector }),
            ...(received === null ? {} : { received }),
            ...(problem === null ? {} : { problem }),
          })),
        };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/sources/rejects',
        summary: 'Records that could not be read: file, line and reason',
        permission: 'sources.view',
        query: z.object({ page }),
        answer: rejectsSchema,
      },
      async ({ query }, services) => {
        const [{ n } = { n: 0 }] = await services.store.db.select({ n: count() }).from(batchRejects);
        const found = await services.store.db
          .select()
          .from(batchRejects)
          .orderBy(desc(batchRejects.batch), batchRejects.nth)
          .limit(pageSize)
          .offset((query.page - 1) * pageSize);
        return {
          total: n,
          rejects: found.map(({ nth: _, file, ...rest }) => ({
            ...rest,
            file: shownName(file, namesPeople.test(file)),
          })),
        };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/sources/untied',
        summary: 'Accounts, devices and numbers that could not be tied to a person',
        permission: 'sources.view',
        audit: 'sources.untied',
        query: z.object({ page }),
        answer: untiedSchema,
      },
      async ({ query, user }, services) => {
        const all = services.results.current()?.head.untied ?? [];
        // Whoever hands in the exports has seen them; others learn how many there are, and where.
        const values = may(user.roles, 'sources.upload');
        return {
          total: all.length,
          untied: all
            .slice((query.page - 1) * pageSize, query.page * pageSize)
            .map(({ value, ...rest }) => (values ? { ...rest, value } : rest)),
        };
      },
    );
  },
  work: {
    scan: (payload, services) => services.scans.run(payload),
    'intake-records': async (payload, services) => {
      const rows = payload.rows as object[];
      const ndjson = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await services.intake.records(String(payload.source), ndjson, String(payload.key));
      await services.intake.wake('recorded');
    },
    'intake-keep': (_payload, services) => keepIntake(services),
    'sources-stalled': async (_payload, services) => {
      services.live.publish('sources');
      services.live.publish('today');
    },
  },
  every: { 'intake-keep': 60, 'sources-stalled': 15 },
  async waiting(user, services) {
    if (!may(user.roles, 'sources.view') || !user.roles.some((role) => role !== 'auditor')) return [];
    const found: Waiting[] = [];
    const { problem, unread } = services.scans.state().last ?? {};
    if (problem !== undefined)
      found.push({
        kind: 'source',
        id: 'scan',
        title: 'Look why the last scan did not come to its end',
        why: `What came in since then has not been looked at: ${problem}.`,
        to: '#/sources',
        rank: 1,
      });
    if (unread !== undefined)
      found.push({
        kind: 'source',
        id: 'unread',
        title: 'Look why some of what came in could not be read',
        why: `${unread}. All else was looked at.`,
        to: '#/sources',
        rank: 1,
      });
    for (const line of await sourceLines(services))
      if (line.stalled)
        found.push({
          kind: 'source',
          id: line.source,
          title: `Find out why nothing comes from “${line.title}”`,
          why: `It usually delivers every ${spell(line.usualGapSeconds ?? 0)}; the last arrival was ${line.lastArrival.slice(0, 16).replace('T', ' ')} UTC. What happened since cannot be seen.`,
          to: `#/sources?source=${encodeURIComponent(line.source)}`,
          rank: 1,
        });
    return found;
  },
};

const doesNotAddUp = sql`(${batchFiles.read} <> ${batchFiles.kept} + ${batchFiles.duplicate} + ${batchFiles.rejected} OR (${batchFiles.received} IS NOT NULL AND ${batchFiles.received} <> ${batchFiles.read}))`;

const total = (column: SQL | (typeof batchFiles)['bytes']) => sql<string>`coalesce(sum(${column}), 0)`;

function shownName(file: string, hidden: boolean): string {
  // The first part is the intake's own, and nothing of what was handed in.
  if (!hidden) return file.replace(/^files(?:-\d+)?\//, '');
  const ending = /\.[a-z0-9]+$/i.exec(file)?.[0] ?? '';
  return `a document (${ending.toLowerCase().slice(1)})`;
}

/** How many of the last arrivals of a source say what is usual. */
const arrivalsLooked = 40;

async function sourceLines(services: Services): Promise<SourceLine[]> {
  const { db } = services.store;
  const sums = await db
    .select({
      source: batchFiles.connector,
      files: count(),
      kept: total(batchFiles.kept),
      duplicate: total(batchFiles.duplicate),
      rejected: total(batchFiles.rejected),
    })
    .from(batchFiles)
    .where(isNotNull(batchFiles.connector))
    .groupBy(batchFiles.connector);
  const current = services.results.current();
  const covered = new Map(current?.head.sources.map((one) => [one.source, one]));
  const arrivals = new Map<string, Date[]>();
  for (const { connector, at } of await rows<{ connector: string; at: string | Date }>(
    db,
    sql`SELECT connector, at FROM (
        SELECT connector, last_at AS at, row_number() OVER (PARTITION BY connector ORDER BY last_at DESC) AS nth
        FROM (SELECT connector, max(last_at) AS last_at FROM ${batchFiles} WHERE connector IS NOT NULL GROUP BY connector, batch) AS arrivals
      ) AS numbered WHERE nth <= ${arrivalsLooked}`,
  ))
    arrivals.set(connector, [...(arrivals.get(connector) ?? []), new Date(at)]);
  const lines: SourceLine[] = [];
  const waiting = services.intake.state().receipts;
  for (const { source: id, files, kept, duplicate, rejected } of sums) {
    if (id === null) continue;
    const latest = waiting.find((receipt) => receipt.source === id);
    const times = [...(arrivals.get(id) ?? []), ...(latest ? [new Date(latest.receivedAt)] : [])];
    const connector = services.content.connectors.find((one) => one.id === id);
    const lastRecord = covered.get(id)?.last;
    lines.push({
      source: id,
      title: connector?.title ?? id,
      limits: connector?.limits ?? [],
      files,
      kept: Number(kept),
      duplicate: Number(duplicate),
      rejected: Number(rejected),
      ...(lastRecord ? { lastRecord } : {}),
      ...freshness(times, services.now()),
      // Documents come when somebody applies: there is no usual time for that.
      ...(id === documentConnector(services.content.connectors)?.id ? { stalled: false } : {}),
    });
  }
  return lines.sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0));
}

function spell(seconds: number): string {
  const steps: [number, string][] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ];
  for (const [size, word] of steps)
    if (seconds >= size) {
      const n = Math.round(seconds / size);
      return n === 1 ? word : `${n} ${word}s`;
    }
  return 'minute';
}
