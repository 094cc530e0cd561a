import { stat } from 'node:fs/promises';
import { type Columns, storedTables, tableNames } from '../model/tables.js';
import { type Database, identifier, literal } from './duckdb.js';
import type { Store } from './store.js';

/** Files of one table beyond which the small ones among them are merged. */
export const manyFiles = 64;
/** A file up to this size is small. */
const smallBytes = 16 << 20;

/**
 * Merges the small files of tables that have gathered many, so that a lake fed every day stays quick to open. No row
 * changes; the lake moves on in one step, as with a scan.
 */
export async function compact(database: Database, store: Store): Promise<void> {
  const batch = await store.begin();
  const replaced: string[] = [];
  for (const table of tableNames) {
    const files = store.files(table);
    if (files.length <= manyFiles) continue;
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    const small = files.filter((_, i) => (sizes[i] as number) <= smallBytes);
    if (small.length < 2) continue;
    const columns = [
      ...Object.keys(storedTables[table] as Columns),
      ...(table === 'identifiers' ? ['label'] : []),
    ];
    const path = batch.path(table, 'merged');
    await database.run(
      `COPY (SELECT ${columns.map(identifier).join(', ')} FROM read_parquet([${small.map(literal).join(', ')}], union_by_name = true))
       TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    batch.add(table, path);
    replaced.push(...small);
  }
  if (replaced.length > 0) await store.commit(batch, replaced);
}
