import type { DateOrder } from './canonical.js';
import type { Database } from './database.js';
import type { Profile } from './profile.js';
import type { FullSettings, Kind } from './settings.js';

/** A column that will be compared. */
export interface Planned {
  column: string;
  /** Its number in `raw`. */
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
export async function plan(
  database: Database,
  profiles: readonly Profile[],
  settings: FullSettings,
): Promise<Plan> {
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
  await settleComposites(database, result, settings);
  await findCrossed(database, result);
  await findEchoes(database, result);
  if (result.compared.length === 0) throw new Error('no column that could tell records apart');
  return result;
}

/** Dates and first names; surnames, addresses and phones are shared in a home. */
function isPersonal(column: string, kind: Kind): boolean {
  if (kind === 'date') return true;
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

/** Records looked at to see how columns depend on each other. */
const sampled = 20_000;

/** Share of records in which every word of one column must be found in the other, to call it a part. */
const partOf = 0.75;

/** The table `worded`: of some records, the words of each column of words as a list (d) and in one (s). */
async function readWords(database: Database, columns: readonly Planned[]): Promise<void> {
  const read = columns.map(
    (c) => `w${c.index} AS s${c.index}, string_split(w${c.index}, ' ') AS d${c.index}`,
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE worded AS
     SELECT ${read.join(', ')} FROM raw ORDER BY rid * 7919 % 1000003, rid LIMIT ${sampled}`,
  );
}

/**
 * A column made of others (a full name beside first name and surname) would count the same evidence twice. It keeps only
 * the words that its parts do not have; where that leaves it empty in most records, it goes.
 */
async function settleComposites(database: Database, result: Plan, settings: FullSettings): Promise<void> {
  const candidates = result.compared.filter((c) => c.kind === 'word' || c.kind === 'text');
  if (candidates.length < 2) return;
  await readWords(database, candidates);
  const parts = new Map<Planned, Planned[]>();
  for (const whole of candidates) {
    if (settings.columns[whole.column]) continue;
    const others = candidates.filter((part) => part !== whole);
    const counts = await database.numbers(
      `SELECT ${others
        .map(({ index }) => {
          const both = `d${whole.index} IS NOT NULL AND d${index} IS NOT NULL`;
          return `count(*) FILTER (${both}), count(*) FILTER (${both} AND list_has_all(d${whole.index}, d${index})),
            count(*) FILTER (${both} AND len(d${whole.index}) > len(d${index}))`;
        })
        .join(', ')} FROM worded`,
    );
    const own = others.filter((_, i) => {
      const [both = 0, within = 0, longer = 0] = counts.slice(3 * i, 3 * i + 3);
      return both > 0 && within / both >= partOf && longer / both >= 0.2;
    });
    if (own.length > 0) parts.set(whole, own);
  }
  for (const [whole, own] of parts) {
    const leaves = own.filter((part) => !parts.has(part));
    if (leaves.length === 0) continue;
    const taken = leaves.map((part) => `coalesce(d${part.index}, [])`).join(', ');
    const [filled = 0, left = 0] = await database.numbers(
      `SELECT count(d), count(*) FILTER (len(rest) > 0) FROM
         (SELECT d${whole.index} AS d, list_filter(d${whole.index}, w -> NOT list_contains(list_concat(${taken}), w)) AS rest FROM worded)`,
    );
    if (left >= filled * 0.1) {
      whole.without = leaves.map((part) => part.index);
    } else {
      result.compared = result.compared.filter((c) => c !== whole);
      const names = leaves.map((part) => `“${part.column}”`).join(' and ');
      result.ignored.push({ column: whole.column, reason: `made of ${names}, which are compared` });
    }
  }
}

/** Share of records whose value also occurs in the other column, for two columns to be one vocabulary. */
const sharedVocabulary = 0.05;

async function findCrossed(database: Database, result: Plan): Promise<void> {
  const columns = result.compared.filter((c) => c.kind === 'word' && c.without.length === 0);
  if (columns.length < 2) return;
  await readWords(database, columns);
  const found: { a: Planned; b: Planned; share: number }[] = [];
  for (const [i, a] of columns.entries()) {
    for (const b of columns.slice(i + 1)) {
      const share = (one: string, other: string) =>
        `(SELECT coalesce(avg((s IN (SELECT ${other} FROM worded WHERE ${other} IS NOT NULL))::INTEGER), 0)
          FROM (SELECT ${one} AS s FROM worded) WHERE s IS NOT NULL)`;
      const [there = 0, back = 0] = await database.numbers(
        `SELECT ${share(`s${a.index}`, `s${b.index}`)}, ${share(`s${b.index}`, `s${a.index}`)}`,
      );
      found.push({ a, b, share: Math.min(there, back) });
    }
  }
  for (const { a, b, share } of found.sort((x, y) => y.share - x.share)) {
    if (share < sharedVocabulary || a.crossed !== undefined || b.crossed !== undefined) continue;
    a.crossed = b.index;
    b.crossed = a.index;
  }
}

/** Share of addresses that contain the value of a column, for the column to be what they are made of. */
const echoed = 0.1;

async function findEchoes(database: Database, result: Plan): Promise<void> {
  const names = result.compared.filter((c) => c.kind === 'word' && c.without.length === 0);
  for (const email of result.compared.filter((c) => c.kind === 'email')) {
    for (const { index } of names) {
      const [share = 0] = await database.numbers(
        `SELECT avg(contains(replace(split_part(lower(c${email.index}), '@', 1), '.', ''), replace(w${index}, ' ', ''))::INTEGER)
         FROM (SELECT * FROM raw ORDER BY rid * 7919 % 1000003, rid LIMIT ${sampled}) WHERE len(w${index}) > 2 AND w${email.index} IS NOT NULL`,
      );
      if (share >= echoed) email.echoes.push(index);
    }
  }
}
