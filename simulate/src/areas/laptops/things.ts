import type { Device, Display, Program, UsbDevice } from '../../devices.js';
import type { Network } from '../../networks.js';
import type { Person } from '../../person.js';
import { workdaysOf, workingTime } from '../../plans.js';
import type { Random } from '../../random.js';
import { MINUTE } from '../../time.js';
import type { World } from '../../world.js';

/** One line of the notes a remote-access program keeps. */
export interface Visit {
  time: number;
  person: Person;
  tool: 'AnyDesk' | 'TeamViewer';
  /** The number of the computer that comes in. */
  visitor: string;
  /** AnyDesk: `User` where somebody at the laptop let them in. */
  way: 'User' | 'Passwd' | 'Token';
  minutes: number;
}

const kept = new WeakMap<World, Visit[]>();

export function visitsOf(world: World): Visit[] {
  const list = kept.get(world) ?? [];
  kept.set(world, list);
  return list;
}

/** Comes in on that share of the working days from `from` on; gives the days. */
export function visits(
  world: World,
  person: Person,
  random: Random,
  how: { tool: Visit['tool']; visitor: string; share: number; from: number; way?: Visit['way'] },
): number[] {
  const days = workdaysOf(world, person, how.from).filter(() => random.chance(how.share));
  for (const day of days) {
    visitsOf(world).push({
      time: workingTime(person, day, random),
      person,
      tool: how.tool,
      visitor: how.visitor,
      way: how.way ?? random.pick(['Passwd', 'Token']),
      minutes: random.int(20, 440),
    });
  }
  return days;
}

/** The first day on which the exports show what was on a laptop all along. */
export function firstShown(world: World, person: Person): number {
  return Math.max(person.startedAt ?? world.asOf, world.from);
}

export function extension(device: Device, [id, name, version]: readonly [string, string, string]): void {
  if (!device.extensions.some((one) => one.id === id)) device.extensions.push({ id, name, version });
}

/** Extensions by the names they show; the ids are made up, in the form of real ones. */
export const helpers = {
  simplify: ['aaaaaaaabbbbbbbbccccccccdddddddd', 'Simplify Copilot - Autofill job applications', '2.3.9'],
  aiapply: ['bbbbbbbbccccccccddddddddeeeeeeee', 'AiApply', '1.8.0'],
  finalRound: ['ccccccccddddddddeeeeeeeeffffffff', 'Final Round AI', '4.0.2'],
  authenticator: ['ddddddddeeeeeeeeffffffffgggggggg', 'Authenticator', '8.0.2'],
  otp: ['eeeeeeeeffffffffgggggggghhhhhhhh', 'OTP.ee', '1.1.0'],
} as const;

const program = (
  name: string,
  version: string,
  publisher: string,
  bundle: string,
  windows: string,
  macos: string,
) => ({
  name,
  version,
  publisher,
  bundle,
  process: { windows, macos },
});
export const programs = {
  caffeine: program(
    'Caffeine',
    '1.98',
    'Zhorn Software',
    'com.example.caffeine',
    'C:\\Tools\\caffeine64.exe',
    '/Applications/Caffeine.app/Contents/MacOS/Caffeine',
  ),
  awake: program(
    'KeepingYouAwake',
    '1.6.6',
    'Marcel Dierkes',
    'info.marcel-dierkes.KeepingYouAwake',
    'C:\\Tools\\MouseJiggler.exe',
    '/Applications/KeepingYouAwake.app/Contents/MacOS/KeepingYouAwake',
  ),
  astrill: program(
    'Astrill',
    '3.12.0',
    'Astrill Systems Corp.',
    'com.astrill.Astrill',
    'C:\\Program Files (x86)\\Astrill\\astrill.exe',
    '/Applications/Astrill.app/Contents/MacOS/Astrill',
  ),
  nord: program(
    'NordVPN',
    '7.45.1',
    'nordvpn s.a.',
    'com.nordvpn.macos',
    'C:\\Program Files\\NordVPN\\NordVPN.exe',
    '/Applications/NordVPN.app/Contents/MacOS/NordVPN',
  ),
  mullvad: program(
    'Mullvad VPN',
    '2025.9',
    'Mullvad VPN AB',
    'net.mullvad.vpn',
    'C:\\Program Files\\Mullvad VPN\\Mullvad VPN.exe',
    '/Applications/Mullvad VPN.app/Contents/MacOS/Mullvad VPN',
  ),
  gologin: program(
    'GoLogin',
    '4.1.2',
    'GoLogin Inc.',
    'com.example.gologin',
    'C:\\Users\\Public\\GoLogin\\gologin.exe',
    '/Applications/GoLogin.app/Contents/MacOS/GoLogin',
  ),
  bluestacks: program(
    'BlueStacks',
    '5.22.0',
    'now.gg, Inc.',
    'com.example.bluestacks',
    'C:\\Program Files\\BlueStacks_nxt\\HD-Player.exe',
    '/Applications/BlueStacks.app/Contents/MacOS/BlueStacks',
  ),
} as const;

/** A program comes onto a laptop, on one of somebody's working days. */
export function puts(
  world: World,
  person: Person,
  random: Random,
  name: keyof typeof programs,
): number | undefined {
  const { device } = person;
  const days = workdaysOf(world, person);
  if (!device || days.length === 0) return undefined;
  const at = workingTime(person, days[random.int(0, Math.min(12, days.length - 1))] as number, random);
  const one: Program = { at, ...programs[name] };
  device.programs.push(one);
  world.plan({ kind: 'program', time: at, person, device, program: one });
  return at;
}

/** Three tools of the system within minutes, on the first day of work. */
export function looksAround(world: World, person: Person, random: Random): number | undefined {
  const [day] = workdaysOf(world, person);
  const { device } = person;
  if (device?.os !== 'windows' || day === undefined || (person.startedAt ?? 0) < world.from) return undefined;
  if (day >= (person.startedAt as number) + 6 * 24 * 60 * MINUTE) return undefined;
  const time = workingTime(person, day, random);
  for (const [i, name] of ['dxdiag', 'systeminfo', 'whoami'].entries()) {
    const image = `C:\\Windows\\System32\\${name}.exe`;
    world.plan({
      kind: 'process',
      time: time + i * random.int(40, 150) * 1000,
      person,
      device,
      image,
      command: name,
    });
  }
  return time;
}

/** Works on the laptop from another machine, on that share of the days; gives the third day. */
export function overRemoteDesktop(
  world: World,
  person: Person,
  random: Random,
  share: number,
  from: string,
): number | undefined {
  const { device } = person;
  if (device?.os !== 'windows') return undefined;
  const days = workdaysOf(world, person).filter(() => random.chance(share));
  for (const day of days)
    world.plan({ kind: 'remote-desktop', time: workingTime(person, day, random), person, device, from });
  return days[2];
}

/** Stays in one call all day, on some days; gives the third. */
export function staysInCalls(
  world: World,
  person: Person,
  random: Random,
  network: Network,
  share: number,
): number | undefined {
  const { device } = person;
  if (!device) return undefined;
  const days = workdaysOf(world, person).filter(() => random.chance(share));
  for (const day of days) {
    const start = workingTime(person, day, random) - 90 * MINUTE;
    world.plan({
      kind: 'meeting',
      time: start,
      person,
      network,
      browser: device.browser,
      minutes: random.int(490, 680),
      device,
      camera: '',
      meeting: 98_000_000_000 + person.index,
    });
  }
  return days[2];
}

/** A router bought for journeys stands between the laptop and the line. */
export function bringsRouter(person: Person, network: Network): void {
  if (!network.local) return;
  const end = network.local.gatewayMac.slice(9);
  network.local = {
    ...network.local,
    gatewayMac: `94:83:c4:${end}`,
    ssid: person.index % 2 === 0 ? `GL-MT3000-${end.slice(-2)}c` : network.local.ssid,
    lan: '192.168.8',
    gatewayIp: '192.168.8.1',
  };
}

/** A remote-control box under the id and name of an ordinary receiver, with what Windows sees behind it. */
export function disguisedBox(random: Random, at: number): UsbDevice {
  const serial = random.hex(8).toUpperCase();
  const behind = random.hex(7);
  return {
    at,
    vendorId: '046d',
    modelId: 'c52b',
    vendor: 'Logitech',
    model: 'USB Receiver',
    serial,
    removable: true,
    class: 'USB',
    parts: [
      {
        id: `HID\\VID_046D&PID_C52B&MI_00\\7&${behind}&0&0000`,
        description: 'HID Keyboard Device',
        class: 'Keyboard',
      },
      {
        id: `HID\\VID_046D&PID_C52B&MI_01\\7&${behind}&0&0001`,
        description: 'HID-compliant mouse',
        class: 'Mouse',
      },
      {
        id: `USB\\VID_046D&PID_C52B&MI_02\\6&${behind}&0&0002`,
        description: 'USB Mass Storage Device',
        class: 'USB',
      },
    ],
  };
}

/** What a box shows as a display while nobody changes what it came with. */
export const presets: readonly Display[] = [
  { name: 'B246WL', vendorId: '472', productId: '565', serial: '1613f8a', inWords: 'T8NEE0038522' },
  { name: 'DELL D2721H', vendorId: '10ac', productId: '2013', serial: '39363945', inWords: '3S5GQ23' },
];
export const named: Display = { name: 'PiKVM V3', vendorId: '31d8', productId: '7771', serial: 'cafebabe' };
/** The data a maker of capture chips gives as an example. */
export const sample: Display = {
  name: 'T749-fHD720',
  vendorId: '5262',
  productId: '8801',
  serial: '88888800',
};
