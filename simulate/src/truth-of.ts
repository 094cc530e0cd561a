import { displayName } from './person.js';
import { compare } from './text.js';
import { date } from './time.js';
import type { Truth, TruthPerson } from './truth.js';
import type { World } from './world.js';

/** What the simulation knows of everybody, under the ids the exports use. */
export function truthOf(world: World): Truth {
  const people: TruthPerson[] = [];
  for (const person of world.people) {
    const id = person.hrId ?? person.candidateId;
    if (!id) throw new Error(`person ${person.index} has no id`);
    const { ring } = person;
    const common = {
      label: ring ? ('ring' as const) : ('honest' as const),
      stage: person.stage,
      engagement: person.engagement,
      lookalikes: [...person.lookalikes].sort(compare),
    };
    people.push({
      id,
      ...(person.hrId && person.candidateId ? { candidateId: person.candidateId } : {}),
      name: displayName(person),
      ...common,
      ...(ring
        ? {
            ring: ring.id,
            sophistication: ring.sophistication,
            planted: person.planted.map((one) => ({ id: one.id, firstVisible: date(one.at) })),
          }
        : {}),
      ...(ring ? {} : { group: person.group }),
      ...(person.startedAt === undefined ? {} : { startedAt: date(person.startedAt) }),
    });
    for (const other of person.duplicates) {
      if (!other.id) continue;
      people.push({
        id: other.id,
        sameAs: id,
        name: `${other.given} ${other.family}`,
        ...common,
        stage: other.kind === 'worker' ? 'left' : 'applicant',
        ...(other.startedAt === undefined ? {} : { startedAt: date(other.startedAt) }),
      });
    }
  }
  people.sort((a, b) => compare(a.id, b.id));
  const { people: total, seed, asOf, days, ringMembers, scenario } = world.options;
  return {
    simulation: { people: total, seed, asOf, days, ringMembers, scenario },
    people,
    rings: world.rings.map(({ id, members }) => ({
      id,
      members: members.map((one) => one.hrId ?? one.candidateId ?? '').sort(),
    })),
  };
}
