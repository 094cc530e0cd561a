/** Tests written beside rules, and what came of running them. The format: `docs/rule-tests.md`. */
import type { Location, ProblemCode } from '../errors.js';
import type { Event } from '../event.js';
import type { PlannedCorrelation, PlannedRule, RuleSet } from '../plan.js';

/** One entry of `fires` or `matches`. `ref`: id, name or title of a rule. */
export interface Expectation {
  readonly ref: string;
  /** Values of some or all `group-by` fields; no field: every group. */
  readonly group: ReadonlyMap<string, string>;
  /** Numbers of the records (from 1) at which it holds, rising; all of them. */
  readonly lines?: readonly number[];
  /** At how many records it holds, over the groups the entry is about. */
  readonly times?: number;
  readonly at: Location;
}

export interface RuleTestCase {
  readonly name: string;
  readonly events: readonly { readonly event: Event; readonly at: Location }[];
  /** Everything that reports: correlations, and rules that stand alone. */
  readonly fires: readonly Expectation[];
  /** Everything that only feeds correlations; absent: not compared. */
  readonly matches?: readonly Expectation[];
  readonly at: Location;
}

/**
 * What a test can be wrong about, besides what reading a file can ({@link ProblemCode}).
 *
 * - `unexpected`: a rule fires though the case does not say so
 * - `silent`: a rule does not fire though the case says so
 * - `lines`: it fires at other records than the case says
 * - `times`: it fires more or less often than the case says
 * - `targets`: two ways of running the same rules disagree
 * - `failed`: a way of running the rules gave up
 * - `uncovered`: a rule no case makes fire, or none comes near without firing
 * - `untested`: a rule file without a test file
 */
export type RuleTestCode =
  | 'unexpected'
  | 'silent'
  | 'lines'
  | 'times'
  | 'targets'
  | 'failed'
  | 'uncovered'
  | 'untested';

export interface RuleTestProblem {
  readonly code: ProblemCode | RuleTestCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at: Location;
}

export interface CaseResult {
  readonly name: string;
  readonly at: Location;
  readonly passed: boolean;
  /** Why not, each at the place in the test file it is about. */
  readonly problems: readonly RuleTestProblem[];
}

/** One test file and the rule file beside it. */
export interface RuleTestFileResult {
  readonly file: string;
  readonly rules: string;
  /** No problem of its own and every case passed. */
  readonly passed: boolean;
  readonly cases: readonly CaseResult[];
  /** Problems of the file as a whole: reading it, its rules, what its cases leave out. */
  readonly problems: readonly RuleTestProblem[];
}

export interface RuleTestResults {
  /** Every test file passed, and no rule file lacks one where that is asked for. */
  readonly passed: boolean;
  /** In the order given. */
  readonly files: readonly RuleTestFileResult[];
  readonly cases: { readonly passed: number; readonly failed: number };
  /** Names of the ways the rules were run, in order. */
  readonly targets: readonly string[];
  /** Rule files that report something and have no test file. */
  readonly untested: readonly string[];
  /** Every problem, file by file, those of cases too. */
  readonly problems: readonly RuleTestProblem[];
}

/** A rule that held at a record. */
export interface Observation {
  readonly rule: PlannedRule | PlannedCorrelation;
  /** The number of the record, from 1. */
  readonly line: number;
  /** For a correlation. */
  readonly group?: readonly { readonly field: string; readonly value: string }[] | undefined;
  readonly value?: number | undefined;
}

/**
 * A way of running rules. It gets records numbered from 1 and gives back every match of `set.rules` and every
 * firing (`each`, not only the onset) of `set.correlations` that `set.silent` does not hold, in any order.
 */
export interface RuleTestTarget {
  readonly name: string;
  readonly run: (
    set: RuleSet,
    records: readonly Event[],
  ) => readonly Observation[] | Promise<readonly Observation[]>;
}

/** `file:line:column: error [code] message`. */
export function formatRuleTestProblem({ at, severity, code, message }: RuleTestProblem): string {
  return `${at.file}:${at.line}:${at.column}: ${severity} [${code}] ${message}`;
}
