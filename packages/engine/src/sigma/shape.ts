import type { Connector, RecordShape } from '../content/connector.js';

/**
 * What is known of the form of a source's records: names as the vendor spells them, and which of them hold lists. From
 * the connector, from the field map, and from records of the lake. Rules spell fields in any case, and need not know
 * where a list is crossed.
 */
export interface Shape {
  /** Lower-case name → every spelling, with what is beneath it. */
  readonly children: Map<string, { name: string; shape: Shape }[]>;
  /** Some value here is a list. */
  list: boolean;
  /** Some record of the lake has it. */
  seen: boolean;
}

/** One step of a path: a key, and whether a list may stand there whose elements the path goes on in. */
export interface Step {
  readonly key: string;
  readonly list: boolean;
}

export function emptyShape(): Shape {
  return { children: new Map(), list: false, seen: false };
}

function child(shape: Shape, name: string): Shape {
  const key = name.toLowerCase();
  let spellings = shape.children.get(key);
  if (spellings === undefined) {
    spellings = [];
    shape.children.set(key, spellings);
  }
  let found = spellings.find((spelling) => spelling.name === name);
  if (found === undefined) {
    found = { name, shape: emptyShape() };
    spellings.push(found);
  }
  return found.shape;
}

/** Adds `a.b[].c`. */
export function addPath(shape: Shape, path: string): void {
  let at = shape;
  for (const part of path.split('.')) {
    const list = part.endsWith('[]');
    at = child(at, list ? part.slice(0, -2) : part);
    if (list) at.list = true;
  }
}

/** Adds what a connector reads. */
export function addConnector(shape: Shape, connector: Connector): void {
  if (connector.format === 'table') return;
  const add = (at: Shape, form: RecordShape): void => {
    if (typeof form === 'string') return;
    if (Array.isArray(form)) {
      at.list = true;
      add(at, form[0] as RecordShape);
      return;
    }
    for (const [name, inside] of Object.entries(form)) add(child(at, name), inside);
  };
  add(shape, connector.record);
}

/** Deeper or wider than this nothing is learnt: hostile records end here. */
const maxDepth = 12;
const maxNames = 20_000;

/** Adds the names of records. Returns how many were new. */
export function addRecords(shape: Shape, records: Iterable<unknown>): number {
  let added = 0;
  const add = (at: Shape, value: unknown, depth: number): void => {
    at.seen = true;
    if (depth === 0 || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      at.list = true;
      for (const element of value.slice(0, 100)) add(at, element, depth - 1);
      return;
    }
    for (const [name, inside] of Object.entries(value)) {
      if (added >= maxNames) return;
      if (!at.children.get(name.toLowerCase())?.some((spelling) => spelling.name === name)) added++;
      add(child(at, name), inside, depth - 1);
    }
  };
  for (const record of records) add(shape, record, maxDepth);
  return added;
}

/** Spellings looked at for one field; beyond it the first in order. */
const maxSpellings = 8;

/**
 * The paths a field name may mean in records of this form, the name as one key before the name as a path; empty where
 * nothing of the kind is known.
 */
export function spellings(shape: Shape, field: string): readonly (readonly Step[])[] {
  const found: Step[][] = [];
  const named = (at: Shape, name: string) =>
    [...(at.children.get(name.toLowerCase()) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = field.split('.');
  if (parts.length > 1) for (const { name } of named(shape, field)) found.push([{ key: name, list: false }]);
  const follow = (at: Shape, from: number, steps: readonly Step[]): void => {
    if (found.length >= maxSpellings) return;
    const part = parts[from];
    if (part === undefined) {
      found.push([...steps]);
      return;
    }
    // One element of a list: what stands in all of them is known of each.
    const [, bare = part, index = ''] = /^(.+?)((?:\[-?\d{1,9}\])+)$/.exec(part) ?? [];
    for (const { name, shape: inside } of named(at, bare))
      follow(inside, from + 1, [...steps, { key: name + index, list: inside.list && index === '' }]);
  };
  follow(shape, 0, []);
  return found;
}

/** Whether some record of the lake has something at the path. */
export function wasSeen(shape: Shape, path: string): boolean {
  let at: readonly Shape[] = [shape];
  for (const part of path.toLowerCase().split('.'))
    at = at.flatMap((one) => (one.children.get(part) ?? []).map((spelling) => spelling.shape));
  return at.some((one) => one.seen);
}

/** The same without anything known: the name as one key, then as a path. */
export function literalSpellings(field: string): readonly (readonly Step[])[] {
  const whole = [{ key: field, list: false }];
  const parts = field.split('.');
  return parts.length === 1 ? [whole] : [whole, parts.map((key) => ({ key, list: false }))];
}
