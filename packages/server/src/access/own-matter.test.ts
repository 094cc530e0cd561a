/** Nobody checks, clears, explains or decides about themself, by whatever route. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScanResult } from '@rollcall/engine/model/result.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { type Role, roles } from '../model/roles.js';
import { audit, caseMembers, casePeople, cases, checks } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';
import { ownRows } from './own-matter.js';
import { makeSight } from './sight.js';

const [casey, jordan, ines, tom] = ['E1042', 'E1057', 'E0301', 'E0302'] as const;
/** Accounts of these tests have addresses at example.com; these two belong to people on record. */
const self = 'casey.lindqvist';
const home = 'tom.at.home';
const all = roles.filter((role) => role !== 'admin');

const result: ScanResult = {
  ...sampleResult,
  people: sampleResult.people.map((person) =>
    person.id === tom
      ? {
          ...person,
          department: 'Design',
          identifiers: [
            {
              kind: 'email',
              label: `${home}@example.com`,
              context: 'application',
              source: 'hr-roster',
              sharedWith: [],
            },
          ],
        }
      : person,
  ),
};

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ result, sight: makeSight });
  const { db } = server.services.store;
  const at = new Date('2026-06-01T09:00:00Z');
  for (const [nth, [id, state, person, member]] of (
    [
      ['open-on-casey', 'open', casey, self],
      ['asked-on-casey', 'asked', casey, 'somebody'],
      ['open-on-jordan', 'open', jordan, self],
    ] as const
  ).entries()) {
    await db.insert(cases).values({
      id,
      number: nth + 1,
      title: 'A case',
      about: 'person',
      state,
      playbook: 'employee',
      openedBy: 'somebody',
      openedAt: at,
      reason: 'A test of the tests',
    });
    await db
      .insert(caseMembers)
      .values({ case: id, user: member, part: 'lead', addedBy: 'somebody', addedAt: at });
    await db.insert(casePeople).values({ case: id, person, why: 'A test', addedBy: 'somebody', addedAt: at });
  }
  // A second person of the case that the account's own person is not the first of.
  await db
    .insert(casePeople)
    .values({ case: 'open-on-casey', person: jordan, why: 'A test', addedBy: 'somebody', addedAt: at });
  for (const [id, person] of [
    ['check-of-casey', casey],
    ['check-of-jordan', jordan],
  ] as const)
    await db.insert(checks).values({
      id,
      form: 'spot-check',
      person,
      state: 'asked',
      role: 'hr',
      askedBy: 'system',
      askedAt: at,
      dueAt: new Date('2026-06-20T09:00:00Z'),
    });
  await mkdir(server.services.lake, { recursive: true });
  await writeFile(
    join(server.services.lake, 'decisions.jsonl'),
    [
      { id: 1, kind: 'ring.split', what: { ring: 'ring-nashville', people: [casey] } },
      { id: 2, kind: 'undo', undoes: 1 },
      { id: 3, kind: 'ring.split', what: { ring: 'ring-nashville', people: [jordan] } },
    ]
      .map(
        (one) =>
          `${JSON.stringify({ ...one, time: '2026-05-01T00:00:00Z', by: 'somebody', reason: 'A test' })}\n`,
      )
      .join(''),
  );
});
afterAll(() => server.close());

const handle = (id: string) => server.services.keys.handle(id);

async function ask(user: string, method: string, path: string, body?: unknown, held: readonly Role[] = all) {
  const answer = await server.request(`/api${path}`, {
    method,
    headers: {
      'x-test-roles': held.join(','),
      'x-test-user': user,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

const refused = async (user: string) =>
  (await server.services.store.db.select().from(audit).where(eq(audit.actor, user)))
    .filter((one) => one.action === 'own-matter.refused')
    .map(
      (one) =>
        `${one.subject} ${(one.detail as { method: string; where: string }).method} ${(one.detail as { where: string }).where}`,
    );

const reason = 'A reason of some length';

describe('somebody who is on record by their work e-mail', () => {
  const pseudonym = () => server.services.sight.pseudonym(casey);
  const tries = (): [string, string, unknown?][] => [
    [
      'POST',
      '/cases',
      { about: 'person', people: [handle(casey)], title: 'A case', reason, playbook: 'employee' },
    ],
    [
      'POST',
      '/cases',
      { about: 'ring', ring: 'ring-nashville', title: 'A case', reason, playbook: 'employee' },
    ],
    ['POST', '/cases/wishes/asked-on-casey', { yes: false, reason }],
    ['GET', '/cases/open-on-casey'],
    ['POST', '/cases/open-on-casey/comments', { says: 'Nothing to see here' }],
    [
      'POST',
      '/cases/open-on-casey/verdicts',
      { person: handle(casey), verdict: 'cleared', reason, told: { whyNot: reason } },
    ],
    [
      'POST',
      '/cases/open-on-casey/verdicts',
      { person: handle(jordan), verdict: 'cleared', reason, told: { whyNot: reason } },
    ],
    ['POST', '/cases/open-on-jordan/people', { person: handle(casey), reason }],
    ['POST', '/checks', { form: 'spot-check', person: handle(casey) }],
    ['GET', '/checks/check-of-casey'],
    ['POST', '/checks/check-of-casey/outcome', { answers: {} }],
    ['POST', '/checks/check-of-casey/excuse', { otherWay: 'by telephone' }],
    ['POST', '/checks/check-of-casey/cancel', { reason }],
    ['POST', '/explanations', { kind: 'travel', people: [handle(casey)], reason }],
    ['POST', '/explanations', { kind: 'travel', people: [pseudonym()], reason }],
    ['POST', '/explanations', { kind: 'travel', people: [pseudonym().slice(7).toLowerCase()], reason }],
    ['POST', '/rings/ring-nashville/split', { people: [handle(jordan)], reason }],
    ['POST', '/rings/ring-nashville/merge', { other: 'ring-x', reason }],
    ['POST', '/decisions/1/undo', { reason }],
    ['POST', '/decisions/2/undo', { reason }],
    ['POST', '/detections/some-detection/verdicts', { person: handle(casey), verdict: 'innocent' }],
    ['POST', '/detections/some-detection/snoozes', { person: handle(casey), reason, until: '2026-07-01' }],
  ];

  it('is refused whatever is about themself, in plain words, and each try is on record', async () => {
    const wrong: string[] = [];
    for (const [method, path, body] of tries()) {
      const { status, text } = await ask(self, method, path, body);
      if (status !== 403 || !text.includes('OWN_MATTER')) wrong.push(`${method} ${path}: ${status} ${text}`);
      if (/casey|lindqvist|E1042/i.test(text)) wrong.push(`${method} ${path} names them`);
    }
    expect(wrong).toEqual([]);
    const kept = await refused(self);
    expect(kept).toHaveLength(tries().length);
    expect(kept).toContain(`person:${handle(casey)} post /checks/{check}/outcome`);
    expect(await server.services.store.db.select().from(cases)).toHaveLength(3);
  });

  it('does the same for others as before', async () => {
    for (const [method, path, body] of [
      ['GET', '/cases/open-on-jordan'],
      ['GET', '/checks/check-of-jordan'],
      ['POST', '/cases/open-on-jordan/comments', { says: 'Something to see here' }],
      ['POST', '/checks/check-of-jordan/cancel', { reason }],
      ['GET', `/people/${handle(casey)}`],
      ['GET', '/rings/ring-nashville'],
    ] as const) {
      const { status } = await ask(self, method, path, body);
      expect([method, path, status]).toEqual([method, path, 200]);
    }
    expect((await ask(self, 'POST', '/decisions/3/undo', { reason })).text).not.toContain('OWN_MATTER');
  });

  it('sees no name through a case on themself, and is not told that one is wished for', async () => {
    const { services } = server;
    const user = { id: self, name: '', email: `${self}@example.com`, roles: ['analyst'] as const };
    await services.store.db.delete(caseMembers).where(eq(caseMembers.case, 'open-on-jordan'));
    expect([...(await services.sight.open(user))]).toEqual([]);
    const wishes = async (who: string) =>
      (
        JSON.parse((await ask(who, 'GET', '/cases', undefined, ['hr'])).text) as { wishes: { id: string }[] }
      ).wishes.map((one) => one.id);
    expect(await wishes(self)).toEqual([]);
    expect(await wishes('hrh')).toEqual(['asked-on-casey']);
  });
});

describe('somebody who is on record by another address', () => {
  it('is refused an innocent reason for themself, also with others, by department, or suggested', async () => {
    for (const [path, body] of [
      ['/explanations', { kind: 'household', people: [handle(ines), handle(tom)], reason }],
      ['/explanations', { kind: 'company-vpn', departments: ['design'], reason }],
      ['/explanations/household-77ab01cd9e/confirm', { reason }],
      ['/explanations/household-77ab01cd9e/withdraw', { reason }],
    ] as const) {
      const { status, text } = await ask(home, 'POST', path, body);
      expect([path, status, text.includes('OWN_MATTER')]).toEqual([path, 403, true]);
    }
    expect(await refused(home)).toHaveLength(4);
  });

  it('counts for nobody where a colleague has that address at work: an application cannot lock anybody out', async () => {
    const claimed = {
      ...result,
      people: result.people.map((person) =>
        person.id === 'A-77120'
          ? {
              ...person,
              identifiers: [
                {
                  kind: 'email' as const,
                  label: `${self}@example.com`,
                  context: 'application',
                  source: 'made-up',
                  sharedWith: [],
                },
              ],
            }
          : person,
      ),
    };
    const other = await testServer({ result: claimed });
    const user = { id: 'x', name: '', email: 'Casey.Lindqvist@Example.com ', roles: [] };
    expect((await ownRows(user, other.services)).map((row) => row.id)).toEqual([casey]);
    await other.close();
  });
});

describe('somebody whose address is on nobody’s record', () => {
  it('is refused nothing', async () => {
    const { text } = await ask('hrh', 'POST', '/checks', { form: 'spot-check', person: handle(casey) });
    expect(text).not.toContain('OWN_MATTER');
    for (const email of ['', 'nobody', 'nobody@example.com', '@'])
      expect(await ownRows({ id: 'x', name: '', email, roles: [] }, server.services)).toEqual([]);
    expect(await refused('hrh')).toEqual([]);
  });
});
