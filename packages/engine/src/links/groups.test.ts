import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupPeople, type Sharing } from './groups.js';

const options = { joining: 6, sameFacetShare: 0.15 };

interface Value {
  holders: number[];
  bits: number;
  facet?: number;
}

function sharing(people: number, values: readonly Value[]): Sharing {
  const sorted = values
    .map((value) => ({ ...value, holders: [...new Set(value.holders)].sort((x, y) => x - y) }))
    .sort((x, y) => y.bits - x.bits || (String(x.holders) < String(y.holders) ? -1 : 1));
  const starts = new Int32Array(sorted.length + 1);
  sorted.forEach((value, i) => {
    starts[i + 1] = (starts[i] as number) + value.holders.length;
  });
  return {
    people,
    starts,
    holders: Int32Array.from(sorted.flatMap((value) => value.holders)),
    bits: Float32Array.from(sorted, (value) => value.bits),
    facets: Uint8Array.from(sorted, (value) => value.facet ?? 0),
  };
}

const groupsOf = (people: number, values: readonly Value[]) => [
  ...groupPeople(sharing(people, values), options).of,
];
const sizes = (of: readonly number[]) => {
  const count = new Map<number, number>();
  for (const group of of) count.set(group, (count.get(group) ?? 0) + 1);
  return [...count.values()].sort((x, y) => y - x);
};

const value = fc.record({
  holders: fc.uniqueArray(fc.nat(29), { minLength: 2, maxLength: 6 }),
  bits: fc.integer({ min: 1, max: 20 }),
  facet: fc.nat(3),
});

describe('groups', () => {
  it('join a long chain of rare values, and say how many it took', () => {
    const chain = Array.from({ length: 59 }, (_, i) => ({ holders: [i, i + 1], bits: 20 }));
    const groups = groupPeople(sharing(60, chain), options);
    expect(sizes([...groups.of])).toEqual([60]);
    expect(groups.values[0]).toBe(59);
  });

  it('join all holders of one value alike, however many', () => {
    const groups = groupPeople(
      sharing(20, [{ holders: Array.from({ length: 20 }, (_, i) => i), bits: 6.5 }]),
      options,
    );
    expect(sizes([...groups.of])).toEqual([20]);
    expect(groups.values[0]).toBe(1);
  });

  it('do not join by less than it takes', () => {
    expect(sizes(groupsOf(2, [{ holders: [0, 1], bits: 5.9 }]))).toEqual([1, 1]);
  });

  it('add up what two people share, facet by facet', () => {
    const weak = (facet: number): Value => ({ holders: [0, 1], bits: 4, facet });
    expect(sizes(groupsOf(2, [weak(0), weak(0)]))).toEqual([1, 1]);
    expect(sizes(groupsOf(2, [weak(0), weak(1)]))).toEqual([2]);
  });

  it('make no heap of two rings by one value that would join a few people', () => {
    const clique = (from: number): Value[] =>
      Array.from({ length: 15 }, (_, i) => ({ holders: [from + i, from + i + 1], bits: 18 }));
    const two = [...clique(0), ...clique(16)];
    const shared = [3, 20, 32];
    expect(sizes(groupsOf(33, [...two, { holders: shared, bits: 9.5 }]))).toEqual([17, 16]);
    // One pair of 16 × 17 is 4 bits less of a surprise than one of 4 × 4; a value as rare as the others is still one.
    expect(sizes(groupsOf(33, [...two, { holders: shared, bits: 10.5 }]))).toEqual([33]);
    // Nobody else has it: that joins them, as it joins any two.
    expect(sizes(groupsOf(33, [...two, { holders: [3, 20], bits: 9.5 }]))).toEqual([32, 1]);
  });

  it('stay bounded where everybody shares something weak with the next', () => {
    const random = (more: number) =>
      Array.from({ length: 4000 }, (_, i) => ({
        holders: [(i * 7919) % 2000, (i * 104_729 + 13) % 2000, (i * 15_485_863 + 7) % 2000].slice(0, more),
        bits: 7,
      }));
    // 7 − 6 bits: no two groups whose sizes multiply to more than 32 are joined by one of them.
    expect(sizes(groupsOf(2000, random(3)))[0]).toBeLessThanOrEqual(34);
    expect(sizes(groupsOf(2000, random(2)))[0]).toBeLessThanOrEqual(64);
  });

  it('are the same in whatever order the values come', () => {
    fc.assert(
      fc.property(
        fc
          .array(value, { maxLength: 60 })
          .chain((values) =>
            fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
          ),
        ([values, shuffled]) => {
          expect(groupsOf(30, shuffled)).toEqual(groupsOf(30, values));
        },
      ),
    );
  });

  it('do not change by people who share nothing with them', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 40 }),
        fc.array(value, { maxLength: 40 }),
        (values, others) => {
          const apart = others.map((one) => ({ ...one, holders: one.holders.map((n) => n + 30) }));
          expect(groupsOf(60, [...values, ...apart]).slice(0, 30)).toEqual(groupsOf(30, values));
        },
      ),
    );
  });

  it('hold nobody who shares nothing', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), (values) => {
        const of = groupsOf(
          31,
          values.filter((one) => one.bits >= 1),
        );
        expect(of[30]).toBe(30);
        for (const [person, group] of of.entries())
          if (group !== person) expect(values.some((one) => one.holders.includes(person))).toBe(true);
      }),
    );
  });
});
