/** The same signing in on PostgreSQL: what is asked of the database means the same there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../store/open.js';
import { noPostgres, startPostgres, type TestPostgres } from '../store/postgres-for-tests.js';
import type { Store } from '../store/store.js';
import { type TestServer, testServer } from '../testing.js';
import { type Access, makeAccess } from './access.js';

const missing = noPostgres();
const origin = 'http://localhost:8470';
const password = 'four unrelated words walk';

describe.skipIf(missing !== undefined)(`signing in on PostgreSQL${missing ? ` (${missing})` : ''}`, () => {
  let postgres: TestPostgres;
  let folder: string;
  let store: Store;
  let server: TestServer;
  let access: Access;
  let ahead = 0;
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'rollcall-access-'));
    store = await openStore({ folder, databaseUrl: await postgres.database() });
    server = await testServer({ store });
    access = makeAccess({
      ...server.services,
      now: () => new Date(Date.now() + ahead),
      origin,
      environment: {},
    });
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await store?.close();
    await postgres?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const post = (path: string, body: unknown, cookie = '') =>
    access.handle(
      new Request(`${origin}/api/auth${path}`, {
        method: 'POST',
        headers: { origin, cookie, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  const cookieOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');

  it('sets up once, also when two come at the same time', async () => {
    const token = ((await access.setupLink()) as string).split('token=')[1];
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => post('/set-up', { token, name, email: `${name}@example.com`, password })),
    );
    expect(answers.map((one) => one.status).sort()).toEqual([200, 403, 403]);
    expect(await access.accounts.list()).toHaveLength(1);
  });

  it('signs in, ends when idle, and counts guesses that come at once', async () => {
    await access.createAccount({ email: 'd@example.com', name: 'D', roles: ['hr'], password });
    await store.transaction((db) => server.services.settings.set(db, 'access.second-factor', false));
    const signedIn = await post('/sign-in/email', { email: 'D@example.com', password });
    expect(signedIn.status).toBe(200);
    const headers = new Headers({ cookie: cookieOf(signedIn) });
    expect(await access.accounts.user(headers)).toMatchObject({ roles: ['hr'] });
    ahead = 61 * 60_000;
    expect(await access.accounts.user(headers)).toBeUndefined();
    ahead = 0;
    const guesses = await Promise.all(
      Array.from({ length: 10 }, () =>
        post('/sign-in/email', { email: 'd@example.com', password: 'wrong wrong' }),
      ),
    );
    expect(guesses.filter((one) => one.status === 401)).toHaveLength(5);
    expect(guesses.filter((one) => one.status === 429)).toHaveLength(5);
  });
});
