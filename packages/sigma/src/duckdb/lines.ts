/** Newline-delimited JSON, read line by line in bounded memory. */

/** Bytes of a file, or the texts of one, in pieces of any size. */
export type Source = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** One line that is not blank. `line` counts from 1. */
export type Line =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly problem: string };

const newline = 0x0a;

/**
 * The lines of a source. Ends are `\n` or `\r\n`; blank lines are counted and left out; a byte order mark at
 * the very start is no part of the first. A line of more than `maxBytes` is a problem and is not kept.
 */
export async function* readLines(source: Source, maxBytes: number): AsyncGenerator<Line> {
  let line = 1;
  let pieces: Uint8Array[] = [];
  let size = 0;
  const finish = (last: Uint8Array): Line | undefined => {
    size += last.length;
    const number = line++;
    const held = pieces;
    const tooLong = size > maxBytes;
    pieces = [];
    size = 0;
    if (tooLong) return { line: number, problem: `longer than ${maxBytes} bytes` };
    const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
    let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    if (number === 1 && text.startsWith('\ufeff')) text = text.slice(1);
    return text.trim() === '' ? undefined : { line: number, text };
  };
  for await (const piece of source) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(newline, start);
      if (end < 0) break;
      const found = finish(bytes.subarray(start, end));
      if (found !== undefined) yield found;
      start = end + 1;
    }
    if (start === bytes.length) continue;
    const rest = bytes.subarray(start);
    size += rest.length;
    // Of a line that is too long only its length is known.
    if (size > maxBytes) pieces = [];
    else pieces.push(rest);
  }
  if (size > 0) {
    const found = finish(new Uint8Array(0));
    if (found !== undefined) yield found;
  }
}

/** The record a line holds, or why it holds none. */
export function parseRecord(
  text: string,
): { event: Readonly<Record<string, unknown>> } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'not a JSON object' };
  }
  return { event: value as Readonly<Record<string, unknown>> };
}
