import type { Patterns } from './compare.js';

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
 * chance, the rest as often (`h`) as is learnt.
 */
export interface Home {
  lambda: number;
  h: number[][];
  /** Comparisons of what people of one home do not share. */
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
): Parameters {
  const width = levelCounts.length;
  const seen = shares(levelCounts, chance);
  let { m, lambda } = firstGuess(levelCounts, startLambda);
  let u = correct(seen, m, lambda, undefined);
  let home = firstHome(m, u, lambda, personal);
  let round = 0;
  for (; round < mostRounds; round++) {
    const found = expect(candidates, width, levelCounts, { m, u, lambda, home, rounds: round });
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
  return { m, u, lambda, home, rounds: round };
}

interface Expected {
  persons: number;
  homes: number;
  /** Pairs by comparison and level. */
  person: Float64Array[];
  home: Float64Array[];
}

/** How many pairs of each combination are of one person, and of one home, given the parameters. */
function expect(
  patterns: Patterns,
  width: number,
  levelCounts: readonly number[],
  { m, u, lambda, home }: Parameters,
): Expected {
  const ratio = (values: readonly number[][]) =>
    values.map((own, c) => own.map((value, k) => Math.log(value / (u[c]?.[k] ?? 1))));
  const personLogs = ratio(m);
  const homeLogs = home ? ratio(home.h) : [];
  const rest = 1 - lambda - (home?.lambda ?? 0);
  const person = levelCounts.map((count) => new Float64Array(count));
  const shared = levelCounts.map((count) => new Float64Array(count));
  let [persons, homes] = [0, 0];
  for (let row = 0; row < patterns.counts.length; row++) {
    let forPerson = Math.log(lambda / rest);
    let forHome = home ? Math.log(home.lambda / rest) : -Infinity;
    for (let c = 0; c < width; c++) {
      const level = patterns.levels[row * width + c] ?? 0;
      if (level === 0) continue;
      forPerson += personLogs[c]?.[level - 1] ?? 0;
      if (home && !home.personal[c]) forHome += homeLogs[c]?.[level - 1] ?? 0;
    }
    const count = patterns.counts[row] ?? 0;
    const most = Math.max(0, forPerson, forHome);
    const all = Math.exp(-most) + Math.exp(forPerson - most) + Math.exp(forHome - most);
    const asPerson = (count * Math.exp(forPerson - most)) / all;
    const asHome = (count * Math.exp(forHome - most)) / all;
    persons += asPerson;
    homes += asHome;
    for (let c = 0; c < width; c++) {
      const level = patterns.levels[row * width + c] ?? 0;
      if (level === 0) continue;
      add(person[c], level - 1, asPerson);
      add(shared[c], level - 1, asHome);
    }
  }
  return { persons, homes, person, home: shared };
}

function add(totals: Float64Array | undefined, at: number, value: number): void {
  if (totals) totals[at] = (totals[at] ?? 0) + value;
}

function smooth(totals: Float64Array): number[] {
  const all = totals.reduce((sum, value) => sum + value, 0) + half * totals.length;
  return Array.from(totals, (value) => (value + half) / all);
}

/** A home, to begin with: what is not personal agrees in every other pair. None where nothing or all is personal. */
function firstHome(
  m: readonly number[][],
  u: readonly number[][],
  lambda: number,
  personal: readonly boolean[],
): Home | undefined {
  if (!personal.includes(true) || !personal.includes(false)) return undefined;
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
