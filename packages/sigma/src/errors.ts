/**
 * What went wrong, and where. Every problem of a file is gathered before anything is thrown, so an author
 * mends a file once.
 */

/** A position in a rule file. `line` and `column` count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The kind of a problem. Stable: tools may switch on it.
 *
 * - `yaml`: not YAML, or YAML beyond the limits (size, depth, aliases)
 * - `missing`: something the specification makes mandatory is absent
 * - `type`: a value of a kind that is not allowed there
 * - `value`: a value outside what the specification lists
 * - `modifier`: an unknown modifier, or one that cannot be used there
 * - `condition`: a condition that cannot be read
 * - `reference`: a name (search identifier, rule, field alias) that does not exist
 * - `duplicate`: two things of one name
 * - `placeholder`: a placeholder no pipeline filled
 * - `regex`: a regular expression that cannot be run in linear time, or is none
 * - `deprecated`: a form the specification has dropped (aggregations after a pipe)
 * - `unsupported`: correct Sigma that this target cannot express
 * - `limit`: larger than a stated bound
 * - `pipeline`: a processing pipeline that cannot be read or applied
 * - `style`: allowed, but not how rules should be written (linter only)
 */
export type ProblemCode =
  | 'yaml'
  | 'missing'
  | 'type'
  | 'value'
  | 'modifier'
  | 'condition'
  | 'reference'
  | 'duplicate'
  | 'placeholder'
  | 'regex'
  | 'deprecated'
  | 'unsupported'
  | 'limit'
  | 'pipeline'
  | 'style';

/** One thing that is wrong (`error`: the rule is not run) or doubtful (`warning`: it is). */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at: Location;
}

/** `file:line:column: error [code] message`, the form editors and CI logs link. */
export function formatProblem(problem: Problem): string {
  const { at } = problem;
  return `${at.file}:${at.line}:${at.column}: ${problem.severity} [${problem.code}] ${problem.message}`;
}

/** Thrown where a caller asked for a rule and got problems instead. Holds all of them. */
export class SigmaError extends Error {
  override readonly name = 'SigmaError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }

  /** The code of the first problem. */
  get code(): ProblemCode {
    return this.problems[0]?.code ?? 'value';
  }
}

/** Gathers problems while one file is read. */
export class Problems {
  readonly list: Problem[] = [];

  error(code: ProblemCode, at: Location, message: string): void {
    this.list.push({ code, severity: 'error', message, at });
  }

  warning(code: ProblemCode, at: Location, message: string): void {
    this.list.push({ code, severity: 'warning', message, at });
  }

  get failed(): boolean {
    return this.list.some((problem) => problem.severity === 'error');
  }
}
