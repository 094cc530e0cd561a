/**
 * Everything that can be read, asked for by everybody who has no case: nothing of it may tell who anybody is, and neither
 * may the log of the server, its measurements or the audit log.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { makeSight } from '../access/sight.js';
import { folded } from '../access/veil/fold.js';
import { queryHeader } from '../api/query.js';
import type { RouteInfo } from '../api/router.js';
import { assemble } from '../app.js';
import { exported } from '../audit/export.js';
import { type Role, roles } from '../model/roles.js';
import { checks } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';

const demo = process.env.ROLLCALL_DEMO_RESULT;
const result: ScanResult =
  demo && existsSync(demo) ? (JSON.parse(readFileSync(demo, 'utf8')) as ScanResult) : sampleResult;
const few = result.people.length > 50;

let server: TestServer;
let app: ReturnType<typeof assemble>['app'];
let routes: readonly RouteInfo[] = [];
let logged = '';

/** What is not said of somebody who is veiled. */
function tellsOf(person: PersonResult): string[] {
  // What five or more share is told: it is a place, and whoever confirms it has to know which.
  const ofMany = new Set(
    result.proposals.filter((one) => one.people.length >= 5).map((one) => one.value?.label ?? ''),
  );
  return [
    ...(/\s/.test(person.name) ? [person.name] : []),
    person.workEmail,
    ...person.identifiers
      .map((one) => one.label)
      .filter((label) => !/ending \S+$/.test(label) && !ofMany.has(label)),
    ...person.accounts.map((one) => one.account),
    ...person.devices.flatMap((one) => [one.serial, one.hostname]),
    ...person.documents.map((one) => one.file),
    ...(person.id.length > 4 ? [`"${person.id}"`] : []),
  ]
    .filter((one): one is string => one !== undefined && one.length > 5)
    .map(folded);
}

const tells = new Map(result.people.map((person) => [person.id, tellsOf(person)]));

/** Whose words stand in a text, of those this role may not know by its work. */
function leaked(text: string, role?: Role): string[] {
  // As people read it: what JSON escapes is the same word.
  const plain = folded(
    text
      .replace(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll('\\"', '"'),
  );
  const found: string[] = [];
  for (const person of result.people) {
    const byWork =
      (role === 'hr' || role === 'recruiter') && (person.stage === 'applicant' || person.stage === 'offer');
    if (byWork) continue;
    // IT is told which machine it is about, where it is about machines.
    const machines = new Set(
      role === 'it'
        ? person.devices.flatMap((one) => [one.serial, one.hostname]).map((one) => folded(one ?? ''))
        : [],
    );
    for (const one of tells.get(person.id) ?? [])
      if (!machines.has(one) && plain.includes(one)) found.push(`${person.id}: ${one}`);
  }
  return found;
}

beforeAll(async () => {
  server = await testServer({ result, sight: makeSight });
  const { services } = server;
  services.log = pino(
    { level: 'trace' },
    new Writable({
      write: (line, _, done) => {
        logged += String(line);
        done();
      },
    }),
  );
  const made = assemble(services, async () => undefined);
  app = made.app;
  routes = made.router.routes;

  // Work of others that strangers must not learn from.
  const [one, two] = result.people as [PersonResult, PersonResult];
  const handle = services.keys.handle;
  const opened = await send('ann', 'analyst', 'POST', '/cases', {
    about: 'person',
    people: [handle(one.id)],
    title: `About ${one.name}`,
    reason: `${one.name} (${one.workEmail}) was seen twice`,
    playbook: 'employee',
  });
  expect(opened.status).toBe(200);
  const { id } = (await opened.json()) as { id: string };
  await send('ann', 'analyst', 'POST', `/cases/${id}/items`, {
    kind: 'note',
    says: `${one.name} called`,
    person: handle(one.id),
  });
  await send('ann', 'analyst', 'POST', `/cases/${id}/comments`, { says: `I spoke to ${one.name}` });
  await services.settings.set(services.store.db, 'cases.two-to-open', true);
  await send('ann', 'analyst', 'POST', '/cases', {
    about: 'person',
    people: [handle(two.id)],
    title: `On ${two.name}`,
    reason: `It is said that ${two.name} never answers from ${two.workEmail}`,
    playbook: 'employee',
  });
  await services.store.db.insert(checks).values({
    id: 'a-check-that-is-over',
    form: 'spot-check',
    person: one.id,
    state: 'excused',
    outcome: 'unknown',
    reason: `${one.name} comes to the office instead`,
    askedBy: 'ann',
    askedAt: services.now(),
    dueAt: services.now(),
    doneAt: services.now(),
    occasion: 'by-hand:1',
  });
});
afterAll(() => server.close());

async function send(user: string, role: Role, method: string, path: string, body?: unknown) {
  const [address = '', asked] = path.split('?');
  return app.request(`/api${address}`, {
    method,
    headers: {
      'x-test-roles': role,
      'x-test-user': user,
      ...(asked === undefined ? {} : { [queryHeader]: asked }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** What may stand in each place of an address: what there is, and what the company itself calls it. */
async function candidates(): Promise<Record<string, string[]>> {
  const { services } = server;
  const handles = result.people.map((person) => services.keys.handle(person.id));
  const ids = result.people.slice(0, 3).map((person) => person.id);
  const vendors = (await (await send('aud', 'auditor', 'GET', '/vendors')).json()) as {
    vendors: { id: string }[];
  };
  const facts = (await (await send('aud', 'auditor', 'GET', '/facts')).json()) as { facts: { id: string }[] };
  return {
    person: [...(few ? handles.filter((_, index) => index % 9 === 0) : handles), ...ids],
    ring: result.rings.map((ring) => ring.id),
    detection: result.detections.filter((one) => one.people > 0).map((one) => one.id),
    vendor: vendors.vendors.slice(0, 3).map((one) => one.id),
    fact: facts.facts.slice(0, 4).map((one) => one.id),
    check: ['a-check-that-is-over'],
    case: ['made-up'],
  };
}

/** Questions that make an answer show more. */
const asked: Record<string, string[]> = {
  '/people': [
    '',
    '?page=2',
    '?sort=person',
    '?sort=signals&order=back',
    ...result.people.slice(0, 6).map((person) => `?q=${encodeURIComponent(person.name)}`),
    ...result.people.slice(0, 6).map((person) => `?q=${encodeURIComponent(person.workEmail ?? '')}`),
  ],
  '/checks': ['', '?state=all', '?state=excused'],
  '/applicants': ['', ...result.people.slice(0, 4).map((person) => `?q=${encodeURIComponent(person.name)}`)],
  '/audit': ['', '?action=case.', '?before=5'],
  '/today': ['', '?since=2020-01-01T00:00:00.000Z'],
};

describe('what somebody without a case reads', () => {
  it.each(roles)(
    'tells nobody’s name: %s',
    async (role) => {
      const found: string[] = [];
      const places = await candidates();
      let answers = 0;
      for (const route of routes) {
        if (route.method !== 'get' || route.path === '/live') continue;
        // Whoever hands in exports has seen what could not be tied to anybody.
        if (route.path === '/sources/untied') continue;
        let paths = [route.path];
        for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g))
          paths = paths.flatMap((path) =>
            (places[name] ?? ['made-up']).map((one) => path.replace(`{${name}}`, encodeURIComponent(one))),
          );
        for (const path of paths)
          for (const query of asked[route.path] ?? ['']) {
            const answer = await send(`stranger-${role}`, role, 'GET', path + query);
            const whole = await answer.text();
            // Tests inside a detection are made up, with addresses that the made-up company has, too.
            const content = route.path === '/detections/{detection}';
            const text = content ? whole.replace(/"tests":\[.*\]/s, '') : whole;
            answers += 1;
            if (answer.status === 500) found.push(`${path}: 500`);
            const all = `${text}\n${[...answer.headers].join('\n')}`;
            for (const one of leaked(all, role).slice(0, 3)) found.push(`GET ${path}${query}: ${one}`);
          }
      }
      expect(found).toEqual([]);
      expect(answers).toBeGreaterThan(routes.length / 4);
    },
    300_000,
  );

  it('is not found by what the company calls somebody: a search by name or address says nothing', async () => {
    for (const person of result.people.filter((one) => /\s/.test(one.name)).slice(0, 12))
      for (const q of [person.name, person.workEmail ?? person.name, person.id]) {
        const { total } = (await (
          await send('stranger', 'analyst', 'GET', `/people?q=${encodeURIComponent(q)}`)
        ).json()) as { total: number };
        const other = (await (
          await send('stranger', 'analyst', 'GET', `/people?q=${encodeURIComponent(`zz${q}zz`)}`)
        ).json()) as { total: number };
        expect([q, total]).toEqual([q, other.total]);
      }
  });

  it('is in no order that the company’s own numbers are in', async () => {
    const plain = result.people.slice(0, 1);
    const [base] = plain as [PersonResult];
    const alike = Array.from({ length: 40 }, (_, index) => ({
      ...base,
      id: `STAFF-${1000 + index}`,
      name: `Alike Number${index}`,
      band: 'clear' as const,
      bits: -9.97,
      signals: [],
    }));
    const other = await testServer({ result: { ...result, people: alike }, sight: makeSight });
    for (const query of ['', '?sort=signals', '?sort=stage', '?sort=person']) {
      const { body } = await other.as('analyst')<{ people: { id: string }[] }>('GET', `/people${query}`);
      const shown = body.people.map((one) => one.id);
      expect(shown).toEqual([...shown].sort());
    }
    await other.close();
  });
});

describe('what is kept of all that was asked', () => {
  it('names nobody in the log of the server', async () => {
    // A question that the database cannot answer: what it was asked must not be logged.
    const broken = server.services.audit.append;
    server.services.audit.append = async () => {
      throw new Error(`Failed query: insert\nparams: ${result.people[0]?.name},secret`);
    };
    const answer = await send('ann', 'analyst', 'POST', '/drafts', {
      name: 'a-draft',
      stage: 'employed',
      text: `title: ${result.people[0]?.name}`,
    });
    server.services.audit.append = broken;
    expect(answer.status).toBe(500);
    expect(logged).toContain('a request failed');
    expect(logged).toContain('at ');
    expect(leaked(logged)).toEqual([]);
    expect(logged).not.toContain('params');
    expect(logged).not.toContain('?q=');
  });

  it('names nobody in the audit log, and in no measurement', async () => {
    let text = '';
    for await (const line of exported(server.services.store.db)) text += `${line}\n`;
    expect(text).toContain('person.view');
    expect(leaked(text)).toEqual([]);
    expect(leaked(await (await send('adm', 'admin', 'GET', '/metrics')).text())).toEqual([]);
  });
});
