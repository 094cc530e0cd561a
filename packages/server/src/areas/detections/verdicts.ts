/** What people found findings to be. */
import { and, desc, eq, type SQL } from 'drizzle-orm';
import { findingVerdicts } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { interval } from '../fairness/counting.js';

export type Verdict = 'useful' | 'innocent' | 'wrong';
export const verdicts = ['useful', 'innocent', 'wrong'] as const;
export type VerdictCounts = Record<Verdict, number>;

/**
 * Records what a finding of a detection about a person turned out to be: `useful` (it led to somebody who is not who they
 * claim), `innocent` (true, with a plain reason) or `wrong` (the records were). The last word counts. In the transaction of
 * whoever decides.
 */
export async function recordVerdict(
  db: Db,
  given: {
    detection: string;
    /** Person id. */
    person: string;
    verdict: Verdict;
    by: string;
    at: Date;
    case?: string;
    note?: string;
  },
): Promise<void> {
  await db.insert(findingVerdicts).values(given);
}

/** By detection: the last verdict on each person, counted. */
export async function verdictCounts(db: Db): Promise<Map<string, VerdictCounts>> {
  const counts = new Map<string, VerdictCounts>();
  for (const row of await latest(db)) {
    const known = counts.get(row.detection) ?? { useful: 0, innocent: 0, wrong: 0 };
    known[row.verdict]++;
    counts.set(row.detection, known);
  }
  return counts;
}

/** The last verdict on each person of one detection. */
export async function verdictsOn(db: Db, detection: string): Promise<Map<string, Verdict>> {
  const rows = await latest(db, eq(findingVerdicts.detection, detection));
  return new Map(rows.map((row) => [row.person, row.verdict]));
}

async function latest(db: Db, where?: SQL) {
  return db
    .selectDistinctOn([findingVerdicts.detection, findingVerdicts.person], {
      detection: findingVerdicts.detection,
      person: findingVerdicts.person,
      verdict: findingVerdicts.verdict,
    })
    .from(findingVerdicts)
    .where(and(where))
    .orderBy(findingVerdicts.detection, findingVerdicts.person, desc(findingVerdicts.id));
}

/** Of findings that somebody looked at, the share that led to nobody false, with its interval. */
export function falseShare(
  counts: VerdictCounts,
): { share: number; low: number; high: number; of: number } | undefined {
  const of = counts.useful + counts.innocent + counts.wrong;
  if (of === 0) return undefined;
  const none = counts.innocent + counts.wrong;
  const [low, high] = interval(none, of);
  return { share: none / of, low, high, of };
}
