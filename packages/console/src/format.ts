/** How numbers, dates and strangers' text are written. English and UTC everywhere, so that two readers see the same. */

const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function count(value: number): string {
  return Number.isFinite(value) ? integers.format(value) : '–';
}

/** `1 person`, `12 people`. */
export function countOf(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Bits with their sign, a true minus, and one decimal: `+6.3`, `−4.0`, `0.0`. */
export function bits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = oneDecimal.format(Math.abs(value));
  if (digits === '0.0') return digits;
  return `${value < 0 ? '−' : '+'}${digits}`;
}

/**
 * The odds that a sum of bits stands for, in words: `1 in 500`, `even odds`, `79 to 1`. Beyond 1,000 to 1 it stops
 * counting: no adding up of signals can bear more certainty than that.
 */
export function odds(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 0.05) return 'even odds';
  if (value > 10) return 'more than 1,000 to 1';
  if (value < -20) return 'less than 1 in a million';
  return value > 0 ? `${twoDigits.format(2 ** value)} to 1` : `1 in ${twoDigits.format(2 ** -value + 1)}`;
}

/** A share between 0 and 1 as a percentage that never rounds to a certainty. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const value = share * 100;
  if (value > 0 && value < 0.1) return 'under 0.1 %';
  if (value < 100 && value > 99.9) return 'over 99.9 %';
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} %`;
}

export function kilometres(value: number): string {
  return `${integers.format(value < 100 ? Math.round(value) : Math.round(value / 10) * 10)} km`;
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 && unit > 0 ? oneDecimal.format(size) : integers.format(size)} ${units[unit]}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const isoTime = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Milliseconds of an ISO time; without a zone it is UTC, as everything in a result is. */
export function instant(iso: string | undefined): number | undefined {
  if (!iso) return undefined;
  const match = isoTime.exec(iso);
  if (!match) return undefined;
  const dateOnly = iso.length === 10;
  const value = Date.parse(dateOnly || match[1] ? iso : `${iso.replace(' ', 'T')}Z`);
  return Number.isNaN(value) ? undefined : value;
}

/** `14 Sep 2026`: a date in UTC; what is not a time is shown as it came. */
export function day(time: string | number | undefined): string {
  const value = typeof time === 'number' ? time : instant(time);
  if (value === undefined) return time === undefined ? '–' : shown(time);
  const date = new Date(value);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `14 Sep 2026, 02:13 UTC`; midnight sharp is a day, not an hour. */
export function moment(time: string | undefined): string {
  const value = instant(time);
  if (value === undefined) return day(time);
  const date = new Date(value);
  if (value % 86_400_000 === 0) return day(value);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${day(value)}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** From the first day to the last, each part said once: `3–9 Jun 2026`, `3 Jun – 9 Jul 2026`, `14 Sep 2026`. */
export function days(first: string | undefined, last: string | undefined): string {
  if (!first && !last) return '–';
  const from = day(first ?? last);
  const to = day(last ?? first);
  if (from === to) return from;
  const [, month, year] = / (\w{3}) (\d{4})$/.exec(to) ?? [];
  if (year && from.endsWith(` ${month} ${year}`)) return `${from.slice(0, from.indexOf(' '))}–${to}`;
  if (year && from.endsWith(` ${year}`)) return `${from.slice(0, -5)} – ${to}`;
  return `${from} – ${to}`;
}

/**
 * Characters that change how others are read, or that cannot be seen: controls, direction overrides and isolates,
 * zero-width spaces, blank letters. Joiners, and the tags inside flags, stay: emoji and several scripts need them.
 */
const deceptive =
  /(?!\u200C|\u200D|[\t\n\u0600-\u0605\u06DD\u{E0020}-\u{E007F}])[\p{Cc}\p{Cf}\u2028\u2029\u115F\u1160\u2800\u3164\uFFA0]/gu;

/** Text as a reader can trust it: deceptive characters are named instead of obeyed. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(
    deceptive,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

/** Shortened for a label that cannot wrap, cut between whole characters; the full text is always elsewhere. */
export function short(value: unknown, length: number): string {
  const characters = [...shown(value)];
  return characters.length <= length
    ? characters.join('')
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

/** What content writes as a part of a sentence or as a whole one, as a whole one. */
export function asSentence(text: string): string {
  const begun = text.trim().replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** `bank_account` or `origin-correlated` as a person would write it. */
export function unhyphened(word: string): string {
  return shown(word).replace(/[_-]+/g, ' ');
}
