import { settle } from '../employment.js';
import { drawName, plain, shortForms } from '../names.js';
import type { Person } from '../person.js';
import { cityOf } from '../person.js';
import type { Random } from '../random.js';
import { DAY } from '../time.js';
import type { World } from '../world.js';
import { alone, applied, type Maker, pair, single, working } from './maker.js';

/** Names, numbers and records that are alike, or change, or come twice. */
export const identities: readonly Maker[] = [
  single(
    'changed-name',
    0.004,
    (person, world) =>
      working(person) &&
      person.engagement !== 'vendor' &&
      (person.startedAt as number) < world.asOf - 30 * DAY,
    (world, person, random) => {
      const at = world.asOf - random.int(5, 80) * DAY;
      const from = person.family;
      const to = drawName(random).family;
      const by = 'people operations';
      person.renamed = { from, at };
      person.family = to;
      person.changes.push({ field: 'Legal Last Name', from, to, at, by });
      if (random.chance(0.4)) {
        const email = person.workEmail;
        person.login = world.identities.login(person.given, to);
        person.workEmail = `${person.login}@${email.split('@')[1]}`;
        person.renamed.email = email;
        person.changes.push({ field: 'Work Email', from: email, to: person.workEmail, at, by });
      }
      if (random.chance(0.4)) {
        const mailbox = world.identities.mailboxOf(`${plain(person.given)}.${plain(to)}`, true);
        const change = { field: 'Personal Email', from: person.personalEmail, to: mailbox, at: at + DAY };
        person.changes.push({ ...change, by: 'self' });
      }
    },
  ),
  pair('similar-names', 0.005, applied, (world, a, b, random) => {
    b.family = a.family;
    b.given = random.chance(0.4) ? a.given : sameInitial(a.given, random);
    b.login = world.identities.login(b.given, b.family);
    b.workEmail = `${b.login}@${b.workEmail.split('@')[1]}`;
    const stem =
      b.given === a.given
        ? `${plain(a.given)}${random.pick(['', '.'])}${plain(a.family)}`
        : `${plain(a.given)[0]}${plain(a.family)}`;
    a.personalEmail = world.identities.mailboxOf(stem);
    b.personalEmail = world.identities.mailboxOf(stem);
    for (const pay of b.pay) if (!b.firm) pay.bank = { ...pay.bank, holder: `${b.given} ${b.family}` };
    for (const shipment of b.shipments) shipment.toName = `${b.given} ${b.family}`;
  }),
  pair('family-phone', 0.004, applied, (world, one, other, random) => {
    if (random.chance(0.6) && alone(other)) settle(world, other, world.residences.in(cityOf(one)), random);
    other.phone = one.phone;
  }),
  {
    kind: 'agency-phone',
    share: 0.003,
    who: (person) => applied(person) && (person.engagement === 'vendor' || person.stage === 'applicant'),
    together: (random) => random.int(3, 4),
    befall: (world, people, random) => {
      const agency = people.find((one) => one.vendor)?.vendor ?? random.pick(world.vendors);
      for (const person of people) person.phone = agency.phone;
    },
  },
  single('duplicate-record', 0.005, applied, recordTwice),
];

/** One human being, with a second record in one of the systems. */
function recordTwice(_: World, person: Person, random: Random): void {
  const { given, family, startedAt } = person;
  if (person.stage === 'employed' && person.engagement === 'employee' && startedAt && random.chance(0.35)) {
    // Was a contractor first; the HR system made a second worker of them.
    const before = startedAt - random.int(120, 400) * DAY;
    person.duplicates.push({ kind: 'worker', given, family, startedAt: before, leftAt: startedAt });
    return;
  }
  const appliedAt = (person.appliedAt as number) - random.int(20, 300) * DAY;
  const called = random.chance(0.5) ? (shortForms[given] ?? given) : given;
  person.duplicates.push({
    kind: 'candidate',
    given: called,
    family: person.renamed?.from ?? family,
    appliedAt,
  });
}

function sameInitial(given: string, random: Random): string {
  for (let tries = 0; tries < 400; tries++) {
    const other = drawName(random).given;
    if (other[0] === given[0] && other !== given) return other;
  }
  return given;
}

/** Mailboxes of one pattern under different names come about by themselves; says so of those who have them. */
export function markSimilarMailboxes(world: World): void {
  const byStem = new Map<string, Person[]>();
  for (const person of world.people) {
    const stem = mailboxStem(person.personalEmail);
    byStem.set(stem, [...(byStem.get(stem) ?? []), person]);
  }
  for (const group of byStem.values()) {
    if (group.length > 1)
      for (const person of group) if (!person.ring) person.lookalikes.add('similar-names');
  }
}

/** The part of a mailbox that stays when dots, tags and digits at the end go. */
export function mailboxStem(address: string): string {
  return (address.split('@')[0] ?? '')
    .replace(/\+.*$/, '')
    .replace(/[.\d]+$/, '')
    .replaceAll('.', '')
    .toLowerCase();
}
