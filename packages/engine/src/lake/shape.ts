import type { Head } from './bytes.js';

/** How the records of a file are laid out, told from its first text. */
export type Shape =
  | { kind: 'empty' }
  | { kind: 'ndjson' }
  /** A JSON document holding records at `path` (keys to the array; [] for a top-level array). */
  | { kind: 'document'; path: string[] }
  /** JSON objects one after the other, spread over several lines. */
  | { kind: 'objects' }
  | {
      kind: 'zeek';
      path: string;
      separator: string;
      fields: string[];
      unset: string;
      empty: string;
      skip: number;
    }
  | { kind: 'table'; delimiter: string; lines: string[] }
  | { kind: 'text'; why: string };

const delimiters = [',', '\t', ';', '|'];

export function shapeOf(head: Head): Shape {
  const text = head.text;
  const start = text.search(/\S/);
  if (start < 0) return { kind: 'empty' };
  if (/^(?:#[^\n]*\n){0,20}?#separator/.test(text)) return zeekShape(text);
  const first = text[start];
  if (first === '[' || first === '{') {
    const lines = text.slice(start).split('\n', 3);
    const line = (lines[0] ?? '').trim();
    if (
      first === '{' &&
      isObject(line) &&
      (lines.length < 2 || !(lines[1] ?? '').trim() || (lines[1] ?? '').trim().startsWith('{'))
    ) {
      // One object on one line may still be a whole document that wraps its records.
      const whole = lines.length < 2 || !(text.slice(start + (lines[0]?.length ?? 0)).trim().length > 0);
      const path = whole ? firstArrayOfObjects(text.slice(start)) : undefined;
      return path && path.length > 0 ? { kind: 'document', path } : { kind: 'ndjson' };
    }
    if (first === '{' && !line.endsWith('{') && line.length > 2 && !head.complete && lines.length < 2) {
      // One line longer than the head: a document on one line, or one very long record.
      const path = firstArrayOfObjects(text.slice(start));
      return path ? { kind: 'document', path } : { kind: 'ndjson' };
    }
    const path = firstArrayOfObjects(text.slice(start));
    if (first === '[') return { kind: 'document', path: path ?? [] };
    if (first === '{' && line.endsWith('}') && !isObject(line)) return { kind: 'ndjson' };
    return path ? { kind: 'document', path } : { kind: 'objects' };
  }
  const lines = text.split(/\r\n|\n|\r/);
  if (!head.complete && lines.length > 1) lines.pop();
  const objects = lines.filter((line) => isObject(line.trim())).length;
  if (objects > 0 && objects * 2 >= lines.filter((line) => line.trim()).length) return { kind: 'ndjson' };
  if (isBinary(text.slice(0, 4000)))
    return {
      kind: 'text',
      why: 'it is binary data, such as a picture or the file of another program, and that is not read',
    };
  const delimiter = delimiterOf(lines);
  if (!delimiter) return { kind: 'text', why: 'its lines are neither JSON nor columns' };
  return { kind: 'table', delimiter, lines };
}

/** Control characters by the dozen; a stray one in a cell makes no binary file. */
function isBinary(text: string): boolean {
  let control = 0;
  let unreadable = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Tab, line ends and escape stand in text too.
    if (code < 32 && !(code >= 9 && code <= 13) && code !== 27) control++;
    else if (code === 0xfffd) unreadable++;
  }
  return control > 0 && (control > text.length / 10 || control + unreadable > text.length / 5);
}

function isObject(text: string): boolean {
  if (!text.startsWith('{') || !text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The keys to the first array that holds objects (or is empty) within three levels; undefined where there is none. */
export function firstArrayOfObjects(text: string): string[] | undefined {
  const keys: string[] = [];
  const stack: ('{' | '[')[] = [];
  let pendingKey = '';
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (ch === '"') {
      const from = i + 1;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      if (stack.at(-1) === '{') {
        let after = i + 1;
        while (after < text.length && /\s/.test(text[after] as string)) after++;
        if (text[after] === ':') pendingKey = text.slice(from, i);
      }
    } else if (ch === '{' || ch === '[') {
      if (ch === '[') {
        const next = /\S/.exec(text.slice(i + 1, i + 2000))?.[0];
        if (next === '{' && stack.every((s) => s === '{'))
          return stack.length === 0 ? [] : [...keys.slice(1), pendingKey];
      }
      stack.push(ch);
      keys.push(pendingKey);
      if (stack.length > 3) {
        // Deeper than any wrapper: skip to the end of this value.
        let depth = 1;
        for (i++; i < text.length && depth > 0; i++) {
          if (text[i] === '"') {
            for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
          } else if (text[i] === '{' || text[i] === '[') depth++;
          else if (text[i] === '}' || text[i] === ']') depth--;
        }
        i--;
        stack.pop();
        keys.pop();
      }
    } else if (ch === '}' || ch === ']') {
      stack.pop();
      keys.pop();
      if (stack.length === 0) return undefined;
    }
  }
  return undefined;
}

function zeekShape(text: string): Shape {
  const separator = unescapeHex(/^#separator (\S+)/m.exec(text)?.[1] ?? '\\x09');
  const lines = text.split(/\r?\n/);
  const firstRow = lines.findIndex((line) => !line.startsWith('#'));
  // Only the lines above the first row: a short log's closing line begins with # too.
  const header = firstRow < 0 ? lines : lines.slice(0, firstRow);
  const value = (name: string) =>
    header.find((line) => line.startsWith(`#${name}${separator}`))?.slice(name.length + 1 + separator.length);
  const fields = value('fields')?.split(separator);
  const path = value('path');
  if (!fields || !path) return { kind: 'text', why: 'a Zeek log without #fields and #path lines' };
  return {
    kind: 'zeek',
    path,
    separator,
    fields,
    unset: value('unset_field') ?? '-',
    empty: value('empty_field') ?? '(empty)',
    skip: header.length,
  };
}

function unescapeHex(text: string): string {
  return text.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The delimiter that splits the first lines most evenly. */
function delimiterOf(lines: string[]): string | undefined {
  const sample = lines.filter((line) => line.trim()).slice(0, 30);
  let best: string | undefined;
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const counts = sample.map((line) => splitRow(line, delimiter).length);
    const usual = mode(counts.filter((n) => n > 1));
    if (!usual) continue;
    const score = counts.filter((n) => n === usual).length * Math.min(usual, 12);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function mode(values: number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0];
}

/** Cells of one line, with double quotes as CSV has them. For headers and guesses; DuckDB reads the data. */
export function splitRow(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const ch = line[i];
    if (quoted) {
      if (ch === '"' && line[i + 1] === '"') {
        cell += '"';
        i++;
      } else if (ch === '"') quoted = false;
      else cell += ch;
    } else if (ch === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (ch === delimiter) {
      cells.push(cell.trim());
      cell = '';
    } else cell += ch;
  }
  cells.push(cell.trim());
  return cells;
}
