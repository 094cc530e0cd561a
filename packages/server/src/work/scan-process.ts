/**
 * The process of a scan. It ends with the server: whatever it had begun is done again, and what it had finished is told
 * apart by what lies on disk.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadContent, RollcallError, scan } from '@rollcall/engine';
import type { Policy } from '@rollcall/engine/model/policy.js';
import { readName, writeWhole } from '../files.js';
import { writeResults } from '../results/write.js';

/** What the server says to it. */
export interface ScanOrder {
  lake: string;
  content: string;
  /** Folder of the company's own detections. */
  own?: string;
  policy: Policy;
  policyFile?: string;
  /** The folder of a batch; absent where only what the lake holds is assessed. */
  batch?: string;
  results: string;
  number: number;
  memory: string;
  threads: number;
  now: string;
}

/** What it says to the server. */
export type ScanNews =
  | { kind: 'progress'; step: string; bytes: number; totalBytes: number; records: number }
  | { kind: 'done'; asOf: string }
  | { kind: 'failed'; code: string; message?: string };

const say = (news: ScanNews) => {
  if (process.connected) process.send?.(news);
};

process.on('disconnect', () => process.exit(1));
process.once('message', (order: ScanOrder) => {
  run(order)
    .then((asOf) => say({ kind: 'done', asOf }))
    .catch((error: unknown) =>
      say(
        error instanceof RollcallError
          ? { kind: 'failed', code: error.code, message: error.message }
          : { kind: 'failed', code: error instanceof Error ? error.name : 'unknown' },
      ),
    )
    .finally(() => process.disconnect?.());
});

async function run(order: ScanOrder): Promise<string> {
  const { batch } = order;
  const already = batch !== undefined && existsSync(join(batch, readName));
  let told = 0;
  let step = '';
  // The server's clock, which a test may have set.
  const ahead = Date.parse(order.now) - Date.now();
  const now = () => new Date(Date.now() + ahead);
  const result = await scan({
    ...(batch !== undefined && !already ? { folder: join(batch, 'data') } : {}),
    lake: order.lake,
    content: await loadContent(order.content, {
      withoutTests: true,
      ...(order.own ? { own: order.own } : {}),
    }),
    policy: order.policy,
    ...(order.policyFile ? { policyFile: order.policyFile } : {}),
    memory: order.memory,
    threads: order.threads,
    now: now(),
    onRead: async ({ files, rejects }) => {
      if (batch !== undefined)
        await writeWhole(
          join(batch, readName),
          JSON.stringify({
            files,
            rejects: rejects.map(({ file, line, reason }) => ({ file, line, reason })),
          }),
        );
    },
    onProgress: (progress) => {
      if (progress.step === step && Date.now() - told < 250) return;
      told = Date.now();
      step = progress.step;
      const { bytes, totalBytes, records } = progress;
      say({ kind: 'progress', step, bytes, totalBytes, records });
    },
  });
  say({ kind: 'progress', step: 'writing the result', bytes: 0, totalBytes: 0, records: 0 });
  await writeResults(order.results, order.number, result, order.lake, now());
  return result.asOf;
}
