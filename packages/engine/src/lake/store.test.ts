import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Store } from './store.js';

let folder = '';
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'rollcall-store-')), 'lake');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

describe('the store of a lake', () => {
  it('shows files only once their batch is committed, and keeps them in order', async () => {
    const store = await Store.open(folder);
    for (const name of ['first', 'second']) {
      const batch = await store.begin();
      const path = batch.path('events', 'test');
      await writeFile(path, name);
      batch.add('events', path);
      const before = store.files('events').length;
      expect(store.files('events')).toHaveLength(before);
      await store.commit(batch);
    }
    const contents = await Promise.all(store.files('events').map((path) => readFile(path, 'utf8')));
    expect(contents).toEqual(['first', 'second']);
    await store.close();
  });

  it('removes what an interrupted scan left, and nothing else', async () => {
    let store = await Store.open(folder);
    const kept = await store.begin();
    const path = kept.path('people', 'test');
    await writeFile(path, 'kept');
    kept.add('people', path);
    await store.commit(kept);
    const lost = await store.begin();
    await writeFile(lost.path('people', 'test'), 'never committed');
    await store.close();
    store = await Store.open(folder);
    expect(await readdir(join(folder, 'data'))).toEqual([kept.name]);
    expect(store.files('people')).toHaveLength(1);
    await store.close();
  });

  it('lets one process write at a time, and says which', async () => {
    const store = await Store.open(folder);
    await expect(Store.open(folder)).rejects.toMatchObject({
      code: 'LAKE_LOCKED',
      message: expect.stringContaining(String(process.pid)),
    });
    await store.close();
    await (await Store.open(folder)).close();
  });

  it('takes over the lock of a process that is gone', async () => {
    await (await Store.open(folder)).close();
    await writeFile(join(folder, 'lock'), '999999999\n');
    await (await Store.open(folder)).close();
  });

  it('refuses a manifest it does not understand instead of starting over it', async () => {
    await (await Store.open(folder)).close();
    await writeFile(join(folder, 'manifest.json'), '{"version": 99}');
    await expect(Store.open(folder)).rejects.toMatchObject({ code: 'LAKE_DAMAGED' });
    expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe('{"version": 99}');
  });

  it('refuses a lake whose identifiers have an older form, since they would match no new one', async () => {
    await (await Store.open(folder)).close();
    const path = join(folder, 'manifest.json');
    const old = {
      version: 1,
      tables: { identifiers: ['data/batch-000001/identifiers.parquet'] },
      batches: 1,
    };
    await writeFile(path, JSON.stringify(old));
    await expect(Store.open(folder)).rejects.toThrow('older form');
    await writeFile(path, JSON.stringify({ ...old, tables: {} }));
    await (await Store.open(folder)).close();
  });

  it('keeps its key and data from other users', async () => {
    const store = await Store.open(folder);
    expect((await stat(join(folder, 'key'))).mode & 0o077).toBe(0);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect(store.key).toHaveLength(32);
    await store.close();
  });
});
