import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Connector } from './content/connector.js';
import type { Detection, DetectionTest } from './content/detection.js';
import type { Fact } from './content/fact.js';
import { type Content, parseYaml } from './content/load.js';
import { Database, identifier, literal, parquet, type Row } from './lake/duckdb.js';
import { ingest } from './lake/ingest.js';
import { createResolvedTables, loadFacts } from './lake/resolve.js';
import { Store } from './lake/store.js';
import { policySchema } from './model/policy.js';
import {
  type Columns,
  derivedTables,
  resolvedTables,
  storedTables,
  type TableName,
  tableNames,
} from './model/tables.js';
import { FieldColumns, fieldMacros } from './sigma/columns.js';
import type { FieldMap } from './sigma/field-map.js';
import { runSigma } from './sigma/run.js';
import { addRecords } from './sigma/shape.js';
import { declaredShape } from './sigma/table-scan.js';
import { askAmong, prepareCompanions } from './signals/run.js';
import { sentence, sentenceFunctions } from './signals/sentence.js';

/** What a piece of content's own test found; `problem` is absent where it passed. */
export interface ContentTest {
  content: string;
  name: string;
  problem?: string;
}

const row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const expectedSchema = z.strictObject({
  accounting: z.strictObject({
    read: z.number(),
    kept: z.number(),
    unused: z.number().optional(),
    duplicate: z.number(),
    rejected: z.number(),
  }),
  rejects: z.array(z.strictObject({ line: z.number().optional(), reason: z.string() })).optional(),
  ...Object.fromEntries(tableNames.map((table) => [table, z.array(row).optional()])),
}) as z.ZodType<{
  accounting: Record<string, number>;
  rejects?: { line?: number; reason: string }[];
  [table: string]: unknown;
}>;

/**
 * Reads each sample of a connector as a scan would, among all connectors, and compares what it gives with
 * `samples/<name>.expected.yml`: counts exactly, rows by the columns that are named there.
 */
export async function testConnector(
  connector: Connector,
  connectors: readonly Connector[],
  facts: readonly Fact[] = [],
): Promise<ContentTest[]> {
  const samples = join(connector.folder, 'samples');
  const results: ContentTest[] = [];
  const names = existsSync(samples) ? (await readdir(samples)).sort() : [];
  for (const name of names) {
    if (name.endsWith('.expected.yml')) continue;
    const expectedPath = join(
      samples,
      `${name.replace(/\.(gz|zst)$/, '').replace(/\.[a-z]+$/, '')}.expected.yml`,
    );
    const result: ContentTest = { content: connector.id, name };
    const problem = existsSync(expectedPath)
      ? await compareSample(connector, connectors, facts, join(samples, name), name, expectedPath)
      : `${expectedPath} is missing`;
    results.push(problem ? { ...result, problem } : result);
  }
  if (results.length === 0)
    results.push({ content: connector.id, name: 'samples', problem: 'it has no samples' });
  return results;
}

async function compareSample(
  connector: Connector,
  connectors: readonly Connector[],
  facts: readonly Fact[],
  sample: string,
  name: string,
  expectedPath: string,
): Promise<string | undefined> {
  const problems: string[] = [];
  const expected = parseYaml(expectedPath, await readFile(expectedPath, 'utf8'), expectedSchema, problems);
  if (!expected) return problems.join('\n');
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-sample-'));
  try {
    await copyFile(sample, join(folder, name));
    const store = await Store.open(join(folder, '.lake'));
    const { files, rejects } = await ingest({
      folder: join(folder, name),
      store,
      connectors,
      facts,
      homeCountry: 'US',
      now: new Date('2099-01-01T00:00:00Z'),
      threads: 1,
    });
    const account = files[0];
    if (account?.connector !== connector.id) {
      problems.push(`recognised as ${account?.connector ?? `nothing (${account?.problem})`}`);
    }
    for (const [key, value] of Object.entries(expected.accounting)) {
      const actual = account?.[key as 'read'];
      if (actual !== value) problems.push(`${key}: expected ${value}, got ${actual}`);
    }
    for (const reject of expected.rejects ?? []) {
      if (
        !rejects.some(
          (r) => r.reason.startsWith(reject.reason) && (reject.line === undefined || r.line === reject.line),
        )
      ) {
        problems.push(
          `no reject "${reject.reason}" at line ${reject.line}; got ${JSON.stringify(rejects.map((r) => `${r.line}: ${r.reason}`))}`,
        );
      }
    }
    const database = await Database.open({ threads: 1 });
    for (const table of tableNames) {
      const rows = expected[table] as Row[] | undefined;
      if (!rows) continue;
      const stored = store.files(table);
      const actual = stored.length > 0 ? await database.rows(`SELECT * FROM ${parquet(stored)}`) : [];
      problems.push(...compareRows(table, rows, actual));
    }
    database.close();
    await store.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return problems.length > 0 ? problems.join('\n') : undefined;
}

/** Each expected row must be matched by one row of its own; no row may be left over. */
export function compareRows(
  table: TableName | 'rows',
  expected: readonly Row[],
  actual: readonly Row[],
): string[] {
  const problems: string[] = [];
  const left = [...actual];
  for (const want of expected) {
    const index = left.findIndex((have) =>
      Object.entries(want).every(([key, value]) => same(value, have[key] ?? null)),
    );
    if (index >= 0) left.splice(index, 1);
    else
      problems.push(
        `${table}: no row ${JSON.stringify(want)}; nearest: ${JSON.stringify(nearest(want, left))}`,
      );
  }
  const keys = Object.keys(expected[0] ?? {});
  for (const extra of left)
    problems.push(`${table}: unexpected row ${JSON.stringify(keys.length > 0 ? pick(extra, keys) : extra)}`);
  return problems;
}

function same(want: unknown, have: unknown): boolean {
  if (typeof want === 'number' && typeof have === 'number')
    return Math.abs(want - have) <= 1e-6 * Math.max(1, Math.abs(want));
  return want === have;
}

function nearest(want: Row, rows: Row[]): Row | undefined {
  const score = (candidate: Row) =>
    Object.entries(want).filter(([key, value]) => same(value, candidate[key] ?? null)).length;
  const best = [...rows].sort((a, b) => score(b) - score(a))[0];
  return best && pick(best, Object.keys(want));
}

function pick(from: Row, keys: string[]): Row {
  return Object.fromEntries(keys.map((key) => [key, from[key] ?? null]));
}

/** Reads each record of a field map's tests as a scan would, and compares what the fields hold. */
export async function testFieldMap(
  map: FieldMap,
  connectors: readonly Connector[],
  database: Database,
): Promise<ContentTest[]> {
  const connector = connectors.find((candidate) => candidate.id === map.source);
  const results: ContentTest[] = [];
  for (const macro of fieldMacros) await database.run(macro);
  for (const test of map.tests) {
    const result: ContentTest = { content: `sigma/${map.id}`, name: test.name };
    let problem: string | undefined;
    try {
      const shape = declaredShape(map, connector);
      addRecords(shape, [test.record]);
      const columns = new FieldColumns(map, shape);
      for (const field of Object.keys(test.fields)) columns.need(field, true);
      const cells = Object.entries(storedTables.events).map(([name, type]) => {
        const value = name === 'raw' ? JSON.stringify(test.record) : test.columns[name];
        return `CAST(${value === undefined ? 'NULL' : literal(value)} AS ${type}) AS ${identifier(name)}`;
      });
      const opened = columns.opens ? `, ${columns.opened('raw')} AS v` : '';
      const [row] = await database.rows(
        `SELECT ${[...columns.select(), '1 AS _'].join(', ')} FROM (SELECT *${opened} FROM (SELECT ${cells.join(', ')}))`,
      );
      const differences = Object.entries(test.fields).flatMap(([field, expected]) => {
        const source = columns.fields(field);
        const list = source?.list ? row?.[source.list] : undefined;
        const text = source?.text ? row?.[source.text] : undefined;
        const actual = Array.isArray(list) ? list : text === null || text === undefined ? [] : [text];
        const wanted = expected.map(String);
        return JSON.stringify(actual) === JSON.stringify(wanted)
          ? []
          : [`${field}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(actual)}`];
      });
      if (differences.length > 0) problem = differences.join('\n');
    } catch (error) {
      problem = (error as Error).message;
    }
    results.push(problem ? { ...result, problem } : result);
  }
  return results;
}

/** Runs the tests inside a detection on an empty lake that holds only their rows, or what their records give. */
export async function testDetection(
  detection: Detection,
  database: Database,
  content: Content,
): Promise<ContentTest[]> {
  const results: ContentTest[] = [];
  for (const test of detection.tests) {
    let problem: string | undefined;
    try {
      problem = await runTest(detection, test, database, content);
    } catch (error) {
      problem = (error as Error).message;
    }
    const result = { content: detection.id, name: test.name };
    results.push(problem ? { ...result, problem } : result);
  }
  return results;
}

/** A database with the facts loaded, for any number of `testDetection` calls. */
export async function detectionTestDatabase(facts: readonly Fact[]): Promise<Database> {
  const database = await Database.open({ threads: 1 });
  await loadFacts(database, facts);
  return database;
}

async function runTest(
  detection: Detection,
  test: DetectionTest,
  database: Database,
  content: Content,
): Promise<string | undefined> {
  await createResolvedTables(database);
  for (const table of [...tableNames, 'passages'] as const) {
    for (const row of test[table]) await insertRow(database, table, row);
  }
  if (detection.sigma !== undefined) await insertRecords(database, test.records, content.connectors);
  await database.run(
    "UPDATE people SET stage = coalesce(stage, 'employed'), engagement = coalesce(engagement, 'employee')",
  );
  await database.run('UPDATE inventory SET present = coalesce(present, true)');
  await database.run(
    "UPDATE identifiers SET label = coalesce(label, value), context = coalesce(context, 'test'), source = coalesce(source, 'test')",
  );
  const [last] = await database.rows('SELECT max(time) AS t FROM events');
  const asOf = test.as_of
    ? new Date(test.as_of)
    : last?.t
      ? new Date(Date.parse(String(last.t)) + 86_400_000)
      : new Date('2026-06-30T00:00:00Z');
  if (Number.isNaN(asOf.getTime())) return `as_of "${test.as_of}" is not a time`;
  const policy = policySchema.parse({});
  await prepareCompanions(database, policy, asOf);
  let { query } = detection;
  if (detection.sigma !== undefined) {
    const run = await runSigma({
      database,
      content: { ...content, packs: [], detections: [detection] },
      policy,
      directories: [],
      asOf,
    });
    const unable = run?.unable.get(detection.id);
    // A rule that did not run has not stayed silent.
    if (unable)
      return `its rule could not run: ${'problem' in unable ? unable.problem : `there are no ${unable.missing.join(' and no ')}`}`;
    query = run?.own.find(({ id }) => id === detection.id)?.query ?? query;
  }
  const rows = await database.rows(query);
  if (detection.about === 'person' && rows.length > 0 && !('person_id' in (rows[0] as Row)))
    return 'the query gives no person_id';
  const problems = compareRows('rows', test.expect, rows);
  if (detection.among !== undefined) {
    const among = [...(await askAmong(database, detection.among))].sort().join(', ');
    const wanted = test.expect_among ? [...test.expect_among].sort().join(', ') : among;
    if (among !== wanted) problems.push(`among: expected ${wanted || 'nobody'}, got ${among || 'nobody'}`);
  }
  if (rows.length > 0) {
    const unknown = [...detection.says.matchAll(/\{([^{}]+)\}/g)]
      .map((match) => match[1] as string)
      .filter((part) => !known(part, rows[0] as Row));
    if (unknown.length > 0) problems.push(`says: no column or function ${unknown.join(', ')}`);
    else if (/\{|\}/.test(sentence(detection.says, rows, (id) => id)))
      problems.push('says: braces are left over');
  }
  return problems.length > 0 ? problems.join('\n') : undefined;
}

/**
 * Reads records as a scan would, by the connectors they name, and fills `stored_events` with what comes of them and
 * `events` with the same, of the persons the test says.
 */
async function insertRecords(
  database: Database,
  records: DetectionTest['records'],
  connectors: readonly Connector[],
): Promise<void> {
  const columns = Object.entries(storedTables.events);
  await database.run(
    `CREATE OR REPLACE TABLE stored_events (${columns.map(([name, type]) => `${identifier(name)} ${type}`).join(', ')})`,
  );
  if (records.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-records-'));
  try {
    const exports = join(folder, 'exports');
    await mkdir(exports);
    const lines = records.map(({ record }) => JSON.stringify(record));
    for (const source of new Set(records.map((record) => record.source))) {
      const own = lines.filter((_, i) => records[i]?.source === source);
      await writeFile(join(exports, `${source}.ndjson`), `${own.join('\n')}\n`);
    }
    const store = await Store.open(join(folder, '.lake'));
    try {
      const { files } = await ingest({
        folder: exports,
        store,
        connectors,
        homeCountry: 'US',
        now: new Date('2099-01-01T00:00:00Z'),
        threads: 1,
      });
      for (const { file, connector, recognised, read, kept, unused } of files) {
        const source = file.replace(/\.ndjson$/, '');
        if (connector !== source) throw new Error(`records of ${source} were taken for ${recognised}`);
        if (kept - unused !== read)
          throw new Error(
            `${read - kept + unused} of ${read} records of ${source} were rejected, were there twice or give nothing`,
          );
      }
      const stored = store.files('events');
      if (stored.length > 0)
        await database.run(
          `INSERT INTO stored_events BY NAME SELECT ${columns.map(([name]) => identifier(name)).join(', ')} FROM ${parquet(stored)}`,
        );
    } finally {
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await database.run('CREATE OR REPLACE TEMP TABLE given (source VARCHAR, raw VARCHAR, person_id VARCHAR)');
  for (const { source, person, record } of records)
    await database.run('INSERT INTO given VALUES ($source, $raw, $person)', {
      source,
      raw: JSON.stringify(record),
      person: person ?? null,
    });
  const shared = Object.keys(resolvedTables.events).filter((name) => name in storedTables.events);
  await database.run(
    `INSERT INTO events BY NAME
       SELECT e.uid AS event_uid, g.person_id, upper(e.device_ref) AS device_id, ${shared.map((name) => `e.${identifier(name)}`).join(', ')}
       FROM stored_events e LEFT JOIN given g ON g.source = e.source AND g.raw = e.raw`,
  );
  const strays = await database.number(
    'SELECT count(*) FROM stored_events e ANTI JOIN given g ON g.source = e.source AND g.raw = e.raw',
  );
  if (strays > 0) throw new Error(`${strays} records were not kept as they were received`);
}

function known(part: string, row: Row): boolean {
  const call = /^([a-z]+)\(([^,)]*)/.exec(part);
  if (!call) return part === 'n' || part in row;
  return (
    sentenceFunctions.includes(call[1] as string) &&
    ((call[2] as string) === 'n' || (call[2] as string).trim() in row)
  );
}

async function insertRow(database: Database, table: TableName | 'passages', row: Row): Promise<void> {
  const columns: Columns = { ...resolvedTables, ...derivedTables }[table];
  const names = Object.keys(row);
  const stray = names.find((name) => !(name in columns));
  if (stray) throw new Error(`${table} has no column "${stray}"`);
  const values = names.map(
    (name, i) =>
      `CAST(CAST($p${i} AS VARCHAR) AS ${columns[name] === 'TIMESTAMP' ? 'TIMESTAMPTZ' : columns[name]})`,
  );
  await database.run(
    `INSERT INTO ${table} (${names.map(identifier).join(', ')}) VALUES (${values.join(', ')})`,
    Object.fromEntries(names.map((name, i) => [`p${i}`, row[name] === null ? null : String(row[name])])),
  );
}
