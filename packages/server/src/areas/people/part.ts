/** The part of a result that a page about one person or one ring needs. */
import type { PersonResult, Proposal, Ring, ScanResult } from '@rollcall/engine/model/result.js';
import type { Services, Snapshot } from '../../model/services.js';

/** A result with nothing in it but what every page says: the day, the policy, the numbers. */
export function emptyPart({ head }: Snapshot): ScanResult {
  const { rollcall, asOf, company, bands, policy } = head;
  return {
    rollcall,
    asOf,
    company,
    bands,
    policy,
    people: [],
    rings: [],
    proposals: [],
    explanations: [],
    exposures: [],
    detections: [],
    sources: [],
    files: [],
    rejects: [],
    untied: [],
    limits: [],
  };
}

export function partOfPerson(snapshot: Snapshot, id: string, person: PersonResult | undefined): ScanResult {
  const part = emptyPart(snapshot);
  const { head } = snapshot;
  const ring = person?.ring === undefined ? undefined : snapshot.ring(person.ring);
  return {
    ...part,
    people: person ? [person] : [],
    // Only its title is read there: the ring has a page of its own.
    rings: ring ? [{ ...ring, edges: [], between: [], history: [], byHand: [] }] : [],
    proposals: head.proposals.filter((one) => one.people.some((other) => other.id === id)),
  };
}

/** So many résumés of a ring are compared on its page. */
const mostCompared = 60;

export async function partOfRing(snapshot: Snapshot, ring: Ring): Promise<ScanResult> {
  const members = new Set(ring.members.map((member) => member.id));
  const people: PersonResult[] = [];
  for (const { id } of ring.members.slice(0, mostCompared)) {
    const person = await snapshot.person(id);
    if (!person || person.passages.length === 0) continue;
    people.push({
      ...person,
      passages: person.passages.filter((passage) => members.has(passage.other.id)),
      signals: [],
      waterfall: [],
      identifiers: [],
      devices: [],
      accounts: [],
      timeline: [],
      documents: [],
      next: [],
      unknown: [],
    });
  }
  return {
    ...emptyPart(snapshot),
    people,
    rings: [ring],
    proposals: snapshot.head.proposals.filter((proposal: Proposal) =>
      proposal.people.some((person) => members.has(person.id)),
    ),
  };
}

/** Everybody a part names, so that the page knows whom it can link to. */
export function namedIn(part: unknown, snapshot: Snapshot): { id: string; name: string }[] {
  const found = new Map<string, string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      const row = snapshot.row(value);
      if (row?.id === value) found.set(row.id, row.name);
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      const { id, name, ...rest } = value as { id?: unknown; name?: unknown };
      if (typeof id === 'string') {
        const row = snapshot.row(id);
        if (row?.id === id) found.set(id, typeof name === 'string' ? name : row.name);
      }
      Object.values(rest).forEach(walk);
    }
  };
  walk(part);
  // By handle: the order of ids would tell something of ids.
  const handleOf = (id: string) => snapshot.row(id)?.handle ?? id;
  return [...found]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => (handleOf(a.id) < handleOf(b.id) ? -1 : 1));
}

/** Who decided is on record as an account: on the page stands the colleague's name. */
export async function withColleagues<T>(value: T, services: Services): Promise<T> {
  const names = new Map((await services.accounts.list()).map((account) => [account.id, account.name]));
  const walk = (one: unknown, key: string): unknown => {
    if (typeof one === 'string') return key === 'by' ? (names.get(one) ?? one) : one;
    if (Array.isArray(one)) return one.map((part) => walk(part, key));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([inner, part]) => [inner, walk(part, inner)]));
  };
  return walk(value, '') as T;
}
