/** On PostgreSQL many transactions run at once: what must not come between is held there, too. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { makeSight } from '../access/sight.js';
import { exported } from '../audit/export.js';
import { verify } from '../audit/verify.js';
import { openStore } from '../store/open.js';
import { noPostgres, startPostgres, type TestPostgres } from '../store/postgres-for-tests.js';
import { auditHead } from '../store/schema.js';
import type { Store } from '../store/store.js';
import { type TestServer, testServer } from '../testing.js';

const missing = noPostgres();

describe.skipIf(missing !== undefined)(`many at once on PostgreSQL${missing ? ` (${missing})` : ''}`, () => {
  let postgres: TestPostgres;
  let folder: string;
  let store: Store;
  let server: TestServer;
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'rollcall-security-'));
    // As the server opens it: with the lock that keeps a second server away.
    store = await openStore({ folder, databaseUrl: await postgres.database() });
    server = await testServer({ store, result: sampleResult, sight: makeSight });
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await store?.close();
    await postgres?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const open = () =>
    server.as('analyst')<{ number: number }>('POST', '/cases', {
      about: 'person',
      people: [server.services.keys.handle(sampleResult.people[0]?.id ?? '')],
      title: 'Something to look into',
      reason: 'because it was made up for a test',
      playbook: 'employee',
    });

  it('opens cases while the server has the database, each with a number of its own', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, open));
    expect(all.map((one) => one.status)).toEqual(Array(8).fill(200));
    expect(all.map((one) => one.body.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  }, 30_000);

  it('writes one chain, whoever writes at once, and nothing of what was taken back', async () => {
    const { audit } = server.services;
    const [before] = await store.db.select().from(auditHead);
    const done = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        store.transaction(async (db) => {
          await audit.append(db, {
            actor: `user-${index}`,
            action: 'made.up',
            subject: '',
            detail: { index },
          });
          await new Promise((resolve) => setTimeout(resolve, (index * 7) % 13));
          if (index % 3 === 0) throw new Error('taken back');
        }),
      ),
    );
    expect(done.filter((one) => one.status === 'fulfilled')).toHaveLength(40);
    const [after] = await store.db.select().from(auditHead);
    expect((after?.number ?? 0) - (before?.number ?? 0)).toBe(40);
    const found = await verify(exported(store.db), after?.hash);
    expect([found.broken, found.entries]).toEqual([undefined, after?.number]);
  }, 60_000);
});
