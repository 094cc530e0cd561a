import { listValue } from '@duckdb/node-api';
import type { Database, Row } from '../lake/duckdb.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import type { LinkFacet } from './kinds.js';
import { hasTable } from './reference.js';

/** Two persons share one value. `a` < `b`. */
export interface Link {
  a: string;
  b: string;
  kind: IdentifierKind;
  /** Canonical; a keyed hash for sensitive kinds. Never shown: `label` is. */
  value: string;
  label: string;
  facet: LinkFacet;
  /** How much sharing so rare a value says: −log2 of `chance`. */
  bits: number;
  /** How likely another, unrelated honest person would have the value too. */
  chance: number;
  /** People who have the value, of all who have one of its kind. */
  holders: number;
  outOf: number;
  /** Where it was seen: of both, and of each. */
  contexts: string[];
  contextsA: string[];
  contextsB: string[];
  firstA?: string;
  lastA?: string;
  firstB?: string;
  lastB?: string;
  /** When both first had it, and when the first of them was last seen with it. */
  first?: string;
  last?: string;
}

/** Of a value with more holders than this, not every pair is a link: two of them are linked with each of the others. */
const everyPair = 12;

/**
 * The links between the people given, by how many bits they bring. A value of h people gives all pairs up to a dozen
 * people and 2h − 3 beyond: enough to hold them together, and to go round one pair that is explained. `ensureSharedValues`
 * must have run.
 */
export async function findLinks(database: Database, among: readonly string[]): Promise<Link[]> {
  await choose(database, among);
  const wording = (await hasTable(database, 'main', 'passages'))
    ? "SELECT 'passage' AS kind, person_id, other, passage, max(bits) AS bits FROM passages GROUP BY ALL"
    : 'SELECT CAST(NULL AS VARCHAR) AS kind, CAST(NULL AS VARCHAR) AS person_id, CAST(NULL AS VARCHAR) AS other, CAST(NULL AS VARCHAR) AS passage, CAST(NULL AS DOUBLE) AS bits LIMIT 0';
  const rows = await database.rows(
    `WITH wording AS (${wording}),
     near AS (
       SELECT h.*, row_number() OVER (PARTITION BY value_id ORDER BY first_seen NULLS LAST, person_id) AS nth, count(*) OVER (PARTITION BY value_id) AS near
       FROM holdings h SEMI JOIN link_people USING (person_id)
       WHERE lasting AND value_id IN (SELECT id FROM shared_values WHERE NOT common AND bits > 0)
       QUALIFY near > 1),
     pairs AS (
       SELECT x.value_id, least(x.person_id, y.person_id) AS a, greatest(x.person_id, y.person_id) AS b
       FROM near x JOIN near y ON y.value_id = x.value_id AND y.nth > x.nth AND (x.near <= ${everyPair} OR x.nth <= 2)),
     told AS (
       SELECT v.*, p.a, p.b, x.first_seen AS first_a, x.last_seen AS last_a, y.first_seen AS first_b, y.last_seen AS last_b,
         w.bits AS wording_bits
       FROM pairs p JOIN shared_values v ON v.id = p.value_id
       JOIN near x ON x.value_id = p.value_id AND x.person_id = p.a
       JOIN near y ON y.value_id = p.value_id AND y.person_id = p.b
       LEFT JOIN wording w ON w.kind = v.kind AND w.passage = v.value AND w.person_id = p.a AND w.other = p.b
       -- Wording passes from one pair to the next and changes on the way: only pairs that were compared are links.
       WHERE v.kind <> 'passage' OR w.bits IS NOT NULL OR NOT EXISTS (SELECT 1 FROM wording)),
     seen AS (
       SELECT i.person_id, i.kind, i.value, list_sort(list(DISTINCT i.context) FILTER (WHERE i.context IS NOT NULL)) AS contexts
       FROM identifiers i SEMI JOIN link_people USING (person_id) SEMI JOIN told ON told.kind = i.kind AND told.value = i.value
       GROUP BY ALL)
     SELECT t.* EXCLUDE (id), c.contexts AS contexts_a, d.contexts AS contexts_b,
       greatest(first_a, first_b) AS first, least(last_a, last_b) AS last
     FROM told t
     LEFT JOIN seen c ON c.person_id = t.a AND c.kind = t.kind AND c.value = t.value
     LEFT JOIN seen d ON d.person_id = t.b AND d.kind = t.kind AND d.value = t.value
     ORDER BY a, b, t.kind, label, t.value`,
  );
  return rows.map(linkOf);
}

/** A table `link_people` of the persons given. */
export async function choose(database: Database, people: readonly string[]): Promise<void> {
  await database.run('CREATE OR REPLACE TEMP TABLE link_people (person_id VARCHAR)');
  if (people.length > 0)
    await database.run('INSERT INTO link_people SELECT DISTINCT unnest($people)', {
      people: listValue([...people]),
    });
}

function linkOf(row: Row): Link {
  const bits = row.wording_bits === null ? Number(row.bits) : Math.min(20, Number(row.wording_bits));
  const link: Link = {
    a: String(row.a),
    b: String(row.b),
    kind: row.kind as IdentifierKind,
    value: String(row.value),
    label: String(row.label),
    facet: row.facet as LinkFacet,
    bits: Math.round(bits * 100) / 100,
    chance: row.wording_bits === null ? Number(row.chance) : 2 ** -bits,
    holders: Number(row.holders),
    outOf: Number(row.out_of),
    contexts: [...new Set([...texts(row.contexts_a), ...texts(row.contexts_b)])].sort(),
    contextsA: texts(row.contexts_a),
    contextsB: texts(row.contexts_b),
  };
  const times = {
    firstA: row.first_a,
    lastA: row.last_a,
    firstB: row.first_b,
    lastB: row.last_b,
    first: row.first,
    last: row.last,
  } as const;
  for (const [key, time] of Object.entries(times)) if (time) link[key as keyof typeof times] = String(time);
  return link;
}

function texts(cell: Row[string] | undefined): string[] {
  return Array.isArray(cell) ? cell.map(String) : [];
}

/**
 * What several links between two people bring together, in bits: of one facet the strongest in full, the others in part,
 * since they are seldom independent.
 */
export function together(links: readonly { facet: string; bits: number }[], sameFacetShare: number): number {
  const facets = new Map<string, { most: number; all: number }>();
  for (const { facet, bits } of links) {
    const sum = facets.get(facet);
    if (!sum) facets.set(facet, { most: bits, all: bits });
    else {
      sum.most = Math.max(sum.most, bits);
      sum.all += bits;
    }
  }
  let total = 0;
  for (const { most, all } of facets.values()) total += most + sameFacetShare * (all - most);
  return total;
}
