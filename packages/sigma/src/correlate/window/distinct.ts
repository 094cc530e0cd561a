/**
 * `value_count`: the number of distinct values. Only the newest record of each value is kept, so a value that
 * comes a million times costs as much as one that comes once: 48 to 52 bytes and its text.
 */
import { grown, none } from '../store/columns.js';
import { Lists } from '../store/lists.js';
import { TextTable } from '../store/texts.js';
import { RefList, type Refs, type Sample, type WindowRule, type Windows } from './window.js';

export class DistinctWindows implements Windows {
  readonly #rule: WindowRule;
  /** The values; a group owns them. */
  readonly #values = new TextTable(true);
  /** For each group its values, the one that came last the newest. */
  readonly #order = new Lists();
  /** By value: time and record. */
  #newest: Float64Array = new Float64Array(0);
  /** By group. */
  #counts: Uint32Array = new Uint32Array(0);
  #dropped = 0;

  constructor(rule: WindowRule) {
    this.#rule = rule;
  }

  get entries(): number {
    return this.#values.size;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get byteLength(): number {
    const columns = this.#newest.byteLength + this.#counts.byteLength;
    return this.#values.byteLength + this.#order.byteLength + columns;
  }

  reserve(capacity: number): void {
    this.#order.reserveLists(capacity);
    this.#counts = grown(this.#counts, capacity);
  }

  open(_group: number): void {}

  close(group: number): void {
    while (this.#order.oldest(group) !== none) this.#removeOldest(group);
  }

  add(group: number, time: number, ref: number, from: number, sample: Sample): number {
    for (let oldest = this.#order.oldest(group); oldest !== none; oldest = this.#order.oldest(group)) {
      if ((this.#newest[oldest * 2] as number) >= from) break;
      this.#removeOldest(group);
    }
    for (const text of sample.texts) {
      const value = this.#note(group, text);
      this.#newest[value * 2] = time;
      this.#newest[value * 2 + 1] = ref;
    }
    return this.#counts[group] as number;
  }

  holds(_group: number, value: number): boolean {
    return this.#rule.meets(value);
  }

  refs(group: number, _from: number, max: number): Refs {
    const list = new RefList(max);
    let value = this.#order.newest(group);
    while (value !== none && list.add(this.#newest[value * 2 + 1] as number))
      value = this.#order.older(value);
    return list.result();
  }

  /** The value as the newest of its group. */
  #note(group: number, text: string): number {
    const hash = this.#values.hash(text, group);
    const known = this.#values.find(text, hash, group);
    if (known !== none) {
      this.#order.touch(group, known);
      return known;
    }
    if ((this.#counts[group] as number) >= this.#rule.maxEntries) {
      this.#removeOldest(group);
      this.#dropped++;
    }
    const value = this.#values.add(text, hash, group);
    const { capacity } = this.#values;
    if (this.#newest.length < capacity * 2) {
      this.#newest = grown(this.#newest, capacity * 2);
      this.#order.reserveSlots(capacity);
    }
    this.#order.add(group, value);
    this.#counts[group] = (this.#counts[group] as number) + 1;
    return value;
  }

  #removeOldest(group: number): void {
    const value = this.#order.oldest(group);
    this.#order.remove(group, value);
    this.#values.remove(value);
    this.#counts[group] = (this.#counts[group] as number) - 1;
  }
}
