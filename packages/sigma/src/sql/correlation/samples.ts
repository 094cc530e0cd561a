/** The values records bring to `value_*` correlations. */
import type { PlannedCorrelation } from '../../plan.js';
import { numberOf } from '../test.js';
import { expand, type Relations } from './combinations.js';
import { groupNames, type HitTables } from './hits.js';

/**
 * Select of `(row_key, time_ms, v, g0, …)`: one row for each value of a record in a group. `hits` is the
 * relation of hits, `entries` that of the different `(row_key, time_ms, g0, …)` in it.
 */
export function samplesSql(
  correlation: PlannedCorrelation,
  tables: HitTables,
  relations: Relations,
  hits: string,
  entries: string,
): string {
  const { type, countedFields } = correlation.rule;
  if (type === 'value_count' && countedFields.length > 1) {
    return tuplesSql(correlation, tables, relations, hits);
  }
  const texts = tables.texts(countedFields[0] ?? '');
  const groups = groupNames(correlation);
  const row = (value: string) =>
    `SELECT ${['e.row_key', 'e.time_ms', `${value} AS v`, ...groups.map((g) => `e.${g}`)].join(', ')}`;
  const held =
    `SELECT ${['e.row_key', 'e.time_ms', ...groups.map((g) => `e.${g}`)].join(', ')}, ${texts} AS texts ` +
    `FROM ${entries} e JOIN ${tables.records} r ON r.row_key = e.row_key`;
  const isText = type === 'value_count';
  const own = `${row(isText ? 'u.x' : numberOf('u.x'))} FROM (${held}) AS e CROSS JOIN UNNEST(e.texts) AS u(x)`;
  // Firings stand in where the record has no value of the field.
  const firings =
    `${row(isText ? valueText('e.inner_value') : 'e.inner_value')} FROM ${hits} e ` +
    `JOIN ${tables.records} r ON r.row_key = e.row_key ` +
    `WHERE e.inner_value IS NOT NULL AND array_length(${texts}) = 0`;
  if (isText) return `${own} UNION ALL ${firings}`;
  // Finite numbers only.
  return `SELECT * FROM (${own}) AS n WHERE abs(n.v) <= CAST('1.7976931348623157e308' AS DOUBLE) UNION ALL ${firings}`;
}

/** Combinations of several fields, as one text each; the value of a firing for fields without a value. */
function tuplesSql(
  correlation: PlannedCorrelation,
  tables: HitTables,
  relations: Relations,
  hits: string,
): string {
  const groups = groupNames(correlation);
  const kept = ['row_key', 'time_ms', 'inner_text', ...groups];
  const { countedFields } = correlation.rule;
  const lists = countedFields.map((field, j) => {
    const texts = tables.texts(field);
    return (
      `CASE WHEN array_length(${texts}) > 0 OR e.inner_value IS NULL THEN ${texts} ` +
      `ELSE [${valueText('e.inner_value')}] END AS list_${j}`
    );
  });
  const different =
    `SELECT DISTINCT row_key, time_ms, inner_value, COALESCE(CAST(inner_value AS VARCHAR), '') AS inner_text` +
    `${groups.map((group) => `, ${group}`).join('')} FROM ${hits}`;
  const name = relations.add(
    'counted',
    `SELECT ${[...kept.map((column) => `e.${column}`), ...lists].join(', ')} FROM (${different}) AS e ` +
      `JOIN ${tables.records} r ON r.row_key = e.row_key`,
  );
  const rows = expand(relations, {
    name,
    kept,
    lists: countedFields.map((_, j) => ({ list: `list_${j}`, value: `x${j}` })),
    identity: ['row_key', 'inner_text', ...groups],
  });
  // Lengths keep the texts apart.
  const tuple = countedFields.map((_, j) => `CAST(length(x${j}) AS VARCHAR) || ':' || x${j}`).join(' || ');
  return `SELECT ${['row_key', 'time_ms', `${tuple} AS v`, ...groups].join(', ')} FROM (${rows}) AS e`;
}

/** The text JavaScript gives a number, as far as it is whole; counts are. */
function valueText(value: string): string {
  return (
    `CASE WHEN ${value} = floor(${value}) AND abs(${value}) < 1000000000000000 ` +
    `THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) ELSE CAST(${value} AS VARCHAR) END`
  );
}
