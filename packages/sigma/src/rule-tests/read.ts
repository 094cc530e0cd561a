/** Reads a test file into cases. Every problem is reported with its place; nothing is thrown. */
import type { Problems } from '../errors.js';
import type { Event } from '../event.js';
import { DocumentReader, kindOf } from '../parse/reader.js';
import { readYaml, toData, type YamlEntry, type YamlMap, type YamlNode } from '../yaml.js';
import type { Expectation, RuleTestCase } from './model.js';

/** More cases in a file than this are refused. */
export const maxCases = 1000;
/** More records in a case than this are refused. */
export const maxRecords = 10_000;
/** More maps, lists and values in all records of a file, `each` counted in every record, are refused. */
export const maxRecordNodes = 1_000_000;

const caseKeys: ReadonlySet<string> = new Set(['name', 'note', 'each', 'events', 'fires', 'matches']);
const expectationKeys: ReadonlySet<string> = new Set(['rule', 'group', 'lines', 'times']);

/** The cases that could be read. With an error in `problems` they are not to be run. */
export function readRuleTests(file: string, text: string, problems: Problems): readonly RuleTestCase[] {
  const read = new DocumentReader(file, problems);
  const documents = readYaml(file, text, problems);
  const [root, second] = documents;
  if (root === undefined) {
    if (!problems.failed) problems.error('missing', { file, line: 1, column: 1 }, 'the file holds no case');
    return [];
  }
  if (second !== undefined) read.error('type', second, 'a test file is one document');
  if (root.kind !== 'list') {
    read.error('type', root, `a test file is a list of cases, not ${kindOf(root)}`);
    return [];
  }
  if (root.items.length === 0) read.error('missing', root, 'the file holds no case');
  if (root.items.length > maxCases) {
    read.error('limit', root, `more than ${maxCases} cases`);
    return [];
  }
  const cases: RuleTestCase[] = [];
  const budget = { nodes: maxRecordNodes };
  const names = new Set<string>();
  for (const node of root.items) {
    const made = readCase(read, node, budget);
    if (made === undefined) continue;
    if (names.has(made.name)) read.error('duplicate', node, `a case called "${made.name}" stands twice`);
    names.add(made.name);
    cases.push(made);
  }
  return cases;
}

function readCase(read: DocumentReader, node: YamlNode, budget: Budget): RuleTestCase | undefined {
  if (node.kind !== 'map') {
    read.error('type', node, `a case is a map, not ${kindOf(node)}`);
    return undefined;
  }
  checkKeys(read, node, caseKeys, 'case');
  const name = read.text(node, 'name');
  if (name === undefined || name.trim() === '') read.error('missing', node, 'a case needs a "name"');
  const each = node.entries.get('each')?.value;
  if (each !== undefined && each.kind !== 'map')
    read.error('type', each, '"each" is a map: part of a record');
  const events = readEvents(read, node, each?.kind === 'map' ? each : undefined, budget);
  const fires = readExpectations(read, node, 'fires');
  if (fires === undefined) {
    read.error('missing', node, 'a case needs "fires": a list, "[]" where nothing may fire');
  }
  const matches = readExpectations(read, node, 'matches');
  return {
    name: name ?? '',
    events,
    fires: fires ?? [],
    ...(matches === undefined ? {} : { matches }),
    at: read.at(node),
  };
}

function checkKeys(read: DocumentReader, map: YamlMap, known: ReadonlySet<string>, what: string): void {
  for (const [key, entry] of map.entries) {
    if (!known.has(key)) {
      read.error('value', entry.key, `"${key}" is no part of a ${what}: ${[...known].join(', ')} are`);
    }
  }
}

function readEvents(
  read: DocumentReader,
  map: YamlMap,
  each: YamlMap | undefined,
  budget: Budget,
): { event: Event; at: ReturnType<DocumentReader['at']> }[] {
  const node = map.entries.get('events')?.value;
  if (node === undefined || node.kind !== 'list') {
    if (node === undefined) read.error('missing', map, 'a case needs "events", a list of records');
    else read.error('type', node, `"events" is a list of records, not ${kindOf(node)}`);
    return [];
  }
  if (node.items.length > maxRecords) {
    read.error('limit', node, `more than ${maxRecords} records`);
    return [];
  }
  const out: { event: Event; at: ReturnType<DocumentReader['at']> }[] = [];
  for (const item of node.items) {
    if (item.kind !== 'map') {
      read.error('type', item, `a record is a map, not ${kindOf(item)}`);
      continue;
    }
    if (budget.nodes < 0) break;
    const whole = each === undefined ? item : merge(each, item);
    checkValues(read, whole, budget);
    if (budget.nodes < 0) {
      read.error('limit', item, `the records of the file hold more than ${maxRecordNodes} values`);
      break;
    }
    out.push({ event: toData(whole) as Event, at: read.at(item) });
  }
  return out;
}

/** Maps are merged key by key; anything else in `over` replaces what is in `base`. */
function merge(base: YamlMap, over: YamlMap): YamlMap {
  const entries = new Map<string, YamlEntry>(base.entries);
  for (const [key, entry] of over.entries) {
    const under = entries.get(key)?.value;
    const both = under?.kind === 'map' && entry.value.kind === 'map';
    entries.set(key, both ? { key: entry.key, value: merge(under, entry.value as YamlMap) } : entry);
  }
  return { ...over, entries };
}

/** How many more nodes records may hold; below 0 when there were too many. */
interface Budget {
  nodes: number;
}

/** A record is JSON, which has no `.inf` and `.nan`. */
function checkValues(read: DocumentReader, node: YamlNode, budget: Budget): void {
  if (--budget.nodes < 0) return;
  if (node.kind === 'list') for (const item of node.items) checkValues(read, item, budget);
  else if (node.kind === 'map') {
    for (const { value } of node.entries.values()) checkValues(read, value, budget);
  } else if (typeof node.value === 'number' && !Number.isFinite(node.value)) {
    read.error('value', node, 'a record holds JSON: this number cannot be written in it');
  }
}

function readExpectations(
  read: DocumentReader,
  map: YamlMap,
  key: 'fires' | 'matches',
): readonly Expectation[] | undefined {
  const node = map.entries.get(key)?.value;
  if (node === undefined) return undefined;
  if (node.kind !== 'list') {
    read.error('type', node, `"${key}" is a list, not ${kindOf(node)}`);
    return [];
  }
  const out: Expectation[] = [];
  for (const item of node.items) {
    const made = readExpectation(read, item, key);
    if (made !== undefined) out.push(made);
  }
  return out;
}

function readExpectation(
  read: DocumentReader,
  node: YamlNode,
  where: 'fires' | 'matches',
): Expectation | undefined {
  if (node.kind !== 'map') {
    read.error('type', node, `an entry of "${where}" is a map such as "rule: name", not ${kindOf(node)}`);
    return undefined;
  }
  checkKeys(read, node, expectationKeys, `"${where}" entry`);
  const ref = read.text(node, 'rule');
  if (ref === undefined || ref === '') {
    read.error('missing', node, '"rule" is missing: the id, name or title of a rule');
    return undefined;
  }
  const lines = readLines(read, node);
  const times = readTimes(read, node);
  if (lines !== undefined && times !== undefined) {
    read.error('value', node, '"lines" says "times" too: write one of them');
  }
  return {
    ref,
    group: readGroup(read, node),
    ...(lines === undefined ? {} : { lines }),
    ...(times === undefined ? {} : { times }),
    at: read.at(node),
  };
}

function readGroup(read: DocumentReader, map: YamlMap): Map<string, string> {
  const out = new Map<string, string>();
  const node = map.entries.get('group')?.value;
  if (node === undefined) return out;
  if (node.kind !== 'map') {
    read.error('type', node, '"group" is a map of group-by fields and their values');
    return out;
  }
  for (const [field, { value }] of node.entries) {
    if (value.kind !== 'scalar' || value.value === null) {
      read.error('type', value, `the group's "${field}" is one value`);
    } else out.set(field, String(value.value));
  }
  return out;
}

function readLines(read: DocumentReader, map: YamlMap): readonly number[] | undefined {
  const node = map.entries.get('lines')?.value;
  if (node === undefined) return undefined;
  const items = node.kind === 'list' ? node.items : [node];
  if (items.length === 0) read.error('value', node, '"lines" is empty: leave the entry out');
  const out: number[] = [];
  for (const item of items) {
    const value = item.kind === 'scalar' ? item.value : null;
    if (typeof value === 'number' && Number.isInteger(value) && value > (out.at(-1) ?? 0)) out.push(value);
    else read.error('value', item, '"lines" holds numbers of records, from 1, rising');
  }
  return out;
}

function readTimes(read: DocumentReader, map: YamlMap): number | undefined {
  const node = map.entries.get('times')?.value;
  if (node === undefined) return undefined;
  const value = node.kind === 'scalar' ? node.value : null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  read.error('value', node, '"times" is a whole number from 1');
  return undefined;
}
