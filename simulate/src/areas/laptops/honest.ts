import type { UsbDevice } from '../../devices.js';
import {
  alone,
  fresh,
  freshInLogs,
  type Maker,
  pair,
  remote,
  single,
  working,
} from '../../lookalikes/maker.js';
import type { Person } from '../../person.js';
import { homeNetwork, installs, plugsIn, workdaysOf, workingTime } from '../../plans.js';
import type { Random } from '../../random.js';
import { DAY } from '../../time.js';
import type { World } from '../../world.js';
import { leonardo } from './rings.js';
import {
  bringsRouter,
  extension,
  helpers,
  looksAround,
  overRemoteDesktop,
  presets,
  puts,
  sample,
  staysInCalls,
  visits,
} from './things.js';

const onLaptop = (person: Person): boolean => working(person) && person.device?.managed === true;
const onWindows = (person: Person): boolean => onLaptop(person) && person.device?.os === 'windows';

/** Circumstances of honest people that laptops show. About half of everybody on record works here, so shares double. */
export const makers: readonly Maker[] = [
  // Sits at the big computer at home and works on the laptop beside it; often for the sake of eyes or hands.
  single('reaches-own-laptop', 0.004, onLaptop, (world, person, random) => {
    const at = someday(world, person, random);
    installs(world, person, 'anydesk', at);
    visits(world, person, random, {
      tool: 'AnyDesk',
      visitor: `3${random.digits(8)}`,
      share: random.between(0.1, 0.6),
      from: at + DAY,
    });
  }),
  single('works-over-remote-desktop', 0.005, onWindows, (world, person, random) => {
    overRemoteDesktop(world, person, random, random.between(0.1, 0.7), '192.168.1.50');
  }),
  // One helper of a supplier, in the laptops of two who use the same product.
  pair('same-helper', 0.002, onLaptop, (world, one, other, random) => {
    const visitor = `6${random.digits(8)}`;
    for (const person of [one, other]) {
      const at = someday(world, person, random);
      installs(world, person, 'teamviewer', at);
      visits(world, person, random, { tool: 'TeamViewer', visitor, share: 0.12, from: at, way: 'User' });
    }
  }),
  // Records the laptop's picture through a capture device, or tests such boxes at work.
  single('records-the-screen', 0.001, onLaptop, (_, person, random) => {
    person.device?.displays.push(random.chance(0.8) ? sample : (presets[0] as (typeof presets)[0]));
  }),
  // A cheap monitor, every piece with one serial number.
  pair('cheap-monitors', 0.003, onLaptop, (_, one, other) => {
    const screen = { name: 'Generic FHD', vendorId: '2e80', productId: '2400', serial: 'a5001234' };
    for (const person of [one, other]) person.device?.displays.push(screen);
  }),
  // The monitor of somebody who left, sent to somebody who came.
  single('monitor-sent-on', 0.004, freshInLogs, (world, person, random) => {
    const screen = { name: 'DELL U2723QE', vendorId: '10ac', productId: '42f6', serial: random.hex(8) };
    const left = world.people.filter(
      (one) =>
        !one.ring &&
        one.device &&
        (one.leftAt ?? 0) > world.from &&
        (one.leftAt ?? 0) < (person.startedAt ?? 0) - 7 * DAY,
    );
    for (const one of [person, ...random.sample(left, 1)]) one.device?.displays.push(screen);
  }),
  // A keyboard of one's own making keeps its layout on a small disk.
  single('own-keyboard', 0.004, onLaptop, (world, person, random) => {
    plugsIn(world, person, ownKeyboard(someday(world, person, random)));
  }),
  single('hobby-board', 0.006, onLaptop, (world, person, random) => {
    plugsIn(world, person, leonardo(someday(world, person, random)));
  }),
  single('keeps-awake', 0.025, onLaptop, (world, person, random) => {
    puts(world, person, random, random.chance(0.6) ? 'caffeine' : 'awake');
  }),
  // About one in eight has it off, by habit or on purpose.
  single('location-off', 0.06, onLaptop, (world, person, random) => {
    if (person.device)
      person.device.locationOff = random.chance(0.8) ? world.from : world.from + random.int(5, 70) * DAY;
  }),
  // With a partner or parents for months, in another town than HR has.
  single(
    'lives-elsewhere',
    0.003,
    (person) => alone(person) && !person.habits.homePool,
    (world, person, random) => {
      const { country } = person.home.address.city;
      const others = world.people
        .map((one) => one.home.address.city)
        .filter((city) => city.country === country && city !== person.home.address.city);
      if (others.length > 0) person.base = world.residences.in(random.pick(others));
    },
  ),
  single(
    'travel-router',
    0.012,
    (person) => remote(person) && !person.habits.homePool,
    (world, person, random) => bringsRouter(person, homeNetwork(person, world.asOf, random)),
  ),
  // Pair programmers, interpreters, a team that keeps its door open.
  single('open-room', 0.005, onLaptop, (world, person, random) => {
    staysInCalls(world, person, random, homeNetwork(person, world.asOf, random), random.between(0.05, 0.35));
  }),
  single(
    'many-accounts-for-work',
    0.003,
    (person) =>
      onLaptop(person) && /Marketing|Sales|Support|Quality/.test(`${person.department} ${person.title}`),
    (world, person, random) => void puts(world, person, random, 'gologin'),
  ),
  single(
    'plays-phone-games',
    0.008,
    onLaptop,
    (world, person, random) => void puts(world, person, random, 'bluestacks'),
  ),
  single('looks-for-a-job', 0.012, onLaptop, (_, person, random) => {
    if (person.device)
      extension(person.device, random.pick([helpers.simplify, helpers.aiapply, helpers.finalRound]));
  }),
  single('codes-in-the-browser', 0.014, onLaptop, (_, person) => {
    if (person.device) extension(person.device, helpers.authenticator);
  }),
  single(
    'knows-the-system',
    0.003,
    (person, world) => onWindows(person) && freshInLogs(person, world),
    (world, person, random) => void looksAround(world, person, random),
  ),
  // A newcomer's laptop, set up by a script of the IT team over a second way in.
  single(
    'set-up-by-script',
    0.002,
    (person, world) => onWindows(person) && fresh(person, world),
    (world, person, random) => {
      const { device } = person;
      if (!device) return;
      const image =
        'C:\\Program Files (x86)\\Google\\Chrome Remote Desktop\\140.0.7339.17\\remoting_start_host.exe';
      const time = someday(world, person, random);
      world.plan({ kind: 'process', time, person, device, image, command: `"${image}" --pin=111111` });
    },
  ),
  single('vpn-of-own', 0.02, onLaptop, (world, person, random) => {
    puts(world, person, random, random.pick(['nord', 'mullvad'] as const));
  }),
];

function someday(world: World, person: Person, random: Random): number {
  const days = workdaysOf(world, person);
  const day = days[random.int(0, Math.min(20, Math.max(0, days.length - 1)))] ?? world.asOf;
  return workingTime(person, day, random);
}

function ownKeyboard(at: number): UsbDevice {
  return {
    at,
    vendorId: '239a',
    modelId: '80f4',
    vendor: 'Adafruit',
    model: 'Pico keyboard',
    serial: 'E66058388371',
    removable: true,
    class: 'USB',
    parts: [
      {
        id: 'HID\\VID_239A&PID_80F4&MI_03\\7&3b1c2d&0&0000',
        description: 'HID Keyboard Device',
        class: 'Keyboard',
      },
      {
        id: 'USB\\VID_239A&PID_80F4&MI_02\\6&3b1c2d&0&0002',
        description: 'USB Mass Storage Device',
        class: 'USB',
      },
    ],
  };
}
