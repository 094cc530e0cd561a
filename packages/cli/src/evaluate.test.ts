import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, loadPolicy, query, reweigh, type ScanResult, scan } from '@rollcall/engine';
import { groups, simulate, type Truth } from '@rollcall/simulate';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SeedResult } from './commands/evaluate/seeds.js';
import { main } from './main.js';

const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
const out = join(folder, 'company');
const lake = join(folder, 'lake');
let truth: Truth;
let result: ScanResult;

beforeAll(async () => {
  truth = await simulate({ people: 120, seed: 2, ringMembers: 8, days: 14, out });
  result = await scan({
    folder: join(out, 'exports'),
    lake,
    content: await loadContent(undefined, { withoutTests: true }),
    policy: await loadPolicy(undefined),
    threads: 1,
  });
}, 300_000);
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  const parts: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    parts.push(String(part));
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, out: parts.join('') };
}

describe('a company that was made and scanned', () => {
  it('is weighed anew to the same bits and bands, where nothing is left out', async () => {
    const without = reweigh(
      await loadContent(undefined, { withoutTests: true }),
      await loadPolicy(undefined),
    );
    for (const person of result.people) {
      const anew = without(person, new Set());
      expect(anew.bits, person.id).toBeCloseTo(person.bits, 0);
      expect(anew.band, person.id).toBe(person.band);
    }
  });

  it('says nowhere in the lake how anybody lives', async () => {
    expect(new Set(truth.people.flatMap((one) => one.group ?? [])).size).toBeGreaterThan(3);
    const labels = groups.filter((one) => one.includes('-'));
    const { rows: columns } = await query(
      lake,
      `SELECT table_name, column_name FROM information_schema.columns WHERE table_name IN
        ('people', 'identifiers', 'accounts', 'devices', 'events', 'inventory', 'documents', 'claims', 'traces', 'passages')`,
    );
    expect(columns.length).toBeGreaterThan(40);
    expect(columns.filter((one) => one.column_name === 'group')).toEqual([]);
    for (const table of new Set(columns.map((one) => String(one.table_name)))) {
      const { rows } = await query(
        lake,
        `SELECT count(*) AS n FROM ${table} AS t WHERE regexp_matches(lower(CAST(t AS VARCHAR)), '${labels.join('|')}')`,
      );
      expect(Number(rows[0]?.n), table).toBe(0);
    }
  });
});

describe('rollcall evaluate --seeds', () => {
  const results = join(folder, 'results.jsonl');
  const seeds = ['--people', '120', '--ring-members', '8', '--days', '10', '--out', results];

  it('makes a company, scans it, keeps the result and takes the company away again', async () => {
    const { code, out: text } = await run('evaluate', '--seeds', '5', ...seeds);
    expect(code).toBe(0);
    expect(text).toContain('1 companies (seeds 5; mixed, 10 days of logs): 8 in rings');
    expect(existsSync(join(`${results}.work`, 'mixed-5'))).toBe(false);
    const lines = readFileSync(results, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    const one = JSON.parse(lines[0] as string) as SeedResult;
    expect(one.company).toEqual({ seed: 5, people: 120, ringMembers: 8, days: 10, scenario: 'mixed' });
    expect(one.evaluation.value?.length).toBeGreaterThan(0);
    expect(one.evaluation.groups.none?.people).toBeGreaterThan(20);
    expect(one.evaluation.bands.review.recall.of).toBe(8);
  }, 300_000);

  it('goes on where it was stopped, and adds up what is there', async () => {
    const first = readFileSync(results, 'utf8');
    const other = JSON.parse(first) as SeedResult;
    other.company.seed = 6;
    other.evaluation.simulation.seed = 6;
    // The machine stopped in the middle of a third.
    appendFileSync(results, `${JSON.stringify(other)}\n{"company":{"seed":7`);
    const began = performance.now();
    const { code, out: text } = await run('evaluate', '--seeds', '5-6', ...seeds, '--json');
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(code).toBe(0);
    const [pooled] = JSON.parse(text) as { people: { ring: number }; impacts: unknown[] }[];
    expect(pooled?.people.ring).toBe(16);
    expect(pooled?.impacts.length).toBeGreaterThan(4);
    expect((await run('evaluate', results)).out).toContain('2 companies (seeds 5, 6');
  }, 60_000);

  it('refuses what makes no sense', async () => {
    expect((await run('evaluate')).code).toBe(2);
    expect((await run('evaluate', out, '--seeds', '1')).code).toBe(2);
    expect((await run('evaluate', '--seeds', 'many')).code).toBe(3);
    expect((await run('evaluate', '--seeds', '1', '--scenario', 'heist')).code).toBe(3);
    expect((await run('evaluate', join(folder, 'nothing'))).code).toBe(2);
  });
});
