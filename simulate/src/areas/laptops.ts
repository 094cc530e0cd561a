import type { Area } from './area.js';
import { makers } from './laptops/honest.js';
import { ordinaryLaptops } from './laptops/ordinary.js';
import { actOnLaptops } from './laptops/rings.js';
import { writeLocations, writeRemoteAccessLogs } from './laptops/write.js';

/** What the laptops themselves show: who comes in, what is plugged in, where they stand, what is on them. */
export const laptops: Area = {
  name: 'laptops',
  rings: actOnLaptops,
  makers,
  everybody: ordinaryLaptops,
  async write(world, folder) {
    await writeLocations(world, folder);
    await writeRemoteAccessLogs(world, folder);
  },
};
