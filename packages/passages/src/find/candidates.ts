import type { Features } from '../words/features.js';

/** Documents that have a feature: how many, and, where they are few, `values` from `from` to `to`, ascending. */
export interface Listed {
  count: number;
  values: Uint32Array | undefined;
  from: number;
  to: number;
}

/** A document that may share a passage. */
export interface Candidate {
  document: number;
  /** Units of the text that have features in common with it; undefined where they are many. */
  units: number[] | undefined;
}

/** A feature in more documents than this links nobody by itself. */
export function mostDocumentsOfAFeature(documents: number): number {
  return Math.min(1024, Math.max(64, Math.ceil(documents / 1000)));
}

/** Entries of lists that are looked at for one text. */
const mostEntries = 4_000_000;
/** One unit of the text and a document must share so many features. */
const fewestHits = 2;
/** Each hit adds this to a score, so that both are in one number; no sum of weights of a unit is as large. */
const hit = 2 ** 16;
/** What they share must be as rare as so many features of a single document. */
const rarity = 1.5;
const many = 2 ** 32 - 1;

/** Ranks the documents that may share a passage with a text, by the rarity of what they share with one unit of it. */
export class Candidates {
  #scores = new Float64Array(1024);
  #totals = new Float64Array(1024);
  /** Up to three units in which a document was hit, ten bits each, counted from 1; `many` where there are more. */
  #units = new Uint32Array(1024);
  #touched = new Uint32Array(1024);
  #found = new Uint32Array(1024);

  /**
   * @param units first word of each unit, and at last the number of words
   * @param below only documents with a lower number
   * @param list the documents that have a feature; its answer is read before the next call
   * @param allowed whether a document may be a candidate
   * @param most how many to return
   * @param muted 1 for each unit that is not to be looked for
   */
  rank(
    features: Features,
    units: Uint32Array,
    documents: number,
    below: number,
    list: (feature: number) => Listed,
    allowed: (document: number) => boolean,
    most: number,
    muted?: Uint8Array,
  ): { candidates: Candidate[]; cut: boolean } {
    this.#makeRoom(documents);
    const scores = this.#scores;
    const totals = this.#totals;
    const { at, count: featureCount } = features;
    const hitUnits = this.#units;
    const touched = this.#touched;
    const found = this.#found;
    const cap = mostDocumentsOfAFeature(documents);
    const leastScore = rarity * Math.log2(documents + 1);
    let touchedCount = 0;
    let foundCount = 0;
    let budget = mostEntries;
    let next = 0;
    for (let unit = 0; unit + 1 < units.length && budget > 0; unit++) {
      const end = units[unit + 1] as number;
      if (muted?.[unit] === 1) {
        while (next < featureCount && (at[next] as number) < end) next += 1;
        continue;
      }
      const first = next;
      for (; next < featureCount && (at[next] as number) < end; next++) {
        if (isRepeated(features, first, next)) continue;
        const { count, values, from, to } = list(next);
        if (values === undefined || count > cap) continue;
        budget -= count;
        const weight = hit + Math.log2((documents + 1) / count);
        for (let i = from; i < to; i++) {
          const document = values[i] as number;
          if (document >= below) break;
          const before = scores[document] as number;
          if (before === 0) touched[touchedCount++] = document;
          scores[document] = before + weight;
        }
      }
      for (let i = 0; i < touchedCount; i++) {
        const document = touched[i] as number;
        const sum = scores[document] as number;
        scores[document] = 0;
        if (sum < fewestHits * hit) continue;
        const score = sum % hit;
        if (score >= leastScore && allowed(document)) {
          if (totals[document] === 0) found[foundCount++] = document;
          totals[document] = (totals[document] as number) + score;
          const held = hitUnits[document] as number;
          hitUnits[document] = held >= 2 ** 20 || unit >= 1022 ? many : held * 1024 + unit + 1;
        }
      }
      touchedCount = 0;
    }
    const ranked = Array.from(found.subarray(0, foundCount)).sort(
      (a, b) => (totals[b] as number) - (totals[a] as number) || a - b,
    );
    const cut = ranked.length > most;
    if (cut) ranked.length = most;
    const candidates = ranked.map((document) => ({ document, units: unpack(hitUnits[document] as number) }));
    for (let i = 0; i < foundCount; i++) {
      const document = found[i] as number;
      totals[document] = 0;
      hitUnits[document] = 0;
    }
    return { candidates, cut: cut || budget <= 0 };
  }

  #makeRoom(documents: number): void {
    if (documents <= this.#scores.length) return;
    const size = Math.max(documents, this.#scores.length * 2);
    this.#scores = new Float64Array(size);
    this.#totals = new Float64Array(size);
    this.#units = new Uint32Array(size);
    this.#touched = new Uint32Array(size);
    this.#found = new Uint32Array(size);
  }
}

function unpack(held: number): number[] | undefined {
  if (held === many) return undefined;
  const units: number[] = [];
  for (let left = held; left > 0; left = Math.floor(left / 1024)) units.push((left % 1024) - 1);
  return units;
}

/** Was this feature met before, since `first`? */
function isRepeated({ high, low }: Features, first: number, at: number): boolean {
  for (let i = first; i < at; i++) if (high[i] === high[at] && low[i] === low[at]) return true;
  return false;
}
