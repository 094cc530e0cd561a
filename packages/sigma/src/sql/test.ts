/**
 * Tests of fields as SQL.
 *
 * Every expression made here is TRUE where the test holds and FALSE or NULL where it does not. `plan.ts` sees
 * to it that NULL never reaches a NOT.
 */
import type { Location } from '../errors.js';
import type { FieldTest, NumberTest, RegexTest, StringTest, Test, TestPlan } from '../plan.js';
import { networkRegex } from './cidr.js';
import { type FieldSource, hasValues, keywordSeparator, type TableSource } from './fields.js';
import { regexSql, regexText } from './regex.js';
import { comparable, patternSql, soughtAnywhere, textForms, type ValueSql } from './string.js';
import { double, literal, unsupported } from './text.js';
import { timePartSql } from './time.js';

/** `undefined` where the table has nothing of the field to test: the test is then false, `absent` true. */
export function testSql({ field, test }: TestPlan, table: TableSource, at: Location): string | undefined {
  const source = table.fields(field);
  if (source === undefined) return undefined;
  switch (test.kind) {
    case 'absent':
      return absentSql(source);
    case 'exists':
      return presentSql(source);
    case 'field': {
      const other = table.fields(test.other);
      return hasValues(source) && hasValues(other) ? fieldSql(test, source, other) : undefined;
    }
    default:
      return hasValues(source) ? anyValue(source, (value) => valueSql(test, value, at)) : undefined;
  }
}

/** A keyword; `undefined` where the table has nothing to seek in. */
export function keywordSql(test: StringTest | RegexTest, table: TableSource, at: Location): string {
  const { keywordText, keywordFolded, keywordList } = table;
  if (keywordText !== undefined && test.kind === 'string') {
    // Found in one value is found in the joined text, unless the separator is part of what is sought.
    const { subject, pattern } = comparable(test, textForms(keywordText, keywordFolded));
    const text = soughtAnywhere(pattern);
    if (text !== undefined && !text.includes(keywordSeparator)) return patternSql(subject, pattern, at);
  }
  const list =
    keywordList ??
    (keywordText === undefined ? undefined : `string_split(${keywordText}, ${literal(keywordSeparator)})`);
  if (list === undefined) unsupported('keywords need a table that offers the whole record', at);
  return anyValue({ list }, (value) => valueSql(test, value, at));
}

/** The field is there, null too. */
export function presentSql(source: FieldSource): string {
  return source.present ?? `NOT ${noValue(source)}`;
}

/** The field is missing or null. */
export function absentSql(source: FieldSource): string {
  return source.absent ?? noValue(source);
}

function noValue({ text, list }: FieldSource): string {
  const parts = [text, list].filter((part) => part !== undefined).map((part) => `${part} IS NULL`);
  return parts.length === 0 ? 'TRUE' : `(${parts.join(' AND ')})`;
}

/** Whether any value of the field satisfies the predicate. */
function anyValue(source: FieldSource, predicate: (value: ValueSql) => string, variable = 'sigma_a'): string {
  const parts: string[] = [];
  if (source.text !== undefined) parts.push(predicate(textForms(source.text, source.folded, source.dashed)));
  if (source.list !== undefined) {
    // The one form of "any" that Trino has too once translated.
    const each = `list_transform(${source.list}, ${variable} -> ${predicate(textForms(variable))})`;
    parts.push(`list_contains(${each}, TRUE)`);
  }
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' OR ')})`;
}

type ValueTest = Exclude<Test, FieldTest | { kind: 'absent' } | { kind: 'exists' }>;

/** A test of one value. */
export function valueSql(test: ValueTest, value: ValueSql, at: Location): string {
  switch (test.kind) {
    case 'string': {
      const { subject, pattern } = comparable(test, value);
      return patternSql(subject, pattern, at);
    }
    case 'regex':
      return regexSql(value.raw, regexText(test), at);
    case 'number':
      return numberSql(test, value.raw, at);
    case 'cidr':
      return regexSql(value.raw, networkRegex(test.network), at);
    case 'time':
      return timePartSql(test, value.raw);
  }
}

/** Texts `scalarNumber` reads as numbers. */
export const decimalText = '^[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?\\z';
/** Longer texts are no numbers. */
const longestNumber = 400;

/** DOUBLE, or NULL for a text that is no decimal number. */
export function numberOf(text: string): string {
  return (
    `CASE WHEN ${regexSql(text, decimalText)} AND length(${text}) <= ${longestNumber} ` +
    `THEN TRY_CAST(${text} AS DOUBLE) END`
  );
}

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' } as const;

function numberSql(test: NumberTest, text: string, at: Location): string {
  return `(${numberOf(text)}) ${operators[test.op]} ${double(test.value, at)}`;
}

function fieldSql(test: FieldTest, source: FieldSource, other: FieldSource): string {
  return anyValue(source, (value) =>
    anyValue(
      other,
      (sought) =>
        test.cased
          ? relationSql(test.relation, value.raw, sought.raw)
          : relationSql(test.relation, value.folded, sought.folded),
      'sigma_b',
    ),
  );
}

function relationSql(relation: FieldTest['relation'], text: string, sought: string): string {
  switch (relation) {
    case 'equals':
      return `${text} = ${sought}`;
    case 'contains':
      return `strpos(${text}, ${sought}) > 0`;
    case 'startswith':
      return `starts_with(${text}, ${sought})`;
    case 'endswith':
      return (
        `(length(${sought}) <= length(${text}) AND ` +
        `substr(${text}, length(${text}) - length(${sought}) + 1) = ${sought})`
      );
  }
}
