import { crc32, inflateRawSync } from 'node:zlib';
import { type Limits, Refusal } from './limits.js';

/** One entry of an archive's central directory (APPNOTE 4.3.12). */
export interface ZipEntry {
  name: string;
  packed: number;
  unpacked: number;
}

/** An archive whose directory has been checked; parts are unpacked when asked for. */
export interface Zip {
  entries: readonly ZipEntry[];
  has(name: string): boolean;
  /** Throws `Refusal` where the part is missing, damaged or beyond a limit. */
  read(name: string): Uint8Array;
  /** Bytes before the first entry: what self-extracting files and polyglots have. */
  prefix: number;
}

interface Located extends ZipEntry {
  offset: number;
  method: number;
  crc: number;
}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * Opens an archive from its central directory. Refused: more entries than allowed, entries that share bytes (the way
 * small archives unpack to petabytes), passwords, several disks, zip64 (no document of this size needs it).
 */
export function openZip(bytes: Uint8Array, limits: Limits): Zip {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(data, limits);
  const byName = new Map<string, Located>();
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  refuseOverlap(data, entries);
  let left = limits.unpacked;
  const cache = new Map<string, Uint8Array>();
  return {
    entries,
    prefix: entries.reduce((least, entry) => Math.min(least, entry.offset), data.length),
    has: (name) => byName.has(name),
    read(name) {
      const done = cache.get(name);
      if (done) return done;
      const entry = byName.get(name);
      if (!entry) throw new Refusal('damaged', `the archive has no ${name}`);
      const part = unpack(data, entry, limits, left);
      left -= part.byteLength;
      cache.set(name, part);
      return part;
    },
  };
}

function readDirectory(data: Buffer, limits: Limits): Located[] {
  const end = findEnd(data);
  if (end < 0) throw new Refusal('damaged', 'the archive is cut off: it has no directory');
  const count = data.readUInt16LE(end + 10);
  const start = data.readUInt32LE(end + 16);
  if (count === 0xffff || start === 0xffffffff)
    throw new Refusal('unsupported', 'it is a zip64 archive, which no document of this size needs');
  if (data.readUInt16LE(end + 4) !== 0) throw new Refusal('unsupported', 'the archive spans several disks');
  if (count > limits.entries)
    throw new Refusal('over-limit', `the archive has ${count} entries; at most ${limits.entries} are read`);
  const entries: Located[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > data.length || data.readUInt32LE(at) !== DIRECTORY)
      throw new Refusal('damaged', 'the directory of the archive is damaged');
    const flags = data.readUInt16LE(at + 8);
    const nameLength = data.readUInt16LE(at + 28);
    const name = data.toString(flags & 0x800 ? 'utf8' : 'latin1', at + 46, at + 46 + nameLength);
    if (flags & 1) throw new Refusal('encrypted', 'a password is needed to open the archive');
    const entry = {
      name: name.replaceAll('\\', '/'),
      method: data.readUInt16LE(at + 10),
      crc: data.readUInt32LE(at + 16),
      packed: data.readUInt32LE(at + 20),
      unpacked: data.readUInt32LE(at + 24),
      offset: data.readUInt32LE(at + 42),
    };
    entries.push(entry);
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  return entries;
}

/** The end record has a comment of up to 65,535 bytes behind it. */
function findEnd(data: Buffer): number {
  const first = Math.max(0, data.length - 22 - 65_535);
  for (let at = data.length - 22; at >= first; at--)
    if (data.readUInt32LE(at) === END && at + 22 + data.readUInt16LE(at + 20) <= data.length) return at;
  return -1;
}

function refuseOverlap(data: Buffer, entries: Located[]): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const entry of sorted) {
    if (entry.offset < end) throw new Refusal('over-limit', 'entries of the archive share bytes');
    end = entry.offset + 30 + entry.packed;
    if (end > data.length) throw new Refusal('damaged', `the archive is cut off within ${clip(entry.name)}`);
  }
}

function unpack(data: Buffer, entry: Located, limits: Limits, left: number): Uint8Array {
  const name = clip(entry.name);
  if (data.readUInt32LE(entry.offset) !== LOCAL)
    throw new Refusal('damaged', `the archive is damaged at ${name}`);
  const start =
    entry.offset + 30 + data.readUInt16LE(entry.offset + 26) + data.readUInt16LE(entry.offset + 28);
  const packed = data.subarray(start, start + entry.packed);
  const most = Math.min(limits.unpackedPart, left);
  if (entry.unpacked > most)
    throw new Refusal('over-limit', `${name} unpacks to ${entry.unpacked} bytes; at most ${most} are read`);
  if (entry.unpacked > 1024 * 1024 && entry.unpacked > entry.packed * limits.ratio)
    throw new Refusal('over-limit', `${name} unpacks to more than ${limits.ratio} times its size`);
  if (entry.method === 0) return checkSum(packed, entry, name);
  if (entry.method !== 8) throw new Refusal('unsupported', `${name} is packed by method ${entry.method}`);
  let part: Buffer;
  try {
    // One byte more than stated: a part that is larger than it says is found out without unpacking it all.
    part = inflateRawSync(packed, { maxOutputLength: entry.unpacked + 1 });
  } catch {
    throw new Refusal('damaged', `${name} cannot be unpacked`);
  }
  return checkSum(part, entry, name);
}

function checkSum(part: Buffer, entry: Located, name: string): Uint8Array {
  if (part.byteLength !== entry.unpacked || crc32(part) !== entry.crc)
    throw new Refusal('damaged', `${name} is not what the directory of the archive says`);
  return part;
}

const clip = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
