import { digest } from '../identifiers/digest.js';
import type { Database } from '../lake/duckdb.js';
import { type GroupOptions, type Groups, groupPeople } from './groups.js';
import { findLinks, type Link } from './links.js';
import { readSharing, sharingOf } from './sharing.js';
import { standOut } from './stand-out.js';

/** People joined by links. */
export interface RingOf {
  id: string;
  members: string[];
  /** People it passes through who are no members: nothing but sharing speaks of them. */
  between: string[];
  links: Link[];
  /** How many different values it took to hold it together: one for people who all share an address. */
  values: number;
}

export interface RingOptions extends GroupOptions {
  /** Smaller rings are left out; 2 unless given. */
  leastMembers?: number;
  /** Rings held together by fewer different values are left out; 1 unless given. */
  leastValues?: number;
}

/**
 * Rings among links, by `groupPeople`'s rule; largest first. Give only links between people whose own evidence is a reason
 * to look, and none that an explanation accounts for: sharing a value with a suspect makes nobody one, and two whose link
 * is explained may still be in one ring by way of others.
 */
export function findRings(links: readonly Link[], options: RingOptions): RingOf[] {
  const { sharing, people } = sharingOf(links);
  const found = membersOf(groupPeople(sharing, options), options);
  return ringsOf(
    found.map(({ members, values }) => ({ members: members.map((n) => people[n] as string), values })),
    links,
  );
}

/**
 * Rings among everyone who shares anything, whatever their own evidence, for lakes of many millions: the groups that stand
 * out by `standOut`'s measure; in a company, where there are too few groups to measure, those of `groupPeople`. No pair is
 * formed but inside the rings found. `ensureSharedValues` must have run.
 */
export async function findRingsInAll(database: Database, options: RingOptions): Promise<RingOf[]> {
  const { sharing, ids } = await readSharing(database);
  const found = membersOf(standOut(sharing, options.joining) ?? groupPeople(sharing, options), options);
  const names = await ids(found.flatMap((group) => group.members));
  const groups = found.map(({ members, values }) => ({
    members: members.map((n) => names.get(n) as string),
    values,
  }));
  const links = await findLinks(
    database,
    groups.flatMap((group) => group.members),
  );
  return ringsOf(groups, links);
}

/** Rings with those who are no suspects set apart; of fewer than two suspects there is no ring. */
export function withoutBridges(rings: readonly RingOf[], suspects: ReadonlySet<string>): RingOf[] {
  return rings.flatMap((ring) => {
    const members = ring.members.filter((person) => suspects.has(person));
    const between = ring.members.filter((person) => !suspects.has(person));
    return members.length > 1 ? [{ ...ring, members, between }] : [];
  });
}

function membersOf(groups: Groups, options: RingOptions): { members: number[]; values: number }[] {
  const sizes = new Int32Array(groups.of.length);
  for (const group of groups.of) sizes[group] = (sizes[group] as number) + 1;
  const members = new Map<number, number[]>();
  groups.of.forEach((group, person) => {
    if ((sizes[group] as number) < Math.max(2, options.leastMembers ?? 2)) return;
    if ((groups.values[group] as number) < (options.leastValues ?? 1)) return;
    const list = members.get(group);
    if (list) list.push(person);
    else members.set(group, [person]);
  });
  return [...members].map(([group, list]) => ({ members: list, values: groups.values[group] as number }));
}

function ringsOf(groups: readonly { members: string[]; values: number }[], links: readonly Link[]): RingOf[] {
  const groupOf = new Map(groups.flatMap(({ members }, i) => members.map((person) => [person, i] as const)));
  const inside = groups.map((): Link[] => []);
  for (const link of links) {
    const group = groupOf.get(link.a);
    if (group !== undefined && group === groupOf.get(link.b)) inside[group]?.push(link);
  }
  return groups
    .map(({ members, values }, i): RingOf => {
      const own = inside[i] as Link[];
      return { id: ringId(own), members: [...members].sort(), between: [], links: own, values };
    })
    .sort((x, y) => y.members.length - x.members.length || (x.id < y.id ? -1 : 1));
}

/** The earliest link names a ring that has no history yet, so that it keeps its id as it grows. */
function ringId(links: readonly Link[]): string {
  let oldest: Link | undefined;
  for (const link of links) if (!oldest || before(link, oldest)) oldest = link;
  return `ring-${digest(oldest?.a ?? '', oldest?.b ?? '', oldest?.kind ?? '')}`;
}

function before(x: Link, y: Link): boolean {
  const [first, second] = [x.first ?? '', y.first ?? ''];
  if (first !== second) return first < second;
  if (x.a !== y.a) return x.a < y.a;
  if (x.b !== y.b) return x.b < y.b;
  return x.kind < y.kind;
}
