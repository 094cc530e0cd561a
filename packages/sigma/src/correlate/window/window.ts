/** What every type of correlation keeps about the records of its groups. */

/** What a record brings to one group. */
export interface Sample {
  /** Indexes of the inputs that hit; one may stand more than once. */
  readonly inputs: readonly number[];
  /** `value_count`: the distinct values, at least one. Else empty. */
  readonly texts: readonly string[];
  /** Aggregations: the numbers, at least one. Else empty. */
  readonly numbers: readonly number[];
}

export interface Refs {
  readonly refs: readonly number[];
  readonly refsCut: boolean;
}

/** What a window needs to know of the rule. */
export interface WindowRule {
  /** Whether a value satisfies all thresholds. */
  readonly meets: (value: number) => boolean;
  /** Entries one group may hold. */
  readonly maxEntries: number;
}

/**
 * The windows of all groups of one correlation. A group is a slot number. Samples come in order of time.
 * `from` is the start of the window, which belongs to it.
 */
export interface Windows {
  /** Makes room for groups below `capacity`. */
  reserve(capacity: number): void;
  /** Starts a group with nothing in it. */
  open(group: number): void;
  /** Forgets what a group holds. */
  close(group: number): void;
  /** Drops what is older than `from`, adds what a record brings, and gives the value of the window. */
  add(group: number, time: number, ref: number, from: number, sample: Sample): number;
  /** Whether the condition holds for the window that gave this value. */
  holds(group: number, value: number, from: number): boolean;
  /** The records that count, oldest first, at most the newest `max`. */
  refs(group: number, from: number, max: number): Refs;
  /** Entries held, over all groups. */
  readonly entries: number;
  /** Entries dropped because one group held too many. */
  readonly dropped: number;
  readonly byteLength: number;
}

/** Gathers records from the newest to the oldest; those of one record are next to each other. */
export class RefList {
  readonly #max: number;
  readonly #refs: number[] = [];
  #cut = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** Adds an older one. `false`: there is no room, and no need to go on. */
  add(ref: number): boolean {
    if (ref === this.#refs.at(-1)) return true;
    if (this.#refs.length < this.#max) this.#refs.push(ref);
    else this.#cut = true;
    return !this.#cut;
  }

  result(): Refs {
    return { refs: this.#refs.reverse(), refsCut: this.#cut };
  }
}
