import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PassageError } from '../errors.js';
import { FileWriter } from '../postings/file-writer.js';

/*
 * Documents of one part of an index, in a file that is written once:
 *
 *   blocks, each deflated: for each document  length of id, owner and text in bytes (uint32 each), then the three
 *   where each block begins, and where the last ends (float64)
 *   number of the first document of each block, and of all documents (uint32), counted from the first of the file
 *   hash of the owner of each document (uint32)
 *   footer: blocks, documents (float64), magic
 */

/** Characters of text that are packed together: several documents pack better than one. */
const blockSize = 8_192;
const footerSize = 24;
const magic = 0x52435458;

export interface StoredDocument {
  id: string;
  owner: string;
  text: string;
}

/** Writes the documents of a part, one after the other. */
export class TextFileWriter {
  readonly #file: FileWriter;
  readonly #places: number[] = [];
  readonly #firsts: number[] = [];
  readonly #owners: number[] = [];
  #block: Buffer[] = [];
  #size = 0;

  constructor(path: string) {
    this.#file = new FileWriter(path);
  }

  add(document: StoredDocument, ownerHash: number): void {
    if (this.#size === 0) this.#firsts.push(this.#owners.length);
    const parts = [document.id, document.owner, document.text].map((part) => Buffer.from(part));
    const head = Buffer.allocUnsafe(12);
    parts.forEach((part, at) => {
      head.writeUInt32LE(part.length, at * 4);
    });
    this.#block.push(head, ...parts);
    this.#owners.push(ownerHash);
    for (const part of [head, ...parts]) this.#size += part.length;
    if (this.#size >= blockSize) this.#endBlock();
  }

  /** Takes over all blocks of another file as they are. */
  append(other: TextFile): void {
    this.#endBlock();
    for (let block = 0; block < other.blocks; block++) {
      this.#places.push(this.#file.position);
      this.#firsts.push(this.#owners.length + other.firstOf(block));
      this.#file.bytes(other.packed(block));
    }
    for (const owner of other.owners) this.#owners.push(owner);
  }

  end(): void {
    this.#endBlock();
    this.#places.push(this.#file.position);
    this.#firsts.push(this.#owners.length);
    this.#file.bytes(new Uint8Array(Float64Array.from(this.#places).buffer));
    this.#file.bytes(new Uint8Array(Uint32Array.from(this.#firsts).buffer));
    this.#file.bytes(new Uint8Array(Uint32Array.from(this.#owners).buffer));
    const footer = Buffer.alloc(footerSize);
    footer.writeDoubleLE(this.#places.length - 1, 0);
    footer.writeDoubleLE(this.#owners.length, 8);
    footer.writeUInt32LE(magic, 16);
    footer.writeUInt32LE(1, 20);
    this.#file.bytes(footer);
    this.#file.end();
  }

  #endBlock(): void {
    if (this.#size === 0) return;
    this.#places.push(this.#file.position);
    this.#file.bytes(deflateRawSync(Buffer.concat(this.#block), { level: 5 }));
    this.#block = [];
    this.#size = 0;
  }
}

/** Reads the documents of a part. */
export class TextFile {
  readonly #path: string;
  readonly #file: number;
  readonly #places: Float64Array;
  readonly #firsts: Uint32Array;
  /** Hash of the owner of each document. */
  readonly owners: Uint32Array;
  readonly bytes: number;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'r');
    try {
      this.bytes = fstatSync(this.#file).size;
      if (this.bytes < footerSize) throw this.#damaged();
      const footer = this.#read(this.bytes - footerSize, footerSize);
      const blocks = footer.readDoubleLE(0);
      const documents = footer.readDoubleLE(8);
      const size = (blocks + 1) * 12 + documents * 4;
      const sound = Number.isInteger(blocks) && Number.isInteger(documents) && blocks >= 0 && documents >= 0;
      if (footer.readUInt32LE(16) !== magic || !sound || size > this.bytes - footerSize)
        throw this.#damaged();
      const table = new Uint8Array(this.#read(this.bytes - footerSize - size, size));
      this.#places = new Float64Array(table.buffer, 0, blocks + 1);
      this.#firsts = new Uint32Array(table.buffer, (blocks + 1) * 8, blocks + 1);
      this.owners = new Uint32Array(table.buffer, (blocks + 1) * 12, documents);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  get documents(): number {
    return this.owners.length;
  }

  get blocks(): number {
    return this.#places.length - 1;
  }

  /** Number of the first document of a block. */
  firstOf(block: number): number {
    return this.#firsts[block] as number;
  }

  /** A block as it is on disk. */
  packed(block: number): Buffer {
    const from = this.#places[block] as number;
    const size = (this.#places[block + 1] as number) - from;
    if (!(size >= 0 && from + size <= this.bytes)) throw this.#damaged();
    return this.#read(from, size);
  }

  /** One document, by its number in this file. */
  get(document: number): StoredDocument {
    let low = 0;
    let high = this.blocks;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] as number) <= document) low = middle;
      else high = middle;
    }
    let found: StoredDocument | undefined;
    this.#unpack(low, (at, read) => {
      if (at === document) found = read();
    });
    if (found === undefined) throw this.#damaged();
    return found;
  }

  #unpack(block: number, each: (document: number, read: () => StoredDocument) => void): void {
    let bytes: Buffer;
    try {
      bytes = inflateRawSync(this.packed(block), { chunkSize: 2 * blockSize });
    } catch {
      throw this.#damaged();
    }
    let document = this.firstOf(block);
    for (let at = 0; at + 12 <= bytes.length; document++) {
      const id = at + 12;
      const owner = id + bytes.readUInt32LE(at);
      const text = owner + bytes.readUInt32LE(at + 4);
      const end = text + bytes.readUInt32LE(at + 8);
      if (end > bytes.length) throw this.#damaged();
      each(document, () => ({
        id: bytes.toString('utf8', id, owner),
        owner: bytes.toString('utf8', owner, text),
        text: bytes.toString('utf8', text, end),
      }));
      at = end;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(from: number, size: number): Buffer {
    const into = Buffer.allocUnsafe(size);
    let done = 0;
    while (done < size) {
      const read = readSync(this.#file, into, done, size - done, from + done);
      if (read === 0) throw this.#damaged();
      done += read;
    }
    return into;
  }

  #damaged(): PassageError {
    return new PassageError('INDEX_DAMAGED', `${this.#path}: damaged or not a file of this version`);
  }
}
