import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { signalsOf } from './assess/conclude.js';
import { documentDetails } from './assess/documents.js';
import { confirmedNot, withoutOverturned } from './assess/verdicts.js';
import { forResumes } from './content/for-resumes.js';
import type { Content } from './content/load.js';
import { type AskedQuestion, questionsFor } from './content/questions.js';
import { withMembers } from './explain/explanations.js';
import { prepareOwnPlaces } from './explain/own-places.js';
import { withOwnFacts } from './facts/own.js';
import { type CheckAnswer, Known, type Newcomer } from './known/known.js';
import { knownFolder } from './known/update.js';
import { look, type SourceFile } from './lake/discover.js';
import { isAdvert, mayBeDocument } from './lake/documents.js';
import { Database, literal, textList } from './lake/duckdb.js';
import { ingest } from './lake/ingest.js';
import { loadReference, resolve } from './lake/resolve.js';
import { Store } from './lake/store.js';
import { recordedExplanations } from './links/decisions.js';
import { findWording } from './links/wording.js';
import { RollcallError } from './model/errors.js';
import type { Policy } from './model/policy.js';
import type { FileAccount, PersonDocument, SignalResult } from './model/result.js';
import type { IdentifierKind } from './model/vocabulary.js';
import { viewFolder } from './pipeline.js';
import { runSigma } from './sigma/run.js';
import { available } from './signals/needs.js';
import { runDetections } from './signals/run.js';

export interface CheckerOptions {
  /** The lake of the last scan: whom to compare with. */
  lake: string;
  content: Content;
  policy: Policy;
  now?: Date;
}

export interface CheckOptions extends CheckerOptions {
  /** A résumé. */
  file: string;
}

export interface CheckResult {
  file: FileAccount;
  /** The name the résumé gives. */
  name?: string;
  /** What it says and shows. */
  document?: PersonDocument;
  /** How many people it was compared with. */
  compared: number;
  /** Who shares what with it, and which of its values many have. */
  answer: CheckAnswer;
  /** What detections find in it, alone and beside those who share something with it. Not weighed: there is no base rate yet. */
  signals: SignalResult[];
  /** What to ask: the same of every finalist, filled with what this résumé claims. */
  questions: AskedQuestion[];
  /** How long opening the index and asking it took, in milliseconds. */
  milliseconds: { open: number; check: number };
}

/** What came of one of the files handed in together. */
export interface Checked {
  /** Which of them, from 0. */
  nth: number;
  answer: CheckResult | Error;
}

/** People who share something, the most first, whose records the detections see beside the newcomer. */
const mostBeside = 50;
/** Tables a résumé has rows in. */
const resumeTables = ['people', 'identifiers', 'documents', 'claims', 'traces'] as const;
const memory = '2GB';
/** So little is looked at that a second would mostly wait for the first. */
const threads = 1;

/**
 * One new résumé against everybody known, at once. Nothing of it is kept. The order: read it as a scan would, ask the
 * index who shares something with it, put those people's records beside it, and run the detections of applications.
 * Of a file that cannot be read, or is no résumé, `file.problem` says why, and nothing was compared.
 *
 * @throws RollcallError ARGUMENT_INVALID where the file is a folder or of several people: each is checked alone.
 *   FOLDER_MISSING, LAKE_MISSING, LAKE_DAMAGED.
 */
export async function checkFile(options: CheckOptions): Promise<CheckResult> {
  await mustBeFile(options.file);
  mustHoldScan(options.lake);
  const checker = await Checker.open(options);
  try {
    for await (const { answer } of checker.check([options.file])) {
      if (answer instanceof Error) throw answer;
      return answer;
    }
    throw new Error('a check ended without an answer');
  } finally {
    await checker.close();
  }
}

/** Files in the tables. */
interface Reading {
  lake: string;
  accounts: readonly FileAccount[];
  asOf: Date;
}

/**
 * Checks résumé after résumé. What all have in common is done once: reference data is loaded when it is opened, and the
 * worker that reads files stays. Files handed in together are read together; each is compared and looked at as if it had
 * come alone, since the tables that detections read hold one of them at a time.
 *
 * @example
 * const checker = await Checker.open({ lake, content, policy });
 * for await (const { nth, answer } of checker.check(files))
 *   console.log(files[nth], answer instanceof Error ? answer.message : answer.name);
 * await checker.close();
 */
export class Checker {
  private readonly workers: Worker[] = [];
  private readings = 0;

  private constructor(
    private readonly options: CheckerOptions,
    /** What looking at résumés needs of it, the user's own reference data among it. */
    private readonly content: Content,
    private readonly temporary: string,
    private readonly database: Database,
  ) {}

  static async open(options: CheckerOptions): Promise<Checker> {
    const temporary = await mkdtemp(join(tmpdir(), 'rollcall-check-'));
    try {
      const { directory } = options.policy.facts;
      const given = forResumes(options.content);
      const content = directory ? await withOwnFacts(given, directory, join(temporary, 'facts')) : given;
      const database = await Database.open({ memory, threads, tempDirectory: join(temporary, 'spill') });
      await loadReference(database, content.facts);
      return new Checker(options, content, temporary, database);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
  }

  /** One answer a file, each as soon as it is there. What is wrong with one stops none of the others. */
  async *check(files: readonly string[]): AsyncGenerator<Checked> {
    const left = new Map<number, SourceFile>();
    for (const [nth, file] of files.entries()) {
      try {
        await mustBeFile(file);
        mustHoldScan(this.options.lake);
        left.set(nth, await look(file, basename(file), this.content.connectors));
      } catch (error) {
        yield { nth, answer: asError(error) };
      }
    }
    const documents = [...left].filter(([, source]) => mayBeDocument(source) && !isAdvert(source.name));
    if (documents.length > 1)
      for await (const checked of this.together(documents)) {
        left.delete(checked.nth);
        yield checked;
      }
    for (const [nth, source] of left) yield { nth, answer: await this.alone(source).catch(asError) };
  }

  async close(): Promise<void> {
    this.database.close();
    await Promise.all(this.workers.splice(0).map((worker) => worker.terminate()));
    await rm(this.temporary, { recursive: true, force: true });
  }

  private async alone(source: SourceFile): Promise<CheckResult> {
    const { lake, accounts, asOf } = await this.read([source]);
    try {
      const people = await this.database.number('SELECT count(*) FROM people');
      if (people > 1)
        throw new RollcallError(
          'ARGUMENT_INVALID',
          `${source.path} is of ${people} people; a check is of one résumé`,
        );
      return await this.compare(accounts[0] as FileAccount, asOf);
    } finally {
      await rm(lake, { recursive: true, force: true });
    }
  }

  /**
   * Answers for those of several files that are each of a person of their own. What is wrong with any of them is not told
   * here: those without an answer are to be read alone.
   */
  private async *together(files: readonly (readonly [number, SourceFile])[]): AsyncGenerator<Checked> {
    const { database } = this;
    let reading: Reading | undefined;
    try {
      reading = await this.read(files.map(([, source]) => source));
      const rows = await database.rows('SELECT DISTINCT document, person_id FROM documents');
      const personOf = new Map(rows.map((row) => [String(row.document), String(row.person_id)]));
      const persons: (string | undefined)[] = [];
      for (const [, { path }] of files) persons.push(personOf.get(await sha256Of(path)));
      for (const table of resumeTables)
        await database.run(`CREATE OR REPLACE TEMP TABLE all_${table} AS SELECT * FROM ${table}`);
      for (const [i, [nth]] of files.entries()) {
        const person = persons[i];
        // Two files of one person would be one to the detections.
        if (person === undefined || persons.filter((one) => one === person).length > 1) continue;
        for (const table of resumeTables)
          await database.run(
            `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM all_${table} WHERE person_id = $person`,
            { person },
          );
        yield { nth, answer: await this.compare(reading.accounts[i] as FileAccount, reading.asOf) };
      }
    } catch {
      // Alone it fails again, and says why.
    } finally {
      if (reading) await rm(reading.lake, { recursive: true, force: true });
    }
  }

  /** Reads files into the tables, as a scan of nothing else would. */
  private async read(sources: readonly SourceFile[]): Promise<Reading> {
    const { database, content, options } = this;
    const { policy } = options;
    const now = options.now ?? new Date();
    const lake = join(this.temporary, `lake-${++this.readings}`);
    try {
      const store = await Store.open(lake);
      const { files } = await ingest({
        folder: sources,
        store,
        connectors: content.connectors,
        facts: content.facts,
        homeCountry: policy.home_country,
        memory,
        threads,
        now,
        reading: { workers: 1, idle: this.workers },
      });
      const asOf = await resolve({ database, store, facts: content.facts, policy, now, loaded: true });
      await prepareOwnPlaces(database, content.facts, { key: store.key, homeCountry: policy.home_country });
      return { lake, accounts: files, asOf };
    } catch (error) {
      await rm(lake, { recursive: true, force: true });
      throw error;
    }
  }

  /** The one résumé in the tables against everybody known. */
  private async compare(account: FileAccount, asOf: Date): Promise<CheckResult> {
    const { database } = this;
    const file = { ...account };
    const [own] = await database.rows(
      'SELECT d.person_id, p.name FROM documents d LEFT JOIN people p USING (person_id) LIMIT 1',
    );
    // Of nobody, or a line of a table: there is nothing to compare.
    if (!own) {
      file.problem ??=
        file.connector === undefined ? 'no résumé' : `no résumé of anybody, but: ${file.recognised}`;
      return {
        file,
        compared: 0,
        answer: { hits: [], common: [] },
        signals: [],
        questions: [],
        milliseconds: { open: 0, check: 0 },
      };
    }
    const person = String(own.person_id);
    const newcomer = await newcomerOf(database);
    await database.run('CREATE OR REPLACE TEMP TABLE chosen AS SELECT DISTINCT person_id FROM documents');
    const document = (await documentDetails(database, (id) => id)).documents.get(person)?.[0];
    const { answer, compared, milliseconds } = await this.ask(newcomer);
    await this.addPeople(answer.hits.slice(0, mostBeside).map((hit) => hit.person.id));
    const signals = await this.signals(person, asOf);
    return {
      file,
      ...(own.name ? { name: String(own.name) } : {}),
      ...(document ? { document } : {}),
      compared,
      answer,
      signals,
      questions: document ? questionsFor(this.options.content.questions, document.claims, signals) : [],
      milliseconds,
    };
  }

  private async ask(newcomer: Newcomer): Promise<Pick<CheckResult, 'answer' | 'compared' | 'milliseconds'>> {
    const started = performance.now();
    const known = await Known.open(join(this.options.lake, knownFolder), { readOnly: true });
    try {
      const opened = performance.now();
      const answer = known.check(newcomer);
      const milliseconds = { open: opened - started, check: performance.now() - opened };
      return { answer, compared: known.size, milliseconds };
    } finally {
      known.close();
    }
  }

  /** Adds the records of people, as the last scan resolved them; whoever is there already stays as they are. */
  private async addPeople(people: readonly string[]): Promise<void> {
    if (people.length === 0) return;
    const { database } = this;
    await database.run(
      `CREATE OR REPLACE TEMP TABLE beside AS
         SELECT unnest(CAST($people AS VARCHAR[])) AS person_id EXCEPT SELECT person_id FROM people`,
      { people: textList(people) },
    );
    for (const table of resumeTables)
      await database.run(
        `INSERT INTO ${table} BY NAME SELECT * FROM read_parquet(${literal(join(this.options.lake, viewFolder, `${table}.parquet`))}) SEMI JOIN beside USING (person_id)`,
      );
  }

  /** What detections find of the newcomer, in the tables as they are. */
  private async signals(person: string, asOf: Date): Promise<SignalResult[]> {
    const { database, content, options } = this;
    const explanations = [...options.policy.explanations, ...(await recordedExplanations(options.lake))];
    const policy: Policy = {
      ...options.policy,
      explanations: withoutOverturned(
        await withMembers(database, explanations),
        await confirmedNot(database),
      ),
    };
    await findWording(database);
    const has = await available(database);
    const sigma = await runSigma({ database, content, policy, directories: [], asOf });
    const inSigma = new Map(sigma?.own.map((detection) => [detection.id, detection]));
    const runs = await runDetections({
      database,
      detections: [
        ...content.detections.map((detection) => inSigma.get(detection.id) ?? detection),
        ...(sigma?.detections ?? []),
      ],
      ...(sigma ? { unable: sigma.unable } : {}),
      policy,
      asOf,
      has,
    });
    return signalsOf(person, database, runs, policy);
  }
}

async function mustBeFile(file: string): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (!info) throw new RollcallError('FOLDER_MISSING', `${file} does not exist`);
  if (!info.isFile())
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${file} is no file; a check is of one résumé ("rollcall resumes" compares those of a folder)`,
    );
}

function mustHoldScan(lake: string): void {
  if (!existsSync(join(lake, knownFolder)) || !existsSync(join(lake, viewFolder, 'people.parquet')))
    throw new RollcallError(
      'LAKE_MISSING',
      `${lake} holds no scan to compare with; run "rollcall scan FOLDER" first`,
    );
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function newcomerOf(database: Database): Promise<Newcomer> {
  const values = await database.rows('SELECT DISTINCT kind, value, label FROM identifiers ORDER BY ALL');
  const [document] = await database.rows('SELECT document, text FROM documents ORDER BY document LIMIT 1');
  const [person] = await database.rows('SELECT name FROM people ORDER BY person_id LIMIT 1');
  return {
    values: values.map((row) => ({
      kind: row.kind as IdentifierKind,
      value: String(row.value),
      label: String(row.label),
    })),
    ...(document?.text ? { text: String(document.text), document: String(document.document) } : {}),
    ...(person?.name ? { name: String(person.name) } : {}),
  };
}
