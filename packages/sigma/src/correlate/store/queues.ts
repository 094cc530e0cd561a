/**
 * A queue of entries for every group, all in one pool, so that no queue keeps room it does not use. An entry
 * has a time and the number of its record, and may have up to two numbers more. 24 to 40 bytes an entry, 12 a
 * group.
 *
 * An entry and its links lie next to each other: walking a queue touches each entry's memory once.
 */
import { grown, grownCapacity, none } from './columns.js';

export const timeLane = 0;
export const refLane = 1;
export const valueLane = 2;
export const extraLane = 3;

/** Numbers per group: its oldest and newest entry, how many there are. */
const fields = 3;

export class Queues {
  /** Words (8 bytes) per entry: the lanes, and one for the links. */
  readonly #stride: number;
  #words: Float64Array = new Float64Array(0);
  /** The same memory in halves of words. Of the last word of an entry: the entry before and the one after. */
  #halves: Uint32Array = new Uint32Array(0);
  #groups: Uint32Array = new Uint32Array(0);
  #capacity = 0;
  #used = 0;
  /** The first free entry; each holds the next in place of the one before it. */
  #freed = none;
  #size = 0;

  constructor(lanes: 2 | 3 | 4) {
    this.#stride = lanes + 1;
  }

  /** Makes room for groups below `capacity`; new ones are empty. */
  reserve(capacity: number): void {
    const before = this.#groups.length;
    this.#groups = grown(this.#groups, capacity * fields, none);
    for (let at = before + 2; at < this.#groups.length; at += fields) this.#groups[at] = 0;
  }

  /** Entries in all queues. */
  get size(): number {
    return this.#size;
  }

  get byteLength(): number {
    return this.#words.byteLength + this.#groups.byteLength;
  }

  count(group: number): number {
    return this.#groups[group * fields + 2] as number;
  }

  /** The oldest entry of a group, or {@link none}. */
  oldest(group: number): number {
    return this.#groups[group * fields] as number;
  }

  newest(group: number): number {
    return this.#groups[group * fields + 1] as number;
  }

  /** The entry before this one, or {@link none}. */
  older(entry: number): number {
    return this.#halves[this.#links(entry)] as number;
  }

  newer(entry: number): number {
    return this.#halves[this.#links(entry) + 1] as number;
  }

  get(entry: number, lane: number): number {
    return this.#words[entry * this.#stride + lane] as number;
  }

  set(entry: number, lane: number, value: number): void {
    this.#words[entry * this.#stride + lane] = value;
  }

  /** Adds an entry as the newest and returns it. Lanes after the first two hold leftovers. */
  push(group: number, time: number, ref: number): number {
    const entry = this.#free();
    const at = group * fields;
    const newest = this.#groups[at + 1] as number;
    this.#words[entry * this.#stride] = time;
    this.#words[entry * this.#stride + 1] = ref;
    this.#halves[this.#links(entry)] = newest;
    this.#halves[this.#links(entry) + 1] = none;
    if (newest === none) this.#groups[at] = entry;
    else this.#halves[this.#links(newest) + 1] = entry;
    this.#groups[at + 1] = entry;
    this.#groups[at + 2] = (this.#groups[at + 2] as number) + 1;
    this.#size++;
    return entry;
  }

  /** Removes the oldest entry of a group that has one. */
  shift(group: number): void {
    const at = group * fields;
    const entry = this.#groups[at] as number;
    const next = this.newer(entry);
    this.#groups[at] = next;
    if (next === none) this.#groups[at + 1] = none;
    else this.#halves[this.#links(next)] = none;
    this.#groups[at + 2] = (this.#groups[at + 2] as number) - 1;
    this.#size--;
    this.#halves[this.#links(entry)] = this.#freed;
    this.#freed = entry;
  }

  #links(entry: number): number {
    return (entry * this.#stride + this.#stride - 1) * 2;
  }

  #free(): number {
    if (this.#freed !== none) {
      const entry = this.#freed;
      this.#freed = this.older(entry);
      return entry;
    }
    if (this.#used === this.#capacity) {
      this.#capacity = grownCapacity(this.#capacity, this.#used + 1);
      this.#words = grown(this.#words, this.#capacity * this.#stride);
      this.#halves = new Uint32Array(this.#words.buffer);
    }
    return this.#used++;
  }
}
