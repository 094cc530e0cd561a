/** `rollcall sigma …`: lint, check, match, explain and test Sigma rules. */
import { readFile } from 'node:fs/promises';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import {
  type Event,
  type EventSource,
  explain,
  formatExplanation,
  formatProblem,
  formatRuleTestProblem,
  type Hit,
  isCorrelation,
  type Loaded,
  lint,
  loadRules,
  matcherTarget,
  type Pipeline,
  type PlannedRule,
  type Problem,
  Problems,
  parsePipeline,
  type RuleSource,
  Run,
  ruleKey,
  runRuleTests,
  windowsEvent,
} from '@rollcall/sigma';
import { readBatches, readRecords, readRuleFiles } from '@rollcall/sigma/files';

export interface LintFlags {
  pipeline: string[];
  without?: string;
  json?: boolean;
  strict?: boolean;
}

/** Every problem of every rule. Ends with 1 when one is an error (or, `strict`, a warning). */
export async function sigmaLint(path: string, flags: LintFlags): Promise<number> {
  const sources = await rulesAt(path);
  const pipelines = await readPipelines(flags.pipeline);
  const problems = lint(sources, {
    pipelines,
    ...(flags.without ? { without: flags.without.split(',') } : {}),
  });
  for (const problem of problems) write(flags.json ? JSON.stringify(flat(problem)) : formatProblem(problem));
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (!flags.json) write(`${sources.length} files, ${errors} errors, ${problems.length - errors} warnings`);
  return errors > 0 || (flags.strict === true && problems.length > 0) ? 1 : 0;
}

export interface CheckFlags {
  pipeline: string[];
  json?: boolean;
}

interface CheckedRule {
  file: string;
  line: number;
  kind: string;
  id?: string;
  name?: string;
  title: string;
  parsed: boolean;
  /** By target: compiled, or the reason why not. Filters run as part of other rules. */
  targets: Record<'matcher' | 'sql', { compiled: boolean; reason?: string }>;
  problems: ReturnType<typeof flat>[];
}

/** Says for every rule whether it parsed and compiled to each target. Ends with 1 when one did not. */
export async function sigmaCheck(path: string, flags: CheckFlags): Promise<number> {
  const { checkSql } = await import('@rollcall/sigma/duckdb');
  const loaded = await load(path, flags.pipeline);
  const rules = loaded.rules.map((entry): CheckedRule => {
    const { rule, planned, problems } = entry;
    const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    const failed = { compiled: false, reason: errors.join('; ') || 'it has errors' };
    const isFilter = rule.kind === 'filter' && errors.length === 0;
    const sql = planned === undefined ? undefined : checkSql(planned);
    return {
      file: entry.file,
      line: rule.at.line,
      kind: rule.kind,
      ...(rule.id === undefined ? {} : { id: rule.id }),
      ...(rule.name === undefined ? {} : { name: rule.name }),
      title: rule.title,
      parsed: entry.parsed,
      targets: {
        matcher: planned !== undefined || isFilter ? { compiled: true } : failed,
        sql: isFilter
          ? { compiled: true }
          : sql === undefined
            ? failed
            : sql.length === 0
              ? { compiled: true }
              : { compiled: false, reason: sql.map(({ message }) => message).join('; ') },
      },
      problems: problems.map(flat),
    };
  });
  const known = new Set(loaded.rules.flatMap(({ problems }) => problems));
  const fileProblems = loaded.problems.filter((problem) => !known.has(problem));
  const bad = rules.filter(({ targets }) => !targets.matcher.compiled || !targets.sql.compiled);
  const summary = {
    rules: rules.length,
    parsed: rules.filter(({ parsed }) => parsed).length,
    matcher: rules.filter(({ targets }) => targets.matcher.compiled).length,
    sql: rules.filter(({ targets }) => targets.sql.compiled).length,
    file_problems: fileProblems.length,
  };
  if (flags.json) write(JSON.stringify({ summary, rules, problems: fileProblems.map(flat) }, null, 1));
  else {
    for (const problem of fileProblems) write(formatProblem(problem));
    for (const { file, line, title, targets } of bad) {
      const reason = targets.matcher.reason ?? targets.sql.reason ?? '';
      const which = targets.matcher.compiled ? 'sql' : targets.sql.compiled ? 'matcher' : 'both targets';
      write(`${file}:${line}: ${title}: not on ${which}: ${reason}`);
    }
    write(
      `${summary.rules} rules: ${summary.parsed} parsed, ${summary.matcher} compiled to the matcher, ${summary.sql} to SQL`,
    );
  }
  return bad.length > 0 || fileProblems.some(({ severity }) => severity === 'error') ? 1 : 0;
}

export interface MatchFlags {
  target: 'matcher' | 'sql';
  pipeline: string[];
  json?: boolean;
  route?: boolean;
  source?: string;
  timeField: string[];
  onset?: boolean;
  lateness?: string;
  skipTimeless?: boolean;
}

/** Prints a line for each match and each correlation fired. Ends with 2 when a line or rule could not be read. */
export async function sigmaMatch(rules: string, events: string, flags: MatchFlags): Promise<number> {
  const loaded = await load(rules, flags.pipeline);
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) complain(formatProblem(problem));
  const source = sourceOf(flags);
  const options = {
    ...(source === undefined ? {} : { source }),
    ...(flags.timeField.length > 0 ? { timeFields: flags.timeField } : {}),
    ...(flags.onset ? { report: 'onset' as const } : {}),
    ...(flags.lateness === undefined ? {} : { lateness: Number(flags.lateness) }),
    ...(flags.skipTimeless ? { timeless: 'skip' as const } : {}),
  };
  let bad = 0;
  const print = new Printer(flags.json ?? false);
  if (flags.target === 'sql') {
    const { matchFile } = await import('@rollcall/sigma/duckdb');
    const { hits, problems, timeless } = await matchFile(loaded.set, events, {
      ...options,
      onMatch: (hit) => print.hit(hit),
    });
    for (const { line, message } of problems) {
      bad++;
      complain(`${events}:${line}: ${message}`);
    }
    for (const hit of hits) print.hit(hit);
    tellTimeless(timeless, flags);
  } else {
    const run = new Run(loaded.set, options);
    for await (const batch of readBatches(events)) {
      for (const record of batch) {
        if ('problem' in record) {
          bad++;
          complain(`${events}:${record.line}: ${record.problem}`);
        } else for (const hit of run.push(windowsEvent(record.event), record.line)) print.hit(hit);
      }
    }
    const { hits, summary } = run.end();
    for (const hit of hits) print.hit(hit);
    tellTimeless(summary.timeless, flags);
  }
  await print.end();
  return bad > 0 || errors.length > 0 ? 2 : 0;
}

function tellTimeless(records: number, flags: MatchFlags): void {
  if (records === 0) return;
  const what = flags.skipTimeless ? 'left out of correlations' : 'taken to follow the record before';
  complain(`${records} records have no time: ${what}`);
}

export interface ExplainFlags {
  rule: string;
  line: string;
  pipeline: string[];
  json?: boolean;
}

/** Says why a rule matched a record, or did not. */
export async function sigmaExplain(rules: string, events: string, flags: ExplainFlags): Promise<number> {
  const loaded = await load(rules, flags.pipeline);
  const planned = loaded.set.rules.find(({ rule }) => [rule.id, rule.name, rule.title].includes(flags.rule));
  if (planned === undefined)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `no rule that can run has the id, name or title "${flags.rule}"`,
    );
  for await (const record of readRecords(events)) {
    if (record.line !== Number(flags.line)) continue;
    if ('problem' in record)
      throw new RollcallError('ARGUMENT_INVALID', `${events}:${record.line}: ${record.problem}`);
    const explanation = explain(planned, windowsEvent(record.event));
    write(flags.json ? JSON.stringify(explanation, null, 1) : formatExplanation(explanation));
    return explanation.matched ? 0 : 1;
  }
  throw new RollcallError('ARGUMENT_INVALID', `${events} has no record at line ${flags.line}`);
}

export interface TestFlags {
  pipeline: string[];
  json?: boolean;
}

/** Runs the cases beside rules through the matcher and SQL. Ends with 1 when one fails. */
export async function sigmaTest(path: string, flags: TestFlags): Promise<number> {
  const { sqlTarget } = await import('@rollcall/sigma/duckdb');
  const sources = await rulesAt(path, { tests: true });
  const results = await runRuleTests(sources, {
    targets: [matcherTarget, sqlTarget],
    pipelines: await readPipelines(flags.pipeline),
  });
  if (flags.json) write(JSON.stringify(results, null, 1));
  else {
    for (const problem of results.problems) write(formatRuleTestProblem(problem));
    for (const file of results.untested) write(`${file}: no tests`);
    write(
      `${results.cases.passed} cases passed, ${results.cases.failed} failed, on ${results.targets.join(' and ')}`,
    );
  }
  return results.passed ? 0 : 1;
}

async function rulesAt(path: string, options: { tests?: boolean } = {}): Promise<RuleSource[]> {
  const sources = await readRuleFiles(path, options).catch((error: unknown) => {
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `cannot read rules at ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  if (sources.length === 0)
    throw new RollcallError('ARGUMENT_INVALID', `there is no .yml or .yaml file below ${path}`);
  return sources;
}

async function load(path: string, pipelineFiles: readonly string[]): Promise<Loaded> {
  const sources = await rulesAt(path);
  return loadRules(sources, { pipelines: await readPipelines(pipelineFiles) });
}

async function readPipelines(files: readonly string[]): Promise<Pipeline[]> {
  const problems = new Problems();
  const out: Pipeline[] = [];
  for (const file of files) {
    const pipeline = parsePipeline(file, await readFile(file, 'utf8'), problems);
    if (pipeline !== undefined) out.push(pipeline);
  }
  for (const problem of problems.list) complain(formatProblem(problem));
  if (problems.failed) throw new RollcallError('ARGUMENT_INVALID', 'a pipeline has errors: nothing was run');
  return out;
}

/** Where records come from: said once for all (`--source`), or by their own fields (`--route`). */
function sourceOf(flags: MatchFlags): ((event: Event) => EventSource | undefined) | undefined {
  const said: Record<string, string> = {};
  for (const part of (flags.source ?? '').split(',').filter(Boolean)) {
    const [key, value] = part.split('=');
    if (!['product', 'category', 'service'].includes(key ?? '') || !value) {
      throw new RollcallError(
        'ARGUMENT_INVALID',
        `--source takes product=…,category=…,service=…, not "${part}"`,
      );
    }
    said[key as string] = value.toLowerCase();
  }
  if (!flags.route) return flags.source === undefined ? undefined : () => said;
  return (event) => {
    const out: Record<string, string> = { ...said };
    for (const key of ['product', 'category', 'service']) {
      const value = Object.hasOwn(event, key) ? event[key] : undefined;
      if (typeof value === 'string' && value !== '') out[key] = value.toLowerCase();
    }
    return out;
  };
}

function flat({ code, severity, message, at }: Problem) {
  return { code, severity, message, file: at.file, line: at.line, column: at.column };
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes hits in large pieces: a line at a time would cost more than finding them. */
class Printer {
  readonly #written = new Map<PlannedRule, readonly [string, string]>();
  #buffer: string[] = [];
  #size = 0;

  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  hit(hit: Hit): void {
    const text =
      hit.kind === 'match' ? this.#match(hit) : this.#json ? JSON.stringify(toJson(hit)) : toText(hit);
    this.#buffer.push(text);
    this.#size += text.length;
    if (this.#size > 1 << 16) this.#flush();
  }

  /** Matches of one rule differ in the line only. */
  #match(hit: Hit & { kind: 'match' }): string {
    let parts = this.#written.get(hit.rule);
    if (parts === undefined) {
      const one = { ...hit, line: 0 };
      // The line is written last in JSON, first in text.
      parts = this.#json ? [JSON.stringify(toJson(one)).slice(0, -2), '}'] : ['', toText(one).slice(1)];
      this.#written.set(hit.rule, parts);
    }
    return `${parts[0]}${hit.line}${parts[1]}`;
  }

  async end(): Promise<void> {
    this.#flush();
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  }

  #flush(): void {
    if (this.#buffer.length === 0) return;
    process.stdout.write(`${this.#buffer.join('\n')}\n`);
    this.#buffer = [];
    this.#size = 0;
  }
}

function toJson(hit: Hit) {
  const { rule } = hit.rule;
  const head = {
    kind: hit.kind,
    rule: ruleKey(rule),
    title: rule.title,
    ...(rule.level === undefined ? {} : { level: rule.level }),
    ...(rule.author === undefined ? {} : { author: rule.author }),
    ...(rule.license === undefined ? {} : { license: rule.license }),
    line: hit.line,
  };
  if (hit.kind === 'match') return head;
  return {
    ...head,
    type: isCorrelation(hit.rule) ? hit.rule.rule.type : undefined,
    group: Object.fromEntries(hit.group.map(({ field, value }) => [field, value])),
    time: new Date(hit.time).toISOString(),
    value: hit.value,
    ...(hit.lines === undefined ? {} : { lines: hit.lines }),
  };
}

function toText(hit: Hit): string {
  const { rule } = hit.rule;
  const level = rule.level === undefined ? '' : ` [${rule.level}]`;
  if (hit.kind === 'match') return `${hit.line}: ${rule.title}${level}`;
  const group = hit.group.map(({ field, value }) => `${field}=${value}`).join(' ');
  return `${hit.line}: ${rule.title}${level} ${group} (${hit.rule.rule.type} ${hit.value}${hit.lines === undefined ? '' : `, lines ${hit.lines.join(' ')}`})`;
}
