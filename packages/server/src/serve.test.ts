import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { query } from '@rollcall/engine';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeToken } from './access/tokens.js';
import { type RunningServer, startServer } from './serve.js';

const log = pino({ level: 'silent' });
let folder: string;
let server: RunningServer;
let token: string;

async function tokenFor(running: RunningServer, sources: string[] = []): Promise<string> {
  const made = await running.services.store.transaction((db) =>
    makeToken(db, { title: 'test', sources, days: 1, by: 'test', now: new Date() }),
  );
  return made.token;
}

/** Signed in, as a browser is. */
async function signedIn(running: RunningServer, role: 'admin' | 'analyst' | 'recruiter'): Promise<string> {
  const email = `${role}@example.com`;
  const password = 'four-made-up-words-of-mine';
  await running.services.store.transaction((db) =>
    running.services.settings.set(db, 'access.second-factor', false),
  );
  await running.access.createAccount({ email, name: role, roles: [role], password });
  const answer = await fetch(`${running.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: running.url },
    body: JSON.stringify({ email, password }),
  });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

const signIn = (uuid: string, person = 1) => ({
  uuid,
  published: '2026-05-05T10:00:00.000Z',
  eventType: 'user.session.start',
  actor: { id: `00u${person}`, type: 'User', alternateId: `worker${person}@example.com` },
  client: { ipAddress: '203.0.113.7', geographicalContext: { country: 'United States' } },
  outcome: { result: 'SUCCESS' },
});
const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

function send(
  running: { url: string },
  source: string,
  body: string | Uint8Array,
  more: Record<string, string> = {},
) {
  return fetch(`${running.url}/api/intake/${source}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', ...more },
    body: body,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-serve-'));
  server = await startServer({ folder, port: 0, log, now: () => new Date() });
  token = await tokenFor(server);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the server', () => {
  it('says that it is up and ready, and nothing else', async () => {
    const answer = await fetch(`${server.url}/api/health`);
    expect(await answer.json()).toEqual({ up: true, ready: true, reasons: [] });
  });

  it('shows the console under a strict policy, its parts for ever, and nothing beside it', async () => {
    const page = await fetch(`${server.url}/`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? '';
    const asset = await fetch(`${server.url}${script}`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
    expect(
      (
        await fetch(`${server.url}${script}`, {
          headers: { 'if-none-match': asset.headers.get('etag') ?? '' },
        })
      ).status,
    ).toBe(304);
  });

  it('gives no other file, however it is asked for', async () => {
    const { port } = new URL(server.url);
    for (const path of [
      '/../package.json',
      '/assets/../../../package.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/%00',
      '//etc/passwd',
      '/keys/secret',
      '/state/PG_VERSION',
    ]) {
      const status = await new Promise<number>((resolve, reject) => {
        rawRequest({ port, path }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
      expect(status, path).toBe(404);
    }
  });

  it('keeps its measurements to administrators and to programs with a token', async () => {
    expect((await fetch(`${server.url}/api/metrics`)).status).toBe(401);
    const answer = await fetch(`${server.url}/api/metrics`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain(
      'rollcall_http_request_seconds_bucket{le="0.005",route="/api/health",method="GET",status="200"}',
    );
    expect(text).toMatch(/rollcall_queue_waiting \d/);
    expect(text).not.toContain('worker1');
  });

  it('tells a stranger nothing of its addresses', async () => {
    expect((await fetch(`${server.url}/api/openapi.json`)).status).toBe(401);
    expect((await fetch(`${server.url}/api/live`)).status).toBe(401);
  });

  it('refuses a second one on the same folder, and goes on', async () => {
    await expect(startServer({ folder, port: 0, log })).rejects.toMatchObject({ code: 'FOLDER_TAKEN' });
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  });

  it('tells open pages what changes, and describes itself to those who are signed in', async () => {
    const cookie = await signedIn(server, 'admin');
    const described = (await (
      await fetch(`${server.url}/api/openapi.json`, { headers: { cookie } })
    ).json()) as {
      info: { title: string };
      paths: Record<string, unknown>;
    };
    expect(described.info.title).toBe('Rollcall');
    expect(described.paths['/api/intake/{source}']).toBeDefined();
    const stop = new AbortController();
    const stream = await fetch(`${server.url}/api/live`, { headers: { cookie }, signal: stop.signal });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    const heard = async (word: string) => {
      let text = '';
      while (!text.includes(word)) text += Buffer.from((await reader.read()).value ?? []).toString();
      return text;
    };
    await heard('hello');
    server.services.live.publish('case:somebody-elses');
    server.services.live.publish('people');
    const text = await heard('data: people');
    expect(text).not.toContain('somebody-elses');
    stop.abort();
    await expect.poll(() => server.services.machine.streams.count()).toBe(0);
  });

  it('does not let a large body in where none is meant', async () => {
    const { port } = new URL(server.url);
    const status = await new Promise<number>((resolve) => {
      const asked = rawRequest(
        {
          port,
          path: '/api/sources/scan',
          method: 'POST',
          headers: { 'content-length': String(64 << 20), 'content-type': 'application/json' },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      asked.on('error', () => undefined);
      asked.flushHeaders();
    });
    expect(status).toBe(413);
  });
});

describe('handing in', () => {
  it('needs a token, and one for the source', async () => {
    expect((await fetch(`${server.url}/api/intake/checks`, { method: 'POST', body: '{}' })).status).toBe(401);
    const narrow = await tokenFor(server, ['absences']);
    const answer = await send(server, 'okta-system-log', lines([signIn('a')]), {
      authorization: `Bearer ${narrow}`,
    });
    expect(answer.status).toBe(403);
  });

  it('takes gzip, and acknowledges exactly what came', async () => {
    const body = lines(Array.from({ length: 50 }, (_, i) => signIn(`gz-${i}`)));
    const answer = await send(server, 'okta-system-log', gzipSync(body), {
      'content-encoding': 'gzip',
      'idempotency-key': 'one',
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      source: 'okta-system-log',
      records: 50,
      bytes: body.length,
      again: false,
    });
    const again = await send(server, 'okta-system-log', gzipSync(body), {
      'content-encoding': 'gzip',
      'idempotency-key': 'one',
    });
    expect(await again.json()).toMatchObject({ records: 50, again: true });
  });

  it('refuses a bomb, damaged data and unknown encodings, and stays up', async () => {
    const bomb = gzipSync(Buffer.alloc(200 << 20, 0x20));
    expect(bomb.length).toBeLessThan(1 << 20);
    expect((await send(server, 'okta-system-log', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    const cut = gzipSync(lines([signIn('x')])).subarray(0, 60);
    expect((await send(server, 'okta-system-log', cut, { 'content-encoding': 'gzip' })).status).toBe(422);
    expect((await send(server, 'okta-system-log', 'x', { 'content-encoding': 'br' })).status).toBe(415);
    const problem = (await (
      await send(server, 'okta-system-log', `${lines([signIn('y')])}\n{"na`)
    ).json()) as {
      title: string;
    };
    expect(problem.title).toContain('line 2');
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  });

  it('in the browser needs the permission and our own page; names do not leave the folder', async () => {
    const cookie = await signedIn(server, 'analyst');
    const put = (
      headers: Record<string, string>,
      name = '../../escape.csv',
      body = 'Employee ID,Name\nE-1,Ada Example\n',
    ) =>
      fetch(`${server.url}/api/sources/files`, {
        method: 'POST',
        headers: {
          'content-type': 'application/octet-stream',
          'x-file-name': encodeURIComponent(name),
          ...headers,
        },
        body,
      });
    expect((await put({})).status).toBe(401);
    expect((await put({ cookie, origin: 'https://elsewhere.example' })).status).toBe(403);
    const recruiter = await signedIn(server, 'recruiter');
    expect((await put({ cookie: recruiter, origin: server.url })).status).toBe(403);
    const taken = await put({ cookie, origin: server.url });
    expect(taken.status).toBe(200);
    expect(await taken.json()).toMatchObject({ source: 'file', records: 0, again: false });
  });

  it('leads to a result by itself, in which every record is accounted for', async () => {
    await writeFile(
      join(folder, 'watch', 'roster.csv'),
      `Employee ID,Name,Work Email,Status,Hire Date,Employment Type,Work Location,Job Title\n${Array.from({ length: 12 }, (_, i) => `E-${i},Worker ${i} Example,worker${i}@example.com,Active,2026-01-${String(i + 10)},Employee,Remote,Engineer`).join('\n')}\n`,
    );
    await expect
      .poll(() => server.services.results.current()?.people.length ?? 0, { timeout: 120_000, interval: 500 })
      .toBeGreaterThanOrEqual(12);
    await expect
      .poll(() => server.services.intake.state(), { timeout: 60_000, interval: 500 })
      .toMatchObject({ records: 0, files: 0 });
    const cookie = await signedIn(server, 'admin').catch(async () => {
      const answer = await fetch(`${server.url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: server.url },
        body: JSON.stringify({ email: 'admin@example.com', password: 'four-made-up-words-of-mine' }),
      });
      return answer.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
    });
    const get = async <T>(path: string, asked = '') =>
      (await (
        await fetch(`${server.url}/api${path}`, { headers: { cookie, 'x-rollcall-query': asked } })
      ).json()) as T;
    const overview = await get<{ sum: Record<string, number>; sources: { source: string; kept: number }[] }>(
      '/sources',
    );
    expect(overview.sum.wrong).toBe(0);
    expect(overview.sum.read).toBe(
      (overview.sum.kept ?? 0) + (overview.sum.duplicate ?? 0) + (overview.sum.rejected ?? 0),
    );
    expect(overview.sources.find((one) => one.source === 'okta-system-log')?.kept).toBe(50);
    const files = await get<{ files: { file: string; received?: number; read: number }[] }>(
      '/sources/files',
      'source=okta-system-log',
    );
    expect(files.files.every((file) => file.received === file.read)).toBe(true);
    const entries = await server.services.store.db.query.audit.findMany();
    expect(entries.some((entry) => entry.action === 'intake.batch')).toBe(true);
    expect(JSON.stringify(entries)).not.toMatch(/Ada|Worker \d|worker\d@/);
  });
});

const kills = Number(process.env.ROLLCALL_KILLS ?? 2);

describe('after kill -9', () => {
  it('nothing that was acknowledged is lost, and nothing stands in the lake twice', async () => {
    const place = await mkdtemp(join(tmpdir(), 'rollcall-kill-'));
    const first = await startServer({ folder: place, port: 0, log });
    const own = await tokenFor(first);
    await first.stop();
    const program = fileURLToPath(new URL('../dist/serve.js', import.meta.url));
    const begin = async (): Promise<{ child: ChildProcess; url: string }> => {
      const child = spawn(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `const { startServer } = await import(${JSON.stringify(program)});
           const { pino } = await import('pino');
           const s = await startServer({ folder: ${JSON.stringify(place)}, port: 0, log: pino({ level: 'silent' }) });
           console.log(s.url);`,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'], cwd: fileURLToPath(new URL('..', import.meta.url)) },
      );
      const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
      return { child, url: line.toString().trim() };
    };
    const acknowledged: string[] = [];
    let nth = 0;
    // Each takes a start of the whole server; bench/server/kill.mjs kills it ten times, under load, with its scans.
    for (let kill = 0; kill < kills; kill++) {
      const { child, url } = await begin();
      let over = false;
      let first = () => {};
      const acknowledges = new Promise<void>((resolve) => {
        first = resolve;
      });
      const until = 20 + ((kill * 7919) % 900);
      const senders = Array.from({ length: 4 }, async (_, sender) => {
        while (!over) {
          const ids = Array.from({ length: 40 }, () => `k-${sender}-${nth++}`);
          try {
            const answer = await fetch(`${url}/api/intake/okta-system-log`, {
              method: 'POST',
              headers: { authorization: `Bearer ${own}`, 'idempotency-key': ids[0] as string },
              body: lines(ids.map((id, i) => signIn(id, i))),
            });
            if (answer.status === 200 && ((await answer.json()) as { records: number }).records === 40) {
              acknowledged.push(...ids);
              first();
            }
          } catch {
            return;
          }
        }
      });
      // In the midst of its work, however long the machine took to come to it.
      await acknowledges;
      await new Promise((resolve) => setTimeout(resolve, until));
      child.kill('SIGKILL');
      await once(child, 'exit');
      over = true;
      await Promise.all(senders);
    }
    const last = await startServer({ folder: place, port: 0, log });
    try {
      await expect
        .poll(() => [last.services.intake.state().records, last.services.scans.state().running], {
          timeout: 180_000,
          interval: 500,
        })
        .toEqual([0, undefined]);
      const { rows } = await query(
        join(place, 'lake'),
        `SELECT event_uid, count(*) AS n FROM events WHERE source = 'okta-system-log' GROUP BY event_uid`,
      );
      const found = new Map(rows.map((row) => [String(row.event_uid), Number(row.n)]));
      expect([...found.values()].filter((n) => n !== 1)).toEqual([]);
      const there = new Set(
        [...found.keys()].map((uid) => uid.replace(/^okta-system-log:/, '').replace(/~.*$/, '')),
      );
      expect(acknowledged.length).toBeGreaterThanOrEqual(40 * kills);
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    } finally {
      await last.stop();
      await rm(place, { recursive: true, force: true });
    }
  }, 400_000);
});
