import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findings, loadContent, loadPolicy, query, type ScanResult, scan } from '@rollcall/engine';
import { simulate, type Truth } from '@rollcall/simulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from './main.js';
import { embeddable } from './report.js';
import { safe } from './terminal.js';

const now = new Date('2026-10-15T00:00:00Z');
let base = '';
let exports_ = '';
let truth: Truth;
let once: ScanResult;

const content = await loadContent(undefined, { withoutTests: true });
const policy = await loadPolicy();

/** A folder read into a lake and concluded about; without a folder, the lake as it is. */
function run(
  lake: string,
  folder?: string,
  more: { asOf?: Date; threads?: number } = {},
): Promise<ScanResult> {
  return scan({
    lake: join(base, lake),
    ...(folder === undefined ? {} : { folder }),
    content,
    policy,
    now,
    threads: 1,
    ...more,
  });
}

/** What a scan concludes, without what became of the files of this one scan. */
function conclusions(result: ScanResult): Omit<ScanResult, 'files' | 'rejects' | 'sources' | 'limits'> {
  const { files: _files, rejects: _rejects, sources: _sources, limits: _limits, ...rest } = result;
  return rest;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-scan-'));
  exports_ = join(base, 'company', 'exports');
  truth = await simulate({ people: 60, seed: 3, out: join(base, 'company'), ringMembers: 3, days: 40 });
  once = await run('once', exports_);
}, 240_000);
afterAll(() => rm(base, { recursive: true, force: true }));

describe('a scan', () => {
  it('finds the ring of the made-up company and ranks it first', () => {
    const ring = new Set(
      truth.people
        .filter((person) => person.label === 'ring' && person.sophistication !== 'careful')
        .map((person) => person.id),
    );
    const top = once.people.slice(0, ring.size).map((person) => person.id);
    expect(ring.size).toBeGreaterThan(0);
    expect(top.filter((id) => ring.has(id)).length).toBeGreaterThan(0);
    expect(once.people[0]?.signals.length).toBeGreaterThan(1);
  });

  it('calls nobody a ring of whom none needs a closer look', () => {
    expect(once.rings.length).toBeGreaterThan(0);
    const calm = once.rings.filter((ring) =>
      ring.members.every((m) => m.band === 'watch' || m.band === 'clear'),
    );
    expect(calm).toEqual([]);
    const named = new Set(once.rings.map((ring) => ring.id));
    expect(once.people.filter((person) => person.ring && !named.has(person.ring))).toEqual([]);
  });

  it('accounts for every record of every file', () => {
    for (const file of once.files)
      expect([file.file, file.read]).toEqual([file.file, file.kept + file.duplicate + file.rejected]);
    expect(once.files.some((file) => file.kept > 0)).toBe(true);
    expect(once.rejects.every((reject) => reject.line > 0 && reject.reason.length > 0)).toBe(true);
  });

  it('gives every step of a waterfall its reason, and the steps add up', () => {
    for (const person of once.people) {
      const sum = person.waterfall.reduce((total, step) => total + step.bits, 0);
      expect(Math.abs(sum - person.bits)).toBeLessThan(0.05 * person.waterfall.length);
      for (const signal of person.signals) {
        expect(signal.says).not.toMatch(/[{}]/);
        expect(signal.evidence.rows.length).toBeGreaterThan(0);
        if (signal.weight.ifNot[0] > signal.weight.prior) expect(signal.innocent.length).toBeGreaterThan(0);
      }
    }
  });

  it('gives the same bytes for the same input, however many threads read it', async () => {
    expect(JSON.stringify(await run('again', exports_, { threads: 2 }))).toBe(JSON.stringify(once));
  });

  it('adds nothing when the same folder is read a second time', async () => {
    const second = await run('once', exports_);
    expect(second.files.reduce((sum, file) => sum + file.kept, 0)).toBe(0);
    expect(conclusions(second)).toEqual(conclusions(once));
  });

  it('concludes the same from records in another order, and from days as they come', async () => {
    const shuffled = join(base, 'shuffled');
    for (const path of await listFiles(exports_)) {
      const target = join(shuffled, path.slice(exports_.length));
      await mkdir(dirname(target), { recursive: true });
      if (/okta.*\.ndjson(\.gz)?$|github.*\.ndjson$/.test(path)) {
        const bytes = await readFile(path);
        const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
          .toString()
          .split('\n')
          .filter(Boolean);
        await writeFile(target.replace(/\.gz$/, ''), `${lines.reverse().join('\n')}\n`);
      } else await copyFile(path, target);
    }
    expect(conclusions(await run('shuffled', shuffled))).toEqual(conclusions(once));

    const files = await listFiles(exports_);
    const late = files.filter((path, i) => /okta|duo|zoom/.test(path) && i % 2 === 0);
    for (const [part, paths] of [
      ['late', files.filter((path) => !late.includes(path))],
      ['early', late],
    ] as const) {
      for (const path of paths) {
        const target = join(base, part, path.slice(exports_.length));
        await mkdir(dirname(target), { recursive: true });
        await copyFile(path, target);
      }
    }
    await run('parts', join(base, 'late'));
    // What became of a ring is told as it was seen, day by day; who is in it is the same.
    const withoutHistory = (result: ScanResult) => {
      const { rings, ...rest } = conclusions(result);
      return { ...rest, rings: rings.map(({ history: _, ...ring }) => ring) };
    };
    expect(withoutHistory(await run('parts', join(base, 'early')))).toEqual(withoutHistory(once));
  }, 240_000);

  it('recomputes the past from the lake alone, and shows nothing later', async () => {
    const asOf = new Date('2026-09-15T12:00:00Z');
    const past = await run('again', undefined, { asOf });
    expect(past.asOf).toBe(asOf.toISOString());
    const times = past.people.flatMap((person) => [
      ...person.timeline.map((entry) => entry.time),
      ...person.signals.map((signal) => signal.last),
    ]);
    expect(times.length).toBeGreaterThan(0);
    expect(times.filter((time) => time > past.asOf)).toEqual([]);
    expect(conclusions(await run('once', undefined, { asOf }))).toEqual(conclusions(past));
    // The lake is as it was: the present gives the present again.
    expect(conclusions(await run('once'))).toEqual(conclusions(once));
  });

  it('is answered by queries that can only read it', async () => {
    const { rows } = await query(join(base, 'once'), 'SELECT count(*) AS n FROM people');
    expect(rows).toEqual([{ n: once.company.people }]);
    for (const sql of [
      "COPY people TO '/tmp/x.csv'",
      'CREATE TABLE x (a INTEGER)',
      "SELECT * FROM read_text('/etc/hostname')",
      'SELECT 1; SELECT 2',
      "ATTACH ':memory:' AS y",
      'INSTALL httpfs',
    ]) {
      await expect(query(join(base, 'once'), sql)).rejects.toMatchObject({ code: 'QUERY_FAILED' });
    }
  });

  it('keeps raw bank accounts out of everything it writes but the vault', async () => {
    const csv = await readFile(join(exports_, 'payroll', 'payment-elections.csv'), 'utf8');
    const delimiter = csv.includes(';') ? ';' : ',';
    const header = (csv.replace(/^\uFEFF/, '').split(/\r?\n/)[0] ?? '').split(delimiter);
    const column = header.findIndex((cell) => /account number/i.test(cell));
    const numbers = csv
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(delimiter)[column]?.replaceAll('"', '') ?? '')
      .filter((text) => text.length >= 6);
    expect(numbers.length).toBeGreaterThan(5);
    const text = JSON.stringify(once);
    expect(numbers.filter((number) => text.includes(number))).toEqual([]);
    const events = await query(
      join(base, 'once'),
      "SELECT coalesce(target, '') || coalesce(detail, '') AS t FROM events WHERE action = 'pay.change'",
    );
    const seen = JSON.stringify(events.rows);
    expect(numbers.filter((number) => seen.includes(number))).toEqual([]);
  });
});

describe('findings', () => {
  it('are OCSF Detection Findings with every required field, one a signal', () => {
    const all = [...findings(once)];
    expect(all.length).toBeGreaterThan(0);
    for (const finding of all) {
      expect(finding).toMatchObject({ class_uid: 2004, category_uid: 2, type_uid: 200401, activity_id: 1 });
      for (const key of ['time', 'severity_id', 'metadata', 'finding_info'])
        expect(finding[key]).toBeDefined();
      expect(Number.isInteger(finding.time)).toBe(true);
      expect((finding.finding_info as { desc: string }).desc).toContain('not a finding of guilt');
    }
    expect(new Set(all.map((finding) => (finding.finding_info as { uid: string }).uid)).size).toBe(
      all.length,
    );
  });
});

describe('the command line', () => {
  it('uses its documented exit codes', async () => {
    expect(once.bands.review + once.bands.urgent).toBeGreaterThan(0);
    const quiet = [
      '--threads',
      '1',
      '--quiet',
      '--report',
      join(base, 'r.html'),
      '--findings',
      join(base, 'f.jsonl'),
    ];
    const log = console.log;
    console.log = () => undefined;
    try {
      expect(await main(['scan', '--lake', join(base, 'once'), '--fail-on', 'review', ...quiet])).toBe(1);
      expect(await main(['scan', '--lake', join(base, 'once'), ...quiet])).toBe(0);
      expect(await main(['scan', join(base, 'nowhere'), '--lake', join(base, 'other'), ...quiet])).toBe(2);
      expect(
        await main(['scan', '--lake', join(base, 'once'), '--sigma', join(base, 'no-rules'), ...quiet]),
      ).toBe(2);
    } finally {
      console.log = log;
    }
    const bin = join(
      import.meta.dirname ?? dirname(new URL(import.meta.url).pathname),
      '..',
      'bin',
      'rollcall.js',
    );
    const wrong = spawnSync(process.execPath, [bin, 'scan', '--fail-on', 'everything'], { encoding: 'utf8' });
    expect(wrong.status).toBe(3);
    expect(wrong.stderr).toContain('watch, review or urgent');
  });

  it('takes control, escape and direction characters out of what it prints', () => {
    expect(safe('a\u001b[31mred\u0007\u202Eevil\nline')).toBe('a [31mred evil line');
    expect(safe('x'.repeat(500), 10)).toHaveLength(10);
  });

  it('embeds data that cannot leave its script element', () => {
    const text = embeddable({ name: '</script><script>alert(1)</script><!--', sep: '\u2028' });
    expect(text).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(text)).toEqual({ name: '</script><script>alert(1)</script><!--', sep: '\u2028' });
  });
});
