/** What is told once somebody is no longer seen by name: they left the last scan, the case is over, or it is not theirs. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { makeSight } from '../access/sight.js';
import type { Case } from '../areas/cases/words.js';
import type { Role } from '../model/roles.js';
import { cases, detectionDrafts } from '../store/schema.js';
import { snapshotOf, type TestServer, testServer } from '../testing.js';

const [base] = sampleResult.people as [PersonResult];
const [like] = base.identifiers as [PersonResult['identifiers'][number]];
const person = (id: string, name: string, more: Partial<PersonResult> = {}): PersonResult => ({
  ...base,
  id,
  name,
  stage: 'employed',
  workEmail: `${id.toLowerCase()}@example.com`,
  ring: undefined as never,
  manager: undefined as never,
  passages: [],
  documents: [],
  identifiers: [],
  ...more,
});
const leaver = person('E-LEFT', 'Quintessa Leaver', {
  identifiers: [
    {
      ...like,
      kind: 'phone',
      label: '+1 555-0177',
      sharedWith: [{ id: 'E-GONE', name: 'Zebulon Vanished' }],
    },
  ],
});
const stays = person('E-STAY', 'Ottoline Stayer');
const result: ScanResult = { ...sampleResult, rings: [], people: [leaver, stays] };

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ result, sight: makeSight });
});
afterAll(() => server.close());

const held: Record<string, Role[]> = { ann: ['analyst'], ben: ['analyst'] };
/** The answer as a case, which most of them are. */
async function as<T = Case>(user: string, method: string, path: string, body?: unknown) {
  const response = await server.request(`/api${path}`, {
    method,
    headers: {
      'x-test-roles': (held[user] ?? []).join(','),
      'x-test-user': user,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: (text.startsWith('{') ? JSON.parse(text) : text) as T };
}
const h = (id: string) => server.services.keys.handle(id);
const reason = 'because it was made up for a test';
async function open(id: string, by = 'ann'): Promise<string> {
  const { status, body } = await as(by, 'POST', '/cases', {
    about: 'person',
    people: [h(id)],
    title: 'Something to look into',
    reason,
    playbook: 'employee',
  });
  expect(status).toBe(200);
  return body.id;
}

it('a letter names nobody any more where the case is over', async () => {
  const id = await open('E-STAY');
  const template = { person: h('E-STAY'), template: 'notice' };
  const made = await as('ann', 'POST', `/cases/${id}/letters`, template);
  expect([made.status, made.text]).toEqual([200, made.text]);
  expect((await as('ann', 'GET', `/cases/${id}`)).body.letters[0]?.text).toContain('Ottoline Stayer');
  await server.services.store.db.update(cases).set({ state: 'closed' }).where(eq(cases.id, id));
  const over = await as('ann', 'GET', `/cases/${id}`);
  expect(over.body.letters).toHaveLength(1);
  expect(over.text).not.toContain('Ottoline');
});

it('why another case wants to join names nobody of that case', async () => {
  const from = await open('E-STAY', 'ben');
  const into = await open('E-LEFT', 'ann');
  const { number } = (await as('ann', 'GET', `/cases/${into}`)).body;
  const asked = { into: number, reason: 'Ottoline Stayer shares a laptop with yours' };
  expect((await as('ben', 'POST', `/cases/${from}/merges`, asked)).status).toBe(200);
  const seen = await as('ann', 'GET', `/cases/${into}`);
  expect(seen.body.merges).toHaveLength(1);
  expect(seen.text).not.toContain('Ottoline');
  expect((await as('ann', 'GET', '/today')).text).not.toContain('Ottoline');
  expect((await as('ben', 'GET', `/cases/${from}`)).text).toContain('Ottoline Stayer shares');
});

it('a bundle for peers leaves out who somebody was said to be when it was frozen, also after they have left', async () => {
  const id = await open('E-LEFT');
  const without = snapshotOf({ ...result, people: [stays] }, h);
  const { current } = server.services.results;
  server.services.results.current = () => without;
  const sealed = await as('ann', 'POST', `/cases/${id}/bundles`, {
    why: reason,
    identity: false,
    others: false,
  });
  server.services.results.current = current;
  expect([sealed.status, sealed.text]).toEqual([200, sealed.text]);
  const folder = join(server.services.folder, 'bundles');
  const [name = ''] = await readdir(folder);
  // Nothing in it is compressed.
  const zip = await readFile(join(folder, name), 'latin1');
  for (const word of ['Quintessa', 'Leaver', '555-0177', 'e-left@example.com', 'Zebulon', 'Vanished'])
    expect([word, zip.includes(word)]).toEqual([word, false]);
});

it('what was written here is not enough to act on by itself, however sure its authors are', async () => {
  const { content } = server.services;
  const [some] = content.detections;
  const signal = base.signals[0];
  if (!some || !signal) throw new Error('no content');
  const sure = { ...some, id: 'made-here', own: true, weight: { ...some.weight, conclusive: true } };
  content.detections.push(sure as typeof some);
  const { current } = server.services.results;
  const found = {
    ...stays,
    signals: [{ ...signal, detection: 'made-here', bits: 9, explained: undefined as never }],
  };
  const snapshot = snapshotOf({ ...result, people: [found] }, h);
  server.services.results.current = () => snapshot;
  const id = await open('E-STAY');
  const seen = await as('ann', 'GET', `/cases/${id}`);
  server.services.results.current = current;
  content.detections.pop();
  expect(seen.body.items.map((one) => one.finding?.conclusive)).toEqual([false]);
  expect(seen.body.people[0]?.rule.met).toBe(false);
  expect(await server.services.store.db.select().from(detectionDrafts)).toEqual([]);
});
