/**
 * The process of a scan. It ends with the server: whatever it had begun is done again, and what it had finished is told
 * apart by what lies on disk.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContent, type Progress, RollcallError, read, scan } from '@rollcall/engine';
import { knownFolder } from '@rollcall/engine/known/update.js';
import type { Policy } from '@rollcall/engine/model/policy.js';
import type { FileAccount, RejectSummary } from '@rollcall/engine/model/result.js';
import { viewFolder } from '@rollcall/engine/pipeline.js';
import { moveInto, readName, syncFolder, syncTree, writeWhole } from '../files.js';
import { writeResults } from '../results/write.js';
import { mayBeOfTheBatch } from './tries.js';

/** What the server says to it. */
export interface ScanOrder {
  lake: string;
  content: string;
  /** Folder of the company's own detections. */
  own?: string;
  policy: Policy;
  policyFile?: string;
  /** The folders of the batches that wait, the oldest first: each is read, and all are concluded from at once. */
  batches: { folder: string; bytes: number }[];
  results: string;
  number: number;
  memory: string;
  threads: number;
  now: string;
}

/** What it says to the server. */
export type ScanNews =
  | { kind: 'progress'; step: string; bytes: number; totalBytes: number; records: number }
  /** The folder of the batch that is being read; without one, all are. */
  | { kind: 'reading'; folder?: string }
  | ScanDone
  | { kind: 'failed'; code: string; message?: string };

const say = (news: ScanNews) => {
  if (process.connected) process.send?.(news);
};

process.on('disconnect', () => process.exit(1));
process.once('message', (order: ScanOrder) => {
  run(order)
    .then((done) => say({ kind: 'done', ...done }))
    .catch((error: unknown) =>
      say(
        error instanceof RollcallError
          ? { kind: 'failed', code: error.code, message: error.message }
          : { kind: 'failed', code: codeOf(error) },
      ),
    )
    .finally(() => process.disconnect?.());
});

export interface ScanDone {
  kind: 'done';
  asOf: string;
  /** Batches that could not be read, and why. */
  unread: { folder: string; code: string }[];
}

/** What became of each record of a batch. */
interface Account {
  /** What the lake knows the batch by until another is read. */
  mark?: string;
  files: FileAccount[];
  rejects: Pick<RejectSummary, 'file' | 'line' | 'reason'>[];
}

/** In the folder of a batch: what `read.json` will be, once the lake has it. */
const readingName = 'reading.json';

async function run(order: ScanOrder): Promise<Pick<ScanDone, 'asOf' | 'unread'>> {
  let told = 0;
  let step = '';
  // The server's clock, which a test may have set.
  const ahead = Date.parse(order.now) - Date.now();
  const now = () => new Date(Date.now() + ahead);
  const content = await loadContent(order.content, {
    withoutTests: true,
    ...(order.own ? { own: order.own } : {}),
  });
  const { lake, policy, memory, threads } = order;
  const before = { bytes: 0, records: 0 };
  const totalBytes = order.batches.reduce((sum, batch) => sum + batch.bytes, 0);
  let last = { bytes: 0, records: 0 };
  const onProgress = (progress: Progress) => {
    last = { bytes: before.bytes + progress.bytes, records: before.records + progress.records };
    if (progress.step === step && Date.now() - told < 250) return;
    told = Date.now();
    step = progress.step;
    say({ kind: 'progress', step, ...last, totalBytes: Math.max(totalBytes, last.bytes) });
  };
  const all: { files: FileAccount[]; rejects: RejectSummary[] } = { files: [], rejects: [] };
  const unread: { folder: string; code: string }[] = [];
  // One that was being read when the process was killed goes first: the lake knows only the last it has read.
  const begun = ({ folder }: { folder: string }) => existsSync(join(folder, readingName));
  const batches = [...order.batches.filter(begun), ...order.batches.filter((batch) => !begun(batch))];
  for (const { folder, bytes } of batches) {
    say({ kind: 'reading', folder });
    let account: Account;
    try {
      account =
        (await accountIn(folder, readName)) ??
        (await readBatch(folder, { lake, content, policy, memory, threads, now: now(), onProgress }));
    } catch (error) {
      // Once its account is written the lake may have it, and what the lake knows it by must not be replaced.
      if (error instanceof AfterAccount) throw error.cause;
      if (!mayBeOfTheBatch(error)) throw error;
      unread.push({ folder, code: codeOf(error) });
      continue;
    }
    all.files.push(...account.files);
    all.rejects.push(...account.rejects.map((reject) => ({ ...reject, sample: '' })));
    before.bytes += bytes;
    before.records = last.records;
  }
  say({ kind: 'reading' });
  const result = await scan({
    lake,
    content,
    policy,
    ...(order.policyFile ? { policyFile: order.policyFile } : {}),
    memory,
    threads,
    now: now(),
    read: all,
    onProgress: (progress) => onProgress({ ...progress, bytes: 0, records: 0 }),
  });
  // Pages read these beside the result: none of it is begun again once the result is there.
  for (const folder of [viewFolder, knownFolder])
    if (existsSync(join(lake, folder))) await syncTree(join(lake, folder));
  await syncFolder(lake);
  say({ kind: 'progress', step: 'writing the result', bytes: 0, totalBytes: 0, records: 0 });
  await writeResults(order.results, order.number, result, order.lake, now());
  return { asOf: result.asOf, unread };
}

function codeOf(error: unknown): string {
  return error instanceof RollcallError ? error.code : error instanceof Error ? error.name : 'unknown';
}

/**
 * Reads a batch into the lake, once. Its account is on disk before the lake has it, and the lake knows the account's mark
 * from the moment it has it: whoever is killed in between can tell.
 */
async function readBatch(
  folder: string,
  options: Omit<Parameters<typeof read>[0], 'folder' | 'mark' | 'onReady'>,
): Promise<Account> {
  const before = await accountIn(folder, readingName);
  const mark = before?.mark ?? randomUUID();
  let account: Account | undefined;
  try {
    const got = await read({
      ...options,
      folder: join(folder, 'data'),
      mark,
      onReady: async ({ files, rejects }) => {
        account = { mark, files, rejects: rejects.map(({ file, line, reason }) => ({ file, line, reason })) };
        await writeWhole(join(folder, readingName), JSON.stringify(account));
      },
    });
    await moveInto(join(folder, readingName), join(folder, readName));
    return (got ? account : before) as Account;
  } catch (error) {
    throw account === undefined ? error : new AfterAccount('the account was written', { cause: error });
  }
}

class AfterAccount extends Error {}

async function accountIn(folder: string, name: string): Promise<Account | undefined> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Account);
}
