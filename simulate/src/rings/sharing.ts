import type { Person } from '../person.js';
import { browserOf, sessionOf, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { retyped } from '../residences.js';
import { DAY, dayOf, HOUR } from '../time.js';
import type { World } from '../world.js';
import type { RingMeans } from './means.js';
import { plant, sharedSince } from './planted.js';

/** Laptops delivered to one house and used from there. */
export function shareFarm(world: World, random: Random, members: Person[], { farm }: RingMeans): void {
  if (members.length === 0) return;
  const deliveries: number[] = [];
  for (const person of members) {
    const to = random.chance(0.5) ? retyped(farm.address, random) : farm.address;
    const first = person.shipments.find((one) => one.item.startsWith('Laptop'));
    const shipped =
      person.stage === 'onboarding'
        ? world.asOf - 6 * DAY + 15 * HOUR
        : (first?.shipped ?? (person.startedAt as number) - 9 * DAY + 15 * HOUR);
    const delivered =
      person.stage === 'onboarding'
        ? world.asOf - 3 * DAY + 18 * HOUR
        : (first?.delivered ?? shipped + 3 * DAY);
    person.shipments = [
      {
        item: person.device?.os === 'macos' ? 'Laptop, MacBook' : 'Laptop, Windows',
        serial: person.device?.serial ?? '',
        to,
        toName: `${person.given} ${person.family}`,
        shipped,
        delivered,
        status: 'Delivered',
      },
    ];
    deliveries.push(delivered);
    person.base = farm;
    person.habits.phone = 0;
    person.habits.corporateVpn = 0;
    plant(world, person, 'ON-01', delivered);
  }
  if (members.length < 2) return;
  for (const [i, at] of sharedSince(deliveries).entries()) plant(world, members[i] as Person, 'ON-03', at);
}

/** Applications written with the same telephone and mailboxes of one pattern. */
export function shareContacts(
  world: World,
  random: Random,
  careless: Person[],
  ordinary: Person[],
  { stem }: RingMeans,
): void {
  const phonePairs = [careless, random.chance(0.6) ? ordinary.slice(0, 2) : []];
  for (const group of phonePairs) {
    const pairs =
      group.length < 2
        ? []
        : group.map((_, i) => Math.min(Math.floor(i / 2), Math.floor(group.length / 2) - 1));
    for (const pair of new Set(pairs)) {
      const sharers = group.filter((_, i) => pairs[i] === pair);
      const [first] = sharers as [Person];
      for (const person of sharers) person.phone = first.phone;
      const seen = sharedSince(sharers.map((one) => one.appliedAt as number));
      for (const [i, at] of seen.entries()) plant(world, sharers[i] as Person, 'AP-01', at);
    }
  }
  const mailers = careless.length >= 2 ? careless : ordinary.slice(1, 4);
  if (mailers.length < 2) return;
  for (const person of mailers)
    person.personalEmail = world.identities.mailboxOf(
      random.chance(0.4) ? stem.replace(/^(.{4})/, '$1.') : stem,
    );
  const seen = sharedSince(mailers.map((one) => one.appliedAt as number));
  for (const [i, at] of seen.entries()) plant(world, mailers[i] as Person, 'AP-02', at);
}

/** Pay collected in few accounts, after a first election into one of their own. */
export function shareBank(world: World, random: Random, careless: Person[]): void {
  const paid = careless.filter((one) => one.engagement !== 'vendor');
  if (paid.length < 2) return;
  const bank = world.identities.bank('');
  const changed: number[] = [];
  for (const person of paid) {
    const holder = `${person.given} ${person.family}`;
    const started = person.startedAt as number;
    if (person.stage === 'onboarding') {
      const at = Math.min(world.asOf - random.int(1, 4) * DAY + 9 * HOUR, started - 8 * DAY);
      person.pay = [{ effective: started, changed: at, bank: { ...bank, holder }, by: 'self' }];
      changed.push(at);
      continue;
    }
    const at = Math.min(started + random.int(6, 19) * DAY + random.int(1, 22) * HOUR, world.asOf);
    person.pay.push({ effective: dayOf(at) + 4 * DAY, changed: at, bank: { ...bank, holder }, by: 'self' });
    plant(world, person, 'ON-10', at);
    changed.push(at);
  }
  for (const [i, at] of sharedSince(changed).entries()) plant(world, paid[i] as Person, 'ON-08', at);
}

/** One phone answers for several. */
export function shareHandset(
  world: World,
  random: Random,
  careless: Person[],
  ordinary: Person[],
  means: RingMeans,
): void {
  const sharing = [...careless, ...ordinary.slice(0, Math.ceil(ordinary.length * 0.6))].filter(
    (one) => one.stage === 'employed' || one.stage === 'left',
  );
  if (sharing.length < 2) return;
  for (const person of sharing) {
    person.handset = { ...means.handset, oktaEnrollmentId: `opf${random.token(17)}` };
    const day = workdaysOf(world, person)[0] ?? world.asOf;
    const time = workingTime(person, day, random);
    person.enrols = 'planned';
    if ((person.startedAt as number) >= world.from) {
      world.plan({
        kind: 'factor-added',
        time,
        person,
        network: means.farm.network,
        browser: browserOf(person),
        session: sessionOf(world, person, day),
        handset: person.handset,
      });
    }
    person.habits.mfaFrom = means.handsetPlace;
  }
}
