import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContent, scan } from '@rollcall/engine';
import { readDecisions } from '@rollcall/engine/links/index.js';
import { policySchema } from '@rollcall/engine/model/policy.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../store/schema.js';
import { snapshotOf, type TestServer, testServer } from '../../testing.js';
import { falseShare, recordVerdict, verdictCounts } from './verdicts.js';
import type { DetectionAnswer, DetectionList, Draft, Findings, Snooze, Trial } from './words.js';

const roster = `Employee ID,Legal Name,Work Email,Home Phone,Home Address Line 1,Home City,Home State,Home Postal Code,Home Country,Hire Date,Worker Type,Business Title,Work Arrangement
E100,Ada Example,ada@example.com,(614) 555-0101,12 Birch Street,Columbus,OH,43004,US,2026-01-01,Regular,Engineer,Remote
E101,Bo Sample,bo@example.com,(614) 555-0102,9 Oak Ave,Columbus,OH,43004,US,2026-01-15,Regular,Designer,Remote
E102,Cy Muster,cy@example.com,(614) 555-0103,10 Elm Ave,Columbus,OH,43004,US,2025-03-15,Regular,Designer,Remote
`;
const pay = `Employee ID,Effective Date,Changed On,Routing Number,Account Number,Account Holder,Bank Name,Changed By
E100,2026-04-01,2026-04-01 09:00:00,000000019,1234509876,,Example Bank,Payroll
E101,2026-04-05,2026-04-05 09:00:00,000000019,1234509876,,Example Bank,Payroll
`;
const shared = 'two-people-paid-into-one-account';
const draft = (query = 'SELECT person_id FROM people WHERE remote') => `title: Works from home
why: Only a test.
sources: [ROLLCALL]
about: person
facet: test-facet
needs: [people]
query: ${JSON.stringify(query)}
says: "Works from home."
weight: { if_not: [0.5, 0.9], if_honest: 0.05, source: test }
innocent: [many do]
fairness: none
next: [nothing]
tests:
  - name: remote
    people: [{ person_id: p1, remote: true }]
    expect: [{ person_id: p1 }]
  - name: at the office
    people: [{ person_id: p1, remote: false }]
    expect: []
`;

let server: TestServer;
let analyst: ReturnType<TestServer['as']>;
/** Another analyst. */
const other = async (method: string, path: string, body?: unknown) => {
  const response = await server.request(`/api${path}`, {
    method,
    headers: { 'x-test-roles': 'analyst', 'x-test-user': 'user-second', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Draft & { code?: string } };
};
const actions = async () =>
  (await server.services.store.db.select().from(audit)).map((one) => `${one.action} ${one.subject}`);

beforeAll(async () => {
  server = await testServer();
  analyst = server.as('analyst');
  const { services } = server;
  const exports = join(services.folder, 'exports');
  await mkdir(exports);
  await writeFile(join(exports, 'people.csv'), roster);
  await writeFile(join(exports, 'pay.csv'), pay);
  const result = await scan({
    folder: exports,
    lake: services.lake,
    content: services.content,
    policy: policySchema.parse({}),
    now: services.now(),
    asOf: services.now(),
    threads: 1,
  });
  const snapshot = snapshotOf(result, services.keys.handle);
  services.results = { current: () => snapshot };
  await copyFile(join(exports, 'people.csv'), join(services.folder, 'untouched.csv'));
});
afterAll(() => server.close());

describe('detections', () => {
  it('are listed with how often they fire, their state and what people said of them, and without people', async () => {
    const { status, body } = await analyst<DetectionList>('GET', '/detections');
    expect(status).toBe(200);
    const one = body.detections.find(({ id }) => id === shared);
    expect(one).toMatchObject({ state: 'ran', people: 2, from: 'ours', verdicts: { useful: 0 } });
    expect(one?.weeks?.reduce((sum, n) => sum + n, 0)).toBe(2);
    expect(body.detections.some(({ state, enabledBy }) => state === 'blocked' && enabledBy.length > 0)).toBe(
      true,
    );
    const text = JSON.stringify(body);
    for (const hidden of ['Ada', 'Bo Sample', 'E100', server.services.keys.handle('E100')])
      expect(text).not.toContain(hidden);
  });

  it('tell one wholly, with its tests, and refuse one that is not there', async () => {
    const { body } = await analyst<DetectionAnswer>('GET', `/detections/${shared}`);
    expect(body.query).toContain('bank_account');
    expect(body.tests.some((test) => test.fires === 0)).toBe(true);
    expect(body.innocent.length).toBeGreaterThan(0);
    expect((await analyst('GET', '/detections/nothing')).status).toBe(404);
    expect((await analyst('GET', `/detections/${encodeURIComponent('../../etc')}`)).status).toBe(404);
  });

  it('say whom they found under pseudonyms, on record, and only to who may see people', async () => {
    const { body } = await analyst<Findings>('GET', `/detections/${shared}/people`);
    expect(body.total).toBe(2);
    expect(body.findings.map((one) => one.handle).sort()).toEqual(
      ['E100', 'E101'].map(server.services.keys.handle).sort(),
    );
    expect(body.findings.every((one) => one.name.startsWith('Person '))).toBe(true);
    expect(await actions()).toContain(`detection.people detection:${shared}`);
    expect((await server.as('auditor')('GET', `/detections/${shared}/people`)).status).toBe(403);
    expect((await server.as('recruiter')('GET', '/detections')).status).toBe(403);
  });

  it('show which public advice is followed', async () => {
    const { body } = await analyst<{ counts: { advice: number }; sources: unknown[] }>('GET', '/coverage');
    expect(body.counts.advice).toBeGreaterThan(50);
    expect(body.sources.length).toBeGreaterThan(3);
  });
});

describe('verdicts', () => {
  it('count the last word on each person, with how sure the share is', async () => {
    const person = server.services.keys.handle('E100');
    for (const verdict of ['useful', 'innocent'])
      expect((await analyst('POST', `/detections/${shared}/verdicts`, { person, verdict })).status).toBe(200);
    const { db } = server.services.store;
    await recordVerdict(db, {
      detection: shared,
      person: 'E101',
      verdict: 'useful',
      by: 'user-case',
      at: new Date('2026-06-02T00:00:00Z'),
      case: 'c1',
    });
    expect((await verdictCounts(db)).get(shared)).toEqual({ useful: 1, innocent: 1, wrong: 0 });
    const { body } = await analyst<DetectionList>('GET', '/detections');
    expect(body.detections.find(({ id }) => id === shared)?.falseShare).toMatchObject({ share: 0.5, of: 2 });
    expect(falseShare({ useful: 0, innocent: 0, wrong: 0 })).toBeUndefined();
    expect(await actions()).toContain(`finding.verdict person:${person}`);
  });

  it('are refused where there is no finding, and from who may not', async () => {
    const given = { person: server.services.keys.handle('E102'), verdict: 'wrong' };
    expect((await analyst('POST', `/detections/${shared}/verdicts`, given)).status).toBe(404);
    expect(
      (await analyst('POST', `/detections/${shared}/verdicts`, { ...given, verdict: 'guilty' })).status,
    ).toBe(400);
    expect((await server.as('counsel')('POST', `/detections/${shared}/verdicts`, given)).status).toBe(403);
  });
});

describe('a snooze', () => {
  it('is an explanation in the lake, for 90 days at most, and can be ended early', async () => {
    const person = server.services.keys.handle('E101');
    const ask = (more: object) =>
      analyst<{ id: string; code?: string }>('POST', `/detections/${shared}/snoozes`, {
        person,
        reason: 'payroll had mistyped a digit',
        until: '2026-07-01',
        ...more,
      });
    expect((await ask({ until: '2026-12-01' })).body.code).toBe('DAY_INVALID');
    expect((await ask({ until: '2026-05-01' })).body.code).toBe('DAY_INVALID');
    expect((await ask({ reason: '' })).status).toBe(400);
    expect((await ask({ person: server.services.keys.handle('E102') })).body.code).toBe('NO_FINDING');
    const { status, body } = await ask({});
    expect(status).toBe(200);
    const [decision] = await readDecisions(server.services.lake);
    expect(decision).toMatchObject({
      kind: 'explanation.confirm',
      by: 'user-analyst',
      what: { explanation: { kind: 'snooze', people: ['E101'], detections: [shared], until: '2026-07-01' } },
    });
    expect((await ask({})).body.code).toBe('SNOOZED');
    const listed = await analyst<{ snoozes: Snooze[] }>('GET', '/snoozes');
    expect(listed.body.snoozes).toMatchObject([{ handle: person, state: 'in force' }]);
    expect((await server.as('counsel')('POST', `/snoozes/${body.id}/end`, { reason: 'enough' })).status).toBe(
      403,
    );
    expect((await analyst('POST', `/snoozes/${body.id}/end`, { reason: 'it was no typo' })).status).toBe(200);
    expect((await analyst('POST', `/snoozes/${body.id}/end`, { reason: 'again' })).status).toBe(404);
    const after = await analyst<{ snoozes: Snooze[] }>('GET', '/snoozes');
    expect(after.body.snoozes[0]?.state).toBe('ended');
  });
});

describe('a draft', () => {
  const begin = (text: string, name = 'works-from-home') =>
    analyst<Draft>('POST', '/drafts', { name, stage: 'employed', text });

  it('is tried, asked for, and switched on by a second person only; then it is content', async () => {
    const { body: made } = await begin(draft());
    expect(made).toMatchObject({ state: 'draft', problems: [], tried: false });
    const early = await analyst('POST', `/drafts/${made.id}/ask`, { reason: 'useful' });
    expect(early).toMatchObject({ status: 409, body: { code: 'NOT_TRIED' } });
    const { body: trial, status } = await analyst<Trial>('GET', `/drafts/${made.id}/trial`);
    expect(status).toBe(200);
    expect(trial).toMatchObject({ people: 2, sound: true, rates: [{ seenIn: 3, outOf: 3 }] });
    expect(trial.overlap.find((one) => one.id === shared)).toMatchObject({ both: 2, people: 2 });
    expect(JSON.stringify(trial)).not.toMatch(/Ada|Birch|E100/);
    expect((await other('POST', `/drafts/${made.id}/ask`, { reason: 'useful' })).body.code).toBe(
      'NOT_AUTHOR',
    );
    const { body: asked } = await analyst<Draft>('POST', `/drafts/${made.id}/ask`, { reason: 'useful' });
    expect(asked.state).toBe('asked');

    const yes = { reason: 'read it, tried it', sha256: asked.sha256 };
    expect((await analyst<Draft>('POST', `/drafts/${made.id}/on`, yes)).body).toMatchObject({
      code: 'FOUR_EYES',
    });
    expect((await other('POST', `/drafts/${made.id}/on`, { ...yes, sha256: '0'.repeat(64) })).body.code).toBe(
      'CHANGED',
    );
    expect((await server.as('admin')('POST', `/drafts/${made.id}/on`, yes)).status).toBe(403);
    expect((await other('POST', `/drafts/${made.id}/on`, yes)).body.state).toBe('on');

    const own = join(server.services.folder, 'content-own', 'detections');
    expect(await readFile(join(own, 'employed', 'works-from-home.yml'), 'utf8')).toBe(draft());
    const content = await loadContent(undefined, { withoutTests: true, own });
    expect(content.detections.some((one) => one.id === 'works-from-home' && one.own)).toBe(true);
    expect(server.services.content.detections.some((one) => one.id === 'works-from-home')).toBe(true);
    // Another of the same name is refused while it is on.
    expect((await begin(draft())).body.problems[0]?.says).toContain('already');
    expect((await analyst('DELETE', `/drafts/${made.id}`)).status).toBe(409);
    expect((await analyst<Draft>('POST', `/drafts/${made.id}/off`, { reason: 'too many' })).body.state).toBe(
      'off',
    );
    await expect(readFile(join(own, 'employed', 'works-from-home.yml'))).rejects.toThrow();
    expect(server.services.content.detections.some((one) => one.id === 'works-from-home')).toBe(false);
    expect(await actions()).toEqual(
      expect.arrayContaining([
        `draft.try draft:${made.id}`,
        `draft.on draft:${made.id}`,
        `draft.off draft:${made.id}`,
      ]),
    );
  });

  it('makes whoever changes it last its author, so that nobody decides on their own words', async () => {
    const { body: made } = await begin(draft(), 'also-works-from-home');
    await other('PUT', `/drafts/${made.id}`, {
      name: 'also-works-from-home',
      stage: 'employed',
      text: draft().replace('many do', 'nearly all do'),
    });
    await other('GET', `/drafts/${made.id}/trial`);
    const { body: asked } = await other('POST', `/drafts/${made.id}/ask`, { reason: 'useful' });
    expect(
      (await other('POST', `/drafts/${made.id}/on`, { reason: 'mine', sha256: asked.sha256 })).body.code,
    ).toBe('FOUR_EYES');
    expect((await analyst<Draft>('POST', `/drafts/${made.id}/back`, { reason: 'say more' })).body.state).toBe(
      'draft',
    );
    const waiting = await import('./index.js').then(({ area }) =>
      area.waiting?.({ id: 'user-x', name: '', email: '', roles: ['analyst'] }, server.services),
    );
    expect(waiting).toEqual([]);
  });

  it('tells what is wrong with line and reason, and reaches nothing of the server', async () => {
    expect((await begin('title: [', 'broken')).body.problems[0]).toMatchObject({ line: expect.any(Number) });
    const wall = await begin(draft('SELECT person_id, nationality FROM people'), 'walled');
    expect(wall.body.problems[0]?.says).toContain('behind the wall');
    expect((await analyst('GET', `/drafts/${wall.body.id}/trial`)).status).toBe(422);
    const file = join(server.services.folder, 'untouched.csv');
    const thief = await begin(draft(`SELECT * FROM read_csv('${file}')`), 'thief');
    const { body } = await analyst<Trial>('GET', `/drafts/${thief.body.id}/trial`);
    expect(body.sound).toBe(false);
    expect(JSON.stringify(body)).not.toContain('Birch');
    for (const name of ['../evil', 'Up', 'a b', '']) expect((await begin(draft(), name)).status).toBe(400);
    expect((await analyst('GET', '/drafts/not-an-id/trial')).status).toBe(400);
    expect((await server.as('auditor')('POST', '/drafts', {})).status).toBe(403);
    await rm(file);
  });
});
