/** A month, or a year where no month is stated. */
export interface PartialDate {
  year: number;
  /** 1–12. */
  month?: number;
}

export interface DateRange {
  from: PartialDate;
  /** Absent where the text says it goes on. */
  to?: PartialDate;
  ongoing: boolean;
  /** As written, and where in the line it begins. */
  text: string;
  index: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const point = `(?:${month},?\\s{0,3}(?:19|20)\\d\\d|(?:0?[1-9]|1[0-2])[/.](?:19|20)\\d\\d|(?:19|20)\\d\\d-(?:0[1-9]|1[0-2])(?:-[0-3]\\d)?|(?:19|20)\\d\\d)`;
const ongoing = '(?:present|current(?:ly)?|now|today|to date|ongoing)';
const range = new RegExp(
  `(?<![\\d/.-])(${point})\\s{0,3}(?:-|–|—|−|‑|‐|\\bto\\b|\\buntil\\b|→)\\s{0,3}(${point}|${ongoing})(?![\\d/])`,
  'i',
);

function readPoint(text: string): PartialDate | undefined {
  const iso = /^((?:19|20)\d\d)-(\d\d)/.exec(text);
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]) };
  const slashed = /^(\d{1,2})[/.](\d{4})$/.exec(text);
  if (slashed) return { year: Number(slashed[2]), month: Number(slashed[1]) };
  const year = /(?:19|20)\d\d$/.exec(text)?.[0];
  if (year === undefined) return undefined;
  const name = /^[a-z]{3}/i.exec(text)?.[0].toLowerCase();
  const index = name === undefined ? -1 : months.indexOf(name);
  return { year: Number(year), ...(index >= 0 && { month: index + 1 }) };
}

/** The one date range of a line; undefined where there is none, several, or one that ends before it begins. */
export function dateRange(line: string): DateRange | undefined {
  const match = range.exec(line);
  if (!match?.[1] || !match[2]) return undefined;
  if (range.test(line.slice(match.index + match[0].length))) return undefined;
  const from = readPoint(match[1]);
  if (!from) return undefined;
  const open = new RegExp(`^${ongoing}$`, 'i').test(match[2]);
  const to = open ? undefined : readPoint(match[2]);
  if (!open && !to) return undefined;
  if (to && to.year * 12 + (to.month ?? 12) < from.year * 12 + (from.month ?? 1)) return undefined;
  return { from, ...(to && { to }), ongoing: open, text: match[0], index: match.index };
}
