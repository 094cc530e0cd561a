import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance, type Json } from '@duckdb/node-api';

/** What DuckDB may use to read files. Without `memory` and `threads`, DuckDB's own defaults hold. */
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
    private readonly connection: DuckDBConnection,
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

  /** All rows, each an array of cells in the order of the SELECT. */
  async rows(sql: string): Promise<Json[][]> {
    return (await this.connection.runAndReadAll(sql)).getRowsJson();
  }

  /** Rows as they come, some thousand at a time: a file need not fit in memory twice. */
  async *chunks(sql: string): AsyncGenerator<DuckDBDataChunk> {
    const result = await this.connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk;
    }
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
