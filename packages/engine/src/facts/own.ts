import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '../content/fact.js';
import type { Content } from '../content/load.js';
import { makeFolder, removeForGood, writeWhole } from '../disk/durable.js';
import { RollcallError } from '../model/errors.js';
import { checkTable, refused, type TableRow, tableText } from './check-table.js';

/** What the source of a row says that the user added. */
export const ownSource = 'your own';

/** What a folder of the user's own reference data holds of one table. */
interface OwnFiles {
  /** `<table>.csv`: rows beside ours. */
  own?: string;
  /** `<table>.<day>.csv`: a whole table in place of ours, the newest of them. */
  newer?: { file: string; asOf: string };
}

/**
 * The content with the user's own reference data in it: rows of their own stand beside ours, and in place of ours where the
 * key is the same; a newer table of theirs stands in place of ours. Our files are not touched: what was put together is
 * written below `into`.
 */
export async function withOwnFacts<Given extends Pick<Content, 'facts' | 'version'>>(
  content: Given,
  directory: string,
  into: string,
): Promise<Given> {
  const files = await filesOf(directory, content.facts);
  if (files.size === 0) return content;
  const hash = createHash('sha256');
  const facts: Fact[] = [];
  for (const fact of content.facts) {
    const { own, newer } = files.get(fact.id) ?? {};
    if (!own && !newer) {
      facts.push(fact);
      continue;
    }
    const columns = Object.keys(fact.columns);
    const base = newer
      ? await checkTable(newer.file, fact, { whole: true })
      : await checkTable(fact.csv, fact, { mayBeEmpty: true });
    const added = own ? await checkTable(own, fact) : [];
    const keyOf = keyed(fact);
    const replaced = new Set(added.map(keyOf));
    const source = columns.indexOf('source');
    const rows = [
      ...base.filter((row) => !replaced.has(keyOf(row))).map((row) => row.cells),
      ...added.map(({ cells }) => cells.map((cell, at) => (at === source ? namedOwn(cell) : cell))),
    ];
    const text = tableText(columns, rows);
    hash.update(fact.id).update(text);
    await mkdir(into, { recursive: true, mode: 0o700 });
    const csv = join(into, `${fact.id}.csv`);
    await writeFile(`${csv}.new`, text, { mode: 0o600 });
    await rename(`${csv}.new`, csv);
    const asOf = latest(added, columns.indexOf('as_of'));
    facts.push({
      ...fact,
      csv,
      ...(newer ? { as_of: newer.asOf, newer: { file: newer.file, rows: base.length } } : {}),
      ...(own ? { own: { file: own, rows: added.length, ...(asOf ? { asOf } : {}) } } : {}),
    });
  }
  return { ...content, facts, version: `${content.version}+${hash.digest('hex').slice(0, 6)}` };
}

function namedOwn(source: string): string {
  return source === '' ? ownSource : `${ownSource}: ${source}`;
}

/** The key of a row as one text; the whole row where a table has no key. */
export function keyed(fact: Fact): (row: TableRow) => string {
  const columns = Object.keys(fact.columns);
  const at = (fact.key ?? columns).map((name) => columns.indexOf(name));
  return (row) => at.map((i) => row.cells[i] ?? '').join('\u0000');
}

function latest(rows: readonly TableRow[], at: number): string | undefined {
  if (at < 0) return undefined;
  return rows.reduce<string | undefined>((last, row) => {
    const cell = row.cells[at] ?? '';
    return cell !== '' && (last === undefined || cell > last) ? cell : last;
  }, undefined);
}

/** Which tables a folder holds files of. A file that is of no table is an error: with a slip in its name it would count for nothing. */
async function filesOf(directory: string, facts: readonly Fact[]): Promise<Map<string, OwnFiles>> {
  if (!existsSync(directory))
    throw new RollcallError(
      'POLICY_INVALID',
      `${directory}, where the policy has your own reference data, does not exist`,
    );
  const files = new Map<string, OwnFiles>();
  for (const name of (await readdir(directory)).sort()) {
    const match = /^([a-z0-9-]+)(?:\.(\d{4}-\d\d-\d\d))?\.csv$/.exec(name);
    if (name.startsWith('.') || !name.endsWith('.csv')) continue;
    const [, id = '', asOf] = match ?? [];
    if (!facts.some((fact) => fact.id === id))
      throw refused(`${join(directory, name)}: there is no table of this name; “rollcall facts” lists them`);
    const entry = files.get(id) ?? {};
    const file = join(directory, name);
    if (asOf) entry.newer = { file, asOf };
    else entry.own = file;
    files.set(id, entry);
  }
  return files;
}

/** Adds the rows of a file to the user's own of a table. Rows that are there already, by key, are replaced. */
export async function addOwnRows(
  fact: Fact,
  path: string,
  directory: string,
): Promise<{ file: string; added: number; replaced: number; rows: number }> {
  const given = await checkTable(path, fact);
  const file = join(directory, `${fact.id}.csv`);
  const before = existsSync(file) ? await checkTable(file, fact) : [];
  const keyOf = keyed(fact);
  const keys = new Set(given.map(keyOf));
  const kept = before.filter((row) => !keys.has(keyOf(row)));
  const rows = [...kept, ...given].map((row) => row.cells).sort(byText);
  await makeFolder(directory);
  await writeWhole(file, tableText(Object.keys(fact.columns), rows));
  const replaced = before.length - kept.length;
  return { file, added: given.length - replaced, replaced, rows: rows.length };
}

/** Takes one of the user's own rows away, by its key; the file goes with the last of them. */
export async function removeOwnRow(
  fact: Fact,
  cells: Readonly<Record<string, string>>,
  directory: string,
): Promise<{ removed: number; rows: number }> {
  const file = join(directory, `${fact.id}.csv`);
  if (!existsSync(file)) return { removed: 0, rows: 0 };
  const columns = Object.keys(fact.columns);
  const before = await checkTable(file, fact);
  const keyOf = keyed(fact);
  const key = keyOf({ line: 0, cells: columns.map((name) => cells[name] ?? '') });
  const kept = before.filter((row) => keyOf(row) !== key);
  if (kept.length === 0) await removeForGood(file);
  else if (kept.length < before.length)
    await writeWhole(file, tableText(columns, kept.map((row) => row.cells).sort(byText)));
  return { removed: before.length - kept.length, rows: kept.length };
}

function byText(x: readonly string[], y: readonly string[]): number {
  const [a, b] = [x.join('\u0000'), y.join('\u0000')];
  return a < b ? -1 : a > b ? 1 : 0;
}
