import { addActive, addImage, addOnce, addReference, sha256 } from '../collect.js';
import type { Limits } from '../limits.js';
import { jpegOrigin, type StoredPicture } from '../pictures/mark.js';
import type { ImageTrace, Traces } from '../types.js';
import {
  filtersOf,
  isDict,
  isName,
  isText,
  type PdfDict,
  type PdfObject,
  type PdfObjects,
  type PdfValue,
  resolve,
} from './objects.js';
import { pdfPixels } from './pixels.js';

const imageKinds: Record<string, string> = {
  DCTDecode: 'jpeg',
  DCT: 'jpeg',
  JPXDecode: 'jpeg2000',
  JBIG2Decode: 'jbig2',
  CCITTFaxDecode: 'fax',
  CCF: 'fax',
};

/** What the objects of a PDF say: fonts, pictures, and what would run or open something. Nothing is run. */
export function objectTraces(
  objects: PdfObjects,
  traces: Traces,
  pictures: StoredPicture[],
  limits: Limits,
): void {
  const fonts = new Set<string>();
  const masks = new Set<number>();
  for (const { value } of objects.all.values())
    if (isDict(value))
      for (const key of ['SMask', 'Mask']) {
        const mask = value.get(key);
        if (typeof mask === 'object' && mask !== null && 'ref' in mask) masks.add(mask.ref);
      }
  for (const object of objects.all.values()) {
    visit(object.value, 0, (dict) => noteDict(dict, objects, traces, limits, fonts));
    noteImage(object, objects, masks, traces, pictures, limits);
  }
  for (const trailer of objects.trailers) {
    const root = resolve(objects, trailer.get('Root'));
    if (isDict(root)) noteCatalog(root, objects, traces, limits);
  }
  traces.fonts = [...fonts].sort();
}

/** Dictionaries within a value, the value itself among them. References are not followed: each object is visited once. */
function visit(value: PdfValue, depth: number, see: (dict: PdfDict) => void): void {
  if (depth > 64) return;
  if (Array.isArray(value)) for (const item of value) visit(item, depth + 1, see);
  else if (isDict(value)) {
    see(value);
    for (const item of value.values()) visit(item, depth + 1, see);
  }
}

function noteDict(
  dict: PdfDict,
  objects: PdfObjects,
  traces: Traces,
  limits: Limits,
  fonts: Set<string>,
): void {
  const get = (key: string): PdfValue | undefined => resolve(objects, dict.get(key));
  const base = get('BaseFont');
  if (isName(base) && fonts.size < limits.traces) fonts.add(base.name.slice(0, 120));
  const action = get('S');
  if (isName(action, 'JavaScript') || dict.has('JS')) {
    const code = get('JS');
    addActive(traces, 'script', isText(code) ? pdfText(code.bytes) : 'JavaScript', limits);
  }
  if (isName(action, 'Launch'))
    addActive(traces, 'launch', `opens ${fileName(get('F') ?? get('Win'), objects)}`, limits);
  if (isName(action, 'SubmitForm') || isName(action, 'ImportData'))
    addActive(traces, 'form-submit', `${action.name} ${fileName(get('F'), objects)}`, limits);
  if (isName(action, 'URI')) {
    const target = get('URI');
    if (isText(target)) addReference(traces, { kind: 'link', target: pdfText(target.bytes) }, limits);
  }
  if (isName(action, 'GoToR') || isName(action, 'GoToE'))
    addReference(traces, { kind: 'other', target: fileName(get('F'), objects) }, limits);
  if (isDict(get('EF'))) addActive(traces, 'attachment', fileName(dict, objects), limits);
  const subtype = get('Subtype');
  if (isName(subtype) && /^(RichMedia|Movie|Screen|Sound|3D)$/.test(subtype.name))
    addActive(traces, 'media', subtype.name, limits);
  // Page and field actions; the catalogue is looked at by itself.
  if (isDict(get('AA')) && !isName(get('Type'), 'Catalog'))
    addActive(traces, 'on-open', 'actions of a page or a field', limits);
}

function noteCatalog(root: PdfDict, objects: PdfObjects, traces: Traces, limits: Limits): void {
  const open = resolve(objects, root.get('OpenAction'));
  // Most programs say here which page to show first; only other actions are of interest.
  if (isDict(open)) {
    const kind = resolve(objects, open.get('S'));
    if (isName(kind) && kind.name !== 'GoTo') addActive(traces, 'on-open', kind.name, limits);
  }
  if (isDict(resolve(objects, root.get('AA'))))
    addActive(traces, 'on-open', 'actions of the document', limits);
}

function noteImage(
  object: PdfObject,
  objects: PdfObjects,
  masks: ReadonlySet<number>,
  traces: Traces,
  pictures: StoredPicture[],
  limits: Limits,
): void {
  const dict = object.value;
  if (!object.stream || !isDict(dict) || !isName(resolve(objects, dict.get('Subtype')), 'Image')) return;
  // Masks are shapes that many files share (fully opaque, a rounded corner); they identify nothing.
  if (masks.has(object.number) || resolve(objects, dict.get('ImageMask')) === true) return;
  const width = resolve(objects, dict.get('Width'));
  const height = resolve(objects, dict.get('Height'));
  const filter = filtersOf(objects, dict).at(-1) ?? 'none';
  const kind = imageKinds[filter] ?? filter.replace(/Decode$/, '').toLowerCase();
  const trace: ImageTrace = {
    sha256: sha256(object.stream),
    bytes: object.stream.byteLength,
    kind,
    ...(typeof width === 'number' && { width }),
    ...(typeof height === 'number' && { height }),
    ...(kind === 'jpeg' && jpegOrigin(object.stream)),
  };
  if (addImage(traces, trace, limits) && !objects.encrypted)
    pictures.push({
      trace,
      jpeg: kind === 'jpeg',
      pixels: (most, library) => pdfPixels(object, objects, limits, most, library),
    });
}

function fileName(value: PdfValue | undefined, objects: PdfObjects): string {
  if (isText(value)) return pdfText(value.bytes);
  if (isDict(value))
    for (const key of ['UF', 'F', 'Unix', 'DOS', 'Mac', 'URL']) {
      const name = resolve(objects, value.get(key));
      if (isText(name)) return pdfText(name.bytes);
    }
  return 'something without a name';
}

/** 7.9.2.2: UTF-16 with a mark, UTF-8 with a mark, else near enough Latin-1. */
export function pdfText(bytes: string): string {
  const data = Buffer.from(bytes.slice(0, 4_000), 'latin1');
  if (bytes.startsWith('\xfe\xff')) return new TextDecoder('utf-16be').decode(data);
  if (bytes.startsWith('\xff\xfe')) return new TextDecoder('utf-16le').decode(data);
  if (bytes.startsWith('\xef\xbb\xbf')) return new TextDecoder('utf-8').decode(data);
  return data.toString('latin1');
}

/** How often the file was saved: each save ends in its own `startxref`. A file made for the web has one more. */
export function countSaves(bytes: Uint8Array): number {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = source.indexOf('startxref'); at >= 0; at = source.indexOf('startxref', at + 9)) {
    const rest = source.toString('latin1', at, at + 60);
    // `startxref 0` stands at the front of files made for the web.
    if (/^startxref\s+[1-9]\d{0,11}\s+%%EOF/.test(rest)) count++;
  }
  const linearized = source.subarray(0, 2_048).includes('/Linearized');
  const firstIsReal = /startxref\s+[1-9]/.test(source.toString('latin1', 0, 4_096));
  return Math.max(1, linearized && firstIsReal && count > 1 ? count - 1 : count);
}

/** Adds the two parts of `/ID`, lower-case hex. */
export function fileIds(objects: PdfObjects, traces: Traces, limits: Limits): void {
  for (const trailer of objects.trailers) {
    const id = resolve(objects, trailer.get('ID'));
    if (Array.isArray(id))
      for (const part of id.slice(0, 2))
        if (isText(part) && part.bytes.length > 0 && part.bytes.length <= 64)
          addOnce(traces.fileIds, Buffer.from(part.bytes, 'latin1').toString('hex'), limits);
  }
}
