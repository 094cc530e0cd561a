import { describe, expect, it } from 'vitest';
import type { Sharing } from './groups.js';
import { standOut } from './stand-out.js';

/** Values of the people given, each of 20 bits unless said. */
function sharing(people: number, values: readonly number[][], bits = 20): Sharing {
  const starts = new Int32Array(values.length + 1);
  values.forEach((holders, i) => {
    starts[i + 1] = (starts[i] as number) + holders.length;
  });
  return {
    people,
    starts,
    holders: Int32Array.from(values.flat()),
    bits: new Float32Array(values.length).fill(bits),
    facets: new Uint8Array(values.length),
  };
}

/** Homes of two, three and four people, half of them fewer with each more. */
function homes(count: number): { values: number[][]; people: number } {
  const values: number[][] = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const size = i % 8 === 0 ? 4 : i % 4 === 0 ? 3 : 2;
    values.push(Array.from({ length: size }, (_, nth) => next + nth));
    next += size;
  }
  return { values, people: next };
}

const chain = (from: number, length: number) =>
  Array.from({ length: length - 1 }, (_, i) => [from + i, from + i + 1]);
const told = (of: Int32Array) => {
  const sizes = new Map<number, number>();
  for (const group of of) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return [...sizes.values()].filter((size) => size > 1);
};

describe('groups that stand out', () => {
  const honest = homes(4000);

  it('are chains no accident makes; homes are none', () => {
    const groups = standOut(sharing(honest.people + 60, [...honest.values, ...chain(honest.people, 60)]), 6);
    expect(told(groups?.of ?? new Int32Array())).toEqual([60]);
    expect(groups?.values[honest.people]).toBe(59);
    expect(told(standOut(sharing(honest.people, honest.values), 6)?.of ?? Int32Array.of(0, 0))).toEqual([]);
  });

  it('are not swallowed by what is popular', () => {
    // A value of eight joins the chain with seven homes; another joins those with more.
    const popular = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 8 }, (_, nth) => (i * 8 + nth) * 3).map((n) => n % honest.people),
    );
    const links = [...honest.values, ...popular, [honest.people + 5, 0, 7, 11, 13, 17, 19, 23]];
    const groups = standOut(sharing(honest.people + 60, [...links, ...chain(honest.people, 60)]), 6);
    expect(told(groups?.of ?? new Int32Array())).toContain(60);
  });

  it('do not come from values that say less than it takes', () => {
    const groups = standOut(
      sharing(honest.people + 60, [...honest.values, ...chain(honest.people, 60)], 5),
      6,
    );
    expect(groups).toBeUndefined();
  });

  it('cannot be told where there are too few groups to compare with', () => {
    expect(standOut(sharing(60, chain(0, 60)), 6)).toBeUndefined();
  });
});
