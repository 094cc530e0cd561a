/**
 * Many rules over one table in few statements, each reading the table once.
 *
 * What rules read is worked out once in a relation `base`: every field, its folded text, its text with dashes
 * folded. For most rules some texts are known of which one has to be in a certain field (`anchors.ts`). These
 * are sought in the different values of the field, not in its rows, and groups of them with one regular
 * expression first. That leaves pairs of rows and rules that may belong together; only for those the rule
 * itself is evaluated. Rules without such texts are evaluated for every row.
 */

import type { Plan, PlannedRule } from '../plan.js';
import type { LogSource } from '../rule.js';
import { type Anchor, anchorsOf, longestText } from './anchors.js';
import { derive, Uses } from './derived.js';
import { type FieldSource, hasValues, type TableSource } from './fields.js';
import { conditionSql } from './plan.js';
import { regexSql } from './regex.js';
import { alternations } from './string.js';
import { integer, literal, nowhere, type Target } from './text.js';

export interface RulesOptions {
  /** Rules in one statement. More take longer to plan, fewer read the table more often. Default 1000. */
  readonly rulesPerStatement?: number;
  /** `anchors` (default) as described above; `plain`: every rule for every row. */
  readonly strategy?: 'anchors' | 'plain';
  readonly target?: Target;
}

interface Numbered {
  readonly number: number;
  readonly planned: PlannedRule;
}

/**
 * Statements that together give the pairs `(row_key, rule)` of rows and the rules they match, each once, in
 * no order. `rule` is the place of the rule in `rules`. Raises `unsupported`.
 */
export function rulesSql(
  rules: readonly PlannedRule[],
  table: TableSource,
  options: RulesOptions = {},
): string[] {
  const bySource = new Map<string, Numbered[]>();
  rules.forEach((planned, number) => {
    const filter = originSql(planned.rule.logsource, table);
    const held = bySource.get(filter);
    if (held === undefined) bySource.set(filter, [{ number, planned }]);
    else held.push({ number, planned });
  });
  const size = options.rulesPerStatement ?? 1000;
  const statements: string[] = [];
  for (const [filter, numbered] of bySource) {
    for (let start = 0; start < numbered.length; start += size) {
      const chunk = numbered.slice(start, start + size);
      const statement = statementSql(chunk, table, filter, options);
      if (statement !== undefined) statements.push(statement);
    }
  }
  return statements;
}

/** Rows that a rule about this log sees; empty for all. */
function originSql(source: LogSource, { origin }: TableSource): string {
  if (origin === undefined) return '';
  const parts: string[] = [];
  for (const key of ['product', 'category', 'service'] as const) {
    const wanted = source[key];
    const column = origin[key];
    if (wanted !== undefined && column !== undefined) {
      parts.push(`(${column} = ${literal(wanted)} OR ${column} IS NULL)`);
    }
  }
  return parts.join(' AND ');
}

/** A rule with its condition over `base b`. */
interface Compiled {
  readonly number: number;
  readonly condition: string;
  readonly anchors: readonly Anchor[] | undefined;
}

function statementSql(
  numbered: readonly Numbered[],
  table: TableSource,
  filter: string,
  { strategy = 'anchors', target = 'duckdb' }: RulesOptions,
): string | undefined {
  const uses = new Uses();
  const anchored = new Map<Numbered, readonly Anchor[]>();
  for (const rule of numbered) {
    uses.add(rule.planned.plan);
    // A field the table has no values of satisfies nothing, so anchors in it are none.
    const anchors =
      strategy === 'plain'
        ? undefined
        : anchorsOf(rule.planned.plan)?.filter(({ field }) => hasValues(table.fields(field)));
    if (anchors === undefined) continue;
    anchored.set(rule, anchors);
    for (const { field } of anchors) uses.of(field).folded = true;
  }
  const { columns, source } = derive(table, uses);
  const compiled = numbered
    .map((rule): Compiled => {
      const {
        plan,
        rule: { at },
      } = rule.planned;
      return { number: rule.number, condition: conditionSql(plan, source, at), anchors: anchored.get(rule) };
    })
    .filter(({ condition }) => condition !== 'FALSE');
  const ctes = [
    `base AS (SELECT ${columns.join(', ')} FROM ${table.relation}${filter === '' ? '' : ` WHERE ${filter}`})`,
  ];
  const results: string[] = [];
  const plain = compiled.filter(({ anchors }) => anchors === undefined);
  if (plain.length > 0) results.push(everyRow(plain, target));
  const indexed = compiled.filter(({ anchors }) => anchors !== undefined && anchors.length > 0);
  if (indexed.length > 0) {
    ctes.push(...candidateCtes(indexed, source, target));
    results.push(candidatesOnly(indexed));
  }
  if (results.length === 0) return undefined;
  return `WITH ${ctes.join(',\n')}\n${results.join('\nUNION ALL\n')}`;
}

/** `key` with each of the numbers that are not NULL. */
function eachRule(key: string, numbers: readonly string[], from: string, target: Target): string {
  const list = `[${numbers.join(', ')}]`;
  if (target === 'duckdb') {
    return `SELECT ${key}, unnest(list_filter(${list}, sigma_n -> sigma_n IS NOT NULL)) AS rule FROM ${from}`;
  }
  const name = key.slice(key.indexOf('.') + 1);
  return (
    `SELECT s.${name}, u.rule FROM (SELECT ${key}, ${list} AS rules FROM ${from}) AS s ` +
    'CROSS JOIN UNNEST(s.rules) AS u(rule) WHERE u.rule IS NOT NULL'
  );
}

/** Trino takes 254 elements in an array at most. */
const listSize = 200;

/** Evaluates rules for every row. */
function everyRow(rules: readonly Compiled[], target: Target): string {
  const parts: string[] = [];
  for (let start = 0; start < rules.length; start += listSize) {
    const cases = rules
      .slice(start, start + listSize)
      .map(({ number, condition }) => `CASE WHEN ${condition} THEN ${integer(number)} END`);
    parts.push(eachRule('b.row_key', cases, 'base b', target));
  }
  return parts.join('\nUNION ALL\n');
}

/** Rules between two steps of the look-up of a rule's condition. */
const bucketSize = 32;

/** Evaluates rules for the rows they are candidates of. */
function candidatesOnly(rules: readonly Compiled[]): string {
  const buckets: string[] = [];
  for (let start = 0; start < rules.length; start += bucketSize) {
    const bucket = rules.slice(start, start + bucketSize);
    const whens = bucket.map(({ number, condition }) => `WHEN ${integer(number)} THEN ${condition}`);
    buckets.push(
      `WHEN c.rule <= ${(bucket.at(-1) as Compiled).number} THEN CASE c.rule ${whens.join(' ')} END`,
    );
  }
  return (
    'SELECT c.row_key, c.rule FROM candidates c JOIN base b ON b.row_key = c.row_key ' +
    `WHERE CASE ${buckets.join(' ')} END`
  );
}

/** Rules of one group and texts of which each of its anchors contains one. */
interface Group {
  readonly rules: string[];
  /** `undefined`: some anchor has no text. */
  readonly texts: Set<string> | undefined;
  characters: number;
}

const groupRules = 60;
const groupCharacters = 3000;
/** Fewer texts than this are not worth an expression before them. */
const fewTexts = 20;
/** Of a longer text the end is sought. */
const longText = 16;

/** Relations `values_n` and `hits_n` for each field with anchors, and `candidates` of all. */
function candidateCtes(rules: readonly Compiled[], source: TableSource, target: Target): string[] {
  const byField = new Map<string, { number: number; patterns: Anchor['patterns'] }[]>();
  for (const { number, anchors } of rules) {
    const mine = new Map<string, Anchor['patterns'][number][]>();
    for (const { field, patterns } of anchors as readonly Anchor[]) {
      mine.set(field, [...(mine.get(field) ?? []), ...patterns]);
    }
    for (const [field, patterns] of mine) {
      const list = byField.get(field);
      if (list === undefined) byField.set(field, [{ number, patterns }]);
      else list.push({ number, patterns });
    }
  }
  const ctes: string[] = [];
  const links: string[] = [];
  let n = 0;
  for (const [field, anchors] of byField) {
    const { folded, list } = source.fields(field) as FieldSource;
    const texts =
      folded === undefined
        ? []
        : [`SELECT b.row_key, ${folded} AS v FROM base b WHERE ${folded} IS NOT NULL`];
    if (list !== undefined) {
      texts.push(`SELECT b.row_key, lower(u.x) AS v FROM base b CROSS JOIN UNNEST(${list}) AS u(x)`);
    }
    const all = `(${texts.join(' UNION ALL ')})`;
    ctes.push(`values_${n} AS (SELECT DISTINCT a.v FROM ${all} AS a)`);
    ctes.push(
      `hits_${n} AS (${groupsOf(anchors)
        .map((group) => groupSql(group, `values_${n}`, target))
        .join(' UNION ALL ')})`,
    );
    links.push(`SELECT a.row_key, h.rule FROM ${all} AS a JOIN hits_${n} h ON h.v = a.v`);
    n++;
  }
  // Brought together before rules are evaluated: otherwise the long condition is set up once for each link.
  ctes.push(`candidates AS (SELECT DISTINCT l.row_key, l.rule FROM (${links.join(' UNION ALL ')}) AS l)`);
  return ctes;
}

function groupsOf(anchors: readonly { number: number; patterns: Anchor['patterns'] }[]): Group[] {
  const groups: Group[] = [];
  let guarded: Group | undefined;
  let open: Group | undefined;
  for (const { number, patterns } of anchors) {
    const condition = conditionSql(
      {
        op: 'or',
        args: patterns.map(
          (pattern): Plan => ({
            op: 'test',
            field: '',
            test: { kind: 'string', pattern, cased: true, dash: false },
          }),
        ),
      },
      { relation: '', key: '', fields: () => ({ text: 'a.v' }) },
      nowhere,
    );
    const rule = `CASE WHEN ${condition} THEN ${integer(number)} END`;
    const texts = patterns.map((pattern) => [...longestText(pattern)].slice(-longText).join(''));
    if (texts.includes('')) {
      if (open === undefined || open.rules.length >= groupRules) {
        open = { rules: [], texts: undefined, characters: 0 };
        groups.push(open);
      }
      open.rules.push(rule);
      continue;
    }
    if (
      guarded === undefined ||
      guarded.rules.length >= groupRules ||
      guarded.characters >= groupCharacters
    ) {
      guarded = { rules: [], texts: new Set(), characters: 0 };
      groups.push(guarded);
    }
    guarded.rules.push(rule);
    for (const text of texts) {
      if (guarded.texts?.has(text)) continue;
      guarded.texts?.add(text);
      guarded.characters += text.length + 1;
    }
  }
  return groups;
}

function groupSql({ rules, texts }: Group, values: string, target: Target): string {
  const guard =
    texts === undefined || texts.size < fewTexts
      ? ''
      : ` WHERE ${alternations(texts)
          .map((expression) => regexSql('a.v', expression))
          .join(' OR ')}`;
  return eachRule('a.v', rules, `${values} a${guard}`, target);
}
