/**
 * Tries a detection that is not switched on yet: its text is checked like one of a folder, its own tests are run, and it is
 * asked of the last scan's tables. Nothing is written, and nothing but these tables is within reach of its query.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { baseRates } from './assess/base-rates.js';
import { confirmedNot, withoutOverturned } from './assess/verdicts.js';
import { bitsAt, populations } from './assess/weight.js';
import type { Detection } from './content/detection.js';
import { type Content, readDetection } from './content/load.js';
import { type ContentTest, detectionTestDatabase, testDetection } from './content-tests.js';
import { withMembers } from './explain/explanations.js';
import { prepareOwnPlaces } from './explain/own-places.js';
import { message } from './lake/bytes.js';
import { Database, identifier, literal, parquet } from './lake/duckdb.js';
import { loadFacts } from './lake/resolve.js';
import { recordedExplanations } from './links/decisions.js';
import { RollcallError } from './model/errors.js';
import type { Policy } from './model/policy.js';
import type { BaseRate } from './model/result.js';
import { tableNames } from './model/tables.js';
import { runSigma } from './sigma/run.js';
import { available, enabledBy, needInWords } from './signals/needs.js';
import { type DetectionRun, runDetections } from './signals/run.js';

/** A detection that answers with more rows than this asks too much. */
export const rowsMost = 100_000;

export interface DraftProblem {
  /** Line of its text, where it is known. */
  line?: number;
  says: string;
}

/** A draft as it was checked; `detection` only where nothing is wrong with it. */
export interface CheckedDraft {
  problems: DraftProblem[];
  detection?: Detection;
}

/** Somebody who shows what a draft looks for. */
export interface DraftFinding {
  person: string;
  rows: number;
  first: string;
  last: string;
  others: string[];
  /** An explanation on record accounts for all of it. */
  explained: boolean;
}

export interface TriedDraft {
  /** The day of the scan whose tables it was asked of. */
  asOf: string;
  tests: ContentTest[];
  /** What is not in the lake, and the connectors that would bring it; it was not asked then. */
  missing: string[];
  enabledBy: string[];
  /** Why it could not be asked, in the words of the database, without values of the lake. */
  problem?: string;
  /** About persons: everybody who shows it, in order of id. */
  findings: DraftFinding[];
  /** About a device or the company: how many rows it gives. */
  rows: number;
  rates: BaseRate[];
  /** What it would weigh by its own figure; absent where it is not weighed. */
  ownBits?: number;
  milliseconds: number;
}

/** Checks the text of a draft: form, wall, language, clashes with what is there. */
export function checkDraft(
  text: string,
  named: { id: string; stage: string },
  content: Pick<Content, 'detections' | 'fieldMaps' | 'packs'>,
): CheckedDraft {
  const file = `${named.stage}/${named.id}.yml`;
  const read = readDetection(text, { ...named, file }, content);
  const problems = read.problems.map((problem) => located(problem, file));
  // A scan reads everything before the tests.
  const scanned = readDetection(text, { ...named, file }, content, { withoutTests: true });
  const spoken = ({ tests: _, ...rest }: Detection) => JSON.stringify(rest);
  if (
    problems.length === 0 &&
    (!read.detection || !scanned.detection || spoken(read.detection) !== spoken(scanned.detection))
  )
    problems.push({ says: 'the tests stand last in the file: what comes after them is not read in a scan' });
  return problems.length > 0 || !read.detection ? { problems } : { problems, detection: read.detection };
}

function located(problem: string, file: string): DraftProblem {
  const rest = problem.startsWith(file) ? problem.slice(file.length) : `: ${problem}`;
  const line = /^:(\d+): ([\s\S]*)$/.exec(rest);
  return line ? { line: Number(line[1]), says: line[2] as string } : { says: rest.replace(/^: /, '') };
}

export interface TryOptions {
  detection: Detection;
  content: Content;
  policy: Policy;
  lake: string;
  /** How long its query may take. */
  milliseconds?: number;
  memory?: string;
}

/** Runs a checked draft: on its own tests, and on the tables of the last scan. */
export async function tryDraft(options: TryOptions): Promise<TriedDraft> {
  const { detection, content } = options;
  const started = performance.now();
  const limit = options.milliseconds ?? 30_000;
  const tests = await draftTests(detection, content, limit);
  const folder = resolve(options.lake, 'view');
  if (!existsSync(folder))
    throw new RollcallError('LAKE_MISSING', 'there was no scan yet, so there is nothing to try it on');
  const database = await Database.open({ memory: options.memory ?? '1GB', threads: 2 });
  const done = stopAfter(database, limit);
  try {
    const asOf = await prepare(database, options, folder);
    const policy: Policy = {
      ...options.policy,
      explanations: withoutOverturned(
        await withMembers(database, [
          ...options.policy.explanations,
          ...(await recordedExplanations(options.lake)),
        ]),
        await confirmedNot(database),
      ),
    };
    const tried: TriedDraft = {
      asOf: asOf.toISOString(),
      tests,
      missing: [],
      enabledBy: [],
      findings: [],
      rows: 0,
      rates: [],
      milliseconds: 0,
    };
    const run = await ask(database, detection, { ...options, policy }, asOf);
    if (run.missing.length > 0) {
      tried.missing = run.missing.map(needInWords);
      tried.enabledBy = enabledBy(run.missing, content.connectors);
    }
    const total = run.total + run.signals.reduce((sum, signal) => sum + signal.total, 0);
    if (run.problem !== undefined)
      tried.problem = /interrupt/i.test(run.problem)
        ? `it took longer than ${Math.round(limit / 1000)} seconds and was stopped`
        : withoutValues(run.problem, `${detection.query} ${detection.among ?? ''}`);
    else if (total > rowsMost)
      tried.problem = `it answers with more than ${rowsMost.toLocaleString('en-US')} rows: ask for one row a finding`;
    else {
      tried.rows = run.total;
      tried.findings = run.signals.map((signal) => ({
        person: signal.person,
        rows: signal.total,
        first: signal.first,
        last: signal.last,
        others: signal.others,
        explained: signal.explained !== undefined,
      }));
      const people = await database.rows('SELECT person_id, stage FROM people');
      const stages = new Map(people.map((row) => [String(row.person_id), String(row.stage)]));
      const confirmed = new Set((await confirmedNot(database)).keys());
      tried.rates = baseRates(run, stages, populations(stages, confirmed), policy);
    }
    if (detection.weight) tried.ownBits = bitsAt(detection.weight, detection.weight.if_honest, policy);
    tried.milliseconds = Math.round(performance.now() - started);
    return tried;
  } finally {
    done();
    database.close();
  }
}

/** Interrupts whatever a database does after so long, again and again: each query that follows is stopped as well. */
function stopAfter(database: Database, milliseconds: number): () => void {
  const started = performance.now();
  const clock = setInterval(() => {
    if (performance.now() - started > milliseconds) database.interrupt();
  }, 200);
  return () => clearInterval(clock);
}

/** Its own tests. A query is asked with nothing but the rows of the test within reach. */
async function draftTests(detection: Detection, content: Content, limit: number): Promise<ContentTest[]> {
  const database = await detectionTestDatabase(content.facts);
  const done = stopAfter(database, limit);
  try {
    if (detection.sigma === undefined) {
      await database.run("SET memory_limit = '512MB'");
      await lock(database, []);
    }
    if (detection.sigma === undefined) await mustAsk(database, detection);
    return await testDetection(detection, database, content);
  } catch (error) {
    return [{ content: detection.id, name: 'the query', problem: message(error).split('\n')[0] ?? 'failed' }];
  } finally {
    done();
    database.close();
  }
}

/** The tables of the last scan, what a scan prepares beside them, and then no way out. */
async function prepare(database: Database, options: TryOptions, folder: string): Promise<Date> {
  await loadFacts(database, options.content.facts);
  const view = (table: string) => join(folder, `${table}.parquet`);
  for (const table of [...tableNames, 'passages'])
    if (existsSync(view(table)))
      await database.run(
        `CREATE VIEW ${identifier(table)} AS SELECT * FROM read_parquet(${literal(view(table))})`,
      );
  const [day] = await database.rows(`SELECT as_of FROM read_parquet(${literal(view('scan'))})`);
  const key = await readFile(join(options.lake, 'key')).catch(() => Buffer.alloc(32));
  await prepareOwnPlaces(database, options.content.facts, { key, homeCountry: options.policy.home_country });
  const allowed = [folder];
  if (options.detection.sigma !== undefined) allowed.push(await storedEvents(database, options.lake));
  await lock(database, allowed);
  return new Date(String(day?.as_of));
}

/** For rules over logs: the events as they were received. Their queries are made here, never taken from a draft. */
async function storedEvents(database: Database, lake: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(lake, 'manifest.json'), 'utf8')) as {
    tables: { events: string[] };
  };
  const files = manifest.tables.events.map((file) => resolve(lake, file));
  if (files.length > 0)
    await database.run(
      `CREATE VIEW stored_events AS SELECT * FROM ${parquet(files).replace(/\)$/, ', union_by_name = true)')}`,
    );
  else await database.run('CREATE VIEW stored_events AS SELECT * FROM events LIMIT 0');
  return resolve(lake, 'data');
}

async function lock(database: Database, folders: readonly string[]): Promise<void> {
  await database.run(`SET allowed_directories = [${folders.map(literal).join(', ')}]`);
  await database.run("SET temp_directory = ''");
  await database.run('SET enable_external_access = false');
  await database.run('SET lock_configuration = true');
}

async function mustAsk(database: Database, { query, among }: Detection): Promise<void> {
  // Parsed, not bound: the tables of a test are made later.
  for (const sql of [query, among]) if (sql !== undefined) await database.mustBeSelect(sql, false);
}

async function ask(
  database: Database,
  detection: Detection,
  options: TryOptions,
  asOf: Date,
): Promise<DetectionRun> {
  const run: DetectionRun = { detection, missing: [], signals: [], rows: [], total: 0, milliseconds: 0 };
  let asked = detection;
  let unable: Awaited<ReturnType<typeof runSigma>>;
  try {
    if (detection.sigma === undefined) {
      await mustAsk(database, detection);
      asked = { ...detection, query: `SELECT * FROM (${detection.query}\n) LIMIT ${rowsMost + 1}` };
    } else {
      unable = await runSigma({
        database,
        content: { ...options.content, packs: [], detections: [detection] },
        policy: { ...options.policy, sigma: { packs: {}, directories: [], rules: {} } },
        directories: [],
        asOf,
      });
      asked = unable?.own.find((one) => one.id === detection.id) ?? detection;
    }
    const [done] = await runDetections({
      database,
      detections: [asked],
      policy: options.policy,
      asOf,
      has: await available(database),
      ...(unable ? { unable: unable.unable } : {}),
    });
    return done ?? run;
  } catch (error) {
    return { ...run, problem: message(error).split('\n')[0] ?? 'failed' };
  }
}

/** Complaints of the database quote what they stumbled over: only what stands in the draft itself is repeated. */
function withoutValues(problem: string, text: string): string {
  return problem.replace(
    /'([^']*)'|"([^"]*)"/g,
    (quoted, one: string | undefined, two: string | undefined) =>
      text.includes(one ?? two ?? '') ? quoted : '“…”',
  );
}
