import { execFile, spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGunzip, createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../content/connector.js';
import { loadContent } from '../content/load.js';
import type { FileAccount } from '../model/result.js';
import { tableNames } from '../model/tables.js';
import { readHead } from './bytes.js';
import { sampleRecords } from './discover.js';
import { Database } from './duckdb.js';
import { type IngestResult, ingest, parquet } from './ingest.js';
import { shapeOf } from './shape.js';
import { Store } from './store.js';

/**
 * Every connector on input that is damaged, mislabelled or hostile. Each gets its own sample records in every bad form
 * at once, in one folder; what must hold: nothing crashes, read = kept + duplicate + rejected, what cannot be read is
 * named with file and line, good records are kept, and a second scan adds nothing.
 */
const { connectors } = await loadContent();
const now = new Date('2099-01-01T00:00:00Z');
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-bad-input-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A sample of a connector: its bytes, and its parts where it has lines. */
interface Base {
  connector: Connector;
  bytes: Buffer;
  kind: 'ndjson' | 'document' | 'objects' | 'table' | 'zeek';
  extension: string;
  /** Lines of a file of lines, without the last line's end; header lines apart. */
  header: string[];
  rows: string[];
  /** Parsed records of a JSON file. */
  records: Record<string, unknown>[];
}

interface Variant {
  name: string;
  make: (base: Base) => Buffer | undefined;
  /** same: the records of the base once more, all known. read: accounted for, whatever becomes of them. */
  expect: 'same' | 'doubled' | 'accounted' | 'empty' | ((account: FileAccount, first: FileAccount) => void);
  suffix?: string;
}

const utf16 = (text: string, swap: boolean) => {
  const bytes = Buffer.from(text, 'utf16le');
  return swap ? bytes.swap16() : bytes;
};
const lines = (rows: readonly string[]) => Buffer.from(`${rows.join('\n')}\n`);
const asLines = (records: readonly unknown[]) => lines(records.map((record) => JSON.stringify(record)));
const isJson = (base: Base) => base.records.length > 0;
/** Good records enough that the file is known by them, whatever follows. */
const often = (records: readonly unknown[]) => Array.from({ length: Math.ceil(60 / records.length) }, () => records).flat();
const whole = (account: FileAccount) => account.read - account.rejected;

/** What an attacker, a spreadsheet or a broken exporter may put into a field. */
const hostile = [
  "=HYPERLINK(\"http://example.com\",\"x\")",
  '+1+1',
  '@SUM(A1)',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  "'; DROP TABLE people; --",
  '$(id) `id` {{7*7}} ${7*7}',
  '\u202Egnp.exe\u202C \u0000 \u0007 \u001b[31m',
  '../../../../etc/passwd',
  '\uD83D\uDE00\uFEFF\uFFFE\u2028',
  '~~~ uid~1 ~',
  '9'.repeat(400),
  '-',
];

const absurd = [
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '-9999-01-01T00:00:00Z',
  '294247-01-10T04:00:54.775807Z',
  '2026-02-30T25:61:61Z',
  'infinity',
  'epoch',
  '',
];
const absurdNumbers = ['-62135596800', '253402300800000', '9223372036854775807', '1e308', '-1', '0'];

/** The record with one field after the other, down to the third level, put to something else. */
function* mutations(record: Record<string, unknown>, values: readonly unknown[]): Generator<unknown> {
  let turn = 0;
  const paths: string[][] = [];
  const visit = (value: unknown, path: string[]) => {
    if (path.length > 0) paths.push(path);
    if (path.length < 3 && value !== null && typeof value === 'object')
      for (const key of Object.keys(value)) visit((value as Record<string, unknown>)[key], [...path, key]);
  };
  visit(record, []);
  for (const path of paths) {
    const copy = structuredClone(record);
    let parent = copy as Record<string, unknown>;
    for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
    parent[path.at(-1) as string] = values[turn++ % values.length];
    yield copy;
  }
}

function withStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => withStrings(item, change));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withStrings(item, change)]));
  return value;
}

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
const delimiterOf = (base: Base) => /[\t;|]/.exec(base.header.at(-1) ?? '')?.[0] ?? ',';
const width = (base: Base) => (base.header.at(-1) ?? '').split(delimiterOf(base)).length;
/** Good rows, then rows in which every cell in turn holds each text. */
const tableOf = (base: Base, texts: readonly string[], quote = cell) =>
  lines([
    ...base.header,
    ...base.rows,
    ...texts.map((text) => Array.from({ length: width(base) }, () => quote(text)).join(delimiterOf(base))),
    ...texts.map((text, i) => {
      const cells = (base.rows[0] as string).split(delimiterOf(base));
      cells[i % cells.length] = quote(text);
      return cells.join(delimiterOf(base));
    }),
  ]);

const variants: Variant[] = [
  { name: 'empty', make: () => Buffer.alloc(0), expect: 'empty' },
  { name: 'blank', make: () => Buffer.from(' \r\n\t\n'), expect: 'empty' },
  { name: 'copy', make: (base) => base.bytes, expect: 'same' },
  { name: 'twice', make: (base) => (base.rows.length > 0 ? lines([...base.header, ...base.rows, ...base.rows]) : undefined), expect: 'doubled' },
  { name: 'reversed', make: (base) => (base.rows.length > 1 ? lines([...base.header, ...[...base.rows].reverse()]) : undefined), expect: 'same' },
  { name: 'crlf', make: (base) => (base.kind === 'zeek' ? undefined : Buffer.from(base.bytes.toString().replaceAll(/\r?\n/g, '\r\n'))), expect: 'same' },
  { name: 'no-last-line-end', make: (base) => Buffer.from(base.bytes.toString().trimEnd()), expect: 'same' },
  { name: 'bom', make: (base) => Buffer.from(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`), expect: 'same' },
  { name: 'utf-16le-bom', make: (base) => utf16(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`, false), expect: 'same' },
  { name: 'utf-16be-bom', make: (base) => utf16(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`, true), expect: 'same' },
  { name: 'utf-16le', make: (base) => utf16(base.bytes.toString().replace(/^\uFEFF/, ''), false), expect: 'same' },
  { name: 'utf-16be', make: (base) => utf16(base.bytes.toString().replace(/^\uFEFF/, ''), true), expect: 'same' },
  { name: 'gzip', make: (base) => gzipSync(base.bytes), expect: 'same', suffix: '.gz' },
  { name: 'gzip-of-utf-16', make: (base) => gzipSync(utf16(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`, false)), expect: 'same', suffix: '.gz' },
  {
    name: 'cut',
    make: (base) => base.bytes.subarray(0, base.bytes.lastIndexOf(base.kind === 'document' || base.kind === 'objects' ? '"' : '\n', base.bytes.length - 2) + 8),
    expect: 'accounted',
  },
  { name: 'cut-in-half', make: (base) => base.bytes.subarray(0, base.bytes.length >> 1), expect: 'accounted' },
  {
    name: 'cut-gzip',
    make: (base) => {
      const packed = gzipSync(base.bytes);
      return packed.subarray(0, packed.length - 12);
    },
    expect: (account) => expect(`${account.problem ?? ''} ${account.rejected}`).toMatch(/damaged|ends early| [1-9]/),
    suffix: '.gz',
  },
  {
    name: 'latin-1',
    make: (base) => {
      const text = base.bytes.toString();
      const at = text.search(/xample/i);
      return at < 0 ? undefined : Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0x78, 0xe4]), Buffer.from(text.slice(at + 2))]);
    },
    expect: (account, first) => {
      expect(account.read).toBe(first.read);
      expect(account.recognised).toContain('Windows-1252');
    },
  },
  {
    name: 'wrong-types',
    make: (base) =>
      isJson(base)
        ? asLines([
            ...often(base.records),
            ...base.records.flatMap((record) => [...mutations(record, [12345, 'text', [], {}, true, null, [[1]], { a: { b: [] } }, -1.5e300])]),
            ...base.records,
          ])
        : tableOf(base, ['12345', 'true', '[]', '{"a":1}', 'null', '-1.5e300']),
    expect: 'accounted',
  },
  {
    name: 'absurd-dates',
    make: (base) => {
      const text = isJson(base) ? asLines(base.records).toString() : base.bytes.toString();
      const dated = (replacement: string, number: string) =>
        text
          .replaceAll(/\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?|\d\d?[/.]\d\d?[/.]\d{4}/g, replacement)
          .replaceAll(/(?<=[\s:,"])1[5-9]\d{8}(\d{3})?(\.\d+)?(?=[\s,"}])/g, number);
      const [head, ...rest] = isJson(base) ? [''] : [base.header.join('\n')];
      const body = absurd.flatMap((date, i) =>
        dated(date, absurdNumbers[i % absurdNumbers.length] as string)
          .split('\n')
          .slice(isJson(base) ? 0 : base.header.length)
          .filter((line) => line.trim()),
      );
      return lines([...(head ? [head, ...rest] : []), ...(isJson(base) ? asLines(base.records).toString().trimEnd().split('\n') : base.rows), ...body]);
    },
    expect: 'accounted',
  },
  {
    name: 'hostile',
    make: (base) =>
      isJson(base)
        ? asLines([
            ...often(base.records),
            ...hostile.flatMap((text) => base.records.map((record) => withStrings(record, () => text))),
            ...hostile.flatMap((text) => [...mutations(base.records[0] as Record<string, unknown>, [text])]),
          ])
        : tableOf(base, hostile),
    expect: (account, first) => expect(account.read).toBeGreaterThanOrEqual(first.read + hostile.length),
  },
  {
    name: 'hostile-keys',
    make: (base) => {
      if (!isJson(base)) return undefined;
      const good = JSON.stringify(base.records[0]);
      const thousand = Array.from({ length: 1000 }, (_, i) => `"k${i}'\\"]":${i}`).join(',');
      return lines([
        ...often(base.records).map((record) => JSON.stringify(record)),
        `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${good.slice(1)}`,
        `{${thousand},${good.slice(1)}`,
        `{"a":1,"a":2,"":0,${good.slice(1)}`,
        `{"deep":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)},${good.slice(1)}`,
        `{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)},${good.slice(1)}`,
        '[1,2,3]',
        '"text"',
        'null',
        '{"unclosed":',
        '}}}}',
        '\u0000\u0001\u0002',
      ]);
    },
    expect: (account, first) => {
      expect(account.read).toBeGreaterThanOrEqual(60 + 5 + 6);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  },
  {
    name: 'deep-only',
    make: (base) => (isJson(base) ? lines(['{"a":'.repeat(10_000), ...base.records.map((record) => JSON.stringify(record))]) : undefined),
    expect: 'accounted',
  },
  {
    name: 'odd-rows',
    make: (base) =>
      base.kind === 'table'
        ? lines([
            ...base.header,
            ...base.rows,
            'one cell',
            delimiterOf(base).repeat(width(base) * 3),
            `${'x'.repeat(20)}${`${delimiterOf(base)}y`.repeat(1000)}`,
            '',
            ...base.rows.slice(0, 1).map((row) => `\u0000${row}`),
            `"unbalanced ${delimiterOf(base)} quote`,
            ...base.rows,
          ])
        : undefined,
    expect: (account, first) => expect(whole(account)).toBeGreaterThanOrEqual(whole(first)),
  },
  {
    name: 'thousand-columns',
    make: (base) =>
      base.kind === 'table'
        ? lines([
            ...base.header.slice(0, -1),
            [base.header.at(-1), ...Array.from({ length: 1000 }, (_, i) => `Extra ${i}`)].join(delimiterOf(base)),
            ...base.rows.map((row) => `${row}${`${delimiterOf(base)}z`.repeat(1000)}`),
          ])
        : undefined,
    expect: (account, first) => expect(account.read).toBe(first.read),
  },
];

async function baseOf(connector: Connector, name: string): Promise<Base> {
  const path = join(connector.folder, 'samples', name);
  const raw = await readFile(path);
  const head = await readHead(path);
  const bytes = head.compression === 'gzip' ? gunzipSync(raw) : raw;
  const shape = shapeOf(head);
  if (shape.kind === 'empty' || shape.kind === 'text') throw new Error(`${path}: ${shape.kind}`);
  const all = bytes.toString().replace(/^\uFEFF/, '').trimEnd().split(/\r?\n/);
  const isTable = shape.kind === 'table' || shape.kind === 'zeek';
  const headerLines = shape.kind === 'zeek' ? shape.skip : shape.kind === 'table' ? headerLineOf(all) : 0;
  return {
    connector,
    bytes,
    kind: shape.kind,
    extension: name.replace(/\.gz$/, '').replace(/^.*\./, '.'),
    header: all.slice(0, headerLines),
    rows: isTable ? all.slice(headerLines).filter((line) => !line.startsWith('#close')) : shape.kind === 'ndjson' ? all.filter((line) => line.trim()) : [],
    records: isTable ? [] : (sampleRecords(head.text, shape) as Record<string, unknown>[]),
  };
}

/** The header of a sample table: its first line of full width. */
function headerLineOf(all: string[]): number {
  const cells = (line: string) => line.split(/[,;\t]/).filter(Boolean).length;
  return all.findIndex((line) => cells(line) > 2) + 1;
}

async function scan(folder: string, options: { onProgress?: (step: string) => void } = {}): Promise<IngestResult> {
  const store = await Store.open(join(folder, '.lake'));
  try {
    return await ingest({
      folder,
      store,
      connectors,
      homeCountry: 'US',
      now,
      threads: 1,
      memory: '1GB',
      onProgress: ({ step }) => options.onProgress?.(step),
    });
  } finally {
    await store.close();
  }
}

/** Rows of each table of a lake, and the earliest and latest event. */
async function holdings(folder: string): Promise<Record<string, unknown>> {
  const store = await Store.open(join(folder, '.lake'));
  const database = await Database.open({ threads: 1 });
  try {
    const found: Record<string, unknown> = {};
    for (const table of tableNames) {
      const files = store.files(table);
      found[table] = files.length > 0 ? await database.number(`SELECT count(*) FROM ${parquet(files)}`) : 0;
    }
    const events = store.files('events');
    if (events.length > 0)
      [found.span] = await database.rows(`SELECT min(time) AS first, max(time) AS last, count(*) - count(time) AS untimed FROM ${parquet(events)}`);
    return found;
  } finally {
    database.close();
    await store.close();
  }
}

function expectAccounted(files: readonly FileAccount[]): void {
  for (const account of files) {
    expect(account, account.file).toMatchObject({ read: account.kept + account.duplicate + account.rejected });
    for (const count of ['read', 'kept', 'unused', 'duplicate', 'rejected'] as const)
      expect(account[count], `${account.file} ${count}`).toBeGreaterThanOrEqual(0);
    expect(account.unused, `${account.file} unused`).toBeLessThanOrEqual(account.kept);
    if (!account.connector) expect(account.problem, account.file).toBeTruthy();
  }
}

const samples = (
  await Promise.all(
    connectors.map(async (connector) =>
      (await readdir(join(connector.folder, 'samples')))
        .filter((name) => !name.endsWith('.expected.yml'))
        .sort()
        .slice(0, 1)
        .map((name) => [connector.id, name, connector] as const),
    ),
  )
).flat();

describe.each(samples)('bad input for %s (%s)', (id, name, connector) => {
  it('is accounted for, keeps what is good, and adds nothing twice', async () => {
    const base = await baseOf(connector, name);
    const folder = join(root, id);
    await mkdir(folder);
    await writeFile(join(folder, `00-good${base.extension}`), base.bytes);
    const made = new Map<string, Variant>();
    for (const [i, variant] of variants.entries()) {
      const bytes = variant.make(base);
      if (!bytes) continue;
      const file = `${String(i + 1).padStart(2, '0')}-${variant.name}${base.extension}${variant.suffix ?? ''}`;
      made.set(file, variant);
      await writeFile(join(folder, file), bytes);
    }
    const { files, rejects } = await scan(folder);
    expectAccounted(files);
    const first = files[0] as FileAccount;
    expect(first).toMatchObject({ connector: id });
    expect(first.kept).toBeGreaterThan(0);
    for (const account of files.slice(1)) {
      const variant = made.get(account.file) as Variant;
      const usable = whole(first);
      const label = `${account.file}: ${account.problem ?? account.recognised}`;
      if (variant.expect === 'empty') {
        expect({ ...account, bytes: 0 }, label).toMatchObject({ read: 0, problem: 'it is empty' });
      } else if (variant.expect === 'same' || variant.expect === 'doubled') {
        const times = variant.expect === 'same' ? 1 : 2;
        const { read, kept, duplicate, rejected } = account;
        expect({ label, connector: account.connector, read, kept, duplicate, rejected }).toEqual({
          label,
          connector: id,
          read: first.read * times,
          kept: 0,
          duplicate: usable * times,
          rejected: first.rejected * times,
        });
      } else if (typeof variant.expect === 'function') {
        expect(account.connector, label).toBe(id);
        variant.expect(account, first);
      }
      const named = rejects.filter((reject) => reject.file === account.file);
      expect(named, label).toHaveLength(account.rejected);
      for (const reject of named) {
        expect(reject.line, `${label}: ${reject.reason}`).toBeGreaterThan(0);
        expect(reject.reason, label).toBeTruthy();
      }
    }
    const held = await holdings(folder);
    const span = held.span as { first: string | null; last: string | null; untimed: number } | undefined;
    if (span?.first) {
      expect(span.first >= '1970-01-01', span.first).toBe(true);
      expect(span.last && span.last < '2100', String(span.last)).toBe(true);
      expect(span.untimed).toBe(0);
    }
    const again = await scan(folder);
    expectAccounted(again.files);
    expect(again.files.filter((file) => file.kept > 0)).toEqual([]);
    expect(again.files.map((file) => file.read)).toEqual(files.map((file) => file.read));
    expect(await holdings(folder)).toEqual(held);
  });
});
