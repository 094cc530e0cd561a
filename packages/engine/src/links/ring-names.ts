import { digest } from '../identifiers/digest.js';
import { kindInWords } from './kinds.js';
import type { Link } from './links.js';
import type { RingEvent, RingState } from './ring-log.js';
import type { RingOf } from './rings.js';

/** People in common that make a group of today the same ring as one of before. */
const heirsAtLeast = 2;

/**
 * Gives the groups of a day the ids they had before, and says what became of each ring. A ring lives on in the group that
 * holds most of its members, two at least. Where several rings live on in one group, the elder keeps its id and the others
 * have merged into it. What split off, and what is new, is named by its earliest link. A dissolved ring whose people come
 * together again is that ring again.
 */
export function nameRings(
  groups: readonly RingOf[],
  before: ReadonlyMap<string, RingState>,
  time: string,
): { rings: RingOf[]; events: RingEvent[] } {
  const ordered = [...groups].sort((x, y) => ((x.members[0] ?? '') < (y.members[0] ?? '') ? -1 : 1));
  const groupOf = new Map(ordered.flatMap((group, i) => group.members.map((person) => [person, i] as const)));
  const elders = [...before.values()]
    .filter((ring) => ring.state !== 'merged')
    .sort((x, y) => (x.formed !== y.formed ? (x.formed < y.formed ? -1 : 1) : x.id < y.id ? -1 : 1));
  const claims = ordered.map((): { there: RingState[]; dissolved: RingState[] } => ({
    there: [],
    dissolved: [],
  }));
  const events: RingEvent[] = [];
  /** Rings whose people, two at least, are in a group: where it may have split off from. */
  const parts = ordered.map((): RingState[] => []);
  for (const ring of elders) {
    const counts = new Map<number, number>();
    for (const person of ring.members) {
      const group = groupOf.get(person);
      if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    const [heir] = [...counts].sort((x, y) => y[1] - x[1] || x[0] - y[0]);
    for (const [group, count] of counts)
      if (count >= heirsAtLeast && ring.state === 'there') parts[group]?.push(ring);
    if (heir && heir[1] >= heirsAtLeast)
      claims[heir[0]]?.[ring.state === 'there' ? 'there' : 'dissolved'].push(ring);
    else if (ring.state === 'there')
      events.push({
        time,
        ring: ring.id,
        event: 'dissolved',
        members: ring.members,
        reason:
          'No two of its people are joined any more: what joined them is explained, or no longer enough.',
      });
  }
  const taken = new Set(before.keys());
  const rings = ordered.map((group, i): RingOf => {
    const { there, dissolved } = claims[i] as (typeof claims)[number];
    const known = there[0] ?? dissolved[0];
    if (!known) {
      const id = freeId(group, taken);
      taken.add(id);
      const from = parts[i]?.[0];
      events.push(
        from
          ? {
              time,
              ring: id,
              event: 'split',
              members: group.members,
              from: from.id,
              reason: `Nothing unexplained joins these ${group.members.length} people to the others of ${from.id} any more.`,
            }
          : { time, ring: id, event: 'formed', members: group.members, reason: formedBy(group) },
      );
      return { ...group, id };
    }
    for (const other of there.slice(1))
      events.push({
        time,
        ring: other.id,
        event: 'merged',
        members: other.members,
        into: known.id,
        reason: joinedBy(group.links, new Set(known.members), new Set(other.members)),
      });
    const came = group.members.filter((person) => !known.members.includes(person));
    const left = known.members.filter((person) => !group.members.includes(person));
    if (known.state === 'dissolved')
      events.push({
        time,
        ring: known.id,
        event: 'formed again',
        members: group.members,
        reason: formedBy(group),
      });
    else {
      if (left.length > 0)
        events.push({
          time,
          ring: known.id,
          event: 'shrank',
          members: group.members.filter((person) => known.members.includes(person)),
          people: left,
          reason:
            'What joined them is explained, or no longer enough, or their own evidence is no longer a reason to look.',
        });
      if (came.length > 0)
        events.push({
          time,
          ring: known.id,
          event: 'grew',
          members: group.members,
          people: came,
          reason: joinedBy(group.links, new Set(known.members), new Set(came)),
        });
    }
    return { ...group, id: known.id };
  });
  events.sort((x, y) => order(x) - order(y) || (x.ring < y.ring ? -1 : x.ring > y.ring ? 1 : 0));
  return {
    rings: rings.sort((x, y) => y.members.length - x.members.length || (x.id < y.id ? -1 : 1)),
    events,
  };
}

/** What ends comes before what takes over from it. */
function order(event: RingEvent): number {
  return ['dissolved', 'merged', 'shrank', 'grew', 'split', 'formed again', 'formed'].indexOf(event.event);
}

function freeId(group: RingOf, taken: ReadonlySet<string>): string {
  if (!taken.has(group.id)) return group.id;
  for (let nth = 0; ; nth++) {
    const id = `ring-${digest(group.id, String(nth), ...group.members)}`;
    if (!taken.has(id)) return id;
  }
}

function formedBy(group: RingOf): string {
  const kinds = [...new Set(group.links.map((link) => link.kind))].sort();
  return `${group.members.length} people share ${kinds.map(kindInWords).join(', ')}.`;
}

/** The strongest link between two sets of people, in words. */
function joinedBy(links: readonly Link[], ones: ReadonlySet<string>, others: ReadonlySet<string>): string {
  let best: Link | undefined;
  for (const link of links) {
    const across = (ones.has(link.a) && others.has(link.b)) || (ones.has(link.b) && others.has(link.a));
    if (across && (!best || link.bits > best.bits)) best = link;
  }
  return best
    ? `${best.a} and ${best.b} share ${kindInWords(best.kind)}: ${best.label}.`
    : 'They are joined by way of others.';
}
