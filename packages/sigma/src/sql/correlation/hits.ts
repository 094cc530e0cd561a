/** Hits of the inputs of a correlation, each in the groups it belongs to. */
import { isCorrelation, type PlannedCorrelation, type PlannedRule } from '../../plan.js';
import { integer } from '../text.js';
import { expand, type Relations } from './combinations.js';

export interface HitTables {
  /** Relation `(row_key, rule)`: which detection rules a record matched, by the number `ruleNumber` gives. */
  readonly hits: string;
  /** Relation with one row for each of these records: `row_key`, `time_ms` (BIGINT, never NULL), and field columns. */
  readonly records: string;
  /** VARCHAR[] without NULLs, never NULL: the texts of a field, over the records relation called `r`. */
  readonly texts: (field: string) => string;
  readonly ruleNumber: (rule: PlannedRule) => number;
}

/** `g0`, `g1`, …: one for each group-by entry. */
export function groupNames({ rule }: PlannedCorrelation): string[] {
  return rule.groupBy.map((_, j) => `g${j}`);
}

/**
 * Select of `(row_key, time_ms, input, inner_value, g0, …)`: one row for each hit and group. `inner_value` is
 * the value of the firing that is the hit, NULL for a match. `firings`: the relation of an inner correlation.
 */
export function hitsSql(
  correlation: PlannedCorrelation,
  tables: HitTables,
  firings: (inner: PlannedCorrelation) => string,
  relations: Relations,
): string {
  const parts = correlation.inputs.map((input, index) => {
    const inner = isCorrelation(input) ? input : undefined;
    const own = inner === undefined ? [] : inner.rule.groupBy;
    const columns = ['r.row_key', 'r.time_ms'];
    const kept = ['row_key', 'time_ms', 'inner_value'];
    columns.push(`${inner === undefined ? 'CAST(NULL AS DOUBLE)' : 'f.value'} AS inner_value`);
    // The groups of a firing tell it from others of its record.
    const identity = ['row_key', ...own.map((_, j) => `i${j}`)];
    own.forEach((_, j) => {
      columns.push(`f.g${j} AS i${j}`);
      kept.push(`i${j}`);
    });
    const lists: { list: string; value: string }[] = [];
    for (const [j, field] of (correlation.groupFields[index] ?? []).entries()) {
      const place = own.indexOf(field);
      if (place >= 0) {
        columns.push(`f.g${place} AS g${j}`);
        kept.push(`g${j}`);
      } else {
        columns.push(`${tables.texts(field)} AS list_${j}`);
        lists.push({ list: `list_${j}`, value: `g${j}` });
      }
    }
    const from =
      inner === undefined
        ? `${tables.hits} h JOIN ${tables.records} r ON r.row_key = h.row_key ` +
          `WHERE h.rule = ${integer(tables.ruleNumber(input as PlannedRule))}`
        : `${firings(inner)} f JOIN ${tables.records} r ON r.row_key = f.row_key`;
    const name = relations.add(`input_${index}`, `SELECT ${columns.join(', ')} FROM ${from}`);
    const rows = expand(relations, { name, kept, lists, identity });
    const wanted = [
      'row_key',
      'time_ms',
      `${integer(index)} AS input`,
      'inner_value',
      ...groupNames(correlation),
    ];
    return `SELECT ${wanted.join(', ')} FROM (${rows}) AS e`;
  });
  return parts.join(' UNION ALL ');
}
