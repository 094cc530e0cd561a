import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../disk/durable.js';
import { RollcallError } from '../model/errors.js';
import type { ExplanationResult } from '../model/result.js';

/** File of what each explanation silenced at the last scan, in the lake's folder. */
const explanationsFile = 'explanations.json';

/** Keeps what each explanation accounted for; the caller holds the lake's lock. */
export async function saveExplanations(
  lake: string,
  explanations: readonly ExplanationResult[],
): Promise<void> {
  await writeWhole(join(lake, explanationsFile), `${JSON.stringify(explanations, null, 1)}\n`);
}

/** The explanations of the last scan; none where there was no scan. */
export async function readExplanations(lake: string): Promise<ExplanationResult[]> {
  const path = join(lake, explanationsFile);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ExplanationResult[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new RollcallError('LAKE_DAMAGED', `${path} cannot be read; scan again to write it anew`);
  }
}
