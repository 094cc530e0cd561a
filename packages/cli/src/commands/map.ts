import { writeFile } from 'node:fs/promises';
import { loadContent, RollcallError } from '@rollcall/engine';
import { mappingSuffix } from '@rollcall/engine/lake/discover.js';
import { proposeMapping } from '@rollcall/engine/lake/propose.js';

export async function mapFile(file: string, flags: { write?: boolean }): Promise<number> {
  const { connectors } = await loadContent();
  const proposal = await proposeMapping(file, connectors);
  if (!flags.write) {
    process.stdout.write(proposal);
    return 0;
  }
  const path = `${file}${mappingSuffix}`;
  try {
    await writeFile(path, proposal, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${path} is there already; remove it to have a new one proposed`,
    );
  }
  console.log(`Wrote ${path}: read it, correct it, and scan again.`);
  return 0;
}
