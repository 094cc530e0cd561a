import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Fact } from '../content/fact.js';
import { RollcallError } from '../model/errors.js';

/** Larger files are not read at all: the largest table that ships has 2 MB. */
export const bytesMost = 64_000_000;
const rowsMost = 2_000_000;
const cellMost = 4_000;
const problemsMost = 20;
/** A pattern with fewer letters and digits beside its wildcards fits half of everything, and accuses people. */
const patternLeast = 3;

/** A row of a table as text, and the line it begins on. */
export interface TableRow {
  line: number;
  cells: string[];
}

export interface CheckOptions {
  /** It was fetched or is to stand for the whole table: a last line without an end means it was cut off. */
  whole?: boolean;
  /** One that ships without rows, for those of the user. */
  mayBeEmpty?: boolean;
  limit?: number;
}

/** The rows of a table somebody else wrote, or an error that names every problem with file and line. Nothing is half taken. */
export async function checkTable(path: string, fact: Fact, options: CheckOptions = {}): Promise<TableRow[]> {
  const limit = options.limit ?? bytesMost;
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw refused(`${path}: there is no such file`);
  if (found.size > limit)
    throw refused(
      `${path}: it has ${megabytes(found.size)}; a table may have ${megabytes(limit)}, so it was not read`,
    );
  const text = decoded(path, await readFile(path));
  const head = text.trimStart().slice(0, 2);
  if (head.startsWith('<')) throw refused(`${path}: it is a web page, not a table`);
  if (head.startsWith('{') || head.startsWith('[')) throw refused(`${path}: it is JSON, not a CSV table`);
  const problems: string[] = [];
  const problem = (line: number, says: string) => {
    if (problems.length < problemsMost) problems.push(`${path}:${line}: ${says}`);
  };
  const [header, ...rows] = rowsOf(text, problem);
  checkHeader(header, fact, problem);
  if (problems.length === 0) {
    if (rows.length === 0 && !options.mayBeEmpty) problem(1, 'it has no rows');
    if (rows.length > rowsMost) problem(rowsMost, `it has more than ${rowsMost} rows`);
    if (options.whole && !/\n$/.test(text))
      problem(rows.at(-1)?.line ?? 1, 'its last line has no end: it may be cut off');
    checkRows(rows, fact, problem);
  }
  if (problems.length > 0) throw refused(problems.join('\n'));
  return rows;
}

function decoded(path: string, bytes: Buffer): string {
  if (bytes.length === 0) throw refused(`${path}: it is empty`);
  if (bytes.subarray(0, 2).toString('latin1') === 'PK')
    throw refused(`${path}: it is a spreadsheet or an archive; save it as CSV`);
  if (bytes.includes(0)) throw refused(`${path}: it is no text (UTF-8)`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused(`${path}: it is no text (UTF-8)`);
  }
}

function checkHeader(
  header: TableRow | undefined,
  fact: Fact,
  problem: (line: number, says: string) => void,
): void {
  const wanted = Object.keys(fact.columns);
  if (header && header.cells.join(',') === wanted.join(',')) return;
  const given = header?.cells ?? [];
  const missing = wanted.filter((name) => !given.includes(name));
  const unknown = given.filter((name) => !wanted.includes(name));
  const differs = [
    missing.length > 0 ? `missing: ${missing.join(', ')}` : '',
    unknown.length > 0 ? `unknown: ${unknown.slice(0, 8).join(', ').slice(0, 200)}` : '',
    missing.length + unknown.length === 0 ? 'they stand in another order' : '',
  ].filter(Boolean);
  problem(1, `the first line must be ${wanted.join(',')} (${differs.join('; ')})`);
}

function checkRows(
  rows: readonly TableRow[],
  fact: Fact,
  problem: (line: number, says: string) => void,
): void {
  const columns = Object.entries(fact.columns);
  const key = (fact.key ?? []).map((name) => columns.findIndex(([column]) => column === name));
  const lines = new Map<string, number>();
  for (const { line, cells } of rows) {
    if (cells.length !== columns.length) {
      problem(line, `it has ${cells.length} cells where the first line has ${columns.length}`);
      continue;
    }
    columns.forEach(([name, type], at) => {
      const says = cellProblem(cells[at] as string, name, type);
      if (says) problem(line, `${name}: ${says}`);
    });
    if (key.length === 0) continue;
    const own = key.map((at) => cells[at]).join('\u0000');
    if (/^\0*$/.test(own)) problem(line, `${(fact.key ?? []).join(', ')}: empty`);
    const before = lines.get(own);
    if (before !== undefined) problem(line, `the same ${(fact.key ?? []).join(', ')} as in line ${before}`);
    else lines.set(own, line);
  }
}

const forms = {
  VARCHAR: undefined,
  BIGINT: /^-?\d{1,18}$/,
  DOUBLE: /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i,
  BOOLEAN: /^(true|false)$/,
  DATE: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
} as const;

function cellProblem(cell: string, name: string, type: keyof typeof forms): string | undefined {
  if (cell === '') return undefined;
  if (cell.length > cellMost) return `longer than ${cellMost} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(cell)) return 'a control character';
  // A table is opened in spreadsheets too, where such a cell would be run.
  if (type === 'VARCHAR' && (/^[=@\t]/.test(cell) || /^[+-][^\d\s.,()-]/.test(cell)))
    return 'it begins like a formula of a spreadsheet';
  if (forms[type] && !forms[type].test(cell)) return `“${cell.slice(0, 40)}” is no ${type}`;
  if (name === 'pattern') {
    if (cell !== cell.toLowerCase()) return 'a pattern is compared with lower-case text: write it so';
    if (cell.includes('%') && (cell.match(/[\p{L}\p{N}]/gu) ?? []).length < patternLeast)
      return `“${cell.slice(0, 40)}” fits nearly everything`;
  }
  if (name === 'cidr' && !isRange(cell)) return `“${cell.slice(0, 40)}” is no range of addresses`;
  return undefined;
}

function isRange(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (length === undefined) return true;
  return /^\d{1,3}$/.test(length) && Number(length) >= 8 && Number(length) <= (family === 4 ? 32 : 128);
}

/** Comma-separated text as rows, by RFC 4180, each with the line it begins on. */
export function rowsOf(text: string, problem: (line: number, says: string) => void): TableRow[] {
  const rows: TableRow[] = [];
  let line = 1;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const row: TableRow = { line, cells: [] };
    for (let ended = false; !ended; ) {
      let cell: string;
      if (text[at] === '"') {
        let from = at + 1;
        cell = '';
        for (;;) {
          const quote = text.indexOf('"', from);
          if (quote < 0) {
            problem(row.line, 'a quote is never closed: the file may be cut off');
            return rows;
          }
          cell += text.slice(from, quote);
          from = quote + 1;
          if (text[from] !== '"') break;
          cell += '"';
          from++;
        }
        at = from;
        line += cell.split('\n').length - 1;
        if (at < text.length && !/^(,|\r?\n)/.test(text.slice(at, at + 2))) {
          problem(line, 'text after a closing quote');
          return rows;
        }
      } else {
        let end = at;
        while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
        cell = text.slice(at, end).replace(/\r$/, '');
        at = end;
        if (cell.includes('"')) problem(line, 'a stray quote');
      }
      row.cells.push(cell);
      if (text[at] === '\r') at++;
      ended = text[at] !== ',';
      at++;
    }
    line++;
    // An empty line is none.
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
  }
  return rows;
}

/** A table as text: commas, quotes where a cell needs them, a line end after every row. */
export function tableText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
  return [columns, ...rows].map((cells) => `${line(cells)}\n`).join('');
}

export function refused(message: string): RollcallError {
  return new RollcallError('CONTENT_INVALID', message);
}

function megabytes(size: number): string {
  return `${(size / 1e6).toFixed(size < 1e7 ? 1 : 0)} MB`;
}
