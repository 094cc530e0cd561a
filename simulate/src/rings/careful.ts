import { cityOf, type Person } from '../person.js';
import { browserOf, sessionOf, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { DAY, dayOf, HOUR, MINUTE } from '../time.js';
import type { World } from '../world.js';
import { plant } from './planted.js';
import { changeProfile } from './profile.js';

/** One or two small things each, or nothing. */
export function actCarefully(world: World, random: Random, careful: Person[], farmed: Person[]): void {
  // Whoever is alone may be any of them.
  const first = random.int(0, 2);
  for (const [n, person] of careful.entries()) {
    const i = n + first;
    if (i % 3 === 0) {
      const [shipment] = person.shipments;
      if (shipment?.delivered) {
        // Redirected on the way, to another address in the same town, from which they then work.
        const other = world.residences.in(cityOf(person));
        shipment.status = 'Redirected';
        shipment.redirectedTo = other.address;
        person.base = other;
        plant(world, person, 'ON-02', shipment.delivered - DAY);
        plant(world, person, 'ON-01', shipment.delivered);
      }
    } else if (i % 3 === 1) {
      changeProfile(world, random, person, 3);
    } else if (person.engagement !== 'vendor') {
      const changed = (person.startedAt as number) + random.int(12, 28) * DAY + 11 * HOUR;
      person.pay.push({
        effective: dayOf(changed) + 5 * DAY,
        changed,
        bank: world.identities.bank(`${person.given} ${person.family}`),
        by: 'self',
      });
      plant(world, person, 'ON-10', changed);
    }
  }
  // Late, once, somebody is in a hurry and answers with a colleague's phone.
  const pair =
    careful.length >= 2
      ? careful.slice(-2)
      : careful.length === 1 && farmed[0]
        ? [careful[0] as Person, farmed[0]]
        : [];
  const [borrower, lender] = pair;
  if (!borrower || !lender || lender.stage !== 'employed') return;
  borrower.mfa = lender.mfa;
  const days = workdaysOf(
    world,
    borrower,
    Math.max(world.asOf - 20 * DAY, (borrower.startedAt as number) + 10 * DAY),
  );
  const [day] = random.sample(days, 1);
  if (day === undefined) return;
  const time = workingTime(borrower, day, random);
  const handset = { ...lender.handset, oktaEnrollmentId: `opf${random.token(17)}` };
  const network = (borrower.base ?? borrower.home).network;
  world.plan({
    kind: 'factor-added',
    time,
    person: borrower,
    network,
    browser: browserOf(borrower),
    session: sessionOf(world, borrower, day),
    handset,
  });
  world.plan({
    kind: 'sign-in',
    time: time + 4 * MINUTE,
    person: borrower,
    network,
    browser: browserOf(borrower),
    session: sessionOf(world, borrower, day),
    ...(borrower.device ? { device: borrower.device } : {}),
    phone: { handset, network: (lender.base ?? lender.home).network },
  });
}
