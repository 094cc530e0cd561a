import { inflateSync, constants as zlib } from 'node:zlib';
import { type Pixels, paletted, toBytes, unfilter } from './pixels.js';

const channelsOf: Record<number, 1 | 2 | 3 | 4> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Pixels of a PNG (W3C, 3rd edition) of at most `most` pixels; undefined where it is larger, damaged or interlaced.
 * Checksums are not checked: damage only makes another picture.
 */
export function decodePng(bytes: Uint8Array, most: number): Pixels | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 33 || data.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const width = data.readUInt32BE(16);
  const height = data.readUInt32BE(20);
  const bits = data[24] ?? 0;
  const type = data[25] ?? 1;
  const channels = channelsOf[type];
  if (channels === undefined || width === 0 || height === 0 || width * height > most) return undefined;
  if (![1, 2, 4, 8, 16].includes(bits) || data[26] !== 0 || data[27] !== 0 || data[28] !== 0)
    return undefined;
  const parts: Buffer[] = [];
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  for (let at = 33; at + 12 <= data.length; ) {
    const length = data.readUInt32BE(at);
    const name = data.toString('latin1', at + 4, at + 8);
    const chunk = data.subarray(at + 8, at + 8 + length);
    if (name === 'IDAT') parts.push(chunk);
    else if (name === 'PLTE') palette = chunk;
    else if (name === 'tRNS') transparency = chunk;
    else if (name === 'IEND') break;
    at += 12 + length;
  }
  const rowBytes = Math.ceil((width * channels * bits) / 8);
  const raw = inflateAtMost(Buffer.concat(parts), (rowBytes + 1) * height);
  const rows = raw && unfilter(raw, rowBytes, height, Math.max(1, (channels * bits) >> 3));
  if (!rows) return undefined;
  const samples = toBytes(rows, rowBytes, width * channels, height, bits, type !== 3);
  if (type !== 3) return { width, height, channels, data: samples };
  if (!palette) return undefined;
  const colours = new Uint8Array(256 * 4).fill(255);
  for (let index = 0; index < Math.min(256, Math.floor(palette.length / 3)); index++) {
    colours.set(palette.subarray(index * 3, index * 3 + 3), index * 4);
    colours[index * 4 + 3] = transparency?.[index] ?? 255;
  }
  return { width, height, channels: 4, data: paletted(samples, colours, 4) };
}

/** The first bytes of a zlib stream; those of a damaged one as far as they go. Undefined where it holds far more. */
export function inflateAtMost(packed: Uint8Array, most: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: most + 4_096, finishFlush: zlib.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}
