import { isCorrelation, type PlannedCorrelation, type PlannedRule } from '@rollcall/sigma';
import { type Database, literal } from '../lake/duckdb.js';
import type { Keep } from './kept-hits.js';
import { KeptPromising } from './kept-promising.js';

/** What of the hits may matter to which correlations. */
export interface PromisingScan {
  readonly database: Database;
  readonly correlations: readonly PlannedCorrelation[];
  /** Column of `sigma_all` of each field. */
  readonly held: ReadonlyMap<string, string>;
  /** Nothing later is looked at; SQL. */
  readonly cut: string;
  /** Where hits that may matter are kept from scan to scan, and what says which hits there are. */
  readonly keep?: Keep & { readonly asked: readonly string[] };
}

/**
 * Leaves in `sigma_sequence` the hits that matter: those whose group gathers enough, within any two neighbouring stretches
 * of the length of the window, for the correlations that read them. A window lies in two such stretches, so nothing that
 * could fire is lost, and neither is a hit that counts in it. Most hits are of groups that stay small; the database finds
 * them far faster than one record after another can be looked at.
 *
 * Where they are kept from scan to scan, only the groups that further hits are of are looked at, about their time: further
 * hits can make others matter, and never the contrary. More of them than need be change nothing that fires, so the cut
 * comes last.
 *
 * `numbers`: of each rule, as `sigma_all.rules` names it. `ref` counts from 1 in order of time, source and id; `held` is a
 * JSON object of field → texts.
 */
export async function findPromising(
  { database, correlations, held, cut, keep }: PromisingScan,
  numbers: ReadonlyMap<PlannedRule, number>,
): Promise<void> {
  const asked = questions(correlations, numbers, held);
  const kept =
    keep && (await KeptPromising.open(keep, [await engine(database), keep.asked, [...held], asked]));
  const columns = [...held.values()];
  const before = kept?.before;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE sigma_before AS
     ${before === undefined ? 'SELECT CAST(NULL AS INTEGER) AS correlation, CAST(NULL AS INTEGER) AS rule, * EXCLUDE (file, rules) FROM sigma_all LIMIT 0' : `SELECT * FROM ${before}`}`,
  );
  await database.run(
    'CREATE OR REPLACE TEMP TABLE sigma_kept AS SELECT correlation, rule, source, uid, time FROM sigma_before',
  );
  const fresh = kept?.fresh ?? 'true';
  const times = before === undefined ? undefined : await timesOf(database, fresh);
  let further = false;
  for (const { alone, place, reads, seconds, promising, hits } of asked) {
    const span = times && spanOf(reads, times, seconds);
    if (times && span === undefined) continue;
    further = true;
    const near = hits(span === undefined ? 'true' : `time BETWEEN ${span.join(' AND ')}`);
    // What an inner correlation gives is of any group.
    const from =
      span === undefined || !alone ? near : `SELECT * FROM (${near}) SEMI JOIN (${hits(fresh)}) USING (key)`;
    await database.run(
      `INSERT INTO sigma_kept
       WITH hits AS MATERIALIZED (${from})${promising === undefined ? '' : `, ${promising}`}
       SELECT DISTINCT ${place}, rule, source, uid, time FROM hits
       ${promising === undefined ? '' : 'SEMI JOIN (SELECT key, stretch FROM promising UNION SELECT key, stretch + 1 FROM promising) USING (key, stretch)'}`,
    );
  }
  const texts = columns.map((column) => `, ${column}`).join('');
  const found = `WITH fresh AS (SELECT DISTINCT source, uid, time FROM sigma_kept ANTI JOIN sigma_before USING (source, uid))
    SELECT source, uid${texts} FROM sigma_all SEMI JOIN fresh USING (source, uid)
    WHERE time BETWEEN (SELECT min(time) FROM fresh) AND (SELECT max(time) FROM fresh) UNION ALL `;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE sigma_told AS SELECT source, uid${columns.map((column) => `, min(${column}) AS ${column}`).join('')}
     FROM (${further ? found : ''}SELECT source, uid${texts} FROM sigma_before) GROUP BY source, uid`,
  );
  if (kept !== undefined)
    await kept.keep(
      database,
      further || before === undefined
        ? `SELECT k.*${columns.map((column) => `, t.${column}`).join('')} FROM (SELECT DISTINCT * FROM sigma_kept) k JOIN sigma_told t USING (source, uid) ORDER BY ALL`
        : undefined,
    );
  const cells = [...held].map(([field, column]) => `${literal(field)}, t.${column}`).join(', ');
  await database.run(
    `CREATE OR REPLACE TABLE sigma_sequence AS
       SELECT row_number() OVER (ORDER BY k.time, k.source, k.uid) AS ref, k.source, k.uid, k.time, k.rules,
         CAST(json_object(${cells}) AS VARCHAR) AS held
       FROM (SELECT source, uid, min(time) AS time, list_sort(list(DISTINCT rule)) AS rules FROM sigma_kept WHERE time <= ${cut} GROUP BY ALL) k
       JOIN sigma_told t ON t.source = k.source AND t.uid = k.uid`,
  );
}

type Span = readonly [first: number, last: number];

/** When the hits of each rule were of which a condition is so, in milliseconds. */
async function timesOf(database: Database, where: string): Promise<Map<number, Span>> {
  const rows = await database.rows(
    `SELECT rule, CAST(min(epoch_ms(time)) AS BIGINT) AS first, CAST(max(epoch_ms(time)) AS BIGINT) AS last
     FROM (SELECT unnest(rules) AS rule, time FROM sigma_all WHERE ${where}) GROUP BY rule`,
  );
  return new Map(rows.map((row) => [Number(row.rule), [Number(row.first), Number(row.last)]]));
}

/** From the first to the last hit of some rules, and as far before and after as two stretches reach; SQL. */
function spanOf(
  rules: readonly number[],
  times: ReadonlyMap<number, Span>,
  seconds: number,
): [string, string] | undefined {
  const spans = rules.map((rule) => times.get(rule)).filter((span) => span !== undefined);
  if (spans.length === 0) return undefined;
  const reach = 2 * Math.ceil(seconds * 1000);
  const at = (milliseconds: number) => `make_timestamp_ms(CAST(${milliseconds} AS BIGINT))`;
  // Times are of microseconds.
  return [
    at(Math.min(...spans.map(([first]) => first)) - reach),
    at(Math.max(...spans.map(([, last]) => last)) + reach + 1),
  ];
}

async function engine(database: Database): Promise<string> {
  return String((await database.rows('SELECT version() AS version'))[0]?.version);
}

/** What is asked of the hits for one correlation. */
interface Question {
  readonly place: number;
  /** Whether it reads no other correlation. */
  readonly alone: boolean;
  /** Rules whose hits it depends on, those of correlations it reads among them. */
  readonly reads: readonly number[];
  /** How long its window is, and those of correlations it reads. */
  readonly seconds: number;
  /** See `enough`. */
  readonly promising: string | undefined;
  /** What selects its hits of which a condition is so. */
  readonly hits: (where: string) => string;
  /** All of it, for a digest. */
  readonly toJSON: () => unknown;
}

function questions(
  correlations: readonly PlannedCorrelation[],
  numbers: ReadonlyMap<PlannedRule, number>,
  held: ReadonlyMap<string, string>,
): Question[] {
  const places = new Map(correlations.map((correlation, i) => [correlation, i]));
  return correlations.flatMap((correlation, place): Question[] => {
    const rules = correlation.inputs.flatMap((input, i): [number, readonly string[]][] => {
      const number = isCorrelation(input) ? undefined : numbers.get(input);
      return number === undefined ? [] : [[number, correlation.groupFields[i] ?? []]];
    });
    if (rules.length === 0) return [];
    const promising = enough(correlation, places);
    const hits = (where: string) =>
      rules.map(([rule, fields]) => hitsOf(correlation, rule, fields, held, where)).join(' UNION ALL ');
    const alone = !correlation.inputs.some(isCorrelation);
    const question = { place, alone, ...reachOf(correlation, numbers), promising };
    return [{ ...question, hits, toJSON: () => ({ ...question, hits: hits('true') }) }];
  });
}

/** What a correlation depends on, down to the rules: which, and over how long a time. */
function reachOf(
  { rule, inputs }: PlannedCorrelation,
  numbers: ReadonlyMap<PlannedRule, number>,
): { reads: number[]; seconds: number } {
  const inner = inputs.filter(isCorrelation).map((one) => reachOf(one, numbers));
  const own = inputs.flatMap((input) => (isCorrelation(input) ? [] : (numbers.get(input) ?? [])));
  return {
    reads: [...own, ...inner.flatMap(({ reads }) => reads)],
    seconds: inner.reduce((sum, { seconds }) => sum + seconds, rule.timespan),
  };
}

/**
 * The end of a WITH that selects, as `promising`, `key` and `stretch` of groups that may reach what a correlation asks for;
 * `undefined`: all may.
 */
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
      return different('value', least);
    case 'temporal':
    case 'temporal_ordered': {
      const all = new Set(inputs).size;
      const wanted = rule.type === 'temporal' && rule.thresholds.length > 0 ? least : all;
      if (wanted < 2) return undefined;
      const inner = [...new Set(inputs.filter(isCorrelation))];
      if (inner.length === 0) return different('rule', wanted);
      // What an inner correlation is grouped by may be something else: of it only the time is looked at.
      const times = inner
        .map(
          (one, i) =>
            `SELECT ${i} AS input, ${stretchOf(rule.timespan)} AS stretch FROM sigma_kept WHERE correlation IN (${leavesOf(one, places).join(', ')})`,
        )
        .join(' UNION ALL ');
      return `twice AS (SELECT key, stretch, rule FROM hits UNION ALL SELECT key, stretch - 1, rule FROM hits),
        times AS (${times}),
        promising AS (
          SELECT t.key, t.stretch FROM twice t
          LEFT JOIN (SELECT stretch, count(DISTINCT input) AS inner_ones
            FROM (SELECT input, stretch FROM times UNION ALL SELECT input, stretch - 1 FROM times) GROUP BY stretch) i ON i.stretch = t.stretch
          GROUP BY t.key, t.stretch HAVING count(DISTINCT t.rule) + coalesce(max(i.inner_ones), 0) >= ${wanted})`;
    }
    default:
      return undefined;
  }
}

/**
 * Groups with so many different values of a column in two neighbouring stretches. Least, greatest and number are quick to
 * find and leave out nearly all; the others are counted.
 */
function different(column: 'rule' | 'value', least: number): string {
  return `spans AS (SELECT key, stretch, count(*) AS n, min(${column}) AS low, max(${column}) AS high FROM hits GROUP BY key, stretch),
    likely AS (
      SELECT key, stretch FROM (SELECT * FROM spans UNION ALL SELECT * REPLACE (stretch - 1 AS stretch) FROM spans)
      GROUP BY key, stretch HAVING sum(n) >= ${least} AND min(low) <> max(high)),
    promising AS (${
      least === 2
        ? 'FROM likely'
        : `SELECT l.key, l.stretch FROM likely l JOIN hits h ON h.key = l.key AND h.stretch BETWEEN l.stretch AND l.stretch + 1
           GROUP BY l.key, l.stretch HAVING count(DISTINCT h.${column}) >= ${least}`
    })`;
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

/** The hits of one rule: `source`, `uid`, `time`, `rule`, `stretch` of time, `key` of the group, `value` that is counted. */
function hitsOf(
  { rule }: PlannedCorrelation,
  number: number,
  fields: readonly string[],
  held: ReadonlyMap<string, string>,
  where: string,
): string {
  const counted = rule.type === 'value_count' ? rule.countedFields : [];
  const cells = [...fields, ...counted];
  // One row for each combination of values; a record without a value of a field is in no group.
  const lists = cells.map((field, i) => `, ${held.get(field) ?? 'CAST(NULL AS VARCHAR[])'} AS f${i}`);
  let from = `SELECT source, uid, time, ${stretchOf(rule.timespan)} AS stretch${lists.join('')} FROM sigma_all WHERE list_contains(rules, ${number}) AND ${where}`;
  for (const i of cells.keys()) from = `SELECT * REPLACE (unnest(f${i}) AS f${i}) FROM (${from})`;
  const tuple = (start: number, count: number): string =>
    count === 1
      ? `f${start}`
      : `CAST(to_json([${Array.from({ length: count }, (_, i) => `f${start + i}`).join(', ')}]) AS VARCHAR)`;
  // A record counts once, whatever number of values put it into a group.
  const value = counted.length === 0 ? "source || ' ' || uid" : tuple(fields.length, counted.length);
  return `SELECT source, uid, time, ${number} AS rule, stretch, ${fields.length === 0 ? "''" : tuple(0, fields.length)} AS key, ${value} AS value FROM (${from})`;
}

function stretchOf(seconds: number): string {
  return `CAST(floor(epoch_ms(time) / ${Math.max(1, Math.ceil(seconds * 1000))}.0) AS BIGINT)`;
}
