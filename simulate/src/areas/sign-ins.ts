import { join } from 'node:path';
import { citiesOf, kilometres } from '../cities.js';
import { type Device, makeBrowser, makeDevice, makeHandset } from '../devices.js';
import { Document, Output } from '../files.js';
import { alone, freshInLogs, type Maker, remote, single, working } from '../lookalikes/maker.js';
import type { Network } from '../networks.js';
import { cityOf, emailOn, type Person } from '../person.js';
import { browserOf, homeNetwork, sessionOf, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { plant } from '../rings/planted.js';
import { compare } from '../text.js';
import { DAY, HOUR, iso, MINUTE } from '../time.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { elsewhereOf, shareOf, someDays, turns, workingMembers } from './elsewhere.js';
import { Kept } from './records.js';

interface Alert {
  person: Person;
  at: number;
  title: string;
  severity: 'low' | 'medium' | 'high';
  service: string;
  actor?: string;
}
interface Risk {
  person: Person;
  at: number;
  kind: string;
  level: 'low' | 'medium';
  settled: boolean;
}

const alerts = new Kept<Alert>();
const risks = new Kept<Risk>();

/**
 * Sign-ins that show more hands or places than one. Shares follow the reports: careless operators sit at machines of
 * their own and work in shifts; careful ones route a house through a VPN, and seldom show the rest.
 */
export const signIns: Area = {
  name: 'sign-ins',
  rings(world) {
    const own = turns(world, 'own machine');
    const both = turns(world, 'both at once');
    const long = turns(world, 'long session');
    const shifts = turns(world, 'shifts');
    const router = turns(world, 'router');
    const named = turns(world, 'named');
    const risky = turns(world, 'risky');
    const factor = turns(world, 'factor');
    for (const person of workingMembers(world)) {
      const random = world.random('sign-ins', person.index);
      const days = workdaysOf(world, person);
      const { browser, exits } = elsewhereOf(world, person);
      const [first] = days;
      if (first === undefined) continue;
      for (const { at } of relaysAsked(world, person)) plant(world, person, 'NW-01', at);
      if (own(shareOf(person, 0.5, 0.3, 0.1))) {
        const machine = makeDevice(random, person.login, world.from, false);
        for (const [i, day] of someDays(days, random, 4, 8).entries()) {
          const at = workingTime(person, day, random);
          signInOn(world, person, machine, random.pick(exits), at, random);
          if (i === 2) plant(world, person, 'SI-09', at);
        }
      }
      if (both(shareOf(person, 0.6, 0.35, 0.2)))
        atOnce(world, person, random, someDays(days, random, 6, 12), browser, exits, true);
      // Two who share a desk elsewhere hand over without signing out.
      if (days.length > 4 && long(shareOf(person, 0.3, 0.15, 0.08))) {
        const at = workingTime(person, random.pick(days.slice(0, -3)), random);
        plant(world, person, 'SI-11', stretch(world, person, random, at, random.int(27, 38) * HOUR, true));
      }
      if (days.length > 8 && shifts(shareOf(person, 0.2, 0.12, 0.06))) {
        const at = workingTime(person, days[random.int(1, days.length - 7)] ?? first, random);
        plant(world, person, 'WP-03', stretch(world, person, random, at, random.int(126, 150) * HOUR, false));
      }
      // The whole house behind a small router with a VPN: careful members only, as the others need no such thing.
      const client = person.device?.programs.some((one) => /vpn|astrill/i.test(one.name)) ?? true;
      if (!client && router(shareOf(person, 0, 0.1, 0.35))) {
        person.habits.vpn = { exits: [...exits], share: 0.85 };
        plant(world, person, 'NW-02', days[Math.min(9, days.length - 1)] as number);
        plant(world, person, 'SI-01', days[Math.min(5, days.length - 1)] as number);
      }
      const late = random.pick(days.slice(Math.floor(days.length / 2)));
      if (named(shareOf(person, 0.3, 0.15, 0.06))) {
        const at = workingTime(person, late, random);
        alerts.of(world).push({ person, at, ...theirs });
        plant(world, person, 'SI-14', at);
      }
      if (risky(shareOf(person, 0.6, 0.35, 0.15)))
        for (const day of someDays(days, random, 3, 8)) addRisk(world, person, day, random);
      if (factor(shareOf(person, 0.4, 0.3, 0.2)) && (person.startedAt as number) >= world.from) {
        const day = days[random.int(2, 4)] ?? first;
        if (day < (person.startedAt as number) + 7 * DAY)
          plant(world, person, 'SI-15', newPhone(world, person, random, day));
      }
    }
  },
  makers: makers(),
  everybody(world) {
    for (const person of world.people) {
      const random = world.random('alerts', person.index);
      installClient(person);
      const days = workdaysOf(world, person);
      if (days.length === 0 || person.stage !== 'employed') continue;
      // Products find something about everybody, sooner or later.
      if (random.chance(0.05))
        alerts.of(world).push({
          person,
          at: workingTime(person, random.pick(days), random),
          ...random.pick(ordinaryAlerts),
        });
      const hidden = person.habits.vpn || person.stays.length > 0 || person.habits.roams;
      if (random.chance(hidden ? 0.5 : 0.03))
        for (const day of someDays(days, random, 1, 5)) addRisk(world, person, day, random);
    }
  },
  async write(world, folder) {
    const document = new Document(
      join(folder, 'microsoft', 'alerts.json'),
      '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#security/alerts_v2","value":[',
      ']}',
    );
    for (const [i, alert] of inOrder(alerts.of(world), world).entries()) {
      document.record(alertRecord(world, alert, i));
      await document.drain();
    }
    await document.close();
    const output = new Output(join(folder, 'microsoft', 'risk-detections.ndjson'));
    for (const risk of inOrder(risks.of(world), world)) {
      output.line(riskRecord(world, risk));
      await output.drain();
    }
    await output.close();
  },
};

const theirs: Omit<Alert, 'person' | 'at'> = {
  title: 'Sign-in activity by a suspected North Korean entity Jasper Sleet',
  severity: 'high',
  service: 'microsoftDefenderForCloudApps',
  actor: 'Jasper Sleet',
};
const ordinaryAlerts: readonly Omit<Alert, 'person' | 'at'>[] = [
  {
    title: 'Suspicious email sending patterns',
    severity: 'low',
    service: 'microsoftDefenderForOffice365',
  },
  { title: 'Unfamiliar sign-in properties', severity: 'medium', service: 'azureAdIdentityProtection' },
  { title: 'Unwanted software was prevented', severity: 'low', service: 'microsoftDefenderForEndpoint' },
  { title: 'Mass download', severity: 'medium', service: 'microsoftDefenderForCloudApps' },
];

/** Honest people whose sign-ins look like more than one of them. How common each is, is a guess from life. */
function makers(): readonly Maker[] {
  return [
    // A faster computer at home, beside the company's laptop.
    single('prefers-own-machine', 0.03, working, (world, person, random) => {
      person.ownDevice = makeDevice(random, person.login, world.from, false);
    }),
    // An own computer behind a private VPN, on the desk beside the laptop.
    single('two-computers', 0.004, remote, (world, person, random) => {
      const exits = world.networks.consumerVpn(random, cityOf(person).country);
      const days = someDays(workdaysOf(world, person), random, 5, 10);
      atOnce(world, person, random, days, makeBrowser(random, 'windows'), exits, false);
    }),
    // An incident that took a night.
    single(
      'incident-night',
      0.008,
      (person, world) => working(person) && person.engineer && workdaysOf(world, person).length > 4,
      (world, person, random) => {
        const at = workingTime(person, random.pick(workdaysOf(world, person)), random);
        stretch(world, person, random, at, random.int(20, 31) * HOUR, true);
      },
    ),
    // A page on the wall or an app that signs in by itself.
    single(
      'page-that-signs-in',
      0.003,
      (person, world) => working(person) && workdaysOf(world, person).length > 8,
      (world, person, random) => {
        const at = workingTime(person, random.pick(workdaysOf(world, person).slice(0, -6)), random);
        stretch(world, person, random, at, random.int(100, 170) * HOUR, false);
      },
    ),
    // A VPN on the router at home.
    single('vpn-router', 0.004, remote, (world, person, random) => {
      person.habits.vpn = {
        exits: world.networks.consumerVpn(random, cityOf(person).country),
        share: random.between(0.7, 0.95),
      };
    }),
    // The same exit as somebody one of these products watches.
    single('named-by-mistake', 0.001, working, (world, person, random) => {
      const days = workdaysOf(world, person);
      if (days.length > 0)
        alerts.of(world).push({ person, at: workingTime(person, random.pick(days), random), ...theirs });
    }),
    single('new-phone', 0.012, freshInLogs, (world, person, random) => {
      const days = workdaysOf(world, person);
      newPhone(world, person, random, days[random.int(2, 4)] ?? (days[0] as number));
    }),
    // HR still has the flat of before, or the parents' house.
    single('old-address-on-record', 0.012, alone, (world, person, random) => {
      const home = cityOf(person);
      const far = citiesOf(home.country).filter((one) => kilometres(one, home) > 200);
      if (far.length > 0) person.base = world.residences.in(random.pick(far));
    }),
  ];
}

/** Remote-control programs that a Windows laptop was seen to ask for their relays. */
function relaysAsked(world: World, person: Person): { at: number }[] {
  if (person.device?.os !== 'windows') return [];
  return person.device.programs
    .filter(
      (one) => one.process && /anydesk|rustdesk|teamviewer|chrome remote|jump|splashtop/i.test(one.name),
    )
    .map((one) => ({ at: one.at }))
    .filter(({ at }) => world.logged(at));
}

function signInOn(
  world: World,
  person: Person,
  device: Device,
  network: Network,
  time: number,
  random: Random,
): void {
  const home = person.habits.mfaFrom ?? homeNetwork(person, time, random);
  world.plan({
    kind: 'sign-in',
    time,
    person,
    network,
    browser: device.browser,
    session: `102${random.token(21)}`,
    device,
    phone: { handset: person.handset, network: home },
  });
}

/** An hour at the laptop, and in the middle of it something in another browser. */
function atOnce(
  world: World,
  person: Person,
  random: Random,
  days: readonly number[],
  browser: ReturnType<typeof makeBrowser>,
  exits: readonly Network[],
  planted: boolean,
): void {
  const { device } = person;
  if (!device) return;
  for (const [i, day] of days.entries()) {
    const start = workingTime(person, day, random);
    const network = homeNetwork(person, start, random);
    const session = sessionOf(world, person, day);
    for (const minutes of [0, 14, 33, 52])
      world.plan({
        kind: 'app',
        time: start + minutes * MINUTE + random.int(0, 200_000),
        person,
        network,
        browser: device.browser,
        session,
        app: random.pick(['Jira', 'Confluence', 'Notion']),
        device,
      });
    const own = `102${random.token(21)}`;
    for (const minutes of [9, 41])
      world.plan({
        kind: 'app',
        time: start + minutes * MINUTE + random.int(0, 100_000),
        person,
        network: random.pick(exits),
        browser,
        session: own,
        app: random.pick(['Slack', 'Google Workspace', 'GitHub Enterprise Cloud']),
      });
    if (planted && i === Math.min(5, days.length - 1)) plant(world, person, 'NW-06', start + HOUR);
  }
}

/** Something every few hours, for as long as that; gives the end of it. */
function stretch(
  world: World,
  person: Person,
  random: Random,
  from: number,
  length: number,
  oneSession: boolean,
): number {
  const session = `102${random.token(21)}`;
  let time = from;
  while (time < from + length) {
    const onLaptop = person.device ? { device: person.device } : {};
    world.plan({
      kind: 'app',
      time,
      person,
      network: homeNetwork(person, time, random),
      browser: browserOf(person),
      session: oneSession ? session : sessionOf(world, person, Math.floor(time / DAY) * DAY),
      app: random.pick(['Jira', 'Slack', 'Datadog', 'Google Workspace']),
      ...onLaptop,
    });
    time += Math.floor(random.between(0.6, 4.4) * HOUR);
  }
  return Math.min(time, world.asOf);
}

function newPhone(world: World, person: Person, random: Random, day: number): number {
  const time = workingTime(person, day, random);
  world.plan({
    kind: 'factor-added',
    time,
    person,
    network: homeNetwork(person, time, random),
    browser: browserOf(person),
    session: sessionOf(world, person, day),
    handset: makeHandset(random, person.phone, time),
  });
  return time;
}

function addRisk(world: World, person: Person, day: number, random: Random): void {
  risks.of(world).push({
    person,
    at: workingTime(person, day, random),
    kind: random.weighted([
      ['anonymizedIPAddress', 5],
      ['unfamiliarFeatures', 4],
      ['unlikelyTravel', 2],
    ]),
    level: random.chance(0.7) ? 'low' : 'medium',
    settled: random.chance(0.3),
  });
}

const clients: Record<string, readonly [string, string, string]> = {
  NORD_VPN: ['NordVPN', 'nordvpn s.a.', 'com.nordvpn.macos'],
  PROTON_VPN: ['ProtonVPN', 'Proton AG', 'ch.protonvpn.mac'],
  MULLVAD_VPN: ['Mullvad VPN', 'Mullvad VPN AB', 'net.mullvad.vpn'],
  EXPRESS_VPN: ['ExpressVPN', 'ExprsVPN LLC', 'com.expressvpn.ExpressVPN'],
  SURFSHARK_VPN: ['Surfshark', 'Surfshark B.V.', 'com.surfshark.vpnclient.macos'],
};

/** Who uses a private VPN mostly has its program on the laptop. */
function installClient(person: Person): void {
  const [client] = (person.habits.vpn?.exits ?? []).map((one) => clients[one.tunnel?.operator ?? '']);
  if (!client || !person.device || !person.lookalikes.has('consumer-vpn') || person.index % 8 === 3) return;
  if (person.lookalikes.has('vpn-router')) return;
  const [name, publisher, bundle] = client;
  person.device.programs.push({
    at: (person.startedAt ?? 0) + 9 * DAY,
    name,
    version: '8.4.1',
    publisher,
    bundle,
  });
}

function inOrder<T extends { person: Person; at: number }>(rows: readonly T[], world: World): T[] {
  return rows
    .filter((one) => world.logged(one.at))
    .sort((a, b) => a.at - b.at || compare(emailOn(a.person, a.at), emailOn(b.person, b.at)));
}

function alertRecord(
  world: World,
  { person, at, title, severity, service, actor }: Alert,
  i: number,
): string {
  const random = world.random('alert', i);
  const email = emailOn(person, at);
  const id = `da${random.uuid().replaceAll('-', '')}`;
  return JSON.stringify({
    id,
    providerAlertId: id,
    incidentId: String(400 + i),
    status: 'new',
    severity,
    classification: 'unknown',
    determination: 'unknown',
    serviceSource: service,
    detectionSource: service,
    tenantId: '6a1f0c52-0000-4000-a000-1a2b3c4d5e6f',
    title,
    category: 'InitialAccess',
    alertWebUrl: `https://security.example.com/alerts/${id}`,
    actorDisplayName: actor ?? null,
    threatDisplayName: null,
    createdDateTime: iso(at + 11 * MINUTE),
    lastUpdateDateTime: iso(at + 12 * MINUTE),
    firstActivityDateTime: iso(at),
    lastActivityDateTime: iso(at),
    evidence: [
      {
        '@odata.type': '#microsoft.graph.security.userEvidence',
        createdDateTime: iso(at + 11 * MINUTE),
        verdict: 'suspicious',
        roles: [],
        userAccount: { accountName: person.login, userPrincipalName: email },
      },
    ],
  });
}

function riskRecord(world: World, { person, at, kind, level, settled }: Risk): string {
  const random = world.random('risk', person.index, at);
  return JSON.stringify({
    id: random.hex(64),
    requestId: random.uuid(),
    correlationId: random.uuid(),
    riskEventType: kind,
    riskState: settled ? 'dismissed' : 'atRisk',
    riskLevel: level,
    riskDetail: settled ? 'adminDismissedAllRiskForUser' : 'none',
    source: 'IdentityProtection',
    detectionTimingType: 'offline',
    activity: 'signin',
    ipAddress: '',
    activityDateTime: iso(at),
    detectedDateTime: iso(at + 3 * MINUTE),
    userPrincipalName: emailOn(person, at),
    location: null,
  });
}
