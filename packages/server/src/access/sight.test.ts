import { existsSync, readFileSync } from 'node:fs';
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import type { Role, User } from '../model/roles.js';
import type { SightOf } from '../model/services.js';
import { caseMembers, casePeople, cases, checks } from '../store/schema.js';
import { snapshotOf, type TestServer, testServer } from '../testing.js';
import { makeSight } from './sight.js';
import { folded, tokens } from './veil/fold.js';

let server: TestServer;
let sight: SightOf;
const user = (id: string, ...roles: Role[]): User => ({ id, name: id, email: `${id}@example.com`, roles });
const analyst = user('ana', 'analyst');

beforeAll(async () => {
  server = await testServer({ result: sampleResult });
  sight = makeSight(server.services);
});
afterAll(() => server.close());

const at = new Date('2026-06-01T09:00:00Z');
let number = 0;
async function openCase(
  person: string,
  member: string,
  state: 'open' | 'asked' | 'closed' | 'merged' | 'refused' = 'open',
) {
  const id = `case-${++number}`;
  const { db } = server.services.store;
  await db.insert(cases).values({
    id,
    number,
    title: 'A case',
    about: 'person',
    state,
    playbook: 'employee',
    openedBy: 'ana',
    openedAt: at,
    reason: 'A test',
  });
  await db.insert(caseMembers).values({ case: id, user: member, part: 'lead', addedBy: 'ana', addedAt: at });
  await db.insert(casePeople).values({ case: id, person, why: 'A test', addedBy: 'ana', addedAt: at });
  return id;
}

const [first, second] = sampleResult.people as [PersonResult, PersonResult];
const row = (id: string) => {
  const found = server.services.results.current()?.row(id);
  if (!found) throw new Error('no such row');
  return found;
};

describe('who sees a name', () => {
  it('nobody without a reason, whatever the role', async () => {
    for (const role of ['admin', 'analyst', 'it', 'counsel', 'auditor', 'hr', 'recruiter'] as const)
      expect(await sight.sight(user(`x-${role}`, role), row(first.id))).toBe('veiled');
  });

  it('members of an open case do, those of a case that waits, is refused or is closed do not', async () => {
    for (const state of ['asked', 'refused', 'closed', 'merged'] as const) {
      await openCase(first.id, `m-${state}`, state);
      expect(await sight.sight(user(`m-${state}`, 'analyst'), row(first.id))).toBe('veiled');
    }
    await openCase(first.id, 'm-open');
    expect(await sight.sight(user('m-open', 'analyst'), row(first.id))).toBe('open');
    expect(await sight.sight(user('m-open', 'analyst'), row(second.id))).toBe('veiled');
    expect(await sight.sight(user('not-a-member', 'analyst', 'admin'), row(first.id))).toBe('veiled');
    expect([...(await sight.open(user('m-open', 'analyst')))]).toEqual([first.id]);
  });

  it('recruiters and HR see applicants by name, and nobody who works here', async () => {
    const applicant = sampleResult.people.find((person) => person.stage === 'applicant');
    if (!applicant) throw new Error('the sample has no applicant');
    for (const role of ['recruiter', 'hr'] as const) {
      expect(await sight.sight(user('r', role), row(applicant.id))).toBe('open');
      expect((await sight.open(user('r', role))).has(first.id)).toBe(false);
    }
    expect(await sight.sight(user('r', 'analyst'), row(applicant.id))).toBe('veiled');
  });

  it('whoever is asked to do a check, until it is done; an administrator not by the role', async () => {
    const ask = (id: string, values: { assignee?: string; role?: string; state?: 'asked' | 'done' }) =>
      server.services.store.db.insert(checks).values({
        id,
        form: 'spot-check',
        person: second.id,
        state: 'asked',
        askedBy: 'ana',
        askedAt: at,
        dueAt: at,
        occasion: id,
        ...values,
      });
    await ask('c1', { assignee: 'asked' });
    await ask('c2', { assignee: 'was-asked', state: 'done' });
    await ask('c3', { role: 'it' });
    await ask('c4', { role: 'admin' });
    await ask('c5', { role: 'counsel', assignee: 'somebody' });
    expect(await sight.sight(user('asked', 'recruiter'), row(second.id))).toBe('open');
    expect(await sight.sight(user('was-asked', 'recruiter'), row(second.id))).toBe('veiled');
    expect(await sight.sight(user('any', 'it'), row(second.id))).toBe('open');
    expect(await sight.sight(user('any', 'admin'), row(second.id))).toBe('veiled');
    expect(await sight.sight(user('any', 'counsel'), row(second.id))).toBe('veiled');
  });
});

describe('pseudonyms', () => {
  it('are the same every time, and of everybody another', () => {
    const all = sampleResult.people.map((person) => sight.pseudonym(person.id));
    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toMatch(/^Person [0-9A-Z]{4}-[0-9A-Z]{2}$/);
    expect(sight.pseudonym(first.id)).toBe(all[0]);
  });

  it('stand for whoever is open and has no name that can be seen', async () => {
    const me = user('opens-nameless', 'analyst');
    await openCase(first.id, me.id);
    for (const name of ['', ' \u00A0']) {
      const shown = await sight.veil(me, { ...first, name }, [first.id]);
      expect(shown.name).toBe(sight.pseudonym(first.id));
      expect(sight.called({ id: first.id, name }, true)).toBe(sight.pseudonym(first.id));
    }
    expect(sight.called(first, true)).toBe(first.name);
    expect(sight.called(first, false)).toBe(sight.pseudonym(first.id));
  });

  it('grow where two would be taken for one', async () => {
    const twin = {
      ...row(first.id),
      id: 'twin',
      name: 'Twin',
      handle: `${row(first.id).handle.slice(0, 7)}zzzz`,
    };
    const other = makeSight({
      ...server.services,
      results: { current: () => snapshotOf(sampleResult, server.services.keys.handle, [twin]) },
    });
    expect(other.pseudonym(first.id)).toMatch(/^Person [0-9A-Z]{4}-[0-9A-Z]{6}$/);
  });
});

/** Everything that says who somebody is, as they are on record. */
function tells(person: PersonResult): { names: string[]; values: string[] } {
  const names = (folded(person.name).match(tokens) ?? []).filter(
    (part) => (part.match(/\p{L}/gu)?.length ?? 0) >= 3,
  );
  const values = [
    person.workEmail,
    ...person.identifiers.filter((one) => !/ending \S+$/.test(one.label)).map((one) => one.label),
    ...person.accounts.map((one) => one.account),
    ...person.devices.flatMap((one) => [one.serial, one.hostname, one.id]),
    ...person.documents.flatMap((one) => [one.file, one.document, one.text]),
  ].filter((one): one is string => one !== undefined && one.length > 3);
  return { names, values };
}

/** Every string of a value that data had a part in. What content says is the same for everybody. */
function strings(value: unknown, key = ''): string[] {
  const content = ['why', 'innocent', 'sources', 'title', 'weight', 'next', 'attack', 'detection', 'facets'];
  if (content.includes(key)) return [];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((one) => strings(one, key));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, part]) => strings(part, inner));
  return [];
}

function leaks(value: unknown, people: readonly PersonResult[], ordinary: ReadonlySet<string>): string[] {
  const texts = strings(value).map(folded);
  const found: string[] = [];
  const words = new Set(texts.flatMap((text) => text.match(tokens) ?? []));
  const whole = texts.join('\n');
  for (const person of people) {
    const { names, values } = tells(person);
    for (const name of names) if (words.has(name) && !ordinary.has(name)) found.push(`name ${name}`);
    for (const one of values) if (whole.includes(folded(one))) found.push(`value ${one}`);
    if (person.id.length > 3 && whole.includes(folded(person.id))) found.push(`id ${person.id}`);
  }
  return found;
}

const demo = process.env.ROLLCALL_DEMO_RESULT;
const results: [string, ScanResult][] = [['the sample', sampleResult]];
if (demo && existsSync(demo))
  results.push(['the demo', JSON.parse(readFileSync(demo, 'utf8')) as ScanResult]);

describe.each(results)('what is shown of %s', (_, result) => {
  const setup = () => {
    const snapshot = snapshotOf(result, server.services.keys.handle);
    const seen = new Set<string>();
    const made = makeSight({ ...server.services, results: { current: () => snapshot } });
    return { snapshot, seen, made };
  };
  const ordinary = new Set<string>();
  beforeAll(() => {
    for (const detection of server.services.content.detections)
      for (const word of folded(`${detection.says} ${detection.title}`).match(tokens) ?? [])
        ordinary.add(word);
    // Words of the engine's own sentences that a made-up person is called by.
    for (const word of ['img', 'src']) ordinary.add(word);
  });

  it('nothing tells who a veiled person is, on their own page', async () => {
    const { made } = setup();
    for (const person of result.people) {
      const shown = await made.veil(analyst, person, [person.id]);
      expect({ of: person.id, leaks: leaks(shown, [person], ordinary) }).toEqual({
        of: person.id,
        leaks: [],
      });
      expect(shown.name).toBe(made.pseudonym(person.id));
      expect(shown.signals.length).toBe(person.signals.length);
      expect(shown.waterfall.map((step) => step.bits)).toEqual(person.waterfall.map((step) => step.bits));
    }
  });

  it('nothing tells who the others are that a veiled person has something to do with', async () => {
    const { made } = setup();
    for (const person of result.people) {
      const ids = new Set([
        ...person.signals.flatMap((one) => one.others),
        ...person.identifiers.flatMap((one) => one.sharedWith.map((other) => other.id)),
      ]);
      const others = result.people.filter((one) => ids.has(one.id));
      const shown = await made.veil(analyst, person, [person.id]);
      expect({ of: person.id, leaks: leaks(shown, others, ordinary) }).toEqual({ of: person.id, leaks: [] });
    }
  });

  it('nothing tells who is in rings, proposals, explanations and exposures', async () => {
    const { made } = setup();
    for (const part of ['rings', 'proposals', 'explanations', 'exposures'] as const) {
      const shown = await made.veil(analyst, result[part], []);
      // What five or more share is told: it is a place, and whoever confirms it has to know which.
      const ofMany = new Set(
        result.proposals.filter((one) => one.people.length >= 5).map((one) => one.value?.label ?? ''),
      );
      const everybody = result.people.map((one) => ({
        ...one,
        identifiers: one.identifiers.filter((two) => !ofMany.has(two.label)),
      }));
      expect({ part, leaks: leaks(shown, everybody, ordinary).slice(0, 5) }).toEqual({ part, leaks: [] });
    }
  });

  it('of somebody who is open everything is there, and of the others nothing', async () => {
    const { made, snapshot } = setup();
    const [person] = result.people as [PersonResult];
    const me = user(`opens-${number}`, 'analyst');
    const id = await openCase(person.id, me.id);
    const shown = await made.veil(me, person, [person.id]);
    expect(shown.name).toBe(person.name);
    const { values } = tells(person);
    const whole = JSON.stringify(shown);
    for (const value of values) expect(whole).toContain(JSON.stringify(value).slice(1, -1));
    expect(shown.id).toBe(snapshot.row(person.id)?.handle);
    const own = new Set(values.map(folded));
    const mine = new Set(folded(person.name).match(tokens) ?? []);
    const ids = new Set(person.identifiers.flatMap((one) => one.sharedWith.map((other) => other.id)));
    const others = result.people
      .filter((one) => ids.has(one.id))
      .map((one) => ({
        ...one,
        name: (folded(one.name).match(tokens) ?? []).filter((word) => !mine.has(word)).join(' '),
        identifiers: one.identifiers.filter((two) => !own.has(folded(two.label))),
      }));
    expect(leaks(shown, others, ordinary)).toEqual([]);
    expect(id).toBeTruthy();
  });
});

describe('sentences stay readable', () => {
  it('two people who share an account are two pseudonyms', async () => {
    const ring = sampleResult.rings[0];
    if (!ring) throw new Error('the sample has no ring');
    const shown = await sight.veil(analyst, ring, []);
    const edge = shown.edges[0];
    expect(edge?.says).toMatch(/Person [0-9A-Z]{4}-[0-9A-Z]{2}/);
    expect(shown.edges.map((one) => one.bits)).toEqual(ring.edges.map((one) => one.bits));
    // What was one value is one value still, and what were two are two.
    expect(new Set(shown.edges.map((one) => one.label)).size).toBe(
      new Set(ring.edges.map((one) => one.label)).size,
    );
  });

  it('hostile text stays text, and is not taken for more than it is', async () => {
    const person = sampleResult.people.find((one) => one.name.includes('<img'));
    if (!person) throw new Error('the sample has no hostile name');
    const shown = await sight.veil(analyst, person, [person.id]);
    expect(JSON.stringify(shown)).not.toContain('onerror');
  });
});

describe('a manager', () => {
  it('is called on the page of somebody who is open as on every other: by pseudonym, unless open too', async () => {
    const managed = {
      ...sampleResult,
      people: sampleResult.people.map((person) =>
        person.id === first.id
          ? { ...person, manager: second.name }
          : person.id === second.id
            ? { ...person, manager: 'Nobody On Record' }
            : person,
      ),
    };
    const other = await testServer({ result: managed });
    const seen = makeSight(other.services);
    const { db } = other.services.store;
    await db.insert(cases).values({
      id: 'c',
      number: 1,
      title: 'A case',
      about: 'person',
      state: 'open',
      playbook: 'employee',
      openedBy: 'ana',
      openedAt: at,
      reason: 'A test',
    });
    await db
      .insert(caseMembers)
      .values({ case: 'c', user: 'ana', part: 'lead', addedBy: 'ana', addedAt: at });
    const join = (person: string) =>
      db.insert(casePeople).values({ case: 'c', person, why: 'A test', addedBy: 'ana', addedAt: at });
    const page = async (id: string) => {
      const person = managed.people.find((one) => one.id === id);
      return (await seen.veil(analyst, { person }, [id])).person;
    };
    await join(first.id);
    for (const said of [
      second.name,
      second.workEmail,
      second.id,
      second.name.split(' ').reverse().join(', '),
    ]) {
      const [person] = managed.people as [PersonResult];
      person.manager = said ?? '';
      expect([said, (await page(first.id))?.manager]).toEqual([said, seen.pseudonym(second.id)]);
    }
    await join(second.id);
    expect((await page(first.id))?.manager).toBe(second.name);
    // Whoever is on nobody's record has no pseudonym to go by.
    expect((await page(second.id))?.manager).toBe('Nobody On Record');
    await other.close();
  });
});
