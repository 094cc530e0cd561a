import { settle } from '../employment.js';
import { cityOf } from '../person.js';
import { DAY } from '../time.js';
import { alone, type Maker, pair, remote, single, working } from './maker.js';

/** Connections that say something else than where somebody is. */
export const connections: readonly Maker[] = [
  {
    kind: 'coworking',
    share: 0.012,
    who: alone,
    together: (random) =>
      random.weighted([
        [2, 3],
        [3, 3],
        [5, 2],
        [8, 1],
      ]),
    befall: (world, people, random) => {
      const [first] = people;
      if (!first) return;
      const city = cityOf(first);
      const network = world.networks.shared(city, 'coworking');
      for (const person of people) {
        if (cityOf(person) !== city) settle(world, person, world.residences.in(city), random);
        person.habits.elsewhere = { network, share: random.between(0.25, 0.65) };
      }
    },
  },
  single('consumer-vpn', 0.014, remote, (world, person, random) => {
    const country = random.chance(0.7) ? cityOf(person).country : random.pick(['US', 'NL', 'CH', 'GB', 'SE']);
    person.habits.vpn = {
      exits: world.networks.consumerVpn(random, country),
      share: random.between(0.1, 0.55),
    };
  }),
  // All traffic through the company's own tunnel on some days, out of one address far away.
  single('corporate-vpn', 0.04, working, (_, person, random) => {
    person.habits.corporateVpn = random.between(0.05, 0.3);
  }),
  single('relay', 0.016, working, (world, person, random) => {
    person.habits.relay = { exits: world.networks.relays(cityOf(person)), share: random.between(0.3, 0.8) };
  }),
  single('carrier-nat', 0.01, working, (world, person, random) => {
    person.habits.mobile = world.networks.mobile(cityOf(person), random);
    person.habits.roams = true;
    person.habits.phone = random.between(0.3, 0.7);
  }),
  single(
    'satellite',
    0.007,
    (person) => remote(person) && cityOf(person).country === 'US',
    (world, person, random) => {
      const { pool, local } = world.networks.satellite(random);
      person.habits.homePool = pool.map((network) => ({ ...network, local }));
    },
  ),
  // A provider gives one customer's address to another, weeks later.
  pair(
    'recycled-address',
    0.002,
    (person) => alone(person) && !person.habits.homePool,
    (world, one, other, random) => {
      settle(world, other, world.residences.in(cityOf(one)), random);
      const at = world.from + Math.floor(world.days * random.between(0.3, 0.5)) * DAY;
      const { network } = one.home;
      one.renumbered = { at, network: world.networks.renumbered(network) };
      other.renumbered = {
        at: at + Math.ceil(world.days * 0.15) * DAY,
        network: { ...other.home.network, ip: network.ip },
      };
    },
  ),
];
