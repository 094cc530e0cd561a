import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api';
import { macros } from './macros.js';

/** A cell as the rest of the engine sees it: times are ISO 8601 UTC strings, integers are numbers. */
export type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell };
export type Row = Record<string, Cell>;

export interface DatabaseOptions {
  /** File of the database; in memory when absent. */
  path?: string;
  /** Upper bound of the buffer manager, DuckDB notation ("3GB"). Larger intermediates spill to `tempDirectory`. */
  memory?: string;
  threads?: number;
  tempDirectory?: string;
  readOnly?: boolean;
  /** Thrown away when it is closed: nothing is written for the sake of opening it again. */
  scratch?: boolean;
}

const integerTypes = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.UINTEGER,
]);
const timeTypes = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_TZ,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_NS,
]);

/** One embedded DuckDB: the lake's engine on one machine. Never touches the network. */
export class Database {
  private closed = false;
  private readonly besides = new Set<Database>();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    /** Opened by `beside`: the instance belongs to another. */
    private readonly borrowed = false,
  ) {}

  static async open(options: DatabaseOptions = {}): Promise<Database> {
    const config: Record<string, string> = {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    };
    if (options.memory) config.memory_limit = options.memory;
    if (options.threads) config.threads = String(options.threads);
    if (options.tempDirectory) config.temp_directory = options.tempDirectory;
    if (options.readOnly) config.access_mode = 'READ_ONLY';
    const instance = await DuckDBInstance.create(options.path ?? ':memory:', config);
    const connection = await instance.connect();
    const database = new Database(instance, connection);
    // For connections beside this one too, which may not set it themselves once the configuration is locked.
    await database.run("SET GLOBAL TimeZone = 'UTC'");
    await database.run("SET TimeZone = 'UTC'");
    if (options.scratch) {
      await database.run("SET GLOBAL checkpoint_threshold = '1TB'");
      await database.run('PRAGMA disable_checkpoint_on_shutdown');
    }
    if (!options.readOnly) for (const macro of macros) await database.run(macro);
    return database;
  }

  /** A further connection to the same tables, for work side by side; its temporary tables are its own. */
  async beside(): Promise<Database> {
    const database = new Database(this.instance, await this.instance.connect(), true);
    this.besides.add(database);
    return database;
  }

  async run(sql: string, parameters?: Record<string, DuckDBValue>): Promise<void> {
    await this.connection.run(sql, parameters);
  }

  /** All rows of a query. For results that fit in memory; large data stays inside DuckDB. */
  async rows(sql: string, parameters?: Record<string, DuckDBValue>): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(sql, parameters);
    const names = reader.deduplicatedColumnNames();
    const types = names.map((_, i) => reader.columnType(i));
    return reader.getRowsJson().map((values) => {
      const row: Row = {};
      names.forEach((name, i) => {
        row[name] = cell(values[i] as Cell, types[i] as DuckDBType);
      });
      return row;
    });
  }

  /** Rows of a query someone else wrote: refused unless it is one single SELECT. */
  async select(sql: string): Promise<{ columns: string[]; rows: Row[] }> {
    await this.mustBeSelect(sql);
    const columns = (await this.describe(sql)).map((column) => column.name);
    return { columns, rows: await this.rows(sql) };
  }

  /** Refuses what is not one single SELECT, without running it; unless `bound`, its tables need not be there yet. */
  async mustBeSelect(sql: string, bound = true): Promise<void> {
    const statements = await this.connection.extractStatements(sql);
    if (statements.count !== 1) throw new Error(`one query at a time; this is ${statements.count}`);
    if (!bound) {
      // The parser takes nothing but a SELECT where a table is expected.
      await this.connection.extractStatements(`SELECT * FROM (${sql}\n)`);
      return;
    }
    const statement = await statements.prepare(0);
    const isSelect =
      statement.statementType === StatementType.SELECT || statement.statementType === StatementType.EXPLAIN;
    statement.destroySync();
    if (!isSelect) throw new Error('only SELECT is answered here');
  }

  /** The first column of the first row, as a number; 0 when there is none. */
  async number(sql: string, parameters?: Record<string, DuckDBValue>): Promise<number> {
    const [row] = await this.rows(sql, parameters);
    return row ? Number(Object.values(row)[0] ?? 0) : 0;
  }

  /** Column names and DuckDB types of a query, without running it. */
  async describe(sql: string): Promise<{ name: string; type: string }[]> {
    const rows = await this.rows(`DESCRIBE ${sql}`);
    return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  }

  /** Column names of a query, without running it; quicker than `describe`. */
  async columns(sql: string): Promise<string[]> {
    const statement = await this.connection.prepare(sql);
    try {
      return Array.from({ length: statement.columnCount }, (_, i) => statement.columnName(i));
    } finally {
      statement.destroySync();
    }
  }

  /** Asks running queries to stop, of connections beside this one too; they then fail with an interrupt error. */
  interrupt(): void {
    if (!this.closed) this.connection.interrupt();
    for (const one of this.besides) one.interrupt();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.connection.closeSync();
    if (!this.borrowed) this.instance.closeSync();
  }
}

function cell(value: Cell, type: DuckDBType): Cell {
  if (value === null || value === undefined) return null;
  if (integerTypes.has(type.typeId) || type.typeId === DuckDBTypeId.DECIMAL) return Number(value);
  if (timeTypes.has(type.typeId)) return isoTime(String(value));
  return value;
}

/** DuckDB's "2026-01-02 03:04:05.678" (UTC) as "2026-01-02T03:04:05.678Z". */
export function isoTime(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(\.\d+)?)?/.exec(text);
  if (!match) return text;
  const fraction = match[3] ? match[3].replace(/0+$/, '').slice(0, 4) : '';
  return `${match[1]}T${match[2] ?? '00:00:00'}${fraction === '.' ? '' : fraction}Z`;
}

/** A value as a SQL literal, for the few places that take no parameters (file names in COPY, settings). */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Texts as one parameter: `CAST($texts AS VARCHAR[])` gives the list back. */
export function textList(texts: readonly string[]): string {
  return `[${texts.map((text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}]`;
}

/** A name as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Parquet files as one relation. */
export function parquet(files: readonly string[]): string {
  return `read_parquet([${files.map(literal).join(', ')}])`;
}
