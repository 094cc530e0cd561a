/** Brings a database to the schema of this version: what was not yet run of `migrations/`, then all of `triggers/`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { type Db, rows, type Store } from './model.js';

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
const triggersFolder = fileURLToPath(new URL('../../triggers', import.meta.url));

export interface MigrateOptions {
  folder?: string;
  /** Only up to this one, by the time it was made: for backups of an earlier version. */
  upTo?: number;
}

/** When each migration of this version was made, oldest first: they are told apart by it. */
export function knownMigrations(folder = migrationsFolder): number[] {
  return readMigrationFiles({ migrationsFolder: folder }).map((one) => one.folderMillis);
}

/**
 * All of it in one transaction: a kill in the midst leaves the earlier schema. Two programs that start at once wait for
 * each other. Returns the last migration the database now has.
 */
export async function migrate(
  store: Pick<Store, 'transaction'>,
  options: MigrateOptions = {},
): Promise<number> {
  const migrations = readMigrationFiles({ migrationsFolder: options.folder ?? migrationsFolder }).filter(
    (one) => one.folderMillis <= (options.upTo ?? Number.POSITIVE_INFINITY),
  );
  const triggers = await readTriggers();
  return store.transaction(async (db) => {
    await db.execute(sql`SELECT pg_advisory_xact_lock(7274700)`);
    await db.execute(sql`CREATE SCHEMA IF NOT EXISTS drizzle`);
    await db.execute(
      sql`CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
    );
    const done = await applied(db);
    const last = done.at(-1) ?? 0;
    const newest = migrations.at(-1)?.folderMillis ?? 0;
    if (last > newest)
      throw new RollcallError(
        'STORE_VERSION',
        'the database was last used by a newer version of Rollcall, whose tables this one does not know; start that version, or restore a backup made before it',
      );
    const known = new Set(migrations.map((one) => one.folderMillis));
    if (done.some((one) => !known.has(one)))
      throw new RollcallError(
        'STORE_VERSION',
        'the database was made by a version of Rollcall that was never released; restore a backup, or begin with an empty one',
      );
    for (const migration of migrations) {
      if (migration.folderMillis <= last) continue;
      for (const statement of migration.sql) await db.execute(sql.raw(statement));
      await db.execute(
        sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${migration.hash}, ${migration.folderMillis})`,
      );
    }
    // Triggers speak of the newest tables.
    if (options.upTo === undefined) for (const statement of triggers) await db.execute(sql.raw(statement));
    return newest;
  });
}

/** Migrations a database has had, oldest first. */
export async function applied(db: Db): Promise<number[]> {
  const found = await rows<{ made: string }>(
    db,
    sql`SELECT created_at::text AS made FROM drizzle.__drizzle_migrations ORDER BY created_at`,
  );
  return found.map((one) => Number(one.made));
}

/** All that a database of this version is made by. */
export async function schemaTexts(): Promise<string[]> {
  const migrations = readMigrationFiles({ migrationsFolder }).flatMap((one) => one.sql);
  return [...migrations, ...(await readTriggers())];
}

async function readTriggers(): Promise<string[]> {
  const files = (await readdir(triggersFolder)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(triggersFolder, name), 'utf8')));
  return texts.flatMap((text) => text.split('--> statement-breakpoint'));
}
