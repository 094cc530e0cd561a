/** `rollcall facts`: reference data: how old each table is, what stands in it, and rows of your own. */

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadPolicy } from '@rollcall/engine';
import type { Fact } from '@rollcall/engine/content/fact.js';
import { loadFactsOf } from '@rollcall/engine/content/load.js';
import { checkTable } from '@rollcall/engine/facts/check-table.js';
import { addOwnRows, withOwnFacts } from '@rollcall/engine/facts/own.js';
import { updateTable } from '@rollcall/engine/facts/update.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { bold, count, dim, safe } from '../terminal.js';

interface FactsFlags {
  policy?: string;
  own?: string;
  content?: string;
  json?: boolean;
}

const rowsShown = 200;

/** Runs something with the tables as a scan would read them. What is put together for it is gone afterwards. */
async function withTables<T>(flags: FactsFlags, run: (facts: readonly Fact[]) => Promise<T>): Promise<T> {
  const facts = await loadFactsOf(flags.content);
  const directory = await ownDirectory(flags);
  if (!directory) return run(facts);
  const into = await mkdtemp(join(tmpdir(), 'rollcall-facts-'));
  try {
    return await run((await withOwnFacts({ facts, version: '' }, directory, into)).facts);
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

/** The folder given, else that of the policy. */
async function ownDirectory(flags: FactsFlags): Promise<string | undefined> {
  if (flags.own) return resolve(flags.own);
  return flags.policy ? (await loadPolicy(flags.policy)).facts.directory : undefined;
}

function table(facts: readonly Fact[], name: string): Fact {
  const found = facts.find((fact) => fact.id === name || fact.table === name);
  if (!found)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `there is no table ${name}; there are ${facts.map((fact) => fact.id).join(', ')}`,
    );
  return found;
}

export async function listFacts(flags: FactsFlags): Promise<number> {
  return withTables(flags, async (facts) => {
    const today = Date.now();
    const list = await Promise.all(
      facts.map(async (fact) => {
        const age = Math.floor((today - Date.parse(fact.as_of)) / 86_400_000);
        return {
          table: fact.id,
          title: fact.title,
          rows: (await checkTable(fact.csv, fact, { mayBeEmpty: true })).length,
          ownRows: fact.own?.rows ?? 0,
          asOf: fact.as_of,
          ageInDays: age,
          staleAfterDays: fact.stale_after_days,
          stale: age > fact.stale_after_days,
          licence: fact.licence,
          source: fact.newer ? `${fact.newer.file}` : fact.source,
        };
      }),
    );
    if (flags.json) {
      process.stdout.write(`${JSON.stringify(list, null, 1)}\n`);
      return 0;
    }
    const width = Math.max(...list.map((one) => one.table.length));
    for (const one of list)
      console.log(
        `${one.table.padEnd(width)}  ${count(one.rows).padStart(7)} rows${one.ownRows > 0 ? ` (${count(one.ownRows)} your own)` : ''}  ${one.asOf}  ${`${count(one.ageInDays)} days`.padStart(10)}${one.stale ? bold('  too old: what is newer is not in it') : ''}  ${dim(safe(`${one.licence}; ${one.source}`, 100))}`,
      );
    return 0;
  });
}

export async function showFact(name: string, flags: FactsFlags & { grep?: string }): Promise<number> {
  return withTables(flags, async (facts) => {
    const fact = table(facts, name);
    const wanted = flags.grep?.toLowerCase();
    const rows = (await checkTable(fact.csv, fact, { mayBeEmpty: true }))
      .map((row) => row.cells)
      .filter((cells) => wanted === undefined || cells.some((cell) => cell.toLowerCase().includes(wanted)));
    const columns = Object.keys(fact.columns);
    if (flags.json) {
      const shown = rows.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at]])));
      process.stdout.write(
        `${JSON.stringify({ table: fact.id, title: fact.title, about: fact.about.trim(), asOf: fact.as_of, licence: fact.licence, source: fact.source, rows: shown }, null, 1)}\n`,
      );
      return 0;
    }
    console.log(bold(fact.title));
    console.log(safe(fact.about, 2000));
    console.log(dim(`of ${fact.as_of}; ${fact.licence}; ${safe(fact.source, 300)}`));
    console.log(`\n${bold(columns.join(' | '))}`);
    for (const cells of rows.slice(0, rowsShown)) console.log(safe(cells.join(' | '), 300));
    if (rows.length > rowsShown)
      console.log(dim(`… and ${count(rows.length - rowsShown)} more: --grep TEXT, or --json`));
    return 0;
  });
}

export async function addFacts(name: string, file: string, flags: FactsFlags): Promise<number> {
  const fact = table(await loadFactsOf(flags.content), name);
  const directory = await mustHaveFolder(flags);
  const done = await addOwnRows(fact, file, directory);
  console.log(
    `${done.file}: ${count(done.added)} rows added, ${count(done.replaced)} replaced; it has ${count(done.rows)} now.`,
  );
  if (flags.own && !flags.policy)
    console.log(`A scan reads them where its policy says:\nfacts:\n  directory: ${directory}`);
  return 0;
}

export async function updateFacts(
  name: string,
  flags: FactsFlags & { from?: string; asOf?: string; fewer?: boolean },
): Promise<number> {
  const fact = table(await loadFactsOf(flags.content), name);
  const directory = await mustHaveFolder(flags);
  const allowed = flags.policy ? (await loadPolicy(flags.policy)).facts.updates : {};
  const from = flags.from ?? allowed[fact.id];
  if (!from)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `say from where: --from FILE, or name an address for ${fact.id} in the policy (facts: updates:)`,
    );
  const done = await updateTable({
    fact,
    directory,
    from,
    allowed,
    ...(flags.asOf ? { asOf: flags.asOf } : {}),
    ...(flags.fewer ? { fewer: true } : {}),
    now: new Date(),
  });
  console.log(
    `${done.file}: ${count(done.rows)} rows of ${done.asOf}, in place of ${count(done.before)}. What ships with Rollcall is unchanged.`,
  );
  return 0;
}

/** The folder of the user's own reference data; never one of the content that ships. */
async function mustHaveFolder(flags: FactsFlags): Promise<string> {
  const directory = await ownDirectory(flags);
  if (!directory)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      'say where your own reference data is kept: --own DIR, or facts: directory: in the policy (--policy FILE)',
    );
  if (existsSync(join(directory, 'facts.test.ts')) || existsSync(join(directory, 'countries.yml')))
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${directory} holds what ships with Rollcall; choose a folder of your own`,
    );
  return directory;
}
