import { literal } from './database.js';

/**
 * Canonical forms, as SQL over the columns of `raw`: `c3` as it was read, `w3` in plain words. Each gives NULL where the
 * value says nothing.
 */

/** What people write into a field they do not know. */
const placeholders = [
  '',
  'na',
  'n a',
  'nan',
  'null',
  'none',
  'nil',
  'unknown',
  'not known',
  'not available',
  'tbd',
  'tba',
  'x',
  'xx',
  'xxx',
];

/** Longest wording that is compared. */
const longest = 1024;

/** Lower case, no accents, only letters, digits and single spaces. Apostrophes vanish: O'Neil and ONeil are one. */
export function plainWords(expression: string): string {
  const plain = `translate(lower(strip_accents(left(${expression}, ${2 * longest}))), '''’\`´', '')`;
  return `left(trim(regexp_replace(${plain}, '[^\\p{L}\\p{N}]+', ' ', 'g')), ${longest})`;
}

/** The words in a column `name`, or NULL where they only say that nothing is known. */
export function known(name: string): string {
  return `CASE WHEN ${name} NOT IN (${placeholders.map(literal).join(', ')}) THEN ${name} END`;
}

/** Letters and digits only, without the zeros in front: references, numbers, postcodes. */
export function code(index: number): string {
  const joined = `replace(left(w${index}, 64), ' ', '')`;
  return `CASE WHEN w${index} IS NULL THEN NULL WHEN ltrim(${joined}, '0') = '' THEN '0' ELSE ltrim(${joined}, '0') END`;
}

export function email(index: number): string {
  const text = `left(lower(trim(c${index})), 254)`;
  return `CASE WHEN contains(${text}, '@') THEN ${text} END`;
}

/** Digits; a leading 00 or 0 and signs go. Too few digits to tell two phones apart say nothing. */
export function phone(index: number): string {
  const digits = `left(ltrim(regexp_replace(c${index}, '[^0-9]+', '', 'g'), '0'), 20)`;
  return `CASE WHEN len(${digits}) >= 5 AND len(replace(${digits}, left(${digits}, 1), '')) > 0 THEN ${digits} END`;
}

/** The first number in the text, thousands separators gone, as DOUBLE. */
export function number(index: number): string {
  return `try_cast(regexp_extract(replace(c${index}, ',', ''), '-?[0-9]+(?:\\.[0-9]+)?') AS DOUBLE)`;
}

/** How a column writes its dates: year first, day first or month first. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/**
 * Eight digits, year first; impossible months and days are kept, for 1856-86-18 is one slip away from 1856-06-18 and
 * must not be lost. Two-digit years are no dates here: which century is a guess.
 */
export function date(expression: string, order: DateOrder): string {
  const text = `trim(${expression})`;
  const yearFirst = `regexp_extract(${text}, '^([0-9]{4})[-/. ]?([0-9]{1,2})[-/. ]?([0-9]{1,2})(?:[T ].*)?$', ['y', 'm', 'd'])`;
  const yearLast =
    order === 'mdy'
      ? `regexp_extract(${text}, '^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?:[T ].*)?$', ['m', 'd', 'y'])`
      : `regexp_extract(${text}, '^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?:[T ].*)?$', ['d', 'm', 'y'])`;
  const digits = (parts: string) =>
    `CASE WHEN ${parts}.y <> '' THEN ${parts}.y || lpad(${parts}.m, 2, '0') || lpad(${parts}.d, 2, '0') END`;
  return `coalesce(${digits(yearFirst)}, ${digits(yearLast)})`;
}
