/** A picture as rows of bytes: grey, grey and alpha, red-green-blue, or that and alpha. */
export interface Pixels {
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
  data: Uint8Array | Uint8ClampedArray;
}

/**
 * Takes the filters of PNG off rows of bytes, in place, and returns the rows without their filter byte (PNG 3rd edition,
 * 9; PDF predictors 10 and up are the same). Rows that are cut off are zero. Undefined for a filter that does not exist.
 */
export function unfilter(
  raw: Uint8Array,
  rowBytes: number,
  rows: number,
  step: number,
): Uint8Array | undefined {
  const out = new Uint8Array(rowBytes * rows);
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1);
    const filter = raw[from] ?? 0;
    if (filter > 4) return undefined;
    const at = row * rowBytes;
    for (let index = 0; index < rowBytes; index++) {
      const value = raw[from + 1 + index] ?? 0;
      const left = index >= step ? (out[at + index - step] as number) : 0;
      const up = row > 0 ? (out[at + index - rowBytes] as number) : 0;
      const corner = row > 0 && index >= step ? (out[at + index - rowBytes - step] as number) : 0;
      out[at + index] = value + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const estimate = left + up - corner;
      const a = Math.abs(estimate - left);
      const b = Math.abs(estimate - up);
      const c = Math.abs(estimate - corner);
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}

/** Samples of 1, 2, 4, 8 or 16 bits as one byte each: `full` stretches them to 0–255, else they stay what they are. */
export function toBytes(
  rows: Uint8Array,
  rowBytes: number,
  samples: number,
  height: number,
  bits: number,
  full: boolean,
): Uint8Array {
  if (bits === 8 && rowBytes === samples) return rows;
  const out = new Uint8Array(samples * height);
  const most = 2 ** bits - 1;
  for (let row = 0; row < height; row++)
    for (let index = 0; index < samples; index++) {
      const at = row * rowBytes + Math.floor((index * bits) / 8);
      // Of 16 bits the upper 8 are enough.
      const value =
        bits >= 8 ? (rows[at] ?? 0) : ((rows[at] ?? 0) >> (8 - bits - ((index * bits) % 8))) & most;
      out[row * samples + index] = full && bits < 8 ? Math.round((value * 255) / most) : value;
    }
  return out;
}

/** Colours of a palette, three bytes each, in place of its numbers. */
export function paletted(numbers: Uint8Array, palette: Uint8Array, channels: 1 | 3 | 4): Uint8Array {
  const out = new Uint8Array(numbers.length * channels);
  for (let index = 0; index < numbers.length; index++) {
    const from = (numbers[index] as number) * channels;
    for (let channel = 0; channel < channels; channel++)
      out[index * channels + channel] = palette[from + channel] ?? 0;
  }
  return out;
}
