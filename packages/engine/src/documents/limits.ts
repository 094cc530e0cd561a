import type { DocumentFormat, RefusalReason } from './types.js';

/** Bounds of one file. Reached ones refuse the file or cut it, and say so. */
export interface Limits {
  /** Size of the file. */
  bytes: number;
  /** Pages of a PDF that are read. */
  pages: number;
  /** Characters of text that are kept, hidden text included. */
  characters: number;
  /** Blocks of text that are kept. */
  blocks: number;
  /** Bytes that all compressed parts may unpack to, and one part alone. */
  unpacked: number;
  unpackedPart: number;
  /** Unpacked over packed, for parts above 1 MiB. */
  ratio: number;
  /** Entries of an archive; objects of a PDF are 100 times as many. */
  entries: number;
  /** Nesting of elements, groups and arrays. */
  depth: number;
  /** Pixels of pictures that are unpacked for a mark of their looks, all together; of one picture half as many. */
  pixels: number;
  /** Entries of any list of traces. */
  traces: number;
}

export const defaultLimits: Limits = {
  bytes: 20 * 1024 * 1024,
  pages: 60,
  characters: 1_000_000,
  blocks: 50_000,
  unpacked: 192 * 1024 * 1024,
  unpackedPart: 64 * 1024 * 1024,
  ratio: 400,
  entries: 4_000,
  depth: 256,
  pixels: 32_000_000,
  traces: 2_000,
};

/** Thrown while a file is read; `readDocument` turns it into a refusal that names the file. */
export class Refusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    readonly format?: DocumentFormat,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
