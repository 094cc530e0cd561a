import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../content/connector.js';
import { loadContent } from '../content/load.js';
import type { FileAccount } from '../model/result.js';
import { tableNames } from '../model/tables.js';
import { look, sampleRecords } from './discover.js';
import { Database, parquet } from './duckdb.js';
import { type IngestResult, ingest } from './ingest.js';
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
const isJson = (base: Base) => base.records.length > 0;
/** Good records enough that the file is known by them, whatever follows. */
const often = (records: readonly unknown[]) =>
  Array.from({ length: Math.ceil(60 / records.length) }, () => records).flat();
const whole = (account: FileAccount) => account.read - account.rejected;

/** What an attacker, a spreadsheet or a broken exporter may put into a field. */
const hostile = [
  '=HYPERLINK("http://example.com","x")',
  '+1+1',
  '@SUM(A1)',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  "'; DROP TABLE people; --",
  '$(id) `id` {{7*7}}',
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
const variants: Variant[] = [
  { name: 'empty', make: () => Buffer.alloc(0), expect: 'empty' },
  { name: 'blank', make: () => Buffer.from(' \r\n\t\n'), expect: 'empty' },
  { name: 'copy', make: (base) => base.bytes, expect: 'same' },
  {
    name: 'twice',
    make: (base) => (base.rows.length > 0 ? lines([...base.header, ...base.rows, ...base.rows]) : undefined),
    expect: 'doubled',
  },
  {
    name: 'reversed',
    make: (base) => (base.rows.length > 1 ? lines([...base.header, ...[...base.rows].reverse()]) : undefined),
    expect: 'same',
  },
  {
    name: 'crlf',
    make: (base) =>
      base.kind === 'zeek' ? undefined : Buffer.from(base.bytes.toString().replaceAll(/\r?\n/g, '\r\n')),
    expect: 'same',
  },
  { name: 'no-last-line-end', make: (base) => Buffer.from(base.bytes.toString().trimEnd()), expect: 'same' },
  {
    name: 'bom',
    make: (base) => Buffer.from(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`),
    expect: 'same',
  },
  {
    name: 'utf-16le-bom',
    make: (base) => utf16(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`, false),
    expect: 'same',
  },
  {
    name: 'utf-16be-bom',
    make: (base) => utf16(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`, true),
    expect: 'same',
  },
  {
    name: 'utf-16le',
    make: (base) => utf16(base.bytes.toString().replace(/^\uFEFF/, ''), false),
    expect: 'same',
  },
  {
    name: 'utf-16be',
    make: (base) => utf16(base.bytes.toString().replace(/^\uFEFF/, ''), true),
    expect: 'same',
  },
  { name: 'gzip', make: (base) => gzipSync(base.bytes), expect: 'same', suffix: '.gz' },
  {
    name: 'gzip-of-utf-16',
    make: (base) => gzipSync(utf16(`\uFEFF${base.bytes.toString().replace(/^\uFEFF/, '')}`, false)),
    expect: 'same',
    suffix: '.gz',
  },
  {
    name: 'cut',
    make: (base) =>
      base.bytes.subarray(
        0,
        base.bytes.lastIndexOf(
          base.kind === 'document' || base.kind === 'objects' ? '"' : '\n',
          base.bytes.length - 2,
        ) + 8,
      ),
    expect: 'accounted',
  },
  {
    name: 'cut-in-half',
    make: (base) => base.bytes.subarray(0, base.bytes.length >> 1),
    expect: 'accounted',
  },
  {
    name: 'cut-gzip',
    make: (base) => {
      const packed = gzipSync(base.bytes, { level: 0 });
      return packed.subarray(0, packed.length - 30);
    },
    expect: (account) => expect(account.rejected).toBeGreaterThanOrEqual(1),
    suffix: '.gz',
  },
  {
    name: 'latin-1',
    make: (base) => {
      const text = base.bytes.toString();
      const at = text.search(/xample/i);
      return at < 0
        ? undefined
        : Buffer.concat([
            Buffer.from(text.slice(0, at)),
            Buffer.from([0x78, 0xe4]),
            Buffer.from(text.slice(at + 2)),
          ]);
    },
    expect: (account, first) => {
      expect(account.read).toBe(first.read);
      expect(account.recognised).toContain('Windows-1252');
    },
  },
];

/** Records of one good sample among everything that can be wrong with records, in one file of lines. */
function dirty(base: Base): Buffer {
  if (isJson(base)) {
    const [record] = base.records as [Record<string, unknown>];
    const good = JSON.stringify(record);
    const thousand = Array.from({ length: 1000 }, (_, i) => `"k${i}'\\"]":${i}`).join(',');
    return lines([
      ...often(base.records).map((each) => JSON.stringify(each)),
      ...base.records
        .flatMap((each) => [
          ...mutations(each, [12345, 'text', [], {}, true, null, [[1]], { a: { b: [] } }, -1.5e300]),
        ])
        .map((each) => JSON.stringify(each)),
      ...hostile.flatMap((text) => base.records.map((each) => JSON.stringify(withStrings(each, () => text)))),
      ...[...mutations(record, hostile)].map((each) => JSON.stringify(each)),
      ...absurdTimes(base.records.map((each) => JSON.stringify(each))),
      `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${good.slice(1)}`,
      `{${thousand},${good.slice(1)}`,
      `{"a":1,"a":2,"":0,${good.slice(1)}`,
      `{"deep":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)},${good.slice(1)}`,
      `{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)},${good.slice(1)}`,
      ...notRecords,
      ...base.records.map((each) => JSON.stringify(each)),
      good.slice(0, good.length >> 1),
    ]);
  }
  const wide = delimiterOf(base);
  const texts = [...hostile, ...absurd, ...absurdNumbers, '12345', 'true', '[]', '{"a":1}', 'null'];
  const quote = base.kind === 'zeek' ? (text: string) => text.replaceAll(/[\t\n]/g, ' ') : cell;
  const table = lines([
    ...base.header,
    ...base.rows,
    ...texts.map((text) => Array.from({ length: width(base) }, () => quote(text)).join(wide)),
    ...texts.map((text, i) => {
      const cells = (base.rows[0] as string).split(wide);
      cells[i % cells.length] = quote(text);
      return cells.join(wide);
    }),
    ...absurdTimes(base.rows),
    `${'x'.repeat(20)}${`${wide}y`.repeat(1000)}`,
    'one cell',
    wide.repeat(width(base) * 3),
    '',
    `\u0000${base.rows[0]}`,
    `"unbalanced ${wide} quote`,
    ...base.rows,
  ]);
  return Buffer.concat([table, Buffer.from((base.rows[0] as string).slice(0, 9))]);
}

/** Lines that are no JSON objects, each rejected by itself. */
const notRecords = [
  '[1,2,3]',
  '"text"',
  'null',
  '{"unclosed":',
  '}}}}',
  '\u0000\u0001\u0002',
  '{"a":'.repeat(10_000),
];

/** The rows with every date and epoch number in them put to something impossible. */
function absurdTimes(rows: readonly string[]): string[] {
  return absurd.flatMap((date, i) =>
    rows.map((row) =>
      row
        .replaceAll(/\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?|\d\d?[/.]\d\d?[/.]\d{4}/g, date)
        .replaceAll(
          /(?<=[\s:,"]|^)1[5-9]\d{8}(\d{3})?(\.\d+)?(?=[\s,"}]|$)/g,
          absurdNumbers[i % absurdNumbers.length] as string,
        ),
    ),
  );
}

async function baseOf(connector: Connector, name: string): Promise<Base> {
  const path = join(connector.folder, 'samples', name);
  const raw = await readFile(path);
  const { head, shape } = await look(path, name, connectors);
  const bytes = head.compression === 'gzip' ? gunzipSync(raw) : raw;
  if (shape.kind === 'empty' || shape.kind === 'text') throw new Error(`${path}: ${shape.kind}`);
  const all = bytes
    .toString()
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const isTable = shape.kind === 'table' || shape.kind === 'zeek';
  const headerLines = shape.kind === 'zeek' ? shape.skip : shape.kind === 'table' ? headerLineOf(all) : 0;
  return {
    connector,
    bytes,
    kind: shape.kind,
    extension: name.replace(/\.gz$/, '').replace(/^.*\./, '.'),
    header: all.slice(0, headerLines),
    rows: isTable
      ? all.slice(headerLines).filter((line) => !line.startsWith('#close'))
      : shape.kind === 'ndjson'
        ? all.filter((line) => line.trim())
        : [],
    records: isTable ? [] : (sampleRecords(head.text, shape) as Record<string, unknown>[]),
  };
}

/** The header of a sample table: its first line of full width. */
function headerLineOf(all: string[]): number {
  const cells = (line: string) => line.split(/[,;\t]/).filter(Boolean).length;
  return all.findIndex((line) => cells(line) > 2) + 1;
}

async function scan(
  folder: string,
  options: { onProgress?: (step: string) => void } = {},
): Promise<IngestResult> {
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
      Object.assign(
        found,
        (
          await database.rows(
            `SELECT min(time) AS first, max(time) AS last, count(*) - count(time) AS untimed FROM ${parquet(events)}`,
          )
        )[0],
      );
    return found;
  } finally {
    database.close();
    await store.close();
  }
}

function expectAccounted(files: readonly FileAccount[]): void {
  for (const account of files) {
    expect(account, account.file).toMatchObject({
      read: account.kept + account.duplicate + account.rejected,
    });
    for (const count of ['read', 'kept', 'unused', 'duplicate', 'rejected'] as const)
      expect(account[count], `${account.file} ${count}`).toBeGreaterThanOrEqual(0);
    expect(account.unused, `${account.file} unused`).toBeLessThanOrEqual(account.kept);
    if (!account.connector) expect(account.problem, account.file).toBeTruthy();
  }
}

const samples = (
  await Promise.all(
    connectors.map(async (connector) =>
      (
        await readdir(join(connector.folder, 'samples'))
      )
        .filter((name) => !name.endsWith('.expected.yml'))
        .sort()
        .slice(0, 1)
        .map((name) => [connector.id, name, connector] as const),
    ),
  )
).flat();

/** Checks what one bad form of a file came to. */
function expectForm(
  variant: Variant,
  base: Base,
  account: FileAccount,
  first: FileAccount,
  { rejects }: IngestResult,
): void {
  const usable = whole(first);
  const label = `${account.file}: ${account.problem ?? account.recognised}`;
  const { connector, read, kept, duplicate, rejected } = account;
  if (variant.expect === 'empty') {
    expect({ label, read, problem: account.problem }).toEqual({ label, read: 0, problem: 'it is empty' });
  } else if (variant.expect === 'same' || variant.expect === 'doubled') {
    const times = variant.expect === 'same' ? 1 : 2;
    expect({ label, connector, read, kept, duplicate, rejected }).toEqual({
      label,
      connector: first.connector,
      read: first.read * times,
      kept: 0,
      duplicate: usable * times,
      rejected: first.rejected * times,
    });
  } else if (
    typeof variant.expect === 'function' &&
    !(variant.name === 'cut-gzip' && base.records.length === 1)
  ) {
    // (Of a single record cut short, nothing is left to know a file by.)
    expect(connector, label).toBe(first.connector);
    variant.expect(account, first);
  }
  const named = rejects.filter((reject) => reject.file === account.file);
  expect(named, label).toHaveLength(rejected);
  for (const reject of named) {
    expect(reject.line, `${label}: ${reject.reason}`).toBeGreaterThan(0);
    expect(reject.reason, label).toBeTruthy();
  }
}

const encodings = variants.filter((variant) => variant.expect === 'same');
const damages = variants.filter(
  (variant) => typeof variant.expect === 'function' || variant.expect === 'accounted',
);

describe.concurrent('bad input', () => {
  it.each(samples)(
    'for %s (%s) is accounted for, keeps what is good, and adds nothing twice',
    async (id, name, connector) => {
      const base = await baseOf(connector, name);
      const folder = join(root, id);
      await mkdir(folder);
      const turn = connectors.indexOf(connector);
      const made = new Map<string, Variant>();
      await writeFile(join(folder, `00-good${base.extension}`), base.bytes);
      await writeFile(join(folder, `01-dirty${base.extension}`), dirty(base));
      for (const [i, group] of [encodings, damages].entries()) {
        const fitting = group.filter((variant) => variant.make(base));
        const variant = fitting[turn % fitting.length] as Variant;
        const file = `${10 + i}-${variant.name}${base.extension}${variant.suffix ?? ''}`;
        made.set(file, variant);
        await writeFile(join(folder, file), variant.make(base) as Buffer);
      }
      await writeFile(join(folder, `20-empty${base.extension}`), '');
      const result = await scan(folder);
      const [first, worst, ...others] = result.files as [FileAccount, FileAccount, ...FileAccount[]];
      expectAccounted(result.files);
      expect(first).toMatchObject({ connector: id });
      expect(first.kept).toBeGreaterThan(0);
      for (const account of others) {
        const variant = made.get(account.file);
        if (variant) expectForm(variant, base, account, first, result);
        else expect(account).toMatchObject({ read: 0, problem: 'it is empty' });
      }
      expect(worst.connector, worst.problem).toBe(id);
      expect(result.rejects.filter((reject) => reject.file === worst.file && !(reject.line > 0))).toEqual([]);
      // Every good record before, among and after the bad ones.
      expect(worst.duplicate).toBeGreaterThanOrEqual(whole(first) * 2);
      if (isJson(base)) {
        const written = dirty(base).toString().trimEnd().split('\n').length;
        expect(worst.read).toBe(written);
        expect(worst.rejected).toBeGreaterThanOrEqual(notRecords.length + 1);
      } else expect(worst.rejected).toBeGreaterThanOrEqual(2);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      const held = await holdings(folder);
      if (held.first) {
        expect({
          ...held,
          early: String(held.first) < '2000',
          late: String(held.last) >= '2100',
        }).toMatchObject({ early: false, late: false, untimed: 0 });
      }
      for (const file of made.keys()) await rm(join(folder, file));
      const again = await scan(folder);
      expectAccounted(again.files);
      expect(again.files.filter((file) => file.kept > 0)).toEqual([]);
      expect(again.files[1]?.read).toBe(worst.read);
      expect(await holdings(folder)).toEqual(held);
    },
  );
});

/** One connector for each way records are laid out, the one with the shortest mapping. */
const layouts = new Map<string, Base>();
for (const [, name, connector] of [...samples].sort((a, b) => mappingLength(a[2]) - mappingLength(b[2]))) {
  const base = await baseOf(connector, name);
  if (!layouts.has(base.kind)) layouts.set(base.kind, base);
}
function mappingLength(connector: Connector): number {
  return connector.mappings.reduce((sum, mapping) => sum + mapping.sql.length, 0);
}

describe.concurrent('every bad form of', () => {
  it.each([...layouts])('%s', async (kind, base) => {
    const folder = join(root, `forms-${kind}`);
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
    const result = await scan(folder);
    expectAccounted(result.files);
    const [first, ...others] = result.files as [FileAccount, ...FileAccount[]];
    expect(first.connector).toBe(base.connector.id);
    for (const account of others) expectForm(made.get(account.file) as Variant, base, account, first, result);
  });
});

describe('a record of 50 MB on one line', () => {
  it.each([...layouts])('in %s is rejected by itself', async (kind, base) => {
    const folder = join(root, `long-${kind}`);
    await mkdir(folder);
    const long = 'x'.repeat(50 << 20);
    const pieces = () => {
      if (base.kind === 'ndjson') return [lines(base.rows), `{"long":"${long}"}\n`, lines(base.rows)];
      if (!isJson(base)) return [lines([...base.header, ...base.rows]), `${long}\n`, lines(base.rows)];
      const all = base.records.map((record) => JSON.stringify(record)).join(',\n');
      return base.kind === 'document'
        ? [`[${all},\n`, `{"long":"${long}"},\n`, `${all}]\n`]
        : [`${all.replaceAll(',\n', '\n')}\n`, `{"long":"${long}"}\n`];
    };
    await pipeline(Readable.from(pieces()), createWriteStream(join(folder, `long${base.extension}`)));
    const { files, rejects } = await scan(folder);
    expectAccounted(files);
    expect(files[0]?.connector).toBe(base.connector.id);
    expect(files[0]?.kept).toBeGreaterThan(0);
    expect(rejects.filter((reject) => reject.reason.includes('50 MB'))).toMatchObject([
      { file: `long${base.extension}`, line: expect.any(Number) },
    ]);
    await rm(folder, { recursive: true });
  });
});

/** What only another process can show: its memory, and its death. */
describe('a scan in a process of its own', () => {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  beforeAll(async () => {
    // The child runs the built engine, so it is brought up to date first.
    const tsc = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
    const project = fileURLToPath(new URL('../../', import.meta.url));
    await promisify(execFile)(process.execPath, [tsc, '-b', project]).catch(() => undefined);
  });
  const program = `
    import { writeSync } from 'node:fs';
    import { Store } from ${JSON.stringify(`${dist}lake/store.js`)};
    import { ingest } from ${JSON.stringify(`${dist}lake/ingest.js`)};
    import { loadContent } from ${JSON.stringify(`${dist}content/load.js`)};
    const [folder, stop] = process.argv.slice(1);
    const { connectors } = await loadContent();
    const store = await Store.open(folder + '/.lake');
    let steps = 0;
    const { files } = await ingest({ folder, store, connectors, homeCountry: 'US', now: new Date('2099-01-01'), memory: '256MB', threads: 1,
      onProgress: () => {
        if (++steps === Number(stop)) {
          writeSync(1, 'here');
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        }
      } });
    await store.close();
    writeSync(1, JSON.stringify({ files, peak: process.resourceUsage().maxRSS / 1024 }));`;
  const child = (folder: string, stop = 0) =>
    spawn(
      process.execPath,
      ['--max-old-space-size=256', '--input-type=module', '-e', program, folder, String(stop)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
  const text = async (stream: AsyncIterable<unknown>) => {
    let all = '';
    for await (const chunk of stream) all += String(chunk);
    return all;
  };
  const base = layouts.get('ndjson') as Base;
  const table = layouts.get('table') as Base;

  it('stays small on gzip that unpacks to a thousand times its size', async () => {
    const folder = join(root, 'bomb');
    await mkdir(folder);
    const chunk = 'x'.repeat(1 << 20);
    const bomb = function* (start: Buffer, filling: string, end: string) {
      yield start;
      for (let i = 0; i < 200; i++) yield filling;
      yield end;
    };
    const one = `{"long":"`;
    await pipeline(
      Readable.from(bomb(Buffer.concat([lines(base.rows), Buffer.from(one)]), chunk, '"}\n')),
      createGzip({ level: 1 }),
      createWriteStream(join(folder, 'one-line.ndjson.gz')),
    );
    await pipeline(
      Readable.from(bomb(lines(base.rows), '\n'.repeat(1 << 20), '')),
      createGzip({ level: 1 }),
      createWriteStream(join(folder, 'blank-lines.ndjson.gz')),
    );
    await pipeline(
      Readable.from(bomb(lines([...table.header, ...table.rows]), chunk, '\n')),
      createGzip({ level: 1 }),
      createWriteStream(join(folder, 'one-line.csv.gz')),
    );
    const process = child(folder);
    const [output, errors] = await Promise.all([text(process.stdout), text(process.stderr)]);
    expect(errors).toBe('');
    const { files, peak } = JSON.parse(output) as { files: FileAccount[]; peak: number };
    expectAccounted(files);
    expect(files.map((file) => [file.file, file.kept > 0 || file.duplicate > 0])).toEqual([
      ['blank-lines.ndjson.gz', true],
      ['one-line.csv.gz', true],
      ['one-line.ndjson.gz', true],
    ]);
    expect(peak).toBeLessThan(700);
  }, 120_000);

  it('leaves the lake as it was when it is killed, at whatever step, and the next scan does it all', async () => {
    const folder = join(root, 'killed');
    await mkdir(folder);
    await writeFile(join(folder, `a${base.extension}`), base.bytes);
    await scan(folder);
    const before = await holdings(folder);
    await writeFile(join(folder, `b${table.extension}`), table.bytes);
    let steps = 0;
    const copy = join(root, 'not-killed');
    await cp(folder, copy, { recursive: true });
    await scan(copy, { onProgress: () => steps++ });
    for (const stop of [Math.ceil(steps / 2), steps]) {
      const process = child(folder, stop);
      const exit = new Promise((resolve) => process.on('exit', (_, signal) => resolve(signal)));
      for await (const said of process.stdout) if (String(said).includes('here')) break;
      process.kill('SIGKILL');
      expect(await exit).toBe('SIGKILL');
      expect(await holdings(folder), `killed at step ${stop}`).toEqual(before);
    }
    const { files } = await scan(folder);
    expect(files.map((file) => file.kept > 0)).toEqual([false, true]);
    expect((await readdir(join(folder, '.lake'))).filter((name) => name.startsWith('temporary-'))).toEqual(
      [],
    );
  }, 120_000);
});

describe('a scan that fails', () => {
  it('leaves the lake as it was, at whatever step, and can be run again', async () => {
    const folder = join(root, 'failing');
    await mkdir(folder);
    const base = layouts.get('ndjson') as Base;
    const table = layouts.get('table') as Base;
    await writeFile(join(folder, `a${base.extension}`), base.bytes);
    await scan(folder);
    const before = await holdings(folder);
    await writeFile(join(folder, `b${table.extension}`), table.bytes);
    for (const failing of ['recognising files', 'reading', 'writing the lake']) {
      const failed = scan(folder, {
        onProgress: (step) => {
          if (step === failing) throw new Error('no space left');
        },
      });
      await expect(failed, failing).rejects.toThrow('no space left');
      expect(await holdings(folder), failing).toEqual(before);
    }
    const { files } = await scan(folder);
    expect(files.map((file) => file.kept > 0)).toEqual([false, true]);
  });
});

describe('a file nobody recognises', () => {
  it.each([
    [
      'doors.csv',
      'Panel,Door,Firmware\nP-1,North,4.1\nP-2,South,4.2\n',
      'not recognised',
      /no connector knows the columns: Panel, Door, Firmware/,
    ],
    [
      'headless.csv',
      'Ada Example,ada@example.com,Engineer,2026-01-05\nBo Sample,bo@example.com,Analyst,2026-01-06\n',
      'not recognised',
      /^(?!.*(?:Ada|ada@)).*first line holds values, not names of columns/,
    ],
    [
      'doors.log',
      'Oct 11 09:10:48 gate sshd[2549]: no such user ada, exit code: 4\n',
      'not recognised',
      /^(?!.*ada).*first line holds values, not names of columns/,
    ],
    [
      'swipes.csv',
      'Employee ID,Name,Job Title,Department,Reader\nE1,Ada Example,Engineer,R&D,North\n',
      'nearest is people-roster',
      /"Reader"/,
    ],
    [
      'half-roster.csv',
      'Employee ID,Legal Name,Home Phone\nE1,Ada Example,614-555-0101\n',
      'nearest is people-roster',
      /no column for started_at/,
    ],
    [
      'half-okta.json',
      '{"uuid":"1","published":"2026-01-01T00:00:00Z","eventType":"user.session.start","actor":{}}\n',
      'nearest is okta-system-log',
      /it has no "outcome"/,
    ],
    ['other.json', '[{"colour":"blue"}]', 'not recognised', /keys colour/],
    [
      'notes.txt',
      'Dear all,\nplease find nothing attached.\n',
      'not recognised',
      /neither JSON nor columns|no connector knows/,
    ],
    ['picture.png', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR', 'not recognised', /binary/],
    ['book.xlsx', 'PK\u0003\u0004rest', 'not recognised', /save the sheet as CSV/],
  ])('%s is named, with the nearest guess and why it failed', async (name, content, recognised, why) => {
    const folder = join(root, `unknown-${name}`);
    await mkdir(folder);
    await writeFile(join(folder, name), Buffer.from(content, name.endsWith('.png') ? 'latin1' : 'utf8'));
    const { files } = await scan(folder);
    expect(files).toHaveLength(1);
    expect(files[0]?.recognised).toContain(recognised);
    expect(files[0]?.problem).toMatch(why);
    expect(files[0]).toMatchObject({ file: name, read: 0, kept: 0, rejected: 0 });
  });
});
