import type { Person } from '../person.js';
import type { Random } from '../random.js';
import { DAY } from '../time.js';
import type { World } from '../world.js';

/**
 * Has somebody be dismissed within the last two weeks, before they act: what they do is fitted into their days. Call what
 * it returns afterwards, which takes back whatever would have been later.
 */
export function dismiss(world: World, random: Random, person: Person): () => void {
  const left = Math.max(world.asOf - random.int(2, 12) * DAY, (person.startedAt as number) + 14 * DAY);
  if (left >= world.asOf || person.stage !== 'employed') return () => {};
  person.stage = 'left';
  person.leftAt = left;
  return () => {
    person.checks = person.checks.filter((one) => one.at < left);
    person.changes = person.changes.filter((one) => one.at < left);
    person.pay = person.pay.filter((one) => one.changed < left);
    person.planted = person.planted.filter((one) => one.at < left);
    for (const [day, list] of world.planned)
      if (day >= left)
        world.planned.set(
          day,
          list.filter((one) => one.person !== person),
        );
  };
}
