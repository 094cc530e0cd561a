import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Correlator, type Firing, loadRules } from '@rollcall/sigma';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../lake/duckdb.js';
import { correlate } from './correlations.js';

const rules = ['a', 'b', 'c'].map(
  (name) =>
    `title: ${name}\nname: ${name}\nlogsource: { category: test }\ndetection: { s: { x: ${name} }, condition: s }\n`,
);
const correlation = (name: string, type: string, inputs: string, timespan: string, more: string): string =>
  `title: ${name}\nname: ${name}\ncorrelation:\n  type: ${type}\n  rules: [${inputs}]\n  group-by: [user]\n  timespan: ${timespan}\n${more}`;
const correlations = [
  correlation('many', 'event_count', 'a', '10s', '  condition: { gte: 3 }\n'),
  correlation('several', 'value_count', 'a, b', '7s', '  condition: { gt: 1, field: ip }\n'),
  correlation('pairs', 'value_count', 'b', '30s', '  condition: { gte: 3, field: [ip, host] }\n'),
  correlation('both', 'temporal', 'a, b', '5s', ''),
  correlation('in-turn', 'temporal_ordered', 'a, b, c', '20s', ''),
  correlation('two-of-three', 'temporal', 'a, b, c', '4s', '  condition: { gte: 2 }\n'),
  correlation('then', 'temporal_ordered', 'several, c', '15s', ''),
  correlation('few', 'event_count', 'c', '10s', '  condition: { lt: 2 }\n'),
  correlation('and-not', 'temporal', 'a, b', '6s', '  condition: a and not b\n'),
];
const { set } = loadRules([{ file: 'test.yml', text: [...rules, ...correlations].join('---\n') }]);

const value = fc.constantFrom('u', 'v', 'w"/~.x');
const hit = fc.record({
  time: fc.integer({ min: 0, max: 120_000 }),
  rules: fc.subarray([0, 1, 2], { minLength: 1 }),
  held: fc.record(
    {
      user: fc.array(value, { minLength: 1, maxLength: 2 }),
      ip: fc.array(value, { minLength: 1, maxLength: 2 }),
      host: fc.array(value, { minLength: 1, maxLength: 1 }),
    },
    { requiredKeys: [] },
  ),
});

const told = (firings: readonly Firing[]): string[] =>
  firings
    .map(
      ({ rule, group, refs, value: of }) =>
        `${rule.rule.title} ${group.map((one) => one.value).join()} ${[...refs].sort((a, b) => a - b).join()} ${of}`,
    )
    .sort();

describe('hits that cannot matter are left out', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open({ threads: 1 });
  });
  afterAll(() => database.close());

  it('and what fires is the same as with all of them', async () => {
    let fires = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(hit, { maxLength: 40 }), async (unordered) => {
        const hits = [...unordered].sort((a, b) => a.time - b.time);
        const all = new Correlator(
          { rules: set.rules, correlations: set.correlations, silent: set.silent },
          { lateness: 0, report: 'onset' },
        );
        const wanted: Firing[] = [];
        for (const [i, one] of hits.entries())
          wanted.push(
            ...all.push({
              ref: i + 1,
              time: one.time,
              event: one.held,
              matched: one.rules.flatMap((n) => set.rules[n] ?? []),
            }),
          );
        wanted.push(...all.flush());

        await giveHits(hits);
        const { fired } = await correlate({ database, set, correlations: set.correlations, held, cut });
        expect(await found()).toEqual(told(wanted));
        expect([...fired.values()].reduce((sum, n) => sum + n, 0)).toBe(wanted.length);
        fires += wanted.length;
      }),
      { numRuns: 40 },
    );
    expect(fires).toBeGreaterThan(100);
  }, 60_000);

  it('and those kept from scan to scan are what all of them give, in whatever files they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hit, { maxLength: 40 }),
        fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }),
        async (unordered, places) => {
          const folder = await mkdtemp(join(tmpdir(), 'rollcall-promising-'));
          try {
            const hits = [...unordered].sort((a, b) => a.time - b.time);
            const files: string[] = [];
            for (let batch = 0; batch <= 3; batch++) {
              files.push(join(folder, `${batch}.parquet`));
              await writeFile(files.at(-1) as string, '');
              await giveHits(hits, (i) =>
                (places[i] as number) <= batch ? `${places[i]}.parquet 0` : undefined,
              );
              await correlate({
                database,
                set,
                correlations: set.correlations,
                held,
                cut,
                keep: { lake: folder, files, asked: ['test'] },
              });
              const kept = await found();
              await correlate({ database, set, correlations: set.correlations, held, cut });
              expect(kept).toEqual(await found());
            }
          } finally {
            await rm(folder, { recursive: true });
          }
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);

  it('hits later than the day that is asked for are kept, and do not count yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-promising-'));
    try {
      const files = [join(folder, '0.parquet')];
      await writeFile(files[0] as string, '');
      const hits = [1, 2, 3].map((n) => ({ time: n * 1000, rules: [0], held: { user: ['u'] } }));
      await giveHits(hits, () => '0.parquet 0');
      const ask = async (seconds: number, asked = 'test') => {
        const until = `make_timestamp_ms(${seconds * 1000})`;
        const correlations = set.correlations.filter(({ rule }) => rule.title === 'many');
        const keep = { lake: folder, files, asked: [asked] };
        await correlate({ database, set, correlations, held, cut: until, keep });
        return (await database.rows('SELECT DISTINCT rule, firing FROM sigma_firings')).length;
      };
      expect(await ask(2)).toBe(0);
      expect(await ask(3)).toBe(1);
      expect(await ask(2)).toBe(0);
      // Where nothing that is kept is usable, all is found anew.
      const [part = ''] = (await readdir(join(folder, 'sigma'))).filter((name) => name.endsWith('.parquet'));
      const path = join(folder, 'sigma', part);
      const bytes = await readFile(path);
      bytes[20] = (bytes[20] as number) ^ 1;
      await writeFile(path, bytes);
      expect(await ask(3)).toBe(1);
      await writeFile(join(folder, 'sigma', 'promising.json'), '{"version":1,');
      expect(await ask(3)).toBe(1);
      // Fewer hits, and other questions: what was kept is of neither.
      await giveHits(hits.slice(1), () => '0.parquet 0');
      expect(await ask(3)).toBe(1);
      expect(await ask(3, 'another')).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('a group that never gathers enough is not looked at', async () => {
    const many = set.correlations.filter(({ rule }) => rule.title === 'many');
    await giveHits(
      Array.from({ length: 100 }, (_, i) => ({
        time: i * 6000,
        rules: [0],
        held: { user: [i < 3 ? 'often' : `u${i}`] },
      })),
    );
    await correlate({ database, set, correlations: many, held, cut });
    expect(
      (await database.rows(`SELECT held ->> '$.user[0]' AS user, ref FROM sigma_sequence ORDER BY ref`)).map(
        (row) => [row.user, row.ref],
      ),
    ).toEqual([1, 2, 3].map((n) => ['often', n]));
  });

  const held = new Map([
    ['host', 'h0'],
    ['ip', 'h1'],
    ['user', 'h2'],
  ]);
  const cut = "TIMESTAMP '2099-01-01'";

  /** Hits as the scan of a table leaves them; those without a file are not there. */
  async function giveHits(
    hits: readonly { time: number; rules: number[]; held: Record<string, string[] | undefined> }[],
    fileOf: (i: number) => string | undefined = () => 'one',
  ): Promise<void> {
    const rows = hits.flatMap((one, i) => {
      const file = fileOf(i);
      return file === undefined ? [] : [{ ...one, file, uid: String(i + 1).padStart(3, '0') }];
    });
    await database.run(
      `CREATE OR REPLACE TEMP TABLE sigma_all AS
       SELECT 's' AS source, j ->> '$.file' AS file, j ->> '$.uid' AS uid, make_timestamp_ms(CAST(j ->> '$.time' AS BIGINT)) AS time,
         CAST(j -> '$.rules' AS INTEGER[]) AS rules, ${[...held].map(([field, column]) => `CAST(j -> '$.held.${field}' AS VARCHAR[]) AS ${column}`).join(', ')}
       FROM (SELECT unnest(CAST($rows AS JSON[])) AS j)`,
      { rows: JSON.stringify(rows) },
    );
  }

  /** What fired, as `told` says it. */
  async function found(): Promise<string[]> {
    const rows = await database.rows(
      `SELECT f.rule, firing, list(CAST(s.uid AS INTEGER) ORDER BY ref) AS refs, any_value(key) AS key, any_value(value) AS value
         FROM sigma_firings f JOIN sigma_sequence s USING (ref) GROUP BY f.rule, firing`,
    );
    return rows
      .map(
        (row) =>
          `${set.correlations[Number(row.rule)]?.rule.title} ${String(row.key).replace(/^user /, '')} ${(row.refs as unknown[]).join()} ${row.value}`,
      )
      .sort();
  }
});
