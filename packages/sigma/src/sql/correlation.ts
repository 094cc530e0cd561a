/**
 * Correlations as SQL over the hits of rules: the same meaning as the streaming engine (`correlate/correlator.ts`),
 * written with window functions.
 *
 * Records stand in the order of time and key. Each has a place in that order, and the window of a record is
 * every place from the first one inside the time span up to its own: records of the same time that come later
 * are not in it. A correlation becomes one relation of firings, which correlations that read it start from.
 */

import { matchingNames } from '../parse/detection.js';
import { isCorrelation, type PlannedCorrelation, type PlannedRule } from '../plan.js';
import type { Comparison, Condition } from '../rule.js';
import { numberOf } from './test.js';
import { double, integer, type Target, unsupported } from './text.js';

export interface HitTables {
  /** Relation `(row_key, rule)`: which detection rules a record matched, by the number `ruleNumber` gives. */
  readonly hits: string;
  /** Relation with one row for each of these records: `row_key`, `time_ms` (BIGINT, never NULL), and field columns. */
  readonly records: string;
  /** VARCHAR[] without NULLs, never NULL: the texts of a field, over the records relation called `r`. */
  readonly texts: (field: string) => string;
  readonly ruleNumber: (rule: PlannedRule) => number;
}

export interface CorrelationOptions {
  /** `each` (default): every record at which the condition holds; `onset`: where it starts to hold. */
  readonly report?: 'each' | 'onset';
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
 * ones before it. Raises `unsupported` for what the target cannot express.
 */
export function correlationsSql(
  correlations: readonly PlannedCorrelation[],
  tables: HitTables,
  options: CorrelationOptions = {},
): CorrelationSql[] {
  const relations = new Map<PlannedCorrelation, string>();
  return correlations.map((correlation, number) => {
    const relation = `sigma_firings_${number}`;
    relations.set(correlation, relation);
    return { correlation, relation, query: correlationSql(correlation, tables, relations, options) };
  });
}

function correlationSql(
  correlation: PlannedCorrelation,
  tables: HitTables,
  relations: ReadonlyMap<PlannedCorrelation, string>,
  { report = 'each', target = 'duckdb' }: CorrelationOptions,
): string {
  const { rule } = correlation;
  if (target === 'portable') refuse(correlation);
  const groups = rule.groupBy.map((_, i) => `g${i}`);
  const ctes = [`hits AS (${hitsSql(correlation, tables, relations)})`];
  const measured =
    rule.type === 'temporal_ordered'
      ? orderedCtes(correlation, groups)
      : rule.type === 'temporal'
        ? temporalCtes(correlation, groups)
        : valueCtes(correlation, groups);
  ctes.push(...measured);
  // `m` has one row for each record and group, in place order, with `value` and whether the condition `holds`.
  const before = `${partition(groups)}ORDER BY pos`;
  const onset =
    report === 'each'
      ? 'TRUE'
      : `NOT coalesce(lag(holds) OVER (${before}) AND lag(time_ms) OVER (${before}) >= time_ms - ${span(correlation)}, FALSE)`;
  ctes.push(`o AS (SELECT *, ${onset} AS onset FROM m)`);
  const columns = ['row_key', 'time_ms', ...groups, 'CAST(value AS DOUBLE) AS value', 'onset'];
  return `WITH ${ctes.join(',\n')}\nSELECT ${columns.join(', ')} FROM o WHERE holds`;
}

/** What Trino has no window functions for. */
function refuse({ rule }: PlannedCorrelation): void {
  const lacking: Partial<Record<string, string>> = {
    value_count: 'distinct counts over a window',
    value_percentile: 'exact percentiles over a window',
    value_median: 'an exact median over a window',
  };
  const reason = lacking[rule.type];
  if (reason !== undefined) unsupported(`${rule.type} needs ${reason}, which Trino has not`, rule.at);
}

function span({ rule }: PlannedCorrelation): string {
  return integer(rule.timespan * 1000);
}

function partition(groups: readonly string[]): string {
  return groups.length === 0 ? '' : `PARTITION BY ${groups.join(', ')} `;
}

/** Combinations of the values of several group fields looked at for one record: as the streaming engine. */
const maxCombinations = 64;

/**
 * `hits (row_key, time_ms, input, g0 …[, v])`: each record once for each input rule, group and counted value.
 */
function hitsSql(
  correlation: PlannedCorrelation,
  tables: HitTables,
  relations: ReadonlyMap<PlannedCorrelation, string>,
): string {
  const { inputs, groupFields } = correlation;
  const parts = inputs.map((input, i) => {
    const fields = groupFields[i] as readonly string[];
    const joins: string[] = [];
    const columns: string[] = ['r.row_key', 'r.time_ms', `${integer(i)} AS input`];
    const lists: { list: string; ordinal: string }[] = [];
    let from: string;
    const own = new Map<string, string>();
    if (isCorrelation(input)) {
      from = `${relations.get(input) as string} f JOIN ${tables.records} r ON r.row_key = f.row_key`;
      input.rule.groupBy.forEach((field, k) => {
        own.set(field, `f.g${k}`);
      });
    } else {
      from = `${tables.hits} h JOIN ${tables.records} r ON r.row_key = h.row_key`;
    }
    fields.forEach((field, k) => {
      const held = own.get(field);
      if (held !== undefined) {
        columns.push(`${held} AS g${k}`);
        return;
      }
      const list = tables.texts(field);
      joins.push(`CROSS JOIN UNNEST(${list}) WITH ORDINALITY AS u${k}(g, n)`);
      lists.push({ list, ordinal: `u${k}.n` });
      columns.push(`u${k}.g AS g${k}`);
    });
    const where = isCorrelation(input) ? [] : [`h.rule = ${integer(tables.ruleNumber(input))}`];
    if (lists.length > 0) where.push(`${placeAmong(lists)} < ${maxCombinations}`);
    const value = valueSql(correlation, tables, isCorrelation(input) ? 'f.value' : undefined);
    if (value !== undefined) {
      joins.push(...value.joins);
      where.push(...value.where);
      columns.push(...value.columns);
    }
    return (
      `SELECT ${columns.join(', ')} FROM ${from} ${joins.join(' ')}` +
      (where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`)
    );
  });
  return `SELECT DISTINCT * FROM (${parts.join(' UNION ALL ')}) AS x`;
}

/** Number of a combination from 0, the last list changing fastest. */
function placeAmong(lists: readonly { list: string; ordinal: string }[]): string {
  return lists
    .map(({ ordinal }, i) =>
      [`(${ordinal} - 1)`, ...lists.slice(i + 1).map(({ list }) => `len(${list})`)].join(' * '),
    )
    .join(' + ');
}

interface ValueSql {
  readonly joins: readonly string[];
  readonly where: readonly string[];
  readonly columns: readonly string[];
}

/** The counted value: text or number. `firing`: stands in where the record has no value of a field. */
function valueSql(
  { rule }: PlannedCorrelation,
  tables: HitTables,
  firing: string | undefined,
): ValueSql | undefined {
  if (!rule.type.startsWith('value_')) return undefined;
  const numeric = rule.type !== 'value_count';
  const fields = numeric ? rule.countedFields.slice(0, 1) : rule.countedFields;
  const joins: string[] = [];
  const lists: { list: string; ordinal: string }[] = [];
  fields.forEach((field, k) => {
    const texts = tables.texts(field);
    const list =
      firing === undefined
        ? texts
        : `CASE WHEN len(${texts}) = 0 THEN ARRAY[${textOf(firing)}] ELSE ${texts} END`;
    joins.push(`CROSS JOIN UNNEST(${list}) WITH ORDINALITY AS v${k}(v, n)`);
    lists.push({ list, ordinal: `v${k}.n` });
  });
  if (numeric) {
    const number = numberOf('v0.v');
    // Finite numbers only. Equal ones of one record count each: their place in the list keeps them apart.
    return {
      joins,
      where: [`abs(${number}) <= ${double(Number.MAX_VALUE)}`],
      columns: [`${number} AS v`, 'v0.n AS vn'],
    };
  }
  // Lengths keep apart what joins to the same text.
  const column =
    fields.length === 1
      ? 'v0.v'
      : fields.map((_, k) => `CAST(length(v${k}.v) AS VARCHAR) || ':' || v${k}.v`).join(' || ');
  return {
    joins,
    where: fields.length === 1 ? [] : [`${placeAmong(lists)} < ${maxCombinations}`],
    columns: [`${column} AS v`],
  };
}

/** The text JavaScript gives a number that is whole; counts are. */
function textOf(value: string): string {
  return `CASE WHEN ${value} = floor(${value}) AND abs(${value}) < 1000000000000000 THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) ELSE CAST(${value} AS VARCHAR) END`;
}

/** `framed`: hits with their place, and how far back their window reaches. */
function framedCtes(correlation: PlannedCorrelation, groups: readonly string[], from: string): string[] {
  const group = partition(groups);
  return [
    `placed AS (SELECT *, dense_rank() OVER (ORDER BY time_ms, row_key) AS pos FROM ${from})`,
    `framed AS (SELECT *, pos - min(pos) OVER (${group}ORDER BY time_ms RANGE BETWEEN ${span(correlation)} PRECEDING AND CURRENT ROW) AS back FROM placed)`,
  ];
}

function window(groups: readonly string[]): string {
  return `(${partition(groups)}ORDER BY pos RANGE BETWEEN back PRECEDING AND CURRENT ROW)`;
}

function valueCtes(correlation: PlannedCorrelation, groups: readonly string[]): string[] {
  const { rule } = correlation;
  const keys = ['row_key', 'time_ms', ...groups];
  // For a count of events a record is one, whichever inputs it matched; its value once, likewise.
  const rows = rule.type === 'event_count' ? keys : [...keys, 'v'];
  const aggregate = {
    event_count: 'count(*)',
    value_count: 'count(DISTINCT v)',
    value_sum: 'sum(v)',
    value_avg: 'avg(v)',
    value_median: 'median(v)',
    value_percentile: `quantile_cont(v, ${double(rule.percentile / 100)})`,
  }[rule.type as 'event_count'];
  const source =
    rule.type === 'event_count' || rule.type === 'value_count'
      ? `(SELECT DISTINCT ${rows.join(', ')} FROM hits) AS d`
      : `(${numbersOnce(keys)}) AS d`;
  return [
    ...framedCtes(correlation, groups, source),
    `valued AS (SELECT DISTINCT ${keys.join(', ')}, pos, ${aggregate} OVER ${window(groups)} AS value FROM framed)`,
    `m AS (SELECT *, ${thresholds(rule.thresholds, 'value')} AS holds FROM valued)`,
  ];
}

/** A record's numbers once, whichever inputs it matched: those of its first input. */
function numbersOnce(keys: readonly string[]): string {
  return `SELECT ${[...keys, 'v'].join(', ')} FROM (SELECT *, min(input) OVER (PARTITION BY ${keys.join(', ')}) AS first_input FROM hits) AS a WHERE input = first_input`;
}

function thresholds(
  list: readonly { readonly op: Comparison; readonly value: number }[],
  value: string,
): string {
  if (list.length === 0) return 'TRUE';
  const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '<>' } as const;
  return `(${list.map(({ op, value: bound }) => `${value} ${operators[op]} ${double(bound)}`).join(' AND ')})`;
}

/** Places of inputs in the list that hold the same rule: it hits as all of them. */
function samePlaces({ inputs }: PlannedCorrelation, place: number): number[] {
  return inputs.flatMap((input, i) => (input === inputs[place] ? [i] : []));
}

function isInput(correlation: PlannedCorrelation, place: number): string {
  return `input IN (${samePlaces(correlation, place).map(integer).join(', ')})`;
}

/** Flags `s0 …`: whether each input has a hit in the window. */
function seenCtes(correlation: PlannedCorrelation, groups: readonly string[]): string[] {
  const { inputs } = correlation;
  const keys = ['row_key', 'time_ms', ...groups];
  const flags = inputs.map((_, i) => `max(CASE WHEN ${isInput(correlation, i)} THEN 1 ELSE 0 END) AS in${i}`);
  const seen = inputs.map((_, i) => `max(in${i}) OVER ${window(groups)} AS s${i}`);
  return [
    `records_ AS (SELECT ${[...keys, ...flags].join(', ')} FROM hits GROUP BY ${keys.join(', ')})`,
    ...framedCtes(correlation, groups, 'records_'),
    `seen AS (SELECT *, ${seen.join(', ')} FROM framed)`,
  ];
}

function temporalCtes(correlation: PlannedCorrelation, groups: readonly string[]): string[] {
  const { rule, inputs } = correlation;
  const different = inputs.flatMap((input, i) => (inputs.indexOf(input) === i ? [i] : []));
  const count = `(${different.map((i) => `s${i}`).join(' + ')})`;
  const holds =
    rule.expression !== undefined
      ? expressionSql(rule.expression, correlation)
      : rule.thresholds.length > 0
        ? 'TRUE'
        : `${count} = ${different.length}`;
  return [
    ...seenCtes(correlation, groups),
    `m AS (SELECT *, ${count} AS value, (${holds}) AND ${thresholds(rule.thresholds, count)} AS holds FROM seen)`,
  ];
}

/** Whether an expression holds, over flags `s0 …`. */
function expressionSql(condition: Condition, correlation: PlannedCorrelation): string {
  const flag = (ref: string): string => {
    const place = correlation.rule.rules.findIndex((rule) => rule.ref === ref);
    return `s${place} = 1`;
  };
  switch (condition.kind) {
    case 'name':
      return flag(condition.name);
    case 'of': {
      const refs = matchingNames(
        correlation.rule.rules.map(({ ref }) => ref),
        condition.pattern,
      );
      return `(${refs.map(flag).join(condition.quantifier === 'all' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `NOT (${expressionSql(condition.arg, correlation)})`;
    default:
      return `(${condition.args.map((arg) => expressionSql(arg, correlation)).join(condition.kind === 'and' ? ' AND ' : ' OR ')})`;
  }
}

/** Stands for "no chain": before any time. */
const never = '-4000000000000000';

/**
 * Hits in the order of the rules, at times that do not decrease. For each k, `e_k` is the latest time at which
 * a chain of the first k rules begins that ends at this instant, `p_k` the latest of those that ended before.
 */
function orderedCtes(correlation: PlannedCorrelation, groups: readonly string[]): string[] {
  const { rule } = correlation;
  const order = orderOf(correlation);
  const n = order.length;
  const keys = [...groups, 'time_ms'];
  const ctes = [...seenCtes(correlation, groups)];
  const all = order.map((place, k) => `max(in${place}) AS a${k}`);
  ctes.push(`step_0 AS (SELECT ${[...keys, ...all].join(', ')} FROM records_ GROUP BY ${keys.join(', ')})`);
  for (let k = 0; k < n; k++) {
    const ending =
      k === 0
        ? `CASE WHEN a0 = 1 THEN time_ms ELSE ${never} END`
        : `CASE WHEN a${k} = 1 THEN greatest(p${k - 1}, e${k - 1}) ELSE ${never} END`;
    ctes.push(`ending_${k} AS (SELECT *, ${ending} AS e${k} FROM step_${k})`);
    ctes.push(
      `step_${k + 1} AS (SELECT *, coalesce(max(e${k}) OVER (${partition(groups)}ORDER BY time_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), ${never}) AS p${k} FROM ending_${k})`,
    );
  }
  // Within an instant only what has come so far counts.
  const soFar = order.map(
    (place, k) => `max(in${place}) OVER (PARTITION BY ${keys.join(', ')} ORDER BY pos) AS b${k}`,
  );
  ctes.push(`partial AS (SELECT *, ${soFar.join(', ')} FROM seen)`);
  const before = order.map((_, k) => `c.p${k} AS p${k}`);
  const same = keys.map((key) => `c.${key} = x.${key}`).join(' AND ');
  ctes.push(`chained_0 AS (SELECT x.*, ${before.join(', ')} FROM partial x JOIN step_${n} c ON ${same})`);
  for (let k = 0; k < n; k++) {
    const ending =
      k === 0
        ? `CASE WHEN b0 = 1 THEN time_ms ELSE ${never} END`
        : `CASE WHEN b${k} = 1 THEN greatest(p${k - 1}, f${k - 1}) ELSE ${never} END`;
    ctes.push(`chained_${k + 1} AS (SELECT *, ${ending} AS f${k} FROM chained_${k})`);
  }
  const inOrder = n === 0 ? 'TRUE' : `greatest(p${n - 1}, f${n - 1}) >= time_ms - ${span(correlation)}`;
  const value = `CASE WHEN ${inOrder} THEN ${n} ELSE 0 END`;
  const holds =
    rule.expression !== undefined
      ? `(${inOrder}) AND ${expressionSql(rule.expression, correlation)}`
      : rule.thresholds.length > 0
        ? 'TRUE'
        : inOrder;
  ctes.push(
    `m AS (SELECT *, ${value} AS value, (${holds}) AND ${thresholds(rule.thresholds, value)} AS holds FROM chained_${n})`,
  );
  return ctes;
}

/** Places of the rules whose order counts: all, or those an expression names outside a negation. */
function orderOf(correlation: PlannedCorrelation): number[] {
  const { rule } = correlation;
  const places = rule.rules.map((_, i) => i);
  if (rule.expression === undefined) return places;
  const named = new Set<string>();
  collectPositive(
    rule.expression,
    false,
    rule.rules.map(({ ref }) => ref),
    named,
  );
  return places.filter((i) => named.has(rule.rules[i]?.ref ?? ''));
}

function collectPositive(
  condition: Condition,
  negated: boolean,
  refs: readonly string[],
  out: Set<string>,
): void {
  switch (condition.kind) {
    case 'not':
      collectPositive(condition.arg, !negated, refs, out);
      return;
    case 'name':
      if (!negated) out.add(condition.name);
      return;
    case 'of':
      if (!negated) for (const name of matchingNames(refs, condition.pattern)) out.add(name);
      return;
    default:
      for (const arg of condition.args) collectPositive(arg, negated, refs, out);
  }
}

/** Raises what {@link correlationsSql} would, without tables. */
export function checkCorrelationSql(correlation: PlannedCorrelation, target: Target = 'duckdb'): void {
  const relations = new Map<PlannedCorrelation, string>();
  for (const input of correlation.inputs) if (isCorrelation(input)) relations.set(input, 'inner_');
  const tables: HitTables = { hits: 'h', records: 'r', texts: () => 't', ruleNumber: () => 0 };
  correlationSql(correlation, tables, relations, { target });
}
