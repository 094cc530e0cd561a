import type { RemoteTool } from '../devices.js';
import type { Person } from '../person.js';
import { installs, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { DAY, dayOf, HOUR } from '../time.js';
import type { World } from '../world.js';
import { takeCopies } from './copies.js';
import type { RingMeans } from './means.js';
import { plant } from './planted.js';
import { changeProfile } from './profile.js';

/** What is needed to do the work from afar, and to be paid. */
export function actOrdinarily(world: World, random: Random, person: Person, means: RingMeans): void {
  const started = person.startedAt as number;
  const days = workdaysOf(world, person);
  const [first = world.asOf] = days;
  const at = workingTime(person, days[random.int(0, Math.min(6, days.length - 1))] ?? first, random);
  installs(world, person, random.pick<RemoteTool>(['anydesk', 'chrome', 'jump', 'rustdesk']), at);
  plant(world, person, 'EP-02', at);
  if (person.engagement !== 'vendor' && random.chance(0.75)) {
    const changed = Math.min(started + random.int(5, 26) * DAY + random.int(8, 20) * HOUR, world.asOf);
    person.pay.push({
      effective: dayOf(changed) + 5 * DAY,
      changed,
      bank: world.identities.bank(`${person.given} ${person.family}`),
      by: 'self',
    });
    plant(world, person, 'ON-10', changed);
  }
  if (random.chance(0.35)) changeProfile(world, random, person, 3);
  if (random.chance(0.4)) {
    for (const i of [0, 1]) {
      const asked = Math.min(started + (15 + i * 8) * DAY + 17 * HOUR, world.asOf - (2 - i) * HOUR);
      person.checks.push({
        check: 'spot_check',
        at: asked,
        outcome: i === 0 ? 'declined' : 'missed',
        note: i === 0 ? 'asks for another date' : 'did not join',
      });
      if (i === 1) plant(world, person, 'WP-01', asked);
    }
  }
  takeCopies(world, random, person, means, 0.5, 0.3);
}
