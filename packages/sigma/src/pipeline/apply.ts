/** Pipelines applied to rules. */
import type { Problem, Problems } from '../errors.js';
import type { LogSource, SigmaRule } from '../rule.js';
import { itemFits, ruleFits } from './conditions.js';
import { addCondition, dropItems } from './detections.js';
import { transformFieldNames } from './fields.js';
import { ruleItems } from './items.js';
import { Refusal } from './limits.js';
import type { Pipeline, PipelineItem, Transformation } from './model.js';
import { fillPlaceholders } from './placeholders.js';
import { Run } from './run.js';
import { transformValues } from './values.js';

export interface PipelineContext {
  /** What `set_state` sets, for this rule alone. Given one, a caller sees what was set. */
  readonly state?: Map<string, unknown>;
  /**
   * For a correlation: the rules it refers to, correlations among them by what those refer to, before any
   * pipeline. Its `logsource` conditions are about them; without them these conditions do not hold.
   */
  readonly referenced?: readonly SigmaRule[];
}

/**
 * The rule as the pipelines, in the order of their priorities, make it; the same object when they change
 * nothing. Problems go to `problems`; a rule that got an error must not be run, and is returned as it was
 * before the item that failed.
 */
export function applyPipelines(
  rule: SigmaRule,
  pipelines: readonly Pipeline[],
  problems: Problems,
  context: PipelineContext = {},
): SigmaRule {
  const prepared = prepare(pipelines);
  const sources = (context.referenced ?? []).map((referenced) => applyPrepared(referenced, prepared).sources);
  const result = applyPrepared(rule, prepared, sources, context.state);
  problems.list.push(...result.problems);
  return result.rule;
}

export interface PipelineResult {
  /** To be run only when there is no error among the problems. */
  readonly rule: SigmaRule;
  readonly problems: readonly Problem[];
}

/**
 * Applies pipelines to a whole set of rules, in which correlations find what they refer to. Results are in
 * the order of the rules.
 */
export function applyPipelinesToAll(
  rules: readonly SigmaRule[],
  pipelines: readonly Pipeline[],
): readonly PipelineResult[] {
  const prepared = prepare(pipelines);
  const byRef = new Map<string, SigmaRule[]>();
  for (const rule of rules) {
    for (const ref of new Set([rule.id, rule.name])) {
      if (ref === undefined) continue;
      const others = byRef.get(ref);
      if (others === undefined) byRef.set(ref, [rule]);
      else others.push(rule);
    }
  }
  const results = new Map<SigmaRule, Applied>();
  for (const rule of rules) if (rule.kind !== 'correlation') results.set(rule, applyPrepared(rule, prepared));
  /** Log sources of everything a correlation rests on, however far down. */
  const below = (rule: SigmaRule): Sources[] => {
    const seen = new Set<SigmaRule>([rule]);
    const out: Sources[] = [];
    for (const next of seen) {
      if (next.kind === 'correlation') {
        for (const { ref } of next.rules) for (const found of byRef.get(ref) ?? []) seen.add(found);
      } else out.push((results.get(next) as Applied).sources);
    }
    return out;
  };
  for (const rule of rules) {
    if (rule.kind === 'correlation') results.set(rule, applyPrepared(rule, prepared, below(rule)));
  }
  return rules.map((rule) => {
    const { rule: result, problems } = results.get(rule) as Applied;
    return { rule: result, problems };
  });
}

/** Items with their number in the order they are met, nested ones after the one that holds them. */
interface Step {
  readonly item: PipelineItem;
  readonly number: number;
  readonly inner: readonly Step[];
}

interface Prepared {
  readonly steps: readonly Step[];
  readonly variable: (name: string) => readonly string[] | undefined;
}

/** Variables of later pipelines replace those of earlier ones. */
function prepare(pipelines: readonly Pipeline[]): Prepared {
  // Sorting is stable: equal priorities keep their order.
  const sorted = [...pipelines].sort((a, b) => a.priority - b.priority);
  let number = 0;
  const stepsOf = (items: readonly PipelineItem[]): readonly Step[] =>
    items.map((item) => ({
      item,
      number: number++,
      inner: item.transformation.type === 'nest' ? stepsOf(item.transformation.items) : [],
    }));
  return {
    steps: sorted.flatMap(({ items }) => stepsOf(items)),
    variable: (name) => sorted.findLast(({ vars }) => vars.has(name))?.vars.get(name),
  };
}

/** The log source of a rule from each step on; a correlation has none. */
type Sources = readonly { readonly from: number; readonly source: LogSource }[];

/**
 * The log source as it was when a step began, so that a condition on it holds of a correlation exactly where
 * it held of a rule it refers to.
 */
function sourceBefore(sources: Sources, number: number): readonly LogSource[] {
  const found = sources.findLast(({ from }) => from <= number);
  return found === undefined ? [] : [found.source];
}

interface Applied {
  readonly rule: SigmaRule;
  readonly problems: readonly Problem[];
  readonly sources: Sources;
}

function applyPrepared(
  rule: SigmaRule,
  { steps, variable }: Prepared,
  referenced: readonly Sources[] = [],
  state: Map<string, unknown> = new Map(),
): Applied {
  let number = 0;
  const run = new Run(variable, state, () => referenced.flatMap((sources) => sourceBefore(sources, number)));
  const sources: { from: number; source: LogSource }[] = [];
  if (rule.kind !== 'correlation') sources.push({ from: 0, source: rule.logsource });
  let current = rule;

  /** Whether the rule can go on. */
  const walk = (list: readonly Step[]): boolean => {
    for (const step of list) {
      number = step.number;
      const before = current;
      try {
        const fits = ruleFits(run, step.item, current);
        if (run.found.failed) return false;
        if (!fits) continue;
        if (step.item.id !== undefined) run.applied.add(step.item.id);
        if (step.item.transformation.type === 'nest') {
          if (!walk(step.inner)) return false;
          continue;
        }
        current = transform(run, step.item, step.item.transformation, current);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        run.error(
          error.code,
          error.at ?? rule.at,
          `${error.message} (pipeline item at ${placeOf(step.item)})`,
        );
      }
      if (run.found.failed) {
        current = before;
        return false;
      }
      if (
        current.kind !== 'correlation' &&
        before.kind !== 'correlation' &&
        current.logsource !== before.logsource
      ) {
        sources.push({ from: step.number + 1, source: current.logsource });
      }
    }
    return true;
  };
  walk(steps);
  return { rule: current, problems: run.found.list, sources };
}

function placeOf({ at }: PipelineItem): string {
  return `${at.file}:${at.line}`;
}

function transform(run: Run, item: PipelineItem, transformation: Transformation, rule: SigmaRule): SigmaRule {
  switch (transformation.type) {
    case 'field_name_mapping':
    case 'field_name_prefix_mapping':
    case 'field_name_prefix':
    case 'field_name_suffix':
    case 'field_name_transform':
      return transformFieldNames(run, item, transformation, rule);
    case 'add_field':
      return { ...rule, fields: [...rule.fields, ...transformation.fields] };
    case 'remove_field':
      return { ...rule, fields: rule.fields.filter((field) => !transformation.fields.includes(field)) };
    case 'set_field':
      return { ...rule, fields: transformation.fields };
    case 'set_state':
      run.state.set(transformation.key, transformation.value);
      return rule;
    case 'set_custom_attribute':
      return { ...rule, custom: new Map([...rule.custom, [transformation.attribute, transformation.value]]) };
    case 'rule_failure':
      run.error('pipeline', rule.at, transformation.message);
      return rule;
    case 'add_condition':
      // A filter only narrows rules, which get the condition themselves.
      return rule.kind === 'detection' ? addCondition(run, item, transformation, rule) : rule;
  }
  if (rule.kind === 'correlation') return rule;
  switch (transformation.type) {
    case 'change_logsource': {
      const { category, product, service } = transformation;
      const logsource: LogSource = {
        ...(category === undefined ? {} : { category }),
        ...(product === undefined ? {} : { product }),
        ...(service === undefined ? {} : { service }),
        custom: new Map(),
      };
      return { ...rule, logsource };
    }
    case 'drop_detection_item':
      return dropItems(run, item, rule);
    case 'detection_item_failure':
      for (const detectionItem of ruleItems(rule)) {
        if (itemFits(run, item, detectionItem))
          run.error('pipeline', detectionItem.at, transformation.message);
      }
      return rule;
    case 'strict_field_mapping_failure':
      for (const { field, at } of ruleItems(rule)) {
        if (field !== null && !run.mapped.has(field)) {
          run.error('pipeline', at, `the field "${field}" is mapped by no pipeline`);
        }
      }
      return rule;
    case 'wildcard_placeholders':
    case 'value_placeholders':
    case 'query_expression_placeholders':
      return fillPlaceholders(run, item, transformation, rule);
    case 'nest':
      return rule;
    default:
      return transformValues(run, item, transformation, rule);
  }
}
