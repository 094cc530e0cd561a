import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { Connector } from '../content/connector.js';
import { RollcallError } from '../model/errors.js';
import { type Head, message, readHead } from './bytes.js';
import { matchColumns, type Recognition, recogniseRecords, recogniseTable } from './recognise.js';
import { type Shape, shapeOf, splitRow } from './shape.js';

/** Ending of the small file beside an export that says how its columns are to be read. */
export const mappingSuffix = '.rollcall.yml';

export interface SourceFile {
  path: string;
  /** As shown: relative to the scanned folder, with forward slashes. */
  name: string;
  bytes: number;
  head: Head;
  shape: Shape;
  recognition: Recognition;
}

const mappingFileSchema = z.strictObject({
  connector: z.string(),
  /** Column of the connector → header or key in the file. */
  columns: z.record(z.string(), z.string()).optional(),
  /** For records that are JSON: where in each record the connector's own stands; empty where it is the record itself. */
  envelope: z.string().optional(),
});

/** All files below a folder (or the one file named), each with what it was recognised as; sorted by name. */
export async function discover(folder: string, connectors: readonly Connector[]): Promise<SourceFile[]> {
  const info = await stat(folder).catch(() => undefined);
  if (!info) throw new RollcallError('FOLDER_MISSING', `${folder} does not exist`);
  const paths = info.isFile() ? [folder] : await walk(folder);
  const files: SourceFile[] = [];
  // A few at a time: their first bytes are unpacked meanwhile, and memory stays small.
  for (let from = 0; from < paths.length; from += 4) {
    const some = paths.slice(from, from + 4).map((path) => {
      const name = info.isFile() ? basename(path) : relative(folder, path).split(sep).join('/');
      return look(path, name, connectors);
    });
    files.push(...(await Promise.all(some)));
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function walk(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    // Links are not followed: a folder of exports must not reach outside itself.
    if (entry.isDirectory()) found.push(...(await walk(path)));
    else if (entry.isFile() && !entry.name.endsWith(mappingSuffix)) found.push(path);
  }
  return found;
}

/** What one file is. Never throws for what the file holds. */
export async function look(
  path: string,
  name: string,
  connectors: readonly Connector[],
): Promise<SourceFile> {
  let bytes = 0;
  let head: Head;
  try {
    bytes = (await stat(path)).size;
    head = await readHead(path);
  } catch (error) {
    const why = `it cannot be read: ${message(error)}`;
    head = { compression: 'none', encoding: 'utf-8', text: '', complete: false, refusal: why };
  }
  const shape = head.refusal ? ({ kind: 'text', why: head.refusal } as const) : shapeOf(head);
  const own = await ownMapping(path, shape, connectors);
  if (own?.kind === 'json') {
    // What it is was said: one record is not taken for a document that wraps others.
    const single = shape.kind === 'document' && shape.path.length > 0;
    return { path, name, bytes, head, shape: single ? { kind: 'objects' } : shape, recognition: own };
  }
  const settled = settle(head, shape, connectors);
  return { path, name, bytes, head, shape: settled.shape, recognition: own ?? settled.recognition };
}

function settle(
  head: Head,
  shape: Shape,
  connectors: readonly Connector[],
): { shape: Shape; recognition: Recognition } {
  const none = (why: string) => ({ shape, recognition: { kind: 'none' as const, why } });
  switch (shape.kind) {
    case 'empty':
      return none('it is empty');
    case 'text':
      return none(shape.why);
    case 'zeek': {
      const connector = connectors.find((c) => c.format === 'zeek' && c.path === shape.path);
      return connector
        ? { shape, recognition: { kind: 'zeek', connector } }
        : none(`a Zeek "${shape.path}" log, which no connector reads`);
    }
    case 'table':
      return { shape, recognition: recogniseTable(shape, connectors) };
    default: {
      // A single record that itself holds a list looks like a wrapper: whichever reading is recognised wins.
      const readings: Shape[] =
        shape.kind === 'document' && shape.path.length > 0 ? [{ kind: 'objects' }, shape] : [shape];
      let first: { shape: Shape; recognition: Recognition } | undefined;
      for (const reading of readings) {
        const records = sampleRecords(head.text, reading);
        if (records.length === 0) continue;
        let recognition = recogniseRecords(records, connectors);
        if (recognition.kind === 'none') recognition = recogniseFlat(records, connectors) ?? recognition;
        if (recognition.kind !== 'none') return { shape: reading, recognition };
        first = { shape: reading, recognition };
      }
      return first ?? none('no complete JSON record was found in it');
    }
  }
}

/** Flat JSON objects are tables too: their keys are the headers. */
export function recogniseFlat(records: unknown[], connectors: readonly Connector[]): Recognition | undefined {
  const keys = new Set<string>();
  for (const record of records) for (const key of flatKeys(record)) keys.add(key);
  const cells = [...keys];
  let best: { recognition: Recognition; weight: number } | undefined;
  for (const connector of connectors) {
    if (connector.format !== 'table') continue;
    const { columns, missing, barred, weight } = matchColumns(cells, connector);
    const known = Object.keys(columns).length;
    if (missing || barred || known < 2 || weight <= (best?.weight ?? 0)) continue;
    best = {
      recognition: { kind: 'table', connector, columns, headerLine: 0, share: known / cells.length },
      weight,
    };
  }
  return best?.recognition;
}

function flatKeys(record: unknown): string[] {
  if (record === null || typeof record !== 'object') return [];
  return Object.entries(record).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.keys(value).map((inner) => `${key}.${inner}`)
      : [key],
  );
}

/** Records looked at before a file is put down to a connector. */
const sampled = 25;

/** The first records of the head, parsed. */
export function sampleRecords(text: string, shape: Shape): unknown[] {
  const records: unknown[] = [];
  const add = (source: string) => {
    try {
      const value: unknown = JSON.parse(source);
      if (value !== null && typeof value === 'object' && !Array.isArray(value)) records.push(value);
    } catch {
      // A damaged record says nothing of what the file is.
    }
  };
  if (shape.kind === 'ndjson') {
    for (const line of text.split('\n')) {
      if (records.length >= sampled) break;
      if (line.trim()) add(line);
    }
    return records;
  }
  for (const source of objectsIn(text, shape.kind === 'document' ? shape.path : [])) {
    add(source);
    if (records.length >= sampled) break;
  }
  return records;
}

/** Source texts of the objects at a path of a JSON document, as far as the text goes. */
function* objectsIn(text: string, path: string[]): Generator<string> {
  const stack: { array: boolean; key: string }[] = [];
  let key = '';
  let start = -1;
  let startDepth = 0;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (ch === '"') {
      const from = i + 1;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      if (start < 0) key = text.slice(from, i);
    } else if (ch === '{' || ch === '[') {
      const here =
        path.length === 0
          ? stack.length === 0 || (stack.length === 1 && stack[0]?.array)
          : stack.length === path.length + 1 &&
            stack.at(-1)?.array &&
            path.every((k, n) => stack[n + 1]?.key === k);
      if (start < 0 && ch === '{' && here) {
        start = i;
        startDepth = stack.length;
      }
      stack.push({ array: ch === '[', key });
      key = '';
    } else if (ch === '}' || ch === ']') {
      stack.pop();
      if (start >= 0 && stack.length === startDepth) {
        yield text.slice(start, i + 1);
        start = -1;
      }
    }
  }
}

/** The user's own mapping beside a file, where there is one. */
async function ownMapping(
  path: string,
  shape: Shape,
  connectors: readonly Connector[],
): Promise<Recognition | undefined> {
  const mappingPath = `${path}${mappingSuffix}`;
  if (!existsSync(mappingPath)) return undefined;
  let value: unknown;
  try {
    value = parseYaml(await readFile(mappingPath, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new RollcallError('MAPPING_INVALID', `${mappingPath}: ${message(error).split('\n')[0]}`);
  }
  const parsed = mappingFileSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RollcallError('MAPPING_INVALID', `${mappingPath}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const connector = connectors.find((c) => c.id === parsed.data.connector);
  const json = ['ndjson', 'document', 'objects'].includes(shape.kind);
  if (connector && connector.format !== 'table' && json && parsed.data.columns === undefined)
    return { kind: 'json', connector, envelope: parsed.data.envelope ?? '', share: 1 };
  if (connector?.format !== 'table') {
    const known = connectors.filter((c) => c.format === 'table').map((c) => c.id);
    throw new RollcallError(
      'MAPPING_INVALID',
      `${mappingPath}: connector must be one of ${known.join(', ')}`,
    );
  }
  const columns: Record<string, string> = {};
  for (const [column, header] of Object.entries(parsed.data.columns ?? {})) {
    if (!(column in connector.columns)) {
      throw new RollcallError('MAPPING_INVALID', `${mappingPath}: ${connector.id} has no column "${column}"`);
    }
    if (header.trim()) columns[column] = header;
  }
  const headers = new Set(Object.values(columns));
  let headerLine = 0;
  if (shape.kind === 'table') {
    headerLine = shape.lines.findIndex((line) =>
      splitRow(line, shape.delimiter).some((cell) => headers.has(cell)),
    );
    if (headerLine < 0)
      throw new RollcallError('MAPPING_INVALID', `${mappingPath}: none of its headers is in ${path}`);
  }
  return { kind: 'table', connector, columns, headerLine, share: 1 };
}
