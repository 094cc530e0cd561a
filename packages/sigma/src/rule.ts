/**
 * Sigma as written: what the three kinds of document hold, after the YAML is read and before any meaning is
 * given to values. Pipelines rewrite this form; `plan.ts` turns it into something that runs.
 *
 * Source: Sigma specification 2.1.0 (rules, correlation rules, filters, modifiers).
 */
import type { Location } from './errors.js';

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export type Status = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported';

/** What all three kinds of document share. */
export interface RuleHead {
  readonly title: string;
  readonly id?: string;
  readonly name?: string;
  readonly status?: Status;
  readonly level?: Level;
  readonly description?: string;
  readonly author?: string;
  readonly license?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly taxonomy?: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  readonly related: readonly { readonly id: string; readonly type: string }[];
  /** Keys the specification does not name, as written. */
  readonly custom: ReadonlyMap<string, unknown>;
  readonly at: Location;
}

/** Which log a rule reads. Lower case. */
export interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  /** Further keys (not `definition`), as written. */
  readonly custom: ReadonlyMap<string, string>;
}

export interface DetectionRule extends RuleHead {
  readonly kind: 'detection';
  readonly logsource: LogSource;
  /** Search identifiers in the order written. */
  readonly detections: ReadonlyMap<string, Detection>;
  /** One or more conditions, linked by OR. */
  readonly conditions: readonly Condition[];
}

/** What a search identifier holds: a tree of items. */
export type Detection =
  | { readonly kind: 'all' | 'any'; readonly items: readonly Detection[]; readonly at: Location }
  | DetectionItem;

/** One `field|modifiers: values` line. */
export interface DetectionItem {
  readonly kind: 'item';
  /** `null`: a keyword, sought in the whole event. */
  readonly field: string | null;
  readonly modifiers: readonly string[];
  readonly values: readonly Value[];
  readonly at: Location;
}

/** A scalar of a rule with its place. `plain`: a string whose `*`, `?` and `\` mean themselves. */
export interface Value {
  readonly value: string | number | boolean | null;
  readonly plain?: boolean;
  readonly at: Location;
}

/** A parsed condition. `of` is resolved against the rule's search identifiers when planned. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly args: readonly Condition[] }
  | { readonly kind: 'not'; readonly arg: Condition }
  | { readonly kind: 'name'; readonly name: string; readonly at: Location }
  | {
      readonly kind: 'of';
      readonly quantifier: 'any' | 'all';
      /** `them`, or a pattern with `*`. */
      readonly pattern: string;
      readonly at: Location;
    };

export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';

export interface CorrelationRule extends RuleHead {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids or names of detection or correlation rules, in the order written. */
  readonly rules: readonly { readonly ref: string; readonly at: Location }[];
  /** Fields, or names of aliases. Empty: one group for everything. */
  readonly groupBy: readonly string[];
  /** Alias → rule reference → field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Length of the sliding window in seconds. Both ends belong to it. */
  readonly timespan: number;
  /** Thresholds, all of which must hold. Empty with a boolean `expression`. */
  readonly thresholds: readonly { readonly op: Comparison; readonly value: number }[];
  /** Fields counted (`value_count`, more than one: distinct tuples) or aggregated (the first). */
  readonly countedFields: readonly string[];
  /** Rank of `value_percentile`, 0 to 100. */
  readonly percentile: number;
  /** Boolean condition over the rules (extended temporal). */
  readonly expression?: Condition;
  /** Whether the rules referred to report on their own too. */
  readonly generate: boolean;
}

export interface FilterRule extends RuleHead {
  readonly kind: 'filter';
  readonly logsource: LogSource;
  /** Ids or names of the rules it narrows; `'any'`: every rule of the log source. */
  readonly rules: readonly { readonly ref: string; readonly at: Location }[] | 'any';
  readonly detections: ReadonlyMap<string, Detection>;
  readonly conditions: readonly Condition[];
}

export type SigmaRule = DetectionRule | CorrelationRule | FilterRule;

/** What a rule is called in references and output: its id, else its name, else its title. */
export function ruleKey(rule: RuleHead): string {
  return rule.id ?? rule.name ?? rule.title;
}
