/**
 * Sigma for TypeScript. Load rules, then match records as they arrive, or write the rules as SQL.
 *
 * ```ts
 * const { set, problems } = loadRules([{ file: 'rule.yml', text }]);
 * const matcher = new Matcher(set.rules);
 * for (const record of records) for (const { rule } of matcher.match(record)) console.log(rule.title);
 * ```
 */

export * from './correlate/index.js';
export {
  formatProblem,
  type Location,
  type Problem,
  type ProblemCode,
  Problems,
  SigmaError,
} from './errors.js';
export { type Event, type FieldValues, readField, type Scalar } from './event.js';
export { describeTest, type ExplainedPlan, type Explanation, explain, formatExplanation } from './explain.js';
export { type LintOptions, lint, lintChecks } from './lint/index.js';
export { type Loaded, type LoadedRule, type LoadOptions, loadRules, type RuleSource } from './load.js';
export { type EventSource, Matcher, type MatcherOptions, type MatcherStatistics } from './match/matcher.js';
export { type ParsedFile, type ParsedRule, parseRules } from './parse/index.js';
export * from './pipeline/index.js';
export * from './plan.js';
export * from './rule.js';
export * from './rule-tests/index.js';
export { type Hit, Run, type RunOptions, type RunSummary } from './run.js';
export { windowsEvent } from './windows-event.js';
