import { code, date, email, number, phone } from './canonical.js';
import type { Planned } from './plan.js';
import type { FullSettings } from './settings.js';

/** One grade of agreement. Grades are tried from the closest to the furthest; the last holds for all that is left. */
export interface Level {
  label: string;
  /** SQL over the values of the two records (`l_v3`, `r_v3`) and what is measured between them; none for the last. */
  when?: string;
  /** Both sides hold the same value, so how common that value is decides what its agreement is worth. */
  exact?: boolean;
  /** Agreement that other columns account for already: it counts as not known. */
  neutral?: boolean;
}

/** A value by which records are brought together to be compared. */
export interface Key {
  label: string;
  /** SQL over `records`, VARCHAR or a list of them. */
  sql: string;
  list?: boolean;
  /** Only worth it together with a key of another column: a year, the first letters of a name. */
  weak?: boolean;
}

/** How one column is prepared, compared and used to find pairs. */
export interface Comparison extends Planned {
  /** Further columns of `records`: name → SQL over `raw`. */
  prepared: Record<string, string>;
  /** Further columns of `records` that the levels read. */
  reads: string[];
  /** What is measured once for each pair, for the levels to read: name → SQL over `l_` and `r_` values. */
  measured: Record<string, string>;
  levels: Level[];
  keys: Key[];
}

/** The comparison of a planned column. Values of column 3 are `v3` in `records`. */
export function comparison(planned: Planned, settings: FullSettings): Comparison {
  const built = build[planned.kind](planned, settings);
  return { ...planned, ...built };
}

type Built = Pick<Comparison, 'prepared' | 'reads' | 'measured' | 'levels' | 'keys'>;

/** Longest beginning of two values that is compared letter by letter. */
const lettersCompared = 48;

/** Changes of one letter from one value to the other; NULL where their lengths alone make it three or more. */
function edits(l: string, r: string): string {
  return `CASE WHEN abs(len(${l}) - len(${r})) < 3 THEN levenshtein(left(${l}, ${lettersCompared}), left(${r}, ${lettersCompared})) END`;
}

/** One slip of the keyboard: a letter wrong, missing or too many, or two swapped. The dear function runs last. */
function oneSlip(measure: string, l: string, r: string): string {
  return `CASE WHEN ${measure} = 1 THEN true WHEN ${measure} = 2 AND len(${l}) = len(${r})
    THEN damerau_levenshtein(left(${l}, ${lettersCompared}), left(${r}, ${lettersCompared})) = 1 ELSE false END`;
}

const build: Record<Planned['kind'], (planned: Planned, settings: FullSettings) => Built> = {
  word(planned, settings) {
    const i = planned.index;
    const v = `v${i}`;
    const [l, r] = [`l_${v}`, `r_${v}`];
    const levels: Level[] = [{ label: 'same', when: `${l} = ${r}`, exact: true }];
    const reads: string[] = [];
    if (planned.crossed !== undefined) {
      // Of the two columns each looks one way only, or one coincidence would count in both.
      levels.push({ label: 'found in the other name', when: `${l} = r_v${planned.crossed}` });
    }
    if (settings.nicknames.length > 0) {
      levels.push({ label: 'nickname', when: `list_has_any(l_n${i}, r_n${i})` });
      reads.push(`n${i}`);
    }
    levels.push(
      {
        label: 'one slip',
        when: `CASE WHEN j${i} = 0 OR least(len(${l}), len(${r})) < 4 THEN false
          ELSE ${oneSlip(edits(l, r), l, r)} END`,
      },
      { label: 'very alike', when: `j${i} >= 0.9` },
      {
        label: 'one begins or contains the other',
        when: `starts_with(${l}, ${r}) OR starts_with(${r}, ${l}) OR contains(l_s${i}, r_s${i}) OR contains(r_s${i}, l_s${i})`,
      },
      { label: 'alike', when: `j${i} > 0` },
      { label: 'different' },
    );
    const prepared: Record<string, string> = {
      [v]: remaining(planned),
      [`s${i}`]: `' ' || ${remaining(planned)} || ' '`,
    };
    if (settings.nicknames.length > 0) {
      prepared[`n${i}`] = `(SELECT sets FROM nicknames WHERE word = ${remaining(planned)})`;
    }
    return {
      prepared,
      reads: [...reads, `s${i}`],
      measured: {
        [`j${i}`]: `jaro_winkler_similarity(left(${l}, ${lettersCompared}), left(${r}, ${lettersCompared}), 0.78)`,
      },
      levels,
      keys: [
        planned.crossed === undefined
          ? { label: 'value', sql: v }
          : { label: 'value of either name', sql: `list_distinct([${v}, v${planned.crossed}])`, list: true },
        { label: 'word', sql: `list_filter(string_split(${v}, ' '), w -> len(w) > 2)`, list: true },
        { label: 'consonants', sql: skeleton(v) },
        { label: 'beginning', sql: `left(${v}, 3)`, weak: true },
      ],
    };
  },

  text(planned) {
    const i = planned.index;
    const v = `v${i}`;
    // Weights are whole numbers, so that their sums do not depend on the order of adding.
    const jaccard = `(i${i} / (l_w${i} + r_w${i} - i${i}))`;
    return {
      prepared: { [v]: remaining(planned) },
      reads: [`t${i}`, `w${i}`],
      measured: {
        [`i${i}`]: `coalesce(list_sum(list_transform(list_intersect(l_t${i}, r_t${i}), x -> x % 65536)), 0)`,
      },
      levels: [
        { label: 'same', when: `l_${v} = r_${v}`, exact: true },
        { label: 'nearly the same words', when: `${jaccard} >= 0.8` },
        { label: 'most words', when: `${jaccard} >= 0.6` },
        {
          label: 'many words, or one within the other',
          when: `${jaccard} >= 0.4 OR i${i} >= 0.9 * least(l_w${i}, r_w${i})`,
        },
        { label: 'some words', when: `${jaccard} >= 0.25` },
        { label: 'few words', when: `${jaccard} >= 0.1` },
        { label: 'different' },
      ],
      keys: [
        { label: 'value', sql: v },
        {
          label: 'word',
          sql: `list_distinct(list_filter(string_split(${v}, ' '), w -> len(w) > 1))`,
          list: true,
        },
      ],
    };
  },

  date(planned) {
    const i = planned.index;
    const v = `v${i}`;
    const [l, r] = [`l_${v}`, `r_${v}`];
    const sql = date(`c${i}`, planned.dateOrder);
    return {
      prepared: {
        [v]: sql,
        [`d${i}`]: `date_diff('day', DATE '1970-01-01', try_strptime(${sql}, '%Y%m%d')::DATE)::INTEGER`,
      },
      reads: [`d${i}`],
      measured: { [`h${i}`]: `hamming(${l}, ${r})` },
      levels: [
        { label: 'same', when: `${l} = ${r}`, exact: true },
        {
          label: 'same year, one has only the year',
          when: `left(${l}, 4) = left(${r}, 4) AND (right(${l}, 4) = '0101' OR right(${r}, 4) = '0101')`,
        },
        {
          label: 'one slip, or day and month swapped',
          when: `h${i} = 1 OR (h${i} = 2 AND ${swappedDigits(l, r)})
            OR left(${l}, 4) || right(${l}, 2) || substr(${l}, 5, 2) = ${r}`,
        },
        { label: 'within a month', when: `abs(l_d${i} - r_d${i}) <= 31` },
        { label: 'two slips', when: `h${i} = 2` },
        { label: 'same year', when: `left(${l}, 4) = left(${r}, 4)` },
        { label: 'different' },
      ],
      keys: [
        { label: 'value', sql: v },
        { label: 'day and month', sql: `right(${v}, 4)`, weak: true },
        { label: 'year', sql: `left(${v}, 4)`, weak: true },
      ],
    };
  },

  code(planned) {
    const i = planned.index;
    const v = `v${i}`;
    const [l, r] = [`l_${v}`, `r_${v}`];
    return {
      prepared: { [v]: code(i) },
      reads: [],
      measured: { [`e${i}`]: edits(l, r) },
      levels: [
        { label: 'same', when: `${l} = ${r}`, exact: true },
        {
          label: 'one slip',
          when: `CASE WHEN greatest(len(${l}), len(${r})) < 3 THEN false ELSE ${oneSlip(`e${i}`, l, r)} END`,
        },
        { label: 'two slips', when: `e${i} = 2 AND least(len(${l}), len(${r})) >= 6` },
        {
          label: 'same beginning',
          when: `least(len(${l}), len(${r})) >= 4 AND left(${l}, len(${l}) // 2) = left(${r}, len(${l}) // 2)`,
        },
        { label: 'different' },
      ],
      keys: [
        { label: 'value', sql: v },
        {
          label: 'beginning',
          sql: `CASE WHEN len(${v}) >= 4 THEN left(${v}, (len(${v}) + 1) // 2) END`,
          weak: true,
        },
        { label: 'end', sql: `CASE WHEN len(${v}) >= 6 THEN right(${v}, len(${v}) // 2) END`, weak: true },
      ],
    };
  },

  email(planned) {
    const i = planned.index;
    const v = `v${i}`;
    const [l, r] = [`l_${v}`, `r_${v}`];
    const [lRest, rRest] = [`x${i}`, `y${i}`];
    const sql = email(i);
    const sameDigits = `l_m${i} = r_m${i}`;
    return {
      prepared: {
        [v]: sql,
        [`a${i}`]: `split_part(${sql}, '@', 1)`,
        [`o${i}`]: `split_part(${sql}, '@', -1)`,
        [`m${i}`]: `regexp_replace(split_part(${sql}, '@', 1), '[^0-9]+', '', 'g')`,
      },
      reads: [`a${i}`, `o${i}`, `m${i}`],
      measured: {
        [lRest]: besideNames(`l_a${i}`, planned.echoes),
        [rRest]: besideNames(`r_a${i}`, planned.echoes),
      },
      levels: [
        { label: 'same', when: `${l} = ${r}`, exact: true },
        { label: 'made of the names', when: `${lRest} = '' AND ${rRest} = ''`, neutral: true },
        {
          label: 'one slip',
          when: `CASE WHEN ${sameDigits} THEN ${oneSlip(edits(l, r), l, r)} ELSE false END`,
        },
        { label: 'same before the @', when: `l_a${i} = r_a${i}` },
        { label: 'same beside the names', when: `len(${lRest}) > 1 AND ${lRest} = ${rRest}` },
        {
          label: 'alike beside the names',
          when: `${sameDigits} AND least(len(${lRest}), len(${rRest})) > 1 AND
            jaro_winkler_similarity(left(${lRest}, ${lettersCompared}), left(${rRest}, ${lettersCompared}), 0.8) > 0`,
        },
        { label: 'same domain', when: `l_o${i} = r_o${i}` },
        { label: 'different' },
      ],
      keys: [
        { label: 'value', sql: v },
        { label: 'before the @', sql: `a${i}` },
        { label: 'domain', sql: `o${i}`, weak: true },
        { label: 'beginning', sql: `left(${v}, 3)`, weak: true },
      ],
    };
  },

  phone(planned) {
    const i = planned.index;
    const v = `v${i}`;
    const [l, r] = [`l_${v}`, `r_${v}`];
    return {
      prepared: { [v]: phone(i) },
      reads: [],
      measured: { [`e${i}`]: edits(l, r) },
      levels: [
        { label: 'same', when: `${l} = ${r}`, exact: true },
        { label: 'same last nine digits', when: `len(${l}) > 8 AND right(${l}, 9) = right(${r}, 9)` },
        { label: 'one slip', when: oneSlip(`e${i}`, l, r) },
        { label: 'same last seven digits', when: `len(${l}) > 6 AND right(${l}, 7) = right(${r}, 7)` },
        { label: 'same beginning', when: `left(${l}, 3) = left(${r}, 3)` },
        { label: 'different' },
      ],
      keys: [
        { label: 'value', sql: v },
        { label: 'last seven digits', sql: `right(${v}, 7)` },
        { label: 'last four digits', sql: `right(${v}, 4)`, weak: true },
      ],
    };
  },

  number(planned) {
    const v = `v${planned.index}`;
    const [l, r] = [`l_${v}`, `r_${v}`];
    const within = (share: number) => `abs(${l} - ${r}) <= ${share} * greatest(abs(${l}), abs(${r}))`;
    return {
      prepared: { [v]: number(planned.index) },
      reads: [],
      measured: {},
      levels: [
        { label: 'same', when: `${l} = ${r}`, exact: true },
        { label: 'within 2 %', when: within(0.02) },
        { label: 'within 10 %', when: within(0.1) },
        { label: 'within 30 %', when: within(0.3) },
        { label: 'different' },
      ],
      keys: [{ label: 'value', sql: `${v}::VARCHAR`, weak: true }],
    };
  },
};

/**
 * What is left of the part before the @ without the names of both records. Two people called alike have addresses that
 * are alike; only what is not of the name tells them apart, and the names are compared on their own.
 */
function besideNames(part: string, names: readonly number[]): string {
  const joined = `translate(${part}, '._-+', '')`;
  return names
    .flatMap((index) => [`l_v${index}`, `r_v${index}`])
    .reduce(
      (text, name) =>
        `replace(${text}, CASE WHEN len(${name}) > 2 THEN replace(${name}, ' ', '') ELSE '@' END, '')`,
      joined,
    );
}

/** Two neighbouring digits swapped, of two dates that differ in two places. */
function swappedDigits(l: string, r: string): string {
  return `damerau_levenshtein(${l}, ${r}) = 1`;
}

/** Words of a column, less those of its parts. */
function remaining(planned: Planned): string {
  const own = `w${planned.index}`;
  if (planned.without.length === 0) return own;
  const taken = planned.without.map((index) => `coalesce(string_split(w${index}, ' '), [])`);
  return `nullif(array_to_string(list_filter(string_split(${own}, ' '), w -> NOT list_contains(list_concat(${taken.join(', ')}), w)), ' '), '')`;
}

/** First letter and the consonants after it: most slips in vowels leave it as it is. */
function skeleton(v: string): string {
  const rest = `regexp_replace(replace(substr(${v}, 2), ' ', ''), '[aeiouyhw]', '', 'g')`;
  return `CASE WHEN len(${rest}) >= 2 THEN left(${v}, 1) || ${rest} END`;
}
