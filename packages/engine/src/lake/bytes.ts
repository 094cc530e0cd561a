import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';

/** Bytes of a file looked at before anything is decided about it. */
export const headBytes = 1 << 20;
/** The longest single record that is read; a longer one is rejected. */
export const maxRecordBytes = 16 << 20;

export type Compression = 'none' | 'gzip' | 'zstd';
export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be';

export interface Head {
  compression: Compression;
  encoding: Encoding;
  /** The first bytes as text, decompressed; may end in the middle of a record. */
  text: string;
  /** The whole file is in `text`. */
  complete: boolean;
  /** Set where the file is of a kind that cannot be read at all. */
  refusal?: string;
}

const signatures: [prefix: number[], refusal: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive or Office file: unpack it, or save the sheet as CSV'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF: not an export of records'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file: export it as JSON lines or CSV'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7-Zip archive: unpack it'],
  [[0x42, 0x5a, 0x68], 'a bzip2 file: unpack it, or compress with gzip or zstd'],
  [[0xfd, 0x37, 0x7a, 0x58], 'an xz file: unpack it, or compress with gzip or zstd'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Office file: save the sheet as CSV'],
  [[0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65], 'a Windows event log (.evtx): export it as JSON'],
];

/** Reads the start of a file: how it is compressed and encoded, and its first text. */
export async function readHead(path: string): Promise<Head> {
  const handle = await open(path, 'r');
  let first: Buffer;
  try {
    const buffer = Buffer.alloc(16);
    const { bytesRead } = await handle.read(buffer, 0, 16, 0);
    first = buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
  for (const [prefix, refusal] of signatures) {
    if (prefix.every((byte, i) => first[i] === byte)) {
      return { compression: 'none', encoding: 'utf-8', text: '', complete: false, refusal };
    }
  }
  const compression = compressionOf(first);
  const chunks: Buffer[] = [];
  let size = 0;
  let complete = true;
  try {
    for await (const chunk of readBytes(path, compression)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= headBytes) {
        complete = false;
        break;
      }
    }
  } catch (error) {
    if (size === 0) {
      return {
        compression,
        encoding: 'utf-8',
        text: '',
        complete: false,
        refusal: `damaged ${compression} data: ${message(error)}`,
      };
    }
    complete = false;
  }
  const bytes = Buffer.concat(chunks).subarray(0, headBytes);
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding === 'utf-8-bom' ? 'utf-8' : encoding)
    .decode(bytes)
    .replace(/^\uFEFF/, '');
  return { compression, encoding, text, complete };
}

function compressionOf(first: Buffer): Compression {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  if (first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd) return 'zstd';
  return 'none';
}

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8-bom';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Without a byte-order mark: every second byte of Western UTF-16 text is zero.
  const sample = bytes.subarray(0, 400);
  if (sample.length >= 4) {
    let even = 0;
    let odd = 0;
    sample.forEach((byte, i) => {
      if (byte === 0) i % 2 === 0 ? even++ : odd++;
    });
    if (odd > sample.length / 4 && even === 0) return 'utf-16le';
    if (even > sample.length / 4 && odd === 0) return 'utf-16be';
  }
  return 'utf-8';
}

/** The decompressed bytes of a file, in chunks. Throws where compressed data is damaged or ends early. */
export async function* readBytes(path: string, compression: Compression): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    if (compression === 'none') {
      for await (const chunk of file) yield chunk as Buffer;
    } else if (compression === 'gzip') {
      const gunzip = createGunzip();
      file.on('error', (error) => gunzip.destroy(error));
      for await (const chunk of file.pipe(gunzip)) yield chunk as Buffer;
    } else {
      const ready: Buffer[] = [];
      const inflate = new Decompress((chunk) => ready.push(Buffer.from(chunk)));
      for await (const chunk of file) {
        inflate.push(chunk as Buffer);
        while (ready.length > 0) yield ready.shift() as Buffer;
      }
      inflate.push(new Uint8Array(0), true);
      while (ready.length > 0) yield ready.shift() as Buffer;
    }
  } finally {
    file.destroy();
  }
}

/** The same bytes as UTF-8 without a byte-order mark. */
export async function* readUtf8(
  path: string,
  compression: Compression,
  encoding: Encoding,
): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* readBytes(path, compression);
    return;
  }
  if (encoding === 'utf-8-bom') {
    let skipped = false;
    for await (const chunk of readBytes(path, compression)) {
      yield skipped ? chunk : chunk.subarray(3);
      skipped = true;
    }
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of readBytes(path, compression))
    yield Buffer.from(decoder.decode(chunk, { stream: true }));
  const rest = decoder.decode();
  if (rest) yield Buffer.from(rest);
}

export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
