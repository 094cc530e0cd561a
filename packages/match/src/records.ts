import { plainWords } from './canonical.js';
import { type Comparison, type Context, comparison, mostWords, type Value } from './comparisons.js';
import type { Column } from './load.js';
import { type Planned, wordsOf } from './plan.js';
import type { FullSettings } from './settings.js';

/** How many records there are, and how many pairs of them could be one person. */
export interface Size {
  records: number;
  /** Two sources: a pair takes one record of each. */
  linking: boolean;
  /** Records of the first source; all of them where there is one. */
  first: number;
  pairs: number;
}

/** A column that is compared, with the value of each record. */
export interface Compared {
  planned: Planned;
  comparison: Comparison;
  /** Of each record the place of its value in `values`, -1 where it is not known. */
  of: Int32Array;
  values: Value[];
}

/** How common values and words are: what a saved model keeps of the records it was learnt from. */
export interface Frequencies {
  /** Values that more than one record holds, and how many do. */
  values: [text: string, count: number][];
  /** Words of a column of long wording that more than one record holds, and how many do. */
  words: [word: string, count: number][];
}

export function sizeOf(counts: readonly number[]): Size {
  const records = counts.reduce((sum, count) => sum + count, 0);
  const linking = counts.length === 2;
  const first = counts[0] ?? 0;
  const pairs = linking ? first * (records - first) : (records * (records - 1)) / 2;
  return { records, linking, first, pairs };
}

/** Groups of names by name, for looking up. */
export function nicknameSets(settings: Pick<FullSettings, 'nicknames'>): Map<string, number[]> {
  const sets = new Map<string, number[]>();
  for (const [i, group] of settings.nicknames.entries()) {
    for (const name of new Set(group.map(plainWords))) sets.set(name, [...(sets.get(name) ?? []), i]);
  }
  return sets;
}

/** Makes the canonical values of all records, and counts them. */
export function prepareRecords(
  planned: readonly Planned[],
  columns: readonly Column[],
  records: number,
  linking: boolean,
  settings: Pick<FullSettings, 'nicknames'>,
): Compared[] {
  const nicknames = nicknameSets(settings);
  const compared = planned.map((own) => readColumn(own, columns, records, nicknames.size > 0));
  for (const { of, values } of compared) {
    for (const value of values) value.count = 0;
    for (const number of of) {
      const value = values[number];
      if (value) value.count++;
    }
  }
  countCrossed(compared);
  for (const column of compared) {
    const words = column.planned.kind === 'text' ? countWords(column.values) : undefined;
    prepareValues(column, {
      records,
      rare: rareWeight(records, linking),
      nicknames,
      term: termsBy(records, words),
    });
  }
  return compared;
}

/** Fills what the comparison needs of each value. */
export function prepareValues({ comparison, values }: Compared, context: Context): void {
  for (const value of values) comparison.prepare(value, context);
}

/** Reads the canonical values of one column; nothing is counted or prepared yet. */
export function readColumn(
  planned: Planned,
  columns: readonly Column[],
  records: number,
  nicknames: boolean,
): Compared {
  const column = columns[planned.index];
  const made: Compared = {
    planned,
    comparison: comparison(planned, nicknames),
    of: new Int32Array(records).fill(-1),
    values: [],
  };
  const numbers = new Map<string, number>();
  // Most forms depend on the text alone, and a text that comes again need not be read again.
  const alone = planned.without.length === 0;
  const known = new Int32Array(column?.texts.length ?? 0).fill(-2);
  for (let record = 0; record < records; record++) {
    const cell = column?.of[record] ?? -1;
    const words = cell < 0 ? undefined : column?.words[cell];
    if (words === undefined) continue;
    let number = alone ? (known[cell] ?? -2) : -2;
    if (number === -2) {
      const text = made.comparison.canonical({
        text: column?.texts[cell] ?? '',
        words,
        other: (index) => wordsOf(columns[index], record),
      });
      number = text === undefined ? -1 : (numbers.get(text) ?? made.values.length);
      if (text !== undefined && number === made.values.length) {
        numbers.set(text, number);
        made.values.push({ text, count: 1 });
      }
      known[cell] = number;
    }
    made.of[record] = number;
  }
  return made;
}

/**
 * A name is as common as in the column where it is more common: a surname entered as a first name is a rare first name,
 * and yet says no more than the surname does.
 */
function countCrossed(compared: readonly Compared[]): void {
  const own = compared.map(({ values }) => new Map(values.map(({ text, count }) => [text, count])));
  for (const { planned, values } of compared) {
    if (planned.crossed === undefined) continue;
    const there = own[compared.findIndex((other) => other.planned.index === planned.crossed)];
    for (const value of values) value.count = Math.max(value.count, there?.get(value.text) ?? 0);
  }
}

/** How many records hold each word. */
export function countWords(values: readonly Value[]): Map<string, number> {
  const words = new Map<string, number>();
  for (const { text, count } of values) {
    for (const word of new Set(text.split(' ').slice(0, mostWords))) {
      words.set(word, (words.get(word) ?? 0) + count);
    }
  }
  return words;
}

/** Weight of a word that few records have: of two sources one in each, else three. */
export function rareWeight(records: number, linking: boolean): number {
  return weightOf(records, linking ? 2 : 3);
}

function weightOf(records: number, count: number): number {
  return Math.max(1, Math.min(heaviest, Math.round(100 * Math.log2((records + 1) / count))));
}

/** The most that one word weighs. */
const heaviest = 65_535;

/**
 * Numbers words as they come, and weighs each by how rare it is: bits of its frequency, in hundredths, so that their sums
 * do not depend on the order of adding. A word that was not counted is taken for held by one record.
 */
export function termsBy(records: number, counts: ReadonlyMap<string, number> | undefined): Context['term'] {
  const numbers = new Map<string, { number: number; weight: number }>();
  return (word) => {
    const known = numbers.get(word);
    if (known) return known;
    const term = { number: numbers.size, weight: weightOf(records, counts?.get(word) ?? 1) };
    numbers.set(word, term);
    return term;
  };
}
