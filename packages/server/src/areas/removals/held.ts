/** Who and what may not be removed now, because people are looking into it; and the closed cases that may. */
import { isNull } from 'drizzle-orm';
import { casePeople, caseSplits, cases } from '../../store/schema.js';
import type { Db } from '../../store/store.js';

interface CaseLine {
  id: string;
  state: 'asked' | 'refused' | 'open' | 'closed' | 'merged';
  mergedInto: string | null;
  closedAt: Date | null;
}

/** A case with those that were merged into it. */
export interface Family {
  root: CaseLine;
  ids: string[];
  people: string[];
}

/** All cases, each with what is part of it. */
export async function families(db: Db): Promise<Family[]> {
  const lines = await db
    .select({ id: cases.id, state: cases.state, mergedInto: cases.mergedInto, closedAt: cases.closedAt })
    .from(cases);
  const byId = new Map(lines.map((line) => [line.id, line]));
  const rootOf = (line: CaseLine) => {
    const seen = new Set<string>();
    let at = line;
    while (at.state === 'merged' && at.mergedInto !== null && !seen.has(at.id)) {
      seen.add(at.id);
      at = byId.get(at.mergedInto) ?? at;
      if (seen.has(at.id)) break;
    }
    return at;
  };
  const found = new Map<string, Family>();
  for (const line of lines) {
    const root = rootOf(line);
    const family = found.get(root.id) ?? { root, ids: [], people: [] };
    family.ids.push(line.id);
    found.set(root.id, family);
  }
  const of = new Map([...found.values()].flatMap((family) => family.ids.map((id) => [id, family] as const)));
  for (const row of await db.select({ case: casePeople.case, person: casePeople.person }).from(casePeople)) {
    const family = of.get(row.case);
    if (family && !family.people.includes(row.person)) family.people.push(row.person);
  }
  return [...found.values()];
}

const over = (family: Family) => family.root.state === 'closed' || family.root.state === 'refused';

/** People in a case that is open, waits for a second person's yes, or was merged into such a one. */
export async function heldPeople(db: Db): Promise<string[]> {
  const held = (await families(db)).filter((family) => !over(family)).flatMap((family) => family.people);
  return [...new Set(held)].sort();
}

/** Cases that are over, and on whose evidence no other rests that stays; `chosen` says which are to go. */
export async function removable(db: Db, chosen: (family: Family) => boolean): Promise<Family[]> {
  const all = await families(db);
  let going = all.filter((family) => over(family) && chosen(family));
  const splits = await db.select().from(caseSplits).where(isNull(caseSplits.undoneAt));
  for (;;) {
    const ids = new Set(going.flatMap((family) => family.ids));
    const needed = new Set(
      splits
        .filter((split) => !ids.has(split.to))
        .flatMap((split) => [split.from, ...split.sources.map((source) => source.case)]),
    );
    const free = going.filter((family) => !family.ids.some((id) => needed.has(id)));
    if (free.length === going.length) return going;
    going = free;
  }
}
