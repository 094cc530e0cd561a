import { zipSync } from 'fflate';
import { entryName, limits, manifestName, signatureName, zipTime } from './format.js';

/** Entries stored, in order of name. `fflate` reads the fields of a local date, so it is made of local fields. */
export function packed(entries: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const tree: Record<string, [Uint8Array, { level: 0; mtime: Date }]> = {};
  for (const name of [...entries.keys()].sort())
    tree[name] = [entries.get(name) as Uint8Array, { level: 0, mtime: new Date(1980, 0, 1, 0, 0, 0) }];
  return zipSync(tree as never);
}

/** Why a file is no bundle of ours. */
export class NotABundle extends Error {}

const doubt = (text: string): never => {
  throw new NotABundle(text);
};

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(data: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of data) c = (crcTable[(c ^ byte) & 255] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/**
 * Reads a bundle. Every byte must be where our own writer puts it: no compression, no gaps, no comments, no fields of
 * others. What other programs might read in another way is refused.
 */
export function unpacked(zip: Uint8Array): Map<string, Uint8Array> {
  if (zip.length > limits.bytes) doubt(`it is larger than ${limits.bytes} bytes`);
  if (zip.length < 22) doubt('it is too short for a ZIP');
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) doubt('it does not end as a ZIP of ours ends');
  const total = view.getUint16(end + 10, true);
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== total)
    doubt('it says that it is in several parts');
  if (view.getUint16(end + 20, true) !== 0) doubt('it carries a comment');
  if (total > limits.entries) doubt(`it has more than ${limits.entries} entries`);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (start + size !== end) doubt('its directory is not where it should be');

  const entries = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  let at = start;
  let local = 0;
  let before = '';
  for (let i = 0; i < total; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) doubt('its directory is broken');
    const length = view.getUint16(at + 28, true);
    if (at + 46 + length > end) doubt('its directory is broken');
    const name = Buffer.from(zip.subarray(at + 46, at + 46 + length)).toString('latin1');
    if (!entryName.test(name) && name !== manifestName && name !== signatureName)
      doubt('it has an entry with a name that no bundle has');
    if (seen.has(name.toLowerCase())) doubt(`it has two entries called ${name}`);
    seen.add(name.toLowerCase());
    if (name <= before) doubt('its entries are not in order');
    before = name;
    const bytes = view.getUint32(at + 20, true);
    const crc = view.getUint32(at + 16, true);
    const plain =
      view.getUint16(at + 4, true) === 20 &&
      view.getUint16(at + 6, true) === 20 &&
      view.getUint16(at + 8, true) === 0 &&
      view.getUint16(at + 10, true) === 0 &&
      view.getUint16(at + 12, true) === zipTime.time &&
      view.getUint16(at + 14, true) === zipTime.date &&
      view.getUint32(at + 24, true) === bytes &&
      view.getUint32(at + 30, true) === 0 &&
      view.getUint32(at + 34, true) === 0 &&
      view.getUint32(at + 38, true) === 0 &&
      view.getUint32(at + 42, true) === local;
    if (!plain) doubt(`${name}: compressed, encrypted, or written by another program`);
    // The header before the content must say the same as the directory.
    const body = local + 30 + length;
    if (body + bytes > start || view.getUint32(local, true) !== 0x04034b50) doubt(`${name}: cut off`);
    const same =
      Buffer.compare(zip.subarray(local + 4, local + 26), zip.subarray(at + 6, at + 28)) === 0 &&
      view.getUint16(local + 26, true) === length &&
      view.getUint16(local + 28, true) === 0 &&
      Buffer.compare(zip.subarray(local + 30, body), zip.subarray(at + 46, at + 46 + length)) === 0;
    if (!same) doubt(`${name}: its two headers differ`);
    const content = zip.subarray(body, body + bytes);
    if (crc32(content) !== crc) doubt(`${name}: its check sum is wrong`);
    entries.set(name, content);
    local = body + bytes;
    at += 46 + length;
  }
  if (at !== end || local !== start) doubt('there is something between its entries');
  return entries;
}
