/**
 * From rule files to a {@link RuleSet}: parse, run pipelines, apply filters, plan, resolve what correlations
 * refer to. Every rule is accounted for: it is in the set, or a problem says why not.
 */
import { type Problem, Problems } from './errors.js';
import { matchingNames } from './parse/detection.js';
import { parseRules } from './parse/index.js';
import { applyPipelinesToAll } from './pipeline/index.js';
import type { Pipeline } from './pipeline/model.js';
import type { PlannedCorrelation, PlannedRule, RuleSet } from './plan.js';
import { planRule } from './planner.js';
import {
  type Condition,
  type CorrelationRule,
  type Detection,
  type DetectionRule,
  type FilterRule,
  ruleKey,
  type SigmaRule,
} from './rule.js';

export interface RuleSource {
  /** Name used in messages. */
  readonly file: string;
  readonly text: string;
}

export interface LoadOptions {
  readonly pipelines?: readonly Pipeline[];
}

/** One document of one file and what became of it. */
export interface LoadedRule {
  readonly file: string;
  readonly rule: SigmaRule;
  /** Read without an error. */
  readonly parsed: boolean;
  /** What runs: absent for filters and for rules with errors. */
  readonly planned?: PlannedRule | PlannedCorrelation;
  readonly problems: readonly Problem[];
}

export interface Loaded {
  readonly set: RuleSet;
  /** In file order. */
  readonly rules: readonly LoadedRule[];
  /** Every problem, of files and of rules. */
  readonly problems: readonly Problem[];
}

function runPipelines(drafts: readonly Draft[], pipelines: readonly Pipeline[]): void {
  if (pipelines.length === 0) return;
  const good = drafts.filter(({ parsed, problems }) => parsed && !problems.failed);
  const results = applyPipelinesToAll(
    good.map(({ rule }) => rule),
    pipelines,
  );
  results.forEach(({ rule, problems }, i) => {
    const draft = good[i] as Draft;
    draft.rule = rule;
    draft.problems.list.push(...problems);
  });
}

interface Draft {
  readonly file: string;
  rule: SigmaRule;
  readonly parsed: boolean;
  planned?: PlannedRule | PlannedCorrelation;
  readonly problems: Problems;
}

/** Loads rules. Never throws for what is in them. */
export function loadRules(sources: readonly RuleSource[], options: LoadOptions = {}): Loaded {
  const fileProblems: Problem[] = [];
  const drafts: Draft[] = [];
  for (const { file, text } of sources) {
    const parsed = parseRules(file, text);
    fileProblems.push(...parsed.problems);
    for (const { rule, ok, problems } of parsed.rules) {
      const draft: Draft = { file, rule, parsed: ok, problems: new Problems() };
      draft.problems.list.push(...problems);
      drafts.push(draft);
    }
  }
  const named = new References(drafts);
  // Filters first: they name the log source as rules are written, which pipelines may change.
  applyFilters(drafts, named);
  runPipelines(drafts, options.pipelines ?? []);
  const rules: PlannedRule[] = [];
  for (const draft of drafts) {
    if (!draft.parsed || draft.problems.failed || draft.rule.kind !== 'detection') continue;
    const planned = planRule(draft.rule, draft.problems);
    if (planned === undefined) continue;
    draft.planned = planned;
    rules.push(planned);
  }
  const correlations = resolveCorrelations(drafts, named);
  reportDoubles(drafts);
  return {
    set: { rules, correlations, silent: silentInputs(correlations) },
    rules: drafts.map((draft) => ({
      file: draft.file,
      rule: draft.rule,
      parsed: draft.parsed,
      ...(draft.planned === undefined ? {} : { planned: draft.planned }),
      problems: draft.problems.list,
    })),
    problems: [...fileProblems, ...drafts.flatMap(({ problems }) => problems.list)],
  };
}

/** Finds rules by id or name; the referring file's own come first. */
class References {
  readonly #byRef = new Map<string, Draft[]>();

  constructor(drafts: readonly Draft[]) {
    for (const draft of drafts) {
      if (draft.rule.kind === 'filter') continue;
      for (const ref of new Set([draft.rule.id, draft.rule.name])) {
        if (ref === undefined) continue;
        const list = this.#byRef.get(ref);
        if (list === undefined) this.#byRef.set(ref, [draft]);
        else list.push(draft);
      }
    }
  }

  find(ref: string, from: Draft): Draft | 'unknown' | 'ambiguous' {
    const all = (this.#byRef.get(ref) ?? []).filter((draft) => draft !== from);
    const near = all.filter((draft) => draft.file === from.file);
    const found = near.length > 0 ? near : all;
    if (found.length > 1) return 'ambiguous';
    return found[0] ?? 'unknown';
  }

  all(ref: string): readonly Draft[] {
    return this.#byRef.get(ref) ?? [];
  }
}

function applyFilters(drafts: readonly Draft[], named: References): void {
  let number = 0;
  for (const draft of drafts) {
    const filter = draft.rule;
    if (filter.kind !== 'filter' || !draft.parsed || draft.problems.failed) continue;
    number++;
    const targets = new Set<Draft>();
    if (filter.rules === 'any') for (const target of drafts) targets.add(target);
    else {
      for (const { ref, at } of filter.rules) {
        const found = named.all(ref);
        if (found.length === 0) draft.problems.warning('reference', at, `no rule is called "${ref}"`);
        for (const target of found) targets.add(target);
      }
    }
    for (const target of targets) {
      if (target.rule.kind !== 'detection' || !target.parsed) continue;
      if (reads(filter, target.rule)) target.rule = narrow(target.rule, filter, number);
      else if (filter.rules !== 'any') {
        draft.problems.warning(
          'reference',
          filter.at,
          `"${ruleKey(target.rule)}" reads another log source: the filter does not apply to it`,
        );
      }
    }
  }
}

/** Whatever the filter says of the log source, the rule says too. */
function reads(filter: FilterRule, rule: DetectionRule): boolean {
  return (['category', 'product', 'service'] as const).every(
    (key) => filter.logsource[key] === undefined || filter.logsource[key] === rule.logsource[key],
  );
}

/** The rule holds where it held and the filter's condition holds too. */
function narrow(rule: DetectionRule, filter: FilterRule, number: number): DetectionRule {
  // The underscore keeps the filter's names out of `x of them`.
  const prefix = `_filter_${number}_`;
  const detections = new Map<string, Detection>(rule.detections);
  for (const [name, detection] of filter.detections) detections.set(prefix + name, detection);
  const added = filter.conditions.map((condition) => rename(condition, prefix));
  const only: Condition = added.length === 1 ? (added[0] as Condition) : { kind: 'or', args: added };
  return {
    ...rule,
    detections,
    conditions: rule.conditions.map((condition) => ({ kind: 'and', args: [condition, only] })),
  };
}

function rename(condition: Condition, prefix: string): Condition {
  switch (condition.kind) {
    case 'name':
      return { ...condition, name: prefix + condition.name };
    case 'of':
      return {
        ...condition,
        pattern: prefix + (condition.pattern.toLowerCase() === 'them' ? '*' : condition.pattern),
      };
    case 'not':
      return { kind: 'not', arg: rename(condition.arg, prefix) };
    default:
      return { ...condition, args: condition.args.map((arg) => rename(arg, prefix)) };
  }
}

function resolveCorrelations(drafts: readonly Draft[], named: References): PlannedCorrelation[] {
  const done: PlannedCorrelation[] = [];
  const state = new Map<Draft, 'open' | 'closed'>();
  const resolve = (draft: Draft, depth: number): void => {
    if (draft.rule.kind !== 'correlation' || state.has(draft)) return;
    state.set(draft, 'open');
    const { rule, problems } = draft;
    if (draft.parsed && !problems.failed) {
      const inputs: (PlannedRule | PlannedCorrelation)[] = [];
      for (const { ref, at } of rule.rules) {
        const found = named.find(ref, draft);
        if (found === 'unknown') problems.error('reference', at, `no rule is called "${ref}"`);
        else if (found === 'ambiguous') problems.error('reference', at, `several rules are called "${ref}"`);
        else if (depth > maxChain)
          problems.error('limit', at, `a chain of more than ${maxChain} correlations`);
        else {
          resolve(found, depth + 1);
          if (state.get(found) === 'open')
            problems.error('reference', at, `"${ref}" refers back to this rule`);
          else if (found.planned === undefined)
            problems.error('reference', at, `the rule "${ref}" has errors`);
          else inputs.push(found.planned);
        }
      }
      checkExpression(rule, problems);
      checkAliases(rule, problems);
      if (!problems.failed) {
        draft.planned = { rule, key: ruleKey(rule), inputs, groupFields: groupFields(rule, inputs) };
        done.push(draft.planned as PlannedCorrelation);
      }
    }
    state.set(draft, 'closed');
  };
  for (const draft of drafts) resolve(draft, 0);
  return done;
}

const maxChain = 16;

/** Which field each group-by entry is read from, for each input. */
function groupFields(
  rule: CorrelationRule,
  inputs: readonly (PlannedRule | PlannedCorrelation)[],
): (readonly string[])[] {
  return inputs.map((input, i) => {
    const names = [rule.rules[i]?.ref, input.rule.id, input.rule.name];
    return rule.groupBy.map((field) => {
      const alias = rule.aliases.get(field);
      for (const name of names) {
        const mapped = name === undefined ? undefined : alias?.get(name);
        if (mapped !== undefined) return mapped;
      }
      return field;
    });
  });
}

function checkAliases(rule: CorrelationRule, problems: Problems): void {
  const refs = new Set(rule.rules.map(({ ref }) => ref));
  for (const [alias, fields] of rule.aliases) {
    for (const ref of fields.keys()) {
      if (!refs.has(ref)) {
        problems.error(
          'reference',
          rule.at,
          `the alias "${alias}" names "${ref}", which is not among the rules`,
        );
      }
    }
  }
}

function checkExpression(rule: CorrelationRule, problems: Problems): void {
  const refs = new Set(rule.rules.map(({ ref }) => ref));
  const visit = (condition: Condition): void => {
    if (condition.kind === 'name') {
      if (!refs.has(condition.name)) {
        problems.error(
          'reference',
          condition.at,
          `"${condition.name}" is not among the rules of the correlation`,
        );
      }
    } else if (condition.kind === 'of') {
      if (matchingNames(refs, condition.pattern).length === 0) {
        problems.error('reference', condition.at, `no rule of the correlation fits "${condition.pattern}"`);
      }
    } else if (condition.kind === 'not') visit(condition.arg);
    else for (const arg of condition.args) visit(arg);
  };
  if (rule.expression !== undefined) visit(rule.expression);
}

function silentInputs(correlations: readonly PlannedCorrelation[]): Set<PlannedRule | PlannedCorrelation> {
  const silent = new Set<PlannedRule | PlannedCorrelation>();
  const loud = new Set<PlannedRule | PlannedCorrelation>();
  for (const { rule, inputs } of correlations)
    for (const input of inputs) (rule.generate ? loud : silent).add(input);
  for (const item of loud) silent.delete(item);
  return silent;
}

function reportDoubles(drafts: readonly Draft[]): void {
  const seen = new Map<string, Draft>();
  for (const draft of drafts) {
    const { id } = draft.rule;
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, draft);
    else {
      const { at } = first.rule;
      draft.problems.warning('duplicate', draft.rule.at, `the id ${id} is also at ${at.file}:${at.line}`);
    }
  }
}
