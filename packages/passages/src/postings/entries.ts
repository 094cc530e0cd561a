import { type Pairs, type Pass, radixSort } from './radix-sort.js';

/** One key after the other, ascending; what a segment is written from. */
export interface Groups {
  /** Goes to the next key; false at the end. */
  next(): boolean;
  key: number;
  /** How many values the key has. */
  count: number;
  /** The first `count` of these are its values, ascending; not filled where `listed` is false. */
  values: Uint32Array;
  listed: boolean;
}

const byKey: readonly Pass[] = [
  { of: 'rest', shift: 24, bits: 8 },
  { of: 'high', shift: 0, bits: 11 },
  { of: 'high', shift: 11, bits: 11 },
  { of: 'high', shift: 22, bits: 10 },
];
const byValue: readonly Pass[] = [
  { of: 'rest', shift: 0, bits: 12 },
  { of: 'rest', shift: 12, bits: 12 },
];

/** Largest distance between two values of one buffer. */
const reach = 2 ** 24;

/** Gathers keys and values in memory, and sorts them. */
export class Entries {
  #pairs: Pairs;
  #base = 0;
  #last = 0;
  #ascending = true;
  count = 0;

  constructor(capacity = 4096) {
    this.#pairs = { high: new Uint32Array(capacity), rest: new Uint32Array(capacity) };
  }

  /** Can this value be added without writing the others first? */
  takes(value: number): boolean {
    return this.count === 0 || (value >= this.#base && value - this.#base < reach);
  }

  add(high: number, low: number, value: number): void {
    if (this.count === 0) {
      this.#base = value;
      this.#last = value;
      this.#ascending = true;
    }
    if (value < this.#last) this.#ascending = false;
    this.#last = value;
    if (this.count === this.#pairs.high.length) {
      const { high: oldHigh, rest: oldRest } = this.#pairs;
      this.#pairs = { high: new Uint32Array(this.count * 2), rest: new Uint32Array(this.count * 2) };
      this.#pairs.high.set(oldHigh);
      this.#pairs.rest.set(oldRest);
    }
    this.#pairs.high[this.count] = high;
    this.#pairs.rest[this.count] = (low << 24) | (value - this.#base);
    this.count += 1;
  }

  clear(): void {
    this.count = 0;
  }

  /** All keys, sorted, each value once; a key with more than `mostEntries` values keeps only their number. */
  groups(mostEntries: number): Groups {
    const length = this.count;
    const spare = { high: new Uint32Array(length), rest: new Uint32Array(length) };
    const { high, rest } = radixSort(
      this.#pairs,
      spare,
      length,
      this.#ascending ? byKey : [...byValue, ...byKey],
    );
    const base = this.#base;
    let at = 0;
    const groups: Groups = {
      key: 0,
      count: 0,
      values: new Uint32Array(256),
      listed: true,
      next() {
        if (at >= length) return false;
        const keyHigh = high[at] as number;
        const keyLow = (rest[at] as number) >>> 24;
        let count = 0;
        let before = -1;
        for (; at < length; at++) {
          const here = rest[at] as number;
          if (high[at] !== keyHigh || here >>> 24 !== keyLow) break;
          const value = base + (here & 0xffffff);
          if (value === before) continue;
          before = value;
          if (count < mostEntries) {
            if (count >= groups.values.length) {
              const bigger = new Uint32Array(groups.values.length * 2);
              bigger.set(groups.values);
              groups.values = bigger;
            }
            groups.values[count] = value;
          }
          count += 1;
        }
        groups.key = keyHigh * 256 + keyLow;
        groups.count = count;
        groups.listed = count <= mostEntries;
        return true;
      },
    };
    return groups;
  }
}
