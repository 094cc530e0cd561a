/** Takes people and old cases out of the server's own tables and files. Done twice it is the same. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq, inArray, isNull, notInArray, or, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { removeForGood } from '../../files.js';
import type { Services } from '../../model/services.js';
import {
  batchFiles,
  batchRejects,
  caseCorrections,
  caseDecisions,
  caseDisputes,
  caseEntries,
  caseExceptions,
  caseFrozen,
  caseHypotheses,
  caseItems,
  caseLetters,
  caseMarks,
  caseMembers,
  caseMerges,
  casePeople,
  caseSplits,
  caseSweep,
  cases,
  caseTasks,
  checkDrawPeople,
  checks,
  checkWords,
  findingVerdicts,
  responseBundles,
  responseLetters,
  responseMarks,
  responsePlans,
  responseReach,
  responseTexts,
  standings,
  vendorAuditWorkers,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { filesFolder } from '../cases/evidence.js';
import { bundlePath } from '../response/common.js';
import { type Family, removable } from './held.js';

/** Files that lie beside the database, to be removed once it no longer names them. */
export interface Leftover {
  bundles: string[];
  /** By the hash of what is in them. */
  files: string[];
}

const pieces: readonly (PgTable & { case: PgColumn })[] = [
  caseMembers,
  casePeople,
  caseFrozen,
  caseItems,
  caseHypotheses,
  caseMarks,
  caseTasks,
  caseSweep,
  caseExceptions,
  caseDecisions,
  caseDisputes,
  caseCorrections,
  caseLetters,
  caseEntries,
  responseReach,
  responseLetters,
  responsePlans,
  responseBundles,
] as unknown as (PgTable & { case: PgColumn })[];

/** Everything of cases goes; their numbers stay, so that none is given twice and the audit log can be read. */
export async function clearCases(db: Db, going: readonly Family[]): Promise<Leftover> {
  const ids = going.flatMap((family) => family.ids);
  if (ids.length === 0) return { bundles: [], files: [] };
  const own = <T extends { case: PgColumn }>(table: T) => inArray(table.case, ids);
  const bundles = await db
    .select({ id: responseBundles.id })
    .from(responseBundles)
    .where(own(responseBundles));
  const files = await db
    .select({ sha256: caseItems.sha256 })
    .from(caseItems)
    .where(and(own(caseItems), eq(caseItems.kind, 'file')));
  const plans = (await db.select({ id: responsePlans.id }).from(responsePlans).where(own(responsePlans))).map(
    (row) => row.id,
  );
  if (plans.length > 0) await db.delete(responseMarks).where(inArray(responseMarks.plan, plans));
  const letters = (
    await db.select({ id: responseLetters.id }).from(responseLetters).where(own(responseLetters))
  ).map((row) => row.id);
  if (letters.length > 0) await db.delete(responseTexts).where(inArray(responseTexts.letter, letters));
  for (const table of pieces) await db.delete(table).where(inArray(table.case, ids));
  await db.delete(caseMerges).where(inArray(caseMerges.from, ids));
  await db.delete(caseSplits).where(or(inArray(caseSplits.from, ids), inArray(caseSplits.to, ids)));
  await clearChecks(db, await checksOf(db, inArray(checks.case, ids)));
  // What was said of a finding still counts for base rates; its words and where it was said go.
  await db.update(findingVerdicts).set({ note: null, case: null }).where(inArray(findingVerdicts.case, ids));
  await db
    .update(cases)
    .set({
      title: '',
      reason: '',
      outcome: null,
      origin: null,
      ring: null,
      vendor: null,
      openedBy: '',
      approvedBy: null,
    })
    .where(inArray(cases.id, ids));
  const still =
    files.length === 0
      ? []
      : await db
          .select({ sha256: caseItems.sha256 })
          .from(caseItems)
          .where(
            inArray(
              caseItems.sha256,
              files.map((row) => row.sha256),
            ),
          );
  const needed = new Set(still.map((row) => row.sha256));
  return {
    bundles: bundles.map((row) => row.id),
    files: files.map((row) => row.sha256).filter((hash) => !needed.has(hash)),
  };
}

async function checksOf(db: Db, where: SQL | undefined): Promise<string[]> {
  return (await db.select({ id: checks.id }).from(checks).where(where)).map((row) => row.id);
}

async function clearChecks(db: Db, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 1000) {
    const some = ids.slice(from, from + 1000);
    await db.delete(checkWords).where(inArray(checkWords.check, some));
    await db.delete(checks).where(inArray(checks.id, some));
  }
}

export async function clearFiles(services: Services, left: Leftover): Promise<void> {
  for (const id of left.bundles) await removeForGood(bundlePath(services, id));
  for (const hash of left.files)
    if (/^[0-9a-f]{64}$/.test(hash)) await removeForGood(join(filesFolder(services), hash));
}

/**
 * People who are no longer in the lake. Cases that are over and about nobody else go with them; in others, which somebody
 * else is in, they stay until the case reaches its age.
 */
export async function clearPeople(
  db: Db,
  people: readonly string[],
  files: readonly string[],
): Promise<{ counts: Record<string, number>; left: Leftover }> {
  const gone = new Set(people);
  const going = await removable(
    db,
    (family) => family.people.length > 0 && family.people.every((one) => gone.has(one)),
  );
  const left = await clearCases(db, going);
  const theirs = [...people];
  const staying = (
    await db.select({ case: casePeople.case }).from(casePeople).where(inArray(casePeople.person, theirs))
  ).map((row) => row.case);
  const asked = await checksOf(
    db,
    and(
      inArray(checks.person, theirs),
      staying.length === 0 ? undefined : or(isNull(checks.case), notInArray(checks.case, staying)),
    ),
  );
  await clearChecks(db, asked);
  await db.delete(checkDrawPeople).where(inArray(checkDrawPeople.person, theirs));
  await db.delete(findingVerdicts).where(inArray(findingVerdicts.person, theirs));
  await db.delete(vendorAuditWorkers).where(inArray(vendorAuditWorkers.person, theirs));
  await db.delete(standings).where(inArray(standings.person, theirs));
  // The names of files may be those of people.
  for (const [nth, file] of files.entries()) {
    const named = `removed-${nth + 1}`;
    for (const row of await db.select().from(batchFiles).where(eq(batchFiles.file, file))) {
      const own = and(eq(batchFiles.batch, row.batch), eq(batchFiles.file, file));
      await db.delete(batchFiles).where(and(eq(batchFiles.batch, row.batch), eq(batchFiles.file, named)));
      await db.update(batchFiles).set({ file: named, problem: null }).where(own);
    }
    await db.update(batchRejects).set({ file: named }).where(eq(batchRejects.file, file));
  }
  return {
    counts: { checks: asked.length, cases: going.length, casesWithOthers: new Set(staying).size },
    left,
  };
}

/**
 * Files that no row names: of a case that was removed by a process that was killed before it came to them. What is younger
 * than a day may still be on its way into a case.
 */
export async function clearStrays(services: Services): Promise<void> {
  const { db } = services.store;
  const bundles = new Set(
    (await db.select({ id: responseBundles.id }).from(responseBundles)).map((row) => row.id),
  );
  const files = new Set(
    (await db.selectDistinct({ id: caseItems.sha256 }).from(caseItems)).map((row) => row.id),
  );
  const sweep = async (folder: string, named: (name: string) => boolean) => {
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const { mtimeMs } = await stat(path);
      if (!named(name) && services.now().getTime() - mtimeMs > 86_400_000) await removeForGood(path);
    }
  };
  await sweep(
    join(services.folder, 'bundles'),
    (name) => !name.endsWith('.zip') || bundles.has(name.slice(0, -4)),
  );
  await sweep(filesFolder(services), (name) => !/^[0-9a-f]{64}$/.test(name) || files.has(name));
}

/** Results of before, which may still show somebody; the one that is shown stays. */
export async function clearResults(services: Services): Promise<void> {
  const folder = join(services.folder, 'results');
  const now = services.results.current()?.number;
  if (now === undefined) return;
  for (const name of await readdir(folder).catch(() => []))
    if (/^\d+$/.test(name) && Number(name) < now) await removeForGood(join(folder, name));
}
