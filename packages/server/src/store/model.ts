/** What a store is: the embedded one and PostgreSQL look the same to everybody else. */
import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT, PgTable } from 'drizzle-orm/pg-core';
import type * as schema from './schema.js';

export type Schema = typeof schema;
/** The database or a transaction in it. */
export type Db = PgDatabase<PgQueryResultHKT, Schema>;

export interface Store {
  kind: 'pglite' | 'postgresql';
  /** Within a transaction this is that transaction: a part that knows nothing of it reads what it will leave behind. */
  db: Db;
  /**
   * Runs all or nothing of it. On PostgreSQL, what collides with another transaction is tried again: whatever `run` does
   * outside the database must do no harm twice.
   */
  transaction<T>(run: (db: Db) => Promise<T>): Promise<T>;
  /**
   * What `read` gives, remembered under `key` until one of the tables it reads has changed. Never older than the database:
   * where other processes may change it (PostgreSQL), it is read each time. Nobody may change what is given.
   */
  kept<T>(tables: readonly PgTable[], key: string, read: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Rows of a query in SQL; both drivers hold them in the same place. */
export async function rows<T>(db: Db, query: SQL): Promise<T[]> {
  return ((await db.execute(query)) as unknown as { rows: T[] }).rows;
}
