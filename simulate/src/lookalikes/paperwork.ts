import { type City, citiesOf } from '../cities.js';
import { drawName, handleWords } from '../names.js';
import type { Person } from '../person.js';
import { cityOf } from '../person.js';
import type { Random } from '../random.js';
import type { Address } from '../residences.js';
import { DAY, dayOf, HOUR } from '../time.js';
import type { World } from '../world.js';
import { fresh, type Maker, pair, remote, single, working } from './maker.js';

/** Pay, deliveries, addresses and checks that did not go by the book. */
export const paperwork: readonly Maker[] = [
  single('mover', 0.009, (person) => remote(person) && person.engagement === 'employee', move),
  single(
    'llc-contractor',
    0.006,
    (person) => working(person) && person.engagement === 'contractor',
    (world, person, random) => billThrough(world, [person], random),
  ),
  pair(
    'shared-firm',
    0.002,
    (person) => working(person) && person.engagement === 'contractor' && !person.firm,
    (world, one, other, random) => billThrough(world, [one, other], random),
  ),
  single(
    'delivered-elsewhere',
    0.006,
    (person) => remote(person) && person.shipments.length > 0,
    (world, person, random) => {
      // A partner's office, the parents' house.
      const city: City = random.chance(0.65) ? cityOf(person) : random.pick(citiesOf(cityOf(person).country));
      const [shipment] = person.shipments;
      if (!shipment) return;
      shipment.to = world.residences.address(city);
      if (random.chance(0.5)) shipment.toName += ` c/o ${drawName(random).given} ${person.family}`;
    },
  ),
  single(
    'pay-corrected',
    0.006,
    (person, world) => fresh(person, world) && person.pay.length > 0,
    (world, person, random) => {
      const [first] = person.pay;
      if (!first) return;
      // One digit was wrong in the first form.
      const { account } = first.bank;
      const at = random.int(1, 8);
      const digit = (Number(account[at]) + random.int(1, 9)) % 10;
      const noticed = (person.startedAt as number) + random.int(4, 24) * DAY + random.int(9, 17) * HOUR;
      const changed = Math.min(noticed, world.asOf + 9 * HOUR);
      person.pay.push({
        effective: dayOf(changed) + 4 * DAY,
        changed,
        bank: { ...first.bank, account: `${account.slice(0, at)}${digit}${account.slice(at + 1)}` },
        by: random.chance(0.5) ? 'payroll' : 'self',
      });
    },
  ),
  single('profile-tidied', 0.004, fresh, (world, person, random) => {
    const fields = [
      'Mobile Phone',
      'Emergency Contact',
      'Emergency Contact Phone',
      'Home Address',
      'Personal Email',
    ];
    for (const field of random.sample(fields, random.int(3, 4))) {
      const at = (person.startedAt as number) + random.int(0, 14) * DAY + random.int(9, 20) * HOUR;
      const to = profileValue(world, person, field, random);
      const from = { 'Mobile Phone': person.phone, 'Personal Email': person.personalEmail }[field] ?? '';
      person.changes.push({ field, from, to, at: Math.min(at, world.asOf), by: 'self' });
    }
  }),
  single(
    'declined-check',
    0.005,
    (person, world) => remote(person) && (person.startedAt as number) < world.asOf - 40 * DAY,
    (world, person, random) => {
      const asked = world.asOf - random.int(20, 80) * DAY + 16 * HOUR;
      const at = Math.max(asked, (person.startedAt as number) + 10 * DAY);
      const note = random.pick(reasons);
      person.checks = person.checks.filter((one) => one.check !== 'spot_check');
      person.checks.push({ check: 'spot_check', at, outcome: 'declined', note });
      if (random.chance(0.5)) {
        const outcome = random.chance(0.5) ? 'accommodated' : 'passed';
        person.checks.push({ check: 'spot_check', at: at + 3 * DAY, outcome, note: 'second attempt' });
      } else if (random.chance(0.3)) {
        const note = 'on sick leave; manager confirms';
        person.checks.push({ check: 'spot_check', at: at + 7 * DAY, outcome: 'declined', note });
      }
    },
  ),
];

const reasons = [
  'feeding a baby',
  'in a medical appointment',
  'camera off for religious reasons, audio offered',
  'driving',
  'in a hospital waiting room',
];

function move(world: World, person: Person, random: Random): void {
  const at = world.asOf - random.int(6, 100) * DAY;
  const city = random.chance(0.6) ? cityOf(person) : random.pick(citiesOf(cityOf(person).country));
  const from = person.home;
  const to = world.residences.in(city);
  person.home = to;
  person.moved = { from, at };
  if (city !== from.address.city) delete person.habits.elsewhere;
  person.habits.mobile = world.networks.mobile(city, random).slice(0, 3);
  const told = at + random.int(-3, 12) * DAY + 12 * HOUR;
  person.changes.push({
    field: 'Home Address',
    from: written(from.address),
    to: written(to.address),
    at: Math.min(told, world.asOf),
    by: 'self',
  });
  if (random.chance(0.4)) {
    const phone = world.identities.phone(city);
    person.changes.push({
      field: 'Mobile Phone',
      from: person.phone,
      to: phone,
      at: at + 5 * DAY,
      by: 'self',
    });
  }
  const pay = person.pay.at(-1);
  if (pay && random.chance(0.4)) {
    const changed = Math.min(at + random.int(3, 20) * DAY + 10 * HOUR, world.asOf);
    const bank = world.identities.bank(pay.bank.holder);
    person.pay.push({ effective: dayOf(changed) + 5 * DAY, changed, bank, by: 'self' });
  }
  if (random.chance(0.5)) {
    const shipped = at + 4 * DAY + 15 * HOUR;
    person.shipments.push({
      item: '27-inch monitor',
      serial: '',
      to: to.address,
      toName: `${person.given} ${person.family}`,
      shipped,
      delivered: shipped + 3 * DAY,
      status: 'Delivered',
    });
  }
}

function written(address: Address): string {
  return `${address.street}, ${address.city.name}, ${address.city.region} ${address.postal}`;
}

/** Bills through a firm of their own, or of several together. */
function billThrough(world: World, people: readonly Person[], random: Random): void {
  const word = random.pick(handleWords);
  const kind = random.pick(['Consulting', 'Software', 'Studio', 'Works']);
  const firm = `${word[0]?.toUpperCase()}${word.slice(1)} ${kind} LLC`;
  const bank = world.identities.bank(firm);
  for (const person of people) {
    person.firm = firm;
    for (const pay of person.pay) pay.bank = bank;
  }
}

function profileValue(world: World, person: Person, field: string, random: Random): string {
  switch (field) {
    case 'Mobile Phone':
    case 'Emergency Contact Phone':
      return world.identities.phone(cityOf(person));
    case 'Personal Email':
      return world.identities.mailbox(person.given, person.family);
    case 'Home Address':
      return written(person.home.address);
    default: {
      const { given, family } = drawName(random);
      return `${given} ${family}`;
    }
  }
}
