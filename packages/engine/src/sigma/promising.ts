import { isCorrelation, type PlannedCorrelation, type PlannedRule } from '@rollcall/sigma';
import { type Database, literal } from '../lake/duckdb.js';

/**
 * Leaves out of `sigma_sequence` the hits that cannot matter: those whose group never gathers enough, within any two
 * neighbouring stretches of the length of the window, for the correlations that read them. A window lies in two such
 * stretches, so nothing that could fire is lost, and neither is a hit that counts in it. Most hits are of groups that
 * stay small; the database finds them far faster than one record after another can be looked at.
 *
 * `numbers`: of each rule, as `sigma_sequence.rules` names it. Leaves `sigma_sequence` with a `ref` that
 * counts from 1 in order of time, source and id.
 */
export async function keepPromising(
  database: Database,
  correlations: readonly PlannedCorrelation[],
  numbers: ReadonlyMap<PlannedRule, number>,
): Promise<void> {
  await database.run(
    'CREATE OR REPLACE TEMP TABLE sigma_kept (correlation INTEGER, rule INTEGER, ref BIGINT)',
  );
  const places = new Map(correlations.map((correlation, i) => [correlation, i]));
  const rulesOf = (correlation: PlannedCorrelation): [number, readonly string[]][] =>
    correlation.inputs.flatMap((input, i) => {
      const number = isCorrelation(input) ? undefined : numbers.get(input);
      return number === undefined ? [] : [[number, correlation.groupFields[i] ?? []]];
    });
  for (const [place, correlation] of correlations.entries()) {
    const rules = rulesOf(correlation);
    if (rules.length === 0) continue;
    const promising = enough(correlation, places);
    await database.run(
      promising === undefined
        ? `INSERT INTO sigma_kept SELECT ${place}, rule, ref FROM (SELECT ref, unnest(rules) AS rule FROM sigma_sequence) WHERE rule IN (${rules.map(([rule]) => rule).join(', ')})`
        : `INSERT INTO sigma_kept
           WITH hits AS MATERIALIZED (${rules.map(([rule, fields]) => hitsOf(correlation, rule, fields)).join(' UNION ALL ')}),
             twice AS (SELECT key, stretch, rule, value FROM hits UNION ALL SELECT key, stretch - 1, rule, value FROM hits),
             promising AS (${promising})
           SELECT DISTINCT ${place}, rule, ref FROM hits h
           WHERE EXISTS (SELECT 1 FROM promising p WHERE p.key = h.key AND p.stretch = h.stretch)
              OR EXISTS (SELECT 1 FROM promising p WHERE p.key = h.key AND p.stretch = h.stretch - 1)`,
    );
  }
  await database.run(
    `CREATE OR REPLACE TABLE sigma_sequence AS
       SELECT row_number() OVER (ORDER BY s.time, s.source, s.uid) AS ref, s.source, s.uid, s.time, k.rules, s.held, s.several
       FROM sigma_sequence s JOIN (SELECT ref, list_sort(list(DISTINCT rule)) AS rules FROM sigma_kept GROUP BY ref) k USING (ref)`,
  );
}

/** What selects `key` and `stretch` of groups that may reach what a correlation asks for; `undefined`: all may. */
function enough(
  correlation: PlannedCorrelation,
  places: ReadonlyMap<PlannedCorrelation, number>,
): string | undefined {
  const { rule, inputs } = correlation;
  if (rule.expression !== undefined || rule.timespan <= 0) return undefined;
  const least = Math.max(
    0,
    ...rule.thresholds.map(({ op, value }) =>
      op === 'gte' || op === 'eq' ? Math.ceil(value) : op === 'gt' ? Math.floor(value) + 1 : 0,
    ),
  );
  switch (rule.type) {
    case 'event_count':
    case 'value_count':
      // An inner correlation brings records of its own.
      if (least < 2 || inputs.some(isCorrelation)) return undefined;
      return `SELECT key, stretch FROM twice GROUP BY key, stretch HAVING count(DISTINCT value) >= ${least}`;
    case 'temporal':
    case 'temporal_ordered': {
      const all = new Set(inputs).size;
      const wanted = rule.type === 'temporal' && rule.thresholds.length > 0 ? least : all;
      if (wanted < 2) return undefined;
      const inner = [...new Set(inputs.filter(isCorrelation))];
      // What an inner correlation is grouped by may be something else: of it only the time is looked at.
      const span = stretchOf(rule.timespan);
      const times = inner.map(
        (one, i) =>
          `SELECT ${i} AS input, ${span} AS stretch FROM sigma_sequence WHERE ref IN (SELECT ref FROM sigma_kept WHERE correlation IN (${leavesOf(one, places).join(', ')}))`,
      );
      if (times.length === 0)
        return `SELECT key, stretch FROM twice GROUP BY key, stretch HAVING count(DISTINCT rule) >= ${wanted}`;
      return `SELECT t.key, t.stretch FROM twice t
        LEFT JOIN (SELECT stretch, count(DISTINCT input) AS inner_ones FROM (
            SELECT input, stretch FROM (${times.join(' UNION ALL ')}) UNION ALL SELECT input, stretch - 1 FROM (${times.join(' UNION ALL ')}))
          GROUP BY stretch) i ON i.stretch = t.stretch
        GROUP BY t.key, t.stretch HAVING count(DISTINCT t.rule) + coalesce(max(i.inner_ones), 0) >= ${wanted}`;
    }
    default:
      return undefined;
  }
}

/** The correlations that rules feed, under one and with it. */
function leavesOf(
  correlation: PlannedCorrelation,
  places: ReadonlyMap<PlannedCorrelation, number>,
): number[] {
  const own = places.get(correlation);
  return [
    ...(own === undefined ? [] : [own]),
    ...correlation.inputs.filter(isCorrelation).flatMap((inner) => leavesOf(inner, places)),
  ];
}

/** The hits of one rule: `ref`, `rule`, `stretch` of time, `key` of the group, `value` that is counted. */
function hitsOf({ rule }: PlannedCorrelation, number: number, fields: readonly string[]): string {
  const counted = rule.type === 'value_count' ? rule.countedFields : [];
  const cells = [...fields, ...counted];
  // One row for each combination of values; a record without a value of a field is in no group.
  const lists = cells.map((field, i) => `${textsOf(field)} AS f${i}`);
  let from = `SELECT ref, ${number} AS rule, ${stretchOf(rule.timespan)} AS stretch${lists.map((list) => `, ${list}`).join('')}
    FROM (SELECT ref, time, unnest(CASE WHEN several IS NULL THEN [held] ELSE CAST(CAST(several AS JSON) AS VARCHAR[]) END) AS held
      FROM sigma_sequence WHERE list_contains(rules, ${number}))`;
  for (const i of cells.keys()) from = `SELECT * REPLACE (unnest(f${i}) AS f${i}) FROM (${from})`;
  const tuple = (start: number, count: number): string =>
    count === 0 ? "''" : `to_json([${Array.from({ length: count }, (_, i) => `f${start + i}`).join(', ')}])`;
  const value = counted.length === 0 ? 'CAST(ref AS VARCHAR)' : tuple(fields.length, counted.length);
  return `SELECT ref, rule, stretch, ${tuple(0, fields.length)} AS key, ${value} AS value FROM (${from})`;
}

/** The texts a hit holds of a field. */
function textsOf(field: string): string {
  // A JSON pointer names any key there is.
  const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return `CAST(json_extract(held, ${literal(pointer)}) AS VARCHAR[])`;
}

function stretchOf(seconds: number): string {
  return `CAST(floor(epoch_ms(time) / ${Math.ceil(seconds * 1000)}.0) AS BIGINT)`;
}
