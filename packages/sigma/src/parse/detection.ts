/** Detection rules. Source: specification 2.1.0, "Detection" and "Value Modifiers". */
import { parseCondition } from '../condition.js';
import { isModifier, modifierNames } from '../modifiers.js';
import type { Condition, Detection, DetectionItem, DetectionRule, Value } from '../rule.js';
import type { Place, YamlEntry, YamlMap, YamlNode, YamlScalar } from '../yaml.js';
import { readHead, readLogSource } from './head.js';
import { type DocumentReader, kindOf } from './reader.js';

/** More values in one item than this are refused. */
export const maxValues = 50_000;

export function readDetectionRule(read: DocumentReader, map: YamlMap): DetectionRule {
  const head = readHead(read, map);
  const logsource = readLogSource(read, map) ?? { custom: new Map() };
  const section = read.map(map, 'detection');
  return {
    kind: 'detection',
    ...head,
    logsource,
    ...(section === undefined
      ? { detections: new Map(), conditions: [] }
      : readDetections(read, section, new Set(['condition', 'timeframe']))),
  };
}

/** The search identifiers of a section (every key not in `others`) and its conditions. */
export function readDetections(
  read: DocumentReader,
  section: YamlMap,
  others: ReadonlySet<string>,
): { detections: Map<string, Detection>; conditions: Condition[] } {
  const detections = new Map<string, Detection>();
  for (const [name, entry] of section.entries) {
    if (others.has(name)) continue;
    const detection = readDetection(read, entry, name);
    if (detection !== undefined) detections.set(name, detection);
  }
  if (section.entries.has('timeframe')) {
    read.warning(
      'deprecated',
      section.entries.get('timeframe')?.key as Place,
      '"timeframe" belonged to the dropped aggregations: it has no effect',
    );
  }
  return { detections, conditions: readConditions(read, section, detections) };
}

function readConditions(
  read: DocumentReader,
  section: YamlMap,
  detections: ReadonlyMap<string, Detection>,
): Condition[] {
  const entry = section.entries.get('condition');
  if (entry === undefined) {
    read.error('missing', section, '"condition" is missing');
    return [];
  }
  const conditions: Condition[] = [];
  for (const node of entry.value.kind === 'list' ? entry.value.items : [entry.value]) {
    if (node.kind !== 'scalar' || typeof node.value === 'boolean' || node.value === null) {
      read.error('type', node, `a condition must be text, not ${kindOf(node)}`);
      continue;
    }
    const at = read.at({ line: node.line, column: node.column + (node.style === 'quoted' ? 1 : 0) });
    const condition = parseCondition(String(node.value), at, read.problems);
    if (condition === undefined) continue;
    checkNames(read, condition, section, detections);
    conditions.push(condition);
  }
  return conditions;
}

/** Every name and pattern must stand for something. */
function checkNames(
  read: DocumentReader,
  condition: Condition,
  section: YamlMap,
  detections: ReadonlyMap<string, Detection>,
): void {
  switch (condition.kind) {
    case 'name':
      // A search identifier that could not be read has been reported already.
      if (!section.entries.has(condition.name)) {
        read.error('reference', condition.at, `no search identifier is called "${condition.name}"`);
      }
      return;
    case 'of':
      if (matchingNames(detections.keys(), condition.pattern).length === 0) {
        const known = matchingNames(section.entries.keys(), condition.pattern);
        if (known.length === 0) {
          read.error('reference', condition.at, `no search identifier fits "${condition.pattern}"`);
        }
      }
      return;
    case 'not':
      checkNames(read, condition.arg, section, detections);
      return;
    default:
      for (const arg of condition.args) checkNames(read, arg, section, detections);
  }
}

/**
 * Names that `x of pattern` stands for. `them`: every one that does not begin with an underscore. A pattern
 * reaches names with a leading underscore only when it begins with one.
 */
export function matchingNames(names: Iterable<string>, pattern: string): string[] {
  const all = [...names];
  if (pattern.toLowerCase() === 'them') return all.filter((name) => !name.startsWith('_'));
  const pieces = pattern.split('*');
  return all.filter((name) => fits(name, pieces) && (!name.startsWith('_') || pattern.startsWith('_')));
}

/** `pieces` are what stands between the asterisks: linear, unlike a generated regular expression. */
function fits(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0] as string;
  if (pieces.length === 1) return name === first;
  const last = pieces.at(-1) as string;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}

/** What one search identifier holds. */
export function readDetection(read: DocumentReader, entry: YamlEntry, name: string): Detection | undefined {
  const node = entry.value;
  if (node.kind === 'map') return readMap(read, node, name);
  if (node.kind === 'scalar') return readKeywords(read, [node], node, name);
  if (node.items.length === 0) {
    read.error('value', node, `"${name}" is an empty list`);
    return undefined;
  }
  const items: Detection[] = [];
  const keywords: YamlScalar[] = [];
  for (const item of node.items) {
    if (item.kind === 'map') {
      const read_ = readMap(read, item, name);
      if (read_ !== undefined) items.push(read_);
    } else if (item.kind === 'scalar') keywords.push(item);
    else read.error('type', item, `"${name}" holds a list within a list`);
  }
  if (keywords.length > 0) {
    const item = readKeywords(read, keywords, node, name);
    if (item !== undefined) items.push(item);
  }
  if (items.length <= 1) return items[0];
  return { kind: 'any', items, at: read.at(node) };
}

function readKeywords(
  read: DocumentReader,
  nodes: readonly YamlScalar[],
  place: Place,
  name: string,
): DetectionItem | undefined {
  const values: Value[] = [];
  for (const node of nodes) {
    if (node.value === null || node.value === '') {
      read.error('value', node, `"${name}" seeks an empty keyword, which every event holds`);
    } else values.push({ value: node.value, at: read.at(node) });
  }
  return values.length === 0
    ? undefined
    : { kind: 'item', field: null, modifiers: [], values, at: read.at(place) };
}

function readMap(read: DocumentReader, map: YamlMap, name: string): Detection | undefined {
  if (map.entries.size === 0) {
    read.error('value', map, `"${name}" is an empty map`);
    return undefined;
  }
  const items: Detection[] = [];
  for (const [key, entry] of map.entries) {
    const item = readItem(read, key, entry);
    if (item !== undefined) items.push(item);
  }
  if (items.length <= 1) return items[0];
  return { kind: 'all', items, at: read.at(map) };
}

function readItem(read: DocumentReader, key: string, entry: YamlEntry): DetectionItem | undefined {
  const [field, ...modifiers] = key.split('|') as [string, ...string[]];
  let column = entry.key.column + field.length + 1;
  let wrong = false;
  for (const modifier of modifiers) {
    if (!isModifier(modifier)) {
      wrong = true;
      read.error(
        'modifier',
        { line: entry.key.line, column },
        `"${modifier}" is no modifier; known: ${modifierNames.join(' ')}`,
      );
    }
    column += modifier.length + 1;
  }
  const values = readValues(read, entry.value, key);
  if (values === undefined || wrong) return undefined;
  if (modifiers.includes('all') && values.length < 2) {
    read.error('modifier', entry.key, `"all" needs more than one value in "${key}"`);
    return undefined;
  }
  if (field === '' && values.some(({ value }) => value === null || value === '')) {
    read.error('value', entry.key, 'an empty keyword is in every event');
    return undefined;
  }
  return { kind: 'item', field: field === '' ? null : field, modifiers, values, at: read.at(entry.key) };
}

function readValues(read: DocumentReader, node: YamlNode, key: string): Value[] | undefined {
  if (node.kind === 'map') {
    read.error('type', node, `"${key}" holds a map where a value or a list of values is expected`);
    return undefined;
  }
  if (node.kind === 'scalar') return [{ value: node.value, at: read.at(node) }];
  if (node.items.length === 0) {
    read.error('value', node, `"${key}" has no values`);
    return undefined;
  }
  if (node.items.length > maxValues) {
    read.error('limit', node, `"${key}" has more than ${maxValues} values`);
    return undefined;
  }
  const values: Value[] = [];
  let wrong = false;
  for (const item of node.items) {
    if (item.kind !== 'scalar') {
      wrong = true;
      read.error('type', item, `"${key}" holds ${kindOf(item)} within its list`);
    } else if (item.value === null) {
      wrong = true;
      read.error(
        'type',
        item,
        `null cannot be in a list of values: write "${key}: null" as a selection of its own`,
      );
    } else values.push({ value: item.value, at: read.at(item) });
  }
  return wrong ? undefined : values;
}
