import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeForGood } from '../disk/durable.js';
import { Database, literal, parquet, textList } from '../lake/duckdb.js';
import { forgottenBefore, loadKey, markOf, personMark } from '../lake/forgotten.js';
import { loadReference, loadStored, tie } from '../lake/resolve.js';
import { type Batch, Store, type StoredName } from '../lake/store.js';
import { RollcallError } from '../model/errors.js';
import type { Retention } from '../model/policy.js';
import { tableNames } from '../model/tables.js';
import { findOldLogs, findRows, markRecords, nothingGoes, placeOf, relation } from './rows.js';
import { clearTexts, finishEarlier, noteTexts } from './texts.js';

export interface ForgetOptions {
  lake: string;
  /** Everything of these people goes. */
  people?: readonly string[];
  /** What has reached these ages goes. */
  ages?: Retention;
  /** Nothing of these people goes, whatever its age: somebody is looking into them. */
  held?: readonly string[];
  /** Ages are counted from here. */
  now: Date;
  /** Only says what would go. */
  dryRun?: boolean;
  /** Of `people` those nobody knows, such as those who are gone already, are passed over. */
  strangers?: 'pass';
  /** A scan follows at once: until it is done, what the last one left for pages to look into stays. */
  scanFollows?: boolean;
  memory?: string;
  threads?: number;
}

/** Why somebody goes. */
export type Because = 'asked' | 'applicant' | 'leaver';

export interface Forgotten {
  /** Whom everything of goes, by id. */
  people: { id: string; because: Because }[];
  /** People whose age is reached, and who are held. */
  held: string[];
  /** Rows of their own, by table. */
  rows: Record<string, number>;
  /** Logs that are too old: before when, and how many rows go, by table. */
  logs?: { before: string; rows: Record<string, number> };
}

/** Folders and files that are made of the lake, and made anew by the next scan. */
const madeOf = {
  /** Left by the last scan for others to look into. */
  shown: ['view', 'explanations.json', 'proposals.json'],
  kept: ['sigma'],
  /** Of people and their documents. */
  people: ['known', 'wording.json'],
  /** Without it the index is still read, and the next scan makes it anew from the ground up. */
  peopleShown: [join('known', 'indexed.parquet'), 'wording.json'],
};

/**
 * Removes people, and what is too old, from a lake. It is wholly done or not at all: killed before the manifest is replaced
 * the lake is as it was, without what the next scan makes anew; killed after it, what was decided about those who are gone
 * is cleared of them by the next call. What is left equals a lake that never had the rows.
 */
export async function forget(options: ForgetOptions): Promise<Forgotten> {
  if (!existsSync(join(options.lake, 'manifest.json')))
    throw new RollcallError(
      'LAKE_MISSING',
      `${options.lake} holds no scan yet; run "rollcall scan FOLDER" first`,
    );
  const store = await Store.open(options.lake);
  const temporary = join(options.lake, `temporary-forget-${process.pid}`);
  try {
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    const database = await Database.open({
      path: join(temporary, 'forget.duckdb'),
      scratch: true,
      memory: options.memory ?? '2GB',
      ...(options.threads ? { threads: options.threads } : {}),
      tempDirectory: temporary,
    });
    try {
      return await removeFrom(database, store, options);
    } finally {
      database.close();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await store.close();
  }
}

async function removeFrom(database: Database, store: Store, options: ForgetOptions): Promise<Forgotten> {
  const { people = [], ages = {}, held = [], now } = options;
  await loadKey(database, store.key);
  // References are not looked up for whose is what, only named.
  await loadReference(database, []);
  await loadStored(database, store);
  await tie(database);
  const finished = options.dryRun ? [] : await finishEarlier(database, store);
  await choose(database, { people, ages, held, now, finished, strangers: options.strangers });
  await nothingGoes(database);
  const before = ages.logs_days === undefined ? undefined : dayBefore(now, ages.logs_days);
  if (before !== undefined) await findOldLogs(database, store, before);
  await keepHeldLogs(database, store, held);
  const chosen = await chosenPeople(database);
  if (chosen.length > 0) await findRows(database, store);
  const told: Forgotten = {
    people: chosen,
    held: (await database.rows('SELECT person_id FROM kept_back ORDER BY 1')).map((row) =>
      String(row.person_id),
    ),
    rows: await counts(database, 'people'),
    ...(before === undefined ? {} : { logs: { before, rows: await counts(database, 'logs') } }),
  };
  if (!options.dryRun) await carryOut(database, store, told, options);
  return told;
}

/** The day, UTC, so many days ago: what happened before it is older than that. */
export function dayBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
}

/** Table `gone(person_id, because)`, and of those of whom nothing may go although it is time, `kept_back`. */
async function choose(
  database: Database,
  {
    people,
    ages,
    held,
    now,
    finished,
    strangers,
  }: {
    people: readonly string[];
    ages: Retention;
    held: readonly string[];
    now: Date;
    finished: readonly string[];
    strangers: 'pass' | undefined;
  },
): Promise<void> {
  const list = (ids: readonly string[]) => ({ ids: textList(ids) });
  const unnested = '(SELECT unnest(CAST($ids AS VARCHAR[])) AS person_id)';
  await database.run(
    `CREATE OR REPLACE TEMP TABLE asked AS SELECT DISTINCT person_id FROM ${unnested}`,
    list(people),
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE held_people AS SELECT DISTINCT person_id FROM ${unnested}`,
    list(held),
  );
  const nobody = (
    await database.rows('SELECT person_id FROM asked ANTI JOIN refs USING (person_id) ORDER BY 1')
  ).map((row) => String(row.person_id));
  const unknown = nobody.filter((id) => !finished.includes(id));
  if (unknown.length > 0 && strangers === undefined)
    throw new RollcallError('ARGUMENT_INVALID', `nobody in the lake has the id ${unknown.join(', ')}`);
  // Somebody's account or number may be somebody else's too: then nothing can be removed of one without the other.
  await database.run(
    `CREATE OR REPLACE TEMP TABLE disputed AS
       SELECT t.account, t.person_id FROM ties t JOIN disputed_accounts d USING (account)`,
  );
  await database.run(
    `INSERT INTO held_people SELECT DISTINCT o.person_id FROM disputed h JOIN disputed o USING (account) WHERE h.person_id IN (SELECT person_id FROM held_people)`,
  );
  const refused = await database.number('SELECT count(*) FROM asked SEMI JOIN held_people USING (person_id)');
  if (refused > 0)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      'they are in an open case: nothing of them may be removed now',
    );
  const day = (days: number) => `TIMESTAMP ${literal(dayBefore(now, days))}`;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE lives AS
       SELECT r.person_id, bool_or(NOT r.applicant) AS worker, max(p.left_at) AS left_at, max(p.started_at) AS started_at,
         max(p.applied_at) AS applied_at, max(greatest(p.seen_at, p.applied_at)) AS word
       FROM stored_people p JOIN refs r ON r.person_ref = p.person_ref AND r.applicant = (p.source IN (SELECT source FROM applicant_sources))
       GROUP BY r.person_id`,
  );
  const due: string[] = [
    "SELECT person_id, 'asked' AS because, 1 AS rank FROM asked SEMI JOIN refs USING (person_id)",
  ];
  if (ages.leavers_days !== undefined)
    due.push(
      `SELECT person_id, 'leaver', 2 FROM lives WHERE worker AND left_at < ${day(ages.leavers_days)} AND coalesce(started_at <= left_at, true)
         AND coalesce(applied_at < ${day(ages.leavers_days)}, true)`,
    );
  if (ages.applicants_days !== undefined) {
    // The last word about somebody is also an interview, a check or an offer.
    await database.run(
      `CREATE OR REPLACE TEMP TABLE words AS
         SELECT person_id, max(time) AS word FROM (
           SELECT coalesce(a.person_id, r.person_id) AS person_id, e.time FROM (SELECT account, source, person_ref, max(time) AS time FROM stored_events GROUP BY ALL) e
           LEFT JOIN accounts a ON a.account = e.account LEFT JOIN ref_of_source r ON r.source = e.source AND r.person_ref = e.person_ref)
         WHERE person_id IS NOT NULL GROUP BY person_id`,
    );
    due.push(
      `SELECT l.person_id, 'applicant', 3 FROM lives l LEFT JOIN words w USING (person_id)
       WHERE NOT l.worker AND greatest(l.word, w.word) < ${day(ages.applicants_days)}`,
    );
  }
  await database.run(
    `CREATE OR REPLACE TEMP TABLE due AS SELECT person_id, arg_min(because, rank) AS because FROM (${due.join(' UNION ALL ')}) GROUP BY person_id`,
  );
  await database.run(
    'CREATE OR REPLACE TEMP TABLE kept_back AS SELECT person_id FROM due SEMI JOIN held_people USING (person_id)',
  );
  await database.run(
    'CREATE OR REPLACE TEMP TABLE gone AS SELECT person_id, because FROM due ANTI JOIN held_people USING (person_id)',
  );
  await database.run(
    'CREATE OR REPLACE TEMP TABLE gone_workers AS SELECT DISTINCT person_ref FROM refs SEMI JOIN gone USING (person_id) WHERE NOT applicant',
  );
  // From here on nobody has their numbers, as in the scans to come.
  await database.run('INSERT INTO former_workers SELECT person_ref FROM gone_workers');
}

/** Logs of people who are held stay, whatever their age. */
async function keepHeldLogs(database: Database, store: Store, held: readonly string[]): Promise<void> {
  if (held.length === 0) return;
  const mine = '(SELECT person_id FROM held_people)';
  const subject: Partial<Record<StoredName, string>> = {
    events: `coalesce(a.person_id, r.person_id, d.person_id) IN ${mine}`,
    identifiers: `coalesce(a.person_id, r.person_id, d.person_id) IN ${mine}`,
    inventory: `d.person_id IN ${mine}`,
  };
  for (const [table, where] of Object.entries(subject)) {
    const files = store.files(table as StoredName);
    if (files.length === 0) continue;
    const named = table === 'inventory' ? 'NULL' : 't.account';
    const ref = table === 'inventory' ? 'NULL' : 't.person_ref';
    await database.run(
      `DELETE FROM going WHERE tab = ${literal(table)} AND why = 'logs' AND (file, n) IN (
         SELECT (${placeOf(files)}, t.file_row_number) FROM ${relation(files)} AS t
         LEFT JOIN accounts a ON a.account = lower(${named}) LEFT JOIN ref_of_source r ON r.source = t.source AND r.person_ref = ${ref}
         LEFT JOIN device_keys k ON k.key = upper(t.device_ref) LEFT JOIN devices d ON d.device_id = k.device_id
         WHERE ${where})`,
    );
  }
}

async function chosenPeople(database: Database): Promise<Forgotten['people']> {
  const rows = await database.rows('SELECT person_id, because FROM gone ORDER BY person_id');
  return rows.map((row) => ({ id: String(row.person_id), because: row.because as Because }));
}

async function counts(database: Database, why: 'people' | 'logs'): Promise<Record<string, number>> {
  const rows = await database.rows(
    'SELECT tab, count(*) AS n FROM going WHERE why = $why GROUP BY tab ORDER BY tab',
    { why },
  );
  return Object.fromEntries(rows.map((row) => [String(row.tab), Number(row.n)]));
}

async function carryOut(
  database: Database,
  store: Store,
  told: Forgotten,
  options: ForgetOptions,
): Promise<void> {
  const known = await forgottenBefore(database, store);
  const floor = told.logs && `${told.logs.before} 00:00:00`;
  const later = floor !== undefined && (known === undefined || floor > known);
  if ((await database.number('SELECT count(*) FROM going')) === 0 && !later) return;
  const batch = await store.begin();
  const replaced: string[] = [];
  /** Writes a table anew, without some of its rows. */
  const rewrite = async (table: StoredName, file: string, rest: string) => {
    const path = batch.path(table, 'rest');
    await database.run(`COPY (${rest}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    if ((await database.number(`SELECT count(*) FROM ${parquet([path])}`)) > 0) batch.add(table, path);
    else await rm(path);
    replaced.push(file);
  };
  await markRecords(database, store);
  for (const table of tableNames) {
    const files = store.files(table);
    const touched = await database.rows('SELECT DISTINCT file FROM going WHERE tab = $table ORDER BY file', {
      table,
    });
    for (const row of touched) {
      const place = Number(row.file);
      const file = files[place] as string;
      await rewrite(
        table,
        file,
        `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${literal(file)}, file_row_number = true)
         WHERE file_row_number NOT IN (SELECT n FROM going WHERE tab = ${literal(table)} AND file = ${place})`,
      );
    }
  }
  for (const file of store.files('records')) {
    const held = `${parquet([file])} AS r`;
    if ((await database.number(`SELECT count(*) FROM ${held} WHERE r.uid IN (SELECT uid FROM marks)`)) > 0)
      await rewrite('records', file, `SELECT * FROM ${held} WHERE r.uid NOT IN (SELECT uid FROM marks)`);
  }
  const identifiers = store.files('identifiers');
  // Raw values are kept for the identifiers there are.
  const stay =
    identifiers.length === 0
      ? 'SELECT NULL, NULL LIMIT 0'
      : `SELECT t.kind, t.value FROM ${relation(identifiers)} AS t
         WHERE t.kind IS NOT NULL AND t.value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM going g WHERE g.tab = 'identifiers' AND g.n = t.file_row_number AND g.file = ${placeOf(identifiers)})`;
  for (const file of store.files('vault')) {
    const held = `${parquet([file])} AS v`;
    if ((await database.number(`SELECT count(*) FROM ${held} WHERE (v.kind, v.value) NOT IN (${stay})`)) > 0)
      await rewrite('vault', file, `SELECT * FROM ${held} WHERE (v.kind, v.value) IN (${stay})`);
  }
  await keepMarks(database, store, batch, replaced, floor);
  await noteTexts(
    database,
    store,
    told.people.map(({ id }) => id),
  );
  const { scanFollows = false } = options;
  const stale = [
    ...madeOf.kept,
    ...(scanFollows ? [] : madeOf.shown),
    ...(told.people.length === 0 ? [] : scanFollows ? madeOf.peopleShown : madeOf.people),
  ];
  for (const name of stale) await removeForGood(join(store.folder, name));
  await store.commit(batch, replaced, store.mark);
  await clearTexts(store);
}

/** Everything that was ever removed, as one file. */
async function keepMarks(
  database: Database,
  store: Store,
  batch: Batch,
  replaced: string[],
  floor: string | undefined,
): Promise<void> {
  const files = store.files('forgotten');
  const before = files.length === 0 ? '' : `UNION SELECT mark, logs_before FROM ${parquet(files)}`;
  const time = floor === undefined ? 'CAST(NULL AS TIMESTAMP)' : `TIMESTAMP ${literal(floor)}`;
  const path = batch.path('forgotten', 'marks');
  await database.run(
    `COPY (
       SELECT mark, max(logs_before) AS logs_before FROM (
         SELECT mark, CAST(NULL AS TIMESTAMP) AS logs_before FROM marks
         UNION SELECT ${markOf(`'${personMark}' || person_ref`)}, NULL FROM gone_workers
         UNION SELECT CAST(NULL AS BLOB), ${time} ${before})
       GROUP BY mark ORDER BY mark) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  batch.add('forgotten', path);
  replaced.push(...files);
}
