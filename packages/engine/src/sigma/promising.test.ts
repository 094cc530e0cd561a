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

        await database.run(
          'CREATE OR REPLACE TABLE sigma_hits (source VARCHAR, uid VARCHAR, time TIMESTAMP, rules INTEGER[], held VARCHAR)',
        );
        for (const [i, one] of hits.entries())
          await database.run(
            `INSERT INTO sigma_hits VALUES ('s', $uid, make_timestamp_ms(CAST($time AS BIGINT)), [${one.rules.join(', ')}], $held)`,
            {
              uid: String(i + 1).padStart(3, '0'),
              time: String(one.time),
              held: JSON.stringify(one.held),
            },
          );
        const { fired } = await correlate(database, set, set.correlations, [0, 1, 2]);
        const rows = await database.rows(
          `SELECT f.rule, firing, list(CAST(s.uid AS INTEGER) ORDER BY ref) AS refs, any_value(key) AS key, any_value(value) AS value
             FROM sigma_firings f JOIN sigma_sequence s USING (ref) GROUP BY f.rule, firing`,
        );
        const found = rows.map(
          (row) =>
            `${set.correlations[Number(row.rule)]?.rule.title} ${String(row.key).replace(/^user /, '')} ${(row.refs as unknown[]).join()} ${row.value}`,
        );
        expect(found.sort()).toEqual(told(wanted));
        expect([...fired.values()].reduce((sum, n) => sum + n, 0)).toBe(wanted.length);
        fires += wanted.length;
      }),
      { numRuns: 40 },
    );
    expect(fires).toBeGreaterThan(100);
  }, 60_000);

  it('a group that never gathers enough is not looked at', async () => {
    const many = set.correlations.filter(({ rule }) => rule.title === 'many');
    await database.run(
      `CREATE OR REPLACE TABLE sigma_hits AS
       SELECT 's' AS source, CAST(i AS VARCHAR) AS uid, make_timestamp_ms(i * 6000) AS time, [0] AS rules,
         '{"user":["' || CASE WHEN i < 3 THEN 'often' ELSE 'u' || i END || '"]}' AS held FROM range(100) t(i)`,
    );
    await correlate(database, set, many, [0]);
    expect(
      (await database.rows('SELECT held, ref FROM sigma_sequence ORDER BY ref')).map((row) => [
        row.held,
        row.ref,
      ]),
    ).toEqual([1, 2, 3].map((n) => ['{"user":["often"]}', n]));
  });
});
