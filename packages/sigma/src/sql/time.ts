/**
 * Times as SQL, with the grammar of `correlate/time.ts`: plain decimal numbers count from 1970 in a unit told
 * by their number of digits, other text is ISO 8601. Built from whole numbers only, so no time zone of a
 * session and no date format of a database has a say.
 */
import type { TimeTest } from '../plan.js';
import { regexSql } from './regex.js';

const longest = 64;
const epochText = '^0*[0-9]{1,20}(?:\\.[0-9]*)?\\z';
const isoText =
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}' +
  '(?:[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\\.[0-9]+)?)?' +
  '(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?\\z';

/** BIGINT: the text of a value as milliseconds since 1970, or NULL when it is no time. */
export function millisecondsSql(text: string): string {
  const isTime = (expression: string) => `${regexSql(text, expression)} AND length(${text}) <= ${longest}`;
  return `CASE WHEN ${isTime(epochText)} THEN ${epochSql(text)} WHEN ${isTime(isoText)} THEN ${isoSql(text)} END`;
}

/** A run of digits as a number; 0 when there is none. */
function number(digits: string): string {
  return `COALESCE(TRY_CAST(${digits} AS BIGINT), 0)`;
}

/** The first three digits after the point. */
function thousandths(text: string): string {
  return number(`rpad(regexp_extract(${text}, '[.]([0-9]{1,3})', 1), 3, '0')`);
}

function epochSql(text: string): string {
  const whole = `regexp_extract(${text}, '^0*([0-9]+)', 1)`;
  const without = (last: number) => number(`substr(${whole}, 1, length(${whole}) - ${last})`);
  return (
    `CASE WHEN length(${whole}) <= 11 THEN ${number(whole)} * 1000 + ${thousandths(text)} ` +
    `WHEN length(${whole}) <= 14 THEN ${number(whole)} ` +
    `WHEN length(${whole}) <= 17 THEN ${without(3)} ELSE ${without(6)} END`
  );
}

/** Every part but the last two has its place: `YYYY-MM-DDTHH:MM:SS`. */
function isoSql(text: string): string {
  const days = `date_diff('day', DATE '1970-01-01', TRY_CAST(substr(${text}, 1, 10) AS DATE))`;
  const minutes = `${days} * 1440 + ${number(`substr(${text}, 12, 2)`)} * 60 + ${number(`substr(${text}, 15, 2)`)}`;
  const seconds = `CASE WHEN substr(${text}, 17, 1) = ':' THEN ${number(`substr(${text}, 18, 2)`)} ELSE 0 END`;
  // Without its colon, so that the digits have their places.
  const zone = `replace(regexp_extract(substr(${text}, 12), '[+-][0-9:]+'), ':', '')`;
  const offset =
    `(${number(`substr(${zone}, 2, 2)`)} * 60 + ${number(`substr(${zone}, 4, 2)`)}) ` +
    `* CASE WHEN substr(${zone}, 1, 1) = '-' THEN -1 ELSE 1 END`;
  return `(${minutes} - ${offset}) * 60000 + ${seconds} * 1000 + ${thousandths(text)}`;
}

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' } as const;

/** Whether a part of the time a text tells, in UTC, stands in the relation; NULL when it tells none. */
export function timePartSql(test: TimeTest, text: string): string {
  return `${partSql(test.part, millisecondsSql(text))} ${operators[test.op]} ${partValue(test.value)}`;
}

function partSql(part: TimeTest['part'], milliseconds: string): string {
  const count = (unit: number) => `CAST(floor((${milliseconds}) / ${unit}.0) AS BIGINT)`;
  switch (part) {
    case 'minute':
      return `((${count(60_000)} % 60 + 60) % 60)`;
    case 'hour':
      return `((${count(3_600_000)} % 24 + 24) % 24)`;
    default:
      return `extract(${part} FROM (DATE '1970-01-01' + ${count(86_400_000)} * INTERVAL '1' DAY))`;
  }
}

/** Parts are whole numbers, but a rule may compare them with any number. */
function partValue(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : `CAST('${value}' AS DOUBLE)`;
}
