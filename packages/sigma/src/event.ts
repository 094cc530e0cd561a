/**
 * How a field name finds values in a record. One meaning for every target:
 *
 * 1. A key of the record spelled exactly like the field wins (`{"a.b": 1}` for `a.b`).
 * 2. Otherwise the name is a path: dots go into objects, `[n]` picks one element of an array (from the end
 *    when negative).
 * 3. A path that meets an array goes on in each of its elements, so `target.id` reads the `id` of every
 *    element of `target`. Each test is answered by any one of these values; two tests of one rule may be
 *    answered by different elements.
 * 4. What stands at the end of a path is a terminal. Arrays at the end count element by element. Objects are
 *    no values.
 */

/** A parsed JSON record. */
export type Event = Readonly<Record<string, unknown>>;

/** A value tests can look at. */
export type Scalar = string | number | boolean;

/** What a field holds: `present` when a path ended anywhere, `empty` when it ended only in nulls or nowhere. */
export interface FieldValues {
  readonly present: boolean;
  readonly empty: boolean;
  readonly values: readonly Scalar[];
}

/** Deeper than this nothing is looked at: hostile records end here. */
export const maxDepth = 64;

export type PathStep = string | number;

/** Splits a field name into steps; `undefined` for a name that can only be a plain key. */
export function parsePath(field: string): readonly PathStep[] | undefined {
  if (!/[.[]/.test(field)) return undefined;
  const steps: PathStep[] = [];
  for (const segment of field.split('.')) {
    const match = /^([^[\]]*)((?:\[-?\d{1,9}\])+)$/.exec(segment);
    if (match === null) {
      steps.push(segment);
      continue;
    }
    if (match[1] !== '') steps.push(match[1] as string);
    for (const index of (match[2] as string).matchAll(/-?\d+/g)) steps.push(Number(index[0]));
  }
  return steps;
}

/** Own properties only: `constructor` or `__proto__` in a rule must not reach the prototype. */
export function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

const absent: FieldValues = { present: false, empty: true, values: [] };

/** Reads one field of a record. The plain, slow way; the matcher has its own, tested against this one. */
export function readField(event: Event, field: string): FieldValues {
  const terminals: unknown[] = [];
  if (Object.hasOwn(event, field)) terminals.push(event[field]);
  else {
    const path = parsePath(field);
    if (path === undefined) return absent;
    follow(event, path, 0, maxDepth, terminals);
  }
  if (terminals.length === 0) return absent;
  const values: Scalar[] = [];
  for (const terminal of terminals) collectScalars(terminal, maxDepth, values);
  return { present: true, empty: terminals.every((terminal) => terminal === null), values };
}

function follow(at: unknown, path: readonly PathStep[], step: number, depth: number, out: unknown[]): void {
  if (depth === 0) return;
  const key = path[step];
  if (key === undefined) {
    out.push(at);
    return;
  }
  if (Array.isArray(at)) {
    if (typeof key === 'number') {
      const index = key < 0 ? at.length + key : key;
      if (index >= 0 && index < at.length) follow(at[index], path, step + 1, depth - 1, out);
    } else for (const element of at) follow(element, path, step, depth - 1, out);
  } else if (typeof key === 'string' && typeof at === 'object' && at !== null && Object.hasOwn(at, key)) {
    follow((at as Record<string, unknown>)[key], path, step + 1, depth - 1, out);
  }
}

/** The scalars of a terminal: itself, or the elements of an array at any depth. */
export function collectScalars(at: unknown, depth: number, out: Scalar[]): void {
  if (typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean') out.push(at);
  else if (Array.isArray(at) && depth > 0) for (const element of at) collectScalars(element, depth - 1, out);
}

/** Every scalar of a record at any depth, in the order it is written: what keywords are sought in. */
export function allScalars(at: unknown, out: Scalar[] = [], depth: number = maxDepth): Scalar[] {
  if (typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean') out.push(at);
  else if (depth > 0 && typeof at === 'object' && at !== null) {
    for (const value of Object.values(at)) allScalars(value, out, depth - 1);
  }
  return out;
}

/** The text a scalar is compared by. */
export function scalarText(value: Scalar): string {
  return typeof value === 'string' ? value : String(value);
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number a scalar is compared as, or `undefined`. Text must be a plain decimal number. */
export function scalarNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' || value.length > 400 || !decimal.test(value)) return undefined;
  return Number(value);
}
