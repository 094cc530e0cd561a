import { type Database, literal } from '../lake/duckdb.js';
import { isLog, markOf } from '../lake/forgotten.js';
import { tie } from '../lake/resolve.js';
import type { Store } from '../lake/store.js';
import { type Columns, storedTables, type TableName, tableNames } from '../model/tables.js';

/**
 * Which rows go. A row goes with the person it is tied to, by the same ways by which a scan ties it. What they leave behind
 * must become nobody else's: where an account, a device or a résumé could be of two people and was therefore tied to
 * neither, it would be tied to the other once one of them is gone. Such rows go as well.
 *
 * Table `going(tab, file, n, uid, why)`: each row by its file (its place in `Store.files`) and its number in it.
 */
export async function findRows(database: Database, store: Store): Promise<void> {
  for (const sql of before) await database.run(sql);
  for (const [table, where] of Object.entries(ofGone))
    await add(database, store, table as TableName, where, 'people');
  // Each turn takes rows away, so it ends.
  for (;;) {
    await remaining(database, store);
    await tie(database);
    for (const sql of gained) await database.run(sql);
    const rows = await database.number('SELECT count(*) FROM going');
    for (const [table, where] of Object.entries(ofGained))
      await add(database, store, table as TableName, where, 'people');
    if ((await database.number('SELECT count(*) FROM going')) === rows) break;
  }
}

/** Rows of logs before a time, and what was read from the same records. */
export async function findOldLogs(database: Database, store: Store, day: string): Promise<void> {
  await add(database, store, 'events', `t.time < TIMESTAMP ${literal(day)} AND ${isLog('t')}`, 'logs');
  await add(database, store, 'inventory', `t.seen_at < TIMESTAMP ${literal(day)}`, 'logs');
  const events = store.files('events');
  // Not where the record also says something that stays.
  await database.run(
    `CREATE OR REPLACE TEMP TABLE old_records AS
       SELECT DISTINCT split_part(uid, '~', 1) AS uid FROM going
       ${events.length === 0 ? '' : `EXCEPT SELECT split_part(uid, '~', 1) FROM ${relation(events)} AS t WHERE t.time >= TIMESTAMP ${literal(day)} OR NOT ${isLog('t')}`}`,
  );
  await add(
    database,
    store,
    'identifiers',
    `split_part(t.uid, '~', 1) IN (SELECT uid FROM old_records)`,
    'logs',
  );
}

/** Table `going`, with nothing in it. */
export async function nothingGoes(database: Database): Promise<void> {
  await database.run(
    'CREATE OR REPLACE TEMP TABLE going (tab VARCHAR, file BIGINT, n BIGINT, uid VARCHAR, why VARCHAR)',
  );
}

async function add(
  database: Database,
  store: Store,
  table: TableName,
  where: string,
  why: 'people' | 'logs',
): Promise<void> {
  const files = store.files(table);
  if (files.length === 0) return;
  await database.run(
    `INSERT INTO going SELECT ${literal(table)}, x.file, x.n, x.uid, ${literal(why)} FROM (
       SELECT ${placeOf(files)} AS file, t.file_row_number AS n, t.uid FROM ${relation(files)} AS t WHERE ${where}) AS x
     WHERE NOT EXISTS (SELECT 1 FROM going g WHERE g.tab = ${literal(table)} AND g.file = x.file AND g.n = x.n)`,
  );
}

/** Of a row of `relation(files) AS t`: which of the files it is in. */
export const placeOf = (files: readonly string[]): string =>
  `(array_position([${files.map(literal).join(', ')}], t.filename) - 1)`;

/** The files as one relation, each row with its file and its number. */
export const relation = (files: readonly string[]): string =>
  `read_parquet([${files.map(literal).join(', ')}], union_by_name = true, filename = true, file_row_number = true)`;

/** Views `stored_<table>` without what goes. */
async function remaining(database: Database, store: Store): Promise<void> {
  for (const table of tableNames) {
    const files = store.files(table);
    if (files.length === 0) continue;
    const columns = [
      ...Object.keys(storedTables[table] as Columns),
      ...(table === 'identifiers' ? ['label'] : []),
    ];
    await database.run(
      `CREATE OR REPLACE TEMP VIEW stored_${table} AS SELECT ${columns.map((name) => `t."${name}"`).join(', ')} FROM ${relation(files)} AS t
       WHERE NOT EXISTS (SELECT 1 FROM going g WHERE g.tab = ${literal(table)} AND g.n = t.file_row_number
         AND g.file = ${placeOf(files)})`,
    );
  }
}

const gone = 'IN (SELECT person_id FROM gone)';
const person = {
  account: (sql: string) => `(SELECT person_id FROM was_accounts WHERE account = ${sql})`,
  ref: (sql: string) => `(SELECT person_id FROM was_refs WHERE source = t.source AND person_ref = ${sql})`,
};
const applicant = 't.source IN (SELECT source FROM was_applicant_sources)';

/** A row about a device, seen at a time, and of nobody by itself. */
const ofDevice = (device: string, time: string) => `${device} IN (
  SELECT device_id FROM was_devices WHERE person_id ${gone}) AND NOT EXISTS (
  SELECT 1 FROM others_time s WHERE s.device_id = ${device} AND ${time} BETWEEN s.since AND s.until)`;
const deviceOf = (ref: string) => `(SELECT device_id FROM was_keys WHERE key = upper(${ref}))`;

const ofRef = `${person.ref('t.person_ref')} ${gone}`;
const ofGone: Partial<Record<TableName, string>> = {
  people: `EXISTS (SELECT 1 FROM was_persons r WHERE r.applicant = (${applicant}) AND r.person_ref = t.person_ref AND r.person_id ${gone})`,
  documents: ofRef,
  claims: ofRef,
  traces: ofRef,
  accounts: `coalesce(${person.ref('t.person_ref')}, ${person.account('t.account')},
    (SELECT min(person_id) FROM was_people WHERE work_email = lower(t.saml_name_id)), (SELECT min(person_id) FROM was_people WHERE work_email = lower(t.email))) ${gone}`,
  devices: `coalesce(${person.account('lower(t.assigned_to)')}, ${person.ref('t.assigned_to')}) ${gone}
    OR (coalesce(${person.account('lower(t.assigned_to)')}, ${person.ref('t.assigned_to')}) IS NULL AND ${ofDevice(
      `coalesce(upper(t.serial), (SELECT serial FROM was_serials WHERE key = upper(t.hardware_uuid)), (SELECT serial FROM was_serials WHERE key = upper(t.device_ref)),
        (SELECT serial FROM was_serials WHERE key = upper(t.hostname)), upper(t.hardware_uuid), upper(t.device_ref), upper(t.hostname))`,
      't.seen_at',
    )})`,
  identifiers: `coalesce(${person.account('lower(t.account)')}, ${person.ref('t.person_ref')}) ${gone}
    OR (coalesce(${person.account('lower(t.account)')}, ${person.ref('t.person_ref')}) IS NULL AND ${ofDevice(deviceOf('t.device_ref'), 't.first_seen')})`,
  inventory: ofDevice(deviceOf('t.device_ref'), 't.seen_at'),
  events: `coalesce(${person.account('t.account')}, ${person.ref('t.person_ref')}) ${gone}
    OR (t.account IS NULL AND t.person_ref IS NULL AND ${ofDevice(deviceOf('t.device_ref'), 't.time')})`,
};

/** Who is who before anybody goes; table `gone` is there. */
const before = [
  'CREATE OR REPLACE TEMP TABLE was_applicant_sources AS SELECT source FROM applicant_sources',
  'CREATE OR REPLACE TEMP TABLE was_persons AS SELECT applicant, person_ref, person_id FROM refs',
  'CREATE OR REPLACE TEMP TABLE was_refs AS SELECT source, person_ref, person_id FROM ref_of_source',
  'CREATE OR REPLACE TEMP TABLE was_accounts AS SELECT account, person_id FROM accounts',
  'CREATE OR REPLACE TEMP TABLE was_people AS SELECT person_id, work_email FROM people WHERE work_email IS NOT NULL',
  'CREATE OR REPLACE TEMP TABLE was_serials AS SELECT key, serial FROM serial_of',
  'CREATE OR REPLACE TEMP TABLE was_devices AS SELECT device_id, person_id FROM devices',
  'CREATE OR REPLACE TEMP TABLE was_keys AS SELECT key, device_id FROM device_keys',
  // Times at which a device that is theirs now was somebody else's: on record as such before and after, or before anything
  // of theirs. What lies between a record of one and a record of the other may be of either, and goes.
  `CREATE OR REPLACE TEMP TABLE others_time AS
    WITH noted AS (
      SELECT h.device_id, coalesce(h.seen_at, TIMESTAMP '1970-01-01') AS seen, h.person_id ${gone} AS theirs, h.uid
      FROM holders h JOIN was_devices d ON d.device_id = h.device_id AND d.person_id ${gone}),
    following AS (
      SELECT *, lead(seen) OVER nth AS next_seen, lead(theirs) OVER nth AS next_theirs, row_number() OVER nth AS nth FROM noted
      WINDOW nth AS (PARTITION BY device_id ORDER BY seen, theirs, uid))
    SELECT device_id, seen AS since, next_seen AS until FROM following WHERE NOT theirs AND NOT next_theirs
    UNION ALL SELECT device_id, TIMESTAMP '0001-01-01', seen FROM following WHERE nth = 1 AND NOT theirs`,
];

/** What would be tied to somebody else once rows are gone; the tables of `tie` are those without them. */
const gained = [
  `CREATE OR REPLACE TEMP TABLE gained_accounts AS
    SELECT n.account FROM accounts n LEFT JOIN was_accounts w USING (account) WHERE w.person_id IS DISTINCT FROM n.person_id`,
  `CREATE OR REPLACE TEMP TABLE gained_refs AS
    SELECT n.source, n.person_ref FROM ref_of_source n LEFT JOIN was_refs w USING (source, person_ref) WHERE w.person_id IS DISTINCT FROM n.person_id`,
  `CREATE OR REPLACE TEMP TABLE gained_keys AS
    SELECT k.key FROM device_keys k JOIN devices d USING (device_id)
    LEFT JOIN was_keys wk ON wk.key = k.key LEFT JOIN was_devices w ON w.device_id = wk.device_id
    WHERE d.person_id IS NOT NULL AND (wk.device_id IS DISTINCT FROM k.device_id OR w.person_id IS NULL OR (w.person_id NOT ${gone} AND w.person_id <> d.person_id))`,
];
const gainedRef =
  't.person_ref IS NOT NULL AND (t.source, t.person_ref) IN (SELECT (source, person_ref) FROM gained_refs)';
const gainedKey = 'upper(t.device_ref) IN (SELECT key FROM gained_keys)';
const ofGained: Partial<Record<TableName, string>> = {
  people: gainedRef,
  documents: gainedRef,
  claims: gainedRef,
  traces: gainedRef,
  identifiers: `lower(t.account) IN (SELECT account FROM gained_accounts) OR (t.account IS NULL AND ((${gainedRef}) OR (t.person_ref IS NULL AND ${gainedKey})))`,
  events: `t.account IN (SELECT account FROM gained_accounts) OR (t.account IS NULL AND ((${gainedRef}) OR (t.person_ref IS NULL AND ${gainedKey})))`,
  inventory: gainedKey,
};

/** Table `marks`: of every record of which a row of somebody goes, so that it is not read again. Of logs a time says it. */
export async function markRecords(database: Database, store: Store): Promise<void> {
  const records = store.files('records');
  await database.run(
    `CREATE OR REPLACE TEMP TABLE marks AS SELECT uid, ${markOf('uid')} AS mark FROM (
       SELECT DISTINCT split_part(uid, '~', 1) AS uid FROM going WHERE why = 'people'
       ${records.length === 0 ? '' : `UNION SELECT split_part(uid, '~', 1) FROM going WHERE why = 'logs' AND split_part(uid, '~', 1) IN (SELECT uid FROM ${relation(records)})`})`,
  );
}
