/**
 * For every group its numbers in ascending order. 8 bytes a number in blocks for 1, 2, 4, ... numbers, 9 a
 * group. Adding and removing move the numbers after the place.
 */
import { Arena } from './arena.js';
import { grown } from './columns.js';

/** A block is not made smaller than for so many numbers while there are some. */
const smallest = 8;

export class SortedNumbers {
  #arena = new Arena();
  /** By group. */
  #blocks: Uint32Array = new Uint32Array(0);
  #counts: Uint32Array = new Uint32Array(0);
  /** Room of the block as power of two, plus one; 0: no block. */
  #powers: Uint8Array = new Uint8Array(0);

  reserve(capacity: number): void {
    this.#blocks = grown(this.#blocks, capacity);
    this.#counts = grown(this.#counts, capacity);
    this.#powers = grown(this.#powers, capacity);
  }

  get byteLength(): number {
    return this.#arena.byteLength + this.#blocks.length * 9;
  }

  add(group: number, number: number): void {
    const count = this.#counts[group] as number;
    const power = this.#powers[group] as number;
    if (power === 0) this.#resize(group, 1);
    else if (count === 1 << (power - 1)) this.#resize(group, power + 1);
    const { words } = this.#arena;
    const block = this.#blocks[group] as number;
    const place = this.#place(group, number);
    words.copyWithin(place + 1, place, block + count);
    words[place] = number;
    this.#counts[group] = count + 1;
  }

  /** Removes one such number, which is there. */
  remove(group: number, number: number): void {
    const count = (this.#counts[group] as number) - 1;
    const place = this.#place(group, number);
    this.#arena.words.copyWithin(place, place + 1, (this.#blocks[group] as number) + count + 1);
    this.#counts[group] = count;
    const power = this.#powers[group] as number;
    if (count === 0) this.clear(group);
    else if (1 << (power - 1) > smallest && count * 4 <= 1 << (power - 1)) {
      this.#resize(group, power - 1);
      if (this.#arena.sparse) this.#compact();
    }
  }

  clear(group: number): void {
    const power = this.#powers[group] as number;
    if (power === 0) return;
    this.#arena.give(this.#blocks[group] as number, 1 << (power - 1));
    this.#powers[group] = 0;
    this.#counts[group] = 0;
    if (this.#arena.sparse) this.#compact();
  }

  /** The number at a rank from 0 to 1, interpolated between the closest. The group has numbers. */
  quantile(group: number, rank: number): number {
    const { words } = this.#arena;
    const block = this.#blocks[group] as number;
    const at = ((this.#counts[group] as number) - 1) * rank;
    const below = Math.floor(at);
    const share = at - below;
    const low = words[block + below] as number;
    return share === 0 ? low : low * (1 - share) + (words[block + below + 1] as number) * share;
  }

  /** Where the first number stands that is not below this one, or where it would stand. */
  #place(group: number, number: number): number {
    const { words } = this.#arena;
    let low = this.#blocks[group] as number;
    let high = low + (this.#counts[group] as number);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((words[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #resize(group: number, power: number): void {
    const before = this.#powers[group] as number;
    const to = this.#arena.take(1 << (power - 1));
    if (before > 0) {
      const from = this.#blocks[group] as number;
      this.#arena.words.copyWithin(to, from, from + (this.#counts[group] as number));
      this.#arena.give(from, 1 << (before - 1));
    }
    this.#blocks[group] = to;
    this.#powers[group] = power;
  }

  #compact(): void {
    const from = this.#arena;
    const to = from.emptied();
    for (let group = 0; group < this.#powers.length; group++) {
      const power = this.#powers[group] as number;
      if (power === 0) continue;
      const block = this.#blocks[group] as number;
      const moved = to.take(1 << (power - 1));
      to.words.set(from.words.subarray(block, block + (this.#counts[group] as number)), moved);
      this.#blocks[group] = moved;
    }
    this.#arena = to;
  }
}
