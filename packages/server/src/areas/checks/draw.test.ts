import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayAfter, draw, drawFor, periodAfter, periodOf, promiseOf, workingDays } from './draw.js';

const challenges = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const seed = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const handle = fc.stringMatching(/^p[0-9a-z]{10}$/);
const dayIn = (first: string, days: number) =>
  fc.integer({ min: 0, max: days - 1 }).map((offset) => dayAfter(first, offset));

describe('the lot', () => {
  it('gives the same from the same, whatever the order of the people', () => {
    fc.assert(
      fc.property(seed, fc.uniqueArray(handle, { maxLength: 40 }), (seed, handles) => {
        const period = periodOf('2026-08-01');
        const lot = {
          period,
          seed,
          challenges,
          people: handles.map((one) => ({ handle: one, from: period.from })),
        };
        const drawn = draw(lot);
        expect(draw({ ...lot, people: [...lot.people].reverse() })).toEqual(drawn);
        expect(new Set(drawn.map((one) => one.handle)).size).toBe(handles.length);
        for (const one of drawn) {
          expect(workingDays(period.from, period.to)).toContain(one.day);
          expect(one.word).toMatch(/^[A-Z]{4}$/);
        }
      }),
    );
  });

  it('draws everybody who is here for a calendar year at least twice in it, with other requests each time', () => {
    fc.assert(
      fc.property(seed, seed, handle, (first, second, handle) => {
        const one = periodOf('2026-01-01');
        const two = periodAfter(one);
        const drawn = [
          ...drawFor({ period: one, seed: first, challenges }, { handle, from: '2019-03-04' }),
          ...drawFor({ period: two, seed: second, challenges }, { handle, from: two.from }),
        ];
        expect(drawn.length).toBeGreaterThanOrEqual(2);
        expect(drawn.every((call) => call.day >= '2026-01-01' && call.day <= '2026-12-31')).toBe(true);
        const asked = drawn.map((call) => call.challenge);
        expect(new Set(asked).size).toBe(asked.length);
      }),
    );
  });

  it('draws whoever joins on a day that is left, and nobody else changes by it', () => {
    fc.assert(
      fc.property(seed, handle, handle, dayIn('2026-07-01', 184), (seed, old, joiner, from) => {
        fc.pre(old !== joiner);
        const period = periodOf('2026-07-01');
        const before = draw({ period, seed, challenges, people: [{ handle: old, from: period.from }] });
        const after = draw({
          period,
          seed,
          challenges,
          people: [
            { handle: old, from: period.from },
            { handle: joiner, from },
          ],
        });
        expect(after.filter((one) => one.handle === old)).toEqual(before);
        const theirs = after.filter((one) => one.handle === joiner);
        expect(theirs.every((one) => one.day >= from)).toBe(true);
        expect(theirs.length).toBeGreaterThanOrEqual(workingDays(from, period.to).length > 0 ? 1 : 0);
      }),
    );
  });

  it('falls on about one in four a second time, so that nobody is safe once called', () => {
    const period = periodOf('2026-01-01');
    const people = Array.from({ length: 2_000 }, (_, index) => ({ handle: `p${index}`, from: period.from }));
    const twice = draw({ period, seed: '07'.repeat(32), challenges, people }).filter(
      (one) => one.turn === 2,
    ).length;
    expect(twice).toBeGreaterThan(420);
    expect(twice).toBeLessThan(580);
  });

  it('is promised by the hash of the bytes of its seed', () => {
    const seed = '00ff'.repeat(16);
    expect(promiseOf(seed)).toBe(createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex'));
  });
});
