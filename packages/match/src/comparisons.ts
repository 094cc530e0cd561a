import { code, date, email, number, phone } from './canonical.js';
import type { Planned } from './plan.js';
import { differences, edits, jaroWinkler, letterMask, mayBeAlike, swapped } from './similarity.js';

/** One grade of agreement. Grades go from the closest to the furthest. */
export interface Level {
  label: string;
  /** Both sides hold the same value, so how common that value is decides what its agreement is worth. */
  exact?: boolean;
}

/** A canonical value and what is worked out from it once, for all its comparisons. */
export interface Value {
  text: string;
  /** How many records hold it; at least 1. */
  count: number;
  /** Kinds fill what they need. */
  words?: readonly string[];
  nicknames?: readonly number[];
  letters?: number;
  day?: number;
  amount?: number;
  local?: string;
  domain?: string;
  digits?: string;
  /** Numbers of the words, ascending, with the weight of each. */
  terms?: Int32Array;
  weights?: Int32Array;
  /** Sum of the weights. */
  weight?: number;
}

/** The values of one record, by the number of the column among those read. */
export type Values = (column: number) => Value | undefined;

/** What one cell says, and what the other cells of its record say. */
export interface Cell {
  text: string;
  words: string;
  /** Words of another column of the record. */
  other(column: number): string | undefined;
}

/** What is known of all records, to weigh a word or a value by. */
export interface Context {
  records: number;
  /** Weight of a word that few records have. */
  rare: number;
  nicknames: ReadonlyMap<string, readonly number[]>;
  /** Number and weight of a word of a text column. */
  term(word: string): { number: number; weight: number };
}

/** A value by which records are brought together to be compared. */
export interface Key {
  label: string;
  of(value: Value): readonly string[];
  /** Only worth it together with a key of another column: a year, the first letters of a name. */
  weak?: boolean;
}

/** How the values of one kind of column are made, compared and used to find pairs. */
export interface Comparison {
  levels: readonly Level[];
  keys: readonly Key[];
  canonical(cell: Cell): string | undefined;
  /** Fills what a kind needs of a value. */
  prepare(value: Value, context: Context): void;
  /** 1 for the closest level, and so on; 0 where other columns account for the agreement already. Both are known. */
  level(a: Value, b: Value, left: Values, right: Values): number;
}

export function comparison(planned: Planned, nicknames: boolean): Comparison {
  switch (planned.kind) {
    case 'word':
      return word(planned, nicknames);
    case 'text':
      return text(planned);
    case 'date':
      return dates(planned);
    case 'code':
      return codes();
    case 'email':
      return emails(planned);
    case 'phone':
      return phones();
    case 'number':
      return numbers();
  }
}

/** Words of one value that are looked at, at most: what comes after adds time and no certainty. */
export const mostWords = 60;

/** Longest beginning of two values that is compared letter by letter. */
const lettersCompared = 48;
const begin = (value: string) => (value.length > lettersCompared ? value.slice(0, lettersCompared) : value);

/** One slip of the keyboard: a letter wrong, missing or too many, or two swapped. */
function oneSlip(a: string, b: string, changes: number): boolean {
  return changes === 1 || (changes === 2 && swapped(begin(a), begin(b)));
}

const changesBetween = (a: string, b: string) =>
  Math.abs(a.length - b.length) < 3 ? edits(begin(a), begin(b)) : 3;

function word(planned: Planned, nicknames: boolean): Comparison {
  const { crossed } = planned;
  const levels: Level[] = [{ label: 'same', exact: true }];
  const at = (label: string) => levels.push({ label });
  const same = 1;
  const other = crossed === undefined ? 0 : at('found in the other name');
  const nickname = nicknames ? at('nickname') : 0;
  const slip = at('one slip');
  const veryAlike = at('very alike');
  const within = at('one begins or contains the other');
  const alike = at('alike');
  const different = at('different');
  const keys: Key[] = [
    { label: 'value', of: ({ text }) => [text] },
    { label: 'word', of: ({ words }) => (words ?? []).slice(0, mostWords).filter((w) => w.length > 2) },
    { label: 'consonants', of: ({ text }) => skeleton(text) },
    { label: 'beginning', of: ({ text }) => [text.slice(0, 3)], weak: true },
  ];
  return {
    levels,
    keys,
    canonical: (cell) => remaining(planned, cell),
    prepare(value, context) {
      value.words = value.text.split(' ');
      value.letters = letterMask(begin(value.text));
      const sets = context.nicknames.get(value.text);
      if (sets) value.nicknames = sets;
    },
    level(a, b, _left, right) {
      if (a.text === b.text) return same;
      // Of the two columns each looks one way only, or one coincidence would count in both.
      if (crossed !== undefined && right(crossed)?.text === a.text) return other;
      if (a.nicknames && b.nicknames?.some((set) => a.nicknames?.includes(set))) return nickname;
      const [beginA, beginB] = [begin(a.text), begin(b.text)];
      const similarity = mayBeAlike(beginA, a.letters ?? 0, beginB, b.letters ?? 0)
        ? jaroWinkler(beginA, beginB)
        : 0;
      if (similarity >= 0.78) {
        const shortest = Math.min(a.text.length, b.text.length);
        if (shortest >= 4 && oneSlip(a.text, b.text, changesBetween(a.text, b.text))) return slip;
        if (similarity >= 0.9) return veryAlike;
      }
      if (contains(a.text, b.text)) return within;
      return similarity >= 0.78 ? alike : different;
    },
  };
}

/** Whether one begins with the other, or holds it as whole words. */
function contains(a: string, b: string): boolean {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  if (long.startsWith(short)) return true;
  for (let at = long.indexOf(short); at > 0; at = long.indexOf(short, at + 1)) {
    const end = at + short.length;
    if (long[at - 1] === ' ' && (end === long.length || long[end] === ' ')) return true;
  }
  return false;
}

/** First letter and the consonants after it: most slips in vowels leave it as it is. */
function skeleton(value: string): string[] {
  const rest = value.slice(1).replace(/[aeiouyhw ]/g, '');
  return rest.length >= 2 ? [value.slice(0, 1) + rest] : [];
}

/** Words of a cell, less those of the columns it is made of. */
function remaining(planned: Planned, cell: Cell): string | undefined {
  if (planned.without.length === 0) return cell.words;
  const taken = planned.without.flatMap((column) => cell.other(column)?.split(' ') ?? []);
  const left = cell.words.split(' ').filter((w) => !taken.includes(w));
  return left.length > 0 ? left.join(' ') : undefined;
}

function text(planned: Planned): Comparison {
  let rare = Infinity;
  return {
    levels: [
      { label: 'same', exact: true },
      { label: 'nearly the same words' },
      { label: 'most words' },
      { label: 'many words, or one within the other' },
      { label: 'a word that hardly another record has' },
      { label: 'some words' },
      { label: 'few words' },
      { label: 'different' },
    ],
    keys: [
      { label: 'value', of: (value) => [value.text] },
      { label: 'word', of: ({ words }) => (words ?? []).slice(0, mostWords).filter((w) => w.length > 1) },
    ],
    canonical: (cell) => remaining(planned, cell),
    prepare(value, context) {
      rare = context.rare;
      value.words = value.text.split(' ');
      const terms = [...new Set(value.words.slice(0, mostWords))]
        .map((w) => context.term(w))
        .sort((a, b) => a.number - b.number);
      value.terms = Int32Array.from(terms, (term) => term.number);
      value.weights = Int32Array.from(terms, (term) => term.weight);
      value.weight = terms.reduce((sum, term) => sum + term.weight, 0);
    },
    level(a, b) {
      if (a.text === b.text) return 1;
      const { sum: shared, rarest } = sharedWords(a, b);
      const [wa, wb] = [a.weight ?? 0, b.weight ?? 0];
      const jaccard = shared / Math.max(1, wa + wb - shared);
      if (jaccard >= 0.8) return 2;
      if (jaccard >= 0.6) return 3;
      const within = shared / Math.max(1, Math.min(wa, wb));
      if (jaccard >= 0.4 || within >= 0.8) return 4;
      if (rarest >= rare) return 5;
      if (jaccard >= 0.25 || within >= 0.5) return 6;
      return jaccard >= 0.1 || within >= 0.25 ? 7 : 8;
    },
  };
}

/** Weight of the words that both have, and the heaviest of them. Both lists are ascending. */
function sharedWords(a: Value, b: Value): { sum: number; rarest: number } {
  const [x, y, weights] = [a.terms, b.terms, a.weights];
  let [i, j, sum, rarest] = [0, 0, 0, 0];
  if (!x || !y || !weights) return { sum, rarest };
  while (i < x.length && j < y.length) {
    const [p, q] = [x[i] ?? 0, y[j] ?? 0];
    if (p === q) {
      const weight = weights[i] ?? 0;
      sum += weight;
      if (weight > rarest) rarest = weight;
    }
    if (p <= q) i++;
    if (q <= p) j++;
  }
  return { sum, rarest };
}

function dates(planned: Planned): Comparison {
  return {
    levels: [
      { label: 'same', exact: true },
      { label: 'same year, one has only the year' },
      { label: 'one slip, or day and month swapped' },
      { label: 'within a month' },
      { label: 'two slips' },
      { label: 'same year' },
      { label: 'different' },
    ],
    keys: [
      { label: 'value', of: ({ text }) => [text] },
      { label: 'day and month', of: ({ text }) => [text.slice(4)], weak: true },
      { label: 'year', of: ({ text }) => [text.slice(0, 4)], weak: true },
    ],
    canonical: (cell) => date(cell.text, planned.dateOrder),
    prepare(value) {
      const [year, month, day] = [value.text.slice(0, 4), value.text.slice(4, 6), value.text.slice(6)];
      const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
      // 31 June would roll over into July.
      if (at.getUTCDate() === Number(day)) value.day = at.getTime() / 86_400_000;
    },
    level(a, b) {
      const [l, r] = [a.text, b.text];
      if (l === r) return 1;
      const sameYear = l.slice(0, 4) === r.slice(0, 4);
      if (sameYear && (l.endsWith('0101') || r.endsWith('0101'))) return 2;
      const wrong = differences(l, r);
      if (wrong === 1 || (wrong === 2 && swapped(l, r))) return 3;
      if (`${l.slice(0, 4)}${l.slice(6)}${l.slice(4, 6)}` === r) return 3;
      if (a.day !== undefined && b.day !== undefined && Math.abs(a.day - b.day) <= 31) return 4;
      if (wrong === 2) return 5;
      return sameYear ? 6 : 7;
    },
  };
}

function codes(): Comparison {
  return {
    levels: [
      { label: 'same', exact: true },
      { label: 'one slip' },
      { label: 'two slips' },
      { label: 'same beginning' },
      { label: 'different' },
    ],
    keys: [
      { label: 'value', of: ({ text }) => [text] },
      {
        label: 'beginning',
        of: ({ text }) => (text.length >= 4 ? [text.slice(0, (text.length + 1) >> 1)] : []),
        weak: true,
      },
      {
        label: 'end',
        of: ({ text }) => (text.length >= 6 ? [text.slice(-(text.length >> 1))] : []),
        weak: true,
      },
    ],
    canonical: (cell) => code(cell.words),
    prepare() {},
    level(a, b) {
      const [l, r] = [a.text, b.text];
      if (l === r) return 1;
      const changes = changesBetween(l, r);
      if (Math.max(l.length, r.length) >= 3 && oneSlip(l, r, changes)) return 2;
      const shortest = Math.min(l.length, r.length);
      if (changes === 2 && shortest >= 6) return 3;
      return shortest >= 4 && r.startsWith(l.slice(0, l.length >> 1)) ? 4 : 5;
    },
  };
}

function emails(planned: Planned): Comparison {
  return {
    levels: [
      { label: 'same', exact: true },
      { label: 'made of the names' },
      { label: 'one slip' },
      { label: 'same before the @' },
      { label: 'same beside the names' },
      { label: 'alike beside the names' },
      { label: 'same domain' },
      { label: 'different' },
    ],
    keys: [
      { label: 'value', of: ({ text }) => [text] },
      { label: 'before the @', of: ({ local }) => [local ?? ''] },
      { label: 'domain', of: ({ domain }) => [domain ?? ''], weak: true },
      { label: 'beginning', of: ({ text }) => [text.slice(0, 3)], weak: true },
    ],
    canonical: (cell) => email(cell.text),
    prepare(value) {
      value.local = value.text.slice(0, value.text.indexOf('@'));
      value.domain = value.text.slice(value.text.lastIndexOf('@') + 1);
      value.digits = value.local.replace(/[^0-9]+/g, '');
    },
    level(a, b, left, right) {
      if (a.text === b.text) return 1;
      const names = planned.echoes.flatMap((column) =>
        [left(column)?.text, right(column)?.text].filter((name) => name !== undefined && name.length > 2),
      );
      const [restA, restB] = [besideNames(a.local ?? '', names), besideNames(b.local ?? '', names)];
      // Two people called alike have addresses that are alike: the names have said so already.
      if (restA === '' && restB === '') return 0;
      const sameDigits = a.digits === b.digits;
      if (sameDigits && oneSlip(a.text, b.text, changesBetween(a.text, b.text))) return 3;
      if (a.local === b.local) return 4;
      if (restA.length > 1 && restA === restB) return 5;
      if (
        sameDigits &&
        Math.min(restA.length, restB.length) > 1 &&
        jaroWinkler(begin(restA), begin(restB)) >= 0.8
      ) {
        return 6;
      }
      return a.domain === b.domain ? 7 : 8;
    },
  };
}

/** What is left of the part before the @ without names: only that tells two people called alike apart. */
function besideNames(local: string, names: readonly (string | undefined)[]): string {
  let rest = local.replace(/[._\-+]/g, '');
  for (const name of names) rest = rest.replaceAll((name ?? '').replaceAll(' ', ''), '');
  return rest;
}

function phones(): Comparison {
  return {
    levels: [
      { label: 'same', exact: true },
      { label: 'same last nine digits' },
      { label: 'one slip' },
      { label: 'same last seven digits' },
      { label: 'same beginning' },
      { label: 'different' },
    ],
    keys: [
      { label: 'value', of: ({ text }) => [text] },
      { label: 'last seven digits', of: ({ text }) => [text.slice(-7)] },
      { label: 'last four digits', of: ({ text }) => [text.slice(-4)], weak: true },
    ],
    canonical: (cell) => phone(cell.text),
    prepare() {},
    level(a, b) {
      const [l, r] = [a.text, b.text];
      if (l === r) return 1;
      if (l.length > 8 && l.slice(-9) === r.slice(-9)) return 2;
      if (oneSlip(l, r, changesBetween(l, r))) return 3;
      if (l.length > 6 && l.slice(-7) === r.slice(-7)) return 4;
      return l.slice(0, 3) === r.slice(0, 3) ? 5 : 6;
    },
  };
}

function numbers(): Comparison {
  return {
    levels: [
      { label: 'same', exact: true },
      { label: 'within 2 %' },
      { label: 'within 10 %' },
      { label: 'within 30 %' },
      { label: 'different' },
    ],
    keys: [{ label: 'value', of: ({ text }) => [text], weak: true }],
    canonical: (cell) => number(cell.text)?.toString(),
    prepare(value) {
      value.amount = Number(value.text);
    },
    level(a, b) {
      const [l, r] = [a.amount ?? 0, b.amount ?? 0];
      if (l === r) return 1;
      const apart = Math.abs(l - r) / Math.max(Math.abs(l), Math.abs(r));
      if (apart <= 0.02) return 2;
      if (apart <= 0.1) return 3;
      return apart <= 0.3 ? 4 : 5;
    },
  };
}
