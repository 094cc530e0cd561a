import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PassageError } from '../errors.js';
import type { Groups } from './entries.js';
import { FileWriter } from './file-writer.js';

/*
 * A segment is one file that is written once:
 *
 *   blocks of at least 1 KiB: for each key  varint(key - key before)  varint(count * 2 + listed)
 *                             where listed  varint(bytes of what follows, from 8 values on)
 *                                           varint(first value)  varint(value - value before) …
 *   directory: where each block begins, and where the last ends (float64), upper 32 bits of its first key (uint32)
 *   footer: number of blocks, keys, entries (float64 each), magic
 *
 * The key before the first of a block is its upper 32 bits, the others 0. All little-endian. The directory alone is held
 * in memory: 12 bytes for each block.
 */

const blockSize = 1024;
/** From so many values on, a list can be skipped in one step. */
const fewestSkipped = 8;
const footerSize = 32;
const magic = 0x52434c50;

/** Writes a segment and returns how many entries it has. Removes nothing: a damaged end is found by its footer. */
export function writeSegment(path: string, groups: Groups): number {
  const file = new FileWriter(path);
  const keys: number[] = [];
  const places: number[] = [];
  let blockStart = -blockSize;
  let before = 0;
  let keyCount = 0;
  let entries = 0;
  while (groups.next()) {
    const { key, count, values, listed } = groups;
    if (file.position - blockStart >= blockSize) {
      blockStart = file.position;
      const high = Math.floor(key / 256);
      keys.push(high);
      places.push(blockStart);
      before = high * 256;
    }
    file.varint(key - before);
    file.varint(count * 2 + (listed ? 1 : 0));
    before = key;
    if (listed) {
      if (count >= fewestSkipped) file.varint(sizeOf(values, count));
      let last = 0;
      for (let i = 0; i < count; i++) {
        const value = values[i] as number;
        file.varint(value - last);
        last = value;
      }
    }
    keyCount += 1;
    entries += count;
  }
  places.push(file.position);
  const tail = Buffer.allocUnsafe(footerSize);
  tail.writeDoubleLE(keys.length, 0);
  tail.writeDoubleLE(keyCount, 8);
  tail.writeDoubleLE(entries, 16);
  tail.writeUInt32LE(magic, 24);
  tail.writeUInt32LE(1, 28);
  file.bytes(new Uint8Array(Float64Array.from(places).buffer));
  file.bytes(new Uint8Array(Uint32Array.from(keys).buffer));
  file.bytes(tail);
  file.end();
  return entries;
}

function sizeOf(values: Uint32Array, count: number): number {
  let size = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    size += 1;
    for (let left = value - last; left >= 128; left = Math.floor(left / 128)) size += 1;
    last = value;
  }
  return size;
}

/** Takes values one after the other. */
export class Values {
  #values = new Uint32Array(1024);
  #ascending = true;
  count = 0;

  clear(): void {
    this.count = 0;
    this.#ascending = true;
  }

  add(value: number): void {
    if (this.count === this.#values.length) {
      const bigger = new Uint32Array(this.count * 2);
      bigger.set(this.#values);
      this.#values = bigger;
    }
    if (this.count > 0 && value <= (this.#values[this.count - 1] as number)) this.#ascending = false;
    this.#values[this.count++] = value;
  }

  /** A copy, ascending, each value once. */
  sorted(): Uint32Array {
    const values = this.#values.slice(0, this.count);
    return this.#ascending ? values : Uint32Array.from(new Set(values)).sort();
  }
}

/** Reads one segment. */
export class Segment {
  readonly #path: string;
  readonly #file: number;
  readonly #keys: Uint32Array;
  readonly #places: Float64Array;
  readonly entries: number;
  readonly bytes: number;
  #block = Buffer.allocUnsafe(blockSize * 4);
  #loaded = -1;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'r');
    try {
      this.bytes = fstatSync(this.#file).size;
      if (this.bytes < footerSize) throw this.#damaged();
      const tail = this.#read(this.bytes - footerSize, Buffer.alloc(footerSize));
      const blocks = tail.readDoubleLE(0);
      this.entries = tail.readDoubleLE(16);
      const size = blocks * 12 + 8;
      if (tail.readUInt32LE(24) !== magic || !Number.isInteger(blocks) || blocks < 0 || size > this.bytes) {
        throw this.#damaged();
      }
      const directory = new Uint8Array(size);
      this.#read(this.bytes - footerSize - size, Buffer.from(directory.buffer));
      this.#places = new Float64Array(directory.buffer, 0, blocks + 1);
      this.#keys = new Uint32Array(directory.buffer, blocks * 8 + 8, blocks);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  /** Adds the values of a key to `into`. Returns how many there are where they are not listed, else 0. */
  get(key: number, into: Values): number {
    const high = Math.floor(key / 256);
    for (
      let index = this.#blockOf(high);
      index < this.#keys.length && (this.#keys[index] as number) <= high;
      index++
    ) {
      const count = this.#scan(index, key, into);
      if (count !== undefined) return count;
    }
    return 0;
  }

  /** Looks for a key in one block; undefined where it may be in the next. */
  #scan(index: number, key: number, into: Values): number | undefined {
    const end = this.#load(index);
    const block = this.#block;
    let at = 0;
    let here = (this.#keys[index] as number) * 256;
    while (at < end) {
      let value = 0;
      let scale = 1;
      let byte = block[at++] as number;
      if (byte < 0x80) value = byte;
      else {
        while (byte >= 0x80) {
          value += (byte & 0x7f) * scale;
          scale *= 128;
          byte = block[at++] as number;
        }
        value += byte * scale;
      }
      here += value;
      byte = block[at++] as number;
      let head = byte & 0x7f;
      for (let shift = 7; byte >= 0x80; shift += 7) {
        byte = block[at++] as number;
        head += (byte & 0x7f) * 2 ** shift;
      }
      const listed = (head & 1) === 1;
      const count = Math.floor(head / 2);
      if (here > key) return 0;
      let bytes = -1;
      if (listed && count >= fewestSkipped) {
        byte = block[at++] as number;
        bytes = byte & 0x7f;
        for (let shift = 7; byte >= 0x80; shift += 7) {
          byte = block[at++] as number;
          bytes += (byte & 0x7f) * 2 ** shift;
        }
      }
      if (here === key) {
        if (!listed) return count;
        let last = 0;
        for (let i = 0; i < count; i++) {
          byte = block[at++] as number;
          let delta = byte & 0x7f;
          for (let shift = 7; byte >= 0x80; shift += 7) {
            byte = block[at++] as number;
            delta += (byte & 0x7f) * 2 ** shift;
          }
          last += delta;
          into.add(last);
        }
        return 0;
      }
      if (bytes >= 0) at += bytes;
      else if (listed) {
        let left = count;
        while (left > 0) if ((block[at++] as number) < 0x80) left -= 1;
      }
    }
    return undefined;
  }

  /** All keys in order, for merging. */
  groups(): Groups {
    const blocks = this.#keys.length;
    let index = -1;
    let at = 0;
    let end = 0;
    let here = 0;
    const buffer = { bytes: this.#block };
    const number = () => {
      let byte = buffer.bytes[at++] as number;
      let value = byte & 0x7f;
      let scale = 128;
      while (byte >= 0x80) {
        byte = buffer.bytes[at++] as number;
        value += (byte & 0x7f) * scale;
        scale *= 128;
      }
      return value;
    };
    const groups: Groups = {
      key: 0,
      count: 0,
      values: new Uint32Array(1024),
      listed: true,
      next: () => {
        if (at >= end) {
          index += 1;
          if (index >= blocks) return false;
          end = this.#load(index);
          buffer.bytes = this.#block;
          at = 0;
          here = (this.#keys[index] as number) * 256;
        }
        here += number();
        const head = number();
        groups.key = here;
        groups.count = Math.floor(head / 2);
        groups.listed = head % 2 === 1;
        if (groups.listed) {
          if (groups.count >= fewestSkipped) number();
          if (groups.count > groups.values.length) groups.values = new Uint32Array(groups.count * 2);
          let last = 0;
          for (let i = 0; i < groups.count; i++) {
            last += number();
            groups.values[i] = last;
          }
        }
        return true;
      },
    };
    return groups;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** The last block that begins below a key with these upper bits, or the first. */
  #blockOf(high: number): number {
    const keys = this.#keys;
    let from = 0;
    let to = keys.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((keys[middle] as number) < high) from = middle + 1;
      else to = middle;
    }
    return Math.max(0, from - 1);
  }

  #load(index: number): number {
    const from = this.#places[index] as number;
    const size = (this.#places[index + 1] as number) - from;
    if (!(size >= 0 && from + size <= this.bytes)) throw this.#damaged();
    if (this.#loaded === index) return size;
    if (this.#block.length < size) this.#block = Buffer.allocUnsafe(size * 2);
    this.#read(from, this.#block.subarray(0, size));
    this.#loaded = index;
    return size;
  }

  #read(from: number, into: Buffer): Buffer {
    let done = 0;
    while (done < into.length) {
      const read = readSync(this.#file, into, done, into.length - done, from + done);
      if (read === 0) throw this.#damaged();
      done += read;
    }
    return into;
  }

  #damaged(): PassageError {
    return new PassageError('INDEX_DAMAGED', `${this.#path}: damaged or not a segment of this version`);
  }
}
