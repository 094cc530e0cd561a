import { join } from 'node:path';
import { type City, citiesOf, kilometres } from '../cities.js';
import type { Maker } from '../lookalikes/maker.js';
import { single } from '../lookalikes/maker.js';
import { cityOf, displayName, emailOn, homeOn, type Person, type Shipment } from '../person.js';
import type { Random } from '../random.js';
import { plant } from '../rings/planted.js';
import { DAY, dateTime, HOUR, MINUTE } from '../time.js';
import type { Sophistication } from '../truth.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { type CheckRow, Kept, peopleOperations, turns, writeCheckRows, writeTable } from './records.js';

interface Request {
  person: Person;
  at: number;
  category: string;
  words: string;
  state: 'Open' | 'Approved' | 'Denied' | 'Accommodated';
}

/** Where a new laptop found itself when it was set up. */
interface FirstReport {
  person: Person;
  at: number;
  city: City;
}

const checks = new Kept<CheckRow>();
const requests = new Kept<Request>();
const firstReports = new Kept<FirstReport>();

/** Since when deliveries, addresses and tax forms are looked at: a year ago. */
const checkedFor = 365 * DAY;
/** Since when new laptops report where they are set up. */
const reportedFor = 125 * DAY;

/**
 * Shares of ring members who do each thing. The reports name all of them and count none. A helper at a house can mostly
 * sign for a parcel; asking for another address, machine or way of pay is the known mistake of those who do not prepare.
 */
const shares = {
  delivery: { careless: 0.18, ordinary: 0.12, careful: 0.05 },
  addressKind: { careless: 0.06, ordinary: 0.09, careful: 0.09 },
  ownDevice: { careless: 0.15, ordinary: 0.12, careful: 0.1 },
  elsewhere: { careless: 0.2, ordinary: 0.15, careful: 0.15 },
  pay: { careless: 0.15, ordinary: 0.08, careful: 0.02 },
  taxForm: { careless: 0.09, ordinary: 0.07, careful: 0.05 },
  firstCalls: { careless: 0.35, ordinary: 0.25, careful: 0.05 },
  // Sent on to a second house, or set up by an operator elsewhere: two of the published cases.
  firstReport: { careless: 0.08, ordinary: 0.12, careful: 0.1 },
} as const satisfies Record<string, Record<Sophistication, number>>;

const payWords = [
  "Asks whether pay can go to a cousin's account for the first months",
  'Asks to be paid in USDT to a wallet',
  'Would like pay on a prepaid card',
  'Asks to have pay sent to a friend until an account is open',
];
const ownDeviceWords = [
  'Would like to work on an own laptop instead of the one from the company',
  'Asks to use a virtual machine instead of the laptop',
  'Has a faster computer at home and would rather use that',
];
const elsewhereWords = [
  'Please send the laptop to another address, details follow',
  'Asks to ship the laptop to where they stay until the start',
  'Nobody is at home in the day, please send it to a relative',
];

function rings(world: World): void {
  const turn = Object.fromEntries(Object.keys(shares).map((key) => [key, turns(world, key)])) as Record<
    keyof typeof shares,
    (share: number) => boolean
  >;
  for (const { members } of world.rings) {
    for (const person of members) {
      const random = world.random('onboarding-ring', person.index);
      const how = person.ring?.sophistication as Sophistication;
      const does = (key: keyof typeof shares) => turn[key](shares[key][how]);
      const started = person.startedAt as number;
      const shipment = firstLaptop(person);
      const delivered = shipment?.delivered;
      if (delivered !== undefined && does('delivery')) {
        note(world, person, 'delivery', delivered, 'failed', random.pick(atTheDoor));
        plant(world, person, 'ON-05', delivered);
      }
      if (shipment && does('addressKind')) {
        note(world, person, 'address_kind', shipment.shipped - DAY, 'failed', random.pick(noHome));
        plant(world, person, 'ON-04', shipment.shipped - DAY);
      }
      if (does('ownDevice')) {
        const at = Math.min(started + random.int(-6, 20) * DAY + 10 * HOUR, world.asOf);
        ask(world, person, at, 'Hardware', random.pick(ownDeviceWords), 'Denied');
        plant(world, person, 'ON-07', at);
      }
      if (shipment && does('elsewhere')) {
        const at = shipment.shipped - random.int(1, 3) * DAY;
        ask(world, person, at, 'Shipping', random.pick(elsewhereWords), 'Approved');
        plant(world, person, 'ON-02', at);
      }
      if (person.engagement !== 'vendor' && does('pay')) {
        const at = Math.min(started + random.int(-5, 25) * DAY + 11 * HOUR, world.asOf);
        ask(world, person, at, 'Payroll', random.pick(payWords), 'Denied');
        plant(world, person, 'ON-11', at);
      }
      if (person.engagement !== 'vendor' && does('taxForm')) {
        const at = Math.min(started - 3 * DAY, world.asOf);
        note(world, person, 'tax_form', at, 'failed', random.pick(otherForm));
        plant(world, person, 'ON-13', at);
      }
      if (person.stage === 'employed' && started < world.asOf - 8 * DAY && does('firstCalls')) {
        person.checks = person.checks.filter((one) => one.check !== 'same_person');
        avoid(world, person, started, random);
        plant(world, person, 'ON-15', started + 4 * DAY);
      }
      if (delivered !== undefined && delivered > world.asOf - reportedFor && does('firstReport')) {
        const near = (person.base ?? person.home).address.city;
        const far = citiesOf('US').filter((one) => kilometres(one, near) > 400);
        const at = delivered + random.int(5, 60) * HOUR;
        if (at > world.asOf) continue;
        firstReports.of(world).push({ person, at, city: random.pick(far) });
        plant(world, person, 'ON-06', at);
      }
    }
  }
}

const atTheDoor = [
  'another name was given at the door',
  'nobody with a document came to the door',
  'collection at the shop was refused',
];
const noHome = ['a shop that rents boxes', 'a flat let by the day', 'a forwarder of parcels'];
const otherForm = [
  'another name than the payee',
  'a firm of four months at an agent’s address',
  'number and name do not belong together',
];

/** Two calls of the first week did not take place. */
function avoid(world: World, person: Person, started: number, random: Random): void {
  note(world, person, 'same_person', started, random.pick(['missed', 'declined']), random.pick(excuses));
  note(
    world,
    person,
    'same_person',
    started + 4 * DAY,
    random.pick(['missed', 'declined']),
    random.pick(excuses),
  );
}
const excuses = ['camera does not work', 'at the doctor', 'bad connection', 'forgot the time', 'power cut'];

function note(world: World, person: Person, check: string, at: number, outcome: string, words: string): void {
  const by = check === 'same_person' ? (person.manager?.workEmail ?? peopleOperations) : peopleOperations;
  checks.of(world).push({ person, check, at, outcome, by, note: words });
}

function ask(
  world: World,
  person: Person,
  at: number,
  category: string,
  words: string,
  state: Request['state'],
): void {
  requests.of(world).push({ person, at, category, words, state });
}

function firstLaptop(person: Person): Shipment | undefined {
  return person.shipments.find((one) => one.serial !== '' && one.item.startsWith('Laptop'));
}

/** Remote, and hired since these things are looked at. */
function newHire(person: Person, world: World): boolean {
  const started = person.startedAt ?? 0;
  return (
    person.stage === 'employed' &&
    person.arrangement === 'Remote' &&
    started > world.asOf - checkedFor &&
    started < world.asOf - 14 * DAY
  );
}
const sentTo = (person: Person, world: World) =>
  newHire(person, world) && firstLaptop(person)?.delivered !== undefined;
const paidByUs = (person: Person, world: World) => newHire(person, world) && person.engagement !== 'vendor';

/** About a quarter of all people are new hires by this measure: a share of 0.0025 is one in a hundred of them. */
const makers: readonly Maker[] = [
  // Four in a hundred of those looked up have a box, a serviced flat or an address the directory gets wrong.
  single('parcel-box', 0.006, sentTo, (world, person, random) => {
    note(
      world,
      person,
      'address_kind',
      (firstLaptop(person)?.shipped ?? 0) - DAY,
      'failed',
      random.pick(noHome),
    );
  }),
  single('signed-by-partner', 0.003, sentTo, (world, person, random) => {
    const at = firstLaptop(person)?.delivered as number;
    note(world, person, 'delivery', at, 'failed', random.pick(atTheDoor));
    if (random.chance(0.7)) note(world, person, 'delivery', at + 3 * DAY, 'passed', 'second delivery');
  }),
  single('prefers-own-computer', 0.0075, newHire, (world, person, random) => {
    const at = (person.startedAt as number) + random.int(-6, 40) * DAY + 10 * HOUR;
    const fitted = random.chance(0.15);
    ask(
      world,
      person,
      at,
      'Hardware',
      fitted ? 'Needs an own laptop fitted with a screen reader' : random.pick(ownDeviceWords),
      fitted ? 'Accommodated' : 'Denied',
    );
  }),
  single('away-until-the-start', 0.01, sentTo, (world, person, random) => {
    const at = (firstLaptop(person)?.shipped ?? 0) - random.int(1, 3) * DAY;
    ask(world, person, at, 'Shipping', random.pick(elsewhereWords), 'Approved');
  }),
  single('no-bank-yet', 0.0015, paidByUs, (world, person, random) => {
    const at = (person.startedAt as number) + random.int(-5, 25) * DAY + 11 * HOUR;
    ask(world, person, at, 'Payroll', random.pick(payWords), random.chance(0.3) ? 'Accommodated' : 'Denied');
  }),
  single('pay-by-service', 0.005, paidByUs, (world, person, random) => {
    const at = (person.startedAt as number) + random.int(-5, 25) * DAY + 11 * HOUR;
    ask(world, person, at, 'Payroll', 'Can pay come through a payment service instead of a bank?', 'Denied');
  }),
  single('tax-form-slip', 0.005, paidByUs, (world, person, random) => {
    const at = (person.startedAt as number) - 3 * DAY;
    note(world, person, 'tax_form', at, 'failed', random.pick(otherForm));
    if (random.chance(0.5)) note(world, person, 'tax_form', at + 6 * DAY, 'passed', 'corrected form');
  }),
  single('busy-first-week', 0.004, newHire, (world, person, random) => {
    const started = person.startedAt as number;
    person.checks = person.checks.filter((one) => one.check !== 'same_person');
    avoid(world, person, started, random);
    if (random.chance(0.6)) note(world, person, 'same_person', started + 7 * DAY, 'passed', 'third attempt');
    else if (random.chance(0.5))
      note(world, person, 'same_person', started + 7 * DAY, 'accommodated', 'by telephone');
  }),
  single(
    'set-up-on-the-road',
    0.003,
    (person, world) =>
      sentTo(person, world) && (firstLaptop(person)?.delivered ?? 0) > world.asOf - reportedFor,
    (world, person, random) => {
      const at = (firstLaptop(person)?.delivered ?? 0) + random.int(5, 70) * HOUR;
      const far = citiesOf(cityOf(person).country).filter((one) => kilometres(one, cityOf(person)) > 150);
      const city = far.length > 0 ? random.pick(far) : random.pick(citiesOf('US'));
      if (at < world.asOf) firstReports.of(world).push({ person, at, city });
    },
  ),
];

/** What is done for everybody alike, and what people ask a help desk for. */
function everybody(world: World): void {
  const known = new Set(checks.of(world).map((one) => `${one.check} ${one.person.index}`));
  const reported = new Set(firstReports.of(world).map((one) => one.person));
  for (const person of world.people) {
    const { startedAt: started } = person;
    if (started === undefined || person.stage === 'applicant') continue;
    const random = world.random('onboarding', person.index);
    const shipment = firstLaptop(person);
    const passes = (check: string, at: number, share: number, words: string) => {
      const asked = random.chance(share);
      const agreed = random.chance(0.02);
      if (!asked || at > world.asOf || known.has(`${check} ${person.index}`)) return;
      note(
        world,
        person,
        check,
        at,
        agreed ? 'accommodated' : 'passed',
        agreed ? 'agreed another way' : words,
      );
    };
    if (person.arrangement === 'Remote' && started > world.asOf - checkedFor) {
      if (shipment?.delivered) passes('delivery', shipment.delivered, 0.5, 'document shown');
      if (shipment) passes('address_kind', shipment.shipped - DAY, 0.6, 'a home');
      if (person.engagement !== 'vendor') passes('tax_form', started - 3 * DAY, 0.7, '');
    }
    const delivered = shipment?.delivered;
    const after = random.int(4, 90) * HOUR;
    if (delivered && delivered > world.asOf - reportedFor && random.chance(0.75) && !reported.has(person)) {
      const at = delivered + after;
      const place = person.base ?? homeOn(person, at);
      if (at < world.asOf) firstReports.of(world).push({ person, at, city: place.address.city });
    }
    if (person.stage === 'employed' && random.chance(0.35)) {
      for (let i = random.int(1, 2); i > 0; i--) {
        const at =
          Math.max(world.from, started) + random.int(0, world.days - 1) * DAY + random.int(9, 17) * HOUR;
        const [category, words] = random.pick(everyday);
        if (at < world.asOf)
          ask(world, person, at, category, words, random.chance(0.8) ? 'Approved' : 'Open');
      }
    }
  }
}

const everyday = [
  ['Access', 'Access to the reporting workspace'],
  ['Access', 'Needs to read the billing dashboard'],
  ['Software', 'Licence for a drawing program'],
  ['Software', 'Install a database viewer'],
  ['Hardware', 'Second screen flickers'],
  ['Other', 'Question about the holiday calendar'],
] as const;

async function write(world: World, folder: string): Promise<void> {
  await writeCheckRows(world, join(folder, 'people-ops', 'onboarding-checks.csv'), checks.of(world));
  const asked = requests.of(world).filter((one) => one.person.hrId && one.at < world.asOf + DAY);
  asked.sort((a, b) => a.at - b.at || a.person.index - b.person.index);
  await writeTable(
    join(folder, 'it', 'requests.csv'),
    [
      'Number',
      'Opened',
      'Requester',
      'Requester ID',
      'Requester Email',
      'Category',
      'Short Description',
      'State',
      'Assignment Group',
    ],
    asked.map(({ person, at, category, words, state }, i) => ({
      at,
      cells: [
        `REQ${String(20_300 + i).padStart(7, '0')}`,
        dateTime(at),
        displayName(person),
        person.hrId ?? '',
        emailOn(person, at),
        category,
        words,
        state,
        category === 'Payroll' ? 'Payroll' : 'Service Desk',
      ],
    })),
  );
  await writeTable(
    join(folder, 'it', 'first-reports.csv'),
    [
      'Serial Number',
      'User Email',
      'Reported At',
      'Latitude',
      'Longitude',
      'Location Method',
      'Accuracy (m)',
      'Enrollment Step',
    ],
    firstReports.of(world).flatMap(({ person, at, city }) => {
      if (!person.device) return [];
      const random = world.random('first-report', person.index);
      return [
        {
          at,
          cells: [
            person.device.serial,
            emailOn(person, at),
            dateTime(at + random.int(0, 59) * MINUTE),
            (city.lat + random.around(0, 0.06)).toFixed(5),
            (city.lon + random.around(0, 0.06)).toFixed(5),
            'Wi-Fi',
            random.int(15, 180),
            'first start',
          ],
        },
      ];
    }),
  );
}

export const onboarding: Area = { name: 'onboarding', rings, makers, everybody, write };
