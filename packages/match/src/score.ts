import type { Level } from './comparisons.js';
import type { Parameters } from './estimate.js';

/** Bits of the prior: how many doublings from "as likely as not" to the odds of two records picked at random. */
export function priorBits(parameters: Pick<Parameters, 'lambda' | 'home'>): number {
  return Math.log2(parameters.lambda / (1 - parameters.lambda - (parameters.home?.lambda ?? 0)));
}

/** Bits that a level adds, before the value's own frequency is looked at. */
export function levelBits(parameters: Parameters, comparison: number, level: number): number {
  const m = parameters.m[comparison]?.[level] ?? 1;
  const u = parameters.u[comparison]?.[level] ?? 1;
  return Math.log2(m / u);
}

export function probability(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}

export function bitsOf(probability: number): number {
  return Math.log2(probability / (1 - probability));
}

/** The most that a value's rarity or commonness may change a level's bits. */
const mostRarity = 10;

/** Bits of a level of one column. */
interface Grade {
  bits: number;
  /** The same for two people of one home instead of one person; none where they do not share the column. */
  home: number | undefined;
  /** For exact levels: bits of a value that one record in all holds, to be lessened by log2 of how many do. */
  rarity: number | undefined;
}

/** Adds up what the levels of a pair say. */
export class Scorer {
  private readonly grades: Grade[][];
  private readonly prior: number;
  private homePrior: number | undefined;
  /** Bits of each column of the pair weighed last, and what was taken off for homes. */
  readonly bits: Float64Array;
  home = 0;

  constructor(levels: readonly (readonly Level[])[], parameters: Parameters, records: number) {
    const { m, u, lambda, home } = parameters;
    this.prior = priorBits(parameters);
    this.homePrior = home && Math.log2(home.lambda / (1 - lambda - home.lambda));
    this.bits = new Float64Array(levels.length);
    this.grades = levels.map((own, c) =>
      own.map(({ exact }, k) => {
        const chance = u[c]?.[k] ?? 1;
        return {
          bits: Math.log2((m[c]?.[k] ?? 1) / chance),
          home: home && !home.personal[c] ? Math.log2((home.h[c]?.[k] ?? 1) / chance) : undefined,
          rarity: exact ? Math.log2(chance * records) : undefined,
        };
      }),
    );
  }

  /** From now on takes two people of one home, or lookalikes, for that share as many as before. */
  thinOut(share: number): void {
    if (this.homePrior !== undefined) this.homePrior += Math.log2(share);
  }

  /**
   * The weight of a pair in bits. Where both hold the same value, chance is how often that value occurs (`count(c)`
   * records), not how often any two values are the same: to share a rare name says more than to share a common one.
   * `home` is taken off because the pair may be two people of one home: with a the odds of one person against two strangers
   * and b those of one home, the odds against both are a / (1 + b).
   */
  weigh(levels: Uint8Array, start: number, count: (c: number) => number): number {
    let weight = this.prior;
    let shared = this.homePrior ?? 0;
    for (let c = 0; c < this.grades.length; c++) {
      const grade = this.grades[c]?.[(levels[start + c] ?? 0) - 1];
      let rarity = 0;
      if (grade?.rarity !== undefined) {
        rarity = Math.max(-mostRarity, Math.min(mostRarity, grade.rarity - Math.log2(count(c))));
      }
      const bits = grade ? grade.bits + rarity : 0;
      this.bits[c] = bits;
      weight += bits;
      if (grade?.home !== undefined) shared += grade.home + rarity;
    }
    this.home = this.homePrior === undefined ? 0 : -Math.log2(1 + 2 ** Math.min(500, shared));
    return weight + this.home;
  }
}
