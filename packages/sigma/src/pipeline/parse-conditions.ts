/** The conditions of a pipeline item, as YAML. */
import { parseCondition } from '../condition.js';
import { Problems } from '../errors.js';
import { kindOf } from '../parse/reader.js';
import type { Condition } from '../rule.js';
import type { YamlNode } from '../yaml.js';
import { attributeKind, orders } from './conditions.js';
import type { LinearRegex } from './linear-regex.js';
import {
  type FieldCondition,
  type ItemCondition,
  type Logic,
  type Quantifier,
  type RuleAttributeCondition,
  type RuleCondition,
  relations,
} from './model.js';
import { MapReader } from './reader.js';

/** `undefined`: something was wrong and reported. */
type ReadCondition<C> = (read: MapReader) => C | undefined;
type Conditions<C> = Readonly<Record<string, ReadCondition<C>>>;

/**
 * `<prefix>_conditions` with `_cond_op`, `_cond_expr` and `_cond_not`. A list, or a map of named conditions,
 * which an expression can refer to.
 */
export function readConditions<C>(
  read: MapReader,
  prefix: string,
  known: Conditions<C>,
): Logic<C> | undefined {
  const node = read.node(`${prefix}_conditions`);
  const op = read.choice(`${prefix}_cond_op`, ['and', 'or']) ?? 'and';
  const expression = read.node(`${prefix}_cond_expr`);
  const negated = read.flag(`${prefix}_cond_not`);
  const named =
    node === undefined ? new Map<string, C>() : readNamed(read, node, `${prefix}_conditions`, known);
  if (named === undefined) return undefined;
  if (named.size === 0) {
    for (const key of ['op', 'expr', 'not'].map((end) => `${prefix}_cond_${end}`)) {
      if (read.has(key)) read.error(read.keyPlace(key), `"${key}" has no "${prefix}_conditions" to work on`);
    }
    return undefined;
  }
  let logic: Logic<C> | undefined;
  if (expression === undefined) {
    const args = [...named.values()].map((test): Logic<C> => ({ kind: 'test', test }));
    logic = args.length === 1 ? args[0] : { kind: op, args };
  } else if (read.has(`${prefix}_cond_op`)) {
    read.error(
      read.keyPlace(`${prefix}_cond_op`),
      `"${prefix}_cond_op" and "${prefix}_cond_expr" exclude each other`,
    );
  } else if (node?.kind !== 'map') {
    read.error(
      expression,
      `"${prefix}_cond_expr" needs conditions with names: make "${prefix}_conditions" a map`,
    );
  } else logic = readExpression(read, expression, `${prefix}_cond_expr`, named);
  return logic !== undefined && negated ? { kind: 'not', arg: logic } : logic;
}

function readNamed<C>(
  read: MapReader,
  node: YamlNode,
  key: string,
  known: Conditions<C>,
): ReadonlyMap<string, C> | undefined {
  const entries: [string, YamlNode][] =
    node.kind === 'map'
      ? [...node.entries].map(([name, { value }]) => [name, value])
      : node.kind === 'list'
        ? node.items.map((item, i) => [String(i + 1), item])
        : [];
  if (node.kind === 'scalar') return read.error(node, `"${key}" is a list or a map of conditions`);
  const out = new Map<string, C>();
  for (const [name, value] of entries) {
    const condition = readOne(read, value, known);
    if (condition !== undefined) out.set(name, condition);
  }
  return out.size === entries.length ? out : undefined;
}

function readOne<C>(outer: MapReader, node: YamlNode, known: Conditions<C>): C | undefined {
  if (node.kind !== 'map') return outer.error(node, `a condition is a map, not ${kindOf(node)}`);
  const read = new MapReader(outer.source, node, 'this condition');
  const type = read.requiredText('type');
  if (type === undefined) return undefined;
  const make = Object.hasOwn(known, type) ? known[type] : undefined;
  if (make === undefined) {
    return read.error(
      node.entries.get('type')?.value ?? node,
      `"${type}" is no condition here: ${Object.keys(known).join(', ')} are`,
    );
  }
  const before = read.source.problems.list.length;
  const condition = make(read);
  read.finish();
  return read.source.problems.list.length > before ? undefined : condition;
}

function readExpression<C>(
  read: MapReader,
  node: YamlNode,
  key: string,
  named: ReadonlyMap<string, C>,
): Logic<C> | undefined {
  const text = read.textOf(node, key);
  if (text === undefined) return undefined;
  const found = new Problems();
  const quoted = node.kind === 'scalar' && node.style === 'quoted' ? 1 : 0;
  const parsed = parseCondition(text, read.at({ line: node.line, column: node.column + quoted }), found);
  for (const { at, message } of found.list) read.source.problems.error('pipeline', at, message);
  if (parsed === undefined) return undefined;
  const used = new Set<string>();
  let wrong = false;
  const build = (condition: Condition): Logic<C> => {
    switch (condition.kind) {
      case 'not':
        return { kind: 'not', arg: build(condition.arg) };
      case 'and':
      case 'or':
        return { kind: condition.kind, args: condition.args.map(build) };
      default: {
        const name =
          condition.kind === 'name' ? condition.name : `${condition.quantifier} of ${condition.pattern}`;
        const test = condition.kind === 'name' ? named.get(name) : undefined;
        if (test !== undefined) {
          used.add(name);
          return { kind: 'test', test };
        }
        wrong = true;
        read.source.problems.error('pipeline', condition.at, `no condition is called "${name}"`);
        return { kind: 'and', args: [] };
      }
    }
  };
  const logic = build(parsed);
  const unused = [...named.keys()].filter((name) => !used.has(name));
  if (!wrong && unused.length > 0) {
    wrong = true;
    read.error(
      node,
      `the expression leaves out the conditions ${unused.map((name) => `"${name}"`).join(', ')}`,
    );
  }
  return wrong ? undefined : logic;
}

const shared = {
  processing_item_applied: (read: MapReader) => {
    const id = read.requiredText('processing_item_id');
    return id === undefined ? undefined : ({ type: 'processing_item_applied', id } as const);
  },
  processing_state: (read: MapReader) => {
    const key = read.requiredText('key');
    const value = read.requiredScalar('val')?.value;
    const op = read.choice('op', relations) ?? 'eq';
    return key === undefined || value === undefined
      ? undefined
      : ({ type: 'processing_state', key, value, op } as const);
  },
};

export const ruleConditions: Conditions<RuleCondition> = {
  logsource: (read) => {
    const category = read.text('category')?.toLowerCase();
    const product = read.text('product')?.toLowerCase();
    const service = read.text('service')?.toLowerCase();
    if (category === undefined && product === undefined && service === undefined) {
      return read.error(read.map, 'a log source condition needs a category, product or service');
    }
    return {
      type: 'logsource',
      ...(category === undefined ? {} : { category }),
      ...(product === undefined ? {} : { product }),
      ...(service === undefined ? {} : { service }),
    };
  },
  contains_detection_item: (read) => {
    const field = read.requiredText('field');
    const value = read.requiredScalar('value')?.value;
    return field === undefined || value === undefined
      ? undefined
      : { type: 'contains_detection_item', field, value };
  },
  contains_field: (read) => {
    const field = read.requiredText('field');
    return field === undefined ? undefined : { type: 'contains_field', field };
  },
  is_sigma_rule: () => ({ type: 'is_sigma_rule' }),
  is_sigma_correlation_rule: () => ({ type: 'is_sigma_correlation_rule' }),
  rule_attribute: readAttribute,
  tag: (read) => {
    const tag = read.requiredText('tag');
    if (tag !== undefined && !/^[^.\s]+\.\S+$/.test(tag)) {
      return read.error(
        read.node('tag') ?? read.map,
        `"${tag}" is no tag: a namespace, a dot and a name are`,
      );
    }
    return tag === undefined ? undefined : { type: 'tag', tag: tag.toLowerCase() };
  },
  ...shared,
};

function readAttribute(read: MapReader): RuleAttributeCondition | undefined {
  const attribute = read.requiredText('attribute');
  const scalar = read.requiredScalar('value');
  const op = read.choice('op', [...relations, 'in', 'not_in'] as const) ?? 'eq';
  if (attribute === undefined || scalar === undefined) return undefined;
  const { value, node } = scalar;
  const kind = attributeKind(attribute);
  const ordered = op !== 'eq' && op !== 'ne';
  const membership = op === 'in' || op === 'not_in';
  if (kind === 'text' && ordered) {
    return read.error(
      read.node('op') ?? read.map,
      `"${attribute}" is text: it can be asked for "eq" and "ne"`,
    );
  }
  if ((kind === 'order' || kind === 'date') && membership) {
    return read.error(
      read.node('op') ?? read.map,
      `"${attribute}" is no list: it cannot be asked for "${op}"`,
    );
  }
  if (kind === 'order') {
    const words = orders[attribute as 'level' | 'status'];
    if (typeof value !== 'string' || !words.includes(value.toLowerCase())) {
      return read.error(node, `"${String(value)}" is no ${attribute}: one of ${words.join(', ')} is`);
    }
    return { type: 'rule_attribute', attribute, value: value.toLowerCase(), op, at: read.at() };
  }
  if (kind === 'date' && !/^\d{4}-\d\d-\d\d$/.test(String(value))) {
    return read.error(node, `"${String(value)}" is no date: YYYY-MM-DD is`);
  }
  return { type: 'rule_attribute', attribute, value, op, at: read.at() };
}

function quantifier(read: MapReader): Quantifier | undefined {
  return read.requiredChoice('cond', ['any', 'all']);
}

export const itemConditions: Conditions<ItemCondition> = {
  match_string: (read) => {
    const cond = quantifier(read);
    const pattern = read.requiredRegex('pattern');
    const negate = read.flag('negate');
    return cond === undefined || pattern === undefined
      ? undefined
      : { type: 'match_string', quantifier: cond, pattern, negate };
  },
  match_value: (read) => {
    const cond = quantifier(read);
    const value = read.requiredScalar('value')?.value;
    return cond === undefined || value === undefined
      ? undefined
      : { type: 'match_value', quantifier: cond, value };
  },
  contains_wildcard: (read) => {
    const cond = quantifier(read);
    return cond && { type: 'contains_wildcard', quantifier: cond };
  },
  is_null: (read) => {
    const cond = quantifier(read);
    return cond && { type: 'is_null', quantifier: cond };
  },
  ...shared,
};

export const fieldConditions: Conditions<FieldCondition> = {
  include_fields: (read) => readFieldList(read, 'include_fields'),
  exclude_fields: (read) => readFieldList(read, 'exclude_fields'),
  ...shared,
};

function readFieldList(
  read: MapReader,
  type: 'include_fields' | 'exclude_fields',
): FieldCondition | undefined {
  const texts = read.requiredTexts('fields');
  const mode = read.choice('mode', ['plain', 're']) ?? 'plain';
  if (texts === undefined) return undefined;
  if (mode === 'plain') return { type, names: new Set(texts), patterns: [] };
  const node = read.node('fields') as YamlNode;
  const patterns: LinearRegex[] = [];
  texts.forEach((text, i) => {
    const place = node.kind === 'list' ? (node.items[i] ?? node) : node;
    const regex = read.regex(place, 'fields', text);
    if (regex !== undefined) patterns.push(regex);
  });
  return { type, names: new Set(), patterns };
}
