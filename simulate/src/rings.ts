import { type City, citiesOf, cityNamed, kilometres } from './cities.js';
import {
  type Browser,
  type Handset,
  makeBrowser,
  makeHandset,
  type RemoteTool,
  type UsbDevice,
} from './devices.js';
import { drawName, handleWords } from './names.js';
import type { Network } from './networks.js';
import { hire, monday } from './people.js';
import type { Person } from './person.js';
import { cityOf } from './person.js';
import {
  clones,
  codeEvent,
  installs,
  plugsIn,
  sessionOf,
  sharesOut,
  workdaysOf,
  workingTime,
} from './plans.js';
import type { Random } from './random.js';
import { type Residence, retyped } from './residences.js';
import { DAY, dayOf, HOUR, MINUTE } from './time.js';
import type { Behaviour, Sophistication } from './truth.js';
import type { Seen, World } from './world.js';

/**
 * Rings as public reporting describes them: several identities run by few operators, with a helper who keeps the
 * laptops. Careless ones share nearly everything, ordinary ones a laptop farm and one or two things more, careful
 * ones almost nothing; what the careful leave is often too little to be found, and is meant to be.
 */
export function plantRings(world: World): void {
  const groups = formRings(world.options.ringMembers);
  const random = world.random('rings');
  const suited = world.people.filter(
    (one) =>
      one.stage === 'employed' &&
      one.arrangement === 'Remote' &&
      cityOf(one).country === 'US' &&
      one.index % 8 !== 0,
  );
  const engineers = random.shuffled(suited.filter((one) => one.engineer));
  const others = random.shuffled(suited.filter((one) => !one.engineer));
  for (const [number, group] of groups.entries()) {
    const members = group.map(() => {
      const person =
        (random.chance(0.78) ? engineers.pop() : others.pop()) ?? engineers.pop() ?? others.pop();
      if (!person)
        throw new RangeError(
          `${world.options.ringMembers} ring members are too many among ${world.options.people} people`,
        );
      return person;
    });
    const id = `R${number + 1}`;
    for (const [i, person] of members.entries())
      person.ring = { id, sophistication: group[i] as Sophistication };
    world.rings.push({ id, members });
    plantRing(world, number, id, members);
  }
}

/** Shares members among the three degrees of care, and those into rings of two to five. */
export function formRings(total: number): Sophistication[][] {
  const shares: [Sophistication, number][] = [
    ['careless', 0.34],
    ['ordinary', 0.41],
    ['careful', 0.25],
  ];
  const counts = shares.map(([kind, share]) => ({
    kind,
    count: Math.floor(total * share),
    rest: (total * share) % 1,
  }));
  for (const one of [...counts].sort((a, b) => b.rest - a.rest)) {
    if (counts.reduce((sum, each) => sum + each.count, 0) < total) one.count++;
  }
  const groups: Sophistication[][] = [];
  let single: Sophistication[] = [];
  for (const { kind, count } of counts) {
    for (let left = count; left > 0; ) {
      // Never leave one over, and vary the sizes.
      let size = Math.min(left, 5 - (groups.length % 3));
      if (left - size === 1) size = left <= 5 ? left : size - 1;
      if (size === 1) single.push(kind);
      else groups.push(Array<Sophistication>(size).fill(kind));
      left -= size;
    }
  }
  // A degree of care with one member only joins somebody else's ring.
  if (single.length === 1 && groups.length > 0) {
    (groups[groups.length - 1] as Sophistication[]).push(...single);
    single = [];
  }
  if (single.length > 0) groups.push(single);
  return groups;
}

interface RingMeans {
  /** The helper's house, where laptops stand. */
  farm: Residence;
  /** What an operator's own line shows when the VPN drops. */
  raw: Network;
  astrill: readonly Network[];
  operator: Browser;
  handset: Handset;
  handsetPlace: Network;
  stem: string;
}

function plantRing(world: World, number: number, id: string, members: Person[]): void {
  const random = world.random('ring', id);
  const means = ringMeans(world, random, members);
  // Every third ring came in through one staffing firm, in part.
  const vendor = number % 3 === 1 ? random.pick(world.vendors) : undefined;
  const throughVendor = vendor ? Math.max(2, Math.round(members.length * 0.6)) : 0;
  const mfa = number % 2 === 0 ? 'okta' : 'duo';
  for (const [i, person] of members.entries()) {
    const { sophistication } = person.ring as { sophistication: Sophistication };
    delete person.vendor;
    if (vendor && i < throughVendor) {
      person.engagement = 'vendor';
      person.vendor = vendor;
    } else if (person.engagement === 'vendor') {
      person.engagement = 'employee';
    }
    const ago = { careless: random.int(22, 70), ordinary: random.int(34, 105), careful: random.int(60, 210) }[
      sophistication
    ];
    // The last of a larger careless ring has an offer and a laptop, and starts after the logs end.
    const pending = sophistication === 'careless' && members.length >= 3 && i === members.length - 1;
    if (pending) person.stage = 'onboarding';
    const started = pending ? monday(world.asOf + 12 * DAY) : monday(world.asOf - ago * DAY);
    hire(
      world,
      person,
      started,
      started - random.int(40, 75) * DAY + random.int(0, 23) * HOUR + random.int(0, 3599) * 1000,
    );
    if (person.device) person.device.wired = false;
    if (sophistication !== 'careful') {
      person.mfa = mfa;
      // Somebody who would have been on camera for these checks is not part of such a ring.
      person.checks = person.checks.filter((one) => one.check === 'document_verified');
    }
  }
  const careless = members.filter((one) => one.ring?.sophistication === 'careless');
  const ordinary = members.filter((one) => one.ring?.sophistication === 'ordinary');
  const careful = members.filter((one) => one.ring?.sophistication === 'careful');
  const farmed = [...careless, ...ordinary];
  shareFarm(world, random, farmed, means);
  shareContacts(world, random, careless, ordinary, means);
  shareBank(world, random, careless);
  for (const person of careless) actCarelessly(world, random, person, means);
  for (const person of ordinary) actOrdinarily(world, random, person, means);
  shareHandset(world, random, careless, ordinary, means);
  actCarefully(world, random, careful, farmed);
}

function ringMeans(world: World, random: Random, members: Person[]): RingMeans {
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

/** Notes what was planted; a sharing counts once per person, from the first day it shows. */
function plant(world: World, person: Person, id: Behaviour, at: number): void {
  const known = person.planted.find((one) => one.id === id);
  if (known) known.at = Math.min(known.at, at);
  else if (at < world.asOf + DAY) person.planted.push({ id, at });
}

/** For each of several times: when it and at least one of the others had happened. */
export function sharedSince(times: readonly number[]): number[] {
  return times.map((time, i) => Math.max(time, Math.min(...times.filter((_, j) => j !== i))));
}

/** Laptops delivered to one house and used from there. */
function shareFarm(world: World, random: Random, members: Person[], { farm }: RingMeans): void {
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

/** The dates of what ordinary use of the farm shows, once the logs are written and say when that was. */
export function plantSeen(world: World): void {
  for (const { members } of world.rings) {
    const traces: readonly [keyof Seen, Behaviour[]][] = [
      ['egress', ['SI-07']],
      ['local', ['EP-12']],
      ['enrolled', ['ON-14']],
      ['used', ['SI-05']],
    ];
    for (const [trace, ids] of traces) {
      const groups = new Map<string, { person: Person; at: number }[]>();
      for (const person of members) {
        for (const [what, at] of world.seen.get(person)?.[trace] ?? [])
          groups.set(what, [...(groups.get(what) ?? []), { person, at }]);
      }
      for (const group of groups.values()) {
        if (group.length < 2) continue;
        const since = sharedSince(group.map((one) => one.at));
        for (const [i, { person }] of group.entries())
          for (const id of ids) plant(world, person, id, since[i] as number);
      }
    }
    plantVendorSharing(world, members);
    for (const person of members) person.planted.sort((a, b) => a.at - b.at || a.id.localeCompare(b.id));
  }
}

/** Two workers of one staffing firm share something hard: since the second of them does. */
function plantVendorSharing(world: World, members: readonly Person[]): void {
  const supplied = members.filter((one) => one.engagement === 'vendor');
  for (const id of ['ON-03', 'SI-07', 'ON-14'] as const) {
    const times = supplied.map(
      (one) => one.planted.find((each) => each.id === id)?.at ?? Number.POSITIVE_INFINITY,
    );
    if (times.filter((time) => Number.isFinite(time)).length < 2) continue;
    for (const [i, at] of sharedSince(times).entries()) plant(world, supplied[i] as Person, 'TP-04', at);
  }
}

/** Applications written with the same telephone and mailboxes of one pattern. */
function shareContacts(
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
function shareBank(world: World, random: Random, careless: Person[]): void {
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
function shareHandset(
  world: World,
  random: Random,
  careless: Person[],
  ordinary: Person[],
  means: RingMeans,
): void {
  const sharing = [...careless, ...ordinary.slice(0, Math.ceil(ordinary.length * 0.6))].filter(
    (one) => one.stage === 'employed',
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
        browser: laptopBrowser(person),
        session: sessionOf(world, person, day),
        handset: person.handset,
      });
    }
    person.habits.mfaFrom = means.handsetPlace;
    if (person.mfa === 'duo') plant(world, person, 'SI-04', time);
  }
}

function laptopBrowser(person: Person): Browser {
  return person.device?.browser ?? person.handset.browser;
}

/** An IP-KVM as it comes out of the box: a keyboard, a mouse and a drive that can be worked from afar. */
function pikvm(at: number): UsbDevice {
  return {
    at,
    vendorId: '1d6b',
    modelId: '0104',
    vendor: 'PiKVM',
    model: 'PiKVM Composite Device',
    serial: 'CAFEBABE',
    removable: true,
    class: 'USB',
    parts: [
      {
        id: 'HID\\VID_1D6B&PID_0104&MI_00\\7&2ab4f1c&0&0000',
        description: 'HID Keyboard Device',
        class: 'Keyboard',
      },
      {
        id: 'USBSTOR\\CDROM&VEN_PIKVM&PROD_OPTICAL_DRIVE&REV_0100\\CAFEBABE&0',
        description: 'PiKVM Optical Drive USB Device',
        class: 'CDROM',
      },
    ],
  };
}

function actCarelessly(world: World, random: Random, person: Person, means: RingMeans): void {
  changeProfile(world, random, person, 3);
  if (person.stage === 'onboarding') return;
  const started = person.startedAt as number;
  const days = workdaysOf(world, person);
  const [first = world.asOf] = days;
  const tools = random.sample<RemoteTool>(['anydesk', 'rustdesk', 'chrome', 'teamviewer'], 2);
  const installed = tools.map((tool, i) => {
    const at = workingTime(person, days[Math.min(i * 2, days.length - 1)] ?? first, random);
    installs(world, person, tool, at);
    return at;
  });
  plant(world, person, 'EP-02', Math.min(...installed));
  plant(world, person, 'EP-01', Math.max(...installed));
  if (random.chance(0.75)) {
    const at = workingTime(person, days[Math.min(1, days.length - 1)] ?? first, random);
    plugsIn(world, person, pikvm(at));
    plant(world, person, 'EP-05', at);
  }
  // The operator's own machine, through Astrill, beside the laptop that stands in the farm.
  const remoteDays = days.filter((_, i) => i % 4 === 1);
  for (const [i, day] of remoteDays.entries()) {
    const network = random.pick(means.astrill);
    const time = workingTime(person, day, random);
    const session = `102${random.token(21)}`;
    if (i % 4 === 3) {
      world.plan({
        kind: 'refused',
        time,
        person,
        network,
        browser: means.operator,
        session,
        reason: 'Sign-on policy evaluation resulted in DENY',
      });
    } else {
      signIn(world, person, time, network, means, session);
      world.plan({
        kind: 'app',
        time: time + 9 * MINUTE,
        person,
        network,
        browser: means.operator,
        session,
        app: 'Jira',
      });
    }
    plant(world, person, 'SI-01', time);
    plant(world, person, 'SI-06', time);
  }
  for (const day of random.sample(remoteDays.slice(1), 2)) {
    const time = workingTime(person, day, random) + 30 * MINUTE;
    const session = `102${random.token(21)}`;
    const [one, two] = random.sample(means.astrill, 2) as [Network, Network];
    signIn(world, person, time, one, means, session);
    world.plan({
      kind: 'app',
      time: time + 11 * MINUTE,
      person,
      network: means.raw,
      browser: means.operator,
      session,
      app: 'Slack',
    });
    signIn(world, person, time + 13 * MINUTE, means.raw, means, `102${random.token(21)}`);
    world.plan({
      kind: 'app',
      time: time + 21 * MINUTE,
      person,
      network: two,
      browser: means.operator,
      session,
      app: 'Google Workspace',
    });
    for (const id of ['SI-02', 'SI-03', 'SI-08'] as const) plant(world, person, id, time + 21 * MINUTE);
  }
  const [reuse] = random.sample(days.slice(2), 1);
  if (reuse !== undefined && random.chance(0.7)) {
    // The laptop's session cookie, carried over to the operator's machine.
    const session = sessionOf(world, person, reuse);
    const time = workingTime(person, reuse, random);
    world.plan({
      kind: 'sign-in',
      time: time - 70 * MINUTE,
      person,
      network: means.farm.network,
      browser: laptopBrowser(person),
      session,
      ...(person.device ? { device: person.device } : {}),
      phone: { handset: person.handset, network: means.handsetPlace },
    });
    for (const i of [0, 1, 2]) {
      world.plan({
        kind: 'app',
        time: time + i * 12 * MINUTE,
        person,
        network: random.pick(means.astrill),
        browser: means.operator,
        session,
        app: ['GitHub Enterprise Cloud', 'Google Workspace', 'Jira'][i] as string,
      });
    }
    plant(world, person, 'SI-10', time);
  }
  takeCopies(world, random, person, means, 0.8, 0.6);
  const refusals = random.int(2, 3);
  for (let i = 0; i < refusals; i++) {
    const at = Math.min(started + (12 + i * 9) * DAY + 16 * HOUR, world.asOf - (refusals - i) * HOUR);
    person.checks.push({
      check: 'spot_check',
      at,
      outcome: i === 1 ? 'missed' : 'declined',
      note: i === 0 ? 'says the camera is broken' : i === 1 ? 'did not join' : 'asks for another date',
    });
    if (i === 1) plant(world, person, 'WP-01', at);
  }
}

function signIn(
  world: World,
  person: Person,
  time: number,
  network: Network,
  means: RingMeans,
  session: string,
): void {
  world.plan({
    kind: 'sign-in',
    time,
    person,
    network,
    browser: means.operator,
    session,
    phone: { handset: person.handset, network: means.handsetPlace },
  });
}

function actOrdinarily(world: World, random: Random, person: Person, means: RingMeans): void {
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

/** Copies code and documents, late in the time somebody works here. */
function takeCopies(
  world: World,
  random: Random,
  person: Person,
  means: RingMeans,
  code: number,
  documents: number,
): void {
  const days = workdaysOf(world, person);
  const late = days.slice(Math.floor(days.length * 0.6));
  if (late.length === 0) return;
  const { network } = means.farm;
  if (person.codeHost && random.chance(code)) {
    const time = workingTime(person, random.pick(late), random);
    plant(
      world,
      person,
      'CH-01',
      clones(world, person, random, random.int(18, 40), time, 2 * HOUR, network, laptopBrowser(person)),
    );
    if (random.chance(0.2)) {
      const opened = time + 3 * HOUR;
      codeEvent(
        world,
        person,
        'repo.access',
        opened,
        random.pick(person.codeHost.repositories),
        network,
        laptopBrowser(person),
      );
      plant(world, person, 'CH-04', opened);
    }
  }
  if (random.chance(documents)) {
    const time = workingTime(person, random.pick(late), random);
    sharesOut(world, person, random, random.int(14, 40), time, 90 * MINUTE, network, laptopBrowser(person));
    plant(world, person, 'SA-02', time);
  }
}

/** Several contact details rewritten around the first day. */
function changeProfile(world: World, random: Random, person: Person, count: number): void {
  const started = person.startedAt as number;
  const end = Math.min(started + 18 * DAY, world.asOf);
  const start = Math.min(started - 6 * DAY, end - 5 * DAY);
  const phone = world.identities.phone(cityOf(person));
  const contact = drawName(random);
  const values = random.shuffled([
    { field: 'Mobile Phone', from: person.phone, to: phone },
    {
      field: 'Personal Email',
      from: person.personalEmail,
      to: world.identities.mailbox(person.given, person.family),
    },
    { field: 'Emergency Contact', from: '', to: `${contact.given} ${contact.family}` },
    { field: 'Home Address', from: '', to: `${person.home.address.street}, ${cityOf(person).name}` },
    { field: 'Emergency Contact Phone', from: '', to: world.identities.phone(cityOf(person)) },
  ]);
  for (const [i, value] of values.slice(0, count).entries()) {
    const at = start + Math.floor(((i + random.unit()) / count) * (end - start));
    person.changes.push({ ...value, at, by: 'self' });
    if (i === 2) plant(world, person, 'ON-12', at);
  }
}

/** One or two small things each, or nothing. */
function actCarefully(world: World, random: Random, careful: Person[], farmed: Person[]): void {
  for (const [i, person] of careful.entries()) {
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
    browser: laptopBrowser(borrower),
    session: sessionOf(world, borrower, day),
    handset,
  });
  world.plan({
    kind: 'sign-in',
    time: time + 4 * MINUTE,
    person: borrower,
    network,
    browser: laptopBrowser(borrower),
    session: sessionOf(world, borrower, day),
    ...(borrower.device ? { device: borrower.device } : {}),
    phone: { handset, network: (lender.base ?? lender.home).network },
  });
}
