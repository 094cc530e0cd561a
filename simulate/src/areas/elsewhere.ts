import { citiesOf } from '../cities.js';
import { type Browser, makeBrowser } from '../devices.js';
import type { Network } from '../networks.js';
import type { Person } from '../person.js';
import type { Random } from '../random.js';
import type { Sophistication } from '../truth.js';
import type { World } from '../world.js';

/** What somebody who does the work from afar works with, beside the laptop. */
export interface Elsewhere {
  browser: Browser;
  /** What their own machine comes out of. */
  exits: readonly Network[];
  /** A second ordinary line, such as a helper's. */
  line: Network;
}

const known = new WeakMap<Person, Elsewhere>();

/**
 * Careless and ordinary members use the service that most cases name; careful ones a common one with an exit in the
 * country they claim.
 */
export function elsewhereOf(world: World, person: Person): Elsewhere {
  let found = known.get(person);
  if (!found) {
    const random = world.random('elsewhere', person.index);
    found = {
      browser: makeBrowser(random, 'windows'),
      exits:
        person.ring?.sophistication === 'careful'
          ? world.networks.consumerVpn(random, 'US')
          : random.sample(world.networks.astrill, 3),
      line: world.networks.home(random.pick(citiesOf('US'))),
    };
    known.set(person, found);
  }
  return found;
}

/** The share of a member's degree of care. */
export function shareOf(person: Person, careless: number, ordinary: number, careful: number): number {
  const shares: Record<Sophistication, number> = { careless, ordinary, careful };
  return person.ring ? shares[person.ring.sophistication] : 0;
}

/** Members who are at work while the logs run. */
export function workingMembers(world: World): Person[] {
  return world.people.filter(
    (one) =>
      one.ring && one.stage === 'employed' && one.startedAt !== undefined && one.startedAt < world.asOf,
  );
}

/** Some of a list's days, in their order. */
export function someDays(days: readonly number[], random: Random, least: number, most: number): number[] {
  return random.sample(days, random.int(least, most)).sort((a, b) => a - b);
}

/**
 * Whose turn it is when a share of people do something: of any number asked in a row, as many as the share says, give or
 * take one. Few members drawn one by one would give a company of nothing, or of too much.
 */
export function turns(world: World, key: string): (share: number) => boolean {
  let sum = world.random('turns', key).unit();
  return (share) => {
    sum += share;
    if (sum < 1) return false;
    sum -= 1;
    return true;
  };
}
