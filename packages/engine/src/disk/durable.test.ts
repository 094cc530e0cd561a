import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addOwnRows, removeOwnRow } from '../facts/own.js';
import { Store } from '../lake/store.js';
import { decide } from '../links/decisions.js';
import { addToRingLog } from '../links/ring-log.js';
import { appendWhole, makeFolder, moveInto, removeForGood, syncTree, writeWhole } from './durable.js';
import { type Recorder, record } from './recorder-for-tests.js';

let folder: string;
let disk: Recorder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-durable-'));
  disk = record(folder);
});
afterEach(() => disk.stop());

describe('what is to survive a power cut', () => {
  it('would be seen if it were lost', async () => {
    await writeFile(join(folder, 'a'), 'x');
    expect(disk.lost()).toEqual(['a']);
  });

  it('a file is on disk before it has its name, and its name before anybody is told', async () => {
    let early: string[] = [];
    disk.onName = (name) => {
      if (name === 'a') early = disk.lost();
    };
    await writeWhole(join(folder, 'a'), 'one');
    expect(early.filter((path) => path !== '.a.part')).toEqual([]);
    expect(disk.events).toEqual(['name .a.part', 'sync .a.part', 'name a', 'sync ']);
    expect(disk.lost()).toEqual([]);
    await writeWhole(join(folder, 'a'), new Uint8Array([0x74]));
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('t');
    expect(disk.lost()).toEqual([]);
  });

  it('folders, with those above them that were missing', async () => {
    await makeFolder(join(folder, 'a', 'b', 'c'));
    expect(disk.lost()).toEqual([]);
    expect(disk.events.filter((event) => event.startsWith('sync'))).toEqual(['sync a/b', 'sync a', 'sync ']);
    await makeFolder(join(folder, 'a', 'b'));
    expect(disk.lost()).toEqual([]);
  });

  it('lines that are added, trees that are moved, and what was removed', async () => {
    await appendWhole(join(folder, 'log'), 'one\n');
    await appendWhole(join(folder, 'log'), 'two\n');
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('one\ntwo\n');
    await makeFolder(join(folder, 'new', 'deep'));
    await writeFile(join(folder, 'new', 'deep', 'x'), 'x');
    await syncTree(join(folder, 'new'));
    await moveInto(join(folder, 'new'), join(folder, 'old'));
    expect(disk.lost()).toEqual([]);
    await removeForGood(join(folder, 'old'));
    await removeForGood(join(folder, 'never', 'there'));
    expect(existsSync(join(folder, 'old'))).toBe(false);
    expect(disk.lost()).toEqual([]);
  });
});

describe('a lake', () => {
  const lake = () => join(folder, 'company', 'lake');
  const scan = async (store: Store, replaced: string[] = []) => {
    const batch = await store.begin();
    const path = batch.path('people', 'hris');
    await writeFile(path, 'rows');
    batch.add('people', path);
    await store.commit(batch, replaced);
    return path;
  };

  it('names files once they are on disk, and removes none before that is', async () => {
    const store = await Store.open(lake());
    const atRisk: string[][] = [];
    disk.onName = (name) => {
      if (name.endsWith('manifest.json'))
        atRisk.push(disk.lost().filter((path) => !/manifest|lock$/.test(path)));
    };
    const first = await scan(store);
    await scan(store, [first]);
    expect(atRisk).toEqual([[], []]);
    const at = (event: string) => disk.events.lastIndexOf(event);
    const manifest = at('name company/lake/manifest.json');
    const kept = disk.events.indexOf('sync company/lake', manifest);
    expect(kept).toBeGreaterThan(manifest);
    expect(at('gone company/lake/data/batch-000001/people-hris-00001.parquet')).toBeGreaterThan(kept);
    await store.close();
    // The lock may come back: its process is gone then. A file the manifest no longer names is swept away.
    expect(disk.lost().filter((path) => !/lock$|batch-000001/.test(path))).toEqual([]);
  });

  it('keeps nothing of what a cut left half written', async () => {
    await (await Store.open(lake())).close();
    await writeFile(join(lake(), '.decisions.jsonl.part'), 'half of somebody');
    await (await Store.open(lake())).close();
    expect(existsSync(join(lake(), '.decisions.jsonl.part'))).toBe(false);
  });

  it('keeps its key, what was decided, and what became of rings', async () => {
    const store = await Store.open(lake());
    await decide(
      lake(),
      {
        kind: 'explanation.confirm',
        by: 'an analyst',
        reason: 'They are a couple.',
        what: { id: 'one', explanation: { kind: 'household', people: ['E-1', 'E-2'], detections: [] } },
      },
      new Date('2026-06-01T09:00:00Z'),
    );
    await addToRingLog(lake(), [
      { time: '2026-06-01', ring: 'r1', event: 'formed', members: ['E-1', 'E-2'], reason: 'first seen' },
    ]);
    await store.close();
    expect(disk.events).toContain('sync company/lake/decisions.jsonl');
    expect(disk.lost().filter((path) => !/lock$/.test(path))).toEqual([]);
  });

  it('keeps rows of reference data that somebody added or withdrew', async () => {
    const fact = { id: 'mail', csv: '', columns: { domain: 'VARCHAR' }, key: ['domain'] } as never;
    await writeFile(join(folder, 'given.csv'), 'domain\nmail.example.org\n');
    await addOwnRows(fact, join(folder, 'given.csv'), join(folder, 'own'));
    expect(disk.lost()).toEqual(['given.csv']);
    await removeOwnRow(fact, { domain: 'mail.example.org' }, join(folder, 'own'));
    expect(existsSync(join(folder, 'own', 'mail.csv'))).toBe(false);
    expect(disk.lost()).toEqual(['given.csv']);
  });
});
