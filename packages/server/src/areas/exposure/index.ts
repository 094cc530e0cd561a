import type { Exposure, ScanResult } from '@rollcall/engine/model/result.js';
import { may } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import type { Area } from '../area.js';
import { parts } from '../parts.js';
import { emptyPart, namedIn } from '../people/part.js';
import { exposureSchema } from './words.js';

export const area: Area = {
  name: 'exposure',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/exposure',
        summary: 'What lets the scheme happen here or hides it: devices, settings, firms, checks left undone',
        permission: 'exposure.view',
        answer: exposureSchema,
      },
      async ({ user }, services) => {
        const snapshot = services.results.current();
        const { found, failed } = await gathered(services);
        const exposures = [...(snapshot?.head.exposures ?? []), ...found];
        const part: ScanResult | { exposures: Exposure[] } = snapshot
          ? { ...emptyPart(snapshot), exposures }
          : { exposures };
        // Links to people are for those who may open them.
        const named = snapshot && may(user.roles, 'people.view') ? namedIn(exposures, snapshot) : [];
        const veiled = await services.sight.veil(user, { result: part, elsewhere: { people: named } }, []);
        return {
          ...veiled,
          ...(snapshot ? { finishedAt: snapshot.finishedAt } : {}),
          failed,
        };
      },
    );
  },
};

/** What each part of the console knows to be open. One that fails is named, and the others still speak. */
export async function gathered(services: Services): Promise<{ found: Exposure[]; failed: string[] }> {
  const failed: string[] = [];
  const found: Exposure[] = [];
  for (const one of parts) {
    if (!one.exposures) continue;
    try {
      found.push(...(await one.exposures(services)));
    } catch (error) {
      failed.push(one.name);
      services.log.error({ area: one.name, kind: (error as Error).name }, 'exposure could not be gathered');
    }
  }
  return { found, failed };
}
