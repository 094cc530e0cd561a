/** Transformations of what a rule detects as a whole: items dropped, conditions added. */
import { RE2JS } from 're2js';
import { matchingNames } from '../parse/detection.js';
import { formatPattern } from '../pattern.js';
import type { Condition, Detection, DetectionItem, DetectionRule, LogSource } from '../rule.js';
import { itemFits } from './conditions.js';
import { mapItems, mapRuleItems, type RuleWithDetections } from './items.js';
import type { AddCondition, PipelineItem } from './model.js';
import type { Run } from './run.js';
import { kindOfItem } from './text.js';

/**
 * Leaves items out. A search identifier of which nothing is left is taken out of the conditions as well; a
 * rule of which no condition is left is an error.
 */
export function dropItems<R extends RuleWithDetections>(run: Run, item: PipelineItem, rule: R): R {
  const { rule: dropped, emptied } = mapRuleItems(rule, (detectionItem) =>
    itemFits(run, item, detectionItem) ? undefined : detectionItem,
  );
  if (emptied.size === 0) return dropped;
  const left = [...dropped.detections.keys()];
  const conditions = dropped.conditions.flatMap((condition) => {
    const pruned = prune(condition, left, emptied);
    return pruned === undefined ? [] : [pruned];
  });
  if (conditions.length === 0) {
    run.error('pipeline', rule.at, 'a pipeline drops all that the condition of the rule asks for');
    return rule;
  }
  return { ...dropped, conditions };
}

function prune(
  condition: Condition,
  left: readonly string[],
  emptied: ReadonlySet<string>,
): Condition | undefined {
  switch (condition.kind) {
    case 'name':
      return emptied.has(condition.name) ? undefined : condition;
    case 'of':
      return matchingNames(left, condition.pattern).length === 0 ? undefined : condition;
    case 'not': {
      const arg = prune(condition.arg, left, emptied);
      return arg && { kind: 'not', arg };
    }
    default: {
      const args = condition.args.flatMap((arg) => prune(arg, left, emptied) ?? []);
      return args.length <= 1 ? args[0] : { ...condition, args };
    }
  }
}

/** Every condition of the rule holds only where the added one does too (`negated`: does not). */
export function addCondition(
  run: Run,
  item: PipelineItem,
  transformation: AddCondition,
  rule: DetectionRule,
): DetectionRule {
  const { negated, template } = transformation;
  const detection = mapItems(transformation.detection, (detectionItem) =>
    template ? fillTemplate(run, item, detectionItem, rule.logsource) : { ...detectionItem },
  ) as Detection;
  const name = freeName(rule, transformation.name);
  run.markItem(undefined, detection, item.id);
  const named: Condition = { kind: 'name', name, at: item.at };
  const added: Condition = negated ? { kind: 'not', arg: named } : named;
  const names = [...rule.detections.keys()];
  return {
    ...rule,
    detections: new Map([...rule.detections, [name, detection]]),
    conditions: rule.conditions.map((condition) => ({
      kind: 'and',
      args: [added, withoutReaching(condition, name, names)],
    })),
  };
}

/** A name the rule does not have. */
function freeName(rule: DetectionRule, wanted = '_cond'): string {
  let name = wanted;
  for (let n = 2; rule.detections.has(name); n++) name = `${wanted}_${n}`;
  return name;
}

/** The condition with every `1 of` and `all of` that would reach the added name spelled out. */
function withoutReaching(condition: Condition, added: string, names: readonly string[]): Condition {
  switch (condition.kind) {
    case 'name':
      return condition;
    case 'of': {
      if (matchingNames([added], condition.pattern).length === 0) return condition;
      const args = matchingNames(names, condition.pattern).map(
        (name): Condition => ({ kind: 'name', name, at: condition.at }),
      );
      return { kind: condition.quantifier === 'all' ? 'and' : 'or', args };
    }
    case 'not':
      return { kind: 'not', arg: withoutReaching(condition.arg, added, names) };
    default:
      return { ...condition, args: condition.args.map((arg) => withoutReaching(arg, added, names)) };
  }
}

const reference = /\$(?:(\$)|(category|product|service)\b|\{(category|product|service)\})/g;

function fillTemplate(
  run: Run,
  item: PipelineItem,
  detectionItem: DetectionItem,
  source: LogSource,
): DetectionItem {
  const quote = kindOfItem(detectionItem) === 'regex' ? RE2JS.quote : (text: string) => formatPattern([text]);
  const values = detectionItem.values.map((value) => {
    if (typeof value.value !== 'string') return value;
    const text = value.value.replace(reference, (match, dollar?: string, bare?: string, braced?: string) => {
      if (dollar !== undefined) return '$';
      const part = (bare ?? braced) as 'category' | 'product' | 'service';
      const known = source[part];
      if (known !== undefined) return quote(known);
      run.error(
        'pipeline',
        item.at,
        `the log source of the rule has no ${part}, which "${match}" stands for`,
      );
      return '';
    });
    return { ...value, value: text };
  });
  return { ...detectionItem, values };
}
