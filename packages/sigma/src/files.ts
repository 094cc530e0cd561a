/** Rule files and event files on disk. The only part that touches the file system. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Event } from './event.js';
import type { RuleSource } from './load.js';

/** Files larger than this are no rules. */
const maxRuleBytes = 8 * 1024 * 1024;
/** A longer line of an event file is refused (and the file read on). Bytes. */
export const maxLineBytes = 32 * 1024 * 1024;
/** A whole-file JSON document larger than this must be written line by line. Bytes. */
const maxDocumentBytes = 256 * 1024 * 1024;

const ruleFile = /\.ya?ml$/i;
const testFile = /\.test\.ya?ml$/i;

/**
 * The rules at a path: one file, or every `.yml` and `.yaml` below a folder, in the order of their paths.
 * Test files (`*.test.yml`) are left out unless asked for. Throws when the path cannot be read.
 */
export async function readRuleFiles(path: string, options: { tests?: boolean } = {}): Promise<RuleSource[]> {
  if (!(await stat(path)).isDirectory()) {
    const beside = path.replace(ruleFile, '.test$&');
    return [path, ...(options.tests && beside !== path && existsSync(beside) ? [beside] : [])].map(readRule);
  }
  const files: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (depth > 32) return;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const full = join(folder, entry.name);
      // Links are not followed: a link to a parent folder would never end.
      if (entry.isDirectory()) await walk(full, depth + 1);
      else if (entry.isFile() && ruleFile.test(entry.name) && (options.tests || !testFile.test(entry.name))) {
        files.push(full);
      }
    }
  };
  await walk(path, 0);
  files.sort();
  return files.map(readRule);
}

/** Thousands of small files: reading them one after the other is several times faster than asynchronously. */
function readRule(file: string): RuleSource {
  // Of a file that is too large, enough is read for loading to say so, with its name.
  const { size } = statSync(file);
  if (size <= maxRuleBytes) return { file, text: readFileSync(file, 'utf8') };
  return { file, text: ' '.repeat(maxRuleBytes) };
}

/** One record with its line (from 1), or why a line is none. */
export type ReadRecord =
  | { readonly line: number; readonly event: Event }
  | { readonly line: number; readonly problem: string };

/**
 * The records of a file: JSON line by line; or a JSON document over several lines: an object, several one after
 * the other, or a list of them (`line` is then the place among them, from 1). `.gz` is unpacked. A bad line is given as a problem and does not stop
 * the others.
 */
export async function* readRecords(file: string): AsyncGenerator<ReadRecord> {
  for await (const batch of readBatches(file)) yield* batch;
}

/** The same, many at a time: waiting for each record would cost more than most of them take to match. */
export async function* readBatches(file: string): AsyncGenerator<readonly ReadRecord[]> {
  const document = await readDocument(file);
  if (document !== undefined) {
    yield document.map((value, i) => asRecord(value, i + 1));
    return;
  }
  for await (const lines of readLines(file)) {
    const batch: ReadRecord[] = [];
    for (const { line, text, problem } of lines) {
      if (problem !== undefined) batch.push({ line, problem });
      else if (text.startsWith('{') || !blank.test(text)) batch.push(parseLine(text, line));
    }
    yield batch;
  }
}

const blank = /^\s*$/;

function parseLine(text: string, line: number): ReadRecord {
  try {
    return asRecord(JSON.parse(text), line);
  } catch (error) {
    return { line, problem: `not JSON: ${(error as Error).message}` };
  }
}

function asRecord(value: unknown, line: number): ReadRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { line, event: value as Event }
    : { line, problem: 'not a JSON object' };
}

/** A file that is one JSON document over several lines; `undefined` for anything else. */
async function readDocument(file: string): Promise<unknown[] | undefined> {
  if (file.endsWith('.gz')) return undefined;
  const { size } = await stat(file);
  if (size > maxDocumentBytes) return undefined;
  const handle = await open(file);
  let start: string;
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(4096), position: 0 });
    start = buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimStart();
  } finally {
    await handle.close();
  }
  // A list, or an object whose first line is not a whole record.
  if (!start.startsWith('[') && !/^\{\s*\n/.test(start)) return undefined;
  const text = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  try {
    return [JSON.parse(text)].flat(1);
  } catch {
    return parseSeveral(text);
  }
}

/** Objects written one after the other over several lines each; `undefined` when that is not what they are. */
function parseSeveral(text: string): unknown[] | undefined {
  const out: unknown[] = [];
  let depth = 0;
  let start = -1;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inText) {
      if (char === '\\') i++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{') {
      if (depth++ === 0) start = i;
    } else if (char === '}' && --depth === 0) {
      try {
        out.push(JSON.parse(text.slice(start, i + 1)));
      } catch {
        return undefined;
      }
    }
    if (depth < 0) return undefined;
  }
  return depth === 0 && out.length > 0 ? out : undefined;
}

interface Line {
  readonly line: number;
  readonly text: string;
  readonly problem?: string;
}

/** Lines as text, without their ends, as many as come at once. */
async function* readLines(file: string): AsyncGenerator<Line[]> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 });
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  let line = 1;
  let rest: Buffer[] = [];
  let size = 0;
  const take = (end: Buffer): Line => {
    const number = line++;
    const whole = rest.length === 0 ? end : Buffer.concat([...rest, end]);
    const tooLong = size + end.length > maxLineBytes;
    rest = [];
    size = 0;
    if (tooLong) return { line: number, text: '', problem: `longer than ${maxLineBytes} bytes` };
    let text = whole.toString('utf8');
    if (number === 1 && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    return { line: number, text };
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    const lines: Line[] = [];
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      lines.push(take(chunk.subarray(from, at)));
      from = at + 1;
    }
    if (lines.length > 0) yield lines;
    const tail = chunk.subarray(from);
    size += tail.length;
    // Of a line that is too long nothing more is kept.
    if (size <= maxLineBytes) rest.push(tail);
  }
  if (size > 0) yield [take(Buffer.alloc(0))];
}
