/** Nothing of who is gone becomes somebody else's: rows that could be of two people. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database, literal } from '../lake/duckdb.js';
import { resolve } from '../lake/resolve.js';
import { Store } from '../lake/store.js';
import { policySchema } from '../model/policy.js';
import { type Columns, storedTables, type TableName } from '../model/tables.js';
import { forget } from './forget.js';

const now = new Date('2026-07-01T00:00:00Z');
let base: string;
let lake: string;
let next = 0;
let database: Database;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-forget-rows-'));
  database = await Database.open({ threads: 1 });
});
afterAll(async () => {
  database.close();
  await rm(base, { recursive: true, force: true });
});
beforeEach(() => {
  next += 1;
  lake = join(base, `lake-${next}`);
});

type Given = Partial<Record<TableName, Record<string, string>[]>>;

/** A lake of these rows; what they do not give is empty. */
async function lakeOf(given: Given): Promise<void> {
  const store = await Store.open(lake);
  const batch = await store.begin();
  for (const [table, rows] of Object.entries(given)) {
    const columns = Object.entries(storedTables[table as TableName] as Columns);
    const selects = rows.map(
      (row, n) =>
        `SELECT ${columns
          .map(([name, type]) => {
            const value = row[name] ?? (name === 'uid' ? `test:${table}-${n}` : undefined);
            return `CAST(${value === undefined ? 'NULL' : literal(value)} AS ${type}) AS "${name}"`;
          })
          .join(', ')}${table === 'identifiers' ? ", 'label' AS label" : ''}`,
    );
    const path = batch.path(table as TableName, 'test');
    await database.run(`COPY (${selects.join(' UNION ALL ')}) TO ${literal(path)} (FORMAT parquet)`);
    batch.add(table as TableName, path);
  }
  await store.commit(batch);
  await store.close();
}

/** What a scan would tie to whom. */
async function tied(sql: string): Promise<unknown[]> {
  const store = await Store.open(lake);
  const own = await Database.open({ threads: 1 });
  try {
    await resolve({ database: own, store, facts: [], policy: policySchema.parse({}), now });
    return (await own.rows(sql)).map((row) => Object.values(row).join(' '));
  } finally {
    own.close();
    await store.close();
  }
}

const worker = (id: string, more: Record<string, string> = {}) => ({
  person_ref: id,
  name: `Person ${id}`,
  stage: 'employed',
  work_email: `${id.toLowerCase()}@example.com`,
  source: 'hr',
  ...more,
});
const holds = (who: string, day: string, more: Record<string, string> = {}) => ({
  uid: `test:holds-${who}-${day}`,
  serial: 'SERIAL1',
  assigned_to: `${who.toLowerCase()}@example.com`,
  seen_at: day,
  source: 'mdm',
  ...more,
});
const seen = (day: string, ref = 'SERIAL1') => ({
  uid: `test:seen-${ref}-${day}`,
  device_ref: ref,
  kind: 'usb',
  key: day,
  seen_at: day,
  source: 'mdm',
});
const happened = (day: string, ref = 'SERIAL1') => ({
  uid: `test:happened-${ref}-${day}`,
  time: day,
  device_ref: ref,
  action: 'process.start',
  source: 'edr',
});

describe('a laptop that was handed on', () => {
  const days = ['2026-04-20', '2026-05-05', '2026-05-20', '2026-06-20'];
  const given = {
    people: [worker('P'), worker('Q')],
    inventory: days.map((day) => seen(day)),
    events: days.map((day) => happened(day)),
  };
  const left = async () => [
    ...(await tied('SELECT person_id, key FROM inventory ORDER BY ALL')),
    ...(await tied("SELECT person_id, strftime(time, '%m-%d') FROM events ORDER BY ALL")),
  ];

  it('from a colleague: what lies between two records of them stays theirs; what is unclear, or later, goes', async () => {
    await lakeOf({
      ...given,
      devices: [holds('Q', '2026-05-01'), holds('Q', '2026-05-10'), holds('P', '2026-06-01')],
    });
    await forget({ lake, people: ['P'], now });
    expect(await left()).toEqual(['Q 2026-04-20', 'Q 2026-05-05', 'Q 04-20', 'Q 05-05']);
  });

  it('to a colleague: it is theirs by now, and stays', async () => {
    await lakeOf({ ...given, devices: [holds('P', '2026-05-01'), holds('Q', '2026-06-01')] });
    await forget({ lake, people: ['P'], now });
    expect(await left()).toHaveLength(8);
    expect(await tied('SELECT assigned_to FROM stored_devices')).toEqual(['q@example.com']);
  });

  it('that was always theirs goes with all that was seen on it', async () => {
    await lakeOf({
      ...given,
      devices: [holds('P', '2026-05-01'), { ...holds('P', '2026-06-01'), assigned_to: '' }],
    });
    await forget({ lake, people: ['P'], now });
    expect(await left()).toEqual([]);
    expect(await tied('SELECT serial FROM stored_devices')).toEqual([]);
  });
});

it('a host name that two laptops had leads to neither, and not to the one that is left either', async () => {
  const host = { hostname: 'LAPTOP-1' };
  await lakeOf({
    people: [worker('P'), worker('Q')],
    devices: [holds('P', '2026-05-01', host), holds('Q', '2026-05-01', { ...host, serial: 'SERIAL2' })],
    inventory: [seen('2026-05-02', 'laptop-1'), seen('2026-05-03', 'SERIAL2')],
    events: [happened('2026-05-02', 'laptop-1'), happened('2026-05-03', 'SERIAL2')],
  });
  expect(await tied('SELECT person_id FROM events WHERE person_id IS NULL')).toHaveLength(1);
  await forget({ lake, people: ['P'], now });
  expect(await tied('SELECT person_id FROM events UNION ALL SELECT person_id FROM inventory')).toEqual([
    'Q',
    'Q',
  ]);
});

it('a résumé that could be of two people does not become the other’s', async () => {
  const applicant = (ref: string, more: Record<string, string> = {}) => ({
    ...worker(ref),
    stage: 'applicant',
    source: 'ats',
    work_email: '',
    ...more,
  });
  const resume = { name: 'Kim Sampleton', personal_email: 'kim@example.org' };
  await lakeOf({
    people: [
      applicant('A-1001', resume),
      applicant('A-1002', resume),
      applicant('resume:abc/1', { ...resume, source: 'resume-files' }),
    ],
    documents: [
      { person_ref: 'resume:abc/1', document: 'abc', file: 'cv.pdf', text: 'words', source: 'resume-files' },
    ],
  });
  expect(await tied('SELECT person_id FROM documents')).toEqual(['resume:kim@example.org/kim sampleton']);
  await forget({ lake, people: ['A-1001'], now });
  expect(await tied('SELECT person_id FROM documents')).toEqual([]);
  expect(await tied('SELECT person_id FROM people')).toEqual(['A-1002']);
});

it('a candidate who has the number of a removed worker does not inherit it', async () => {
  await lakeOf({
    people: [
      worker('1234'),
      worker('1235'),
      { ...worker('1234'), uid: 'test:c', stage: 'applicant', source: 'ats', work_email: '' },
    ],
  });
  const people = () => tied('SELECT person_id FROM people ORDER BY 1');
  expect(await people()).toEqual(['1234', '1235', 'applicant 1234']);
  await forget({ lake, people: ['1234'], now });
  expect(await people()).toEqual(['1235', 'applicant 1234']);
});

it('of several at once the order makes no difference', async () => {
  const given = {
    people: [worker('P'), worker('Q'), worker('R')],
    devices: [holds('Q', '2026-05-01'), holds('P', '2026-06-01')],
    inventory: [seen('2026-04-20'), seen('2026-05-20')],
  };
  const results: string[] = [];
  for (const order of [[['P'], ['Q']], [['Q', 'P']]]) {
    next += 1;
    lake = join(base, `lake-${next}`);
    await lakeOf(given);
    for (const people of order) await forget({ lake, people, now });
    results.push(JSON.stringify([await tied('SELECT * FROM people'), await tied('SELECT * FROM inventory')]));
  }
  expect(new Set(results).size).toBe(1);
});
