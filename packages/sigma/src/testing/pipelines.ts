/** For tests of pipelines: rules and pipelines from short YAML, and rules shown as short text. */
import { formatProblem, type Problem, Problems } from '../errors.js';
import { parseRules } from '../parse/index.js';
import { applyPipelines, type Pipeline, type PipelineContext, parsePipeline } from '../pipeline/index.js';
import type { Condition, CorrelationRule, Detection, DetectionRule, SigmaRule } from '../rule.js';

export function readRule(text: string): SigmaRule {
  const { rules, problems } = parseRules('rule.yml', text);
  const errors = [...problems, ...rules.flatMap((rule) => rule.problems)].filter(
    ({ severity }) => severity === 'error',
  );
  const [first] = rules;
  if (errors.length > 0 || first === undefined) throw new Error(errors.map(formatProblem).join('\n'));
  return freeze(first.rule);
}

const head = `title: Test rule
id: 00000000-0000-4000-8000-000000000001
status: test
level: medium
date: 2024-05-06
tags: [attack.t1059, attack.execution]
fields: [Image, CommandLine]
weight: 7
`;

/** A detection rule of Windows process creation with the given detection section. */
export function ruleOf(
  detection: string,
  logsource = '{category: process_creation, product: windows}',
): DetectionRule {
  const rule = readRule(`${head}logsource: ${logsource}\ndetection:\n${indent(detection, 2)}\n`);
  if (rule.kind !== 'detection') throw new Error('no detection rule');
  return rule;
}

/** A rule with one item: `Image|endswith: x`. */
export function itemRule(item: string): DetectionRule {
  return ruleOf(`sel:\n${indent(item, 2)}\ncondition: sel`);
}

export function correlationOf(correlation: string, top = ''): CorrelationRule {
  const rule = readRule(`title: Test correlation\n${top}\ncorrelation:\n${indent(correlation, 2)}\n`);
  if (rule.kind !== 'correlation') throw new Error('no correlation');
  return rule;
}

/** A pipeline of these items; `top` are further lines before them. */
export function pipelineOf(items: string, top = ''): Pipeline {
  const { pipeline, problems } = readPipeline(`${top}\ntransformations:\n${indent(items, 2)}\n`);
  if (pipeline === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return pipeline;
}

export function readPipeline(text: string): { pipeline: Pipeline | undefined; problems: readonly Problem[] } {
  const problems = new Problems();
  const pipeline = parsePipeline('pipeline.yml', text, problems);
  return { pipeline, problems: problems.list };
}

/** Problems of a pipeline file as `line:column: message`. */
export function complaints(text: string): string[] {
  const { pipeline, problems } = readPipeline(text);
  const failed = problems.some(({ severity }) => severity === 'error');
  if (failed !== (pipeline === undefined)) throw new Error('a pipeline with errors must not be returned');
  return problems.map(({ at, message }) => `${at.line}:${at.column}: ${message}`);
}

/** The rule after the pipelines, which must raise no error. */
export function apply<R extends SigmaRule>(rule: R, ...pipelines: readonly Pipeline[]): R {
  return applyWith(rule, {}, ...pipelines);
}

export function applyWith<R extends SigmaRule>(
  rule: R,
  context: PipelineContext,
  ...pipelines: readonly Pipeline[]
): R {
  const problems = new Problems();
  const result = applyPipelines(rule, pipelines, problems, context);
  if (problems.failed) throw new Error(problems.list.map(formatProblem).join('\n'));
  return result as R;
}

/** The problems the pipelines raise on a rule. */
export function refusals(rule: SigmaRule, ...pipelines: readonly Pipeline[]): readonly Problem[] {
  const problems = new Problems();
  applyPipelines(rule, pipelines, problems);
  return problems.list;
}

/** `Image|endswith=x,y`, groups as `all(.. .. )` and `any(..)`. */
export function show(detection: Detection | undefined): string {
  if (detection === undefined) return 'nothing';
  if (detection.kind !== 'item') return `${detection.kind}(${detection.items.map(show).join(' ')})`;
  const key = [detection.field ?? '', ...detection.modifiers].join('|');
  return `${key}=${detection.values.map(({ value }) => (typeof value === 'string' ? value : `<${value}>`)).join(',')}`;
}

/** The search identifier `sel`. */
export function sel(rule: SigmaRule): string {
  if (rule.kind === 'correlation') throw new Error('no detections');
  return show(rule.detections.get('sel'));
}

export function showCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'name':
      return condition.name;
    case 'of':
      return `${condition.quantifier} of ${condition.pattern}`;
    case 'not':
      return `not ${showCondition(condition.arg)}`;
    default:
      return `(${condition.args.map(showCondition).join(` ${condition.kind} `)})`;
  }
}

export function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

/** Makes changing a rule in place an error. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    const inner = value instanceof Map ? value.values() : Object.values(value);
    for (const child of inner) freeze(child);
  }
  return value;
}
