import type { Limits } from '../limits.js';
import { decodeJpeg, type JpegLibrary } from '../pictures/jpeg.js';
import { type Pixels, paletted, toBytes, unfilter } from '../pictures/pixels.js';
import { inflateAtMost } from '../pictures/png.js';
import {
  applyFilters,
  decodeStream,
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

/**
 * Pixels of an image object, of at most `most`, over its mask. Undefined for what is not looked at: JPEG 2000, fax and
 * JBIG2 pictures, rare colour spaces, and what is damaged.
 */
export function pdfPixels(
  object: PdfObject,
  objects: PdfObjects,
  limits: Limits,
  most: number,
  library: JpegLibrary | undefined,
): Pixels | undefined {
  if (!object.stream || !isDict(object.value)) return undefined;
  const dict = object.value;
  const filters = filtersOf(objects, dict);
  const last = filters.at(-1);
  const stored = applyFilters(object.stream, filters.slice(0, -1), limits, { left: limits.unpackedPart });
  if (!stored) return undefined;
  const pixels =
    last === 'DCTDecode' || last === 'DCT'
      ? library && decodeJpeg(stored, library, most)
      : rawPixels(dict, stored, last, objects, limits, most);
  const mask = pixels && maskOf(dict, objects, limits, most);
  return pixels && mask ? behindMask(pixels, mask) : pixels;
}

const isWhole = (value: PdfValue | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0;

function rawPixels(
  dict: PdfDict,
  stored: Uint8Array,
  filter: string | undefined,
  objects: PdfObjects,
  limits: Limits,
  most: number,
): Pixels | undefined {
  const width = resolve(objects, dict.get('Width'));
  const height = resolve(objects, dict.get('Height'));
  const bits = resolve(objects, dict.get('BitsPerComponent')) ?? 8;
  if (!isWhole(width) || !isWhole(height) || !isWhole(bits) || width * height > most) return undefined;
  if (![1, 2, 4, 8, 16].includes(bits)) return undefined;
  const space = colourSpace(dict.get('ColorSpace'), objects, limits);
  if (!space) return undefined;
  const samples = width * space.samples;
  const rowBytes = Math.ceil((samples * bits) / 8);
  const rows = rawRows(dict, stored, filter, objects, {
    rowBytes,
    height,
    step: Math.max(1, (space.samples * bits) >> 3),
  });
  if (!rows) return undefined;
  const bytes = toBytes(rows, rowBytes, samples, height, bits, space.palette === undefined);
  if (space.palette) return { width, height, channels: 3, data: paletted(bytes, space.palette, 3) };
  const decode = resolve(objects, dict.get('Decode'));
  if (Array.isArray(decode) && decode[0] === 1 && decode[1] === 0)
    for (let at = 0; at < bytes.length; at++) bytes[at] = 255 - (bytes[at] as number);
  if (space.samples === 4) return { width, height, channels: 3, data: fromCmyk(bytes) };
  return { width, height, channels: space.samples, data: bytes };
}

/** Rows of samples, without filter and predictor (7.4.4.4). */
function rawRows(
  dict: PdfDict,
  stored: Uint8Array,
  filter: string | undefined,
  objects: PdfObjects,
  size: { rowBytes: number; height: number; step: number },
): Uint8Array | undefined {
  const { rowBytes, height, step } = size;
  if (filter === undefined) return stored.slice(0, rowBytes * height);
  if (filter !== 'FlateDecode' && filter !== 'Fl') return undefined;
  const parameters = resolve(objects, dict.get('DecodeParms') ?? dict.get('DP'));
  const one = Array.isArray(parameters) ? resolve(objects, parameters.at(-1)) : parameters;
  const predictor = isDict(one) ? resolve(objects, one.get('Predictor')) : undefined;
  const raw = inflateAtMost(stored, (rowBytes + 1) * height);
  if (!raw || predictor === undefined || predictor === 1) return raw;
  if (typeof predictor !== 'number' || predictor < 10) return undefined;
  return unfilter(raw, rowBytes, height, step);
}

interface ColourSpace {
  samples: 1 | 3 | 4;
  /** Three bytes a colour. */
  palette?: Uint8Array;
}

const plainSpaces: Record<string, 1 | 3 | 4> = {
  DeviceGray: 1,
  CalGray: 1,
  G: 1,
  DeviceRGB: 3,
  CalRGB: 3,
  RGB: 3,
  DeviceCMYK: 4,
  CMYK: 4,
};

function colourSpace(
  value: PdfValue | undefined,
  objects: PdfObjects,
  limits: Limits,
): ColourSpace | undefined {
  const space = resolve(objects, value);
  if (isName(space)) {
    const samples = Object.hasOwn(plainSpaces, space.name) ? plainSpaces[space.name] : undefined;
    return samples && { samples };
  }
  if (!Array.isArray(space)) return undefined;
  const kind = resolve(objects, space[0]);
  if (isName(kind, 'CalGray')) return { samples: 1 };
  if (isName(kind, 'CalRGB')) return { samples: 3 };
  if (isName(kind, 'ICCBased')) {
    const profile = resolve(objects, space[1]);
    const samples = isDict(profile) ? resolve(objects, profile.get('N')) : undefined;
    return samples === 1 || samples === 3 || samples === 4 ? { samples } : undefined;
  }
  if (!isName(kind, 'Indexed') && !isName(kind, 'I')) return undefined;
  const base = resolve(objects, space[1]);
  // A palette of palettes does not exist, so this goes one step deep.
  const inner =
    Array.isArray(base) && isName(resolve(objects, base[0]), 'Indexed')
      ? undefined
      : colourSpace(base ?? null, objects, limits);
  const colours = inner && paletteBytes(space[3], objects, limits);
  if (!inner || !colours) return undefined;
  if (inner.samples === 3) return { samples: 1, palette: colours };
  const grey = inner.samples === 4 ? fromCmyk(colours) : paletted(colours, greys, 3);
  return { samples: 1, palette: grey };
}

const greys = Uint8Array.from({ length: 256 * 3 }, (_, index) => Math.floor(index / 3));

function paletteBytes(
  value: PdfValue | undefined,
  objects: PdfObjects,
  limits: Limits,
): Uint8Array | undefined {
  const table = resolve(objects, value);
  if (isText(table)) return Buffer.from(table.bytes.slice(0, 1_024), 'latin1');
  if (typeof value !== 'object' || value === null || !('ref' in value)) return undefined;
  const object = objects.all.get(value.ref);
  return object && decodeStream(object, objects, limits, { left: 65_536 })?.slice(0, 1_024);
}

/** The simplest of conversions: which inks are meant does not matter for a mark. */
function fromCmyk(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length >> 2) * 3);
  for (let from = 0, to = 0; from + 3 < bytes.length; from += 4, to += 3) {
    const light = 255 - (bytes[from + 3] as number);
    for (let channel = 0; channel < 3; channel++)
      out[to + channel] = Math.round(((255 - (bytes[from + channel] as number)) * light) / 255);
  }
  return out;
}

/** The soft mask, as grey: how much of each pixel shows. */
function maskOf(dict: PdfDict, objects: PdfObjects, limits: Limits, most: number): Pixels | undefined {
  const reference = dict.get('SMask');
  if (typeof reference !== 'object' || reference === null || !('ref' in reference)) return undefined;
  const object = objects.all.get(reference.ref);
  if (!object?.stream || !isDict(object.value)) return undefined;
  const filters = filtersOf(objects, object.value);
  const stored = applyFilters(object.stream, filters.slice(0, -1), limits, { left: limits.unpackedPart });
  const mask = stored && rawPixels(object.value, stored, filters.at(-1), objects, limits, most);
  return mask?.channels === 1 ? mask : undefined;
}

function behindMask(pixels: Pixels, mask: Pixels): Pixels {
  const { width, height, channels, data } = pixels;
  if (channels === 2 || channels === 4) return pixels;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const across = Math.floor((x * mask.width) / width);
      const cover = mask.data[Math.floor((y * mask.height) / height) * mask.width + across] as number;
      const at = (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel++)
        out[at + channel] = Math.round(((data[at + channel] as number) * cover + 255 * (255 - cover)) / 255);
    }
  return { width, height, channels, data: out };
}
