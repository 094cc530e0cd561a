/**
 * Hands files to the processes that read them, several at a time, and ends one that takes too long. A file that a process
 * did not survive is refused; those that were read beside it are read again, each alone.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import type { CheckResult } from '@rollcall/engine/check.js';
import { Refusal } from '../../model/refusal.js';
import type { Job, Told } from './check-process.js';

export interface Limits {
  /** Milliseconds from one answer to the next. */
  time: number;
  /** Megabytes of heap. */
  memory: number;
  /** Files that may wait; more are asked to come again. */
  waiting: number;
  /** Processes side by side; the second is started when files wait. */
  processes: number;
  /** Files that are handed to a process at a time. */
  together: number;
}
export const limits: Limits = {
  time: 90_000,
  memory: 1_024,
  waiting: 40,
  processes: Math.min(2, availableParallelism()),
  together: 8,
};

/** A process is let go after so many files, and after so long without one. */
const filesEach = 100;
const idle = 60_000;
/** Files that wait before another process is worth its start. */
const worthAnother = 3;

// The process is always of the build; tests run this file from the source.
const built = new URL(
  './check-process.js',
  import.meta.url.replace(/\/src\/(?=areas\/applicants\/)/, '/dist/'),
);

export interface FileJob extends Omit<Job, 'files'> {
  file: string;
  /** Where the process keeps what it needs for a moment. */
  temporary: string;
}

interface Waiting {
  job: FileJob;
  /** Others were read beside it when its process ended. */
  alone: boolean;
  done: (result: CheckResult) => void;
  failed: (error: Error) => void;
}

export class CheckApart {
  private readonly given: Limits;
  private readonly readers: Reader[] = [];
  private waiting: Waiting[] = [];
  private under = 0;

  /** `program`: what a process runs; another one for tests. */
  constructor(
    given: Partial<Limits> = {},
    private readonly program = built,
  ) {
    this.given = { ...limits, ...given };
  }

  check(job: FileJob): Promise<CheckResult> {
    if (this.waiting.length + this.under >= this.given.waiting)
      throw new Refusal(429, 'BUSY', 'many files are being read already; try again in a minute', {
        'retry-after': '60',
      });
    return new Promise((done, failed) => {
      this.waiting.push({ job, alone: false, done, failed });
      this.hand();
    });
  }

  stop(): void {
    for (const reader of this.readers) reader.stop();
  }

  private hand(): void {
    for (let reader = this.free(); reader && this.waiting.length > 0; reader = this.free()) {
      const group = this.next();
      this.under += group.length;
      void reader.read(group).then((left) => {
        this.under -= group.length;
        this.waiting.unshift(...left);
        this.hand();
      });
    }
  }

  private free(): Reader | undefined {
    const free = this.readers.find((reader) => !reader.busy);
    const { processes } = this.given;
    if (free || this.readers.length >= processes) return free;
    if (this.readers.length > 0 && this.waiting.length < worthAnother) return undefined;
    const made = new Reader(this.given, this.program);
    this.readers.push(made);
    return made;
  }

  /** The next that may go together: no more than leave the other processes their share. */
  private next(): Waiting[] {
    const [first] = this.waiting as [Waiting];
    const most = first.alone
      ? 1
      : Math.min(this.given.together, Math.ceil(this.waiting.length / this.given.processes));
    const end = this.waiting.findIndex((one, nth) => nth > 0 && (one.alone || !goesWith(first.job, one.job)));
    return this.waiting.splice(0, end < 0 ? most : Math.min(most, end));
  }
}

const goesWith = (one: FileJob, other: FileJob) =>
  one.lake === other.lake &&
  one.content === other.content &&
  one.temporary === other.temporary &&
  JSON.stringify(one.policy) === JSON.stringify(other.policy);

/** One process, started when there is something to read. */
class Reader {
  busy = false;
  private child: ChildProcess | undefined;
  private temporary: string | undefined;
  private files = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly given: Limits,
    private readonly program: URL,
  ) {}

  stop(): void {
    clearTimeout(this.timer);
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.files = 0;
  }

  /** Answers the files; those it has no answer for, because of another of them, are given back. */
  async read(group: readonly Waiting[]): Promise<Waiting[]> {
    this.busy = true;
    clearTimeout(this.timer);
    const [{ job }] = group as [Waiting];
    // A process keeps what it has opened in the folder it was begun with.
    if (this.files >= filesEach || this.temporary !== job.temporary) this.stop();
    this.temporary = job.temporary;
    this.child ??= this.begin(job.temporary);
    this.files += group.length;
    const open = new Map(group.entries());
    const over = await this.answers(this.child, job, open);
    this.busy = false;
    this.timer = setTimeout(() => this.stop(), idle);
    this.timer.unref();
    const left = [...open.values()];
    if (left.length === 1 && group.length === 1) {
      left[0]?.failed(errorOf(over));
      return [];
    }
    return left.map((one) => ({ ...one, alone: true }));
  }

  /** Until the process is through with the files, or has ended: then the code that says why. */
  private answers(child: ChildProcess, job: FileJob, open: Map<number, Waiting>): Promise<string> {
    const { file: _, temporary: __, ...rest } = job;
    const files = [...open.values()].map((one) => one.job.file);
    return new Promise((resolve) => {
      const end = (code: string) => {
        clearTimeout(late);
        child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
        child.on('error', () => undefined);
        resolve(code);
      };
      const gone = () => {
        this.stop();
        end('READER_GONE');
      };
      const late = setTimeout(() => {
        this.stop();
        end('READER_LATE');
      }, this.given.time);
      child.on('message', (message) => {
        const told = message as Told;
        late.refresh();
        if ('done' in told) return end(told.code ?? 'UNEXPECTED');
        const one = open.get(told.nth);
        open.delete(told.nth);
        if ('result' in told) one?.done(told.result);
        else one?.failed(errorOf(told.code));
      });
      child.once('exit', gone);
      child.once('error', gone);
      child.send({ ...rest, files } satisfies Job, (error) => {
        if (error) gone();
      });
    });
  }

  private begin(temporary: string): ChildProcess {
    const { PATH, TZ } = process.env;
    const child = fork(this.program, {
      execArgv: [`--max-old-space-size=${this.given.memory}`],
      serialization: 'json',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...(PATH ? { PATH } : {}), TMPDIR: temporary, ...(TZ ? { TZ } : {}) },
    });
    child.unref();
    child.channel?.unref();
    try {
      // People who look at pages come first.
      if (child.pid !== undefined) setPriority(child.pid, 5);
    } catch {
      // It has ended already, or may not be changed.
    }
    return child;
  }
}

function errorOf(code: string): Error {
  if (code === 'READER_LATE')
    return new Refusal(422, 'FILE_TOO_SLOW', 'this file took too long to read; ask for it as a PDF or DOCX');
  if (code === 'READER_GONE')
    return new Refusal(422, 'FILE_TOO_HEAVY', 'reading this file took more memory than it may have');
  if (code === 'LAKE_MISSING' || code === 'FOLDER_MISSING')
    return new Refusal(
      409,
      'NO_SCAN',
      'there is no scan to compare with yet; hand in exports under Sources first',
    );
  if (code === 'ARGUMENT_INVALID')
    return new Refusal(422, 'NOT_ONE_RESUME', 'this is not one person’s résumé; each is checked alone');
  return new Error(`a résumé could not be checked: ${code}`);
}
