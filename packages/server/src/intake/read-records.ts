/** Reads what was sent: every line a JSON object, or nothing of it is taken. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Connector } from '@rollcall/engine/content/connector.js';
import { maxRecordBytes } from '@rollcall/engine/lake/bytes.js';
import { recogniseFlat } from '@rollcall/engine/lake/discover.js';
import { recogniseRecords } from '@rollcall/engine/lake/recognise.js';
import { Refusal } from '../model/refusal.js';

export interface ReadRecords {
  /** One record a line, each line ended, nothing else between. */
  text: Buffer;
  records: number;
  /** Of what was sent, as it was sent. */
  bytes: number;
  sha256: string;
  reading: Reading;
}

/** How a connector reads the records: what a scan is told about the file they are kept in. */
export type Reading = { columns: Readonly<Record<string, string>> } | { envelope: string };

/** Records looked at to see whether they are what they are said to be; a scan looks at as many. */
const sampled = 25;

export function readRecords(ndjson: Uint8Array, connector: Connector): ReadRecords {
  const input = Buffer.from(ndjson.buffer, ndjson.byteOffset, ndjson.byteLength);
  const parts: Buffer[] = [];
  const sample: unknown[] = [];
  let records = 0;
  let line = 0;
  for (let from = 0; from < input.length; ) {
    const next = input.indexOf(10, from);
    const to = next < 0 ? input.length : next;
    line++;
    const piece = trimmed(input, line === 1 && startsWithMark(input) ? 3 : from, to);
    from = to + 1;
    if (piece.length === 0) continue;
    if (piece.length > maxRecordBytes)
      throw refused(line, `is longer than the ${maxRecordBytes >> 20} MB that are read of one record`);
    if (!isUtf8(piece)) throw refused(line, 'is not UTF-8');
    const value = parsed(piece);
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw refused(line, 'is not a JSON object');
    if (sample.length < sampled) sample.push(value);
    // In valid JSON a carriage return stands between values only; to some readers it would end the line.
    parts.push(
      piece.includes(13) ? Buffer.from(piece.toString('latin1').replaceAll('\r', ' '), 'latin1') : piece,
    );
    parts.push(newline);
    records++;
  }
  if (records === 0)
    throw new Refusal(422, 'NOTHING_SENT', 'no record was sent: one JSON object a line is expected');
  return {
    text: Buffer.concat(parts),
    records,
    bytes: input.length,
    sha256: createHash('sha256').update(input).digest('hex'),
    reading: readingOf(sample, connector),
  };
}

const newline = Buffer.from('\n');

function readingOf(sample: unknown[], connector: Connector): Reading {
  if (connector.format === 'table') {
    const flat = recogniseFlat(sample, [connector]);
    if (flat?.kind === 'table') return { columns: flat.columns };
    throw new Refusal(
      422,
      'RECORDS_UNLIKE',
      `these records do not look like “${connector.title}”: the fields it is known by are not among theirs`,
    );
  }
  const recognition = recogniseRecords(sample, [connector]);
  if (recognition.kind === 'json') return { envelope: recognition.envelope };
  const why = recognition.kind === 'none' && recognition.nearest ? `: ${recognition.why}` : '';
  throw new Refusal(422, 'RECORDS_UNLIKE', `these records do not look like “${connector.title}”${why}`);
}

/** Whether records of one reading may stand in a file that is read in another way; both together if so. */
export function together(one: Reading, other: Reading): Reading | undefined {
  if ('envelope' in one || 'envelope' in other)
    return 'envelope' in one && 'envelope' in other && one.envelope === other.envelope ? one : undefined;
  for (const [column, header] of Object.entries(other.columns))
    if (Object.hasOwn(one.columns, column) && one.columns[column] !== header) return undefined;
  return { columns: { ...one.columns, ...other.columns } };
}

function trimmed(input: Buffer, from: number, to: number): Buffer {
  let start = from;
  let end = to;
  while (start < end && isSpace(input[start] as number)) start++;
  while (end > start && isSpace(input[end - 1] as number)) end--;
  return input.subarray(start, end);
}

const isSpace = (byte: number) => byte === 32 || byte === 9 || byte === 13;

const startsWithMark = (input: Buffer) => input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf;

function parsed(piece: Buffer): unknown {
  try {
    return JSON.parse(piece.toString('utf8'));
  } catch {
    // What V8 says of it quotes the record.
    return undefined;
  }
}

function refused(line: number, why: string): Refusal {
  return new Refusal(422, 'RECORD_INVALID', `line ${line} ${why}; nothing of this delivery was taken`);
}
