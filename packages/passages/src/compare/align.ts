import { HashSet } from '../words/hash-set.js';
import { fewestWords, type Words } from '../words/read-words.js';
import { StemTable } from './stem-table.js';

/** Words of two texts that agree, in a stretch of each. Numbers are indexes of words. */
export interface Match {
  /** First word and the one behind the last. */
  aFrom: number;
  aTo: number;
  bFrom: number;
  bTo: number;
  /** Words that agree: index in `a`, ascending, and index in `b`. */
  a: number[];
  b: number[];
  /** Share of the words that agree, 0 to 1. */
  similarity: number;
}

/** Below this, two stretches are not the same wording. */
export const leastSimilarity = 0.5;
/** So many words in one go are a passage of their own, whatever the sentence around them says. */
const longRun = 12;
const longRunSimilarity = 0.7;
/** Places of one stem that are looked at. */
const mostPlaces = 12;
/** Pairs of units that are looked at in two texts. */
const mostUnitPairs = 2_000;

type Stems = Pick<Words, 'stems' | 'units'>;

interface Stretch {
  from: number;
  to: number;
}

/** Finds stretches of one text in others. */
export class Aligner {
  readonly #words: Stems;
  readonly #muted: Uint8Array | undefined;
  readonly #table: StemTable;
  readonly #unitOf: Uint32Array;
  readonly #counts: Uint16Array;
  readonly #seen: Int32Array;
  readonly #unitTables: HashSet[] = [];

  /** @param muted 1 for each unit that is not to be looked for */
  constructor(words: Stems, muted?: Uint8Array) {
    this.#words = words;
    this.#muted = muted;
    this.#table = new StemTable(words);
    this.#unitOf = new Uint32Array(words.stems.length);
    const units = words.units.length - 1;
    for (let unit = 0; unit < units; unit++) {
      this.#unitOf.fill(unit, words.units[unit], words.units[unit + 1]);
    }
    this.#counts = new Uint16Array(units);
    this.#seen = new Int32Array(units);
  }

  /**
   * Stretches that agree; `a` is the aligner's text, `b` the other. None overlaps another. Where `likely` units of the
   * aligner's text are given and none of them agrees, the others are not looked at.
   */
  against(other: Stems, likely?: readonly number[]): Match[] {
    if (likely !== undefined && !likely.some((unit) => this.#agrees(unit, other))) return [];
    return withoutOverlap(this.#matches(other));
  }

  /** Has the other text a unit that agrees with this one? */
  #agrees(unit: number, other: Stems): boolean {
    const from = this.#words.units[unit] as number;
    const to = this.#words.units[unit + 1] as number;
    this.#unitTables[unit] ??= new HashSet(new Int32Array(this.#words.stems.subarray(from, to)));
    const table = this.#unitTables[unit];
    const { stems, units } = other;
    for (let i = 0; i + 1 < units.length; i++) {
      const start = units[i] as number;
      const end = units[i + 1] as number;
      let count = 0;
      for (let at = start; at < end; at++) if (table.has(stems[at] as number)) count += 1;
      if (count < 4 || count < 0.4 * Math.min(to - from, end - start)) continue;
      if (this.#compare(other, { from, to }, { from: start, to: end }) !== undefined) return true;
    }
    return false;
  }

  #matches(other: Stems): Match[] {
    const pairs = this.#unitPairs(other);
    const matches: Match[] = [];
    for (let i = 0; i < pairs.length; i++) {
      const [unitA, unitB] = pairs[i] as [number, number];
      const stretchA = stretchOf(this.#words, unitA, unitA);
      const stretchB = stretchOf(other, unitB, unitB);
      const single = this.#compare(other, stretchA, stretchB);
      if (single !== undefined) matches.push(single);
      for (const [nextA, nextB] of pairs) {
        const further = (nextA === unitA && nextB === unitB + 1) || (nextB === unitB && nextA === unitA + 1);
        if (!further) continue;
        const joined = this.#compare(
          other,
          stretchOf(this.#words, unitA, nextA),
          stretchOf(other, unitB, nextB),
        );
        if (joined !== undefined) matches.push(joined);
      }
    }
    return matches;
  }

  /** Units that share words enough to be looked at. */
  #unitPairs(other: Stems): [number, number][] {
    const pairs: [number, number][] = [];
    const counts = this.#counts;
    const seen = this.#seen;
    const muted = this.#muted;
    const touched: number[] = [];
    seen.fill(-1);
    const { units } = this.#words;
    for (let unit = 0; unit + 1 < other.units.length && pairs.length < mostUnitPairs; unit++) {
      const from = other.units[unit] as number;
      const to = other.units[unit + 1] as number;
      for (let i = from; i < to; i++) {
        const stem = other.stems[i] as number;
        let places = 0;
        for (let at = this.#table.first(stem); at >= 0 && places < mostPlaces; at = this.#table.next(at)) {
          places += 1;
          const mine = this.#unitOf[at] as number;
          if (muted?.[mine] === 1 || seen[mine] === i) continue;
          seen[mine] = i;
          if (counts[mine] === 0) touched.push(mine);
          counts[mine] = (counts[mine] as number) + 1;
        }
      }
      for (const mine of touched) {
        const count = counts[mine] as number;
        const size = Math.min(to - from, (units[mine + 1] as number) - (units[mine] as number));
        if (count >= 4 && count >= 0.4 * size) pairs.push([mine, unit]);
        counts[mine] = 0;
      }
      touched.length = 0;
    }
    return pairs;
  }

  #compare(other: Stems, stretchA: Stretch, stretchB: Stretch): Match | undefined {
    const a: number[] = [];
    const b: number[] = [];
    const { stems } = this.#words;
    const used = new Uint8Array(stretchB.to - stretchB.from);
    let expected = -1;
    for (let i = stretchA.from; i < stretchA.to; i++) {
      const stem = stems[i] as number;
      let found = -1;
      if (
        expected >= 0 &&
        expected < stretchB.to &&
        other.stems[expected] === stem &&
        used[expected - stretchB.from] === 0
      ) {
        found = expected;
      } else {
        for (let j = stretchB.from; j < stretchB.to; j++) {
          if (other.stems[j] === stem && used[j - stretchB.from] === 0) {
            found = j;
            break;
          }
        }
      }
      if (found < 0) continue;
      used[found - stretchB.from] = 1;
      expected = found + 1;
      a.push(i);
      b.push(found);
    }
    if (a.length < fewestWords) return undefined;
    const whole = trimmed(a, b, stretchA, stretchB);
    return whole ?? longest(a, b);
  }
}

function stretchOf(words: Stems, first: number, last: number): Stretch {
  return { from: words.units[first] as number, to: words.units[last + 1] as number };
}

/** All of the shorter stretch against the part of the longer one that has its words. */
function trimmed(a: number[], b: number[], stretchA: Stretch, stretchB: Stretch): Match | undefined {
  const sizeA = stretchA.to - stretchA.from;
  const sizeB = stretchB.to - stretchB.from;
  const agree = a.length;
  if (agree < leastSimilarity * Math.min(sizeA, sizeB)) return undefined;
  let windowA = stretchA;
  let windowB = stretchB;
  if (sizeA > sizeB) windowA = { from: a[0] as number, to: (a[agree - 1] as number) + 1 };
  else if (sizeB > sizeA) windowB = { from: Math.min(...b), to: Math.max(...b) + 1 };
  const similarity = (2 * agree) / (windowA.to - windowA.from + windowB.to - windowB.from);
  if (similarity < leastSimilarity) return undefined;
  return { aFrom: windowA.from, aTo: windowA.to, bFrom: windowB.from, bTo: windowB.to, a, b, similarity };
}

/** The longest run of words that agree in both, with little between them. */
function longest(a: number[], b: number[]): Match | undefined {
  let best: Match | undefined;
  for (let from = 0; from + longRun <= a.length; ) {
    let to = from + 1;
    while (to < a.length) {
      const stepA = (a[to] as number) - (a[to - 1] as number);
      const stepB = (b[to] as number) - (b[to - 1] as number);
      if (stepA > 3 || stepB < 1 || stepB > 3) break;
      to += 1;
    }
    const agree = to - from;
    if (agree >= longRun && agree > (best?.a.length ?? 0)) {
      const aFrom = a[from] as number;
      const aTo = (a[to - 1] as number) + 1;
      const bFrom = b[from] as number;
      const bTo = (b[to - 1] as number) + 1;
      const similarity = (2 * agree) / (aTo - aFrom + bTo - bFrom);
      if (similarity >= longRunSimilarity)
        best = { aFrom, aTo, bFrom, bTo, a: a.slice(from, to), b: b.slice(from, to), similarity };
    }
    from = to;
  }
  return best;
}

function withoutOverlap(matches: Match[]): Match[] {
  matches.sort(
    (one, two) =>
      two.a.length * two.similarity - one.a.length * one.similarity ||
      one.aFrom - two.aFrom ||
      one.bFrom - two.bFrom,
  );
  const kept: Match[] = [];
  for (const match of matches) {
    const free = kept.every(
      (other) =>
        (match.aTo <= other.aFrom || other.aTo <= match.aFrom) &&
        (match.bTo <= other.bFrom || other.bTo <= match.bFrom),
    );
    if (free) kept.push(match);
  }
  return kept.sort((one, two) => one.aFrom - two.aFrom);
}
