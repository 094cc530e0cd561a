import type { Database } from '../lake/duckdb.js';
import type { Explanation } from '../model/policy.js';

/**
 * Of whom an inquiry found that they are not who they claimed, and since when; whoever a later inquiry cleared, or with whom
 * another way was agreed, is not among them.
 */
export async function confirmedNot(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.rows(
    `WITH results AS (
       SELECT person_id, time, outcome = 'failure' AND NOT lower(coalesce(detail, '')) LIKE 'accommodated%' AS failed,
         outcome = 'success' OR lower(coalesce(detail, '')) LIKE 'accommodated%' AS settled
       FROM events WHERE action = 'check.result' AND target = 'confirmed_false' AND person_id IS NOT NULL)
     SELECT person_id, max(time) FILTER (WHERE failed) AS confirmed FROM results GROUP BY person_id
     HAVING max(time) FILTER (WHERE failed) > coalesce(max(time) FILTER (WHERE settled), TIMESTAMP '0001-01-01')
     ORDER BY person_id`,
  );
  return new Map(rows.map((row) => [String(row.person_id), String(row.confirmed)]));
}

/** What a later inquiry found takes back that an earlier one had cleared somebody: its explanation is over from then on. */
export function withoutOverturned(
  explanations: readonly Explanation[],
  confirmed: ReadonlyMap<string, string>,
): Explanation[] {
  return explanations.map((explanation) => {
    if (explanation.kind !== 'inquiry') return explanation;
    const times = explanation.people.flatMap((person) => confirmed.get(person) ?? []).sort();
    // One that was on record when they were cleared was answered by it.
    const since = times.find((time) => time.slice(0, 10) >= (explanation.to ?? '').slice(0, 10));
    if (since === undefined || (explanation.until !== undefined && explanation.until < since))
      return explanation;
    return { ...explanation, until: since };
  });
}
