/** Regular expressions in SQL. */
import type { Location } from '../errors.js';
import type { RegexTest } from '../plan.js';
import { literal } from './text.js';

/** Whether the text contains a match of an expression in RE2 syntax; NULL for a NULL text. */
export function regexSql(text: string, expression: string, at?: Location): string {
  return `regexp_matches(${text}, ${literal(guarded(expression), at)})`;
}

/**
 * DuckDB turns expressions of simple shape into LIKE, and gets some with an anchor in an odd place wrong:
 * `^^` finds nothing, `$.` finds everything. It leaves those with a group alone.
 */
function guarded(expression: string): string {
  return /[$^]|\\[Az]/.test(expression) ? `(${expression})` : expression;
}

/** The expression of a test. Flags stand in it: the flag argument is not the same everywhere. */
export function regexText(test: RegexTest): string {
  const flags = `${test.ignoreCase ? 'i' : ''}${test.multiline ? 'm' : ''}${test.dotAll ? 's' : ''}`;
  return (flags === '' ? '' : `(?${flags})`) + test.source;
}
