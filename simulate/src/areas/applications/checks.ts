import { join } from 'node:path';
import { csvLine, Output } from '../../files.js';
import { type Maker, single } from '../../lookalikes/maker.js';
import type { Person } from '../../person.js';
import type { Random } from '../../random.js';
import { plant } from '../../rings/planted.js';
import { compare } from '../../text.js';
import { DAY, date } from '../../time.js';
import type { Behaviour } from '../../truth.js';
import type { World } from '../../world.js';
import { type Applicant, hasApplied, nameOf, notes } from './mates.js';

/** What recruiters look at for every applicant they speak to, since a year and a bit. */
const looked = ['phone_line', 'open_web', 'profile', 'contact_known', 'background'] as const;
type Look = (typeof looked)[number];

interface Result {
  check: Look;
  at: number;
  outcome: string;
  note: string;
}

const resultsOf = notes(() => new Map<Person, Result[]>());
/** Honest people with whom a look does not go well, and with which. */
const oddOf = notes(() => new Map<Person, Set<Look>>());

function record(world: World, person: Person, result: Result): void {
  if (result.at > world.asOf) return;
  const all = resultsOf(world);
  all.set(person, [...(all.get(person) ?? []), result]);
}

const rows: Record<Look, { id: Behaviour; days: number; bad: string; note: string; good: string }> = {
  phone_line: { id: 'AP-04', days: 1, bad: 'non-fixed voip', note: 'line lookup', good: 'mobile' },
  open_web: {
    id: 'AP-06',
    days: 4,
    bad: 'mismatch',
    note: 'a profile under another name has this mailbox; picture of the page kept',
    good: 'match',
  },
  profile: {
    id: 'AP-07',
    days: 4,
    bad: 'mismatch',
    note: 'other employers than in the application',
    good: 'match',
  },
  contact_known: { id: 'AP-28', days: 4, bad: 'fail', note: 'not known before this year', good: 'pass' },
  background: {
    id: 'AP-14',
    days: 20,
    bad: 'discrepancy',
    note: 'addresses in the report are not those in the application',
    good: 'clear',
  },
};

/**
 * How often a look finds what is wrong. Numbers on the internet and new mailboxes are cheap and named in most reports; the
 * careful pay for SIM cards and aged accounts. The past of a borrowed identity cannot be bought by anybody.
 */
const found = {
  careless: { phone_line: 0.6, open_web: 0.3, profile: 0.4, contact_known: 0.5, background: 0.2 },
  ordinary: { phone_line: 0.45, open_web: 0.2, profile: 0.3, contact_known: 0.4, background: 0.2 },
  careful: { phone_line: 0.15, open_web: 0.08, profile: 0.1, contact_known: 0.15, background: 0.2 },
};

/** Where nothing can be said: no profile, no trace, no answer. As common among honest people. */
const nothing: Record<Look, number> = {
  phone_line: 0.02,
  open_web: 0.45,
  profile: 0.2,
  contact_known: 0.1,
  background: 0.08,
};

function look(
  world: World,
  person: Person & { appliedAt: number },
  random: Random,
  bad: (look: Look) => boolean,
): Look[] {
  if (person.appliedAt < world.asOf - 400 * DAY) return [];
  const failed: Look[] = [];
  for (const check of looked) {
    // A report is only made on those who are hired.
    if (check === 'background' && person.startedAt === undefined) continue;
    const { days, bad: wrong, note, good } = rows[check];
    const at = person.appliedAt + days * DAY;
    const fails = bad(check);
    const unsaid = !fails && random.chance(nothing[check]);
    record(world, person, {
      check,
      at,
      outcome: fails ? wrong : unsaid ? 'unable to verify' : good,
      note: fails ? note : '',
    });
    if (fails && at <= world.asOf) failed.push(check);
  }
  return failed;
}

export function answerChecks(world: World, ring: string, members: readonly Applicant[]): void {
  const random = world.random('applications', 'checks', ring);
  for (const person of members) {
    const share = found[person.ring.sophistication];
    for (const check of look(world, person, random, (one) => random.chance(share[one])))
      plant(world, person, rows[check].id, person.appliedAt + rows[check].days * DAY);
  }
}

const odd = (kind: Look) => (world: World, person: Person) => {
  const all = oddOf(world);
  all.set(person, (all.get(person) ?? new Set()).add(kind));
};
const lately = (person: Person, world: World): boolean =>
  hasApplied(person) && person.appliedAt >= world.asOf - 400 * DAY;

export const checkLookalikes: readonly Maker[] = [
  // About one in ten of those who apply gives an internet number: privacy, no contract yet, a relay number.
  single('internet-number', 0.035, lately, odd('phone_line')),
  // A pen name, a former name, a handle that somebody else has elsewhere.
  single('nickname-online', 0.007, lately, odd('open_web')),
  single('outdated-profile', 0.025, lately, odd('profile')),
  // Made a mailbox for looking for work; new to the country; left everything behind.
  single('new-mailbox', 0.03, lately, odd('contact_known')),
  // The agency mixed two people of one name up.
  single(
    'background-mix-up',
    0.005,
    (person, world) => lately(person, world) && person.startedAt !== undefined,
    odd('background'),
  ),
];

/**
 * An inquiry into a leaver ends some days after the last one with what they were (the area of leaving records it, and whom
 * else it leads to): who applied with the same telephone can be found by it from then on.
 */
export function tieToFoundOut(world: World): void {
  for (const { members } of world.rings)
    for (const person of members) {
      const led = person.planted.find((one) => one.id === 'OX-08');
      if (!led || !hasApplied(person)) continue;
      const same = members.some(
        (one) =>
          one !== person &&
          one.leftAt !== undefined &&
          hasApplied(one) &&
          one.phone === person.phone &&
          Math.min(one.leftAt + 4 * DAY, world.asOf) === led.at,
      );
      if (same) plant(world, person, 'AP-03', Math.max(led.at, person.appliedAt));
    }
}

export function checkHonestly(world: World): void {
  for (const person of world.people) {
    if (person.ring || !hasApplied(person)) continue;
    const random = world.random('applications', 'check', person.index);
    look(world, person, random, (one) => oddOf(world).get(person)?.has(one) ?? false);
  }
}

/** The recruiters' own list. */
export async function writeApplicantChecks(world: World, folder: string): Promise<void> {
  const lines: { at: number; cells: string[] }[] = [];
  for (const [person, results] of resultsOf(world)) {
    const id = person.candidateId;
    if (!id) continue;
    for (const { check, at, outcome, note } of results)
      lines.push({
        at,
        cells: [
          `${nameOf(person)} (${id})`,
          check,
          date(at),
          outcome,
          'recruiting@larkspur.example.com',
          note,
        ],
      });
  }
  lines.sort((a, b) => a.at - b.at || compare(a.cells.join('|'), b.cells.join('|')));
  const output = new Output(join(folder, 'recruiting', 'applicant-checks.csv'));
  output.line('Candidate,Check,Date,Outcome,By,Note');
  for (const { cells } of lines) {
    output.line(csvLine(cells));
    await output.drain();
  }
  await output.close();
}
