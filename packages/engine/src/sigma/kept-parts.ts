/** Parquet files that are kept in the lake from scan to scan, named by a list with the digest of what each holds. */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Database, literal } from '../lake/duckdb.js';

/** Folder in the lake. */
export const keptFolder = 'sigma';

export const partSchema = z.object({ name: z.string().regex(/^[\w.-]+\.parquet$/), digest: z.string() });
export type Part = z.infer<typeof partSchema>;

/** Writes the answer of a query as a part of `kept`; nothing has it until a list names it. */
export async function writePart(
  database: Database,
  folder: string,
  kept: string,
  query: string,
  parameters?: Record<string, string>,
): Promise<Part> {
  const name = `${kept}-${randomUUID()}.parquet`;
  const path = join(folder, name);
  await database.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`, parameters);
  await chmod(path, 0o600);
  return { name, digest: await digestOf(path) };
}

/** The list of `kept`; `undefined` where there is none, or it or a part is not as it was written. */
export async function readList<T extends { parts: Part[] }>(
  folder: string,
  kept: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  try {
    const list = schema.parse(JSON.parse(await readFile(join(folder, `${kept}.json`), 'utf8')));
    for (const { name, digest } of list.parts)
      if ((await digestOf(join(folder, name))) !== digest) return undefined;
    return list;
  } catch {
    return undefined;
  }
}

/** Puts a list in the place of the one before, and removes parts of `kept` that it does not name. */
export async function writeList<T extends { parts: Part[] }>(
  folder: string,
  kept: string,
  list: T,
): Promise<void> {
  const path = join(folder, `${kept}.json`);
  await writeFile(`${path}.new`, JSON.stringify(list), { mode: 0o600 });
  await rename(`${path}.new`, path);
  const named = new Set(list.parts.map((part) => part.name));
  for (const name of await readdir(folder))
    if (ofWhich(name) === kept && name.endsWith('.parquet') && !named.has(name)) await rm(join(folder, name));
}

/** Removes lists and parts of what is not kept any more. */
export async function sweepKept(lake: string, kept: readonly string[]): Promise<void> {
  const folder = join(lake, keptFolder);
  const used = new Set(kept);
  for (const name of await readdir(folder).catch(() => []))
    if (!used.has(ofWhich(name) ?? '')) await rm(join(folder, name), { recursive: true, force: true });
}

/** What a file belongs to, by its name. */
function ofWhich(name: string): string | undefined {
  return /^(.+?)(?:-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.parquet|\.json)$/.exec(name)?.[1];
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
