/**
 * `value_percentile` and `value_median`: linear interpolation between the closest ranks, as SQL's
 * `percentile_cont`. The numbers of a group are kept in order of time and sorted. 40 bytes a number and 8 to 16 more.
 */
import { valueLane } from '../store/queues.js';
import { SortedNumbers } from '../store/sorted.js';
import { QueueWindows } from './queue-windows.js';
import type { Sample, WindowRule } from './window.js';

export class RankWindows extends QueueWindows {
  readonly #rank: number;
  readonly #sorted = new SortedNumbers();

  /** `rank`: 0 to 1. */
  constructor(rule: WindowRule, rank: number) {
    super(3, rule);
    this.#rank = rank;
  }

  override reserve(capacity: number): void {
    super.reserve(capacity);
    this.#sorted.reserve(capacity);
  }

  override get byteLength(): number {
    return super.byteLength + this.#sorted.byteLength;
  }

  override close(group: number): void {
    super.close(group);
    this.#sorted.clear(group);
  }

  add(group: number, time: number, ref: number, from: number, sample: Sample): number {
    this.expire(group, from);
    for (const number of sample.numbers) {
      this.queues.set(this.push(group, time, ref), valueLane, number);
      this.#sorted.add(group, number);
    }
    return this.#sorted.quantile(group, this.#rank);
  }

  protected forget(group: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#sorted.remove(group, this.queues.get(this.queues.oldest(group), valueLane));
      this.queues.shift(group);
    }
  }
}
