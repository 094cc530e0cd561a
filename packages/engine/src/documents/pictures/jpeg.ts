/// <reference path="./image-decoders.d.ts" />
import { createHash } from 'node:crypto';
import { keepingNatives } from '../natives.js';
import type { Pixels } from './pixels.js';

/** What the markers of a JPEG say, without unpacking it (ITU T.81, annex B). */
export interface JpegHead {
  width: number;
  height: number;
  components: number;
  /** Scans, each of which goes over the whole picture. */
  scans: number;
  /** Heights may be stated once more after the first scan; such files are not unpacked. */
  heightLater: boolean;
  /** SHA-256 of the quantisation tables, first 16 digits: the same for pictures saved by one program at one quality. */
  quantisation?: string;
  /** Contents of the Exif segment, from its TIFF header on. */
  exif?: Uint8Array;
}

export function jpegHead(bytes: Uint8Array): JpegHead | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 4 || data.readUInt16BE(0) !== 0xffd8) return undefined;
  const head: JpegHead = { width: 0, height: 0, components: 0, scans: 0, heightLater: false };
  const tables = createHash('sha256');
  let hasTables = false;
  for (let at = 2; at + 4 <= data.length; ) {
    if (data[at] !== 0xff) {
      // Within a scan: on to the next marker.
      at = data.indexOf(0xff, at);
      if (at < 0) break;
      continue;
    }
    const marker = data[at + 1] ?? 0;
    if (marker === 0xff) at++;
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker === 0xd9) break;
    else {
      const length = data.readUInt16BE(at + 2);
      const body = data.subarray(at + 4, at + 2 + length);
      const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
      if (frame && body.length >= 6 && head.width === 0)
        Object.assign(head, {
          height: body.readUInt16BE(1),
          width: body.readUInt16BE(3),
          components: body[5],
        });
      else if (marker === 0xdb) {
        tables.update(body);
        hasTables = true;
      } else if (marker === 0xda) head.scans++;
      else if (marker === 0xdc) head.heightLater = true;
      else if (marker === 0xe1 && head.exif === undefined && body.toString('latin1', 0, 6) === 'Exif\0\0')
        head.exif = body.subarray(6);
      at += 2 + Math.max(2, length);
    }
  }
  return hasTables ? { ...head, quantisation: tables.digest('hex').slice(0, 16) } : head;
}

/** The decoder of pdf.js, by itself. */
export type JpegLibrary = typeof import('pdfjs-dist/legacy/image_decoders/pdf.image_decoders.mjs');

let loaded: Promise<JpegLibrary> | undefined;

/** Loaded once and only when the first JPEG comes. */
export function loadJpegLibrary(): Promise<JpegLibrary> {
  loaded ??= keepingNatives(() => import('pdfjs-dist/legacy/image_decoders/pdf.image_decoders.mjs')).then(
    (library) => {
      library.setVerbosityLevel(library.VerbosityLevel.ERRORS);
      return library;
    },
  );
  return loaded;
}

/** Longest side that is kept: far more than a mark of the whole picture needs. */
const longest = 1_024;

/** Pixels of a JPEG, made smaller where it is large; undefined where it is damaged or would take too long. */
export function decodeJpeg(bytes: Uint8Array, library: JpegLibrary, most: number): Pixels | undefined {
  const head = jpegHead(bytes);
  if (!head || head.heightLater || head.components > 4 || head.scans > 64) return undefined;
  const { width, height } = head;
  if (width === 0 || height === 0 || width * height > most) return undefined;
  // Each scan of a progressive picture costs as much as a picture.
  if (width * height * head.scans > most * 16) return undefined;
  try {
    const image = new library.JpegImage();
    image.parse(bytes);
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    const size = {
      width: Math.max(1, Math.round(image.width * scale)),
      height: Math.max(1, Math.round(image.height * scale)),
    };
    return { ...size, channels: 3, data: image.getData({ ...size, forceRGB: true }) };
  } catch {
    return undefined;
  }
}
