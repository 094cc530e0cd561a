import { describe, expect, it } from 'vitest';
import { guessKind } from './plan.js';
import type { Profile } from './profile.js';

const profile = (given: Partial<Profile>): Profile => ({
  column: 'column',
  filled: 100,
  distinct: 80,
  averageLength: 8,
  averageWords: 1.2,
  emails: 0,
  dates: 0,
  above12First: 0,
  above12Second: 0,
  numeric: 0,
  measured: 0,
  phones: 0,
  letters: 1,
  ...given,
});

describe('the kind of a column', () => {
  it.each([
    ['word', {}],
    ['text', { averageWords: 7, averageLength: 55 }],
    ['email', { emails: 0.9 }],
    ['date', { dates: 0.95, numeric: 1, letters: 0 }],
    ['code', { numeric: 1, letters: 0 }],
    ['code', { column: 'Postcode', averageLength: 7 }],
    ['number', { measured: 0.8, numeric: 1, letters: 0 }],
    ['number', { column: 'total price', numeric: 1, letters: 0 }],
    ['phone', { phones: 0.9, numeric: 1, letters: 0 }],
    ['phone', { column: 'Mobile', numeric: 1, letters: 0 }],
  ] as const)('is %s for %o', (kind, given) => {
    expect(guessKind(profile(given))).toBe(kind);
  });
});
