import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAudit } from '../audit/audit.js';
import { exported } from '../audit/export.js';
import { makeGrouped } from '../audit/grouped.js';
import { verify } from '../audit/verify.js';
import { applied, knownMigrations, migrate, migrationsFolder } from './migrate.js';
import { auditHead, settings } from './schema.js';
import { afterwards, rows, type Store } from './store.js';
import { type StoreKind, type StorePlace, storeKinds } from './suite.js';

for (const { kind, skip, begin } of storeKinds)
  describe.skipIf(skip)(`the store on ${kind}${skip ? `: ${skip}` : ''}`, () => {
    let stores: StoreKind;
    let place: StorePlace;
    let store: Store;
    const audit = makeAudit(() => new Date('2026-06-01T09:00:00Z'));
    beforeAll(async () => {
      stores = await begin();
      place = await stores.place();
      store = await place.open();
    });
    afterAll(async () => {
      await store?.close();
      await stores?.stop();
    });
    const put = (key: string, value: unknown) => (db: Store['db']) =>
      db
        .insert(settings)
        .values({ key, value })
        .then(() => undefined);
    const read = async (key: string) =>
      (await store.db.select().from(settings).where(eq(settings.key, key)))[0]?.value;

    test('a transaction that throws leaves nothing', async () => {
      await expect(
        store.transaction(async (db) => {
          await put('half', 1)(db);
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await read('half')).toBeUndefined();
    });

    test('who asks the store from within a transaction is in it, and does not wait for it', async () => {
      await store.transaction(async (db) => {
        await put('inside', 1)(db);
        expect(await read('inside')).toBe(1);
        await store.transaction(put('nested', 2));
      });
      expect(await read('nested')).toBe(2);
    });

    test('a transaction within one goes with it', async () => {
      await expect(
        store.transaction(async () => {
          await store.transaction(put('nested-gone', 1));
          throw new Error('no');
        }),
      ).rejects.toThrow();
      expect(await read('nested-gone')).toBeUndefined();
    });

    test('what is remembered is never older than the database, whoever changes it and however it ends', async () => {
      const values = (await store.kept([settings], 'all', () => store.db.select().from(settings))).length;
      let reads = 0;
      const kept = () =>
        store.kept([settings], 'counter', async () => {
          reads += 1;
          return read('counter');
        });
      const set = (value: number) => (db: Store['db']) =>
        db
          .insert(settings)
          .values({ key: 'counter', value })
          .onConflictDoUpdate({ target: settings.key, set: { value } })
          .then(() => undefined);
      expect(await kept()).toBeUndefined();
      await set(1)(store.db);
      expect(await kept()).toBe(1);
      await store.transaction(async (db) => {
        await set(2)(db);
        expect(await kept()).toBe(2);
      });
      expect(await kept()).toBe(2);
      await expect(
        store.transaction(async (db) => {
          await set(3)(db);
          expect(await kept()).toBe(3);
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await kept()).toBe(2);
      // Readers while it changes: none keeps what was there before.
      const writes = Array.from({ length: 20 }, (_, nth) => store.transaction(set(10 + nth)));
      const seen = await Promise.all(Array.from({ length: 60 }, () => kept()));
      expect(seen.every((one) => one === 2 || Number(one) >= 10)).toBe(true);
      await Promise.all(writes);
      expect(await kept()).toBe(await read('counter'));
      await store.db.delete(settings).where(eq(settings.key, 'counter'));
      expect(await kept()).toBeUndefined();
      const before = reads;
      for (let nth = 0; nth < 5; nth++) await kept();
      expect(reads - before).toBe(kind === 'pglite' ? 0 : 5);
      expect((await store.kept([settings], 'all', () => store.db.select().from(settings))).length).toBe(
        values,
      );
    });

    test('what is to follow a commit follows it, and only it', async () => {
      const said: string[] = [];
      await store.transaction(async () => {
        afterwards(() => said.push('done'));
        expect(said).toEqual([]);
      });
      await store
        .transaction(async () => {
          afterwards(() => said.push('never'));
          throw new Error('no');
        })
        .catch(() => undefined);
      afterwards(() => said.push('at once'));
      expect(said).toEqual(['done', 'at once']);
    });

    test('many at once add to one chain; none is lost', async () => {
      const before = (await store.db.select().from(auditHead))[0]?.number ?? 0;
      await Promise.all([
        ...Array.from({ length: 60 }, (_, i) =>
          audit.append(store.db, { actor: 'a', action: 'person.view', subject: 'person:p1', detail: { i } }),
        ),
        ...Array.from({ length: 20 }, (_, i) =>
          store.transaction((db) =>
            audit.append(db, { actor: 'b', action: 'x', subject: '', detail: { i } }),
          ),
        ),
        ...Array.from({ length: 10 }, () =>
          store
            .transaction(async (db) => {
              await audit.append(db, { actor: 'c', action: 'x', subject: '' });
              throw new Error('no');
            })
            .catch(() => undefined),
        ),
      ]);
      const found = await verify(exported(store.db));
      expect(found.broken).toBeUndefined();
      expect(found.entries).toBe(before + 80);
    });

    test('pages shown at once are written together, in the order they were asked for, and one that cannot be fails alone', async () => {
      const record = makeGrouped({ store, audit });
      const before = (await store.db.select().from(auditHead))[0]?.number ?? 0;
      const shown = (i: number, detail: Record<string, unknown> = {}) =>
        record({ actor: 'a', action: 'person.view', subject: `person:group-${i}`, detail: { i, ...detail } });
      const ends = await Promise.allSettled([
        ...Array.from({ length: 250 }, (_, i) => shown(i, i === 7 ? { never: 1n } : {})),
        store.transaction((db) => audit.append(db, { actor: 'b', action: 'x', subject: '' })),
      ]);
      expect(ends.map((one) => one.status).indexOf('rejected')).toBe(7);
      expect(ends.filter((one) => one.status === 'rejected')).toHaveLength(1);
      const lines: { subject: string }[] = [];
      for await (const line of exported(store.db)) lines.push(JSON.parse(line) as { subject: string });
      expect(lines).toHaveLength(before + 250);
      expect(lines.map((one) => one.subject).filter((one) => one.includes('group'))).toEqual(
        Array.from({ length: 250 }, (_, i) => `person:group-${i}`).filter((_, i) => i !== 7),
      );
      expect((await verify(exported(store.db))).broken).toBeUndefined();
      await shown(300);
      expect((await verify(exported(store.db))).entries).toBe(before + 251);
    });

    test('texts no database holds do not break the chain', async () => {
      await audit.append(store.db, {
        actor: 'a\0b',
        action: 'x',
        subject: '\ud800 "quotes" \\u0000 \u2028',
        detail: {
          '\0': ['\udfff', 1e-7, 1e21, -0, 0.1 + 0.2, undefined],
          when: new Date(0),
          gone: undefined,
        },
      });
      expect((await verify(exported(store.db))).broken).toBeUndefined();
    });

    test('the database refuses to change the audit log', async () => {
      for (const change of [
        "UPDATE audit SET actor = 'x' WHERE number = 1",
        'DELETE FROM audit WHERE number = 1',
        'TRUNCATE audit',
      ])
        await expect(store.db.execute(sql.raw(change))).rejects.toMatchObject({
          cause: { message: expect.stringContaining('never changed or removed') },
        });
    });

    test('from every earlier schema to this one, and to the next: rows stay, tables are as in a new one', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'rollcall-migrations-'));
      await cp(migrationsFolder, folder, { recursive: true });
      const journal = join(folder, 'meta', '_journal.json');
      const held = JSON.parse(await readFile(journal, 'utf8')) as { entries: { when: number }[] };
      const next = (held.entries.at(-1)?.when ?? 0) + 1;
      held.entries.push({ idx: 99, version: '7', when: next, tag: '9999_next', breakpoints: true } as never);
      await writeFile(journal, JSON.stringify(held));
      await writeFile(
        join(folder, '9999_next.sql'),
        'ALTER TABLE settings ADD COLUMN made_up text;\n--> statement-breakpoint\nCREATE TABLE made_up (id text PRIMARY KEY);',
      );
      const shape = (of: Store) =>
        rows(
          of.db,
          sql`SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
        );
      const heldThen = [
        `INSERT INTO cases (id, number, title, about, state, playbook, opened_by, opened_at, reason) VALUES ('c1', 7, 'A case', 'person', 'open', 'employee', 'u1', '2026-05-01T09:00:00Z', 'a reason')`,
        `INSERT INTO case_people (case_id, person_id, why, added_by, added_at) VALUES ('c1', 'E1', 'first', 'u1', '2026-05-01T09:00:00Z')`,
        `INSERT INTO case_entries (case_id, kind, says, before, by_user, at) VALUES ('c1', 'comment', 'words', '[]', 'u1', '2026-05-02T09:00:00Z')`,
        `INSERT INTO checks (id, form, person_id, state, asked_by, asked_at, due_at) VALUES ('k1', 'spot-check', 'E1', 'asked', 'u1', '2026-05-01T09:00:00Z', '2026-05-09T09:00:00Z')`,
        `INSERT INTO standings (person_id, band, since, scan) VALUES ('E1', 'review', '2026-05-01T09:00:00Z', 3)`,
        `INSERT INTO work (kind, payload, at, state) VALUES ('scan', '{"reason":"records"}', '2026-05-01T09:00:00Z', 'waiting')`,
      ];
      const content = async (of: Store) => {
        const tables: Record<string, unknown> = {};
        for (const name of [
          'cases',
          'case_people',
          'case_entries',
          'checks',
          'standings',
          'work',
          'settings',
        ])
          tables[name] = await rows(of.db, sql.raw(`SELECT * FROM ${name} ORDER BY 1`));
        return tables;
      };
      const fresh = await shape(store);
      for (const upTo of knownMigrations()) {
        const older = await (await stores.place()).open();
        try {
          await older.db.execute(sql`DROP SCHEMA public CASCADE`);
          await older.db.execute(sql`DROP SCHEMA drizzle CASCADE`);
          await older.db.execute(sql`CREATE SCHEMA public`);
          await migrate(older, { upTo });
          await older.transaction(put('kept', { from: upTo }));
          // What an installation of then holds, in words of the first schema alone.
          for (const statement of heldThen) await older.db.execute(sql.raw(statement));
          const before = await content(older);
          await migrate(older);
          expect(await shape(older)).toEqual(fresh);
          expect(await content(older)).toEqual(before);
          await migrate(older, { folder });
          await migrate(older, { folder });
          expect(await applied(older.db)).toEqual([...knownMigrations(), next]);
          expect(await rows(older.db, sql`SELECT value, made_up FROM settings WHERE key = 'kept'`)).toEqual([
            { value: { from: upTo }, made_up: null },
          ]);
          await audit.append(older.db, { actor: 'a', action: 'x', subject: '' });
          // The version of today does not touch what a newer one made.
          await expect(migrate(older)).rejects.toMatchObject({ code: 'STORE_VERSION' });
        } finally {
          await older.close();
        }
      }
      await rm(folder, { recursive: true });
    });

    test('a migration that fails leaves the schema as it was', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'rollcall-migrations-'));
      await cp(migrationsFolder, folder, { recursive: true });
      const journal = join(folder, 'meta', '_journal.json');
      const held = JSON.parse(await readFile(journal, 'utf8')) as { entries: { when: number }[] };
      held.entries.push({
        idx: 99,
        version: '7',
        when: Date.now() * 2,
        tag: '9999_next',
        breakpoints: true,
      } as never);
      await writeFile(journal, JSON.stringify(held));
      await writeFile(
        join(folder, '9999_next.sql'),
        'CREATE TABLE made_up (id text);\n--> statement-breakpoint\nSELECT 1/0;',
      );
      await expect(migrate(store, { folder })).rejects.toThrow();
      expect(await applied(store.db)).toEqual(knownMigrations());
      expect(await rows(store.db, sql`SELECT to_regclass('made_up')::text AS there`)).toEqual([
        { there: null },
      ]);
      await rm(folder, { recursive: true });
    });

    test('what was written is there when it is opened again', async () => {
      await store.transaction(put('again', 'é'));
      await store.close();
      store = await place.open();
      expect(await read('again')).toBe('é');
    });
  });
