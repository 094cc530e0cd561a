/** Windows that keep every entry of the time span. */
import { none } from '../store/columns.js';
import { Queues, refLane, timeLane } from '../store/queues.js';
import { RefList, type Refs, type Sample, type WindowRule, type Windows } from './window.js';

export abstract class QueueWindows implements Windows {
  protected readonly queues: Queues;
  readonly #rule: WindowRule;
  #dropped = 0;

  constructor(lanes: 2 | 3 | 4, rule: WindowRule) {
    this.queues = new Queues(lanes);
    this.#rule = rule;
  }

  abstract add(group: number, time: number, ref: number, from: number, sample: Sample): number;

  /** Drops the oldest `count` entries from the queue and from whatever is kept about them. */
  protected abstract forget(group: number, count: number): void;

  get entries(): number {
    return this.queues.size;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get byteLength(): number {
    return this.queues.byteLength;
  }

  reserve(capacity: number): void {
    this.queues.reserve(capacity);
  }

  open(_group: number): void {}

  close(group: number): void {
    while (this.queues.oldest(group) !== none) this.queues.shift(group);
  }

  holds(_group: number, value: number): boolean {
    return this.#rule.meets(value);
  }

  refs(group: number, _from: number, max: number): Refs {
    const list = new RefList(max);
    let entry = this.queues.newest(group);
    while (entry !== none && list.add(this.queues.get(entry, refLane))) entry = this.queues.older(entry);
    return list.result();
  }

  /** Drops what is older than `from`. */
  protected expire(group: number, from: number): void {
    let old = 0;
    let entry = this.queues.oldest(group);
    while (entry !== none && this.queues.get(entry, timeLane) < from) {
      old++;
      entry = this.queues.newer(entry);
    }
    if (old > 0) this.forget(group, old);
  }

  /** Makes room for one more entry, adds it and returns it. */
  protected push(group: number, time: number, ref: number): number {
    if (this.queues.count(group) >= this.#rule.maxEntries) {
      this.forget(group, 1);
      this.#dropped++;
    }
    return this.queues.push(group, time, ref);
  }
}
