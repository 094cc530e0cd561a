import { open, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { defaultLimits, type Limits } from '../limits.js';
import type { RefusalReason, RefusedDocument } from '../types.js';
import type { WorkerAnswer, WorkerTask } from './protocol.js';

export interface ReadOptions {
  limits?: Partial<Limits>;
  /** Wall-clock time for one file, milliseconds. */
  milliseconds?: number;
  /** What reading one file may add to the memory of the process, MiB. */
  memory?: number;
  /** ISO 3166-1 alpha-2: how phone numbers without a country code are read. */
  homeCountry?: string;
  /** Where the worker's code is; for tests and bundles. */
  entry?: URL;
}

/** A path, or bytes that are already at hand with the name to report them under. */
export type DocumentSource = string | { file: string; bytes: Uint8Array };

/**
 * Reads files one after the other in a worker, which is ended and started anew when a file takes too long or too much
 * memory. Yields one answer a file, in order; no file stops the others.
 *
 * @example
 * for await (const { document, profile } of readDocuments(['cv.pdf', 'cv.docx']))
 *   console.log(document.file, document.outcome, profile?.emails);
 */
export async function* readDocuments(
  sources: Iterable<DocumentSource>,
  options: ReadOptions = {},
): AsyncGenerator<WorkerAnswer> {
  const limits = { ...defaultLimits, ...options.limits };
  const milliseconds = options.milliseconds ?? 20_000;
  const memory = options.memory ?? 1_024;
  let worker: Worker | undefined;
  try {
    for (const source of sources) {
      const file = typeof source === 'string' ? source : source.file;
      const bytes = typeof source === 'string' ? await load(source, limits) : source.bytes;
      if (!(bytes instanceof Uint8Array)) {
        yield { document: bytes };
        continue;
      }
      worker ??= startWorker(limits, memory, options);
      const outcome = await runTask(worker, { file, bytes }, milliseconds, memory);
      if ('answer' in outcome) yield outcome.answer;
      else {
        await worker.terminate();
        worker = undefined;
        yield { document: refused(file, bytes.byteLength, outcome.reason, outcome.why) };
      }
    }
  } finally {
    await worker?.terminate();
  }
}

function refused(file: string, bytes: number, reason: RefusalReason, why: string): RefusedDocument {
  return { outcome: 'refused', file, reason, message: `${file}: ${why}`, bytes };
}

/** The bytes of a file, or why not; a file beyond the limit is not read to find that out. */
async function load(file: string, limits: Limits): Promise<Uint8Array | RefusedDocument> {
  try {
    const found = await stat(file);
    // A pipe or a device may never end.
    if (!found.isFile()) return refused(file, 0, 'unreadable', 'it is not a file');
    if (found.size > limits.bytes)
      return refused(
        file,
        found.size,
        'too-large',
        `it has ${found.size} bytes; at most ${limits.bytes} are read`,
      );
    const handle = await open(file, 'r');
    try {
      // One byte more than allowed: a file that grows meanwhile is noticed, and no more of it is held.
      const buffer = new Uint8Array(Math.min(limits.bytes + 1, found.size + 1));
      let length = 0;
      while (length < buffer.byteLength) {
        const { bytesRead } = await handle.read(buffer, length, buffer.byteLength - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.slice(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refused(file, 0, 'unreadable', error instanceof Error ? error.message : 'it cannot be opened');
  }
}

function startWorker(limits: Limits, memory: number, options: ReadOptions): Worker {
  const worker = new Worker(options.entry ?? new URL('./entry.js', import.meta.url), {
    workerData: { limits, homeCountry: options.homeCountry ?? 'US' },
    resourceLimits: {
      maxOldGenerationSizeMb: Math.max(64, Math.floor(memory / 2)),
      maxYoungGenerationSizeMb: 64,
      stackSizeMb: 4,
    },
    // Nothing of the process is handed in: no arguments, no environment, and what is printed is dropped.
    argv: [],
    execArgv: [],
    env: {},
    stdin: false,
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

type Outcome = { answer: WorkerAnswer } | { reason: 'timed-out' | 'out-of-memory' | 'damaged'; why: string };

function runTask(worker: Worker, task: WorkerTask, milliseconds: number, memory: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const before = process.memoryUsage.rss();
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      clearInterval(watch);
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      worker.removeAllListeners('exit');
      // An error that comes while a worker is being ended has no file to belong to.
      worker.on('error', () => {});
      resolve(outcome);
    };
    const timer = setTimeout(
      () => finish({ reason: 'timed-out', why: `it took more than ${milliseconds} ms to read` }),
      milliseconds,
    );
    // `resourceLimits` do not count buffers, and that is where unpacked data lies.
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > memory * 1024 * 1024)
        finish({ reason: 'out-of-memory', why: `reading it took more than ${memory} MiB of memory` });
    }, 25);
    worker.once('message', (answer: WorkerAnswer) => finish({ answer }));
    worker.once('error', (error: Error & { code?: string }) =>
      finish(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { reason: 'out-of-memory', why: `reading it took more than ${memory} MiB of memory` }
          : { reason: 'damaged', why: `it cannot be read (${error.message.slice(0, 200)})` },
      ),
    );
    worker.once('exit', (code) =>
      finish({ reason: 'damaged', why: `reading it ended the worker (code ${code})` }),
    );
    worker.postMessage(task);
  });
}
