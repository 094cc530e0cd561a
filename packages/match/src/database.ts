import { type DuckDBConnection, DuckDBInstance, type Json } from '@duckdb/node-api';

/** What DuckDB may use. Without `memory` and `threads`, DuckDB's own defaults hold. */
export interface Resources {
  /** Upper bound of the buffer manager, in DuckDB's notation: `2GB`. */
  memory?: string;
  threads?: number;
  /** Where larger intermediates spill. Without it, they fail rather than spill. */
  tempDirectory?: string;
}

/** One embedded DuckDB in memory: no network, no extension is ever loaded. */
export class Database {
  private constructor(
    private readonly instance: DuckDBInstance,
    readonly connection: DuckDBConnection,
  ) {}

  static async open(resources: Resources = {}): Promise<Database> {
    const config: Record<string, string> = {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      temp_directory: resources.tempDirectory ?? '',
    };
    if (resources.memory) config.memory_limit = resources.memory;
    if (resources.threads) config.threads = String(resources.threads);
    const instance = await DuckDBInstance.create(':memory:', config);
    return new Database(instance, await instance.connect());
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** All rows, each an array of cells in the order of the SELECT. */
  async rows(sql: string): Promise<Json[][]> {
    return (await this.connection.runAndReadAll(sql)).getRowsJson();
  }

  /** The first row, as numbers; a missing value is 0. */
  async numbers(sql: string): Promise<number[]> {
    const [row] = await this.rows(sql);
    return (row ?? []).map((cell) => Number(cell ?? 0));
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** A text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
