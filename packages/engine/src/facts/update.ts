import { createHash } from 'node:crypto';
import { copyFile, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '../content/fact.js';
import { appendWhole, makeFolder, moveInto } from '../disk/durable.js';
import { bytesMost, checkTable, refused, tableText } from './check-table.js';

/** A server that has not answered by then is given up. */
const secondsMost = 60;
/** A newer table with fewer rows than this share of the one before is more likely cut off than right. */
const shareLeast = 0.5;

export interface UpdateOptions {
  fact: Fact;
  /** Folder of the user's own reference data. */
  directory: string;
  /** A file, or the address that the policy names for this table. */
  from: string;
  /** Addresses the policy allows, by table. Nothing else is ever fetched. */
  allowed: Readonly<Record<string, string>>;
  /** The day of the table; without it the latest of its rows. */
  asOf?: string;
  /** It may have far fewer rows than the one before. */
  fewer?: boolean;
  now: Date;
  fetch?: typeof globalThis.fetch;
  limit?: number;
}

/**
 * Puts a newer table in place of an older one, in the user's folder. It is fetched or copied beside it, checked as a whole, and
 * only then takes its place, at once; whatever fails before leaves all as it was.
 */
export async function updateTable(
  options: UpdateOptions,
): Promise<{ file: string; rows: number; before: number; asOf: string }> {
  const { fact, directory, from } = options;
  const limit = options.limit ?? bytesMost;
  await makeFolder(directory);
  const waiting = join(directory, `.${fact.id}-${process.pid}.new`);
  try {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(from)) {
      mayFetch(fact, from, options.allowed);
      await download(from, waiting, limit, options.fetch ?? globalThis.fetch);
    } else {
      const found = await stat(from).catch(() => undefined);
      if (!found?.isFile()) throw refused(`${from}: there is no such file`);
      if (found.size > limit)
        throw refused(`${from}: it has more than ${limit / 1e6} MB, so it was not read`);
      await copyFile(from, waiting);
    }
    const rows = await checkTable(waiting, fact, { whole: true, limit }).catch((error: Error) => {
      throw refused(error.message.replaceAll(waiting, from));
    });
    const current = await currentOf(fact, directory);
    const before = (await checkTable(current, fact, { mayBeEmpty: true })).length;
    if (!options.fewer && rows.length < before * shareLeast)
      throw refused(
        `${from}: it has ${rows.length} rows where ${before} are known; if that is right, say --fewer`,
      );
    const columns = Object.keys(fact.columns);
    const dated = columns.indexOf('as_of');
    const days = dated < 0 ? [] : rows.map((row) => row.cells[dated] ?? '').filter((day) => day !== '');
    const asOf = options.asOf ?? days.sort().at(-1) ?? options.now.toISOString().slice(0, 10);
    if (asOf > options.now.toISOString().slice(0, 10))
      throw refused(`${from}: it says it is of ${asOf}, which is yet to come; say --as-of DAY`);
    // Written anew, so that what is read later is what was checked.
    const text = tableText(
      columns,
      rows.map((row) => row.cells),
    );
    const handle = await open(waiting, 'w', 0o600);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    const file = join(directory, `${fact.id}.${asOf}.csv`);
    await moveInto(waiting, file);
    for (const name of await newerFiles(fact, directory))
      if (join(directory, name) !== file) await rm(join(directory, name), { force: true });
    const entry = {
      time: options.now.toISOString(),
      table: fact.id,
      from,
      as_of: asOf,
      rows: rows.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    };
    await appendWhole(join(directory, 'updates.jsonl'), `${JSON.stringify(entry)}\n`);
    return { file, rows: rows.length, before, asOf };
  } finally {
    await rm(waiting, { force: true });
  }
}

/** Files of newer tables, the earliest first. */
async function newerFiles(fact: Fact, directory: string): Promise<string[]> {
  const form = /^\.\d{4}-\d\d-\d\d\.csv$/;
  return (await readdir(directory))
    .filter((name) => name.startsWith(fact.id) && form.test(name.slice(fact.id.length)))
    .sort();
}

async function currentOf(fact: Fact, directory: string): Promise<string> {
  const last = (await newerFiles(fact, directory)).at(-1);
  return last ? join(directory, last) : fact.csv;
}

function mayFetch(fact: Fact, url: string, allowed: Readonly<Record<string, string>>): void {
  if (allowed[fact.id] !== url)
    throw refused(
      `${url}: only the address that the policy names for a table is fetched. Add\nfacts:\n  updates:\n    ${fact.id}: ${url}`,
    );
  if (!url.startsWith('https://')) throw refused(`${url}: only https is fetched`);
}

/** Fetches one file, without following it elsewhere, up to a size and for a time. */
async function download(
  url: string,
  to: string,
  limit: number,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  let response: Response;
  const signal = AbortSignal.timeout(secondsMost * 1000);
  try {
    response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'text/csv' } });
  } catch (error) {
    throw refused(`${url}: it could not be fetched (${reasonOf(error)}); nothing was changed`);
  }
  if (!response.ok || !response.body)
    throw refused(`${url}: the server answered ${response.status}; nothing was changed`);
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  const tooLarge = () => refused(`${url}: it has more than ${limit / 1e6} MB; nothing was changed`);
  if (announced > limit) {
    await response.body.cancel();
    throw tooLarge();
  }
  const handle = await open(to, 'w', 0o600);
  let size = 0;
  try {
    for await (const part of response.body) {
      size += part.byteLength;
      if (size > limit) throw tooLarge();
      await handle.write(part);
    }
  } catch (error) {
    throw error instanceof Error && error.name === 'RollcallError'
      ? error
      : refused(`${url}: it broke off (${reasonOf(error)}); nothing was changed`);
  } finally {
    await handle.close();
  }
  if (!response.headers.get('content-encoding') && Number.isFinite(announced) && announced !== size)
    throw refused(`${url}: ${size} of ${announced} bytes came; nothing was changed`);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
