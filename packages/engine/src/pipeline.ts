import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve as resolvePath } from 'node:path';
import { conclude } from './assess/conclude.js';
import { confirmedNot, withoutOverturned } from './assess/verdicts.js';
import type { Content } from './content/load.js';
import { withMembers } from './explain/explanations.js';
import { saveExplanations } from './explain/kept.js';
import { prepareOwnPlaces } from './explain/own-places.js';
import { withOwnFacts } from './facts/own.js';
import { updateKnown } from './known/update.js';
import { message } from './lake/bytes.js';
import { Database, literal } from './lake/duckdb.js';
import { type IngestOptions, type IngestResult, ingest, type Progress } from './lake/ingest.js';
import { resolve, untied } from './lake/resolve.js';
import { Store } from './lake/store.js';
import { recordedExplanations } from './links/decisions.js';
import { RingBook } from './links/ring-book.js';
import { ensureSharedValues, sharingTables } from './links/shared-values.js';
import { findWording } from './links/wording.js';
import { RollcallError } from './model/errors.js';
import type { Policy } from './model/policy.js';
import type { ScanResult, SourceSummary, Untied } from './model/result.js';
import { tableNames } from './model/tables.js';
import { sigmaLimits } from './sigma/limits.js';
import { runSigma } from './sigma/run.js';
import { available } from './signals/needs.js';
import { runDetections } from './signals/run.js';

export const version = '0.1.0';

export interface ScanOptions {
  /** Folder of exports to read into the lake first; absent: only what the lake holds is assessed. */
  folder?: string;
  /** What `read` has read for this scan, for its account of files. */
  read?: IngestResult;
  lake: string;
  content: Content;
  policy: Policy;
  policyFile?: string;
  /** The day to assess for; absent: the latest time in the data. */
  asOf?: Date;
  /** Folders or files of Sigma rules, beside the packs that ship and the folders of the policy. */
  sigma?: readonly string[];
  now?: Date;
  memory?: string;
  threads?: number;
  onProgress?: (progress: Progress) => void;
}

/** Folder of the resolved tables of the last scan, for `rollcall query`. */
export const viewFolder = 'view';
/** Folder of tables of reference data in which the user's own rows stand. */
const ownFactsFolder = 'facts';
const viewTables = [...tableNames, 'passages', 'scan', 'sharing', ...sharingTables];

export interface ReadOptions
  extends Pick<IngestOptions, 'mark' | 'onReady' | 'memory' | 'threads' | 'onProgress'> {
  folder: string;
  lake: string;
  content: Content;
  policy: Policy;
  now?: Date;
}

/**
 * Reads a folder of exports into the lake, and leaves conclusions to a later `scan` without a folder. Absent where the
 * lake knows `mark` as what it has read last.
 */
export async function read(options: ReadOptions): Promise<IngestResult | undefined> {
  const store = await Store.open(options.lake);
  try {
    if (options.mark !== undefined && store.mark === options.mark) return undefined;
    const { lake, policy, content: given, now = new Date(), ...rest } = options;
    const { directory } = policy.facts;
    const content = directory ? await withOwnFacts(given, directory, join(lake, ownFactsFolder)) : given;
    const { connectors, facts } = content;
    return await ingest({ ...rest, store, connectors, facts, homeCountry: policy.home_country, now });
  } finally {
    await store.close();
  }
}

/** The one place that says the order of it all: read, resolve, detect, weigh, conclude. */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const now = options.now ?? new Date();
  const store = await Store.open(options.lake);
  try {
    const { directory } = options.policy.facts;
    const content = directory
      ? await withOwnFacts(options.content, directory, join(options.lake, ownFactsFolder))
      : options.content;
    const book = await RingBook.open(options.lake);
    const policy: Policy = {
      ...options.policy,
      explanations: [...options.policy.explanations, ...(await recordedExplanations(options.lake))],
    };
    let last: Progress = { step: 'starting', bytes: 0, totalBytes: 0, records: 0 };
    const report = (progress: Progress) => {
      last = progress;
      options.onProgress?.(progress);
    };
    const read: IngestResult = options.folder
      ? await ingest({
          folder: options.folder,
          store,
          connectors: content.connectors,
          facts: content.facts,
          homeCountry: policy.home_country,
          now,
          ...(options.memory ? { memory: options.memory } : {}),
          ...(options.threads ? { threads: options.threads } : {}),
          onProgress: report,
        })
      : (options.read ?? { files: [], rejects: [] });

    const temporary = join(options.lake, `temporary-spill-${process.pid}`);
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    const memory = options.memory ?? '2GB';
    const database = await Database.open({
      // On disk tables are compressed, and only what is looked at is held in memory: a tenth of what they take there. To
      // compress them takes longer than all that is asked of most of them, so where there is room they stay in memory.
      ...((await fitsInMemory(store, memory))
        ? {}
        : { path: join(temporary, 'resolved.duckdb'), scratch: true }),
      memory,
      ...(options.threads ? { threads: options.threads } : {}),
      tempDirectory: temporary,
    });
    try {
      const step = (name: string) => report({ ...last, step: name });
      const asOf = await resolve({
        database,
        store,
        facts: content.facts,
        policy,
        ...(options.asOf ? { asOf: options.asOf } : {}),
        now,
        onStep: (name) => step(`who is who: ${name}`),
      });
      await prepareOwnPlaces(database, content.facts, { key: store.key, homeCountry: policy.home_country });
      policy.explanations = withoutOverturned(
        await withMembers(database, policy.explanations),
        await confirmedNot(database),
      );
      step('comparing résumés');
      await findWording(database, options.lake);
      const has = await available(database);
      const sigma = await runSigma({
        database,
        content,
        policy,
        directories: options.sigma ?? [],
        asOf,
        keep: { lake: options.lake, files: store.files('events') },
        onStep: step,
      });
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
        onStep: (title) => step(`looking: ${title}`),
      });
      step('weighing');
      await ensureSharedValues(database, policy);
      // The tables do not change any more: they are kept for queries while the conclusions are drawn.
      const [conclusions] = await Promise.all([
        conclude(database, runs, content, policy, asOf, book),
        saveView(database, options.lake),
      ]);
      await book.save(conclusions.proposals);
      await saveExplanations(options.lake, conclusions.explanations);
      step('keeping who is known');
      await updateKnown(database, options.lake);
      const result: ScanResult = {
        rollcall: { version, content: content.version },
        asOf: asOf.toISOString(),
        company: await company(database),
        ...conclusions,
        sources: await sources(database, content, read),
        files: read.files,
        rejects: read.rejects,
        untied: (await untied(database)).slice(0, 500) as Untied[],
        ...(sigma?.summary ? { sigma: sigma.summary } : {}),
        policy: {
          prior: policy.prior,
          bands: policy.bands,
          facetsForReview: policy.facets_for_review,
          ...(options.policyFile ? { file: options.policyFile } : {}),
        },
        limits: [],
      };
      result.limits = [...limits(result), ...stale(content, asOf)];
      return result;
    } finally {
      database.close();
      await rm(temporary, { recursive: true, force: true });
    }
  } finally {
    await store.close();
  }
}

/** Bytes the resolved tables take in memory for each byte of the lake's files, at most; measured with made-up companies. */
const bytesInMemory = 8;

/** Whether the resolved tables of a lake take less than half of the memory there is. */
async function fitsInMemory(store: Store, memory: string): Promise<boolean> {
  const [, number, unit = ''] = /^\s*([\d.]+)\s*([KMGT]?)i?B?\s*$/i.exec(memory) ?? [];
  const bytes = Number(number) * 1000 ** ' KMGT'.indexOf(unit.toUpperCase() || ' ');
  let stored = 0;
  for (const table of tableNames) for (const file of store.files(table)) stored += (await stat(file)).size;
  // What cannot be read as a size is for the database to refuse.
  return stored * bytesInMemory <= bytes / 2;
}

/** Keeps the resolved tables; an older view stays until the new one is whole. */
async function saveView(database: Database, lake: string): Promise<void> {
  const building = join(lake, `temporary-view-${process.pid}`);
  await mkdir(building, { recursive: true, mode: 0o700 });
  const connection = await database.beside();
  try {
    for (const table of viewTables)
      await connection.run(
        // The least level takes two thirds of the time of the usual one, and three hundredths more room.
        `COPY ${table} TO ${literal(join(building, `${table}.parquet`))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
      );
  } finally {
    connection.close();
  }
  await rm(join(lake, viewFolder), { recursive: true, force: true });
  await rename(building, join(lake, viewFolder));
}

/** Answers a query about the last scan: read-only, with no other file and no network within reach. */
export async function query(
  lake: string,
  sql: string,
): Promise<{ columns: string[]; rows: Record<string, unknown>[] }> {
  const folder = resolvePath(lake, viewFolder);
  if (!existsSync(folder))
    throw new RollcallError('LAKE_MISSING', `${lake} holds no scan yet; run "rollcall scan FOLDER" first`);
  const database = await Database.open();
  try {
    // A view of an earlier version has not all of them.
    for (const table of viewTables.filter((name) => existsSync(join(folder, `${name}.parquet`))))
      await database.run(
        `CREATE VIEW ${table} AS SELECT * FROM read_parquet(${literal(join(folder, `${table}.parquet`))})`,
      );
    await database.run(`SET allowed_directories = [${literal(folder)}]`);
    await database.run('SET enable_external_access = false');
    await database.run('SET lock_configuration = true');
    return await database.select(sql);
  } catch (error) {
    throw new RollcallError('QUERY_FAILED', message(error));
  } finally {
    database.close();
  }
}

async function company(database: Database): Promise<ScanResult['company']> {
  const rows = await database.rows(
    'SELECT stage, count(*) AS n, count(*) FILTER (WHERE remote) AS remote FROM people GROUP BY stage ORDER BY stage',
  );
  return {
    people: rows.reduce((sum, row) => sum + Number(row.n), 0),
    byStage: Object.fromEntries(rows.map((row) => [String(row.stage), Number(row.n)])),
    remote: rows.reduce((sum, row) => sum + Number(row.remote), 0),
  };
}

async function sources(database: Database, content: Content, read: IngestResult): Promise<SourceSummary[]> {
  const spans = await database.rows(
    'SELECT source, count(*) AS n, min(time) AS first, max(time) AS last FROM events GROUP BY source ORDER BY source',
  );
  const bySource = new Map(spans.map((row) => [String(row.source), row]));
  const used = new Set([...bySource.keys(), ...read.files.flatMap((file) => file.connector ?? [])]);
  return content.connectors
    .filter((connector) => used.has(connector.id))
    .map((connector) => {
      const span = bySource.get(connector.id);
      const files = read.files.filter((file) => file.connector === connector.id);
      return {
        source: connector.id,
        title: connector.title,
        files: files.length,
        records: files.reduce((sum, file) => sum + file.kept, 0) || Number(span?.n ?? 0),
        ...(span?.first ? { first: String(span.first) } : {}),
        ...(span?.last ? { last: String(span.last) } : {}),
        limits: connector.limits,
      };
    });
}

/** Reference data past its time: what it does not know of cannot be found. */
function stale(content: Content, asOf: Date): string[] {
  return content.facts.flatMap((fact) => {
    const days = (day: string) => Math.floor((asOf.getTime() - Date.parse(day)) / 86_400_000);
    const own = fact.own?.asOf;
    return [
      ...(days(fact.as_of) > fact.stale_after_days
        ? [
            `Reference data “${fact.title}” is of ${fact.as_of}, ${days(fact.as_of)} days old: what is newer is not in it.`,
          ]
        : []),
      ...(own && days(own) > fact.stale_after_days
        ? [`Your own rows of “${fact.title}” are of ${own} at the latest, ${days(own)} days old.`]
        : []),
    ];
  });
}

/** What could not be looked at, as plain sentences. */
function limits(result: ScanResult): string[] {
  const list: string[] = [];
  if (result.company.people === 0)
    list.push(
      result.files.length > 0 && result.files.every((file) => file.kept === 0)
        ? 'Nothing in the folder could be used. Sources says of each file what it seemed to be; “rollcall map FILE” proposes how to read a table.'
        : 'There is no list of people: give an export of the HR system, so that accounts and devices can be tied to someone.',
    );
  const blocked = result.detections.filter((detection) => detection.state === 'blocked');
  const byMissing = new Map<string, { titles: string[]; enabledBy: Set<string> }>();
  for (const detection of blocked) {
    const key = detection.missing.join(' and ');
    const entry = byMissing.get(key) ?? { titles: [], enabledBy: new Set<string>() };
    entry.titles.push(detection.title);
    for (const title of detection.enabledBy) entry.enabledBy.add(title);
    byMissing.set(key, entry);
  }
  for (const [missing, { titles, enabledBy }] of byMissing) {
    const by =
      enabledBy.size > 0 ? ` An export of ${[...enabledBy].slice(0, 4).join(', or ')} would give it.` : '';
    list.push(`Could not look for “${titles.join('”, “')}”. Missing: ${missing}.${by}`);
  }
  if (result.sigma) list.push(...sigmaLimits(result.sigma));
  const over = result.explanations.filter((one) => one.state === 'over').length;
  if (over > 0)
    list.push(
      `${over === 1 ? 'An explanation is' : `${over} explanations are`} over: what ${over === 1 ? 'it' : 'they'} accounted for counts again. “rollcall explanations” says which.`,
    );
  const endless = result.explanations.filter(
    (one) => one.state === 'in force' && one.source !== 'HR record' && !one.until,
  ).length;
  if (endless > 0)
    list.push(
      `${endless === 1 ? 'An explanation has' : `${endless} explanations have`} no last day, so nobody is reminded to look again.`,
    );
  const unread = result.files.filter((file) => file.problem && !file.connector);
  if (unread.length > 0) {
    list.push(
      `${unread.length} of ${result.files.length} files were not read because nobody here knows their format: ${unread
        .slice(0, 5)
        .map((file) => file.file)
        .join(', ')}.`,
    );
  }
  const rejected = result.files.reduce((sum, file) => sum + file.rejected, 0);
  if (rejected > 0)
    list.push(
      `${rejected.toLocaleString('en-US')} records could not be read; each is listed under Sources with its line and reason.`,
    );
  if (result.untied.length > 0) {
    list.push(
      `${result.untied.length.toLocaleString('en-US')} accounts, devices or ids could not be tied to a person, so what they did counts for nobody.`,
    );
  }
  return list;
}
