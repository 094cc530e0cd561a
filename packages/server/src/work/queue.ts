/**
 * Work in the background, in the table `work`: what was asked for in a transaction that committed is done, however often
 * the process is killed meanwhile. Each kind is done one at a time, in order; several kinds beside each other.
 */
import { randomUUID } from 'node:crypto';
import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Area } from '../areas/area.js';
import { framesOf } from '../logging.js';
import type { Queue, Services } from '../model/services.js';
import { settings, work } from '../store/schema.js';
import { afterwards, type Db, outside, rows } from '../store/store.js';

export interface WorkStats {
  waiting: number;
  running: number;
  failed: number;
  /** For how long the oldest that is due has been waiting, in seconds. */
  late: number;
  kinds: { kind: string; state: 'waiting' | 'running' | 'failed'; count: number; problem?: string }[];
}

export interface WorkQueue {
  queue: Queue;
  start(): Promise<void>;
  /** Takes nothing more, and waits for what runs; what is not done by then is taken up at the next start. */
  stop(): Promise<void>;
  stats(): Promise<WorkStats>;
  /** Puts what failed back among the waiting. Returns how many. */
  retry(db: Db, kind: string): Promise<number>;
}

export interface QueueOptions {
  /** How long work is taken for, renewed while it runs; in milliseconds, as the ones below. */
  lease?: number;
  /** How often the table is looked at when nobody says that there is something. */
  poll?: number;
  /** Pauses before a second, third … attempt. After the last one it has failed. */
  pauses?: readonly number[];
  /** How many kinds at a time. */
  abreast?: number;
  /** How long `stop` waits. */
  patience?: number;
}

type Do = (payload: Record<string, unknown>, services: Services) => Promise<void>;

export function makeQueue(
  services: Omit<Services, 'queue'>,
  areas: readonly Pick<Area, 'name' | 'work' | 'every'>[],
  options: QueueOptions = {},
): WorkQueue {
  const {
    lease = 60_000,
    poll = 1_000,
    pauses = [5_000, 30_000, 120_000, 600_000],
    abreast = 4,
    patience = 20_000,
  } = options;
  const { store, log, now } = services;
  const kinds = new Map<string, Do>();
  const every = new Map<string, number>();
  for (const area of areas) {
    for (const [kind, run] of Object.entries(area.work ?? {})) {
      if (kinds.has(kind)) throw new Error(`two areas have work of the kind ${kind}`);
      kinds.set(kind, run);
    }
    for (const [kind, minutes] of Object.entries(area.every ?? {})) every.set(kind, minutes);
  }
  for (const kind of every.keys())
    if (!kinds.has(kind)) throw new Error(`there is no work of the kind ${kind} to be asked for`);
  const me = randomUUID();
  const running = new Map<string, Promise<void>>();
  let on = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;

  const queue: Queue = {
    add: async (db, kind, payload = {}, { at = now(), key } = {}) => {
      await db
        .insert(work)
        .values({ kind, payload, at, state: 'waiting', ...(key === undefined ? {} : { key }) })
        .onConflictDoUpdate({
          target: work.key,
          targetWhere: sql`${work.state} = 'waiting'`,
          set: { at: sql`least(${work.at}, excluded.at)`, payload: sql`excluded.payload` },
        });
      afterwards(look);
    },
  };

  /** Takes the next piece of work of a kind that is not being done. */
  async function take() {
    if (running.size >= abreast) return undefined;
    const free = [...kinds.keys()].filter((kind) => !running.has(kind));
    if (free.length === 0) return undefined;
    const at = now();
    const [taken] = await store.db
      .update(work)
      .set({
        state: 'running',
        takenBy: me,
        attempts: sql`${work.attempts} + 1`,
        leaseUntil: new Date(at.getTime() + lease),
      })
      .where(
        eq(
          work.id,
          sql`(SELECT w.id FROM ${work} w WHERE ${inArray(sql`w.kind`, free)} AND ((w.state = 'waiting' AND w.at <= ${at.toISOString()}::timestamptz) OR (w.state = 'running' AND w.lease_until < ${at.toISOString()}::timestamptz)) ORDER BY w.at, w.id LIMIT 1 FOR UPDATE SKIP LOCKED)`,
        ),
      )
      .returning();
    return taken;
  }

  async function carryOut(taken: NonNullable<Awaited<ReturnType<typeof take>>>): Promise<void> {
    const mine = and(eq(work.id, taken.id), eq(work.takenBy, me));
    const renewal = setInterval(() => {
      store.db
        .update(work)
        .set({ leaseUntil: new Date(now().getTime() + lease) })
        .where(mine)
        .catch(() => undefined);
    }, lease / 3);
    let problem: string | undefined;
    try {
      if (taken.attempts > pauses.length + 1) problem = 'INTERRUPTED';
      else await (kinds.get(taken.kind) as Do)(taken.payload, services as Services);
    } catch (error) {
      problem = kindOf(error);
      log.error(
        { work: taken.kind, id: taken.id, attempt: taken.attempts, kind: problem, at: framesOf(error) },
        'work in the background failed',
      );
    } finally {
      clearInterval(renewal);
    }
    if (problem === undefined) await store.db.delete(work).where(doneWith(taken, mine));
    else await putBack(taken.id, taken.attempts, taken.key, problem);
  }

  /** What is done, and what failed before and was to do the same. */
  function doneWith({ kind, key }: { kind: string; key: string | null }, mine: SQL | undefined) {
    if (key === null) return mine;
    return or(mine, and(eq(work.kind, kind), eq(work.key, key), eq(work.state, 'failed')));
  }

  /** Waits for another attempt; where the same is already waiting, that one will do. */
  async function putBack(id: number, attempts: number, key: string | null, problem: string): Promise<void> {
    const pause = pauses[attempts - 1];
    await store.transaction(async (db) => {
      const mine = and(eq(work.id, id), eq(work.takenBy, me));
      if (pause !== undefined && key !== null && (await isWaiting(db, key))) {
        await db.delete(work).where(mine);
        return;
      }
      await db
        .update(work)
        .set({
          state: pause === undefined ? 'failed' : 'waiting',
          at: new Date(now().getTime() + (pause ?? 0)),
          takenBy: null,
          leaseUntil: null,
          problem,
        })
        .where(mine);
    });
  }

  async function isWaiting(db: Db, key: string): Promise<boolean> {
    const found = await db
      .select({ id: work.id })
      .from(work)
      .where(and(eq(work.key, key), eq(work.state, 'waiting')))
      .limit(1);
    return found.length > 0;
  }

  function look(): void {
    if (!on) return;
    if (looking) {
      again = true;
      return;
    }
    clearTimeout(timer);
    again = false;
    looking = outside(lookAround)
      .catch((error: unknown) => {
        log.error({ kind: kindOf(error) }, 'the work that waits could not be read; trying again');
      })
      .finally(() => {
        looking = undefined;
        if (!on) return;
        if (again) look();
        else timer = setTimeout(look, poll);
      });
  }

  async function lookAround(): Promise<void> {
    await askAgain();
    for (let taken = await take(); taken; taken = on ? await take() : undefined) {
      const one = taken;
      const run = carryOut(one)
        // The database went away meanwhile: the lease will run out.
        .catch((error: unknown) =>
          log.error({ work: one.kind, kind: kindOf(error) }, 'work was left as it is'),
        )
        .finally(() => {
          running.delete(one.kind);
          look();
        });
      running.set(one.kind, run);
    }
  }

  let asked = 0;
  /** What is to be done again and again; when it was last asked for is kept over restarts. */
  async function askAgain(): Promise<void> {
    const at = now().getTime();
    if (every.size === 0 || Math.abs(at - asked) < 15_000) return;
    const last = new Map(
      (
        await store.db
          .select()
          .from(settings)
          .where(inArray(settings.key, [...every.keys()].map(lastKey)))
      ).map((row) => [row.key, Date.parse(String(row.value))]),
    );
    for (const [kind, minutes] of every) {
      if (at - (last.get(lastKey(kind)) ?? Number.NEGATIVE_INFINITY) < minutes * 60_000) continue;
      await store.transaction(async (db) => {
        const value = new Date(at).toISOString();
        await db
          .insert(settings)
          .values({ key: lastKey(kind), value })
          .onConflictDoUpdate({ target: settings.key, set: { value } });
        await queue.add(db, kind, {}, { key: `every ${kind}` });
      });
    }
    asked = at;
  }

  return {
    queue,
    start: async () => {
      // One process at a time uses a store: what was running when it ended is running no more.
      await store.transaction(async (db) => {
        const left = await db.select().from(work).where(eq(work.state, 'running')).orderBy(work.id);
        for (const one of left)
          if (one.key !== null && (await isWaiting(db, one.key)))
            await db.delete(work).where(eq(work.id, one.id));
          else
            await db
              .update(work)
              .set({ state: 'waiting', takenBy: null, leaseUntil: null })
              .where(eq(work.id, one.id));
      });
      on = true;
      look();
    },
    stop: async () => {
      on = false;
      clearTimeout(timer);
      await looking;
      const late = new Promise((done) => setTimeout(done, patience).unref());
      await Promise.race([Promise.all(running.values()), late]);
    },
    stats: async () => {
      const found = await rows<{
        kind: string;
        state: 'waiting' | 'running' | 'failed';
        count: number;
        problem: string | null;
        oldest: string;
      }>(
        store.db,
        sql`SELECT kind, state, count(*)::int AS count, min(problem) AS problem, min(at)::text AS oldest FROM ${work} GROUP BY kind, state ORDER BY kind, state`,
      );
      const count = (state: string) =>
        found.filter((one) => one.state === state).reduce((sum, one) => sum + one.count, 0);
      const waited = found
        .filter((one) => one.state === 'waiting')
        .map((one) => (now().getTime() - Date.parse(one.oldest)) / 1000);
      return {
        waiting: count('waiting'),
        running: count('running'),
        failed: count('failed'),
        late: Math.max(0, ...waited),
        kinds: found.map(({ kind, state, count, problem }) => ({
          kind,
          state,
          count,
          ...(problem === null ? {} : { problem }),
        })),
      };
    },
    retry: async (db, kind) => {
      const failed = await db
        .select()
        .from(work)
        .where(and(eq(work.kind, kind), eq(work.state, 'failed')));
      for (const one of failed) {
        if (one.key !== null && (await isWaiting(db, one.key))) {
          await db.delete(work).where(eq(work.id, one.id));
          continue;
        }
        await db
          .update(work)
          .set({ state: 'waiting', attempts: 0, at: now(), problem: null })
          .where(eq(work.id, one.id));
      }
      afterwards(look);
      return failed.length;
    },
  };
}

const lastKey = (kind: string) => `work.last ${kind}`;

/** What went wrong, without its message: that could name somebody. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : error.name;
}
