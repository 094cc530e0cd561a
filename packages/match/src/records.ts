import type { Comparison } from './comparisons.js';
import { type Database, literal } from './database.js';
import type { FullSettings } from './settings.js';

/** How many records there are, and how many pairs of them could be one person. */
export interface Size {
  records: number;
  /** Two sources: a pair takes one record of each. */
  linking: boolean;
  /** Records of the first source; all of them where there is one. */
  first: number;
  pairs: number;
}

/**
 * The table `records`: rid, source, and for each comparison its canonical value `v`, how many records hold it `f`, and
 * what else its levels read. For text also `t`, the words as numbers, and `w`, their weights added up.
 */
export async function prepareRecords(
  database: Database,
  comparisons: readonly Comparison[],
  counts: readonly number[],
  settings: FullSettings,
): Promise<Size> {
  const records = counts.reduce((sum, count) => sum + count, 0);
  const linking = counts.length === 2;
  const first = counts[0] ?? 0;
  const pairs = linking ? first * (records - first) : (records * (records - 1)) / 2;

  if (settings.nicknames.length > 0) await loadNicknames(database, settings.nicknames);
  const prepared = comparisons.flatMap((c) => Object.entries(c.prepared));
  await database.run(
    `CREATE TABLE prepared AS SELECT rid, source, ${prepared.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM raw ORDER BY rid`,
  );
  const texts = comparisons.filter((c) => c.kind === 'text');
  for (const text of texts) await weighWords(database, text.index, records);

  const joins = texts.map((c) => `LEFT JOIN words${c.index} USING (rid)`);
  const extra = [
    ...texts.flatMap((c) => [`words${c.index}.t AS t${c.index}`, `words${c.index}.w AS w${c.index}`]),
    ...comparisons.map((c) => `${frequency(c)} AS f${c.index}`),
  ];
  await database.run(
    `CREATE TABLE records AS SELECT prepared.*, ${extra.join(', ')} FROM prepared ${joins.join(' ')} ORDER BY rid`,
  );
  await database.run('DROP TABLE prepared');
  return { records, linking, first, pairs };
}

/**
 * How many records hold a value. A name is as common as in the column where it is more common: a surname entered as a first
 * name is a rare first name, and yet says no more than the surname does.
 */
function frequency(c: Comparison): string {
  const own = `CASE WHEN v${c.index} IS NOT NULL THEN count(*) OVER (PARTITION BY v${c.index}) END`;
  if (c.crossed === undefined) return `(${own})::INTEGER`;
  const there = `(SELECT count(*) FROM prepared other WHERE other.v${c.crossed} = prepared.v${c.index})`;
  return `greatest(${own}, ${there})::INTEGER`;
}

/** Words of one value that are weighed at most: what comes after adds time and no certainty. */
const mostWords = 60;

/**
 * Weighs each word by how rare it is (bits of its frequency, in hundredths, at most 65,535) into the table `words`N:
 * rid, `t` (word number × 65,536 + weight, a list) and `w` (their sum).
 */
async function weighWords(database: Database, index: number, records: number): Promise<void> {
  await database.run(
    `CREATE TABLE said AS SELECT DISTINCT rid, word FROM
       (SELECT rid, unnest(string_split(v${index}, ' ')[:${mostWords}]) AS word FROM prepared WHERE v${index} IS NOT NULL)`,
  );
  await database.run(
    `CREATE TABLE weighed AS SELECT word,
       (row_number() OVER (ORDER BY word))::BIGINT * 65536 + greatest(1, least(65535, round(100 * log2(${records + 1} / count(*)))::INTEGER)) AS coded
     FROM said GROUP BY word`,
  );
  await database.run(
    `CREATE TABLE words${index} AS SELECT rid, list(coded ORDER BY coded) AS t, sum(coded % 65536)::INTEGER AS w
     FROM said JOIN weighed USING (word) GROUP BY rid`,
  );
  await database.run('DROP TABLE said');
  await database.run('DROP TABLE weighed');
}

async function loadNicknames(database: Database, groups: readonly (readonly string[])[]): Promise<void> {
  const sets = new Map<string, Set<number>>();
  for (const [i, group] of groups.entries()) {
    for (const name of group) {
      const word = name.trim().toLowerCase();
      sets.set(word, (sets.get(word) ?? new Set()).add(i));
    }
  }
  const rows = [...sets].map(([word, own]) => `(${literal(word)}, [${[...own].join(', ')}])`);
  await database.run('CREATE TABLE nicknames (word VARCHAR, sets INTEGER[])');
  if (rows.length > 0) await database.run(`INSERT INTO nicknames VALUES ${rows.join(', ')}`);
}
