import { DisjointSets } from './disjoint-sets.js';

/** Values, each with the people who share it, in typed arrays: thirty million people fit. */
export interface Sharing {
  /** How many people there are; they are numbered from 0, in the order of their ids. */
  people: number;
  /** The holders of value v are `holders[starts[v]]` to `holders[starts[v + 1] - 1]`. */
  starts: Int32Array;
  holders: Int32Array;
  bits: Float32Array;
  /** Number of the facet a value is about. */
  facets: Uint8Array;
}

export interface GroupOptions {
  /** Bits a value must bring for it to join two people. */
  joining: number;
  /** Of several values of one facet, the strongest counts in full and the others this share. */
  sameFacetShare: number;
}

export interface Groups {
  /** The group of each person: the lowest number of its members. */
  of: Int32Array;
  /** By group: how many different values it took to hold it together. One for a household that shares an address. */
  values: Int32Array;
}

/** Groups of so few pairs are joined by what joins two people. */
const fewPairs = 16;

/** A value of two people is never popular: by such alone, groups come to be as large as most operations on record. */
const byTwos = 64;

/** Bits less that one accident says between two groups of so many people, by a value of so many. */
function crowd(one: number, other: number, holders: number): number {
  if (holders === 2 && one + other <= byTwos) return 0;
  return Math.max(0, Math.log2((one * other) / fewPairs));
}

/** How many values that joined nothing at first are looked at once more, with others between the same two groups. */
const setAsideMost = 2_000_000;

/**
 * Joins people who share values, strongest values first, so that nothing popular or weak makes one heap of many groups.
 *
 * A value joins two groups of s₁ and s₂ people only if it brings `joining` + log2(s₁ · s₂ / 16) bits: so many pairs of
 * people could have shared it by accident, so much less one accident says. Two people, or two groups of four, need
 * `joining` bits; two groups of sixteen need four more. A value that only two people have needs no more than `joining` as
 * long as no more than 64 people come together: a ring is a chain of such. Groups are as large as they were before the value came: its holders
 * beyond the second are no further accident, they are counted in its bits already.
 *
 * What did not suffice alone is added up between the same two groups, facet by facet, each value with as much less: between
 * crowds several accidents are no more of a surprise than one.
 *
 * The result depends on nothing but the values: `values` must come with the most bits first, ties in a fixed order.
 */
export function groupPeople(sharing: Sharing, options: GroupOptions): Groups {
  const { starts, holders, bits } = sharing;
  const groups = new DisjointSets(sharing.people);
  const aside: number[] = [];
  const near = new Map<number, number>();
  for (let value = 0; value < bits.length; value++) {
    near.clear();
    for (let at = starts[value] as number; at < (starts[value + 1] as number); at++) {
      const group = groups.find(holders[at] as number);
      near.set(group, groups.size(group));
    }
    if (near.size < 2) continue;
    const count = (starts[value + 1] as number) - (starts[value] as number);
    const sizes = [...near].sort((x, y) => x[1] - y[1] || x[0] - y[0]);
    let [joined, largest] = sizes[0] as [number, number];
    let used = 0;
    for (const [group, size] of sizes.slice(1)) {
      // In order of size: where one is too large, so are those that follow.
      if ((bits[value] as number) < options.joining + crowd(largest, size, count)) break;
      joined = groups.join(joined, group);
      largest = size;
      used++;
    }
    if (used > 0) groups.used[joined] = (groups.used[joined] as number) + 1;
    if (used < sizes.length - 1 && aside.length < setAsideMost) aside.push(value);
  }
  while (joinByMany(sharing, groups, aside, options));
  const of = new Int32Array(sharing.people);
  for (let person = 0; person < sharing.people; person++) of[person] = groups.find(person);
  return { of, values: groups.used };
}

interface Between {
  low: number;
  high: number;
  /** By facet: the most bits of one value, and of all. */
  facets: Map<number, { most: number; all: number; values: number }>;
}

/** One round of joining groups by several values together; whether anything was joined. */
function joinByMany(
  sharing: Sharing,
  groups: DisjointSets,
  aside: readonly number[],
  { joining, sameFacetShare }: GroupOptions,
): boolean {
  const between = new Map<number, Between>();
  for (const value of aside) {
    const near = new Set<number>();
    for (let at = sharing.starts[value] as number; at < (sharing.starts[value + 1] as number); at++)
      near.add(groups.find(sharing.holders[at] as number));
    // The two smallest are the likeliest to be joined; a value that lies among many groups says little of the others.
    const [one, other] = [...near].sort((x, y) => groups.size(x) - groups.size(y) || x - y);
    if (one === undefined || other === undefined) continue;
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    const brought =
      (sharing.bits[value] as number) - crowd(groups.size(low), groups.size(high), Number.POSITIVE_INFINITY);
    if (brought <= 0) continue;
    const key = low * sharing.people + high;
    let entry = between.get(key);
    if (!entry) {
      entry = { low, high, facets: new Map() };
      between.set(key, entry);
    }
    const facet = sharing.facets[value] as number;
    const sum = entry.facets.get(facet) ?? { most: 0, all: 0, values: 0 };
    entry.facets.set(facet, {
      most: Math.max(sum.most, brought),
      all: sum.all + brought,
      values: sum.values + 1,
    });
  }
  const ready: { low: number; high: number; over: number; values: number }[] = [];
  for (const { low, high, facets } of between.values()) {
    let sum = 0;
    let values = 0;
    for (const facet of facets.values()) {
      sum += facet.most + sameFacetShare * (facet.all - facet.most);
      values += facet.values;
    }
    const over = sum - joining;
    if (over >= 0) ready.push({ low, high, over, values });
  }
  ready.sort((x, y) => y.over - x.over || x.low - y.low || x.high - y.high);
  const touched = new Set<number>();
  for (const { low, high, values } of ready) {
    // A group that grew in this round is measured anew in the next.
    if (touched.has(low) || touched.has(high)) continue;
    touched.add(low).add(high);
    const joined = groups.join(low, high);
    groups.used[joined] = (groups.used[joined] as number) + values;
  }
  return ready.length > 0;
}
