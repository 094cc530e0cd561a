/** The watched folder: files that have stopped growing are taken over, and are gone from it. */

import { randomUUID } from 'node:crypto';
import { copyFile, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { makeFolder } from '../files.js';
import { Refusal } from '../model/refusal.js';
import type { Aside } from '../model/services.js';
import { type OpenIntake, stillWritten } from './intake.js';

export interface WatchOptions {
  folder: string;
  intake: Pick<OpenIntake, 'takeFile' | 'room' | 'limits' | 'tellAside'>;
  log: Logger;
  /** Milliseconds a file must have stayed as it is. */
  still?: number;
  /** The same for a file that is empty: whoever writes it may not have begun. */
  empty?: number;
  /** Milliseconds between looks. */
  every?: number;
}

/** Where what was not taken is put, and what is written beside each: which file it was, and why. */
const asideFolder = 'watch-refused';
const whyEnding = '.why.json';
const asideShown = 100;

export async function watchFolder(options: WatchOptions): Promise<() => Promise<void>> {
  const { folder, intake, log, still = 5000, empty = 60_000, every = 2000 } = options;
  const place = join(folder, 'watch');
  const refused = join(folder, asideFolder);
  await makeFolder(place);
  const seen = new Map<string, { size: number; changed: number; since: number }>();
  /** Could neither be taken nor put aside: as they were then. */
  const left = new Map<string, Aside & { mark: string }>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const there = new Set<string>();
    for (const { path, wrong } of await below(place)) {
      there.add(path);
      if (stopped) return;
      const info = await lstat(join(place, path)).catch(() => undefined);
      if (!info || left.get(path)?.mark === markOf(info)) continue;
      if (wrong !== undefined) {
        await putAside(path, wrong);
        continue;
      }
      const before = seen.get(path);
      const now = Date.now();
      if (!before || before.size !== info.size || before.changed !== info.mtimeMs) {
        seen.set(path, { size: info.size, changed: info.mtimeMs, since: now });
        continue;
      }
      if (now - before.since < (info.size === 0 ? empty : still)) continue;
      if (info.size === 0) await putAside(path, 'it is empty');
      else await take(path, info.size);
      seen.delete(path);
    }
    for (const path of seen.keys()) if (!there.has(path)) seen.delete(path);
    for (const path of left.keys()) if (!there.has(path)) left.delete(path);
    intake.tellAside([...left.values(), ...(await asideIn(refused))].slice(0, asideShown));
  };

  const take = async (path: string, size: number) => {
    try {
      await intake.room();
      if (size > intake.limits.file)
        throw new Refusal(
          413,
          'FILE_TOO_LARGE',
          `a file of more than ${Math.round(intake.limits.file / 2 ** 20)} MB is not taken; split it`,
        );
      await intake.takeFile(path, join(place, path)).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        // Another file system is mounted there: the file is copied first.
        const copy = join(folder, 'intake', 'uploads', `${randomUUID()}.part`);
        try {
          await copyFile(join(place, path), copy);
          await intake.takeFile(path, copy);
        } finally {
          await rm(copy, { force: true });
        }
        await rm(join(place, path));
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Later: when there is room, or when it is whole.
      if (error instanceof Refusal && error.status === 503) return;
      if (code === stillWritten || code === 'ENOSPC' || code === 'ENOENT') return;
      await putAside(
        path,
        error instanceof Refusal
          ? error.message
          : mayNot(error as NodeJS.ErrnoException)
            ? 'the server may not read it: let its account read it'
            : 'it could not be read from the disk',
        error instanceof Refusal ? error.code : (code ?? 'unknown'),
      );
    }
  };

  const putAside = async (path: string, why: string, kind = 'not taken') => {
    log.error(
      { kind },
      'a file of the watched folder was not taken over; the page Sources says which and why',
    );
    const at = new Date().toISOString();
    const name = `${at.replaceAll(':', '-')}-${basename(path).slice(-80)}-${randomUUID().slice(0, 8)}`;
    const info = await lstat(join(place, path)).catch(() => undefined);
    if (!info) return;
    try {
      await mkdir(refused, { recursive: true, mode: 0o700 });
      await writeFile(
        join(refused, `${name}${whyEnding}`),
        `${JSON.stringify({ file: path, why, at } satisfies Aside)}\n`,
        { mode: 0o600 },
      );
      await rename(join(place, path), join(refused, name));
    } catch {
      await rm(join(refused, `${name}${whyEnding}`), { force: true });
      left.set(path, { file: path, why: `${why}; it still lies in the folder`, at, mark: markOf(info) });
    }
  };

  const again = () => {
    timer = setTimeout(() => {
      running = look()
        .catch((error: NodeJS.ErrnoException) =>
          log.error({ kind: error.code ?? error.name }, 'the watched folder could not be read'),
        )
        .finally(() => {
          if (!stopped) again();
        });
    }, every);
    timer.unref();
  };
  let running: Promise<void> = Promise.resolve();
  again();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

const mayNot = ({ code }: NodeJS.ErrnoException) => code === 'EACCES' || code === 'EPERM';

const markOf = (info: { size: number; mtimeMs: number; ctimeMs: number }) =>
  `${info.size} ${info.mtimeMs} ${info.ctimeMs}`;

/** What lies in the folder of those that were put aside, the latest first; whoever takes a file away ends its line. */
async function asideIn(refused: string): Promise<Aside[]> {
  const names = await readdir(refused).catch(() => []);
  const there = new Set(names);
  const found: Aside[] = [];
  for (const name of names.sort().reverse()) {
    if (found.length >= asideShown) break;
    if (!name.endsWith(whyEnding) || !there.has(name.slice(0, -whyEnding.length))) continue;
    try {
      const { file, why, at } = JSON.parse(await readFile(join(refused, name), 'utf8')) as Aside;
      found.push({ file: String(file), why: String(why), at: String(at) });
    } catch {
      // It is being taken away.
    }
  }
  return found;
}

/** Folders in each other; more is not looked into. */
const deepest = 10;

/**
 * Files below a folder, and what is `wrong` with those that are not taken. Links are not followed; what begins with a dot,
 * or ends like an unfinished copy, is left.
 */
async function below(folder: string, under = '', depth = 0): Promise<{ path: string; wrong?: string }[]> {
  const found: { path: string; wrong?: string }[] = [];
  const entries = await readdir(join(folder, under), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => error,
  );
  if (entries instanceof Error)
    return mayNot(entries) && under
      ? [{ path: under, wrong: 'the server may not look into it: let its account read it' }]
      : [];
  for (const entry of entries) {
    if (entry.name.startsWith('.') || /\.(part|partial|tmp|crdownload|filepart)$/i.test(entry.name)) continue;
    const path = under ? `${under}/${entry.name}` : entry.name;
    if (entry.isSymbolicLink())
      found.push({ path, wrong: 'it is a link, and links are not followed: put the file itself here' });
    else if (entry.isFile()) found.push({ path });
    else if (entry.isDirectory() && depth < deepest) found.push(...(await below(folder, path, depth + 1)));
    else if (entry.isDirectory())
      found.push({ path, wrong: `it lies in more than ${deepest} folders: put it higher up` });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
