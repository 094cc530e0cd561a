/** `rollcall audit export` and `rollcall audit verify`: the audit log, outside the console. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { exported } from '@rollcall/server/audit/export.js';
import { verify } from '@rollcall/server/audit/verify.js';
import { openStore, takeFolder } from '@rollcall/server/store/open.js';
import type { Store } from '@rollcall/server/store/store.js';
import { bold, count, dim, safe } from '../terminal.js';

export interface AuditExportFlags {
  folder: string;
  out?: string;
}

export async function auditExport(flags: AuditExportFlags): Promise<number> {
  if (flags.out && (await stat(flags.out).catch(() => undefined)))
    throw new RollcallError('ARGUMENT_INVALID', `${flags.out} is there already; choose another name`);
  await withStore(flags.folder, (store) => {
    const lines = Readable.from(
      (async function* () {
        for await (const line of exported(store.db)) yield `${line}\n`;
      })(),
    );
    return flags.out
      ? pipeline(lines, createWriteStream(flags.out, { mode: 0o600, flags: 'wx' }))
      : pipeline(lines, process.stdout, { end: false });
  });
  return 0;
}

export interface AuditVerifyFlags {
  folder?: string;
  head?: string;
  json?: boolean;
}

/** Exit code 1 where the chain is broken. */
export async function auditVerify(file: string | undefined, flags: AuditVerifyFlags): Promise<number> {
  if ((file === undefined) === (flags.folder === undefined))
    throw new RollcallError('ARGUMENT_INVALID', 'give either a file that was exported, or --folder');
  const head = flags.head?.trim().toLowerCase();
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
    throw new RollcallError('ARGUMENT_INVALID', '--head must be a hash: 64 digits and letters a to f');
  const found =
    flags.folder === undefined
      ? await verify(linesOf(file as string), head)
      : await withStore(flags.folder, (store) => verify(exported(store.db), head));
  if (flags.json) process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  else if (found.broken) {
    console.log(`${bold('Broken')} at line ${found.broken.line}: ${found.broken.why}.`);
    console.log(
      found.entries === 0
        ? 'No entry before it is whole.'
        : `The ${count(found.entries)} before it are whole, ${found.first} to ${found.last}.`,
    );
  } else {
    console.log(
      found.entries === 0
        ? 'The log has no entries.'
        : `${bold('Whole')}: ${count(found.entries)} ${found.entries === 1 ? 'entry' : 'entries'}, ${safe(found.first ?? '', 40)} to ${safe(found.last ?? '', 40)}.`,
    );
    console.log(`Head  ${found.head}`);
    if (head === undefined)
      console.log(dim('Note the head elsewhere; give it with --head next time, and nothing can be cut off.'));
  }
  return found.broken ? 1 : 0;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  if (!(await stat(file).catch(() => undefined))?.isFile())
    throw new RollcallError('FOLDER_MISSING', `there is no file ${file}`);
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    yield line;
}

async function withStore<T>(given: string, run: (store: Store) => Promise<T>): Promise<T> {
  const folder = resolve(given);
  const { DATABASE_URL: databaseUrl } = process.env;
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new RollcallError('FOLDER_MISSING', `there is no folder ${folder}`);
  const taken = await takeFolder(folder).catch((error: unknown) => {
    throw error instanceof RollcallError && error.code === 'FOLDER_TAKEN'
      ? new RollcallError('FOLDER_TAKEN', `${error.message}, or export the log on the page Audit`)
      : error;
  });
  try {
    const store = await openStore({ folder, databaseUrl });
    try {
      return await run(store);
    } finally {
      await store.close();
    }
  } finally {
    await taken.release();
  }
}
