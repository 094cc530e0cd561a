import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exported } from '../audit/export.js';
import { verify } from '../audit/verify.js';
import type { Services } from '../model/services.js';
import { makeQueue } from '../work/queue.js';
import { rows, type Store } from './store.js';
import { type StoreKind, type StorePlace, storeKinds } from './suite.js';

const child = fileURLToPath(new URL('../../dist/store/kill-child.js', import.meta.url));
/** More where somebody asks for it: `ROLLCALL_KILLS=50`. */
const times = Number(process.env.ROLLCALL_KILLS ?? 5);

for (const { kind, skip, begin } of storeKinds)
  describe.skipIf(skip)(`kill -9 on ${kind}${skip ? `: ${skip}` : ''}`, () => {
    let stores: StoreKind;
    let place: StorePlace;
    let acknowledged = 0;
    let kills = 0;
    beforeAll(async () => {
      expect(existsSync(child), 'build first: npx tsc -b').toBe(true);
      stores = await begin();
      place = await stores.place();
    });
    afterAll(async () => {
      await stores?.stop();
    });

    /** Runs a writer from the first number that is free, and ends it after some rows, by the means given. */
    const write = async (end: (pid: number) => Promise<void>) => {
      const next = acknowledged + 1;
      const writer = spawn(
        process.execPath,
        [child, kind, place.databaseUrl ?? join(place.folder, 'state'), String(next)],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const gone = once(writer, 'exit');
      let text = '';
      let ending: Promise<void> | undefined;
      // After a number of rows, and a moment that differs each time, in the midst of what follows.
      const rowsUntil = 3 + ((kills * 7) % 23);
      const moment = (kills * 37) % 29;
      writer.stdout.on('data', (piece: Buffer) => {
        text += piece.toString();
        if (ending || text.split('\n').length <= rowsUntil) return;
        ending = new Promise<void>((done) => setTimeout(done, moment)).then(() => end(writer.pid as number));
      });
      await gone;
      await ending;
      kills++;
      const said = text.split('\n').slice(0, -1).map(Number);
      expect(said.length).toBeGreaterThanOrEqual(rowsUntil);
      acknowledged = Math.max(acknowledged, said.at(-1) ?? 0);
    };

    const numbers = async (store: Store) =>
      (await rows<{ number: number }>(store.db, sql`SELECT number FROM kill_test ORDER BY number`)).map(
        (one) => one.number,
      );

    const check = async () => {
      const store = await place.open();
      try {
        const found = await numbers(store);
        // Whole transactions in order: what was said, and at most one that was committed and not yet said.
        expect(found).toEqual(Array.from({ length: found.length }, (_, i) => i + 1));
        expect(found.length).toBeGreaterThanOrEqual(acknowledged);
        expect(found.length).toBeLessThanOrEqual(acknowledged + 1);
        expect(await rows(store.db, sql`SELECT number FROM kill_test WHERE other IS NULL`)).toEqual([]);
        const chain = await verify(exported(store.db));
        expect(chain.broken).toBeUndefined();
        expect(chain.entries).toBe(found.length);
        acknowledged = found.length;
        // No work is lost: each was done, or is still there.
        const lost = await rows(
          store.db,
          sql`SELECT number FROM kill_test k WHERE worked = 0 AND NOT EXISTS (SELECT 1 FROM work w WHERE (w.payload->>'number')::int = k.number)`,
        );
        expect(lost).toEqual([]);
      } finally {
        await store.close();
      }
    };

    test(`the writer is killed ${times} times: everything acknowledged is there, and nothing by halves`, {
      timeout: 900_000,
    }, async () => {
      for (let i = 0; i < times; i++) {
        await write(async (pid) => {
          process.kill(pid, 'SIGKILL');
        });
        await check();
      }
    });

    test('the work that was asked for is all done in the end', async () => {
      const store = await place.open();
      const services = {
        store,
        now: () => new Date(),
        log: { error: () => undefined },
      } as unknown as Services;
      const { start, stop } = makeQueue(services, [
        {
          name: 'kill',
          work: {
            count: async ({ number }) => {
              await store.db.execute(
                sql`UPDATE kill_test SET worked = worked + 1 WHERE number = ${Number(number)}::int`,
              );
            },
          },
        },
      ]);
      await start();
      await expect
        .poll(() => rows(store.db, sql`SELECT count(*)::int AS n FROM work`), {
          timeout: 60_000,
          interval: 200,
        })
        .toEqual([{ n: 0 }]);
      expect(await rows(store.db, sql`SELECT number FROM kill_test WHERE worked = 0`)).toEqual([]);
      await stop();
      await store.close();
    });

    test.skipIf(kind === 'pglite')(
      'the database server itself is killed, three times',
      async ({ skip: none }) => {
        if (!stores.kill) return none('the server is not ours to kill');
        for (let i = 0; i < 3; i++) {
          await write(async (pid) => {
            await stores.kill?.();
            try {
              process.kill(pid, 'SIGKILL');
            } catch {
              // It ended by itself when its database did.
            }
          });
          await check();
        }
      },
    );
  });
