/** Records as they were received are kept compressed for a while, so that they can be read anew; then they go. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { doneName, moveInto, syncFile } from '../files.js';
import type { Services } from '../model/services.js';
import { batches } from '../store/schema.js';

/** Days; a setting of the installation. */
export const keepDays = { key: 'intake.keep-days', days: 30 };

export async function keepIntake(
  services: Pick<Services, 'folder' | 'settings' | 'store' | 'audit' | 'now'>,
): Promise<void> {
  const place = join(services.folder, 'intake');
  const days = await services.settings.get(keepDays.key, keepDays.days);
  const now = services.now().getTime();
  for (const name of (await readdir(place).catch(() => [])).filter((one) => /^\d{6,}$/.test(one)).sort()) {
    const folder = join(place, name);
    if (!existsSync(join(folder, doneName))) continue;
    const age = now - (await stat(join(folder, doneName))).mtimeMs;
    if (age > days * 86_400_000) {
      await rm(folder, { recursive: true, force: true });
      const number = Number(name);
      await services.store.transaction(async (db) => {
        const [row] = await db
          .update(batches)
          .set({ purgedAt: services.now() })
          .where(eq(batches.number, number))
          .returning({ records: batches.records, files: batches.files });
        await services.audit.append(db, {
          actor: 'system',
          action: 'intake.purge',
          subject: `batch:${number}`,
          detail: { ...(row ?? {}), days },
        });
      });
    } else {
      await compress(join(folder, 'data'));
      // Later a repeated delivery is read again, and its records are duplicates.
      if (age > 48 * 3_600_000) await pack(join(folder, 'journal.ndjson'));
    }
  }
}

async function compress(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await compress(path);
    else if (entry.isFile()) await pack(path);
  }
}

const packed = /\.(gz|zst|zip|pdf|docx|odt|part|yml)$/i;

async function pack(path: string): Promise<void> {
  if (packed.test(path) || !existsSync(path)) return;
  const part = `${path}.gz.part`;
  await pipeline(createReadStream(path), createGzip({ level: 3 }), createWriteStream(part, { mode: 0o600 }));
  await syncFile(part);
  await moveInto(part, `${path}.gz`);
  await rm(path);
}
