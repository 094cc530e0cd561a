import { type Pass, radixSort } from '../postings/radix-sort.js';
import { readFeatures } from '../words/features.js';
import type { Words } from '../words/read-words.js';
import type { Listed } from './candidates.js';

const storedValues = 1024;
const byKey: readonly Pass[] = [
  { of: 'rest', shift: 24, bits: 8 },
  { of: 'high', shift: 0, bits: 11 },
  { of: 'high', shift: 11, bits: 11 },
  { of: 'high', shift: 22, bits: 10 },
];
const sortedAtOnce = 48_000_000;

/**
 * Feature to documents, in memory, for documents that are all known from the start. Features of a single document are
 * not kept: they are the most, and say nothing.
 */
export class MemoryPostings {
  #high = new Uint32Array(0);
  #low = new Uint8Array(0);
  #counts = new Uint32Array(0);
  /** Where the values of each key begin. */
  #places = new Float64Array(0);
  #values = new Uint32Array(0);
  #buckets = new Uint32Array(2);
  #shift = 32;
  readonly #answer: Listed = { count: 1, values: undefined, from: 0, to: 0 };

  /** @param partSize entries that are sorted at once, 16 bytes each */
  constructor(
    documents: number,
    words: (document: number) => Pick<Words, 'stems' | 'units'>,
    partSize = sortedAtOnce,
  ) {
    let total = 0;
    for (let document = 0; document < documents; document++) total += words(document).stems.length * 2;
    // Of more than fits in one part, features that occur only once are left out first.
    const filtered = total > partSize;
    const seen = new Uint8Array(filtered ? Math.min(2 ** 28, 2 ** Math.ceil(Math.log2(total))) : 0);
    const mask = seen.length - 1;
    const slot = (high: number, low: number) => (Math.imul(high, 0x9e3779b1) ^ (low << 20) ^ high) & mask;
    if (filtered) {
      for (let document = 0; document < documents; document++) {
        const { high, low, count } = readFeatures(words(document));
        for (let i = 0; i < count; i++) {
          const at = slot(high[i] as number, low[i] as number);
          if ((seen[at] as number) < 2) seen[at] = (seen[at] as number) + 1;
        }
      }
      total = 0;
      for (let document = 0; document < documents; document++) {
        const { high, low, count } = readFeatures(words(document));
        for (let i = 0; i < count; i++) if (seen[slot(high[i] as number, low[i] as number)] === 2) total += 1;
      }
    }
    const parts = Math.ceil(total / partSize);
    const builder = new Builder();
    for (let part = 0; part < parts; part++) {
      const from = Math.floor((part * 2 ** 32) / parts);
      const to = Math.floor(((part + 1) * 2 ** 32) / parts);
      let highs = new Uint32Array(Math.ceil(total / parts));
      let rest = new Uint32Array(highs.length);
      let used = 0;
      for (let document = 0; document < documents; document++) {
        const { high, low, count } = readFeatures(words(document));
        if (used + count > highs.length) {
          highs = grown(highs, used + count);
          rest = grown(rest, used + count);
        }
        for (let i = 0; i < count; i++) {
          const here = high[i] as number;
          if (here < from || here >= to) continue;
          if (filtered && (seen[slot(here, low[i] as number)] as number) < 2) continue;
          highs[used] = here;
          rest[used++] = ((low[i] as number) << 24) | document;
        }
      }
      builder.add(highs, rest, used);
    }
    this.#high = builder.high.slice();
    this.#low = builder.low.slice();
    this.#counts = builder.counts.slice();
    this.#places = builder.places.slice();
    this.#values = builder.values.slice();
    this.#index();
  }

  get(key: number): Listed {
    return this.find(Math.floor(key / 256), key % 256);
  }

  /** The answer is valid until the next call. */
  find(high: number, low: number): Listed {
    const answer = this.#answer;
    answer.count = 1;
    answer.values = undefined;
    const bucket = this.#shift === 32 ? 0 : high >>> this.#shift;
    let from = this.#buckets[bucket] as number;
    let to = this.#buckets[bucket + 1] as number;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const here = this.#high[middle] as number;
      if (here < high || (here === high && (this.#low[middle] as number) < low)) from = middle + 1;
      else to = middle;
    }
    if (from >= this.#high.length || this.#high[from] !== high || this.#low[from] !== low) return answer;
    answer.count = this.#counts[from] as number;
    if (answer.count > storedValues) return answer;
    answer.values = this.#values;
    answer.from = this.#places[from] as number;
    answer.to = answer.from + answer.count;
    return answer;
  }

  #index(): void {
    const keys = this.#high.length;
    let bits = 1;
    while (bits < 24 && 2 ** (bits + 2) < keys) bits += 1;
    this.#shift = 32 - bits;
    this.#buckets = new Uint32Array(2 ** bits + 1);
    let at = 0;
    for (let bucket = 0; bucket <= 2 ** bits; bucket++) {
      while (at < keys && (this.#high[at] as number) >>> this.#shift < bucket) at += 1;
      this.#buckets[bucket] = at;
    }
  }
}

/** Typed arrays that grow. */
class Builder {
  #keys = 0;
  #used = 0;
  #high = new Uint32Array(1024);
  #low = new Uint8Array(1024);
  #counts = new Uint32Array(1024);
  #places = new Float64Array(1024);
  #values = new Uint32Array(4096);

  get high(): Uint32Array {
    return this.#high.subarray(0, this.#keys);
  }
  get low(): Uint8Array {
    return this.#low.subarray(0, this.#keys);
  }
  get counts(): Uint32Array {
    return this.#counts.subarray(0, this.#keys);
  }
  get places(): Float64Array {
    return this.#places.subarray(0, this.#keys);
  }
  get values(): Uint32Array {
    return this.#values.subarray(0, this.#used);
  }

  /** Takes entries in the order of their documents: key above, low byte of the key and document below. */
  add(high: Uint32Array, rest: Uint32Array, length: number): void {
    const spare = { high: new Uint32Array(length), rest: new Uint32Array(length) };
    const sorted = radixSort({ high, rest }, spare, length, byKey);
    for (let at = 0; at < length; ) {
      const keyHigh = sorted.high[at] as number;
      const keyLow = (sorted.rest[at] as number) >>> 24;
      const place = this.#used;
      let count = 0;
      let before = -1;
      for (; at < length; at++) {
        const here = sorted.rest[at] as number;
        if (sorted.high[at] !== keyHigh || here >>> 24 !== keyLow) break;
        if (here === before) continue;
        before = here;
        count += 1;
        if (count <= storedValues) this.#push(here & 0xffffff);
      }
      if (count < 2 || count > storedValues) this.#used = place;
      if (count < 2) continue;
      if (this.#keys === this.#high.length) this.#grow();
      this.#high[this.#keys] = keyHigh;
      this.#low[this.#keys] = keyLow;
      this.#counts[this.#keys] = count;
      this.#places[this.#keys] = place;
      this.#keys += 1;
    }
  }

  #push(value: number): void {
    if (this.#used === this.#values.length) {
      const bigger = new Uint32Array(Math.ceil(this.#used * 1.5));
      bigger.set(this.#values);
      this.#values = bigger;
    }
    this.#values[this.#used++] = value;
  }

  #grow(): void {
    const size = Math.ceil(this.#keys * 1.5);
    const high = new Uint32Array(size);
    high.set(this.#high);
    this.#high = high;
    const low = new Uint8Array(size);
    low.set(this.#low);
    this.#low = low;
    const counts = new Uint32Array(size);
    counts.set(this.#counts);
    this.#counts = counts;
    const places = new Float64Array(size);
    places.set(this.#places);
    this.#places = places;
  }
}

function grown(array: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(Math.max(least, Math.ceil(array.length * 1.5)));
  bigger.set(array);
  return bigger;
}
