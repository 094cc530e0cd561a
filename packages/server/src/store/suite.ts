/** Both stores, for tests that must hold on each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noPostgres, startPostgres, type TestPostgres } from './postgres-for-tests.js';
import { openEmbedded, openPostgres, type Store } from './store.js';

/** A place where a store is kept, which may be opened again after it was closed, or its process killed. */
export interface StorePlace {
  /** What a process needs to open it. */
  folder: string;
  databaseUrl?: string;
  open(): Promise<Store>;
}

export interface StoreKind {
  kind: Store['kind'];
  /** Why it cannot be tested here. */
  skip?: string;
  /** A new, empty one. */
  place(): Promise<StorePlace>;
  /** Kills the database's own process, where it has one that is ours. */
  kill?: () => Promise<void>;
  stop(): Promise<void>;
}

async function folders() {
  const made: string[] = [];
  return {
    make: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'rollcall-store-'));
      made.push(folder);
      return folder;
    },
    remove: async () => {
      for (const folder of made) await rm(folder, { recursive: true, force: true });
    },
  };
}

export const storeKinds: readonly {
  kind: Store['kind'];
  skip?: string | undefined;
  begin(): Promise<StoreKind>;
}[] = [
  {
    kind: 'pglite',
    begin: async () => {
      const { make, remove } = await folders();
      return {
        kind: 'pglite',
        place: async () => {
          const folder = await make();
          return { folder, open: () => openEmbedded(join(folder, 'state')) };
        },
        stop: remove,
      };
    },
  },
  {
    kind: 'postgresql',
    skip: noPostgres(),
    begin: async () => {
      const { make, remove } = await folders();
      const server: TestPostgres = await startPostgres();
      return {
        kind: 'postgresql',
        place: async () => {
          const databaseUrl = await server.database();
          return { folder: await make(), databaseUrl, open: () => openPostgres(databaseUrl) };
        },
        ...(server.kill ? { kill: server.kill } : {}),
        stop: async () => {
          await server.stop();
          await remove();
        },
      };
    },
  },
];
