import type { Comparison, Key } from './comparisons.js';
import type { Database } from './database.js';
import type { Size } from './records.js';

/** A way pairs were found: records that share the keys, in blocks of at most `largest` records. */
export interface Rule {
  label: string;
  sql: string;
  largest: number;
  pairs: number;
}

/** Share of the pairs that rules of one column may bring together; the rest is for rules of two. */
const shareOfSingles = 0.7;
/** Share of the pairs that one rule may bring at most. */
const mostOfOne = 0.1;
const mostCombined = 60;

interface Wish {
  label: string;
  sql: string;
  list: boolean;
}

/**
 * Finds the pairs worth comparing and puts them into the table `candidates` (l, r: rid). Comparing all with all is out of
 * the question, so records are brought together by what they share: any value of any column, if few enough share it, and
 * two coarse keys of two columns together for what is common. How large a block may be follows from the pairs wanted.
 */
export async function findCandidates(
  database: Database,
  comparisons: readonly Comparison[],
  size: Size,
  pairsPerRecord: number,
): Promise<Rule[]> {
  const budget = pairsPerRecord * size.records;
  await database.run('CREATE TABLE found (pair BIGINT)');
  const rules: Rule[] = [];
  const { single, combined } = wishes(comparisons);
  for (const [own, share] of [
    [single, shareOfSingles],
    [combined, 1 - shareOfSingles],
  ] as const) {
    const most = Math.ceil(budget * Math.min(mostOfOne, share / Math.max(1, own.length)));
    for (const wish of own) {
      const rule = await apply(database, wish, size, most);
      if (rule.pairs > 0) rules.push(rule);
    }
  }
  await database.run(
    'CREATE TABLE candidates AS SELECT (pair >> 32)::INTEGER AS l, (pair & 4294967295)::INTEGER AS r FROM (SELECT DISTINCT pair FROM found)',
  );
  await database.run('DROP TABLE found');
  return rules;
}

/** The rules to try: of one column, and of two. */
function wishes(comparisons: readonly Comparison[]): { single: Wish[]; combined: Wish[] } {
  const single = comparisons.flatMap((c) =>
    c.keys
      .filter((key) => !key.weak)
      .map((key) => ({ label: `${c.column}: ${key.label}`, sql: key.sql, list: key.list === true })),
  );
  const combined: Wish[] = [];
  for (const [i, a] of comparisons.entries()) {
    for (const b of comparisons.slice(i + 1)) {
      for (const [x, y] of pairsOf(coarse(a), coarse(b))) {
        combined.push({
          label: `${a.column}: ${x.label} + ${b.column}: ${y.label}`,
          sql: `(${x.sql}) || '|' || (${y.sql})`,
          list: false,
        });
      }
    }
  }
  return { single, combined: combined.slice(0, mostCombined) };
}

function coarse(c: Comparison): Key[] {
  return c.keys.filter((key) => key.weak && !key.list);
}

function pairsOf<T>(a: readonly T[], b: readonly T[]): [T, T][] {
  return a.flatMap((x) => b.map((y): [T, T] => [x, y]));
}

/** Runs one rule with the largest blocks its budget allows. */
async function apply(database: Database, wish: Wish, size: Size, budget: number): Promise<Rule> {
  const key = wish.list ? `unnest(${wish.sql})` : wish.sql;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE keyed AS SELECT * FROM (SELECT rid, source, ${key} AS key FROM records) WHERE key IS NOT NULL`,
  );
  const made = size.linking
    ? 'count(*) FILTER (source = 0) * count(*) FILTER (source = 1)'
    : 'count(*) * (count(*) - 1) // 2';
  const bySize = await database.rows(
    `SELECT size, sum(pairs) FROM (SELECT count(*) AS size, ${made} AS pairs FROM keyed GROUP BY key)
     WHERE pairs > 0 GROUP BY size ORDER BY size`,
  );
  let largest = 0;
  let pairs = 0;
  for (const [blockSize, more] of bySize) {
    if (pairs + Number(more) > budget) break;
    largest = Number(blockSize);
    pairs += Number(more);
  }
  const rule = { label: wish.label, sql: wish.sql, largest, pairs };
  if (pairs === 0) return rule;
  const side = size.linking ? 'l.source = 0 AND r.source = 1' : 'l.rid < r.rid';
  await database.run(
    `INSERT INTO found
     WITH small AS (SELECT rid, source, key FROM keyed QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND ${largest})
     SELECT (l.rid::BIGINT << 32) + r.rid FROM small l JOIN small r USING (key) WHERE ${side}`,
  );
  return rule;
}
