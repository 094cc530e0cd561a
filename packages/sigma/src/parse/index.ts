/** One rule file into typed rules: documents, collections (`action`), and the three kinds of rule. */
import { Problems } from '../errors.js';
import type { SigmaRule } from '../rule.js';
import { readYaml, type YamlEntry, type YamlMap, type YamlNode } from '../yaml.js';
import { readCorrelationRule } from './correlation.js';
import { readDetectionRule } from './detection.js';
import { readFilterRule } from './filter.js';
import { DocumentReader } from './reader.js';

/** A document of a file as a rule. `ok`: it has no error; a rule that is not `ok` is never run. */
export interface ParsedRule {
  readonly rule: SigmaRule;
  readonly ok: boolean;
  readonly problems: Problems['list'];
}

export interface ParsedFile {
  readonly rules: readonly ParsedRule[];
  /** Problems of the file as a whole: YAML that cannot be read, a document that is no rule. */
  readonly problems: Problems['list'];
}

/** Reads the rules of one file. Never throws: every problem is in the answer, with its place. */
export function parseRules(file: string, text: string): ParsedFile {
  const problems = new Problems();
  const rules: ParsedRule[] = [];
  const documents = readYaml(file, text, problems);
  if (documents.length === 0 && !problems.failed) {
    problems.error('missing', { file, line: 1, column: 1 }, 'the file holds no rule');
  }
  for (const map of collection(file, documents, problems)) {
    const found = new Problems();
    const read = new DocumentReader(file, found);
    const rule = isCorrelation(map)
      ? readCorrelationRule(read, map)
      : map.entries.has('filter')
        ? readFilterRule(read, map)
        : readDetectionRule(read, map);
    rules.push({ rule, ok: !found.failed, problems: found.list });
  }
  return { rules, problems: problems.list };
}

/** Some detection rules in use carry a note under `correlation`: a section is a map. */
function isCorrelation(map: YamlMap): boolean {
  const section = map.entries.get('correlation')?.value;
  return section !== undefined && (section.kind === 'map' || !map.entries.has('detection'));
}

/**
 * Collections: `action: global` adds its content to every later document, `reset` forgets that, `repeat`
 * takes the document before it again with changes.
 */
function* collection(file: string, documents: readonly YamlNode[], problems: Problems): Generator<YamlMap> {
  let global: YamlMap | undefined;
  let previous: YamlMap | undefined;
  for (const document of documents) {
    const at = { file, line: document.line, column: document.column };
    if (document.kind !== 'map') {
      problems.error('type', at, 'a rule is a map');
      continue;
    }
    const action = document.entries.get('action')?.value;
    const word = action?.kind === 'scalar' ? action.value : undefined;
    if (action === undefined) {
      previous = merge(global, document);
      yield previous;
    } else if (word === 'global') global = merge(global, without(document, 'action'));
    else if (word === 'reset') {
      global = undefined;
      const rest = without(document, 'action');
      if (rest.entries.size > 0) {
        previous = rest;
        yield previous;
      }
    } else if (word === 'repeat') {
      if (previous === undefined) problems.error('reference', at, '"action: repeat" has nothing before it');
      else {
        previous = merge(previous, without(document, 'action'));
        yield previous;
      }
    } else {
      const place = { file, line: action.line, column: action.column };
      problems.error('value', place, `"action" is global, reset or repeat, not "${String(word)}"`);
    }
  }
}

function without(map: YamlMap, key: string): YamlMap {
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

/** Maps are merged key by key; anything else in `over` replaces what is in `base`. */
function merge(base: YamlMap | undefined, over: YamlMap): YamlMap {
  if (base === undefined) return over;
  const entries = new Map<string, YamlEntry>(base.entries);
  for (const [key, entry] of over.entries) {
    const under = entries.get(key);
    entries.set(
      key,
      under?.value.kind === 'map' && entry.value.kind === 'map'
        ? { key: entry.key, value: merge(under.value, entry.value) }
        : entry,
    );
  }
  return { ...over, entries };
}
