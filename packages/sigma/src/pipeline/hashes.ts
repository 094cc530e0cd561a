/** `hashes_fields`: a field that lists hashes (`MD5=..,SHA256=..`) becomes one field for each algorithm. */
import type { Detection, DetectionItem, Value } from '../rule.js';
import { group, linkOf } from './items.js';
import type { HashesFields } from './model.js';
import type { Run } from './run.js';
import { placeText, textOf, viewText } from './text.js';

/** Algorithms of hashes written without a name, by the number of their hexadecimal digits. */
const byLength: ReadonlyMap<number, string> = new Map([
  [32, 'MD5'],
  [40, 'SHA1'],
  [64, 'SHA256'],
  [128, 'SHA512'],
]);

/** Digits of a whole hash. */
const lengths: ReadonlyMap<string, number> = new Map([
  ...[...byLength].map(([length, name]): [string, number] => [name, length]),
  ['IMPHASH', 32],
]);

interface Hash {
  readonly field: string | null;
  readonly value: Value;
}

/**
 * Only of the fields the transformation names. Hashes are written `SHA256=..`, `SHA256|..` or alone. Several in one value must all be there. Hashes of
 * algorithms that are not listed are left out, with a warning; of an item that needs all its values nothing
 * can be left out.
 */
export function hashesFields(run: Run, transformation: HashesFields, item: DetectionItem): Detection {
  if (item.field === null || !transformation.fields.has(item.field)) return item;
  if (item.values.some(({ value }) => typeof value !== 'string')) return item;
  const single: Hash[] = [];
  const several: Hash[][] = [];
  const unknown: Value[] = [];
  for (const value of item.values) {
    const text = textOf(value, item.modifiers);
    const view = text === undefined ? '' : viewText(placeText(text, item.modifiers));
    const hashes: Hash[] = [];
    let complete = true;
    for (const piece of view.split(',')) {
      const hash = hashOf(transformation, piece.trim(), value);
      if (hash === undefined) complete = false;
      else hashes.push(hash);
    }
    if (!complete) unknown.push(value);
    else if (hashes.length === 1) single.push(hashes[0] as Hash);
    else several.push(hashes);
  }
  const known = [...transformation.algorithms].join(', ');
  const needsAll = linkOf(item.modifiers) === 'all';
  const nothing = single.length === 0 && several.length === 0;
  for (const { at, value } of unknown) {
    const message = `"${String(value)}" is no hash of ${known}`;
    if (nothing || needsAll) run.error('pipeline', at, message);
    else run.found.warning('pipeline', at, `${message}: left out`);
  }
  if (nothing) return item;
  return build(item, single, several);
}

function hashOf(transformation: HashesFields, piece: string, { at }: Value): Hash | undefined {
  const named = /^\**([^=|]*)[=|](.+)$/.exec(piece);
  const written = named === null ? piece : (named[2] as string).trim();
  const bare = written.replace(/^[*?]+|[*?]+$/g, '');
  const algorithm = named === null ? byLength.get(bare.length) : (named[1] as string).trim().toUpperCase();
  if (algorithm === undefined || !transformation.algorithms.has(algorithm)) return undefined;
  const name = transformation.prefix + (transformation.dropAlgorithm ? '' : algorithm);
  // Around a whole hash wildcards only stand for the rest of the list it was in.
  const value = bare.length === lengths.get(algorithm) ? bare : written;
  // pySigma's way to say that the hash is to be sought everywhere.
  return { field: name === 'keyword' ? null : name, value: { value, at } };
}

function build(
  item: DetectionItem,
  single: readonly Hash[],
  several: readonly (readonly Hash[])[],
): Detection {
  const { modifiers, at } = item;
  const kept = modifiers.filter((name) => name === 'neq' || name === 'cased');
  const link = linkOf(modifiers);
  const byField = new Map<string | null, Value[]>();
  for (const { field, value } of single) {
    const values = byField.get(field);
    if (values === undefined) byField.set(field, [value]);
    else values.push(value);
  }
  const items: Detection[] = [];
  for (const [field, values] of byField) {
    const all = modifiers.includes('all') && values.length > 1 ? ['all'] : [];
    items.push({ kind: 'item', field, modifiers: [...kept, ...all], values, at });
  }
  for (const hashes of several) {
    const together = hashes.map(
      ({ field, value }): DetectionItem => ({ kind: 'item', field, modifiers: kept, values: [value], at }),
    );
    // All hashes of one value belong together; of a value that must not be, one that differs is enough.
    items.push({ kind: modifiers.includes('neq') ? 'any' : 'all', items: together, at });
  }
  return group(link, items as [Detection, ...Detection[]], at);
}
