import type { Comparison } from './comparisons.js';
import type { Database } from './database.js';
import type { Size } from './records.js';

/** The level of a comparison as SQL: 0 where a side is not known, 1 for the closest level, and so on. */
function levelSql(comparison: Comparison): string {
  const v = `v${comparison.index}`;
  const whens = comparison.levels
    .map((level, i) =>
      level.when === undefined ? undefined : `WHEN ${level.when} THEN ${level.neutral ? 0 : i + 1}`,
    )
    .filter((when) => when !== undefined);
  return `(CASE WHEN l_${v} IS NULL OR r_${v} IS NULL THEN 0 ${whens.join(' ')} ELSE ${comparison.levels.length} END)::UTINYINT`;
}

/**
 * Compares the pairs of a table (l, r) and writes `target`: l, r, and the level of each comparison as g0, g1 … CASE stops
 * at the first level that holds, so dear functions run only on what is left; what several levels read is measured once.
 */
export async function comparePairs(
  database: Database,
  comparisons: readonly Comparison[],
  pairs: string,
  target: string,
): Promise<void> {
  const read = comparisons.flatMap((c) => [`v${c.index}`, ...c.reads]);
  const sides = read.flatMap((name) => [`l.${name} AS l_${name}`, `r.${name} AS r_${name}`]);
  const measured = comparisons.flatMap((c) =>
    Object.entries(c.measured).map(([name, sql]) => `${sql} AS ${name}`),
  );
  const levels = comparisons.map((c, i) => `${levelSql(c)} AS g${i}`);
  await database.run(
    `CREATE TABLE ${target} AS
     WITH both_sides AS (SELECT p.l, p.r, ${sides.join(', ')}
       FROM ${pairs} p JOIN records l ON l.rid = p.l JOIN records r ON r.rid = p.r),
     measured AS (SELECT ${['*', ...measured].join(', ')} FROM both_sides)
     SELECT l, r, ${levels.join(', ')} FROM measured`,
  );
}

/** Pairs of records picked evenly, to learn how often two different persons agree by chance. */
const randomPairs = 300_000;

/** Writes the table `chance` (l, r): all pairs where there are few, else an even choice that is the same each time. */
export async function pickRandomPairs(database: Database, size: Size): Promise<void> {
  const n = size.records;
  const second = n - size.first;
  if (size.linking) {
    const all = size.pairs <= randomPairs;
    await database.run(
      all
        ? `CREATE TABLE chance AS SELECT a::INTEGER AS l, b::INTEGER AS r FROM range(${size.first}) x(a), range(${size.first}, ${n}) y(b)`
        : `CREATE TABLE chance AS SELECT (i % ${size.first})::INTEGER AS l, (${size.first} + (i * 2654435761 + i // ${size.first}) % ${second})::INTEGER AS r
           FROM range(${randomPairs}) t(i)`,
    );
    return;
  }
  await database.run(
    size.pairs <= randomPairs
      ? `CREATE TABLE chance AS SELECT a::INTEGER AS l, b::INTEGER AS r FROM range(${n}) x(a), range(${n}) y(b) WHERE a < b`
      : `CREATE TABLE chance AS SELECT least(a, b)::INTEGER AS l, greatest(a, b)::INTEGER AS r
         FROM (SELECT i % ${n} AS a, (i % ${n} + 1 + (i * 2654435761 + i // ${n}) % ${n - 1}) % ${n} AS b FROM range(${randomPairs}) t(i))`,
  );
}

/** How often each combination of levels occurs. */
export interface Patterns {
  /** Combinations one after the other, one level for each comparison. */
  levels: Uint8Array;
  counts: Float64Array;
}

/** Levels of this many comparisons fit a double exactly. */
const packed = 12;

/** Counts the combinations of levels in a table written by `comparePairs`, in a fixed order. */
export async function countPatterns(database: Database, width: number, table: string): Promise<Patterns> {
  const groups: string[] = [];
  for (let start = 0; start < width; start += packed) {
    const terms: string[] = [];
    for (let i = start; i < Math.min(width, start + packed); i++) {
      terms.push(`g${i}::BIGINT * ${16 ** (i - start)}`);
    }
    groups.push(`(${terms.join(' + ')})::DOUBLE AS p${groups.length}`);
  }
  const names = groups.map((_, i) => `p${i}`).join(', ');
  const reader = await database.connection.runAndReadAll(
    `SELECT ${names}, count(*)::DOUBLE AS n FROM (SELECT ${groups.join(', ')} FROM ${table}) GROUP BY ${names} ORDER BY ${names}`,
  );
  const columns = reader.getColumns();
  const rows = reader.currentRowCount;
  const levels = new Uint8Array(rows * width);
  for (let i = 0; i < width; i++) {
    const column = columns[Math.floor(i / packed)] ?? [];
    const divisor = 16 ** (i % packed);
    for (let row = 0; row < rows; row++) {
      levels[row * width + i] = Math.floor(Number(column[row]) / divisor) % 16;
    }
  }
  return { levels, counts: Float64Array.from(columns.at(-1) ?? [], Number) };
}
