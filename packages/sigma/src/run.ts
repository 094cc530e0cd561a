/** Runs a rule set over records in one go: matches, then correlations over all of them in order of time. */
import {
  Correlator,
  type CorrelatorState,
  eventTime,
  type Firing,
  type GroupValue,
} from './correlate/index.js';
import { type Event, parsePath } from './event.js';
import { type EventSource, Matcher } from './match/matcher.js';
import {
  correlationFields,
  isCorrelation,
  type PlannedCorrelation,
  type PlannedRule,
  type RuleSet,
} from './plan.js';

export interface RunOptions {
  /** Tells the log a record came from; absent: every rule sees every record. */
  readonly source?: (event: Event) => EventSource | undefined;
  /** Fields tried for the time of a record. */
  readonly timeFields?: readonly string[];
  /** `each`: every record at which a correlation holds; `onset`: only where it starts to. */
  readonly report?: 'each' | 'onset';
  /**
   * Records without a time: `previous` gives them the time of the record before (the first ones: 1970), which
   * keeps their order; `skip` leaves them out of correlations. Default `previous`.
   */
  readonly timeless?: 'previous' | 'skip';
  /**
   * Seconds of event time a record may be late. By default records may come in any order, and correlations wait
   * for {@link Run.end}; with a bound they are told as they fire and less is kept, and later records are left out
   * and counted.
   */
  readonly lateness?: number;
}

/** A rule that matched a record, or a correlation whose condition held at one. */
export type Hit =
  | { readonly kind: 'match'; readonly rule: PlannedRule; readonly line: number }
  | {
      readonly kind: 'correlation';
      readonly rule: PlannedCorrelation;
      readonly line: number;
      readonly group: readonly GroupValue[];
      readonly time: number;
      readonly value: number;
      /** Lines that counted, the newest {@link maxLines}, oldest first. The SQL target does not list them. */
      readonly lines?: readonly number[];
    };

/** Lines listed with a correlation that fired. */
export const maxLines = 20;

export interface RunSummary {
  readonly records: number;
  /** Records without a time, when there are correlations. */
  readonly timeless: number;
  readonly correlations: CorrelatorState | undefined;
}

/** Feeds records one by one. Matches come at once, correlations at once or (see `lateness`) from {@link end}. */
export class Run {
  readonly #matcher: Matcher;
  readonly #correlator: Correlator | undefined;
  readonly #silent: RuleSet['silent'];
  readonly #options: RunOptions;
  readonly #feeds: ReadonlySet<PlannedRule>;
  /** Top-level keys of the fields correlations read. */
  readonly #keys: readonly string[];
  #records = 0;
  #timeless = 0;
  #last = 0;

  constructor(set: RuleSet, options: RunOptions = {}) {
    this.#options = options;
    this.#silent = set.silent;
    this.#matcher = new Matcher(set.rules, options.source === undefined ? {} : { source: options.source });
    this.#feeds = new Set(
      set.correlations.flatMap(({ inputs }) =>
        inputs.filter((input): input is PlannedRule => !isCorrelation(input)),
      ),
    );
    this.#keys = [
      ...new Set(
        correlationFields(set.correlations).flatMap((field) => [
          field,
          String(parsePath(field)?.[0] ?? field),
        ]),
      ),
    ];
    if (set.correlations.length > 0) {
      this.#correlator = new Correlator(set, {
        lateness: options.lateness ?? Number.POSITIVE_INFINITY,
        maxHeld: 2 ** 26,
        maxRefs: maxLines,
        report: options.report ?? 'each',
      });
    }
  }

  /** What a record brings: rules that match and report on their own, and correlations that fired. */
  push(event: Event, line: number): Hit[] {
    this.#records++;
    const matched = this.#matcher.match(event);
    const out: Hit[] = [];
    for (const rule of matched) if (!this.#silent.has(rule)) out.push({ kind: 'match', rule, line });
    if (this.#correlator !== undefined) {
      const own = eventTime(event, this.#options.timeFields);
      if (own === undefined) this.#timeless++;
      else this.#last = own;
      const time = own ?? (this.#options.timeless === 'skip' ? undefined : this.#last);
      const feeding = matched.filter((rule) => this.#feeds.has(rule));
      if (feeding.length > 0) {
        out.push(
          ...this.#toHits(
            this.#correlator.push({ ref: line, time, event: this.#reduce(event), matched: feeding }),
          ),
        );
      }
    }
    return out;
  }

  #toHits(firings: readonly Firing[]): Hit[] {
    return firings.filter(({ rule }) => !this.#silent.has(rule)).map(toHit);
  }

  /** The part of a record that correlations read: many are kept at once. */
  #reduce(event: Event): Event {
    const out: Record<string, unknown> = Object.create(null);
    for (const key of this.#keys) if (Object.hasOwn(event, key)) out[key] = event[key];
    return out;
  }

  /** Correlations that fired, in order of time. */
  end(): { hits: Hit[]; summary: RunSummary } {
    const firings = this.#correlator?.flush() ?? [];
    return {
      hits: this.#toHits(firings),
      summary: {
        records: this.#records,
        timeless: this.#correlator === undefined ? 0 : this.#timeless,
        correlations: this.#correlator?.state(),
      },
    };
  }
}

function toHit({ rule, group, time, ref, value, refs }: Firing): Hit {
  return { kind: 'correlation', rule, line: ref, group, time, value, lines: refs };
}
