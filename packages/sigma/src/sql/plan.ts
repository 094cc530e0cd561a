/**
 * A plan as one SQL condition, with the meaning `plan.ts` of the package gives it: two-valued, a missing field
 * satisfies no test.
 */
import type { Location } from '../errors.js';
import { plainText } from '../pattern.js';
import type { Plan } from '../plan.js';
import type { TableSource } from './fields.js';
import { comparable, containsAny, equalsAny, soughtAnywhere, textForms } from './string.js';
import { keywordSql, testSql } from './test.js';
import { nowhere } from './text.js';

/** A BOOLEAN expression over the table's columns that is never NULL. Raises `unsupported`. */
export function planSql(plan: Plan, table: TableSource, at: Location = nowhere): string {
  return `COALESCE(${conditionSql(plan, table, at)}, FALSE)`;
}

/**
 * The same for WHERE, CASE and FILTER: NULL may stand for FALSE. Databases stop early in such places, which
 * they do not do below COALESCE.
 */
export function conditionSql(plan: Plan, table: TableSource, at: Location = nowhere): string {
  return print(build(plan, table, at));
}

/** SQL that is known, or a constant still to be folded. */
type Built = boolean | { readonly sql: string; readonly nullable: boolean };

function print(built: Built): string {
  return typeof built === 'boolean' ? (built ? 'TRUE' : 'FALSE') : built.sql;
}

function build(plan: Plan, table: TableSource, at: Location): Built {
  switch (plan.op) {
    case 'constant':
      return plan.value;
    case 'not': {
      const arg = build(plan.arg, table, at);
      if (typeof arg === 'boolean') return !arg;
      return {
        sql: arg.nullable ? `NOT COALESCE(${arg.sql}, FALSE)` : `NOT (${arg.sql})`,
        nullable: false,
      };
    }
    case 'and':
    case 'or':
      return join(plan.op, plan.args, table, at);
    case 'keyword':
      return { sql: keywordSql(plan.test, table, at), nullable: true };
    case 'test': {
      const sql = testSql(plan, table, at);
      if (sql === undefined) return plan.test.kind === 'absent';
      return { sql, nullable: plan.test.kind !== 'absent' && plan.test.kind !== 'exists' };
    }
  }
}

function join(op: 'and' | 'or', args: readonly Plan[], table: TableSource, at: Location): Built {
  const decisive = op === 'or';
  const alternatives = new Alternatives();
  const parts: Exclude<Built, boolean>[] = [];
  for (const arg of args) {
    if (op === 'or' && alternatives.take(arg, table)) continue;
    const built = build(arg, table, at);
    if (built === decisive) return built;
    if (typeof built !== 'boolean') parts.push(built);
  }
  parts.unshift(...alternatives.sql(at).map((sql) => ({ sql, nullable: true })));
  const [only] = parts;
  if (only === undefined) return !decisive;
  if (parts.length === 1) return only;
  return {
    sql: `(${parts.map((part) => part.sql).join(op === 'or' ? ' OR ' : ' AND ')})`,
    nullable: parts.some((part) => part.nullable),
  };
}

/** Alternatives about one text of one field, brought together: whole texts, and texts sought anywhere. */
class Alternatives {
  readonly #whole = new Map<string, Set<string>>();
  readonly #anywhere = new Map<string, Set<string>>();

  /** Whether the alternative was taken. */
  take(plan: Plan, table: TableSource): boolean {
    if (plan.op !== 'test' || plan.test.kind !== 'string') return false;
    const source = table.fields(plan.field);
    if (source?.text === undefined || source.list !== undefined) return false;
    const value = textForms(source.text, source.folded, source.dashed);
    const { subject, pattern } = comparable(plan.test, value);
    const whole = plainText(pattern);
    if (whole !== undefined) return add(this.#whole, subject, whole);
    const sought = soughtAnywhere(pattern);
    return sought !== undefined && add(this.#anywhere, subject, sought);
  }

  sql(at: Location): string[] {
    const out: string[] = [];
    for (const [subject, texts] of this.#whole) out.push(...equalsAny(subject, [...texts], at));
    for (const [subject, texts] of this.#anywhere) out.push(...containsAny(subject, [...texts], at));
    return out;
  }
}

function add(lists: Map<string, Set<string>>, key: string, text: string): true {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, new Set([text]));
  else list.add(text);
  return true;
}
