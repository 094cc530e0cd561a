import type { Person } from '../person.js';
import type { Random } from '../random.js';
import type { World } from '../world.js';
import { households } from './households.js';
import { journeys } from './journeys.js';
import type { Maker } from './maker.js';
import { identities, markSimilarMailboxes } from './names.js';
import { connections } from './networks.js';
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
];

/** Gives honest people the circumstances that get honest people accused. */
export function plantLookalikes(world: World): void {
  const pool = new Pool(world.random('lookalikes').shuffled(world.people.filter((one) => !one.ring)));
  for (const maker of makers) {
    const random = world.random('lookalike', maker.kind);
    const least = maker.together ? 2 : 1;
    let left = Math.max(least, Math.round(world.options.people * maker.share));
    while (left > 0) {
      const size = maker.together ? Math.max(2, Math.min(maker.together(random), left)) : 1;
      const group = pool.take(
        size,
        (person) => !person.lookalikes.has(maker.kind) && maker.who(person, world),
        random,
      );
      left -= size;
      if (group.length < size) break;
      for (const person of group) person.lookalikes.add(maker.kind);
      maker.befall(world, group, random);
    }
  }
  markSimilarMailboxes(world);
}

/** Honest people in random order; mostly such are taken as carry nothing yet, sometimes some who already do. */
class Pool {
  readonly #people: readonly Person[];
  #cursor = 0;

  constructor(people: readonly Person[]) {
    this.#people = people;
  }

  take(count: number, who: (person: Person) => boolean, random: Random): Person[] {
    const taken: Person[] = [];
    for (let i = 0; i < count; i++) {
      const marked = random.chance(0.18);
      const person =
        this.#next(
          taken,
          (one) =>
            who(one) &&
            (marked ? one.lookalikes.size > 0 && one.lookalikes.size < 3 : one.lookalikes.size === 0),
        ) ?? this.#next(taken, (one) => who(one) && one.lookalikes.size < 3);
      if (person) taken.push(person);
    }
    return taken;
  }

  #next(taken: readonly Person[], who: (person: Person) => boolean): Person | undefined {
    for (let i = 0; i < this.#people.length; i++) {
      const at = (this.#cursor + i) % this.#people.length;
      const person = this.#people[at] as Person;
      if (taken.includes(person) || !who(person)) continue;
      this.#cursor = at + 1;
      return person;
    }
    return undefined;
  }
}
