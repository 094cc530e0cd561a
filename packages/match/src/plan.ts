import type { DateOrder } from './canonical.js';
import type { Column } from './load.js';
import { type Profile, sample } from './profile.js';
import type { FullSettings, Kind } from './settings.js';

/** A column that will be compared. */
export interface Planned {
  column: string;
  /** Its number among the columns read. */
  index: number;
  kind: Kind;
  dateOrder: DateOrder;
  /** Columns whose words are taken out of this one, for they are compared on their own: a full name beside its parts. */
  without: number[];
  /** Another column of names with the same vocabulary: first names and surnames are often entered the wrong way round. */
  crossed: number | undefined;
  /** Of an e-mail column: columns of words that many of its addresses are made of. */
  echoes: number[];
  /** People who live together do not share it: a first name, a date of birth. */
  personal: boolean;
}

export interface Plan {
  compared: Planned[];
  ignored: { column: string; reason: string }[];
}

/**
 * What people are says little about which person a record is of, and must not weigh in a decision about them. Such
 * columns are compared only where the settings name them.
 */
const protectedName =
  /gender|\bsex\b|^sex|ethnic|\brace\b|nationalit|citizenship|religio|marital|disabilit|country.?of.?birth|birth.?country/i;

/** Decides what to compare and how, from names and values of the columns. */
export function plan(columns: readonly Column[], profiles: readonly Profile[], settings: FullSettings): Plan {
  const result: Plan = { compared: [], ignored: [] };
  for (const name of Object.keys(settings.columns)) {
    if (!profiles.some((p) => p.column.trim() === name.trim())) {
      throw new Error(`the settings name a column “${name}” that is not in the data`);
    }
  }
  for (const [index, p] of profiles.entries()) {
    const column = p.column.trim();
    const wanted = settings.columns[column];
    const reason =
      wanted === undefined ? whyNot(p) : wanted === 'ignore' ? 'left out by the settings' : undefined;
    if (reason !== undefined) {
      result.ignored.push({ column, reason });
      continue;
    }
    const kind = wanted === undefined || wanted === 'ignore' ? guessKind(p) : wanted;
    const dateOrder: DateOrder = p.above12Second > p.above12First ? 'mdy' : 'dmy';
    result.compared.push({
      column,
      index,
      kind,
      dateOrder,
      without: [],
      crossed: undefined,
      echoes: [],
      personal: isPersonal(column, kind),
    });
  }
  const some = sample(columns[0]?.of.length ?? 0);
  settleComposites(columns, some, result, settings);
  findCrossed(columns, some, result);
  findEchoes(columns, some, result);
  if (result.compared.length === 0) throw new Error('no column that could tell records apart');
  return result;
}

/** Dates of birth and first names; surnames, addresses and phones are shared in a home. */
function isPersonal(column: string, kind: Kind): boolean {
  if (kind === 'date') return /birth|born|\bdob\b|geburt|naissance|nacimiento/i.test(column);
  return kind === 'word' && /first|given|fore.?name|christian|middle|vorname|pr[eé]nom|nombre/i.test(column);
}

function whyNot(p: Profile): string | undefined {
  if (protectedName.test(p.column))
    return 'says what a person is; compared only where the settings ask for it';
  if (p.filled === 0) return 'empty';
  if (p.distinct < 2) return 'the same in every record';
  return undefined;
}

/** The kind of a column. Values decide; the name only where values of two kinds look the same. */
export function guessKind(p: Profile): Kind {
  if (p.emails >= 0.7) return 'email';
  if (p.dates >= 0.8) return 'date';
  if (p.phones >= 0.7) return 'phone';
  if (p.numeric >= 0.7 && /phone|mobile|\btel|fax|cell/i.test(p.column)) return 'phone';
  if (p.measured >= 0.3 || (p.numeric >= 0.7 && /price|amount|salary|total|weight|height/i.test(p.column))) {
    return 'number';
  }
  if (p.numeric >= 0.5 || (p.averageWords < 3 && p.letters < 0.5)) return 'code';
  if (isCodeLike(p)) return 'code';
  return p.averageWords >= 3.5 || p.averageLength > 40 ? 'text' : 'word';
}

/** Postcodes, plate numbers: short, and letters with digits in most. */
function isCodeLike(p: Profile): boolean {
  return p.averageLength <= 12 && /post.?code|zip|plz|serial|licen[cs]e|passport|iban/i.test(p.column);
}

/** Share of records in which every word of one column must be found in the other, to call it a part. */
const partOf = 0.75;

/** Words of a record in a column, undefined where they say nothing. */
export function wordsOf(column: Column | undefined, record: number): string | undefined {
  const number = column?.of[record] ?? -1;
  return number < 0 ? undefined : column?.words[number];
}

/**
 * A column made of others (a full name beside first name and surname) would count the same evidence twice. It keeps only
 * the words that its parts do not have; where that leaves it empty in most records, it goes.
 */
function settleComposites(
  columns: readonly Column[],
  some: readonly number[],
  result: Plan,
  settings: FullSettings,
): void {
  const candidates = result.compared.filter((c) => c.kind === 'word' || c.kind === 'text');
  const lists = new Map(
    candidates.map((c) => [c, some.map((record) => wordsOf(columns[c.index], record)?.split(' '))]),
  );
  const parts = new Map<Planned, Planned[]>();
  for (const whole of candidates) {
    if (settings.columns[whole.column]) continue;
    const own = candidates.filter((part) => part !== whole && isPart(lists.get(part), lists.get(whole)));
    if (own.length > 0) parts.set(whole, own);
  }
  for (const [whole, own] of parts) {
    const leaves = own.filter((part) => !parts.has(part));
    if (leaves.length === 0) continue;
    let [filled, left] = [0, 0];
    for (const [i, words] of (lists.get(whole) ?? []).entries()) {
      if (!words) continue;
      filled++;
      const taken = leaves.flatMap((part) => lists.get(part)?.[i] ?? []);
      if (words.some((word) => !taken.includes(word))) left++;
    }
    if (left >= filled * 0.1) {
      whole.without = leaves.map((part) => part.index);
    } else {
      result.compared = result.compared.filter((c) => c !== whole);
      const names = leaves.map((part) => `“${part.column}”`).join(' and ');
      result.ignored.push({ column: whole.column, reason: `made of ${names}, which are compared` });
    }
  }
}

type Lists = readonly (readonly string[] | undefined)[] | undefined;

function isPart(part: Lists, whole: Lists): boolean {
  let [both, within, longer] = [0, 0, 0];
  for (const [i, words] of (whole ?? []).entries()) {
    const own = part?.[i];
    if (!words || !own) continue;
    both++;
    if (own.every((word) => words.includes(word))) within++;
    if (words.length > own.length) longer++;
  }
  return both > 0 && within / both >= partOf && longer / both >= 0.2;
}

/** Share of records whose value also occurs in the other column, for two columns to be one vocabulary. */
const sharedVocabulary = 0.05;

function findCrossed(columns: readonly Column[], some: readonly number[], result: Plan): void {
  const names = result.compared.filter((c) => c.kind === 'word' && c.without.length === 0);
  const values = names.map((c) =>
    some.map((record) => wordsOf(columns[c.index], record)).filter((words) => words !== undefined),
  );
  const vocabularies = values.map((own) => new Set(own));
  const share = (i: number, j: number) => {
    const own = values[i] ?? [];
    return own.filter((value) => vocabularies[j]?.has(value)).length / Math.max(1, own.length);
  };
  const found = names.flatMap((a, i) =>
    names.slice(i + 1).map((b, k) => ({ a, b, share: Math.min(share(i, i + 1 + k), share(i + 1 + k, i)) })),
  );
  for (const { a, b, share } of found.sort((x, y) => y.share - x.share)) {
    if (share < sharedVocabulary || a.crossed !== undefined || b.crossed !== undefined) continue;
    a.crossed = b.index;
    b.crossed = a.index;
  }
}

/** Share of addresses that contain the value of a column, for the column to be what they are made of. */
const echoed = 0.1;

function findEchoes(columns: readonly Column[], some: readonly number[], result: Plan): void {
  const names = result.compared.filter((c) => c.kind === 'word' && c.without.length === 0);
  for (const email of result.compared.filter((c) => c.kind === 'email')) {
    const addresses = columns[email.index];
    for (const { index } of names) {
      let [both, echoes] = [0, 0];
      for (const record of some) {
        const words = wordsOf(columns[index], record);
        if (words === undefined || words.length < 3 || wordsOf(addresses, record) === undefined) continue;
        both++;
        const text = addresses?.texts[addresses.of[record] ?? -1] ?? '';
        const before = text.toLowerCase().split('@', 1)[0]?.replaceAll('.', '') ?? '';
        if (before.includes(words.replaceAll(' ', ''))) echoes++;
      }
      if (both > 0 && echoes / both >= echoed) email.echoes.push(index);
    }
  }
}
