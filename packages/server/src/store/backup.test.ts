import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAudit } from '../audit/audit.js';
import { exported } from '../audit/export.js';
import { verify } from '../audit/verify.js';
import { answerBackups, askForBackup, backUp, checkBackup, restore } from './backup.js';
import { settings, work } from './schema.js';
import { openEmbedded, openPostgres, rows, type Store } from './store.js';
import { type StoreKind, type StorePlace, storeKinds } from './suite.js';

const now = () => new Date('2026-06-01T09:00:00Z');

for (const { kind, skip, begin } of storeKinds)
  describe.skipIf(skip)(`backup of ${kind}${skip ? `: ${skip}` : ''}`, () => {
    let stores: StoreKind;
    let place: StorePlace;
    let store: Store;
    let root: string;
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'rollcall-backup-'));
      stores = await begin();
      place = await stores.place();
      store = await place.open();
      const audit = makeAudit(now);
      await store.transaction(async (db) => {
        for (let i = 0; i < 1_200; i++)
          await audit.append(db, {
            actor: 'a',
            action: 'x',
            subject: `case:${i}`,
            detail: { i, text: '\'é"\n' },
          });
        await db.insert(settings).values([
          { key: 'big', value: { text: 'x'.repeat(100_000), nested: [1.5, null, { '': '\u2028' }] } },
          { key: 'null in it', value: [null] },
        ]);
        await db.insert(work).values([
          {
            kind: 'later',
            payload: { a: 1 },
            at: new Date('2026-06-01T09:00:00.123Z'),
            state: 'waiting',
            key: 'k',
          },
          { kind: 'done', payload: {}, at: now(), state: 'failed', attempts: 5, problem: 'TypeError' },
        ]);
      });
      for (const [path, text] of [
        ['keys/secret', 'not a real secret'],
        ['lake/manifest.json', '{}'],
        ['lake/data/batch-000001/events.parquet', 'PAR1'],
        ['lake/decisions.ndjson', '{"number":1}\n'],
        ['lake/lock', '1'],
        ['intake/open/checks-1.ndjson', ''],
        ['files/ab/cd', 'file'],
        ['server.lock', '{}'],
        ['half.part', 'x'],
      ] as const) {
        await mkdir(join(place.folder, path, '..'), { recursive: true });
        await writeFile(join(place.folder, path), text);
      }
      await backUp({ store, folder: place.folder, now }, join(root, 'backup'));
    });
    afterAll(async () => {
      await store?.close();
      await stores?.stop();
      await rm(root, { recursive: true, force: true });
    });

    const everything = async (of: Store) => {
      const tables = await rows<{ name: string }>(
        of.db,
        sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
      );
      return of.transaction(async (db) => {
        await db.execute(sql`SET LOCAL timezone = 'UTC'`);
        const all: Record<string, unknown> = {};
        for (const { name } of tables)
          all[name] = await rows(
            db,
            sql`SELECT to_jsonb(t)::text AS row FROM ${sql.identifier(name)} t ORDER BY 1`,
          );
        return all;
      });
    };

    for (const into of storeKinds)
      test.skipIf(into.skip)(
        `restored into ${into.kind}, every row and file is the same, and it works on`,
        async () => {
          const target = into.kind === kind ? stores : await into.begin();
          const { databaseUrl } = await target.place();
          // A database of its own, empty: the place has been opened by nobody.
          const folder = join(root, `new-${into.kind}`);
          await restore(join(root, 'backup'), folder, databaseUrl);
          const restored = databaseUrl
            ? await openPostgres(databaseUrl)
            : await openEmbedded(join(folder, 'state'));
          try {
            expect(await everything(restored)).toEqual(await everything(store));
            expect(await readFile(join(folder, 'lake/data/batch-000001/events.parquet'), 'utf8')).toBe(
              'PAR1',
            );
            expect(await readFile(join(folder, 'keys/secret'), 'utf8')).toBe('not a real secret');
            expect((await readdir(folder)).sort()).toEqual(
              ['files', 'intake', 'keys', 'lake', ...(databaseUrl ? [] : ['state'])].sort(),
            );
            expect(await readdir(join(folder, 'lake'))).not.toContain('lock');
            // Counters go on where they were, and the chain goes on too.
            await restored.db.insert(work).values({ kind: 'new', payload: {}, at: now(), state: 'waiting' });
            await makeAudit(now).append(restored.db, { actor: 'a', action: 'restored', subject: '' });
            expect(await verify(exported(restored.db))).toMatchObject({ entries: 1_201 });
          } finally {
            await restored.close();
            if (target !== stores) await target.stop();
          }
        },
      );

    test('a folder or database that holds something is refused', async () => {
      const folder = join(root, 'filled');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'mine'), 'x');
      await expect(restore(join(root, 'backup'), folder)).rejects.toThrow('not empty');
      expect(await readdir(folder)).toEqual(['mine']);
      if (place.databaseUrl)
        await expect(restore(join(root, 'backup'), join(root, 'other'), place.databaseUrl)).rejects.toThrow(
          'not empty',
        );
      await expect(backUp({ store, folder: place.folder, now }, join(root, 'backup'))).rejects.toThrow(
        'not empty',
      );
      await expect(backUp({ store, folder: place.folder, now }, join(place.folder, 'b'))).rejects.toThrow(
        'cannot lie in',
      );
    });

    test('a damaged backup is refused, and nothing is made of it', async () => {
      const damages: [string, (at: string) => Promise<void>][] = [
        ['changed', (at) => appendFile(join(at, 'folder/files/ab/cd'), 'x')],
        ['cut', (at) => truncate(join(at, 'state/audit.ndjson'), 100)],
        ['missing', (at) => rm(join(at, 'folder/keys/secret'))],
        ['added', (at) => writeFile(join(at, 'folder/keys/other'), 'x')],
        ['no manifest', (at) => rm(join(at, 'manifest.json'))],
        [
          'a name that leads outside',
          async (at) => {
            const path = join(at, 'manifest.json');
            const text = await readFile(path, 'utf8');
            await writeFile(path, text.replace('folder/files/ab/cd', 'folder/../../outside'));
          },
        ],
      ];
      for (const [name, damage] of damages) {
        const at = join(root, `damaged ${name}`);
        await backUp({ store, folder: place.folder, now }, at);
        await checkBackup(at);
        await damage(at);
        const folder = join(root, `of ${name}`);
        await expect(restore(at, folder), name).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
        await expect(readdir(folder)).rejects.toThrow();
      }
    });

    test('the server that works in the folder makes it when asked', async () => {
      const stop = answerBackups(
        place.folder,
        (out) => backUp({ store, folder: place.folder, now }, out),
        50,
      );
      const manifest = await askForBackup(place.folder, join(root, 'asked'));
      expect(manifest.audit.number).toBe(1_200);
      expect(await checkBackup(join(root, 'asked'))).toEqual(manifest);
      await expect(askForBackup(place.folder, join(root, 'asked'))).rejects.toThrow('not empty');
      await stop();
    });
  });
