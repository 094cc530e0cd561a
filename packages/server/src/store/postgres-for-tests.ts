/**
 * A PostgreSQL for tests: the one of `ROLLCALL_TEST_DATABASE_URL`, or a private one from the system's own programs, in a
 * temporary folder, on a socket nobody else knows. Absent, with the reason, where there is neither.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const execute = promisify(execFile);

export interface TestPostgres {
  /** A new, empty database; its address. */
  database(): Promise<string>;
  /** Kills the server with SIGKILL and starts it again; absent where it is not ours. */
  kill?: () => Promise<void>;
  stop(): Promise<void>;
}

/** Why there is none; absent where there is one. */
export function noPostgres(): string | undefined {
  if (process.env.ROLLCALL_TEST_DATABASE_URL) return undefined;
  return programs() === undefined
    ? 'no PostgreSQL is installed (Debian: apt-get install postgresql), and ROLLCALL_TEST_DATABASE_URL is not set'
    : undefined;
}

export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env.ROLLCALL_TEST_DATABASE_URL;
  if (given) {
    const made: string[] = [];
    return {
      database: async () => {
        const name = await createDatabase(given);
        made.push(name);
        const url = new URL(given);
        url.pathname = `/${name}`;
        return url.href;
      },
      stop: async () => {
        for (const name of made) await ask(given, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      },
    };
  }
  const bin = programs();
  if (bin === undefined) throw new Error(noPostgres());
  // Short: the path of a socket may have about 100 letters.
  const folder = await mkdtemp(join(tmpdir(), 'rc-pg-'));
  const data = join(folder, 'data');
  // PostgreSQL does not run as root; Debian has a user for it.
  const root = process.getuid?.() === 0;
  const user = root ? await idsOf('postgres') : undefined;
  if (user) {
    await chmod(folder, 0o755);
    await chown(folder, user.uid, user.gid);
  }
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };
  await execute(
    join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'rollcall', '-E', 'UTF8', '--no-sync'],
    {
      env,
      cwd: folder,
      ...user,
    },
  );
  let server: ChildProcess | undefined;
  const url = (name: string) =>
    `postgresql://rollcall@localhost/${name}?host=${encodeURIComponent(folder)}&port=5432`;
  const run = () =>
    spawn(
      join(bin, 'postgres'),
      ['-D', data, '-k', folder, '-p', '5432', '-c', 'listen_addresses=', '-c', 'shared_buffers=32MB'],
      { env, cwd: folder, stdio: 'ignore', ...user },
    );
  const start = async () => {
    server = run();
    for (let attempt = 0; ; attempt++)
      try {
        return await ask(url('postgres'), 'SELECT 1');
      } catch (error) {
        if (attempt === 200) throw error;
        await new Promise((done) => setTimeout(done, 100));
        // After a kill it will not start while a part of the former one still ends.
        if (server.exitCode !== null) server = run();
      }
  };
  const ended = () =>
    new Promise<void>((done) => {
      if (!server || server.exitCode !== null || server.signalCode !== null) done();
      else server.once('exit', () => done());
    });
  await start();
  return {
    database: async () => url(await createDatabase(url('postgres'))),
    kill: async () => {
      server?.kill('SIGKILL');
      await ended();
      await start();
    },
    stop: async () => {
      server?.kill('SIGINT');
      await ended();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function programs(): string | undefined {
  const all = '/usr/lib/postgresql';
  if (!existsSync(all)) return undefined;
  const versions = readdirSync(all).filter((name) => existsSync(join(all, name, 'bin', 'initdb')));
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(all, newest, 'bin');
}

async function idsOf(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await execute('id', [flag, name])).stdout)),
  );
  return { uid: uid as number, gid: gid as number };
}

async function createDatabase(url: string): Promise<string> {
  const name = `rollcall_test_${randomBytes(6).toString('hex')}`;
  await ask(url, `CREATE DATABASE "${name}"`);
  return name;
}

async function ask(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
