import { kilometres } from './cities.js';
import type { Browser, RemoteTool, UsbDevice } from './devices.js';
import { remoteProgram } from './devices.js';
import type { CodeEvent } from './happenings.js';
import type { Network } from './networks.js';
import type { Person, Stay } from './person.js';
import type { Random } from './random.js';
import { repositories } from './repositories.js';
import { DAY, dayOf, HOUR, isWeekend } from './time.js';
import type { World } from './world.js';

/** The connection at home on a day. */
export function homeNetwork(person: Person, time: number, random: Random): Network {
  if (person.habits.homePool && !person.base) return random.pick(person.habits.homePool);
  if (person.renumbered && time >= person.renumbered.at) return person.renumbered.network;
  if (person.base) return person.base.network;
  return person.moved && time < person.moved.at ? person.moved.from.network : person.home.network;
}

/** The browser somebody works in. */
export function browserOf(person: Person): Browser {
  return person.device?.browser ?? person.handset.browser;
}

/** The Okta session of somebody's day. */
export function sessionOf(world: World, person: Person, day: number): string {
  return `102${world.random('session', person.index, day).token(21)}`;
}

/** Weekdays of the logs on which somebody is at work and not away, from `after` on. */
export function workdaysOf(world: World, person: Person, after = 0): number[] {
  const list: number[] = [];
  const first = Math.max(world.from, dayOf(Math.max(after, person.startedAt ?? world.asOf)));
  const last = Math.min(world.asOf, (person.leftAt ?? Number.POSITIVE_INFINITY) - DAY);
  for (let day = first; day <= last; day += DAY)
    if (!isWeekend(day) && !person.off.has(day) && !away(person, day)) list.push(day);
  return list;
}

function away(person: Person, day: number): boolean {
  return person.stays.some((one) => day >= one.from - DAY && day <= one.to + DAY);
}

/** A moment in the middle of somebody's working day, in UTC. */
export function workingTime(person: Person, day: number, random: Random): number {
  const utc = person.home.address.city.utc;
  const hour =
    (((person.habits.start + random.between(1, Math.max(2, person.habits.length - 2)) - utc) % 24) + 24) % 24;
  return day + Math.floor(hour * HOUR);
}

/** A remote-access program appears on somebody's laptop. */
export function installs(world: World, person: Person, tool: RemoteTool, at: number): void {
  const { device } = person;
  if (!device) return;
  const program = remoteProgram(tool, at);
  device.programs.push(program);
  world.plan({ kind: 'program', time: at, person, device, program, parent: 'browser' });
}

/** Something is plugged into somebody's laptop. */
export function plugsIn(world: World, person: Person, usb: UsbDevice): void {
  const { device } = person;
  if (!device) return;
  device.usb.push(usb);
  world.plan({ kind: 'usb', time: usb.at, person, device, usb });
}

/** Clones many repositories one after another; gives the time of the last. */
export function clones(
  world: World,
  person: Person,
  random: Random,
  count: number,
  from: number,
  over: number,
  network: Network,
  browser: Browser,
): number {
  let last = from;
  for (const [i, repository] of random.sample(repositories, count).entries()) {
    const time = from + Math.floor((i / count) * over) + random.int(0, 40_000);
    world.plan({ kind: 'code', time, person, network, browser, event: 'git.clone', repository });
    last = Math.max(last, time);
  }
  return last;
}

export function codeEvent(
  world: World,
  person: Person,
  event: CodeEvent,
  time: number,
  repository: string,
  network: Network,
  browser: Browser,
): void {
  world.plan({ kind: 'code', time, person, network, browser, event, repository });
}

const titles = [
  'Roadmap',
  'Quarterly plan',
  'Customer list',
  'Architecture overview',
  'Pricing model',
  'Incident review',
  'Data dictionary',
  'Deployment guide',
  'Model notes',
  'Interview notes',
];

/** Shares documents with their own private mailbox. */
export function sharesOut(
  world: World,
  person: Person,
  random: Random,
  count: number,
  from: number,
  over: number,
  network: Network,
  browser: Browser,
): void {
  for (let i = 0; i < count; i++) {
    const time = from + Math.floor((i / count) * over) + random.int(0, 20_000);
    const id = random.token(44);
    const title = `${random.pick(titles)} ${random.int(1, 60)}`;
    world.plan({
      kind: 'drive',
      time,
      person,
      network,
      browser,
      event: 'share',
      title,
      id,
      target: person.personalEmail,
    });
    world.plan({
      kind: 'drive',
      time: time + 15_000,
      person,
      network,
      browser,
      event: 'download',
      title,
      id,
    });
  }
}

/** A stay elsewhere with a true journey there and back; nothing if somebody is already away then. */
export function travels(
  person: Person,
  network: Network,
  from: number,
  nights: number,
  how: { corporateVpn?: number; vpn?: Stay['vpn']; roaming?: boolean } = {},
): Stay | undefined {
  const to = from + nights * DAY;
  if (person.stays.some((one) => from - DAY <= one.to && to + DAY >= one.from)) return undefined;
  const home = person.home.address.city;
  const distance = kilometres(home, network.city);
  const journey = distance > 350 ? (distance / 780 + 2.6) * HOUR : (distance / 75 + 0.5) * HOUR;
  const leave = from + ((((11 - home.utc) % 24) + 24) % 24) * HOUR;
  const depart = to + ((((10 - network.city.utc) % 24) + 24) % 24) * HOUR;
  const stay: Stay = {
    from,
    to,
    network,
    leave,
    arrive: leave + journey,
    depart: Math.max(depart, leave + journey + 4 * HOUR),
    home: Math.max(depart, leave + journey + 4 * HOUR) + journey,
    corporateVpn: how.corporateVpn ?? 0,
    roaming: how.roaming ?? false,
    ...(how.vpn ? { vpn: how.vpn } : {}),
  };
  person.stays.push(stay);
  for (let day = from; day <= to; day += DAY) person.off.delete(day);
  return stay;
}
