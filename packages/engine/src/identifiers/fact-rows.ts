import { readFile } from 'node:fs/promises';
import type { Fact } from '../content/fact.js';
import { RollcallError } from '../model/errors.js';

/** Rows of a fact by column, or none where the content has no such fact. Cells are text, as in the file. */
export async function factRows(facts: readonly Fact[], id: string): Promise<Record<string, string>[]> {
  const fact = facts.find((one) => one.id === id);
  if (!fact) return [];
  const names = Object.keys(fact.columns);
  const rows = splitRows(await readFile(fact.csv, 'utf8'));
  return rows.slice(1).map((cells, i) => {
    if (cells.length !== names.length)
      throw new RollcallError(
        'CONTENT_INVALID',
        `${fact.csv}: row ${i + 2} has ${cells.length} cells where the header has ${names.length}`,
      );
    return Object.fromEntries(names.map((name, at) => [name, cells[at] as string]));
  });
}

/** Comma-separated text as cells, by RFC 4180. */
export function splitRows(text: string): string[][] {
  const rows: string[][] = [];
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    const row = open ? `${open}\n${line}` : line;
    // A quote without its second: the cell goes on in the next line.
    if (row.includes('"') && (row.split('"').length - 1) % 2 === 1) {
      open = row;
      continue;
    }
    open = '';
    if (row !== '') rows.push(row.includes('"') ? quotedCells(row, rows.length + 1) : row.split(','));
  }
  if (open) throw new RollcallError('CONTENT_INVALID', `row ${rows.length + 1}: a quote is never closed`);
  return rows;
}

function quotedCells(row: string, number: number): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let ended = false; !ended; ) {
    const match = cell.exec(row);
    if (!match) throw new RollcallError('CONTENT_INVALID', `row ${number}: a stray quote`);
    cells.push(match[1] === undefined ? (match[2] as string) : match[1].replaceAll('""', '"'));
    ended = match[3] === '';
  }
  return cells;
}
