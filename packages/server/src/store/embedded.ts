/**
 * The embedded store: PostgreSQL as WebAssembly (PGlite), in a folder of this process. As it comes it never asks the disk
 * to keep anything: its `fsync` is off, and its files have none. Here both are put right, so that what was committed
 * survives a power cut as it would with PostgreSQL.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { drizzle } from 'drizzle-orm/pglite';
import { moveInto, syncTree } from '../files.js';
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
    await moveInto(made, folder);
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
export interface WithFiles {
  NODEFS: {
    stream_ops: { fsync?: (stream: { nfd?: number; node: unknown }) => number };
    node_ops: Record<'mknod' | 'rename' | 'unlink', (node: unknown, ...rest: never[]) => unknown>;
    realPath(node: unknown): string;
  };
}

/**
 * PostgreSQL synchronises what it writes, but takes it that a file's name is on disk with the file, which not every file
 * system promises: folders in which names were given or taken go along with the next file in them.
 */
export function giveSync({ NODEFS }: WithFiles): void {
  const changed = new Set<string>();
  const { mknod, rename: move, unlink } = NODEFS.node_ops;
  NODEFS.node_ops.mknod = (parent, ...rest) => {
    changed.add(NODEFS.realPath(parent));
    return mknod(parent, ...rest);
  };
  NODEFS.node_ops.unlink = (parent, ...rest) => {
    changed.add(NODEFS.realPath(parent));
    return unlink(parent, ...rest);
  };
  NODEFS.node_ops.rename = (node, ...rest) => {
    changed.add(dirname(NODEFS.realPath(node)));
    changed.add(NODEFS.realPath(rest[0]));
    return move(node, ...rest);
  };
  NODEFS.stream_ops.fsync = ({ nfd, node }) => {
    // Folders have no descriptor of their own.
    if (nfd === undefined) syncFolderNow(NODEFS.realPath(node));
    else fsyncSync(nfd);
    if (changed.size === 0) return 0;
    let above = NODEFS.realPath(node);
    for (;;) {
      if (changed.delete(above) && nfd !== undefined) syncFolderNow(above);
      if (dirname(above) === above) return 0;
      above = dirname(above);
    }
  };
}

/** Some systems cannot. */
function syncFolderNow(path: string): void {
  if (process.platform === 'win32') return;
  const held = openSync(path, 'r');
  try {
    fsyncSync(held);
  } catch (error) {
    if (!['EISDIR', 'EINVAL', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(held);
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
