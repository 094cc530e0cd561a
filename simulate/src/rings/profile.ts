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
  const start = Math.min(started - 6 * DAY, end - 5 * DAY);
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
  for (const [i, value] of values.slice(0, count).entries()) {
    const at = start + Math.floor(((i + random.unit()) / count) * (end - start));
    person.changes.push({ ...value, at, by: 'self' });
    if (i === 2) plant(world, person, 'ON-12', at);
  }
}
