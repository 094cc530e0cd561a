import type { Browser } from './devices.js';
import type { Happening } from './happenings.js';
import type { Network } from './networks.js';
import type { Person, Stay } from './person.js';
import { worksOn } from './person.js';
import { homeNetwork, sessionOf } from './plans.js';
import type { Random } from './random.js';
import { repositories } from './repositories.js';
import { DAY, HOUR, isWeekend, MINUTE } from './time.js';
import type { World } from './world.js';

interface Where {
  time: number;
  person: Person;
  network: Network;
  browser: Browser;
}

const apps = [
  'Google Workspace',
  'Slack',
  'GitHub Enterprise Cloud',
  'Jira',
  'Confluence',
  'Zoom',
  'Workday',
  'Salesforce',
  'Notion',
  'Datadog',
  'Figma',
  'Zendesk',
];
const documents = [
  'Weekly notes',
  'Team plan',
  'Onboarding checklist',
  'Budget',
  'Runbook',
  'Launch plan',
  'Retro',
  'Hiring scorecard',
  'Customer interviews',
  'Release notes',
];

/** All that happens on a day, in order of time. What runs past midnight comes back as the next day's beginning. */
export function* everyDay(world: World): Generator<{ day: number; happenings: Happening[] }> {
  let late: Happening[] = [];
  for (let day = world.from; day <= world.asOf; day += DAY) {
    const happenings = late;
    late = [];
    const end = day + DAY;
    const add = (happening: Happening) => (happening.time < end ? happenings : late).push(happening);
    for (const person of world.people) {
      if (!worksOn(person, day)) continue;
      for (const happening of workOn(world, person, day)) add(happening);
    }
    for (const happening of world.planned.get(day) ?? []) add(happening);
    world.planned.delete(day);
    happenings.sort(
      (a, b) =>
        a.time - b.time ||
        a.person.index - b.person.index ||
        (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0),
    );
    yield { day, happenings };
  }
}

/** What one person does on one day. */
function workOn(world: World, person: Person, day: number): Happening[] {
  const random = world.random('day', person.index, day / DAY);
  const happenings: Happening[] = [];
  const { habits } = person;
  const stay = person.stays.find((one) => day >= one.from && day <= one.to);
  const weekend = isWeekend(day);
  const idle = weekend || (person.off.has(day) && day !== person.startedAt);
  if (idle && !random.chance(habits.onCall > 0 ? habits.onCall : 0.02)) return happenings;

  const place = new Place(world, person, day, stay, random);
  const start =
    day + Math.floor(((((habits.start + random.around(0, 0.8) - place.utc) % 24) + 24) % 24) * HOUR);
  const length = habits.length * HOUR;
  const browser = person.device?.browser ?? person.handset.browser;
  const session = sessionOf(world, person, day);
  const within = () => start + Math.floor(random.unit() * length);
  const onLaptop = person.device ? { device: person.device } : {};
  const from = (time: number, overlay = true): Where | undefined => {
    const network = place.network(time, overlay);
    return network ? { time, person, network, browser } : undefined;
  };
  const push = (happening: Happening | undefined) => {
    if (happening) happenings.push(happening);
  };

  if (idle) {
    // Somebody was paged, or looked something up.
    const at = from(day + Math.floor(random.unit() * DAY));
    if (at) {
      push({ ...at, kind: 'sign-in', session, ...onLaptop, phone: place.phone(at.network, random) });
      push({ ...at, kind: 'app', time: at.time + 3 * MINUTE, session, app: random.pick(apps), ...onLaptop });
    }
    return happenings;
  }

  if (random.chance(stay || place.unusual ? 0.85 : 0.55)) {
    const at = from(start);
    if (at && random.chance(0.02))
      push({ ...at, kind: 'password-wrong', time: Math.max(day, at.time - MINUTE) });
    if (at) push({ ...at, kind: 'sign-in', session, ...onLaptop, phone: place.phone(at.network, random) });
  }
  if (person.enrols === 'on-first-day' && day === person.startedAt) {
    const at = from(start + 25 * MINUTE);
    if (at) push({ ...at, kind: 'factor-added', session, handset: person.handset });
  }
  for (let i = random.count(0.95); i > 0; i--) {
    const at = from(within());
    if (at) push({ ...at, kind: 'app', session, app: random.pick(apps), ...onLaptop });
  }
  if (random.chance(habits.phone)) {
    const time = Math.max(day, within() + Math.floor(random.between(-2, 5) * HOUR));
    const count = habits.roams ? random.int(1, 4) : 1;
    const phoneSession = `102${random.token(21)}`;
    for (let i = 0; i < count; i++) {
      const at = {
        time: time + i * random.int(4, 50) * MINUTE,
        person,
        network: place.mobile(random),
        browser: person.handset.browser,
      };
      if (i === 0)
        push({
          ...at,
          kind: 'sign-in',
          session: phoneSession,
          phone: { handset: person.handset, network: at.network },
        });
      else push({ ...at, kind: 'app', session: phoneSession, app: random.pick(apps.slice(0, 6)) });
    }
  }
  if (habits.sharedMachine && !stay && random.chance(habits.sharedMachine.share)) {
    const { device, network } = habits.sharedMachine;
    const time = within();
    push({
      kind: 'sign-in',
      time,
      person,
      network,
      browser: device.browser,
      session: `102${random.token(21)}`,
      device,
      phone: { handset: person.handset, network },
    });
  }
  if (person.ownDevice && random.chance(0.2)) {
    const at = from(within());
    if (at)
      push({
        ...at,
        kind: 'sign-in',
        browser: person.ownDevice.browser,
        session: `102${random.token(21)}`,
        device: person.ownDevice,
        phone: place.phone(at.network, random),
      });
  }
  if (random.chance(0.1)) {
    const at = from(within());
    if (at) push({ ...at, kind: 'google-login' });
  }
  for (let i = random.count(0.35); i > 0; i--) {
    const at = from(within(), false);
    if (at)
      push({
        ...at,
        kind: 'drive',
        event: random.weighted([
          ['view', 6],
          ['edit', 4],
          ['download', 1.2],
        ]),
        title: `${random.pick(documents)} ${random.int(1, 90)}`,
        id: random.token(44),
      });
  }
  if (random.chance(0.008)) {
    const at = from(within(), false);
    const [app, clientId] = random.pick(grantable);
    if (at)
      push({
        ...at,
        kind: 'grant',
        app,
        clientId,
        scopes: [
          'https://www.googleapis.com/auth/userinfo.email',
          'https://www.googleapis.com/auth/calendar.events',
        ],
      });
  }
  if (person.codeHost) workOnCode(person, random, () => from(within(), false), push);
  if (random.chance(0.1)) {
    const at = from(within());
    if (at)
      push({
        ...at,
        kind: 'slack',
        event: random.weighted([
          ['user_login', 4],
          ['file_downloaded', 3],
          ['file_uploaded', 2],
        ]),
        file: `${random.pick(documents)}.pdf`,
      });
  }
  if (random.chance(0.14) && person.device) {
    const at = from(start + random.int(0, 12) * 30 * MINUTE, false);
    if (at)
      push({
        ...at,
        kind: 'meeting',
        minutes: random.pick([15, 25, 30, 45, 50]),
        device: person.device,
        camera: random.chance(0.9) ? person.device.camera : '',
        meeting:
          90_000_000_000 +
          ((Math.floor(at.time / HOUR) * 7919 + (person.manager?.index ?? person.index) * 104_729) %
            9_000_000_000),
      });
  }
  return happenings;
}

const grantable = [
  ['Calendly', '305612847219-calbook.apps.googleusercontent.com'],
  ['Zoom', '849883241272-zoomcal.apps.googleusercontent.com'],
  ['Notion', '905154081809-notiond.apps.googleusercontent.com'],
  ['Loom', '483729104857-loomrec.apps.googleusercontent.com'],
] as const;

function workOnCode(
  person: Person,
  random: Random,
  at: () => Where | undefined,
  push: (happening: Happening) => void,
): void {
  const own = person.codeHost?.repositories ?? [];
  for (let i = random.count(0.8); i > 0; i--) {
    const where = at();
    if (!where) continue;
    const event = random.weighted([
      ['git.push', 5],
      ['git.fetch', 6],
      ['git.clone', 1],
    ] as const);
    const repository = random.chance(0.96) ? random.pick(own) : random.pick(repositories);
    push({ ...where, kind: 'code', event, repository });
  }
  if (random.chance(0.002)) {
    const where = at();
    if (where)
      push({
        ...where,
        kind: 'code',
        event: 'personal_access_token.access_granted',
        repository: random.pick(own),
      });
  }
}

/** Where somebody is on a day, and what the outside sees of it. */
class Place {
  readonly utc: number;
  /** Not the usual place, so that a sign-in is likely to be asked for. */
  readonly unusual: boolean;
  readonly #person: Person;
  readonly #stay: Stay | undefined;
  readonly #base: Network;
  readonly #random: Random;
  readonly #world: World;

  constructor(world: World, person: Person, day: number, stay: Stay | undefined, random: Random) {
    const { habits } = person;
    this.#world = world;
    this.#person = person;
    this.#stay = stay;
    this.#random = random;
    const home = homeNetwork(person, day, random);
    let base = home;
    if (!stay && habits.elsewhere && random.chance(habits.elsewhere.share)) base = habits.elsewhere.network;
    else if (!stay && habits.office && random.chance(habits.office.share))
      base = habits.office.office.network;
    this.#base = base;
    this.unusual = base !== home;
    this.utc = stay && day > stay.from ? stay.network.city.utc : person.home.address.city.utc;
  }

  /** The address seen at a moment; none on the way. `overlay`: through a browser, which may go through a relay or VPN. */
  network(time: number, overlay: boolean): Network | undefined {
    const { habits } = this.#person;
    const random = this.#random;
    const stay = this.#person.stays.find((one) => time >= one.leave && time < one.home);
    if (stay && (time < stay.arrive || time >= stay.depart)) return undefined;
    if (stay) {
      if (stay.vpn && random.chance(stay.vpn.share)) return random.pick(stay.vpn.exits);
      if (random.chance(stay.corporateVpn)) return random.pick(this.#world.networks.corporateVpn);
      return stay.network;
    }
    if (overlay && habits.relay && random.chance(habits.relay.share)) return random.pick(habits.relay.exits);
    if (habits.vpn && random.chance(habits.vpn.share)) return random.pick(habits.vpn.exits);
    if (habits.corporateVpn > 0 && random.chance(habits.corporateVpn))
      return random.pick(this.#world.networks.corporateVpn);
    return this.#base;
  }

  /** Where the second factor is answered: mostly on the same Wi-Fi, else by mobile data. */
  phone(network: Network, random: Random): { handset: Person['handset']; network: Network } {
    const { habits, handset } = this.#person;
    if (habits.mfaFrom) return { handset, network: habits.mfaFrom };
    if (random.chance(0.3)) return { handset, network: this.mobile(random) };
    // A tunnel on the laptop is not on the phone.
    return {
      handset,
      network:
        network.isProxy || this.#world.networks.corporateVpn.includes(network)
          ? (this.#stay?.network ?? this.#base)
          : network,
    };
  }

  mobile(random: Random): Network {
    if (this.#stay && !this.#stay.roaming) return this.#stay.network;
    return random.pick(this.#person.habits.mobile);
  }
}
