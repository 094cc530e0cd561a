/**
 * `temporal` and `temporal_ordered`. Nothing grows with the number of records: for each input rule the newest
 * hit (time and record), and for the order one chain for each of its beginnings.
 *
 * A chain that starts later is at least as good as one that starts earlier, because only its start can fall
 * out of the window. So for every beginning `h1..hk` of the order the chain with the latest start is kept.
 * A hit of rule k continues the best chain of length k-1. Hits of one time may follow each other in any
 * order: a beginning is looked at again whenever its last rule had a hit at the current time.
 *
 * Bytes a group, with n rules: `temporal` 16n; `temporal_ordered` 24n + 4n(n+1).
 */
import { grown } from '../store/columns.js';
import type { Conjunction } from '../thresholds.js';
import type { Refs, Sample, Windows } from './window.js';

export interface TemporalRule {
  /** For each input the number of its rule; inputs of the same rule have the same. */
  readonly ruleOf: readonly number[];
  /** Number of different rules. */
  readonly rules: number;
  /** Rules that have to follow each other; `undefined`: any order (`temporal`). */
  readonly order: readonly number[] | undefined;
  /** What has to hold besides the order, for the value and the rules seen. */
  readonly condition: Conjunction;
}

export class TemporalWindows implements Windows {
  readonly dropped = 0;
  readonly #rule: TemporalRule;
  readonly #order: readonly number[];
  /** Numbers per group: times, records, starts of chains, records of chains. */
  readonly #stride: number;
  readonly #startsAt: number;
  readonly #chainsAt: number;
  #numbers: Float64Array = new Float64Array(0);
  #open = 0;
  /** The group and window asked about. */
  #at = 0;
  #from = 0;
  readonly #sees = (input: number): boolean =>
    (this.#numbers[this.#at + (this.#rule.ruleOf[input] as number)] as number) >= this.#from;

  constructor(rule: TemporalRule) {
    this.#rule = rule;
    this.#order = rule.order ?? [];
    const length = this.#order.length;
    this.#startsAt = rule.rules * 2;
    this.#chainsAt = this.#startsAt + length;
    this.#stride = this.#chainsAt + (length * (length + 1)) / 2;
  }

  /** In the size of other entries: 16 bytes. */
  get entries(): number {
    return this.#open * Math.ceil(this.#stride / 2);
  }

  get byteLength(): number {
    return this.#numbers.byteLength;
  }

  reserve(capacity: number): void {
    this.#numbers = grown(this.#numbers, capacity * this.#stride);
  }

  open(group: number): void {
    const at = group * this.#stride;
    this.#numbers.fill(Number.NEGATIVE_INFINITY, at, at + this.#stride);
    this.#open++;
  }

  close(_group: number): void {
    this.#open--;
  }

  add(group: number, time: number, ref: number, from: number, sample: Sample): number {
    const at = group * this.#stride;
    for (const input of sample.inputs) {
      const rule = this.#rule.ruleOf[input] as number;
      this.#numbers[at + rule] = time;
      this.#numbers[at + this.#rule.rules + rule] = ref;
    }
    if (this.#rule.order === undefined) return this.#seen(at, from);
    this.#chain(at, time);
    return this.#inOrder(at, from) ? this.#order.length : 0;
  }

  holds(group: number, value: number, from: number): boolean {
    this.#at = group * this.#stride;
    this.#from = from;
    return this.#rule.condition(value, this.#sees);
  }

  refs(group: number, from: number, max: number): Refs {
    const at = group * this.#stride;
    const refs =
      this.#order.length > 0 && this.#inOrder(at, from) ? this.#chainRefs(at) : this.#newest(at, from);
    const once = [...new Set(refs)];
    return { refs: once.slice(Math.max(0, once.length - max)), refsCut: once.length > max };
  }

  #seen(at: number, from: number): number {
    let seen = 0;
    for (let rule = 0; rule < this.#rule.rules; rule++)
      if ((this.#numbers[at + rule] as number) >= from) seen++;
    return seen;
  }

  #inOrder(at: number, from: number): boolean {
    const length = this.#order.length;
    return length === 0 || (this.#numbers[at + this.#startsAt + length - 1] as number) >= from;
  }

  /** Lengthens the chains by the rules that had a hit at this time. */
  #chain(at: number, time: number): void {
    const numbers = this.#numbers;
    const starts = at + this.#startsAt;
    for (let k = 0; k < this.#order.length; k++) {
      const rule = this.#order[k] as number;
      if (numbers[at + rule] !== time) continue;
      const start = k === 0 ? time : (numbers[starts + k - 1] as number);
      if (start <= (numbers[starts + k] as number)) continue;
      numbers[starts + k] = start;
      const chain = at + this.#chainsAt + (k * (k + 1)) / 2;
      numbers.copyWithin(chain, chain - k, chain);
      numbers[chain + k] = numbers[at + this.#rule.rules + rule] as number;
    }
  }

  #chainRefs(at: number): number[] {
    const length = this.#order.length;
    const chain = at + this.#chainsAt + ((length - 1) * length) / 2;
    return [...this.#numbers.subarray(chain, chain + length)];
  }

  /** The newest record of each rule in the window, in order. */
  #newest(at: number, from: number): number[] {
    const hits: { time: number; ref: number }[] = [];
    for (let rule = 0; rule < this.#rule.rules; rule++) {
      const time = this.#numbers[at + rule] as number;
      if (time >= from) hits.push({ time, ref: this.#numbers[at + this.#rule.rules + rule] as number });
    }
    return hits.sort((a, b) => a.time - b.time || a.ref - b.ref).map((hit) => hit.ref);
  }
}
