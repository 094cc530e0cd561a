/** Finding things in a result, worked out once per result. */
import type {
  PersonResult,
  Proposal,
  Ring,
  ScanResult,
  SignalResult,
} from '@rollcall/engine/model/result.js';
import { addressable } from './route.js';

/**
 * A part of a result, as the console gives it for one page: who else has a page, and where this one stands among all.
 */
export interface Part extends ScanResult {
  elsewhere?: {
    people: readonly { id: string; name: string }[];
    at?: number | undefined;
    of?: number | undefined;
    before?: string | undefined;
    after?: string | undefined;
  };
}

export interface Lookup {
  person: ReadonlyMap<string, PersonResult>;
  ring: ReadonlyMap<string, Ring>;
  /** Names of everybody a result mentions, also of people it only mentions as sharing something. */
  names: ReadonlyMap<string, string>;
  /** Position in the order of the result, most pressing first. */
  rank: ReadonlyMap<string, number>;
  /** First times of a detection's signals, for its sparkline. */
  firings: ReadonlyMap<string, string[]>;
}

const cache = new WeakMap<ScanResult, Lookup>();

export function lookup(result: Part): Lookup {
  const known = cache.get(result);
  if (known) return known;
  const names = new Map<string, string>();
  const firings = new Map<string, string[]>();
  for (const person of result.people) {
    for (const one of person.identifiers) for (const other of one.sharedWith) names.set(other.id, other.name);
    for (const signal of person.signals) {
      const times = firings.get(signal.detection);
      if (times) times.push(signal.first);
      else firings.set(signal.detection, [signal.first]);
    }
  }
  for (const ring of result.rings)
    for (const one of [...ring.between, ...ring.members]) names.set(one.id, one.name);
  for (const proposal of result.proposals) for (const one of proposal.people) names.set(one.id, one.name);
  const elsewhere = result.elsewhere?.people ?? [];
  for (const one of elsewhere) names.set(one.id, one.name);
  for (const person of result.people) names.set(person.id, person.name);
  const rank = new Map(result.people.map((person, index) => [person.id, index]));
  for (const one of elsewhere) if (!rank.has(one.id)) rank.set(one.id, rank.size);
  const made: Lookup = {
    person: new Map(result.people.map((person) => [addressable(person.id), person])),
    ring: new Map(result.rings.map((ring) => [addressable(ring.id), ring])),
    names,
    rank,
    firings,
  };
  cache.set(result, made);
  return made;
}

const texts = new WeakMap<PersonResult, string>();

/** Lower-case text of a person that a search looks through: made when first searched, then kept. */
export function searchText(person: PersonResult): string {
  const known = texts.get(person);
  if (known !== undefined) return known;
  const made = textOf(person);
  texts.set(person, made);
  return made;
}

function textOf(person: PersonResult): string {
  return [
    person.name,
    person.id,
    person.title,
    person.department,
    person.manager,
    person.vendor,
    person.workEmail,
    person.claimed?.label,
    person.ring,
    ...person.facets,
    ...person.accounts.map((account) => account.account),
    ...person.identifiers.map((identifier) => identifier.label),
    ...person.signals.flatMap((signal) => [signal.says, signal.detection]),
  ]
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
}

/** The few signals to say first: the heaviest, each from another facet, nothing that is explained. */
export function telling(person: PersonResult, most: number): SignalResult[] {
  const facets = new Set<string>();
  const found: SignalResult[] = [];
  const heaviest = person.signals
    .filter((one) => !one.explained && one.bits > 0)
    .sort((a, b) => b.bits - a.bits);
  for (const signal of heaviest) {
    if (facets.has(signal.facet)) continue;
    facets.add(signal.facet);
    found.push(signal);
    if (found.length === most) break;
  }
  return found;
}

/** Proposed reasons that still wait for somebody to look. */
export function unconfirmed(proposals: readonly Proposal[]): Proposal[] {
  return proposals.filter((proposal) => !proposal.confirmed);
}
