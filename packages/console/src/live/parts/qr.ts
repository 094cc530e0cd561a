/**
 * A QR code of a short text (ISO/IEC 18004, bytes, error correction L, versions 1 to 9): rows of dark and light squares,
 * without the quiet zone. Absent where the text is too long.
 */
export function qr(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text);
  const version =
    versions.findIndex(([total, blocks, check]) => bytes.length + 2 <= total - blocks * check) + 1;
  if (version === 0) return undefined;
  const [total, blocks, check] = versions[version - 1] as (typeof versions)[number];
  const frame = functionPatterns(version);
  placeData(frame, codewords(bytes, total, blocks, check));
  let best: boolean[][] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < 8; mask++) {
    const squares = masked(frame, mask, version);
    const cost = penalty(squares);
    if (cost < least) [best, least] = [squares, cost];
  }
  return best;
}

/** Codewords in all, blocks, and codewords of error correction in each block, by version. */
const versions: readonly (readonly [total: number, blocks: number, check: number])[] = [
  [26, 1, 7],
  [44, 1, 10],
  [70, 1, 15],
  [100, 1, 20],
  [134, 1, 26],
  [172, 2, 18],
  [196, 2, 20],
  [242, 2, 24],
  [292, 2, 30],
];

interface Frame {
  dark: boolean[][];
  /** Squares that carry no data. */
  fixed: boolean[][];
}

/** Multiplication in the field of 256 elements that the code is made over. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/** What is left when the data is divided by the generator of so many check codewords. */
function remainder(data: readonly number[], check: number): number[] {
  const generator = Array<number>(check).fill(0);
  generator[check - 1] = 1;
  let root = 1;
  for (let i = 0; i < check; i++) {
    for (let j = 0; j < check; j++)
      generator[j] = times(generator[j] as number, root) ^ (generator[j + 1] ?? 0);
    root = times(root, 2);
  }
  const rest = Array<number>(check).fill(0);
  for (const byte of data) {
    const factor = byte ^ (rest.shift() as number);
    rest.push(0);
    for (let j = 0; j < check; j++) rest[j] = (rest[j] as number) ^ times(generator[j] as number, factor);
  }
  return rest;
}

function codewords(bytes: Uint8Array, total: number, blocks: number, check: number): number[] {
  const room = total - blocks * check;
  // Mode 4 (bytes), the length, the bytes, an end of four zeros; then the two codewords that fill what is left.
  const nibbles = [4, bytes.length >> 4, bytes.length & 15];
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
  nibbles.push(0);
  const data: number[] = [];
  for (let i = 0; i < nibbles.length; i += 2)
    data.push(((nibbles[i] as number) << 4) | (nibbles[i + 1] as number));
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);
  const size = room / blocks;
  const parts = Array.from({ length: blocks }, (_, i) => data.slice(i * size, (i + 1) * size));
  const checks = parts.map((part) => remainder(part, check));
  const all: number[] = [];
  for (const [columns, length] of [
    [parts, size],
    [checks, check],
  ] as const)
    for (let i = 0; i < length; i++) for (const column of columns) all.push(column[i] as number);
  return all;
}

function functionPatterns(version: number): Frame {
  const size = version * 4 + 17;
  const grid = () => Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const frame: Frame = { dark: grid(), fixed: grid() };
  const set = (x: number, y: number, dark: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    (frame.dark[y] as boolean[])[x] = dark;
    (frame.fixed[y] as boolean[])[x] = true;
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
  const middle =
    version >= 7 ? [6, 2 * version + 8, 4 * version + 10] : version > 1 ? [6, 4 * version + 10] : [];
  const last = middle.length - 1;
  for (const [i, cx] of middle.entries())
    for (const [j, cy] of middle.entries()) {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) continue;
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }
  // Kept for the format, which is written when the mask is known.
  for (let i = 0; i < 9; i++) {
    if (i !== 6) {
      set(8, i, false);
      set(i, 8, false);
    }
    if (i < 8) {
      set(size - 1 - i, 8, false);
      set(8, size - 1 - i, i === 7);
    }
  }
  if (version >= 7) {
    let rest = version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const dark = ((bits >>> i) & 1) === 1;
      const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
      set(a, b, dark);
      set(b, a, dark);
    }
  }
  return frame;
}

/** In columns of two from the right, up and down in turn, leaving out the column of the timing pattern. */
function placeData({ dark, fixed }: Frame, data: readonly number[]): void {
  const size = dark.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++)
      for (let j = 0; j < 2; j++) {
        const x = right - j;
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (fixed[y]?.[x] || at >= data.length * 8) continue;
        (dark[y] as boolean[])[x] = (((data[at >>> 3] as number) >>> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
  }
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function masked({ dark, fixed }: Frame, mask: number, version: number): boolean[][] {
  const size = version * 4 + 17;
  const turns = masks[mask] as (typeof masks)[number];
  const squares = dark.map((row, y) => row.map((one, x) => (fixed[y]?.[x] ? one : one !== turns(x, y))));
  // Level L is 01; five bits, ten that check them, and a pattern so that they are never all light.
  const format = (1 << 3) | mask;
  let rest = format;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((format << 10) | rest) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const one = ((bits >>> i) & 1) === 1;
    const [x, y] = i < 6 ? [8, i] : i < 8 ? [8, i + 1] : i === 8 ? [7, 8] : [14 - i, 8];
    (squares[y] as boolean[])[x] = one;
    const [u, v] = i < 8 ? [size - 1 - i, 8] : [8, size - 15 + i];
    (squares[v] as boolean[])[u] = one;
  }
  return squares;
}

/** How hard a mask makes it for readers: long runs, blocks, what looks like a corner, and too much of one colour. */
function penalty(squares: readonly boolean[][]): number {
  const size = squares.length;
  const lines = [...squares, ...squares.map((_, x) => squares.map((row) => row[x] as boolean))].map((line) =>
    line.map((one) => (one ? '1' : '0')).join(''),
  );
  let cost = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) cost += run.length - 2;
    for (const corner of ['00001011101', '10111010000'])
      for (let at = line.indexOf(corner); at >= 0; at = line.indexOf(corner, at + 1)) cost += 40;
  }
  let dark = 0;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const one = squares[y]?.[x];
      if (one) dark += 1;
      if (
        x > 0 &&
        y > 0 &&
        one === squares[y]?.[x - 1] &&
        one === squares[y - 1]?.[x] &&
        one === squares[y - 1]?.[x - 1]
      )
        cost += 3;
    }
  return cost + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}
