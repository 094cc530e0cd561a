/** Reference data as a scan reads it: ours, with the company's own rows in it. Our files are never touched. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '@rollcall/engine/content/fact.js';
import { checkTable, type TableRow, tableText } from '@rollcall/engine/facts/check-table.js';
import { addOwnRows, ownSource, removeOwnRow, withOwnFacts } from '@rollcall/engine/facts/own.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { makeFolder } from '../../files.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { Services } from '../../model/services.js';
import type { FactPage, FactSummary } from './words.js';

const size = 100;
const day = 86_400_000;

/** Where the company's own rows lie: as the policy says, else in the folder. */
export async function ownFacts(services: Services): Promise<string> {
  return (await services.policy()).facts.directory ?? join(services.folder, 'facts-own');
}

interface Table {
  fact: Fact;
  rows: TableRow[];
  /** The company's own rows as they stand on record, by how they are shown among the others. */
  own: ReadonlyMap<string, TableRow>;
}

interface Read {
  stamp: string;
  tables: Promise<Map<string, Table>>;
}

const read = new WeakMap<Services, Read>();

/** All tables, read again when a file of the company's own changed. */
async function tables(services: Services): Promise<Map<string, Table>> {
  const directory = await ownFacts(services);
  const stamp = await stampOf(directory);
  const known = read.get(services);
  if (known?.stamp === stamp) return known.tables;
  const made = load(services, directory);
  read.set(services, { stamp, tables: made });
  made.catch(() => read.delete(services));
  return made;
}

async function stampOf(directory: string): Promise<string> {
  if (!existsSync(directory)) return directory;
  const parts: string[] = [directory];
  for (const name of (await readdir(directory)).sort()) {
    const { mtimeMs, size: bytes } = await stat(join(directory, name));
    parts.push(`${name} ${mtimeMs} ${bytes}`);
  }
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

async function load(services: Services, directory: string): Promise<Map<string, Table>> {
  const into = await mkdtemp(join(tmpdir(), 'rollcall-facts-'));
  try {
    const given = { facts: services.content.facts, version: '' };
    const { facts } = existsSync(directory) ? await withOwnFacts(given, directory, into) : given;
    const found = new Map<string, Table>();
    for (const fact of facts)
      found.set(fact.id, {
        fact,
        rows: await checkTable(fact.csv, fact, { mayBeEmpty: true }),
        own: shownAs(fact, fact.own ? await checkTable(fact.own.file, fact) : []),
      });
    return found;
  } catch (error) {
    throw refusalOf(error);
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

/** The source of an own row says that it is one. */
function shownAs(fact: Fact, own: readonly TableRow[]): Map<string, TableRow> {
  const source = Object.keys(fact.columns).indexOf('source');
  const named = (cell: string) => (cell === '' ? ownSource : `${ownSource}: ${cell}`);
  return new Map(
    own.map((row) => [whole(row.cells.map((cell, at) => (at === source ? named(cell) : cell))), row]),
  );
}

const whole = (cells: readonly string[]) => cells.join('\u0000');

async function table(services: Services, id: string): Promise<Table> {
  const found = (await tables(services)).get(id);
  if (!found) throw notFound('the table');
  return found;
}

export async function listFacts(services: Services): Promise<FactSummary[]> {
  return [...(await tables(services)).values()].map((one) => summaryOf(one, services));
}

function summaryOf({ fact, rows, own }: Table, services: Services): FactSummary {
  const age = Math.max(0, Math.floor((services.now().getTime() - Date.parse(fact.as_of)) / day));
  const reads = new RegExp(`\\bfacts\\.${fact.table}\\b`);
  return {
    id: fact.id,
    title: fact.title,
    about: fact.about.replace(/\s+/g, ' ').trim(),
    source: fact.newer ? 'a table of your own' : fact.source,
    licence: fact.licence,
    asOf: fact.as_of,
    ageInDays: age,
    staleAfterDays: fact.stale_after_days,
    stale: age > fact.stale_after_days,
    rows: rows.length,
    own: own.size,
    ...(fact.own?.asOf ? { ownAsOf: fact.own.asOf } : {}),
    replaced: fact.newer !== undefined,
    readBy: services.content.detections
      .filter((one) => reads.test(one.query) || one.needs.some((need) => reads.test(need)))
      .map(({ id, title }) => ({ id, title })),
  };
}

export async function factPage(
  services: Services,
  id: string,
  asked: { q: string; page: number; own: boolean },
): Promise<FactPage> {
  const found = await table(services, id);
  const { fact, own } = found;
  const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = found.rows.filter((row) => {
    if (asked.own && !own.has(whole(row.cells))) return false;
    const text = words.length > 0 ? row.cells.join(' ').toLowerCase() : '';
    return words.every((word) => text.includes(word));
  });
  const pages = Math.max(1, Math.ceil(fits.length / size));
  const page = Math.min(asked.page, pages);
  return {
    fact: summaryOf(found, services),
    columns: Object.entries(fact.columns).map(([name, type]) => ({
      name,
      type,
      key: fact.key?.includes(name) ?? true,
    })),
    total: fits.length,
    page,
    size,
    rows: fits.slice((page - 1) * size, page * size).map((row) => ({
      cells: row.cells,
      own: own.has(whole(row.cells)),
    })),
  };
}

export async function addRow(
  services: Services,
  id: string,
  cells: Readonly<Record<string, string>>,
): Promise<{ rows: number }> {
  const { fact } = await table(services, id);
  const columns = Object.keys(fact.columns);
  const stray = Object.keys(cells).find((name) => !columns.includes(name));
  if (stray !== undefined) throw new Refusal(422, 'COLUMN_UNKNOWN', 'this table has no such column');
  for (const name of ['source', 'as_of'])
    if (columns.includes(name) && !cells[name]?.trim())
      throw new Refusal(422, 'SOURCE_MISSING', 'say where it is from, and on which day it was true');
  const line = columns.map((name) => (cells[name] ?? '').trim());
  const directory = await ownFacts(services);
  const temporary = await mkdtemp(join(tmpdir(), 'rollcall-row-'));
  try {
    const file = join(temporary, 'row.csv');
    await writeFile(file, tableText(columns, [line]), { mode: 0o600 });
    await makeFolder(directory);
    const added = await addOwnRows(fact, file, directory);
    return { rows: added.rows };
  } catch (error) {
    throw refusalOf(error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

export async function withdrawRow(
  services: Services,
  id: string,
  cells: Readonly<Record<string, string>>,
): Promise<{ rows: number }> {
  const { fact, own } = await table(services, id);
  const columns = Object.keys(fact.columns);
  const mine = own.get(whole(columns.map((name) => cells[name] ?? '')));
  if (!mine)
    throw new Refusal(
      409,
      'NOT_OWN',
      'this row ships with Rollcall: add your own of the same key to replace it',
    );
  const { rows } = await removeOwnRow(
    fact,
    Object.fromEntries(columns.map((name, at) => [name, mine.cells[at] ?? ''])),
    await ownFacts(services),
  );
  return { rows };
}

/** A table as CSV that no spreadsheet takes for formulas. */
export async function exportTable(services: Services, id: string): Promise<string> {
  const { fact, rows } = await table(services, id);
  return tableText(
    Object.keys(fact.columns),
    rows.map((row) => row.cells.map(harmless)),
  );
}

/** A cell that a spreadsheet shows instead of running it. */
export function harmless(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** Complaints of the engine name files of the server: only what is wrong is told. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof RollcallError)) return error;
  const [first = ''] = error.message.split('\n');
  return new Refusal(422, 'ROW_INVALID', first.replace(/^.*\.csv(:\d+)?: /, ''));
}
