/** Whether the conditions of a pipeline item hold. */
import { type Scalar, scalarNumber, scalarText } from '../event.js';
import type { DetectionItem, LogSource, RuleHead, SigmaRule, Value } from '../rule.js';
import { ruleItems } from './items.js';
import type {
  FieldCondition,
  FieldListCondition,
  ItemCondition,
  Logic,
  PipelineItem,
  Relation,
  RuleAttributeCondition,
  RuleCondition,
} from './model.js';
import type { Run } from './run.js';
import { isPlaced, kindOfItem, placeText, readText, type Text, textOf, viewText } from './text.js';

export function holds<C>(logic: Logic<C> | undefined, test: (condition: C) => boolean): boolean {
  if (logic === undefined) return true;
  switch (logic.kind) {
    case 'test':
      return test(logic.test);
    case 'not':
      return !holds(logic.arg, test);
    case 'and':
      return logic.args.every((arg) => holds(arg, test));
    default:
      return logic.args.some((arg) => holds(arg, test));
  }
}

export function ruleFits(run: Run, item: PipelineItem, rule: SigmaRule): boolean {
  return holds(item.ruleConditions, (condition) => ruleTest(run, condition, rule));
}

function ruleTest(run: Run, condition: RuleCondition, rule: SigmaRule): boolean {
  switch (condition.type) {
    case 'logsource':
      return rule.kind === 'correlation'
        ? run.referenced().some((source) => sourceFits(condition, source))
        : sourceFits(condition, rule.logsource);
    case 'contains_field':
      if (rule.kind === 'correlation') return false;
      for (const { field } of ruleItems(rule)) if (field === condition.field) return true;
      return false;
    case 'contains_detection_item':
      if (rule.kind === 'correlation') return false;
      for (const item of ruleItems(rule)) {
        if (
          item.field === condition.field &&
          item.values.some((value) => valueIs(item, value, condition.value))
        ) {
          return true;
        }
      }
      return false;
    case 'is_sigma_rule':
      return rule.kind !== 'correlation';
    case 'is_sigma_correlation_rule':
      return rule.kind === 'correlation';
    case 'tag':
      return rule.tags.some((tag) => tag.toLowerCase() === condition.tag);
    case 'rule_attribute':
      return attributeTest(run, condition, rule);
    case 'processing_item_applied':
      return run.applied.has(condition.id);
    case 'processing_state':
      return stateTest(run, condition);
  }
}

/** Every part the condition names is the rule's. */
function sourceFits(
  condition: { readonly category?: string; readonly product?: string; readonly service?: string },
  source: LogSource,
): boolean {
  return (['category', 'product', 'service'] as const).every(
    (part) => condition[part] === undefined || condition[part] === source[part],
  );
}

function stateTest(
  run: Run,
  condition: { readonly key: string; readonly value: Scalar; readonly op: Relation },
): boolean {
  const value = run.state.get(condition.key);
  if (value === undefined) return false;
  if (condition.op === 'eq') return value === condition.value;
  if (condition.op === 'ne') return value !== condition.value;
  if (typeof value === 'number' && typeof condition.value === 'number') {
    return compare(condition.op, value - condition.value);
  }
  if (typeof value === 'string' && typeof condition.value === 'string') {
    return compare(condition.op, value < condition.value ? -1 : value > condition.value ? 1 : 0);
  }
  return false;
}

function compare(op: Relation, order: number): boolean {
  switch (op) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'gte':
      return order >= 0;
    case 'gt':
      return order > 0;
    case 'lte':
      return order <= 0;
    default:
      return order < 0;
  }
}

/** Attributes that have an order, least first. */
export const orders: Readonly<Record<'level' | 'status', readonly string[]>> = {
  level: ['informational', 'low', 'medium', 'high', 'critical'],
  status: ['unsupported', 'deprecated', 'experimental', 'test', 'stable'],
};

const texts = ['title', 'id', 'name', 'description', 'author', 'license', 'taxonomy'] as const;
const lists = ['references', 'tags', 'falsepositives', 'fields'] as const;

/** What kind of value an attribute of the specification holds; others are custom. */
export function attributeKind(name: string): 'text' | 'list' | 'order' | 'date' | 'custom' {
  if ((texts as readonly string[]).includes(name)) return 'text';
  if ((lists as readonly string[]).includes(name)) return 'list';
  if (Object.hasOwn(orders, name)) return 'order';
  return name === 'date' || name === 'modified' ? 'date' : 'custom';
}

function attributeTest(run: Run, condition: RuleAttributeCondition, rule: SigmaRule): boolean {
  const { attribute, op } = condition;
  const kind = attributeKind(attribute);
  const value = kind === 'custom' ? rule.custom.get(attribute) : rule[attribute as keyof RuleHead];
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) {
    if (op === 'in') return value.includes(condition.value);
    return op === 'not_in' ? !value.includes(condition.value) : op === 'ne';
  }
  const wrong = (why: string) => {
    run.error('pipeline', condition.at, `the attribute "${attribute}" of "${rule.title}" ${why}`);
    return false;
  };
  if (op === 'in' || op === 'not_in') return wrong(`is no list: "${op}" cannot be asked of it`);
  if (kind === 'order') {
    const order = orders[attribute as 'level' | 'status'];
    return compare(op, order.indexOf(String(value)) - order.indexOf(String(condition.value)));
  }
  if (kind === 'date') {
    const [left, right] = [String(value), String(condition.value)];
    return compare(op, left < right ? -1 : left > right ? 1 : 0);
  }
  if (typeof value === 'string') {
    if (op === 'eq') return value === scalarText(condition.value);
    if (op === 'ne') return value !== scalarText(condition.value);
    return wrong(`is text: "${op}" cannot be asked of it`);
  }
  if (typeof value === 'boolean' && (op === 'eq' || op === 'ne'))
    return (value === condition.value) === (op === 'eq');
  const number = scalarNumber(condition.value);
  if (typeof value !== 'number') return wrong('is nothing that can be compared');
  if (number === undefined) return wrong(`is a number: "${String(condition.value)}" is none`);
  return compare(op, value - number);
}

/** Whether a transformation of detection items is to change this one. */
export function itemFits(run: Run, item: PipelineItem, detectionItem: DetectionItem): boolean {
  return (
    itemConditionsHold(run, item, detectionItem) &&
    namesOf(run, detectionItem).some((name) => nameFits(run, item, name))
  );
}

export function itemConditionsHold(run: Run, item: PipelineItem, detectionItem: DetectionItem): boolean {
  return holds(item.itemConditions, (condition) => itemTest(run, condition, detectionItem));
}

/** A field name in its place: what it is, and which items brought it there. */
export interface Name {
  readonly field: string | null;
  readonly ids: ReadonlySet<string>;
}

export function ownName(run: Run, item: DetectionItem): Name {
  return { field: item.field, ids: run.nameIds(item) };
}

export function listedName(run: Run, field: string): Name {
  return { field, ids: run.fieldIds(field) };
}

function namesOf(run: Run, item: DetectionItem): readonly Name[] {
  const own = ownName(run, item);
  if (kindOfItem(item) !== 'fieldref') return [own];
  const others = item.values.flatMap(({ value }) =>
    typeof value === 'string' ? [listedName(run, value)] : [],
  );
  return [own, ...others];
}

export function nameFits(run: Run, item: PipelineItem, name: Name): boolean {
  return holds(item.fieldConditions, (condition) => nameTest(run, condition, name));
}

function nameTest(run: Run, condition: FieldCondition, name: Name): boolean {
  switch (condition.type) {
    case 'include_fields':
      return listed(run, condition, name.field);
    case 'exclude_fields':
      return !listed(run, condition, name.field);
    case 'processing_item_applied':
      return name.ids.has(condition.id);
    case 'processing_state':
      return stateTest(run, condition);
  }
}

function listed(run: Run, { names, patterns }: FieldListCondition, field: string | null): boolean {
  if (field === null) return false;
  return names.has(field) || patterns.some((regex) => regex.matchStart(field, run.budget) !== undefined);
}

function itemTest(run: Run, condition: ItemCondition, item: DetectionItem): boolean {
  switch (condition.type) {
    case 'processing_item_applied':
      return run.itemIds(item).has(condition.id);
    case 'processing_state':
      return stateTest(run, condition);
    default: {
      const test = (value: Value) => valueTest(run, condition, item, value);
      return condition.quantifier === 'any' ? item.values.some(test) : item.values.every(test);
    }
  }
}

function valueTest(
  run: Run,
  condition: Exclude<ItemCondition, { readonly type: 'processing_item_applied' | 'processing_state' }>,
  item: DetectionItem,
  value: Value,
): boolean {
  switch (condition.type) {
    case 'is_null':
      return value.value === null;
    case 'match_value':
      return valueIs(item, value, condition.value);
    case 'contains_wildcard':
      return placed(item, value)?.some((part) => typeof part === 'symbol') ?? false;
    default: {
      const text = placed(item, value);
      const matches =
        text !== undefined && condition.pattern.matchStart(viewText(text), run.budget) !== undefined;
      return matches !== condition.negate;
    }
  }
}

/** A value as it is sought: `undefined` for values that are not sought as text. */
function placed(item: DetectionItem, value: Value): Text | undefined {
  if (kindOfItem(item) !== 'text') return undefined;
  const text = textOf(value, item.modifiers);
  return text === undefined ? undefined : placeText(text, item.modifiers);
}

/** Types count: the number 1 is not the text "1". */
function valueIs(item: DetectionItem, value: Value, expected: Scalar): boolean {
  if (kindOfItem(item) !== 'text') return false;
  if (typeof expected !== 'string') return value.value === expected && !isPlaced(item.modifiers);
  const text = placed(item, value);
  return text !== undefined && viewText(text) === viewText(readText(expected));
}
