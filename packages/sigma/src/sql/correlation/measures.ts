/** What the thresholds of each type of correlation are compared with, at each of its records. */
import { readExpression } from '../../correlate/thresholds.js';
import type { PlannedCorrelation } from '../../plan.js';
import type { Comparison, Condition, CorrelationRule } from '../../rule.js';
import { double, integer, type Target } from '../text.js';
import { groupNames } from './hits.js';

/** Length of the window in milliseconds, and the words a window over one group needs. */
function parts(correlation: PlannedCorrelation) {
  const names = groupNames(correlation);
  return {
    span: correlation.rule.timespan * 1000,
    partition: names.length === 0 ? '' : `PARTITION BY ${names.join(', ')} `,
    names,
    /** With a comma before each. */
    groups: names.map((name) => `, ${name}`).join(''),
  };
}

const inOrder = 'ORDER BY time_ms, row_key';

/** Rows of the group before the window of this row. RANGE counts all rows of one time, and here has to. */
function rowsGone(partition: string, span: number): string {
  return (
    `count(*) OVER (${partition}ORDER BY time_ms ` +
    `RANGE BETWEEN UNBOUNDED PRECEDING AND ${integer(span + 1)} PRECEDING)`
  );
}

/** Select of `(row_key, time_ms, g0, …, value)` for `event_count`. */
export function countSql(correlation: PlannedCorrelation, entries: string): string {
  const { span, partition, groups } = parts(correlation);
  const value = `row_number() OVER (${partition}${inOrder}) - ${rowsGone(partition, span)}`;
  return `SELECT row_key, time_ms${groups}, CAST(${value} AS DOUBLE) AS value FROM ${entries}`;
}

/** The same for `value_*`. Rows are values; the last of each record sees all of them. */
export function valuesSql(correlation: PlannedCorrelation, samples: string, target: Target): string {
  const { span, partition, groups } = parts(correlation);
  const numbered =
    `SELECT row_key, time_ms, v${groups}, row_number() OVER (${partition}${inOrder}) AS seq, ` +
    `${rowsGone(partition, span)} AS gone FROM ${samples}`;
  const aggregate = windowAggregate(correlation.rule, target);
  if (aggregate === undefined) return joinedSql(correlation, numbered);
  const frame = `OVER (${partition}ORDER BY seq ROWS BETWEEN seq - gone - 1 PRECEDING AND CURRENT ROW)`;
  const measured =
    `SELECT row_key, time_ms${groups}, CAST(${aggregate} ${frame} AS DOUBLE) AS value, ` +
    `lead(row_key) OVER (${partition}ORDER BY seq) AS next_key FROM (${numbered}) AS n`;
  return `SELECT row_key, time_ms${groups}, value FROM (${measured}) AS n WHERE next_key IS NULL OR next_key <> row_key`;
}

/** `undefined`: not over a window in this target. */
function windowAggregate(rule: CorrelationRule, target: Target): string | undefined {
  switch (rule.type) {
    case 'value_sum':
      return 'sum(v)';
    case 'value_avg':
      return 'avg(v)';
    case 'value_count':
      return target === 'duckdb' ? 'count(DISTINCT v)' : undefined;
    default:
      return target === 'duckdb' ? `quantile_cont(v, ${rankOf(rule)})` : undefined;
  }
}

function rankOf(rule: CorrelationRule): number {
  return rule.type === 'value_median' ? 0.5 : rule.percentile / 100;
}

/** Every record with every value of its window: takes time with the square of what a window holds. */
function joinedSql(correlation: PlannedCorrelation, numbered: string): string {
  const { partition, names } = parts(correlation);
  const { rule } = correlation;
  const last = `SELECT *, lead(row_key) OVER (${partition}ORDER BY seq) AS next_key FROM (${numbered}) AS n`;
  const pairs =
    `(SELECT * FROM (${last}) AS l WHERE next_key IS NULL OR next_key <> row_key) AS a ` +
    `JOIN (${numbered}) AS b ON b.seq > a.gone AND b.seq <= a.seq${names.map((name) => ` AND b.${name} = a.${name}`).join('')}`;
  const by = ['row_key', 'time_ms', ...names].map((name) => `a.${name}`).join(', ');
  if (rule.type === 'value_count') {
    return `SELECT ${by}, CAST(count(DISTINCT b.v) AS DOUBLE) AS value FROM ${pairs} GROUP BY ${by}`;
  }
  const at = `(a.seq - a.gone - 1) * ${double(rankOf(rule))}`;
  const ranked =
    `SELECT ${by}, b.v, ${at} - floor(${at}) AS share, ` +
    `row_number() OVER (PARTITION BY ${by} ORDER BY b.v) - 1 - floor(${at}) AS place FROM ${pairs}`;
  const low = 'max(CASE WHEN a.place = 0 THEN a.v END)';
  const high = 'max(CASE WHEN a.place = 1 THEN a.v END)';
  return (
    `SELECT ${by}, CASE WHEN max(a.share) = 0 THEN ${low} ` +
    `ELSE ${low} * (1 - max(a.share)) + ${high} * max(a.share) END AS value FROM (${ranked}) AS a GROUP BY ${by}`
  );
}

/** Place of each input among the different rules of the correlation. */
export function rulePlaces(correlation: PlannedCorrelation): {
  readonly of: number[];
  readonly count: number;
} {
  const different = [...new Set(correlation.inputs)];
  return { of: correlation.inputs.map((input) => different.indexOf(input)), count: different.length };
}

/**
 * Select of `(row_key, time_ms, g0, …, value, holds)` for `temporal` and `temporal_ordered`. `entries` has a
 * column `in0`, `in1`, … for each different rule: 1 where it hit.
 */
export function temporalSql(correlation: PlannedCorrelation, entries: string): string {
  const { span, partition, groups } = parts(correlation);
  const { rule } = correlation;
  const places = rulePlaces(correlation);
  const isOrdered = rule.type === 'temporal_ordered';
  const expression = rule.expression === undefined ? undefined : readExpression(rule, rule.expression);
  const from = `time_ms - ${integer(span)}`;
  const soFar = `OVER (${partition}${inOrder} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const rules = Array.from({ length: places.count }, (_, k) => k);
  const lasts = rules
    .map((k) => `, max(CASE WHEN in${k} = 1 THEN time_ms END) ${soFar} AS last${k}`)
    .join('');
  const kept = rules.map((k) => `, in${k}, last${k}`).join('');
  let select = `SELECT row_key, time_ms${groups}${rules.map((k) => `, in${k}`).join('')}${lasts} FROM ${entries}`;
  const order = (expression?.named ?? correlation.inputs.map((_, input) => input)).map(
    (input) => places.of[input] as number,
  );
  if (isOrdered && order.length > 0) select = chainSql(select, kept, order, { partition, groups });
  const seen = rules.map((k) => `COALESCE(last${k} >= ${from}, FALSE)`);
  const complete = isOrdered ? order.length : places.count;
  let value: string;
  if (!isOrdered) value = seen.map((one) => `CASE WHEN ${one} THEN 1 ELSE 0 END`).join(' + ');
  else if (order.length === 0) value = '0';
  else value = `CASE WHEN chain >= ${from} THEN ${order.length} ELSE 0 END`;
  const measured = `SELECT row_key, time_ms${groups}${kept}, CAST(${value} AS DOUBLE) AS value FROM (${select}) AS s`;
  const isComplete = `value = ${double(complete)}`;
  const meets = thresholdsSql(rule);
  let holds: string;
  if (rule.expression !== undefined) {
    const inputSeen = (input: number) => seen[places.of[input] as number] as string;
    const wanted = [meets, expressionSql(rule, rule.expression, inputSeen)];
    if (isOrdered) wanted.push(isComplete);
    holds = wanted.join(' AND ');
  } else holds = rule.thresholds.length > 0 ? meets : isComplete;
  return `SELECT row_key, time_ms${groups}, value, (${holds}) AS holds FROM (${measured}) AS m`;
}

/**
 * Adds a column `chain`: the latest time at which hits of the rules in order, times never falling, can have
 * begun, up to this row; or NULL.
 *
 * For each beginning of the order there are two such times. `upto` looks at the rows up to this one; `whole`
 * also at the later rows of the same time, for hits of one time may stand in any order. A hit of the next rule
 * at an earlier time continues what `whole` says there; one at the time of this row, what `upto` says here.
 */
function chainSql(
  entries: string,
  kept: string,
  order: readonly number[],
  { partition, groups }: { readonly partition: string; readonly groups: string },
): string {
  const rows = `OVER (${partition}${inOrder} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const times = `OVER (${partition}ORDER BY time_ms RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const earlier = `OVER (${partition}ORDER BY time_ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
  const base = `row_key, time_ms${groups}${kept}`;
  const [first, ...rest] = order;
  const hitTime = (rule: number | undefined) => `CASE WHEN in${rule} = 1 THEN time_ms END`;
  let select = `SELECT ${base}, max(${hitTime(first)}) ${rows} AS upto, max(${hitTime(first)}) ${times} AS whole FROM (${entries}) AS e`;
  for (const rule of rest) {
    const continued = `CASE WHEN in${rule} = 1 THEN whole END`;
    const both =
      `SELECT ${base}, max(${continued}) ${earlier} AS before, ` +
      `CASE WHEN max(${hitTime(rule)}) ${rows} = time_ms THEN upto END AS now, ` +
      `max(${continued}) ${times} AS whole FROM (${select}) AS e`;
    const latest = 'CASE WHEN now IS NULL OR before > now THEN before ELSE now END';
    select = `SELECT ${base}, ${latest} AS upto, whole FROM (${both}) AS e`;
  }
  return `SELECT ${base}, upto AS chain FROM (${select}) AS e`;
}

const operators: Record<Comparison, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '<>' };

/** Whether the column `value` satisfies every threshold. */
export function thresholdsSql(rule: CorrelationRule): string {
  if (rule.thresholds.length === 0) return 'TRUE';
  return rule.thresholds
    .map(({ op, value }) => `value ${operators[op]} ${double(value, rule.at)}`)
    .join(' AND ');
}

function expressionSql(rule: CorrelationRule, condition: Condition, seen: (input: number) => string): string {
  switch (condition.kind) {
    case 'not':
      return `NOT (${expressionSql(rule, condition.arg, seen)})`;
    case 'and':
    case 'or': {
      const args = condition.args.map((arg) => expressionSql(rule, arg, seen));
      return `(${args.join(condition.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'name':
    case 'of': {
      // What a name stands for is asked of the reader of expressions itself.
      const { named } = readExpression(rule, condition);
      const every = condition.kind === 'of' && condition.quantifier === 'all';
      return `(${named.map(seen).join(every ? ' AND ' : ' OR ')})`;
    }
  }
}
