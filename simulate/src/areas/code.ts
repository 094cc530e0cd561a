import { join } from 'node:path';
import { citiesOf } from '../cities.js';
import type { Browser } from '../devices.js';
import { csvLine, Output } from '../files.js';
import type { CodeEvent } from '../happenings.js';
import { coding, freshInLogs, type Maker, pair, single } from '../lookalikes/maker.js';
import type { Network } from '../networks.js';
import { type CodeHost, cityOf, displayName, emailOn, type Person } from '../person.js';
import { browserOf, homeNetwork, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { repositories } from '../repositories.js';
import { plant } from '../rings/planted.js';
import { compare } from '../text.js';
import { DAY, dateTime, HOUR, iso, MINUTE } from '../time.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { elsewhereOf, shareOf, someDays, turns, workingMembers } from './elsewhere.js';
import { Kept } from './records.js';

interface Commit {
  person: Person;
  at: number;
  repository: string;
  author: string;
  email: string;
}
interface Command {
  person: Person;
  at: number;
  text: string;
}

const commits = new Kept<Commit>();
const commands = new Kept<Command>();

/**
 * What is done with the code and on whose behalf. The reports name copies to own profiles, logins that are passed on,
 * and access for whoever really does the work; careful members copy slowly and from a line that looks ordinary.
 */
export const code: Area = {
  name: 'code',
  rings(world) {
    const hidden = turns(world, 'code by vpn');
    const line = turns(world, 'code by a second line');
    const sent = turns(world, 'code sent');
    const second = turns(world, 'second login');
    const builds = turns(world, 'builds');
    const unprotected = turns(world, 'unprotected');
    const guests = turns(world, 'guests');
    const archives = turns(world, 'archives');
    const keys = turns(world, 'keys');
    const slow = turns(world, 'slow copies');
    for (const person of workingMembers(world)) {
      const own = person.codeHost;
      const random = world.random('code', person.index);
      const days = workdaysOf(world, person);
      if (!own || days.length < 6) continue;
      const { browser, exits, line: other } = elsewhereOf(world, person);
      const at = (day: number) => workingTime(person, day, random);
      const act = (event: CodeEvent, time: number, repository: string, more: object = {}) =>
        world.plan({
          kind: 'code',
          time,
          person,
          network: homeNetwork(person, time, random),
          browser: browserOf(person),
          event,
          repository,
          ...more,
        });
      if (hidden(shareOf(person, 0.5, 0.3, 0.15)))
        reachFrom(world, person, random, someDays(days, random, 4, 9), () => random.pick(exits), true);
      if (line(shareOf(person, 0.1, 0.2, 0.3)))
        reachFrom(world, person, random, someDays(days, random, 4, 8), () => other, true);
      // Visible only where the laptop records programs as they start.
      if (person.device?.os === 'windows' && sent(shareOf(person, 0.5, 0.35, 0.15))) {
        const time = at(random.pick(days.slice(-Math.ceil(days.length / 2))));
        const repository = random.pick(own.repositories);
        send(
          world,
          person,
          time,
          random,
          repository,
          `${random.pick(['quiet', 'swift', 'north'])}${person.login}`,
        );
        plant(world, person, 'CH-03', time);
      }
      if (second(shareOf(person, 0.25, 0.15, 0.1)))
        plant(world, person, 'CH-05', secondLogin(world, person, random, days, browser, exits));
      const early = days.find((day) => day < (person.startedAt as number) + 45 * DAY);
      if (early !== undefined && builds(shareOf(person, 0.2, 0.12, 0.05))) {
        const time = at(early) + HOUR;
        act('repo.register_self_hosted_runner', time, random.pick(own.repositories));
        plant(world, person, 'CH-07', time);
      }
      if (unprotected(shareOf(person, 0.2, 0.12, 0.05))) {
        const time = at(random.pick(days));
        act('repository_secret_scanning.disable', time, random.pick(own.repositories));
        plant(world, person, 'CH-08', time);
      }
      if (guests(shareOf(person, 0.25, 0.15, 0.06))) {
        const time = at(random.pick(days));
        act('repo.add_member', time, random.pick(own.repositories), { guest: `dev-${random.digits(5)}` });
        plant(world, person, 'CH-09', time);
      }
      if (archives(shareOf(person, 0.25, 0.15, 0.08))) {
        const time = at(random.pick(days.slice(-Math.ceil(days.length / 2))));
        for (const [i, repository] of random.sample(repositories, random.int(5, 14)).entries())
          act('repo.download_zip', time + i * 2 * MINUTE, repository);
        plant(world, person, 'CH-01', time);
      }
      if (keys(shareOf(person, 0.3, 0.25, 0.15)) && (person.startedAt as number) >= world.from) {
        const month = days.filter((day) => day < (person.startedAt as number) + 28 * DAY);
        for (const [i, day] of random.sample(month, 5).entries())
          act(
            i % 2 === 0 ? 'public_key.create' : 'personal_access_token.access_granted',
            at(day),
            own.repositories[0] as string,
          );
      }
      if (slow(shareOf(person, 0, 0.15, 0.25)) && days.length >= 20) {
        copySlowly(world, person, random, days);
        plant(world, person, 'CH-01', days[Math.floor(days.length * 0.8)] as number);
      }
    }
    oneHand(world);
  },
  makers: makers(),
  everybody(world) {
    for (const person of world.people) {
      if (!person.codeHost || person.stage !== 'employed') continue;
      const random = world.random('commits', person.index);
      const days = workdaysOf(world, person);
      // Some set up their private address, as anybody does on a new machine.
      const email = random.chance(0.06) ? person.personalEmail : undefined;
      for (const day of someDays(days, random, 3, 7)) {
        const at = workingTime(person, day, random);
        commits.of(world).push({
          person,
          at,
          repository: random.pick(person.codeHost.repositories),
          author: displayName(person),
          email: email ?? emailOn(person, at),
        });
      }
      if (person.device?.os !== 'windows' || !person.device.managed) continue;
      for (const day of someDays(days, random, 1, 4)) {
        const repository = random.pick(person.codeHost.repositories);
        const text = random.weighted([
          ['git push origin main', 6],
          [`git remote add origin git@github.com:${repository}.git`, 2],
          [`git push https://github.com/${repository}.git HEAD:fix-tests`, 1],
          [
            `git push https://github.com/${person.login}-garden/${random.pick(['recipes', 'weather', 'chess-clock'])}.git`,
            0.4,
          ],
        ]);
        commands.of(world).push({ person, at: workingTime(person, day, random), text });
      }
    }
  },
  async write(world, folder) {
    await writeCommits(world, join(folder, 'github', 'commits.csv'));
    await writeCommands(world, join(folder, 'windows', 'git-commands.ndjson'));
  },
};

/** Honest people who do the same for a living, or once. How common each is, is a guess from life. */
function makers(): readonly Maker[] {
  return [
    // A machine of their own elsewhere, or days at a place from which they only push.
    single('second-desk', 0.012, coding, (world, person, random) => {
      const network = world.networks.home(random.chance(0.7) ? cityOf(person) : random.pick(citiesOf('US')));
      reachFrom(
        world,
        person,
        random,
        someDays(workdaysOf(world, person), random, 2, 7),
        () => network,
        false,
      );
    }),
    single('own-copy-of-code', 0.003, onWindows, (world, person, random) => {
      const days = workdaysOf(world, person);
      if (days.length === 0 || !person.codeHost) return;
      const time = workingTime(person, random.pick(days), random);
      send(world, person, time, random, random.pick(person.codeHost.repositories), `${person.login}-forks`);
    }),
    single('two-logins', 0.008, coding, (world, person, random) => {
      const days = workdaysOf(world, person);
      if (days.length > 1)
        secondLogin(world, person, random, days, browserOf(person), [
          homeNetwork(person, world.asOf, random),
        ]);
    }),
    single('looks-after-builds', 0.012, coding, (world, person, random) => {
      const days = workdaysOf(world, person);
      for (const day of someDays(days, random, 1, 4))
        codeAct(
          world,
          person,
          random,
          workingTime(person, day, random),
          random.pick<CodeEvent>([
            'repo.register_self_hosted_runner',
            'repository_secret_scanning.disable',
            'protected_branch.policy_override',
          ]),
          random.pick(repositories),
        );
    }),
    single('invites-a-partner', 0.008, coding, (world, person, random) => {
      const [day] = someDays(workdaysOf(world, person), random, 1, 1);
      const repository = person.codeHost?.repositories[0];
      if (day === undefined || !repository) return;
      const time = workingTime(person, day, random);
      codeAct(world, person, random, time, 'repo.add_member', repository, {
        guest: `partner-${random.digits(4)}`,
      });
    }),
    single('archives-for-a-customer', 0.004, coding, (world, person, random) => {
      const [day] = someDays(workdaysOf(world, person), random, 1, 1);
      if (day === undefined) return;
      const time = workingTime(person, day, random);
      for (const [i, repository] of random.sample(repositories, random.int(2, 7)).entries())
        codeAct(world, person, random, time + i * MINUTE, 'repo.download_zip', repository);
    }),
    single(
      'many-keys',
      0.01,
      (person, world) => freshInLogs(person, world) && person.codeHost !== undefined,
      (world, person, random) => {
        const days = workdaysOf(world, person).filter((day) => day < (person.startedAt as number) + 28 * DAY);
        for (const day of random.sample(days, random.int(3, 6)))
          codeAct(
            world,
            person,
            random,
            workingTime(person, day, random),
            random.pick<CodeEvent>(['public_key.create', 'personal_access_token.access_granted']),
            person.codeHost?.repositories[0] as string,
          );
      },
    ),
    single('works-across-all-code', 0.004, coding, (world, person, random) =>
      copySlowly(world, person, random, workdaysOf(world, person)),
    ),
    // One machine, two people at it, and one name set on it.
    pair('worked-as-a-pair', 0.006, coding, (world, one, other) => {
      const [day] = workdaysOf(world, one).slice(-5);
      const repository = one.codeHost?.repositories[0];
      if (day === undefined || !repository) return;
      for (const person of [one, other])
        commits.of(world).push({
          person,
          at: day + 15 * HOUR,
          repository,
          author: displayName(one),
          email: emailOn(person, day),
        });
    }),
  ];
}

function onWindows(person: Person): boolean {
  return coding(person) && person.device?.os === 'windows' && person.device.managed;
}

function codeAct(
  world: World,
  person: Person,
  random: Random,
  time: number,
  event: CodeEvent,
  repository: string,
  more: { as?: CodeHost; guest?: string } = {},
): void {
  world.plan({
    kind: 'code',
    time,
    person,
    network: homeNetwork(person, time, random),
    browser: browserOf(person),
    event,
    repository,
    ...more,
  });
}

/** Pushes and clones from somewhere else, a day at a time. */
function reachFrom(
  world: World,
  person: Person,
  random: Random,
  days: readonly number[],
  network: () => Network,
  planted: boolean,
): void {
  for (const [i, day] of days.entries()) {
    const time = workingTime(person, day, random);
    world.plan({
      kind: 'code',
      time,
      person,
      network: network(),
      browser: browserOf(person),
      event: random.pick<CodeEvent>(['git.push', 'git.push', 'git.clone']),
      repository: random.pick(person.codeHost?.repositories ?? repositories),
    });
    if (planted && i === 3) plant(world, person, 'CH-02', time);
  }
}

/** Two or three repositories a day until a third of all are copied. */
function copySlowly(world: World, person: Person, random: Random, days: readonly number[]): void {
  const wanted = random.shuffled(repositories).slice(0, Math.min(days.length * 3, random.int(42, 70)));
  const perDay = Math.max(1, Math.ceil(wanted.length / Math.max(1, days.length)));
  for (const [i, day] of days.entries())
    for (const [j, repository] of wanted.slice(i * perDay, (i + 1) * perDay).entries())
      codeAct(
        world,
        person,
        random,
        workingTime(person, day, random) + j * 7 * MINUTE,
        'git.clone',
        repository,
      );
}

function send(
  world: World,
  person: Person,
  at: number,
  random: Random,
  repository: string,
  owner: string,
): void {
  const name = repository.split('/')[1];
  const host = random.pick(['https://github.com/', 'git@github.com:', 'https://gitlab.com/']);
  commands.of(world).push({ person, at, text: `git remote add backup ${host}${owner}/${name}.git` });
  commands.of(world).push({ person, at: at + MINUTE, text: `git push ${host}${owner}/${name}.git main` });
}

/** Works under another login too; gives the first time. */
function secondLogin(
  world: World,
  person: Person,
  random: Random,
  days: readonly number[],
  browser: Browser,
  exits: readonly Network[],
): number {
  const own = person.codeHost as CodeHost;
  const as: CodeHost = {
    ...own,
    login: `${person.login.replaceAll('.', '-')}-${random.digits(2)}`,
    // Tied to the sign-on identity, as everybody's has to be.
    id: own.id + 29 * random.int(1000, 9000) + 1,
    hashedToken: `${random.token(43)}=`,
    tokenId: own.tokenId + 7,
  };
  let first = Number.POSITIVE_INFINITY;
  for (const day of someDays(days, random, 2, 5)) {
    const time = workingTime(person, day, random);
    first = Math.min(first, time);
    world.plan({
      kind: 'code',
      time,
      person,
      network: random.pick(exits),
      browser,
      event: 'git.push',
      repository: random.pick(own.repositories),
      as,
    });
  }
  return first;
}

/** One machine with one name set on it, from which two members' work is committed: the careless forget to change it. */
function oneHand(world: World): void {
  const turn = turns(world, 'one hand');
  for (const ring of world.rings) {
    const members = ring.members.filter(
      (one) => one.codeHost && one.stage === 'employed' && one.ring?.sophistication !== 'careful',
    );
    const [one, other] = members;
    if (!one || !other || !turn(0.5)) continue;
    const random = world.random('one-hand', ring.id);
    const author = `${random.pick(['dev', 'code', 'stack'])} ${random.pick(['master', 'runner', 'smith'])}`;
    for (const person of [one, other]) {
      const days = workdaysOf(world, person).slice(-8);
      const [day = world.asOf] = days;
      commits.of(world).push({
        person,
        at: workingTime(person, day, random),
        repository: random.pick(person.codeHost?.repositories ?? repositories),
        author,
        email: person.workEmail,
      });
      plant(world, person, 'CH-05', Math.max(day, ...[one, other].map((each) => each.startedAt ?? 0)));
    }
  }
}

/** Within the logs, and before somebody's last day was over. */
const recorded = (world: World, { person, at }: { person: Person; at: number }): boolean =>
  world.logged(at) && (person.leftAt === undefined || at < person.leftAt + DAY);

async function writeCommits(world: World, path: string): Promise<void> {
  const output = new Output(path);
  output.line('repository,commit_hash,author_name,author_email,authored_at');
  const rows = commits
    .of(world)
    .filter((one) => recorded(world, one))
    .sort((a, b) => a.at - b.at || compare(a.email, b.email));
  for (const [i, { at, repository, author, email }] of rows.entries()) {
    output.line(csvLine([repository, world.random('commit', i, at).hex(40), author, email, iso(at)]));
    await output.drain();
  }
  await output.close();
}

/** Git as Sysmon saw it start, in the same form as the other laptops' events. */
async function writeCommands(world: World, path: string): Promise<void> {
  const output = new Output(path);
  const rows = commands
    .of(world)
    .filter((one) => recorded(world, one) && one.person.device)
    .sort((a, b) => a.at - b.at || a.person.index - b.person.index || compare(a.text, b.text));
  for (const [i, { person, at, text }] of rows.entries()) {
    const { device } = person;
    if (!device) continue;
    output.line(
      JSON.stringify({
        '@timestamp': iso(at),
        event: { code: '1', kind: 'event', provider: 'Microsoft-Windows-Sysmon', created: iso(at + 1800) },
        host: { name: device.hostname.toLowerCase() },
        log: { level: 'information' },
        winlog: {
          channel: 'Microsoft-Windows-Sysmon/Operational',
          provider_name: 'Microsoft-Windows-Sysmon',
          provider_guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
          event_id: '1',
          record_id: 900_000 + i,
          computer_name: device.hostname,
          opcode: 'Info',
          version: 5,
          user: { identifier: 'S-1-5-18', domain: 'NT AUTHORITY', name: 'SYSTEM', type: 'User' },
          process: { pid: 4312, thread: { id: 5120 } },
          event_data: {
            UtcTime: `${dateTime(at)}.${String(at % 1000).padStart(3, '0')}`,
            Image: 'C:\\Program Files\\Git\\cmd\\git.exe',
            Description: 'Git for Windows',
            Company: 'The Git Development Community',
            OriginalFileName: 'git.exe',
            CommandLine: text,
            CurrentDirectory: `C:\\Users\\${device.localUser}\\source\\`,
            User: `AzureAD\\${device.localUser}`,
            IntegrityLevel: 'Medium',
            ParentImage: 'C:\\Program Files\\Git\\usr\\bin\\bash.exe',
          },
        },
        agent: { type: 'winlogbeat', version: '8.17.4', name: device.hostname.toLowerCase() },
        ecs: { version: '8.0.0' },
      }),
    );
    await output.drain();
  }
  await output.close();
}
