/** Correlation rules. Source: specification 2.1.0, "Sigma Correlation Rules". */
import { parseCondition } from '../condition.js';
import type { Comparison, Condition, CorrelationRule, CorrelationType } from '../rule.js';
import { correlationTypes } from '../rule.js';
import type { YamlMap, YamlNode } from '../yaml.js';
import { readHead } from './head.js';
import { type DocumentReader, kindOf } from './reader.js';

const comparisons: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];

/** Seconds a unit stands for. Weeks, months and years are not in the specification but in use. */
const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_629_746,
  y: 31_556_952,
};

/** Longest window taken: ten years. */
const maxTimespan = 10 * 31_556_952;

const known: ReadonlySet<string> = new Set([
  'type',
  'rules',
  'group-by',
  'timespan',
  'condition',
  'aliases',
  'generate',
]);

export function readCorrelationRule(read: DocumentReader, map: YamlMap): CorrelationRule {
  const head = readHead(read, map);
  const empty: CorrelationRule = {
    kind: 'correlation',
    ...head,
    type: 'event_count',
    rules: [],
    groupBy: [],
    aliases: new Map(),
    timespan: 0,
    thresholds: [],
    countedFields: [],
    percentile: 50,
    generate: false,
  };
  const section = read.map(map, 'correlation');
  if (section === undefined) return empty;
  for (const [key, entry] of section.entries) {
    if (!known.has(key)) read.error('value', entry.key, `"${key}" is no part of a correlation`);
  }
  const { type, extended } = readType(read, section);
  const aliases = readAliases(read, section);
  const condition = readThresholds(read, section, type, extended);
  return {
    ...empty,
    type,
    rules: readRules(read, section),
    groupBy: readGroupBy(read, section),
    aliases,
    timespan: readTimespan(read, section),
    ...condition,
    generate: readGenerate(read, map, section),
  };
}

function readType(read: DocumentReader, section: YamlMap): { type: CorrelationType; extended: boolean } {
  const text = read.text(section, 'type');
  if (text === undefined) {
    if (!section.entries.has('type')) read.error('missing', section, '"type" is missing');
    return { type: 'event_count', extended: false };
  }
  const extended = text.endsWith('_extended');
  const base = extended ? text.slice(0, -'_extended'.length) : text;
  if ((correlationTypes as readonly string[]).includes(base) && (!extended || base.startsWith('temporal'))) {
    return { type: base as CorrelationType, extended };
  }
  read.error(
    'value',
    section.entries.get('type')?.value ?? section,
    `"${text}" is no correlation type: one of ${correlationTypes.join(', ')} is`,
  );
  return { type: 'event_count', extended: false };
}

function readRules(read: DocumentReader, section: YamlMap): CorrelationRule['rules'] {
  const entry = section.entries.get('rules');
  if (entry === undefined) {
    read.error('missing', section, '"rules" is missing');
    return [];
  }
  const out: { ref: string; at: ReturnType<DocumentReader['at']> }[] = [];
  for (const { text, place } of read.placedTexts(entry, 'rules')) {
    if (out.some(({ ref }) => ref === text))
      read.error('duplicate', place, `the rule "${text}" stands twice`);
    else out.push({ ref: text, at: read.at(place) });
  }
  if (out.length === 0) read.error('missing', entry.key, '"rules" is empty');
  return out;
}

function readGroupBy(read: DocumentReader, section: YamlMap): string[] {
  const entry = section.entries.get('group-by');
  if (entry === undefined) return [];
  const out: string[] = [];
  for (const { text, place } of read.placedTexts(entry, 'group-by')) {
    if (out.includes(text)) read.error('duplicate', place, `"${text}" stands twice in "group-by"`);
    else out.push(text);
  }
  return out;
}

function readTimespan(read: DocumentReader, section: YamlMap): number {
  const text = read.text(section, 'timespan');
  const place = section.entries.get('timespan')?.value ?? section;
  if (text === undefined) {
    if (!section.entries.has('timespan')) read.error('missing', section, '"timespan" is missing');
    return 0;
  }
  const match = /^(\d{1,9})([smhdwMy])$/.exec(text);
  if (match === null) {
    read.error('value', place, `"${text}" is no timespan: a number and one of s, m, h, d is, such as 90m`);
    return 0;
  }
  const unit = match[2] as string;
  if ('wMy'.includes(unit)) {
    read.warning('style', place, `the unit "${unit}" is not in the specification: write the time in days`);
  }
  const seconds = Number(match[1]) * (units[unit] as number);
  if (seconds === 0 || seconds > maxTimespan) {
    read.error('limit', place, `a timespan is more than nothing and at most ten years, not "${text}"`);
    return 0;
  }
  return seconds;
}

function readAliases(read: DocumentReader, section: YamlMap): CorrelationRule['aliases'] {
  const out = new Map<string, Map<string, string>>();
  const entry = section.entries.get('aliases');
  if (entry === undefined) return out;
  if (entry.value.kind !== 'map') {
    read.error('type', entry.value, '"aliases" must be a map');
    return out;
  }
  for (const [alias, { value }] of entry.value.entries) {
    if (value.kind !== 'map') {
      read.error('type', value, `the alias "${alias}" must be a map of rules to fields`);
      continue;
    }
    const fields = new Map<string, string>();
    for (const [rule] of value.entries) {
      const field = read.text(value, rule);
      if (field !== undefined) fields.set(rule, field);
    }
    out.set(alias, fields);
  }
  return out;
}

type Thresholds = Pick<CorrelationRule, 'thresholds' | 'countedFields' | 'percentile'> & {
  expression?: Condition;
};

function readThresholds(
  read: DocumentReader,
  section: YamlMap,
  type: CorrelationType,
  extended: boolean,
): Thresholds {
  const none: Thresholds = { thresholds: [], countedFields: [], percentile: 50 };
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  const entry = section.entries.get('condition');
  if (entry === undefined) {
    if (!temporal || extended) read.error('missing', section, `"condition" is missing: ${type} needs one`);
    return none;
  }
  const node = entry.value;
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    if (!temporal) {
      read.error('type', node, `the condition of ${type} is a map such as "gte: 3"`);
      return none;
    }
    const at = read.at({ line: node.line, column: node.column + (node.style === 'quoted' ? 1 : 0) });
    const expression = parseCondition(node.value, at, read.problems);
    return expression === undefined ? none : { ...none, expression };
  }
  if (node.kind !== 'map') {
    read.error('type', node, `the condition of a correlation is a map, not ${kindOf(node)}`);
    return none;
  }
  if (extended)
    read.error('type', node, 'an extended temporal correlation has a condition such as "a and not b"');
  return readThresholdMap(read, node, type);
}

function readThresholdMap(read: DocumentReader, node: YamlMap, type: CorrelationType): Thresholds {
  const thresholds: { op: Comparison; value: number }[] = [];
  let countedFields: readonly string[] = [];
  let percentile = 50;
  for (const [key, entry] of node.entries) {
    if (comparisons.includes(key)) {
      const value = numberOf(entry.value);
      if (value === undefined) read.error('type', entry.value, `"${key}" needs a number`);
      else thresholds.push({ op: key as Comparison, value });
    } else if (key === 'field') countedFields = read.placedTexts(entry, 'field').map(({ text }) => text);
    else if (key === 'percentile') {
      const value = numberOf(entry.value);
      if (value === undefined || value < 0 || value > 100) {
        read.error('value', entry.value, '"percentile" is a number from 0 to 100');
      } else percentile = value;
    } else
      read.error(
        'value',
        entry.key,
        `"${key}" is no part of a condition: ${comparisons.join(', ')}, field are`,
      );
  }
  if (!comparisons.some((key) => node.entries.has(key))) {
    read.error('missing', node, `a condition needs one of ${comparisons.join(', ')}`);
  }
  if (type.startsWith('value_') && countedFields.length === 0) {
    read.error('missing', node, `${type} needs a "field" in its condition`);
  }
  if (!type.startsWith('value_') && countedFields.length > 0) {
    read.warning('value', node, `${type} takes no "field": it has no effect`);
  }
  if (type !== 'value_count' && countedFields.length > 1) {
    read.error('value', node, `${type} takes one field`);
  }
  return { thresholds, countedFields, percentile };
}

function numberOf(node: YamlNode): number | undefined {
  return node.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value)
    ? node.value
    : undefined;
}

/** The specification puts `generate` at the top; published rules also put it inside the section. */
function readGenerate(read: DocumentReader, map: YamlMap, section: YamlMap): boolean {
  const entry = map.entries.get('generate') ?? section.entries.get('generate');
  if (entry === undefined) return false;
  if (entry.value.kind === 'scalar' && typeof entry.value.value === 'boolean') return entry.value.value;
  read.error('type', entry.value, '"generate" is true or false');
  return false;
}
