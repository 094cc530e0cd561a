import { displayName, type Person } from '../person.js';
import type { PaperKind } from '../truth.js';
import type { World } from '../world.js';
import { applied, type Maker } from './maker.js';

/** Résumés that have something in common, or look odd, for honest reasons. */
export const papers: readonly Maker[] = [
  maker('resume-coach', 0.012, 4),
  maker('former-colleagues', 0.008, 2),
  maker('machine-written', 0.01, 1),
  maker('borrowed-computer', 0.007, 2, (people, i) => displayName(people[1 - i] as Person)),
  maker('keyword-template', 0.005, 1),
];

function maker(
  kind: PaperKind,
  share: number,
  together: number,
  author?: (people: readonly Person[], index: number) => string,
): Maker {
  return {
    kind,
    share,
    who: (person: Person, _world: World) => applied(person) && person.paper === undefined,
    ...(together > 1 ? { together: () => together } : {}),
    befall: (_world, people) => {
      const group = `${kind}-${people[0]?.index}`;
      for (const [i, person] of people.entries())
        person.paper = { kind, group, ...(author ? { author: author(people, i) } : {}) };
    },
  };
}
