/**
 * Doubly linked lists of slots, each slot in one list at most: the order in which slots came. 8 bytes a slot
 * and 8 a list.
 */
import { grown, none } from './columns.js';

export class Lists {
  /** By slot: the one before it and the one after it. */
  #links = new Uint32Array(0);
  /** By list: its oldest and its newest slot. */
  #ends = new Uint32Array(0);

  /** Makes room for slots below `capacity`. */
  reserveSlots(capacity: number): void {
    this.#links = grown(this.#links, capacity * 2);
  }

  /** Makes room for lists below `capacity`; new ones are empty. */
  reserveLists(capacity: number): void {
    this.#ends = grown(this.#ends, capacity * 2, none);
  }

  get byteLength(): number {
    return this.#links.byteLength + this.#ends.byteLength;
  }

  /** The first slot of a list, or {@link none}. */
  oldest(list: number): number {
    return this.#ends[list * 2] as number;
  }

  newest(list: number): number {
    return this.#ends[list * 2 + 1] as number;
  }

  /** The slot before this one, or {@link none}. */
  older(slot: number): number {
    return this.#links[slot * 2] as number;
  }

  /** The slot after this one, or {@link none}. */
  newer(slot: number): number {
    return this.#links[slot * 2 + 1] as number;
  }

  /** Adds a slot that is in no list. */
  add(list: number, slot: number): void {
    const newest = this.#ends[list * 2 + 1] as number;
    this.#links[slot * 2] = newest;
    this.#links[slot * 2 + 1] = none;
    if (newest === none) this.#ends[list * 2] = slot;
    else this.#links[newest * 2 + 1] = slot;
    this.#ends[list * 2 + 1] = slot;
  }

  remove(list: number, slot: number): void {
    const older = this.#links[slot * 2] as number;
    const newer = this.#links[slot * 2 + 1] as number;
    if (older === none) this.#ends[list * 2] = newer;
    else this.#links[older * 2 + 1] = newer;
    if (newer === none) this.#ends[list * 2 + 1] = older;
    else this.#links[newer * 2] = older;
  }

  /** Makes a slot of the list the newest. */
  touch(list: number, slot: number): void {
    if (slot === this.#ends[list * 2 + 1]) return;
    this.remove(list, slot);
    this.add(list, slot);
  }
}
