import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** Writes a file from front to back through one buffer; `end` makes sure that it is on disk. */
export class FileWriter {
  readonly #file: number;
  #buffer = Buffer.allocUnsafe(1 << 20);
  #used = 0;
  #flushed = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  /** Bytes so far. */
  get position(): number {
    return this.#flushed + this.#used;
  }

  varint(value: number): void {
    if (this.#used + 10 > this.#buffer.length) this.#flush();
    let left = value;
    while (left >= 0x80000000) {
      this.#buffer[this.#used++] = (left % 128) | 0x80;
      left = Math.floor(left / 128);
    }
    while (left >= 0x80) {
      this.#buffer[this.#used++] = (left & 0x7f) | 0x80;
      left >>>= 7;
    }
    this.#buffer[this.#used++] = left;
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length > this.#buffer.length - this.#used) this.#flush();
    if (bytes.length > this.#buffer.length) {
      writeFully(this.#file, bytes);
      this.#flushed += bytes.length;
      return;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  end(): void {
    this.#flush();
    fsyncSync(this.#file);
    closeSync(this.#file);
  }

  #flush(): void {
    writeFully(this.#file, this.#buffer.subarray(0, this.#used));
    this.#flushed += this.#used;
    this.#used = 0;
  }
}

function writeFully(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done);
}
