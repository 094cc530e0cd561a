/**
 * What a rule means, as one boolean expression over tests of fields. Both targets, the matcher and SQL, are
 * made from this and from nothing else; so is the explanation.
 *
 * A test is about the values of one field. A field may hold no value, one, or several (an array, or a path
 * that crosses one); a test holds when any value satisfies it. `absent` and `exists` look at the field
 * itself. Values that are objects satisfy no test. Numbers and booleans are compared by their text.
 */
import type { Pattern } from './pattern.js';
import type { Comparison, CorrelationRule, DetectionRule, RuleHead } from './rule.js';

export type Plan =
  | { readonly op: 'and' | 'or'; readonly args: readonly Plan[] }
  | { readonly op: 'not'; readonly arg: Plan }
  | { readonly op: 'constant'; readonly value: boolean }
  | TestPlan
  /** The whole event: any scalar in it, at any depth, satisfies the test. */
  | { readonly op: 'keyword'; readonly test: StringTest | RegexTest };

export interface TestPlan {
  readonly op: 'test';
  readonly field: string;
  readonly test: Test;
}

export type Test =
  | StringTest
  | RegexTest
  | NumberTest
  | CidrTest
  | FieldTest
  | TimeTest
  /** The field is missing or null. */
  | { readonly kind: 'absent' }
  /** The field is there, whatever it holds, null too. */
  | { readonly kind: 'exists' };

/** The whole text of a value fits the pattern. Not `cased`: both sides folded (see `fold`). */
export interface StringTest {
  readonly kind: 'string';
  readonly pattern: Pattern;
  readonly cased: boolean;
  /** Dash characters stand for each other (`windash`): both sides with dashes folded. */
  readonly dash: boolean;
}

/** The text of a value contains a match of the expression (RE2 syntax; see `regex.ts`). */
export interface RegexTest {
  readonly kind: 'regex';
  readonly source: string;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** A value that is a number, or text that reads as a decimal number, compares so. */
export interface NumberTest {
  readonly kind: 'number';
  readonly op: Exclude<Comparison, 'eq' | 'neq'>;
  readonly value: number;
}

/** A value is an IP address inside the network. */
export interface CidrTest {
  readonly kind: 'cidr';
  readonly network: Network;
}

/** `bits` of the address that count; address as bytes, 4 or 16. */
export interface Network {
  readonly text: string;
  readonly address: readonly number[];
  readonly bits: number;
}

/** Some value of the field stands in this relation to some value of the `other` field. */
export interface FieldTest {
  readonly kind: 'field';
  readonly other: string;
  readonly relation: 'equals' | 'contains' | 'startswith' | 'endswith';
  readonly cased: boolean;
}

/** One part of a value read as a date, in UTC. `week`: ISO 8601. */
export interface TimeTest {
  readonly kind: 'time';
  readonly part: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
  readonly op: Exclude<Comparison, 'neq'>;
  readonly value: number;
}

/** A detection rule ready to be compiled. Rules that share `key` are told apart by `index`. */
export interface PlannedRule {
  readonly rule: DetectionRule;
  readonly key: string;
  readonly plan: Plan;
  /** Search identifiers with their part of the plan, for explanations. */
  readonly parts: ReadonlyMap<string, Plan>;
}

/** A correlation rule whose references are resolved. */
export interface PlannedCorrelation {
  readonly rule: CorrelationRule;
  readonly key: string;
  /** In the order of `rule.rules`. */
  readonly inputs: readonly (PlannedRule | PlannedCorrelation)[];
  /** For each input, the field each `groupBy` entry is read from. */
  readonly groupFields: readonly (readonly string[])[];
}

/** Everything a set of rule files holds, ready for either target. */
export interface RuleSet {
  /** Detection rules in file order, filters applied. */
  readonly rules: readonly PlannedRule[];
  /** Correlations, every one after those it reads. */
  readonly correlations: readonly PlannedCorrelation[];
  /** Rules that only feed correlations (`generate` not set): they report nothing on their own. */
  readonly silent: ReadonlySet<PlannedRule | PlannedCorrelation>;
}

export function isCorrelation(item: PlannedRule | PlannedCorrelation): item is PlannedCorrelation {
  return item.rule.kind === 'correlation';
}

export function headOf(item: PlannedRule | PlannedCorrelation): RuleHead {
  return item.rule;
}

/** Fields of records that correlations read, in a fixed order. */
export function correlationFields(correlations: readonly PlannedCorrelation[]): string[] {
  const fields = new Set<string>();
  for (const { rule, groupFields } of correlations) {
    for (const list of groupFields) for (const field of list) fields.add(field);
    for (const field of rule.countedFields) fields.add(field);
  }
  return [...fields];
}
