/** Rules run in slow or roundabout ways, as targets for rule tests: what fast targets are held against. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { eventTime } from '../correlate/index.js';
import { RecordTable } from '../duckdb/table.js';
import type { Event } from '../event.js';
import type { Plan, PlannedRule, RuleSet } from '../plan.js';
import type { Observation, RuleTestTarget } from '../rule-tests/index.js';
import { planSql } from '../sql/plan.js';
import { evaluate } from './naive.js';
import { naiveCorrelate } from './naive-correlate.js';

/** Rules and correlations the obvious way. */
export const naiveTarget: RuleTestTarget = {
  name: 'naive',
  run: (set, records) =>
    observe(
      set,
      records,
      records.map((event) => set.rules.filter(({ plan }) => evaluate(plan, event))),
    ),
};

/** Rules as SQL conditions over a table; correlations the obvious way over what they match. */
export function sqlRulesTarget(connection: DuckDBConnection): RuleTestTarget {
  return {
    name: 'sql rules',
    async run(set, records) {
      if (records.length === 0 || set.rules.length === 0) return [];
      const fields = [...new Set(set.rules.flatMap(({ plan }) => fieldsOf(plan)))];
      const needs = { fields: fields.map((field) => ({ field, state: true })), keywords: true };
      const table = new RecordTable(connection, 'rule_test_records', needs);
      records.forEach((event, line) => {
        table.add({ line, time: undefined, origin: undefined, event });
      });
      await table.store();
      const columns = set.rules.map(({ plan }) => planSql(plan, table.source));
      const query = `SELECT ${columns.join(', ')} FROM ${table.source.relation} ORDER BY line`;
      const rows = (await connection.runAndReadAll(query)).getRows();
      return observe(
        set,
        records,
        rows.map((row) => set.rules.filter((_, i) => row[i] === true)),
      );
    },
  };
}

/** `matched`: the rules each record matched. */
function observe(
  set: RuleSet,
  records: readonly Event[],
  matched: readonly (readonly PlannedRule[])[],
): Observation[] {
  const timed = records.flatMap((event, i) => {
    const time = eventTime(event);
    return time === undefined ? [] : [{ ref: i + 1, event, time, matched: matched[i] ?? [] }];
  });
  return [
    ...matched.flatMap((rules, i) => rules.map((rule) => ({ rule, line: i + 1 }))),
    ...naiveCorrelate(set.correlations, timed).map(({ rule, ref, group, value }) => ({
      rule,
      line: ref,
      group,
      value,
    })),
  ];
}

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
