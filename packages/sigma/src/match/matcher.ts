/**
 * Matches records against thousands of rules. A record that says which log it is from is held against the rules of
 * that log alone; each log met has an index of its own (`indexed-rules.ts`), built when its first record comes.
 */
import type { Event } from '../event.js';
import type { PlannedRule } from '../plan.js';
import type { LogSource } from '../rule.js';
import { IndexedRules, type IndexOptions, type MatcherStatistics } from './indexed-rules.js';

export type { MatcherStatistics } from './indexed-rules.js';

/** What a record says of the log it came from. Rules that say otherwise are left out. */
export type EventSource = Pick<LogSource, 'category' | 'product' | 'service'>;

export interface MatcherOptions extends IndexOptions {
  /** Tells the log a record came from. Absent: every rule sees every record. */
  readonly source?: (event: Event) => EventSource | undefined;
}

/** Names of logs come from records, and a hostile one could name a new log every time. */
const maxSources = 10_000;
/** Indexes kept: one for each different set of rules that logs ask for. Over it all rules are tried, then sorted out. */
const maxIndexes = 64;

/** Finds every rule that a record matches. Not for use by several callers at once. */
export class Matcher {
  readonly rules: readonly PlannedRule[];
  readonly #options: MatcherOptions;
  #all: IndexedRules | undefined;
  readonly #bySource = new Map<string, IndexedRules>();
  readonly #byRules = new Map<string, IndexedRules>();

  constructor(rules: readonly PlannedRule[], options: MatcherOptions = {}) {
    this.rules = rules;
    this.#options = options;
    if (options.source === undefined) this.#all = new IndexedRules(rules, options);
  }

  /** Over all indexes built so far. */
  get statistics(): MatcherStatistics {
    const all = [
      ...new Set([...this.#byRules.values(), ...(this.#all === undefined ? [] : [this.#all])]),
    ].map(({ statistics }) => statistics);
    const sum = (key: keyof MatcherStatistics) => all.reduce((total, one) => total + one[key], 0);
    return {
      rules: this.rules.length,
      unindexed: sum('unindexed'),
      atoms: sum('atoms'),
      finderBytes: sum('finderBytes'),
      events: sum('events'),
      evaluated: sum('evaluated'),
    };
  }

  /** The rules that match, in the order they were given. */
  match(event: Event): PlannedRule[] {
    const source = this.#options.source?.(event);
    if (source === undefined) return this.#everything().match(event);
    const key = `${source.product ?? ''}\n${source.category ?? ''}\n${source.service ?? ''}`;
    const known = this.#bySource.get(key) ?? this.#open(key, source);
    if (known !== undefined) return known.match(event);
    return this.#everything()
      .match(event)
      .filter(({ rule }) => agrees(rule.logsource, source));
  }

  #everything(): IndexedRules {
    this.#all ??= new IndexedRules(this.rules, this.#options);
    return this.#all;
  }

  #open(key: string, source: EventSource): IndexedRules | undefined {
    const places = this.rules.flatMap(({ rule }, i) => (agrees(rule.logsource, source) ? [i] : []));
    const same = places.join();
    let index = this.#byRules.get(same);
    if (index === undefined) {
      if (this.#byRules.size >= maxIndexes) return undefined;
      index = new IndexedRules(
        places.map((place) => this.rules[place] as PlannedRule),
        this.#options,
      );
      this.#byRules.set(same, index);
    }
    if (this.#bySource.size < maxSources) this.#bySource.set(key, index);
    return index;
  }
}

/** A rule reads a log unless it says something else of it than the record does. */
function agrees(rule: LogSource, event: EventSource): boolean {
  return (['product', 'category', 'service'] as const).every(
    (key) => rule[key] === undefined || event[key] === undefined || rule[key] === event[key],
  );
}
