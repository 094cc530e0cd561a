import { describe, expect, it } from 'vitest';
import { assignOneToOne, sidesOfOne } from './one-to-one.js';

const edges = (list: readonly (readonly [number, number, number])[]) => ({
  l: Int32Array.from(list, ([l]) => l),
  r: Int32Array.from(list, ([, r]) => r),
  bits: Float64Array.from(list, ([, , bits]) => bits),
});

describe('one counterpart at most', () => {
  it('is seen where the second best is far behind', () => {
    expect(
      sidesOfOne(
        edges([
          [0, 10, 20],
          [0, 11, 3],
          [1, 11, 18],
        ]),
        0,
      ),
    ).toEqual({ left: true, right: true });
    expect(
      sidesOfOne(
        edges([
          [0, 10, 20],
          [0, 11, 19],
          [1, 12, 18],
        ]),
        0,
      ),
    ).toEqual({ left: false, right: true });
    expect(sidesOfOne(edges([]), 0)).toEqual({ left: false, right: false });
  });

  it('gives each record its surest counterpart that is free', () => {
    const kept = assignOneToOne(
      edges([
        [0, 10, 5],
        [0, 11, 20],
        [1, 11, 18],
        [1, 10, 2],
        [2, 12, -1],
      ]),
      0,
    );
    expect([...kept.l].map((l, i) => [l, kept.r[i]])).toEqual([
      [0, 11],
      [1, 10],
    ]);
  });
});
