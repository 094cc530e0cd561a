import { stat } from 'node:fs/promises';
import { known, plainWords } from './canonical.js';
import { type Database, identifier, literal } from './database.js';
import type { Source } from './settings.js';

/** Longest value that is read; what is beyond is cut off. Similarity takes time that grows with the square of it. */
const longestValue = 2_000;
const mostColumns = 200;
/** Records are counted in 32 bits, pairs of them in 64. */
const mostRecords = 50_000_000;

export interface Loaded {
  /** Columns in all sources but the id, as the first source writes them, and as the table `raw` has them: c0, c1 … */
  columns: string[];
  id: string;
  /** Records a source, in order. */
  counts: number[];
}

/** Column names are compared without case, accents, spaces and punctuation. */
function plain(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/**
 * Reads one source, or two to be linked, into the table `raw` (rid, source, id, c0, c1 … as read, w0, w1 … as plain words). `rid` counts up in the order
 * of source, id and content: the order of rows in a file changes nothing. Throws with the name of the file.
 */
export async function load(
  database: Database,
  sources: readonly Source[],
  wantedId?: string,
): Promise<Loaded> {
  const tables: { name: string; table: string; columns: string[] }[] = [];
  for (const [i, source] of sources.entries()) {
    const table = `source${i}`;
    const name = typeof source === 'string' ? source : source.name;
    const columns = await readSource(database, source, table);
    if (columns.length > mostColumns) {
      throw new Error(`${name}: ${columns.length} columns; at most ${mostColumns} can be compared`);
    }
    tables.push({ name, table, columns });
  }
  const [first] = tables;
  if (!first) throw new Error('nothing to match: no source given');

  const id = await findId(database, tables, wantedId);
  const idOfFirst = columnOf(first.columns, id);
  const shared = first.columns.filter(
    (column) =>
      column !== idOfFirst && tables.every((table) => columnOf(table.columns, column) !== undefined),
  );
  if (shared.length === 0) {
    throw new Error(`${tables.map((table) => table.name).join(', ')}: no column to compare beside the id`);
  }

  const parts: string[] = [];
  const counts: number[] = [];
  for (const [i, table] of tables.entries()) {
    const [count = 0] = await database.numbers(`SELECT count(*) FROM ${table.table}`);
    if (count > mostRecords)
      throw new Error(`${table.name}: ${count} records; at most ${mostRecords} are read`);
    counts.push(count);
    const cells = shared.map(
      (column, c) =>
        `left(${identifier(columnOf(table.columns, column) ?? column)}, ${longestValue}) AS c${c}`,
    );
    const idColumn = identifier(columnOf(table.columns, id) ?? id);
    parts.push(
      `SELECT ${i}::UTINYINT AS source, trim(${idColumn}) AS id, ${cells.join(', ')} FROM ${table.table}`,
    );
  }
  const order = ['source', 'id', ...shared.map((_, c) => `c${c}`)].join(', ');
  const words = shared.map((_, c) => `${plainWords(`c${c}`)} AS w${c}`).join(', ');
  const filled = shared.map((_, c) => `${known(`w${c}`)} AS w${c}`).join(', ');
  await database.run(
    `CREATE TABLE ordered AS SELECT (row_number() OVER (ORDER BY ${order}) - 1)::INTEGER AS rid, *
     FROM (${parts.join(' UNION ALL ')}) ORDER BY rid`,
  );
  await database.run(
    `CREATE TABLE raw AS SELECT * REPLACE (${filled}) FROM (SELECT *, ${words} FROM ordered) ORDER BY rid`,
  );
  await database.run('DROP TABLE ordered');
  for (const table of tables) await database.run(`DROP TABLE ${table.table}`);
  return { columns: shared, id, counts };
}

/** The column of that name, or else the one whose name differs only in how it is written. */
function columnOf(columns: readonly string[], wanted: string): string | undefined {
  if (columns.includes(wanted)) return wanted;
  const name = plain(wanted);
  return name === '' ? undefined : columns.find((column) => plain(column) === name);
}

async function readSource(database: Database, source: Source, table: string): Promise<string[]> {
  if (typeof source === 'string') await readCsv(database, source, table);
  else await readTable(database, source, table);
  const described = await database.rows(`DESCRIBE ${table}`);
  return described.map((row) => String(row[0]));
}

async function readCsv(database: Database, file: string, table: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Error(`${file}: no such file`);
  // A bracket around it makes DuckDB read a wildcard in a file name as the character it is.
  const exact = file.replace(/[*?[]/g, '[$&]');
  try {
    await database.run(
      `CREATE TABLE ${table} AS SELECT * FROM read_csv(${literal(exact)}, header = true, all_varchar = true)`,
    );
  } catch (error) {
    throw new Error(`${file}: not readable as CSV: ${firstLine(error)}`);
  }
}

async function readTable(database: Database, source: Exclude<Source, string>, table: string): Promise<void> {
  const names = [...new Set(source.rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) throw new Error(`${source.name}: no records`);
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw new Error(`${source.name}: two columns differ only by upper and lower case`);
  }
  await database.run(
    `CREATE TABLE ${table} (${names.map((name) => `${identifier(name)} VARCHAR`).join(', ')})`,
  );
  const appender = await database.connection.createAppender(table);
  for (const row of source.rows) {
    for (const name of names) {
      const value = row[name];
      if (value === null || value === undefined) appender.appendNull();
      else appender.appendVarchar(String(value));
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** The id column: the one asked for, or the first with a telling name and a value of its own in every row of every source. */
async function findId(
  database: Database,
  tables: readonly { name: string; table: string; columns: string[] }[],
  wanted?: string,
): Promise<string> {
  const first = tables[0];
  if (wanted !== undefined) {
    for (const table of tables) {
      const column = columnOf(table.columns, wanted);
      if (column === undefined)
        throw new Error(`${table.name}: no column “${wanted}” to name the records by`);
      if (!(await isDistinct(database, table.table, column))) {
        throw new Error(
          `${table.name}: “${wanted}” is empty or repeated in some rows, so it cannot name them`,
        );
      }
    }
    return wanted;
  }
  for (const column of first?.columns ?? []) {
    if (!/(?:^|[^a-z])(?:id|key|ref|uid|uuid|number|no)$|Id$|ID$/i.test(column.trim())) continue;
    let everywhere = true;
    for (const table of tables) {
      const own = columnOf(table.columns, column);
      everywhere &&= own !== undefined && (await isDistinct(database, table.table, own));
    }
    if (everywhere) return column;
  }
  throw new Error(
    `${tables.map((table) => table.name).join(', ')}: no column that names each record; say which one with the setting “id”`,
  );
}

async function isDistinct(database: Database, table: string, column: string): Promise<boolean> {
  const name = `trim(${identifier(column)})`;
  const [all, filled, distinct] = await database.numbers(
    `SELECT count(*), count(nullif(${name}, '')), count(DISTINCT ${name}) FROM ${table}`,
  );
  return all === filled && all === distinct;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
