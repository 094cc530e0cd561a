/** Options of a {@link Correlator}, checked. */

export interface CorrelatorOptions {
  /**
   * Seconds of event time a record is held back so that late ones are put in order before it. `0`: records
   * are taken as they come. `Infinity`: everything waits for `flush()`. Default 60.
   */
  readonly lateness?: number;
  /** `each`: every record at which a condition holds; `onset`: when it starts to hold. Default `each`. */
  readonly report?: 'each' | 'onset';
  /** Groups kept for one correlation. Over it the group idle longest is dropped and counted. Default 1,000,000. */
  readonly maxGroups?: number;
  /**
   * Entries in the window of one group: records, distinct values (`value_count`) or numbers (aggregations).
   * Over it the oldest is dropped and counted. A rule whose count threshold is higher gets what it needs.
   * Default 10,000.
   */
  readonly maxEntriesPerGroup?: number;
  /**
   * Entries over all groups of one correlation, each 16 to 64 bytes. Over it the group idle longest is
   * dropped and counted. Default 10,000,000.
   */
  readonly maxEntries?: number;
  /**
   * Records held back at once. Over it the earliest is taken before its time, and what comes before that one
   * is late. Default 1,000,000.
   */
  readonly maxHeld?: number;
  /** Records listed in one firing, the newest. Default 100. */
  readonly maxRefs?: number;
  /**
   * The latest event time (milliseconds) to believe, asked for each record, for instance
   * `() => Date.now() + 300_000`. One record with a forged clock would otherwise make everything after it
   * late. Records later than this are left out and counted. Default: no limit.
   */
  readonly horizon?: () => number;
}

export type CheckedOptions = Required<CorrelatorOptions>;

/** With more than this the columns would not fit their indexes. */
const largest = 2 ** 27;

/** Fills in defaults. Throws `RangeError` for a number that makes no sense. */
export function checkOptions(options: CorrelatorOptions): CheckedOptions {
  const lateness = options.lateness ?? 60;
  if (!(lateness >= 0)) throw new RangeError(`lateness must not be negative: ${lateness}`);
  const maxEntries = bound('maxEntries', options.maxEntries ?? 10_000_000);
  return {
    lateness,
    report: options.report ?? 'each',
    maxGroups: bound('maxGroups', options.maxGroups ?? 1_000_000),
    maxEntriesPerGroup: Math.min(
      bound('maxEntriesPerGroup', options.maxEntriesPerGroup ?? 10_000),
      maxEntries,
    ),
    maxEntries,
    maxHeld: bound('maxHeld', options.maxHeld ?? 1_000_000),
    maxRefs: options.maxRefs === 0 ? 0 : bound('maxRefs', options.maxRefs ?? 100),
    horizon: options.horizon ?? (() => Number.POSITIVE_INFINITY),
  };
}

function bound(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > largest) {
    throw new RangeError(`${name} must be a whole number from 1 to ${largest}: ${value}`);
  }
  return value;
}
