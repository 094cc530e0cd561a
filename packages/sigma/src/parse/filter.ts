/** Filters: conditions added to many rules at once. Source: specification 2.1.0, "Sigma Filters". */
import type { FilterRule } from '../rule.js';
import type { YamlMap } from '../yaml.js';
import { readDetections } from './detection.js';
import { readHead, readLogSource } from './head.js';
import type { DocumentReader } from './reader.js';

const others: ReadonlySet<string> = new Set(['rules', 'condition']);

export function readFilterRule(read: DocumentReader, map: YamlMap): FilterRule {
  const head = readHead(read, map);
  const logsource = readLogSource(read, map) ?? { custom: new Map() };
  const section = read.map(map, 'filter');
  if (section === undefined) {
    return { kind: 'filter', ...head, logsource, rules: [], detections: new Map(), conditions: [] };
  }
  const { detections, conditions } = readDetections(read, section, others);
  if (detections.size === 0) read.error('missing', section, 'a filter needs a selection');
  return { kind: 'filter', ...head, logsource, rules: readRules(read, section), detections, conditions };
}

function readRules(read: DocumentReader, section: YamlMap): FilterRule['rules'] {
  const entry = section.entries.get('rules');
  if (entry === undefined) {
    read.error('missing', section, '"rules" is missing: name rules, or write "any"');
    return [];
  }
  if (entry.value.kind === 'scalar' && entry.value.value === 'any') return 'any';
  const rules = read
    .placedTexts(entry, 'rules')
    .map(({ text, place }) => ({ ref: text, at: read.at(place) }));
  if (rules.length === 0) read.error('missing', entry.key, '"rules" is empty');
  return rules;
}
