/**
 * A fast reader for the part of YAML that rule files are written in: block maps and lists, plain and quoted
 * values on one line, literal blocks, comments, several documents. It never guesses: whatever it does not
 * know in full (anchors, tags, flow collections, folded or continued values, tabs, odd indentation, double
 * keys) makes it give up, and the file goes to the library. Nothing is reported here.
 */
import type { YamlEntry, YamlNode, YamlScalar } from './yaml.js';

/** The documents of a text, or `undefined` when it holds anything outside the plain part. */
export function readPlainYaml(text: string): readonly YamlNode[] | undefined {
  try {
    return new PlainReader(text).documents();
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

class Unknown extends Error {
  static readonly instance = new Unknown();
}

function unknown(): never {
  throw Unknown.instance;
}

/** Deeper block nesting is left to the library, which bounds it. */
const maxDepth = 24;

// A line that is nothing but a comment or space; tabs as indentation are for the library.
const space = 32;
const hash = 35;
const dash = 45;

class PlainReader {
  readonly #lines: string[];
  /** Index of the next line not read. */
  #row = 0;

  constructor(text: string) {
    if (text.includes('\t') || text.includes('\r')) {
      // CR LF is common; a lone CR or a tab outside a value is not ours to judge.
      this.#lines = text.replaceAll('\r\n', '\n').split('\n');
      if (this.#lines.some((line) => line.includes('\r') || /^ *\t/.test(line))) unknown();
    } else this.#lines = text.split('\n');
  }

  documents(): YamlNode[] {
    const out: YamlNode[] = [];
    for (;;) {
      this.#skipBlank();
      if (this.#row >= this.#lines.length) return out;
      const line = this.#lines[this.#row] as string;
      if (line.startsWith('---')) {
        if (line.trimEnd() !== '---') unknown();
        this.#row++;
        continue;
      }
      if (line.startsWith('...') || line.startsWith('%')) unknown();
      if (indentOf(line) !== 0) unknown();
      out.push(this.#block(0, 0, 0));
      this.#skipBlank();
      const next = this.#lines[this.#row];
      if (next !== undefined && !next.startsWith('---')) unknown();
    }
  }

  #skipBlank(): void {
    while (this.#row < this.#lines.length && isBlank(this.#lines[this.#row] as string)) this.#row++;
  }

  /** A block node whose first line is the current one, its content starting at `indent`. */
  #block(indent: number, from: number, depth: number): YamlNode {
    if (depth > maxDepth) unknown();
    const line = this.#lines[this.#row] as string;
    return line.charCodeAt(from) === dash && isGap(line, from + 1)
      ? this.#list(indent, depth)
      : this.#map(indent, from, depth);
  }

  #list(indent: number, depth: number): YamlNode {
    const items: YamlNode[] = [];
    const at = { line: this.#row + 1, column: indent + 1 };
    // The first item may follow another dash on its line; `first` tells its column is `indent` then too.
    for (let first = true; ; first = false) {
      if (!first) {
        this.#skipBlank();
        const line = this.#lines[this.#row];
        if (line === undefined || line.startsWith('---')) break;
        const here = indentOf(line);
        if (here < indent) break;
        if (here > indent) unknown();
        if (!(line.charCodeAt(here) === dash && isGap(line, here + 1))) break;
      }
      const line = this.#lines[this.#row] as string;
      let start = indent + 1;
      while (line.charCodeAt(start) === space) start++;
      if (start >= line.length || line.charCodeAt(start) === hash) {
        items.push(this.#below(indent, { line: this.#row + 1, column: indent + 2 }, depth, false));
      } else if (keyEnd(line, start) >= 0 || (line.charCodeAt(start) === dash && isGap(line, start + 1))) {
        items.push(this.#block(start, start, depth + 1));
      } else items.push(this.#value(line, start, indent));
    }
    return { kind: 'list', items, ...at };
  }

  #map(indent: number, from: number, depth: number): YamlNode {
    const entries = new Map<string, YamlEntry>();
    const at = { line: this.#row + 1, column: indent + 1 };
    for (let start = from, first = true; ; first = false) {
      if (!first) {
        this.#skipBlank();
        const line = this.#lines[this.#row];
        if (line === undefined || line.startsWith('---')) break;
        const here = indentOf(line);
        if (here < indent) break;
        if (here > indent) unknown();
        if (line.charCodeAt(here) === dash && isGap(line, here + 1)) {
          // A list at the indentation of the map that holds it ends the map only where it began in a list.
          break;
        }
        start = here;
      }
      const line = this.#lines[this.#row] as string;
      const colon = keyEnd(line, start);
      if (colon < 0) unknown();
      const name = keyText(line.slice(start, colon));
      if (entries.has(name)) unknown();
      const key = { line: this.#row + 1, column: start + 1 };
      let value = colon + 1;
      while (line.charCodeAt(value) === space) value++;
      entries.set(name, {
        key,
        value:
          value >= line.length || line.charCodeAt(value) === hash
            ? this.#below(indent, { line: this.#row + 1, column: colon + 2 }, depth, true)
            : this.#value(line, value, indent),
      });
    }
    return { kind: 'map', entries, ...at };
  }

  /** What stands below a key or dash that has nothing after it on its line. */
  #below(indent: number, empty: { line: number; column: number }, depth: number, inMap: boolean): YamlNode {
    this.#row++;
    this.#skipBlank();
    const line = this.#lines[this.#row];
    const nothing: YamlScalar = { kind: 'scalar', value: null, style: 'plain', ...empty };
    if (line === undefined || line.startsWith('---')) return nothing;
    const here = indentOf(line);
    const isList = line.charCodeAt(here) === dash && isGap(line, here + 1);
    // A list may stand at the indentation of the key that holds it.
    if (here < indent || (here === indent && !(isList && inMap))) return nothing;
    if (!isList && keyEnd(line, here) < 0) {
      // A value on a line of its own: one line only.
      return this.#value(line, here, indent);
    }
    return this.#block(here, here, depth + 1);
  }

  /** A scalar starting at `start`, which ends its line. Moves past it. */
  #value(line: string, start: number, indent: number): YamlScalar {
    const place = { line: this.#row + 1, column: start + 1 };
    const char = line[start] as string;
    if (char === '|')
      return { kind: 'scalar', value: this.#literal(line, start, indent), style: 'block', ...place };
    this.#row++;
    if (char === "'" || char === '"') {
      const end = char === "'" ? singleEnd(line, start) : doubleEnd(line, start);
      if (end < 0 || !restIsComment(line, end + 1)) unknown();
      const inner = line.slice(start + 1, end);
      return {
        kind: 'scalar',
        value: char === "'" ? inner.replaceAll("''", "'") : unescapeDouble(inner),
        style: 'quoted',
        ...place,
      };
    }
    if ('&*!>%@`[]{},#?:-'.includes(char)) {
      // `-x`, `:x` and `?x` may start a plain value; only a sign before a word or number is common.
      if (!(char === '-' && start + 1 < line.length && line.charCodeAt(start + 1) !== space)) unknown();
    }
    const text = plainEnd(line, start);
    this.#refuseContinuation(indent);
    return { kind: 'scalar', value: resolvePlain(text), style: 'plain', ...place };
  }

  /** A plain value may go on on deeper lines: those are left to the library. */
  #refuseContinuation(indent: number): void {
    let row = this.#row;
    while (row < this.#lines.length && isBlank(this.#lines[row] as string)) row++;
    const line = this.#lines[row];
    if (line !== undefined && !line.startsWith('---') && indentOf(line) > indent) unknown();
  }

  #literal(line: string, start: number, indent: number): string {
    const header = line.slice(start + 1).trimEnd();
    if (header !== '' && header !== '-' && header !== '+') unknown();
    this.#row++;
    const rows: string[] = [];
    let width = -1;
    for (; this.#row < this.#lines.length; this.#row++) {
      const text = this.#lines[this.#row] as string;
      if (text.trimStart() === '' && !text.includes('\t')) {
        if (width < 0 && text.length > indent + 1) unknown();
        rows.push(width >= 0 && text.length > width ? text.slice(width) : '');
        continue;
      }
      const here = indentOf(text);
      if (width < 0) {
        if (here <= indent) break;
        width = here;
      } else if (here < width) {
        if (here > indent) unknown();
        break;
      }
      rows.push(text.slice(width));
    }
    if (width < 0) unknown();
    let end = rows.length;
    while (end > 0 && rows[end - 1] === '') end--;
    const body = rows.slice(0, end).join('\n');
    if (header === '-') return body;
    if (header === '+') unknown();
    return `${body}\n`;
  }
}

function indentOf(line: string): number {
  let i = 0;
  while (line.charCodeAt(i) === space) i++;
  return i;
}

function isBlank(line: string): boolean {
  const i = indentOf(line);
  return i >= line.length || line.charCodeAt(i) === hash;
}

/** End of the line or a space: what must follow a `-` or `:` that means something. */
function isGap(line: string, at: number): boolean {
  return at >= line.length || line.charCodeAt(at) === space;
}

function restIsComment(line: string, from: number): boolean {
  let i = from;
  while (line.charCodeAt(i) === space) i++;
  return i >= line.length || (line.charCodeAt(i) === hash && i > from);
}

/** Index of the colon that ends a key starting at `start`, or -1. */
function keyEnd(line: string, start: number): number {
  const char = line[start];
  if (char === "'" || char === '"') {
    const end = char === "'" ? singleEnd(line, start) : doubleEnd(line, start);
    return end > 0 && line[end + 1] === ':' && isGap(line, end + 2) ? end + 1 : -1;
  }
  if (char === undefined || '&*!|>%@`[]{},#?'.includes(char)) return -1;
  for (let i = start; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 58 && isGap(line, i + 1)) return i === start ? -1 : i;
    if (code === hash && line.charCodeAt(i - 1) === space) return -1;
  }
  return -1;
}

function keyText(written: string): string {
  const first = written[0];
  if (first === "'") return written.slice(1, -1).replaceAll("''", "'");
  if (first === '"') return unescapeDouble(written.slice(1, -1));
  return written.trimEnd();
}

/** Index of the closing single quote, or -1. */
function singleEnd(line: string, start: number): number {
  for (let i = start + 1; i < line.length; i++) {
    if (line.charCodeAt(i) !== 39) continue;
    if (line.charCodeAt(i + 1) === 39) i++;
    else return i;
  }
  return -1;
}

function doubleEnd(line: string, start: number): number {
  for (let i = start + 1; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i;
  }
  return -1;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  '/': '/',
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  ' ': ' ',
};

function unescapeDouble(inner: string): string {
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\(.)/gs, (_, char: string) => escapes[char] ?? unknown());
}

/** The text of a plain value: up to a comment, without the spaces around. */
function plainEnd(line: string, start: number): string {
  const comment = line.indexOf(' #', start);
  const text = (comment < 0 ? line.slice(start) : line.slice(start, comment)).trimEnd();
  if (text.includes(': ') || text.endsWith(':')) unknown();
  return text;
}

const number = /^[-+]?(?:0|[1-9]\d{0,14}|\d{1,15}\.\d{1,15})$/;
const odd = /^(?:[-+.\d]|~$|null$|true$|false$)/i;

/** YAML 1.2 core schema, the common part. */
function resolvePlain(text: string): string | number | boolean | null {
  if (!odd.test(text)) return text;
  switch (text) {
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
      if (number.test(text)) return Number(text);
      // Other spellings of numbers (hexadecimal, octal, exponents, long ones, .inf) are for the library.
      return /^[-+]?(?:[\d._]+(?:[eE][-+]?\d*)?|0[xo][\da-fA-F]*|\.?(?:inf|nan))$/i.test(text)
        ? unknown()
        : text;
  }
}
