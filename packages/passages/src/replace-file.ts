import { open, rename } from 'node:fs/promises';

/** Puts text in the place of a file in one step: a reader sees the old or the new, never half of one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
