import { combine, hashText, mix } from './hash.js';
import type { Words } from './read-words.js';

/**
 * What documents are found by: two neighbouring words in any order, and three. Of the latter every second one is left
 * out, by its hash; they are only there for passages made of common pairs. Keys are 40 bits wide: 32 in `high`, 8 in
 * `low`.
 */
export interface Features {
  high: Uint32Array;
  low: Uint8Array;
  /** Index of the word at which the feature begins, in ascending order. */
  at: Uint32Array;
  count: number;
}

const wordSeed = 0x51ed27;
const pairSeed = 0x2f0b43;
const tripleSeed = 0x7a1c95;

/** Key of a word, as a number of 40 bits. */
export function wordKey(stem: number): number {
  return mix(stem ^ wordSeed) * 256 + (mix(stem + wordSeed) & 255);
}

/** Key of a string as a whole, such as an identifier, as a number of 40 bits; another `seed` for each kind of thing. */
export function textKey(text: string, seed: number): number {
  return hashText(text, seed) * 256 + (hashText(text, ~seed) & 255);
}

/** Key of two neighbouring words in any order, as a number of 40 bits. */
export function pairKey(one: number, other: number): number {
  const first = one < other ? one : other;
  const second = one < other ? other : one;
  const high = combine(first ^ pairSeed, second);
  return high * 256 + (mix(high ^ first) & 255);
}

/** Key of three neighbouring words in any order, as a number of 40 bits; undefined where it is one of those left out. */
export function tripleKey(one: number, two: number, three: number): number | undefined {
  if (one === two || two === three || one === three) return undefined;
  const least = Math.min(one, two, three);
  const most = Math.max(one, two, three);
  const middle = (one ^ two ^ three ^ least ^ most) >>> 0;
  const high = combine(combine(least ^ tripleSeed, middle), most);
  return (high & 1) === 1 ? undefined : high * 256 + (mix(high ^ least) & 255);
}

let scratch: Features = {
  high: new Uint32Array(8192),
  low: new Uint8Array(8192),
  at: new Uint32Array(8192),
  count: 0,
};

/** All features of a text, several times where they occur several times. The result is valid until the next call. */
export function readFeatures(words: Pick<Words, 'stems' | 'units'>): Features {
  const { stems, units } = words;
  const room = stems.length * 2;
  if (scratch.high.length < room) {
    scratch = {
      high: new Uint32Array(room),
      low: new Uint8Array(room),
      at: new Uint32Array(room),
      count: 0,
    };
  }
  const { high, low, at } = scratch;
  let count = 0;
  for (let unit = 0; unit + 1 < units.length; unit++) {
    const end = units[unit + 1] as number;
    for (let i = units[unit] as number; i < end; i++) {
      const a = stems[i] as number;
      if (i + 1 >= end) continue;
      const b = stems[i + 1] as number;
      if (a !== b) {
        const first = a < b ? a : b;
        const hash = combine(first ^ pairSeed, a < b ? b : a);
        high[count] = hash;
        low[count] = mix(hash ^ first) & 255;
        at[count++] = i;
      }
      if (i + 2 >= end) continue;
      const c = stems[i + 2] as number;
      const key = tripleKey(a, b, c);
      if (key === undefined) continue;
      high[count] = Math.floor(key / 256);
      low[count] = key % 256;
      at[count++] = i;
    }
  }
  scratch.count = count;
  return scratch;
}
