/** The light rows of people that lists are made of. */
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import type { PersonRow, Snapshot } from '../model/services.js';
import { byGroups, byHandles } from './orders.js';

/** The light row of a person of a result. */
export function rowOf(person: PersonResult, handle: (person: string) => string): PersonRow {
  const [heaviest] = [...person.signals].sort((a, b) => b.bits - a.bits);
  return {
    id: person.id,
    handle: handle(person.id),
    name: person.name,
    stage: person.stage,
    engagement: person.engagement,
    ...(person.title === undefined ? {} : { title: person.title }),
    ...(person.department === undefined ? {} : { department: person.department }),
    ...(person.manager === undefined ? {} : { manager: person.manager }),
    ...(person.vendor === undefined ? {} : { vendor: person.vendor }),
    ...(person.workEmail === undefined ? {} : { workEmail: person.workEmail }),
    ...(person.remote === undefined ? {} : { remote: person.remote }),
    ...(person.claimed ? { location: person.claimed.label } : {}),
    ...(person.appliedAt === undefined ? {} : { appliedAt: person.appliedAt }),
    ...(person.startedAt === undefined ? {} : { startedAt: person.startedAt }),
    ...(person.leftAt === undefined ? {} : { leftAt: person.leftAt }),
    band: person.band,
    bits: person.bits,
    facets: person.facets.length,
    signals: person.signals.length,
    ...(person.ring === undefined ? {} : { ring: person.ring }),
    ...(heaviest && heaviest.bits > 0 ? { says: heaviest.says, finding: heaviest.title } : {}),
  };
}

/** A snapshot of a result, all in memory. */
export function snapshotOf(
  result: ScanResult,
  handle: (person: string) => string,
  others: readonly PersonRow[] = [],
): Snapshot {
  const people = new Map(result.people.map((person) => [person.id, person]));
  return snapshotFrom({
    number: 1,
    asOf: result.asOf,
    finishedAt: result.asOf,
    head: { ...result, people: [] },
    people: [...result.people.map((person) => rowOf(person, handle)), ...others],
    person: async (id) => people.get(id),
    withMail: async (address) =>
      result.people
        .filter((person) =>
          person.identifiers.some((one) => one.kind === 'email' && one.label.toLowerCase() === address),
        )
        .map((person) => person.id),
  });
}

const bands = ['urgent', 'review', 'watch', 'clear'];

/**
 * Most pressing first, and equals by their handles: in the order of the company's own numbers, whoever has the list of
 * staff could tell from a place in it who somebody is.
 */
function inOrder(people: readonly PersonRow[]): PersonRow[] {
  const byBits = byGroups(
    people,
    (row) => row.bits,
    (a, b) => b - a,
    byHandles(people),
  );
  const order = byGroups(
    people,
    (row) => bands.indexOf(row.band),
    (a, b) => a - b,
    byBits,
  );
  return Array.from(order, (place) => people[place] as PersonRow);
}

/** With what is looked up made from the rest. */
export function snapshotFrom(given: Omit<Snapshot, 'row' | 'ring'>): Snapshot {
  const parts = { ...given, people: inOrder(given.people) };
  const byKey = new Map<string, PersonRow>();
  for (const row of parts.people) {
    byKey.set(row.id, row);
    byKey.set(row.handle, row);
  }
  const rings = new Map(parts.head.rings.map((ring) => [ring.id, ring]));
  return { ...parts, row: (key) => byKey.get(key), ring: (id) => rings.get(id) };
}
