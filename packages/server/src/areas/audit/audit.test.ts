import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../../audit/verify.js';
import { auditHead } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { area } from './index.js';
import type { Look, Page } from './words.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  const { services } = server;
  for (let i = 1; i <= 250; i++) {
    server.at(new Date(Date.UTC(2026, 5, 1 + Math.floor(i / 100), 9)).toISOString());
    await services.audit.append(services.store.db, {
      actor: i % 2 ? 'user-analyst' : 'system',
      action: i % 5 ? 'person.view' : 'case.open',
      subject: i % 5 ? `person:p${i}` : `case:${i}`,
      detail: { i, hostile: '<img src=x onerror=alert(1)>' },
    });
  }
});
afterAll(() => server?.close());
const read = async (query = '') => (await server.as('auditor')<Page>('GET', `/audit${query}`)).body;

test('newest first, a hundred at a time, to the oldest', async () => {
  const first = await read();
  expect(first.entries.map((entry) => entry.number)).toEqual(Array.from({ length: 100 }, (_, i) => 250 - i));
  expect(first.head.number).toBe(250);
  const second = await read(`?before=${first.older}`);
  const third = await read(`?before=${second.older}`);
  expect(third.entries.map((entry) => entry.number)).toEqual(Array.from({ length: 50 }, (_, i) => 50 - i));
  expect(third.older).toBeUndefined();
});

test('by account, action or its beginning, subject and day', async () => {
  expect((await read('?actor=system')).entries.every((entry) => entry.actor === 'system')).toBe(true);
  expect((await read('?action=case.')).entries).toHaveLength(50);
  expect((await read('?action=case')).entries).toHaveLength(0);
  expect((await read('?action=%25.')).entries).toHaveLength(0);
  expect((await read('?subject=person:p7')).entries.map((entry) => entry.number)).toEqual([7]);
  expect((await read('?day=2026-06-03')).entries).toHaveLength(51);
  expect((await read("?actor=' OR true --")).entries).toEqual([]);
  for (const bad of ['?day=yesterday', '?before=-1', '?before=x', '?day=2026-02-31'])
    expect((await server.as('auditor')('GET', `/audit${bad}`)).status, bad).toBe(400);
});

test('only for auditors and counsel', async () => {
  for (const path of ['/audit', '/audit/look', '/audit/export'])
    for (const role of ['admin', 'analyst', 'recruiter', 'hr', 'it'] as const)
      expect((await server.as(role)('GET', path)).status).toBe(403);
  expect((await server.request('/api/audit')).status).toBe(401);
  expect((await server.as('counsel')('GET', '/audit')).status).toBe(200);
});

test('the export is the chain, as a file, and is itself an entry', async () => {
  const response = await server.request('/api/audit/export', { headers: { 'x-test-roles': 'auditor' } });
  expect(response.headers.get('content-disposition')).toContain('attachment');
  const lines = (await response.text()).split('\n');
  expect((await verify(lines)).broken).toBeUndefined();
  expect((await read()).entries[0]).toMatchObject({ action: 'audit.export', actor: 'user-auditor' });
});

test('looking through the chain: asked for, done in the background, shown; a broken one waits for somebody', async () => {
  const { services } = server;
  const look = async () => (await server.as('auditor')<Look>('GET', '/audit/look')).body;
  expect(await look()).toMatchObject({ entries: 0, underWay: false });
  expect((await server.as('auditor')('POST', '/audit/look')).status).toBe(200);
  expect(server.asked).toContainEqual({ kind: 'audit-look', payload: {} });
  await area.work?.['audit-look']?.({}, services);
  const seen = await look();
  expect(seen.broken).toBeUndefined();
  expect(seen.head).toBe((await read()).head.hash);
  const auditor = { id: 'user-auditor', name: '', email: '', roles: ['auditor'] as const };
  expect(await area.waiting?.(auditor, services)).toEqual([]);
  // Somebody with the database in their hands takes the last entries out.
  const { sql } = await import('drizzle-orm');
  await services.store.db.execute(sql`ALTER TABLE audit DISABLE TRIGGER USER`);
  await services.store.db.execute(sql`DELETE FROM audit WHERE number > 240`);
  await services.store.db.execute(sql`ALTER TABLE audit ENABLE TRIGGER USER`);
  await area.work?.['audit-look']?.({}, services);
  expect((await look()).broken?.line).toBe(241);
  expect(await area.waiting?.(auditor, services)).toMatchObject([{ to: '#/audit', rank: 0 }]);
  expect(await area.waiting?.({ ...auditor, roles: ['analyst'] }, services)).toEqual([]);
  // Also if they set back where the chain stands: what was seen last time is gone.
  await services.store.db.update(auditHead).set({ number: 240, hash: (await read()).entries[0]?.hash ?? '' });
  await services.store.transaction((db) =>
    services.settings.set(db, 'audit.look', { ...seen, at: '2026-06-03T09:00:00.000Z' }),
  );
  await area.work?.['audit-look']?.({}, services);
  expect((await look()).broken?.why).toContain('cut off');
});
