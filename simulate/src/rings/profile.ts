import { drawName } from '../names.js';
import { cityOf, type Person } from '../person.js';
import type { Random } from '../random.js';
import { DAY } from '../time.js';
import type { World } from '../world.js';
import { plant } from './planted.js';

/** Several contact details rewritten around the first day. */
export function changeProfile(world: World, random: Random, person: Person, count: number): void {
  const started = person.startedAt as number;
  const end = Math.min(started + 18 * DAY, world.asOf);
  const start = started - 6 * DAY;
  const phone = world.identities.phone(cityOf(person));
  const contact = drawName(random);
  const values = random.shuffled([
    { field: 'Mobile Phone', from: person.phone, to: phone },
    {
      field: 'Personal Email',
      from: person.personalEmail,
      to: world.identities.mailbox(person.given, person.family),
    },
    { field: 'Emergency Contact', from: '', to: `${contact.given} ${contact.family}` },
    { field: 'Home Address', from: '', to: `${person.home.address.street}, ${cityOf(person).name}` },
    { field: 'Emergency Contact Phone', from: '', to: world.identities.phone(cityOf(person)) },
  ]);
  const changed = values.slice(0, count);
  // What was empty and is filled in is what newcomers are asked to do.
  const rewritten = changed.some((one) => one.from !== '' && !one.field.startsWith('Emergency'));
  for (const [i, value] of changed.entries()) {
    const at = start + Math.floor(((i + random.unit()) / count) * (end - start));
    // Those who start later have not come to it yet.
    if (start >= end) continue;
    person.changes.push({ ...value, at, by: 'self' });
    if (i === 2 && rewritten) plant(world, person, 'ON-12', at);
  }
}
