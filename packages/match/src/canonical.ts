/** Canonical forms: what a cell says, without how it was typed. `undefined` where it says nothing. */

/** What people write into a field they do not know. */
const placeholders: ReadonlySet<string> = new Set([
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
]);

/** Longest wording that is compared, in UTF-16 units. */
const longest = 1024;

/** The beginning of a text, which never ends in half a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
}

/** Lower case, no accents, only letters, digits and single spaces. Apostrophes vanish: O'Neil and ONeil are one. */
export function plainWords(text: string): string {
  let plain = cut(text, 2 * longest).toLowerCase();
  if (/[^\0-\x7f]/.test(plain))
    plain = plain
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .normalize('NFC');
  plain = plain.replace(/['’`´]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ');
  return cut(plain.trim(), longest).trim();
}

/** The words of a cell, or undefined where they only say that nothing is known. */
export function knownWords(text: string): string | undefined {
  const words = plainWords(text);
  return placeholders.has(words) ? undefined : words;
}

/** Letters and digits only, without the zeros in front: references, numbers, postcodes. */
export function code(words: string): string {
  const joined = words.slice(0, 64).replaceAll(' ', '').replace(/^0+/, '');
  return joined === '' ? '0' : joined;
}

export function email(text: string): string | undefined {
  const plain = cut(text.trim().toLowerCase(), 254);
  return plain.includes('@') ? plain : undefined;
}

/** Digits; a leading 00 or 0 and signs go. Too few digits to tell two phones apart say nothing. */
export function phone(text: string): string | undefined {
  const digits = text
    .replace(/[^0-9]+/g, '')
    .replace(/^0+/, '')
    .slice(0, 20);
  return digits.length >= 5 && /(.)(?!\1)./.test(digits) ? digits : undefined;
}

/** A time of day or a length of time; of two parts it does not matter which, as long as all values have as many. */
export const clock = /^(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{2})$/;

/** The first number in the text, thousands separators gone; hours, minutes and seconds (4:59, 1:02:03) as the last of them. */
export function number(text: string): number | undefined {
  const time = clock.exec(text.trim());
  if (time) return (Number(time[1] ?? 0) * 60 + Number(time[2])) * 60 + Number(time[3]);
  const found = /-?[0-9]{1,300}(?:\.[0-9]+)?/.exec(text.replaceAll(',', ''));
  return found ? Number(found[0]) : undefined;
}

/** Whether a column writes the day or the month first, where the year is last. */
export type DateOrder = 'dmy' | 'mdy';

const yearFirst = /^([0-9]{4})[-/. ]?([0-9]{1,2})[-/. ]?([0-9]{1,2})(?:[T ].*)?$/s;
const yearLast = /^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?:[T ].*)?$/s;
const dayAndName = /^([0-9]{1,2})(?:st|nd|rd|th)?[-/., ]{0,3}([a-z]{3,9})[-/., ]{0,3}([0-9]{4}|[0-9]{2})$/i;
const nameAndDay = /^([a-z]{3,9})[-/., ]{0,3}([0-9]{1,2})(?:st|nd|rd|th)?[-/., ]{1,4}([0-9]{4}|[0-9]{2})$/i;

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** The number of a month from its English name or at least three letters of it; 0 for any other word. */
function monthOf(name: string): number {
  return months.findIndex((month) => month.startsWith(name.toLowerCase())) + 1;
}

/**
 * Eight digits, year first; impossible months and days are kept, for 1856-86-18 is one slip away from 1856-06-18 and
 * must not be lost. Two-digit years are dates only beside the name of a month (as POSIX has it, 69 to 99 are of the last
 * century): among bare numbers which of them is the year is a guess.
 */
export function date(text: string, order: DateOrder): string | undefined {
  const trimmed = text.trim();
  const first = yearFirst.exec(trimmed);
  if (first) return eightDigits(first[1], first[2], first[3]);
  const last = yearLast.exec(trimmed);
  if (last) {
    return order === 'mdy' ? eightDigits(last[3], last[1], last[2]) : eightDigits(last[3], last[2], last[1]);
  }
  if (trimmed.length > 30) return undefined;
  const named = dayAndName.exec(trimmed);
  const swapped = named ? undefined : nameAndDay.exec(trimmed);
  const [day, name, year] = named
    ? [named[1], named[2], named[3]]
    : [swapped?.[2], swapped?.[1], swapped?.[3]];
  const month = name === undefined ? 0 : monthOf(name);
  if (month === 0 || year === undefined) return undefined;
  const century = year.length === 4 ? '' : Number(year) < 69 ? '20' : '19';
  return eightDigits(century + year, String(month), day);
}

function eightDigits(year = '', month = '', day = ''): string {
  return year + month.padStart(2, '0') + day.padStart(2, '0');
}
