/** What became of every record of a batch, kept for the page Sources. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileAccount, RejectSummary } from '@rollcall/engine/model/result.js';
import { doneName, readName, writeWhole } from '../files.js';
import type { Generation } from '../intake/generation.js';
import { namesPeople } from '../intake/names.js';
import type { Audit } from '../model/services.js';
import { batches, batchFiles, batchRejects } from '../store/schema.js';
import type { Db, Store } from '../store/store.js';

export interface AccountOptions {
  store: Pick<Store, 'transaction'>;
  audit: Audit;
  now: () => Date;
}

export type AccountedBatch = Pick<
  Generation,
  'number' | 'folder' | 'entries' | 'records' | 'files' | 'bytes'
>;

/** Whoever wrote it had it open when it was moved away. */
const grew =
  'it was still being written when it was taken over, so its end may be missing: hand it in again whole; what is known already is not counted twice';
const rejectsKept = 2000;
/** Characters of a reason; more helps nobody. */
const longest = 600;

/**
 * A reason may quote a character of a broken file, and the database holds no zero character: one such line must not stop
 * everything that comes after it.
 */
function plain(text: string): string {
  // Written out as bytes, halves of characters become such marks as well.
  return Buffer.from(text.slice(0, longest))
    .toString()
    .replace(/\p{Cc}/gu, '\ufffd');
}

/** Keeps what became of every record of a batch, and marks it as done. Done twice it is the same. */
export async function keepAccount(
  options: AccountOptions,
  generation: AccountedBatch,
  startedAt: Date,
): Promise<void> {
  const read = JSON.parse(await readFile(join(generation.folder, readName), 'utf8')) as {
    files: FileAccount[];
    rejects: Pick<RejectSummary, 'file' | 'line' | 'reason'>[];
  };
  if (!existsSync(join(generation.folder, doneName))) {
    const files = new Map(read.files.map((one) => [one.file, one]));
    for (const entry of generation.entries) {
      const file = entry.file === undefined ? undefined : files.get(entry.path);
      const now = file && (await stat(join(generation.folder, 'data', entry.path)).catch(() => undefined));
      if (file && now && now.size > entry.length) file.problem ??= grew;
    }
    await options.store.transaction((db) => insertAccount(options, db, generation, startedAt, read));
    await writeWhole(
      join(generation.folder, doneName),
      `${JSON.stringify({ at: options.now().toISOString() })}\n`,
    );
  }
}

async function insertAccount(
  options: AccountOptions,
  db: Db,
  generation: AccountedBatch,
  startedAt: Date,
  read: { files: FileAccount[]; rejects: Pick<RejectSummary, 'file' | 'line' | 'reason'>[] },
): Promise<void> {
  const came = new Map<string, { records: number; first: string; last: string; isFile: boolean }>();
  for (const entry of generation.entries) {
    const before = came.get(entry.path);
    came.set(entry.path, {
      records: (before?.records ?? 0) + entry.records,
      first: before && before.first < entry.at ? before.first : entry.at,
      last: before && before.last > entry.at ? before.last : entry.at,
      isFile: entry.file !== undefined,
    });
  }
  const made = await db
    .insert(batches)
    .values({
      number: generation.number,
      startedAt,
      finishedAt: options.now(),
      deliveries: generation.entries.length,
      records: generation.records,
      files: generation.files,
      bytes: generation.bytes,
    })
    .onConflictDoNothing()
    .returning({ number: batches.number });
  if (made.length === 0) return;
  const rows = read.files.map((file) => {
    const from = came.get(file.file);
    return {
      batch: generation.number,
      file: file.file,
      hidden: from?.isFile === true && namesPeople.test(file.file),
      connector: file.connector ?? null,
      recognised: plain(file.recognised),
      format: plain(file.format),
      bytes: file.bytes,
      received: from && !from.isFile ? from.records : null,
      firstAt: new Date(from?.first ?? startedAt),
      lastAt: new Date(from?.last ?? startedAt),
      read: file.read,
      kept: file.kept,
      unused: file.unused,
      duplicate: file.duplicate,
      rejected: file.rejected,
      problem: file.problem === undefined ? null : plain(file.problem),
    };
  });
  for (let from = 0; from < rows.length; from += 200)
    await db.insert(batchFiles).values(rows.slice(from, from + 200));
  // A document that was not read is one rejected record, and its reason is the file's.
  const told = new Set(read.rejects.map((reject) => reject.file));
  const unread = read.files
    .filter((file) => file.rejected > 0 && file.problem !== undefined && !told.has(file.file))
    .map((file) => ({ file: file.file, line: 1, reason: file.problem ?? '' }));
  const rejects = [...read.rejects, ...unread].slice(0, rejectsKept).map((reject, nth) => ({
    batch: generation.number,
    nth,
    ...reject,
    reason: plain(reject.reason),
  }));
  for (let from = 0; from < rejects.length; from += 500)
    await db.insert(batchRejects).values(rejects.slice(from, from + 500));
  const sum = (key: 'read' | 'kept' | 'duplicate' | 'rejected') => rows.reduce((so, row) => so + row[key], 0);
  await options.audit.append(db, {
    actor: 'system',
    action: 'intake.batch',
    subject: `batch:${generation.number}`,
    detail: {
      deliveries: generation.entries.length,
      records: generation.records,
      files: generation.files,
      bytes: generation.bytes,
      read: sum('read'),
      kept: sum('kept'),
      duplicate: sum('duplicate'),
      rejected: sum('rejected'),
    },
  });
}
