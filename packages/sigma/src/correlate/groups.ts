/**
 * The groups of one correlation: from the text of a group to the slot its window has, in the order they were
 * last seen, so that those whose time is over are found without looking at the others.
 *
 * Bytes a group besides its window: 37 to 41, and its text (see `store/texts.ts`).
 */
import { grown, none } from './store/columns.js';
import { Lists } from './store/lists.js';
import { TextTable } from './store/texts.js';
import type { Windows } from './window/window.js';

/** All groups are in one list. */
const all = 0;

export class Groups {
  readonly #windows: Windows;
  readonly #maxGroups: number;
  readonly #texts = new TextTable();
  readonly #order = new Lists();
  /** By slot: time of the newest record; whether the condition held there. */
  #times = new Float64Array(0);
  #held = new Uint8Array(0);
  #dropped = 0;

  constructor(windows: Windows, maxGroups: number) {
    this.#windows = windows;
    this.#maxGroups = maxGroups;
    this.#order.reserveLists(1);
  }

  get size(): number {
    return this.#texts.size;
  }

  /** Groups dropped because there were too many, or too many entries. */
  get dropped(): number {
    return this.#dropped;
  }

  get byteLength(): number {
    return this.#texts.byteLength + this.#order.byteLength + this.#times.byteLength + this.#held.byteLength;
  }

  /** Forgets the groups whose newest record is older than `from`. */
  expire(from: number): void {
    for (let slot = this.#order.oldest(all); slot !== none; slot = this.#order.oldest(all)) {
      if ((this.#times[slot] as number) >= from) return;
      this.#remove(slot);
    }
  }

  /** The slot of a group that has a record at `time`. */
  enter(text: string, time: number): number {
    const hash = this.#texts.hash(text);
    let slot = this.#texts.find(text, hash);
    if (slot === none) slot = this.#create(text, hash);
    else this.#order.touch(all, slot);
    this.#times[slot] = time;
    return slot;
  }

  /** Notes whether the condition holds; tells whether it did before. */
  hold(slot: number, holds: boolean): boolean {
    const before = this.#held[slot] === 1;
    this.#held[slot] = holds ? 1 : 0;
    return before;
  }

  /** Drops the group idle longest. */
  dropOldest(): void {
    this.#dropped++;
    this.#remove(this.#order.oldest(all));
  }

  #create(text: string, hash: number): number {
    if (this.#texts.size >= this.#maxGroups) this.dropOldest();
    const slot = this.#texts.add(text, hash);
    const { capacity } = this.#texts;
    if (this.#times.length < capacity) {
      this.#times = grown(this.#times, capacity);
      this.#held = grown(this.#held, capacity);
      this.#order.reserveSlots(capacity);
      this.#windows.reserve(capacity);
    }
    this.#held[slot] = 0;
    this.#order.add(all, slot);
    this.#windows.open(slot);
    return slot;
  }

  #remove(slot: number): void {
    this.#windows.close(slot);
    this.#order.remove(all, slot);
    this.#texts.remove(slot);
  }
}
