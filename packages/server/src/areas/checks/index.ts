import type { Area } from '../area.js';
import { runDaily } from './daily.js';
import { doRoutes } from './doing.js';
import { lotRoutes } from './lot.js';
import { exposures, waiting } from './open.js';
import { readRoutes } from './reading.js';

export const area: Area = {
  name: 'checks',
  work: { 'checks.daily': async (_, services) => runDaily(services) },
  every: { 'checks.daily': 180 },
  // Whoever is new on record is asked for at once, and not hours later.
  async start(services) {
    let scan = services.results.current()?.number;
    const stop = services.live.subscribe((topic) => {
      const now = services.results.current()?.number;
      if (topic !== 'people' || now === scan) return;
      scan = now;
      services.queue
        .add(services.store.db, 'checks.daily', {}, { key: 'checks.daily' })
        .catch((error: unknown) =>
          services.log.error({ kind: (error as Error).name }, 'checks could not be planned'),
        );
    });
    return async () => stop();
  },
  waiting,
  exposures,

  routes(router) {
    readRoutes(router);
    lotRoutes(router);
    doRoutes(router);
  },
};
