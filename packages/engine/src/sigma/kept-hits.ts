import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { type Database, literal, textList } from '../lake/duckdb.js';
import type { PathForms } from './columns.js';
import { keptFolder, partSchema, readList, writeList, writePart } from './kept-parts.js';

/** Where hits are kept, and the files of events there are. */
export interface Keep {
  /** Folder of the lake. */
  readonly lake: string;
  /** Parquet files of the lake's events, absolute. */
  readonly files: readonly string[];
}

/** Beyond so many parts they are written as one. */
const manyParts = 8;

const listSchema = z.object({
  version: z.literal(2),
  digest: z.string(),
  files: z.array(z.string()),
  forms: z.array(z.object({ any: z.boolean(), lists: z.boolean(), objects: z.boolean() })),
  parts: z.array(partSchema),
});
type List = z.infer<typeof listSchema>;

/**
 * Hits of the rules of one field map, kept in the lake from scan to scan: a file of events never changes, so the same
 * questions asked of it again give the same hits. Kept are `file, uid, time, rules` and the fields that correlations read
 * for every hit, and what the records hold at the paths that rules read. Anything but exactly the same questions
 * (`asked`), and any part that is not as it was written, begins anew.
 */
export class KeptHits {
  private constructor(
    private readonly folder: string,
    private readonly kept: string,
    /** Name (path within the lake, and size) → absolute path. */
    private readonly names: ReadonlyMap<string, string>,
    private list: List,
  ) {}

  /** `asked`: everything that says what is asked of the events, in SQL. */
  static async open(keep: Keep, map: string, asked: readonly string[]): Promise<KeptHits> {
    const folder = join(keep.lake, keptFolder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const digest = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
    const kept = keptOf(map);
    const before = await readList(folder, kept, listSchema);
    return new KeptHits(
      folder,
      kept,
      await namesOf(keep),
      before?.digest === digest ? before : { version: 2, digest, files: [], forms: [], parts: [] },
    );
  }

  /** Of what is asked. */
  get digest(): string {
    return this.list.digest;
  }

  /** Files of events whose hits are not kept yet, absolute. */
  get missing(): string[] {
    const kept = new Set(this.list.files);
    return [...this.names].flatMap(([name, file]) => (kept.has(name) ? [] : [file]));
  }

  get empty(): boolean {
    return this.list.parts.length === 0;
  }

  /** What the records of all files that are kept hold, path by path. */
  get forms(): readonly PathForms[] {
    return this.list.forms;
  }

  /** Keeps a table of `file`, by absolute path, `uid, time, rules` and fields: all hits in the files that were missing. */
  async add(database: Database, table: string, forms: readonly PathForms[]): Promise<void> {
    const { folder, kept, names, list } = this;
    const parts = [...list.parts];
    if ((await database.number(`SELECT count(*) FROM ${table}`)) > 0)
      parts.push(
        await writePart(
          database,
          folder,
          kept,
          `SELECT n.name AS file, h.* EXCLUDE (file) FROM ${table} h
           JOIN (SELECT unnest(CAST($files AS VARCHAR[])) AS file, unnest(CAST($names AS VARCHAR[])) AS name) n USING (file)`,
          { files: textList([...names.values()]), names: textList([...names.keys()]) },
        ),
      );
    this.list = {
      ...list,
      files: [...names.keys()],
      forms: forms.map((form, i) => ({
        any: form.any || list.forms[i]?.any === true,
        lists: form.lists || list.forms[i]?.lists === true,
        objects: form.objects || list.forms[i]?.objects === true,
      })),
      parts,
    };
    if (parts.length > manyParts)
      this.list = { ...this.list, parts: [await writePart(database, folder, kept, this.hits)] };
    await writeList(folder, kept, this.list);
  }

  /** What selects what is kept of the files there are: others have been merged, and stand under a new name. */
  get hits(): string {
    const parts = this.list.parts.map((part) => literal(join(this.folder, part.name)));
    return `SELECT * FROM read_parquet([${parts.join(', ')}]) WHERE file IN (${[...this.names.keys()].map(literal).join(', ')})`;
  }
}

/** What the hits of a map are kept as. */
export function keptOf(map: string): string {
  return `hits-${map}`;
}

/** Files of events by what they are known as: path within the lake, and size. */
export async function namesOf({ lake, files }: Keep): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const file of files)
    names.set(`${relative(lake, file).replaceAll('\\', '/')} ${(await stat(file)).size}`, file);
  return names;
}
