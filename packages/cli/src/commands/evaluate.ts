import { stat } from 'node:fs/promises';
import { RollcallError } from '@rollcall/engine';
import type { Scenario } from '@rollcall/simulate';
import { evaluateFolder } from './evaluate/folder.js';
import { evaluateSeeds, summarise } from './evaluate/seeds.js';
import { evaluateSources } from './evaluate/sources.js';

/** One company, a file of results, or companies by seed. */
export async function evaluate(
  path: string | undefined,
  flags: {
    policy?: string;
    json?: boolean;
    content?: string;
    seeds?: number[];
    sources?: boolean;
    people: number;
    ringMembers?: number;
    days: number;
    scenario: Scenario;
    out: string;
    jobs: number;
  },
): Promise<number> {
  const { seeds } = flags;
  if (path === undefined) {
    if (!seeds)
      throw new RollcallError(
        'ARGUMENT_INVALID',
        'say which: a folder of "rollcall simulate", or --seeds 1-20',
      );
    return flags.sources ? evaluateSources({ ...flags, seeds }) : evaluateSeeds({ ...flags, seeds });
  }
  if (seeds) throw new RollcallError('ARGUMENT_INVALID', 'either a folder, or --seeds; not both');
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? summarise(path, flags) : evaluateFolder(path, flags);
}
