import type { Person } from '../../person.js';
import { homeNetwork, plugsIn, workdaysOf, workingTime } from '../../plans.js';
import type { Random } from '../../random.js';
import { plant } from '../../rings/planted.js';
import { DAY } from '../../time.js';
import type { Sophistication } from '../../truth.js';
import type { World } from '../../world.js';
import {
  bringsRouter,
  disguisedBox,
  extension,
  firstShown,
  helpers,
  looksAround,
  named,
  overRemoteDesktop,
  presets,
  puts,
  staysInCalls,
  visits,
} from './things.js';

/**
 * Shares of members who do a thing, from the published cases as far as they count anything, else from what each degree of
 * care would think of. Careless ones leave what the programs note; careful ones use a disguised box instead of programs
 * and switch off what says where the laptop stands, since both are cheap.
 */
const shares: Record<string, Record<Sophistication, number>> = {
  // Notes of the program are kept where it was installed in the usual way, and nobody thought of deleting them.
  notes: { careless: 0.7, ordinary: 0.55, careful: 0 },
  box: { careless: 0, ordinary: 0.35, careful: 0.45 },
  // The display the box came with; changing it takes a few lines on a settings page.
  preset: { careless: 1, ordinary: 0.9, careful: 0.45 },
  // One monitor and a switch before several laptops of the house.
  oneScreen: { careless: 0.4, ordinary: 0.3, careful: 0 },
  awake: { careless: 0.4, ordinary: 0.3, careful: 0.1 },
  board: { careless: 0.03, ordinary: 0.05, careful: 0.08 },
  locationOff: { careless: 0.2, ordinary: 0.35, careful: 0.55 },
  router: { careless: 0.03, ordinary: 0.12, careful: 0.2 },
  // Astrill is in most published cases, more often on the operator's machine or a router than on the laptop.
  astrill: { careless: 0.25, ordinary: 0.12, careful: 0 },
  vpn: { careless: 0.1, ordinary: 0.2, careful: 0.1 },
  calls: { careless: 0.08, ordinary: 0.12, careful: 0.15 },
  accounts: { careless: 0.15, ordinary: 0.1, careful: 0.05 },
  phone: { careless: 0.08, ordinary: 0.06, careful: 0.03 },
  applies: { careless: 0.3, ordinary: 0.2, careful: 0.08 },
  codes: { careless: 0.2, ordinary: 0.15, careful: 0.05 },
  looks: { careless: 0.4, ordinary: 0.25, careful: 0.1 },
  remoteDesktop: { careless: 0.1, ordinary: 0.12, careful: 0.08 },
  fixedPin: { careless: 0.5, ordinary: 0.35, careful: 0 },
};

export function actOnLaptops(world: World): void {
  for (const { id, members } of world.rings) {
    const random = world.random('laptops-ring', id);
    const operator = random.digits(9).replace(/^0/, '1');
    for (const person of members) actOn(world, random, person, operator);
    shareScreen(world, random, members);
  }
}

function actOn(world: World, random: Random, person: Person, operator: string): void {
  const { device, ring } = person;
  if (!device || !ring || (person.stage !== 'employed' && person.stage !== 'left')) return;
  const does = (what: string) => random.chance(shares[what]?.[ring.sophistication] ?? 0);
  const days = workdaysOf(world, person);
  const shown = firstShown(world, person);
  if (days.length === 0) return;

  const tool = device.programs.find((one) => one.name === 'AnyDesk' || one.name === 'TeamViewer');
  if (tool && does('notes')) {
    // Ordinary rings have more than one operator.
    const visitor =
      ring.sophistication === 'careless' || random.chance(0.5) ? operator : `4${random.digits(8)}`;
    const came = visits(world, person, random, {
      tool: tool.name as 'AnyDesk' | 'TeamViewer',
      visitor,
      share: random.between(0.45, 0.9),
      from: tool.at + DAY,
    });
    if (came[2] !== undefined) plant(world, person, 'EP-04', came[2]);
  }
  const chrome = device.programs.find((one) => one.name === 'Chrome Remote Desktop Host');
  if (chrome && device.os === 'windows' && chrome.at >= world.from && does('fixedPin')) {
    const image =
      'C:\\Program Files (x86)\\Google\\Chrome Remote Desktop\\140.0.7339.17\\remoting_start_host.exe';
    const command = `"${image}" --code="4/0" --redirect-url="https://remotedesktop.google.com/_/oauthredirect" --name=${device.hostname} --pin=000000`;
    world.plan({ kind: 'process', time: chrome.at + 60_000, person, device, image, command });
    plant(world, person, 'EP-03', chrome.at + 60_000);
  }
  if (device.usb.some((one) => one.vendor === 'PiKVM')) {
    device.displays.push(named);
    plant(world, person, 'EP-06', shown);
  } else if (does('box')) {
    const at = workingTime(person, days[0] as number, random);
    plugsIn(world, person, disguisedBox(random, at));
    plant(world, person, 'EP-07', at);
    if (does('preset')) {
      device.displays = [random.pick(presets)];
      plant(world, person, 'EP-06', shown);
    }
  }
  if (does('awake')) {
    const at = puts(world, person, random, 'caffeine');
    if (at) plant(world, person, 'EP-09', at);
  }
  if (does('board')) {
    const at = workingTime(person, days[0] as number, random);
    plugsIn(world, person, leonardo(at));
    plant(world, person, 'EP-09', at);
  }
  if (does('locationOff')) {
    device.locationOff = shown + random.int(0, 5) * DAY;
    // Looked at every other week.
    if (device.locationOff + 30 * DAY < world.asOf)
      plant(world, person, 'EP-10', device.locationOff + 30 * DAY);
  }
  if (does('router')) {
    bringsRouter(person, homeNetwork(person, world.asOf, random));
    if (shown + 45 * DAY < world.asOf) plant(world, person, 'EP-13', shown + 45 * DAY);
  }
  for (const [what, program] of [
    ['astrill', 'astrill'],
    ['vpn', random.pick(['nord', 'mullvad'] as const)],
  ] as const) {
    const at = does(what) ? puts(world, person, random, program) : undefined;
    if (at) plant(world, person, 'EP-15', at);
  }
  if (does('calls')) {
    const third = staysInCalls(world, person, random, homeNetwork(person, world.asOf, random), 0.3);
    if (third !== undefined) plant(world, person, 'EP-16', third);
  }
  for (const [what, program] of [
    ['accounts', 'gologin'],
    ['phone', 'bluestacks'],
  ] as const) {
    const at = does(what) ? puts(world, person, random, program) : undefined;
    if (at) plant(world, person, 'EP-17', at);
  }
  if (does('applies')) {
    extension(device, random.pick([helpers.simplify, helpers.aiapply, helpers.finalRound]));
    plant(world, person, 'EP-17', shown);
  }
  if (does('codes')) {
    extension(device, random.pick([helpers.authenticator, helpers.otp]));
    plant(world, person, 'EP-17', shown);
  }
  if (does('looks')) {
    const at = looksAround(world, person, random);
    if (at) plant(world, person, 'EP-19', at);
  }
  if (does('remoteDesktop')) {
    const third = overRemoteDesktop(world, person, random, 0.4, '192.168.1.30');
    if (third !== undefined) plant(world, person, 'EP-20', third);
  }
}

/** Laptops of one house on one monitor, by a switch; nobody thinks of what a monitor tells. */
function shareScreen(world: World, random: Random, members: readonly Person[]): void {
  const there = members.filter(
    (one) => one.base && one.stage === 'employed' && !one.device?.displays.some((each) => each === named),
  );
  const [first] = there;
  if (there.length < 2 || !first?.ring || !random.chance(shares.oneScreen?.[first.ring.sophistication] ?? 0))
    return;
  const sharing = there.filter((one) => one.base === first.base).slice(0, 3);
  if (sharing.length < 2) return;
  const screen = { name: 'LG HDR 4K', vendorId: '1e6d', productId: '7707', serial: random.hex(8) };
  const since = Math.max(...sharing.map((one) => firstShown(world, one)));
  for (const person of sharing) {
    person.device?.displays.push(screen);
    // Displays are looked at every six weeks.
    if (since + 49 * DAY < world.asOf) plant(world, person, 'EP-08', since + 49 * DAY);
  }
}

export function leonardo(at: number) {
  return {
    at,
    vendorId: '2341',
    modelId: '8036',
    vendor: 'Arduino LLC',
    model: 'Arduino Leonardo',
    serial: '',
    removable: true,
    class: 'HIDClass' as const,
  };
}
