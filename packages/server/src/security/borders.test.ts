/** What somebody hostile tries: ids of others, odd methods, odd characters, many at once, a way around a rule. */
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { makeSight } from '../access/sight.js';
import type { RouteInfo } from '../api/router.js';
import { assemble } from '../app.js';
import type { Case } from '../areas/cases/words.js';
import { Finder } from '../areas/response/bundle/redact.js';
import type { Role, User } from '../model/roles.js';
import { audit, cases, checks, vendorAudits } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';

const [base] = sampleResult.people as [PersonResult];
const [like] = base.signals as [PersonResult['signals'][number]];
const person = (id: string, name: string, facets: readonly string[]): PersonResult => ({
  ...base,
  id,
  name,
  stage: 'employed',
  engagement: 'vendor',
  vendor: 'Made-up Staffing',
  workEmail: `${id.toLowerCase()}@example.com`,
  ring: undefined as never,
  passages: [],
  identifiers: [],
  documents: [],
  signals: facets.map((facet) => ({
    ...like,
    detection: `made-up-${facet}`,
    title: `Made up ${facet}`,
    facet,
    bits: 5,
    says: `Something of ${facet} was seen.`,
    innocent: [`It was an honest ${facet}.`],
    others: [],
    explained: undefined as never,
    evidence: { columns: ['what'], rows: [[facet]], total: 1 },
  })),
});
const result: ScanResult = {
  ...sampleResult,
  rings: [],
  detections: [
    ...sampleResult.detections,
    ...sampleResult.detections.slice(0, 1).map((one) => ({ ...one, id: 'made-up-payment' })),
  ],
  people: [
    person('E-100', 'Ada Example', ['payment', 'device']),
    person('E-200', 'Bo Example', ['payment', 'device']),
    person('E-300', 'Cy Example', ['payment', 'device']),
  ],
};

let server: TestServer;
let app: ReturnType<typeof assemble>['app'];
let routes: readonly RouteInfo[];
beforeAll(async () => {
  server = await testServer({ result, sight: makeSight });
  ({
    app,
    router: { routes },
  } = assemble(server.services, async () => undefined));
  for (const [user, held] of Object.entries(accounts)) await ask(user, held, 'GET', '/session');
});
afterAll(() => server.close());

const accounts: Record<string, Role[]> = {
  ann: ['analyst'],
  ben: ['analyst'],
  hrh: ['hr'],
  hri: ['hr'],
  col: ['counsel'],
  two: ['analyst', 'counsel', 'hr'],
};
/** What the tests read of the many answers: a case, the code of a refusal, vendors, the audit of one. */
type Answer = Case & { code: string; vendors: { id: string; name: string }[]; audit: string };

async function ask(user: string, held: Role[], method: string, path: string, body?: unknown) {
  const [address = '', asked] = path.split('?');
  const response = await app.request(`/api${address}`, {
    method,
    headers: {
      'x-test-roles': held.join(','),
      'x-test-user': user,
      ...(asked === undefined ? {} : { 'x-rollcall-query': asked }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (response.headers.get('content-type')?.includes('json') && text
      ? JSON.parse(text)
      : text) as Answer,
  };
}
const as =
  (user: string, held = accounts[user] ?? []) =>
  (method: string, path: string, body?: unknown) =>
    ask(user, held, method, path, body);
const h = (id: string) => server.services.keys.handle(id);
const reason = 'because it was made up for a test';

async function open(people: string[], by = 'ann', members: object[] = [{ user: 'hrh', part: 'decider' }]) {
  const { status, body } = await as(by)('POST', '/cases', {
    about: 'person',
    people: people.map(h),
    title: 'Something to look into',
    reason,
    playbook: 'employee',
    members,
  });
  expect(status).toBe(200);
  return body.id;
}
async function ready(id: string, by = 'ann') {
  const { body } = await as(by)('GET', `/cases/${id}`);
  for (const one of body.hypotheses)
    if (one.kind !== 'false')
      await as(by)('PATCH', `/cases/${id}/hypotheses/${one.id}`, { state: 'ruled out', answer: 'asked' });
  return body;
}
async function step(id: string, of: string, by: string, viewer = 'ann') {
  const { body } = await as(viewer)('GET', `/cases/${id}`);
  return as(by)('POST', `/cases/${id}/steps`, {
    person: h(of),
    what: 'hold',
    reason,
    rests: body.items.filter((one) => one.person?.handle === h(of)).map((one) => one.id),
    told: { whyNot: 'evidence would be lost' },
  });
}

describe('a question in another form', () => {
  it('HEAD is guarded as GET is, on every route', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      if (route.method !== 'get' || route.permission === 'public' || route.path === '/live') continue;
      const path = `/api${route.path.replace(/\{\w+\}/g, 'made-up')}`;
      const stranger = await app.request(path, { method: 'HEAD' });
      const nobody = await app.request(path, { method: 'HEAD', headers: { 'x-test-roles': '' } });
      const want =
        route.permission === 'signed-in' ? nobody.status : route.permission === 'intake' ? 401 : 403;
      if (stranger.status !== 401 || nobody.status !== want || nobody.status >= 500)
        wrong.push(`${route.path}: ${stranger.status} ${nobody.status}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('every answer is data, kept by nobody, and nothing a browser would run', async () => {
    for (const [method, path, held] of [
      ['GET', '/people', ['analyst']],
      ['GET', '/people', ['admin']],
      ['GET', '/nothing', ['admin']],
      ['GET', '/people/made-up', ['analyst']],
      ['POST', '/cases', ['analyst']],
      ['GET', '/audit/export', ['auditor']],
      ['GET', '/facts/remote-access-tools/export', ['analyst']],
      ['GET', '/openapi.json', ['admin']],
      ['GET', '/metrics', ['admin']],
    ] as const) {
      const { headers } = await ask('x', [...held], method, path, method === 'POST' ? '{' : undefined);
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-type') ?? '').not.toContain('html');
    }
  });

  it('text that no database keeps as it is is refused, and not an error of the server', async () => {
    const bodies = ['"Ada\\u0000Example here"', '"Ada \\ud800 Example"'];
    const id = await open(['E-100']);
    for (const says of bodies) {
      const { status, body } = await as('ann')('POST', `/cases/${id}/comments`, `{"says":${says}}`);
      expect([status, body.code]).toEqual([400, 'INPUT_INVALID']);
      const deep = await as('hrh')(
        'PUT',
        '/vendors/made-up/answers',
        `{"answers":{"a":{"answer":"good","note":${says}}}}`,
      );
      expect(deep.status).toBe(400);
    }
    expect((await as('aud', ['auditor'])('GET', '/audit?actor=a%00b')).status).toBe(400);
    expect(
      (await as('ann')('POST', `/cases/${id}/comments`, { says: 'An emoji 😀 is a character' })).status,
    ).toBe(200);
  });

  it('keys that mean something to JavaScript mean nothing here', async () => {
    for (const body of [
      '{"answers":{"__proto__":{"answer":"good"}}}',
      '{"answers":{"constructor":{"answer":"good"}},"__proto__":{"admin":true}}',
    ]) {
      const { status } = await as('hrh')('PUT', '/vendors/made-up/answers', body);
      expect(status).toBeLessThan(500);
    }
    const { status } = await as('ann')(
      'POST',
      '/facts/remote-access-tools/rows',
      '{"cells":{"__proto__":"x","constructor":"y"}}',
    );
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(({} as Record<string, unknown>).answer).toBeUndefined();
  });

  it('depth and numbers without end are refused', async () => {
    for (const body of [
      `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      `{"says":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
      '{"says":1e999}',
    ])
      expect((await as('ann')('POST', '/cases', body)).status).toBe(400);
    for (const path of [
      '/people?page=1e999',
      '/checks?page=-1',
      '/detections/made-up-payment/people?page=0',
      '/today?since=99999-01-01T00:00:00Z',
      '/audit?day=2026-13-45',
      '/audit?before=1e300',
    ]) {
      const { status } = await as('x', ['analyst', 'auditor'])('GET', path);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
  });
});

describe('a number of the company in place of a pseudonym', () => {
  it('finds nobody, so that nobody learns whose pseudonym it is', async () => {
    const day = '2026-07-01';
    for (const id of ['E-100', 'E-999']) {
      const tried = [
        await as('ann')('GET', `/people/${id}`),
        await as('ann')('POST', '/detections/made-up-payment/verdicts', { person: id, verdict: 'innocent' }),
        await as('ann')('POST', '/detections/made-up-payment/snoozes', { person: id, reason, until: day }),
        await as('ann')('GET', `/checks?person=${id}`),
        await as('ann')('GET', `/checks/people/${id}/continuity`),
        await as('ann')('POST', '/cases', {
          about: 'person',
          people: [id],
          title: 'A title',
          reason,
          playbook: 'employee',
        }),
      ];
      for (const { status } of tried) expect([id, [400, 404].includes(status)]).toEqual([id, true]);
    }
    const known = await as('ann')('POST', '/detections/made-up-payment/verdicts', {
      person: 'E-100',
      verdict: 'innocent',
    });
    const unknown = await as('ann')('POST', '/detections/made-up-payment/verdicts', {
      person: 'E-999',
      verdict: 'innocent',
    });
    expect(known.body).toEqual(unknown.body);
    const right = await as('ann')('POST', '/detections/made-up-payment/verdicts', {
      person: h('E-100'),
      verdict: 'innocent',
    });
    expect(right.status).toBe(200);
  });
});

describe('pieces of another case', () => {
  it('do not exist in one’s own', async () => {
    const theirs = await open(['E-100'], 'ben', []);
    const mine = await open(['E-200'], 'ann', []);
    const other = await ready(theirs, 'ben');
    const announced = await as('ben')('POST', `/cases/${theirs}/files`, { name: 'a.txt' });
    const plan = await as('ben')('POST', `/cases/${theirs}/plans`, { person: h('E-100') });
    const task = other.tasks[0]?.id;
    const finding = other.items[0]?.id;
    const hypothesis = other.hypotheses[0]?.id;
    expect([task, finding, hypothesis]).not.toContain(undefined);
    for (const [method, path, body] of [
      ['PATCH', `tasks/${task}`, { state: 'left out', note: 'not needed here' }],
      ['PATCH', `hypotheses/${hypothesis}`, { state: 'likely', answer: 'so it is' }],
      ['GET', `items/${finding}`, undefined],
      ['PUT', `files/${announced.body.id}`, 'content'],
      ['GET', `files/${announced.body.id}`, undefined],
      ['PUT', 'marks', { hypothesis, item: finding, mark: 'for' }],
      ['POST', 'corrections', { item: finding, says: 'it was wrong', toldTo: 'the people team' }],
      ['GET', `plans/${plan.body.id ?? 'none'}`, undefined],
      ['GET', `reach/${h('E-100')}`, undefined],
      ['GET', `copies/${h('E-100')}`, undefined],
    ] as const) {
      const { status } = await as('ann')(method, `/cases/${mine}/${path}`, body);
      expect([path, status]).toEqual([
        path,
        path.startsWith('reach') || !path.startsWith('copies') ? 404 : 404,
      ]);
      const direct = await as('ann')(method, `/cases/${theirs}/${path}`, body);
      expect([path, direct.status]).toEqual([path, 404]);
    }
    // A check of their case is no evidence in mine, although it is about a person of both.
    await as('ann')('POST', `/cases/${mine}/people`, { person: h('E-100'), reason });
    await server.services.store.db.insert(checks).values({
      id: 'check-of-theirs',
      form: 'spot-check',
      person: 'E-100',
      state: 'done',
      case: theirs,
      askedBy: 'ben',
      askedAt: server.services.now(),
      dueAt: server.services.now(),
      occasion: 'by-hand:theirs',
    });
    const item = { kind: 'check', says: 'It was done', check: 'check-of-theirs' };
    expect((await as('ann')('POST', `/cases/${mine}/items`, item)).status).toBe(404);
    expect((await as('ben')('POST', `/cases/${theirs}/items`, item)).status).toBe(200);
    expect((await as('ann')('GET', '/checks/check-of-theirs')).status).toBe(404);
  });

  it('are lost with the role they came by: names, too', async () => {
    await open(['E-300'], 'ann', []);
    const sight = makeSight(server.services);
    const user = (held: Role[]): User => ({ id: 'ann', name: 'Ann', email: 'ann@example.com', roles: held });
    expect((await sight.open(user(['analyst']))).has('E-300')).toBe(true);
    expect((await sight.open(user(['recruiter']))).has('E-300')).toBe(false);
    expect((await sight.open(user([]))).size).toBe(0);
  });
});

describe('who accuses does not decide', () => {
  it('also not where the person was split off into a case of somebody else', async () => {
    // HR opens, and hands the lead to an analyst, who splits, and makes the opener decider of what was split off.
    const id = await open(['E-100', 'E-200'], 'hrh', [{ user: 'ann', part: 'member' }]);
    expect(
      (await as('hrh')('POST', `/cases/${id}/members`, { user: 'ann', part: 'lead', reason })).status,
    ).toBe(200);
    const split = await as('ann')('POST', `/cases/${id}/splits`, {
      people: [h('E-100')],
      title: 'One of them',
      reason,
    });
    const off = split.body.id as string;
    await as('ann')('POST', `/cases/${off}/members`, { user: 'hrh', part: 'decider', reason });
    await ready(off);
    const { status, body } = await step(off, 'E-100', 'hrh');
    expect([status, body.code]).toEqual([403, 'OPENER_DECIDES']);
    await as('ann')('POST', `/cases/${off}/members`, { user: 'hri', part: 'decider', reason });
    expect((await step(off, 'E-100', 'hri')).status).toBe(200);
  });

  it('also not on a person they put in themselves', async () => {
    const id = await open(['E-200']);
    expect((await as('hrh')('POST', `/cases/${id}/people`, { person: h('E-100'), reason })).status).toBe(200);
    await ready(id);
    expect((await step(id, 'E-100', 'hrh')).body.code).toBe('OPENER_DECIDES');
    expect((await step(id, 'E-200', 'hrh')).status).toBe(200);
  });

  it('whatever further roles they hold', async () => {
    const id = await open(['E-100'], 'two', [{ user: 'ann', part: 'member' }]);
    await as('two')('POST', `/cases/${id}/members`, { user: 'ann', part: 'lead', reason });
    const made = await as('ann')('POST', `/cases/${id}/members`, { user: 'two', part: 'decider', reason });
    expect(made.body.code).toBe('OPENER_DECIDES');
    expect([403, 409]).toContain((await step(id, 'E-100', 'two')).status);
  });

  it('is no way around a dispute: another case on the person waits for its answer', async () => {
    const first = await open(['E-300']);
    const dispute = await as('ann')('POST', `/cases/${first}/disputes`, {
      person: h('E-300'),
      says: 'it was not me',
      received: '2026-05-30',
    });
    const second = await open(['E-300'], 'ben');
    await ready(second, 'ben');
    expect((await step(second, 'E-300', 'hrh', 'ben')).body.code).toBe('DISPUTED');
    await as('ann')('POST', `/cases/${first}/disputes/${dispute.body.id}/answer`, {
      answer: 'looked at again',
    });
    expect((await step(second, 'E-300', 'hrh', 'ben')).status).toBe(200);
  });
});

describe('two at once', () => {
  it('close a case once', async () => {
    const id = await open(['E-200']);
    const seen = await ready(id);
    for (const task of seen.tasks)
      await as('ann')('PATCH', `/cases/${id}/tasks/${task.id}`, { state: 'left out', note: 'only a test' });
    const linked = seen.linked.map((one: { person: { handle: string } }) => one.person.handle);
    if (linked.length > 0)
      await as('ann')('POST', `/cases/${id}/sweep`, { people: linked, decision: 'aside', reason });
    const verdict = {
      person: h('E-200'),
      verdict: 'inconclusive',
      reason,
      told: { whyNot: 'only a test, nobody' },
    };
    expect((await as('hrh')('POST', `/cases/${id}/verdicts`, verdict)).status).toBe(200);
    const all = await Promise.all(
      ['ann', 'hrh', 'ann'].map((by) => as(by)('POST', `/cases/${id}/closing`, { reason })),
    );
    expect(all.map((one) => one.status).sort()).toEqual([200, 409, 409]);
    const entries = await server.services.store.db.select().from(audit).where(eq(audit.action, 'case.close'));
    expect(entries.filter((one) => one.subject === `case:${id}`)).toHaveLength(1);
    // What is over changes no more.
    expect((await step(id, 'E-200', 'hrh')).body.code).toBe('CASE_CLOSED');
    expect((await as('ann')('POST', `/cases/${id}/people`, { person: h('E-300'), reason })).status).toBe(409);
  });

  it('say yes to one wish once, and never to their own', async () => {
    const { settings, store } = server.services;
    await settings.set(store.db, 'cases.two-to-open', true);
    const asked = await as('two')('POST', '/cases', {
      about: 'person',
      people: [h('E-100')],
      title: 'A wish',
      reason,
      playbook: 'employee',
    });
    await settings.set(store.db, 'cases.two-to-open', false);
    const yes = { yes: true, reason };
    expect((await as('two')('POST', `/cases/wishes/${asked.body.id}`, yes)).body.code).toBe('SECOND_PERSON');
    const all = await Promise.all(
      ['hrh', 'col', 'hri'].map((by) => as(by)('POST', `/cases/wishes/${asked.body.id}`, yes)),
    );
    expect(all.map((one) => one.status).sort()).toEqual([200, 404, 404]);
    const [row] = await store.db.select().from(cases).where(eq(cases.id, asked.body.id));
    expect(row?.state).toBe('open');
  });

  it('draw the people of a firm once', async () => {
    const { body } = await as('hrh')('GET', '/vendors');
    const firm = body.vendors.find((one) => one.name === 'Made-up Staffing')?.id;
    const all = await Promise.all(
      ['hrh', 'hri', 'ann'].map((by) => as(by)('POST', `/vendors/${firm}/audits`)),
    );
    expect(all.map((one) => one.status).sort()).toEqual([200, 409, 409]);
    expect(await server.services.store.db.select().from(vendorAudits)).toHaveLength(1);
    const drawn = all.find((one) => one.status === 200)?.body.audit;
    const shown = { evidence: 'shown', samePerson: 'yes', employedByFirm: 'yes' };
    expect((await as('hrh')('PUT', `/vendors/${firm}/audits/${drawn}/workers/E-100`, shown)).status).toBe(
      404,
    );
    expect(
      (await as('hrh')('PUT', `/vendors/${firm}/audits/${drawn}/workers/${h('E-100')}`, shown)).status,
    ).toBe(200);
  });
});

describe('text that is meant to take long', () => {
  it('is looked through in no time, whatever it is', async () => {
    const { sight, results } = server.services;
    const user: User = { id: 'x', name: 'x', email: 'x@example.com', roles: ['analyst'] };
    for (const text of [
      'a'.repeat(200_000),
      'aé'.repeat(100_000),
      'a@'.repeat(100_000),
      `a@${'a.'.repeat(100_000)}`,
      '+1 '.repeat(60_000),
      'ab:'.repeat(60_000),
      '1.'.repeat(100_000),
      'ending '.repeat(30_000),
    ]) {
      const started = performance.now();
      await sight.veil(user, { says: text }, ['E-100']);
      new Finder(results.current()?.people ?? [], () => undefined).in(text, new Map());
      expect([text.slice(0, 10), performance.now() - started < 4000]).toEqual([text.slice(0, 10), true]);
    }
  }, 120_000);
});
