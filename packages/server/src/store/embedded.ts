/**
 * The embedded store: PostgreSQL as WebAssembly (PGlite), in a folder of this process. As it comes it never asks the disk
 * to keep anything: its `fsync` is off, and its files have none. Here both are put right, so that what was committed
 * survives a power cut as it would with PostgreSQL.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { drizzle } from 'drizzle-orm/pglite';
import { changesChannel, makeKept, tellChanges } from './kept.js';
import { type MigrateOptions, migrate, schemaTexts } from './migrate.js';
import type { Db, Store } from './model.js';
import * as schema from './schema.js';
import { within } from './within.js';

/** In the folder, or only in memory where none is given (tests). */
export async function openEmbedded(folder?: string, options?: MigrateOptions): Promise<Store> {
  const client = folder === undefined ? await inMemory() : await onDisk(folder);
  const { db, transaction, inTransaction } = within(drizzle({ client, schema }) as unknown as Db);
  const { kept, changed } = makeKept(inTransaction);
  const store: Store = { kind: 'pglite', db, transaction, kept, close: () => client.close() };
  try {
    await migrate(store, options);
    // Tables of an earlier version, where a backup of one is read, may not be there yet.
    if (options?.upTo === undefined) for (const statement of tellChanges) await db.execute(statement);
    await client.listen(changesChannel, changed);
  } catch (error) {
    await client.close();
    throw error;
  }
  return store;
}

async function onDisk(folder: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const { NodeFS } = await import('@electric-sql/pglite/nodefs');
  if (!(await stat(folder).catch(() => undefined))) {
    // Made beside its place, and moved there when it is whole: a kill on the first day leaves nothing half made.
    const made = `${folder}.new`;
    await rm(made, { recursive: true, force: true });
    await mkdir(made, { recursive: true, mode: 0o700 });
    await (await PGlite.create(made)).close();
    await syncTree(made);
    await rename(made, folder);
    await syncPath(dirname(folder));
  }
  class SyncedFS extends NodeFS {
    override async init(...given: Parameters<InstanceType<typeof NodeFS>['init']>) {
      const made = await super.init(...given);
      made.emscriptenOpts.preRun?.push((module) => giveSync(module as unknown as WithFiles));
      return made;
    }
  }
  try {
    return await PGlite.create({
      fs: new SyncedFS(folder),
      startParams: [
        ...PGlite.defaultStartParams.filter((one) => one !== '-F'),
        // The default, fdatasync, reaches no disk in this build; fsync does.
        '-c',
        'wal_sync_method=fsync',
      ],
    });
  } catch (error) {
    throw new RollcallError(
      'STORE_DAMAGED',
      `the database in ${folder} cannot be opened (${error instanceof Error ? error.message : String(error)}); restore the last backup into a new folder`,
    );
  }
}

/** The part of Emscripten's files on disk that is used here. */
interface WithFiles {
  NODEFS: {
    stream_ops: { fsync?: (stream: { nfd?: number; node: unknown }) => number };
    realPath(node: unknown): string;
  };
}

function giveSync({ NODEFS }: WithFiles): void {
  NODEFS.stream_ops.fsync = ({ nfd, node }) => {
    if (nfd !== undefined) fsyncSync(nfd);
    else {
      // Folders have no descriptor of their own; some systems cannot sync one.
      const held = openSync(NODEFS.realPath(node), 'r');
      try {
        fsyncSync(held);
      } catch (error) {
        if (!['EISDIR', 'EINVAL', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      } finally {
        closeSync(held);
      }
    }
    return 0;
  };
}

export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncPath(path);
  }
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EINVAL', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

let empty: Promise<Blob> | undefined;

/** Making a database takes seconds, loading one a fraction: one of each schema is made and kept beside the modules. */
async function inMemory(): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  empty ??= (async () => {
    const { dependencies } = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { dependencies: Record<string, string> };
    const schemaOf = createHash('sha256').update(String(dependencies['@electric-sql/pglite']));
    for (const text of await schemaTexts()) schemaOf.update(text);
    const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
    const path = join(cache, `empty-database-${schemaOf.digest('hex').slice(0, 16)}.tar`);
    const kept = await readFile(path).catch(() => undefined);
    if (kept) return new Blob([new Uint8Array(kept)]);
    const made = await PGlite.create();
    await migrate(within(drizzle({ client: made, schema }) as unknown as Db));
    const dump = await made.dumpDataDir('none');
    await made.close();
    await mkdir(cache, { recursive: true });
    const part = `${path}.${process.pid}`;
    await writeFile(part, new Uint8Array(await dump.arrayBuffer()));
    await rename(part, path);
    return dump;
  })();
  return PGlite.create({ loadDataDir: await empty });
}
