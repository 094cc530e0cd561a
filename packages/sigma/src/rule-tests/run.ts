/** Runs the tests beside rules. */
import { eventTime } from '../correlate/index.js';
import { type Problem, Problems } from '../errors.js';
import type { Event } from '../event.js';
import { type Loaded, loadRules, type RuleSource } from '../load.js';
import type { Pipeline } from '../pipeline/model.js';
import { Run } from '../run.js';
import { compare, disagreements } from './compare.js';
import { Coverage } from './coverage.js';
import type {
  CaseResult,
  Observation,
  RuleTestCase,
  RuleTestFileResult,
  RuleTestProblem,
  RuleTestResults,
  RuleTestTarget,
} from './model.js';
import { readRuleTests } from './read.js';
import { type Subject, subjectOf } from './subject.js';

export interface RuleTestOptions {
  /** Ways of running the rules; the first is held against the cases, the others against it. Default: the matcher. */
  readonly targets?: readonly RuleTestTarget[];
  /** Applied to the rules before they run. */
  readonly pipelines?: readonly Pipeline[];
  /** A rule file without a test file is an error. Default: it is only listed. */
  readonly requireTests?: boolean;
}

/** Records one by one through the matcher and the correlator. */
export const matcherTarget: RuleTestTarget = {
  name: 'matcher',
  run(set, records) {
    const run = new Run(set, { report: 'each' });
    const hits = records.flatMap((record, i) => run.push(record, i + 1));
    return [...hits, ...run.end().hits];
  },
};

const testFile = /\.test(\.ya?ml)$/i;

/** Whether a file is a test file by its name: `<rules>.test.yml`. */
export function isRuleTestFile(file: string): boolean {
  return testFile.test(file);
}

/**
 * Runs every test file among `sources` against the rule file beside it (`a.test.yml` tests `a.yml`). All rule
 * files are loaded together, so rules may refer to those of other files, and filters apply. Never throws for
 * what is in a file; a target that throws fails the case.
 */
export async function runRuleTests(
  sources: readonly RuleSource[],
  options: RuleTestOptions = {},
): Promise<RuleTestResults> {
  const targets = options.targets ?? [matcherTarget];
  const ruleSources = sources.filter(({ file }) => !isRuleTestFile(file));
  const loaded = loadRules(ruleSources, { pipelines: options.pipelines ?? [] });
  const files: RuleTestFileResult[] = [];
  const tested = new Set<string>();
  for (const source of sources) {
    if (!isRuleTestFile(source.file)) continue;
    const rules = ruleFileOf(source.file, ruleSources);
    if (rules !== undefined) tested.add(rules);
    files.push(await runFile(source, rules, loaded, targets));
  }
  const untested = ruleSources
    .map(({ file }) => file)
    .filter((file) => !tested.has(file) && subjectOf(loaded, file).reporting.size > 0);
  const lacking = options.requireTests === true ? untested.map(lacksTests) : [];
  const cases = files.flatMap((file) => file.cases);
  const passed = cases.filter((result) => result.passed).length;
  return {
    passed: lacking.length === 0 && files.every((file) => file.passed),
    files,
    cases: { passed, failed: cases.length - passed },
    targets: targets.map(({ name }) => name),
    untested,
    problems: [
      ...files.flatMap((file) => [...file.problems, ...file.cases.flatMap(({ problems }) => problems)]),
      ...lacking,
    ],
  };
}

function lacksTests(file: string): RuleTestProblem {
  const message = 'no test file is beside these rules';
  return { code: 'untested', severity: 'error', message, at: { file, line: 1, column: 1 } };
}

/** The rule file a test file stands beside, whichever way its ending is written. */
function ruleFileOf(test: string, rules: readonly RuleSource[]): string | undefined {
  const stem = test.replace(testFile, '');
  return rules.find(({ file }) => file === `${stem}.yml` || file === `${stem}.yaml`)?.file;
}

async function runFile(
  { file, text }: RuleSource,
  rules: string | undefined,
  loaded: Loaded,
  targets: readonly RuleTestTarget[],
): Promise<RuleTestFileResult> {
  const problems = new Problems();
  const cases = readRuleTests(file, text, problems);
  const found: RuleTestProblem[] = [...problems.list];
  if (rules === undefined) {
    const message = `no rule file is beside it: ${file.replace(testFile, '$1')} is missing`;
    found.push({ code: 'missing', severity: 'error', message, at: { file, line: 1, column: 1 } });
  } else found.push(...rulesProblems(loaded, rules));
  const results: CaseResult[] = [];
  if (rules !== undefined && !hasErrors(found)) {
    const subject = subjectOf(loaded, rules);
    const coverage = new Coverage(subject);
    for (const test of cases) results.push(await runCase(test, subject, coverage, targets));
    found.push(...coverage.problems());
  }
  return {
    file,
    rules: rules ?? '',
    passed: !hasErrors(found) && results.every((result) => result.passed),
    cases: results,
    problems: found,
  };
}

function hasErrors(problems: readonly RuleTestProblem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** Errors of the rule file: a rule that cannot run cannot be tested. */
function rulesProblems(loaded: Loaded, file: string): readonly Problem[] {
  return loaded.problems.filter((problem) => problem.at.file === file && problem.severity === 'error');
}

async function runCase(
  test: RuleTestCase,
  subject: Subject,
  coverage: Coverage,
  targets: readonly RuleTestTarget[],
): Promise<CaseResult> {
  const problems: RuleTestProblem[] = timeless(test, subject);
  const records = test.events.map(({ event }) => event);
  let first: { name: string; observed: readonly Observation[] } | undefined;
  for (const target of problems.length > 0 ? [] : targets) {
    const observed = await attempt(target, subject, records, test, problems);
    if (observed === undefined) continue;
    if (first === undefined) {
      first = { name: target.name, observed };
      problems.push(...judge(test, observed, subject));
      coverage.add(records, observed);
    } else problems.push(...disagreements(first, { name: target.name, observed }, test.at));
  }
  return { name: test.name, at: test.at, passed: !hasErrors(problems), problems };
}

async function attempt(
  target: RuleTestTarget,
  subject: Subject,
  records: readonly Event[],
  test: RuleTestCase,
  problems: RuleTestProblem[],
): Promise<readonly Observation[] | undefined> {
  try {
    return await target.run(subject.set, records);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${target.name} could not run the rules: ${reason}`;
    problems.push({ code: 'failed', severity: 'error', message, at: test.at });
    return undefined;
  }
}

/** Correlations put records in order of time: one without would be in no place. */
function timeless(test: RuleTestCase, { set }: Subject): RuleTestProblem[] {
  if (set.correlations.length === 0) return [];
  return test.events
    .filter(({ event }) => eventTime(event) === undefined)
    .map(({ at }) => ({
      code: 'missing',
      severity: 'error',
      message: 'the record has no time that can be read, and the file has correlations',
      at,
    }));
}

function judge(
  test: RuleTestCase,
  observed: readonly Observation[],
  subject: Subject,
): readonly RuleTestProblem[] {
  const reported = observed.filter(({ rule }) => subject.reporting.has(rule));
  const problems = compare('fires', test.fires, reported, subject, test.at);
  if (test.matches !== undefined) {
    const feeding = observed.filter(({ rule }) => !subject.reporting.has(rule));
    problems.push(...compare('matches', test.matches, feeding, subject, test.at));
  }
  return problems;
}
