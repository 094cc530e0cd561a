/** Orders of a hundred thousand people, as places in a list, without comparing each with many others. */
import type { PersonRow } from '../model/services.js';

/** By pseudonym. */
export function byHandles(people: readonly Pick<PersonRow, 'handle'>[]): Uint32Array {
  const places = new Map(people.map(({ handle }, place) => [handle, place]));
  // Handles are different, or the list is no list of people: then those that are the same stay as they stand.
  if (places.size < people.length)
    return Uint32Array.from(people.keys()).sort((a, b) => {
      const [one, other] = [people[a]?.handle ?? '', people[b]?.handle ?? ''];
      return one < other ? -1 : one > other ? 1 : a - b;
    });
  return Uint32Array.from([...places.keys()].sort(), (handle) => places.get(handle) as number);
}

/** By a value that many share; those who share it stay as they stand, or as `within` has them. */
export function byGroups<V extends string | number>(
  people: readonly PersonRow[],
  value: (row: PersonRow) => V,
  compare: (a: V, b: V) => number,
  within?: Uint32Array,
): Uint32Array {
  const groups = new Map<V, number[]>();
  for (let at = 0; at < people.length; at++) {
    const place = within ? (within[at] as number) : at;
    const key = value(people[place] as PersonRow);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  const order = new Uint32Array(people.length);
  let next = 0;
  for (const key of [...groups.keys()].sort(compare))
    for (const place of groups.get(key) as number[]) order[next++] = place;
  return order;
}
