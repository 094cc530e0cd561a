export {
  type CaseResult,
  type Expectation,
  formatRuleTestProblem,
  type Observation,
  type RuleTestCase,
  type RuleTestCode,
  type RuleTestFileResult,
  type RuleTestProblem,
  type RuleTestResults,
  type RuleTestTarget,
} from './model.js';
export { readRuleTests } from './read.js';
export { isRuleTestFile, matcherTarget, type RuleTestOptions, runRuleTests } from './run.js';
