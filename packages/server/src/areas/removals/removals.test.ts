/** Removing: who may ask and agree, what is held, and that nothing of somebody is in lake, tables and files afterwards. */
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContent, loadPolicy, read } from '@rollcall/engine';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import type { PersonRow, Snapshot } from '../../model/services.js';
import {
  audit,
  caseEntries,
  caseItems,
  caseMembers,
  casePeople,
  caseSplits,
  cases,
  checks,
  checkWords,
  findingVerdicts,
  responseBundles,
  standings,
} from '../../store/schema.js';
import { rows } from '../../store/store.js';
import { type TestServer, testServer } from '../../testing.js';
import { heldPeople, removable } from './held.js';
import { area } from './index.js';
import type { Keeping } from './words.js';

let server: TestServer;
const row = (id: string, name: string, more: Partial<PersonRow> = {}): PersonRow => ({
  id,
  handle: '',
  name,
  stage: 'employed',
  engagement: 'employee',
  workEmail: `${id.toLowerCase()}@example.com`,
  band: 'clear',
  bits: -10,
  facets: 0,
  signals: 0,
  ...more,
});
const ada = 'E900';
const bo = 'E901';
const old = 'E902';

beforeAll(async () => {
  server = await testServer({
    result: { ...sampleResult, people: [] },
    others: [row(ada, 'Ada Quillfeather'), row(bo, 'Bo Sampleton'), row(old, 'Ola Leftlong')],
  });
  const { services } = server;
  // Rows given to the test server come without handles.
  const given = services.results.current() as Snapshot;
  const people = given.people.map((one) => ({ ...one, handle: services.keys.handle(one.id) }));
  shows(people);
  const exports_ = join(services.folder, 'exports');
  await mkdir(exports_, { recursive: true });
  await writeFile(
    join(exports_, 'people.csv'),
    `Employee ID,Full Name,Work Email,Personal Phone,Home City,Home State,Home Country,Hire Date,Termination Date
${ada},Ada Quillfeather,e900@example.com,+1 614-555-0142,Columbus,OH,US,2024-01-05,
${bo},Bo Sampleton,e901@example.com,+1 614-555-0143,Columbus,OH,US,2024-01-05,
${old},Ola Leftlong,e902@example.com,+1 614-555-0144,Columbus,OH,US,2020-01-05,2023-02-02
`,
  );
  await read({
    folder: exports_,
    lake: services.lake,
    content: await loadContent(undefined, { withoutTests: true }),
    policy: await loadPolicy(),
    now: services.now(),
    threads: 1,
  });
}, 60_000);
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
});

/** The result that pages show from now on. */
function shows(people: readonly PersonRow[]): void {
  const given = server.services.results.current() as Snapshot;
  const next: Snapshot = {
    ...given,
    number: given.number + 1,
    people,
    row: (who) => people.find((one) => one.id === who || one.handle === who),
  };
  server.services.results = { current: () => next };
}

const run = (kind: string, payload: Record<string, unknown> = {}) =>
  area.work?.[kind]?.(payload, server.services);
const ask = (who: string, by: 'hr' | 'counsel' | 'admin' = 'hr') =>
  server.as(by)<{ id: string; code?: string; title?: string }>('POST', '/removals', {
    who,
    reason: 'Ada Quillfeather wrote on 3 May and asked for it',
  });
const list = async (role: 'hr' | 'counsel' | 'auditor' | 'admin' = 'counsel') =>
  (await server.as(role)<Keeping>('GET', '/removals')).body;

let number = 100;
async function makeCase(
  people: readonly string[],
  state: 'open' | 'closed' | 'asked' | 'merged',
  more: Partial<typeof cases.$inferInsert> = {},
): Promise<string> {
  const { db } = server.services.store;
  number += 1;
  const id = `case-${number}`;
  const at = new Date('2026-01-02T09:00:00Z');
  await db.insert(cases).values({
    id,
    number,
    title: 'Odd deliveries of Ada',
    about: 'person',
    state,
    playbook: 'employee',
    openedBy: 'user-analyst',
    openedAt: at,
    reason: 'Ada Quillfeather',
    ...(state === 'closed' ? { closedAt: at } : {}),
    ...more,
  });
  const by = { addedBy: 'user-analyst', addedAt: at };
  for (const person of people) await db.insert(casePeople).values({ case: id, person, why: 'w', ...by });
  await db.insert(caseMembers).values({ case: id, user: 'user-analyst', part: 'lead', ...by });
  await db
    .insert(caseEntries)
    .values({ case: id, kind: 'comment', says: 'Ada Quillfeather rang', before: [], by: 'u', at });
  return id;
}

describe('asking', () => {
  it('is for HR, counsel and administrators, and agreeing for counsel who is somebody else', async () => {
    expect((await server.as('analyst')('GET', '/removals')).status).toBe(403);
    expect((await server.as('auditor')('POST', '/removals', { who: ada, reason: 'words' })).status).toBe(403);
    expect((await ask('Quillfeather')).body.code).toBe('NOBODY');
    const asked = await ask('E900@Example.com', 'counsel');
    expect(asked.status).toBe(200);
    expect((await ask(ada)).body.code).toBe('ASKED_ALREADY');
    const path = `/removals/${asked.body.id}`;
    expect((await server.as('counsel')('POST', `${path}/agree`)).body).toMatchObject({
      code: 'ANOTHER_PERSON',
    });
    expect((await server.as('hr')('POST', `${path}/agree`)).status).toBe(403);
    expect((await server.as('hr')('POST', `${path}/withdraw`)).body).toMatchObject({ code: 'NOT_YOURS' });
    expect((await server.as('counsel')('POST', `${path}/withdraw`)).status).toBe(200);
    expect((await server.as('counsel')('POST', `${path}/withdraw`)).body).toMatchObject({
      code: 'ANSWERED_ALREADY',
    });
    expect((await server.as('counsel')('POST', '/removals/made-up/agree')).status).toBe(400);
  });

  it('shows whom it is about only to those who may see people, and nobody by name', async () => {
    const { id } = (await ask(ada)).body;
    const seen = (await list()).removals.find((one) => one.id === id);
    expect(seen).toMatchObject({ state: 'asked', may: ['agree', 'refuse'] });
    expect(seen?.who?.called).toMatch(/^Person /);
    for (const role of ['auditor', 'admin'] as const) {
      const other = (await list(role)).removals.find((one) => one.id === id);
      expect(other).toMatchObject({ reason: '' });
      expect(other?.who).toBeUndefined();
    }
    const waiting = await area.waiting?.(
      { id: 'user-counsel', name: '', email: '', roles: ['counsel'] },
      server.services,
    );
    expect(waiting).toHaveLength(1);
    expect(JSON.stringify(waiting)).not.toContain('Quillfeather');
    const refused = await server.as('counsel')('POST', `/removals/${id}/refuse`, {
      reason: 'pay records must be kept until 2030',
    });
    expect(refused.status).toBe(200);
    expect((await list('hr')).removals.find((one) => one.id === id)).toMatchObject({
      state: 'refused',
      answer: 'pay records must be kept until 2030',
    });
  });

  it('is refused about oneself', async () => {
    const response = await server.request('/api/removals', {
      method: 'POST',
      headers: {
        'x-test-roles': 'hr',
        // The account's address is that of somebody on record.
        'x-test-user': 'e901',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ who: bo, reason: 'I leave' }),
    });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('OWN_MATTER');
  });
});

describe('what is held', () => {
  it('is whoever is in an open case, one that waits for a yes, or one merged into an open one', async () => {
    const { db } = server.services.store;
    const open = await makeCase([], 'open');
    await makeCase(['M1'], 'merged', { mergedInto: open });
    await makeCase(['A1'], 'asked');
    const closed = await makeCase(['C1'], 'closed');
    await makeCase(['C2'], 'merged', { mergedInto: closed });
    const held = await heldPeople(db);
    expect(held).toEqual(['A1', 'M1']);
    // A case that another was split off from stays as long as that one.
    const from = await makeCase(['S1', 'S2'], 'closed');
    const to = await makeCase(['S2'], 'open');
    await db.insert(caseSplits).values({
      id: 'split-1',
      from,
      to,
      people: ['S2'],
      sources: [{ case: from, people: ['S2'] }],
      reason: 'r',
      by: 'u',
      at: new Date(),
    });
    const free = (await removable(db, () => true)).map((family) => family.root.id);
    expect(free).toContain(closed);
    expect(free).not.toContain(from);
    expect(free).not.toContain(open);
    await db.update(cases).set({ state: 'closed', closedAt: new Date() });
    await db.delete(cases);
    await db.delete(casePeople);
    await db.delete(caseSplits);
    await db.delete(caseEntries);
    await db.delete(caseMembers);
  });
});

/** Where a text stands: in a column of a table, the audit log apart, or in a file of the folder. */
async function where(values: readonly string[]): Promise<string[]> {
  const { db } = server.services.store;
  const found: string[] = [];
  const tables = await rows<{ name: string }>(
    db,
    sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  for (const { name } of tables) {
    const held = JSON.stringify(await rows(db, sql.raw(`SELECT * FROM "${name}"`)));
    for (const value of values) if (held.includes(value)) found.push(`table ${name}: ${value}`);
  }
  for (const name of await readdir(server.services.folder, { recursive: true })) {
    const path = join(server.services.folder, name);
    if (name.startsWith('exports') || name.endsWith('.parquet') || !(await stat(path)).isFile()) continue;
    const text = await readFile(path, 'latin1');
    for (const value of values) if (text.includes(value)) found.push(`${name}: ${value}`);
  }
  return found;
}

describe('removing one person', () => {
  it('waits while they are in an open case, then takes them out of lake, tables and files', async () => {
    const { services } = server;
    const { db } = services.store;
    const at = services.now();
    const { id } = (await ask(ada)).body;
    const open = await makeCase([ada], 'open');
    const agree = () => server.as('counsel')<{ code?: string }>('POST', `/removals/${id}/agree`);
    expect((await agree()).body.code).toBe('IN_OPEN_CASE');
    await db.update(cases).set({ state: 'closed', closedAt: at });
    expect((await agree()).status).toBe(200);
    expect(server.asked.map((one) => one.kind)).toEqual(['removal']);

    const withBo = await makeCase([ada, bo], 'closed');
    const bundle = { id: 'b1', case: open, sha256: 'x', bytes: 1, entries: 1, why: 'w', by: 'u', at };
    await db
      .insert(responseBundles)
      .values({ ...bundle, options: { others: false, identity: true, files: true } });
    const file = 'a'.repeat(64);
    const item = { kind: 'file' as const, says: 'Ada.pdf', data: {}, state: 'held' as const, by: 'u', at };
    await db.insert(caseItems).values({ ...item, id: 'i1', case: open, person: ada, sha256: file });
    const shared = 'b'.repeat(64);
    await db.insert(caseItems).values({ ...item, id: 'i2', case: open, sha256: shared });
    await db.insert(caseItems).values({ ...item, id: 'i3', case: withBo, says: 'x', sha256: shared });
    for (const folder of ['files', 'bundles', 'results/1'])
      await mkdir(join(services.folder, folder), { recursive: true });
    for (const path of [`files/${file}`, `files/${shared}`, 'bundles/b1.zip', 'results/1/people.ndjson'])
      await writeFile(join(services.folder, path), 'of somebody');
    await db.insert(checks).values({
      id: 'k1',
      form: 'spot-check',
      person: ada,
      state: 'done',
      askedBy: 'u',
      askedAt: at,
      dueAt: at,
    });
    const word = { by: 'u', part: 'first' as const, at, outcome: 'success' as const, otherWay: false };
    await db.insert(checkWords).values({ ...word, id: 'w1', check: 'k1', answers: { said: 'Quillfeather' } });
    await db.insert(findingVerdicts).values({ detection: 'd', person: ada, verdict: 'useful', by: 'u', at });
    await db.insert(standings).values({ person: ada, band: 'review', since: at, scan: 1 });

    await run('removal');
    expect(server.asked.map((one) => one.kind)).toEqual(['removal', 'removal.rest']);
    const rest = server.asked[1]?.payload ?? {};
    expect(rest).toMatchObject({ people: [ada] });
    // Nothing is cleared while a result still shows them: what runs by itself would make it anew.
    await run('removal.rest', rest);
    expect(server.asked.map((one) => one.kind)).toEqual(['removal', 'removal.rest', 'removal.rest']);
    expect((await list()).removals.find((one) => one.id === id)?.state).toBe('returned');
    const people = services.results.current()?.people ?? [];
    shows(people.filter((one) => one.id !== ada));
    await run('removal', {});
    await run('removal.rest', rest);
    const done = (await list()).removals.find((one) => one.id === id);
    expect(done).toMatchObject({
      state: 'done',
      reason: '',
      counts: { checks: 1, cases: 1, casesWithOthers: 1 },
    });
    // What Bo's closed case says stays until it reaches its age.
    expect((await where(['Quillfeather', ada, 'Ada.pdf'])).sort()).toEqual([
      'table case_entries: Quillfeather',
      `table case_people: ${ada}`,
      'table cases: Quillfeather',
    ]);
    expect(await readdir(join(services.folder, 'files'))).toEqual([shared]);
    expect(await readdir(join(services.folder, 'bundles'))).toEqual([]);
    expect(await readdir(join(services.folder, 'results'))).toEqual([]);
    const [number] = await rows(db, sql`SELECT number, title FROM cases WHERE id = ${open}`);
    expect(number).toMatchObject({ title: '' });
    // Done again, after a kill, it is the same.
    await run('removal.rest', rest);
    await run('removal');
    const log = await db.select().from(audit);
    const actions = log.map((one) => one.action).filter((one) => one.startsWith('removal.'));
    expect(actions.filter((one) => one === 'removal.done')).toHaveLength(1);
    expect(actions).toContain('removal.lake');
    expect(JSON.stringify(log)).not.toMatch(/Quillfeather|E900/);
  }, 60_000);
});

describe('by age', () => {
  it('removes who left, but nobody in an open case, and old cases but their numbers; counts go into the log', async () => {
    const { services } = server;
    const { db } = services.store;
    // Left by a process that was killed before it came to them, and one that is on its way into a case.
    const [stray, fresh] = ['c'.repeat(64), 'd'.repeat(64)];
    for (const name of [stray, fresh]) await writeFile(join(services.folder, 'files', name), 'x');
    const longAgo = new Date('2026-05-01T00:00:00Z');
    await utimes(join(services.folder, 'files', stray), longAgo, longAgo);
    await utimes(join(services.folder, 'files', 'b'.repeat(64)), longAgo, longAgo);
    await run('retention');
    expect((await readdir(join(services.folder, 'files'))).sort()).toEqual(['b'.repeat(64), fresh]);
    expect(await services.settings.get('retention.last', null)).toBeNull();
    const policy = await loadPolicy();
    services.policy = async () => ({ ...policy, retention: { leavers_days: 365, cases_days: 30 } });
    const open = await makeCase([old], 'open');
    await run('retention');
    expect((await list('admin')).last).toMatchObject({ leavers: 0, held: 1 });
    await db
      .update(cases)
      .set({ state: 'closed', closedAt: new Date('2026-05-20T09:00:00Z') })
      .where(sql`id = ${open}`);
    server.asked.length = 0;
    await run('retention');
    const keeping = await list('admin');
    expect(keeping).toMatchObject({
      ages: { leavers: 365, cases: 30 },
      last: { leavers: 1, held: 0, cases: 0 },
    });
    expect(server.asked.map((one) => [one.kind, one.payload.people])).toEqual([['removal.rest', [old]]]);
    // Case of Ada and Bo: closed in January, and older than thirty days.
    expect((await where(['Quillfeather'])).length).toBe(2);
    const entry = (await db.select().from(audit)).filter((one) => one.action === 'retention.run').at(-1);
    expect(entry?.detail).toMatchObject({ leavers: 1, applicants: 0, rows: { people: 1 } });
    expect(JSON.stringify(entry)).not.toMatch(/E902|Leftlong/);
  }, 60_000);
});
