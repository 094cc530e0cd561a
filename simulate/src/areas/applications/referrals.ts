import { join } from 'node:path';
import { csvLine, Output } from '../../files.js';
import { type Maker, single } from '../../lookalikes/maker.js';
import { emailOn, type Person } from '../../person.js';
import { plant } from '../../rings/planted.js';
import { compare } from '../../text.js';
import { DAY, date } from '../../time.js';
import type { World } from '../../world.js';
import { type Applicant, hasApplied, notes } from './mates.js';

const referralsOf = notes(() => new Map<Person, { by: Person; at: number }>());

/** Somebody at work who may put this candidate forward, and when at the latest: before the first day. */
function referralOf(by: Person, candidate: Person): number | undefined {
  if (by === candidate || by.startedAt === undefined || candidate.appliedAt === undefined) return undefined;
  const last = (candidate.startedAt ?? candidate.appliedAt + 40 * DAY) - 7 * DAY;
  const at = Math.max(candidate.appliedAt + DAY, by.startedAt + 2 * DAY);
  return at <= last && at < (by.leftAt ?? Number.POSITIVE_INFINITY) ? at : undefined;
}

/**
 * One who is in brings in the next: told of in several cases. Careless and ordinary operators do it for the bonus and the
 * faster track; the careful seldom, since it ties two names together.
 */
const chances = { careless: 0.5, ordinary: 0.3, careful: 0.1 };

export function refer(world: World, ring: string, members: readonly Applicant[]): void {
  const random = world.random('applications', 'referrals', ring);
  for (const candidate of members) {
    if (!random.chance(chances[candidate.ring.sophistication])) continue;
    const able = members.filter((one) => (referralOf(one, candidate) ?? world.asOf + 1) <= world.asOf);
    const by = able.find((one) => one.phone === candidate.phone) ?? able[0];
    const at = by && referralOf(by, candidate);
    if (!by || at === undefined) continue;
    referralsOf(world).set(candidate, { by, at });
    if (by.phone !== candidate.phone) continue;
    plant(world, candidate, 'AP-30', at);
    plant(world, by, 'WP-06', at);
  }
}

const family = (person: Person): boolean => person.lookalikes.has('family-phone');

export const referralLookalikes: readonly Maker[] = [
  // Two of a family with one telephone contract: who is in recommends the other.
  single('refers-a-relative', 0.002, family, (world, person) => {
    const other = world.people.find((one) => one !== person && family(one) && one.phone === person.phone);
    if (!other) return;
    for (const [by, candidate] of [
      [person, other],
      [other, person],
    ] as const) {
      const at = referralOf(by, candidate);
      if (at !== undefined && at <= world.asOf) referralsOf(world).set(candidate, { by, at });
    }
  }),
];

/** About one hire in seven was recommended by a colleague; of couples, the second one mostly. */
export function referHonestly(world: World): void {
  const colleagues = world.people.filter((one) => !one.ring && one.startedAt !== undefined);
  for (const person of world.people) {
    if (person.ring || !hasApplied(person) || referralsOf(world).has(person)) continue;
    const random = world.random('applications', 'referral', person.index);
    const partner = person.lookalikes.has('couple')
      ? colleagues.find((one) => one !== person && one.home.network === person.home.network)
      : undefined;
    if (!random.chance(partner ? 0.5 : 0.14)) continue;
    const by = partner ?? random.pick(colleagues);
    const at = referralOf(by, person);
    if (at !== undefined && at <= world.asOf) referralsOf(world).set(person, { by, at });
  }
}

export async function writeReferrals(world: World, folder: string): Promise<void> {
  const rows = [...referralsOf(world)]
    .filter(([person]) => person.candidateId)
    .map(([person, { by, at }]) => ({
      at,
      cells: [person.candidateId, person.personalEmail, emailOn(by, at), date(at), person.title],
    }))
    .sort((a, b) => a.at - b.at || compare(a.cells[0] ?? '', b.cells[0] ?? ''));
  const output = new Output(join(folder, 'recruiting', 'referrals.csv'));
  output.line('Candidate ID,Candidate Email,Referred By Email,Referred At,Job');
  for (const { cells } of rows) output.line(csvLine(cells));
  await output.close();
}
