/** Hands files to the process that reads them, one after the other, and ends it where it takes too long. */
import { type ChildProcess, fork } from 'node:child_process';
import type { CheckResult } from '@rollcall/engine/check.js';
import { Refusal } from '../../model/refusal.js';
import type { Job, Told } from './check-process.js';

export interface Limits {
  /** Milliseconds for one file. */
  time: number;
  /** Megabytes of heap. */
  memory: number;
  /** Files that may wait; more are asked to come again. */
  waiting: number;
}
export const limits: Limits = { time: 90_000, memory: 1_024, waiting: 40 };

/** A process is let go after so many files, and after so long without one. */
const filesEach = 50;
const idle = 60_000;

// The process is always of the build; tests run this file from the source.
const entry = new URL(import.meta.url.replace(/\/src\/(?=areas\/applicants\/)/, '/dist/'));

export class CheckApart {
  private child: ChildProcess | undefined;
  private files = 0;
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly given: Limits = limits) {}

  check(job: Job): Promise<CheckResult> {
    if (this.waiting >= this.given.waiting)
      throw new Refusal(429, 'BUSY', 'many files are being read already; try again in a minute', {
        'retry-after': '60',
      });
    this.waiting += 1;
    const mine = this.last
      .then(() => this.one(job))
      .finally(() => {
        this.waiting -= 1;
      });
    this.last = mine.catch(() => undefined);
    return mine;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.files = 0;
  }

  private async one(job: Job): Promise<CheckResult> {
    clearTimeout(this.timer);
    if (this.files >= filesEach) this.stop();
    this.child ??= this.begin();
    this.files += 1;
    const { child } = this;
    const told = await new Promise<Told>((resolve) => {
      const end = (what: Told) => {
        clearTimeout(late);
        child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
        child.on('error', () => undefined);
        resolve(what);
      };
      const gone = () => {
        this.stop();
        end({ problem: 'gone', code: 'READER_GONE' });
      };
      const late = setTimeout(() => {
        this.stop();
        end({ problem: 'late', code: 'READER_LATE' });
      }, this.given.time);
      child.once('message', (message) => end(message as Told));
      child.once('exit', gone);
      child.once('error', gone);
      child.send(job, (error) => {
        if (error) gone();
      });
    });
    this.timer = setTimeout(() => this.stop(), idle);
    this.timer.unref();
    if ('result' in told) return told.result;
    if (told.code === 'READER_LATE')
      throw new Refusal(422, 'FILE_TOO_SLOW', 'this file took too long to read; ask for it as a PDF or DOCX');
    if (told.code === 'READER_GONE')
      throw new Refusal(422, 'FILE_TOO_HEAVY', 'reading this file took more memory than it may have');
    if (told.code === 'LAKE_MISSING' || told.code === 'FOLDER_MISSING')
      throw new Refusal(
        409,
        'NO_SCAN',
        'there is no scan to compare with yet; hand in exports under Sources first',
      );
    if (told.code === 'ARGUMENT_INVALID')
      throw new Refusal(422, 'NOT_ONE_RESUME', 'this is not one person’s résumé; each is checked alone');
    throw new Error(`a résumé could not be checked: ${told.code}`);
  }

  private begin(): ChildProcess {
    const { PATH, TMPDIR, TZ } = process.env;
    const child = fork(new URL('./check-process.js', entry), {
      execArgv: [`--max-old-space-size=${this.given.memory}`],
      serialization: 'json',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...(PATH ? { PATH } : {}), ...(TMPDIR ? { TMPDIR } : {}), ...(TZ ? { TZ } : {}) },
    });
    child.unref();
    child.channel?.unref();
    return child;
  }
}
