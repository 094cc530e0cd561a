import { type Detection, speaksFor } from '../content/detection.js';
import {
  type Accounted,
  accounted,
  appliesTo,
  coversPeople,
  coversTime,
  holds,
  isOfPerson,
  shows,
} from '../explain/explanations.js';
import { householdOnRecord } from '../explain/households.js';
import { message } from '../lake/bytes.js';
import { type Database, identifier, type Row, textList } from '../lake/duckdb.js';
import type { Explanation, Policy } from '../model/policy.js';
import { missing } from './needs.js';

/** One answer of a detection about one person, before it is weighed. */
export interface Signal {
  detection: Detection;
  person: string;
  /** The strongest rows first; at most `rowsKept`. */
  rows: Row[];
  total: number;
  first: string;
  last: string;
  others: string[];
  /** Where explanations account for all of its rows: the one that accounts for the strongest. */
  explained?: Accounted;
  /** Every explanation that accounts for rows of it, and for how many; where not for all, those rows were left out. */
  accountedFor: ReadonlyMap<string, { by: Accounted; rows: number }>;
}

export interface DetectionRun {
  detection: Detection;
  missing: string[];
  problem?: string;
  /** About persons. */
  signals: Signal[];
  /** People in whom it could have been seen at all; absent: everybody. */
  among?: ReadonlySet<string>;
  /** About a device or the company. */
  rows: Row[];
  total: number;
  milliseconds: number;
}

export const rowsKept = 50;
/** Rows of one person that are compared with explanations. */
const rowsExplained = 5000;

export type Unable = { readonly missing: readonly string[] } | { readonly problem: string };

export interface RunOptions {
  database: Database;
  detections: readonly Detection[];
  policy: Policy;
  asOf: Date;
  has: ReadonlySet<string>;
  /** Detections that cannot run although all they `need` is there, by id: what else is missing, or what failed. */
  unable?: ReadonlyMap<string, Unable>;
  onStep?: (step: string) => void;
}

/** Small tables that detections may read beside the resolved ones. */
export async function prepareCompanions(database: Database, policy: Policy, asOf: Date): Promise<void> {
  await database.run('CREATE OR REPLACE TABLE scan (as_of TIMESTAMP)');
  await database.run('INSERT INTO scan VALUES (CAST($asOf AS TIMESTAMP))', {
    asOf: asOf.toISOString().replace('Z', ''),
  });
  await database.run('CREATE OR REPLACE TABLE approved_remote_tools (tool VARCHAR)');
  for (const tool of policy.approved_remote_tools)
    await database.run('INSERT INTO approved_remote_tools VALUES (lower($tool))', { tool });
  // Values seen with two people or more; `common` ones (an office, a carrier, an agency) say nothing of two people.
  await database.run(
    `CREATE OR REPLACE TABLE sharing AS
       SELECT kind, value, count(DISTINCT person_id) AS people, count(DISTINCT person_id) > ${policy.common_value} AS common
       FROM identifiers GROUP BY ALL HAVING count(DISTINCT person_id) > 1`,
  );
}

/** Runs every detection that has its data. A detection that fails is reported, and does not stop the others. */
export async function runDetections(options: RunOptions): Promise<DetectionRun[]> {
  const { database, policy } = options;
  await prepareCompanions(database, policy, options.asOf);
  const households = await householdsOnRecord(database);
  const runs = options.detections.map((detection): DetectionRun => {
    const run: DetectionRun = {
      detection,
      missing: missing(detection, options.has),
      signals: [],
      rows: [],
      total: 0,
      milliseconds: 0,
    };
    const unable = options.unable?.get(detection.id);
    if (run.missing.length > 0 || unable === undefined) return run;
    return 'problem' in unable
      ? { ...run, problem: unable.problem }
      : { ...run, missing: [...unable.missing] };
  });
  const waiting = runs.filter((run) => run.missing.length === 0 && run.problem === undefined);
  const among: Among = new Map();
  const work = async () => {
    const connection = await database.beside();
    try {
      for (let run = waiting.shift(); run; run = waiting.shift()) {
        options.onStep?.(run.detection.title);
        await answer(connection, run, policy, options.asOf, households, among);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all([work(), work()]);
  return runs;
}

async function answer(
  database: Database,
  run: DetectionRun,
  policy: Policy,
  asOf: Date,
  households: ReadonlyMap<string, string>,
  among: Among,
): Promise<void> {
  const { detection } = run;
  const started = performance.now();
  try {
    const total = await database.number(`CREATE OR REPLACE TEMP TABLE answer AS ${detection.query}`);
    const ofPerson = detection.about === 'person';
    if (!ofPerson) run.total = total;
    if (total > 0) {
      const columns = await database.columns('FROM answer');
      if (ofPerson) run.signals = await personSignals(database, detection, columns, policy, asOf, households);
      else
        run.rows = await database.rows(
          `SELECT * FROM answer ORDER BY ${order(columns)} LIMIT ${rowsKept * 4}`,
        );
    }
    if (ofPerson && detection.among !== undefined)
      run.among = await peopleAmong(database, detection.among, among);
  } catch (error) {
    run.problem = message(error).split('\n')[0] ?? 'failed';
  }
  run.milliseconds = performance.now() - started;
}

/** Answers of `among`, by its text without blanks: many detections ask among the same people. */
type Among = Map<string, Promise<ReadonlySet<string>>>;

function peopleAmong(database: Database, sql: string, known: Among): Promise<ReadonlySet<string>> {
  const key = sql.replace(/\s+/g, ' ').trim();
  const asked = known.get(key) ?? askAmong(database, sql);
  known.set(key, asked);
  return asked;
}

/** The people a SELECT of `person_id` gives. */
export async function askAmong(database: Database, sql: string): Promise<ReadonlySet<string>> {
  const rows = await database.rows(`SELECT DISTINCT person_id FROM (${sql}\n) WHERE person_id IS NOT NULL`);
  return new Set(rows.map((row) => String(row.person_id)));
}

/** `strength` first where a query gives it, then time, then everything: the same rows in the same order every time. */
function order(columns: readonly string[]): string {
  const keys = columns.includes('strength') ? ['strength DESC NULLS LAST'] : [];
  if (columns.includes('time')) keys.push('time NULLS LAST');
  return [
    ...keys,
    ...columns
      .filter((name) => name !== 'strength' && name !== 'time')
      .map((name) => `${identifier(name)} NULLS LAST`),
  ].join(', ');
}

async function personSignals(
  database: Database,
  detection: Detection,
  columns: readonly string[],
  policy: Policy,
  asOf: Date,
  households: ReadonlyMap<string, string>,
): Promise<Signal[]> {
  const kinds = detection.explained_by;
  const forThem = detection.weight !== undefined && speaksFor(detection.weight);
  const explanations = policy.explanations.filter(
    (explanation) => appliesTo(explanation, detection, forThem) && holds(explanation, asOf),
  );
  // Of whom an explanation is about as a person all rows are looked at, of others only where one may be about anybody.
  const looked = [
    ...new Set(explanations.filter(isOfPerson).flatMap((explanation) => explanation.people)),
  ].sort();
  const mayExplain =
    explanations.some((explanation) => !isOfPerson(explanation)) ||
    (kinds.includes('household') && households.size > 0 && columns.includes('other'));
  const time = columns.includes('time') ? 'time' : 'CAST(NULL AS TIMESTAMP)';
  const rows = await database.rows(
    `SELECT * FROM (
       SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY ${order(columns)}) AS _nth, count(*) OVER (PARTITION BY person_id) AS _total,
         min(${time}) OVER (PARTITION BY person_id) AS _first, max(${time}) OVER (PARTITION BY person_id) AS _last
       FROM answer WHERE person_id IS NOT NULL)
     WHERE _nth <= ${mayExplain ? rowsExplained : rowsKept} OR (_nth <= ${rowsExplained} AND list_contains(CAST($looked AS VARCHAR[]), person_id))
     ORDER BY person_id, _nth`,
    { looked: textList(looked) },
  );
  const signals: Signal[] = [];
  let own: Row[] = [];
  const flush = () => {
    const lead = own[0];
    if (lead)
      signals.push(
        signalOf(
          detection,
          own,
          explanations,
          kinds.includes('household') ? households : new Map(),
          String(lead.person_id),
        ),
      );
    own = [];
  };
  for (const row of rows) {
    if (own.length > 0 && own[0]?.person_id !== row.person_id) flush();
    own.push(row);
  }
  flush();
  return signals;
}

function signalOf(
  detection: Detection,
  rows: Row[],
  explanations: readonly Explanation[],
  households: ReadonlyMap<string, string>,
  person: string,
): Signal {
  const reasons = rows.map((row) => explanationOf(row, person, explanations, households));
  const accountedFor = new Map<string, { by: Accounted; rows: number }>();
  for (const by of reasons) {
    if (!by) continue;
    const known = accountedFor.get(by.id);
    if (known) known.rows++;
    else accountedFor.set(by.id, { by, rows: 1 });
  }
  const unexplained = rows.filter((_, i) => !reasons[i]);
  const explained = unexplained.length === 0 ? reasons[0] : undefined;
  const shown = explained ? rows : unexplained;
  const lead = rows[0] as Row;
  const times = shown
    .map((row) => row.time)
    .filter((time): time is string => typeof time === 'string')
    .sort();
  const all = shown.length === rows.length;
  const signal: Signal = {
    detection,
    person,
    rows: shown.slice(0, rowsKept).map(visible),
    total: all ? Number(lead._total) : shown.length,
    first: String((all ? lead._first : times[0]) ?? ''),
    last: String((all ? lead._last : times.at(-1)) ?? ''),
    others: [
      ...new Set(
        shown.flatMap((row) => (typeof row.other === 'string' && row.other !== person ? [row.other] : [])),
      ),
    ].sort(),
    accountedFor,
  };
  if (explained) signal.explained = explained;
  return signal;
}

/** Which explanation accounts for a row: of those given, the first that is about its people, its time and its value. */
function explanationOf(
  row: Row,
  person: string,
  explanations: readonly Explanation[],
  households: ReadonlyMap<string, string>,
): Accounted | undefined {
  const other = typeof row.other === 'string' ? row.other : undefined;
  const household = households.get(person);
  if (other && household !== undefined && household === households.get(other))
    return householdOnRecord(household);
  const found = explanations.find((explanation) => coversRow(explanation, row, person));
  return found && accounted(found);
}

/** Whether an explanation that is in force, of a kind the detection names, accounts for one of its rows. */
export function coversRow(explanation: Explanation, row: Row, person: string): boolean {
  const alone = isOfPerson(explanation);
  const people = typeof row.other === 'string' && !alone ? [person, row.other] : [person];
  if (!coversPeople(explanation, people)) return false;
  // Whoever looked into somebody had before them what has no date, too.
  if (alone && typeof row.time !== 'string') return true;
  if (!coversTime(explanation, typeof row.time === 'string' ? row.time : undefined)) return false;
  const { value } = explanation;
  return (
    value === undefined || Object.values(row).some((cell) => typeof cell === 'string' && shows(cell, value))
  );
}

/** A row without the engine's own columns and those a query marks as hidden by a leading underscore. */
function visible(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => !name.startsWith('_') && name !== 'person_id' && name !== 'strength',
    ),
  );
}

/** Households the company itself has on record: person → household. */
async function householdsOnRecord(database: Database): Promise<Map<string, string>> {
  const rows = await database.rows('SELECT person_id, household FROM people WHERE household IS NOT NULL');
  return new Map(rows.map((row) => [String(row.person_id), String(row.household)]));
}
