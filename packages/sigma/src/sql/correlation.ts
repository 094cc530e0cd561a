/**
 * Correlations as SQL over the hits of rules: the same meaning as the streaming engine
 * (`correlate/correlator.ts`), written with window functions. Every record is looked at, so nothing is late
 * and nothing is dropped.
 *
 * Records stand in the order of time and key. The window of a record reaches back over the rows before it,
 * as many as are not too old; rows of the same time with a larger key come after it and are not in it. A
 * correlation becomes one relation of firings, which correlations that read it start from.
 */
import type { PlannedCorrelation } from '../plan.js';
import { Relations } from './correlation/combinations.js';
import { groupNames, type HitTables, hitsSql } from './correlation/hits.js';
import { countSql, rulePlaces, temporalSql, thresholdsSql, valuesSql } from './correlation/measures.js';
import { samplesSql } from './correlation/samples.js';
import { integer, type Target } from './text.js';

export { correlationFields } from '../plan.js';
export type { HitTables } from './correlation/hits.js';

export interface CorrelationOptions {
  /** `each` (default): every record at which the condition holds; `onset`: where it starts to hold. */
  readonly report?: 'each' | 'onset';
  /**
   * With `portable`, `value_count`, `value_median` and `value_percentile` join each record with the values of
   * its window, for want of such window functions elsewhere.
   */
  readonly target?: Target;
}

/** Statements of one correlation. */
export interface CorrelationSql {
  readonly correlation: PlannedCorrelation;
  /** Name of the relation of its firings at every record, which later correlations read. */
  readonly relation: string;
  /** Its content: `row_key, time_ms, g0 …, value` and whether it reports (`onset`). */
  readonly query: string;
}

/**
 * The correlations in the order given (each after those it reads). Every query may name the relations of the
 * ones before it. Raises `unsupported` for what SQL cannot express, `reference` for an expression that names
 * no rule.
 */
export function correlationsSql(
  correlations: readonly PlannedCorrelation[],
  tables: HitTables,
  options: CorrelationOptions = {},
): CorrelationSql[] {
  const names = new Map<PlannedCorrelation, string>();
  return correlations.map((correlation, number) => {
    const relation = `sigma_firings_${number}`;
    const query = correlationSql(correlation, tables, names, options);
    names.set(correlation, relation);
    return { correlation, relation, query };
  });
}

/** Raises what {@link correlationsSql} would, without tables. */
export function checkCorrelationSql(correlation: PlannedCorrelation, target: Target = 'duckdb'): void {
  const tables: HitTables = { hits: 'h', records: 'r', texts: () => 't', ruleNumber: () => 0 };
  correlationSql(correlation, tables, undefined, { target });
}

function correlationSql(
  correlation: PlannedCorrelation,
  tables: HitTables,
  names: ReadonlyMap<PlannedCorrelation, string> | undefined,
  { report = 'each', target = 'duckdb' }: CorrelationOptions,
): string {
  const firings = (inner: PlannedCorrelation) => {
    const name = names === undefined ? 'inner_firings' : names.get(inner);
    if (name === undefined)
      throw new RangeError(`"${correlation.key}" comes before "${inner.key}", which it reads`);
    return name;
  };
  const relations = new Relations();
  const groups = groupNames(correlation);
  const hits = relations.add('hits', hitsSql(correlation, tables, firings, relations));
  const checked = checkedSql(correlation, tables, relations, hits, target);
  const columns = ['row_key', 'time_ms', ...groups, 'value'].join(', ');
  if (report === 'each') {
    return relations.statement(`SELECT ${columns}, TRUE AS onset FROM (${checked}) AS c WHERE holds`);
  }
  const partition = groups.length === 0 ? '' : `PARTITION BY ${groups.join(', ')} `;
  const heldAt = `lag(CASE WHEN holds THEN time_ms END) OVER (${partition}ORDER BY time_ms, row_key)`;
  const from = `time_ms - ${integer(correlation.rule.timespan * 1000)}`;
  return relations.statement(
    `SELECT ${columns}, NOT COALESCE(held_at >= ${from}, FALSE) AS onset ` +
      `FROM (SELECT ${columns}, holds, ${heldAt} AS held_at FROM (${checked}) AS c) AS d WHERE holds`,
  );
}

/** Select of `(row_key, time_ms, g0, …, value, holds)`: one row for each time the condition is checked. */
function checkedSql(
  correlation: PlannedCorrelation,
  tables: HitTables,
  relations: Relations,
  hits: string,
  target: Target,
): string {
  const { rule } = correlation;
  const by = ['row_key', 'time_ms', ...groupNames(correlation)].join(', ');
  if (rule.type === 'temporal' || rule.type === 'temporal_ordered') {
    const places = rulePlaces(correlation);
    const flags = Array.from({ length: places.count }, (_, place) => {
      const inputs = places.of.flatMap((of, input) => (of === place ? [`input = ${input}`] : []));
      return `, max(CASE WHEN ${inputs.join(' OR ')} THEN 1 ELSE 0 END) AS in${place}`;
    });
    const entries = relations.add('entries', `SELECT ${by}${flags.join('')} FROM ${hits} GROUP BY ${by}`);
    return temporalSql(correlation, entries);
  }
  const entries = relations.add('entries', `SELECT DISTINCT ${by} FROM ${hits}`);
  let values: string;
  if (rule.type === 'event_count') values = countSql(correlation, entries);
  else {
    const samples = samplesSql(correlation, tables, relations, hits, entries);
    values = valuesSql(correlation, relations.add('samples', samples), target);
  }
  return `SELECT ${by}, value, (${thresholdsSql(rule)}) AS holds FROM (${values}) AS m`;
}
