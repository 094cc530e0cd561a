import type { Sophistication } from '../truth.js';

/** Shares members among the three degrees of care, and those into rings of two to five. */
export function formRings(total: number): Sophistication[][] {
  const shares: [Sophistication, number][] = [
    ['careless', 0.34],
    ['ordinary', 0.41],
    ['careful', 0.25],
  ];
  const counts = shares.map(([kind, share]) => ({
    kind,
    count: Math.floor(total * share),
    rest: (total * share) % 1,
  }));
  for (const one of [...counts].sort((a, b) => b.rest - a.rest)) {
    if (counts.reduce((sum, each) => sum + each.count, 0) < total) one.count++;
  }
  const groups: Sophistication[][] = [];
  let single: Sophistication[] = [];
  for (const { kind, count } of counts) {
    for (let left = count; left > 0; ) {
      // Never leave one over, and vary the sizes.
      let size = Math.min(left, 5 - (groups.length % 3));
      if (left - size === 1) size = left <= 5 ? left : size - 1;
      if (size === 1) single.push(kind);
      else groups.push(Array<Sophistication>(size).fill(kind));
      left -= size;
    }
  }
  // A degree of care with one member only joins somebody else's ring.
  if (single.length === 1 && groups.length > 0) {
    [...groups].sort((a, b) => a.length - b.length)[0]?.push(...single);
    single = [];
  }
  if (single.length > 0) groups.push(single);
  return groups;
}
