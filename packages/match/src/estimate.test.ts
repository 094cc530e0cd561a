import { describe, expect, it } from 'vitest';
import type { Patterns } from './compare.js';
import { estimate } from './estimate.js';

/** Expected counts of every combination of levels for pairs of known parameters. */
function expected(m: number[][], u: number[][], lambda: number, all: number): Patterns {
  let rows = [{ levels: [] as number[], m: lambda, u: 1 - lambda }];
  for (const [c, own] of m.entries()) {
    rows = rows.flatMap((row) =>
      own.map((value, k) => ({
        levels: [...row.levels, k + 1],
        m: row.m * value,
        u: row.u * (u[c]?.[k] ?? 0),
      })),
    );
  }
  return {
    levels: Uint8Array.from(rows.flatMap((row) => row.levels)),
    counts: Float64Array.from(rows, (row) => (row.m + row.u) * all),
  };
}

describe('parameters from counts of levels', () => {
  const m = [
    [0.8, 0.15, 0.05],
    [0.6, 0.3, 0.1],
    [0.9, 0.1],
    [0.7, 0.3],
  ];
  const u = [
    [0.01, 0.04, 0.95],
    [0.002, 0.01, 0.988],
    [0.05, 0.95],
    [0.001, 0.999],
  ];
  const all = 1e7;

  it('finds those the counts were made from, though random pairs hold some of one person', () => {
    const patterns = expected(m, u, 0.002, all);
    const chance = expected(m, u, 0.002, 1e6);
    const found = estimate([3, 3, 2, 2], patterns, chance, all, 1e-4);
    expect(found.lambda).toBeCloseTo(0.002, 4);
    for (const [c, own] of m.entries()) {
      for (const [k, value] of own.entries()) {
        expect(found.m[c]?.[k]).toBeCloseTo(value, 2);
        expect(Math.abs(Math.log2((found.u[c]?.[k] ?? 0) / (u[c]?.[k] ?? 1)))).toBeLessThan(0.1);
      }
    }
  });

  it('stays finite where nothing was compared', () => {
    const empty = { levels: new Uint8Array(), counts: new Float64Array() };
    const found = estimate([3, 2], empty, empty, 10, 0.1);
    expect(
      [found.lambda, ...found.m.flat(), ...found.u.flat()].every((value) => value > 0 && value < 1),
    ).toBe(true);
  });
});
