import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { audit } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { harmless } from './tables.js';
import type { FactPage, Facts } from './words.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());
const row = {
  product: 'Example Mover',
  match_kind: 'process',
  pattern: 'examplemover.exe',
  platform: 'windows',
  note: '',
  source: 'seen at our help desk',
  as_of: '2026-05-20',
};

it('lists tables with age, licence and what reads them', async () => {
  const { body } = await server.as('it')<Facts>('GET', '/facts');
  const one = body.facts.find(({ id }) => id === 'jigglers');
  expect(one).toMatchObject({ own: 0, stale: false });
  expect(one?.licence).toBeTruthy();
  expect(one?.readBy.length).toBeGreaterThan(0);
  server.at('2031-01-01T00:00:00Z');
  const later = await server.as('it')<Facts>('GET', '/facts');
  expect(later.body.facts.find(({ id }) => id === 'jigglers')?.stale).toBe(true);
  server.at('2026-06-01T09:00:00Z');
  expect((await server.as('recruiter')('GET', '/facts')).status).toBe(403);
});

it('adds a row of the company’s own, finds it, and takes it away again', async () => {
  const analyst = server.as('analyst');
  expect((await analyst('POST', '/facts/jigglers/rows', { cells: { ...row, source: ' ' } })).status).toBe(
    422,
  );
  expect((await analyst('POST', '/facts/jigglers/rows', { cells: { ...row, as_of: 'May' } })).status).toBe(
    422,
  );
  expect((await analyst('POST', '/facts/jigglers/rows', { cells: { ...row, salary: '1' } })).status).toBe(
    422,
  );
  expect(
    (await analyst('POST', '/facts/jigglers/rows', { cells: { ...row, product: '=HYPERLINK("x")' } })).status,
  ).toBe(422);
  expect((await server.as('it')('POST', '/facts/jigglers/rows', { cells: row })).status).toBe(403);
  expect((await analyst('POST', '/facts/jigglers/rows', { cells: row })).status).toBe(200);
  expect(await readFile(join(server.services.folder, 'facts-own', 'jigglers.csv'), 'utf8')).toContain(
    'Example Mover',
  );
  const { body } = await analyst<FactPage>('GET', '/facts/jigglers?q=example%20MOVER');
  expect(body.rows).toMatchObject([{ own: true }]);
  expect(body.rows[0]?.cells).toContain('your own: seen at our help desk');
  expect((await analyst<FactPage>('GET', '/facts/jigglers?own=yes')).body.total).toBe(1);
  expect(body.fact.own).toBe(1);
  const cells = Object.fromEntries(body.columns.map(({ name }, at) => [name, body.rows[0]?.cells[at] ?? '']));
  // What ships is not taken away.
  const ours = (await analyst<FactPage>('GET', '/facts/jigglers')).body.rows.find((one) => !one.own);
  const shipped = Object.fromEntries(body.columns.map(({ name }, at) => [name, ours?.cells[at] ?? '']));
  expect((await analyst('POST', '/facts/jigglers/withdraw', { cells: shipped })).status).toBe(409);
  expect((await analyst('POST', '/facts/jigglers/withdraw', { cells })).status).toBe(200);
  expect((await analyst<FactPage>('GET', '/facts/jigglers?own=yes')).body.total).toBe(0);
  const entries = (await server.services.store.db.select().from(audit)).map((one) => one.action);
  expect(entries).toEqual(['facts.add', 'facts.withdraw']);
});

it('pages, and refuses what is no table', async () => {
  const analyst = server.as('analyst');
  const first = await analyst<FactPage>('GET', '/facts/common-values');
  expect(first.body.rows.length).toBeLessThanOrEqual(100);
  expect((await analyst<FactPage>('GET', '/facts/common-values?page=99999')).status).toBe(200);
  expect((await analyst('GET', '/facts/nothing')).status).toBe(404);
  expect((await analyst('GET', `/facts/${encodeURIComponent('../keys')}`)).status).toBe(400);
  expect((await analyst('GET', '/facts/jigglers?page=0')).status).toBe(400);
});

it('exports CSV that a spreadsheet does not run', async () => {
  // A row that stood there before such cells were refused when they are added.
  const folder = join(server.services.folder, 'facts-own');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'jigglers.csv'),
    `${Object.keys(row).join(',')}\nMover,process,mover12.exe,windows,-1+1,x,2026-05-20\n`,
  );
  const response = await server.request('/api/facts/jigglers/export', {
    headers: { 'x-test-roles': 'analyst' },
  });
  expect(response.headers.get('content-disposition')).toContain('attachment');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const text = await response.text();
  expect(text).toContain(",'-1+1,");
  expect(text).not.toMatch(/(^|,)"?[=+\-@\t]/m);
  expect(['=1', '+1', '-1', '@a', '\tx', '\rx', 'a'].map(harmless)).toEqual([
    "'=1",
    "'+1",
    "'-1",
    "'@a",
    "'\tx",
    "'\rx",
    'a',
  ]);
});
