import { digest } from './canonical.js';
import type { Link } from './links.js';

/** People joined by links, each of them already a reason to look by other evidence as well. */
export interface RingOf {
  id: string;
  members: string[];
  links: Link[];
}

/**
 * Connected groups among `suspects`. Someone is in a ring only if their own evidence puts them above `clear`: sharing a
 * value with a suspect does not make anyone one. Pairs for which `explained` gives true are not joined.
 */
export function findRings(
  links: readonly Link[],
  suspects: ReadonlySet<string>,
  explained: (a: string, b: string) => boolean,
): RingOf[] {
  const own = links.filter(
    (link) => suspects.has(link.a) && suspects.has(link.b) && !explained(link.a, link.b),
  );
  const parent = new Map<string, string>();
  const root = (person: string): string => {
    const up = parent.get(person);
    if (up === undefined || up === person) return person;
    const top = root(up);
    parent.set(person, top);
    return top;
  };
  for (const link of own) {
    const [low, high] = [root(link.a), root(link.b)].sort() as [string, string];
    parent.set(low, low);
    parent.set(high, low);
  }
  const groups = new Map<string, Set<string>>();
  for (const link of own) {
    const top = root(link.a);
    const members = groups.get(top) ?? new Set();
    members.add(link.a).add(link.b);
    groups.set(top, members);
  }
  return [...groups.values()]
    .map((set) => {
      const members = [...set].sort();
      const inside = own.filter((link) => set.has(link.a));
      // The earliest link names the ring, so that it keeps its id as it grows.
      const oldest = [...inside].sort((x, y) =>
        (x.first ?? '') < (y.first ?? '') ? -1 : (x.first ?? '') > (y.first ?? '') ? 1 : x.a < y.a ? -1 : 1,
      )[0] as Link;
      return { id: `ring-${digest(oldest.a, oldest.b, oldest.kind)}`, members, links: inside };
    })
    .sort((x, y) => y.members.length - x.members.length || (x.id < y.id ? -1 : 1));
}
