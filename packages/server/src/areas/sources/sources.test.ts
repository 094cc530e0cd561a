import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import { Refusal } from '../../model/refusal.js';
import { batches, batchFiles, batchRejects } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { freshness } from './freshness.js';
import { area } from './index.js';
import type { Files, Overview, Rejects, UntiedPage } from './words.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ result: sampleResult });
  const { db } = server.services.store;
  const at = (hour: number) => new Date(Date.UTC(2026, 4, 31, hour));
  const file = {
    hidden: false,
    recognised: 'Okta system log',
    format: 'JSON lines',
    bytes: 1000,
    unused: 0,
    problem: null,
  };
  for (let hour = 0; hour < 6; hour++) {
    await db.insert(batches).values({
      number: hour + 1,
      startedAt: at(hour),
      finishedAt: at(hour),
      deliveries: 1,
      records: 10,
      files: 0,
      bytes: 1000,
    });
    await db.insert(batchFiles).values({
      ...file,
      batch: hour + 1,
      file: 'records/okta-system-log.ndjson',
      connector: 'okta-system-log',
      received: 10,
      firstAt: at(hour),
      lastAt: at(hour),
      read: 10,
      kept: 7,
      duplicate: 2,
      rejected: 1,
    });
  }
  await db.insert(batchFiles).values([
    {
      ...file,
      batch: 6,
      file: 'files/CV Ada Example.pdf',
      hidden: true,
      connector: 'resume-files',
      recognised: 'Résumé files',
      received: null,
      firstAt: at(5),
      lastAt: at(5),
      read: 1,
      kept: 1,
      duplicate: 0,
      rejected: 0,
    },
    {
      ...file,
      batch: 6,
      file: 'files/odd.csv',
      connector: null,
      received: null,
      firstAt: at(5),
      lastAt: at(5),
      read: 3,
      kept: 1,
      duplicate: 0,
      rejected: 0,
      problem: 'nobody knows it',
    },
  ]);
  await db.insert(batchRejects).values([
    { batch: 6, nth: 0, file: 'records/okta-system-log.ndjson', line: 4, reason: 'no time that can be read' },
    { batch: 6, nth: 1, file: 'files/CV Ada Example.pdf', line: 1, reason: 'damaged' },
  ]);
});
afterAll(() => server.close());

describe('sources', () => {
  it('are accounted for, and what does not add up is said', async () => {
    const { body } = await server.as('it')<Overview>('GET', '/sources');
    expect(body.sum).toMatchObject({
      files: 8,
      read: 64,
      kept: 44,
      duplicate: 12,
      rejected: 6,
      wrong: 1,
      problems: 1,
    });
    const okta = body.sources.find((one) => one.source === 'okta-system-log');
    expect(okta).toMatchObject({ kept: 42, duplicate: 12, rejected: 6, usualGapSeconds: 3600 });
  });

  it('that have been silent for much longer than usual are stalled, and wait for somebody on Today', async () => {
    server.at('2026-05-31T06:30:00Z');
    const quiet = await server.as('it')<Overview>('GET', '/sources');
    expect(quiet.body.sources.map((one) => one.stalled)).toEqual([false, false]);
    server.at('2026-05-31T20:00:00Z');
    const late = await server.as('it')<Overview>('GET', '/sources');
    expect(late.body.sources.filter((one) => one.stalled).map((one) => one.source)).toEqual([
      'okta-system-log',
    ]);
    const user = { id: 'u', name: '', email: '', roles: ['it'] as const };
    const waits = (await area.waiting?.(user, server.services)) ?? [];
    expect(waits.map((one) => one.id)).toEqual(['okta-system-log']);
    expect(waits[0]?.why).toContain('every hour');
    expect(await area.waiting?.({ ...user, roles: ['recruiter'] }, server.services)).toEqual([]);
    expect(await area.waiting?.({ ...user, roles: ['auditor'] }, server.services)).toEqual([]);
  });

  it('show no name of a person in the name of a file', async () => {
    const files = await server.as('auditor')<Files>('GET', '/sources/files');
    const rejects = await server.as('auditor')<Rejects>('GET', '/sources/rejects');
    expect(files.body.total).toBe(8);
    expect(rejects.body.total).toBe(2);
    expect(JSON.stringify([files.body, rejects.body])).not.toContain('Ada');
    expect(files.body.files.some((file) => file.file === 'a document (pdf)')).toBe(true);
  });

  it('say which files of the watched folder were not taken, without names of people', async () => {
    const { intake } = server.services;
    const { state } = intake;
    intake.state = () => ({
      ...state(),
      aside: [
        { file: 'hr/roster.csv', why: 'it is empty', at: '2026-05-31T06:00:00Z' },
        { file: 'hr/Ada Example.png', why: 'it is empty', at: '2026-05-31T06:00:00Z' },
      ],
    });
    const { body } = await server.as('it')<Overview>('GET', '/sources');
    intake.state = state;
    expect(body.aside.map((one) => one.file)).toEqual(['hr/roster.csv', 'a document (png)']);
  });

  it('say that the disk is full, and so does the answer on health', async () => {
    const { intake } = server.services;
    const { room } = intake;
    const health = () => server.request('/api/health').then((answer) => answer.json());
    expect((await server.as('it')<Overview>('GET', '/sources')).body.full).toBe(false);
    intake.room = async () => {
      throw new Refusal(503, 'DISK_FULL', 'full');
    };
    expect((await server.as('it')<Overview>('GET', '/sources')).body.full).toBe(true);
    expect(await health()).toMatchObject({
      up: true,
      ready: false,
      reasons: [expect.stringContaining('disk')],
    });
    intake.room = room;
    expect(await health()).toMatchObject({ ready: true, reasons: [] });
  });

  it('tell a program without a valid token what it lacks', async () => {
    const answer = await server.request('/api/intake/okta-system-log', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ title: expect.stringContaining('token') });
  });

  it('can be narrowed to one, and to those with problems', async () => {
    const one = await server.as('admin')<Files>('GET', '/sources/files?source=okta-system-log');
    expect(one.body.total).toBe(6);
    const problems = await server.as('admin')<Files>('GET', '/sources/files?only=problems&page=1');
    expect(problems.body.files.every((file) => file.problem || file.rejected > 0)).toBe(true);
    expect((await server.as('admin')('GET', '/sources/files?page=0')).status).toBe(400);
    expect(
      (await server.as('admin')('GET', "/sources/files?source=x'%3BDROP TABLE work")).body,
    ).toMatchObject({
      total: 0,
    });
  });

  it('show what could not be tied only to those who hand it in, and record who looked', async () => {
    const seen = await server.as('analyst')<UntiedPage>('GET', '/sources/untied');
    const counted = await server.as('auditor')<UntiedPage>('GET', '/sources/untied');
    expect(seen.body.untied.length).toBe(counted.body.untied.length);
    expect(seen.body.untied.every((one) => one.value !== undefined)).toBe(true);
    expect(counted.body.untied.every((one) => one.value === undefined)).toBe(true);
    const entries = await server.services.store.db.query.audit.findMany();
    expect(entries.filter((entry) => entry.action === 'sources.untied')).toHaveLength(2);
  });

  it('are closed to those whose work they are not', async () => {
    for (const role of ['recruiter', 'counsel'] as const)
      expect((await server.as(role)('GET', '/sources')).status).toBe(403);
    expect((await server.as('auditor')('POST', '/sources/scan', {})).status).toBe(403);
    expect((await server.as('recruiter')('POST', '/sources/files')).status).toBe(403);
    expect((await server.as('it')('POST', '/sources/scan', {})).body).toEqual({ asked: true });
  });
});

describe('freshness', () => {
  const minutes = (...list: number[]) => list.map((minute) => new Date(minute * 60_000));
  it('says nothing of what is usual before there were enough arrivals', () => {
    expect(freshness(minutes(0, 60, 120), new Date(9e9))).toMatchObject({ stalled: false });
    expect(freshness(minutes(0, 60, 120), new Date(9e9)).usualGapSeconds).toBeUndefined();
  });
  it('takes a weekend that happened before for no stall', () => {
    const arrivals = minutes(0, 60, 120, 180, 4000, 4060, 4120);
    expect(freshness(arrivals, new Date((4120 + 3000) * 60_000)).stalled).toBe(false);
    expect(freshness(arrivals, new Date((4120 + 3900) * 60_000)).stalled).toBe(true);
  });
  it('does not depend on the order, nor on several in one second', () => {
    const arrivals = minutes(180, 0, 0, 120, 60);
    expect(freshness(arrivals, new Date(200 * 60_000))).toEqual(
      freshness([...arrivals].reverse(), new Date(200 * 60_000)),
    );
    expect(freshness(arrivals, new Date(200 * 60_000)).usualGapSeconds).toBe(3600);
  });
});
