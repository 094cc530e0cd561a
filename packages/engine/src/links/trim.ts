/** How far from a group people are followed who lead nowhere else: somebody, their home, and who shares something there. */
const reach = 3;

/**
 * The people a group hangs together by. Who shares one thing with it and leads nowhere else (a flatmate, a landlord, the
 * family of somebody with a recycled number) is taken off, up to `reach` steps from the group. What stays at both ends of a
 * chain is given back, as long as it goes on by values of two people: an end looks like a bystander, and is only told from
 * one by where it is.
 *
 * @param members of the group
 * @param values the values that join them, as those of their holders who are in the group
 */
export function trimmed(members: readonly number[], values: readonly (readonly number[])[]): number[] {
  const alive = new Set(members);
  for (let step = 0; step < reach; step++) {
    const counts = ways(values, alive);
    const ends = [...alive].filter((person) => (counts.get(person) ?? 0) <= 1);
    if (ends.length === 0) break;
    // All of it hangs on one person or one value: there is no inner part.
    if (ends.length >= alive.size - 1) return [...members];
    for (const person of ends) alive.delete(person);
  }
  for (let step = 0; step < reach; step++) {
    const counts = ways(values, alive);
    const further = new Set<number>();
    for (const [one, other, ...more] of values) {
      if (one === undefined || other === undefined || more.length > 0) continue;
      if (alive.has(one) && !alive.has(other) && (counts.get(one) ?? 0) <= 1) further.add(other);
      if (alive.has(other) && !alive.has(one) && (counts.get(other) ?? 0) <= 1) further.add(one);
    }
    for (const person of further) alive.add(person);
  }
  return members.filter((person) => alive.has(person));
}

/** By person, how many ways lead on: values whose holders are all among another's are one way with it. */
function ways(values: readonly (readonly number[])[], alive: ReadonlySet<number>): Map<number, number> {
  const sets = values
    .map((holders) => holders.filter((person) => alive.has(person)))
    .filter((holders) => holders.length > 1)
    .sort((x, y) => y.length - x.length);
  const counts = new Map<number, number>();
  const kept = new Map<number, Set<number>[]>();
  for (const holders of sets) {
    const larger = kept.get(holders[0] as number) ?? [];
    if (larger.some((set) => holders.every((person) => set.has(person)))) continue;
    const set = new Set(holders);
    for (const person of holders) {
      counts.set(person, (counts.get(person) ?? 0) + 1);
      const list = kept.get(person);
      if (list) list.push(set);
      else kept.set(person, [set]);
    }
  }
  return counts;
}
