import type { Fact } from '../content/fact.js';
import { identifierContext } from '../identifiers/context.js';
import { factRows } from '../identifiers/fact-rows.js';
import { building, canonical } from '../identifiers/index.js';
import type { Database } from '../lake/duckdb.js';

/** The user's own places of work as a table: by building, since each desk has a number of its own. */
export async function prepareOwnPlaces(
  database: Database,
  facts: readonly Fact[],
  options: { key: Buffer; homeCountry: string },
): Promise<void> {
  await database.run('CREATE OR REPLACE TABLE own_places (building VARCHAR, kind VARCHAR, name VARCHAR)');
  const rows = await factRows(facts, 'own-places');
  if (rows.length === 0) return;
  const context = await identifierContext({ ...options, facts });
  for (const row of rows) {
    const value = canonical('address', row.address ?? '', context)?.value;
    const place = value && (building(value) ?? value);
    if (place)
      await database.run('INSERT INTO own_places VALUES ($place, $kind, $name)', {
        place,
        kind: row.kind ?? '',
        name: row.name ?? '',
      });
  }
}
