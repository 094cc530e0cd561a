import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFile, syncFolder, writeWhole } from '../disk/durable.js';
import { RollcallError } from '../model/errors.js';
import { type TableName, tableNames } from '../model/tables.js';

/**
 * Besides the tables of the model: identities of records already read from sources that give no events, raw values behind
 * hashes, and marks of records that were removed for good.
 */
export type StoredName = TableName | 'records' | 'vault' | 'forgotten';
const storedNames: StoredName[] = [...tableNames, 'records', 'vault', 'forgotten'];

/** Raised when canonical forms of identifiers change: values of two forms would not be found equal. */
const canonicalForms = 2;

interface Manifest {
  version: 1;
  /** Parquet files of each table, relative to the lake. Files not named here do not exist for a reader. */
  tables: Record<StoredName, string[]>;
  /** `canonicalForms` when its identifiers were written. */
  forms?: number;
  /** Scans so far; names the next batch. */
  batches: number;
  /** What the last that was read called itself. */
  mark?: string;
}

/**
 * The lake on disk: Parquet files named by one manifest that is replaced in a single rename, so a scan is either wholly
 * in the lake or not at all. One writer at a time, by a lock file that names its process.
 */
export class Store {
  private constructor(
    readonly folder: string,
    private manifest: Manifest,
    /** Key of the hashes of sensitive identifiers. Stays in the lake's folder. */
    readonly key: Buffer,
  ) {}

  static async open(folder: string): Promise<Store> {
    await makeFolder(folder);
    await lock(folder);
    try {
      const path = join(folder, 'manifest.json');
      const manifest = existsSync(path) ? parseManifest(path, await readFile(path, 'utf8')) : emptyManifest();
      const keyPath = join(folder, 'key');
      // Whole, before any hash is made with it: with another key nothing new would match what the lake holds.
      if (!existsSync(keyPath)) await writeWhole(keyPath, randomBytes(32));
      const store = new Store(folder, manifest, await readFile(keyPath));
      await store.sweep();
      return store;
    } catch (error) {
      await rm(join(folder, 'lock'), { force: true });
      throw error;
    }
  }

  /** Files of a table, absolute, in the order they were added. */
  files(table: StoredName): string[] {
    return this.manifest.tables[table].map((file) => join(this.folder, file));
  }

  /** What the exports that were read last were called, by whoever read them. */
  get mark(): string | undefined {
    return this.manifest.mark;
  }

  /** A new folder for the files of one scan; not part of the lake until `commit`. */
  async begin(): Promise<Batch> {
    const name = `batch-${String(this.manifest.batches + 1).padStart(6, '0')}`;
    const folder = join(this.folder, 'data', name);
    await rm(folder, { recursive: true, force: true });
    await makeFolder(folder);
    return new Batch(name, folder);
  }

  /** Makes a batch part of the lake, all of it at once; one that replaces files leaves the mark as it is. */
  async commit(batch: Batch, replaced: readonly string[] = [], mark?: string): Promise<void> {
    const tables = structuredClone(this.manifest.tables);
    const gone = new Set(replaced);
    for (const name of storedNames) {
      tables[name] = tables[name].filter((file) => !gone.has(join(this.folder, file)));
      tables[name].push(...batch.files[name].sort().map((file) => join('data', batch.name, file)));
    }
    // On disk before the manifest names them: a power cut leaves a scan wholly there or not at all.
    for (const file of Object.values(batch.files).flat())
      await syncFile(join(this.folder, 'data', batch.name, file));
    await syncFolder(join(this.folder, 'data', batch.name));
    // The folder of the batch itself, where a scan that was stopped made it.
    await syncFolder(join(this.folder, 'data'));
    const kept = replaced.length > 0 ? this.manifest.mark : mark;
    await this.write({
      version: 1,
      forms: canonicalForms,
      tables,
      batches: this.manifest.batches + 1,
      ...(kept === undefined ? {} : { mark: kept }),
    });
    for (const file of gone) await rm(file, { force: true });
  }

  async close(): Promise<void> {
    await rm(join(this.folder, 'lock'), { force: true });
  }

  private async write(manifest: Manifest): Promise<void> {
    // In its place on disk before anybody is told, and before files it no longer names are removed.
    await writeWhole(join(this.folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    this.manifest = manifest;
  }

  /** Removes what an interrupted scan left behind. */
  private async sweep(): Promise<void> {
    const named = new Set(Object.values(this.manifest.tables).flat());
    const data = join(this.folder, 'data');
    if (existsSync(data)) {
      for (const batch of await readdir(data)) {
        const files = await readdir(join(data, batch));
        const stray = files.filter((file) => !named.has(join('data', batch, file)));
        for (const file of stray) await rm(join(data, batch, file), { recursive: true, force: true });
        if (stray.length === files.length) await rm(join(data, batch), { recursive: true, force: true });
      }
    }
    for (const entry of await readdir(this.folder)) {
      if (entry.startsWith('temporary-') || /^\..+\.part$/.test(entry))
        await rm(join(this.folder, entry), { recursive: true, force: true });
    }
  }
}

/** The files one scan adds. */
export class Batch {
  readonly files = Object.fromEntries(storedNames.map((name) => [name, [] as string[]])) as Record<
    StoredName,
    string[]
  >;
  private readonly counts = new Map<string, number>();

  constructor(
    readonly name: string,
    readonly folder: string,
  ) {}

  /** A name for a further file of a table, from a connector; call `add` once it is written. */
  path(table: StoredName, from: string): string {
    const stem = `${table}-${from}`;
    const nth = (this.counts.get(stem) ?? 0) + 1;
    this.counts.set(stem, nth);
    return join(this.folder, `${stem}-${String(nth).padStart(5, '0')}.parquet`);
  }

  add(table: StoredName, path: string): void {
    this.files[table].push(path.slice(this.folder.length + 1));
  }

  /** The batch's files of a table, absolute. */
  list(table: StoredName): string[] {
    return this.files[table].map((file) => join(this.folder, file));
  }
}

function emptyManifest(): Manifest {
  return {
    version: 1,
    tables: Object.fromEntries(storedNames.map((name) => [name, [] as string[]])) as Manifest['tables'],
    batches: 0,
  };
}

function parseManifest(path: string, text: string): Manifest {
  let value: Manifest | undefined;
  try {
    value = JSON.parse(text) as Manifest;
    // A lake of an earlier version has not all tables.
    for (const name of storedNames) value.tables[name] ??= [];
  } catch {
    // falls through to the error below
  }
  if (value?.version === 1 && storedNames.every((name) => Array.isArray(value.tables[name]))) {
    if (value.forms === canonicalForms || value.tables.identifiers.length === 0) return value;
    throw new RollcallError(
      'LAKE_DAMAGED',
      `${path}: identifiers in this lake are written in an older form that would match no new one; scan the exports into a new lake`,
    );
  }
  throw new RollcallError(
    'LAKE_DAMAGED',
    `${path} is not a manifest of this version; move the folder away to start anew`,
  );
}

async function lock(folder: string): Promise<void> {
  const path = join(folder, 'lock');
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600);
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
    if (Number.isInteger(owner) && alive(owner)) {
      throw new RollcallError(
        'LAKE_LOCKED',
        `another process (${owner}) is writing to ${folder}; wait for it to end`,
      );
    }
    await rm(path, { force: true });
  }
  throw new RollcallError('LAKE_LOCKED', `another process is writing to ${folder}`);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
