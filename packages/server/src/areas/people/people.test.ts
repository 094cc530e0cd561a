import type { ScanResult } from '@rollcall/engine/model/result.js';
import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import { makeSight } from '../../access/sight.js';
import { folded, tokens } from '../../access/veil/fold.js';
import type { PersonRow, Snapshot } from '../../model/services.js';
import { audit, caseMembers, casePeople, cases } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { namedIn } from './part.js';
import { selectPeople } from './select.js';
import type { PeopleList, PersonPart } from './words.js';

let server: TestServer;
let analyst: ReturnType<TestServer['as']>;
let hr: ReturnType<TestServer['as']>;

beforeAll(async () => {
  server = await testServer({ result: sampleResult, sight: makeSight });
  analyst = server.as('analyst');
  hr = server.as('hr');
});
afterAll(() => server.close());

const at = new Date('2026-06-01T09:00:00Z');
const [first] = sampleResult.people;
if (!first) throw new Error('the sample is empty');
const handleOf = (id: string) => server.services.keys.handle(id);

async function openCase(person: string, member: string, number: number, state: 'open' | 'asked' = 'open') {
  const { db } = server.services.store;
  const id = `case-${number}`;
  await db.insert(cases).values({
    id,
    number,
    title: 'What the parcels say',
    about: 'person',
    state,
    playbook: 'employee',
    openedBy: member,
    openedAt: at,
    reason: 'A test',
  });
  await db.insert(caseMembers).values({ case: id, user: member, part: 'lead', addedBy: member, addedAt: at });
  await db.insert(casePeople).values({ case: id, person, why: 'A test', addedBy: member, addedAt: at });
}

describe('the list', () => {
  it('is under pseudonyms, without ids or names', async () => {
    const { status, body } = await analyst<PeopleList>('GET', '/people');
    expect(status).toBe(200);
    expect(body.total).toBe(sampleResult.people.length);
    const text = JSON.stringify(body);
    for (const person of sampleResult.people) {
      if (person.id.length > 3) expect(text).not.toContain(`"${person.id}"`);
      expect(text).not.toContain(JSON.stringify(person.name));
      if (person.workEmail) expect(text).not.toContain(person.workEmail);
    }
    expect(body.people.every((one) => !one.open && /^Person [0-9A-Z]{4}-/.test(one.name))).toBe(true);
    const order = body.people.map((one) => one.bits);
    expect(body.people[0]?.id).toBe(handleOf(first.id));
    expect(order.length).toBe(sampleResult.people.length);
  });

  it('shows HR applicants by name and nobody else', async () => {
    const { body } = await hr<PeopleList>('GET', '/people');
    for (const one of body.people) expect(one.open).toBe(one.stage === 'applicant' || one.stage === 'offer');
    expect(body.people.some((one) => one.open)).toBe(true);
  });

  it('is not for recruiters, IT, auditors and administrators', async () => {
    for (const role of ['recruiter', 'it', 'auditor', 'admin'] as const)
      expect((await server.as(role)('GET', '/people')).status).toBe(403);
  });

  it('filters, counts the bands whatever bands are chosen, and turns pages', async () => {
    const urgent = await analyst<PeopleList>('GET', '/people?band=urgent');
    expect(urgent.body.people.every((one) => one.band === 'urgent')).toBe(true);
    const all = await analyst<PeopleList>('GET', '/people');
    expect(urgent.body.bands).toEqual(all.body.bands);
    expect(urgent.body.total).toBe(all.body.bands.urgent);
    const stage = all.body.people[0]?.stage ?? '';
    const staged = await analyst<PeopleList>('GET', `/people?stage=${stage}`);
    expect(staged.body.people.every((one) => one.stage === stage)).toBe(true);
    const back = await analyst<PeopleList>('GET', '/people?sort=signals&order=back');
    const numbers = back.body.people.map((one) => one.signals);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect((await analyst<PeopleList>('GET', '/people?page=999')).body.page).toBe(1);
  });

  it('refuses what is no filter', async () => {
    for (const bad of ['sort=name', 'remote=perhaps', 'page=0', 'page=x', `q=${'x'.repeat(300)}`])
      expect((await analyst('GET', `/people?${bad}`)).status).toBe(400);
  });
});

describe('a search', () => {
  it('does not tell whose name it is', async () => {
    for (const person of sampleResult.people)
      for (const word of folded(person.name).match(tokens) ?? []) {
        // What stands in their title too is found by the title.
        const said = folded([person.title, person.department, person.vendor].join(' '));
        if (word.length < 3 || said.includes(word)) continue;
        const { body } = await analyst<PeopleList>('GET', `/people?q=${encodeURIComponent(word)}`);
        expect({ word, found: body.people.map((one) => one.id).includes(handleOf(person.id)) }).toEqual({
          word,
          found: false,
        });
      }
  });

  it('does not tell by e-mail or by the number in the company’s systems either', async () => {
    for (const person of sampleResult.people)
      for (const word of [person.id, person.workEmail ?? person.id]) {
        const { body } = await analyst<PeopleList>('GET', `/people?q=${encodeURIComponent(word)}`);
        expect(body.people.map((one) => one.id)).not.toContain(handleOf(person.id));
      }
  });

  it('finds pseudonyms, however they are written', async () => {
    const pseudonym = server.services.sight.pseudonym(first.id);
    for (const q of [
      pseudonym,
      pseudonym.toLowerCase(),
      pseudonym.replace('Person ', ''),
      pseudonym.replace(/Person |-/g, ''),
      handleOf(first.id),
    ]) {
      const { body } = await analyst<PeopleList>('GET', `/people?q=${encodeURIComponent(q)}`);
      expect(body.people.map((one) => one.id)).toEqual([handleOf(first.id)]);
    }
  });

  it('finds names of those who are open', async () => {
    await openCase(first.id, 'user-counsel', 71);
    const word = (folded(first.name).match(tokens) ?? [])[0] ?? '';
    const { body } = await server.as('counsel')<PeopleList>('GET', `/people?q=${word}`);
    expect(body.people.map((one) => one.name)).toContain(first.name);
  });
});

describe('the page of a person', () => {
  it('is veiled, and viewing it is recorded by handle', async () => {
    const handle = handleOf(first.id);
    const { status, body } = await analyst<PersonPart>('GET', `/people/${handle}`);
    expect(status).toBe(200);
    expect(body.console.sight).toBe('veiled');
    const result = body.result as ScanResult;
    expect(result.people).toHaveLength(1);
    expect(result.people[0]?.id).toBe(handle);
    expect(result.people[0]?.name).toBe(server.services.sight.pseudonym(first.id));
    const text = JSON.stringify(body);
    expect(text).not.toContain(first.name);
    expect(text).not.toContain(`"${first.id}"`);
    // The others it names can be linked to.
    const linked = new Set(body.elsewhere.people.map((one) => one.id));
    for (const other of result.people[0]?.signals.flatMap((signal) => signal.others) ?? [])
      expect(linked.has(other)).toBe(true);
    const entries = await server.services.store.db.select().from(audit).orderBy(asc(audit.number));
    const last = entries.at(-1);
    expect(last).toMatchObject({
      actor: 'user-analyst',
      action: 'person.view',
      subject: `person:${handle}`,
      detail: { sight: 'veiled' },
    });
    expect(JSON.stringify(entries)).not.toContain(first.name);
  });

  it('is open to a member of a case on them, who sees the case there', async () => {
    const handle = handleOf(first.id);
    await openCase(first.id, 'user-hr', 72);
    const { body } = await hr<PersonPart>('GET', `/people/${handle}`);
    expect(body.console).toMatchObject({ sight: 'open', because: 'case' });
    expect(body.console.cases.map((one) => one.number)).toEqual([72]);
    expect((body.result as ScanResult).people[0]?.name).toBe(first.name);
    // The case is nobody else's to know of.
    const other = await analyst<PersonPart>('GET', `/people/${handle}`);
    expect(other.body.console.cases).toEqual([]);
    expect(other.body.console.sight).toBe('veiled');
  });

  it('tells who asked that their case waits, and shows nothing yet', async () => {
    const second = sampleResult.people[1];
    if (!second) return;
    await openCase(second.id, 'user-analyst', 73, 'asked');
    const { body } = await analyst<PersonPart>('GET', `/people/${handleOf(second.id)}`);
    expect(body.console.sight).toBe('veiled');
    expect(body.console.asked.map((one) => one.number)).toEqual([73]);
  });

  it('is not found by the number of the company’s systems, nor by anything else that is no handle', async () => {
    for (const id of [first.id, 'nobody', '../people', '%00', "' OR 1=1 --"])
      expect((await analyst('GET', `/people/${encodeURIComponent(id)}`)).status).toBe(404);
  });

  it('knows the neighbours in the order somebody came by', async () => {
    const { body: list } = await analyst<PeopleList>('GET', '/people?sort=signals');
    const [one, two, three] = list.people;
    const { body } = await analyst<PersonPart>(
      'GET',
      `/people/${two?.id}?list=${encodeURIComponent('sort=signals')}`,
    );
    expect(body.elsewhere).toMatchObject({ at: 2, of: list.total, before: one?.id, after: three?.id });
    // What is no filter is passed over.
    const plain = await analyst<PersonPart>('GET', `/people/${two?.id}?list=sort%3D%3Cimg%3E`);
    expect(plain.status).toBe(200);
  });

  it('names everybody it mentions once', () => {
    const snapshot = server.services.results.current() as Snapshot;
    const named = namedIn(first, snapshot);
    expect(new Set(named.map((one) => one.id)).size).toBe(named.length);
    expect(named.map((one) => one.id)).toContain(first.id);
  });
});

describe('before the first scan', () => {
  it('the list is empty and says so', async () => {
    const empty = await testServer({ sight: makeSight });
    const { status, body } = await empty.as('analyst')<PeopleList>('GET', '/people');
    expect(status).toBe(200);
    expect(body.finishedAt).toBeUndefined();
    expect((await empty.as('analyst')('GET', '/people/p0000000000')).status).toBe(404);
    await empty.close();
  });
});

describe('100,000 people', () => {
  it('are filtered, sorted and searched', () => {
    const people = Array.from(
      { length: 100_000 },
      (_, i): PersonRow => ({
        id: `X${i}`,
        handle: `p${i.toString(36).padStart(10, '0')}`,
        name: `Somebody ${i}`,
        stage: i % 4 ? 'employed' : 'applicant',
        engagement: 'employee',
        title: 'Engineer',
        department: `Department ${i % 40}`,
        band: i % 100 ? 'clear' : 'watch',
        bits: -i / 10_000,
        facets: i % 3,
        signals: i % 17,
      }),
    );
    const snapshot = { people, number: 1 } as unknown as Snapshot;
    const open = new Set(['X7']);
    expect(selectPeople(snapshot, { band: 'watch', q: 'department 7' }, open).places.length).toBe(0);
    expect(selectPeople(snapshot, { stage: 'applicant', sort: 'signals' }, open).places.length).toBe(25_000);
    // Names of those who are not open cannot be searched.
    expect(selectPeople(snapshot, { q: 'somebody 7' }, open).places).toEqual(Uint32Array.of(7));
  });
});
