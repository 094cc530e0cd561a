/**
 * Scans: what came in is closed, read into the lake and concluded from by a process of its own, which may be killed at any
 * moment and begun again. One at a time; a wish during a scan leads to one more.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Policy } from '@rollcall/engine/model/policy.js';
import type { Logger } from 'pino';
import type { Generation } from '../intake/generation.js';
import type { OpenIntake } from '../intake/intake.js';
import { framesOf } from '../logging.js';
import type { Audit, Haste, Live, Queue, ScanState, Scans } from '../model/services.js';
import type { OpenResults } from '../results/results.js';
import { latestNumber } from '../results/write.js';
import { outside, type Store } from '../store/store.js';
import { keepAccount } from './account.js';
import type { ScanNews, ScanOrder } from './scan-process.js';
import { Tries, unreadRest } from './tries.js';

export interface ScansOptions {
  folder: string;
  lake: string;
  /** Folder of the content. */
  content: string;
  /** Folder of the company's own detections, which may not be there. */
  own?: string;
  /** Done before each scan. */
  before?: () => Promise<void>;
  policy: () => Promise<Policy>;
  policyFile?: string;
  store: Store;
  queue: () => Queue;
  intake: () => OpenIntake;
  results: OpenResults;
  audit: Audit;
  live: Live;
  log: Logger;
  now: () => Date;
  memory?: string;
  threads?: number;
  /** Milliseconds until a scan that failed is asked for again, whatever the queue has done with it; half an hour. */
  again?: number;
  onScan?: (seconds: number, done: boolean) => void;
}

export interface RunningScans extends Scans {
  /** Asks for a scan without waiting for anything. */
  ask(reason: string, haste: Haste): void;
  stop(): Promise<void>;
}

/** Built code in both cases: a process cannot be started from a test's own source. */
const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/work/scan-process.js' : './scan-process.js',
    import.meta.url,
  ),
);

/** How a process of a scan ended. `reading`: the batch at which it did without a word. */
type Ended = Exclude<ScanNews, { kind: 'progress' | 'reading' }> & { reading?: string };

/** Milliseconds. */
const pause = { now: 200, soon: 2000, most: 10_000, quiet: 2500, unquiet: 15_000 };

/** In words for those who look after the server. */
function unreadable(unread: ReadonlyMap<string, string>): string {
  const named = [...unread].map(([folder, code]) => `${basename(folder)} (${code})`).sort();
  const shown = named.slice(0, 5).join(', ');
  return `${unread.size === 1 ? 'One batch of what came in' : `${unread.size} batches of what came in`} could not be read: ${shown}${named.length > 5 ? ' and others' : ''}`;
}

/** Why a scan did not come to its end, in words for those who look after the server. */
export class ScanFailed extends Error {
  override readonly name = 'ScanFailed';
}

export function makeScans(options: ScansOptions): RunningScans {
  const { log, now } = options;
  let asked = false;
  let due: { at: number; first: number; haste: Haste; timer: NodeJS.Timeout } | undefined;
  let running: ScanState['running'];
  let last: ScanState['last'];
  let ended = 0;
  let took = 0;
  let child: ChildProcess | undefined;
  let stopped = false;
  let again: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  const tries = new Tries();

  const ask = (reason: string, haste: Haste) => {
    if (stopped) return;
    asked = true;
    const clock = Date.now();
    let at = clock + pause.now;
    let first = clock;
    if (haste === 'soon') at = Math.max(clock + pause.soon, ended + Math.min(pause.most, took / 3));
    if (haste === 'quiet') {
      if (due?.haste === 'quiet') first = due.first;
      at = Math.min(clock + pause.quiet, first + pause.unquiet);
    }
    if (due && due.at <= at && !(haste === 'quiet' && due.haste === 'quiet')) return;
    clearTimeout(due?.timer);
    // Not part of a transaction in which it was asked for, which may yet come to nothing.
    const timer = outside(() => setTimeout(() => begin(reason), at - clock));
    timer.unref();
    due = { at, first, haste, timer };
  };

  const begin = (reason: string) => {
    due = undefined;
    options
      .queue()
      .add(options.store.db, 'scan', { reason }, { key: 'scan' })
      .catch((error: Error) => {
        log.error({ kind: error.name }, 'a scan could not be asked for; it is tried again');
        if (!stopped) setTimeout(() => ask(reason, 'now'), 5000).unref();
      });
  };

  const run = async (payload: Record<string, unknown>) => {
    if (stopped) return;
    clearTimeout(again);
    const generations = await options.intake().seal();
    asked = due !== undefined;
    const nothing = generations.length === 0 && options.results.current() !== undefined;
    if (nothing && (payload.reason === 'records' || payload.reason === 'start')) return;
    const startedAt = now();
    const clock = performance.now();
    const end = (how: { problem?: string; unread?: string } = {}) => {
      took = performance.now() - clock;
      ended = Date.now();
      running = undefined;
      last = {
        startedAt: startedAt.toISOString(),
        finishedAt: now().toISOString(),
        seconds: Math.round(took / 100) / 10,
        ...how,
      };
      options.onScan?.(took / 1000, how.problem === undefined);
      options.live.publish('sources');
    };
    try {
      await options.before?.();
      running = {
        since: startedAt.toISOString(),
        step: 'starting',
        bytes: 0,
        totalBytes: generations.reduce((sum, generation) => sum + generation.bytes, 0),
        records: 0,
      };
      options.live.publish('sources');
      const unread = await once(generations);
      const read = generations.filter(({ folder }) => !unread.has(folder));
      for (const generation of read) {
        await keepAccount(options, generation, startedAt);
        await options.intake().finish(generation);
      }
      end(unread.size > 0 ? { unread: unreadable(unread) } : {});
      await options.results.load();
      log.info({ seconds: last?.seconds, batches: read.length }, 'a scan is done');
      if (unread.size > 0) {
        log.error(
          { batches: unread.size, codes: [...new Set(unread.values())] },
          'batches could not be read',
        );
        askAgain(unreadRest);
      }
    } catch (error) {
      const known = error instanceof ScanFailed;
      end({
        problem: known ? error.message : 'it stopped unexpectedly; the log of the server says more',
      });
      log.error(
        { kind: (error as Error).name, ...(known ? {} : { at: framesOf(error) }) },
        'a scan failed; what came in is kept and is read by the next',
      );
      // A disk that is full for a night is more than the queue waits for.
      askAgain(options.again ?? 30 * 60_000);
      throw error;
    }
  };

  const askAgain = (milliseconds: number) => {
    again = outside(() => setTimeout(() => ask('again', 'now'), milliseconds));
    again.unref();
  };

  /** Says which folders of batches could not be read, and why. */
  const once = async (generations: readonly Generation[]): Promise<Map<string, string>> => {
    const resting = new Map<string, string>();
    for (const { folder } of generations) {
      const code = tries.resting(folder, now());
      if (code !== undefined) resting.set(folder, code);
    }
    const order: ScanOrder = {
      lake: options.lake,
      content: options.content,
      ...(options.own && existsSync(options.own) ? { own: options.own } : {}),
      policy: await options.policy(),
      ...(options.policyFile ? { policyFile: options.policyFile } : {}),
      batches: generations
        .filter(({ folder }) => !resting.has(folder))
        .map(({ folder, bytes }) => ({ folder, bytes })),
      results: join(options.folder, 'results'),
      number: (await latestNumber(join(options.folder, 'results'))) + 1,
      memory: options.memory ?? '2GB',
      // It stands behind those who look at pages, whatever it takes.
      threads: options.threads ?? cpus().length,
      now: now().toISOString(),
    };
    // The process of a server that was killed may take a moment to end: until then the lake is its own.
    for (let nth = 0; ; nth++) {
      const news = await inProcess(order);
      if (news.kind === 'done') {
        const failed = new Map(news.unread.map(({ folder, code }) => [folder, code]));
        for (const { folder } of order.batches) {
          const code = failed.get(folder);
          if (code === undefined) tries.done(folder);
          else tries.failed(folder, code, now());
        }
        return new Map([...resting, ...failed]);
      }
      if (news.code === 'ENDED' && news.reading !== undefined && !stopped)
        tries.failed(news.reading, 'ENDED', now());

      if (news.code === 'LAKE_LOCKED' && nth < 20 && !stopped) {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        continue;
      }
      const room = await options
        .intake()
        .room()
        .then(
          () => true,
          () => false,
        );
      throw new ScanFailed(
        !room
          ? 'the disk of the server is full, or nearly; make room, and it is tried again'
          : news.code === 'LAKE_LOCKED'
            ? 'another process is using the lake of this installation'
            : ['POLICY_INVALID', 'CONTENT_INVALID', 'LAKE_DAMAGED'].includes(news.code)
              ? (news.message ?? news.code)
              : news.code === 'ENDED'
                ? 'its process was ended, by a lack of memory or by somebody; it is tried again'
                : `it ended with ${news.code}; it is tried again`,
      );
    }
  };

  const inProcess = (order: ScanOrder): Promise<Ended> =>
    new Promise((resolve) => {
      const { PATH, HOME, TMPDIR, TZ, LANG } = process.env;
      const own = fork(program, [], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
        env: Object.fromEntries(
          Object.entries({ PATH, HOME, TMPDIR, TZ, LANG }).filter(([, value]) => value),
        ),
      });
      child = own;
      let told: Ended | undefined;
      let reading: string | undefined;
      let shown = 0;
      own.on('message', (news: ScanNews) => {
        if (news.kind === 'reading') reading = news.folder;
        else if (news.kind !== 'progress') told = news;
        if (news.kind !== 'progress') return;
        const { step, bytes, totalBytes, records } = news;
        if (running) running = { ...running, step, bytes, totalBytes, records };
        if (Date.now() - shown > 1000) {
          shown = Date.now();
          options.live.publish('sources');
        }
      });
      const over = () => {
        if (child === own) child = undefined;
        resolve(told ?? { kind: 'failed', code: 'ENDED', ...(reading === undefined ? {} : { reading }) });
      };
      own.on('exit', over);
      own.on('error', over);
      try {
        // People who look at pages come first.
        if (own.pid !== undefined) setPriority(own.pid, 10);
      } catch {
        // It has ended already, or may not be changed.
      }
      own.send(order, (error) => {
        if (error) own.kill('SIGKILL');
      });
    });

  return {
    ask,
    run: (payload) => {
      const next = turn.then(() => run(payload));
      turn = next.catch(() => undefined);
      return next;
    },
    alone: (work) => {
      const done = turn.then(work);
      turn = done.then(
        () => undefined,
        () => undefined,
      );
      return done;
    },
    state: () => ({ asked, ...(running ? { running } : {}), ...(last ? { last } : {}) }),
    stop: async () => {
      stopped = true;
      clearTimeout(due?.timer);
      clearTimeout(again);
      child?.kill('SIGKILL');
      await turn;
    },
  };
}
