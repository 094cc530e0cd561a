/**
 * Blocks of memory of different sizes in one buffer. A freed block is used again for the next of its size, so
 * nothing is left to the garbage collector.
 *
 * Freed blocks of a size nobody asks for any more would pile up; the owner watches {@link Arena.sparse} and
 * moves its blocks to a new arena.
 */
import { grownCapacity } from './columns.js';

/** Below this many words an arena is never called sparse. */
const smallest = 8192;

export class Arena {
  /** The memory as numbers, 8 bytes a word. Replaced when it grows: read it again after `take`. */
  words: Float64Array;
  /** The same memory as bytes. */
  bytes: Uint8Array;
  /** The same memory as UTF-16 code units. */
  units: Uint16Array;
  #top = 0;
  #live = 0;
  /** By size: the first freed block, which holds the place of the next; -1 for none. */
  readonly #freed = new Map<number, number>();

  constructor(words = 0) {
    this.words = new Float64Array(words);
    this.bytes = new Uint8Array(this.words.buffer);
    this.units = new Uint16Array(this.words.buffer);
  }

  /** A block of `size` words, at least one; its contents are left over from earlier use. */
  take(size: number): number {
    this.#live += size;
    const freed = this.#freed.get(size) ?? -1;
    if (freed >= 0) {
      this.#freed.set(size, this.words[freed] as number);
      return freed;
    }
    const block = this.#top;
    this.#top += size;
    if (this.#top > this.words.length) this.#grow(this.#top);
    return block;
  }

  /** Gives back a block taken with the same `size`. */
  give(block: number, size: number): void {
    this.#live -= size;
    this.words[block] = this.#freed.get(size) ?? -1;
    this.#freed.set(size, block);
  }

  /** Whether more than half of it lies unused. */
  get sparse(): boolean {
    return this.#top > smallest && this.#live * 2 < this.#top;
  }

  /** An empty arena with room for what lives in this one. */
  emptied(): Arena {
    return new Arena(this.#live);
  }

  get byteLength(): number {
    return this.words.byteLength;
  }

  #grow(wanted: number): void {
    const larger = new Float64Array(grownCapacity(this.words.length, wanted));
    larger.set(this.words);
    this.words = larger;
    this.bytes = new Uint8Array(larger.buffer);
    this.units = new Uint16Array(larger.buffer);
  }
}
