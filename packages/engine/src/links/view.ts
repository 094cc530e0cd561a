import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Database, identifier, literal } from '../lake/duckdb.js';
import { RollcallError } from '../model/errors.js';
import { policySchema } from '../model/policy.js';
import { ensureSharedValues } from './shared-values.js';

/**
 * The resolved tables of a lake's last scan, read-only, with what is shared among them. Nothing else is within reach. The
 * caller closes it.
 */
export async function openSharing(lake: string): Promise<Database> {
  const folder = resolve(lake, 'view');
  if (!existsSync(folder))
    throw new RollcallError('LAKE_MISSING', `${lake} holds no scan yet; run "rollcall scan FOLDER" first`);
  const database = await Database.open();
  try {
    for (const file of (await readdir(folder)).sort()) {
      const table = /^([a-z_]+)\.parquet$/.exec(file)?.[1];
      if (table)
        await database.run(
          `CREATE VIEW ${identifier(table)} AS SELECT * FROM read_parquet(${literal(join(folder, file))})`,
        );
    }
    await database.run(`SET allowed_directories = [${literal(folder)}]`);
    await database.run('SET enable_external_access = false');
    await ensureSharedValues(database, policySchema.parse({}));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
