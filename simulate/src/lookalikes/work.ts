import { cityNamed } from '../cities.js';
import { type Device, makeDevice, makeHandset, type RemoteTool } from '../devices.js';
import type { Office } from '../networks.js';
import type { Person } from '../person.js';
import {
  browserOf,
  clones,
  codeEvent,
  homeNetwork,
  installs,
  sessionOf,
  sharesOut,
  workdaysOf,
  workingTime,
} from '../plans.js';
import type { Random } from '../random.js';
import { HOUR, MINUTE } from '../time.js';
import type { World } from '../world.js';
import { coding, freshInLogs, type Maker, single, working } from './maker.js';

/** Ways of working, and machines and phones that are not what they seem. */
export const work: readonly Maker[] = [
  single('night-owl', 0.007, working, (_, person, random) => {
    person.habits.start = random.between(18, 23.5);
  }),
  single(
    'on-call',
    0.007,
    (person) => working(person) && person.engineer,
    (_, person, random) => {
      person.habits.onCall = random.between(0.2, 0.45);
      person.habits.phone = Math.max(person.habits.phone, 0.3);
    },
  ),
  single(
    'support-tools',
    0.005,
    (person) => working(person) && ['Customer Support', 'Information Technology'].includes(person.department),
    (world, person, random) => {
      for (const tool of random.sample<RemoteTool>(['teamviewer', 'anydesk', 'splashtop', 'chrome'], 2)) {
        installs(world, person, tool, moment(world, person, random, 0.5));
      }
    },
  ),
  single('one-remote-tool', 0.011, working, (world, person, random) => {
    const tool = random.pick<RemoteTool>(['teamviewer', 'chrome', 'anydesk', 'jump']);
    installs(world, person, tool, moment(world, person, random, 0.3));
  }),
  single(
    'onboarding-clones',
    0.005,
    (person, world) => freshInLogs(person, world) && person.codeHost !== undefined,
    (world, person, random) => {
      const [first = world.asOf, second = first] = workdaysOf(world, person);
      const time = workingTime(person, second, random);
      const network = homeNetwork(person, time, random);
      clones(world, person, random, random.int(13, 19), time, 4 * HOUR, network, browserOf(person));
    },
  ),
  {
    kind: 'shared-machine',
    share: 0.006,
    who: (person) => working(person) && person.habits.office !== undefined,
    together: (random) => random.int(4, 7),
    befall: (world, people, random) => {
      // One in each office.
      const machines = new Map<Office, Device>();
      for (const person of people) {
        const office = person.habits.office?.office;
        if (!office) continue;
        const device = machines.get(office) ?? makeDevice(random, 'front.desk', world.from);
        machines.set(office, device);
        person.habits.sharedMachine = { device, network: office.network, share: random.between(0.1, 0.3) };
      }
    },
  },
  {
    kind: 'helpdesk-phone',
    share: 0.004,
    who: freshInLogs,
    together: () => Number.POSITIVE_INFINITY,
    befall: lendPhone,
  },
  single('personal-cloud', 0.004, working, (world, person, random) => {
    const time = workingTime(person, someday(world, person, random), random);
    const network = homeNetwork(person, time, random);
    sharesOut(world, person, random, random.int(2, 14), time, 30 * MINUTE, network, browserOf(person));
  }),
  single('opened-repository', 0.002, coding, (world, person, random) => {
    const time = workingTime(person, someday(world, person, random), random);
    const repository = person.codeHost?.repositories[0];
    if (!repository) return;
    codeEvent(
      world,
      person,
      'repo.access',
      time,
      repository,
      homeNetwork(person, time, random),
      browserOf(person),
    );
  }),
  single('own-device', 0.007, working, (world, person, random) => {
    person.ownDevice = makeDevice(random, person.login, world.from, false);
  }),
];

/** The helpdesk's phone takes the first second factor of several newcomers; next day they use their own. */
function lendPhone(world: World, people: readonly Person[], random: Random): void {
  const number = world.identities.phone(cityNamed('Denver', 'US'));
  const handset = makeHandset(random, number, world.from);
  const office = world.networks.offices[0]?.network;
  for (const person of people) {
    const [first, second] = workdaysOf(world, person);
    if (first === undefined) continue;
    person.enrols = 'planned';
    const browser = browserOf(person);
    const lent = { ...handset, oktaEnrollmentId: `opf${random.token(17)}` };
    const device = person.device ? { device: person.device } : {};
    const at = (day: number, time: number) => ({
      time,
      person,
      network: homeNetwork(person, time, random),
      browser,
      session: sessionOf(world, person, day),
    });
    const time = workingTime(person, first, random);
    const now = at(first, time);
    world.plan({ ...now, kind: 'factor-added', handset: lent });
    world.plan({
      ...now,
      kind: 'sign-in',
      time: time + 5 * MINUTE,
      ...device,
      phone: { handset: lent, network: office ?? now.network },
    });
    const later = second === undefined ? time + 3 * HOUR : workingTime(person, second, random);
    world.plan({ ...at(second ?? first, later), kind: 'factor-added', handset: person.handset });
  }
}

function someday(world: World, person: Person, random: Random): number {
  const days = workdaysOf(world, person);
  return days.length > 0 ? random.pick(days) : world.asOf;
}

/** When a program came onto a laptop: within the logs in that share of cases, else soon after hiring. */
function moment(world: World, person: Person, random: Random, inLogs: number): number {
  const days = workdaysOf(world, person);
  if (random.chance(inLogs) && days.length > 0) return workingTime(person, random.pick(days), random);
  return (person.startedAt as number) + random.int(5, 200) * HOUR;
}
