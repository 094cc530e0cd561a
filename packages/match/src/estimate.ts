import type { Pairs, Patterns } from './compare.js';
import type { Sides } from './one-to-one.js';
import type { Size } from './records.js';

/**
 * Fellegi–Sunter parameters. `m[c][k]`: probability of level k + 1 of comparison c among pairs of one person, `u` among
 * pairs of two, both given that both values are known. `lambda`: probability that two records picked at random are one
 * person.
 */
export interface Parameters {
  m: number[][];
  u: number[][];
  lambda: number;
  /** Pairs of two people of one home, where the columns allow to tell them from one person. */
  home: Home | undefined;
  rounds: number;
}

/**
 * Two people who live together agree in surname, address and phone, all at once, which pairs picked at random never do.
 * To the usual two classes of pairs they are one person. So they are a class of their own: what is personal agrees by
 * chance, the rest as often (`h`) as is learnt. Where two sources of things are linked, the same class holds lookalikes,
 * songs of one album or models of one maker: what they share is learnt from the pairs that a better counterpart beats.
 */
export interface Home {
  lambda: number;
  h: number[][];
  /** Comparisons of what people of one home do not share. None: the class is of lookalikes. */
  personal: boolean[];
}

const mostRounds = 200;
const settled = 1e-5;
/** A level no pair showed is rare, not impossible: as if seen in half a pair. */
const half = 0.5;
/** To begin with: for ten pairs of one person there is one of one home. */
const homesAtFirst = 0.1;

/**
 * Expectation maximisation over all pairs there are, of which only the candidates were compared: the others are taken
 * for different persons. That keeps the choice of candidates from colouring the estimate, which happens when only
 * blocked pairs are looked at. `chance` are pairs picked at random, few of which are one person; what they show is
 * corrected for those few as m and lambda become known.
 */
export function estimate(
  levelCounts: readonly number[],
  candidates: Patterns,
  chance: Patterns,
  allPairs: number,
  startLambda: number,
  personal: readonly boolean[] = [],
  linked?: Linked,
): Parameters {
  const width = levelCounts.length;
  const seen = shares(levelCounts, chance);
  let { m, lambda } = firstGuess(levelCounts, startLambda);
  let u = correct(seen, m, lambda, undefined);
  let home = firstHome(m, u, lambda, personal, linked !== undefined);
  let counted: Expected | undefined;
  let round = 0;
  for (; round < mostRounds; round++) {
    const found = expect(candidates, width, levelCounts, { m, u, lambda, home, rounds: round }, linked);
    counted = found;
    const next = found.person.map(smooth);
    const nextLambda = Math.min(0.5, Math.max(found.persons, half) / allPairs);
    const moved = Math.max(
      Math.abs(Math.log(nextLambda / lambda)),
      ...next.flatMap((own, c) => own.map((value, k) => Math.abs(value - (m[c]?.[k] ?? 0)))),
    );
    m = next;
    lambda = nextLambda;
    home = home && {
      ...home,
      lambda: Math.min(0.25, Math.max(found.homes, half) / allPairs),
      h: found.home.map(smooth),
    };
    u = correct(seen, m, lambda, home);
    if (moved < settled) break;
  }
  return lend({ m, u, lambda, home, rounds: round }, counted?.person ?? [], seen);
}

/** Fewer pairs than this show too little of a level to say what it is worth. */
const enough = 3;

/**
 * A level that hardly any pair showed, of one person or by chance, is worth what the next further one is worth that was
 * seen: what was made up for it (half a pair among few, and half among many) would make it strong evidence.
 */
function lend(parameters: Parameters, person: readonly Float64Array[], seen: readonly Seen[]): Parameters {
  const { u, home } = parameters;
  const m = parameters.m.map((own) => [...own]);
  const h = home?.h.map((own) => [...own]);
  for (const [c, chance] of u.entries()) {
    const { share, total } = seen[c] ?? { share: [], total: 0 };
    for (let k = chance.length - 2; k >= 0; k--) {
      if ((person[c]?.[k] ?? 0) >= enough || (share[k] ?? 0) * total >= enough) continue;
      const times = (chance[k] ?? 1) / (chance[k + 1] ?? 1);
      for (const of of [m[c], h?.[c]]) if (of) of[k] = (of[k + 1] ?? 1) * times;
    }
  }
  return { ...parameters, m, home: home && h && { ...home, h } };
}

/** Pairs of records of two sources, with the number of their combination of levels. */
export interface Linked {
  pairs: Pairs;
  size: Size;
  /** Of which source a record has one counterpart at most. */
  one: Sides;
}

/**
 * Share of the lookalikes that are left when both records are free: that a lookalike is the best there is needs both
 * to have no counterpart. `lambda` says how many do.
 */
export function freeOfBoth(lambda: number, { pairs, first, records }: Size, one: Sides): number {
  const counterparts = lambda * pairs;
  const free = (all: number) => Math.max(leastFree, 1 - counterparts / Math.max(1, all));
  return (one.left ? free(first) : 1) * (one.right ? free(records - first) : 1);
}

/** Share of records that are taken to have no counterpart, at least. */
const leastFree = 0.01;

interface Expected {
  persons: number;
  homes: number;
  /** Pairs by comparison and level. */
  person: Float64Array[];
  home: Float64Array[];
}

/** Levels a column can have, with 0 for not known. */
const grades = 16;
/** Pairs of a combination that hardly any chance makes of one person add nothing that could be seen. */
const negligible = 1e-12;

/** Log-likelihood ratios by column and level in one row; 0 for not known, and for columns left out. */
function logRatios(
  values: readonly number[][],
  u: readonly number[][],
  use: (c: number) => boolean,
): Float64Array {
  const table = new Float64Array(values.length * grades);
  for (const [c, own] of values.entries()) {
    if (!use(c)) continue;
    for (const [k, value] of own.entries()) table[c * grades + k + 1] = Math.log(value / (u[c]?.[k] ?? 1));
  }
  return table;
}

/** How many pairs of each combination are of one person, and of one home, given the parameters. */
function expect(
  patterns: Patterns,
  width: number,
  levelCounts: readonly number[],
  { m, u, lambda, home }: Parameters,
  linked: Linked | undefined,
): Expected {
  const ofPerson = logRatios(m, u, () => true);
  const ofHome = logRatios(home?.h ?? [], u, (c) => !home?.personal[c]);
  const rest = 1 - lambda - (home?.lambda ?? 0);
  const person = new Float64Array(width * grades);
  const shared = new Float64Array(width * grades);
  const { levels, counts } = patterns;
  const [priorPerson, priorHome] = [Math.log(lambda / rest), home ? Math.log(home.lambda / rest) : -Infinity];
  const lookalikes =
    linked && !home?.personal.includes(true) ? freeOfBoth(lambda, linked.size, linked.one) : undefined;
  const odds = new Float64Array(linked ? counts.length : 0);
  const others = new Float64Array(odds.length);
  let [persons, homes] = [0, 0];
  const add = (row: number, asPerson: number, asHome: number) => {
    if (asPerson + asHome < negligible) return;
    persons += asPerson;
    homes += asHome;
    for (let c = 0; c < width; c++) {
      const at = c * grades + (levels[row * width + c] ?? 0);
      person[at] = (person[at] ?? 0) + asPerson;
      shared[at] = (shared[at] ?? 0) + asHome;
    }
  };
  for (let row = 0; row < counts.length; row++) {
    let forPerson = priorPerson;
    let forHome = priorHome;
    for (let c = 0; c < width; c++) {
      const at = c * grades + (levels[row * width + c] ?? 0);
      forPerson += ofPerson[at] ?? 0;
      if (home) forHome += ofHome[at] ?? 0;
    }
    const most = Math.max(0, forPerson, forHome);
    const [random, same, alike] = [Math.exp(-most), Math.exp(forPerson - most), Math.exp(forHome - most)];
    if (linked) {
      odds[row] = Math.min(mostOdds, same / (random + alike * (lookalikes ?? 1)));
      others[row] = lookalikes === undefined ? alike / (random + alike) : same / (random + same);
    } else {
      const each = (counts[row] ?? 0) / (random + same + alike);
      add(row, each * same, each * alike);
    }
  }
  if (linked) {
    for (const [row, asPerson] of compete(linked, odds).entries()) {
      const [all, other] = [counts[row] ?? 0, others[row] ?? 0];
      const asHome =
        lookalikes === undefined ? (all - asPerson) * other : Math.max(0, all * other - asPerson);
      add(row, asPerson, home ? asHome : 0);
    }
  }
  const byColumn = (totals: Float64Array) =>
    levelCounts.map((count, c) => totals.slice(c * grades + 1, c * grades + 1 + count));
  return { persons, homes, person: byColumn(person), home: byColumn(shared) };
}

/** The most that odds may be: their sums must stay finite. */
const mostOdds = 1e100;

/**
 * Where two sources are linked, the counterparts a record might have are rivals: it has one at most. Each pair's odds
 * are set against those of its rivals on both sides. Without it, songs of one album (or products of one maker) would be
 * taken for what pairs of one song look like, for there are more of them. Returns the expected pairs a combination.
 */
function compete({ pairs, size, one }: Linked, odds: Float64Array): Float64Array {
  const { l, r, pattern, length } = pairs;
  const [left, right] = [Number(one.left), Number(one.right)];
  const rivals = new Float64Array(size.records);
  for (let i = 0; i < length; i++) {
    const own = odds[pattern[i] ?? 0] ?? 0;
    rivals[l[i] ?? 0] = (rivals[l[i] ?? 0] ?? 0) + left * own;
    rivals[r[i] ?? 0] = (rivals[r[i] ?? 0] ?? 0) + right * own;
  }
  const expected = new Float64Array(odds.length);
  for (let i = 0; i < length; i++) {
    const at = pattern[i] ?? 0;
    const own = odds[at] ?? 0;
    const all = left * (rivals[l[i] ?? 0] ?? 0) + right * (rivals[r[i] ?? 0] ?? 0) - left * right * own;
    expected[at] = (expected[at] ?? 0) + own / (1 + all);
  }
  return expected;
}

function smooth(totals: Float64Array): number[] {
  const all = totals.reduce((sum, value) => sum + value, 0) + half * totals.length;
  return Array.from(totals, (value) => (value + half) / all);
}

/**
 * A home, to begin with: what is not personal agrees in every other pair. Where nothing is personal, two sources may
 * hold lookalikes that share most of everything. None else.
 */
function firstHome(
  m: readonly number[][],
  u: readonly number[][],
  lambda: number,
  personal: readonly boolean[],
  linking: boolean,
): Home | undefined {
  if (!personal.includes(false) || (!personal.includes(true) && !linking)) return undefined;
  const h = m.map((own, c) => own.map((value, k) => (value + (u[c]?.[k] ?? 0)) / 2));
  return { lambda: lambda * homesAtFirst, h, personal: [...personal] };
}

/** Where nothing is known yet: records of one person mostly agree, and one pair in some ten thousand is one person. */
function firstGuess(levelCounts: readonly number[], lambda: number): Pick<Parameters, 'm' | 'lambda'> {
  const m = levelCounts.map((count) => {
    const shares = Array.from({ length: count }, (_, k) => (k === 0 ? 0.7 : 0.25 / Math.max(1, count - 1)));
    shares[count - 1] = 0.05 + (shares[count - 1] ?? 0);
    const all = shares.reduce((sum, value) => sum + value, 0);
    return shares.map((value) => value / all);
  });
  return { m, lambda: Math.min(0.1, lambda) };
}

interface Seen {
  share: number[];
  total: number;
}

function shares(levelCounts: readonly number[], patterns: Patterns): Seen[] {
  const width = levelCounts.length;
  return levelCounts.map((count, c) => {
    const totals = new Float64Array(count + 1);
    for (let row = 0; row < patterns.counts.length; row++) {
      const level = patterns.levels[row * width + c] ?? 0;
      totals[level] = (totals[level] ?? 0) + (patterns.counts[row] ?? 0);
    }
    const total = totals.subarray(1).reduce((sum, value) => sum + value, 0);
    return { share: Array.from(totals.subarray(1), (value) => value / Math.max(1, total)), total };
  });
}

/** u from what random pairs show, less the pairs of one person and of one home among them. */
function correct(
  seen: readonly Seen[],
  m: readonly number[][],
  lambda: number,
  home: Home | undefined,
): number[][] {
  return seen.map(({ share, total }, c) => {
    const floor = half / (total + share.length * half);
    const shared = home && !home.personal[c] ? home.lambda : 0;
    const own = share.map((value, k) => {
      const others = value - lambda * (m[c]?.[k] ?? 0) - shared * (home?.h[c]?.[k] ?? 0);
      return Math.max(floor, others / (1 - lambda - shared));
    });
    const all = own.reduce((sum, value) => sum + value, 0);
    return own.map((value) => value / all);
  });
}
