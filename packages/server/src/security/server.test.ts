/** The whole server, as somebody on the network meets it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../serve.js';

let folder: string;
let server: RunningServer;
let logged = '';
const password = 'four-made-up-words-of-mine';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-security-'));
  const log = pino(
    { level: 'trace', base: null },
    new Writable({
      write: (line, _, done) => {
        logged += String(line);
        done();
      },
    }),
  );
  server = await startServer({ folder, port: 0, log });
}, 240_000);
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', origin: server.url, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const tokenOf = (link: string | undefined) => new URLSearchParams(link?.split('?')[1]).get('token') ?? '';

describe('the link of the set-up', () => {
  it('makes one administrator, of however many who come with it at once; then none', async () => {
    const token = tokenOf(server.setupLink);
    const asked = (name: string) => ({ token, email: `${name}@example.com`, name, password });
    const all = await Promise.all(
      ['ada', 'bob', 'cyd', 'dee'].map((name) => post('/auth/set-up', asked(name))),
    );
    expect(all.map((one) => one.status).sort()).toEqual([200, 403, 403, 403]);
    const { accounts } = server.access;
    expect((await accounts.list()).map((one) => one.roles)).toEqual([['admin']]);
    expect((await post('/auth/set-up', asked('eve'))).status).toBe(403);
    expect(await server.access.setupLink()).toBeUndefined();
    expect(logged).not.toContain(token);
  });
});

describe('addresses that others choose', () => {
  it('are in no link and no cookie: the host that is asked, and where to go afterwards', async () => {
    for (const path of [
      '/auth/sign-in/email',
      '/auth/sign-in/social',
      '/auth/sign-out',
      '/auth/callback/company',
      '/auth/reset-password/x?callbackURL=https://evil.example',
      '/auth/verify-email?token=x&callbackURL=https://evil.example',
    ]) {
      const { port } = new URL(server.url);
      const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
        const asked = rawRequest(
          {
            port,
            path: `/api${path}`,
            method: /callback\/|reset|verify/.test(path) ? 'GET' : 'POST',
            headers: {
              host: 'evil.example',
              'x-forwarded-host': 'evil.example',
              'x-forwarded-proto': 'https',
              'content-type': 'application/json',
              origin: server.url,
            },
          },
          (response) => {
            let text = JSON.stringify(response.headers);
            response.on('data', (part) => {
              text += part;
            });
            response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          },
        ).on('error', reject);
        asked.end(
          JSON.stringify({
            email: 'nobody@example.com',
            password,
            provider: 'company',
            callbackURL: 'https://evil.example/',
            errorCallbackURL: 'https://evil.example/',
          }),
        );
      });
      expect([path, answer.text.includes('evil')]).toEqual([path, false]);
      expect([path, answer.status < 500]).toEqual([path, true]);
    }
  });
});

describe('what is sent', () => {
  /** In pieces, without saying how much it will be. */
  const chunked = (path: string, megabytes: number, method = 'POST') =>
    new Promise<{ status: number; headers: Record<string, unknown>; sent: number }>((resolve, reject) => {
      const { port } = new URL(server.url);
      let sent = 0;
      let over = false;
      const asked = rawRequest(
        {
          port,
          path: `/api${path}`,
          method,
          headers: { 'content-type': 'application/json', origin: server.url, 'transfer-encoding': 'chunked' },
        },
        (response) => {
          over = true;
          response.resume();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, sent });
          asked.destroy();
        },
      ).on('error', (error) => {
        if (!over) reject(error);
      });
      const part = Buffer.alloc(1 << 20, 'a');
      const more = () => {
        if (over) return;
        if (sent >= megabytes) {
          asked.end();
          return;
        }
        sent += 1;
        asked.write(part, () => setTimeout(more, 5));
      };
      more();
    });

  it('is not gathered in memory for somebody unknown', async () => {
    const answer = await chunked('/cases', 64);
    expect(answer.status).toBe(413);
    expect(answer.sent).toBeLessThan(12);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is refused before it is read, where it would be kept as a file', async () => {
    for (const [path, method] of [
      ['/sources/files', 'POST'],
      ['/cases/made-up/files/made-up', 'PUT'],
      ['/applicants/check', 'POST'],
      ['/fairness/groups', 'PUT'],
    ] as const) {
      const answer = await chunked(path, 40, method);
      expect([path, answer.status]).toEqual([path, 401]);
    }
    expect(await readdir(join(folder, 'intake', 'uploads'))).toEqual([]);
  });

  it('does not reach the log: no body, no address, no question', async () => {
    await post('/auth/sign-in/email', {
      email: 'somebody.secret@example.com',
      password: 'a-secret-password',
    });
    await fetch(`${server.url}/api/people?q=Somebody%20Secret`);
    await fetch(`${server.url}/api/people/somebody-secret`);
    await fetch(`${server.url}/somebody-secret?x=secret`);
    await fetch(`${server.url}/api/somebody-secret`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(logged).toContain('/api/people');
    expect(logged.toLowerCase()).not.toContain('secret');
  });
});

describe('a session', () => {
  it('is a new one at each sign-in, in a cookie that no script and no other site gets, and dies at once', async () => {
    const { services, access } = server;
    await services.settings.set(services.store.db, 'access.second-factor', false);
    const id = await access.createAccount({
      email: 'ann@example.com',
      name: 'Ann \u202eevil\u200b',
      roles: ['analyst'],
      password,
    });
    // What turns or hides the words around it is no part of a name.
    expect((await services.accounts.list()).find((one) => one.id === id)?.name).toBe('Ann evil');
    const signIn = (cookie?: string) =>
      post('/auth/sign-in/email', { email: 'ann@example.com', password }, cookie ? { cookie } : {});
    const first = (await signIn('rollcall.session_token=chosen-by-another.abc')).headers.getSetCookie();
    const session = first.find((one) => one.includes('session_token')) ?? '';
    expect(session).toMatch(/HttpOnly/i);
    expect(session).toMatch(/SameSite=Strict/i);
    expect(session).not.toContain('chosen-by-another');
    const cookie = session.split(';')[0] ?? '';
    const again = (await signIn(cookie)).headers.getSetCookie().find((one) => one.includes('session_token'));
    expect(again?.split(';')[0]).not.toBe(cookie);
    const seen = () => fetch(`${server.url}/api/people`, { headers: { cookie: again?.split(';')[0] ?? '' } });
    expect((await seen()).status).toBe(200);
    await access.createAccount({ email: 'adm@example.com', name: 'Adm', roles: ['admin'], password });
    const admin =
      (await post('/auth/sign-in/email', { email: 'adm@example.com', password })).headers
        .getSetCookie()
        .find((one) => one.includes('session_token'))
        ?.split(';')[0] ?? '';
    const put = (path: string, body: unknown) =>
      fetch(`${server.url}/api${path}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', origin: server.url, cookie: admin },
        body: JSON.stringify(body),
      });
    expect((await put(`/accounts/${id}/roles`, { roles: ['recruiter'] })).status).toBe(200);
    expect((await seen()).status).toBe(401);
  });
});
