import type { Database } from '../lake/duckdb.js';
import type { ExplanationKind, Policy } from '../model/policy.js';
import { type IdentifierKind, identifierKinds } from '../model/vocabulary.js';
import { facetOf, handedOn } from './kinds.js';
import { hasTable, sharingReference } from './reference.js';

/** Tables this module makes; kept in the view, so that links can be shown without a scan. */
export const sharingTables = ['sharing_kinds', 'shared_values', 'holdings'] as const;

/** What of the policy links need. */
export type SharingPolicy = Pick<Policy, 'common_value' | 'base_rate_strength'>;

/**
 * Sharing a value never says more than this: records are not so clean that a mistyped number or a wrong row is rarer
 * than one in a million.
 */
const mostBits = 20;

/** Above so many rows, how many people have a value of a kind is estimated (HyperLogLog, a few percent off). */
const countedExactly = 20_000_000;

/** Where an egress address says nothing of two people: many unrelated ones come out of it by design. */
const manyBehind =
  '^(vpn|relay|proxy|tor|hosting|mobile|satellite|office|company-vpn|partner|security_gateway)';

/**
 * Finds the values that two people or more have, and how much sharing each says. Reads `people`, `identifiers` and,
 * where they are there, `events` and `passages`; does nothing where its tables are there already.
 *
 * - `sharing_kinds(kind, facet, by_chance, common_above, explained_by, people, pairs)`: what is known of a kind, from the
 *   reference table and from here (people with a value of the kind; pairs of them who share one).
 * - `shared_values(id, kind, value, label, facet, holders, out_of, chance, bits, common)`: `chance` is how likely another,
 *   unrelated honest person would have the value too; `bits` is −log2 of it, 0 where the value is `common`: more people
 *   have it than the kind's bound, or (three at least) half of everybody.
 * - `holdings(value_id, person_id, first_seen, last_seen, lasting)`: who has them. A holding that is not `lasting` (an
 *   egress address seen on fewer than three days, or one with many behind it) joins nobody.
 *
 * chance = (h − 2 + n·q) / (N − 2 + n), where h people of the N who have a value of this kind have this one, the two left
 * out, and n is `base_rate_strength`. q is how likely two people share some value of the kind: of N − 1 others a person
 * shares with 2·pairs/N here (this value's pairs left out), and with n·`by_chance` of n others by the reference.
 */
export async function ensureSharedValues(database: Database, policy: SharingPolicy): Promise<void> {
  if (await hasTable(database, 'main', 'shared_values')) return;
  const reference = await sharingReference(database, policy.common_value);
  await database.run(
    'CREATE OR REPLACE TEMP TABLE known_kinds (kind VARCHAR, facet VARCHAR, by_chance DOUBLE, common_above INTEGER, explained_by VARCHAR)',
  );
  for (const kind of identifierKinds) {
    if (handedOn.includes(kind)) continue;
    const { byChance, commonAbove, explainedBy } = reference[kind];
    await database.run(
      'INSERT INTO known_kinds VALUES ($kind, $facet, $byChance, CAST($commonAbove AS INTEGER), $explainedBy)',
      { kind, facet: facetOf[kind], byChance, commonAbove, explainedBy: explainedBy.join(',') },
    );
  }
  // Most values have one holder: they are put aside by hashes alone, before any text is gathered.
  await database.run(
    `CREATE OR REPLACE TEMP TABLE repeated AS
       SELECT hash(kind, value) AS mark FROM identifiers WHERE person_id IS NOT NULL
       GROUP BY mark HAVING min(hash(person_id)) <> max(hash(person_id))`,
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE held AS
       SELECT kind, value, person_id, min(label) AS label, min(first_seen) AS first_seen, max(last_seen) AS last_seen
       FROM identifiers SEMI JOIN known_kinds USING (kind)
       WHERE hash(kind, value) IN (SELECT mark FROM repeated) AND person_id IS NOT NULL GROUP BY kind, value, person_id`,
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE counted AS
       SELECT row_number() OVER (ORDER BY kind, value) AS id, * FROM (
         SELECT kind, value, min(label) AS label, count(*) AS holders FROM held GROUP BY kind, value HAVING count(*) > 1)`,
  );
  const exact = (await database.number('SELECT count(*) FROM identifiers')) <= countedExactly;
  await database.run(
    `CREATE OR REPLACE TABLE sharing_kinds AS
       WITH having_one AS (
         SELECT kind, ${exact ? 'count(DISTINCT person_id)' : 'approx_count_distinct(person_id)'} AS people FROM identifiers GROUP BY kind),
       together AS (
         SELECT c.kind, sum(c.holders * (c.holders - 1) / 2) AS pairs FROM counted c JOIN known_kinds k ON k.kind = c.kind AND c.holders <= k.common_above GROUP BY c.kind)
       SELECT k.*, coalesce(h.people, 0) AS people, coalesce(t.pairs, 0) AS pairs
       FROM known_kinds k LEFT JOIN having_one h USING (kind) LEFT JOIN together t USING (kind) ORDER BY kind`,
  );
  const passages = (await hasTable(database, 'main', 'passages'))
    ? "SELECT 'passage' AS kind, passage AS value, min(bits) AS bits FROM passages GROUP BY passage"
    : 'SELECT CAST(NULL AS VARCHAR) AS kind, CAST(NULL AS VARCHAR) AS value, CAST(NULL AS DOUBLE) AS bits LIMIT 0';
  await database.run(
    `CREATE OR REPLACE TABLE shared_values AS
       WITH wording AS (${passages}),
       kind_chance AS (
         SELECT c.*, k.facet, k.people AS out_of, c.holders > k.common_above OR (c.holders > 2 AND 2 * c.holders >= (SELECT count(*) FROM people)) AS common,
           (2 * greatest(0, k.pairs - CASE WHEN c.holders <= k.common_above THEN c.holders * (c.holders - 1) / 2 ELSE 0 END) / greatest(k.people, 1) + $strength * k.by_chance)
             / (greatest(k.people, 1) - 1 + $strength) AS q
         FROM counted c JOIN sharing_kinds k USING (kind)),
       value_chance AS (
         SELECT *, least(1, greatest(pow(2, -$most), (holders - 2 + $strength * q) / (greatest(out_of, 2) - 2 + $strength))) AS measured FROM kind_chance),
       told AS (
         SELECT v.* EXCLUDE (q, measured), CASE WHEN w.bits IS NOT NULL THEN pow(2, -least($most, greatest(0, w.bits))) ELSE v.measured END AS chance
         FROM value_chance v LEFT JOIN wording w ON w.kind = v.kind AND w.value = v.value)
       SELECT id, kind, value, label, facet, holders, out_of, chance, CASE WHEN common THEN 0 ELSE greatest(0, round(-log2(chance), 2)) END AS bits, common
       FROM told ORDER BY id`,
    { strength: policy.base_rate_strength, most: mostBits },
  );
  await database.run(
    `CREATE OR REPLACE TABLE holdings AS
       WITH lasting AS (${await lastingAddresses(database)})
       SELECT c.id AS value_id, h.person_id, h.first_seen, h.last_seen, h.kind <> 'egress_ip' OR l.person_id IS NOT NULL AS lasting
       FROM counted c JOIN held h ON h.kind = c.kind AND h.value = c.value
       LEFT JOIN lasting l ON l.kind = h.kind AND l.value = h.value AND l.person_id = h.person_id
       ORDER BY value_id, person_id`,
  );
  for (const table of ['repeated', 'held', 'counted', 'known_kinds'])
    await database.run(`DROP TABLE ${table}`);
}

/** A query of who was behind which address on three days or more, where few others can be. */
async function lastingAddresses(database: Database): Promise<string> {
  if (!(await hasTable(database, 'main', 'events')))
    return "SELECT kind, person_id, value FROM held WHERE kind = 'egress_ip' AND last_seen >= first_seen + INTERVAL 2 DAY";
  return `SELECT 'egress_ip' AS kind, person_id, src_ip AS value FROM events
    WHERE src_ip IN (SELECT value FROM counted WHERE kind = 'egress_ip') AND (src_network IS NULL OR NOT regexp_matches(src_network, '${manyBehind}'))
    GROUP BY ALL HAVING count(DISTINCT CAST(time AS DATE)) >= 3`;
}

/** Which recorded explanations account for sharing a value of each kind. */
export async function explainedByKind(
  database: Database,
): Promise<ReadonlyMap<IdentifierKind, readonly ExplanationKind[]>> {
  const rows = await database.rows('SELECT kind, explained_by FROM sharing_kinds ORDER BY kind');
  return new Map(
    rows.map((row) => [
      row.kind as IdentifierKind,
      String(row.explained_by ?? '')
        .split(',')
        .filter(Boolean) as ExplanationKind[],
    ]),
  );
}
