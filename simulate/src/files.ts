import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const CHUNK = 1 << 20;

/** One file being written, text by text. What is written waits in memory until `drain`. */
export class Output {
  readonly #stream: Writable;
  readonly #end: Promise<void>;
  #full: Buffer[] = [];
  #chunk = Buffer.allocUnsafe(CHUNK);
  #length = 0;

  constructor(path: string, gzip = path.endsWith('.gz')) {
    mkdirSync(dirname(path), { recursive: true });
    const file = createWriteStream(path);
    this.#end = finished(file);
    // An early failure is reported where the file is drained or closed, not as an unhandled one.
    this.#end.catch(() => undefined);
    if (gzip) {
      const zip = createGzip({ level: 1, chunkSize: CHUNK });
      zip.pipe(file);
      this.#stream = zip;
    } else {
      this.#stream = file;
    }
  }

  write(text: string): void {
    // UTF-8 takes at most three bytes for a UTF-16 unit.
    const most = text.length * 3;
    if (most > CHUNK - this.#length) {
      this.#full.push(this.#chunk.subarray(0, this.#length));
      this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK, most));
      this.#length = 0;
    }
    this.#length += this.#chunk.write(text, this.#length);
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }

  /** Hands on the chunks that are full. */
  async drain(): Promise<void> {
    for (const chunk of this.#full.splice(0)) {
      if (!this.#stream.write(chunk)) await Promise.race([once(this.#stream, 'drain'), this.#end]);
    }
  }

  async close(): Promise<void> {
    this.#full.push(this.#chunk.subarray(0, this.#length));
    this.#length = 0;
    await this.drain();
    this.#stream.end();
    await this.#end;
  }
}

/** A JSON document around many records: `{"value":[` … `]}`. */
export class Document {
  readonly #output: Output;
  readonly #tail: (records: number) => string;
  #records = 0;

  constructor(path: string, head: string, tail: string | ((records: number) => string)) {
    this.#output = new Output(path);
    this.#output.write(head);
    this.#tail = typeof tail === 'string' ? () => tail : tail;
  }

  record(json: string): void {
    this.#output.write(this.#records++ === 0 ? `\n${json}` : `,\n${json}`);
  }

  drain(): Promise<void> {
    return this.#output.drain();
  }

  async close(): Promise<void> {
    this.#output.write(`\n${this.#tail(this.#records)}\n`);
    await this.#output.close();
  }
}

/** One line of comma-separated values. */
export function csvLine(values: readonly (string | number | undefined)[], delimiter = ','): string {
  return values
    .map((value) => {
      const text = value === undefined ? '' : String(value);
      return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(delimiter);
}
