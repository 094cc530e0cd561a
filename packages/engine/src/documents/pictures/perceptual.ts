import type { ImageTrace } from '../types.js';
import type { Pixels } from './pixels.js';

const side = 64;
/** Shorter sides are icons and lines, of which many files have the same few. */
const smallestSide = 32;
/** Least spread of brightness, of 255, and least number of coarse waves that carry it: plain areas and shades look alike. */
const leastSpread = 6;
const leastWave = 16;
const leastWaves = 20;
const coarse = 64;
const fine = 192;

/**
 * Marks of how a whole picture looks: pictures that were scaled, or saved again in another format or quality, differ in
 * a few bits, and others in about half of them. They are the signs of the lowest waves of a cosine transform of the
 * picture at 64 × 64 in grey over white: `perceptual` the 64 lowest, which say how light and dark are spread, `detail` the
 * 192 after them. Nothing is looked for in the picture: no part of it is cut out, and no faces.
 *
 * Hexadecimal; undefined where the marks would be shared by chance.
 */
export function looksOf(pixels: Pixels): { perceptual: string; detail: string } | undefined {
  if (Math.min(pixels.width, pixels.height) < smallestSide) return undefined;
  const grey = shrink(pixels);
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const deviation = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
  if (deviation < leastSpread) return undefined;
  const waves = lowestWaves(grey);
  if (waves.slice(0, coarse).filter((wave) => Math.abs(wave) >= leastWave).length < leastWaves)
    return undefined;
  return { perceptual: signs(waves.slice(0, coarse)), detail: signs(waves.slice(coarse)) };
}

/** Four to a hexadecimal digit. */
function signs(waves: readonly number[]): string {
  let digits = '';
  for (let at = 0; at < waves.length; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = digit * 2 + ((waves[at + bit] as number) > 0 ? 1 : 0);
    digits += digit.toString(16);
  }
  return digits;
}

/** Bits in which two marks of one length differ. */
export function bitsApart(a: string, b: string): number {
  let bits = 0;
  for (let at = 0; at < a.length; at++) {
    let both = Number.parseInt(a[at] ?? '0', 16) ^ Number.parseInt(b[at] ?? '0', 16);
    for (; both > 0; both >>= 1) bits += both & 1;
  }
  return bits;
}

/**
 * Whether two pictures are one, saved or scaled anew. Both marks must agree: two portraits before a plain wall spread
 * light and dark alike, so that `perceptual` alone would take different people for one. A picture that was cut to another
 * frame is not found.
 */
export function samePicture(
  a: Pick<ImageTrace, 'sha256' | 'perceptual' | 'detail'>,
  b: Pick<ImageTrace, 'sha256' | 'perceptual' | 'detail'>,
): boolean {
  if (a.sha256 === b.sha256) return true;
  if (!a.perceptual || !b.perceptual || !a.detail || !b.detail) return false;
  return bitsApart(a.perceptual, b.perceptual) <= 5 && bitsApart(a.detail, b.detail) <= 14;
}

/**
 * Mean brightness of 64 × 64 parts, over white where the picture is transparent (ITU-R BT.601). A pixel that lies in two
 * parts counts in each by its share, so that a picture of another size gives the same.
 */
function shrink(pixels: Pixels): Float64Array {
  const { width, height } = pixels;
  const out = new Float64Array(side * side);
  const line = new Float64Array(side);
  const across = sharesOf(width);
  const down = sharesOf(height);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (let x = 0; x < width; x++) {
      const value = brightness(pixels, y * width + x);
      for (const { part, share } of across[x] ?? []) line[part] = (line[part] as number) + value * share;
    }
    for (const { part, share } of down[y] ?? [])
      for (let column = 0; column < side; column++)
        out[part * side + column] = (out[part * side + column] as number) + (line[column] as number) * share;
  }
  return out;
}

/** For each of `length` pixels in a row the parts it lies in, and how much of each part it makes up. */
function sharesOf(length: number): { part: number; share: number }[][] {
  return Array.from({ length }, (_, at) => {
    const from = (at * side) / length;
    const to = ((at + 1) * side) / length;
    const shares: { part: number; share: number }[] = [];
    for (let part = Math.floor(from); part < to && part < side; part++)
      shares.push({ part, share: Math.min(to, part + 1) - Math.max(from, part) });
    return shares;
  });
}

function brightness({ channels, data }: Pixels, index: number): number {
  const at = index * channels;
  const value =
    channels >= 3
      ? 0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number)
      : (data[at] as number);
  if (channels === 1 || channels === 3) return value;
  const cover = (data[at + channels - 1] as number) / 255;
  return value * cover + 255 * (1 - cover);
}

/** Above every sum of frequencies that is used. */
const frequencies = 23;
/** Pairs of frequencies by their sum, the flat one left out. */
const order = Array.from(
  { length: frequencies * frequencies },
  (_, index) => [Math.floor(index / frequencies), index % frequencies] as const,
)
  .filter(([v, u]) => u + v > 0)
  .sort(([v1, u1], [v2, u2]) => u1 + v1 - u2 - v2 || v1 - v2)
  .slice(0, coarse + fine);
const cosines = Array.from({ length: frequencies }, (_, wave) =>
  Float64Array.from({ length: side }, (_, at) => Math.cos(((2 * at + 1) * wave * Math.PI) / (2 * side))),
);

/** Orthonormal two-dimensional DCT-II, only the waves that are wanted. */
function lowestWaves(grey: Float64Array): number[] {
  const rows = cosines.map((cosine) =>
    Float64Array.from({ length: side }, (_, row) => {
      let sum = 0;
      for (let column = 0; column < side; column++)
        sum += (grey[row * side + column] as number) * (cosine[column] as number);
      return sum;
    }),
  );
  const scale = (wave: number): number => Math.sqrt((wave === 0 ? 1 : 2) / side);
  return order.map(([v, u]) => {
    let sum = 0;
    const row = rows[u] as Float64Array;
    const cosine = cosines[v] as Float64Array;
    for (let at = 0; at < side; at++) sum += (row[at] as number) * (cosine[at] as number);
    return sum * scale(u) * scale(v);
  });
}
