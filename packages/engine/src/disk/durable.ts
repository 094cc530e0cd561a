/**
 * Files and folders that are still there after a power cut. A file's bytes are on disk once the file is synchronised; that
 * it is there at all, or under another name, only once its folder is. Windows opens no folder: it writes names by itself.
 */
import { appendFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Where folders cannot be synchronised; on some file systems, and everywhere on Windows. */
const cannot = new Set(['EISDIR', 'EINVAL', 'EPERM', 'EACCES', 'ENOTSUP', 'EBADF']);

export async function syncFile(path: string): Promise<void> {
  // Windows synchronises only what may be written to.
  const file = await open(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The names in a folder are on disk when this returns. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!cannot.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** Everything below a folder. */
export async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncTree(join(path, entry.name));
    else if (entry.isFile()) await syncFile(join(path, entry.name));
  }
  await syncFolder(path);
}

/** A folder that only this account reads, with those above it that are missing. */
export async function makeFolder(path: string): Promise<void> {
  const whole = resolve(path);
  const first = await mkdir(whole, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let at = whole; ; at = dirname(at)) {
    await syncFolder(dirname(at));
    if (at === resolve(first) || at === dirname(at)) return;
  }
}

/** Puts content in the place of a file in one step: there is the old or the new, never half of one. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  // Whoever reads the folder meanwhile passes over it.
  const part = join(dirname(path), `.${basename(path)}.part`);
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await moveInto(part, path);
}

/** Gives a file or folder, whose own content is on disk, its name in its place. */
export async function moveInto(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Adds to the end of a file. */
export async function appendWhole(path: string, text: string): Promise<void> {
  await appendFile(path, text, { mode: 0o600, flush: true });
  // It may be new, or have been left by somebody who was stopped before this.
  await syncFolder(dirname(path));
}

/** It does not come back after a power cut. */
export async function removeForGood(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await syncFolder(dirname(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
