import { Correlator, type Firing, type PlannedCorrelation, type RuleSet } from '@rollcall/sigma';
import type { Database } from '../lake/duckdb.js';
import { keepPromising } from './promising.js';

/** Hits read at once, and firings written at once. */
const page = 20_000;
/** Firings kept of one run: beyond it a rule is no sign of anything. */
const maxFirings = 200_000;

/**
 * Runs the correlations over `sigma_hits` in order of time, and writes what fired to `sigma_firings`. Returns, by number of
 * the correlation, how often each fired.
 */
export async function correlate(
  database: Database,
  set: RuleSet,
  correlations: readonly PlannedCorrelation[],
  feeders: readonly number[],
): Promise<{ fired: Map<PlannedCorrelation, number>; cut: boolean }> {
  await database.run(
    'CREATE OR REPLACE TABLE sigma_firings (rule INTEGER, firing INTEGER, ref BIGINT, key VARCHAR, value DOUBLE)',
  );
  const fired = new Map<PlannedCorrelation, number>(correlations.map((rule) => [rule, 0]));
  const own = feeders.length > 0 ? `list_has_any(rules, [${feeders.join(', ')}])` : 'false';
  // A record is one, however many rules and maps it fits. Most are found once: only the others are put together, which takes
  // memory for each.
  await database.run(
    `CREATE OR REPLACE TEMP TABLE sigma_again AS SELECT source, uid FROM sigma_hits WHERE ${own} GROUP BY ALL HAVING count(*) > 1`,
  );
  await database.run(
    `CREATE OR REPLACE TABLE sigma_sequence AS
       SELECT h.rowid AS ref, source, uid, time, list_sort(list_distinct(rules)) AS rules, held, CAST(NULL AS JSON) AS several
       FROM sigma_hits h ANTI JOIN sigma_again USING (source, uid) WHERE ${own}
       UNION ALL
       SELECT min(h.rowid), source, uid, min(time) AS time, list_sort(list_distinct(flatten(list(rules)))) AS rules,
         CASE WHEN count(DISTINCT held) < 2 THEN any_value(held) END AS held,
         CASE WHEN count(DISTINCT held) > 1 THEN to_json(list(DISTINCT held ORDER BY held)) END AS several
       FROM sigma_hits h SEMI JOIN sigma_again USING (source, uid) WHERE ${own} GROUP BY source, uid`,
  );
  if (correlations.length === 0) return { fired, cut: false };
  await keepPromising(database, correlations, new Map(set.rules.map((rule, i) => [rule, i])));
  const numbers = new Map(correlations.map((rule, i) => [rule, i]));
  const correlator = new Correlator(
    { rules: set.rules, correlations, silent: set.silent },
    // Hits come in order. A burst is one firing, not one for each of its records.
    { lateness: 0, report: 'onset', maxGroups: 200_000, maxEntries: 2_000_000 },
  );
  let made = 0;
  let pending: [number, number, number, string, number][] = [];
  const take = (firings: readonly Firing[]): void => {
    for (const firing of firings) {
      if (made >= maxFirings) return;
      made++;
      fired.set(firing.rule, (fired.get(firing.rule) ?? 0) + 1);
      const key = firing.group.map(({ field, value }) => `${field} ${value}`).join(', ');
      const rule = numbers.get(firing.rule) ?? -1;
      for (const ref of firing.refs) pending.push([rule, made, ref, key, firing.value]);
    }
  };

  const total = await database.number('SELECT count(*) FROM sigma_sequence');
  for (let from = 1; from <= total; from += page) {
    const rows = await database.rows(
      `SELECT ref, CAST(epoch_ms(time) AS BIGINT) AS time, array_to_string(rules, ' ') AS rules, held, several
       FROM sigma_sequence WHERE ref BETWEEN ${from} AND ${from + page - 1} ORDER BY ref`,
    );
    for (const row of rows) {
      const matched = String(row.rules)
        .split(' ')
        .flatMap((n) => set.rules[Number(n)] ?? []);
      const held = typeof row.several === 'string' ? (JSON.parse(row.several) as string[]) : [row.held];
      const event = eventOf(held.filter((text) => typeof text === 'string'));
      take(correlator.push({ ref: Number(row.ref), time: Number(row.time), event, matched }));
    }
    if (pending.length >= page) {
      await write(database, pending);
      pending = [];
    }
  }
  take(correlator.flush());
  await write(database, pending);
  return { fired, cut: made >= maxFirings };
}

/** The values kept beside a hit, as a record whose keys are the fields. */
function eventOf(held: readonly string[]): Readonly<Record<string, unknown>> {
  const [only] = held;
  if (held.length === 1 && only !== undefined) return JSON.parse(only) as Record<string, unknown>;
  // One record that several maps have read: a value that one of them found holds.
  const event = new Map<string, unknown>();
  for (const text of held) {
    for (const [field, values] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
      if (values !== null && !event.has(field)) event.set(field, values);
    }
  }
  return Object.fromEntries(event);
}

async function write(database: Database, rows: readonly unknown[][]): Promise<void> {
  if (rows.length === 0) return;
  for (let from = 0; from < rows.length; from += page) {
    await database.run(
      `INSERT INTO sigma_firings SELECT CAST(j ->> 0 AS INTEGER), CAST(j ->> 1 AS INTEGER), CAST(j ->> 2 AS BIGINT), j ->> 3, CAST(j ->> 4 AS DOUBLE)
       FROM (SELECT unnest(CAST($rows AS JSON[])) AS j)`,
      { rows: JSON.stringify(rows.slice(from, from + page)) },
    );
  }
}
