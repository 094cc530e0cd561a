/**
 * How the fields of a rule are read from a table.
 *
 * A field may hold no value, one or several (see `event.ts`). A row with one value has it in `text`, a row
 * with several has them in `list`; a table may offer either or both, and then a row fills one of them and
 * leaves the other NULL. All expressions may name any column of the relation.
 */
import { identifier } from './text.js';

export interface FieldSource {
  /** VARCHAR: the text of the value (see `scalarText`), or NULL. */
  readonly text?: string;
  /** VARCHAR, the same text folded (see `fold`), where the table already holds it. */
  readonly folded?: string;
  /** VARCHAR, the folded text with dashes folded (see `foldDashes`), where the table already holds it. */
  readonly dashed?: string;
  /** VARCHAR[] without NULLs in it: the texts of several values, or NULL. */
  readonly list?: string;
  /** BOOLEAN, never NULL: the field is there, null too. Default: it holds a value. */
  readonly present?: string;
  /** BOOLEAN, never NULL: the field is missing or null. Default: it holds no value. */
  readonly absent?: string;
}

/** Whether a source gives values at all, and not only whether the field is there. */
export function hasValues(source: FieldSource | undefined): source is FieldSource {
  return source?.text !== undefined || source?.list !== undefined;
}

/** `undefined`: the table has no such field, so tests of it are false and `absent` is true. */
export type FieldMap = (field: string) => FieldSource | undefined;

/** Stands between the values of `keywordText`. A private character, so that it hardly occurs in logs. */
export const keywordSeparator = '\u{10fffe}';

export interface TableSource {
  /** What stands after FROM: a table name, quoted, or a subquery in parentheses. */
  readonly relation: string;
  readonly fields: FieldMap;
  /**
   * VARCHAR: every scalar of the record, with {@link keywordSeparator} between them. Answers keywords that are
   * sought anywhere in a value; other keywords split it, unless `keywordList` is given.
   */
  readonly keywordText?: string;
  /** VARCHAR, `keywordText` folded, where the table already holds it. */
  readonly keywordFolded?: string;
  /** VARCHAR[] without NULLs: every scalar of the record. */
  readonly keywordList?: string;
  /**
   * VARCHAR or NULL: what the log the row came from is called. A rule sees the row unless its `logsource` says
   * something else than these do. Absent: every rule sees every row.
   */
  readonly origin?: { readonly product?: string; readonly category?: string; readonly service?: string };
  /** Identifies a row; with `time` it also orders rows. */
  readonly key: string;
  /** BIGINT, milliseconds since 1970 in UTC, or NULL. Needed for correlations. */
  readonly time?: string;
}

/** What a column of an ordinary table holds. */
export type ColumnType = 'text' | 'integer' | 'double' | 'boolean' | 'list';

/**
 * Fields that are columns of a table, by field name. A NULL is a missing field.
 *
 * Numbers are given the text JavaScript would give them; a DOUBLE with a fraction or beyond 15 digits has the
 * text the database gives it.
 */
export function columnFields(columns: ReadonlyMap<string, { column: string; type: ColumnType }>): FieldMap {
  return (field) => {
    const found = columns.get(field);
    if (found === undefined) return undefined;
    const column = identifier(found.column);
    switch (found.type) {
      case 'text':
        return { text: column };
      case 'list':
        return { list: column, present: `(${column} IS NOT NULL)`, absent: `(${column} IS NULL)` };
      case 'boolean':
        return { text: `CASE WHEN ${column} THEN 'true' WHEN NOT ${column} THEN 'false' END` };
      case 'integer':
        return { text: `CAST(${column} AS VARCHAR)` };
      case 'double':
        return {
          text:
            `CASE WHEN ${column} = floor(${column}) AND abs(${column}) < 1000000000000000 ` +
            `THEN CAST(CAST(${column} AS BIGINT) AS VARCHAR) ELSE CAST(${column} AS VARCHAR) END`,
        };
    }
  };
}
