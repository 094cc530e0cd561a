import type { Match } from '../compare/align.js';
import { type Frequencies, isEveryday, surprise } from '../compare/surprise.js';
import { pairKey, tripleKey } from '../words/features.js';
import { combine, mix } from '../words/hash.js';
import { fewestWords } from '../words/read-words.js';
import type { Listed } from './candidates.js';

/** What is known of the whole collection when two texts of it are compared. */
export interface Collection extends Frequencies {
  /** Of the two people who are compared, how many are in it: 2, or 1 where the first is new. */
  included: 1 | 2;
  /** Documents that have a feature; the answer is read before the next call. */
  list(key: number): Listed;
  /** Number of the owner of a document. */
  owner(document: number): number;
  /** Owners of a wording that was met before, by its hash. */
  wordings: Map<number, number>;
}

/** A match that has been judged. */
export interface Judged {
  match: Match;
  /** Words that agree and are not common wording. */
  words: number;
  owners: number;
  /** Surprise before and after what the size of the collection allows. */
  raw: number;
  bits: number;
  key: string;
}

export interface Side {
  stems: Uint32Array;
  /** How many units it has. */
  units: number;
  /** 1 for each word that is common wording. */
  covered: Uint8Array | undefined;
}

/**
 * A passage counts by itself from so many bits on, and from more where one text is compared with very many: by chance
 * alone, something is like it. Several passages of the same two texts count together from twice as many on, if each has
 * `enoughEach`.
 */
const leastSurprise = 16;
const surpriseBeyondPeople = 6;
const enoughEach = 14;
/** Words that a passage must share to count by itself. */
const fewestAlone = 6;
/** A collection of strangers is never smaller than this: there are more texts in the world than were given. */
const leastPopulation = 1024;
/** Share of the features of a passage that another owner must have to count as having the passage. */
const sameShare = 0.6;
/** Share of the features of a passage that few enough documents have, at the least. */
const leastListed = 0.2;
const keyWords = 4;
/** Wordings whose owners are remembered. */
const mostWordings = 200_000;

/** Decides which matches of two texts are shared passages. */
export function judge(
  matches: readonly Match[],
  a: Side,
  b: Side,
  collection: Collection,
  mostOwners: number,
): Judged[] {
  // So many places there were to look in.
  const looks = Math.log2(Math.max(1, a.units * b.units));
  const judged: Judged[] = [];
  for (const match of matches) {
    const owners = ownersOf(match, a.stems, collection);
    if (owners > mostOwners) continue;
    const holders = Math.ceil(owners / 2) - 1 + collection.included;
    const { bits: raw, words } = surprise(match, a.stems, a.covered, b.covered, collection, holders);
    if (words < fewestWords || raw < enoughEach) continue;
    const population = Math.log2((collection.people + leastPopulation) / (owners - 1));
    const bits = Math.max(1, Math.min(raw - looks, population));
    judged.push({ match, words, owners, raw, bits, key: keyOf(match, a.stems) });
  }
  const enough = Math.max(leastSurprise, Math.log2(collection.people) + surpriseBeyondPeople);
  const together = judged.reduce((sum, one) => sum + one.raw, 0);
  return together >= 2 * enough
    ? judged
    : judged.filter((one) => one.raw >= enough && one.words >= fewestAlone);
}

/** How many owners have the wording of a match: those who have most of its features; two at least. */
function ownersOf(match: Match, stems: Uint32Array, collection: Collection): number {
  let wording = 0;
  for (let i = 0; i < match.a.length; i++) wording = combine(wording, stems[match.a[i] as number] as number);
  const known = collection.wordings.get(wording);
  if (known !== undefined) return known;
  const tally = new Map<number, number>();
  let features = 0;
  let lists = 0;
  const add = (key: number | undefined) => {
    if (key === undefined) return;
    const { count, values, from, to } = collection.list(key);
    // Side by side in one of the two texts only.
    if (count < collection.included) return;
    features += 1;
    if (values === undefined) return;
    lists += 1;
    for (let i = from; i < to; i++) {
      const document = values[i] as number;
      tally.set(document, (tally.get(document) ?? 0) + 1);
    }
  };
  for (let i = 1; i < match.a.length; i++) {
    const at = match.a[i] as number;
    if ((match.a[i - 1] as number) !== at - 1) continue;
    const before = stems[at - 1] as number;
    const here = stems[at] as number;
    add(pairKey(before, here));
    if (i > 1 && match.a[i - 2] === at - 2) add(tripleKey(stems[at - 2] as number, before, here));
  }
  const owners = new Set<number>();
  for (const [document, count] of tally)
    if (count >= sameShare * lists) owners.add(collection.owner(document));
  // Wording of which hardly anything is listed is all over the collection.
  const everywhere = lists < leastListed * features;
  const count = everywhere ? Number.POSITIVE_INFINITY : Math.max(2, owners.size + 2 - collection.included);
  if (collection.wordings.size >= mostWordings) collection.wordings.clear();
  collection.wordings.set(wording, count);
  return count;
}

/** A name for the wording, made of a few of its words, so that a passage has the same one in every pair of texts. */
function keyOf(match: Match, stems: Uint32Array): string {
  const all = [...new Set(match.a.map((at) => stems[at] as number))].map(
    (stem) => [isEveryday(stem) ? 1 : 0, mix(stem ^ 0x3c6ef372), stem] as const,
  );
  all.sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
  let high = 0x243f6a88;
  let low = 0x85a308d3;
  for (const [, , stem] of all.slice(0, keyWords)) {
    high = combine(high, stem);
    low = combine(low, mix(stem));
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
