/** The database of what people do with Rollcall: embedded (PGlite, in the folder) or PostgreSQL. One schema for both. */
import { fileURLToPath } from 'node:url';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import * as schema from './schema.js';

export type Schema = typeof schema;
/** The database or a transaction in it. */
export type Db = PgDatabase<PgQueryResultHKT, Schema>;

export interface Store {
  kind: 'pglite' | 'postgresql';
  db: Db;
  /** Runs all or nothing of it. Serialisation failures are tried again. */
  transaction<T>(run: (db: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** In the folder, or only in memory where none is given (tests). */
export async function openEmbedded(folder?: string): Promise<Store> {
  const [{ PGlite }, { drizzle }, { migrate }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
  ]);
  const client = await PGlite.create(folder);
  const db = drizzle({ client, schema });
  await migrate(db, { migrationsFolder });
  return {
    kind: 'pglite',
    db: db as unknown as Db,
    transaction: (run) => db.transaction((tx) => run(tx as unknown as Db)),
    close: () => client.close(),
  };
}

export async function openPostgres(url: string): Promise<Store> {
  const [{ default: pg }, { drizzle }, { migrate }] = await Promise.all([
    import('pg'),
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ]);
  const client = new pg.Pool({ connectionString: url });
  const db = drizzle({ client, schema });
  await migrate(db, { migrationsFolder });
  return {
    kind: 'postgresql',
    db: db as unknown as Db,
    transaction: (run) => db.transaction((tx) => run(tx as unknown as Db)),
    close: () => client.end(),
  };
}
