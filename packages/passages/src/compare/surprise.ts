import { pairKey } from '../words/features.js';
import { HashSet } from '../words/hash-set.js';
import { readWords, stemHash } from '../words/read-words.js';
import { stockPhrases } from '../words/stock-phrases.js';
import { everydayWords } from '../words/stop-words.js';
import type { Match } from './align.js';

/** How many people use a word, or two words side by side. */
export interface Frequencies {
  people: number;
  word(stem: number): number;
  pair(one: number, other: number): number;
}

/** Word pairs of stock phrases, by the upper 32 bits of their key. */
const stockPairs = new HashSet(
  Int32Array.from(
    stockPhrases.flatMap((phrase) => {
      const { stems } = readWords(phrase, { everything: true });
      return Array.from(stems.subarray(1), (stem, at) =>
        Math.floor(pairKey(stems[at] as number, stem) / 256),
      );
    }),
  ),
);

const everyday = new HashSet(Int32Array.from(everydayWords, stemHash));

/** Share of people who use a word, before any text is seen. */
const everydayShare = 0.35;
const otherShare = 0.02;
/**
 * How many people that is worth, and how many sightings against what follows the word before. For an everyday word, many:
 * a small set of texts does not show which of its phrases all the world uses.
 */
const everydayPeople = 500;
const otherPeople = 50;
const everydaySightings = 100;
const otherSightings = 3;
/** A word that goes on with a stock phrase, in bits. */
const stockPair = 0.3;
/** No word is rarer than this, and not much rarer among very many people: two people of one trade share its words. */
const rarest = 1 / 64;
const rarestOfMany = 8;
/** What a word that is not shared speaks for two authors, in bits. */
const different = 1.2;
/** A word that is shared, but not its neighbour, counts so much. */
const loose = 0.5;

/** Is this one of the words that most people write? */
export function isEveryday(stem: number): boolean {
  return everyday.has(stem);
}

/**
 * Surprise, in bits, that two people wrote the words of a match independently of each other: a word counts by how few
 * follow the word before with it (jargon is cheap once its first word is there), a word in another place by how few use
 * it at all, and words that differ are taken off.
 *
 * @param holders how many of the people who have this wording are no measure of how common its words are
 */
export function surprise(
  match: Match,
  stemsA: Uint32Array,
  coveredA: Uint8Array | undefined,
  coveredB: Uint8Array | undefined,
  frequencies: Frequencies,
  holders: number,
): { bits: number; words: number } {
  const floor = Math.min(rarest, rarestOfMany / Math.sqrt(frequencies.people));
  const share = (stem: number) => {
    const common = everyday.has(stem);
    const prior = common ? everydayShare : otherShare;
    const strength = common ? everydayPeople : otherPeople;
    const seen = Math.max(0, frequencies.word(stem) - holders);
    const value = (seen + strength * prior) / (Math.max(0, frequencies.people - holders) + strength);
    return Math.min(0.5, Math.max(floor, value));
  };
  let bits = 0;
  let words = 0;
  let common = 0;
  for (let i = 0; i < match.a.length; i++) {
    const a = match.a[i] as number;
    const b = match.b[i] as number;
    if (coveredA?.[a] === 1 || coveredB?.[b] === 1) {
      common += 1;
      continue;
    }
    words += 1;
    const stem = stemsA[a] as number;
    const alone = share(stem);
    const linked =
      i > 0 && a - (match.a[i - 1] as number) <= 2 && Math.abs(b - (match.b[i - 1] as number)) <= 2;
    if (!linked) {
      bits -= Math.log2(alone) * loose;
      continue;
    }
    const before = stemsA[match.a[i - 1] as number] as number;
    if (stockPairs.has(Math.floor(pairKey(before, stem) / 256))) {
      bits += stockPair;
      continue;
    }
    const together = Math.max(0, frequencies.pair(before, stem) - holders);
    const first = Math.max(together, frequencies.word(before) - holders);
    const strength = everyday.has(stem) ? everydaySightings : otherSightings;
    bits -= Math.log2((together + strength * alone) / (first + strength));
  }
  const longer = match.aTo - match.aFrom + match.bTo - match.bFrom;
  const differing = Math.max(0, longer / 2 - words - common);
  return { bits: bits - different * differing, words };
}
