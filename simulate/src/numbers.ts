import type { World } from './world.js';

/** HR ids in order of hiring, candidate ids in order of application: neither says more than that. */
export function numberEverybody(world: World): void {
  const random = world.random('numbers');
  const workers: Numbered[] = [];
  const candidates: Numbered[] = [];
  for (const person of world.people) {
    if (person.startedAt !== undefined)
      workers.push({
        at: person.startedAt,
        index: person.index,
        set: (id) => {
          person.hrId = id;
        },
      });
    if (person.appliedAt !== undefined)
      candidates.push({
        at: person.appliedAt,
        index: person.index,
        set: (id) => {
          person.candidateId = id;
        },
      });
    for (const other of person.duplicates) {
      const [list, at] = other.kind === 'worker' ? [workers, other.startedAt] : [candidates, other.appliedAt];
      if (at !== undefined)
        list.push({
          at,
          index: person.index,
          set: (id) => {
            other.id = id;
          },
        });
    }
  }
  number(workers, 200_100, () => random.int(1, 3));
  number(candidates, 53_000_000, () => random.int(11, 900));
}

interface Numbered {
  at: number;
  index: number;
  set: (id: string) => void;
}

function number(records: Numbered[], first: number, step: () => number): void {
  let id = first;
  for (const record of records.sort((a, b) => a.at - b.at || a.index - b.index)) {
    id += step();
    record.set(String(id));
  }
}
