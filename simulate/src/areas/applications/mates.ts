import { type City, citiesOf, cityNamed, kilometres } from '../../cities.js';
import type { Network } from '../../networks.js';
import { cityOf, type Person } from '../../person.js';
import type { Sophistication } from '../../truth.js';
import type { World } from '../../world.js';

/** Somebody of a ring who applied in the years the applicant system keeps. */
export type Applicant = Person & { appliedAt: number; ring: { id: string; sophistication: Sophistication } };

export function hasApplied(person: Person): person is Person & { appliedAt: number } {
  return person.appliedAt !== undefined;
}

/** The name somebody applied with. */
export const nameOf = (person: Person): string => `${person.given} ${person.renamed?.from ?? person.family}`;

/** Members of a ring, in the order they applied. */
export function mates(world: World, ring: string): Applicant[] {
  const members = world.rings.find((one) => one.id === ring)?.members ?? [];
  return (members.filter(hasApplied) as Applicant[]).sort(
    (a, b) => a.appliedAt - b.appliedAt || a.index - b.index,
  );
}

/** Where those sit who fill in the forms: their own line, and a few exits of the VPN service they pay for. */
export interface Hands {
  line: Network;
  astrill: readonly Network[];
}

/**
 * A line whose address counts as one of the internet's. Those of 198.18.0.0/15, which homes have here, do not, so that two
 * people at one of them are not noticed.
 */
export function publicLine(world: World, city: City, number: number): Network {
  return { ...world.networks.home(city), ip: `198.51.100.${100 + (number % 150)}` };
}

export function operators(world: World, ring: string, members: readonly Applicant[]): Hands {
  const random = world.random('applications', 'hands', ring);
  const homes = members.map(cityOf);
  const far = citiesOf('US').filter((city) => homes.every((home) => kilometres(home, city) > 1200));
  const abroad = cityNamed(random.pick(['Shenyang', 'Dalian']), 'CN');
  // Some work from rooms in the country itself.
  const city = random.chance(0.25) && far.length > 0 ? random.pick(far) : abroad;
  const number = Number(ring.slice(1));
  return { line: publicLine(world, city, number), astrill: random.sample(world.networks.astrill, 3) };
}

/** Notes of this area on a world: made when first asked for. */
export function notes<T>(make: () => T): (world: World) => T {
  const kept = new WeakMap<World, T>();
  return (world) => {
    let known = kept.get(world);
    if (known === undefined) {
      known = make();
      kept.set(world, known);
    }
    return known;
  };
}
