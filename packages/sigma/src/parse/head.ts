/** What every document has: title, id, level and the rest. Source: specification 2.1.0, "Components". */
import type { Level, LogSource, RuleHead, Status } from '../rule.js';
import { toData, type YamlMap } from '../yaml.js';
import type { DocumentReader } from './reader.js';

const statuses: readonly string[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const levels: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical'];
const datePattern = /^\d{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12]\d|3[01])$/;
const relations: readonly string[] = ['derived', 'obsolete', 'merged', 'renamed', 'similar', 'correlation'];

const known: ReadonlySet<string> = new Set([
  'title',
  'id',
  'name',
  'related',
  'taxonomy',
  'status',
  'description',
  'license',
  'references',
  'author',
  'date',
  'modified',
  'logsource',
  'detection',
  'correlation',
  'filter',
  'fields',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'generate',
  'action',
]);

export function readHead(read: DocumentReader, map: YamlMap): RuleHead {
  const title = read.text(map, 'title');
  if (title === undefined || title.trim() === '') {
    const entry = map.entries.get('title');
    read.error('missing', entry?.key ?? map, entry === undefined ? '"title" is missing' : '"title" is empty');
  } else if (title.length > 256) {
    read.warning('style', map.entries.get('title')?.value ?? map, 'the title is longer than 256 characters');
  }
  const custom = new Map<string, unknown>();
  for (const [key, entry] of map.entries) if (!known.has(key)) custom.set(key, toData(entry.value));

  const id = read.text(map, 'id');
  const name = read.text(map, 'name');
  const description = read.text(map, 'description');
  const author =
    map.entries.get('author')?.value.kind === 'list'
      ? read.texts(map, 'author').join(', ')
      : read.text(map, 'author');
  const license = read.text(map, 'license');
  const taxonomy = read.text(map, 'taxonomy');
  const date = readDate(read, map, 'date');
  const modified = readDate(read, map, 'modified');
  const status = readWord(read, map, 'status', statuses) as Status | undefined;
  const level = readWord(read, map, 'level', levels) as Level | undefined;
  return {
    title: title ?? '',
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(author !== undefined && { author }),
    ...(license !== undefined && { license }),
    ...(taxonomy !== undefined && { taxonomy }),
    ...(date !== undefined && { date }),
    ...(modified !== undefined && { modified }),
    ...(status !== undefined && { status }),
    ...(level !== undefined && { level }),
    references: read.texts(map, 'references'),
    tags: read.texts(map, 'tags'),
    falsepositives: read.texts(map, 'falsepositives'),
    fields: read.texts(map, 'fields'),
    related: readRelated(read, map),
    custom,
    at: read.at(map.entries.get('title')?.key ?? map),
  };
}

function readWord(
  read: DocumentReader,
  map: YamlMap,
  key: string,
  allowed: readonly string[],
): string | undefined {
  const text = read.text(map, key);
  if (text === undefined) return undefined;
  const word = text.toLowerCase();
  if (allowed.includes(word)) return word;
  read.error(
    'value',
    map.entries.get(key)?.value ?? map,
    `"${text}" is no ${key}: one of ${allowed.join(', ')} is`,
  );
  return undefined;
}

/** The old form with slashes is common in published rules: taken, and said. */
function readDate(read: DocumentReader, map: YamlMap, key: string): string | undefined {
  const text = read.text(map, key);
  if (text === undefined) return undefined;
  const dashed = text.replaceAll('/', '-');
  if (!datePattern.test(dashed)) {
    read.warning('value', map.entries.get(key)?.value ?? map, `"${text}" is no date: YYYY-MM-DD is`);
    return undefined;
  }
  if (dashed !== text) {
    read.warning('deprecated', map.entries.get(key)?.value ?? map, 'dates are written YYYY-MM-DD');
  }
  return dashed;
}

function readRelated(read: DocumentReader, map: YamlMap): { id: string; type: string }[] {
  const entry = map.entries.get('related');
  if (entry === undefined) return [];
  const out: { id: string; type: string }[] = [];
  for (const item of entry.value.kind === 'list' ? entry.value.items : [entry.value]) {
    if (item.kind !== 'map') {
      read.warning('type', item, '"related" holds maps of "id" and "type"');
      continue;
    }
    const id = read.text(item, 'id');
    const type = read.text(item, 'type');
    if (id === undefined || type === undefined)
      read.warning('missing', item, '"related" needs "id" and "type"');
    else {
      if (!relations.includes(type)) read.warning('value', item, `"${type}" is no kind of relation`);
      out.push({ id, type });
    }
  }
  return out;
}

/** Source: specification 2.1.0, "LogSource". */
export function readLogSource(read: DocumentReader, map: YamlMap): LogSource | undefined {
  const source = read.map(map, 'logsource');
  if (source === undefined) return undefined;
  const out: { category?: string; product?: string; service?: string } = {};
  const custom = new Map<string, string>();
  for (const [key, entry] of source.entries) {
    const text = read.text(source, key);
    if (text === undefined || key === 'definition') continue;
    if (key === 'category' || key === 'product' || key === 'service') {
      const lower = text.toLowerCase();
      if (lower !== text) read.warning('style', entry.value, `"${key}" is written in lower case`);
      out[key] = lower;
    } else custom.set(key, text);
  }
  if (Object.keys(out).length === 0 && custom.size === 0) {
    read.error('missing', source, '"logsource" needs a category, product or service');
    return undefined;
  }
  return { ...out, custom };
}
