import { cities, citiesOf, cityNamed, kilometres } from '../cities.js';
import { cityOf } from '../person.js';
import { travels } from '../plans.js';
import type { Random } from '../random.js';
import { DAY } from '../time.js';
import type { World } from '../world.js';
import { type Maker, remote, single, working } from './maker.js';

/** People who are away from home, at the speed of real journeys. */
export const journeys: readonly Maker[] = [
  single('traveller', 0.014, remote, (world, person, random) => {
    const home = cityOf(person);
    for (let i = random.int(1, 2); i > 0; i--) {
      const nights = Math.min(random.int(4, 16), Math.max(1, world.days - 4));
      const places = random.chance(0.65)
        ? cities.filter((one) => kilometres(one, home) > 1500)
        : cities.filter((one) => one.country === home.country);
      const network = world.networks.shared(random.pick(places), 'hotel');
      travels(person, network, departure(world, random, nights), nights, {
        roaming: random.chance(0.35),
      });
    }
  }),
  single('business-trip', 0.012, working, (world, person, random) => {
    for (let i = random.int(1, 3); i > 0; i--) {
      const nights = Math.min(random.int(2, 5), Math.max(1, world.days - 4));
      const network = world.networks.shared(random.pick(venues), 'hotel');
      travels(person, network, departure(world, random, nights), nights, {
        corporateVpn: random.between(0.3, 0.7),
        roaming: random.chance(0.3),
      });
    }
  }),
  // Where much of the internet is blocked, honest people use the same operator as others do.
  single('vpn-abroad', 0.0015, remote, (world, person, random) => {
    const nights = Math.min(random.int(8, 18), Math.max(1, world.days - 4));
    const there = world.networks.home(random.pick(citiesOf('CN')));
    const vpn = { exits: random.sample(world.networks.astrill, 3), share: 0.7 };
    travels(person, there, departure(world, random, nights), nights, { vpn });
  }),
];

const venues = [
  cityNamed('San Francisco', 'US'),
  cityNamed('Las Vegas', 'US'),
  cityNamed('London', 'GB'),
  cityNamed('Denver', 'US'),
  cityNamed('New York', 'US'),
  cityNamed('Singapore', 'SG'),
  cityNamed('Berlin', 'DE'),
];

function departure(world: World, random: Random, nights: number): number {
  return world.from + random.int(1, Math.max(1, world.days - nights - 3)) * DAY;
}
