/** What goes into a {@link Correlator} and what comes out. */
import type { Event } from '../event.js';
import type { PlannedCorrelation, PlannedRule } from '../plan.js';

/** A record and the detection rules it matched. */
export interface CorrelationRecord {
  /** The number the caller knows the record by, such as its line. Unique; breaks ties between equal times. */
  readonly ref: number;
  /** Event time in milliseconds since 1970. Not a finite number: the record is left out and counted. */
  readonly time: number | undefined;
  /** Not to be changed while the record is held back. */
  readonly event: Event;
  readonly matched: readonly PlannedRule[];
}

/** One `group-by` entry, as the rule writes it, and the text it has in the group. */
export interface GroupValue {
  readonly field: string;
  readonly value: string;
}

/** A correlation whose condition held at a record. */
export interface Firing {
  readonly rule: PlannedCorrelation;
  /** In the order of `group-by`; empty when the rule has none. */
  readonly group: readonly GroupValue[];
  /** Event time and number of the record at which it held. */
  readonly time: number;
  readonly ref: number;
  /**
   * What the thresholds were compared with: a count, a sum, an average, a percentile; for `temporal` the
   * number of input rules seen; for `temporal_ordered` the number of rules in the order when it was met,
   * else 0.
   */
  readonly value: number;
  /**
   * Records of the window that counted, oldest first, each once. For `value_count` the newest record of each
   * value; for `temporal` the newest of each input rule; for `temporal_ordered` one chain in order.
   */
  readonly refs: readonly number[];
  /** Older records were left out of `refs` (see `maxRefs`). */
  readonly refsCut: boolean;
}
