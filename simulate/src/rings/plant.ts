import { hire, monday } from '../employment.js';
import { cityOf, type Person, type Vendor } from '../person.js';
import type { Random } from '../random.js';
import { DAY, HOUR } from '../time.js';
import type { Sophistication } from '../truth.js';
import type { World } from '../world.js';
import { actCarefully } from './careful.js';
import { actCarelessly } from './careless.js';
import { takeCopies } from './copies.js';
import { dismiss } from './dismissed.js';
import { formRings, type RingPlan } from './form.js';
import { type RingMeans, ringMeans } from './means.js';
import { actOrdinarily } from './ordinary.js';
import { shareBank, shareContacts, shareFarm, shareHandset } from './sharing.js';
import { workByTurns } from './turns.js';

/**
 * Rings as public reporting describes them: several identities run by few operators, with a facilitator who keeps the
 * laptops, and single operators. What each degree of care hides is told in care.ts; what the careful leave is often too
 * little to be found, and is meant to be.
 */
export function plantRings(world: World): void {
  const plans = formRings(world.options.ringMembers, world.options.scenario);
  const random = world.random('rings');
  const suited = world.people.filter(
    (one) =>
      one.stage === 'employed' &&
      one.arrangement === 'Remote' &&
      cityOf(one).country === 'US' &&
      one.index % 8 !== 0,
  );
  const engineers = random.shuffled(suited.filter((one) => one.engineer));
  const others = random.shuffled(suited.filter((one) => !one.engineer));
  // The supplier of a whole cohort, and the weeks it came in.
  const supplier = random.pick(world.vendors);
  const cohort = random.int(30, 90);
  for (const [number, plan] of plans.entries()) {
    const id = `R${number + 1}`;
    const teams = plan.teams.map((team) =>
      team.map((sophistication) => {
        const person =
          (random.chance(0.78) ? engineers.pop() : others.pop()) ?? engineers.pop() ?? others.pop();
        if (!person)
          throw new RangeError(
            `${world.options.ringMembers} ring members are too many among ${world.options.people} people`,
          );
        person.ring = { id, sophistication };
        return person;
      }),
    );
    world.rings.push({ id, members: teams.flat() });
    plantRing(world, id, plan, teams, number, { supplier, cohort });
  }
}

function plantRing(
  world: World,
  id: string,
  plan: RingPlan,
  teams: readonly Person[][],
  number: number,
  { supplier, cohort }: { supplier: Vendor; cohort: number },
): void {
  const random = world.random('ring', id);
  const members = teams.flat();
  const means = ringMeans(world, random, members);
  const vendor =
    plan.through === 'one-firm'
      ? supplier
      : plan.through === 'firm-in-part'
        ? random.pick(world.vendors)
        : undefined;
  const throughVendor =
    plan.through === 'one-firm' ? members.length : vendor ? Math.max(2, Math.round(members.length * 0.6)) : 0;
  const mfa = number % 2 === 0 ? 'okta' : 'duo';
  const last = new Set(teams.filter((team) => team.length >= 3).map((team) => team.at(-1)));
  for (const [i, person] of members.entries()) {
    const { sophistication } = person.ring as { sophistication: Sophistication };
    delete person.vendor;
    if (vendor && i < throughVendor) {
      person.engagement = 'vendor';
      person.vendor = vendor;
    } else if (person.engagement === 'vendor') {
      person.engagement = 'employee';
    }
    const range = { careless: [22, 70], ordinary: [34, 105], careful: [60, 210] }[sophistication];
    const ago =
      plan.through === 'one-firm'
        ? cohort + random.int(-10, 10)
        : random.int(range[0] as number, range[1] as number);
    // The last of a larger careless team has an offer and a laptop, and starts after the logs end.
    const pending = sophistication === 'careless' && last.has(person) && !plan.dismissed;
    if (pending) person.stage = 'onboarding';
    const started = pending ? monday(world.asOf + 12 * DAY) : monday(world.asOf - ago * DAY);
    hire(
      world,
      person,
      started,
      started - random.int(40, 75) * DAY + random.int(0, 23) * HOUR + random.int(0, 3599) * 1000,
    );
    if (person.device) person.device.wired = false;
    if (sophistication !== 'careful') {
      person.mfa = mfa;
      // Somebody who would have been on camera for these checks is not part of such a ring.
      person.checks = person.checks.filter((one) => one.check === 'document_verified');
    }
  }
  const leaving = plan.dismissed ? members.map((person) => dismiss(world, random, person)) : [];
  shareFarm(
    world,
    random,
    members.filter((one) => one.ring?.sophistication !== 'careful'),
    means,
  );
  for (const [i, team] of teams.entries())
    actTogether(
      world,
      random,
      team,
      i === 0 ? means : { ...ringMeans(world, random, team), farm: means.farm },
    );
  const worked = members.filter((one) => one.stage === 'employed' || one.stage === 'left');
  const turns = plan.byTurns === 'everybody' ? worked : plan.byTurns === 'first' ? worked.slice(0, 1) : [];
  for (const person of turns) workByTurns(world, random, person, means);
  if (plan.dismissed)
    for (const person of members) takeCopies(world, random, person, means, 0.9, 0.8, { inLast: 4 });
  for (const end of leaving) end();
}

/** What a team does that is run by one operator, or few. */
function actTogether(world: World, random: Random, team: readonly Person[], means: RingMeans): void {
  const careless = team.filter((one) => one.ring?.sophistication === 'careless');
  const ordinary = team.filter((one) => one.ring?.sophistication === 'ordinary');
  const careful = team.filter((one) => one.ring?.sophistication === 'careful');
  shareContacts(world, random, careless, ordinary, means);
  shareBank(world, random, careless);
  shareHandset(world, random, careless, ordinary, means);
  for (const person of careless) actCarelessly(world, random, person, means);
  for (const person of ordinary) actOrdinarily(world, random, person, means);
  actCarefully(world, random, careful, [...careless, ...ordinary]);
}
