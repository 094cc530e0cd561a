import { clock, date } from './canonical.js';
import type { Column } from './load.js';

/** What the values of a column look like. Shares are of the filled values, 0 to 1. */
export interface Profile {
  column: string;
  filled: number;
  distinct: number;
  averageLength: number;
  averageWords: number;
  emails: number;
  dates: number;
  /** Of the dates with the year last: how many say day or month above 12 first, and second. */
  above12First: number;
  above12Second: number;
  /** Digits, perhaps with separators, a sign or a currency, but no letters. */
  numeric: number;
  /** Numbers with a fraction or a currency, and times: something measured. */
  measured: number;
  /** Digits with + or brackets or three groups: as only phones are written. */
  phones: number;
  letters: number;
}

/** Records looked at for a column's shape; the counts of filled and distinct values are of all records. */
const sampled = 20_000;

/** The numbers of some records, the same whatever the order of rows: every so manieth of them, evenly. */
export function sample(records: number): number[] {
  const step = Math.max(1, records / sampled);
  return Array.from({ length: Math.min(records, sampled) }, (_, i) => Math.floor(i * step));
}

/** Longest beginning of a value whose shape is looked at. */
const looked = 200;

/** Profiles of columns, in order. */
export function profile(columns: readonly Column[]): Profile[] {
  return columns.map((column) => {
    const { filled, distinct } = fill(column);
    const shape = emptyShape(column.name, filled, distinct);
    let seen = 0;
    // Of few filled cells all are looked at: a sample of all records would hold hardly one.
    const step = Math.max(1, filled / sampled);
    let at = 0;
    let next = 0;
    for (const number of column.of) {
      const words = number < 0 ? undefined : column.words[number];
      if (words === undefined || at++ < next) continue;
      next += step;
      seen++;
      look(shape, (column.texts[number] ?? '').trim().slice(0, looked), words);
    }
    return average(shape, seen);
  });
}

function fill(column: Column): { filled: number; distinct: number } {
  let filled = 0;
  for (const number of column.of) if (number >= 0 && column.words[number] !== undefined) filled++;
  return { filled, distinct: new Set(column.words.filter((words) => words !== undefined)).size };
}

function emptyShape(column: string, filled: number, distinct: number): Profile {
  return {
    column,
    filled,
    distinct,
    averageLength: 0,
    averageWords: 0,
    emails: 0,
    dates: 0,
    above12First: 0,
    above12Second: 0,
    numeric: 0,
    measured: 0,
    phones: 0,
    letters: 0,
  };
}

function look(shape: Profile, value: string, words: string): void {
  shape.averageLength += value.length;
  shape.averageWords += words.split(' ').length;
  shape.emails += Number(/^[^@\s]+@[^@\s]+$/.test(value));
  shape.dates += Number(isDate(value));
  shape.above12First += Number(/^(1[3-9]|2[0-9]|3[01])[-/. ]/.test(value));
  shape.above12Second += Number(/^[0-9]{1,2}[-/. ](1[3-9]|2[0-9]|3[01])[-/. ]/.test(value));
  shape.letters += Number(/\p{L}/u.test(value));
  shape.numeric += Number(/[0-9]/.test(value) && !/\p{L}/u.test(value));
  shape.measured += Number(
    clock.test(value) || /^[-+]?[$€£]?\s?[0-9][0-9,]*\.[0-9]+\s?%?$|^[$€£]\s?[0-9]|[0-9]\s?%$/.test(value),
  );
  shape.phones += Number(isPhone(value));
}

function isDate(value: string): boolean {
  if (value.length > 30) return false;
  if (/^[0-9]+$/.test(value)) return /^(1[789]|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]$/.test(value);
  return date(value, 'dmy') !== undefined;
}

function isPhone(value: string): boolean {
  if (!/^[+(]?[0-9][-0-9 ()./]{6,19}$/.test(value)) return false;
  if (!/^[+(]/.test(value) && !/^[0-9]{2,5}[-/. ]+[0-9]{3,4}[-. ]+[0-9]{3,4}$/.test(value)) return false;
  return value.replace(/[^0-9]/g, '').length >= 8;
}

function average(shape: Profile, seen: number): Profile {
  const share = (value: number) => (seen === 0 ? 0 : value / seen);
  return {
    ...shape,
    averageLength: share(shape.averageLength),
    averageWords: share(shape.averageWords),
    emails: share(shape.emails),
    dates: share(shape.dates),
    above12First: share(shape.above12First),
    above12Second: share(shape.above12Second),
    numeric: share(shape.numeric),
    measured: share(shape.measured),
    phones: share(shape.phones),
    letters: share(shape.letters),
  };
}
