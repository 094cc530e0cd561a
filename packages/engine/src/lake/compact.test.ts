import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Columns, storedTables } from '../model/tables.js';
import { compact, manyFiles } from './compact.js';
import { Database, literal, parquet } from './duckdb.js';
import { Store } from './store.js';

it('merges many small files into one, keeping every row, and leaves a few files alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-compact-'));
  const database = await Database.open({ threads: 1 });
  const store = await Store.open(join(folder, 'lake'));
  try {
    const columns = Object.entries(storedTables.events as Columns)
      .filter(([name]) => name !== 'uid' && name !== 'source')
      .map(([name, type]) => `CAST(NULL AS ${type}) AS "${name}"`);
    for (let i = 0; i <= manyFiles; i++) {
      const batch = await store.begin();
      const path = batch.path('events', 'test');
      // Some files carry a column of their connector's own.
      await database.run(
        `COPY (SELECT 'u${i}' AS uid, 'test' AS source, ${columns.join(', ')}${i % 2 ? ", 'x' AS _own" : ''}) TO ${literal(path)} (FORMAT parquet)`,
      );
      batch.add('events', path);
      await store.commit(batch);
    }
    const rows = () => database.rows(`SELECT uid FROM ${parquet(store.files('events'))}`);
    const before = (
      await database.rows(
        `SELECT uid FROM read_parquet([${store.files('events').map(literal).join(', ')}], union_by_name = true)`,
      )
    ).map((row) => row.uid);
    await compact(database, store);
    expect(store.files('events')).toHaveLength(1);
    expect((await rows()).map((row) => row.uid)).toEqual(before);
    await compact(database, store);
    expect(store.files('events')).toHaveLength(1);
    await store.close();
    const again = await Store.open(join(folder, 'lake'));
    expect(again.files('events')).toHaveLength(1);
    expect(await readdir(join(folder, 'lake', 'data'))).toHaveLength(1);
    await again.close();
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
});
