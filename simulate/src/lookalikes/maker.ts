import type { Person } from '../person.js';
import type { Random } from '../random.js';
import { DAY } from '../time.js';
import type { Lookalike } from '../truth.js';
import type { World } from '../world.js';

/** One honest circumstance: how common it is, whom it can befall, and what it does to them. */
export interface Maker {
  kind: Lookalike;
  /** Share of everybody it touches. */
  share: number;
  who(person: Person, world: World): boolean;
  /** How many it befalls together; one where absent, all at once where `Infinity`. */
  together?(random: Random): number;
  befall(world: World, people: readonly Person[], random: Random): void;
}

/** A circumstance of single people. */
export function single(
  kind: Lookalike,
  share: number,
  who: Maker['who'],
  befall: (world: World, person: Person, random: Random) => void,
): Maker {
  return {
    kind,
    share,
    who,
    befall: (world, people, random) => {
      for (const person of people) befall(world, person, random);
    },
  };
}

/** A circumstance of two people. */
export function pair(
  kind: Lookalike,
  share: number,
  who: Maker['who'],
  befall: (world: World, one: Person, other: Person, random: Random) => void,
): Maker {
  return {
    kind,
    share,
    who,
    together: () => 2,
    befall: (world, [one, other], random) => {
      if (one && other) befall(world, one, other, random);
    },
  };
}

export const working = (person: Person): boolean => person.stage === 'employed';
export const remote = (person: Person): boolean => working(person) && person.arrangement === 'Remote';
export const applied = (person: Person): boolean => person.appliedAt !== undefined;
export const coding = (person: Person): boolean => working(person) && person.codeHost !== undefined;

/** Remote, sharing a home with nobody else in the company and tied to no other place: can be given another home. */
export function alone(person: Person): boolean {
  return (
    remote(person) &&
    !person.base &&
    !person.moved &&
    !person.renumbered &&
    !person.habits.elsewhere &&
    !person.lookalikes.has('couple') &&
    !person.lookalikes.has('room-mates')
  );
}

/** Hired lately, but not only just now. */
export function fresh(person: Person, world: World): boolean {
  const started = person.startedAt ?? 0;
  return working(person) && started > world.asOf - 125 * DAY && started < world.asOf - 14 * DAY;
}

/** Hired while the logs already ran. */
export function freshInLogs(person: Person, world: World): boolean {
  const started = person.startedAt ?? 0;
  return working(person) && started >= world.from && started < world.asOf - 4 * DAY;
}
