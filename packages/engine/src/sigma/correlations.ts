import { Correlator, type Firing, type PlannedCorrelation, type RuleSet } from '@rollcall/sigma';
import type { Database } from '../lake/duckdb.js';
import { findPromising, type PromisingScan } from './promising.js';

/** Hits read at once, and firings written at once. */
const page = 20_000;
/** Firings kept of one run: beyond it a rule is no sign of anything. */
const maxFirings = 200_000;

export interface CorrelationScan extends PromisingScan {
  readonly set: RuleSet;
}

/**
 * Runs the correlations over `sigma_all` in order of time, and writes what fired to `sigma_firings`, whose `ref` are of
 * `sigma_sequence`. Returns, by number of the correlation, how often each fired.
 */
export async function correlate(
  options: CorrelationScan,
): Promise<{ fired: Map<PlannedCorrelation, number>; cut: boolean }> {
  const { database, set, correlations } = options;
  await database.run(
    'CREATE OR REPLACE TABLE sigma_firings (rule INTEGER, firing INTEGER, ref BIGINT, key VARCHAR, value DOUBLE)',
  );
  const fired = new Map<PlannedCorrelation, number>(correlations.map((rule) => [rule, 0]));
  await findPromising(options, new Map(set.rules.map((rule, i) => [rule, i])));
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
      `SELECT ref, CAST(epoch_ms(time) AS BIGINT) AS time, array_to_string(rules, ' ') AS rules, held
       FROM sigma_sequence WHERE ref BETWEEN ${from} AND ${from + page - 1} ORDER BY ref`,
    );
    for (const row of rows) {
      const matched = String(row.rules)
        .split(' ')
        .flatMap((n) => set.rules[Number(n)] ?? []);
      const event = JSON.parse(String(row.held)) as Record<string, unknown>;
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
