import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connector } from '../content/connector.js';
import { RollcallError } from '../model/errors.js';
import type { FileAccount, RejectSummary } from '../model/result.js';
import { type Columns, storedTables, type TableName } from '../model/tables.js';
import { message, readBytes, readUtf8 } from './bytes.js';
import { cleanTable, type TableLayout } from './clean-table.js';
import type { SourceFile } from './discover.js';
import { type Database, identifier, literal, parquet } from './duckdb.js';
import { type Forgotten, isLog } from './forgotten.js';
import { type Layout, maxRejectsListed, type Normalised, normalise, sampleOf } from './normalise.js';
import { earliest, recordsOf, rejectTables } from './relation.js';
import { splitRow } from './shape.js';
import type { Batch, Store } from './store.js';

/** One file under way. */
export interface Load {
  file: SourceFile;
  connector: Connector;
  account: FileAccount;
  input: { path: string; compression: SourceFile['head']['compression']; layout: 'ndjson' | 'array' };
  careful?: Normalised;
  rejects: RejectSummary[];
  /** Parquet file of the records (or, in a single pass, of the events) as read. */
  staged?: string;
  /** Records of it that were rejected by what they hold. */
  stagedRejects: number;
}

/** What the loaders of one scan have in common. */
export interface Scan {
  store: Store;
  batch: Batch;
  /** Folder for what does not outlive the scan. */
  temporary: string;
  /** Latest time a record may carry. */
  latest: string;
  /** What was removed for good. */
  forgotten?: Forgotten | undefined;
  step: (step: string, file?: string) => void;
  /** A file is done, or records were read. */
  count: (done: { bytes?: number; records?: number }) => void;
}

/** Reads the files of one connector after another, over a connection of its own; several work side by side. */
export class Loader {
  private next = 0;
  private readonly described = new Map<string, Set<string>>();
  /** Whether the records that give rows are noted in the table `used`. */
  private counting = false;

  constructor(
    private readonly scan: Scan,
    private readonly database: Database,
    /** Tells this loader's temporary files from those of the others. */
    private readonly name: string,
  ) {}

  async load(connector: Connector, loads: Load[]): Promise<void> {
    if (connector.one_event_per_record) await this.loadEvents(connector, loads);
    else for (const load of loads) await this.loadRecords(connector, load);
  }

  private temporaryPath(name: string): string {
    this.next++;
    return join(this.scan.temporary, `${name}-${this.name}-${this.next}.parquet`);
  }

  /**
   * Runs `load` on DuckDB's own reading of the file; where that fails, because of damage, odd encoding or layout, once
   * more on a cleaned copy.
   */
  private async reading(load: Load, work: () => Promise<void>): Promise<void> {
    const { file } = load;
    const direct = directLayout(file);
    if (direct && !(await endsMidRow(file))) {
      load.input.layout = direct;
      try {
        // DuckDB takes a compressed file that ends early for a whole one, so that is looked at beside its reading.
        const [sound] = await Promise.all([isSound(file), work()]);
        if ((await this.stumbles(load)) === 0 && sound) return;
      } catch (error) {
        if (!readFailure(error)) throw error;
        await this.stumbles(load);
      }
    }
    const path = join(this.scan.temporary, `clean-${this.name}-${++this.next}.ndjson`);
    const { shape } = file;
    const layout = tableLayout(file);
    if (layout || shape.kind === 'ndjson' || shape.kind === 'objects' || shape.kind === 'document') {
      const source = { path: file.path, ...file.head };
      load.careful = layout
        ? await cleanTable(source, layout, path)
        : await normalise(source, shape as Layout, path);
      load.account.rejected += load.careful.rejected;
      load.account.read += load.careful.rejected;
      for (const reject of load.careful.rejects) {
        load.rejects.push({
          file: file.name,
          ...reject,
          ...(load.connector.sensitive ? { sample: '' } : {}),
        });
      }
      if (load.careful.recoded > 0)
        load.account.recognised += `; ${load.careful.recoded} records were not UTF-8 and were read as Windows-1252`;
    }
    load.input = { path, compression: 'none', layout: 'ndjson' };
    await work();
    const lost = await this.stumbles(load);
    if (lost > 0) {
      load.account.read += lost;
      load.account.rejected += lost;
      load.rejects.push({ file: file.name, line: 1, reason: `${lost} rows could not be read`, sample: '' });
    }
    await rm(path, { force: true });
  }

  /** How many lines DuckDB could not make a row of; what it noted of them is forgotten. */
  private async stumbles(load: Load): Promise<number> {
    if (!tableLayout(load.file)) return 0;
    let errors: number;
    try {
      errors = await this.database.number(`SELECT count(DISTINCT line) FROM ${rejectTables.errors}`);
    } catch (error) {
      // The table is there only where there was something to note.
      if (/does not exist/.test(message(error))) return 0;
      throw error;
    }
    await this.database.run(`DROP TABLE ${rejectTables.errors}`);
    await this.database.run(`DROP TABLE ${rejectTables.scans}`);
    return errors;
  }

  /** Sources of one event a record: mapped while they are read, in a single pass. */
  private async loadEvents(connector: Connector, loads: Load[]): Promise<void> {
    for (const load of loads) {
      this.scan.step('reading', load.file.name);
      await this.reading(load, async () => {
        const staged = this.temporaryPath('events');
        const records = recordsOf(load.file, load.input, this.scan.latest);
        await this.stage(await this.eventsQuery(connector, records), staged, connector);
        load.staged = staged;
      });
      await this.countStaged(load);
      this.scan.count({ bytes: load.file.bytes });
    }
    await this.keepEvents(connector, loads);
    const kept = loads.flatMap((load) => load.staged ?? []);
    if (kept.length === 0) return;
    for (const mapping of connector.mappings.filter((m) => m.table !== 'events')) {
      await this.insertMapped(
        connector,
        mapping.table,
        mapping.sql,
        mapping.line,
        `mapped AS (SELECT * FROM ${parquet([...new Set(kept)])})`,
      );
    }
  }

  private async eventsQuery(connector: Connector, records: string): Promise<string> {
    const mapping = connector.mappings.find((m) => m.table === 'events');
    if (!mapping)
      throw new RollcallError(
        'CONTENT_INVALID',
        `${connector.folder}/mapping.sql: no "-- into events" although it says one_event_per_record`,
      );
    const columns = await this.mappedColumns(
      connector,
      mapping.line,
      mapping.sql,
      `records AS NOT MATERIALIZED (${records})`,
    );
    const fields = castColumns('events', columns, connector, {
      raw: connector.sensitive ? 'NULL' : 'm.record',
    });
    if (!columns.has('record') || !columns.has('reject')) {
      throw new RollcallError(
        'CONTENT_INVALID',
        `${connector.folder}/mapping.sql:${mapping.line}: an events mapping of a single pass must also select reject and record`,
      );
    }
    return `WITH records AS NOT MATERIALIZED (${records}) SELECT ${fields}, m.reject AS reject FROM (${mapping.sql}\n) AS m`;
  }

  private async stage(query: string, path: string, connector: Connector): Promise<void> {
    try {
      await this.database.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    } catch (error) {
      if (readFailure(error)) throw error;
      throw new RollcallError('CONTENT_INVALID', `${connector.folder}/mapping.sql: ${message(error)}`);
    }
  }

  /** Counts what a staged file holds, and takes rejected records out of it. */
  private async countStaged(load: Load): Promise<void> {
    if (!load.staged) return;
    const [row] = await this.database.rows(
      `SELECT count(*) AS read, count(reject) AS rejected FROM ${parquet([load.staged])}`,
    );
    const read = Number(row?.read ?? 0);
    const rejected = Number(row?.rejected ?? 0);
    load.account.read += read;
    load.account.rejected += rejected;
    this.scan.count({ records: read });
    load.stagedRejects = rejected;
    if (rejected > 0) await this.listRejects(load);
  }

  private async listRejects(load: Load): Promise<void> {
    const text = load.connector.one_event_per_record ? 'raw' : 'record';
    const rows = await this.database.rows(
      `SELECT file_row_number AS n, reject, left(CAST(${text} AS VARCHAR), 200) AS sample
       FROM read_parquet(${literal(load.staged as string)}, file_row_number = true)
       WHERE reject IS NOT NULL ORDER BY n LIMIT ${maxRejectsListed}`,
    );
    const lines = await lineNumbers(
      load,
      rows.map((row) => Number(row.n)),
    );
    rows.forEach((row, i) => {
      load.rejects.push({
        file: load.file.name,
        line: lines[i] ?? 0,
        reason: String(row.reject),
        sample: load.connector.sensitive ? '' : sampleOf(Buffer.from(String(row.sample ?? ''))),
      });
    });
  }

  /** Moves staged events into the batch, each uid once: what the lake has, and what came earlier in this scan, is left out. */
  private async keepEvents(connector: Connector, loads: Load[]): Promise<void> {
    const { database } = this;
    const staged = loads.flatMap((load) => load.staged ?? []);
    if (staged.length === 0) return;
    this.scan.step('looking for duplicates');
    const prior = this.scan.store.files('events');
    const own = prior.length > 0 ? await this.filesOf(connector, prior) : [];
    await database.run(
      `CREATE OR REPLACE TEMP TABLE doubled AS
         SELECT uid, false AS known FROM ${parquet(staged)} WHERE reject IS NULL GROUP BY uid HAVING count(*) > 1`,
    );
    if (own.length > 0) {
      await database.run(
        `INSERT INTO doubled SELECT DISTINCT uid, true FROM ${parquet(staged)} AS s WHERE reject IS NULL AND uid IN (SELECT uid FROM ${parquet(own)})`,
      );
    }
    const { forgotten } = this.scan;
    if (forgotten)
      await database.run(
        `INSERT INTO doubled SELECT DISTINCT uid, true FROM ${parquet(staged)} AS s WHERE reject IS NULL AND (${forgotten.record('s')} ${
          forgotten.logsBefore === undefined ? '' : `OR ${tooOld('s', forgotten.logsBefore)}`
        })`,
      );
    const doubled = await database.number('SELECT count(*) FROM doubled');
    if (doubled > 0) {
      // Of each doubled uid the first stays, unless the lake has it.
      const order = staged.map(
        (path, i) =>
          `SELECT uid, ${i} AS file, file_row_number AS n FROM read_parquet(${literal(path)}, file_row_number = true) WHERE reject IS NULL AND uid IN (SELECT uid FROM doubled)`,
      );
      await database.run(
        `CREATE OR REPLACE TEMP TABLE dropped AS
           SELECT file, n FROM (
             SELECT file, n, uid, row_number() OVER (PARTITION BY uid ORDER BY file, n) AS nth FROM (${order.join(' UNION ALL ')}))
           WHERE nth > 1 OR uid IN (SELECT uid FROM doubled WHERE known)`,
      );
    }
    const duplicates = new Map(
      doubled > 0
        ? (await database.rows('SELECT file, count(*) AS n FROM dropped GROUP BY file')).map((row) => [
            Number(row.file),
            Number(row.n),
          ])
        : [],
    );
    // Files with nothing to take out are moved as they are; of the others what stays is written together.
    const cleaned: string[] = [];
    const together: Load[] = [];
    for (const [index, load] of loads.filter((one) => one.staged).entries()) {
      const duplicate = duplicates.get(index) ?? 0;
      load.account.duplicate += duplicate;
      load.account.kept = load.account.read - load.account.duplicate - load.account.rejected;
      if (load.account.kept === 0) {
        await rm(load.staged as string, { force: true });
        delete load.staged;
      } else if (duplicate === 0 && load.stagedRejects === 0) {
        const path = this.scan.batch.path('events', connector.id);
        await rename(load.staged as string, path);
        this.scan.batch.add('events', path);
        load.staged = path;
      } else {
        together.push(load);
        cleaned.push(
          `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${literal(load.staged as string)}, file_row_number = true)
           WHERE reject IS NULL ${duplicate > 0 ? `AND file_row_number NOT IN (SELECT n FROM dropped WHERE file = ${index})` : ''}`,
        );
      }
    }
    if (together.length === 0) return;
    const path = this.scan.batch.path('events', connector.id);
    await database.run(
      `COPY (${cleaned.join(' UNION ALL ')}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    this.scan.batch.add('events', path);
    for (const load of together) {
      await rm(load.staged as string, { force: true });
      load.staged = path;
    }
  }

  /** Those event files that hold rows of a connector (their uids begin with its id). */
  private async filesOf(connector: Connector, files: string[]): Promise<string[]> {
    const rows = await this.database.rows(
      `SELECT DISTINCT file_name FROM parquet_metadata([${files.map(literal).join(', ')}])
       WHERE path_in_schema = 'source' AND stats_min_value <= $id AND stats_max_value >= $id ORDER BY file_name`,
      { id: connector.id },
    );
    return rows.map((row) => String(row.file_name));
  }

  /** Sources whose records give rows of several tables, or several rows: read once, then mapped from what was read. */
  private async loadRecords(connector: Connector, load: Load): Promise<void> {
    const { database } = this;
    this.scan.step('reading', load.file.name);
    await this.reading(load, async () => {
      const staged = this.temporaryPath('records');
      await this.stage(recordsOf(load.file, load.input, this.scan.latest), staged, connector);
      load.staged = staged;
    });
    await this.countStaged(load);
    const staged = load.staged as string;
    const rows = `read_parquet(${literal(staged)}, file_row_number = true)`;
    const { forgotten } = this.scan;
    const removed = forgotten ? `AND NOT (${forgotten.record('s')})` : '';
    await database.run(
      `CREATE OR REPLACE TEMP TABLE fresh AS
         SELECT uid, min(file_row_number) AS n FROM ${rows} AS s WHERE reject IS NULL AND uid NOT IN (SELECT uid FROM seen) ${removed} GROUP BY uid`,
    );
    const kept = await database.number('SELECT count(*) FROM fresh');
    load.account.kept = kept;
    load.account.duplicate = load.account.read - load.account.rejected - kept;
    if (kept > 0) {
      const records = `SELECT uid, time, r, record FROM ${rows} WHERE file_row_number IN (SELECT n FROM fresh)`;
      await database.run('CREATE OR REPLACE TEMP TABLE used (uid VARCHAR)');
      this.counting = true;
      for (const mapping of connector.mappings) {
        await this.insertMapped(
          connector,
          mapping.table,
          mapping.sql,
          mapping.line,
          `records AS NOT MATERIALIZED (${records})`,
        );
      }
      load.account.unused =
        kept - (await database.number(`SELECT count(DISTINCT split_part(uid, '~', 1)) FROM used`));
      this.counting = false;
      await database.run('INSERT INTO seen SELECT uid FROM fresh');
      await database.run('INSERT INTO new_records SELECT uid FROM fresh');
    }
    await rm(staged, { force: true });
    this.scan.count({ bytes: load.file.bytes });
  }

  /** Runs one SELECT of a mapping over a CTE and adds its rows to the batch. */
  private async insertMapped(
    connector: Connector,
    table: TableName,
    sql: string,
    line: number,
    cte: string,
  ): Promise<void> {
    if (table !== 'events') {
      await this.insertRows(connector, table, sql, line, cte);
      return;
    }
    const columns = await this.mappedColumns(connector, line, sql, cte);
    const raw = columns.has('record') && !connector.sensitive ? 'm.record' : 'NULL';
    const fields = castColumns('events', columns, connector, { raw });
    const path = this.scan.batch.path('events', connector.id);
    const before = this.scan.forgotten?.logsBefore;
    const late = before === undefined ? '' : `AND NOT (${tooOld('e', before)})`;
    // A record may carry further times than the one it was accepted by: what did not happen within living memory is left out.
    await this.stage(
      `SELECT * FROM (WITH ${cte} SELECT ${fields} FROM (${sql}\n) AS m) AS e WHERE time >= TIMESTAMP '${earliest}' AND time <= TIMESTAMP '${this.scan.latest}' ${late}`,
      path,
      connector,
    );
    if ((await this.database.number(`SELECT count(*) FROM ${parquet([path])}`)) > 0)
      this.scan.batch.add('events', path);
    if (this.counting) await this.database.run(`INSERT INTO used SELECT uid FROM ${parquet([path])}`);
  }

  /** Rows of other tables are few: they are kept as they are given, so that their SELECT is planned once. */
  private async insertRows(
    connector: Connector,
    table: TableName,
    sql: string,
    line: number,
    cte: string,
  ): Promise<void> {
    const { database } = this;
    let rows: number;
    try {
      rows = await database.number(
        `CREATE OR REPLACE TEMP TABLE mapped_rows AS WITH ${cte} SELECT * FROM (${sql}\n)`,
      );
    } catch (error) {
      if (readFailure(error)) throw error;
      throw new RollcallError(
        'CONTENT_INVALID',
        `${connector.folder}/mapping.sql:${line}: ${message(error)}`,
      );
    }
    const columns = new Set((await database.describe('SELECT * FROM mapped_rows')).map(({ name }) => name));
    const fields = castColumns(table, columns, connector, {});
    if (rows === 0) return;
    await database.run(`INSERT INTO new_${table} SELECT ${fields} FROM mapped_rows AS m`);
    if (this.counting) await database.run('INSERT INTO used SELECT uid FROM mapped_rows');
  }

  private async mappedColumns(
    connector: Connector,
    line: number,
    sql: string,
    cte: string,
  ): Promise<Set<string>> {
    // What a SELECT is called does not depend on the file it reads.
    const key = `${connector.id}:${line}`;
    const known = this.described.get(key);
    if (known) return known;
    try {
      const columns = await this.database.describe(`WITH ${cte} SELECT * FROM (${sql}\n)`);
      const names = new Set(columns.map((column) => column.name));
      this.described.set(key, names);
      return names;
    } catch (error) {
      if (readFailure(error)) throw error;
      throw new RollcallError(
        'CONTENT_INVALID',
        `${connector.folder}/mapping.sql:${line}: ${message(error)}`,
      );
    }
  }
}

/** A row of a log of before what is kept. */
const tooOld = (table: string, before: string) => `${table}.time < TIMESTAMP '${before}' AND ${isLog(table)}`;

/** How DuckDB can read a file as it is; undefined where it must be cleaned first. */
function directLayout(file: SourceFile): 'ndjson' | 'array' | undefined {
  if (file.head.encoding === 'utf-16le' || file.head.encoding === 'utf-16be') return undefined;
  const { shape } = file;
  if (shape.kind === 'table' || shape.kind === 'zeek') return 'ndjson';
  if (file.head.encoding !== 'utf-8') return undefined;
  if (shape.kind === 'ndjson') return 'ndjson';
  if (shape.kind === 'document' && shape.path.length === 0) return 'array';
  return undefined;
}

/** How the rows of a table file are written; undefined for other files. */
function tableLayout(file: SourceFile): TableLayout | undefined {
  const { shape, recognition } = file;
  if (shape.kind === 'zeek') {
    return {
      delimiter: shape.separator,
      quoted: false,
      width: shape.fields.length,
      skip: shape.skip,
      comment: '#',
    };
  }
  if (shape.kind !== 'table' || recognition.kind !== 'table') return undefined;
  const skip = recognition.headerLine + 1;
  const width = splitRow(shape.lines[recognition.headerLine] ?? '', shape.delimiter).length;
  return { delimiter: shape.delimiter, quoted: true, width, skip };
}

/**
 * Whether a compressed file can be decompressed to its end. One that lies wholly in the head is known already; JSON that
 * is cut off betrays itself by its last record, so the slower decompression of zstd is spared it.
 */
async function isSound(file: SourceFile): Promise<boolean> {
  const { compression, complete } = file.head;
  if (compression === 'none' || complete || (compression === 'zstd' && !tableLayout(file))) return true;
  try {
    for await (const _ of readBytes(file.path, file.head.compression));
    return true;
  } catch {
    return false;
  }
}

/** A table whose last line has no end and too few cells was cut off there: half a row would pass for a whole one. */
async function endsMidRow(file: SourceFile): Promise<boolean> {
  const layout = tableLayout(file);
  if (!layout || file.head.compression !== 'none') return false;
  const size = Math.min(file.bytes, 1 << 16);
  const handle = await open(file.path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(size), 0, size, file.bytes - size);
    const tail = buffer.toString();
    const last = tail.slice(tail.lastIndexOf('\n') + 1);
    if (!last.trim() || (layout.comment && last.startsWith(layout.comment))) return false;
    return splitRow(last, layout.delimiter).length < layout.width;
  } finally {
    await handle.close();
  }
}

/** Errors of reading the file, as against errors in a mapping. */
function readFailure(error: unknown): boolean {
  return /Malformed JSON|invalid UTF-8|Invalid unicode|not utf-8|maximum_object_size|unexpected end|Invalid Input Error: (?:CSV|Malformed|Failed to)|IO Error|GZIP|ZSTD|zstd|Corrupt|Error when sniffing|Out of Memory/i.test(
    message(error),
  );
}

/** Every stored column, cast, NULL where the mapping does not give it. */
function castColumns(
  table: TableName,
  given: ReadonlySet<string>,
  connector: Connector,
  fixed: Record<string, string>,
): string {
  const columns = storedTables[table] as Columns;
  const allowed = new Set([...Object.keys(columns), 'record', 'reject']);
  const stray = [...given].find((name) => !allowed.has(name) && !name.startsWith('_'));
  if (stray)
    throw new RollcallError(
      'CONTENT_INVALID',
      `${connector.folder}/mapping.sql: ${table} has no column "${stray}"`,
    );
  if (!given.has('uid'))
    throw new RollcallError(
      'CONTENT_INVALID',
      `${connector.folder}/mapping.sql: the mapping into ${table} does not select uid`,
    );
  // Columns with a leading underscore are carried along for the connector's further SELECTs, and are no part of the lake.
  const carried =
    table === 'events'
      ? [...given].filter((name) => name.startsWith('_')).map((name) => `m.${identifier(name)}`)
      : [];
  const stored = Object.entries(columns).map(([name, type]) => {
    if (name in fixed) return `CAST(${fixed[name]} AS ${type}) AS ${identifier(name)}`;
    if (name === 'source' && !given.has('source')) return `${literal(connector.id)} AS source`;
    return given.has(name)
      ? `try_cast(m.${identifier(name)} AS ${type}) AS ${identifier(name)}`
      : `CAST(NULL AS ${type}) AS ${identifier(name)}`;
  });
  return [...stored, ...carried].join(', ');
}

/** The lines on which the records with these numbers (from 0) stand. */
async function lineNumbers(load: Load, records: number[]): Promise<number[]> {
  if (load.careful) return records.map((n) => load.careful?.lines[n] ?? 0);
  const layout = tableLayout(load.file);
  if (layout) {
    const { lines } = await cleanTable({ path: load.file.path, ...load.file.head }, layout);
    return records.map((n) => lines[n] ?? 0);
  }
  if (load.input.layout === 'array') return records.map(() => 1);
  const wanted = new Set(records);
  const found = new Map<number, number>();
  let line = 1;
  let record = 0;
  let blank = true;
  const end = () => {
    if (!blank) {
      if (wanted.has(record)) found.set(record, line);
      record++;
    }
    line++;
    blank = true;
  };
  for await (const chunk of readUtf8(load.file.path, load.file.head.compression, load.file.head.encoding)) {
    for (const byte of chunk) {
      if (byte === 10) end();
      else if (byte !== 32 && byte !== 9 && byte !== 13) blank = false;
    }
  }
  end();
  return records.map((n) => found.get(n) ?? 0);
}
