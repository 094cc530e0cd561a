import { describe, expect, it } from 'vitest';
import { formRings } from './form.js';
import { sharedSince } from './planted.js';

describe('formRings', () => {
  it('places everybody, in rings of two to five where there are enough', () => {
    for (let total = 0; total <= 60; total++) {
      const groups = formRings(total);
      expect(groups.flat().length, `${total} members`).toBe(total);
      if (total < 2) continue;
      for (const group of groups) {
        expect(group.length, `${total} members: ${JSON.stringify(groups)}`).toBeGreaterThanOrEqual(2);
        expect(group.length, `${total} members: ${JSON.stringify(groups)}`).toBeLessThanOrEqual(5);
      }
    }
  });

  it('mixes the degrees of care', () => {
    const members = formRings(12).flat();
    const count = (kind: string) => members.filter((one) => one === kind).length;
    expect([count('careless'), count('ordinary'), count('careful')]).toEqual([4, 5, 3]);
  });
});

describe('sharedSince', () => {
  it('is when the second of two has it, for both, and its own time for whoever comes later', () => {
    expect(sharedSince([10, 20, 30])).toEqual([20, 20, 30]);
    expect(sharedSince([30, 10])).toEqual([30, 30]);
  });
});
