/**
 * Streaming evaluation of correlation rules.
 *
 * Order. Records are evaluated in order of event time, and of their number (`ref`) when times are equal. A
 * record is held back for `lateness` seconds of event time, so that later arrivals can be put before it. The
 * watermark is the latest time seen less the lateness; a record older than it when it arrives is left out and
 * counted. As long as none is, the result does not depend on the order of arrival. With `lateness: 0` nothing
 * is held back, and records of equal time are taken as they come.
 *
 * Window. At a record of time t it is [t - timespan, t], both ends included, over the records in order up to
 * and including this one.
 *
 * Groups. A record that hit an input belongs to the group that its texts of the group-by fields make, compared
 * exactly; to one for each combination (64 at most) when a field has several values; to none, and is counted
 * as `missingGroup`, when it lacks one. A record counts once in a group, however many inputs it hit. Without
 * group-by there is one group.
 *
 * Check. The condition is checked at each record for each of its groups, and fires every time it holds.
 * `report: 'onset'` reports a firing only when the condition did not hold at the record of the group before
 * this one, or when that one is out of the window. Silent correlations (`RuleSet.silent`) report nothing.
 *
 * - `event_count`: the records.
 * - `value_count`: distinct texts of the counted field, each scalar of an array; of several fields, distinct
 *   combinations (64 a record at most).
 * - `value_sum`, `value_avg`, `value_median`, `value_percentile`: over the numbers the (first) counted field
 *   holds, each one of an array; ranks with linear interpolation between the closest. Text that reads as a
 *   decimal number is one; infinities are none.
 * - A record without a value is left out of `value_*` altogether: it is not checked at, and counted as
 *   `missingValue`.
 * - `temporal`: the different input rules with a hit in the window, all of them unless thresholds say
 *   otherwise.
 * - `temporal_ordered`: hits h1 to hn of the inputs as listed, times never falling, all in the window. Hits of
 *   one time may stand in any order, and one record may be several of them. The value is n when there are,
 *   else 0; thresholds are about that value.
 * - With an expression: it has to be true of the rules with a hit in the window (and thresholds, if any, have
 *   to hold). In `temporal_ordered` also the order has to be met, by the rules it names outside a negation.
 *
 * Chains. A firing is a hit of every correlation that reads it, at the time and number of its record, and
 * always at every record, whatever `report` says. The outer group-by fields are read from the group of the
 * firing where that has a field of the name, else from the record. In `value_*` the value of the firing stands
 * in for a counted field of which the record has no value.
 *
 * Bounds. See {@link CorrelatorOptions}; whatever is dropped is counted in {@link Correlator.state}. Groups
 * whose window has passed are forgotten, without a scan over the others.
 */
import { SigmaError } from '../errors.js';
import type { Event } from '../event.js';
import { isCorrelation, type PlannedCorrelation, type PlannedRule, type RuleSet } from '../plan.js';
import { CorrelationNode, type CorrelationState } from './node.js';
import { type CheckedOptions, type CorrelatorOptions, checkOptions } from './options.js';
import { Reorder } from './reorder.js';
import type { CorrelationRecord, Firing } from './types.js';

/** What a correlator holds and what it left out. */
export interface CorrelatorState {
  /** Records held back at the moment. */
  readonly held: number;
  /** Records left out because they were older than the watermark. */
  readonly lateRecords: number;
  /** Records left out because their time was beyond the horizon. */
  readonly futureRecords: number;
  /** Records left out because they had no time. */
  readonly untimedRecords: number;
  /** Records taken before their time because too many were held back. */
  readonly hurriedRecords: number;
  /** In the order of the rule set. */
  readonly correlations: readonly CorrelationState[];
}

/** A record with a time. */
interface Timed {
  readonly ref: number;
  readonly time: number;
  readonly event: Event;
  readonly matched: readonly PlannedRule[];
}

interface Route {
  readonly node: CorrelationNode;
  readonly input: number;
}

const nothing: readonly Firing[] = [];

/** Evaluates the correlations of a rule set over a stream of records. */
export class Correlator {
  readonly #options: CheckedOptions;
  readonly #nodes: readonly CorrelationNode[];
  readonly #routes = new Map<PlannedRule, Route[]>();
  readonly #waiting = new Reorder<Timed>();
  /** Nodes the record at hand has hit, by place. */
  readonly #pending: CorrelationNode[] = [];
  #latest = Number.NEGATIVE_INFINITY;
  #watermark = Number.NEGATIVE_INFINITY;
  #late = 0;
  #future = 0;
  #untimed = 0;
  #hurried = 0;

  /**
   * Throws `RangeError` for options that make no sense, {@link SigmaError} for a rule set that cannot be run:
   * a correlation before one it reads, an expression that names no rule, a threshold above the bounds.
   */
  constructor(set: RuleSet, options: CorrelatorOptions = {}) {
    this.#options = checkOptions(options);
    const nodes = new Map<PlannedCorrelation, CorrelationNode>();
    for (const planned of set.correlations) {
      const node = new CorrelationNode(planned, nodes.size, !set.silent.has(planned), this.#options);
      planned.inputs.forEach((input, index) => {
        const route = { node, input: index };
        if (isCorrelation(input)) this.#inner(nodes, planned, input).outers.push(route);
        else {
          const routes = this.#routes.get(input);
          if (routes === undefined) this.#routes.set(input, [route]);
          else routes.push(route);
        }
      });
      nodes.set(planned, node);
    }
    this.#nodes = [...nodes.values()];
  }

  /** Takes one record. Returns the firings of the records that are now in order. */
  push(record: CorrelationRecord): readonly Firing[] {
    const { time } = record;
    if (time === undefined || !Number.isFinite(time)) {
      this.#untimed++;
      return nothing;
    }
    if (time > this.#options.horizon()) {
      this.#future++;
      return nothing;
    }
    if (time < this.#watermark) {
      this.#late++;
      return nothing;
    }
    const { ref, event } = record;
    if (this.#options.lateness === 0) {
      this.#see(time);
      return this.#evaluate({ ref, time, event, matched: record.matched }, undefined) ?? nothing;
    }
    // Only what some correlation reads, copied: the caller may use its array again.
    const matched = record.matched.filter((rule) => this.#routes.has(rule));
    if (matched.length > 0) this.#waiting.add({ ref, time, event, matched });
    this.#see(time);
    return this.#release();
  }

  /** Tells that event time has come to `time` (milliseconds), as when a source is quiet. */
  advance(time: number): readonly Firing[] {
    if (Number.isFinite(time)) this.#see(time);
    const firings = this.#release();
    for (const node of this.#nodes) node.advance(this.#watermark);
    return firings;
  }

  /** Evaluates everything held back. What comes later and is older than the latest record is late. */
  flush(): readonly Firing[] {
    let firings: Firing[] | undefined;
    for (let record = this.#waiting.take(); record !== undefined; record = this.#waiting.take()) {
      firings = this.#evaluate(record, firings);
    }
    this.#watermark = this.#latest;
    return firings ?? nothing;
  }

  state(): CorrelatorState {
    return {
      held: this.#waiting.size,
      lateRecords: this.#late,
      futureRecords: this.#future,
      untimedRecords: this.#untimed,
      hurriedRecords: this.#hurried,
      correlations: this.#nodes.map((node) => node.state()),
    };
  }

  #inner(
    nodes: ReadonlyMap<PlannedCorrelation, CorrelationNode>,
    outer: PlannedCorrelation,
    input: PlannedCorrelation,
  ): CorrelationNode {
    const node = nodes.get(input);
    if (node !== undefined) return node;
    const message = `the correlation "${outer.rule.title}" comes before "${input.rule.title}", which it reads`;
    throw new SigmaError([{ code: 'reference', severity: 'error', message, at: outer.rule.at }]);
  }

  #see(time: number): void {
    if (time <= this.#latest) return;
    this.#latest = time;
    this.#watermark = Math.max(this.#watermark, time - this.#options.lateness * 1000);
  }

  /** Evaluates what the watermark has passed, and what there is no room for. */
  #release(): readonly Firing[] {
    let firings: Firing[] | undefined;
    for (let first = this.#waiting.first; first !== undefined; first = this.#waiting.first) {
      if (first.time >= this.#watermark) {
        if (this.#waiting.size <= this.#options.maxHeld) break;
        this.#hurried++;
        this.#watermark = first.time;
      }
      this.#waiting.take();
      firings = this.#evaluate(first, firings);
    }
    return firings ?? nothing;
  }

  #evaluate(record: Timed, firings: Firing[] | undefined): Firing[] | undefined {
    const pending = this.#pending;
    let last = 0;
    for (const rule of record.matched) {
      const routes = this.#routes.get(rule);
      if (routes === undefined) continue;
      for (const { node, input } of routes)
        if (node.hit(input, undefined)) last = schedule(pending, node, last);
    }
    if (last === 0) return firings;
    const out = firings ?? [];
    for (let i = 0; i < last; i++) {
      const node = pending[i] as CorrelationNode;
      for (const fired of node.run(record, out)) {
        for (const outer of node.outers) {
          if (outer.node.hit(outer.input, fired)) last = schedule(pending, outer.node, last);
        }
      }
    }
    return out.length > 0 ? out : firings;
  }
}

/** Puts a node in its place among the first `count`, and returns how many there are now. */
function schedule(pending: CorrelationNode[], node: CorrelationNode, count: number): number {
  let at = count;
  for (; at > 0; at--) {
    const before = pending[at - 1] as CorrelationNode;
    if (before.place < node.place) break;
    pending[at] = before;
  }
  pending[at] = node;
  return count + 1;
}
