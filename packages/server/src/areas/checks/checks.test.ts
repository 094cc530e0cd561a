import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import type { PersonRow } from '../../model/services.js';
import { audit, checks, checkWords } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { draw, promiseOf } from './draw.js';
import { formsOf } from './forms.js';
import { area } from './index.js';
import type { CheckList, CheckPageData, Continuity, DrawData } from './words.js';

let server: TestServer;
const hostile = '<img src=x onerror=alert(1)> =cmd|';
const person = (id: string, more: Partial<PersonRow> = {}): PersonRow => ({
  id,
  handle: '',
  name: `Ana Sample${id}`,
  stage: 'employed',
  engagement: 'employee',
  remote: true,
  band: 'clear',
  bits: -10,
  facets: 0,
  signals: 0,
  startedAt: '2024-01-08T00:00:00Z',
  ...more,
});

/** The handle of somebody: handles of the test's people are those of the server's keys. */
const h = (id: string) => server.services.keys.handle(id);

beforeAll(async () => {
  server = await testServer({ result: { ...sampleResult, people: [] }, others: [] });
  const people = [
    person('E1'),
    person('E2', { name: hostile }),
    person('E3', { startedAt: '2026-06-01T00:00:00Z' }),
    person('E4', { stage: 'onboarding', startedAt: '2026-06-08T00:00:00Z' }),
    person('E5', { remote: false }),
    person('E6', { stage: 'left' }),
    person('A1', { stage: 'offer', startedAt: undefined as never }),
  ].map((row) => ({ ...row, handle: server.services.keys.handle(row.id) }));
  const byKey = new Map(people.flatMap((row) => [[row.id, row] as const, [row.handle, row] as const]));
  server.services.results.current = () => ({
    number: 1,
    asOf: '2026-06-01T00:00:00Z',
    finishedAt: '2026-06-01T00:00:00Z',
    head: { ...sampleResult, people: [] },
    people,
    row: (key) => byKey.get(key),
    person: async () => undefined,
    ring: () => undefined,
  });
});
afterAll(() => server.close());

async function ask(form: string, of: string, more: object = {}): Promise<string> {
  const { status, body } = await server.as('hr')<{ id: string }>('POST', '/checks', {
    form,
    person: h(of),
    ...more,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.id;
}
const record = (roles: Parameters<TestServer['as']>, id: string, answers: object, more: object = {}) =>
  server.as(...roles)<{ state: string; outcome?: string; code?: string; title?: string }>(
    'POST',
    `/checks/${id}/outcome`,
    { answers, ...more },
  );
const lastTaken = () =>
  server.taken.at(-1)?.records as { check: string; outcome: string; by: string; employee_id: string }[];

describe('a check', () => {
  it('is asked for, done by its form, and becomes evidence that counts for the person', async () => {
    const id = await ask('first-check-in', 'E1');
    const page = await server.as('it')<CheckPageData>('GET', `/checks/${id}`);
    expect(page.body.may.record).toBe(true);
    expect(page.body.check.about).toMatchObject({ says: 'Ana SampleE1', open: true });
    const { body } = await record(['it'], id, { near: 'near', distance: 12 });
    expect(body).toEqual({ state: 'done', outcome: 'success' });
    expect(server.taken.at(-1)?.source).toBe('checks');
    expect(lastTaken()).toEqual([
      expect.objectContaining({
        employee_id: 'E1',
        check: 'device_location',
        outcome: 'passed',
        by: 'Account user-it',
      }),
    ]);
    const after = await server.as('analyst')<CheckPageData>('GET', `/checks/${id}`);
    expect(after.body.check.about.open).toBe(false);
    expect(after.body.check.expiresAt).toBe('2026-09-29T09:00:00.000Z');
    expect(after.body.words[0]?.answers).toEqual([]);
  });

  it('counts against somebody as well, and for nothing where nobody knows', async () => {
    const far = await ask('first-check-in', 'E2');
    expect((await record(['it'], far, { near: 'far' })).body.outcome).toBe('failure');
    expect(lastTaken()[0]).toMatchObject({ outcome: 'failed' });
    const unknown = await ask('first-check-in', 'E2');
    expect((await record(['it'], unknown, { near: 'unknown' })).body.outcome).toBe('unknown');
    expect(lastTaken()[0]).toMatchObject({ outcome: 'no answer' });
  });

  it('done in an agreed other way is held against nobody', async () => {
    const id = await ask('interview-on-camera', 'E1', { role: 'hr' });
    const { body } = await record(
      ['hr'],
      id,
      { camera: 'off', name: 'yes', interviewers: 2 },
      { otherWay: true },
    );
    expect(body.outcome).toBe('success');
    expect(lastTaken().map((row) => `${row.check} ${row.outcome}`)).toEqual([
      'camera accommodated',
      'name_in_call passed',
    ]);
  });

  it('tells which answer is missing or wrong, and takes nothing of it', async () => {
    const id = await ask('first-check-in', 'E1');
    const before = server.taken.length;
    for (const answers of [
      {},
      { near: 'maybe' },
      { near: 'near', distance: -4 },
      { near: 'near', distance: 'x' },
      { near: 'near', other: 'y' },
    ]) {
      const { status, body } = await record(['it'], id, answers);
      expect(status).toBe(422);
      expect(body.code).toBe('ANSWER_INVALID');
    }
    expect(server.taken.length).toBe(before);
    expect((await record(['it'], id, { near: 'near' })).status).toBe(200);
    expect((await record(['it'], id, { near: 'far' })).status).toBe(409);
  });

  it('is recorded only by whom it is given to', async () => {
    const id = await ask('first-check-in', 'E1', { assignee: undefined });
    expect((await record(['recruiter'], id, { near: 'near' })).status).toBe(403);
    expect((await record(['counsel'], id, { near: 'near' })).status).toBe(403);
    expect((await server.as('admin')('GET', `/checks/${id}`)).status).toBe(403);
    expect(
      (await server.as('hr')('POST', `/checks/${id}/assign`, { assignee: 'user-recruiter' })).status,
    ).toBe(422);
    expect((await server.as('hr')('POST', `/checks/${id}/assign`, { assignee: 'nobody' })).status).toBe(422);
    expect((await server.as('hr')('POST', `/checks/${id}/assign`, {})).status).toBe(400);
    expect((await server.as('hr')('POST', `/checks/${id}/assign`, { assignee: 'user-it' })).status).toBe(200);
    expect((await record(['analyst'], id, { near: 'near' })).status).toBe(403);
    expect((await record(['it'], id, { near: 'near' })).status).toBe(200);
  });

  it('is asked by a person’s handle only, of people who are there, with a day that is not past', async () => {
    const status = async (body: object) => (await server.as('hr')('POST', '/checks', body)).status;
    expect(await status({ form: 'first-check-in', person: 'E1' })).toBe(404);
    expect(await status({ form: 'first-check-in', person: '../../x' })).toBe(404);
    expect(await status({ form: '../../etc/passwd', person: h('E1') })).toBe(404);
    expect(await status({ form: 'first-check-in' })).toBe(422);
    expect(await status({ form: 'first-check-in', person: h('E5'), due: '2020-01-01' })).toBe(422);
    expect(await status({ form: 'quarterly-hunt', person: h('E1') })).toBe(422);
    expect(
      (await server.as('recruiter')('POST', '/checks', { form: 'first-check-in', person: h('E1') })).status,
    ).toBe(403);
  });

  it('excused takes the way and not the reason, and clears in the lake', async () => {
    const id = await ask('live-request', 'E1');
    const { body } = await server.as('hr')<{ state: string }>('POST', `/checks/${id}/excuse`, {
      otherWay: 'a visit to a partner',
    });
    expect(body.state).toBe('excused');
    expect(lastTaken()).toEqual([expect.objectContaining({ check: 'liveness', outcome: 'accommodated' })]);
  });

  it('cancelled needs a reason, and is no evidence', async () => {
    const id = await ask('live-request', 'E1');
    const before = server.taken.length;
    expect((await server.as('hr')('POST', `/checks/${id}/cancel`, { reason: '' })).status).toBe(400);
    expect((await server.as('hr')('POST', `/checks/${id}/cancel`, { reason: 'asked twice' })).status).toBe(
      200,
    );
    expect(server.taken.length).toBe(before);
  });

  it('is asked of everybody in a situation alike, once', async () => {
    const body = { form: 'school', everybody: { stage: 'employed' } };
    const first = await server.as('hr')<{ asked: number; already: number }>('POST', '/checks', body);
    expect(first.body).toEqual({ asked: 4, already: 0 });
    const again = await server.as('hr')<{ asked: number; already: number }>('POST', '/checks', body);
    expect(again.body).toEqual({ asked: 0, already: 4 });
    expect(
      (
        await server.as('hr')('POST', '/checks', {
          form: 'school',
          everybody: { stage: 'employed', band: 'urgent' },
        })
      ).status,
    ).toBe(400);
  });

  it('never has a name in the audit log', async () => {
    const lines = await server.services.store.db.select().from(audit);
    expect(lines.length).toBeGreaterThan(5);
    expect(JSON.stringify(lines)).not.toContain('Ana');
    expect(JSON.stringify(lines)).not.toContain('onerror');
    expect(lines.some((line) => line.action === 'check.record' && line.subject === `person:${h('E1')}`)).toBe(
      true,
    );
  });
});

describe('two people’s word', () => {
  it('is given by each without the other’s, and both are needed', async () => {
    const id = await ask('same-person', 'E1');
    const before = server.taken.length;
    const first = await record(['hr'], id, { same: 'yes', met: 'interview' });
    expect(first.body).toMatchObject({ state: 'asked', waits: expect.stringContaining('another account') });
    expect(server.taken.length).toBe(before);
    const other = await server.as('it')<CheckPageData>('GET', `/checks/${id}`);
    expect(other.body.words[0]?.outcome).toBeUndefined();
    expect(other.body.words[0]?.answers).toEqual([]);
    const second = await record(['it'], id, { same: 'yes', met: 'work' });
    expect(second.body).toEqual({ state: 'done', outcome: 'success' });
    expect(lastTaken().map((row) => `${row.outcome} by ${row.by}`)).toEqual([
      'passed by Account user-hr',
      'passed by Account user-it',
    ]);
  });

  it('is not given twice by one account', async () => {
    const id = await ask('same-person', 'E2');
    await record(['hr'], id, { same: 'yes', met: 'interview' });
    await record(['hr'], id, { same: 'yes', met: 'interview' });
    const page = await server.as('hr')<CheckPageData>('GET', `/checks/${id}`);
    expect(page.body.check).toMatchObject({ state: 'asked', words: 1, of: 2 });
  });

  it('counts against nobody while one says yes or is not sure', async () => {
    for (const second of ['yes', 'unsure']) {
      const id = await ask('same-person', 'E1');
      await record(['hr'], id, { same: 'no', met: 'interview' });
      const { body } = await record(['it'], id, { same: second, met: 'work' });
      expect(body).toEqual({ state: 'done', outcome: 'unknown' });
      expect(lastTaken().map((row) => row.outcome)).toEqual(['unsure', 'unsure']);
    }
    const id = await ask('same-person', 'E1');
    await record(['hr'], id, { same: 'no', met: 'interview' });
    await record(['it'], id, { same: 'no', met: 'work' });
    expect(lastTaken().map((row) => row.outcome)).toEqual(['failed', 'failed']);
  });

  it('lets a laptop go: by HR and by security, and by nobody alone', async () => {
    const id = await ask('equipment-delivery', 'E4');
    const release = { address: 'home', delivered: 'none' };
    expect((await record(['hr'], id, release)).body.state).toBe('asked');
    expect((await record(['hr'], id, release)).body.state).toBe('asked');
    expect((await server.as('hr')('POST', `/checks/${id}/cancel`, { reason: 'hurry' })).status).toBe(409);
    expect((await server.as('hr')('POST', `/checks/${id}/excuse`, { otherWay: 'just send' })).status).toBe(
      409,
    );
    const kept = await record(['it'], id, { address: 'open', delivered: 'none' });
    expect(kept.body).toMatchObject({ state: 'asked' });
    expect((await record(['it'], id, release)).body).toEqual({ state: 'done', outcome: 'success' });
  });
});

describe('a change of the pay account', () => {
  it('is let go by nobody before the days are over, which are the same for everybody', async () => {
    const id = await ask('pay-account-change', 'E1');
    const yes = { made: 'yes', holder: 'theirs', 'days-waited': 0 };
    const early = await record(['hr'], id, yes);
    expect(early.status).toBe(409);
    expect(early.body.code).toBe('COOLING_OFF');
    expect(early.body.title).toContain('2026-06-06 09:00 UTC');
    // Doubt can be said at once.
    expect((await record(['hr'], id, { ...yes, made: 'not-reached' })).status).toBe(200);
    server.at('2026-06-06T09:00:00Z');
    expect((await record(['hr'], id, yes)).status).toBe(200);
    expect((await record(['it'], id, yes)).body).toEqual({ state: 'done', outcome: 'success' });
    server.at('2026-06-01T09:00:00Z');
  });
});

describe('the list', () => {
  it('shows names to whom a check is given, and pseudonyms to others', async () => {
    await ask('first-check-in', 'E2');
    const it_ = await server.as('it')<CheckList>('GET', '/checks?whose=mine');
    expect(it_.body.checks.some((one) => one.about.says === hostile)).toBe(true);
    const auditor = await server.as('auditor')<CheckList>('GET', '/checks?state=all');
    expect(auditor.body.total).toBeGreaterThan(5);
    expect(JSON.stringify(auditor.body)).not.toMatch(/Ana|onerror/);
  });

  it('filters by form, person and what is late, and refuses what is no filter', async () => {
    const of = (query: string) => server.as('hr')<CheckList>('GET', `/checks?${query}`);
    expect(
      (await of(`form=live-request&state=all&person=${h('E1')}`)).body.checks.map((one) => one.form),
    ).toEqual(['live-request', 'live-request']);
    expect((await of('state=nonsense')).status).toBe(400);
    expect((await of("form=x';drop table checks--")).body.total).toBe(0);
    const before = (await of('late=yes')).body.total;
    server.at('2026-12-24T09:00:00Z');
    expect((await of('late=yes')).body.total).toBeGreaterThan(before);
    const exposures = (await area.exposures?.(server.services)) ?? [];
    expect(exposures[0]?.count).toBe((await of('late=yes')).body.total);
    const waits = await area.waiting?.(
      { id: 'user-it', name: '', email: '', roles: ['it'] },
      server.services,
    );
    expect(waits?.[0]).toMatchObject({ kind: 'check', rank: 1 });
    server.at('2026-06-01T09:00:00Z');
  });
});

describe('what is done by itself', () => {
  const daily = () => area.work?.['checks.daily']?.({}, server.services);

  it('asks by the rules once, however often it runs', async () => {
    await daily();
    const first = await server.services.store.db.select().from(checks);
    await daily();
    expect((await server.services.store.db.select().from(checks)).length).toBe(first.length);
    const of = (id: string) =>
      first.filter((row) => row.person === id && row.askedBy === 'system').map((row) => row.form);
    expect(of('E3')).toEqual(expect.arrayContaining(['same-person', 'first-check-in']));
    expect(of('E4')).toEqual(
      expect.arrayContaining(['equipment-delivery', 'pay-account-holder', 'device-ready']),
    );
    expect(of('A1')).toEqual(expect.arrayContaining(['identity-document', 'cross-check']));
    expect(of('E6')).toEqual([]);
  });

  it('takes back what was done elsewhere since, and never a hold, what somebody began, or what was asked by hand', async () => {
    const { db } = server.services.store;
    const row = server.services.results.current()?.row('E4') as PersonRow;
    const forms = await formsOf(server.services);
    const onRecord = (day: string) =>
      Object.assign(row, {
        checked: Object.fromEntries(
          forms.flatMap(({ records: [first] }) => (first?.check ? [[first.check, day]] : [])),
        ),
      });
    const open = async () =>
      (await db.select().from(checks)).filter(({ person, state }) => person === 'E4' && state === 'asked');
    const isHeld = (form: string) => forms.some(({ id, hold }) => id === form && hold !== undefined);
    const begun = (await open()).find(({ form, askedBy }) => askedBy === 'system' && !isHeld(form));
    await db.insert(checkWords).values({
      id: 'begun',
      check: begun?.id ?? '',
      by: 'user-it',
      part: 'first',
      at: server.services.now(),
      answers: {},
      outcome: 'success',
      otherWay: false,
    });
    const byHand = await ask('device-ready', 'E4');
    const before = await open();
    onRecord('2026-05-31');
    await daily();
    expect(await open()).toHaveLength(before.length);
    onRecord('2026-06-01');
    await daily();
    await daily();
    const left = (await open()).map(({ id }) => id);
    const expected = before.filter(({ id, form }) => isHeld(form) || id === begun?.id || id === byHand);
    expect(new Set(left)).toEqual(new Set(expected.map(({ id }) => id)));
    expect(expected.some(({ form }) => isHeld(form))).toBe(true);
    const lines = (await db.select().from(audit)).filter(({ action }) => action === 'check.done-elsewhere');
    expect(lines.flatMap(({ detail }) => detail.checks)).toHaveLength(before.length - left.length);
    expect(before.length).toBeGreaterThan(left.length);
    Object.assign(row, { checked: undefined });
  });

  it('promises the seed before the period, shows nothing of it meanwhile, and can be redone afterwards', async () => {
    server.at('2026-06-20T09:00:00Z');
    await daily();
    const running = await server.as('auditor')<DrawData>('GET', '/checks/draws/2026-H2');
    expect(running.body).toMatchObject({ from: '2026-07-01', to: '2026-12-31', draws: [], people: [] });
    expect(running.body.seed).toBeUndefined();
    expect(running.body.counts.people).toBe(3);
    const promised = (await server.services.store.db.select().from(audit)).find(
      (line) => line.action === 'check.draw.promise' && line.subject === 'draw:2026-H2',
    );
    for (
      let day = Date.parse('2026-07-01T09:00:00Z');
      day <= Date.parse('2026-12-31T09:00:00Z');
      day += 7 * 86_400_000
    ) {
      server.at(new Date(day).toISOString());
      await daily();
    }
    server.at('2026-12-31T20:00:00Z');
    await daily();
    const drawn = (await server.services.store.db.select().from(checks)).filter((row) =>
      row.occasion.startsWith('draw:2026-H2'),
    );
    expect(new Set(drawn.map((row) => row.person))).toEqual(new Set(['E1', 'E2', 'E3']));
    server.at('2027-01-01T09:00:00Z');
    const { body } = await server.as('auditor')<DrawData>('GET', '/checks/draws/2026-H2');
    expect(promiseOf(body.seed ?? '')).toBe(body.promise);
    expect(promised?.detail.sha256OfSeed).toBe(body.promise);
    expect(promised?.time.slice(0, 10)).toBe('2026-06-01');
    const again = draw({
      period: { id: body.period, from: body.from, to: body.to },
      seed: body.seed ?? '',
      challenges: body.challenges,
      people: body.people,
    });
    expect(body.draws.map(({ state: _, outcome: __, ...one }) => one)).toEqual(again);
    expect(body.draws.every((one) => one.state === 'asked')).toBe(true);
    expect(drawn.length).toBe(again.length);
    server.at('2026-06-01T09:00:00Z');
  });
});

describe('the chain of continuity', () => {
  it('names its gaps, and says nothing against anybody for them', async () => {
    const { body } = await server.as('hr')<Continuity>('GET', `/checks/people/${h('E3')}/continuity`);
    expect(body.steps.map((one) => `${one.step}: ${one.state}`)).toEqual([
      'Application: gap',
      'Interview: gap',
      'Identity: gap',
      'Day 1: open',
      'Day 30: open',
    ]);
    expect(body.whole).toBe(false);
    expect(body.says).toContain('says nothing of the person');
    expect((await server.as('hr')('GET', '/checks/people/nobody/continuity')).status).toBe(404);
  });
});
