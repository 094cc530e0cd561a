import { stat } from 'node:fs/promises';
import { cut, knownWords } from './canonical.js';
import { Database, identifier, literal, type Resources } from './database.js';
import type { Source } from './settings.js';

/** Longest value that is read, in UTF-16 units; what is beyond is cut off. */
const longestValue = 2_000;
const mostColumns = 200;
/** Pairs of record numbers must stay exact in a double. */
const mostRecords = 50_000_000;

/** A column as read: each distinct text once. */
export interface Column {
  name: string;
  /** Of each record the place of its text in `texts`, -1 where there is none. */
  of: Int32Array;
  texts: string[];
  /** The same in plain words, undefined where they say nothing. */
  words: (string | undefined)[];
}

/** Records, numbered by source and id: the order of rows in a file changes nothing. */
export interface Loaded {
  /** Columns in all sources but the id, as the first source writes them. */
  columns: Column[];
  /** Id of each record. */
  ids: string[];
  /** Records a source, in order. */
  counts: number[];
}

/** One source as it was read: columns of cells, row by row. */
interface Read {
  name: string;
  columns: Map<string, Cells>;
  rows: number;
}

/** Cells of a column as numbers of texts. */
class Cells {
  readonly of: number[] = [];
  readonly texts: string[] = [];
  private readonly known = new Map<string, number>();

  add(value: string | undefined): void {
    if (value === undefined) {
      this.of.push(-1);
      return;
    }
    const text = cut(value, longestValue);
    let number = this.known.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.known.set(text, number);
      this.texts.push(text);
    }
    this.of.push(number);
  }
}

/** Column names are compared without case, accents, spaces and punctuation. */
export function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Reads one source, or two to be linked. Throws with the name of the file. */
export async function load(
  sources: readonly Source[],
  resources: Resources,
  wantedId?: string,
): Promise<Loaded> {
  const tables: Read[] = [];
  for (const source of sources) {
    const table = typeof source === 'string' ? await readCsv(source, resources) : readTable(source);
    if (table.columns.size > mostColumns) {
      throw new Error(`${table.name}: ${table.columns.size} columns; at most ${mostColumns} can be compared`);
    }
    tables.push(table);
  }
  const [first] = tables;
  if (!first) throw new Error('nothing to match: no source given');

  const id = findId(tables, wantedId);
  const idOfFirst = columnOf(first, id);
  const shared = [...first.columns.keys()].filter(
    (column) => column !== idOfFirst && tables.every((table) => columnOf(table, column) !== undefined),
  );
  if (shared.length === 0) {
    throw new Error(`${tables.map((table) => table.name).join(', ')}: no column to compare beside the id`);
  }
  const orders = tables.map((table) => orderById(table, id));
  return {
    columns: shared.map((name) => merge(name, tables, orders)),
    ids: tables.flatMap((table, i) => {
      const cells = cellsOf(table, id);
      return Array.from(orders[i] ?? [], (row) => textAt(cells, row)?.trim() ?? '');
    }),
    counts: tables.map((table) => table.rows),
  };
}

/** Rows of a table in the order of their ids. */
function orderById(table: Read, id: string): Uint32Array {
  const cells = cellsOf(table, id);
  const ids = Array.from({ length: table.rows }, (_, row) => textAt(cells, row)?.trim() ?? '');
  return Uint32Array.from(ids.keys()).sort((a, b) => {
    const [x, y] = [ids[a] ?? '', ids[b] ?? ''];
    return x < y ? -1 : x > y ? 1 : 0;
  });
}

/** One column of all sources, its texts numbered by the record that says them first. */
function merge(name: string, tables: readonly Read[], orders: readonly Uint32Array[]): Column {
  const of = new Int32Array(tables.reduce((sum, table) => sum + table.rows, 0));
  const texts: string[] = [];
  const known = new Map<string, number>();
  let rid = 0;
  for (const [i, table] of tables.entries()) {
    const cells = cellsOf(table, name);
    const numbers = new Int32Array(cells.texts.length).fill(-1);
    for (const row of orders[i] ?? []) {
      const own = cells.of[row] ?? -1;
      let number = own < 0 ? -1 : (numbers[own] ?? -1);
      if (own >= 0 && number < 0) {
        const text = cells.texts[own] ?? '';
        number = known.get(text) ?? texts.length;
        if (number === texts.length) {
          known.set(text, number);
          texts.push(text);
        }
        numbers[own] = number;
      }
      of[rid++] = number;
    }
  }
  return { name, of, texts, words: texts.map(knownWords) };
}

function textAt(cells: Cells, row: number): string | undefined {
  const number = cells.of[row] ?? -1;
  return number < 0 ? undefined : cells.texts[number];
}

function cellsOf(table: Read, wanted: string): Cells {
  const column = columnOf(table, wanted);
  return (column === undefined ? undefined : table.columns.get(column)) ?? new Cells();
}

/** The column of that name, or else the one whose name differs only in how it is written. */
function columnOf(table: Read, wanted: string): string | undefined {
  if (table.columns.has(wanted)) return wanted;
  const name = plainName(wanted);
  return name === '' ? undefined : [...table.columns.keys()].find((column) => plainName(column) === name);
}

async function readCsv(file: string, resources: Resources): Promise<Read> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Error(`${file}: no such file`);
  // A bracket around it makes DuckDB read a wildcard in a file name as the character it is.
  const exact = file.replace(/[*?[]/g, '[$&]');
  const database = await Database.open(resources);
  try {
    const from = `FROM read_csv(${literal(exact)}, header = true, all_varchar = true)`;
    const names = (await database.rows(`DESCRIBE SELECT * ${from}`)).map((row) => String(row[0]));
    const columns = new Map(names.map((name) => [name, new Cells()]));
    const cells = [...columns.values()];
    const selected = names.map((name) => `left(${identifier(name)}, ${longestValue})`);
    let rows = 0;
    for await (const chunk of database.chunks(`SELECT ${selected.join(', ')} ${from}`)) {
      rows += chunk.rowCount;
      if (rows > mostRecords) throw new Error(`more than ${mostRecords} records`);
      for (const [i, column] of cells.entries()) {
        for (const value of chunk.getColumnValues(i)) column.add(value === null ? undefined : String(value));
      }
    }
    return { name: file, columns, rows };
  } catch (error) {
    throw new Error(`${file}: not readable as CSV: ${firstLine(error)}`);
  } finally {
    database.close();
  }
}

function readTable(source: Exclude<Source, string>): Read {
  const names = [...new Set(source.rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) throw new Error(`${source.name}: no records`);
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw new Error(`${source.name}: two columns differ only by upper and lower case`);
  }
  const columns = new Map(names.map((name) => [name, new Cells()]));
  for (const row of source.rows) {
    for (const [name, cells] of columns) {
      const value = row[name];
      cells.add(value === null || value === undefined ? undefined : String(value));
    }
  }
  return { name: source.name, columns, rows: source.rows.length };
}

/** The id column: the one asked for, or the first with a telling name and a value of its own in every row of every source. */
function findId(tables: readonly Read[], wanted?: string): string {
  const [first] = tables;
  if (wanted !== undefined) {
    for (const table of tables) {
      const column = columnOf(table, wanted);
      if (column === undefined)
        throw new Error(`${table.name}: no column “${wanted}” to name the records by`);
      if (!isDistinct(table, column)) {
        throw new Error(
          `${table.name}: “${wanted}” is empty or repeated in some rows, so it cannot name them`,
        );
      }
    }
    return wanted;
  }
  for (const column of first?.columns.keys() ?? []) {
    if (!/(?:^|[^a-z])(?:id|key|ref|uid|uuid|number|no)$|Id$|ID$/i.test(column.trim())) continue;
    const everywhere = tables.every((table) => {
      const own = columnOf(table, column);
      return own !== undefined && isDistinct(table, own);
    });
    if (everywhere) return column;
  }
  throw new Error(
    `${tables.map((table) => table.name).join(', ')}: no column that names each record; say which one with the setting “id”`,
  );
}

function isDistinct(table: Read, column: string): boolean {
  const cells = cellsOf(table, column);
  const seen = new Set<string>();
  for (let row = 0; row < table.rows; row++) {
    const value = textAt(cells, row)?.trim();
    if (!value || seen.has(value)) return false;
    seen.add(value);
  }
  return true;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
