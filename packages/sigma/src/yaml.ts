/**
 * Reads YAML into a small tree that knows the place of every node. Most rule files use a plain part of YAML,
 * which `yaml-plain.ts` reads several times faster; everything else goes through the `yaml` library. Both
 * give the same tree (tested on generated and real files), under the same bounds.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Location, Problems } from './errors.js';
import { readPlainYaml } from './yaml-plain.js';

/** Line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap extends Place {
  readonly kind: 'map';
  /** In the order written; keys are unique. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export interface YamlEntry {
  readonly key: Place;
  readonly value: YamlNode;
}

export interface YamlList extends Place {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlScalar extends Place {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** How it is written; column of `conditions` and the like can be told only for these two. */
  readonly style: 'plain' | 'quoted' | 'block';
}

/** Larger files are refused. */
export const maxYamlBytes = 4 * 1024 * 1024;
/** Deeper nesting is refused. */
export const maxYamlDepth = 64;
/** Errors told of one document: one slip can make hundreds. */
const maxYamlErrors = 20;
/** More nodes than this, aliases counted at every use, are refused. */
export const maxYamlNodes = 200_000;

/**
 * The documents of a file. Problems (with places) go to `problems`; a file that is not YAML gives none.
 * Empty documents are left out.
 */
export function readYaml(file: string, text: string, problems: Problems): readonly YamlNode[] {
  if (text.length > maxYamlBytes) {
    problems.error('limit', { file, line: 1, column: 1 }, `larger than ${maxYamlBytes} characters`);
    return [];
  }
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return readPlainYaml(clean) ?? readAnyYaml(file, clean, problems);
}

/** The slow way, through the library: all of YAML 1.2. */
export function readAnyYaml(file: string, text: string, problems: Problems): readonly YamlNode[] {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    // The library is recursive: nesting without end overflows its stack.
    problems.error(
      'limit',
      { file, line: 1, column: 1 },
      `cannot be read as YAML: ${(error as Error).message}`,
    );
    return [];
  }
  const out: YamlNode[] = [];
  if (!Array.isArray(documents)) return out;
  for (const document of documents) {
    if (document.errors.length > 0) {
      for (const error of document.errors.slice(0, maxYamlErrors)) {
        problems.error('yaml', { file, ...place(error.pos[0]) }, firstLine(error.message));
      }
      continue;
    }
    if (document.contents === null) continue;
    // The library looks for an anchor through the whole document, and an alias bomb asks for few of them very often.
    const meant = new Map<Node, Node | undefined>();
    const resolve = (node: Node): Node | undefined => {
      if (!isAlias(node)) return node;
      if (!meant.has(node)) meant.set(node, node.resolve(document) as Node | undefined);
      return meant.get(node);
    };
    const node = convert(document.contents as Node, 0, {
      file,
      place,
      problems,
      resolve,
      nodes: 0,
    });
    if (node !== undefined) out.push(node);
  }
  return out;
}

interface Conversion {
  readonly file: string;
  readonly place: (offset: number) => Place;
  readonly problems: Problems;
  readonly resolve: (node: Node) => Node | undefined;
  nodes: number;
}

function convert(written: Node, depth: number, to: Conversion): YamlNode | undefined {
  const at = to.place(written.range?.[0] ?? 0);
  const refuse = (code: 'yaml' | 'limit', message: string): undefined => {
    to.problems.error(code, { file: to.file, ...at }, message);
  };
  if (depth > maxYamlDepth) return refuse('limit', `nested deeper than ${maxYamlDepth}`);
  if (++to.nodes > maxYamlNodes) {
    // Said once: every node after the bound would say it again.
    return to.nodes === maxYamlNodes + 1 ? refuse('limit', `more than ${maxYamlNodes} nodes`) : undefined;
  }
  const node = to.resolve(written);
  if (node === undefined) return refuse('yaml', 'an alias without its anchor');
  if (isMap(node)) {
    const entries = new Map<string, YamlEntry>();
    for (const { key, value } of node.items) {
      const name = key === null ? undefined : to.resolve(key as Node);
      if (!isScalar(name)) {
        refuse('yaml', 'a key must be a plain word');
        continue;
      }
      const text = typeof name.value === 'string' ? name.value : (name.source ?? String(name.value));
      const keyAt = to.place((key as Node).range?.[0] ?? 0);
      if (entries.has(text)) {
        to.problems.error('duplicate', { file: to.file, ...keyAt }, `the key "${text}" stands twice`);
        continue;
      }
      const entry =
        value === null
          ? ({ kind: 'scalar', value: null, style: 'plain', ...keyAt } as const)
          : convert(value as Node, depth + 1, to);
      if (entry !== undefined) entries.set(text, { key: keyAt, value: entry });
    }
    return { kind: 'map', entries, ...at };
  }
  if (isSeq(node)) {
    const items: YamlNode[] = [];
    for (const item of node.items) {
      const child = convert(item as Node, depth + 1, to);
      if (child !== undefined) items.push(child);
      else if (to.nodes > maxYamlNodes) return undefined;
    }
    return { kind: 'list', items, ...at };
  }
  if (!isScalar(node)) return refuse('yaml', 'neither a map, a list nor a value');
  const style = node.type === 'PLAIN' ? 'plain' : node.type?.startsWith('QUOTE') ? 'quoted' : 'block';
  const { value } = node;
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === null
  ) {
    return { kind: 'scalar', value, style, ...at };
  }
  return { kind: 'scalar', value: node.source ?? String(value), style, ...at };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}

/** The node as plain data: for custom attributes. Maps become objects without a prototype. */
export function toData(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toData);
  const out: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of node.entries) out[key] = toData(entry.value);
  return out;
}

/** A node's place in its file. */
export function locate(file: string, place: Place): Location {
  return { file, line: place.line, column: place.column };
}
