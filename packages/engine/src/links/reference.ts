import type { Database } from '../lake/duckdb.js';
import { type ExplanationKind, explanationKinds } from '../model/policy.js';
import { type IdentifierKind, identifierKinds } from '../model/vocabulary.js';

/** What is known of a kind of identifier before a company's own data: a row of `content/facts/identifier-sharing.csv`. */
export interface SharingReference {
  /** Probability that two unrelated honest people of one company share a value of this kind. */
  byChance: number;
  /** A value of more holders than this belongs to an institution and links nobody. */
  commonAbove: number;
  /** Recorded explanations that account for sharing it. */
  explainedBy: readonly ExplanationKind[];
}

/** For kinds the reference table says nothing of: taken to be shared rather often, so that they weigh rather little. */
const unknownByChance = 0.001;
const unknownExplainedBy: readonly ExplanationKind[] = [
  'household',
  'shared-office',
  'agency',
  'same-person',
];

/** The reference table of the loaded facts; a cautious figure for every kind it does not name. */
export async function sharingReference(
  database: Database,
  common: number,
): Promise<Record<IdentifierKind, SharingReference>> {
  const reference = Object.fromEntries(
    identifierKinds.map((kind) => [
      kind,
      { byChance: unknownByChance, commonAbove: common, explainedBy: unknownExplainedBy },
    ]),
  ) as Record<IdentifierKind, SharingReference>;
  if (!(await hasTable(database, 'facts', 'identifier_sharing'))) return reference;
  for (const row of await database.rows('SELECT * FROM facts.identifier_sharing ORDER BY kind')) {
    const kind = identifierKinds.find((known) => known === row.kind);
    if (!kind) continue;
    const byChance = Number(row.shared_by_chance);
    const above = Number(row.common_above);
    const named = String(row.explained_by ?? '').split(/[\s,;|]+/);
    reference[kind] = {
      byChance: byChance > 0 && byChance < 1 ? byChance : unknownByChance,
      // A bank account of five people is no institution yet: the company's own bound is never narrowed.
      commonAbove: Math.max(common, above || 0),
      explainedBy: explanationKinds.filter((one) => one === 'same-person' || named.includes(one)),
    };
  }
  return reference;
}

/** Whether a table (or view) is there; `schema` is `main` for the tables of the lake. */
export async function hasTable(database: Database, schema: string, table: string): Promise<boolean> {
  const found = await database.number(
    'SELECT count(*) FROM information_schema.tables WHERE table_schema = $schema AND table_name = $table',
    { schema, table },
  );
  return found > 0;
}
