import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, edits, jaroWinkler, letterMask, mayBeAlike, swapped } from './similarity.js';

/** The textbook table, to compare with. */
function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

describe('similarity', () => {
  it('counts changes as the textbook does, up to two', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(edits(a, b)).toBe(Math.min(3, levenshtein(a, b)));
      }),
      { numRuns: 5000 },
    );
  });

  // The published examples of Winkler (1990).
  it.each([
    ['martha', 'marhta', 0.9611],
    ['dixon', 'dicksonx', 0.8133],
    ['dwayne', 'duane', 0.84],
    ['abc', 'xyz', 0],
    ['', '', 1],
    ['a', '', 0],
  ])('is by Jaro and Winkler of %s and %s: %d', (a, b, wanted) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(wanted, 4);
  });

  it('is the same both ways, 1 only for equals, and bounded', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        const value = jaroWinkler(a, b);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(value === 1).toBe(a === b);
        expect(swapped(a, b)).toBe(swapped(b, a));
        expect(differences(a, b)).toBe(differences(b, a));
      }),
      { numRuns: 5000 },
    );
  });

  it('rules out by letters only what is not alike', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        if (jaroWinkler(a, b) >= 0.78) expect(mayBeAlike(a, letterMask(a), b, letterMask(b))).toBe(true);
      }),
      { numRuns: 5000 },
    );
    const alike = (a: string, b: string) => mayBeAlike(a, letterMask(a), b, letterMask(b));
    expect(alike('gerald', 'maurice')).toBe(false);
  });

  it('knows two neighbours swapped', () => {
    expect(swapped('smiht', 'smith')).toBe(true);
    expect(swapped('smith', 'smith')).toBe(false);
    expect(swapped('smtih', 'smiht')).toBe(false);
    expect(swapped('ab', 'ba')).toBe(true);
  });
});
