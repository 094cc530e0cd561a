import type { Database } from '../lake/duckdb.js';
import { type IdentifierKind, identifierKinds } from '../model/vocabulary.js';

/** Two persons share one value. `a` < `b`. */
export interface Link {
  a: string;
  b: string;
  kind: IdentifierKind;
  label: string;
  /** How much sharing so rare a value says, in bits: log2 of people per holder. */
  bits: number;
  contexts: string[];
  first?: string;
  last?: string;
}

/** Kinds whose sharing joins people. A laptop is handed on; its serial joins nobody. */
const linking = identifierKinds.filter((kind) => kind !== 'device_serial');

/**
 * Every pair of persons that shares a value few others have. Values of more than `common` people are no links: an office,
 * a carrier's address, a school's phone. Egress addresses count only where both were seen there on several days.
 */
export async function findLinks(database: Database, common: number): Promise<Link[]> {
  const rows = await database.rows(
    `WITH people_in_all AS (SELECT greatest(count(*), 2) AS n FROM people),
     held AS (
       SELECT person_id, kind, value, min(label) AS label, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
         string_agg(DISTINCT context, ', ' ORDER BY context) AS contexts
       FROM identifiers WHERE kind IN (${linking.map((kind) => `'${kind}'`).join(', ')}) GROUP BY ALL),
     rare AS (SELECT kind, value, count(*) AS holders FROM held GROUP BY ALL HAVING count(*) BETWEEN 2 AND ${common}),
     lasting AS (
       SELECT person_id, src_ip AS value FROM events
       WHERE src_ip IN (SELECT value FROM rare WHERE kind = 'egress_ip') AND (src_network IS NULL OR NOT regexp_matches(src_network, '^(vpn|relay|proxy|tor|hosting|mobile|satellite|office|company-vpn|partner|security_gateway)'))
       GROUP BY ALL HAVING count(DISTINCT CAST(time AS DATE)) >= 3)
     SELECT x.person_id AS a, y.person_id AS b, x.kind, x.label, round(log2(p.n / r.holders), 2) AS bits,
       x.contexts AS contexts_a, y.contexts AS contexts_b, greatest(x.first_seen, y.first_seen) AS first, least(x.last_seen, y.last_seen) AS last
     FROM rare r
     JOIN held x ON x.kind = r.kind AND x.value = r.value
     JOIN held y ON y.kind = r.kind AND y.value = r.value AND y.person_id > x.person_id
     CROSS JOIN people_in_all p
     WHERE x.kind <> 'egress_ip' OR (
       EXISTS (SELECT 1 FROM lasting l WHERE l.person_id = x.person_id AND l.value = x.value)
       AND EXISTS (SELECT 1 FROM lasting l WHERE l.person_id = y.person_id AND l.value = y.value))
     ORDER BY a, b, x.kind, x.label`,
  );
  return rows.map((row) => ({
    a: String(row.a),
    b: String(row.b),
    kind: row.kind as IdentifierKind,
    label: String(row.label),
    bits: Number(row.bits),
    contexts: [
      ...new Set(`${row.contexts_a ?? ''}, ${row.contexts_b ?? ''}`.split(', ').filter(Boolean)),
    ].sort(),
    ...(row.first ? { first: String(row.first) } : {}),
    ...(row.last ? { last: String(row.last) } : {}),
  }));
}
