import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type Compression, type Encoding, maxRecordBytes, message, readUtf8 } from './bytes.js';

export interface RecordReject {
  line: number;
  reason: string;
  sample: string;
}

export interface Normalised {
  records: number;
  rejects: RecordReject[];
  rejected: number;
  /** Line of the source on which the nth record starts. */
  lines: Uint32Array;
  /** Records that were not UTF-8 and were read as Windows-1252. */
  recoded: number;
}

export type Layout = { kind: 'ndjson' } | { kind: 'objects' } | { kind: 'document'; path: string[] };

/** Rejects kept with their text; beyond this many only the count grows. */
export const maxRejectsListed = 10_000;

/**
 * Copies the records of a JSON file of any layout to `out`, one to a line, in bounded memory. The slow and careful way,
 * for what DuckDB cannot read directly: wrapped or pretty-printed records, other encodings, damaged lines. What cannot
 * be read is returned as rejects, with its line; the count of records and rejects is exact.
 */
export async function normalise(
  source: { path: string; compression: Compression; encoding: Encoding },
  layout: Layout,
  out: string,
): Promise<Normalised> {
  const target = createWriteStream(out);
  const lines: number[] = [];
  const rejects: RecordReject[] = [];
  let rejected = 0;
  let recoded = 0;
  const reject = (line: number, reason: string, bytes: Buffer) => {
    rejected++;
    if (rejects.length < maxRejectsListed) rejects.push({ line, reason, sample: sampleOf(bytes) });
  };
  const accept = async (piece: Piece) => {
    if (piece.tooLong) {
      const size = Math.round(piece.tooLong / (1 << 20));
      return reject(
        piece.line,
        `a record of ${size} MB; the longest that is read is ${maxRecordBytes >> 20} MB`,
        piece.bytes,
      );
    }
    let bytes = piece.bytes;
    if (!isUtf8(bytes)) {
      bytes = Buffer.from(new TextDecoder('windows-1252').decode(bytes));
      recoded++;
    }
    const text = bytes.toString();
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return reject(
        piece.line,
        piece.cut ? 'the file ends in the middle of a record' : `not JSON: ${jsonProblem(error)}`,
        bytes,
      );
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return reject(piece.line, 'not a JSON object', bytes);
    }
    lines.push(piece.line);
    // In valid JSON line ends stand between values only. (JSON.stringify would lose the digits of long numbers.)
    const flat = text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
    if (!target.write(`${flat}\n`)) await once(target, 'drain');
  };

  const splitter =
    layout.kind === 'ndjson'
      ? new LineSplitter()
      : new ValueSplitter(layout.kind === 'document' ? layout.path : []);
  try {
    for await (const chunk of readUtf8(source.path, source.compression, source.encoding)) {
      for (const piece of splitter.push(chunk)) await accept(piece);
    }
    for (const piece of splitter.end()) await accept(piece);
  } catch (error) {
    for (const piece of splitter.end()) await accept({ ...piece, cut: true });
    reject(splitter.line, `the compressed data is damaged or ends early: ${message(error)}`, Buffer.alloc(0));
  }
  target.end();
  await once(target, 'finish');
  return { records: lines.length, rejects, rejected, lines: Uint32Array.from(lines), recoded };
}

function jsonProblem(error: unknown): string {
  // V8 quotes the text itself; the sample beside the reason already shows it.
  return message(error)
    .replace(/, ?"?.*" is not valid JSON$/s, '')
    .replace(/\s*\(line .*\)$/, '')
    .slice(0, 120);
}

export function sampleOf(bytes: Buffer): string {
  return new TextDecoder('utf-8')
    .decode(bytes.subarray(0, 200))
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}

interface Piece {
  line: number;
  bytes: Buffer;
  /** Size of a record over the limit, of which only the start is in `bytes`. */
  tooLong?: number;
  /** The input ended inside this record. */
  cut?: boolean;
}

/** Collects the bytes of one record over chunk borders, holding at most the limit. */
class Collector {
  private parts: Buffer[] = [];
  private kept = 0;
  size = 0;

  add(bytes: Buffer): void {
    this.size += bytes.length;
    if (this.kept <= maxRecordBytes && bytes.length > 0) {
      this.parts.push(
        this.kept + bytes.length > maxRecordBytes ? Buffer.from(bytes.subarray(0, 1024)) : bytes,
      );
      this.kept += bytes.length;
    }
  }

  take(line: number, cut = false): Piece {
    const bytes = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
    const piece: Piece = { line, bytes, cut };
    if (this.size > maxRecordBytes) piece.tooLong = this.size;
    this.parts = [];
    this.kept = 0;
    this.size = 0;
    return piece;
  }
}

class LineSplitter {
  line = 1;
  private readonly collector = new Collector();

  *push(chunk: Buffer): Generator<Piece> {
    let from = 0;
    for (let at = chunk.indexOf(10, from); at >= 0; at = chunk.indexOf(10, from)) {
      this.collector.add(chunk.subarray(from, at));
      yield* this.take(false);
      this.line++;
      from = at + 1;
    }
    // A copy, so that the rest of a line does not keep its whole chunk alive.
    this.collector.add(Buffer.from(chunk.subarray(from)));
  }

  *end(): Generator<Piece> {
    yield* this.take(true);
  }

  private *take(cut: boolean): Generator<Piece> {
    const piece = this.collector.take(this.line, cut);
    if (piece.tooLong || !isBlank(piece.bytes)) yield piece;
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  return true;
}

const quote = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const newline = 10;

/**
 * Finds the values that stand in the array at `path` (or, for an empty path, at the top of the input or in a top-level
 * array), by brackets and strings alone. Several documents in a row are read as one.
 */
class ValueSplitter {
  line = 1;
  private readonly collector = new Collector();
  private readonly stack: { array: boolean; key: string }[] = [];
  private inString = false;
  private escaped = false;
  private text: number[] | undefined;
  private key = '';
  private recording = 0; // depth of the stack at which the record under way began; 0: none
  private startLine = 1;

  constructor(private readonly path: string[]) {}

  *push(chunk: Buffer): Generator<Piece> {
    let from = this.recording > 0 ? 0 : -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === newline) this.line++;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === backslash) this.escaped = true;
        else if (byte === quote) {
          this.inString = false;
          if (this.text) {
            this.key = Buffer.from(this.text).toString();
            this.text = undefined;
          }
          continue;
        }
        if (this.text && this.text.length < 200) this.text.push(byte);
        continue;
      }
      if (byte === quote) {
        this.inString = true;
        if (this.recording === 0 && this.stack.at(-1)?.array === false) this.text = [];
      } else if (byte === openBrace || byte === openBracket) {
        if (this.recording === 0 && byte === openBrace && this.atRecords()) {
          this.recording = this.stack.length + 1;
          this.startLine = this.line;
          from = i;
        }
        this.stack.push({ array: byte === openBracket, key: this.key });
        this.key = '';
      } else if (byte === closeBrace || byte === closeBracket) {
        if (this.recording > 0 && this.stack.length === this.recording) {
          this.collector.add(chunk.subarray(from, i + 1));
          yield this.collector.take(this.startLine);
          this.recording = 0;
          from = -1;
        }
        this.stack.pop();
      }
    }
    if (this.recording > 0) this.collector.add(Buffer.from(chunk.subarray(Math.max(from, 0))));
  }

  *end(): Generator<Piece> {
    if (this.recording > 0) yield this.collector.take(this.startLine, true);
    this.recording = 0;
  }

  private atRecords(): boolean {
    const stack = this.stack;
    if (this.path.length === 0) return stack.length === 0 || (stack.length === 1 && stack[0]?.array === true);
    // document object, then one container per key; the last is the array
    if (stack.length !== this.path.length + 1 || stack.at(-1)?.array !== true) return false;
    return this.path.every((key, i) => stack[i + 1]?.key === key);
  }
}
