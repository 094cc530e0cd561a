import { join } from 'node:path';
import { freshInLogs, type Maker, single, working } from '../lookalikes/maker.js';
import type { Network } from '../networks.js';
import { displayName, emailOn, type Person } from '../person.js';
import { browserOf, homeNetwork, sharesOut, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { plant } from '../rings/planted.js';
import { DAY, HOUR, iso, MINUTE } from '../time.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { elsewhereOf, shareOf, someDays, turns, workingMembers } from './elsewhere.js';
import { type CheckRow, Kept, writeCheckRows, writeTable } from './records.js';

interface Asked {
  person: Person;
  at: number;
  words: string;
  state: string;
}

const asked = new Kept<Asked>();
const reached = new Kept<CheckRow>();

/**
 * Files, meetings, requests for access, and whether somebody is there. Shares follow the reports on extortion (copies of
 * documents) and the advisory (hard to reach); careful members take little and answer.
 */
export const work: Area = {
  name: 'work',
  rings(world) {
    const burst = turns(world, 'burst');
    const papers = turns(world, 'papers');
    const access = turns(world, 'access');
    const hidden = turns(world, 'documents by vpn');
    const away = turns(world, 'hard to reach');
    for (const person of workingMembers(world)) {
      const random = world.random('work', person.index);
      const days = workdaysOf(world, person);
      if (days.length < 6) continue;
      const late = days.slice(Math.floor(days.length * 0.6));
      const { exits } = elsewhereOf(world, person);
      if (burst(shareOf(person, 0.4, 0.25, 0.1))) {
        const at = workingTime(person, random.pick(late), random);
        download(
          world,
          person,
          random,
          random.int(30, 70),
          at,
          2 * MINUTE + 30_000,
          home(person, at, random),
        );
        plant(world, person, 'SA-01', at);
      }
      // Who already sent many sent them to the same mailbox.
      const many = person.planted.find((one) => one.id === 'SA-02');
      if (many) plant(world, person, 'SA-03', many.at);
      else if (papers(shareOf(person, 0.3, 0.2, 0.12))) {
        const at = workingTime(person, random.pick(late), random);
        sharesOut(
          world,
          person,
          random,
          random.int(5, 9),
          at,
          HOUR,
          home(person, at, random),
          browserOf(person),
        );
        plant(world, person, 'SA-03', at + HOUR);
      }
      if (access(shareOf(person, 0.3, 0.2, 0.1)) && (person.startedAt as number) >= world.from - 20 * DAY) {
        const first = (person.startedAt as number) + 3 * DAY;
        const times = random.int(3, 5);
        for (let i = 0; i < times; i++) ask(world, person, random, first + i * random.int(3, 6) * DAY);
        plant(world, person, 'SA-04', first + 18 * DAY);
      }
      if (hidden(shareOf(person, 0.4, 0.3, 0.2))) {
        for (const [i, day] of someDays(days, random, 4, 9).entries()) {
          const at = workingTime(person, day, random);
          download(world, person, random, 2, at, MINUTE, random.pick(exits));
          if (i === 2) plant(world, person, 'CO-01', at);
        }
      }
      if (away(shareOf(person, 0.35, 0.2, 0.1)) && days.length > 12) {
        const noted = someDays(days.slice(4), random, 3, 4);
        for (const day of noted) note(world, person, day, 'no', 'did not answer for most of the day');
        plant(world, person, 'WP-05', noted[2] as number);
      }
    }
  },
  makers: makers(),
  everybody(world) {
    for (const person of world.people) {
      if (person.stage !== 'employed' || person.startedAt === undefined) continue;
      const random = world.random('ordinary-work', person.index);
      // Newcomers ask for what was forgotten, now and then.
      if (person.startedAt >= world.from - 20 * DAY)
        for (let i = random.count(0.7); i > 0; i--)
          ask(world, person, random, person.startedAt + random.int(1, 40) * DAY);
      else if (random.chance(0.05)) ask(world, person, random, world.from + random.int(1, world.days) * DAY);
      // One team in three keeps the managers' form on whether people can be reached.
      if (!person.manager || person.manager.index % 3 !== 0) continue;
      const days = workdaysOf(world, person);
      const known = reached.of(world).some((one) => one.person === person);
      for (const day of known ? [] : someDays(days, random, 1, 3))
        note(world, person, day, random.chance(0.94) ? 'yes' : 'no', '');
    }
  },
  async write(world, folder) {
    await writeTable(
      join(folder, 'it', 'access-requests.csv'),
      ['Number', 'Requester Email', 'Category', 'Short Description', 'Opened', 'State'],
      asked
        .of(world)
        .filter((one) => one.at < world.asOf + DAY)
        .sort((a, b) => a.at - b.at || a.person.index - b.person.index)
        .map((one, i) => ({
          at: one.at,
          cells: [
            `ACC${String(4000 + i)}`,
            emailOn(one.person, one.at),
            'access',
            one.words,
            iso(one.at),
            one.state,
          ],
        })),
    );
    await writeCheckRows(world, join(folder, 'people-ops', 'reachability.csv'), reached.of(world));
  },
};

/** Honest people who do the same. How common each is, is a guess from life. */
function makers(): readonly Maker[] {
  return [
    // A folder for the train, or for a customer.
    single('folder-for-a-trip', 0.02, working, (world, person, random) => {
      const [day] = someDays(workdaysOf(world, person), random, 1, 1);
      if (day === undefined) return;
      const at = workingTime(person, day, random);
      download(
        world,
        person,
        random,
        random.int(15, 60),
        at,
        random.int(1, 4) * MINUTE,
        home(person, at, random),
      );
    }),
    // Contracts, reviews, slides of their own.
    single('own-papers', 0.03, working, (world, person, random) => {
      const [day] = someDays(workdaysOf(world, person), random, 1, 1);
      if (day === undefined) return;
      const at = workingTime(person, day, random);
      sharesOut(
        world,
        person,
        random,
        random.int(1, 8),
        at,
        HOUR,
        home(person, at, random),
        browserOf(person),
      );
    }),
    single('access-set-up-late', 0.015, freshInLogs, (world, person, random) => {
      const times = random.int(2, 5);
      for (let i = 0; i < times; i++)
        ask(world, person, random, (person.startedAt as number) + random.int(1, 28) * DAY);
    }),
    single('hard-to-reach', 0.012, working, (world, person, random) => {
      const days = someDays(workdaysOf(world, person), random, 2, 4);
      for (const day of days) note(world, person, day, 'no', 'not at the desk');
      const last = days.at(-1);
      // For half of them somebody found out why, and another way.
      if (last !== undefined && random.chance(0.5))
        note(world, person, last + DAY, 'accommodated', 'works in the evening, by agreement');
    }),
  ];
}

const systems = [
  'the production database',
  'the virtual desktops',
  'the billing console',
  'the build cluster',
  'the customer records',
  'administration of the laptop',
];

function ask(world: World, person: Person, random: Random, day: number): void {
  asked.of(world).push({
    person,
    at: day + random.int(14, 21) * HOUR,
    words: `Access to ${random.pick(systems)}`,
    state: random.weighted([
      ['Approved', 6],
      ['Rejected', 2],
      ['Open', 1],
    ]),
  });
}

function note(world: World, person: Person, day: number, outcome: string, words: string): void {
  const by = person.manager ? displayName(person.manager) : 'people operations';
  const result = { yes: 'passed', no: 'failed' }[outcome] ?? outcome;
  reached.of(world).push({ person, check: 'reachable', at: day, outcome: result, by, note: words });
}

function home(person: Person, at: number, random: Random): Network {
  return homeNetwork(person, at, random);
}

/** Files one after another, each another one. */
function download(
  world: World,
  person: Person,
  random: Random,
  count: number,
  from: number,
  over: number,
  network: Network,
): void {
  for (let i = 0; i < count; i++)
    world.plan({
      kind: 'drive',
      time: from + Math.floor((i / count) * over),
      person,
      network,
      browser: browserOf(person),
      event: 'download',
      title: `Folder ${random.int(1, 9)} file ${i + 1}`,
      id: random.token(44),
    });
}
