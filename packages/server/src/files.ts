/** Files that are wholly there or not at all, also after a power cut. */
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** In the folder of a batch: it is in the lake, and what became of each of its files. */
export const readName = 'read.json';
/** In the folder of a batch: it was concluded from, and is not read again. */
export const doneName = 'done.json';

/** A folder that only this account reads. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** So that the names in a folder are on disk. Some systems cannot; theirs are written by themselves. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  if (!folder) return;
  try {
    await folder.sync();
  } catch {
    // Not every file system syncs folders.
  } finally {
    await folder.close();
  }
}

export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  await syncFolder(dirname(path));
}
