import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RecordTable } from '../duckdb/table.js';
import type { Event } from '../event.js';
import type { Plan } from '../plan.js';
import { eventArbitrary, kinds, planArbitrary } from '../testing/arbitrary.js';
import { evaluate } from '../testing/naive.js';
import { planSql } from './plan.js';

/** SIGMA_RUNS in the environment makes the runs longer. */
const { SIGMA_RUNS } = process.env;
const runs = Number(SIGMA_RUNS ?? 100);

let connection: DuckDBConnection;
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
});

function fieldsOf(plan: Plan): string[] {
  switch (plan.op) {
    case 'and':
    case 'or':
      return plan.args.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(plan.arg);
    case 'test':
      return plan.test.kind === 'field' ? [plan.field, plan.test.other] : [plan.field];
    default:
      return [];
  }
}

/** What SQL says of each plan for each record. */
async function ask(plans: readonly Plan[], events: readonly Event[]): Promise<unknown[][]> {
  const fields = [...new Set(plans.flatMap(fieldsOf))].map((field) => ({ field, state: true }));
  const table = new RecordTable(connection, 'records', { fields, keywords: true });
  events.forEach((event, line) => {
    table.add({ line, time: undefined, origin: undefined, event });
  });
  await table.store();
  const columns = plans.map((plan) => planSql(plan, table.source));
  const reader = await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM records ORDER BY line`);
  return reader.getRows();
}

async function check(plans: readonly Plan[], events: readonly Event[]): Promise<void> {
  const expected = events.map((event) => plans.map((plan) => evaluate(plan, event)));
  expect(await ask(plans, events)).toEqual(expected);
}

describe('planSql', () => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))(
    'agrees with the naive evaluator on %s tests',
    async (_, kind) => {
      const tests = fc.array(kind.test, { minLength: 1, maxLength: 30 });
      const values = fc.array(kind.value, { minLength: 1, maxLength: 30 });
      await fc.assert(
        fc.asyncProperty(tests, values, async (each, held) => {
          const plans = each.map((test): Plan => ({ op: 'test', field: 'a', test }));
          await check(plans, [...held.map((a) => ({ a })), { a: held.slice(0, 3) }]);
        }),
        { numRuns: Math.ceil(runs / 3) },
      );
    },
  );

  it('agrees with the naive evaluator on any plan and record', async () => {
    const plans = fc.array(planArbitrary, { minLength: 1, maxLength: 12 });
    const events = fc.array(eventArbitrary, { minLength: 1, maxLength: 20 });
    await fc.assert(fc.asyncProperty(plans, events, check), { numRuns: runs });
  });
});
