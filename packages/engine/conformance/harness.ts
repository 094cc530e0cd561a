import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Content, loadContent } from '../src/content/load.js';
import { Database, parquet, type Row } from '../src/lake/duckdb.js';
import { ingest } from '../src/lake/ingest.js';
import { recogniseRecords } from '../src/lake/recognise.js';
import { Store } from '../src/lake/store.js';
import type { FileAccount, RejectSummary } from '../src/model/result.js';
import { type TableName, tableNames } from '../src/model/tables.js';

/**
 * Compares what connectors make of vendors' real records with what another parser of the same records (ECS) makes of
 * them. The records are not part of this repository: they are looked for in `../shared/data` beside the checkout, and
 * the tests skip, saying so, where they are absent.
 */
export const dataFolder = fileURLToPath(new URL('../../../../shared/data/logs', import.meta.url));
export const hasData = existsSync(join(dataFolder, 'elastic'));
/** Said by a skipped suite. */
export const absent = 'vendor records (../shared/data/logs) are absent';

export type Json = { [key: string]: unknown };

export interface Case {
  index: number;
  file: string;
  n: number;
  raw: string;
  expected: Json;
}

export type Field = 'time' | 'account' | 'ip' | 'country' | 'action' | 'outcome' | 'user_agent' | 'device';

/** For one case: each field's acceptable values, lower case. A field that is left out is not compared. */
export type Expectations = Partial<Record<Field, string[]>>;

export interface Difference {
  file: string;
  n: number;
  field: Field;
  expected: string[];
  actual: string | null;
}

/** A difference that is right: where it applies, and why. */
export interface Accepted {
  field: Field;
  when: (difference: Difference, record: Json) => boolean;
  reason: string;
}

export interface Conformance {
  cases: number;
  /** Cases that gave at least one event. */
  mapped: number;
  /** Which connector each case's record is recognised by, looked at alone. */
  recognised: Record<string, number>;
  account: FileAccount;
  rejects: RejectSummary[];
  /** `matched/compared` for each field that is expected anywhere. */
  score: Partial<Record<Field, string>>;
  /** Differences that no accepted reason covers. */
  differences: Difference[];
  /** Accepted reasons and how often each applied; one that never applies is out of date. */
  accepted: Record<string, number>;
  /** Cases without an event: `file#n`. */
  unmapped: string[];
  tables: Record<TableName, Row[]>;
}

export interface ConformOptions {
  /** The vendor's record out of what a case's collector wrapped around it. */
  prepare?: (raw: string) => string;
  accept?: readonly Accepted[];
  /** Corrects the usual reading of ECS for a stream. */
  expectations?: (usual: Expectations, item: Case, record: Json) => Expectations;
  /** Only these cases. */
  only?: (item: Case, record: Json) => boolean;
}

let content: Promise<Content> | undefined;
export function loadedContent(): Promise<Content> {
  content ??= loadContent();
  return content;
}

/** The cases of `elastic/<stream>.jsonl`. */
export async function casesOf(stream: string): Promise<Case[]> {
  const text = await readFile(join(dataFolder, 'elastic', `${stream}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim())
    .map((line, index) => {
      const value = JSON.parse(line) as { file: string; n: number; raw: unknown; expected: Json };
      const raw = typeof value.raw === 'string' ? value.raw : JSON.stringify(value.raw);
      return { index, file: value.file, n: value.n, raw, expected: value.expected };
    });
}

/** Feeds a stream's records through a scan, as one file of JSON lines, and compares field by field. */
export async function conform(stream: string, options: ConformOptions = {}): Promise<Conformance> {
  const all = (await casesOf(stream)).map((item) =>
    options.prepare ? { ...item, raw: options.prepare(item.raw) } : item,
  );
  const cases = options.only ? all.filter((item) => options.only?.(item, objectOf(item.raw))) : all;
  const scanned = await scanCases(cases);
  const rowsOf = scanned.rows;
  const { connectors } = await loadedContent();
  const result: Conformance = {
    cases: cases.length,
    mapped: 0,
    recognised: {},
    account: scanned.accounts[0] as FileAccount,
    rejects: scanned.rejects,
    score: {},
    differences: [],
    accepted: Object.fromEntries((options.accept ?? []).map((accepted) => [accepted.reason, 0])),
    unmapped: [],
    tables: scanned.tables,
  };
  const counts = new Map<Field, { matched: number; compared: number }>();
  for (const [i, item] of cases.entries()) {
    const record = objectOf(item.raw);
    const recognition = recogniseRecords([record], connectors);
    const id = recognition.kind === 'none' ? 'none' : recognition.connector.id;
    result.recognised[id] = (result.recognised[id] ?? 0) + 1;
    const rows = rowsOf[i] as Row[];
    if (rows.length > 0) result.mapped++;
    else result.unmapped.push(`${item.file}#${item.n}`);
    const usual = ecs(item);
    const expected = options.expectations?.(usual, item, record) ?? usual;
    for (const [field, ok, actual] of best(expected, rows)) {
      const count = counts.get(field) ?? { matched: 0, compared: 0 };
      counts.set(field, count);
      count.compared++;
      if (ok) {
        count.matched++;
        continue;
      }
      const difference = { file: item.file, n: item.n, field, expected: expected[field] ?? [], actual };
      const reason = options.accept?.find(
        (accepted) => accepted.field === field && accepted.when(difference, record),
      )?.reason;
      if (reason) result.accepted[reason] = (result.accepted[reason] ?? 0) + 1;
      else result.differences.push(difference);
    }
  }
  for (const field of fields) {
    const count = counts.get(field);
    if (count) result.score[field] = `${count.matched}/${count.compared}`;
  }
  return result;
}

/**
 * Scans the cases as one file. Collections of test records reuse one id for different records, which a scan rightly
 * takes for duplicates: those are scanned again on their own, until each has been read.
 */
async function scanCases(cases: readonly Case[]): Promise<Scan & { rows: Row[][] }> {
  // A line break inside valid JSON is only white space.
  const text = (items: readonly Case[]) =>
    items.map((item) => `${item.raw.replace(/\r?\n/g, ' ')}\n`).join('');
  const first = await scan({ 'cases.ndjson': text(cases) });
  const rows = matchRows(cases, first.tables.events);
  for (let last = first; last.accounts[0]?.duplicate; ) {
    const left = cases.filter((_, i) => rows[i]?.length === 0);
    if (left.length === 0) break;
    last = await scan({ 'cases.ndjson': text(left) });
    const found = matchRows(left, last.tables.events);
    if (found.every((list) => list.length === 0)) break;
    left.forEach((item, i) => {
      rows[cases.indexOf(item)] = found[i] as Row[];
    });
  }
  return { ...first, rows };
}

export interface Scan {
  accounts: FileAccount[];
  rejects: RejectSummary[];
  tables: Record<TableName, Row[]>;
}

/** A real scan of made files into a lake of its own: what was counted, and all rows. */
export async function scan(files: Record<string, string>): Promise<Scan> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-conformance-'));
  try {
    const input = join(folder, 'input');
    await mkdir(input);
    for (const [name, text] of Object.entries(files)) await writeFile(join(input, name), text);
    const store = await Store.open(join(folder, 'lake'));
    const { connectors } = await loadedContent();
    const { files: accounts, rejects } = await ingest({
      folder: input,
      store,
      connectors,
      homeCountry: 'US',
      now: new Date('2099-01-01T00:00:00Z'),
      threads: 1,
    });
    const database = await Database.open({ threads: 1 });
    const tables = {} as Record<TableName, Row[]>;
    for (const table of tableNames) {
      const stored = store.files(table);
      tables[table] = stored.length > 0 ? await database.rows(`SELECT * FROM ${parquet(stored)}`) : [];
    }
    database.close();
    await store.close();
    return { accounts, rejects, tables };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The score table with padding, for reading while a connector is written. */
export function report(stream: string, result: Conformance): string {
  const lines = [
    `${stream}: ${result.mapped}/${result.cases} mapped; ${JSON.stringify(result.score)}`,
    `  recognised ${JSON.stringify(result.recognised)}; ${JSON.stringify(result.account)}`,
    ...result.rejects.slice(0, 5).map((reject) => `  reject ${JSON.stringify(reject)}`),
    ...result.differences.slice(0, 40).map((difference) => `  ${JSON.stringify(difference)}`),
    ...Object.entries(result.accepted).map(([reason, n]) => `  accepted ${n}: ${reason}`),
  ];
  if (result.unmapped.length > 0) lines.push(`  unmapped: ${result.unmapped.join(', ')}`);
  return lines.join('\n');
}

const fields: readonly Field[] = [
  'time',
  'account',
  'ip',
  'country',
  'action',
  'outcome',
  'user_agent',
  'device',
];

/** Where a record was mapped to several rows, the one that agrees most is compared. */
function best(expected: Expectations, rows: Row[]): [Field, boolean, string | null][] {
  const compared = fields.filter((field) => (expected[field] ?? []).length > 0);
  const score = (row: Row | undefined): [Field, boolean, string | null][] =>
    compared.map((field) => {
      const actual = row ? actualOf(field, row) : null;
      return [field, agrees(field, expected[field] as string[], actual), actual];
    });
  return rows
    .map(score)
    .reduce(
      (a, b) => (b.filter(([, ok]) => ok).length > a.filter(([, ok]) => ok).length ? b : a),
      score(rows[0]),
    );
}

const columnOf: Record<Field, string> = {
  time: 'time',
  account: 'account',
  ip: 'src_ip',
  country: 'src_country',
  action: 'activity',
  outcome: 'outcome',
  user_agent: 'user_agent',
  device: 'device_ref',
};

function actualOf(field: Field, row: Row): string | null {
  const value = row[columnOf[field]];
  return value === null || value === undefined ? null : String(value);
}

function agrees(field: Field, expected: string[], actual: string | null): boolean {
  if (actual === null) return false;
  if (field === 'time') return expected.some((text) => Date.parse(text) === Date.parse(actual));
  const text = actual.toLowerCase();
  if (field === 'country') return expected.some((name) => country(name) === country(text));
  if (field === 'ip') return expected.some((address) => address.replace(/^::ffff:/, '') === text);
  return expected.includes(text);
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });
function country(text: string): string {
  return /^[a-z]{2}$/.test(text) ? (countryNames.of(text.toUpperCase()) ?? text).toLowerCase() : text;
}

/** What ECS says of a case, in our columns. Only what the record itself holds: ECS adds addresses' places itself. */
function ecs(item: Case): Expectations {
  const { expected } = item;
  const text = item.raw.toLowerCase();
  const said = (value: string) => text.includes(JSON.stringify(value).slice(1, -1));
  const all = (...paths: string[]) =>
    paths.flatMap((path) => {
      const value = path.split('.').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], expected);
      return (Array.isArray(value) ? value : [value])
        .filter((one) => typeof one === 'string' || typeof one === 'number')
        .map((one) => String(one).toLowerCase())
        .filter((one) => one !== '');
    });
  const names = all('user.name', 'source.user.name', 'client.user.name');
  const domains = all('user.domain', 'source.user.domain', 'client.user.domain');
  const mails = [...text.matchAll(/[a-z0-9._%+#'-]+@[a-z0-9.-]+/g)].map((match) => match[0]);
  const accounts = [
    ...all('user.email', 'source.user.email', 'client.user.email'),
    ...names,
    ...names.flatMap((name) => domains.map((domain) => `${name}@${domain}`)),
    // ECS keeps the part before the @ as the name: the whole address stands in the record.
    ...names.flatMap((name) => mails.filter((mail) => mail.startsWith(`${name}@`))),
  ];
  const expectations: Expectations = {
    time: all('@timestamp').map((time) => time.toUpperCase()),
    account: [...new Set(accounts)],
    ip: all('source.ip', 'client.ip').filter(said),
    country: ['source.geo', 'client.geo', 'geo']
      .flatMap((path) => all(`${path}.country_name`, `${path}.country_iso_code`))
      .filter((name) => text.includes(`"${name}"`)),
    action: all('event.action'),
    outcome: all('event.outcome'),
    // A vendor's word for nothing is nothing.
    user_agent: all('user_agent.original').filter((agent) => agent !== 'unknown'),
    device: all('device.id', 'host.id', 'host.hostname', 'host.name'),
  };
  return expectations;
}

/** For each case the event rows made from its record, or from a part of it that an envelope holds. */
function matchRows(cases: readonly Case[], events: readonly Row[]): Row[][] {
  const byRecord = new Map<string, Row[]>();
  for (const row of events) {
    const key = canonical(String(row.raw));
    byRecord.set(key, [...(byRecord.get(key) ?? []), row]);
  }
  return cases.map((item) => {
    for (const part of parts(parsed(item.raw), 4)) {
      const rows = byRecord.get(JSON.stringify(part));
      if (rows) return rows;
    }
    return byRecord.get(item.raw) ?? [];
  });
}

function* parts(value: unknown, depth: number): Generator<Json> {
  if (typeof value === 'string' && /^\s*\{/.test(value)) {
    yield* parts(parsed(value), depth - 1);
    return;
  }
  if (value === null || typeof value !== 'object' || depth === 0) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const inner of Object.values(value)) yield* parts(inner, depth - 1);
}

function canonical(text: string): string {
  const value = parsed(text);
  return value === undefined ? text : JSON.stringify(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function objectOf(text: string): Json {
  const value = parsed(text);
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}
