import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Services } from '../model/services.js';
import { settings, work } from '../store/schema.js';
import type { Store } from '../store/store.js';
import { type StoreKind, storeKinds } from '../store/suite.js';
import { makeQueue, type QueueOptions, type WorkQueue } from './queue.js';

type Do = (payload: Record<string, unknown>) => Promise<void>;

for (const { kind, skip, begin } of storeKinds)
  describe.skipIf(skip)(`the queue on ${kind}${skip ? `: ${skip}` : ''}`, () => {
    let stores: StoreKind;
    let store: Store;
    let now: Date;
    let lines: string[];
    const made: WorkQueue[] = [];
    beforeAll(async () => {
      stores = await begin();
      store = await (await stores.place()).open();
    });
    afterAll(async () => {
      await store?.close();
      await stores?.stop();
    });
    beforeEach(async () => {
      now = new Date('2026-06-01T09:00:00Z');
      lines = [];
      await store.db.delete(work);
      await store.db.delete(settings);
    });
    afterEach(async () => {
      for (const one of made.splice(0)) await one.stop();
    });
    const queueOf = (
      kinds: Record<string, Do>,
      every: Record<string, number> = {},
      options: QueueOptions = {},
    ) => {
      const services = {
        store,
        now: () => now,
        log: pino({}, { write: (line: string) => void lines.push(line) }),
      } as unknown as Services;
      const one = makeQueue(services, [{ name: 'test', work: kinds, every }], {
        poll: 50,
        pauses: [0, 0, 0, 0],
        ...options,
      });
      made.push(one);
      return one;
    };
    const left = () => store.db.select().from(work).orderBy(work.id);
    const settled = () => expect.poll(left, { timeout: 20_000, interval: 20 });

    test('work is done once its transaction is committed, in order, and then gone', async () => {
      const done: unknown[] = [];
      const { queue, start } = queueOf({ add: async ({ n }) => void done.push(n) });
      await start();
      await store
        .transaction(async (db) => {
          await queue.add(db, 'add', { n: 'never' });
          throw new Error('no');
        })
        .catch(() => undefined);
      await store.transaction(async (db) => {
        for (let n = 1; n <= 5; n++) await queue.add(db, 'add', { n });
      });
      await settled().toEqual([]);
      expect(done).toEqual([1, 2, 3, 4, 5]);
    });

    test('one of a kind at a time; kinds beside each other', async () => {
      let together = 0;
      let most = 0;
      let release = () => {};
      const held = new Promise<void>((free) => {
        release = free;
      });
      const seen: string[] = [];
      const { queue, start, stats } = queueOf({
        slow: async () => {
          most = Math.max(most, ++together);
          await held;
          together--;
        },
        quick: async () => void seen.push('quick'),
      });
      await start();
      await queue.add(store.db, 'slow');
      await queue.add(store.db, 'slow');
      await queue.add(store.db, 'quick');
      await expect.poll(() => seen).toEqual(['quick']);
      expect(await stats()).toMatchObject({ running: 1, waiting: 1, failed: 0 });
      release();
      await settled().toEqual([]);
      expect(most).toBe(1);
    });

    test('at most one waits of a key: the earlier time, the later content', async () => {
      const { queue } = queueOf({ scan: async () => undefined });
      const later = new Date(now.getTime() + 60_000);
      await queue.add(store.db, 'scan', { why: 'first' }, { key: 'scan', at: later });
      await queue.add(store.db, 'scan', { why: 'second' }, { key: 'scan' });
      await Promise.all(
        Array.from({ length: 10 }, () =>
          queue.add(store.db, 'scan', { why: 'last' }, { key: 'scan', at: later }),
        ),
      );
      expect(await left()).toMatchObject([{ at: now, payload: { why: 'last' } }]);
    });

    test('a wish while it runs leads to one more', async () => {
      let runs = 0;
      let release = () => {};
      const { queue, start } = queueOf({
        scan: async () => {
          if (++runs === 1)
            await new Promise<void>((free) => {
              release = free;
            });
        },
      });
      await start();
      await queue.add(store.db, 'scan', {}, { key: 'scan' });
      await expect.poll(() => runs).toBe(1);
      await queue.add(store.db, 'scan', {}, { key: 'scan' });
      await queue.add(store.db, 'scan', {}, { key: 'scan' });
      release();
      await settled().toEqual([]);
      expect(runs).toBe(2);
    });

    test('not before its time', async () => {
      const done: number[] = [];
      const { queue, start } = queueOf({ later: async () => void done.push(1) });
      await start();
      await queue.add(store.db, 'later', {}, { at: new Date(now.getTime() + 3_600_000) });
      await new Promise((wait) => setTimeout(wait, 200));
      expect(done).toEqual([]);
      now = new Date(now.getTime() + 3_600_001);
      await settled().toEqual([]);
      expect(done).toEqual([1]);
    });

    test('what fails is tried five times, then kept with the kind of problem; no message is kept or logged', async () => {
      let runs = 0;
      const { queue, start, stats, retry } = queueOf({
        bad: async () => {
          runs++;
          if (runs <= 5) throw new TypeError('Jo Example, jo@example.com');
        },
      });
      await start();
      await queue.add(store.db, 'bad');
      await settled().toMatchObject([{ state: 'failed', attempts: 5, problem: 'TypeError' }]);
      expect(runs).toBe(5);
      expect(await stats()).toMatchObject({ failed: 1, kinds: [{ kind: 'bad', problem: 'TypeError' }] });
      expect(lines).toHaveLength(5);
      expect(lines.join()).not.toContain('Example');
      expect(await store.transaction((db) => retry(db, 'bad'))).toBe(1);
      await settled().toEqual([]);
      expect(runs).toBe(6);
    });

    test('what a process left running when it was killed is taken up by the next', async () => {
      const row = { kind: 'add', payload: {}, at: now, state: 'running', takenBy: 'dead' } as const;
      await store.db.insert(work).values([
        { ...row, leaseUntil: new Date(now.getTime() + 60_000), attempts: 1 },
        { ...row, key: 'same' },
        { kind: 'add', payload: {}, at: now, state: 'waiting', key: 'same' },
      ]);
      let runs = 0;
      const { start } = queueOf({ add: async () => void runs++ });
      await start();
      await settled().toEqual([]);
      expect(runs).toBe(2);
    });

    test('a lease is renewed while the work runs, and one that has run out is taken', async () => {
      let release = () => {};
      const long = queueOf(
        {
          long: () =>
            new Promise<void>((free) => {
              release = free;
            }),
        },
        {},
        { lease: 90 },
      );
      await long.start();
      await long.queue.add(store.db, 'long');
      await settled().toMatchObject([{ state: 'running' }]);
      now = new Date(now.getTime() + 60_000);
      await expect.poll(async () => (await left())[0]?.leaseUntil?.getTime()).toBe(now.getTime() + 90);
      release();
      await settled().toEqual([]);
      let taken = 0;
      const other = queueOf({ left: async () => void taken++ });
      await other.start();
      await store.db.insert(work).values({
        kind: 'left',
        payload: {},
        at: now,
        state: 'running',
        takenBy: 'dead',
        leaseUntil: new Date(now.getTime() + 1_000),
      });
      await new Promise((wait) => setTimeout(wait, 200));
      expect(taken).toBe(0);
      now = new Date(now.getTime() + 2_000);
      await settled().toEqual([]);
      expect(taken).toBe(1);
    });

    test('what kills the process each time is not tried for ever', async () => {
      await store.db
        .insert(work)
        .values({ kind: 'deadly', payload: {}, at: now, state: 'running', attempts: 5, takenBy: 'dead' });
      let runs = 0;
      const { start } = queueOf({ deadly: async () => void runs++ });
      await start();
      await settled().toMatchObject([{ state: 'failed', problem: 'INTERRUPTED' }]);
      expect(runs).toBe(0);
    });

    test('what failed is over once the same was done after all', async () => {
      const failed = (key: string) => ({
        kind: 'daily',
        payload: {},
        at: now,
        state: 'failed' as const,
        key,
      });
      await store.db.insert(work).values([failed('every daily'), failed('another')]);
      const { start } = queueOf({ daily: async () => undefined }, { daily: 60 });
      await start();
      await settled().toMatchObject([{ state: 'failed', key: 'another' }]);
    });

    test('again and again, also over restarts, and not more often', async () => {
      let runs = 0;
      const kinds = { daily: async () => void runs++ };
      const first = queueOf(kinds, { daily: 60 });
      await first.start();
      await expect.poll(() => runs).toBe(1);
      await settled().toEqual([]);
      await first.stop();
      now = new Date(now.getTime() + 30 * 60_000);
      const second = queueOf(kinds, { daily: 60 });
      await second.start();
      await new Promise((wait) => setTimeout(wait, 300));
      expect(runs).toBe(1);
      now = new Date(now.getTime() + 31 * 60_000);
      await expect.poll(() => runs).toBe(2);
      expect(await store.db.select().from(settings).where(eq(settings.key, 'work.last daily'))).toHaveLength(
        1,
      );
    });

    test('nothing is asked for again and again that nobody does', () => {
      expect(() => queueOf({}, { nothing: 1 })).toThrow('nothing');
    });
  });
