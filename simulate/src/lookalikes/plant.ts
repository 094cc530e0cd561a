import { leaning } from '../groups.js';
import type { Person } from '../person.js';
import type { Random } from '../random.js';
import type { World } from '../world.js';
import { households } from './households.js';
import { journeys } from './journeys.js';
import type { Maker } from './maker.js';
import { identities, markSimilarMailboxes } from './names.js';
import { connections } from './networks.js';
import { papers } from './papers.js';
import { paperwork } from './paperwork.js';
import { work } from './work.js';

/** In this order: who lives where comes before who travels, and that before what happens on single days. */
const makers: readonly Maker[] = [
  ...households,
  ...connections,
  ...journeys,
  ...paperwork,
  ...identities,
  ...work,
  ...papers,
];

/**
 * Gives honest people the circumstances that get honest people accused. Each befalls whom it befalls, whatever else
 * has: a few carry two or three, as in life. How people live makes some of it likelier (groups.ts).
 */
export function plantLookalikes(world: World, more: readonly Maker[]): void {
  const honest = world.people.filter((one) => !one.ring);
  for (const maker of [...makers, ...more]) {
    const random = world.random('lookalike', maker.kind);
    const order = inOrder(honest, maker.kind, random);
    const least = maker.together ? 2 : 1;
    const expected = world.options.people * maker.share;
    let left = world.options.asRareAsInLife
      ? least * wholly(expected / least, random)
      : Math.max(least, Math.round(expected));
    while (left > 0) {
      const size = maker.together ? Math.max(2, Math.min(maker.together(random), left)) : 1;
      const group = takeFrom(
        order,
        size,
        (person) => !person.lookalikes.has(maker.kind) && maker.who(person, world),
      );
      left -= size;
      if (group.length < size) break;
      for (const person of group) person.lookalikes.add(maker.kind);
      maker.befall(world, group, random);
    }
  }
  markSimilarMailboxes(world);
}

/** A whole number that is `expected` on average. */
function wholly(expected: number, random: Random): number {
  return Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0);
}

/** Everybody in random order; whom a circumstance befalls more often tends to stand at the end, where it takes from. */
function inOrder(people: readonly Person[], kind: string, random: Random): Person[] {
  return people
    .map((person) => ({ person, late: -Math.log(1 - random.unit()) / leaning(person.group, kind) }))
    .sort((a, b) => b.late - a.late || a.person.index - b.person.index)
    .map((one) => one.person);
}

/** The first `count` who fit, taken off the list with all before them. */
function takeFrom(order: Person[], count: number, who: (person: Person) => boolean): Person[] {
  const taken: Person[] = [];
  while (taken.length < count && order.length > 0) {
    const person = order.pop();
    if (person && who(person)) taken.push(person);
  }
  return taken;
}
