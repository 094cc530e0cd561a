import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

const draws = (random: Random, count = 50) => Array.from({ length: count }, () => random.bits());

describe('Random', () => {
  it('gives the same numbers for the same key, and others for another', () => {
    expect(draws(new Random(7, 'people', 3))).toEqual(draws(new Random(7, 'people', 3)));
    expect(draws(new Random(7, 'people', 3))).not.toEqual(draws(new Random(8, 'people', 3)));
    expect(draws(new Random(7, 'people', 3))).not.toEqual(draws(new Random(7, 'people', 4)));
  });

  it('does not confuse keys whose parts run together', () => {
    expect(draws(new Random(1, 'ab', 'c'))).not.toEqual(draws(new Random(1, 'a', 'bc')));
    expect(draws(new Random(1, 12))).not.toEqual(draws(new Random(11, 2)));
  });

  it('keeps to its bounds and reaches both ends', () => {
    const random = new Random(1);
    const seen = new Set(Array.from({ length: 2000 }, () => random.int(3, 9)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('spreads evenly', () => {
    const random = new Random(2);
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += random.unit();
    expect(sum / 20_000).toBeCloseTo(0.5, 1);
  });

  it('picks in proportion to weight', () => {
    const random = new Random(3);
    let often = 0;
    for (let i = 0; i < 5000; i++)
      if (
        random.weighted([
          ['often', 9],
          ['seldom', 1],
        ]) === 'often'
      )
        often++;
    expect(often).toBeGreaterThan(4300);
    expect(often).toBeLessThan(4700);
  });

  it('shuffles without losing anything and leaves the original alone', () => {
    const list = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = new Random(4).shuffled(list);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort()).toEqual(list);
    expect(list).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('makes ids of the forms asked for', () => {
    const random = new Random(5);
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.hex(13)).toMatch(/^[0-9a-f]{13}$/);
    expect(random.token(20)).toMatch(/^[A-Za-z0-9]{20}$/);
  });
});
