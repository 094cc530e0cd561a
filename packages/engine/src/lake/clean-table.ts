import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type Compression, type Encoding, maxRecordBytes, message, readUtf8 } from './bytes.js';
import { maxRejectsListed, type Normalised, type RecordReject, sampleOf } from './normalise.js';

/** How the rows of a table file are written. */
export interface TableLayout {
  delimiter: string;
  /** Cells may stand in double quotes, and then run over several lines. */
  quoted: boolean;
  width: number;
  /** Lines above the first row. */
  skip: number;
  /** Lines that begin so are no rows. */
  comment?: string;
}

/** A quoted cell over more lines than this is taken for a quote that was never closed. */
const longestCell = 200;

/**
 * Copies the rows of a table file to `out` in the strictest form of CSV (or only finds the lines they stand on, without
 * `out`), in bounded memory. The careful way, for what DuckDB's own reader stumbles over: other encodings, damage, stray
 * quotes, surplus cells. One bad row costs no good one: after a quote that is never closed it goes on with the next line.
 */
export async function cleanTable(
  source: { path: string; compression: Compression; encoding: Encoding },
  layout: TableLayout,
  out?: string,
): Promise<Normalised> {
  const target = out === undefined ? undefined : createWriteStream(out);
  const lines: number[] = [];
  const rejects: RecordReject[] = [];
  let rejected = 0;
  let recoded = 0;
  const reject = (line: number, reason: string, sample: string) => {
    rejected++;
    if (rejects.length < maxRejectsListed)
      rejects.push({ line, reason, sample: sampleOf(Buffer.from(sample.slice(0, 200))) });
  };
  const write = async (text: string) => {
    if (target && !target.write(`${text}\n`)) await once(target, 'drain');
  };
  /** Lines of a row whose quote is still open. */
  let open: { line: number; text: string }[] = [];

  const row = async (line: number, cells: string[], text: string) => {
    while (cells.length > layout.width && cells.at(-1)?.trim() === '') cells.pop();
    if (cells.length > layout.width) {
      return reject(line, `${cells.length} cells where the header has ${layout.width}`, text);
    }
    lines.push(line);
    await write(layout.quoted ? cells.map(quote).join(layout.delimiter) : text);
  };

  const take = async (first: { line: number; text: string }) => {
    const waiting = [first];
    while (waiting.length > 0) {
      const next = waiting.shift() as { line: number; text: string };
      if (
        open.length === 0 &&
        (next.text.trim() === '' || (layout.comment && next.text.startsWith(layout.comment)))
      )
        continue;
      open.push(next);
      const text = open.map((part) => part.text).join('\n');
      const cells = layout.quoted ? cellsOf(text, layout.delimiter) : next.text.split(layout.delimiter);
      const [start] = open;
      if (Array.isArray(cells)) {
        open = [];
        await row(start?.line ?? next.line, cells, text);
      } else if (cells === 'malformed' || open.length > longestCell || text.length > maxRecordBytes) {
        reject(
          start?.line ?? next.line,
          cells === 'malformed' ? 'text after a closing quote' : 'a quote that is never closed',
          start?.text ?? '',
        );
        waiting.unshift(...open.slice(1));
        open = [];
      }
    }
  };

  let number = 0;
  let ended = true;
  let last: { line: number; text: string } | undefined;
  let damage: string | undefined;
  try {
    for await (const line of physicalLines(source)) {
      number++;
      ended = line.ended;
      if (number <= layout.skip) {
        await write(decode(line.bytes).text);
        continue;
      }
      if (last) await take(last);
      last = undefined;
      if (line.size > maxRecordBytes) {
        reject(
          number,
          `a line of ${Math.round(line.size / (1 << 20))} MB; the longest that is read is ${maxRecordBytes >> 20} MB`,
          '',
        );
        continue;
      }
      const decoded = decode(line.bytes);
      if (decoded.recoded) recoded++;
      // The last line is held back: it may have been cut off.
      last = { line: number, text: decoded.text };
    }
  } catch (error) {
    damage = message(error);
  }
  if (last) {
    const isRow = last.text.trim() !== '' && !(layout.comment && last.text.startsWith(layout.comment));
    const cells = layout.quoted ? cellsOf(last.text, layout.delimiter) : last.text.split(layout.delimiter);
    const short = isRow && (!Array.isArray(cells) || cells.length < layout.width);
    if (damage === undefined && (ended || !short || open.length > 0)) await take(last);
    else reject(last.line, 'the file ends in the middle of a row', last.text);
  }
  while (open.length > 0) {
    const [start, ...rest] = open;
    open = [];
    reject(start?.line ?? number, 'a quote that is never closed', start?.text ?? '');
    for (const part of rest) await take(part);
  }
  if (damage !== undefined)
    reject(Math.max(number, 1), `the compressed data is damaged or ends early: ${damage}`, '');
  if (target) {
    target.end();
    await once(target, 'finish');
  }
  return { records: lines.length, rejects, rejected, lines: Uint32Array.from(lines), recoded };
}

function quote(cell: string): string {
  return cell === '' ? '' : `"${cell.replaceAll('"', '""')}"`;
}

/** The cells of a row as CSV has them; `open` where a quote is not closed yet. */
function cellsOf(text: string, delimiter: string): string[] | 'open' | 'malformed' {
  if (!text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let cell = '';
      let from = at + 1;
      for (;;) {
        const close = text.indexOf('"', from);
        if (close < 0) return 'open';
        cell += text.slice(from, close);
        if (text[close + 1] !== '"') {
          at = close + 1;
          break;
        }
        cell += '"';
        from = close + 2;
      }
      const end = text.indexOf(delimiter, at);
      const rest = text.slice(at, end < 0 ? undefined : end);
      if (rest.trim() !== '') return 'malformed';
      cells.push(cell);
      if (end < 0) return cells;
      at = end + 1;
    } else {
      const end = text.indexOf(delimiter, at);
      cells.push(text.slice(at, end < 0 ? undefined : end));
      if (end < 0) return cells;
      at = end + 1;
    }
  }
}

const windows1252 = new TextDecoder('windows-1252');

function decode(bytes: Buffer): { text: string; recoded: boolean } {
  const line = bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes;
  return isUtf8(line)
    ? { text: line.toString(), recoded: false }
    : { text: windows1252.decode(line), recoded: true };
}

/** Lines of a file, their bytes without the line end; of a line over the limit only its start, with its size. */
async function* physicalLines(source: {
  path: string;
  compression: Compression;
  encoding: Encoding;
}): AsyncGenerator<{ bytes: Buffer; size: number; ended: boolean }> {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (bytes: Buffer) => {
    if (size <= maxRecordBytes && bytes.length > 0) parts.push(Buffer.from(bytes));
    size += bytes.length;
  };
  const finish = (ended: boolean) => {
    const line = { bytes: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), size, ended };
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of readUtf8(source.path, source.compression, source.encoding)) {
    let from = 0;
    for (let at = chunk.indexOf(10, from); at >= 0; at = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, at));
      yield finish(true);
      from = at + 1;
    }
    add(chunk.subarray(from));
  }
  if (size > 0) yield finish(false);
}
