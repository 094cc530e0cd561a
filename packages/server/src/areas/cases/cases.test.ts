import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDecisions } from '@rollcall/engine/links/index.js';
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { desc, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import { makeSight } from '../../access/sight.js';
import type { Role } from '../../model/roles.js';
import type { Snapshot } from '../../model/services.js';
import { audit, caseFrozen, caseItems, cases, caseTasks } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { fileName } from './evidence.js';
import { area } from './index.js';
import { ruleOn } from './rule.js';
import type { Case, CaseEvidence, Cases, PlaybookAdded } from './words.js';

/** A person of the sample with these findings: facet, bits, explained, detection. */
function made(
  id: string,
  name: string,
  findings: {
    facet: string;
    bits: number;
    detection?: string;
    explained?: boolean;
    others?: string[];
    says?: string;
  }[],
): PersonResult {
  const [base] = sampleResult.people;
  const [like] = base?.signals ?? [];
  if (!base || !like) throw new Error('the sample has nobody');
  return {
    ...base,
    id,
    name,
    stage: 'employed',
    manager: `Lead of ${id}`,
    vendor: undefined as never,
    workEmail: `${id.toLowerCase()}@example.com`,
    ring: undefined as never,
    passages: [],
    identifiers: [],
    documents: [],
    signals: findings.map((one, index) => ({
      ...like,
      detection: one.detection ?? `made-up-${one.facet}-${index}`,
      title: `Made up ${one.facet}`,
      facet: one.facet,
      bits: one.bits,
      says: one.says ?? `Something of ${one.facet} was seen.`,
      innocent: [`It was an honest ${one.facet}.`],
      others: one.others ?? [],
      evidence: { columns: ['what'], rows: [[one.facet]], total: 1 },
      ...(one.explained
        ? { explained: { id: 'x', kind: 'travel' as const, by: 'R. Example', reason: 'a journey' } }
        : { explained: undefined as never }),
    })),
  };
}

const two = [
  { facet: 'payment', bits: 5 },
  { facet: 'device', bits: 4 },
];
const result: ScanResult = {
  ...sampleResult,
  rings: [],
  people: [
    made('E1', 'Ada Twofacets', two),
    made('E2', 'Bo Onefacet', [
      { facet: 'payment', bits: 6 },
      { facet: 'payment', bits: 5 },
      { facet: 'network', bits: 1.2 },
    ]),
    made('E3', 'Cy Conclusive', [
      { facet: 'interview', bits: 3, detection: 'two-interviewers-met-different-people' },
    ]),
    made('E4', 'Dee Explained', [
      { facet: 'payment', bits: 6 },
      { facet: 'travel', bits: 5, explained: true },
    ]),
    made('E5', '<img src=x onerror=alert(1)> "Eve" =cmd()', two),
    made('E6', 'Fay Linked', [
      { facet: 'payment', bits: 3, others: ['E7', 'E8'] },
      { facet: 'session', bits: 2, says: 'Signed in to e6@example.com.' },
      { facet: 'checks', bits: -2 },
    ]),
    { ...made('E7', 'Gus Other', []), brief: true },
    made('E8', 'Hal Another', []),
    made('E9', 'Ida Judged', [
      { facet: 'inquiry', bits: 6, detection: 'confirmed-not-who-they-claimed' },
      { facet: 'payment', bits: 4 },
    ]),
  ],
};

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ result, sight: makeSight });
  // Accounts are known once they have asked for something.
  for (const [user, roles] of Object.entries(accounts)) await ask(user, roles, 'GET', '/cases');
});
afterAll(() => server.close());

const accounts: Record<string, Role[]> = {
  ann: ['analyst'],
  ben: ['analyst'],
  hrh: ['hr'],
  hri: ['hr'],
  col: ['counsel'],
  ivy: ['it'],
  aud: ['auditor'],
  adm: ['admin'],
};

async function ask<T = Record<string, unknown>>(
  user: string,
  roles: Role[],
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const response = await server.request(`/api${path}`, {
    method,
    headers: {
      'x-test-roles': roles.join(','),
      'x-test-user': user,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T,
  };
}
const as =
  (user: string) =>
  <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
    ask<T>(user, accounts[user] ?? [], method, path, body);

const h = (id: string) => server.services.keys.handle(id);
const reason = 'because it was made up for a test';

async function open(people: string[], more: Record<string, unknown> = {}, by = 'ann'): Promise<string> {
  const { status, body } = await as(by)<{ id: string }>('POST', '/cases', {
    about: 'person',
    people: people.map(h),
    title: 'Something to look into',
    reason,
    playbook: 'employee',
    members: [
      { user: 'hrh', part: 'decider' },
      { user: 'col', part: 'member' },
    ],
    ...more,
  });
  expect(status).toBe(200);
  return body.id;
}

async function view(id: string, user = 'ann'): Promise<Case> {
  const { status, body } = await as(user)<Case>('GET', `/cases/${id}`);
  expect(status).toBe(200);
  return body;
}

/** Answers every innocent reading. */
async function answerAll(id: string, state = 'ruled out'): Promise<void> {
  for (const one of (await view(id)).hypotheses)
    if (one.kind !== 'false')
      expect(
        (await as('ann')('PATCH', `/cases/${id}/hypotheses/${one.id}`, { state, answer: 'asked and seen' }))
          .status,
      ).toBe(200);
}

const findingIds = (one: Case) => one.items.filter((item) => item.kind === 'finding').map((item) => item.id);

async function step(id: string, person: string, rests?: string[], by = 'hrh') {
  return as(by)<{ code?: string; title?: string }>('POST', `/cases/${id}/steps`, {
    person: h(person),
    what: 'hold',
    reason,
    rests: rests ?? findingIds(await view(id)),
    told: { whyNot: 'evidence would be lost' },
  });
}

async function finish(id: string): Promise<void> {
  const seen = await view(id);
  const linked = seen.linked.filter((one) => !one.decision).map((one) => one.person.handle);
  if (linked.length > 0)
    await as('ann')('POST', `/cases/${id}/sweep`, { people: linked, decision: 'aside', reason });
  for (const task of seen.tasks)
    if (task.state === 'open')
      await as('ann')('PATCH', `/cases/${id}/tasks/${task.id}`, { state: 'left out', note: 'only a test' });
}

describe('need to know', () => {
  it('shows a case to its members and to nobody else, whatever the role', async () => {
    const id = await open(['E1']);
    expect((await as('hrh')('GET', `/cases/${id}`)).status).toBe(200);
    for (const user of ['ben', 'hri']) {
      const refused = await as(user)('GET', `/cases/${id}`);
      expect(refused.status).toBe(404);
      expect(JSON.stringify(refused.body)).not.toContain('Ada');
    }
    expect((await as('aud')('GET', `/cases/${id}`)).status).toBe(403);
    expect((await as('adm')('GET', `/cases/${id}`)).status).toBe(403);
    expect((await as('ben')<Cases>('GET', '/cases')).body.cases.map((one) => one.id)).not.toContain(id);
  });

  it('shows names to members while it is open, and to nobody through a case that is closed', async () => {
    const id = await open(['E1']);
    expect((await view(id)).people[0]?.person.name).toBe('Ada Twofacets');
    await finish(id);
    await as('hrh')('POST', `/cases/${id}/verdicts`, {
      person: h('E1'),
      verdict: 'inconclusive',
      reason,
      told: { on: '2026-06-01' },
    });
    expect((await as('ann')('POST', `/cases/${id}/closing`, { reason })).body).toEqual({ done: true });
    // Another test may have a case of theirs open on the same person: ask as somebody who has none.
    const closed = await view(id, 'col');
    expect(closed.state).toBe('closed');
  });

  it('ends for a member who is taken out', async () => {
    const id = await open(['E1']);
    expect((await as('ann')('POST', `/cases/${id}/members/col/removal`, { reason })).status).toBe(200);
    expect((await as('col')('GET', `/cases/${id}`)).status).toBe(404);
    expect((await as('col')('POST', `/cases/${id}/comments`, { says: 'still here' })).status).toBe(404);
  });

  it('keeps a lead, and lets only lead or counsel say who is a member', async () => {
    const id = await open(['E1'], {
      members: [
        { user: 'ben', part: 'member' },
        { user: 'hrh', part: 'decider' },
      ],
    });
    expect((await as('ann')('POST', `/cases/${id}/members/ann/removal`, { reason })).status).toBe(409);
    const add = { user: 'hri', part: 'member', reason };
    expect((await as('ben')('POST', `/cases/${id}/members`, add)).status).toBe(403);
    expect((await as('ann')('POST', `/cases/${id}/members`, { ...add, user: 'aud' })).status).toBe(400);
    expect((await as('ann')('POST', `/cases/${id}/members`, { ...add, part: 'decider' })).status).toBe(200);
  });

  it('gives IT their tasks and nothing of what was found', async () => {
    const id = await open(['E1'], { members: [{ user: 'ivy', part: 'member' }] });
    const { body } = await as('ann')<{ id: string }>('POST', `/cases/${id}/tasks`, {
      title: 'Keep the disk of the laptop',
      assignee: 'ivy',
      due: '2026-06-02',
    });
    const seen = await view(id, 'ivy');
    expect(seen.tasks.map((task) => task.title)).toContain('Keep the disk of the laptop');
    expect(seen.tasks.every((task) => task.assignee === 'ivy' || task.role === 'it')).toBe(true);
    expect([seen.items, seen.hypotheses, seen.decisions, seen.linked, seen.reason]).toEqual([
      [],
      [],
      [],
      [],
      '',
    ]);
    const [item] = (await view(id)).items;
    expect((await as('ivy')('GET', `/cases/${id}/items/${item?.id}`)).status).toBe(403);
    expect((await as('ivy')('POST', `/cases/${id}/freezing`, {})).status).toBe(403);
    expect(
      (await as('ivy')('PATCH', `/cases/${id}/tasks/${body.id}`, { state: 'done', note: 'imaged' })).status,
    ).toBe(200);
  });

  it('tells nobody whether another case exists: pieces of one case are not reached through another', async () => {
    const mine = await open(['E1']);
    const theirs = await open(['E2'], { members: [] }, 'ben');
    const [item] = (await view(theirs, 'ben')).items;
    expect((await as('ann')('GET', `/cases/${mine}/items/${item?.id}`)).status).toBe(404);
    expect(
      (
        await as('ann')('POST', `/cases/${mine}/corrections`, {
          item: item?.id,
          says: 'wrong record',
          toldTo: 'HR',
        })
      ).status,
    ).toBe(404);
    const asked = { reason, into: 999_999 };
    const none = await as('ann')('POST', `/cases/${mine}/merges`, asked);
    const there = await as('ann')('POST', `/cases/${mine}/merges`, {
      reason,
      into: (await view(theirs, 'ben')).number,
    });
    expect([none.status, none.body]).toEqual([there.status, there.body]);
  });
});

describe('opening', () => {
  it('takes handles and no ids, and wants a reason', async () => {
    const body = { about: 'person', people: ['E1'], title: 'Something', reason, playbook: 'employee' };
    expect((await as('ann')('POST', '/cases', body)).status).toBe(404);
    expect((await as('ann')('POST', '/cases', { ...body, people: [h('E1')], reason: 'x' })).status).toBe(400);
    expect((await as('ann')('POST', '/cases', { ...body, people: [] })).status).toBe(400);
    expect((await as('ivy')('POST', '/cases', { ...body, people: [h('E1')] })).status).toBe(403);
  });

  it('warns of a name in the title, also with accents and case', async () => {
    const { body } = await as('ann')<{ warnings: string[] }>('POST', '/cases', {
      about: 'person',
      people: [h('E1')],
      title: 'About ÁDA',
      reason,
      playbook: 'employee',
    });
    expect(body.warnings).toHaveLength(1);
  });

  it('waits, where it is set, for a second person who sees the reason under a pseudonym', async () => {
    await server.services.settings.set(server.services.store.db, 'cases.two-to-open', true);
    const id = await open(['E2'], { reason: 'Bo Onefacet was met by nobody', members: [] }, 'hri');
    await server.services.settings.set(server.services.store.db, 'cases.two-to-open', false);
    const waiting = await view(id, 'hri');
    expect([waiting.state, waiting.items.length]).toEqual(['asked', 0]);
    expect(waiting.people[0]?.person.name).toMatch(/^Person /);
    const { wishes } = (await as('hrh')<Cases>('GET', '/cases')).body;
    const wish = wishes.find((one) => one.id === id);
    expect(JSON.stringify(wish)).not.toMatch(/Onefacet|Something to look/);
    expect(wish?.people[0]).toMatch(/^Person /);
    const [today] = await (area.waiting ?? (async () => []))(
      { id: 'col', name: 'Col', email: 'col@example.com', roles: ['counsel'] },
      server.services,
    );
    expect(today).toMatchObject({ kind: 'approval' });
    const yes = { yes: true, reason };
    expect((await as('hri')('POST', `/cases/wishes/${id}`, yes)).status).toBe(403);
    expect((await as('ben')('POST', `/cases/wishes/${id}`, yes)).status).toBe(403);
    expect((await as('hrh')('POST', `/cases/wishes/${id}`, yes)).status).toBe(200);
    expect((await as('hrh')('POST', `/cases/wishes/${id}`, yes)).status).toBe(404);
    // Who agreed is no member.
    expect((await as('hrh')('GET', `/cases/${id}`)).status).toBe(404);
    const opened = await view(id, 'hri');
    expect(opened.people[0]?.person.name).toBe('Bo Onefacet');
    expect(opened.items.length).toBeGreaterThan(0);
  });

  it('begins with tasks, innocent readings and frozen evidence, and leaves its hash in the audit log', async () => {
    const id = await open(['E1']);
    const seen = await view(id);
    expect(new Set(seen.hypotheses.map((one) => one.kind))).toEqual(
      new Set(['false', 'mistake', 'victim', 'innocent']),
    );
    expect(seen.tasks.filter((task) => task.step === 'sweep')).toHaveLength(1);
    const [frozen] = seen.people[0]?.frozen ?? [];
    const logged = await server.services.store.db.select().from(audit).where(eq(audit.action, 'case.freeze'));
    expect(logged.at(-1)?.detail).toMatchObject({ sha256: frozen?.sha256 });
    expect(JSON.stringify(await server.services.store.db.select().from(audit))).not.toMatch(/Ada|Twofacets/);
  });
});

describe('frozen evidence', () => {
  it('has the same hash when nothing changed, and is kept once', async () => {
    const one = await open(['E1']);
    const other = await open(['E1']);
    const hash = async (id: string) => (await view(id)).people[0]?.frozen.map((frozen) => frozen.sha256);
    expect(await hash(one)).toEqual(await hash(other));
    await as('ann')('POST', `/cases/${one}/freezing`, {});
    expect((await view(one)).people[0]?.frozen).toHaveLength(1);
  });

  it('shows when it was tampered with, and nothing is decided on it', async () => {
    const id = await open(['E1']);
    await answerAll(id);
    expect((await as('ann')('GET', `/cases/${id}/integrity`)).body).toMatchObject({ good: true });
    const { db } = server.services.store;
    const [row] = await db.select().from(caseFrozen).where(eq(caseFrozen.case, id));
    await db
      .update(caseFrozen)
      .set({ json: row?.json.replace('"bits":5', '"bits":7') ?? '' })
      .where(eq(caseFrozen.case, id));
    expect((await view(id)).people[0]?.frozen[0]?.intact).toBe(false);
    expect((await as('ann')('GET', `/cases/${id}/integrity`)).body).toMatchObject({ good: false });
    expect((await step(id, 'E1')).body).toMatchObject({ code: 'EVIDENCE_CHANGED' });
    const [item] = (await view(id)).items;
    const shown = await as('ann')<CaseEvidence>('GET', `/cases/${id}/items/${item?.id}`);
    expect(shown.body.intact).toBe(false);
  });

  it('notices a facet or weight that was changed beside the frozen result, and hashes changed to fit', async () => {
    const id = await open(['E2']);
    await answerAll(id);
    const { db } = server.services.store;
    const [item] = await db.select().from(caseItems).where(eq(caseItems.case, id));
    await db
      .update(caseItems)
      .set({ data: { ...item?.data, facet: 'another' } })
      .where(eq(caseItems.id, item?.id ?? ''));
    expect((await step(id, 'E2')).body).toMatchObject({ code: 'EVIDENCE_CHANGED' });
    await db
      .update(caseFrozen)
      .set({ json: '{}', sha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' })
      .where(eq(caseFrozen.case, id));
    expect((await view(id)).people[0]?.frozen[0]?.intact).toBe(true);
    const { body } = await as('ann')<{ problems: string[] }>('GET', `/cases/${id}/integrity`);
    expect(body.problems.some((one) => one.includes('audit log'))).toBe(true);
  });
});

describe('the rule of two kinds', () => {
  it('refuses one kind, passes two, passes a conclusive one; what is explained counts for nothing', async () => {
    for (const [person, met] of [
      ['E1', true],
      ['E2', false],
      ['E3', true],
      ['E4', false],
      ['E9', false],
    ] as const) {
      const id = await open([person]);
      await answerAll(id);
      const { status, body } = await step(id, person);
      expect([person, status, body.code]).toEqual(met ? [person, 200, undefined] : [person, 409, 'ONE_KIND']);
    }
  });

  it('looks only at the findings the decision rests on', async () => {
    const id = await open(['E1']);
    await answerAll(id);
    const [one] = findingIds(await view(id));
    expect((await step(id, 'E1', [one ?? ''])).body.code).toBe('ONE_KIND');
    expect((await step(id, 'E1', ['made-up'])).body.code).toBe('NOT_EVIDENCE');
  });

  it('does not count what was found to be a wrong record', async () => {
    const id = await open(['E1']);
    await answerAll(id);
    const [item] = (await view(id)).items;
    expect(
      (
        await as('ann')('POST', `/cases/${id}/corrections`, {
          item: item?.id,
          says: 'Payroll typed the wrong digits.',
          toldTo: 'Payroll',
        })
      ).status,
    ).toBe(200);
    expect((await step(id, 'E1')).body.code).toBe('ONE_KIND');
    const work = server.asked.at(-1);
    expect(work).toMatchObject({ kind: 'cases.correction' });
    await mkdir(server.services.lake, { recursive: true });
    for (const _ of [1, 2]) await area.work?.['cases.correction']?.(work?.payload ?? {}, server.services);
    const decisions = await readDecisions(server.services.lake);
    expect(decisions).toHaveLength(1);
    expect(decisions[0]).toMatchObject({
      what: { explanation: { people: ['E1'], detections: ['made-up-payment-0'] } },
    });
    await rm(join(server.services.lake, 'decisions.jsonl'));
  });

  it('needs an answer to each innocent reading, and none that is held likely', async () => {
    const id = await open(['E1']);
    expect((await step(id, 'E1')).body.code).toBe('READINGS_OPEN');
    await answerAll(id, 'likely');
    expect((await step(id, 'E1')).body.code).toBe('READING_LIKELY');
    await answerAll(id, 'unlikely');
    expect((await step(id, 'E1')).status).toBe(200);
    const [decision] = (await view(id)).decisions;
    expect(decision?.readings.every((reading) => reading.answer !== '')).toBe(true);
    expect(decision?.rests.length).toBe(2);
  });

  it('lets counsel except a case from it, and another decide by that', async () => {
    const id = await open(['E2']);
    await answerAll(id);
    const exception = { person: h('E2'), reason };
    expect((await as('hrh')('POST', `/cases/${id}/exceptions`, exception)).status).toBe(403);
    expect((await as('col')('POST', `/cases/${id}/exceptions`, exception)).status).toBe(200);
    expect((await step(id, 'E2')).status).toBe(200);
    expect((await view(id)).decisions[0]?.rule).toContain(reason);
  });

  it('is a pure question: never met by one facet, however heavy', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ bits: fc.double({ min: -8, max: 8, noNaN: true }), explained: fc.boolean() })),
        (list) => {
          const findings = list.map((one) => ({ ...one, facet: 'one', setAside: false, conclusive: false }));
          expect(ruleOn(findings).met).toBe(false);
          const with2 = [
            ...findings,
            { facet: 'two', bits: 8, explained: true, setAside: false, conclusive: true },
          ];
          expect(ruleOn(with2).met).toBe(false);
        },
      ),
    );
  });

  it('is not met where all of it together is not enough to act on', () => {
    const finding = (facet: string) => ({
      facet,
      bits: 5,
      explained: false,
      setAside: false,
      conclusive: true,
    });
    const both = [finding('one'), finding('two')];
    for (const band of ['clear', 'watch']) {
      expect(ruleOn(both, band)).toMatchObject({ met: false, facets: ['one', 'two'] });
      expect(ruleOn(both, band).says).toContain(`stands at ${band}`);
    }
    for (const band of ['review', 'urgent', undefined]) expect(ruleOn(both, band).met).toBe(true);
    expect(
      ruleOn(
        [finding('one')].map((one) => ({ ...one, conclusive: false })),
        'urgent',
      ).met,
    ).toBe(false);
  });
});

describe('who decides', () => {
  it('is a decider of the case who did not open it', async () => {
    const byHr = await open(['E1'], { members: [{ user: 'hri', part: 'decider' }] }, 'hrh');
    expect(
      (await as('hrh')('POST', `/cases/${byHr}/members`, { user: 'hrh', part: 'decider', reason })).status,
    ).toBe(409);
    for (const one of (await view(byHr, 'hrh')).hypotheses)
      await as('hrh')('PATCH', `/cases/${byHr}/hypotheses/${one.id}`, { state: 'ruled out', answer: 'seen' });
    const rests = findingIds(await view(byHr, 'hrh'));
    expect((await step(byHr, 'E1', rests, 'hrh')).status).toBe(403);
    expect((await step(byHr, 'E1', rests, 'hri')).status).toBe(200);
    const id = await open(['E1']);
    expect((await step(id, 'E1', [], 'ann')).status).toBe(403);
    expect((await step(id, 'E1', [], 'col')).status).toBe(403);
  });

  it('says when the person was told, or why not', async () => {
    const id = await open(['E1']);
    await answerAll(id);
    const body = { person: h('E1'), what: 'hold', reason, rests: findingIds(await view(id)) };
    expect((await as('hrh')('POST', `/cases/${id}/steps`, body)).status).toBe(400);
    expect(
      (await as('hrh')('POST', `/cases/${id}/steps`, { ...body, told: { on: '2026-05-30' } })).status,
    ).toBe(200);
  });

  it('waits while the person disputes what was found', async () => {
    const id = await open(['E1']);
    await answerAll(id);
    const { body } = await as('ann')<{ id: string }>('POST', `/cases/${id}/disputes`, {
      person: h('E1'),
      says: 'That account is my wife’s. <script>alert(1)</script>',
      received: '2026-05-31',
    });
    expect((await step(id, 'E1')).body.code).toBe('DISPUTED');
    await as('ann')('POST', `/cases/${id}/disputes/${body.id}/answer`, { answer: 'We asked the bank.' });
    expect((await step(id, 'E1')).status).toBe(200);
  });
});

describe('a verdict', () => {
  const give = (id: string, person: string, verdict: string, rests: string[] = []) =>
    as('hrh')<{ id: string; code?: string }>('POST', `/cases/${id}/verdicts`, {
      person: h(person),
      verdict,
      reason,
      rests,
      told: { on: '2026-06-01' },
    });

  it('of confirmed needs what a step needs', async () => {
    const id = await open(['E2']);
    await answerAll(id);
    expect((await give(id, 'E2', 'confirmed', findingIds(await view(id)))).body.code).toBe('ONE_KIND');
  });

  it('is written as a record that the lake reads, and told to other cases on the person', async () => {
    const id = await open(['E3']);
    await answerAll(id);
    const other = await open(['E3'], { members: [] }, 'ben');
    const { body } = await give(id, 'E3', 'confirmed', findingIds(await view(id)));
    expect(body.id).toBeDefined();
    expect(server.taken.at(-1)).toEqual({
      source: 'checks',
      records: [
        expect.objectContaining({ employee_id: 'E3', check: 'confirmed false', outcome: 'confirmed' }),
      ],
    });
    expect((await view(other, 'ben')).entries.map((entry) => entry.kind)).toContain('verdict.elsewhere');
  });

  it('closes a case only when everybody linked was looked at, tasks are done, and each has one', async () => {
    const id = await open(['E6']);
    const before = await view(id);
    expect(before.linked.map((one) => one.person.handle).sort()).toEqual([h('E7'), h('E8')].sort());
    expect(before.linked[0]?.person.name).toMatch(/^Person /);
    expect(before.beforeClosing).toHaveLength(3);
    const sweep = before.tasks.find((task) => task.step === 'sweep');
    for (const task of before.tasks)
      if (task.id !== sweep?.id)
        await as('ann')('PATCH', `/cases/${id}/tasks/${task.id}`, { state: 'left out', note: 'only a test' });
    const sweepDone = () => as('ann')('PATCH', `/cases/${id}/tasks/${sweep?.id}`, { state: 'done' });
    expect((await sweepDone()).body).toMatchObject({ code: 'SWEEP_OPEN' });
    await as('ann')('POST', `/cases/${id}/sweep`, { people: [h('E7')], decision: 'aside', reason });
    expect((await sweepDone()).status).toBe(409);
    await as('ann')('POST', `/cases/${id}/sweep`, { people: [h('E8')], decision: 'in', reason });
    expect((await sweepDone()).status).toBe(200);
    expect((await view(id)).people.map((one) => one.person.name)).toContain('Hal Another');
    await give(id, 'E6', 'cleared');
    expect((await as('ann')('POST', `/cases/${id}/closing`, { reason })).body).toMatchObject({
      code: 'NOT_READY',
    });
    await give(id, 'E8', 'cleared');
    expect((await as('ann')('POST', `/cases/${id}/closing`, { reason })).status).toBe(200);
    expect((await as('ann')('POST', `/cases/${id}/tasks`, { title: 'Too late' })).status).toBe(409);
  });

  it('of cleared silences what was found up to that day, also when it is done twice', async () => {
    const id = await open(['E1']);
    const { body } = await give(id, 'E1', 'cleared');
    expect(server.taken.at(-1)?.records).toEqual([expect.objectContaining({ outcome: 'cleared' })]);
    const work = server.asked.at(-1);
    expect(work).toEqual({ kind: 'cases.cleared', payload: { decision: body.id } });
    await mkdir(server.services.lake, { recursive: true });
    for (const _ of [1, 2]) await area.work?.['cases.cleared']?.(work?.payload ?? {}, server.services);
    expect(await readDecisions(server.services.lake)).toMatchObject([
      { kind: 'explanation.confirm', what: { explanation: { people: ['E1'], to: '2026-06-01' } } },
    ]);
  });

  it('finds who shares something with somebody clear, of whom nothing is listed', async () => {
    const current = server.services.results.current() as Snapshot;
    const asked: string[] = [];
    current.sharing = async (person) => {
      asked.push(person);
      return [{ person: 'E2', kinds: ['phone', 'passage'] }];
    };
    try {
      const quiet = await open(['E7']);
      expect((await view(quiet)).linked).toMatchObject([
        { person: { handle: h('E2') }, via: ['shares a phone number', 'shares rare wording of a résumé'] },
      ]);
      // Of whom everything is listed, the list says it.
      asked.length = 0;
      expect((await view(await open(['E8']))).linked).toEqual([]);
      expect(asked).toEqual([]);
    } finally {
      delete current.sharing;
    }
  });

  it('cannot set aside somebody who is not linked', async () => {
    const id = await open(['E6']);
    const body = { people: [h('E2')], decision: 'in', reason };
    expect((await as('ann')('POST', `/cases/${id}/sweep`, body)).status).toBe(404);
  });
});

describe('hostile words and files', () => {
  it('keeps names and words as text', async () => {
    const id = await open(['E5'], { title: '<script>alert(1)</script>' });
    const seen = await view(id);
    expect(seen.people[0]?.person.name).toBe('<img src=x onerror=alert(1)> "Eve" =cmd()');
    expect(seen.title).toBe('<script>alert(1)</script>');
  });

  async function upload(id: string, name: string, bytes: Uint8Array | string, user = 'ann') {
    const { body } = await as(user)<{ id: string }>('POST', `/cases/${id}/files`, { name });
    const put = await server.request(`/api/cases/${id}/files/${body.id}`, {
      method: 'PUT',
      headers: { 'x-test-roles': 'analyst', 'x-test-user': user, 'content-type': 'text/html' },
      body: bytes,
    });
    return { id: body.id, status: put.status };
  }

  it('keeps a file by its hash, readable by us alone, and hands it out as nothing but a file', async () => {
    const id = await open(['E1']);
    const { id: item, status } = await upload(
      id,
      '../../etc/passwd\u202Egnp.html',
      '<script>alert(1)</script>',
    );
    expect(status).toBe(200);
    const folder = join(server.services.folder, 'files');
    const kept = (await view(id)).items.find((one) => one.id === item);
    expect(kept?.says).toBe('passwdgnp.html');
    expect(await readdir(folder)).toContain(kept?.sha256);
    expect((await stat(join(folder, kept?.sha256 ?? ''))).mode & 0o777).toBe(0o600);
    const out = await server.request(`/api/cases/${id}/files/${item}`, {
      headers: { 'x-test-roles': 'analyst', 'x-test-user': 'ann' },
    });
    expect(out.headers.get('content-type')).toBe('application/octet-stream');
    expect(out.headers.get('x-content-type-options')).toBe('nosniff');
    expect(out.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(await out.text()).toBe('<script>alert(1)</script>');
    await writeFile(join(folder, kept?.sha256 ?? ''), 'something else');
    const changed = await as('ann')('GET', `/cases/${id}/files/${item}`);
    expect(changed.status).toBe(409);
    expect(await readFile(join(folder, kept?.sha256 ?? ''), 'utf8')).toBe('something else');
  });

  it('refuses empty files, a second content, and content that nobody announced', async () => {
    const id = await open(['E1']);
    expect((await upload(id, 'empty.txt', '')).status).toBe(400);
    const { id: item } = await upload(id, 'one.txt', 'one');
    const again = await server.request(`/api/cases/${id}/files/${item}`, {
      method: 'PUT',
      headers: { 'x-test-roles': 'analyst', 'x-test-user': 'ann' },
      body: 'two',
    });
    expect(again.status).toBe(404);
    expect(
      (await readdir(join(server.services.folder, 'files'))).some((one) => one.startsWith('part-')),
    ).toBe(false);
  });

  it('refuses more than 50 MB, and leaves nothing behind', async () => {
    const id = await open(['E1']);
    expect((await upload(id, 'large.bin', new Uint8Array(50 * 1024 * 1024 + 1))).status).toBe(413);
    expect(
      (await readdir(join(server.services.folder, 'files'))).some((one) => one.startsWith('part-')),
    ).toBe(false);
  });

  it('makes a plain name of any path', () => {
    expect([fileName('..'), fileName('C:\\a\\b.pdf'), fileName('/x/\u0000'), fileName('a\nb')]).toEqual([
      'file',
      'b.pdf',
      'file',
      'ab',
    ]);
  });
});

describe('the person’s side', () => {
  it('drafts a letter with findings and innocent readings, and keeps it once it is sent', async () => {
    const id = await open(['E1']);
    const { body } = await as('ann')<{ id: string }>('POST', `/cases/${id}/letters`, {
      person: h('E1'),
      template: 'notice',
      answerBy: '2026-06-15',
    });
    const [letter] = (await view(id)).letters;
    expect(letter?.text).toContain('Ada Twofacets');
    // Each finding stands with its own innocent readings, and with no other's.
    for (const facet of ['payment', 'device'])
      expect(letter?.text).toContain(
        `  - Something of ${facet} was seen.\n    What else it may be:\n      - It was an honest ${facet}.\n`,
      );
    expect(letter?.text).toContain('2026-06-15');
    expect(letter?.text).not.toMatch(/\{[a-z]/);
    await as('ann')('PATCH', `/cases/${id}/letters/${body.id}`, { sent: '2026-06-01' });
    expect(
      (await as('ann')('PATCH', `/cases/${id}/letters/${body.id}`, { text: 'Other words.' })).status,
    ).toBe(409);
  });

  it('gives a copy of the evidence that names nobody else', async () => {
    const id = await open(['E6']);
    const copy = await as('ann')<string>('GET', `/cases/${id}/copies/${h('E6')}`);
    expect(copy.status).toBe(200);
    expect(copy.body).toContain('Something of payment was seen.');
    expect(copy.body).not.toMatch(/Gus|Hal|E7|E8/);
    // What speaks for them is no suspicion with an excuse beside it, and their own address is theirs.
    const [, favour = ''] = copy.body.split('What speaks for you');
    expect(favour).toContain('Something of checks was seen.');
    expect(favour).not.toContain('It can be innocent');
    expect(copy.body).toContain('Signed in to you.');
    expect((await as('hrh')('GET', `/cases/${id}/copies/${h('E6')}`)).status).toBe(403);
  });

  it('keeps what a comment said before it was changed', async () => {
    const id = await open(['E1']);
    const { body } = await as('ann')<{ id: number }>('POST', `/cases/${id}/comments`, {
      says: 'First words',
    });
    expect((await as('hrh')('PATCH', `/cases/${id}/comments/${body.id}`, { says: 'Mine' })).status).toBe(404);
    await as('ann')('PATCH', `/cases/${id}/comments/${body.id}`, { says: 'Second words' });
    const entry = (await view(id)).entries.find((one) => one.id === body.id);
    expect([entry?.says, entry?.before[0]?.says]).toEqual(['Second words', 'First words']);
  });
});

describe('merging and splitting', () => {
  it('needs both leads, joins members and people, and is undone within 30 days', async () => {
    const from = await open(['E1'], { members: [{ user: 'hrh', part: 'decider' }] });
    const into = await open(['E2'], { members: [] }, 'ben');
    const number = (await view(into, 'ben')).number;
    await as('ann')('POST', `/cases/${from}/merges`, { into: number, reason });
    const [wish] = (await view(into, 'ben')).merges;
    expect(wish).toMatchObject({ way: 'from', state: 'asked' });
    const answer = `/cases/${into}/merges/${wish?.id}`;
    expect((await as('ann')('POST', `${answer}/answer`, { yes: true, reason })).status).toBe(404);
    expect((await as('ben')('POST', `${answer}/answer`, { yes: true, reason })).status).toBe(200);
    const one = await view(into, 'ann');
    expect(one.people.map((person) => person.person.name).sort()).toEqual(['Ada Twofacets', 'Bo Onefacet']);
    expect(one.items.length).toBe(5);
    expect((await as('ann')('POST', `/cases/${from}/comments`, { says: 'here?' })).status).toBe(409);
    expect((await as('hrh')('POST', `${answer}/undoing`, { reason })).status).toBe(403);
    expect((await as('ben')('POST', `${answer}/undoing`, { reason })).status).toBe(200);
    expect((await as('ann')('GET', `/cases/${into}`)).status).toBe(404);
    expect((await view(into, 'ben')).items.length).toBe(3);
    expect((await view(from)).items.length).toBe(2);
    expect((await view(from)).state).toBe('open');
  });

  it('keeps those who opened either case from deciding', async () => {
    const from = await open(['E1'], { members: [] }, 'hrh');
    const into = await open(['E2'], { members: [{ user: 'hri', part: 'decider' }] });
    await as('hrh')('POST', `/cases/${from}/merges`, { into: (await view(into)).number, reason });
    const [wish] = (await view(into)).merges;
    await as('ann')('POST', `/cases/${into}/merges/${wish?.id}/answer`, { yes: true, reason });
    await as('ann')('POST', `/cases/${into}/members`, { user: 'hrh', part: 'decider', reason });
    await answerAll(into);
    const rests = (await view(into)).items
      .filter((item) => item.person?.handle === h('E1'))
      .map((item) => item.id);
    expect((await step(into, 'E1', rests, 'hrh')).body.code).toBe('OPENER_DECIDES');
    expect((await step(into, 'E1', rests, 'hri')).status).toBe(200);
  });

  it('takes the evidence along when people are split off, and leaves it too', async () => {
    const id = await open(['E1', 'E2']);
    const { body } = await as('ann')<{ id: string }>('POST', `/cases/${id}/splits`, {
      people: [h('E2')],
      title: 'One of them',
      reason,
    });
    const off = await view(body.id);
    expect(off.people.map((one) => one.person.name)).toEqual(['Bo Onefacet']);
    expect(off.items.every((item) => item.person?.handle === h('E2'))).toBe(true);
    expect(off.items.length).toBe(3);
    expect((await view(id)).items.length).toBe(5);
    expect(
      (await as('ann')('POST', `/cases/${id}/splits`, { people: [h('E1')], title: 'All', reason })).status,
    ).toBe(409);
    const [split] = (await view(id)).splits;
    expect((await as('ann')('POST', `/cases/${id}/splits/${split?.id}/undoing`, { reason })).status).toBe(
      200,
    );
    expect((await view(id)).people).toHaveLength(2);
    expect((await view(body.id)).state).toBe('merged');
  });

  it('cannot be undone after 30 days', async () => {
    const id = await open(['E1', 'E2']);
    await as('ann')('POST', `/cases/${id}/splits`, { people: [h('E2')], title: 'One of them', reason });
    const [split] = (await view(id)).splits;
    server.at('2026-07-02T09:00:00.000Z');
    try {
      const late = await as('ann')('POST', `/cases/${id}/splits/${split?.id}/undoing`, { reason });
      expect(late.body).toMatchObject({ code: 'TOO_LATE' });
    } finally {
      server.at('2026-06-01T09:00:00.000Z');
    }
  });

  it('loses nothing and nobody, whatever is merged, split and undone in whatever order', async () => {
    const people = ['E1', 'E2', 'E3', 'E4', 'E6'];
    const move = fc.tuple(
      fc.constantFrom('note', 'merge', 'unmerge', 'split', 'unsplit'),
      fc.nat(),
      fc.nat(),
    );
    let minute = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 14 }), async (moves) => {
        const ids = [await open(people.slice(0, 3)), await open(people.slice(3))];
        const notes: string[] = [];
        const openOnes = async () => {
          const rows = await server.services.store.db.select().from(cases);
          return ids.filter((id) => rows.find((row) => row.id === id)?.state === 'open');
        };
        for (const [kind, a, b] of moves) {
          minute += 1;
          server.at(new Date(Date.UTC(2026, 5, 1, 9, minute)).toISOString());
          const there = await openOnes();
          const id = there[a % there.length] ?? '';
          const seen = await view(id);
          if (kind === 'note') {
            const one = seen.people[b % seen.people.length]?.person.handle;
            const made = await as('ann')<{ id: string }>('POST', `/cases/${id}/items`, {
              kind: 'note',
              says: `note ${notes.length}`,
              person: one,
            });
            notes.push(made.body.id);
          } else if (kind === 'merge') {
            const into = there[b % there.length] ?? '';
            if (into === id) continue;
            const target = await view(into);
            await as('ann')('POST', `/cases/${id}/merges`, { into: target.number, reason });
            const wish = (await view(into)).merges.find(
              (one) => one.state === 'asked' && one.other === seen.number,
            );
            const yes = await as('ann')('POST', `/cases/${into}/merges/${wish?.id}/answer`, {
              yes: true,
              reason,
            });
            expect(yes.status).toBe(200);
          } else if (kind === 'unmerge') {
            const merge = seen.merges.find((one) => one.way === 'from' && one.state === 'merged');
            if (merge) await as('ann')('POST', `/cases/${id}/merges/${merge.id}/undoing`, { reason });
          } else if (kind === 'split') {
            const off = seen.people.slice(0, 1 + (b % Math.max(1, seen.people.length - 1)));
            if (off.length >= seen.people.length) continue;
            const made = await as('ann')<{ id: string }>('POST', `/cases/${id}/splits`, {
              people: off.map((one) => one.person.handle),
              title: 'Split off',
              reason,
            });
            expect(made.status).toBe(200);
            ids.push(made.body.id);
          } else {
            const split = seen.splits.find((one) => one.way === 'to' && !one.undone);
            if (split) await as('ann')('POST', `/cases/${id}/splits/${split.id}/undoing`, { reason });
          }
        }
        const last = await Promise.all((await openOnes()).map((id) => view(id)));
        const held = new Set(last.flatMap((one) => one.items.map((item) => item.id)));
        for (const note of notes) expect(held).toContain(note);
        const named = new Set(last.flatMap((one) => one.people.map((person) => person.person.handle)));
        for (const person of people) expect(named).toContain(h(person));
        // Whoever is in a case has their frozen evidence there.
        for (const one of last)
          for (const person of one.people) {
            expect(person.frozen.length).toBeGreaterThan(0);
            expect(person.frozen.every((frozen) => frozen.intact)).toBe(true);
          }
      }),
      { numRuns: 6, seed: 7 },
    );
    server.at('2026-06-01T09:00:00.000Z');
  });
});

describe('playbooks among the tasks', () => {
  const put = (id: string, playbook: string, by = 'ann') =>
    as(by)<PlaybookAdded & { code?: string; title?: string }>('POST', `/cases/${id}/playbooks/${playbook}`);
  const of = (seen: Case, playbook: string) =>
    seen.tasks.filter((task) => task.step.startsWith(`${playbook}/`));

  it('adds its steps once, at the end and in their order, however often it is asked for', async () => {
    const id = await open(['E1']);
    const before = await view(id);
    const first = await put(id, 'extortion');
    expect(first.body).toEqual({ added: expect.any(Number), there: 0 });
    const { added } = first.body;
    expect(added).toBeGreaterThan(3);
    const seen = await view(id);
    expect(seen.tasks.slice(0, before.tasks.length).map((task) => task.id)).toEqual(
      before.tasks.map((task) => task.id),
    );
    const steps = of(seen, 'extortion');
    expect(seen.tasks.slice(-added)).toEqual(steps);
    expect(steps.every((task) => task.done !== '' && task.role !== undefined)).toBe(true);
    // Later steps wait for the earlier ones, as those a case begins with do.
    const late = steps.find((task) => task.waitsFor.length > 0);
    const refused = await as('ann')('PATCH', `/cases/${id}/tasks/${late?.id}`, { state: 'done' });
    expect(refused.body).toMatchObject({ code: 'NOT_YET' });

    // Twice, also after a step was left out, and both at once.
    await as('ann')('PATCH', `/cases/${id}/tasks/${steps[0]?.id}`, {
      state: 'left out',
      note: 'only a test',
    });
    const again = await Promise.all([put(id, 'extortion'), put(id, 'extortion', 'col')]);
    expect(again.map((one) => one.body)).toEqual(again.map(() => ({ added: 0, there: added })));
    expect((await view(id)).tasks).toHaveLength(before.tasks.length + added);
    const logged = await server.services.store.db
      .select()
      .from(audit)
      .where(eq(audit.action, 'case.playbook'));
    expect(logged.at(-1)).toMatchObject({
      subject: `case:${id}`,
      detail: { playbook: 'extortion', added: 0, there: added },
    });
  });

  it('knows the steps the case began with, and never adds a second sweep', async () => {
    const id = await open(['E1']);
    const before = (await view(id)).tasks;
    expect((await put(id, 'employee')).body).toEqual({ added: 0, there: before.length });
    // A step that is missing comes back, whoever took it out.
    await server.services.store.db.delete(caseTasks).where(eq(caseTasks.id, before[1]?.id ?? ''));
    expect((await put(id, 'employee')).body).toEqual({ added: 1, there: before.length - 1 });
    const after = (await view(id)).tasks;
    expect(after.map((task) => task.step).sort()).toEqual(before.map((task) => task.step).sort());
    expect(after.at(-1)?.step).toBe(before[1]?.step);
    expect(after.filter((task) => task.step === 'sweep')).toHaveLength(1);
  });

  it('does not add again what came with a case that was merged in, and does once they are apart', async () => {
    const from = await open(['E1']);
    const into = await open(['E2']);
    const { added } = (await put(from, 'preserve')).body;
    const steps = of(await view(from), 'preserve');
    const late = steps.find((task) => task.waitsFor.length > 0);
    // One of them is missing: it is added here, and still waits for the one that stands over there.
    await server.services.store.db.delete(caseTasks).where(eq(caseTasks.id, late?.id ?? ''));
    await as('ann')('POST', `/cases/${from}/merges`, { into: (await view(into)).number, reason });
    const [wish] = (await view(into)).merges;
    const merge = `/cases/${into}/merges/${wish?.id}`;
    await as('ann')('POST', `${merge}/answer`, { yes: true, reason });
    expect((await put(from, 'preserve')).status).toBe(409);
    expect((await put(into, 'preserve')).body).toEqual({ added: 1, there: added - 1 });
    const here = of(await view(into), 'preserve').find((task) => task.step === late?.step);
    expect(here?.waitsFor).toEqual(late?.waitsFor);
    expect(
      (await as('ann')('PATCH', `/cases/${into}/tasks/${here?.id}`, { state: 'done' })).body,
    ).toMatchObject({ code: 'NOT_YET' });
    await as('ann')('POST', `${merge}/undoing`, { reason });
    expect((await put(into, 'preserve')).body).toEqual({ added: added - 1, there: 1 });
    expect((await put(from, 'preserve')).body).toEqual({ added: 1, there: added - 1 });
  });

  it('adds them to a case that was split off, which has tasks of its own', async () => {
    const id = await open(['E1', 'E2']);
    const { added } = (await put(id, 'preserve')).body;
    const { body } = await as('ann')<{ id: string }>('POST', `/cases/${id}/splits`, {
      people: [h('E2')],
      title: 'One of them',
      reason,
    });
    expect((await put(body.id, 'preserve')).body).toEqual({ added, there: 0 });
    expect((await put(id, 'preserve')).body).toEqual({ added: 0, there: added });
    const [split] = (await view(id)).splits;
    await as('ann')('POST', `/cases/${id}/splits/${split?.id}/undoing`, { reason });
    expect((await put(id, 'preserve')).body).toEqual({ added: 0, there: added });
  });

  it('is for members who see the case, for playbooks that fit it, while it is open', async () => {
    const id = await open(['E1'], { members: [{ user: 'ivy', part: 'member' }] });
    expect((await put(id, 'preserve', 'ben')).status).toBe(404);
    for (const user of ['aud', 'adm']) expect((await put(id, 'preserve', user)).status).toBe(403);
    expect((await put(id, 'preserve', 'ivy')).body).toMatchObject({ code: 'TASKS_ONLY' });
    expect((await put(id, 'no-such-playbook')).status).toBe(404);
    expect((await put(id, '__proto__')).status).toBe(404);
    expect((await put(id, encodeURIComponent('../employee'))).status).toBe(404);
    const other = await put(id, 'contractor');
    expect([other.status, other.body.code]).toEqual([409, 'PLAYBOOK_NOT_FOR_THIS']);
    expect(other.body.title).toContain('contractor');
    const { body } = await as('ivy')<Case>('GET', `/cases/${id}`);
    expect(of(body, 'preserve')).toEqual([]);
  });
});

describe('taking a case up again', () => {
  const again = (id: string, by = 'ann') =>
    as(by)<{ state?: string; code?: string }>('POST', `/cases/${id}/reopening`, {
      reason: 'Cy Conclusive wrote',
    });
  const answer = (id: string, by: string, yes: boolean) =>
    as(by)<{ code?: string }>('POST', `/cases/wishes/${id}`, { yes, reason });
  const two = (on: boolean) =>
    server.services.settings.set(server.services.store.db, 'cases.two-to-open', on);
  const wishOf = async (id: string, by: string) =>
    (await as(by)<Cases>('GET', '/cases')).body.wishes.find((one) => one.id === id);

  async function closed(): Promise<string> {
    // Nobody who says yes below sees them through another case.
    const person = 'E3';
    const id = await open([person]);
    await finish(id);
    await as('hrh')('POST', `/cases/${id}/verdicts`, {
      person: h(person),
      verdict: 'inconclusive',
      reason,
      told: { on: '2026-06-01' },
    });
    expect((await as('ann')('POST', `/cases/${id}/closing`, { reason })).status).toBe(200);
    return id;
  }

  it('is done by a lead or counsel, at once, where one person opens a case', async () => {
    const id = await closed();
    expect((await again(id, 'hrh')).body).toMatchObject({ code: 'NOT_YOUR_PART' });
    expect((await again(id, 'ben')).status).toBe(404);
    expect((await again(id)).body).toEqual({ state: 'open' });
    expect((await view(id)).state).toBe('open');
    expect((await again(id)).status).toBe(409);
  });

  it('waits for a second person where two open a case, whoever asks, and stays closed until then', async () => {
    const id = await closed();
    expect(await wishOf(id, 'col')).toBeUndefined();
    await two(true);
    try {
      // Counsel of the case could say yes to others, not to themselves; they did not open or close it either.
      expect((await again(id, 'col')).body).toEqual({ state: 'asked' });
      expect((await again(id)).body).toMatchObject({ code: 'ASKED_ALREADY' });
      const waiting = await view(id);
      expect([waiting.state, waiting.reopening?.by]).toEqual(['closed', 'col']);
      expect((await as('ann')('POST', `/cases/${id}/people`, { person: h('E4'), reason })).status).toBe(409);
      // What a person says of it is still taken down.
      expect(
        (
          await as('ann')('POST', `/cases/${id}/disputes`, {
            person: h('E3'),
            says: 'That was me.',
            received: '2026-06-01',
          })
        ).status,
      ).toBe(200);
      expect(await wishOf(id, 'col')).toMatchObject({ own: true, again: true });
      const wish = await wishOf(id, 'hri');
      expect(wish).toMatchObject({ own: false, again: true, number: waiting.number });
      expect(JSON.stringify(wish)).not.toMatch(/Cy |Conclusive|Something to look/);
      const today = await (area.waiting ?? (async () => []))(
        { id: 'hri', name: 'Hri', email: 'hri@example.com', roles: ['hr'] },
        server.services,
      );
      expect(today.find((one) => one.id === `wish-${id}`)?.title).toContain(
        `case ${waiting.number} may be taken up again`,
      );
      expect((await answer(id, 'col', true)).body).toMatchObject({ code: 'SECOND_PERSON' });
      expect((await answer(id, 'ben', true)).status).toBe(403);
      const said = await Promise.all(['hri', 'hrh'].map((by) => answer(id, by, true)));
      expect(said.map((one) => one.status).sort()).toEqual([200, 404]);
      const seen = await view(id);
      expect([seen.state, seen.reopening, seen.outcome]).toEqual(['open', undefined, undefined]);
      // Whoever agreed is no member by it, and nothing begins anew.
      expect((await as('hri')('GET', `/cases/${id}`)).status).toBe(404);
      expect([seen.tasks.length, seen.people[0]?.frozen.length]).toEqual([
        waiting.tasks.length,
        waiting.people[0]?.frozen.length,
      ]);
    } finally {
      await two(false);
    }
  });

  it('is not done where the second person says no, and can be asked for anew', async () => {
    const id = await closed();
    await two(true);
    try {
      await again(id);
      expect((await answer(id, 'ann', true)).status).toBe(403);
      expect((await answer(id, 'hri', false)).status).toBe(200);
      const seen = await view(id);
      expect([seen.state, seen.outcome, seen.reopening]).toEqual(['closed', reason, undefined]);
      expect((await answer(id, 'hri', true)).status).toBe(404);
      expect((await again(id)).body).toEqual({ state: 'asked' });
      expect((await answer(id, 'hri', true)).status).toBe(200);
      expect((await view(id)).state).toBe('open');
    } finally {
      await two(false);
    }
  });

  it('makes no wish of a case that is closed and was never asked for', async () => {
    const id = await closed();
    expect((await answer(id, 'hri', true)).status).toBe(404);
    expect((await view(id)).state).toBe('closed');
  });
});

describe('the record', () => {
  it('has an entry for every change, and none of them names anybody', async () => {
    const entries = await server.services.store.db.select().from(audit).orderBy(desc(audit.number));
    expect(new Set(entries.map((entry) => entry.action)).size).toBeGreaterThan(20);
    expect(JSON.stringify(entries)).not.toMatch(
      /Twofacets|Onefacet|Conclusive|Explained|Linked|Another|onerror/,
    );
  });
});
