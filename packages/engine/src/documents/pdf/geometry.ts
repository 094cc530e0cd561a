/** `[a b c d e f]` of ISO 32000-1, 8.3.3: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [number, number, number, number, number, number];
export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  return [
    outer[0] * inner[0] + outer[2] * inner[1],
    outer[1] * inner[0] + outer[3] * inner[1],
    outer[0] * inner[2] + outer[2] * inner[3],
    outer[1] * inner[2] + outer[3] * inner[3],
    outer[0] * inner[4] + outer[2] * inner[5] + outer[4],
    outer[1] * inner[4] + outer[3] * inner[5] + outer[5],
  ];
}

export const apply = (m: Matrix, x: number, y: number): [number, number] => [
  m[0] * x + m[2] * y + m[4],
  m[1] * x + m[3] * y + m[5],
];

/** A rectangle by its edges; y grows downwards on the page as shown. */
export interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function boundsOf(m: Matrix, x0: number, y0: number, x1: number, y1: number): Rect {
  const corners = [apply(m, x0, y0), apply(m, x1, y0), apply(m, x0, y1), apply(m, x1, y1)];
  const xs = corners.map((corner) => corner[0]);
  const ys = corners.map((corner) => corner[1]);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

export const contains = (rect: Rect, x: number, y: number): boolean =>
  x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom;

export const intersect = (a: Rect, b: Rect): Rect => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});

/** True where a unit square stays an upright rectangle. */
export const isUpright = (m: Matrix): boolean =>
  (Math.abs(m[1]) < 1e-6 && Math.abs(m[2]) < 1e-6) || (Math.abs(m[0]) < 1e-6 && Math.abs(m[3]) < 1e-6);

/** From the page's own space to the page as shown: upper left corner at 0, turned by `rotate`. */
export function shownMatrix(
  view: readonly number[],
  rotate: number,
): { matrix: Matrix; width: number; height: number } {
  const [x0 = 0, y0 = 0, x1 = 612, y1 = 792] = view;
  const width = Math.abs(x1 - x0);
  const height = Math.abs(y1 - y0);
  switch (((rotate % 360) + 360) % 360) {
    case 90:
      return { matrix: [0, 1, 1, 0, -y0, -x0], width: height, height: width };
    case 180:
      return { matrix: [-1, 0, 0, 1, x1, -y0], width, height };
    case 270:
      return { matrix: [0, -1, -1, 0, y1, x1], width: height, height: width };
    default:
      return { matrix: [1, 0, 0, -1, -x0, y1], width, height };
  }
}
