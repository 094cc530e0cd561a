import { join } from 'node:path';
import { csvLine, Document, Output } from '../../files.js';
import { type Maker, pair, single } from '../../lookalikes/maker.js';
import { drawName, handleWords, plain } from '../../names.js';
import type { Person } from '../../person.js';
import type { Random } from '../../random.js';
import { plant, sharedSince } from '../../rings/planted.js';
import { compare } from '../../text.js';
import { DAY, date, HOUR, isoSeconds } from '../../time.js';
import type { World } from '../../world.js';
import { type Applicant, hasApplied, nameOf, notes } from './mates.js';

interface Commit {
  hash: string;
  author: string;
  mail: string;
  at: number;
}

interface Repository {
  name: string;
  commits: Commit[];
}

interface Profile {
  login: string;
  created: number;
  first?: number;
  repositories: Repository[];
}

const profilesOf = notes(() => new Map<Person, Profile>());
/** Repositories of others that recruiters found by searching for a commit, and fetched to compare. */
const originalsOf = notes(() => [] as (Repository & { owner: string })[]);

const YEAR = 365 * DAY;
const projects = [
  'planner',
  'todo-api',
  'weather',
  'shop',
  'chat-server',
  'notes',
  'parser',
  'dashboard',
  'dotfiles',
  'scraper',
];

function commitsOf(
  random: Random,
  author: { name: string; mail: string },
  count: number,
  from: number,
  to: number,
): Commit[] {
  return Array.from({ length: count }, () => ({
    hash: random.hex(40),
    author: author.name,
    mail: author.mail,
    at: Math.floor(random.between(from, Math.max(from + HOUR, to))),
  })).sort((a, b) => a.at - b.at);
}

/** Two or three small projects, written over the years, here and there with somebody else's help. */
function ownRepositories(random: Random, person: Person, from: number, to: number): Repository[] {
  const me = { name: nameOf(person), mail: person.personalEmail };
  return random.sample(projects, random.int(2, 3)).map((name) => {
    const begun = random.between(from, to);
    const until = Math.min(to, begun + random.between(0.2, 4) * YEAR);
    const commits = commitsOf(random, me, random.int(3, 7), begun, until);
    if (random.chance(0.2)) {
      const { given, family } = drawName(random);
      const mail = `${plain(given)}@${random.pick(['example.org', 'example.net'])}`;
      commits.push(...commitsOf(random, { name: `${given} ${family}`, mail }, 2, begun, until));
    }
    return { name, commits };
  });
}

/** Somebody else's project, as it stands in its owner's own repository. */
function foreign(random: Random, to: number): Repository & { owner: string } {
  const { given, family } = drawName(random);
  const owner = `${plain(given)}-${random.pick(handleWords)}`;
  const begun = to - random.between(2, 6) * YEAR;
  return {
    owner,
    name: `${random.pick(projects)}-${random.pick(handleWords)}`,
    commits: commitsOf(
      random,
      { name: `${given} ${family}`, mail: `${owner}@example.org` },
      random.int(10, 13),
      begun,
      begun + YEAR,
    ),
  };
}

/** Takes two projects of others into a profile; the company finds the originals. */
function copyFromOthers(world: World, random: Random, profile: Profile, at: number): void {
  for (let i = 0; i < 2; i++) {
    const original = foreign(random, at);
    originalsOf(world).push(original);
    profile.repositories.push({ name: original.name, commits: original.commits });
  }
}

function makeProfile(world: World, person: Person, created: number, first: number | undefined): Profile {
  const profile: Profile = {
    login: world.identities.codeLogin(person.given, person.family),
    created,
    ...(first === undefined ? {} : { first }),
    repositories: [],
  };
  profilesOf(world).set(person, profile);
  return profile;
}

/**
 * A profile is asked of every engineer, so rings make or buy them. The shares are ours: those who trace such profiles
 * describe each habit, and count none. Writing a whole history anew is work, which the careful do and others seldom.
 */
const habits = {
  careless: { bought: 0.25, backdated: 0.35, shared: 0.45, copied: 0.35, untidy: 0.4 },
  ordinary: { bought: 0.25, backdated: 0.3, shared: 0.25, copied: 0.25, untidy: 0.25 },
  careful: { bought: 0.25, backdated: 0.15, shared: 0.05, copied: 0.1, untidy: 0.05 },
};

export function showCode(world: World, ring: string, members: readonly Applicant[]): void {
  const random = world.random('applications', 'code', ring);
  const shared: { person: Applicant; profile: Profile }[] = [];
  for (const person of members) {
    if (!person.engineer) continue;
    const habit = habits[person.ring.sophistication];
    const at = person.appliedAt;
    const bought = random.chance(habit.bought);
    const created = at - (bought ? random.between(7, 12) * YEAR : random.between(40, 500) * DAY);
    const first = bought ? at - random.between(60, 600) * DAY : created + random.between(1, 30) * DAY;
    const profile = makeProfile(world, person, created, first);
    profile.repositories.push(...ownRepositories(random, person, first, at));
    if (bought) plant(world, person, 'AP-08', at);
    if (!bought && random.chance(habit.backdated)) {
      for (const repository of profile.repositories) {
        const [early] = repository.commits;
        if (early) early.at = Math.floor(created - random.between(2.2, 5) * YEAR);
      }
      plant(world, person, 'AP-24', at);
    }
    if (random.chance(habit.copied)) {
      copyFromOthers(world, random, profile, at);
      plant(world, person, 'AP-25', at);
    }
    if (random.chance(habit.untidy)) {
      // Forgot to change the setting when going on as somebody else.
      const [repository] = profile.repositories;
      const me = { mail: person.personalEmail };
      for (let i = 0; i < 2; i++) {
        const { given, family } = drawName(random);
        repository?.commits.push(
          ...commitsOf(random, { name: `${given} ${family}`, mail: me.mail }, 1, first, at),
        );
      }
      plant(world, person, 'AP-26', at);
    }
    if (random.chance(habit.shared)) shared.push({ person, profile });
  }
  if (shared.length < 2) return;
  // One project of the workshop's own goes into each profile.
  const name = random.pick(projects);
  const { given, family } = drawName(random);
  const until = Math.min(...shared.map(({ person }) => person.appliedAt));
  const commits = commitsOf(
    random,
    { name: `${given} ${family}`, mail: `${plain(given)}${random.int(10, 99)}@example.net` },
    random.int(11, 15),
    until - 2 * YEAR,
    until - 30 * DAY,
  );
  const seen = sharedSince(shared.map(({ person }) => person.appliedAt));
  for (const [i, { person, profile }] of shared.entries()) {
    profile.repositories.push({ name: `${name}-${i + 1}`, commits });
    plant(world, person, 'AP-25', seen[i] as number);
  }
}

/** Engineers who named a profile: about six in ten write anything in public. */
const shows = (world: World, person: Person): person is Person & { appliedAt: number } =>
  !person.ring &&
  person.engineer &&
  hasApplied(person) &&
  world.random('applications', 'shows', person.index).chance(0.6);

/** Made at school or for one download by most, long before they look for this job. */
function honestProfile(world: World, person: Person & { appliedAt: number }): Profile {
  const known = profilesOf(world).get(person);
  if (known) return known;
  const random = world.random('applications', 'code', person.index);
  const at = person.appliedAt;
  const created = at - random.between(0.5, 12) * YEAR;
  const first = Math.min(created + random.unit() ** 2 * 3 * YEAR, at - 5 * DAY);
  const profile = makeProfile(world, person, created, first);
  profile.repositories.push(...ownRepositories(random, person, first, at));
  return profile;
}

export const codeLookalikes: readonly Maker[] = [
  // Came back to an account of their school days when they changed into the trade.
  single(
    'old-profile-revived',
    0.005,
    (person, world) => shows(world, person),
    (world, person, random) => {
      if (!hasApplied(person)) return;
      const profile = honestProfile(world, person);
      profile.created = person.appliedAt - random.between(7, 12) * YEAR;
      profile.first = person.appliedAt - random.between(100, 650) * DAY;
      profile.repositories = ownRepositories(random, person, profile.first, person.appliedAt);
    },
  ),
  // Moved their projects from another host, or from their own machine.
  single(
    'moved-code',
    0.01,
    (person, world) => shows(world, person),
    (world, person, random) => {
      if (!hasApplied(person)) return;
      const profile = honestProfile(world, person);
      profile.created = person.appliedAt - random.between(0.5, 3) * YEAR;
      profile.first = profile.created + 2 * DAY;
      profile.repositories = ownRepositories(
        random,
        person,
        profile.created - 5 * YEAR,
        profile.created - 2.1 * YEAR,
      );
    },
  ),
  // A course both took, or a project of a former employer who let them take it along.
  pair(
    'shared-coursework',
    0.003,
    (person, world) => shows(world, person),
    (world, one, other, random) => {
      const [a, b] = [one, other].map((person) => hasApplied(person) && honestProfile(world, person));
      if (!a || !b) return;
      const until = Math.min(one.appliedAt as number, other.appliedAt as number) - YEAR;
      const commits = [one, other].flatMap((person) =>
        commitsOf(random, { name: nameOf(person), mail: person.personalEmail }, 6, until - YEAR, until),
      );
      a.repositories.push({ name: 'course-project', commits });
      b.repositories.push({ name: 'team-project', commits });
    },
  ),
  // Keeps mirrors of what they use.
  single(
    'keeps-mirrors',
    0.004,
    (person, world) => shows(world, person),
    (world, person, random) => {
      if (hasApplied(person)) copyFromOthers(world, random, honestProfile(world, person), person.appliedAt);
    },
  ),
  // Nicknames, several machines, the mailboxes of three employers.
  single(
    'untidy-git-settings',
    0.015,
    (person, world) => shows(world, person),
    (world, person, random) => {
      if (!hasApplied(person)) return;
      const profile = honestProfile(world, person);
      const [repository] = profile.repositories;
      for (const name of [plain(person.given), `${plain(person.given)}@laptop`])
        repository?.commits.push(
          ...commitsOf(
            random,
            { name, mail: person.personalEmail },
            1,
            person.appliedAt - YEAR,
            person.appliedAt,
          ),
        );
    },
  ),
];

export function showCodeHonestly(world: World): void {
  for (const person of world.people) if (shows(world, person)) honestProfile(world, person);
}

/** What the host's API says of each profile, with the candidate's number and the first day with a contribution. */
export async function writeCodeProfiles(world: World, folder: string): Promise<void> {
  const rows = [...profilesOf(world)]
    .filter(([person]) => person.candidateId)
    .sort(([a], [b]) => compare(a.candidateId ?? '', b.candidateId ?? ''));
  const document = new Document(join(folder, 'recruiting', 'code-profiles.json'), '[', ']');
  for (const [person, profile] of rows) {
    const random = world.random('applications', 'profile-row', person.index);
    document.record(
      JSON.stringify({
        login: profile.login,
        id: random.int(100_000, 90_000_000),
        type: 'User',
        public_repos: profile.repositories.length + random.int(0, 6),
        followers: Math.floor(40 * random.unit() ** 4),
        created_at: isoSeconds(profile.created),
        updated_at: isoSeconds(person.appliedAt ?? world.asOf),
        candidate_id: person.candidateId,
        first_contribution: profile.first === undefined ? null : date(profile.first),
      }),
    );
    await document.drain();
  }
  await document.close();
}

/** The histories of the repositories on them, forks left out, and of what was fetched to compare. */
export async function writeCodeHistory(world: World, folder: string): Promise<void> {
  const lines: string[] = [];
  const add = (repository: string, commit: Commit, candidate: string): void => {
    lines.push(
      csvLine([repository, commit.hash, commit.author, commit.mail, isoSeconds(commit.at), candidate], '\t'),
    );
  };
  for (const [person, { login, repositories }] of profilesOf(world)) {
    if (!person.candidateId) continue;
    for (const { name, commits } of repositories)
      for (const commit of commits) add(`${login}/${name}`, commit, person.candidateId);
  }
  for (const { owner, name, commits } of originalsOf(world))
    for (const commit of commits) add(`${owner}/${name}`, commit, 'other');
  const output = new Output(join(folder, 'recruiting', 'code-history.tsv'));
  output.line('repository\tcommit_hash\tauthor_name\tauthor_email\tauthored_at\tcandidate_id');
  for (const line of lines.sort(compare)) {
    output.line(line);
    await output.drain();
  }
  await output.close();
}
