import { digest } from '../identifiers/digest.js';
import { type Decision, inForce } from './decisions.js';
import type { Link } from './links.js';
import { nowPartOf, type RingState } from './ring-log.js';
import type { RingOf } from './rings.js';

/** A ring after what people decided. */
export interface RingByHand extends RingOf {
  /** Decisions that shaped it, in order. */
  byHand: Decision[];
  /** Rings that are part of it now by hand. */
  handMerged: string[];
}

/**
 * Applies what people decided to the rings of a day. The computed rings and their log are left as they are, so undoing a
 * decision gives back exactly what was. A decision about a ring that is not there today waits until it is.
 *
 * @param links the links that count, among all members: a merged ring shows those between its parts as well
 */
export function applyDecisions(
  rings: readonly RingOf[],
  states: ReadonlyMap<string, RingState>,
  decisions: readonly Decision[],
  links: readonly Link[],
): RingByHand[] {
  const now = new Map<string, RingByHand>(
    rings.map((ring) => [ring.id, { ...ring, byHand: [], handMerged: [] }]),
  );
  const formed = (id: string) => states.get(id)?.formed ?? '\uffff';
  const merged = new Map<string, string>();
  const find = (id: string): RingByHand | undefined => {
    let at = nowPartOf(states, id);
    for (let next = merged.get(at); next !== undefined; next = merged.get(at)) at = next;
    return now.get(at);
  };
  for (const decision of inForce(decisions)) {
    if (decision.kind === 'ring.merge') {
      const [one, other] = decision.what.rings.map(find);
      if (!one || !other || one.id === other.id) continue;
      const [elder, younger] = [one, other].sort((x, y) =>
        formed(x.id) !== formed(y.id) ? (formed(x.id) < formed(y.id) ? -1 : 1) : x.id < y.id ? -1 : 1,
      ) as [RingByHand, RingByHand];
      now.delete(younger.id);
      merged.set(younger.id, elder.id);
      now.set(elder.id, {
        id: elder.id,
        members: [...elder.members, ...younger.members].sort(),
        between: [...new Set([...elder.between, ...younger.between])].sort(),
        links: [],
        values: elder.values + younger.values,
        byHand: [...elder.byHand, ...younger.byHand, decision],
        handMerged: [...elder.handMerged, younger.id, ...younger.handMerged],
      });
    }
    if (decision.kind === 'ring.split') {
      const whole = find(decision.what.ring);
      if (!whole) continue;
      const apart = whole.members.filter((person) => decision.what.people.includes(person));
      const rest = whole.members.filter((person) => !decision.what.people.includes(person));
      if (apart.length === 0) continue;
      now.delete(whole.id);
      if (rest.length > 1)
        now.set(whole.id, { ...whole, members: rest, byHand: [...whole.byHand, decision] });
      if (apart.length > 1) {
        const id = splitId(decision.id, decision.what.people);
        now.set(id, {
          id,
          members: apart,
          between: whole.between,
          links: [],
          values: whole.values,
          byHand: [decision],
          handMerged: [],
        });
      }
    }
  }
  return [...now.values()]
    .map((ring) => withLinks(ring, links))
    .sort((x, y) => y.members.length - x.members.length || (x.id < y.id ? -1 : 1));
}

/** A ring with the links inside it, and those between who still join two of its members. */
function withLinks(ring: RingByHand, links: readonly Link[]): RingByHand {
  const members = new Set(ring.members);
  const joins = new Map(ring.between.map((person) => [person, new Set<string>()] as const));
  for (const { a, b } of links) {
    if (members.has(a)) joins.get(b)?.add(a);
    if (members.has(b)) joins.get(a)?.add(b);
  }
  const between = ring.between.filter((person) => (joins.get(person)?.size ?? 0) > 1);
  const inside = new Set([...ring.members, ...between]);
  return { ...ring, between, links: links.filter((link) => inside.has(link.a) && inside.has(link.b)) };
}

/** The id of what a decision splits off; known at once, so that it can be named by the next decision. */
export function splitId(decision: number, people: readonly string[]): string {
  return `ring-${digest('split', String(decision), ...[...people].sort())}`;
}
