import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CorrelationRecord } from '../correlate/types.js';
import { SigmaError } from '../errors.js';
import { readField, scalarText } from '../event.js';
import { correlationFields, type PlannedCorrelation, type PlannedRule } from '../plan.js';
import { correlationTypes } from '../rule.js';
import { makeCorrelation, named } from '../testing/build-correlation.js';
import { naiveCorrelate } from '../testing/naive-correlate.js';
import { correlation, rules, timeline } from '../testing/timelines.js';
import { toTrino } from '../testing/trino.js';
import { correlationsSql } from './correlation.js';
import { literal, type Target } from './text.js';

let connection: DuckDBConnection;
let close: () => void;
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '2GB',
    temp_directory: '',
  });
  connection = await instance.connect();
  close = () => {
    connection.closeSync();
    instance.closeSync();
  };
});
afterAll(() => close());

/** Firings as `rule ref group value`, from SQL. */
async function fire(
  correlations: readonly PlannedCorrelation[],
  records: readonly CorrelationRecord[],
  report: 'each' | 'onset',
  target: Target,
): Promise<string[]> {
  const fields = correlationFields(correlations);
  const lists = (record: CorrelationRecord) =>
    fields.map((field) => {
      const texts = readField(record.event, field).values.map((value) => literal(scalarText(value)));
      return texts.length === 0 ? 'ARRAY[]::VARCHAR[]' : `ARRAY[${texts.join(', ')}]`;
    });
  await connection.run(
    `CREATE OR REPLACE TABLE kept (row_key BIGINT, time_ms BIGINT${fields.map((_, i) => `, f${i} VARCHAR[]`).join('')})`,
  );
  await connection.run('CREATE OR REPLACE TABLE kept_pairs (row_key BIGINT, rule INTEGER)');
  const rows = records.map((record) => `(${[record.ref, record.time, ...lists(record)].join(', ')})`);
  if (rows.length > 0) await connection.run(`INSERT INTO kept VALUES ${rows.join(', ')}`);
  const pairs = records.flatMap(({ ref, matched }) =>
    matched.map((rule) => `(${ref}, ${rules.indexOf(rule)})`),
  );
  if (pairs.length > 0) await connection.run(`INSERT INTO kept_pairs VALUES ${pairs.join(', ')}`);
  const out: string[] = [];
  const queries = correlationsSql(
    correlations,
    {
      hits: 'kept_pairs',
      records: 'kept',
      texts: (field) => `r.f${fields.indexOf(field)}`,
      ruleNumber: (rule) => rules.indexOf(rule),
    },
    { report, target },
  );
  for (const { correlation: planned, relation, query } of queries) {
    await connection.run(`CREATE OR REPLACE TABLE ${relation} AS ${query}`);
    const groups = planned.rule.groupBy.map((_, i) => `g${i}`);
    const result = await connection.runAndReadAll(
      `SELECT ${['row_key', 'value', ...groups].join(', ')} FROM ${relation} WHERE onset`,
    );
    for (const [ref, value, ...texts] of result.getRows()) {
      out.push(`${planned.key} ${Number(ref)} ${JSON.stringify(texts)} ${rounded(Number(value))}`);
    }
  }
  return out.sort();
}

/** Sums and averages may differ in their last bits. */
function rounded(value: number): string {
  return value.toPrecision(12);
}

function expected(
  correlations: readonly PlannedCorrelation[],
  records: readonly CorrelationRecord[],
  report: 'each' | 'onset',
): string[] {
  const timed = records as readonly (CorrelationRecord & { time: number })[];
  return naiveCorrelate(correlations, timed, report)
    .map(
      ({ rule, ref, group, value }) =>
        `${rule.key} ${ref} ${JSON.stringify(group.map((part) => part.value))} ${rounded(value)}`,
    )
    .sort();
}

const report = fc.constantFrom<'each' | 'onset'>('each', 'onset');

/** SIGMA_RUNS in the environment makes the runs longer. */
const { SIGMA_RUNS } = process.env;
const runs = Number(SIGMA_RUNS ?? 40);
const targets: readonly Target[] = ['duckdb', 'portable'];

describe.each(targets)('correlationsSql for %s', (target) => {
  it.each(correlationTypes)('%s fires as the naive evaluator', async (type) => {
    await fc.assert(
      fc.asyncProperty(correlation('c', type, rules), timeline, report, async (planned, records, mode) => {
        expect(await fire([planned], records, mode, target)).toEqual(expected([planned], records, mode));
      }),
      { numRuns: runs },
    );
  });

  it('chains fire as the naive evaluator', async () => {
    const any = fc.constantFrom(...correlationTypes);
    const chain = any
      .chain((type) => correlation('inner', type, rules))
      .chain((inner) =>
        any
          .chain((type) => correlation('middle', type, [...rules, inner]))
          .chain((middle) =>
            any
              .chain((type) => correlation('outer', type, [...rules, inner, inner, middle, middle]))
              .map((outer) => [inner, middle, outer]),
          ),
      );
    await fc.assert(
      fc.asyncProperty(chain, timeline, report, async (correlations, records, mode) => {
        expect(await fire(correlations, records, mode, target)).toEqual(
          expected(correlations, records, mode),
        );
      }),
      { numRuns: runs },
    );
  });

  it('looks at the first 64 combinations of the different values of several fields', async () => {
    const many = (prefix: string) => Array.from({ length: 300 }, (_, i) => `${prefix}${i % 30}`);
    const event = { user: many('u'), 'host.name': many('h'), n: many('n') };
    const records = [1, 2].map((ref) => ({
      ref,
      time: ref * 1000,
      event,
      matched: [rules[0] as PlannedRule],
    }));
    const inputs = rules.slice(0, 1);
    const groupBy = ['user', 'host.name'];
    const planned = [
      makeCorrelation({ name: 'events', type: 'event_count', inputs, groupBy, when: { gte: 2 } }),
      makeCorrelation({ name: 'one', type: 'value_count', inputs, field: 'n', when: { gte: 2 } }),
      makeCorrelation({
        name: 'tuples',
        type: 'value_count',
        inputs,
        field: ['n', 'user'],
        when: { gte: 2 },
      }),
    ];
    const found = await fire(planned, records, 'each', target);
    expect(found).toEqual(expected(planned, records, 'each'));
    expect(found.filter((text) => text.startsWith('events'))).toHaveLength(64);
    expect(found).toContain('one 1 [] 30.0000000000');
    expect(found).toContain('tuples 1 [] 64.0000000000');
  });

  it('takes values a record holds often in time that grows with their number, not with its powers', async () => {
    const many = (prefix: string) => Array.from({ length: 5000 }, (_, i) => `${prefix}${i}`);
    const event = { user: many('u'), actor: many('a'), 'host.name': many('h') };
    const records = [{ ref: 1, time: 0, event, matched: [rules[0] as PlannedRule] }];
    const groupBy = ['user', 'actor', 'host.name'];
    const planned = makeCorrelation({
      type: 'event_count',
      inputs: rules.slice(0, 1),
      groupBy,
      when: { gte: 1 },
    });
    expect(await fire([planned], records, 'each', target)).toHaveLength(64);
  });
});

describe('correlationsSql', () => {
  const tables = { hits: 'h', records: 'k', texts: (field: string) => `r."${field}"`, ruleNumber: () => 0 };

  it.each(correlationTypes)('%s can be translated to Trino when portable', (type) => {
    fc.assert(
      fc.property(
        correlation('inner', type, rules).chain((inner) =>
          correlation('outer', type, [...rules, inner]).map((outer) => [inner, outer]),
        ),
        report,
        (correlations, mode) => {
          for (const { query } of correlationsSql(correlations, tables, {
            report: mode,
            target: 'portable',
          })) {
            expect(toTrino(query).problems).toEqual([]);
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  it('refuses an expression that names none of its rules, and a correlation before one it reads', () => {
    const wrong = makeCorrelation({ type: 'temporal', inputs: rules, expression: named('no_such_rule') });
    expect(() => correlationsSql([wrong], tables)).toThrow(SigmaError);
    const inner = makeCorrelation({ type: 'event_count', inputs: rules });
    const outer = makeCorrelation({ type: 'event_count', inputs: [inner] });
    expect(() => correlationsSql([outer, inner], tables)).toThrow(RangeError);
  });
});
