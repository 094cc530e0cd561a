import type { Words } from '../words/read-words.js';

/** Finds the places of a stem in one text. */
export class StemTable {
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly #next: Int32Array;
  readonly #stems: Uint32Array;

  constructor(words: Pick<Words, 'stems'>) {
    const { stems } = words;
    let size = 16;
    while (size < stems.length * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(stems.length).fill(-1);
    this.#stems = stems;
    for (let at = stems.length - 1; at >= 0; at--) {
      const slot = this.#slotOf(stems[at] as number);
      this.#next[at] = this.#slots[slot] as number;
      this.#slots[slot] = at;
    }
  }

  /** First place of the stem, or -1. */
  first(stem: number): number {
    return this.#slots[this.#slotOf(stem)] as number;
  }

  /** The next place of the stem that is at `at`, or -1. */
  next(at: number): number {
    return this.#next[at] as number;
  }

  #slotOf(stem: number): number {
    let slot = stem & this.#mask;
    for (;;) {
      const at = this.#slots[slot] as number;
      if (at < 0 || this.#stems[at] === stem) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
