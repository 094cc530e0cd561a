import { join } from 'node:path';
import { type City, citiesOf, kilometres } from '../cities.js';
import { type Maker, remote, single, working } from '../lookalikes/maker.js';
import { cityOf, displayName, type Person } from '../person.js';
import { browserOf, clones, sharesOut, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { streetLine } from '../residences.js';
import { plant } from '../rings/planted.js';
import { DAY, date, dateTime, dayOf, HOUR, isWeekend, MINUTE } from '../time.js';
import type { Sophistication } from '../truth.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { type CheckRow, Kept, peopleOperations, turns, writeCheckRows, writeTable } from './records.js';

interface Returned {
  person: Person;
  at: number;
  from: City;
  street: string;
  by: string;
}

interface Report {
  person: Person;
  at: number;
  kind: string;
  toldBy: string;
  verified: string;
  words: string;
}

const checks = new Kept<CheckRow>();
const returns = new Kept<Returned>();
const reports = new Kept<Report>();
/** Whose laptop does not come back, and so has no row. */
const kept = new Kept<Person>();

/**
 * Shares of ring members who do each thing. About one in five has left by the time anybody looks: contracts end, or a
 * question was asked. Of the leavers some copy first, few threaten; most keep the laptop or send it from wherever it is.
 * Notices of authorities and of people whose name was used are how many cases began, for the prepared as for the careless.
 */
const shares = {
  leave: { careless: 0.2, ordinary: 0.25, careful: 0.2 },
  copy: { careless: 0.6, ordinary: 0.45, careful: 0.25 },
  useAfter: { careless: 0.5, ordinary: 0.35, careful: 0.15 },
  sendBack: { careless: 0.3, ordinary: 0.45, careful: 0.6 },
  fromElsewhere: { careless: 0.5, ordinary: 0.4, careful: 0.3 },
  examined: { careless: 0.5, ordinary: 0.5, careful: 0.5 },
  threaten: { careless: 0.15, ordinary: 0.12, careful: 0.08 },
  publish: { careless: 0.08, ordinary: 0.06, careful: 0.03 },
  noLastTalk: { careless: 0.5, ordinary: 0.45, careful: 0.35 },
  confirmed: { careless: 0.6, ordinary: 0.5, careful: 0.3 },
  authority: { careless: 0.05, ordinary: 0.05, careful: 0.05 },
  victim: { careless: 0.05, ordinary: 0.05, careful: 0.04 },
} as const satisfies Record<string, Record<Sophistication, number>>;

function rings(world: World): void {
  const turn = Object.fromEntries(
    Object.keys(shares).map((key) => [key, turns(world, `leaving-${key}`)]),
  ) as Record<keyof typeof shares, (share: number) => boolean>;
  for (const { members } of world.rings) {
    for (const person of members) {
      const random = world.random('leaving-ring', person.index);
      const how = person.ring?.sophistication as Sophistication;
      const does = (key: keyof typeof shares) => turn[key](shares[key][how]);
      const started = person.startedAt as number;
      const latest = Math.min(50, Math.floor((world.asOf - started) / DAY) - 20);
      if (person.stage === 'employed' && latest >= 8 && does('leave')) {
        leave(world, person, workday(world.asOf - random.int(7, latest) * DAY), random, does);
        after(world, person, random, does);
        if (does('confirmed')) confirm(world, person, members);
      } else if (person.stage === 'left' && person.leftAt !== undefined) {
        // Dismissed already; what they copied is planned.
        const { leftAt: last } = person;
        const copied = person.planted.find(
          (one) => (one.id === 'CH-01' || one.id === 'SA-02') && one.at >= last - 6 * DAY,
        );
        if (copied) plant(world, person, 'OX-04', copied.at);
        after(world, person, random, does);
        if (does('confirmed')) confirm(world, person, members);
      }
      for (const kind of ['authority', 'victim'] as const) {
        if (!does(kind)) continue;
        const at = Math.max(started, world.asOf - random.int(3, 40) * DAY) + 13 * HOUR;
        const genuine = random.chance(0.7);
        tell(world, person, at, kind, genuine ? 'Verified by calling back' : 'Not yet');
        plant(world, person, 'OX-09', Math.min(at, world.asOf));
      }
    }
  }
}

function workday(time: number): number {
  let day = dayOf(time);
  while (isWeekend(day)) day -= DAY;
  return day;
}

/** The last day, and what came before it. */
function leave(
  world: World,
  person: Person,
  last: number,
  random: Random,
  does: (key: keyof typeof shares) => boolean,
): void {
  person.stage = 'left';
  person.leftAt = last;
  cutOff(world, person, last);
  const { network } = person.base ?? person.home;
  if (does('copy')) {
    const day = workday(last - random.int(1, 5) * DAY);
    const time = workingTime(person, day, random);
    if (person.codeHost)
      clones(world, person, random, random.int(14, 35), time, 90 * MINUTE, network, browserOf(person));
    else sharesOut(world, person, random, random.int(28, 45), time, 2 * HOUR, network, browserOf(person));
    // What was done before the logs begin is not in them.
    if (world.logged(time)) plant(world, person, 'OX-04', time + 2 * HOUR);
  }
}

/** What comes after the last day. */
function after(
  world: World,
  person: Person,
  random: Random,
  does: (key: keyof typeof shares) => boolean,
): void {
  const last = person.leftAt as number;
  if (does('useAfter')) {
    const time = last + random.int(3, 6) * DAY + 15 * HOUR;
    signIn(world, person, time, random);
    if (world.logged(time)) plant(world, person, 'OX-03', time);
  }
  if (does('sendBack')) {
    const at = last + random.int(4, 20) * DAY + 14 * HOUR;
    const at0 = (person.base ?? person.home).address.city;
    const elsewhere = does('fromElsewhere');
    const far = citiesOf('US').filter(
      (one) => kilometres(one, at0) > 300 && kilometres(one, cityOf(person)) > 300,
    );
    const from = elsewhere ? random.pick(far) : at0;
    const street = elsewhere ? 'parcel shop counter 2' : streetLine((person.base ?? person.home).address);
    giveBack(world, person, at, from, street);
    if (at <= world.asOf) {
      if (elsewhere) plant(world, person, 'OX-01', at);
      const known = person.planted.some((one) => /^EP-0[1-9]$/.test(one.id));
      if (known && does('examined')) {
        note(
          world,
          person,
          'device_return',
          at + 6 * DAY,
          'failed',
          'leftovers of two programs for remote control',
        );
        plant(world, person, 'OX-02', at + 6 * DAY);
      }
    }
  } else {
    kept.of(world).push(person);
    if (person.shipments.some((one) => one.item.startsWith('Laptop') && one.delivered))
      plant(world, person, 'OX-01', last + 30 * DAY);
  }
  if (does('threaten')) {
    const at = Math.min(last + random.int(2, 6) * DAY + 8 * HOUR, world.asOf);
    tell(world, person, at, 'extortion', 'Verified');
    plant(world, person, 'OX-05', at);
  }
  if (does('publish')) {
    const at = Math.min(last + random.int(1, 6) * DAY + 10 * HOUR, world.asOf);
    tell(world, person, at, 'code_in_public', 'Verified');
    plant(world, person, 'OX-06', at);
  }
  if (does('noLastTalk')) {
    note(world, person, 'exit_interview', last, 'missed', 'no answer');
    plant(world, person, 'OX-07', last);
  }
}

/** Nothing happens after somebody's last day; what was planned for later does not come to pass. */
function cutOff(world: World, person: Person, last: number): void {
  const end = last + DAY;
  for (const [day, happenings] of world.planned) {
    if (day < last) continue;
    world.planned.set(
      day,
      happenings.filter((one) => one.person !== person || one.time < end),
    );
  }
  person.checks = person.checks.filter((one) => one.at < end);
  person.pay = person.pay.filter((one) => one.changed < end);
  person.changes = person.changes.filter((one) => one.at < end);
  person.shipments = person.shipments.filter((one) => one.shipped < end);
  person.stays = person.stays.filter((one) => one.from < last);
  person.planted = person.planted.filter((one) => one.at < end);
}

/** An inquiry after they left; whoever shares a house, an account or a number with them is then looked for. */
function confirm(world: World, person: Person, members: readonly Person[]): void {
  const at = Math.min((person.leftAt as number) + 4 * DAY, world.asOf);
  note(world, person, 'confirmed_false', at, 'failed', 'decided by people operations, security and counsel');
  for (const other of members) {
    if (other === person || other.startedAt === undefined) continue;
    const house = person.base !== undefined && other.base?.address === person.base.address;
    const account = person.pay.some((one) =>
      other.pay.some((each) => each.bank.account === one.bank.account),
    );
    if (house || account || other.phone === person.phone) plant(world, other, 'OX-08', at);
  }
}

function signIn(world: World, person: Person, time: number, random: Random): void {
  const { network } = person.base ?? person.home;
  world.plan({
    kind: 'sign-in',
    time,
    person,
    network,
    browser: person.handset.browser,
    session: `102${random.token(21)}`,
    phone: { handset: person.handset, network },
  });
}

function giveBack(world: World, person: Person, at: number, from: City, street: string): void {
  returns.of(world).push({ person, at, from, street, by: displayName(person) });
}

function note(world: World, person: Person, check: string, at: number, outcome: string, words: string): void {
  const by = check === 'device_return' ? 'service desk' : peopleOperations;
  checks.of(world).push({ person, check, at, outcome, by, note: words });
}

const told: Readonly<Record<string, readonly [kind: string, by: string, words: string]>> = {
  authority: ['law_enforcement', 'an officer', 'A laptop of the company was found in a search'],
  victim: ['identity_victim', 'a person of that name', 'Got a tax statement for work never done'],
  extortion: ['extortion', 'unknown sender', 'Demands money, with copies of files as a proof'],
  code_in_public: [
    'code_in_public',
    'a search for a marked line',
    'A repository with files of ours, open to all',
  ],
};

function tell(world: World, person: Person, at: number, what: string, verified: string): void {
  const [kind = what, toldBy = '', words = ''] = told[what] ?? [];
  reports.of(world).push({ person, at: Math.min(at, world.asOf), kind, toldBy, verified, words });
}

const hasLeft = (person: Person) => person.stage === 'left' && person.leftAt !== undefined;
const sentLaptop = (person: Person) =>
  hasLeft(person) &&
  person.arrangement === 'Remote' &&
  person.shipments.some((one) => one.item.startsWith('Laptop'));
const leftInLogs = (person: Person, world: World) =>
  hasLeft(person) &&
  (person.leftAt as number) > world.from + 10 * DAY &&
  (person.leftAt as number) < world.asOf - 8 * DAY;

const newlyHired = (person: Person, world: World) =>
  remote(person) && (person.startedAt as number) > world.asOf - 300 * DAY;
/** Who left, and was then confirmed not to be who they claimed. */
const foundOut = (world: World) =>
  checks
    .of(world)
    .filter(
      (one) => one.check === 'confirmed_false' && one.outcome === 'failed' && one.person.stage === 'left',
    )
    .map((one) => one.person);

/** One in twenty-five people has left; of a share of 0.004 every tenth leaver is one. */
const makers: readonly Maker[] = [
  // One in twenty sends it from where they went.
  single(
    'left-and-moved',
    0.002,
    (person, world) => sentLaptop(person) && (person.leftAt as number) < world.asOf - 25 * DAY,
    (world, person, random) => {
      const far = citiesOf(cityOf(person).country).filter((one) => kilometres(one, cityOf(person)) > 150);
      if (far.length > 0)
        giveBack(
          world,
          person,
          (person.leftAt as number) + random.int(5, 24) * DAY,
          random.pick(far),
          'parcel shop counter 1',
        );
    },
  ),
  // One in eight is slow, was never sent a box, or keeps it.
  single('keeps-the-laptop', 0.005, sentLaptop, (world, person) => {
    kept.of(world).push(person);
  }),
  single('no-last-talk', 0.005, hasLeft, (world, person, random) => {
    note(
      world,
      person,
      'exit_interview',
      person.leftAt as number,
      random.pick(['missed', 'declined']),
      random.pick(['already in the next job', 'no answer', 'nothing to say']),
    );
  }),
  // A phone that was never signed out.
  single('phone-left-signed-in', 0.0009, leftInLogs, (world, person, random) => {
    const time = (person.leftAt as number) + random.int(3, 7) * DAY + 12 * HOUR;
    signIn(world, person, time, random);
  }),
  single('hands-over', 0.0012, leftInLogs, (world, person, random) => {
    const time = workingTime(person, workday((person.leftAt as number) - 3 * DAY), random);
    const { network } = person.home;
    if (person.codeHost)
      clones(world, person, random, random.int(10, 18), time, 3 * HOUR, network, browserOf(person));
    else sharesOut(world, person, random, random.int(25, 32), time, 3 * HOUR, network, browserOf(person));
  }),
  single(
    'help-desk-leftovers',
    0.0006,
    (person) => sentLaptop(person),
    (world, person) => {
      const at = (person.leftAt as number) + 12 * DAY;
      note(
        world,
        person,
        'device_return',
        at,
        'failed',
        'a program for remote control, perhaps the help desk’s',
      );
    },
  ),
  single(
    'opened-the-wrong-repository',
    0.002,
    (person) => working(person) && person.codeHost !== undefined,
    (world, person, random) => {
      tell(
        world,
        person,
        world.asOf - random.int(5, 300) * DAY + 9 * HOUR,
        'code_in_public',
        random.chance(0.7) ? 'Verified' : 'Unfounded',
      );
    },
  ),
  // Somebody of the same name, a fraud in the name of an office, or a victim themselves; hardly ever found genuine.
  single('named-by-mistake', 0.001, working, (world, person, random) => {
    const verified = random.weighted([
      ['Not yet', 50],
      ['Unfounded', 42],
      ['Verified by calling back', 8],
    ] as const);
    tell(
      world,
      person,
      world.asOf - random.int(4, 200) * DAY + 9 * HOUR,
      random.pick(['authority', 'victim']),
      verified,
    );
  }),
  single('quarrel-about-pay', 0.0004, hasLeft, (world, person) => {
    tell(world, person, Math.min((person.leftAt as number) + 9 * DAY, world.asOf), 'extortion', 'Not yet');
  }),
  single('cleared-by-an-inquiry', 0.002, remote, (world, person, random) => {
    const at = Math.max(world.asOf - random.int(10, 300) * DAY, (person.startedAt as number) + 5 * DAY);
    // A few were first found to be somebody else, by mistake.
    if (random.chance(0.25))
      note(
        world,
        person,
        'confirmed_false',
        Math.min(at, world.asOf) - DAY,
        'failed',
        'two records were mixed up',
      );
    note(
      world,
      person,
      'confirmed_false',
      Math.min(at, world.asOf),
      'cleared',
      'met in person with a document',
    );
  }),
  // What had been somebody's who was found out: a number given out again, the company's phone, a relative's account, a
  // neighbour who takes parcels in. Hardly ever; one in a company of two thousand.
  single(
    'tied-to-somebody-found-out',
    0.0005,
    (person, world) => newlyHired(person, world) && foundOut(world).length > 0,
    (world, person, random) => {
      const other = random.pick(foundOut(world));
      const how = random.int(0, 3);
      const [pay] = person.pay;
      const [shipment] = person.shipments;
      const theirs = other.pay.at(-1);
      const parcel = other.shipments[0];
      if (how === 0 && pay && theirs) pay.bank = { ...theirs.bank };
      else if (how === 1 && shipment && parcel) shipment.to = parcel.to;
      else if (how === 2) person.handset = { ...other.handset, oktaEnrollmentId: `opf${random.token(17)}` };
      else person.phone = other.phone;
    },
  ),
];

/** Everybody who leaves is offered a talk and sends things back; most do. */
function everybody(world: World): void {
  const asked = new Set(checks.of(world).map((one) => `${one.check} ${one.person.index}`));
  const gone = new Set([...returns.of(world).map((one) => one.person), ...kept.of(world)]);
  for (const person of world.people) {
    if (!hasLeft(person)) continue;
    const random = world.random('leaving', person.index);
    const last = person.leftAt as number;
    const talk = random.chance(0.7);
    const agreed = random.chance(0.05);
    if (talk && !asked.has(`exit_interview ${person.index}`))
      note(
        world,
        person,
        'exit_interview',
        last,
        agreed ? 'accommodated' : 'passed',
        agreed ? 'in writing' : '',
      );
    const at = last + random.int(3, 24) * DAY + 13 * HOUR;
    const examined = random.chance(0.25);
    if (!sentLaptop(person) || gone.has(person) || at > world.asOf) continue;
    const place = person.base ?? person.home;
    giveBack(world, person, at, place.address.city, streetLine(place.address));
    if (examined && at + 8 * DAY <= world.asOf && !asked.has(`device_return ${person.index}`))
      note(world, person, 'device_return', at + 8 * DAY, 'passed', 'wiped after the examination');
  }
}

async function write(world: World, folder: string): Promise<void> {
  await writeCheckRows(world, join(folder, 'people-ops', 'leaving-checks.csv'), checks.of(world));
  await writeTable(
    join(folder, 'it', 'returns.csv'),
    [
      'Employee ID',
      'Employee Name',
      'Item',
      'Serial Number',
      'Sent Back By',
      'Return From Street',
      'Return From City',
      'Return From State',
      'Return From Country',
      'Handed In',
      'Return Received',
      'Carrier',
      'Return Tracking',
      'Condition',
    ],
    returns
      .of(world)
      .filter((one) => one.person.hrId && one.at < world.asOf + DAY)
      .map(({ person, at, from, street, by }) => {
        const random = world.random('return', person.index);
        const received = at + random.int(2, 5) * DAY;
        return {
          at,
          cells: [
            person.hrId ?? '',
            displayName(person),
            person.device?.os === 'macos' ? 'Laptop, MacBook' : 'Laptop, Windows',
            person.device?.serial ?? '',
            by,
            street,
            from.name,
            from.region,
            from.country,
            dateTime(at),
            received <= world.asOf ? dateTime(received) : '',
            random.pick(['UPS', 'FedEx', 'DHL']),
            `1Z${random.digits(16)}`,
            random.pick(['good', 'worn', 'scratched', 'good']),
          ],
        };
      }),
  );
  const filed = reports.of(world).filter((one) => one.person.hrId);
  filed.sort((a, b) => a.at - b.at || a.person.index - b.person.index);
  await writeTable(
    join(folder, 'people-ops', 'reports.csv'),
    [
      'Report ID',
      'Received',
      'Kind',
      'About',
      'About ID',
      'Told By',
      'Verified',
      'Summary',
      'Taken In By',
      'Confidential',
      'Next Review',
      'Retention',
    ],
    filed.map(({ person, at, kind, toldBy, verified, words }, i) => ({
      at,
      cells: [
        `R-${1000 + i}`,
        dateTime(at),
        kind,
        displayName(person),
        person.hrId ?? '',
        toldBy,
        verified,
        words,
        peopleOperations,
        'yes',
        date(at + 90 * DAY),
        '24 months',
      ],
    })),
  );
}

export const leaving: Area = { name: 'leaving', rings, makers, everybody, write };
