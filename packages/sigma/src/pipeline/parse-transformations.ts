/** The transformations of a pipeline, as YAML. */
import { Problems } from '../errors.js';
import { scalarNumber, scalarText } from '../event.js';
import { readDetections } from '../parse/detection.js';
import { DocumentReader, kindOf } from '../parse/reader.js';
import type { Detection } from '../rule.js';
import type { YamlMap, YamlNode } from '../yaml.js';
import { type LinearRegex, parseTemplate, type Template } from './linear-regex.js';
import {
  fieldFunctions,
  type NameMapping,
  type PipelineItem,
  type PlaceholderTransformation,
  type Transformation,
} from './model.js';
import type { MapReader } from './reader.js';

type ReadItems = (node: YamlNode) => readonly PipelineItem[];
/** `undefined`: something was wrong and reported. */
type ReadTransformation = (read: MapReader, items: ReadItems) => Transformation | undefined;

/** Reads the parameters of an item of this type. */
export function readTransformation(
  read: MapReader,
  type: string,
  items: ReadItems,
): Transformation | undefined {
  if (Object.hasOwn(outside, type)) {
    return read.error(
      read.node('type') ?? read.map,
      `"${type}" takes values from ${outside[type]}, which a pipeline does not reach here: put them in "vars" and use "value_placeholders"`,
    );
  }
  const make = Object.hasOwn(transformations, type) ? transformations[type] : undefined;
  if (make === undefined) {
    return read.error(
      read.node('type') ?? read.map,
      `"${type}" is no transformation: ${Object.keys(transformations).join(', ')} are`,
    );
  }
  return make(read, items);
}

/** Known, and refused: what a pipeline does must not depend on the machine it is read on. */
const outside: Readonly<Record<string, string>> = {
  file_placeholders: 'a file',
  http_placeholders: 'the network',
  command_placeholders: 'a command',
};

const transformations: Readonly<Record<string, ReadTransformation>> = {
  field_name_mapping: readFieldMapping,
  field_name_prefix_mapping: (read) => {
    const mapping = nameMapping(read);
    return mapping && { type: 'field_name_prefix_mapping', mapping };
  },
  field_name_prefix: (read) => {
    const prefix = read.requiredText('prefix');
    return prefix === undefined ? undefined : { type: 'field_name_prefix', prefix };
  },
  field_name_suffix: (read) => {
    const suffix = read.requiredText('suffix');
    return suffix === undefined ? undefined : { type: 'field_name_suffix', suffix };
  },
  field_name_transform: (read) => {
    const name = read.requiredChoice('transform_func', fieldFunctions);
    const mapping = read.has('mapping') ? nameMapping(read) : new Map();
    return name && mapping && { type: 'field_name_transform', function: name, mapping };
  },
  drop_detection_item: () => ({ type: 'drop_detection_item' }),
  hashes_fields: (read) => {
    const algorithms = read.requiredTexts('valid_hash_algos');
    const prefix = read.text('field_prefix') ?? '';
    const dropAlgorithm = read.flag('drop_algo_prefix');
    const fields = read.texts('field_to_parse') ?? ['Hashes', 'Hash'];
    if (dropAlgorithm && prefix === '') {
      return read.error(
        read.keyPlace('drop_algo_prefix'),
        'without the algorithm the field needs a "field_prefix"',
      );
    }
    return (
      algorithms && {
        type: 'hashes_fields',
        fields: new Set(fields),
        algorithms: new Set(algorithms.map((name) => name.toUpperCase())),
        prefix,
        dropAlgorithm,
      }
    );
  },
  extract_fields: (read) => {
    const regex = read.requiredRegex('regex');
    const prefix = read.text('field_prefix');
    const preserveUnmatched = read.flag('preserve_unmatched');
    if (regex !== undefined && regex.names.size === 0) {
      return read.error(read.node('regex') ?? read.map, '"regex" has no named group such as (?P<name>..)');
    }
    return (
      regex && {
        type: 'extract_fields',
        regex,
        ...(prefix === undefined ? {} : { prefix }),
        preserveUnmatched,
      }
    );
  },
  wildcard_placeholders: (read) => readPlaceholders(read, 'wildcard_placeholders'),
  value_placeholders: (read) => readPlaceholders(read, 'value_placeholders'),
  query_expression_placeholders: (read) => {
    read.requiredText('expression');
    const mapping = read.node('mapping');
    if (mapping !== undefined) read.mapping('mapping', mapping);
    return readPlaceholders(read, 'query_expression_placeholders');
  },
  add_condition: readAddCondition,
  change_logsource: (read) => {
    const category = read.text('category')?.toLowerCase();
    const product = read.text('product')?.toLowerCase();
    const service = read.text('service')?.toLowerCase();
    if (category === undefined && product === undefined && service === undefined) {
      return read.error(read.map, 'a log source needs a category, product or service');
    }
    return {
      type: 'change_logsource',
      ...(category === undefined ? {} : { category }),
      ...(product === undefined ? {} : { product }),
      ...(service === undefined ? {} : { service }),
    };
  },
  add_field: (read) => {
    const fields = read.requiredTexts('field');
    return fields && { type: 'add_field', fields };
  },
  remove_field: (read) => {
    const fields = read.requiredTexts('field');
    return fields && { type: 'remove_field', fields };
  },
  set_field: (read) => {
    const node = read.required('fields');
    // An empty list clears the rule's.
    const fields = node?.kind === 'list' && node.items.length === 0 ? [] : read.texts('fields');
    return fields && { type: 'set_field', fields };
  },
  replace_string: readReplaceString,
  map_string: (read) => {
    const mapping = nameMapping(read);
    return mapping && { type: 'map_string', mapping };
  },
  set_state: (read) => {
    const key = read.requiredText('key');
    const value = read.requiredData('val');
    return key === undefined ? undefined : { type: 'set_state', key, value };
  },
  regex: (read) => {
    const methods = ['plain', 'ignore_case_flag', 'ignore_case_brackets'] as const;
    return { type: 'regex', method: read.choice('method', methods) ?? 'ignore_case_brackets' };
  },
  set_value: readSetValue,
  convert_type: (read) => {
    const target = read.requiredChoice('target_type', ['str', 'num']);
    return target && { type: 'convert_type', target };
  },
  case: (read) => ({
    type: 'case',
    method: read.choice('method', ['lower', 'upper', 'snake_case']) ?? 'lower',
  }),
  rule_failure: (read) => {
    const message = read.requiredText('message');
    return message === undefined ? undefined : { type: 'rule_failure', message };
  },
  detection_item_failure: (read) => {
    const message = read.requiredText('message');
    return message === undefined ? undefined : { type: 'detection_item_failure', message };
  },
  strict_field_mapping_failure: () => ({ type: 'strict_field_mapping_failure' }),
  set_custom_attribute: (read) => {
    const attribute = read.requiredText('attribute');
    const value = read.requiredData('value');
    return attribute === undefined ? undefined : { type: 'set_custom_attribute', attribute, value };
  },
  nest: (read, items) => {
    const node = read.required('items');
    return node && { type: 'nest', items: items(node) };
  },
};

/** Whether the parameters of this type are known. */
export function isTransformation(type: string): boolean {
  return Object.hasOwn(transformations, type);
}

function nameMapping(read: MapReader): NameMapping | undefined {
  const node = read.required('mapping');
  return node && read.mapping('mapping', node);
}

function readFieldMapping(read: MapReader): Transformation | undefined {
  const node = read.required('mapping');
  const mapping = node && read.mapping('mapping', node);
  if (node?.kind !== 'map' || mapping === undefined) return undefined;
  // A null key stands for keywords. The reader gives keys as text, so the file itself is asked.
  let keywords: readonly string[] | undefined;
  for (const [name, { key }] of node.entries) {
    if (!/^(?:null|Null|NULL|~|)$/.test(name)) continue;
    if (/["']/.test(read.source.charAt(key))) continue;
    keywords = mapping.get(name);
    mapping.delete(name);
  }
  return { type: 'field_name_mapping', mapping, ...(keywords === undefined ? {} : { keywords }) };
}

function readPlaceholders(
  read: MapReader,
  type: PlaceholderTransformation['type'],
): PlaceholderTransformation | undefined {
  const include = read.texts('include');
  const exclude = read.texts('exclude');
  if (read.has('include') && read.has('exclude')) {
    return read.error(read.keyPlace('exclude'), '"include" and "exclude" exclude each other');
  }
  return {
    type,
    ...(include === undefined ? {} : { include: new Set(include) }),
    ...(exclude === undefined ? {} : { exclude: new Set(exclude) }),
  };
}

function readAddCondition(read: MapReader): Transformation | undefined {
  const node = read.required('conditions');
  const name = read.text('name');
  const template = read.flag('template');
  const negated = read.flag('negated');
  if (name !== undefined && !/^[^\s()|*]+$/.test(name)) {
    return read.error(read.node('name') ?? read.map, `"${name}" cannot be the name of a search identifier`);
  }
  if (node === undefined) return undefined;
  if (node.kind !== 'map') return read.error(node, `"conditions" must be a map, not ${kindOf(node)}`);
  const detection = readDetection(read, node);
  return (
    detection && {
      type: 'add_condition',
      detection,
      ...(name === undefined ? {} : { name }),
      template,
      negated,
    }
  );
}

/** Fields, modifiers and values are read the way those of a rule are. */
function readDetection(read: MapReader, node: YamlMap): Detection | undefined {
  const place = { line: node.line, column: node.column };
  const name = 'conditions';
  const section: YamlMap = {
    kind: 'map',
    ...place,
    entries: new Map([
      [name, { key: place, value: node }],
      ['condition', { key: place, value: { kind: 'scalar', value: name, style: 'plain', ...place } }],
    ]),
  };
  const found = new Problems();
  const { detections } = readDetections(
    new DocumentReader(read.source.file, found),
    section,
    new Set(['condition']),
  );
  for (const { severity, at, message } of found.list) {
    if (severity === 'error') read.source.problems.error('pipeline', at, message);
    else read.source.problems.warning('pipeline', at, message);
  }
  return found.failed ? undefined : detections.get(name);
}

function readReplaceString(read: MapReader): Transformation | undefined {
  const regex = read.requiredRegex('regex');
  const text = read.requiredText('replacement');
  const skipSpecial = read.flag('skip_special');
  const interpretSpecial = read.flag('interpret_special');
  const replacement = regex && text !== undefined ? template(read, text, regex) : undefined;
  return (
    regex && replacement && { type: 'replace_string', regex, replacement, skipSpecial, interpretSpecial }
  );
}

function template(read: MapReader, text: string, regex: LinearRegex): Template | undefined {
  try {
    return parseTemplate(text, regex);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return read.error(read.node('replacement') ?? read.map, `"replacement" cannot be used: ${message}`);
  }
}

function readSetValue(read: MapReader): Transformation | undefined {
  const node = read.required('value');
  const force = read.choice('force_type', ['str', 'num']);
  if (node === undefined) return undefined;
  if (node.kind !== 'scalar') return read.error(node, `"value" must be a single value, not ${kindOf(node)}`);
  const { value } = node;
  if (force === undefined) return { type: 'set_value', value };
  if (value === null) return read.error(node, '"force_type" cannot be used with null');
  if (force === 'str') return { type: 'set_value', value: scalarText(value) };
  const number = scalarNumber(value);
  if (number === undefined) return read.error(node, `"${String(value)}" is no number`);
  return { type: 'set_value', value: number };
}
