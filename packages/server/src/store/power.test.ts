import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadContent } from '@rollcall/engine';
import { type Recorder, record } from '@rollcall/engine/disk/recorder-for-tests.js';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeAudit } from '../audit/audit.js';
import { type OpenIntake, openIntake } from '../intake/intake.js';
import { openKeys } from '../keys.js';
import type { Store } from './model.js';
import { openStore } from './open.js';

describe('before an answer leaves, the disk has', () => {
  let folder: string;
  let disk: Recorder;
  let intake: OpenIntake;
  let connectors: Awaited<ReturnType<typeof loadContent>>['connectors'];
  beforeAll(async () => {
    ({ connectors } = await loadContent(undefined, { withoutTests: true }));
  });
  const start = () =>
    openIntake({
      folder,
      connectors,
      queue: () => ({ add: async () => undefined }),
      ask: () => undefined,
      log: pino({ level: 'silent' }),
      now: () => new Date('2026-06-01T09:00:00Z'),
    });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-power-'));
    disk = record(folder);
    intake = await start();
  });
  afterEach(async () => {
    disk.stop();
    await intake.close();
    await rm(folder, { recursive: true });
  });
  /** Uploads in the midst are taken away at each start. */
  const lost = () => disk.lost().filter((path) => !path.startsWith('intake/uploads'));
  const rows = (n: number) =>
    Buffer.from(
      JSON.stringify({
        employee_id: `E-${n}`,
        check: 'Spot check',
        date: '2026-05-01',
        outcome: 'passed',
        by: 'K. Lead',
      }),
    );

  it('records, and their line in the journal after them', async () => {
    const seen = disk.events.length;
    await intake.deliver('checks', rows(1), 'one');
    expect(lost()).toEqual([]);
    const synced = disk.events.slice(seen).filter((event) => event.startsWith('sync'));
    expect(synced.map((event) => event.replace(/^sync intake\/000001\//, ''))).toEqual([
      'data/records/checks.ndjson',
      'data/records',
      'journal.ndjson',
      'sync intake/000001',
    ]);
    const before = disk.events.length;
    await intake.deliver('checks', rows(2), 'two');
    expect(disk.events.slice(before)).toEqual([
      'sync intake/000001/data/records/checks.ndjson',
      'sync intake/000001/journal.ndjson',
    ]);
    expect(lost()).toEqual([]);
  });

  it('files, in their folders', async () => {
    await intake.file(
      'logs/day/one.ndjson',
      (async function* () {
        yield rows(1);
      })(),
    );
    expect(fs.existsSync(join(folder, 'intake/000001/data/files/logs/day/one.ndjson'))).toBe(true);
    expect(lost()).toEqual([]);
  });

  it('what a process had written that was killed before it had waited, once it is told of as taken', async () => {
    await intake.deliver('checks', rows(1), 'one');
    await intake.close();
    const before = disk.events.length;
    intake = await start();
    const events = disk.events.slice(before);
    expect((await intake.deliver('checks', rows(1), 'one')).again).toBe(true);
    for (const path of [
      '000001/data/records/checks.ndjson',
      '000001/data/records',
      '000001/journal.ndjson',
      '000001',
    ])
      expect(events).toContain(`sync intake/${path}`);
  });

  it('a wish for a scan, however many wish', async () => {
    await Promise.all([intake.wake('one'), intake.wake('two'), intake.wake('three')]);
    expect(lost()).toEqual([]);
    expect(fs.readFileSync(join(folder, 'intake/scan-wanted'), 'utf8')).toBe('three\n');
  });

  it('the secrets of the installation', async () => {
    const keys = await openKeys(join(folder, 'new', 'company'));
    expect(disk.events).toContain('sync new/company/keys');
    expect(lost()).toEqual([]);
    expect((await openKeys(join(folder, 'new', 'company'))).handle('E-1')).toBe(keys.handle('E-1'));
  });
});

describe('the embedded database', () => {
  let folder: string;
  let store: Store;
  const real = {
    openSync: fs.openSync,
    closeSync: fs.closeSync,
    writeSync: fs.writeSync,
    fsyncSync: fs.fsyncSync,
  };
  const paths = new Map<number, string>();
  /** Written and not synchronised since; created where the folder was not synchronised since. */
  const content = new Set<string>();
  const names = new Set<string>();
  let syncs = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-power-'));
    Object.assign(fs, {
      openSync: (...given: Parameters<typeof fs.openSync>) => {
        const fd = real.openSync(...given);
        paths.set(fd, String(given[0]));
        return fd;
      },
      closeSync: (fd: number) => {
        paths.delete(fd);
        real.closeSync(fd);
      },
      writeSync: (...given: Parameters<typeof fs.writeSync>) => {
        const path = paths.get(given[0]);
        if (path?.startsWith(folder)) content.add(path);
        return real.writeSync(...given);
      },
      fsyncSync: (fd: number) => {
        const path = paths.get(fd);
        real.fsyncSync(fd);
        if (path === undefined) return;
        syncs++;
        content.delete(path);
        for (const name of names) if (dirname(name) === path) names.delete(name);
      },
    });
    syncBuiltinESMExports();
    store = await openStore({ folder });
    // The files a new database begins with were synchronised by other means before it had its name.
    for (const path of content) if (path.startsWith(join(folder, 'state.new'))) content.delete(path);
  });
  afterAll(async () => {
    Object.assign(fs, real);
    syncBuiltinESMExports();
    await store?.close();
    await rm(folder, { recursive: true });
  });
  const log = () => [...content].filter((path) => path.includes('/pg_wal/'));

  it('has each commit in its log on disk, the head of the audit log with it', async () => {
    const audit = makeAudit(() => new Date('2026-06-01T09:00:00Z'));
    for (let nth = 0; nth < 5; nth++) {
      const before = syncs;
      await store.transaction((db) =>
        audit.append(db, { actor: 'a', action: 'person.view', subject: `person:p${nth}` }),
      );
      expect(log()).toEqual([]);
      expect(syncs - before).toBe(1);
    }
  });

  it('has the names of new files on disk once its log may forget them', async () => {
    const before = new Set(fs.readdirSync(join(folder, 'state'), { recursive: true }).map(String));
    await store.db.execute(sql`CREATE TABLE made_up AS SELECT generate_series(1, 1000) AS n`);
    for (const path of fs.readdirSync(join(folder, 'state'), { recursive: true }).map(String))
      if (!before.has(path) && path.startsWith('base/')) names.add(join(folder, 'state', path));
    expect(names.size).toBeGreaterThan(0);
    await store.db.execute(sql`CHECKPOINT`);
    expect([...names]).toEqual([]);
    // What it makes anew where it is missing is not waited for.
    const matters = [...content].filter((path) => path.includes('/base/') && !path.includes('pg_internal'));
    expect(matters).toEqual([]);
  });
});
