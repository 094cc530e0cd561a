import type { Device } from '../devices.js';
import type { Person } from '../person.js';
import { DAY, HOUR } from '../time.js';
import type { World } from '../world.js';

/** Company laptops that reported in during the logs, with whoever has them. */
export function managedLaptops(world: World): { person: Person; device: Device; lastSeen: number }[] {
  const list: { person: Person; device: Device; lastSeen: number }[] = [];
  for (const person of world.people) {
    const { device, startedAt, leftAt } = person;
    if (!device?.managed || startedAt === undefined || startedAt > world.asOf) continue;
    if (leftAt !== undefined && leftAt < world.from) continue;
    const random = world.random('last-seen', person.index);
    const end = Math.min(leftAt ?? world.asOf, world.asOf);
    list.push({
      person,
      device,
      lastSeen: Math.max(startedAt + HOUR, end - random.int(0, 4) * DAY + random.int(12, 22) * HOUR),
    });
  }
  return list;
}
