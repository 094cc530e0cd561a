import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Area } from './areas/area.js';
import { areas } from './areas/index.js';
import { everyDay } from './days.js';
import { DuoLog } from './exports/duo.js';
import { GitHubLog } from './exports/github.js';
import { GoogleWorkspaceLog } from './exports/google-workspace.js';
import { writeGreenhouse } from './exports/greenhouse.js';
import { writeIntune } from './exports/intune.js';
import { writeJamf } from './exports/jamf.js';
import type { Log } from './exports/log.js';
import { OktaLog } from './exports/okta.js';
import { OsqueryLog } from './exports/osquery.js';
import { writeResumes } from './exports/resumes.js';
import { SlackLog } from './exports/slack.js';
import {
  writeBadgeReaders,
  writeChecks,
  writePayElections,
  writeProfileChanges,
  writeShipments,
  writeVendors,
  writeWorkers,
} from './exports/tables.js';
import { WindowsLog } from './exports/windows.js';
import { writeZeek } from './exports/zeek.js';
import { ZoomLog } from './exports/zoom.js';
import { plantLookalikes } from './lookalikes/plant.js';
import { numberEverybody } from './numbers.js';
import { plantRings } from './rings/plant.js';
import { plantSeen } from './rings/planted.js';
import { scenarios } from './scenario.js';
import type { Truth } from './truth.js';
import { truthOf } from './truth-of.js';
import { type Options, World } from './world.js';

/**
 * Makes a company and writes what its systems would export: `out/exports/**`, and who is who in `out/truth.json`.
 * The same options give the same bytes.
 *
 * @example
 * await simulate({ people: 300, seed: 1, out: 'larkspur' });
 *
 * @param parts The parts of the company's life beside those that are always there; all of them unless given.
 */
export async function simulate(options: Options, parts: readonly Area[] = areas): Promise<Truth> {
  const world = new World(complete(options));
  plantRings(world);
  for (const area of parts) area.rings?.(world);
  plantLookalikes(
    world,
    parts.flatMap((area) => area.makers ?? []),
  );
  for (const area of parts) area.everybody?.(world);
  numberEverybody(world);

  const exports = join(options.out, 'exports');
  rmSync(exports, { recursive: true, force: true });
  mkdirSync(exports, { recursive: true });
  await writeTables(world, exports, parts);
  await writeLogs(world, exports);
  plantSeen(world);
  const truth = truthOf(world);
  writeFileSync(join(options.out, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`);
  return truth;
}

function complete(options: Options): Required<Options> {
  const {
    people,
    seed,
    out,
    ringMembers = Math.max(2, Math.round(people * 0.006)),
    asRareAsInLife = false,
    asOf = '2026-09-30',
    days = 90,
    scenario = 'mixed',
  } = options;
  if (!Number.isInteger(people) || people < 60 || people > 50_000)
    throw new RangeError(`people must be a whole number from 60 to 50000, not ${people}`);
  if (!Number.isInteger(seed)) throw new RangeError(`seed must be a whole number, not ${seed}`);
  if (!Number.isInteger(ringMembers) || ringMembers < 0 || ringMembers > people / 10)
    throw new RangeError(
      `ring members must be a whole number up to a tenth of the people, not ${ringMembers}`,
    );
  if (!Number.isInteger(days) || days < 1 || days > 365)
    throw new RangeError(`days must be a whole number from 1 to 365, not ${days}`);
  if (!scenarios.includes(scenario))
    throw new RangeError(`scenario must be one of ${scenarios.join(', ')}, not ${scenario}`);
  return { people, seed, out, ringMembers, asRareAsInLife, asOf, days, scenario };
}

async function writeTables(world: World, folder: string, parts: readonly Area[]): Promise<void> {
  await writeGreenhouse(world, folder);
  writeResumes(world, folder);
  await writeWorkers(world, folder);
  await writePayElections(world, folder);
  await writeProfileChanges(world, folder);
  await writeShipments(world, folder);
  await writeChecks(world, folder);
  await writeVendors(world, folder);
  await writeBadgeReaders(world, folder);
  await writeJamf(world, folder);
  await writeIntune(world, folder);
  await writeZeek(world, folder);
  for (const area of parts) await area.write?.(world, folder);
}

/** Day by day, so that only a day is ever in memory. */
async function writeLogs(world: World, folder: string): Promise<void> {
  const logs: Log[] = [
    new OktaLog(world, folder),
    new DuoLog(world, folder),
    new GitHubLog(world, folder),
    new GoogleWorkspaceLog(world, folder),
    new SlackLog(world, folder),
    new ZoomLog(world, folder),
    new OsqueryLog(world, folder),
    new WindowsLog(world, folder),
  ];
  for (const { day, happenings } of everyDay(world)) {
    let since = 0;
    for (const happening of happenings) {
      for (const log of logs) log.take(happening);
      if (++since % 1000 === 0) for (const log of logs) await log.drain();
    }
    for (const log of logs) {
      log.endDay?.(day);
      await log.drain();
    }
  }
  for (const log of logs) await log.close();
}
