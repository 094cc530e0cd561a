import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, takeFolder } from './open.js';
import { noPostgres, startPostgres, type TestPostgres } from './postgres-for-tests.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-open-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
const lock = () => join(folder, 'server.lock');

describe('one process a folder', () => {
  test('a second is refused in words, and touches nothing', async () => {
    const taken = await takeFolder(folder);
    const before = await readFile(lock(), 'utf8');
    await expect(takeFolder(folder)).rejects.toMatchObject({
      code: 'FOLDER_TAKEN',
      message: expect.stringContaining(`${process.pid} on ${hostname()}`),
    });
    expect(await readFile(lock(), 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['server.lock']);
    await taken.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('of many that want it at once, one gets it', async () => {
    const wishes = await Promise.allSettled(Array.from({ length: 20 }, () => takeFolder(folder)));
    const got = wishes.filter((one) => one.status === 'fulfilled');
    expect(got).toHaveLength(1);
    await got[0]?.value.release();
  });

  test('what a dead process left is taken over at once', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(
      lock(),
      JSON.stringify({ pid: child.pid, host: hostname(), started: '2026-01-01T00:00:00Z', token: 'x' }),
    );
    await (await takeFolder(folder)).release();
  });

  test.runIf(process.platform === 'linux')(
    'another process with the number of a dead one is not it',
    async () => {
      await writeFile(
        lock(),
        JSON.stringify({
          pid: process.pid,
          host: hostname(),
          started: '',
          born: 'earlier boot 1',
          token: 'x',
        }),
      );
      await (await takeFolder(folder)).release();
    },
  );

  test('a lock that cannot be read is nobody', async () => {
    await writeFile(lock(), '{"pid":');
    await (await takeFolder(folder)).release();
  });

  test('a folder of another machine is taken over when it has been silent', { timeout: 40_000 }, async () => {
    await writeFile(
      lock(),
      JSON.stringify({ pid: 1, host: 'another.example', started: '2026-01-01T00:00:00Z', token: 'x' }),
    );
    const began = Date.now();
    await (await takeFolder(folder)).release();
    expect(Date.now() - began).toBeGreaterThan(14_000);
  });
});

describe.skipIf(noPostgres())('one process a database', () => {
  let server: TestPostgres;
  let databaseUrl: string;
  beforeAll(async () => {
    server = await startPostgres();
    databaseUrl = await server.database();
  });
  afterAll(async () => {
    await server.stop();
  });

  test('a second is refused, from another folder too; after the first it may', async () => {
    const first = await openStore({ folder, databaseUrl });
    await expect(openStore({ folder: join(folder, 'other'), databaseUrl })).rejects.toMatchObject({
      code: 'FOLDER_TAKEN',
    });
    await first.close();
    await (await openStore({ folder, databaseUrl })).close();
  });

  test.skipIf(process.env.ROLLCALL_TEST_DATABASE_URL)(
    'the hold is taken again after the server was killed',
    async () => {
      const store = await openStore({ folder, databaseUrl });
      await server.kill?.();
      // Until it has it again another could have come: it asks twice a second.
      await new Promise((done) => setTimeout(done, 2_000));
      await expect
        .poll(
          () =>
            openStore({ folder, databaseUrl }).then(
              async (second) => {
                await second.close();
                return 'second came in';
              },
              (error: { code: string }) => error.code,
            ),
          { timeout: 15_000, interval: 1_000 },
        )
        .toBe('FOLDER_TAKEN');
      await store.close();
    },
  );

  test('a server that is not there, without its password', async () => {
    const wrong = new URL(databaseUrl);
    wrong.search = '';
    wrong.host = '127.0.0.1:9';
    wrong.password = 'hunter2-example';
    const refused = await openStore({ folder, databaseUrl: wrong.href }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'STORE_UNREACHABLE' });
    expect(String(refused)).not.toContain('hunter2');
    const missing = new URL(databaseUrl);
    missing.pathname = '/no_such_database';
    await expect(openStore({ folder, databaseUrl: missing.href })).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('no such database'),
    });
  });
});
