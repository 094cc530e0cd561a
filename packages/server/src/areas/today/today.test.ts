import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import { makeSight } from '../../access/sight.js';
import { casePeople, cases, standings } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import type { ExposurePart } from '../exposure/words.js';
import { areas } from '../index.js';
import { keepStandings } from './index.js';
import type { Today } from './words.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ result: sampleResult, sight: makeSight });
});
afterAll(() => server.close());

const pressing = sampleResult.people.filter((one) => one.band === 'urgent' || one.band === 'review');

it('says who is to be looked at and in no case, under pseudonyms', async () => {
  const { status, body } = await server.as('analyst')<Today>('GET', '/today');
  expect(status).toBe(200);
  expect(body.people.length + body.more).toBe(pressing.length);
  for (const person of pressing) expect(JSON.stringify(body.people)).not.toContain(person.name);
  expect(body.looked?.people).toBe(sampleResult.people.length);
});

it('leaves out whoever is in a case, open or asked for', async () => {
  const [one] = pressing;
  const { db } = server.services.store;
  const at = server.services.now();
  await db.insert(cases).values({
    id: 'c1',
    number: 1,
    title: 'A case',
    about: 'person',
    state: 'asked',
    playbook: 'employee',
    openedBy: 'somebody',
    openedAt: at,
    reason: 'A test',
  });
  await db
    .insert(casePeople)
    .values({ case: 'c1', person: one?.id ?? '', why: 'A test', addedBy: 'somebody', addedAt: at });
  const { body } = await server.as('analyst')<Today>('GET', '/today');
  expect(body.people.map((person) => person.id)).not.toContain(server.services.keys.handle(one?.id ?? ''));
  expect(body.people.length + body.more).toBe(pressing.length - 1);
});

it('shows nobody to those who open no cases', async () => {
  for (const role of ['admin', 'it', 'recruiter', 'auditor'] as const) {
    const { status, body } = await server.as(role)<Today>('GET', '/today');
    expect(status).toBe(200);
    expect(body.people).toEqual([]);
  }
  expect((await server.request('/api/today')).status).toBe(401);
});

it('sorts what waits by harm and by day, and says which part could not be asked', async () => {
  const rank = (await server.as('analyst')<Today>('GET', '/today')).body.waiting.map((one) => one.rank);
  expect(rank).toEqual([...rank].sort());
  const rings = areas.find((one) => one.name === 'rings');
  if (!rings) throw new Error('no rings');
  const broken = vi.spyOn(rings, 'waiting').mockRejectedValue(new Error('broken'));
  const { status, body } = await server.as('analyst')<Today>('GET', '/today');
  broken.mockRestore();
  expect(status).toBe(200);
  expect(body.failed).toContain('rings');
  expect(body.people.length).toBeGreaterThan(0);
});

it('knows since when somebody stands there, and keeps it when looked at again', async () => {
  await keepStandings(server.services);
  const before = await server.services.store.db.select().from(standings);
  expect(new Set(before.map((row) => row.person))).toEqual(new Set(pressing.map((one) => one.id)));
  server.at('2026-06-09T09:00:00.000Z');
  await keepStandings(server.services);
  expect(await server.services.store.db.select().from(standings)).toEqual(before);
  const { body } = await server.as('analyst')<Today>('GET', '/today?since=2020-01-01T00:00:00.000Z');
  expect(body.people.every((one) => one.since?.startsWith('2026-06-01'))).toBe(true);
  expect(body.changed.some((one) => one.to?.startsWith('#/people?band='))).toBe(true);
  const later = await server.as('analyst')<Today>('GET', '/today?since=2030-01-01T00:00:00.000Z');
  expect(later.body.changed).toEqual([]);
  expect((await server.as('analyst')('GET', '/today?since=yesterday')).status).toBe(400);
});

it('before the first scan nothing was looked at, and nothing fails', async () => {
  const empty = await testServer({ sight: makeSight });
  const { status, body } = await empty.as('analyst')<Today>('GET', '/today');
  expect(status).toBe(200);
  expect(body.looked).toBeUndefined();
  expect(body.people).toEqual([]);
  const exposure = await empty.as('it')<ExposurePart>('GET', '/exposure');
  expect(exposure.status).toBe(200);
  await empty.close();
});

it('exposure gathers what the parts know, veils people, and lets IT find the machine', async () => {
  const people = areas.find((one) => one.name === 'people');
  if (!people) throw new Error('no people');
  const [one] = sampleResult.people;
  people.exposures = async () => [
    {
      detection: 'made-up',
      title: 'Something is open',
      says: `Nobody asked ${one?.name}.`,
      why: 'A test',
      next: ['Ask'],
      sources: [],
      count: 1,
      evidence: { columns: ['person', 'device'], rows: [[one?.id ?? '', 'LAP-1042']], total: 1 },
    },
  ];
  const analyst = await server.as('analyst')<ExposurePart>('GET', '/exposure');
  const it_ = await server.as('it')<ExposurePart>('GET', '/exposure');
  people.exposures = async () => {
    throw new Error('broken');
  };
  const broken = await server.as('analyst')<ExposurePart>('GET', '/exposure');
  delete people.exposures;
  for (const { body } of [analyst, it_]) {
    expect(JSON.stringify(body)).not.toContain(one?.name);
    expect(JSON.stringify(body)).toContain(server.services.sight.pseudonym(one?.id ?? ''));
  }
  expect(JSON.stringify(analyst.body)).not.toContain('LAP-1042');
  expect(JSON.stringify(it_.body)).toContain('LAP-1042');
  expect(it_.body.elsewhere.people).toEqual([]);
  expect(broken.body.failed).toEqual(['people']);
  expect((await server.as('recruiter')('GET', '/exposure')).status).toBe(403);
});
