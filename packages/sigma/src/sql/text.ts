/**
 * The one place where text becomes SQL: literals, identifiers and numbers. Everything that comes from a rule,
 * a record or a caller goes through here.
 */
import { type Location, SigmaError } from '../errors.js';

/**
 * What the SQL is for. `duckdb` (the default everywhere): DuckDB from 1.4. `portable`: the same SQL without what
 * cannot be translated, slower in places; translators make it SQL for Trino and others.
 */
export type Target = 'duckdb' | 'portable';

/** Where a problem is reported when the caller named no rule. */
export const nowhere: Location = { file: '', line: 1, column: 1 };

/** Raises the problem of correct Sigma that SQL cannot say. */
export function unsupported(message: string, at: Location = nowhere): never {
  throw new SigmaError([{ code: 'unsupported', severity: 'error', message, at }]);
}

/**
 * A text literal. NUL, which would end the statement, is written `chr(0)`. Raises `unsupported` for half a
 * surrogate pair: UTF-8 has no such text.
 */
export function literal(text: string, at: Location = nowhere): string {
  if (!isWellFormed(text)) unsupported('a text with half a surrogate pair cannot be written in SQL', at);
  const quoted = text.split('\0').map((piece) => `'${piece.replaceAll("'", "''")}'`);
  return quoted.length === 1 ? (quoted[0] as string) : `(${quoted.join(' || chr(0) || ')})`;
}

/** A quoted identifier. Raises `unsupported` for names SQL text cannot hold. */
export function identifier(name: string, at: Location = nowhere): string {
  if (name === '' || name.includes('\0') || !isWellFormed(name)) {
    unsupported(`${JSON.stringify(name)} cannot be the name of a column or table`, at);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DOUBLE. Written as a cast so that no target reads it as a decimal. */
export function double(value: number, at: Location = nowhere): string {
  if (!Number.isFinite(value)) unsupported(`${value} is not a number SQL can compare with`, at);
  return `CAST('${value}' AS DOUBLE)`;
}

/** A whole number. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  return String(value);
}

/** Number of code points: what SQL counts as characters. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

const halfPair = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function isWellFormed(text: string): boolean {
  return !halfPair.test(text);
}
