/**
 * Sigma strings: text with `*` (any run of characters, also none), `?` (exactly one) and backslash escapes.
 * Source: Sigma specification 2.1.0, "String Wildcard" and "Escape Character".
 */

/** Any run of characters. */
export const many = Symbol('*');
/** Exactly one character (one code point). */
export const one = Symbol('?');

export type PatternPart = string | typeof many | typeof one;

/** Text parts never empty and never next to each other; two `many` never next to each other. */
export type Pattern = readonly PatternPart[];

/** Joins neighbouring texts, drops empty ones, makes runs of `*` one. */
export function normalisePattern(parts: Iterable<PatternPart>): Pattern {
  const out: PatternPart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else if (part === many && last === many) continue;
    else out.push(part);
  }
  return out;
}

/**
 * Reads a string as the specification says: `\*`, `\?` and `\\` are the plain characters, a backslash before
 * anything else is itself.
 */
export function parsePattern(text: string): Pattern {
  if (!special.test(text)) return text === '' ? [] : [text];
  const parts: PatternPart[] = [];
  let run = '';
  const flush = () => {
    if (run !== '') parts.push(run);
    run = '';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') {
      const next = text[i + 1];
      if (next === '*' || next === '?' || next === '\\') {
        run += next;
        i++;
      } else run += char;
    } else if (char === '*') {
      flush();
      parts.push(many);
    } else if (char === '?') {
      flush();
      parts.push(one);
    } else run += char;
  }
  flush();
  return normalisePattern(parts);
}

/** Anything but plain text; a backslash counts only before what it escapes. */
const special = /[*?]|\\\\/;

/** The text of a pattern without wildcards; `undefined` when it has some. */
export function plainText(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  const [only] = pattern;
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}

/** The Sigma string that reads back as this pattern. */
export function formatPattern(pattern: Pattern): string {
  return pattern
    .map((part) => {
      if (part === many) return '*';
      if (part === one) return '?';
      return part.replace(/\\(?=[\\*?]|$)|[*?]/g, '\\$&');
    })
    .join('');
}

/**
 * Lower case, one code point for one code point, so that every target folds alike: no locale, no final
 * sigma, `İ` to `i`.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  let out = '';
  for (const char of text) out += foldChar(char);
  return out;
}

const nonAscii = /[\u0080-\uffff]/;
function isAscii(text: string): boolean {
  return !nonAscii.test(text);
}

/** Lower case of one character, as {@link fold} sees it. */
export function foldChar(char: string): string {
  if (char === '\u0130') return 'i';
  const lower = char.toLowerCase();
  return lower.length === char.length ? lower : char;
}

/** The characters the `windash` modifier treats as one another. */
export const dashes = '-/\u2013\u2014\u2015';
const dashPattern = /[/\u2013\u2014\u2015]/g;

/** Writes every dash character as `-`. */
export function foldDashes(text: string): string {
  return text.replace(dashPattern, '-');
}
