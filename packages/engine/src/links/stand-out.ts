import { DisjointSets } from './disjoint-sets.js';
import type { Groups, Sharing } from './groups.js';
import { trimmed } from './trim.js';

/** So many groups are expected that are taken for larger than accident makes them: one in a thousand lakes. */
const accident = 0.001;

/** How fast groups of honest people thin out with size is measured between the so-many-th largest groups. */
const few = 30;
const many = 300;

/**
 * The groups of a large lake that are larger than honest sharing makes them. Among millions nearly every value of two people
 * weighs the same, and homes, agencies and recycled numbers make groups everywhere: what no accident makes is a long chain.
 *
 * Values of two people are joined first, then those of three, and so on. After each step the sizes of all groups say how
 * fast groups thin out here; carried on at the same rate, it gives the size beyond which less than one group in a thousand
 * lakes is expected. A larger one is told, and joins nobody any more, so that what is popular cannot swallow it. Of it stays
 * what it hangs together by (`trimmed`).
 *
 * Undefined where there are too few groups to measure a rate: a company, for which `groupPeople` is.
 */
export function standOut(sharing: Sharing, joining: number): Groups | undefined {
  const { people, starts, holders, bits } = sharing;
  const sets = new DisjointSets(people);
  /** By set: the values' number of holders at which it was told. */
  const told = new Uint16Array(people);
  const byHolders: number[][] = [];
  for (let value = 0; value < bits.length; value++) {
    if ((bits[value] as number) < joining) continue;
    const count = (starts[value + 1] as number) - (starts[value] as number);
    const list = byHolders[count];
    if (list) list.push(value);
    else byHolders[count] = [value];
  }
  let measured = false;
  for (const [count, values] of byHolders.entries()) {
    if (!values) continue;
    for (const value of values) {
      let joined = -1;
      let used = false;
      for (let at = starts[value] as number; at < (starts[value + 1] as number); at++) {
        const set = sets.find(holders[at] as number);
        if (told[set] || set === joined) continue;
        if (joined >= 0) used = true;
        joined = joined < 0 ? set : sets.join(joined, set);
      }
      if (used) sets.used[joined] = (sets.used[joined] as number) + 1;
    }
    const most = largestExpected(sets, told);
    if (most === undefined) continue;
    measured = true;
    for (let person = 0; person < people; person++)
      if (sets.find(person) === person && sets.size(person) > most) told[person] = count;
  }
  if (!measured) return undefined;
  // Everybody else is in no group: theirs is as large as groups here are.
  const of = Int32Array.from({ length: people }, (_, person) => person);
  const used = new Int32Array(people);
  for (const [set, { members, values }] of insideOf(sharing, byHolders, sets, told)) {
    const kept = trimmed(members, values);
    for (const person of kept) of[person] = kept[0] as number;
    used[kept[0] as number] = sets.used[set] as number;
  }
  return { of, values: used };
}

/** Of each set that was told its people, and of the values that joined it those of their holders who are in it. */
function insideOf(
  { people, starts, holders }: Sharing,
  byHolders: readonly (readonly number[])[],
  sets: DisjointSets,
  told: Uint16Array,
): Map<number, { members: number[]; values: number[][] }> {
  const inside = new Map<number, { members: number[]; values: number[][] }>();
  for (let person = 0; person < people; person++) {
    const set = sets.find(person);
    if (!told[set]) continue;
    const entry = inside.get(set);
    if (entry) entry.members.push(person);
    else inside.set(set, { members: [person], values: [] });
  }
  byHolders.forEach((values, count) => {
    for (const value of values) {
      const near = new Map<number, number[]>();
      for (let at = starts[value] as number; at < (starts[value + 1] as number); at++) {
        const person = holders[at] as number;
        const set = sets.find(person);
        if ((told[set] as number) < count) continue;
        const list = near.get(set);
        if (list) list.push(person);
        else near.set(set, [person]);
      }
      for (const [set, list] of near) if (list.length > 1) inside.get(set)?.values.push(list);
    }
  });
  return inside;
}

/** The size beyond which fewer than `accident` groups are expected; undefined where too few are there to say. */
function largestExpected(sets: DisjointSets, told: Uint16Array): number | undefined {
  const counts = new Map<number, number>();
  for (let person = 0; person < told.length; person++) {
    if (told[person] || sets.find(person) !== person) continue;
    const size = sets.size(person);
    if (size > 1) counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  let seen = 0;
  let larger: number | undefined;
  for (const size of [...counts.keys()].sort((x, y) => y - x)) {
    seen += counts.get(size) as number;
    if (larger === undefined && seen >= few) larger = size;
    if (seen >= many && larger !== undefined) {
      const rate = Math.log(many / few) / Math.max(1, larger - size);
      return larger + Math.log(few / accident) / rate;
    }
  }
  return undefined;
}
