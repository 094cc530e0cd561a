import type { Database } from '../lake/duckdb.js';
import { choose, type Link } from './links.js';

/** People looked at as bridges; who shares most comes first. */
const bridgesMost = 2_000;

/** Values, and suspects, that it takes to be a bridge: one of each is an acquaintance. */
const least = 2;

/**
 * People whose own evidence is no reason to look, and who share different things with different suspects: a ring may pass
 * through them. They are never members of it: a landlord, a referee or a victim stands there as easily as a facilitator.
 * `ensureSharedValues` must have run.
 */
export async function findBridges(
  database: Database,
  suspects: readonly string[],
  joining: number,
): Promise<string[]> {
  if (suspects.length < least) return [];
  await choose(database, suspects);
  const rows = await database.rows(
    `WITH strong AS (SELECT id AS value_id FROM shared_values WHERE NOT common AND bits >= $joining),
     suspected AS (
       SELECT value_id, person_id FROM holdings SEMI JOIN link_people USING (person_id) SEMI JOIN strong USING (value_id) WHERE lasting)
     SELECT h.person_id, count(DISTINCT h.value_id) AS shared FROM holdings h JOIN suspected s USING (value_id)
     ANTI JOIN link_people l ON l.person_id = h.person_id
     WHERE h.lasting GROUP BY h.person_id HAVING shared >= ${least} AND count(DISTINCT s.person_id) >= ${least}
     ORDER BY shared DESC, h.person_id LIMIT ${bridgesMost}`,
    { joining },
  );
  return rows.map((row) => String(row.person_id));
}

/**
 * The links that rings may be made of: those between suspects, and those of people who are bridges by these links alone.
 * Give only links that nothing explains.
 */
export function withBridges(links: readonly Link[], suspects: ReadonlySet<string>, joining: number): Link[] {
  const shared = new Map<string, { values: Set<string>; people: Set<string> }>();
  for (const link of links) {
    const bridge = bridgeOf(link, suspects);
    if (bridge === undefined || link.bits < joining) continue;
    const entry = shared.get(bridge) ?? { values: new Set(), people: new Set() };
    entry.values.add(`${link.kind}\u0000${link.value}`);
    entry.people.add(link.a === bridge ? link.b : link.a);
    shared.set(bridge, entry);
  }
  return links.filter((link) => {
    if (suspects.has(link.a) && suspects.has(link.b)) return true;
    const entry = shared.get(bridgeOf(link, suspects) ?? '');
    return entry !== undefined && entry.values.size >= least && entry.people.size >= least;
  });
}

/** The end of a link that is no suspect, where the other is one. */
function bridgeOf({ a, b }: Link, suspects: ReadonlySet<string>): string | undefined {
  if (suspects.has(a)) return suspects.has(b) ? undefined : b;
  return suspects.has(b) ? a : undefined;
}
