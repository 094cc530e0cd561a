import { open, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
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
  /** Files read at once, each in a worker of its own; as many as there are processors, at most 4. */
  workers?: number;
  /** ISO 3166-1 alpha-2: how phone numbers without a country code are read. */
  homeCountry?: string;
  /** Where the worker's code is; for tests and bundles. */
  entry?: URL;
  /** Workers that an earlier call has left, and where this one leaves its own: starting one takes longer than a file. */
  idle?: Worker[];
}

/** A path, or bytes that are already at hand with the name to report them under. */
export type DocumentSource = string | { file: string; bytes: Uint8Array };

/** Answers that may wait for an earlier file to be read, for each worker. */
const mostWaiting = 8;

/**
 * Reads files in workers, which are ended and started anew when a file takes too long or too much memory. Yields one
 * answer a file, in order; no file stops the others.
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
  const lanes = Math.max(1, Math.floor(options.workers ?? Math.min(4, availableParallelism())));
  const idle = options.idle ?? [];
  const running = new Map<number, { worker?: Worker; done: Promise<void> }>();
  const answers = new Map<number, WorkerAnswer>();
  /** Files to read with nothing beside them: which of several took the memory cannot be told. */
  const alone: { index: number; task: WorkerTask }[] = [];

  let closed = false;
  const read = async (index: number, task: WorkerTask): Promise<void> => {
    if (closed) return;
    const worker = idle.pop() ?? startWorker(limits, memory, options);
    const lane = running.get(index);
    if (lane) lane.worker = worker;
    const outcome = await runTask(worker, task, milliseconds, memory);
    if ('answer' in outcome) {
      answers.set(index, outcome.answer);
      idle.push(worker);
      return;
    }
    const others = running.size > 1;
    await worker.terminate();
    if (outcome.reason === 'out-of-memory' && outcome.shared && others) alone.push({ index, task });
    else
      answers.set(index, {
        document: refused(task.file, task.bytes.byteLength, outcome.reason, outcome.why),
      });
  };
  const start = (index: number, work: () => Promise<void>): void => {
    const lane: { worker?: Worker; done: Promise<void> } = { done: Promise.resolve() };
    running.set(index, lane);
    lane.done = work().finally(() => running.delete(index));
  };
  const open = async (index: number, source: DocumentSource): Promise<void> => {
    const file = typeof source === 'string' ? source : source.file;
    const bytes = typeof source === 'string' ? await load(source, limits) : source.bytes;
    if (bytes instanceof Uint8Array) await read(index, { file, bytes });
    else answers.set(index, { document: bytes });
  };

  const iterator = sources[Symbol.iterator]();
  let next = 0;
  let given = 0;
  let ended = false;
  try {
    for (;;) {
      while (!ended && alone.length === 0 && running.size < lanes && next - given < lanes * mostWaiting) {
        const { value, done } = iterator.next();
        if (done) ended = true;
        else {
          const index = next++;
          start(index, () => open(index, value));
        }
      }
      const answer = answers.get(given);
      if (answer) {
        answers.delete(given++);
        yield answer;
      } else if (running.size > 0) await Promise.race([...running.values()].map(({ done }) => done));
      else {
        const one = alone.shift();
        if (!one) return;
        start(one.index, () => read(one.index, one.task));
        await running.get(one.index)?.done;
      }
    }
  } finally {
    closed = true;
    if (!ended) iterator.return?.();
    const under = [...running.values()].map(({ worker }) => worker);
    await Promise.all([...(options.idle ? [] : idle), ...under].map((one) => one?.terminate()));
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
  // An error that comes while a worker is being ended has no file to belong to.
  worker.on('error', () => {});
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

type Outcome =
  | { answer: WorkerAnswer }
  | {
      reason: 'timed-out' | 'out-of-memory' | 'damaged';
      why: string;
      /** Told from the memory of the whole process. */
      shared?: boolean;
    };

function runTask(worker: Worker, task: WorkerTask, milliseconds: number, memory: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const before = process.memoryUsage.rss();
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      clearInterval(watch);
      // Only what was put on here: `terminate` waits with a listener of its own, and would wait for ever.
      worker.off('message', answered);
      worker.off('error', failed);
      worker.off('exit', left);
      resolve(outcome);
    };
    const timer = setTimeout(
      () => finish({ reason: 'timed-out', why: `it took more than ${milliseconds} ms to read` }),
      milliseconds,
    );
    // `resourceLimits` do not count buffers, and that is where unpacked data lies.
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > memory * 1024 * 1024)
        finish({
          reason: 'out-of-memory',
          why: `reading it took more than ${memory} MiB of memory`,
          shared: true,
        });
    }, 25);
    const answered = (answer: WorkerAnswer): void => finish({ answer });
    const failed = (error: Error & { code?: string }): void =>
      finish(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { reason: 'out-of-memory', why: `reading it took more than ${memory} MiB of memory` }
          : { reason: 'damaged', why: `it cannot be read (${error.message.slice(0, 200)})` },
      );
    const left = (code: number): void =>
      finish({ reason: 'damaged', why: `reading it ended the worker (code ${code})` });
    worker.once('message', answered);
    worker.once('error', failed);
    worker.once('exit', left);
    worker.postMessage(task);
  });
}
