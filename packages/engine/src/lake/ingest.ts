import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connector } from '../content/connector.js';
import type { Fact } from '../content/fact.js';
import type { ReadOptions } from '../documents/index.js';
import { canonical, identifierContext } from '../identifiers/index.js';
import { RollcallError } from '../model/errors.js';
import type { FileAccount, RejectSummary } from '../model/result.js';
import { type Columns, storedTables, type TableName } from '../model/tables.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import { identifierKinds, sensitiveKinds } from '../model/vocabulary.js';
import { compact } from './compact.js';
import { discover, look, type SourceFile } from './discover.js';
import { documentConnector, mayBeDocument, writeDocuments } from './documents.js';
import { Database, identifier, literal, parquet } from './duckdb.js';
import { type Forgotten, loadForgotten } from './forgotten.js';
import { type Load, Loader, type Scan } from './loader.js';
import type { Batch, Store } from './store.js';

export interface IngestOptions {
  /** A folder of exports or one file; or files that were looked at already. */
  folder: string | readonly SourceFile[];
  store: Store;
  connectors: readonly Connector[];
  /** What content knows of identifiers. Absent: no provider's rules, no country's addresses. */
  facts?: readonly Fact[];
  homeCountry: string;
  memory?: string;
  threads?: number;
  /** The clock: records later than two days after it are rejected. */
  now: Date;
  onProgress?: (progress: Progress) => void;
  /** What the lake remembers these exports by, until others are read. */
  mark?: string;
  /** What is about to become part of the lake: it does with `mark`, in one step, once this is done. */
  onReady?: (read: IngestResult) => Promise<void>;
  /** How documents are read. */
  reading?: Pick<ReadOptions, 'workers' | 'idle'>;
}

export interface Progress {
  step: string;
  file?: string;
  /** Bytes of input done and in all. */
  bytes: number;
  totalBytes: number;
  records: number;
}

export interface IngestResult {
  files: FileAccount[];
  rejects: RejectSummary[];
}

/**
 * Reads a folder of exports into the lake: all of it or, where it is interrupted, nothing. Files are recognised by what
 * they hold; records read before are counted as duplicates; for each file read = kept + duplicate + rejected.
 */
export async function ingest(options: IngestOptions): Promise<IngestResult> {
  return new Ingest(options).run();
}

/** Connectors loaded at one time: small files are read by one processor each. */
const sideBySide = 3;

/** Bytes of input up to which the planning of queries is kept short. */
const smallExports = 256 << 20;

class Ingest {
  private readonly temporary: string;
  private readonly latest: string;
  private database!: Database;
  private batch!: Batch;
  private forgotten: Forgotten | undefined;
  private records = 0;
  private bytes = 0;
  private totalBytes = 0;

  constructor(private readonly options: IngestOptions) {
    this.temporary = join(options.store.folder, `temporary-${process.pid}`);
    this.latest = new Date(options.now.getTime() + 2 * 86_400_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
  }

  async run(): Promise<IngestResult> {
    const { options } = this;
    this.progress('recognising files');
    const files =
      typeof options.folder === 'string'
        ? await discover(options.folder, options.connectors)
        : options.folder;
    this.totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
    await mkdir(this.temporary, { recursive: true, mode: 0o700 });
    this.database = await Database.open({
      memory: options.memory ?? '2GB',
      ...(options.threads ? { threads: options.threads } : {}),
      tempDirectory: join(this.temporary, 'spill'),
    });
    // Each longer IN list of a mapping would become a join of its own; as a plain test it costs next to nothing.
    // Over small exports planning costs more than reading, and looking for common parts most of that.
    const small = this.totalBytes < smallExports ? ', common_subexpressions' : '';
    await this.database.run(`SET GLOBAL disabled_optimizers = 'in_clause${small}'`);
    try {
      this.batch = await options.store.begin();
      await this.prepare();
      const accounts: FileAccount[] = [];
      const loads: Load[] = [];
      for (const file of files) {
        const account = accountOf(file);
        accounts.push(account);
        if (file.recognition.kind === 'none') {
          this.bytes += file.bytes;
          continue;
        }
        loads.push({
          file,
          connector: file.recognition.connector,
          account,
          input: { path: file.path, compression: file.head.compression, layout: 'ndjson' },
          rejects: [],
          stagedRejects: 0,
        });
      }
      await this.loadAll(loads);
      await this.loadDocuments(files, accounts);
      this.progress('writing the lake');
      await this.writeTables();
      const read = { files: accounts, rejects: loads.flatMap((load) => load.rejects) };
      await options.onReady?.(read);
      await options.store.commit(this.batch, [], options.mark);
      await compact(this.database, options.store);
      return read;
    } finally {
      this.database.close();
      await rm(this.temporary, { recursive: true, force: true });
    }
  }

  private progress(step: string, file?: string): void {
    this.options.onProgress?.({
      step,
      ...(file ? { file } : {}),
      bytes: this.bytes,
      totalBytes: this.totalBytes,
      records: this.records,
    });
  }

  /** Loads connector after connector, the largest first, as many side by side as pay. */
  private async loadAll(loads: Load[]): Promise<void> {
    const bytesOf = (connector: Connector) =>
      loads.reduce((sum, load) => (load.connector === connector ? sum + load.file.bytes : sum), 0);
    const waiting = [...new Set(loads.map((load) => load.connector))].sort((a, b) => bytesOf(b) - bytesOf(a));
    const scan: Scan = {
      store: this.options.store,
      batch: this.batch,
      temporary: this.temporary,
      latest: this.latest,
      forgotten: this.forgotten,
      step: (step, file) => this.progress(step, file),
      count: ({ bytes = 0, records = 0 }) => {
        this.bytes += bytes;
        this.records += records;
      },
    };
    const work = async (name: string) => {
      const database = await this.database.beside();
      try {
        const loader = new Loader(scan, database, name);
        for (let connector = waiting.shift(); connector; connector = waiting.shift()) {
          const own = connector;
          await loader.load(
            own,
            loads.filter((load) => load.connector === own),
          );
        }
      } catch (error) {
        waiting.length = 0;
        throw error;
      } finally {
        database.close();
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: sideBySide }, (_, i) => work(String(i))));
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Reads files no connector knows as documents; what was read goes through a connector like any other record. */
  private async loadDocuments(files: readonly SourceFile[], accounts: FileAccount[]): Promise<void> {
    const connector = documentConnector(this.options.connectors);
    const documents = files.filter(mayBeDocument);
    if (!connector || documents.length === 0) return;
    const path = join(this.temporary, 'documents.ndjson');
    const uidOf = (uid: string) => `${connector.id}:${uid}`;
    const seen = new Set(
      (
        await this.database.rows('SELECT uid FROM seen WHERE starts_with(uid, $prefix)', {
          prefix: `${connector.id}:`,
        })
      ).map((row) => String(row.uid)),
    );
    const read = await writeDocuments(documents, path, {
      homeCountry: this.options.homeCountry,
      ...(this.options.reading ? { reading: this.options.reading } : {}),
      known: async (uid) => {
        if (await this.wasRemoved(uidOf(uid))) seen.add(uidOf(uid));
        return seen.has(uidOf(uid));
      },
      step: (file) => this.progress('reading documents', file),
    });
    const fresh = new Set<string>();
    if (read.some(({ uid }) => uid !== undefined && !seen.has(uidOf(uid)))) {
      // What these records are is known: they are not looked at, as the first may be longer than what is looked at.
      const file: SourceFile = {
        ...(await look(path, 'documents.ndjson', [])),
        shape: { kind: 'ndjson' },
        recognition: { kind: 'json', connector, envelope: '', share: 1 },
      };
      await this.loadAll([
        {
          file,
          connector,
          account: accountOf(file),
          input: { path, compression: 'none', layout: 'ndjson' },
          rejects: [],
          stagedRejects: 0,
        },
      ]);
      const rows = await this.database.rows('SELECT uid FROM new_documents WHERE document IS NOT NULL');
      for (const row of rows) fresh.add(String(row.uid));
    }
    const accountFor = new Map(files.map((file, i) => [file, accounts[i] as FileAccount]));
    for (const one of read) {
      const account = accountFor.get(one.file) as FileAccount;
      if (!one.document) continue;
      account.format = one.format;
      account.read = 1;
      if (one.uid !== undefined) {
        account.connector = connector.id;
        account.recognised = connector.title;
        delete account.problem;
        if (fresh.has(uidOf(one.uid))) account.kept = 1;
        else if (seen.has(uidOf(one.uid))) account.duplicate = 1;
        else {
          account.rejected = 1;
          account.problem = 'what was read of it could not be taken into the lake';
        }
      } else {
        account.rejected = 1;
        account.recognised = 'a document that was not read';
        if (one.problem) account.problem = one.problem;
      }
    }
  }

  /** Whether a record was in the lake and has been removed for good. */
  private async wasRemoved(uid: string): Promise<boolean> {
    if (!this.forgotten) return false;
    const sql = `SELECT count(*) FROM (SELECT CAST($uid AS VARCHAR) AS uid) AS d WHERE ${this.forgotten.record('d')}`;
    return (await this.database.number(sql, { uid })) > 0;
  }

  private async prepare(): Promise<void> {
    const { database } = this;
    for (const table of Object.keys(storedTables) as TableName[]) {
      if (table === 'events') continue;
      const columns = Object.entries(storedTables[table] as Columns).map(
        ([name, type]) => `${identifier(name)} ${type}`,
      );
      await database.run(`CREATE TABLE new_${table} (${columns.join(', ')})`);
    }
    await database.run('CREATE TABLE seen (uid VARCHAR)');
    await database.run('CREATE TABLE new_records (uid VARCHAR)');
    this.forgotten = await loadForgotten(database, this.options.store);
    const known = this.options.store.files('records');
    if (known.length > 0) await database.run(`INSERT INTO seen SELECT uid FROM ${parquet(known)}`);
  }

  /** Writes the tables gathered in memory, identifiers in canonical form and sensitive ones hashed. */
  private async writeTables(): Promise<void> {
    const { database, batch } = this;
    await this.canonicalise();
    const write = async (name: Parameters<Batch['path']>[0], query: string) => {
      if ((await database.number(`SELECT count(*) FROM (${query})`)) === 0) return;
      const path = batch.path(name, 'all');
      await database.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
      batch.add(name, path);
    };
    for (const table of Object.keys(storedTables) as TableName[]) {
      if (table === 'events') continue;
      if (table === 'identifiers') {
        await write(
          'identifiers',
          `SELECT i.* REPLACE (c.canonical AS value), c.label FROM new_identifiers AS i JOIN canonical AS c ON i.kind = c.kind AND i.value = c.value`,
        );
      } else {
        const before = table === 'inventory' ? this.forgotten?.logsBefore : undefined;
        const late = before === undefined ? '' : `WHERE coalesce(seen_at >= TIMESTAMP '${before}', true)`;
        await write(table, `SELECT * FROM new_${table} ${late} ORDER BY ALL`);
      }
    }
    await write('records', 'SELECT uid FROM new_records');
    await write(
      'vault',
      `SELECT DISTINCT kind, canonical AS value, value AS raw FROM canonical WHERE kind IN (${sensitiveKinds.map(literal).join(', ')})`,
    );
  }

  private async canonicalise(): Promise<void> {
    const { database, options } = this;
    await database.run(
      'CREATE OR REPLACE TEMP TABLE canonical (kind VARCHAR, value VARCHAR, canonical VARCHAR, label VARCHAR)',
    );
    const rows = await database.rows(
      'SELECT DISTINCT kind, value FROM new_identifiers WHERE value IS NOT NULL ORDER BY kind, value',
    );
    const known = new Set<string>(identifierKinds);
    const context = await identifierContext({
      key: options.store.key,
      homeCountry: options.homeCountry,
      facts: options.facts ?? [],
    });
    const pairs = rows.flatMap((row) => {
      const kind = String(row.kind);
      if (!known.has(kind))
        throw new RollcallError(
          'CONTENT_INVALID',
          `a connector gives an identifier of unknown kind "${kind}"`,
        );
      const value = canonical(kind as IdentifierKind, String(row.value), context);
      return value ? [[kind, String(row.value), value.value, value.label]] : [];
    });
    for (let from = 0; from < pairs.length; from += 20_000) {
      await database.run(
        `INSERT INTO canonical SELECT j ->> 0, j ->> 1, j ->> 2, j ->> 3 FROM (SELECT unnest(CAST($pairs AS JSON[])) AS j)`,
        { pairs: JSON.stringify(pairs.slice(from, from + 20_000)) },
      );
    }
  }
}

function accountOf(file: SourceFile): FileAccount {
  const { recognition } = file;
  const account: FileAccount = {
    file: file.name,
    recognised: '',
    format: formatOf(file),
    bytes: file.bytes,
    read: 0,
    kept: 0,
    unused: 0,
    duplicate: 0,
    rejected: 0,
  };
  if (recognition.kind === 'none') {
    account.recognised = recognition.nearest
      ? `not recognised; nearest is ${recognition.nearest}`
      : 'not recognised';
    account.problem = recognition.nearest
      ? `nearest to ${recognition.nearest}, but ${recognition.why}`
      : recognition.why;
    return account;
  }
  account.connector = recognition.connector.id;
  account.recognised = recognition.connector.title;
  if (recognition.kind === 'json' && recognition.envelope)
    account.recognised += `, inside "${recognition.envelope}"`;
  return account;
}

function formatOf(file: SourceFile): string {
  const { shape, head } = file;
  const names: Record<string, string> = {
    empty: 'empty',
    ndjson: 'JSON lines',
    document:
      shape.kind === 'document' && shape.path.length > 0
        ? `JSON, records in "${shape.path.join('.')}"`
        : 'JSON array',
    objects: 'JSON objects',
    zeek: 'Zeek TSV',
    table: shape.kind === 'table' && shape.delimiter === '\t' ? 'TSV' : 'CSV',
    text: 'unknown',
  };
  const parts = [names[shape.kind] as string];
  if (head.compression !== 'none') parts.push(head.compression);
  if (head.encoding !== 'utf-8') parts.push(head.encoding.toUpperCase());
  return parts.join(', ');
}
