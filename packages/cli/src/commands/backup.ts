/** `rollcall backup` and `rollcall restore`. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { askForBackup, type BackupManifest, backUp, restore } from '@rollcall/server/store/backup.js';
import { openStore, takeFolder } from '@rollcall/server/store/open.js';
import { bold, count, dim } from '../terminal.js';

export interface BackupFlags {
  folder: string;
  out: string;
}

/** While a server works in the folder, it is asked to write the backup; else this process does. */
export async function backup(flags: BackupFlags): Promise<number> {
  const folder = resolve(flags.folder);
  const out = resolve(flags.out);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new RollcallError('FOLDER_MISSING', `there is no folder ${folder}`);
  const taken = await takeFolder(folder).catch((error: unknown) => {
    if (error instanceof RollcallError && error.code === 'FOLDER_TAKEN') return undefined;
    throw error;
  });
  let manifest: BackupManifest;
  if (!taken) manifest = await askForBackup(folder, out);
  else
    try {
      const { DATABASE_URL: databaseUrl } = process.env;
      const store = await openStore({ folder, databaseUrl });
      try {
        manifest = await backUp({ store, folder, now: () => new Date() }, out);
      } finally {
        await store.close();
      }
    } finally {
      await taken.release();
    }
  say(`${bold('Backed up')} to ${out}`, manifest);
  console.log(dim('It holds names, keys and evidence in clear: keep it as you keep the folder itself.'));
  return 0;
}

export interface RestoreFlags {
  in: string;
  folder: string;
  databaseUrl?: string;
}

export async function restoreBackup(flags: RestoreFlags): Promise<number> {
  const folder = resolve(flags.folder);
  const manifest = await restore(resolve(flags.in), folder, flags.databaseUrl);
  say(`${bold('Restored')} into ${folder}`, manifest);
  return 0;
}

function say(done: string, { tables, parts, audit, made }: BackupManifest): void {
  const rows = Object.values(tables).reduce((sum, one) => sum + one, 0);
  console.log(
    `${done}: ${count(Object.keys(tables).length)} tables with ${count(rows)} rows, ${count(parts.length)} files, as of ${made}.`,
  );
  console.log(`Audit log: ${count(audit.number)} entries, head ${audit.hash}`);
}
