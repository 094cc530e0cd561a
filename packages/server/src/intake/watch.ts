/** The watched folder: files that have stopped growing are taken over, and are gone from it. */

import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { makeFolder } from '../files.js';
import { Refusal } from '../model/refusal.js';
import type { OpenIntake } from './intake.js';

export interface WatchOptions {
  folder: string;
  intake: Pick<OpenIntake, 'takeFile' | 'room' | 'limits'>;
  log: Logger;
  /** Milliseconds a file must have stayed as it is. */
  still?: number;
  /** Milliseconds between looks. */
  every?: number;
}

export async function watchFolder(options: WatchOptions): Promise<() => Promise<void>> {
  const { folder, intake, log, still = 5000, every = 2000 } = options;
  const place = join(folder, 'watch');
  const refused = join(folder, 'watch-refused');
  await makeFolder(place);
  const seen = new Map<string, { size: number; changed: number; since: number }>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const there = new Set<string>();
    for (const path of await below(place)) {
      there.add(path);
      if (stopped) return;
      const info = await stat(join(place, path)).catch(() => undefined);
      if (!info) continue;
      const before = seen.get(path);
      const now = Date.now();
      if (!before || before.size !== info.size || before.changed !== info.mtimeMs) {
        seen.set(path, { size: info.size, changed: info.mtimeMs, since: now });
        continue;
      }
      if (now - before.since < still || info.size === 0) continue;
      await take(path, info.size);
      seen.delete(path);
    }
    for (const path of seen.keys()) if (!there.has(path)) seen.delete(path);
  };

  const take = async (path: string, size: number) => {
    try {
      await intake.room();
      if (size > intake.limits.file) throw new Refusal(413, 'FILE_TOO_LARGE', 'larger than what is taken');
      await intake.takeFile(path, join(place, path)).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        // Another file system is mounted there: the file is copied first.
        const copy = join(folder, 'intake', 'uploads', `${randomUUID()}.part`);
        await copyFile(join(place, path), copy);
        await intake.takeFile(path, copy);
        await rm(join(place, path));
      });
    } catch (error) {
      if (error instanceof Refusal && error.status === 503) return;
      const code =
        error instanceof Refusal ? error.code : ((error as NodeJS.ErrnoException).code ?? 'unknown');
      log.error({ kind: code }, 'a file of the watched folder could not be taken over; it was put aside');
      await mkdir(refused, { recursive: true, mode: 0o700 });
      await rename(join(place, path), join(refused, `${Date.now()}-${randomUUID()}`)).catch(() => undefined);
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

/** Files below a folder. Links are not followed; what begins with a dot, or ends like an unfinished copy, is left. */
async function below(folder: string, under = '', depth = 0): Promise<string[]> {
  const found: string[] = [];
  if (depth > 10) return found;
  for (const entry of await readdir(join(folder, under), { withFileTypes: true }).catch(() => [])) {
    if (entry.name.startsWith('.') || /\.(part|partial|tmp|crdownload|filepart)$/i.test(entry.name)) continue;
    const path = under ? `${under}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...(await below(folder, path, depth + 1)));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}
