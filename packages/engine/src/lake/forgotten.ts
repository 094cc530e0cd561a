import { createHash } from 'node:crypto';
import type { Action } from '../model/vocabulary.js';
import { type Database, literal, parquet } from './duckdb.js';
import type { Store } from './store.js';

/**
 * What a lake keeps of records that were removed for good, so that they do not come back when the same exports are read
 * again: of each record a keyed hash of its identity, and of logs the time before which none is taken in. Neither says
 * anything of anybody; without the lake's key a hash cannot even be tried.
 */

/** What people and other departments state, as against what systems log of somebody's work: no age of logs removes it. */
export const statedActions: readonly Action[] = [
  'absence',
  'application.refer',
  'application.submit',
  'check.result',
  'code.activity',
  'code.profile',
  'code.public',
  'document.sign',
  'offer.accept',
  'pay.change',
  'profile.change',
  'report',
  'request',
  'shipment.delivered',
  'shipment.redirected',
  'shipment.returned',
  'shipment.sent',
  'test.submit',
  'vendor.audit',
];

/** Whether a row of events, with the columns of `table`, is of a log. */
export const isLog = (table: string): string =>
  `coalesce(${table}.action NOT IN (${statedActions.map(literal).join(', ')}), true)`;

/** In front of what is marked for being somebody's number, not a record's identity. */
export const personMark = 'person:';

/** The mark of a record (or number) in SQL, where `loadForgotten` or `loadFormer` was done. */
export const markOf = (sql: string): string =>
  `unhex(left(sha256((SELECT key FROM lake_key) || sha256((SELECT key FROM lake_key) || ${sql})), 32))`;

/** The same outside of the database, in hexadecimal digits. */
export function markIn(key: Buffer, text: string): string {
  const secret = key.toString('hex');
  const hash = (value: string) => createHash('sha256').update(value).digest('hex');
  return hash(secret + hash(secret + text)).slice(0, 32);
}

/** The lake's key as a table: it stands in no text of a query, which an error might quote. */
export async function loadKey(database: Database, key: Buffer): Promise<void> {
  await database.run('CREATE OR REPLACE TABLE lake_key AS SELECT $key AS key', { key: key.toString('hex') });
}

/** What ingest must leave out. */
export interface Forgotten {
  /** Logs before this are not taken in (`YYYY-MM-DD HH:MM:SS`). */
  logsBefore?: string;
  /** Whether a record is not taken in, for the columns of `table`; `uid` is the record's, or that of a row of it. */
  record(table: string): string;
}

/** What was removed for good, as table `forgotten`; undefined where nothing ever was. */
export async function loadForgotten(database: Database, store: Store): Promise<Forgotten | undefined> {
  const files = store.files('forgotten');
  if (files.length === 0) return undefined;
  await loadKey(database, store.key);
  await database.run(
    `CREATE OR REPLACE TABLE forgotten AS SELECT DISTINCT mark FROM ${parquet(files)} WHERE mark IS NOT NULL`,
  );
  const logsBefore = await forgottenBefore(database, store);
  return {
    ...(logsBefore === undefined ? {} : { logsBefore }),
    record: (table) => `${markOf(`split_part(${table}.uid, '~', 1)`)} IN (SELECT mark FROM forgotten)`,
  };
}

/** The time before which logs were removed. */
export async function forgottenBefore(database: Database, store: Store): Promise<string | undefined> {
  const files = store.files('forgotten');
  if (files.length === 0) return undefined;
  const [row] = await database.rows(
    `SELECT strftime(max(logs_before), '%Y-%m-%d %H:%M:%S') AS before FROM ${parquet(files)}`,
  );
  return row?.before ? String(row.before) : undefined;
}

/** Table `former_workers`: numbers of candidates that were those of workers who are forgotten. They are not theirs now. */
export async function loadFormer(database: Database, store: Store): Promise<void> {
  await database.run('CREATE OR REPLACE TEMP TABLE former_workers (person_ref VARCHAR)');
  const files = store.files('forgotten');
  if (files.length === 0) return;
  await loadKey(database, store.key);
  await database.run(
    `INSERT INTO former_workers SELECT person_ref FROM (SELECT DISTINCT person_ref FROM stored_people WHERE person_ref IS NOT NULL)
     WHERE ${markOf(`'${personMark}' || person_ref`)} IN (SELECT mark FROM ${parquet(files)})`,
  );
}
