import { describe, expect, it } from 'vitest';
import { trimmed } from './trim.js';

const chain = (length: number) => Array.from({ length: length - 1 }, (_, i) => [i, i + 1]);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('a group without what hangs on it', () => {
  it('keeps a chain whole, whether neighbours share one thing or two', () => {
    expect(trimmed(upTo(30), chain(30))).toEqual(upTo(30));
    expect(trimmed(upTo(30), [...chain(30), ...chain(30)])).toEqual(upTo(30));
  });

  it('takes off strangers who have the same value, and their homes', () => {
    // Person 10 and 11 of the chain share a number with 30, whose home is 31, 32; 33 is a flatmate of 15.
    const values = [
      ...chain(30).filter(([one]) => one !== 10),
      [10, 11, 30],
      [30, 31, 32],
      [31, 32],
      [15, 33],
    ];
    expect(trimmed(upTo(34), values)).toEqual(upTo(30));
  });

  it('leaves a group alone that all hangs on one person', () => {
    const star = upTo(20)
      .slice(1)
      .map((person) => [0, person]);
    expect(trimmed(upTo(20), star)).toEqual(upTo(20));
  });
});
