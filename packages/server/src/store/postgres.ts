/** The store on a PostgreSQL server. */
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { type MigrateOptions, migrate } from './migrate.js';
import type { Db, Store } from './model.js';
import * as schema from './schema.js';
import { within } from './within.js';

/** Another transaction was in the way; the same again may go through. */
const collisions = new Set(['40001', '40P01', '55P03']);
const attempts = 6;

export async function openPostgres(url: string, options?: MigrateOptions): Promise<Store> {
  const client = new pg.Pool({
    connectionString: url,
    max: 10,
    application_name: 'rollcall',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 120_000,
  });
  // A connection that breaks while nobody uses it: the pool opens another.
  client.on('error', () => undefined);
  const { db, transaction } = within(drizzle({ client, schema }) as unknown as Db);
  const store: Store = {
    kind: 'postgresql',
    db,
    transaction: async (run) => {
      for (let attempt = 1; ; attempt++)
        try {
          return await transaction(run);
        } catch (error) {
          if (attempt === attempts || !collisions.has(codeOf(error) ?? '')) throw error;
          await new Promise((done) => setTimeout(done, Math.random() * 20 * 2 ** attempt));
        }
    },
    kept: (_tables, _key, read) => read(),
    close: () => client.end(),
  };
  try {
    (await client.connect()).release();
    await migrate(store, options);
  } catch (error) {
    await client.end();
    throw error instanceof RollcallError ? error : (unreachable(error, url) ?? error);
  }
  return store;
}

/** The SQLSTATE or system error at the bottom of an error. */
export function codeOf(error: unknown): string | undefined {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const { code } = one as { code?: unknown };
    if (typeof code === 'string') return code;
    if (one instanceof AggregateError && one.errors.length > 0) return codeOf(one.errors[0]);
  }
  return undefined;
}

/** In words, without the address's password; absent where it is another matter. */
export function unreachable(error: unknown, url: string): RollcallError | undefined {
  const code = codeOf(error) ?? '';
  const about = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ECONNRESET',
    'ENOENT',
  ].includes(code)
    ? `no server answers there (${code})`
    : code.startsWith('28')
      ? 'the server does not accept the user or password'
      : code === '3D000'
        ? 'there is no such database'
        : code.startsWith('57P') || code.startsWith('08')
          ? `the server is starting or stopping (${code})`
          : error instanceof Error && /timeout/i.test(error.message)
            ? 'no server answers there in 10 s'
            : undefined;
  return about === undefined
    ? undefined
    : new RollcallError('STORE_UNREACHABLE', `the database ${placeOf(url)} cannot be used: ${about}`);
}

function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${pathname.slice(1) || 'of DATABASE_URL'} at ${hostname || 'this machine'}${port ? `:${port}` : ''}`;
  } catch {
    return 'of DATABASE_URL';
  }
}
