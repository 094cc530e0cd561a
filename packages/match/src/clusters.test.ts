import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cluster, type Edges } from './clusters.js';

const options = { threshold: 0, missing: -3, most: 10 };
const edges = (list: readonly (readonly [number, number, number])[]): Edges => ({
  l: Int32Array.from(list, ([l]) => l),
  r: Int32Array.from(list, ([, r]) => r),
  bits: Float64Array.from(list, ([, , bits]) => bits),
});

describe('groups of records', () => {
  it('joins what agrees', () => {
    expect([
      ...cluster(
        4,
        edges([
          [0, 1, 8],
          [1, 2, 8],
          [0, 2, 7],
          [2, 3, -4],
        ]),
        options,
      ),
    ]).toEqual([0, 0, 0, 3]);
  });

  it('does not let one link join two persons of several records', () => {
    const within = [0, 1, 2].flatMap((i) => [0, 1, 2].filter((j) => j > i).map((j) => [i, j] as const));
    const list = [
      ...within.map(([i, j]) => [i, j, 15] as const),
      ...within.map(([i, j]) => [i + 3, j + 3, 15] as const),
      [2, 3, 30] as const,
    ];
    expect([...cluster(6, edges(list), options)]).toEqual([0, 0, 0, 3, 3, 3]);
  });

  it('of two sources are not held apart by pairs that cannot be', () => {
    expect([
      ...cluster(
        3,
        edges([
          [0, 1, 2],
          [0, 2, 2],
        ]),
        options,
      ),
    ]).toEqual([0, 0, 2]);
    expect([
      ...cluster(
        3,
        edges([
          [0, 1, 2],
          [0, 2, 2],
        ]),
        { ...options, first: 1 },
      ),
    ]).toEqual([0, 0, 0]);
  });

  it('breaks a chain of weak links instead of following it', () => {
    const chain = Array.from({ length: 99 }, (_, i) => [i, i + 1, 1] as const);
    const groups = [...cluster(100, edges(chain), options)];
    const largest = Math.max(...groups.map((group) => groups.filter((other) => other === group).length));
    expect(largest).toBeLessThanOrEqual(2);
  });

  it('joins a pair only above the threshold, and ends', () => {
    const pair = fc.tuple(fc.nat(19), fc.nat(19), fc.double({ min: -20, max: 20, noNaN: true }));
    fc.assert(
      fc.property(
        fc.uniqueArray(pair, { selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}` }),
        (pairs) => {
          const list = pairs.filter(([a, b]) => a < b);
          const groups = cluster(20, edges(list), options);
          for (const [i, group] of groups.entries()) {
            expect(group).toBeLessThanOrEqual(i);
            expect(groups[group]).toBe(group);
            const touches = list.some(([a, b, bits]) => (a === i || b === i) && bits > 0);
            if (!touches) expect(groups.filter((other) => other === group)).toHaveLength(1);
          }
        },
      ),
    );
  });
});
