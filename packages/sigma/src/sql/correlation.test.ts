import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CorrelationRecord } from '../correlate/types.js';
import { SigmaError } from '../errors.js';
import { readField, scalarText } from '../event.js';
import { correlationFields, type PlannedCorrelation } from '../plan.js';
import { correlationTypes } from '../rule.js';
import { makeCorrelation } from '../testing/build-correlation.js';
import { naiveCorrelate } from '../testing/naive-correlate.js';
import { correlation, rules, timeline } from '../testing/timelines.js';
import { toTrino } from '../testing/trino.js';
import { correlationsSql } from './correlation.js';
import { literal } from './text.js';

let connection: DuckDBConnection;
let close: () => void;
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
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
    { report },
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

describe('correlationsSql', () => {
  it.each(correlationTypes)('%s fires as the naive evaluator', async (type) => {
    await fc.assert(
      fc.asyncProperty(correlation('c', type, rules), timeline, report, async (planned, records, mode) => {
        expect(await fire([planned], records, mode)).toEqual(expected([planned], records, mode));
      }),
      { numRuns: 60 },
    );
  });

  it('chains fire as the naive evaluator', async () => {
    const chain = fc
      .constantFrom(...correlationTypes)
      .chain((type) => correlation('inner', type, rules))
      .chain((inner) =>
        fc
          .constantFrom(...correlationTypes)
          .chain((type) => correlation('outer', type, [...rules, inner]))
          .map((outer) => [inner, outer]),
      );
    await fc.assert(
      fc.asyncProperty(chain, timeline, report, async (correlations, records, mode) => {
        expect(await fire(correlations, records, mode)).toEqual(expected(correlations, records, mode));
      }),
      { numRuns: 120 },
    );
  });

  it('says what Trino cannot do, and does the rest', () => {
    const tables = { hits: 'h', records: 'k', texts: () => 'r.f', ruleNumber: () => 0 };
    for (const type of correlationTypes) {
      const planned = makeCorrelation({
        name: 'c',
        type,
        inputs: rules.slice(0, 2),
        groupBy: ['user', 'host'],
        when: { gte: 2 },
        field: 'n',
      });
      const make = () => correlationsSql([planned], tables, { target: 'portable' });
      if (['value_count', 'value_percentile', 'value_median'].includes(type))
        expect(make).toThrow(SigmaError);
      else for (const { query } of make()) expect(toTrino(query).problems).toEqual([]);
    }
  });
});
