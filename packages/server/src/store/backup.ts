/**
 * Backup and restore: everything of an installation in one folder of plain files, the same for both stores, with the
 * SHA-256 of each. A backup of one store can be restored into the other.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { exported } from '../audit/export.js';
import { verify } from '../audit/verify.js';
import { moveInto, syncTree } from '../files.js';
import { openEmbedded } from './embedded.js';
import { applied, migrate } from './migrate.js';
import { type Db, rows, type Store } from './model.js';
import { openPostgres } from './postgres.js';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const manifestSchema = z.object({
  format: z.literal(1),
  /** ISO 8601. */
  made: z.string(),
  /** Migrations the database had. */
  migrations: z.array(z.number()).min(1),
  /** Rows of each table. */
  tables: z.record(z.string().regex(/^\w+$/), z.number()),
  /** Where the chain of the audit log stood. */
  audit: z.object({ number: z.number(), hash: hex }),
  parts: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: hex })),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

/** Of no use elsewhere, or kept as rows instead. */
const leftOut =
  /^(state(\.new)?|server\.lock.*|backups|resumes-being-read|lake\/(lock|decisions\.lock|manifest\.json\.new|sigma|wording\.json|temporary-[^/]*))(\/|$)|\.part$/;

/** Writes a backup into a new folder, while the server works or not. */
export async function backUp(
  { store, folder, now }: { store: Store; folder: string; now: () => Date },
  out: string,
): Promise<BackupManifest> {
  if (`${resolve(out)}${sep}`.startsWith(`${resolve(folder)}${sep}`))
    throw new RollcallError('ARGUMENT_INVALID', 'a backup cannot lie in the folder it is of');
  await refuseFilled(out, 'choose another place for the backup');
  const part = `${out}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(join(part, 'state'), { recursive: true, mode: 0o700 });
  try {
    const parts: BackupManifest['parts'] = [];
    const add = async (path: string, from: AsyncIterable<string | Uint8Array>) =>
      parts.push(await written(part, path, from));
    const tables: Record<string, number> = {};
    // Rows first, files after: rows speak of files, and files are not changed once they are spoken of.
    const state = await store.transaction(async (db) => {
      await db.execute(sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`);
      await db.execute(sql`SET LOCAL timezone = 'UTC'`);
      await db.execute(sql`SET LOCAL statement_timeout = 0`);
      for (const table of await tablesOf(db)) {
        tables[table] = 0;
        await add(
          `state/${table}.ndjson`,
          (async function* () {
            for await (const line of rowsOf(db, table)) {
              tables[table] = (tables[table] ?? 0) + 1;
              yield `${line}\n`;
            }
          })(),
        );
      }
      const [head] = await rows<{ number: string; hash: string }>(
        db,
        sql`SELECT number::text, hash FROM audit_head`,
      );
      return {
        migrations: await applied(db),
        audit: { number: Number(head?.number ?? 0), hash: head?.hash ?? '' },
      };
    });
    await copyLake(join(folder, 'lake'), part, parts);
    for (const path of await filesOf(folder)) {
      if (leftOut.test(path) || path.startsWith('lake/')) continue;
      const from = await firstBytes(join(folder, path));
      // Gone meanwhile: a result or a batch that newer ones replace.
      if (from) await add(`folder/${path}`, from);
    }
    const manifest: BackupManifest = {
      format: 1,
      made: now().toISOString(),
      ...state,
      tables,
      parts: parts.sort((a, b) => (a.path < b.path ? -1 : 1)),
    };
    await writeFile(join(part, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
    await syncTree(part);
    await moveInto(part, out);
    return manifest;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** The lake's manifest names its files; a scan that ended meanwhile means once more. */
async function copyLake(lake: string, part: string, parts: BackupManifest['parts']): Promise<void> {
  const read = () => readFile(join(lake, 'manifest.json'), 'utf8').catch(() => '');
  for (let attempt = 0; ; attempt++) {
    const before = await read();
    const made: BackupManifest['parts'] = [];
    for (const path of await filesOf(lake)) {
      if (leftOut.test(`lake/${path}`)) continue;
      const from = await firstBytes(join(lake, path));
      if (from) made.push(await written(part, `folder/lake/${path}`, from));
    }
    if ((await read()) === before) {
      parts.push(...made);
      return;
    }
    if (attempt === 20)
      throw new RollcallError(
        'LAKE_LOCKED',
        'the lake changed each time it was copied; try again when no scan runs',
      );
    await rm(join(part, 'folder', 'lake'), { recursive: true, force: true });
  }
}

/** What a file holds now: it may grow while it is read. */
async function firstBytes(path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  if (found.size === 0) return (async function* () {})();
  const stream = createReadStream(path, { end: found.size - 1 });
  return await new Promise((done, failed) => {
    stream.once('open', () => done(stream));
    stream.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? done(undefined) : failed(error),
    );
  });
}

async function written(
  root: string,
  path: string,
  from: AsyncIterable<string | Uint8Array>,
): Promise<BackupManifest['parts'][number]> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    from,
    new Transform({
      writableObjectMode: true,
      transform(piece: string | Uint8Array, _encoding, done) {
        const data = Buffer.from(piece as Uint8Array);
        hash.update(data);
        bytes += data.length;
        done(null, data);
      },
    }),
    createWriteStream(target, { mode: 0o600 }),
  );
  return { path, bytes, sha256: hash.digest('hex') };
}

async function filesOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return (
    found
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .split(sep)
          .join('/'),
      )
      // A journal is read before what it speaks of, which may only grow.
      .sort((a, b) => Number(b.includes('journal')) - Number(a.includes('journal')) || (a < b ? -1 : 1))
  );
}

async function tablesOf(db: Db): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  return found.map((one) => one.name);
}

/** Rows as JSON, as the database writes them: no number or time passes through this program. */
async function* rowsOf(db: Db, table: string): AsyncGenerator<string> {
  const name = sql.identifier(table);
  await db.execute(
    sql`DECLARE backup_rows NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS line FROM ${name} AS t ORDER BY to_jsonb(t)::text COLLATE "C"`,
  );
  for (;;) {
    const found = await rows<{ line: string }>(db, sql`FETCH 1000 FROM backup_rows`);
    for (const one of found) yield one.line;
    if (found.length < 1000) break;
  }
  await db.execute(sql`CLOSE backup_rows`);
}

async function refuseFilled(folder: string, what: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (entries && entries.length > 0)
    throw new RollcallError('ARGUMENT_INVALID', `${folder} is not empty; ${what}`);
  if (entries) await rmdir(folder);
}

/** Reads the manifest and compares every part with it: nothing changed, missing or added. */
export async function checkBackup(from: string): Promise<BackupManifest> {
  const damaged = (why: string) =>
    new RollcallError('BACKUP_DAMAGED', `the backup ${from} is damaged and nothing was restored: ${why}`);
  let manifest: BackupManifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(await readFile(join(from, 'manifest.json'), 'utf8')));
  } catch {
    throw damaged('its manifest.json is missing or cannot be read');
  }
  const named = new Set(manifest.parts.map((one) => one.path));
  for (const { path, bytes, sha256 } of manifest.parts) {
    if (
      !/^(state|folder)\//.test(path) ||
      normalize(path).split(sep).join('/') !== path ||
      path.includes('..')
    )
      throw damaged('it names a file outside itself');
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const piece of createReadStream(join(from, path))) {
        hash.update(piece as Buffer);
        size += (piece as Buffer).length;
      }
    } catch {
      throw damaged(`${path} is missing`);
    }
    if (size !== bytes || hash.digest('hex') !== sha256) throw damaged(`${path} is not what was written`);
  }
  for (const table of Object.keys(manifest.tables))
    if (!named.has(`state/${table}.ndjson`)) throw damaged(`the table ${table} is missing`);
  for (const path of await filesOf(from))
    if (path !== 'manifest.json' && !named.has(path)) throw damaged(`${path} does not belong to it`);
  return manifest;
}

/** Makes a new installation of a backup: all of it, or nothing. */
export async function restore(from: string, folder: string, databaseUrl?: string): Promise<BackupManifest> {
  const manifest = await checkBackup(from);
  await refuseFilled(folder, 'restore into a new folder');
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o700 });
  try {
    for (const { path } of manifest.parts)
      if (path.startsWith('folder/'))
        await written(part, path.slice('folder/'.length), createReadStream(join(from, path)));
    const upTo = manifest.migrations.at(-1) as number;
    if (databaseUrl) await refuseUsed(databaseUrl);
    const store = databaseUrl
      ? await openPostgres(databaseUrl, { upTo })
      : await openEmbedded(join(part, 'state'), { upTo });
    try {
      await store.transaction((db) => loadTables(db, from, manifest));
      const found = await verify(exported(store.db), manifest.audit.hash);
      if (found.broken || found.entries !== manifest.audit.number)
        throw new RollcallError(
          'BACKUP_DAMAGED',
          `the audit log in the backup ${from} is not whole${found.broken ? ` (entry ${found.broken.line}: ${found.broken.why})` : ''}; nothing was restored`,
        );
      // From the schema of that time to the one of today.
      await migrate(store);
    } catch (error) {
      if (databaseUrl) await emptied(store);
      throw error;
    } finally {
      await store.close();
    }
    await syncTree(part);
    await moveInto(part, folder);
    return manifest;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

async function refuseUsed(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query(
      "SELECT 1 FROM information_schema.tables WHERE table_schema IN ('public', 'drizzle') LIMIT 1",
    );
    if (found.rows.length > 0)
      throw new RollcallError('ARGUMENT_INVALID', 'the database is not empty; restore into a new one');
  } finally {
    await client.end();
  }
}

/** It was empty before: it is again. */
async function emptied(store: Store): Promise<void> {
  await store.transaction(async (db) => {
    for (const table of await tablesOf(db))
      await db.execute(sql`DROP TABLE ${sql.identifier(table)} CASCADE`);
    await db.execute(sql`DROP SCHEMA drizzle CASCADE`);
  });
}

async function loadTables(db: Db, from: string, manifest: BackupManifest): Promise<void> {
  await db.execute(sql`SET LOCAL statement_timeout = 0`);
  for (const table of await inOrder(db, Object.keys(manifest.tables))) {
    const name = sql.identifier(table);
    const add = async (lines: string[]) => {
      if (lines.length > 0)
        await db.execute(
          sql`INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::${name}, ${`[${lines.join(',')}]`}::text::jsonb)`,
        );
    };
    let lines: string[] = [];
    for await (const line of createInterface({
      input: createReadStream(join(from, 'state', `${table}.ndjson`)),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      if (lines.push(line) < 500) continue;
      await add(lines);
      lines = [];
    }
    await add(lines);
    const counters = await rows<{ sequence: string; column: string }>(
      db,
      sql`SELECT pg_get_serial_sequence(quote_ident(${table}::text), column_name) AS sequence, column_name AS column
          FROM information_schema.columns
          WHERE table_schema = 'public' AND table_name = ${table}::text
            AND pg_get_serial_sequence(quote_ident(${table}::text), column_name) IS NOT NULL`,
    );
    for (const { sequence, column } of counters)
      await db.execute(
        sql`SELECT setval(${sequence}::text::regclass, coalesce((SELECT max(${sql.identifier(column)}) FROM ${name}), 0) + 1, false)`,
      );
  }
}

/** Tables after those they refer to. */
async function inOrder(db: Db, tables: readonly string[]): Promise<string[]> {
  const refers = await rows<{ table: string; to: string }>(
    db,
    sql`SELECT f.relname AS table, t.relname AS to FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid WHERE c.contype = 'f'`,
  );
  const done: string[] = [];
  const visit = (table: string, way: readonly string[]) => {
    if (done.includes(table) || way.includes(table)) return;
    for (const one of refers) if (one.table === table) visit(one.to, [...way, table]);
    done.push(table);
  };
  for (const table of [...tables].sort()) visit(table, []);
  return done.filter((table) => tables.includes(table));
}

/** A wish for a backup, left in the folder by somebody who may write there; the server that works in it sees to it. */
const wishSchema = z.object({ out: z.string().min(1) });
const wishes = 'backups';

/** Asks the server that holds the folder for a backup, and waits for it. */
export async function askForBackup(
  folder: string,
  out: string,
  patience = 3_600_000,
): Promise<BackupManifest> {
  const place = join(folder, wishes);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const path = join(place, `${process.pid}-${Date.now()}`);
  const handle = await open(`${path}.part`, 'wx', 0o600);
  await handle.writeFile(JSON.stringify({ out }));
  await handle.close();
  await rename(`${path}.part`, `${path}.wanted`);
  const until = Date.now() + patience;
  let taken = false;
  const started = Date.now();
  while (Date.now() < until) {
    await new Promise((done) => setTimeout(done, 200));
    const answer = await readFile(`${path}.done`, 'utf8').catch(() => undefined);
    taken ||= !(await stat(`${path}.wanted`).catch(() => undefined));
    if (answer !== undefined) {
      await rm(`${path}.done`, { force: true });
      const { problem } = JSON.parse(answer) as { problem?: string };
      if (problem !== undefined) throw new RollcallError('ARGUMENT_INVALID', problem);
      return manifestSchema.parse(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')));
    }
    if (!taken && Date.now() - started > 30_000) break;
  }
  await rm(`${path}.wanted`, { force: true });
  throw new RollcallError(
    'FOLDER_TAKEN',
    `the process that works in ${folder} did not answer; is it stopped?`,
  );
}

/** Looks for wishes and sees to them. Returns how to stop. */
export function answerBackups(
  folder: string,
  run: (out: string) => Promise<unknown>,
  every = 1_000,
): () => Promise<void> {
  const place = join(folder, wishes);
  let busy: Promise<void> | undefined;
  const look = async () => {
    for (const name of await readdir(place).catch(() => [])) {
      if (!name.endsWith('.wanted')) continue;
      const path = join(place, name);
      let answer: { problem?: string } = {};
      try {
        const { out } = wishSchema.parse(JSON.parse(await readFile(path, 'utf8')));
        await rm(path);
        await run(out);
      } catch (error) {
        answer = {
          problem:
            error instanceof RollcallError
              ? error.message
              : 'the backup failed; the log of the server says more',
        };
        await rm(path, { force: true });
      }
      const done = path.replace(/\.wanted$/, '.done');
      await writeFile(`${done}.part`, JSON.stringify(answer), { mode: 0o600 });
      await rename(`${done}.part`, done);
    }
  };
  const timer = setInterval(() => {
    busy ??= look().finally(() => {
      busy = undefined;
    });
  }, every);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await busy;
  };
}
