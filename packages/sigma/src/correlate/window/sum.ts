/**
 * `value_sum` and `value_avg`. 40 bytes a number.
 *
 * Numbers that leave are never subtracted: with fractions that would drift, and after one huge number the
 * rest would be lost. Instead the queue is two parts. For the older part every entry holds the sum from
 * itself to the end of the part; of the newer part only the total is kept. When the older part is used up,
 * the newer one becomes it. Every number is added twice at most, so the cost for each is constant.
 */
import { grown, none } from '../store/columns.js';
import { extraLane, valueLane } from '../store/queues.js';
import { QueueWindows } from './queue-windows.js';
import type { Sample, WindowRule } from './window.js';

export class SumWindows extends QueueWindows {
  readonly #average: boolean;
  /** By group: length of the older part, total of the newer. */
  #older: Uint32Array = new Uint32Array(0);
  #newerTotals: Float64Array = new Float64Array(0);

  constructor(rule: WindowRule, average: boolean) {
    super(4, rule);
    this.#average = average;
  }

  override reserve(capacity: number): void {
    super.reserve(capacity);
    this.#older = grown(this.#older, capacity);
    this.#newerTotals = grown(this.#newerTotals, capacity);
  }

  override get byteLength(): number {
    return super.byteLength + this.#older.byteLength + this.#newerTotals.byteLength;
  }

  override open(group: number): void {
    this.#older[group] = 0;
    this.#newerTotals[group] = 0;
  }

  add(group: number, time: number, ref: number, from: number, sample: Sample): number {
    this.expire(group, from);
    for (const number of sample.numbers) {
      const entry = this.push(group, time, ref);
      this.queues.set(entry, valueLane, number);
      this.#newerTotals[group] = (this.#newerTotals[group] as number) + number;
    }
    const sum = this.#sum(group);
    return this.#average ? sum / this.queues.count(group) : sum;
  }

  protected forget(group: number, count: number): void {
    const older = this.#older[group] as number;
    for (let i = 0; i < count; i++) this.queues.shift(group);
    if (count <= older) this.#older[group] = older - count;
    else this.#turn(group);
  }

  #sum(group: number): number {
    const hasOlder = (this.#older[group] as number) > 0;
    const older = hasOlder ? this.queues.get(this.queues.oldest(group), extraLane) : 0;
    return older + (this.#newerTotals[group] as number);
  }

  /** Makes all there is the older part. */
  #turn(group: number): void {
    let sum = 0;
    for (let entry = this.queues.newest(group); entry !== none; entry = this.queues.older(entry)) {
      sum += this.queues.get(entry, valueLane);
      this.queues.set(entry, extraLane, sum);
    }
    this.#older[group] = this.queues.count(group);
    this.#newerTotals[group] = 0;
  }
}
