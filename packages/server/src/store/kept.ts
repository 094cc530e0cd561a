/**
 * What is read from the database again and again, remembered until it changes there. Only for the embedded store: it
 * belongs to this process alone, and tells of every change before the one who made it hears that it is done.
 */
import { getTableName, is, type SQL, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import type { Store } from './model.js';
import * as schema from './schema.js';

/** All but the audit log, which grows with every page somebody is shown on, and is not read for that. */
const told: ReadonlySet<string> = new Set<string>(
  Object.values(schema)
    .filter((one) => is(one, PgTable))
    .filter((table) => table !== schema.audit && table !== schema.auditHead)
    .map((table) => getTableName(table)),
);

export const changesChannel = 'rollcall_changes';

/** Answers remembered at most; beyond that, all are forgotten and read anew. */
const most = 10_000;

export function makeKept(inTransaction: () => boolean): {
  kept: Store['kept'];
  /** A table has changed. */
  changed(table: string): void;
} {
  const versions = new Map<string, number>();
  const answers = new Map<string, { stamp: string; answer: unknown }>();
  return {
    changed: (table) => void versions.set(table, (versions.get(table) ?? 0) + 1),
    kept: async (tables, key, read) => {
      // What a transaction has changed is not told yet, and others must not be given it.
      if (inTransaction()) return read();
      const names = tables.map((table) => getTableName(table));
      for (const name of names) if (!told.has(name)) throw new Error(`nothing tells of changes to ${name}`);
      const stamp = names.map((name) => versions.get(name) ?? 0).join(' ');
      const known = answers.get(key);
      if (known?.stamp === stamp) return known.answer as Awaited<ReturnType<typeof read>>;
      const answer = await read();
      if (answers.size >= most) answers.clear();
      // Under the stamp from before it was read: what changed meanwhile is read again.
      answers.set(key, { stamp, answer });
      return answer;
    },
  };
}

/** Lets the database tell of each change. */
export const tellChanges: readonly SQL[] = [
  sql.raw(`CREATE OR REPLACE FUNCTION tell_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_notify('${changesChannel}', TG_TABLE_NAME);
      RETURN NULL;
    END $$`),
  sql.raw(`DO $$
    DECLARE name text;
    BEGIN
      FOREACH name IN ARRAY '{${[...told]}}'::text[] LOOP
        EXECUTE format(
          'CREATE OR REPLACE TRIGGER tell_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I
           FOR EACH STATEMENT EXECUTE FUNCTION tell_changed()', name);
      END LOOP;
    END $$`),
];
