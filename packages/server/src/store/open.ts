/** The folder of an installation, and the store that belongs to it: one process at a time. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import pg from 'pg';
import { makeFolder } from '../files.js';
import { openEmbedded } from './embedded.js';
import type { Store } from './model.js';
import { openPostgres, unreachable } from './postgres.js';

export interface Taken {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  host: string;
  started: string;
  /** Tells two processes apart that have the same number one after the other. */
  born?: string;
  token: string;
}

const lockName = 'server.lock';
/** The holder says that it is alive this often; from another machine nothing else tells. In milliseconds. */
const beat = 5_000;

/**
 * Takes the folder for this process, or refuses in words and touches nothing. What a dead process left is taken over: on
 * this machine at once, from another machine (or a container that is gone) when it has been silent for three beats.
 * `lost` is called if another process took the folder over nevertheless, while this one slept: stop at once.
 */
export async function takeFolder(folder: string, lost?: (error: RollcallError) => void): Promise<Taken> {
  await makeFolder(folder);
  const path = join(folder, lockName);
  const born = bornAt(process.pid);
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    started: new Date().toISOString(),
    ...(born === undefined ? {} : { born }),
    token: randomUUID(),
  };
  const mine = `${path}.${me.token}`;
  const handle = await open(mine, 'wx', 0o600);
  await handle.writeFile(`${JSON.stringify(me)}\n`);
  await handle.close();
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        // Appears whole, or not at all.
        await link(mine, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = await holder(path);
      if (other && (attempt === 3 || (await isAlive(path, other))))
        throw new RollcallError(
          'FOLDER_TAKEN',
          `another process works in ${folder}: number ${other.pid} on ${other.host}, since ${other.started}. One process at a time; stop that one first`,
        );
      // Moved aside rather than removed: if somebody was faster, it is theirs that was moved, and it goes back.
      const aside = `${path}.old-${me.token}`;
      await rename(path, aside).catch(() => undefined);
      if ((await holder(aside))?.token !== other?.token) await link(aside, path).catch(() => undefined);
      await rm(aside, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
  const still = async () => (await holder(path))?.token === me.token;
  const timer = setInterval(() => {
    void (async () => {
      if (await still()) await utimes(path, new Date(), new Date());
      else {
        clearInterval(timer);
        lost?.(
          new RollcallError(
            'FOLDER_TAKEN',
            `another process took ${folder} over while this one did not answer`,
          ),
        );
      }
    })().catch(() => undefined);
  }, beat);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      if (await still()) await rm(path, { force: true });
    },
  };
}

async function holder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

async function isAlive(path: string, other: Holder): Promise<boolean> {
  if (other.host === hostname()) {
    try {
      process.kill(other.pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
    }
    const born = bornAt(other.pid);
    return born === undefined || other.born === undefined || born === other.born;
  }
  const seen = (await stat(path).catch(() => undefined))?.mtimeMs;
  const until = Date.now() + 3 * beat;
  while (Date.now() < until) {
    await new Promise((done) => setTimeout(done, 500));
    if ((await stat(path).catch(() => undefined))?.mtimeMs !== seen) return true;
  }
  return false;
}

/** When a process began, as the system counts it, with the boot it counts from; absent where it does not say. */
function bornAt(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

export interface OpenOptions {
  /** Taken with `takeFolder`. */
  folder: string;
  /** A PostgreSQL server in place of the embedded database. */
  databaseUrl?: string | undefined;
  /** The database is another process's now: stop at once. */
  lost?: (error: RollcallError) => void;
}

export async function openStore({ folder, databaseUrl, lost }: OpenOptions): Promise<Store> {
  if (!databaseUrl) {
    await makeFolder(folder);
    return openEmbedded(join(folder, 'state'));
  }
  const hold = await holdDatabase(databaseUrl, lost);
  try {
    const store = await openPostgres(databaseUrl);
    return {
      ...store,
      close: async () => {
        await store.close();
        await hold.release();
      },
    };
  } catch (error) {
    await hold.release();
    throw error;
  }
}

/** One installation a database: two would each do the other's work. Held on a connection of its own. */
async function holdDatabase(url: string, lost?: (error: RollcallError) => void): Promise<Taken> {
  let released = false;
  let client: pg.Client | undefined;
  const take = async () => {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'rollcall lock',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    next.on('error', () => undefined);
    await next.connect();
    const { rows } = await next.query<{ got: boolean }>('SELECT pg_try_advisory_lock(7274702) AS got');
    if (!rows[0]?.got) {
      await next.end();
      throw new RollcallError(
        'FOLDER_TAKEN',
        'another Rollcall server uses this database. One at a time; stop that one first, or give this one a database of its own',
      );
    }
    next.on('end', () => {
      if (!released) void takeAgain();
    });
    client = next;
  };
  /** The server was restarted, or the line cut: until the lock is held again another may have come. */
  const takeAgain = async () => {
    while (!released)
      try {
        return await take();
      } catch (error) {
        if (error instanceof RollcallError) return lost?.(error);
        await new Promise((done) => setTimeout(done, 500).unref());
      }
  };
  // A server that was killed takes a moment to see that its last holder is gone.
  for (let attempt = 0; ; attempt++)
    try {
      await take();
      break;
    } catch (error) {
      if (!(error instanceof RollcallError)) throw unreachable(error, url) ?? error;
      if (attempt === 4) throw error;
      await new Promise((done) => setTimeout(done, 300));
    }
  return {
    release: async () => {
      released = true;
      await client?.end().catch(() => undefined);
    },
  };
}
