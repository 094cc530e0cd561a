import { settle } from '../employment.js';
import type { Person } from '../person.js';
import type { Random } from '../random.js';
import { retyped } from '../residences.js';
import { DAY, HOUR, MINUTE } from '../time.js';
import type { World } from '../world.js';
import { alone, type Maker, pair } from './maker.js';

/** People who live together, and so share an address, a line, a router and sometimes an account. */
export const households: readonly Maker[] = [
  pair('couple', 0.012, alone, (world, a, b, random) => {
    if (random.chance(0.15)) {
      // Moved in, and has not told the HR system yet: the laptop went to the old home.
      settle(world, b, world.residences.in(a.home.address.city), random);
      b.base = a.home;
    } else {
      moveIn(world, a, b, random);
    }
    shareAccount(a, b, random);
    if (random.chance(0.3)) {
      for (const [person, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const at = (person.startedAt as number) + 2 * DAY + 11 * HOUR;
        person.changes.push({
          field: 'Emergency Contact',
          from: '',
          to: `${other.given} ${other.family}`,
          at,
          by: 'self',
        });
        person.changes.push({
          field: 'Emergency Contact Phone',
          from: '',
          to: other.phone,
          at: at + 2 * MINUTE,
          by: 'self',
        });
      }
    }
  }),
  {
    kind: 'room-mates',
    share: 0.006,
    who: alone,
    together: (random) => random.int(2, 3),
    befall: (world, [first, ...others], random) => {
      if (first) for (const other of others) moveIn(world, first, other, random);
    },
  },
];

function moveIn(world: World, host: Person, other: Person, random: Random): void {
  const address = random.chance(0.4) ? retyped(host.home.address, random) : host.home.address;
  settle(world, other, { address, network: host.home.network }, random);
  if (host.habits.homePool) other.habits.homePool = host.habits.homePool;
}

function shareAccount(a: Person, b: Person, random: Random): void {
  const [payA, payB] = [a.pay.at(-1), b.pay.at(-1)];
  if (!payA || !payB || !random.chance(0.5)) return;
  const holder = `${a.given} ${a.family} & ${b.given} ${b.family}`;
  payA.bank = { ...payA.bank, holder };
  payB.bank = { ...payA.bank };
}
