/**
 * String values as transformations work on them: text, wildcards and placeholders, with the modifiers that
 * only place a value (`contains`, `startswith`, `endswith`) turned into wildcards where that matters.
 * Source: Sigma specification 2.1.0, "String Wildcard", "Escape Character", "Placeholders".
 */
import { comparisons, encodings, isOneOf, placements, timeParts } from '../modifiers.js';
import { many, one, type PatternPart } from '../pattern.js';
import type { DetectionItem, Value } from '../rule.js';
import { maxValueLength, Refusal } from './limits.js';

export interface Placeholder {
  readonly placeholder: string;
}

export type TextPart = PatternPart | Placeholder;

/** Texts are never empty nor next to each other; two `many` never are. */
export type Text = readonly TextPart[];

export function isPlaceholder(part: TextPart): part is Placeholder {
  return typeof part === 'object';
}

export function hasPlaceholder(text: Text): boolean {
  return text.some(isPlaceholder);
}

export function normaliseText(parts: Iterable<TextPart>): Text {
  const out: TextPart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part === '' || (part === many && last === many)) continue;
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else out.push(part);
  }
  return out;
}

/** A name holds no percent sign, backslash or wildcard. */
const placeholderPattern = /%([^%\\*?]+)%/y;

function placeholderAt(text: string, index: number): string | undefined {
  placeholderPattern.lastIndex = index;
  return placeholderPattern.exec(text)?.[1];
}

/**
 * Reads a Sigma string. `expand`: `%name%` is a placeholder and `\%` a percent sign. `plain`: wildcards and
 * backslashes mean themselves.
 */
export function readText(text: string, { expand = false, plain = false } = {}): Text {
  const parts: TextPart[] = [];
  const escapable = expand ? '*?\\%' : '*?\\';
  let run = '';
  const push = (part: TextPart) => {
    parts.push(run, part);
    run = '';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '%' && expand) {
      const name = placeholderAt(text, i);
      if (name === undefined) run += char;
      else {
        push({ placeholder: name });
        i += name.length + 1;
      }
    } else if (plain) run += char;
    else if (char === '*') push(many);
    else if (char === '?') push(one);
    else if (char === '\\' && i + 1 < text.length && escapable.includes(text[i + 1] as string)) {
      run += text[++i];
    } else run += char;
  }
  parts.push(run);
  return normaliseText(parts);
}

/** The Sigma string that {@link readText} reads back as this text. */
export function writeText(text: Text, expand = false): string {
  const special = expand ? /\\(?=[\\*?%]|$)|[*?%]/g : /\\(?=[\\*?]|$)|[*?]/g;
  const out = text
    .map((part) => {
      if (part === many) return '*';
      if (part === one) return '?';
      return typeof part === 'string'
        ? part.replace(special, '\\$&')
        : `%${(part as Placeholder).placeholder}%`;
    })
    .join('');
  if (out.length > maxValueLength) {
    throw new Refusal('limit', undefined, `a value grows beyond ${maxValueLength} characters`);
  }
  return out;
}

/**
 * The text regular expressions and mappings of a pipeline see, as in pySigma: wildcards as `*` and `?`,
 * these characters themselves as `\*` and `\?`, backslashes as they are.
 */
export function viewText(text: Text): string {
  return text.map(viewPart).join('');
}

export function viewPart(part: TextPart): string {
  if (part === many) return '*';
  if (part === one) return '?';
  return typeof part === 'string' ? part.replace(/[*?]/g, '\\$&') : `%${(part as Placeholder).placeholder}%`;
}

/** Reads text of that form: a backslash is itself unless a wildcard character follows. */
export function readView(view: string, expand = false): Text {
  return readText(view.replace(/\\(?![*?])/g, '\\\\'), { expand });
}

/** With the wildcards that `contains` and the like stand for. */
export function placeText(text: Text, modifiers: readonly string[]): Text {
  if (modifiers.includes('contains')) return normaliseText([many, ...text, many]);
  if (modifiers.includes('startswith')) return normaliseText([...text, many]);
  if (modifiers.includes('endswith')) return normaliseText([many, ...text]);
  return text;
}

export function isPlaced(modifiers: readonly string[]): boolean {
  return modifiers.some((name) => isOneOf(placements, name));
}

export function withoutPlacements(modifiers: readonly string[]): readonly string[] {
  return modifiers.filter((name) => !isOneOf(placements, name));
}

/** What the values of an item are sought as. */
export type ItemKind =
  /** Text that is compared: strings are Sigma strings. */
  | 'text'
  | 'regex'
  | 'cidr'
  | 'fieldref'
  | 'exists'
  /** `lt` and the like, parts of a date. */
  | 'number'
  /** What is sought is an encoding of what is written. */
  | 'encoded';

export function kindOfItem({ modifiers }: DetectionItem): ItemKind {
  for (const name of modifiers) {
    if (name === 're') return 'regex';
    if (name === 'cidr' || name === 'fieldref' || name === 'exists') return name;
    if (isOneOf(comparisons, name) || isOneOf(timeParts, name)) return 'number';
    if (isOneOf(encodings, name) && name !== 'windash') return 'encoded';
  }
  return 'text';
}

/** A string value of an item of kind `text`, read; `undefined` for other values. */
export function textOf(value: Value, modifiers: readonly string[]): Text | undefined {
  if (typeof value.value !== 'string') return undefined;
  return readText(value.value, { expand: modifiers.includes('expand'), plain: value.plain === true });
}
