/**
 * What correlations read from records: texts of group-by fields, values that are counted. The meaning is
 * that of `readField`; the usual cases are read without it.
 */
import { createHash } from 'node:crypto';
import { type Event, maxDepth, parsePath, readField, type Scalar, scalarText } from '../event.js';

/** At most so many combinations of the values of several fields are looked at. */
export const maxCombinations = 64;

/** Texts longer than this are known by their digest. */
const maxText = 255;

/** The scalars of one field; a single one is given by itself. */
export type FieldReader = (event: Event) => Scalar | readonly Scalar[];

const nothing: readonly Scalar[] = [];

/** A reader for one field, quick when plain keys lead to a scalar. */
export function fieldReader(field: string): FieldReader {
  const path = parsePath(field);
  const isPlain =
    path !== undefined && path.length < maxDepth && path.every((step) => typeof step === 'string');
  const keys = isPlain ? path : undefined;
  return (event) => {
    if (Object.hasOwn(event, field)) {
      const value = event[field];
      return isScalar(value) ? value : readField(event, field).values;
    }
    if (path === undefined) return nothing;
    if (keys === undefined) return readField(event, field).values;
    let at: unknown = event;
    for (const key of keys) {
      if (typeof at !== 'object' || at === null) return nothing;
      if (Array.isArray(at)) return readField(event, field).values;
      if (!Object.hasOwn(at, key)) return nothing;
      at = (at as Record<string, unknown>)[key];
    }
    return isScalar(at) ? at : readField(event, field).values;
  };
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The distinct texts among scalars, in order. */
export function distinctTexts(values: Scalar | readonly Scalar[]): readonly string[] {
  if (typeof values !== 'object') return [scalarText(values)];
  return values.length === 0 ? [] : [...new Set(values.map(scalarText))];
}

/**
 * One text of each list, the last list changing fastest; the first {@link maxCombinations} of them. Without
 * lists there is one, empty.
 */
export function combinations(lists: readonly (readonly string[])[]): {
  readonly list: readonly (readonly string[])[];
  readonly cut: boolean;
} {
  let total = 1;
  for (const list of lists) total *= list.length;
  const size = Math.min(total, maxCombinations);
  const list = Array.from({ length: size }, (_, number) => {
    const combination = new Array<string>(lists.length);
    let rest = number;
    for (let i = lists.length - 1; i >= 0; i--) {
      const texts = lists[i] as readonly string[];
      combination[i] = texts[rest % texts.length] as string;
      rest = Math.floor(rest / texts.length);
    }
    return combination;
  });
  return { list, cut: total > size };
}

/** One text for a combination; different combinations of one length have different texts. */
export function combinedText(texts: readonly string[]): string {
  if (texts.length === 1) return boundedText(texts[0] as string);
  let out = '';
  for (const text of texts) {
    const bounded = boundedText(text);
    out += String.fromCharCode(bounded.length) + bounded;
  }
  return out;
}

/**
 * A text that stands for another of any length in 255 characters: itself, or a NUL and its SHA-256. Texts
 * that begin with a NUL are digested too, so that none can pass for the digest of another.
 */
export function boundedText(text: string): string {
  if (text.length <= maxText && text.charCodeAt(0) !== 0) return text;
  return `\0${createHash('sha256').update(text, 'utf16le').digest('base64')}`;
}
