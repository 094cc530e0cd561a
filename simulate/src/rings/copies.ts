import type { Person } from '../person.js';
import { browserOf, clones, codeEvent, sharesOut, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { HOUR, MINUTE } from '../time.js';
import type { World } from '../world.js';
import type { RingMeans } from './means.js';
import { plant } from './planted.js';

/** Copies code and documents, late in the time somebody works here. */
export function takeCopies(
  world: World,
  random: Random,
  person: Person,
  means: RingMeans,
  code: number,
  documents: number,
  /** Only in the last so many working days. */
  { inLast }: { inLast?: number } = {},
): void {
  const days = workdaysOf(world, person);
  const late = inLast === undefined ? days.slice(Math.floor(days.length * 0.6)) : days.slice(-inLast);
  if (late.length === 0) return;
  // The careful do not keep their laptop in anybody's house but their own.
  const network =
    person.ring?.sophistication === 'careful' ? (person.base ?? person.home).network : means.farm.network;
  if (person.codeHost && random.chance(code)) {
    const time = workingTime(person, random.pick(late), random);
    plant(
      world,
      person,
      'CH-01',
      clones(world, person, random, random.int(18, 40), time, 2 * HOUR, network, browserOf(person)),
    );
    if (random.chance(0.2)) {
      const opened = time + 3 * HOUR;
      codeEvent(
        world,
        person,
        'repo.access',
        opened,
        random.pick(person.codeHost.repositories),
        network,
        browserOf(person),
      );
      plant(world, person, 'CH-04', opened);
    }
  }
  if (random.chance(documents)) {
    const time = workingTime(person, random.pick(late), random);
    sharesOut(world, person, random, random.int(14, 40), time, 90 * MINUTE, network, browserOf(person));
    plant(world, person, 'SA-02', time);
  }
}
