/**
 * A set of texts, each with a slot number. Slots are small whole numbers, used again after removal, so what
 * belongs to a text can live in typed arrays. The texts themselves are kept as bytes: a million of them are
 * no objects to the garbage collector.
 *
 * Bytes a text: 16, 4 to 8 for the buckets, 4 more with owners, and the text itself in whole words of 8 (one byte
 * a character when all are below U+0100, else two).
 */
import { Arena } from './arena.js';
import { grown, grownCapacity, none } from './columns.js';
import { type HashKey, hashText, randomHashKey } from './hash.js';

/** Numbers per slot: hash, place of the text, its length in bytes and kind, next slot of the bucket. */
const fields = 4;
const hashField = 0;
const blockField = 1;
const sizeField = 2;
const nextField = 3;
/** Set in the size when a character takes two bytes. */
const wide = 0x8000_0000;

export class TextTable {
  readonly #key: HashKey = randomHashKey();
  readonly #owned: boolean;
  #arena = new Arena();
  #slots: Uint32Array = new Uint32Array(0);
  #owners: Uint32Array = new Uint32Array(0);
  #buckets: Uint32Array = new Uint32Array(16).fill(none);
  #capacity = 0;
  #used = 0;
  #freed = none;
  #size = 0;

  /** `owned`: texts of different owners (numbers) are different. */
  constructor(owned = false) {
    this.#owned = owned;
  }

  /** Number of texts. */
  get size(): number {
    return this.#size;
  }

  /** All slots are below this; `add` may raise it, and columns of the caller then have to grow too. */
  get capacity(): number {
    return this.#capacity;
  }

  get byteLength(): number {
    return (
      this.#arena.byteLength + this.#slots.byteLength + this.#owners.byteLength + this.#buckets.byteLength
    );
  }

  /** The slot of a text, or {@link none}. `hash`: from {@link TextTable.hash}. */
  find(text: string, hash: number, owner = 0): number {
    let slot = this.#buckets[hash & (this.#buckets.length - 1)] as number;
    while (slot !== none) {
      const at = slot * fields;
      if (this.#slots[at + hashField] === hash && this.#holds(slot, text, owner)) return slot;
      slot = this.#slots[at + nextField] as number;
    }
    return none;
  }

  hash(text: string, owner = 0): number {
    return hashText(text, owner, this.#key);
  }

  /** Adds a text that is not there yet. */
  add(text: string, hash: number, owner = 0): number {
    const slot = this.#freeSlot();
    const isWide = hasWide(text);
    const bytes = isWide ? text.length * 2 : text.length;
    const block = this.#arena.take(wordsOf(bytes));
    if (isWide) {
      const { units } = this.#arena;
      for (let i = 0; i < text.length; i++) units[block * 4 + i] = text.charCodeAt(i);
    } else {
      const { bytes: memory } = this.#arena;
      for (let i = 0; i < text.length; i++) memory[block * 8 + i] = text.charCodeAt(i);
    }
    const at = slot * fields;
    this.#slots[at + hashField] = hash;
    this.#slots[at + blockField] = block;
    this.#slots[at + sizeField] = isWide ? bytes | wide : bytes;
    if (this.#owned) this.#owners[slot] = owner;
    this.#size++;
    if (this.#size > this.#buckets.length) this.#rebuild(this.#buckets.length * 2);
    else this.#chain(slot, hash);
    return slot;
  }

  remove(slot: number): void {
    const at = slot * fields;
    const bucket = (this.#slots[at + hashField] as number) & (this.#buckets.length - 1);
    const next = this.#slots[at + nextField] as number;
    let before = this.#buckets[bucket] as number;
    if (before === slot) this.#buckets[bucket] = next;
    else {
      while (this.#slots[before * fields + nextField] !== slot) {
        before = this.#slots[before * fields + nextField] as number;
      }
      this.#slots[before * fields + nextField] = next;
    }
    this.#arena.give(this.#slots[at + blockField] as number, wordsOf(this.#bytesOf(slot)));
    this.#slots[at + blockField] = none;
    this.#slots[at + nextField] = this.#freed;
    this.#freed = slot;
    this.#size--;
    if (this.#arena.sparse) this.#compact();
  }

  #freeSlot(): number {
    if (this.#freed !== none) {
      const slot = this.#freed;
      this.#freed = this.#slots[slot * fields + nextField] as number;
      return slot;
    }
    if (this.#used === this.#capacity) {
      this.#capacity = grownCapacity(this.#capacity, this.#used + 1);
      this.#slots = grown(this.#slots, this.#capacity * fields);
      if (this.#owned) this.#owners = grown(this.#owners, this.#capacity);
    }
    return this.#used++;
  }

  #bytesOf(slot: number): number {
    return (this.#slots[slot * fields + sizeField] as number) & ~wide;
  }

  #holds(slot: number, text: string, owner: number): boolean {
    if (this.#owned && this.#owners[slot] !== owner) return false;
    const size = this.#slots[slot * fields + sizeField] as number;
    const block = this.#slots[slot * fields + blockField] as number;
    const length = text.length;
    if (size >= wide) {
      if (size - wide !== length * 2) return false;
      const { units } = this.#arena;
      for (let i = 0; i < length; i++) if (units[block * 4 + i] !== text.charCodeAt(i)) return false;
      return true;
    }
    if (size !== length) return false;
    const { bytes } = this.#arena;
    for (let i = 0; i < length; i++) if (bytes[block * 8 + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #chain(slot: number, hash: number): void {
    const bucket = hash & (this.#buckets.length - 1);
    this.#slots[slot * fields + nextField] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = slot;
  }

  #rebuild(buckets: number): void {
    this.#buckets = new Uint32Array(buckets).fill(none);
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.#slots[slot * fields + blockField] !== none) {
        this.#chain(slot, this.#slots[slot * fields + hashField] as number);
      }
    }
  }

  #compact(): void {
    const from = this.#arena;
    const to = from.emptied();
    for (let slot = 0; slot < this.#used; slot++) {
      const block = this.#slots[slot * fields + blockField] as number;
      if (block === none) continue;
      const words = wordsOf(this.#bytesOf(slot));
      const moved = to.take(words);
      to.words.set(from.words.subarray(block, block + words), moved);
      this.#slots[slot * fields + blockField] = moved;
    }
    this.#arena = to;
  }
}

function hasWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return true;
  return false;
}

function wordsOf(bytes: number): number {
  return Math.max(1, (bytes + 7) >>> 3);
}
