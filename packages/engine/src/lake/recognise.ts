import type { Connector, JsonRecognition, TableConnector } from '../content/connector.js';
import type { Shape } from './shape.js';
import { splitRow } from './shape.js';

/** Transports wrap records in envelopes; these are looked into for every connector. */
const commonEnvelopes = [
  '',
  '_raw',
  'result._raw',
  'message',
  'event.original',
  'event',
  'detail',
  'record',
  '_source',
  'raw',
  'body',
  'data',
  'log',
  'payload',
];

/** A file's connector, and how its records are to be taken out. */
export type Recognition =
  | { kind: 'json'; connector: Connector; envelope: string; share: number }
  | { kind: 'zeek'; connector: Connector }
  | {
      kind: 'table';
      connector: Connector;
      columns: Record<string, string>;
      headerLine: number;
      share: number;
    }
  | { kind: 'none'; nearest?: string; why: string };

/** Which connector a sample of JSON records belongs to. */
export function recogniseRecords(records: unknown[], connectors: readonly Connector[]): Recognition {
  let best: { connector: Connector; envelope: string; hits: number } | undefined;
  const misses: { id: string; score: number; why: string }[] = [];
  const insides = new Map<string, unknown[]>([['', records]]);
  const inside = (envelope: string) => {
    const known = insides.get(envelope) ?? records.map((record) => opened(record, envelope));
    insides.set(envelope, known);
    return known;
  };
  for (const connector of connectors) {
    if (connector.format === 'table') continue;
    const variants = Array.isArray(connector.recognise) ? connector.recognise : [connector.recognise];
    const envelopes =
      connector.format === 'json'
        ? [...new Set([...connector.envelopes, ...commonEnvelopes])]
        : commonEnvelopes;
    for (const envelope of envelopes) {
      const inner = inside(envelope);
      if (inner.every((value) => value === undefined)) continue;
      const hits = inner.filter((record) =>
        variants.some((variant) => unmet(record, variant) === undefined),
      ).length;
      if (hits > (best?.hits ?? 0)) best = { connector, envelope, hits };
      if (envelope === '' && hits === 0) misses.push(nearMiss(connector.id, records[0], variants));
    }
  }
  if (best && best.hits * 2 >= records.length) {
    return {
      kind: 'json',
      connector: best.connector,
      envelope: best.envelope,
      share: best.hits / records.length,
    };
  }
  if (best) {
    return {
      kind: 'none',
      nearest: best.connector.id,
      why: `only ${best.hits} of the first ${records.length} records look like it`,
    };
  }
  const nearest = misses.sort((a, b) => b.score - a.score || a.id.localeCompare(b.id))[0];
  const keys = Object.keys(Object(records[0]) as object)
    .slice(0, 8)
    .join(', ');
  // One key in common (an `id`) is no likeness.
  return nearest && nearest.score >= 0.5
    ? { kind: 'none', nearest: nearest.id, why: nearest.why }
    : { kind: 'none', why: `no connector knows records with the keys ${keys || '(none)'}` };
}

/** The value inside an envelope: at a dotted path, parsed where it is JSON in a string. */
function opened(record: unknown, envelope: string): unknown {
  const value = at(record, envelope);
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** The value at a dotted path; a key that itself holds dots is tried first. `undefined` where there is none. */
export function at(value: unknown, path: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const head = path.slice(0, dot);
  if (!Object.hasOwn(value, head)) return undefined;
  return at((value as Record<string, unknown>)[head], path.slice(dot + 1));
}

const patterns = new Map<string, RegExp>();
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

function unmet(record: unknown, rule: JsonRecognition): string | undefined {
  const missing = rule.has.find((path) => at(record, path) === undefined);
  if (missing) return `it has no "${missing}"`;
  if (rule.any.length > 0 && rule.any.every((path) => at(record, path) === undefined))
    return `it has none of ${rule.any.join(', ')}`;
  const barred = rule.not.find((path) => at(record, path) !== undefined);
  if (barred) return `it has "${barred}"`;
  for (const [path, pattern] of Object.entries(rule.match)) {
    const value = at(record, path);
    if (!compiled(pattern).test(String(value ?? ''))) return `its "${path}" is not of the expected form`;
  }
  return undefined;
}

function nearMiss(
  id: string,
  record: unknown,
  variants: JsonRecognition[],
): { id: string; score: number; why: string } {
  let best = { id, score: 0, why: '' };
  for (const variant of variants) {
    const present = variant.has.filter((path) => at(record, path) !== undefined).length;
    const score = present / variant.has.length;
    if (score > best.score) best = { id, score, why: unmet(record, variant) ?? '' };
  }
  return best;
}

/** Header cells compared without case, spaces and punctuation. */
const headerKeys = new Map<string, string>();
export function headerKey(text: string): string {
  const known = headerKeys.get(text);
  if (known !== undefined) return known;
  const key = text
    .normalize('NFKC')
    .replace(/\(.*?\)/g, '')
    .replace(/[#№]/g, 'no')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  if (headerKeys.size < 10_000) headerKeys.set(text, key);
  return key;
}

/** Which table connector a header row belongs to: the one that knows most of its columns. */
export function recogniseTable(
  shape: Extract<Shape, { kind: 'table' }>,
  connectors: readonly Connector[],
): Recognition {
  let best:
    | {
        connector: Connector;
        columns: Record<string, string>;
        headerLine: number;
        score: number;
        known: number;
        cells: number;
      }
    | undefined;
  let near: { id: string; why: string; known: number } | undefined;
  const rows = shape.lines.slice(0, 20);
  for (const [index, line] of rows.entries()) {
    const cells = splitRow(line, shape.delimiter);
    if (cells.length < 2) continue;
    for (const connector of connectors) {
      if (connector.format !== 'table') continue;
      const { columns, missing, barred, weight } = matchColumns(cells, connector);
      const known = Object.keys(columns).length;
      if (missing || barred) {
        const why = missing ? `no column for ${missing} among: ` : `it also has "${barred}": `;
        if (known > 0 && known > (near?.known ?? 0)) near = { id: connector.id, why, known };
        continue;
      }
      if (weight > (best?.score ?? 0))
        best = { connector, columns, headerLine: index, score: weight, known, cells: cells.length };
    }
  }
  if (best && best.known >= 2) {
    return {
      kind: 'table',
      connector: best.connector,
      columns: best.columns,
      headerLine: best.headerLine,
      share: best.known / best.cells,
    };
  }
  const header = splitRow(rows.find((line) => line.trim()) ?? '', shape.delimiter).slice(0, 8);
  // A file without a header begins with somebody's record, and that is not repeated.
  const told = header.some(isValue) ? 'its first line holds values, not names of columns' : header.join(', ');
  return near
    ? { kind: 'none', nearest: near.id, why: `${near.why}${told}` }
    : { kind: 'none', why: told === header.join(', ') ? `no connector knows the columns: ${told}` : told };
}

/** What stands in no name of a column: an address, a number, a date, an address of a network, a sentence. */
function isValue(cell: string): boolean {
  const text = cell.trim();
  return text.length > 60 || /[@[\]{}<>]|\d{4,}|\d+[.:]\d+[.:]\d|\d\d?[:/.]\d\d|^[+-]?[\d.,]+$/.test(text);
}

/** Connector columns found among header cells: column → the header as the file writes it. */
export function matchColumns(
  cells: readonly string[],
  connector: TableConnector,
): { columns: Record<string, string>; missing?: string; barred?: string; weight: number } {
  const byKey = new Map<string, string>();
  for (const cell of cells) if (cell && !byKey.has(headerKey(cell))) byKey.set(headerKey(cell), cell);
  const columns: Record<string, string> = {};
  let weight = 0;
  const taken = new Set<string>();
  for (const [column, definition] of Object.entries(connector.columns)) {
    for (const name of [column, ...definition.names]) {
      const cell = byKey.get(headerKey(name));
      if (cell !== undefined && !taken.has(cell)) {
        columns[column] = cell;
        taken.add(cell);
        weight += definition.telling ? 2 : 1;
        break;
      }
    }
  }
  const absent = Object.entries(connector.columns).find(
    ([column, definition]) => definition.required && !(column in columns),
  );
  if (absent) return { columns, missing: absent[0], weight };
  const group = connector.one_of.find((names) => names.every((name) => !(name in columns)));
  if (group) return { columns, missing: group.join(' or '), weight };
  const barred = connector.not.find((name) => byKey.has(headerKey(name)));
  if (barred) return { columns, barred: byKey.get(headerKey(barred)) as string, weight };
  return { columns, weight };
}
