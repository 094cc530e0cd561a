import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '@rollcall/engine/lake/duckdb.js';
import type { PersonResult } from '@rollcall/engine/model/result.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import { canonical } from '../../audit/audit.js';
import type { Role } from '../../model/roles.js';
import {
  audit,
  caseEntries,
  caseFrozen,
  caseItems,
  caseMembers,
  casePeople,
  cases,
} from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { verifyBundle } from './bundle/verify.js';
import { unpacked } from './bundle/zip.js';
import type { BundleView, LetterView, PlanView, ReachView, ResponseView } from './words.js';

const evil = `x'; touch pwned #"$(id)`;
let server: TestServer;
let person: PersonResult;
let other: PersonResult;
let handle: string;
const members: Role[] = ['analyst', 'it', 'counsel', 'hr'];

/** A view as a scan leaves it, with a few records. */
async function makeView(folder: string, p: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const database = await Database.open();
  const text = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
  const event = (
    uid: string,
    time: string,
    source: string,
    action: string,
    target: string | null,
    more: { account?: string; detail?: string; session?: string; outcome?: string; who?: string } = {},
  ) =>
    `(${[
      text(uid),
      `TIMESTAMP ${text(time)}`,
      text(source),
      text(action),
      text(action),
      text(more.outcome ?? 'success'),
      text(more.account ?? 'dana@example.com'),
      text(more.who ?? p),
      text(more.session ?? null),
      text('198.51.100.7'),
      text('US'),
      'NULL',
      'NULL',
      text(target),
      text('thing'),
      text(more.detail ?? null),
    ].join(', ')})`;
  await database.run(`CREATE TABLE events AS SELECT * FROM (VALUES ${[
    event('e1', '2026-03-02 09:00:00', 'okta-system-log', 'signin', 'mail', { session: 's1' }),
    event('e2', '2026-03-05 09:00:00', 'github-audit', 'repo.clone', 'larkspur/payments', { account: evil }),
    event('e3', '2026-03-06 09:00:00', 'github-audit', 'repo.clone', 'larkspur/payments', { account: evil }),
    event('e4', '2026-03-06 10:00:00', 'github-audit', 'repo.clone', 'larkspur/refused', {
      account: evil,
      outcome: 'failure',
    }),
    event('e5', '2026-03-07 09:00:00', 'git-log', 'code.commit', 'larkspur/payments', {
      session: 'abc123',
      detail: 'Dana',
    }),
    event('e6', '2026-03-07 09:00:00', 'github-audit', 'repo.clone', 'larkspur/elsewhere', {
      who: 'somebody-else',
    }),
  ].join(
    ', ',
  )}) AS t(event_uid, time, source, activity, action, outcome, account, person_id, session_id, src_ip,
    src_country, src_city, src_network, target, target_kind, detail)`);
  await database.run(`CREATE TABLE accounts AS SELECT * FROM (VALUES
    ('dana@example.com', 'okta-system-log', ${text(p)}, 'work email'), (${text(evil)}, 'github-audit', ${text(p)}, 'SAML name id'))
    AS t(account, source, person_id, basis)`);
  await database.run(`CREATE TABLE devices AS SELECT * FROM (VALUES
    ('d1', 'C02ABC123', 'lap-1', 'laptop', 'MacBook', 'macos', '15.6', true, TIMESTAMP '2026-03-01', TIMESTAMP '2026-05-01', 'jamf-computers', ${text(p)}),
    ('d2', ${text(`X' or 1 eq 1`)}, 'lap-2', 'laptop', 'PC', 'windows', '11', true, TIMESTAMP '2026-03-01', TIMESTAMP '2026-05-01', 'intune-managed-devices', ${text(p)}))
    AS t(device_id, serial, hostname, kind, model, os, os_version, managed, enrolled_at, seen_at, source, person_id)`);
  await database.run(`CREATE TABLE inventory AS SELECT * FROM (VALUES
    ('d1', 'program', 'Remote Tool', '1.0', 'Maker', true, TIMESTAMP '2026-05-01', 'jamf-computers', ${text(p)}),
    ('d1', 'program', 'Gone', '1.0', 'Maker', false, TIMESTAMP '2026-05-01', 'jamf-computers', ${text(p)}))
    AS t(device_id, kind, key, value, detail, present, seen_at, source, person_id)`);
  for (const table of ['events', 'accounts', 'devices', 'inventory'])
    await database.run(`COPY ${table} TO '${join(folder, `${table}.parquet`)}' (FORMAT parquet)`);
  database.close();
}

beforeAll(async () => {
  const result = sampleResult;
  person = result.people[0] as PersonResult;
  other = result.people[1] as PersonResult;
  server = await testServer({
    result,
    // Members of a case see its people by name, as the console does it.
    sight: (services) => ({
      ...services.sight,
      sight: async (user) => (user.id === 'user-recruiter' ? 'veiled' : 'open'),
    }),
  });
  handle = server.services.keys.handle(person.id);
  await makeView(join(server.services.lake, 'view'), person.id);
  const { db } = server.services.store;
  const at = server.services.now();
  await db.insert(cases).values({
    id: 'c1',
    number: 1,
    title: 'Two laptops, one house',
    about: 'person',
    state: 'open',
    playbook: 'employee',
    openedBy: 'user-analyst',
    openedAt: at,
    reason: 'because of the findings',
  });
  for (const role of members)
    await db
      .insert(caseMembers)
      .values({ case: 'c1', user: `user-${role}`, part: 'member', addedBy: 'user-analyst', addedAt: at });
  await db
    .insert(casePeople)
    .values({ case: 'c1', person: person.id, why: 'opened on', addedBy: 'user-analyst', addedAt: at });
  const json = canonical(person);
  await db.insert(caseFrozen).values({
    id: 'f1',
    case: 'c1',
    person: person.id,
    snapshot: 1,
    asOf: result.asOf,
    content: 'abc',
    json,
    sha256: createHash('sha256').update(json).digest('hex'),
    by: 'user-analyst',
    at,
  });
  const file = Buffer.from('a file of the case');
  const sha256 = createHash('sha256').update(file).digest('hex');
  await mkdir(join(server.services.folder, 'files'), { recursive: true });
  await writeFile(join(server.services.folder, 'files', sha256), file);
  await db.insert(caseItems).values({
    id: 'i1',
    case: 'c1',
    person: person.id,
    kind: 'file',
    says: '../../<b>=evil.exe',
    data: { bytes: file.length },
    sha256,
    state: 'held',
    by: 'user-analyst',
    at,
  });
  await db.insert(caseEntries).values({
    case: 'c1',
    person: person.id,
    kind: 'comment',
    says: `=HYPERLINK("x") spoke with ${other.name} about it`,
    before: [],
    by: 'user-analyst',
    at,
  });
});
afterAll(() => server.close());

describe('what they could reach', () => {
  it('is told from the records, with what was not seen and what could not be', async () => {
    const { status, body } = await server.as('analyst')<ReachView>('GET', `/cases/c1/reach/${handle}`);
    expect(status).toBe(200);
    const kind = (id: string) => body.kinds.find((one) => one.id === id);
    expect(kind('cloned')).toMatchObject({ state: 'seen', count: 2, total: 1 });
    expect(kind('cloned')?.rows).toEqual([
      [
        'larkspur/payments',
        2,
        '2026-03-05T09:00:00Z',
        '2026-03-06T09:00:00Z',
        null,
        expect.stringContaining('GitHub'),
      ],
    ]);
    expect(kind('commits')?.rows[0]).toContain('abc123');
    expect(kind('pushed')).toMatchObject({ state: 'nothing' });
    expect(kind('pushed')?.says).toContain('Looked at from');
    expect(kind('downloads')).toMatchObject({ state: 'unknown' });
    expect(body.missing.join(' ')).toContain('Files downloaded: this cannot be known');
    expect(kind('accounts')?.count).toBe(2);
    expect(kind('devices')?.count).toBe(2);
    expect(kind('programs')?.count).toBe(1);
    expect(body.sentences.join(' ')).toContain('Copied 1 repository, 2 times.');
  });

  it('is for members only, and for people of the case only', async () => {
    expect((await server.as('admin')('GET', `/cases/c1/reach/${handle}`)).status).toBe(403);
    expect((await server.as('recruiter')('GET', `/cases/c1/reach/${handle}`)).status).toBe(403);
    const stranger = await server.request(`/api/cases/c1/reach/${handle}`, {
      headers: { 'x-test-roles': 'analyst', 'x-test-user': 'another-analyst' },
    });
    expect(stranger.status).toBe(404);
    const elsewhere = server.services.keys.handle(other.id);
    expect((await server.as('analyst')('GET', `/cases/c1/reach/${elsewhere}`)).status).toBe(404);
    expect((await server.as('analyst')('GET', `/cases/c1/reach/${person.id}`)).status).toBe(404);
  });

  it('is frozen with a hash, and tampering shows', async () => {
    const { body } = await server.as('analyst')<{ id: string; sha256: string; intact: boolean }>(
      'POST',
      `/cases/c1/reach/${handle}/freeze`,
    );
    expect(body.intact).toBe(true);
    const again = await server.as('analyst')<{ sha256: string; reach: ReachView }>(
      'GET',
      `/cases/c1/frozen-reach/${body.id}`,
    );
    expect(again.body.sha256).toBe(body.sha256);
    expect(again.body.reach.kinds.find(({ id }) => id === 'cloned')?.count).toBe(2);
    const line = (await server.services.store.db.select().from(audit)).at(-2);
    expect(line).toMatchObject({
      action: 'reach.freeze',
      subject: 'case:c1',
      detail: { sha256: body.sha256 },
    });
    expect(JSON.stringify(line)).not.toContain(person.name);
  });

  it('is not told of a case that waits to be opened', async () => {
    const { db } = server.services.store;
    await db.update(cases).set({ state: 'asked' }).where(eq(cases.id, 'c1'));
    expect((await server.as('analyst')('GET', `/cases/c1/reach/${handle}`)).status).toBe(409);
    await db.update(cases).set({ state: 'open' }).where(eq(cases.id, 'c1'));
  });
});

describe('containment', () => {
  let plan: PlanView;
  const load = async () => (await server.as('it')<PlanView>('GET', `/cases/c1/plans/${plan.id}`)).body;
  const mark = (item: string, state: string, note = '') =>
    server.as('it')<{ window: string; code: string }>('POST', `/cases/c1/plans/${plan.id}/marks`, {
      item,
      state,
      note,
    });

  it('is staged for the products the person was seen in, in order', async () => {
    const { status, body } = await server.as('it')<{ id: string }>('POST', '/cases/c1/plans', {
      person: handle,
    });
    expect(status).toBe(200);
    plan = (await server.as('it')<PlanView>('GET', `/cases/c1/plans/${body.id}`)).body;
    const products = new Set(plan.items.map(({ product }) => product));
    expect(products).toEqual(new Set(['Okta', 'GitHub', 'Jamf Pro', 'Microsoft Intune', 'Everywhere else']));
    const phases = plan.items.map(({ phase }) => ['preserve', 'prepare', 'at-once', 'after'].indexOf(phase));
    expect(phases).toEqual([...phases].sort());
    expect(plan.setup.map(({ name }) => name)).toContain('OKTA_DOMAIN');
    expect(plan.setup.map(({ name }) => name)).not.toContain('GOOGLE_HEADERS');
  });

  it('writes commands that run as they are meant, whatever an account is called', () => {
    const ran: string[] = [];
    for (const item of plan.items.filter(({ command }) => command)) {
      // The programs are ours for this test: each says what it was called with.
      const said = execFileSync(
        '/bin/bash',
        [
          '--norc',
          '-c',
          `exec 3>&1
           curl() { printf '<%s>\\n' "$@" >&3; }; gh() { printf '<%s>\\n' "$@" >&3; }; az() { printf '<%s>\\n' "$@" >&3; }
           jq() { :; }; tee() { printf 'into <%s>\\n' "$@" >&3; }; sha256sum() { :; }
           touch() { echo PWNED >&3; }; id() { echo PWNED >&3; }
           ${item.command}
           true`,
        ],
        {
          encoding: 'utf8',
          env: {
            PATH: '/usr/bin:/bin',
            OKTA_DOMAIN: 'okta.example.com',
            OKTA_HEADERS: 'h',
            GITHUB_ORG: 'larkspur',
            JAMF_URL: 'https://jamf.example.com',
            JAMF_HEADERS: 'h',
            JAMF_PIN: '123456',
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      ran.push(said);
      expect(said).not.toContain('PWNED');
    }
    expect(ran.length).toBeGreaterThan(8);
    expect(ran.join('')).toContain(`<phrase=actor:${evil}>`);
    expect(ran.join('')).toContain(
      '<https://okta.example.com/api/v1/users/dana%40example.com/lifecycle/suspend>',
    );
    expect(ran.join('')).toContain(
      '<DELETE>\n</orgs/larkspur/memberships/x%27%3B%20touch%20pwned%20%23%22%24%28id%29>',
    );
    expect(ran.join('')).toContain('serialNumber%3D%3D%22C02ABC123%22');
  });

  it('asks for a hand where a serial is none', () => {
    const intune = plan.items.filter(({ product }) => product === 'Microsoft Intune');
    expect(intune.map(({ command }) => command)).toEqual([undefined, undefined]);
    expect(intune[0]?.byHand).toContain('by hand');
    const jamf = plan.items.find(({ product, phase }) => product === 'Jamf Pro' && phase === 'at-once');
    expect(jamf?.command).toContain("serial_url='C02ABC123'");
  });

  it('lets nothing that warns be done before evidence is kept', async () => {
    const once = plan.items.filter(({ phase }) => phase === 'at-once');
    const early = await mark(once[0]?.id as string, 'done');
    expect([early.status, early.body.code]).toEqual([409, 'KEEP_FIRST']);
    for (const item of plan.items.filter(({ phase }) => phase === 'preserve'))
      expect((await mark(item.id, 'done')).status).toBe(200);
    expect((await mark(once[0]?.id as string, 'not needed')).body.code).toBe('REASON_MISSING');
  });

  it('says how long “at once” took', async () => {
    const once = plan.items.filter(({ phase }) => phase === 'at-once');
    expect((await load()).window).toContain('is done yet');
    for (const [i, item] of once.entries()) {
      server.at(`2026-06-01T10:0${i}:00.000Z`);
      await mark(item.id, 'done');
      if (i === 0) expect((await load()).window).toContain(`1 of ${once.length} lines`);
    }
    expect((await load()).window).toBe(
      `Everything that was to be done at once was done within ${once.length - 1} minutes, from 2026-06-01 10:00 UTC to 2026-06-01 10:0${once.length - 1} UTC.`,
    );
    await mark(once[0]?.id as string, 'open', 'it did not work');
    expect((await load()).window).toContain('1 is open');
    expect((await load()).marks.filter(({ item }) => item === once[0]?.id)).toHaveLength(2);
  });

  it('shows no command to whom the person is not open', async () => {
    const { sight } = server.services;
    server.services.sight = { ...sight, sight: async () => 'veiled' };
    const veiled = await load();
    server.services.sight = sight;
    expect(veiled.items.length).toBe(plan.items.length);
    expect(veiled.items.every(({ command }) => command === undefined)).toBe(true);
  });
});

describe('letters and reports', () => {
  it('are filled in with the case, edited, released by counsel alone, and kept in every version', async () => {
    const made = await server.as('analyst')<{ id: string }>('POST', '/cases/c1/reports', {
      person: handle,
      template: 'report-ic3',
    });
    expect(made.status).toBe(200);
    const path = `/cases/c1/reports/${made.body.id}`;
    const read = async () => (await server.as('analyst')<LetterView>('GET', path)).body;
    expect((await read()).text).toContain(person.name);
    expect((await read()).text).toContain('Copied 1 repository, 2 times.');
    expect((await read()).text).not.toMatch(/\{[a-z.]+\}/);
    expect((await server.as('analyst')('GET', `${path}/text`)).status).toBe(409);
    expect((await server.as('analyst')('PUT', path, { text: 'Our words.', version: 1 })).status).toBe(200);
    expect((await server.as('analyst')('PUT', path, { text: 'Late.', version: 1 })).status).toBe(409);
    expect((await server.as('analyst')('POST', `${path}/release`, { version: 2 })).status).toBe(403);
    expect((await server.as('hr')('POST', `${path}/release`, { version: 2 })).status).toBe(403);
    expect((await server.as('counsel')('POST', `${path}/release`, { version: 1 })).status).toBe(409);
    expect((await server.as('analyst')('POST', `${path}/filed`, { says: 'filed, number 5' })).status).toBe(
      409,
    );
    expect((await server.as('counsel')('POST', `${path}/release`, { version: 2 })).status).toBe(200);
    expect((await server.as('analyst')('PUT', path, { text: 'Other.', version: 2 })).status).toBe(409);
    expect((await server.as('analyst')('GET', `${path}/text`)).body).toBe('Our words.');
    expect((await server.as('analyst')('POST', `${path}/filed`, { says: 'filed, number 5' })).status).toBe(
      200,
    );
    expect((await read()).filed?.says).toBe('filed, number 5');
  });

  it('say nothing of who somebody is where they go to peers or to a victim', async () => {
    for (const template of ['peer-notice', 'identity-victim', 'staff-note']) {
      const made = await server.as('analyst')<{ id: string }>('POST', '/cases/c1/reports', {
        person: handle,
        template,
      });
      const { text } = (await server.as('analyst')<LetterView>('GET', `/cases/c1/reports/${made.body.id}`))
        .body;
      const said = [
        person.name,
        ...person.name.split(' '),
        person.workEmail ?? '',
        ...person.identifiers.map(({ label }) => label),
      ];
      for (const value of said.filter(({ length }) => length > 2))
        expect([template, text.includes(value), value]).toEqual([template, false, value]);
    }
  });

  it('name nobody who is not in the case', async () => {
    const made = await server.as('analyst')<{ id: string }>('POST', '/cases/c1/reports', {
      person: handle,
      template: 'report-general',
    });
    const { text } = (await server.as('analyst')<LetterView>('GET', `/cases/c1/reports/${made.body.id}`))
      .body;
    for (const one of sampleResult.people.slice(1))
      expect([one.id, text.includes(one.name)]).toEqual([one.id, false]);
  });

  it('are not for those who see their tasks only', async () => {
    expect(
      (await server.as('it')('POST', '/cases/c1/reports', { person: handle, template: 'report-ic3' })).status,
    ).toBe(403);
    const { body } = await server.as('it')<ResponseView>('GET', '/cases/c1/response');
    expect([body.letters, body.bundles, body.templates]).toEqual([[], [], []]);
    expect(body.plans.length).toBeGreaterThan(0);
  });
});

describe('a sealed bundle', () => {
  const take = async (id: string): Promise<Uint8Array> =>
    new Uint8Array(
      await (
        await server.request(`/api/cases/c1/bundles/${id}/file`, { headers: { 'x-test-roles': 'counsel' } })
      ).arrayBuffer(),
    );
  const text = (zip: Uint8Array) =>
    [...unpacked(zip)]
      .filter(([name]) => !name.startsWith('files/'))
      .map(([, data]) => Buffer.from(data).toString('utf8'))
      .join('\n');

  it('is made by those who may, and holds', async () => {
    const body = { why: 'for the police', others: true };
    expect((await server.as('hr')('POST', '/cases/c1/bundles', body)).status).toBe(403);
    expect((await server.as('it')('POST', '/cases/c1/bundles', body)).status).toBe(403);
    expect((await server.as('counsel')('POST', '/cases/c1/bundles', { why: 'x' })).status).toBe(400);
    const made = await server.as('counsel')<BundleView>('POST', '/cases/c1/bundles', body);
    expect(made.status).toBe(200);
    const zip = await take(made.body.id);
    const verdict = verifyBundle(zip, server.services.keys.publicKey());
    expect(verdict.problems).toEqual([]);
    expect(verdict.sha256).toBe(made.body.sha256);
    const entries = unpacked(zip);
    expect(Buffer.from(entries.get('evidence/finding-001.json') as Uint8Array).toString('utf8')).toBe(
      canonical(person),
    );
    const file = [...entries.keys()].find((name) => name.startsWith('files/')) as string;
    expect(file).toMatch(/^files\/001-[0-9a-f]{12}\.bin$/);
    expect(Buffer.from(entries.get(file) as Uint8Array).toString('utf8')).toBe('a file of the case');
    expect(Buffer.from(entries.get('timeline.csv') as Uint8Array).toString('utf8')).toContain(
      `"'=HYPERLINK(""x"")`,
    );
    const lines = Buffer.from(entries.get('audit.ndjson') as Uint8Array)
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string });
    expect(lines.map(({ action }) => action)).toContain('reach.freeze');
    const overview = await server.as('counsel')<ResponseView>('GET', '/cases/c1/response');
    expect(overview.body.bundles[0]).toMatchObject({ sha256: made.body.sha256, by: 'Account user-counsel' });
    expect(overview.body.fingerprint).toBe(verdict.fingerprint);
  });

  it('leaves out others, unless asked for', async () => {
    const made = await server.as('counsel')<BundleView>('POST', '/cases/c1/bundles', { why: 'for counsel' });
    const zip = await take(made.body.id);
    expect(verifyBundle(zip).good).toBe(true);
    expect(text(zip)).not.toContain(other.name);
    expect(text(zip)).toContain(person.name);
    expect(
      verifyBundle(zip).manifest?.entries.find(({ name }) => name === 'evidence/finding-001.json')?.from,
    ).toBe(createHash('sha256').update(canonical(person)).digest('hex'));
  });

  it('leaves out who they say they are, for peers', async () => {
    const made = await server.as('counsel')<BundleView>('POST', '/cases/c1/bundles', {
      why: 'for peers',
      identity: false,
      files: true,
    });
    expect(made.body.files).toBe(false);
    const zip = await take(made.body.id);
    expect(verifyBundle(zip).good).toBe(true);
    for (const value of [person.name, ...person.name.split(' '), person.workEmail ?? person.name])
      expect([value, text(zip).includes(value)]).toEqual([value, false]);
  });

  it('is not handed out when the file on disk was changed', async () => {
    const made = await server.as('counsel')<BundleView>('POST', '/cases/c1/bundles', {
      why: 'for the police',
    });
    const path = join(server.services.folder, 'bundles', `${made.body.id}.zip`);
    const zip = await readFile(path);
    zip[100] = (zip[100] as number) ^ 1;
    await writeFile(path, zip);
    expect((await server.as('counsel')('GET', `/cases/c1/bundles/${made.body.id}/file`)).status).toBe(409);
    expect((await server.as('counsel')('GET', '/cases/c1/bundles/..%2F..%2Fkeys/file')).status).toBe(404);
  });
});

describe('exercises', () => {
  it('are recorded once held, and wait for counsel until then', async () => {
    const body = {
      playbook: 'extortion',
      held: '2026-05-20',
      took: 'HR, IT, counsel',
      found: 'Nobody had the number of the insurer.',
      next: '2027-05-20',
    };
    expect(
      (await server.as('hr')('POST', '/tabletops', { ...body, held: '2026-12-01', next: '2027-12-01' }))
        .status,
    ).toBe(422);
    expect((await server.as('hr')('POST', '/tabletops', { ...body, next: '2026-05-20' })).status).toBe(422);
    expect((await server.as('hr')('POST', '/tabletops', { ...body, playbook: 'nonsense' })).status).toBe(422);
    expect((await server.as('auditor')('POST', '/tabletops', body)).status).toBe(403);
    expect((await server.as('hr')('POST', '/tabletops', body)).status).toBe(200);
    expect((await server.as('it')<unknown[]>('GET', '/tabletops')).body).toHaveLength(1);
  });
});
