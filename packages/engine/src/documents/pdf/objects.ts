import { inflateSync, constants as zlib } from 'node:zlib';
import { type Limits, Refusal } from '../limits.js';

/** Values of ISO 32000-1, 7.3. Strings are bytes as Latin-1. */
export type PdfValue = null | boolean | number | PdfName | PdfText | PdfRef | PdfValue[] | PdfDict;
export interface PdfName {
  name: string;
}
export interface PdfText {
  bytes: string;
}
export interface PdfRef {
  ref: number;
}
export type PdfDict = Map<string, PdfValue>;

export interface PdfObject {
  number: number;
  /** Where in the file it stands, or the stream it is packed in. */
  at: number;
  value: PdfValue;
  /** Stored bytes of a stream. */
  stream?: Uint8Array;
}

/** Everything the file holds, later versions of an object in place of earlier ones. */
export interface PdfObjects {
  all: Map<number, PdfObject>;
  trailers: PdfDict[];
  encrypted: boolean;
  /** Streams that could not be unpacked by the filters known here. */
  opaque: number;
}

export const isName = (value: PdfValue | undefined, name?: string): value is PdfName =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  (name === undefined || value.name === name);
export const isRef = (value: PdfValue | undefined): value is PdfRef =>
  typeof value === 'object' && value !== null && 'ref' in value;
export const isText = (value: PdfValue | undefined): value is PdfText =>
  typeof value === 'object' && value !== null && 'bytes' in value;
export const isDict = (value: PdfValue | undefined): value is PdfDict => value instanceof Map;

/** The value behind a reference, or the value itself. References to references are followed a few steps. */
export function resolve(objects: PdfObjects, value: PdfValue | undefined): PdfValue | undefined {
  let current = value;
  for (let step = 0; isRef(current) && step < 8; step++) current = objects.all.get(current.ref)?.value;
  return current;
}

class Damaged extends Error {}

/** Reads values from Latin-1 text. `budget` bounds the characters that may be looked at over the whole file. */
class Reader {
  at = 0;
  constructor(
    readonly source: string,
    readonly work: { left: number },
  ) {}

  value(depth = 0): PdfValue {
    if (depth > 64) throw new Damaged();
    this.#space();
    const character = this.source[this.at];
    if (character === undefined) throw new Damaged();
    if (character === '<') {
      if (this.source[this.at + 1] === '<') return this.#dict(depth);
      return this.#hex();
    }
    if (character === '(') return this.#text();
    if (character === '/') return this.#name();
    if (character === '[') {
      this.at++;
      const list: PdfValue[] = [];
      for (;;) {
        this.#space();
        if (this.source[this.at] === ']') {
          this.at++;
          return list;
        }
        list.push(this.value(depth + 1));
      }
    }
    return this.#word();
  }

  #spend(characters: number): void {
    this.work.left -= characters;
    if (this.work.left < 0) throw new Refusal('over-limit', 'its objects take too long to look at', 'pdf');
  }

  #space(): void {
    const pattern = /(?:[\0\t\n\f\r ]+|%[^\r\n]*)*/y;
    pattern.lastIndex = this.at;
    const length = pattern.exec(this.source)?.[0].length ?? 0;
    this.#spend(length + 1);
    this.at += length;
  }

  #dict(depth: number): PdfDict {
    this.at += 2;
    const dict: PdfDict = new Map();
    for (;;) {
      this.#space();
      if (this.source.startsWith('>>', this.at)) {
        this.at += 2;
        return dict;
      }
      if (this.source[this.at] !== '/') throw new Damaged();
      const { name } = this.#name();
      dict.set(name, this.value(depth + 1));
    }
  }

  #name(): PdfName {
    const pattern = /\/([^\0\t\n\f\r ()<>[\]{}/%]{0,1000})/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (!match) throw new Damaged();
    this.#spend(match[0].length);
    this.at += match[0].length;
    const raw = match[1] ?? '';
    return {
      name: raw.includes('#')
        ? raw.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        : raw,
    };
  }

  #hex(): PdfText {
    const end = this.source.indexOf('>', this.at);
    // The search is paid for whether or not it finds an end.
    this.#spend((end < 0 ? this.source.length : end) - this.at);
    if (end < 0) throw new Damaged();
    const digits = this.source.slice(this.at + 1, end).replace(/[^0-9a-fA-F]/g, '');
    this.at = end + 1;
    return { bytes: Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex').toString('latin1') };
  }

  #text(): PdfText {
    let open = 0;
    const start = this.at;
    const source = this.source;
    for (let at = start; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 40) open++;
      else if (code === 41 && --open === 0) {
        this.#spend(at - start);
        this.at = at + 1;
        return { bytes: unescaped(source.slice(start + 1, at)) };
      }
    }
    this.#spend(source.length - start);
    throw new Damaged();
  }

  #word(): PdfValue {
    const reference = /(\d{1,10})[\0\t\n\f\r ]{1,20}\d{1,5}[\0\t\n\f\r ]{1,20}R(?![A-Za-z])/y;
    reference.lastIndex = this.at;
    const match = reference.exec(this.source);
    if (match) {
      this.#spend(match[0].length);
      this.at += match[0].length;
      return { ref: Number(match[1]) };
    }
    const word = /[^\0\t\n\f\r ()<>[\]{}/%]{1,100}/y;
    word.lastIndex = this.at;
    const text = word.exec(this.source)?.[0];
    if (text === undefined) throw new Damaged();
    this.#spend(text.length);
    this.at += text.length;
    if (text === 'true') return true;
    if (text === 'false') return false;
    if (text === 'null') return null;
    const number = Number.parseFloat(text);
    if (!/^[+-]?[\d.]/.test(text) || Number.isNaN(number)) throw new Damaged();
    return number;
  }
}

/** 7.3.4.2: escapes of literal strings. */
export function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  const plain: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return raw.replace(/\\([0-7]{1,3}|\r\n|[\s\S])/g, (_, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    if (/^[\r\n]/.test(code)) return '';
    return plain[code] ?? code;
  });
}

/**
 * Reads every object of a file by looking for `N G obj`, without the cross-reference table: damaged files and objects
 * that a table leaves out are seen too. Linear in the size of the file.
 */
export function readObjects(bytes: Uint8Array, limits: Limits): PdfObjects {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const work = { left: source.length * 8 + 4_000_000 };
  const objects: PdfObjects = { all: new Map(), trailers: [], encrypted: false, opaque: 0 };
  const packed: PdfObject[] = [];
  const start = /(?:(\d{1,10})[\0\t\n\f\r ]{1,20}(\d{1,5})[\0\t\n\f\r ]{1,20}obj(?![A-Za-z])|\btrailer\b)/g;
  const most = limits.entries * 100;
  let count = 0;
  let streams = true;
  for (let match = start.exec(source); match; match = start.exec(source)) {
    const reader = new Reader(source, work);
    reader.at = start.lastIndex;
    let value: PdfValue;
    try {
      value = reader.value();
    } catch (error) {
      if (error instanceof Damaged) continue;
      throw error;
    }
    start.lastIndex = reader.at;
    if (match[1] === undefined) {
      if (isDict(value)) objects.trailers.push(value);
      continue;
    }
    if (++count > most) throw new Refusal('over-limit', `the PDF has more than ${most} objects`, 'pdf');
    const object: PdfObject = { number: Number(match[1]), at: match.index, value };
    const keyword = /[\0\t\n\f\r ]{0,20}stream(?:\r\n|\n|\r)?/y;
    keyword.lastIndex = reader.at;
    if (isDict(value) && streams && keyword.test(source)) {
      const from = keyword.lastIndex;
      const to = streamEnd(source, value, from);
      // Without any further end there are no further streams: searched once, not once an object.
      if (to < 0) streams = false;
      else {
        object.stream = bytes.subarray(from, to);
        start.lastIndex = to;
        if (isName(value.get('Type'), 'ObjStm')) packed.push(object);
        if (isName(value.get('Type'), 'XRef')) objects.trailers.push(value);
      }
    }
    objects.all.set(object.number, object);
  }
  objects.encrypted = objects.trailers.some((trailer) => trailer.has('Encrypt'));
  const total = { left: limits.unpacked };
  if (!objects.encrypted)
    for (const object of packed) unpackObjects(object, objects, limits, total, work, () => ++count > most);
  return objects;
}

function streamEnd(source: string, dict: PdfDict, from: number): number {
  const length = dict.get('Length');
  if (typeof length === 'number' && length >= 0 && from + length <= source.length)
    if (/^[\0\t\n\f\r ]{0,3}endstream/.test(source.slice(from + length, from + length + 14)))
      return from + length;
  const end = source.indexOf('endstream', from);
  if (end < 0) return -1;
  // The line end before the keyword is no part of the data.
  if (source[end - 1] === '\n') return Math.max(from, source[end - 2] === '\r' ? end - 2 : end - 1);
  return source[end - 1] === '\r' ? Math.max(from, end - 1) : end;
}

/** 7.5.7: objects within a compressed stream. What stands later in the file counts. */
function unpackObjects(
  object: PdfObject,
  objects: PdfObjects,
  limits: Limits,
  total: { left: number },
  work: { left: number },
  tooMany: () => boolean,
): void {
  const data = decodeStream(object, objects, limits, total);
  const dict = object.value;
  if (!data || !isDict(dict)) {
    objects.opaque++;
    return;
  }
  const first = resolve(objects, dict.get('First'));
  const number = resolve(objects, dict.get('N'));
  if (typeof first !== 'number' || typeof number !== 'number') return;
  const source = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  const heads = source.slice(0, Math.max(0, first)).trim().split(/\s+/).map(Number);
  for (let index = 0; index + 1 < heads.length && index < number * 2; index += 2) {
    const id = heads[index];
    const offset = heads[index + 1];
    if (id === undefined || offset === undefined || !Number.isSafeInteger(id) || !(offset >= 0)) continue;
    if (tooMany()) throw new Refusal('over-limit', 'the PDF has too many objects', 'pdf');
    const reader = new Reader(source, work);
    reader.at = first + offset;
    try {
      const before = objects.all.get(id);
      if (!before || before.at <= object.at)
        objects.all.set(id, { number: id, at: object.at, value: reader.value() });
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
    }
  }
}

export function filtersOf(objects: PdfObjects, dict: PdfDict): string[] {
  const filter = resolve(objects, dict.get('Filter') ?? dict.get('F'));
  const list = Array.isArray(filter) ? filter : filter === undefined ? [] : [filter];
  return list.map((entry) => resolve(objects, entry)).map((entry) => (isName(entry) ? entry.name : '?'));
}

/** The bytes of a stream; undefined where a filter or predictor is not known here. `total` is what may still unpack. */
export function decodeStream(
  object: PdfObject,
  objects: PdfObjects,
  limits: Limits,
  total: { left: number },
): Uint8Array | undefined {
  if (!object.stream || !isDict(object.value)) return undefined;
  const parameters = resolve(objects, object.value.get('DecodeParms') ?? object.value.get('DP'));
  for (const entry of Array.isArray(parameters) ? parameters : [parameters]) {
    const one = resolve(objects, entry);
    const predictor = isDict(one) ? resolve(objects, one.get('Predictor')) : undefined;
    if (typeof predictor === 'number' && predictor > 1) return undefined;
  }
  return applyFilters(object.stream, filtersOf(objects, object.value), limits, total);
}

/** Undefined where a filter is not known here. */
export function applyFilters(
  stored: Uint8Array,
  filters: readonly string[],
  limits: Limits,
  total: { left: number },
): Uint8Array | undefined {
  let data = stored;
  if (filters.length > 8) throw new Refusal('over-limit', 'a stream is packed more than eight times', 'pdf');
  for (const filter of filters) {
    if (filter === 'FlateDecode' || filter === 'Fl') data = inflate(data, limits, total);
    else if (filter === 'ASCIIHexDecode' || filter === 'AHx')
      data = Buffer.from(
        Buffer.from(data).toString('latin1').split('>')[0]?.replace(/\s+/g, '') ?? '',
        'hex',
      );
    else if (filter === 'ASCII85Decode' || filter === 'A85') data = ascii85(data);
    else return undefined;
  }
  return data;
}

function inflate(data: Uint8Array, limits: Limits, total: { left: number }): Uint8Array {
  const most = Math.min(limits.unpackedPart, total.left);
  const ratio = Math.max(1024 * 1024, data.byteLength * limits.ratio);
  try {
    // A stream that is cut off gives what it has, as readers do.
    const out = inflateSync(data, {
      maxOutputLength: Math.max(1, Math.min(most, ratio)),
      finishFlush: zlib.Z_SYNC_FLUSH,
    });
    total.left -= out.byteLength;
    return out;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal(
        'over-limit',
        most < ratio
          ? `a stream unpacks to more than ${most} bytes`
          : `a stream unpacks to more than ${limits.ratio} times its size`,
        'pdf',
      );
    return new Uint8Array();
  }
}

function ascii85(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  const flush = (): void => {
    if (group.length < 2) return;
    const missing = 5 - group.length;
    let value = 0;
    for (let index = 0; index < 5; index++) value = value * 85 + (group[index] ?? 84);
    for (let index = 0; index < 4 - missing; index++) out.push(Math.floor(value / 256 ** (3 - index)) % 256);
    group = [];
  };
  for (const byte of data) {
    if (byte === 126) break;
    if (byte === 122 && group.length === 0) out.push(0, 0, 0, 0);
    else if (byte >= 33 && byte <= 117) {
      group.push(byte - 33);
      if (group.length === 5) flush();
    }
  }
  flush();
  return Uint8Array.from(out);
}

/**
 * Unpacks every stream that is no picture, only to see that it stays within bounds; what reads the pages afterwards has
 * no bounds of its own. Throws `Refusal`.
 */
export function refuseBombs(objects: PdfObjects, limits: Limits): void {
  if (objects.encrypted) return;
  const total = { left: limits.unpacked };
  for (const object of objects.all.values()) {
    if (!object.stream || !isDict(object.value)) continue;
    if (isName(resolve(objects, object.value.get('Subtype')), 'Image')) continue;
    const filters = filtersOf(objects, object.value);
    // Predictors rearrange bytes and add none.
    if (filters.some((name) => name === 'FlateDecode' || name === 'Fl'))
      applyFilters(object.stream, filters, limits, total);
  }
}
