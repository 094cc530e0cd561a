import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { type Database, literal, textList } from '../lake/duckdb.js';
import type { PathForms } from './columns.js';

/** Where hits are kept, and the files of events there are. */
export interface Keep {
  /** Folder of the lake. */
  readonly lake: string;
  /** Parquet files of the lake's events, absolute. */
  readonly files: readonly string[];
}

const hitsFolder = 'sigma';
/** Beyond so many parts they are written as one. */
const manyParts = 8;

const manifestSchema = z.object({
  version: z.literal(1),
  digest: z.string(),
  files: z.array(z.string()),
  forms: z.array(z.object({ any: z.boolean(), lists: z.boolean(), objects: z.boolean() })),
  parts: z.array(z.string().regex(/^[\w.-]+\.parquet$/)),
});
type Manifest = z.infer<typeof manifestSchema>;

/**
 * Hits of the rules of one log source, kept in the lake from scan to scan: a file of events never changes, so the same
 * questions asked of it again give the same hits. Kept are `file, uid, time, rules, held` for every hit, and what the
 * records hold at the paths that rules read. Anything but exactly the same questions (`asked`) begins anew.
 */
export class KeptHits {
  private constructor(
    private readonly folder: string,
    private readonly source: string,
    /** Name (path within the lake, and size) → absolute path. */
    private readonly names: ReadonlyMap<string, string>,
    private manifest: Manifest,
  ) {}

  /** `asked`: everything that says what is asked of the events, in SQL. */
  static async open(keep: Keep, source: string, asked: readonly string[]): Promise<KeptHits> {
    const folder = join(keep.lake, hitsFolder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const digest = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
    const names = new Map<string, string>();
    for (const file of keep.files)
      names.set(`${relative(keep.lake, file).replaceAll('\\', '/')} ${(await stat(file)).size}`, file);
    const kept = new KeptHits(folder, source, names, nothing(digest));
    const before = manifestSchema.safeParse(
      await readFile(kept.manifestPath, 'utf8').then(parsed, () => undefined),
    );
    if (before.success && before.data.digest === digest) kept.manifest = before.data;
    await kept.sweep();
    return kept;
  }

  /** Files of events whose hits are not kept yet, absolute. */
  get missing(): string[] {
    const kept = new Set(this.manifest.files);
    return [...this.names].flatMap(([name, file]) => (kept.has(name) ? [] : [file]));
  }

  get empty(): boolean {
    return this.manifest.parts.length === 0;
  }

  /** What the records of all files that are kept hold, path by path. */
  get forms(): readonly PathForms[] {
    return this.manifest.forms;
  }

  /** Keeps a table `file, uid, time, rules, held`, by absolute path: all hits in the files that were missing. */
  async add(database: Database, table: string, forms: readonly PathForms[]): Promise<void> {
    const { manifest } = this;
    const parts = [...manifest.parts];
    if ((await database.number(`SELECT count(*) FROM ${table}`)) > 0) {
      const part = `${this.source}-${randomUUID()}.parquet`;
      await database.run(
        `COPY (SELECT n.name AS file, h.uid, h.time, h.rules, h.held FROM ${table} h
           JOIN (SELECT unnest(CAST($files AS VARCHAR[])) AS file, unnest(CAST($names AS VARCHAR[])) AS name) n USING (file))
         TO ${literal(join(this.folder, part))} (FORMAT parquet, COMPRESSION zstd)`,
        { files: textList([...this.names.values()]), names: textList([...this.names.keys()]) },
      );
      parts.push(part);
    }
    await this.write({
      ...manifest,
      files: [...this.names.keys()],
      forms: forms.map((form, i) => ({
        any: form.any || manifest.forms[i]?.any === true,
        lists: form.lists || manifest.forms[i]?.lists === true,
        objects: form.objects || manifest.forms[i]?.objects === true,
      })),
      parts,
    });
    if (parts.length > manyParts) await this.merge(database);
  }

  /** A relation with the columns `uid, time, rules, held`: the hits in the files there are. */
  get hits(): string {
    return this.manifest.parts.length === 0
      ? `(SELECT NULL::VARCHAR AS uid, NULL::TIMESTAMP AS time, NULL::INTEGER[] AS rules, NULL::VARCHAR AS held LIMIT 0)`
      : `(SELECT uid, time, rules, held FROM ${this.relation})`;
  }

  /** Begins anew: what was kept cannot be read. */
  async forget(): Promise<void> {
    await this.write(nothing(this.manifest.digest));
    await this.sweep();
  }

  /** What is kept of the files there are: others have been merged, and stand under a new name. */
  private get relation(): string {
    const parts = this.manifest.parts.map((part) => literal(join(this.folder, part)));
    return `(SELECT * FROM read_parquet([${parts.join(', ')}]) WHERE file IN (${[...this.names.keys()].map(literal).join(', ')}))`;
  }

  private async merge(database: Database): Promise<void> {
    const part = `${this.source}-${randomUUID()}.parquet`;
    await database.run(
      `COPY ${this.relation} TO ${literal(join(this.folder, part))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await this.write({ ...this.manifest, parts: [part] });
    await this.sweep();
  }

  private get manifestPath(): string {
    return join(this.folder, `${this.source}.json`);
  }

  private async write(manifest: Manifest): Promise<void> {
    await writeFile(`${this.manifestPath}.new`, JSON.stringify(manifest), { mode: 0o600 });
    await rename(`${this.manifestPath}.new`, this.manifestPath);
    this.manifest = manifest;
  }

  /** Removes parts that nothing names: of other questions, and of a scan that was ended. */
  private async sweep(): Promise<void> {
    const named = new Set(this.manifest.parts);
    const part = /^(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.parquet$/;
    for (const name of await readdir(this.folder))
      if (part.exec(name)?.[1] === this.source && !named.has(name)) await rm(join(this.folder, name));
  }
}

function nothing(digest: string): Manifest {
  return { version: 1, digest, files: [], forms: [], parts: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
