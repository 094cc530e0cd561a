/** Whoever is shown a name is on record for it, and only then. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import type { Role } from '../model/roles.js';
import { audit, caseMembers, casePeople, cases } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';
import { Lately } from './names-shown.js';
import { makeSight } from './sight.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ result: sampleResult, sight: makeSight });
});
afterAll(() => server.close());

const handle = (id: string) => server.services.keys.handle(id);
const [casey, jordan] = ['E1042', 'E1057'] as const;

async function ask(user: string, roles: Role[], path: string, headers: Record<string, string> = {}) {
  const answer = await server.request(`/api${path}`, {
    headers: { 'x-test-roles': roles.join(','), 'x-test-user': user, ...headers },
  });
  expect(answer.status).toBe(200);
  return answer.text();
}

/** What is on record of names somebody was shown. */
async function seen(user: string) {
  const entries = await server.services.store.db
    .select()
    .from(audit)
    .where(eq(audit.actor, user))
    .orderBy(audit.number);
  return entries
    .filter((one) => one.action === 'names.view')
    .map((one) => one.detail as { people: string[]; where: string });
}

let number = 0;
async function member(user: string, ...people: string[]) {
  const id = `case-${++number}`;
  const at = new Date('2026-06-01T09:00:00Z');
  const { db } = server.services.store;
  await db.insert(cases).values({
    id,
    number,
    title: 'A case',
    about: 'person',
    state: 'open',
    playbook: 'employee',
    openedBy: 'somebody',
    openedAt: at,
    reason: 'A test',
  });
  await db.insert(caseMembers).values({ case: id, user, part: 'lead', addedBy: 'somebody', addedAt: at });
  for (const person of people)
    await db.insert(casePeople).values({ case: id, person, why: 'A test', addedBy: 'somebody', addedAt: at });
  return id;
}

describe('a list', () => {
  it('that shows pseudonyms only leaves no entry', async () => {
    for (const path of ['/people', '/rings', '/explanations', '/today', '/snoozes'])
      expect(await ask('nobody-open', ['analyst'], path)).not.toContain('Casey Lindqvist');
    expect(await seen('nobody-open')).toEqual([]);
  });

  it('that shows names records whose, in one entry, before it is answered', async () => {
    await member('ana', casey, jordan);
    const text = await ask('ana', ['analyst'], '/people');
    expect(text).toContain('Casey Lindqvist');
    expect(await seen('ana')).toEqual([{ people: [handle(casey), handle(jordan)].sort(), where: '/people' }]);
  });

  it('does so for every list: rings, cases, applicants', async () => {
    await member('rin', casey);
    expect(await ask('rin', ['analyst'], '/rings')).toContain('Casey Lindqvist');
    expect((await seen('rin')).map((one) => one.people)).toEqual([[handle(casey)]]);
    await member('cas', jordan);
    expect(await ask('cas', ['counsel'], '/cases')).toContain('Jordan Amsel');
    expect((await seen('cas')).map((one) => one.people)).toEqual([[handle(jordan)]]);
    await ask('rec', ['recruiter'], '/applicants');
    expect((await seen('rec')).map((one) => one.people)).toEqual([[handle('A-77120')]]);
  });

  it('once in ten minutes for an account and a person, and at once for another of either', async () => {
    await member('bea', casey);
    await ask('bea', ['analyst'], '/people');
    await ask('bea', ['analyst'], '/people');
    await ask('bea', ['analyst'], '/rings');
    expect(await seen('bea')).toHaveLength(1);
    await member('bea', jordan);
    await ask('bea', ['analyst'], '/people');
    expect((await seen('bea')).map((one) => one.people)).toEqual([[handle(casey)], [handle(jordan)]]);
    await member('bob', casey);
    await ask('bob', ['analyst'], '/people');
    expect(await seen('bob')).toHaveLength(1);
    server.at('2026-06-01T09:11:00.000Z');
    await ask('bea', ['analyst'], '/people');
    expect(await seen('bea')).toHaveLength(3);
    server.at('2026-06-01T09:00:00.000Z');
  });

  it('records nobody for a search that merely looked through names', async () => {
    await ask('rex', ['recruiter'], '/applicants', { 'x-rollcall-query': 'q=zz+nobody' });
    expect(await seen('rex')).toEqual([]);
  });
});

describe('the page of a person', () => {
  it('is one entry for the person, and names the others it names', async () => {
    await member('cyd', casey, jordan);
    const text = await ask('cyd', ['analyst'], `/people/${handle(casey)}`);
    expect(text).toContain('Jordan Amsel');
    const entries = await server.services.store.db.select().from(audit).where(eq(audit.actor, 'cyd'));
    expect(entries.filter((one) => one.action === 'person.view').map((one) => one.subject)).toEqual([
      `person:${handle(casey)}`,
    ]);
    expect((await seen('cyd')).map((one) => one.people)).toEqual([[handle(jordan)]]);
  });
});

describe('an entry', () => {
  it('that cannot be written keeps the page back, and the next try is recorded', async () => {
    await member('dot', casey);
    const { append } = server.services.audit;
    server.services.audit.append = async () => {
      throw new Error('the disk is full');
    };
    const answer = await server.request('/api/people', {
      headers: { 'x-test-roles': 'analyst', 'x-test-user': 'dot' },
    });
    server.services.audit.append = append;
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('Casey');
    await ask('dot', ['analyst'], '/people');
    expect(await seen('dot')).toHaveLength(1);
  });

  it('is found by whoever asks the log about one of those people', async () => {
    await member('eve', casey, jordan);
    await ask('eve', ['analyst'], '/people');
    const text = await ask('aud', ['auditor'], '/audit', {
      'x-rollcall-query': `subject=person:${handle(jordan)}&actor=eve`,
    });
    const { entries } = JSON.parse(text) as { entries: { action: string }[] };
    expect(entries.map((one) => one.action)).toEqual(['names.view']);
    expect(text).not.toContain('Jordan');
  });
});

describe('what was recorded lately', () => {
  it('is forgotten rather than growing for ever, and when the clock goes back', () => {
    let now = 1_000_000;
    const lately = new Lately(() => now);
    lately.recorded('a', ['p1']);
    expect(lately.fresh('a', ['p1', 'p2'])).toEqual(['p2']);
    expect(lately.fresh('b', ['p1'])).toEqual(['p1']);
    now -= 1;
    expect(lately.fresh('a', ['p1'])).toEqual(['p1']);
    now += 1;
    lately.recorded(
      'a',
      Array.from({ length: 100_000 }, (_, i) => `q${i}`),
    );
    expect(lately.fresh('a', ['p1'])).toEqual(['p1']);
  });
});
