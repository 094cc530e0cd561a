import { hire, monday } from '../employment.js';
import { cityOf, type Person } from '../person.js';
import { DAY, HOUR } from '../time.js';
import type { Sophistication } from '../truth.js';
import type { World } from '../world.js';
import { actCarefully } from './careful.js';
import { actCarelessly } from './careless.js';
import { formRings } from './form.js';
import { ringMeans } from './means.js';
import { actOrdinarily } from './ordinary.js';
import { shareBank, shareContacts, shareFarm, shareHandset } from './sharing.js';

/**
 * Rings as public reporting describes them: several identities run by few operators, with a facilitator who keeps the
 * laptops. Careless ones share nearly everything, ordinary ones a laptop farm and one or two things more, careful
 * ones almost nothing; what the careful leave is often too little to be found, and is meant to be.
 */
export function plantRings(world: World): void {
  const groups = formRings(world.options.ringMembers);
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
  for (const [number, group] of groups.entries()) {
    const members = group.map(() => {
      const person =
        (random.chance(0.78) ? engineers.pop() : others.pop()) ?? engineers.pop() ?? others.pop();
      if (!person)
        throw new RangeError(
          `${world.options.ringMembers} ring members are too many among ${world.options.people} people`,
        );
      return person;
    });
    const id = `R${number + 1}`;
    for (const [i, person] of members.entries())
      person.ring = { id, sophistication: group[i] as Sophistication };
    world.rings.push({ id, members });
    plantRing(world, number, id, members);
  }
}

function plantRing(world: World, number: number, id: string, members: Person[]): void {
  const random = world.random('ring', id);
  const means = ringMeans(world, random, members);
  // Every third ring came in through one staffing firm, in part.
  const vendor = number % 3 === 1 ? random.pick(world.vendors) : undefined;
  const throughVendor = vendor ? Math.max(2, Math.round(members.length * 0.6)) : 0;
  const mfa = number % 2 === 0 ? 'okta' : 'duo';
  for (const [i, person] of members.entries()) {
    const { sophistication } = person.ring as { sophistication: Sophistication };
    delete person.vendor;
    if (vendor && i < throughVendor) {
      person.engagement = 'vendor';
      person.vendor = vendor;
    } else if (person.engagement === 'vendor') {
      person.engagement = 'employee';
    }
    const ago = { careless: random.int(22, 70), ordinary: random.int(34, 105), careful: random.int(60, 210) }[
      sophistication
    ];
    // The last of a larger careless ring has an offer and a laptop, and starts after the logs end.
    const pending = sophistication === 'careless' && members.length >= 3 && i === members.length - 1;
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
  const careless = members.filter((one) => one.ring?.sophistication === 'careless');
  const ordinary = members.filter((one) => one.ring?.sophistication === 'ordinary');
  const careful = members.filter((one) => one.ring?.sophistication === 'careful');
  const farmed = [...careless, ...ordinary];
  shareFarm(world, random, farmed, means);
  shareContacts(world, random, careless, ordinary, means);
  shareBank(world, random, careless);
  shareHandset(world, random, careless, ordinary, means);
  for (const person of careless) actCarelessly(world, random, person, means);
  for (const person of ordinary) actOrdinarily(world, random, person, means);
  actCarefully(world, random, careful, farmed);
}
