import { type City, citiesOf, cityNamed, kilometres } from '../cities.js';
import { type Browser, type Handset, makeBrowser, makeHandset } from '../devices.js';
import { handleWords } from '../names.js';
import type { Network } from '../networks.js';
import { cityOf, type Person } from '../person.js';
import type { Random } from '../random.js';
import type { Residence } from '../residences.js';
import type { World } from '../world.js';

/** What the members of a ring have between them. */
export interface RingMeans {
  /** The facilitator's house, where laptops stand. */
  farm: Residence;
  /** What an operator's own line shows when the VPN drops. */
  raw: Network;
  astrill: readonly Network[];
  operator: Browser;
  handset: Handset;
  handsetPlace: Network;
  stem: string;
}

export function ringMeans(world: World, random: Random, members: Person[]): RingMeans {
  const homes = members.map(cityOf);
  const remoteness = (city: City) => Math.min(...homes.map((home) => kilometres(home, city)));
  const city = random.sample(citiesOf('US'), 14).sort((a, b) => remoteness(b) - remoteness(a))[0] as City;
  const abroad = random.pick([
    cityNamed('Shenyang', 'CN'),
    cityNamed('Dalian', 'CN'),
    cityNamed('Vladivostok', 'RU'),
    cityNamed('Vientiane', 'LA'),
  ]);
  const elsewhere = citiesOf('US').filter((one) => kilometres(one, city) > 800);
  const number = world.identities.phone(city);
  return {
    farm: world.residences.in(city),
    raw: world.networks.home(abroad),
    astrill: random.sample(world.networks.astrill, 4),
    operator: makeBrowser(random, 'windows'),
    handset: makeHandset(random, number, world.from),
    // The phone stays with the operator, or with somebody else again.
    handsetPlace: world.networks.home(
      random.chance(0.6) ? abroad : (random.sample(elsewhere, 1)[0] ?? abroad),
    ),
    stem: `${random.pick(handleWords)}${random.pick(handleWords)}`,
  };
}
