import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RecordTable } from '../duckdb/table.js';
import type { Event } from '../event.js';
import { many } from '../pattern.js';
import type { Plan, PlannedRule } from '../plan.js';
import { eventArbitrary, planArbitrary } from '../testing/arbitrary.js';
import { evaluate } from '../testing/naive.js';
import { plannedRule } from '../testing/rules.js';
import { toTrino } from '../testing/trino.js';
import { Uses } from './derived.js';
import type { TableSource } from './fields.js';
import { type RulesOptions, rulesSql } from './rules.js';

const { SIGMA_RUNS } = process.env;
const runs = Number(SIGMA_RUNS ?? 40);

let connection: DuckDBConnection;
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
});

interface Sourced {
  readonly event: Event;
  readonly product?: string;
}

async function tableOf(rules: readonly PlannedRule[], records: readonly Sourced[]): Promise<TableSource> {
  const uses = new Uses();
  for (const { plan } of rules) uses.add(plan);
  const fields = [...uses.fields.keys()].map((field) => ({ field, state: true }));
  const table = new RecordTable(connection, 'records', { fields, keywords: true });
  records.forEach(({ event, product }, line) => {
    table.add({ line, time: undefined, origin: product === undefined ? undefined : { product }, event });
  });
  await table.store();
  return table.source;
}

async function pairs(rules: readonly PlannedRule[], table: TableSource, options: RulesOptions) {
  const found: string[] = [];
  for (const statement of rulesSql(rules, table, options)) {
    const reader = await connection.runAndReadAll(statement);
    for (const [line, rule] of reader.getRows()) found.push(`${line}:${rule}`);
  }
  return found.sort();
}

function expected(rules: readonly PlannedRule[], records: readonly Sourced[]): string[] {
  return records
    .flatMap(({ event, product }, line) =>
      rules.flatMap(({ plan, rule: { logsource } }, number) => {
        const sees =
          product === undefined || logsource.product === undefined || logsource.product === product;
        return sees && evaluate(plan, event) ? [`${line}:${number}`] : [];
      }),
    )
    .sort();
}

const variants: readonly RulesOptions[] = [
  { strategy: 'anchors', target: 'duckdb' },
  { strategy: 'anchors', target: 'portable', rulesPerStatement: 3 },
  { strategy: 'plain', target: 'duckdb', rulesPerStatement: 2 },
  { strategy: 'plain', target: 'portable' },
];

const product = fc.constantFrom(undefined, 'windows', 'linux');
const rulesArbitrary = fc
  .array(fc.tuple(planArbitrary, product), { minLength: 1, maxLength: 12 })
  .map((list) =>
    list.map(([plan, name], i) =>
      plannedRule(`rule ${i}`, plan, name === undefined ? {} : { product: name }),
    ),
  );
const recordsArbitrary = fc.array(
  fc
    .tuple(eventArbitrary, product)
    .map(([event, name]): Sourced => (name === undefined ? { event } : { event, product: name })),
  { minLength: 1, maxLength: 15 },
);

function holds(field: string, text: string): Plan {
  return {
    op: 'test',
    field,
    test: { kind: 'string', pattern: [many, text, many], cased: false, dash: false },
  };
}

describe('rulesSql', () => {
  it.each(variants)('finds what the naive evaluator finds: $strategy, $target', async (options) => {
    await fc.assert(
      fc.asyncProperty(rulesArbitrary, recordsArbitrary, async (rules, records) => {
        const table = await tableOf(rules, records);
        expect(await pairs(rules, table, options)).toEqual(expected(rules, records));
      }),
      { numRuns: runs },
    );
  });

  it('finds each of very many rules, alone and together', async () => {
    const rules = Array.from({ length: 250 }, (_, i) =>
      plannedRule(`rule ${i}`, { op: 'and', args: [holds('a', `word${i}.`), holds('b', 'x')] }),
    );
    const records = [
      { event: { a: rules.map((_, i) => `Word${i}.`).join(' '), b: 'x' } },
      { event: { a: ['nothing', 'say WORD17. and', 'word249.'], b: 'X' } },
      { event: { a: 'word5.', b: 'y' } },
    ];
    const table = await tableOf(rules, records);
    for (const options of variants) {
      const { rulesPerStatement: _, ...rest } = options;
      expect(await pairs(rules, table, rest)).toEqual(expected(rules, records));
    }
  });

  it('gives each pair once, though several values of a field lead to it', async () => {
    const rules = [plannedRule('twice', { op: 'or', args: [holds('a', 'word'), holds('b', 'word')] })];
    const table = await tableOf(rules, [{ event: { a: ['a word', 'words'], b: 'word' } }]);
    expect(await pairs(rules, table, {})).toEqual(['0:0']);
  });

  it('leaves out rules about fields the table has not, and keeps those that ask for their absence', async () => {
    const rules = [
      plannedRule('missing', holds('z', 'word')),
      plannedRule('absent', { op: 'test', field: 'z', test: { kind: 'absent' } }),
    ];
    const table = await tableOf([], [{ event: { a: 1 } }]);
    expect(rulesSql([rules[0] as PlannedRule], table)).toEqual([]);
    expect(await pairs(rules, table, {})).toEqual(['0:1']);
  });

  it('can be translated to Trino when portable', () => {
    fc.assert(
      fc.property(
        rulesArbitrary,
        fc.constantFrom('anchors' as const, 'plain' as const),
        (rules, strategy) => {
          const table: TableSource = {
            relation: '"lake"."records"',
            key: '"id"',
            keywordText: '"everything"',
            keywordList: '"values"',
            fields: (field) =>
              field === 'z'
                ? undefined
                : { text: `"${field}"`, ...(field === 'c' ? { list: '"many"' } : {}) },
          };
          for (const statement of rulesSql(rules, table, { strategy, target: 'portable' }))
            expect(toTrino(statement).problems).toEqual([]);
        },
      ),
      { numRuns: runs },
    );
  });
});
