/**
 * When a record happened. One grammar for every log:
 *
 * - A number, or text that is a plain decimal number, counts from 1970 in the unit its size suggests: below
 *   1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds, below 1e20 nanoseconds. So each unit
 *   reaches the year 5138. Not negative.
 * - Text in ISO 8601: `YYYY-MM-DD`, then optionally `T` or a space and `HH:MM`, `HH:MM:SS` or
 *   `HH:MM:SS.fraction`, then optionally `Z`, `±HH:MM`, `±HHMM` or `±HH`. Without a zone it is UTC; without a
 *   time of day it is midnight. Second 60 is the first of the next minute.
 *
 * Nothing depends on the locale or time zone of the machine. Times are whole milliseconds; what is finer is
 * cut off.
 */
import type { Event, Scalar } from '../event.js';
import { fieldReader } from './fields.js';

/** Fields that tell when a record happened, the first that holds a time wins. */
export const timeFields: readonly string[] = [
  '@timestamp',
  'timestamp',
  'EventTime',
  'TimeCreated',
  'eventTime',
  'UtcTime',
  'published',
  'createdDateTime',
  'CreationTime',
  'time',
  'ts',
  '_time',
  'created_at',
  'event_time',
  'date_create',
  'event_ts',
  'id.time',
  'Event.System.TimeCreated.#attributes.SystemTime',
];

/**
 * The time of a record in milliseconds since 1970, from the first of `fields` that holds one. Times before
 * 1970 are taken for fillers (`0001-01-01`, `1601-01-01`, -1) and passed over. Never throws.
 */
export function eventTime(event: Event, fields: readonly string[] = timeFields): number | undefined {
  for (const field of fields) {
    const held = readerFor(field)(event);
    for (const value of typeof held === 'object' ? held : [held]) {
      const time = parseTime(value);
      if (time !== undefined && time >= 0) return time;
    }
  }
  return undefined;
}

const readers = new Map(timeFields.map((field) => [field, fieldReader(field)]));

function readerFor(field: string) {
  return readers.get(field) ?? fieldReader(field);
}

/** One value as milliseconds since 1970, or `undefined` when it is no time. */
export function parseTime(value: Scalar): number | undefined {
  if (typeof value === 'number') return parseText(String(value));
  return typeof value === 'string' ? parseText(value) : undefined;
}

const decimal = /^0*(\d{1,20})(?:\.(\d*))?$/;
const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/;

function parseText(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const number = decimal.exec(text);
  if (number !== null) return fromEpoch(number[1] as string, number[2] ?? '');
  const parts = iso.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [hour, minute, second] = [Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  const [zoneHour, zoneMinute] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) return undefined;
  const zone = (zoneHour * 60 + zoneMinute) * (parts[8] === '-' ? -1 : 1);
  const minutes = dayNumber(year, month, day) * 1440 + hour * 60 + minute - zone;
  return minutes * 60_000 + second * 1000 + milliseconds(parts[7] ?? '');
}

/** Digits before and after the point, in the unit their number suggests. */
function fromEpoch(whole: string, fraction: string): number {
  if (whole.length <= 11) return Number(whole) * 1000 + milliseconds(fraction);
  if (whole.length <= 14) return Number(whole);
  return Number(whole.slice(0, whole.length <= 17 ? -3 : -6));
}

/** The first three digits of a fraction of a second. */
function milliseconds(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to a date of the Gregorian calendar, for years 0 to 9999. */
function dayNumber(year: number, month: number, day: number): number {
  // Counted from March, so that the leap day is the last of its year.
  const from = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const years = from * 365 + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400);
  return years + Math.floor((months * 153 + 2) / 5) + day - 1 - 719_468;
}
