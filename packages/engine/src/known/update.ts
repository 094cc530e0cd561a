import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { learnModel, type SavedModel } from '@rollcall/match';
import { PassageError } from '@rollcall/passages';
import type { Database } from '../lake/duckdb.js';
import { literal, textList } from '../lake/duckdb.js';
import { commonWording } from '../links/wording.js';
import { RollcallError } from '../model/errors.js';
import type { IdentifierKind, Stage } from '../model/vocabulary.js';
import { Known, type KnownSettings, rowOf } from './known.js';
import type { KnownPerson } from './people-store.js';
import { respelled } from './respelled.js';

/** Folder of the index inside a lake. */
export const knownFolder = 'known';

/** What an applicant gives that somebody else may have given too. */
const kinds: readonly IdentifierKind[] = [
  'email',
  'phone',
  'address',
  'code_login',
  'reference_contact',
  'file_hash',
  'file_origin',
  'image_hash',
];

/** People read from the database at a time. */
const atOnce = 20_000;

/**
 * Brings the index of everybody known up to date with the resolved tables: adds who is new or has changed, passes over
 * who is gone. What did not change is not touched. An index found damaged is built anew.
 */
export async function updateKnown(database: Database, lake: string): Promise<void> {
  try {
    await bringUpToDate(database, lake);
  } catch (error) {
    const isDamage =
      error instanceof PassageError || (error instanceof RollcallError && error.code === 'LAKE_DAMAGED');
    if (!isDamage) throw error;
    await rm(join(lake, knownFolder), { recursive: true, force: true });
    await bringUpToDate(database, lake);
  }
}

async function bringUpToDate(database: Database, lake: string): Promise<void> {
  const folder = join(lake, knownFolder);
  const indexed = join(folder, 'indexed.parquet');
  await database.run(
    `CREATE OR REPLACE TEMP TABLE known_now AS
       WITH given AS (
         SELECT person_id, kind, value, min(label) AS label, string_agg(DISTINCT context, ', ' ORDER BY context) AS context
         FROM identifiers WHERE kind IN (${kinds.map(literal).join(', ')}) GROUP BY ALL),
       listed AS (
         SELECT person_id, to_json(list({'kind': kind, 'value': value, 'label': label, 'context': context} ORDER BY kind, value)) AS given FROM given GROUP BY person_id),
       papers AS (SELECT person_id, to_json(list(DISTINCT document ORDER BY document)) AS papers FROM documents GROUP BY person_id),
       told AS (
         SELECT p.person_id, coalesce(p.name, p.person_id) AS name, p.stage, coalesce(l.given, '[]') AS given, coalesce(d.papers, '[]') AS papers
         FROM people p LEFT JOIN listed l USING (person_id) LEFT JOIN papers d USING (person_id))
       SELECT *, md5(concat_ws(chr(0), name, stage, given, papers)) AS mark FROM told`,
  );
  const before = await Known.settings(folder).catch(() => undefined);
  const settings = await settingsFor(database, before);
  // Names are listed by the model: those added before there was one are not.
  const usable = before !== undefined && (before.model === undefined) === (settings.model === undefined);
  let known = usable ? await openedAsLeft(database, folder, indexed, settings) : undefined;
  if (!known) {
    await rm(folder, { recursive: true, force: true });
    await Known.keepSettings(folder, settings);
    known = await Known.open(folder);
    await database.run(`CREATE OR REPLACE TEMP TABLE known_before AS ${nobodyBefore}`);
  }
  try {
    const fresh = await database.rows(
      'SELECT n.person_id FROM known_now n ANTI JOIN known_before b ON b.person_id = n.person_id AND b.mark = n.mark ORDER BY n.person_id',
    );
    const gone = (
      await database.rows(
        'SELECT b.number FROM known_before b ANTI JOIN known_now n ON b.person_id = n.person_id AND b.mark = n.mark ORDER BY b.number',
      )
    ).map((row) => Number(row.number));
    if (fresh.length === 0 && gone.length === 0) return;
    const numbers: [string, number][] = [];
    for (let from = 0; from < Math.max(1, fresh.length); from += atOnce) {
      const ids = fresh.slice(from, from + atOnce).map((row) => String(row.person_id));
      const people = await peopleOf(database, ids);
      people.forEach((person, i) => {
        numbers.push([person.id, known.next + i]);
      });
      await known.add(people, await textsOf(database, ids), from === 0 ? gone : []);
    }
    await keepNumbers(database, numbers, indexed, known.next);
  } finally {
    known.close();
  }
}

const nobodyBefore =
  'SELECT CAST(NULL AS VARCHAR) AS person_id, CAST(NULL AS BIGINT) AS number, CAST(NULL AS VARCHAR) AS mark LIMIT 0';

/**
 * The index as the last update left it, and table `known_before`; undefined where that update was cut off or the files
 * are damaged: then it is built anew.
 */
async function openedAsLeft(
  database: Database,
  folder: string,
  indexed: string,
  settings: KnownSettings,
): Promise<Known | undefined> {
  await Known.keepSettings(folder, settings);
  let known: Known | undefined;
  try {
    known = await Known.open(folder);
    if (existsSync(indexed)) {
      await database.run(
        `CREATE OR REPLACE TEMP TABLE known_before AS SELECT person_id, number, mark, upto FROM read_parquet(${literal(indexed)})`,
      );
      const [row] = await database.rows('SELECT count(*) AS people, max(upto) AS upto FROM known_before');
      if (Number(row?.people) === known.size && (known.size === 0 || Number(row?.upto) === known.next))
        return known;
    } else if (known.next === 0) {
      await database.run(`CREATE OR REPLACE TEMP TABLE known_before AS ${nobodyBefore}`);
      return known;
    }
  } catch {
    // damaged
  }
  known?.close();
  return undefined;
}

/** Figures of this scan; the model of same-person matching is learnt once there are people enough, and kept. */
async function settingsFor(database: Database, before?: KnownSettings): Promise<KnownSettings> {
  const kinds = (
    await database.rows(
      'SELECT kind, by_chance, common_above, people, pairs FROM sharing_kinds ORDER BY kind',
    )
  ).map((row) => ({
    kind: row.kind as IdentifierKind,
    byChance: Number(row.by_chance),
    commonAbove: Number(row.common_above),
    people: Number(row.people),
    pairs: Number(row.pairs),
  }));
  const model = before?.model ?? (await learnt(database));
  return { kinds, common: await commonWording(database), ...(model ? { model } : {}) };
}

/** With fewer people nothing can be learnt of how records of one person differ. */
const leastLearnt = 200;
const mostLearnt = 20_000;

async function learnt(database: Database): Promise<SavedModel | undefined> {
  const ids = (
    await database.rows(
      `SELECT person_id FROM people WHERE name IS NOT NULL ORDER BY md5(person_id), person_id LIMIT ${mostLearnt}`,
    )
  ).map((row) => String(row.person_id));
  if (ids.length < leastLearnt) return undefined;
  const rows = (await peopleOf(database, ids)).map((person) => ({ id: person.id, ...rowOf(person) }));
  return learnModel(
    { left: { name: 'people', rows }, right: { name: 'respelled', rows: rows.map(respelled) } },
    { id: 'id' },
  );
}

async function peopleOf(database: Database, ids: readonly string[]): Promise<KnownPerson[]> {
  const rows = await database.rows(
    'SELECT person_id, name, stage, given, papers FROM known_now SEMI JOIN (SELECT unnest(CAST($ids AS VARCHAR[])) AS person_id) USING (person_id) ORDER BY person_id',
    { ids: textList(ids) },
  );
  return rows.map((row) => ({
    id: String(row.person_id),
    name: String(row.name),
    stage: row.stage as Stage,
    values: JSON.parse(String(row.given)),
    documents: JSON.parse(String(row.papers)),
  }));
}

/** Résumés of these people that nobody known before has handed in. */
async function textsOf(
  database: Database,
  ids: readonly string[],
): Promise<{ document: string; owner: string; text: string }[]> {
  const rows = await database.rows(
    `SELECT document, min(person_id) AS owner, any_value(text) AS text FROM documents
     SEMI JOIN (SELECT unnest(CAST($ids AS VARCHAR[])) AS person_id) USING (person_id)
     WHERE text IS NOT NULL GROUP BY document ORDER BY document`,
    { ids: textList(ids) },
  );
  return rows.map((row) => ({
    document: String(row.document),
    owner: String(row.owner),
    text: String(row.text),
  }));
}

/** Who has which number, for the next time, and how many numbers are in use. */
async function keepNumbers(
  database: Database,
  numbers: readonly (readonly [string, number])[],
  path: string,
  upto: number,
): Promise<void> {
  await database.run('CREATE OR REPLACE TEMP TABLE known_numbers (person_id VARCHAR, number BIGINT)');
  for (let from = 0; from < numbers.length; from += atOnce)
    await database.run(
      'INSERT INTO known_numbers SELECT j ->> 0, CAST(j ->> 1 AS BIGINT) FROM (SELECT unnest(CAST($rows AS JSON[])) AS j)',
      { rows: JSON.stringify(numbers.slice(from, from + atOnce)) },
    );
  await database.run(
    `COPY (
       SELECT n.person_id, coalesce(f.number, b.number) AS number, n.mark, CAST($upto AS BIGINT) AS upto FROM known_now n
       LEFT JOIN known_numbers f USING (person_id) LEFT JOIN known_before b ON b.person_id = n.person_id AND b.mark = n.mark
       ORDER BY n.person_id) TO ${literal(`${path}.new`)} (FORMAT parquet, COMPRESSION zstd)`,
    { upto },
  );
  await rename(`${path}.new`, path);
}
