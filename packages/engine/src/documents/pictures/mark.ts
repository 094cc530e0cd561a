import type { Limits } from '../limits.js';
import type { ImageTrace } from '../types.js';
import { readExif } from './exif.js';
import { decodeJpeg, type JpegLibrary, jpegHead, loadJpegLibrary } from './jpeg.js';
import { looksOf } from './perceptual.js';
import type { Pixels } from './pixels.js';
import { decodePng } from './png.js';

/** A picture of a document whose looks are still to be noted. */
export interface StoredPicture {
  trace: ImageTrace;
  jpeg: boolean;
  /** Its pixels, at most so many; undefined where they cannot be told. The decoder is there for JPEGs only. */
  pixels(most: number, library: JpegLibrary | undefined): Pixels | undefined;
}

/** The pixels of a picture that is a file of its own. */
export function storedFile(trace: ImageTrace, bytes: Uint8Array): StoredPicture {
  return {
    trace,
    jpeg: trace.kind === 'jpeg',
    pixels(most, library) {
      if (trace.kind === 'jpeg') return library && decodeJpeg(bytes, library, most);
      return trace.kind === 'png' ? decodePng(bytes, most) : undefined;
    },
  };
}

/** What the bytes of a JPEG say of its making. */
export function jpegOrigin(bytes: Uint8Array): Pick<ImageTrace, 'quantisation' | 'origin'> {
  const head = jpegHead(bytes);
  const origin = head?.exif && readExif(head.exif);
  return {
    ...(head?.quantisation && { quantisation: head.quantisation }),
    ...(origin && { origin }),
  };
}

/** Adds marks of their looks to the traces of pictures, as long as `limits.pixels` lasts. */
export async function markPictures(pictures: readonly StoredPicture[], limits: Limits): Promise<void> {
  let left = limits.pixels;
  for (const { trace, jpeg, pixels } of pictures) {
    const { width = 0, height = 0 } = trace;
    if (width * height > left) continue;
    const found = pixels(Math.min(left, limits.pixels / 2), jpeg ? await loadJpegLibrary() : undefined);
    if (!found) continue;
    left -= Math.max(width * height, found.width * found.height);
    Object.assign(trace, looksOf(found));
  }
}
