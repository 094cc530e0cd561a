import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Database, literal } from '../lake/duckdb.js';
import { type Keep, namesOf } from './kept-hits.js';
import { keptFolder, partSchema, readList, writeList, writePart } from './kept-parts.js';

/** What the promising hits are kept as. */
export const keptPromising = 'promising';

const listSchema = z.object({
  version: z.literal(1),
  digest: z.string(),
  files: z.array(z.string()),
  parts: z.array(partSchema),
});

/**
 * Hits that may matter to correlations, kept in the lake from scan to scan: a table `correlation, rule, source, uid, time`
 * and the fields beside them, of some files of events. Where other questions are asked, or one of those files is gone,
 * they are found anew.
 */
export class KeptPromising {
  private constructor(
    private readonly folder: string,
    private readonly list: z.infer<typeof listSchema>,
    /** Files of events there are, by name. */
    private readonly names: readonly string[],
  ) {}

  /** `asked`: everything that says which hits there are and which of them may matter. */
  static async open(keep: Keep, asked: readonly unknown[]): Promise<KeptPromising> {
    const folder = join(keep.lake, keptFolder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const digest = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
    const names = [...(await namesOf(keep)).keys()];
    const before = await readList(folder, keptPromising, listSchema);
    const there = new Set(names);
    const holds = before?.digest === digest && before.files.every((name) => there.has(name));
    return new KeptPromising(folder, holds ? before : { version: 1, digest, files: [], parts: [] }, names);
  }

  /** A relation with what is kept; `undefined` where nothing is. */
  get before(): string | undefined {
    const parts = this.list.parts.map((part) => literal(join(this.folder, part.name)));
    return parts.length === 0 ? undefined : `read_parquet([${parts.join(', ')}])`;
  }

  /** What is so of `file` of a hit that nothing is kept of. */
  get fresh(): string {
    const kept = new Set(this.list.files);
    const fresh = this.names.filter((name) => !kept.has(name));
    return fresh.length === 0 ? 'false' : `file IN (${fresh.map(literal).join(', ')})`;
  }

  /** Keeps what a query selects, or what was kept before: all that may matter in the files there are. */
  async keep(database: Database, query?: string): Promise<void> {
    const parts =
      query === undefined ? this.list.parts : [await writePart(database, this.folder, keptPromising, query)];
    await writeList(this.folder, keptPromising, { ...this.list, files: [...this.names], parts });
  }
}
