import { join } from 'node:path';
import { citiesOf, kilometres } from '../../cities.js';
import { makeBrowser } from '../../devices.js';
import { csvLine, Output } from '../../files.js';
import { type Maker, single } from '../../lookalikes/maker.js';
import type { Network } from '../../networks.js';
import { cityOf, homeOn, type Person } from '../../person.js';
import type { Random } from '../../random.js';
import { plant } from '../../rings/planted.js';
import { compare } from '../../text.js';
import { DAY, isoSeconds, MINUTE } from '../../time.js';
import type { World } from '../../world.js';
import { type Applicant, type Hands, hasApplied, notes, publicLine } from './mates.js';

interface Form {
  at: number;
  job: string;
  network: Network;
  seconds: number;
  agent: string;
}

const formsOf = notes(() => new Map<Person, Form[]>());

function send(world: World, person: Person, ...forms: Form[]): void {
  const all = formsOf(world);
  all.set(person, [...(all.get(person) ?? []), ...forms]);
}

/** Less than twenty: a program filled it in. */
const byProgram = (random: Random): number => random.int(4, 19);
/** Most people need minutes. */
const byHand = (random: Random): number => Math.round(60 + 900 * random.unit() ** 2);

const otherJobs = (world: World, random: Random, person: Person, count: number): string[] =>
  random.sample(
    [...new Set(world.people.map((one) => one.title))]
      .filter((title) => title !== person.title)
      .sort(compare),
    count,
  );

/**
 * Mandiant saw Astrill in about seven of ten cases, at any stage; with the application some are more careful already.
 * Who is careful pays for an exit in the right town, which looks like anybody's line.
 */
const ways = {
  careless: [
    ['astrill', 60],
    ['vpn', 15],
    ['line', 25],
  ],
  ordinary: [
    ['astrill', 40],
    ['vpn', 25],
    ['line', 5],
    ['near', 30],
  ],
  careful: [
    ['astrill', 5],
    ['vpn', 15],
    ['near', 80],
  ],
} as const;
/** Programs fill in forms for those who send dozens a day. */
const programs = { careless: 0.5, ordinary: 0.35, careful: 0.1 };

export function sendForms(world: World, ring: string, members: readonly Applicant[], hands: Hands): void {
  const random = world.random('applications', 'forms', ring);
  const browser = makeBrowser(random, 'windows');
  const agents = new Map<Applicant, string>();
  for (const person of members) {
    const { sophistication } = person.ring;
    agents.set(
      person,
      sophistication === 'careful' ? makeBrowser(random, 'windows').userAgent : browser.userAgent,
    );
  }
  togetherOnOneDay(world, random, members, hands, browser.userAgent);
  const onLine: Applicant[] = [];
  for (const person of members) {
    const at = person.appliedAt;
    const way = random.weighted<'astrill' | 'vpn' | 'line' | 'near'>(ways[person.ring.sophistication]);
    const network =
      way === 'astrill'
        ? random.pick(hands.astrill)
        : way === 'vpn'
          ? random.pick(world.networks.consumerVpn(random, 'US'))
          : way === 'line'
            ? hands.line
            : world.networks.home(cityOf(person));
    if (way === 'astrill') plant(world, person, 'AP-17', at);
    if (way === 'vpn') plant(world, person, 'AP-16', at);
    if (way === 'line' && kilometres(cityOf(person), hands.line.city) > 1000)
      plant(world, person, 'AP-18', at);
    if (way === 'line') onLine.push(person);
    const quick = random.chance(programs[person.ring.sophistication]);
    if (quick) plant(world, person, 'AP-20', at);
    const seconds = quick ? byProgram(random) : byHand(random);
    send(world, person, { at, job: person.title, network, seconds, agent: agents.get(person) as string });
  }
  for (const person of onLine) {
    const near = onLine.filter(
      (one) => one !== person && Math.abs(one.appliedAt - person.appliedAt) <= 30 * DAY,
    );
    if (near.length > 0)
      plant(
        world,
        person,
        'AP-19',
        Math.max(person.appliedAt, Math.min(...near.map((one) => one.appliedAt))),
      );
  }
}

/** Who answers one telephone for two is often at both applications in one sitting, for whatever job is open. */
function togetherOnOneDay(
  world: World,
  random: Random,
  members: readonly Applicant[],
  hands: Hands,
  agent: string,
): void {
  for (const [i, first] of members.entries()) {
    const second = members.slice(i + 1).find((one) => one.phone === first.phone);
    if (!second || first.ring.sophistication === 'careful') continue;
    if (!random.chance(first.ring.sophistication === 'careless' ? 0.6 : 0.3)) continue;
    const day = first.appliedAt - (first.appliedAt % DAY);
    second.appliedAt = Math.min(first.appliedAt + random.int(20, 90) * MINUTE, day + DAY - 30 * MINUTE);
    for (const person of [first, second]) {
      const jobs = otherJobs(world, random, person, random.int(3, 5));
      for (const [n, job] of jobs.entries())
        send(world, person, {
          at: Math.min(person.appliedAt + (n + 1) * 2 * MINUTE, day + DAY - (9 - n) * MINUTE),
          job,
          network: random.pick(hands.astrill),
          seconds: byProgram(random),
          agent,
        });
      plant(world, person, 'AP-01', second.appliedAt);
      plant(world, person, 'AP-17', first.appliedAt);
      plant(world, person, 'AP-20', second.appliedAt);
    }
  }
}

/** Applied in the years that the applicant system keeps. */
const candidate = (person: Person): boolean => hasApplied(person);

function away(world: World, person: Person, random: Random): Network {
  const home = cityOf(person);
  const far = citiesOf(
    random.chance(0.6) ? home.country : random.pick(['GB', 'IN', 'MX', 'ES', 'US']),
  ).filter((city) => kilometres(city, home) > 1000);
  return world.networks.home(random.pick(far.length > 0 ? far : citiesOf('AU')));
}

const networkOf = notes(() => new Map<Person, Network>());
const quickly = notes(() => new Set<Person>());

export const submissionLookalikes: readonly Maker[] = [
  // Programs that apply for job seekers are sold to everybody; about one in twelve uses one.
  single('form-filler', 0.05, candidate, (world, person) => {
    quickly(world).add(person);
  }),
  // A VPN in the browser, the antivirus, or at the present job.
  single('applied-through-vpn', 0.05, candidate, (world, person, random) => {
    networkOf(world).set(person, random.pick(world.networks.consumerVpn(random, cityOf(person).country)));
  }),
  // The service that cases name has honest customers as well: who lives or has family where others are blocked.
  single('applied-through-astrill', 0.005, candidate, (world, person, random) => {
    networkOf(world).set(person, random.pick(world.networks.astrill));
  }),
  // On holiday, with parents, or before the move that the new job is for.
  single('applied-on-a-journey', 0.03, candidate, (world, person, random) => {
    networkOf(world).set(person, away(world, person, random));
  }),
  // Two of a family with one telephone look for work on one evening.
  single(
    'applied-in-one-evening',
    0.002,
    (person) => person.lookalikes.has('family-phone') && hasApplied(person),
    (world, person, random) => {
      const other = world.people.find((one) => one !== person && !one.ring && one.phone === person.phone);
      if (!other || person.appliedAt === undefined) return;
      const day = person.appliedAt - (person.appliedAt % DAY);
      const line = publicLine(world, cityOf(person), 100 + (person.index % 50));
      for (const [one, n] of [
        [person, 0],
        [other, 5],
      ] as const) {
        for (const [i, job] of otherJobs(world, random, one, 3).entries())
          send(world, one, {
            at: Math.min(day + 19 * 60 * MINUTE, world.asOf) + (n + i) * 7 * MINUTE,
            job,
            network: line,
            seconds: byHand(random),
            agent: makeBrowser(random, 'macos').userAgent,
          });
      }
    },
  ),
];

/** Everybody's own application: mostly from home, now and then by telephone, from work, or through a relay. */
export function sendFormsHonestly(world: World): void {
  for (const person of world.people) {
    if (person.ring || !hasApplied(person)) continue;
    const random = world.random('applications', 'form', person.index);
    const at = person.appliedAt;
    const { habits } = person;
    const own =
      habits.vpn && random.chance(0.5)
        ? random.pick(habits.vpn.exits)
        : habits.relay && random.chance(0.5)
          ? random.pick(habits.relay.exits)
          : random.chance(0.15)
            ? (habits.mobile[0] ?? homeOn(person, at).network)
            : homeOn(person, at).network;
    send(world, person, {
      at,
      job: person.title,
      network: networkOf(world).get(person) ?? own,
      seconds: quickly(world).has(person) ? byProgram(random) : byHand(random),
      agent: makeBrowser(random, random.chance(0.5) ? 'windows' : 'macos').userAgent,
    });
  }
}

/** What the career site's log says, with each address looked up. */
export async function writeSubmissions(world: World, folder: string): Promise<void> {
  const rows: { at: number; cells: (string | number | undefined)[] }[] = [];
  for (const [person, forms] of formsOf(world)) {
    if (!person.candidateId) continue;
    for (const form of forms) {
      const { network } = form;
      const { city } = network;
      rows.push({
        at: form.at,
        cells: [
          person.candidateId,
          isoSeconds(form.at),
          form.job,
          network.ip,
          city.country,
          city.region,
          city.name,
          `AS${network.asn}`,
          network.asOrg,
          network.tunnel?.type ?? (network.isProxy ? 'PROXY' : ''),
          network.tunnel?.operator,
          form.agent,
          form.seconds,
        ],
      });
    }
  }
  rows.sort((a, b) => a.at - b.at || compare(a.cells.join('|'), b.cells.join('|')));
  const random = world.random('applications', 'form-ids');
  const output = new Output(join(folder, 'career-site', 'submissions.csv'));
  output.line(
    'Submission ID,Candidate ID,Submitted At,Job,Submit IP,IP Country,IP Region,IP City,ASN,AS Organization,IP Type,VPN Operator,User Agent,Form Seconds',
  );
  for (const { cells } of rows) {
    output.line(csvLine([random.uuid(), ...cells]));
    await output.drain();
  }
  await output.close();
}
