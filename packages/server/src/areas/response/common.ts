/** What the routes of the response share. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '@hono/zod-openapi';
import { desc, inArray } from 'drizzle-orm';
import { makeFolder, writeWhole } from '../../files.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import {
  type responseBundles,
  responseLetters,
  responsePlans,
  type responseReach,
  responseTexts,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import type { CaseRow } from '../cases/members.js';
import { oneOf } from '../cases/names.js';
import { held, peopleOf, type Source, sourcesOf } from '../cases/scope.js';

export const ofCase = z.object({ case: z.string().max(100) });
export const ofPerson = ofCase.extend({ person: z.string().max(40) });
export const words = (least: number, most: number) => z.string().trim().min(least).max(most);
export const aDay = z.iso.date();

/** Reading is possible while it is open and after; nobody is looked at before a case is opened. */
export const readable: readonly CaseRow['state'][] = ['open', 'closed', 'merged'];

export function changed(services: Services, id: string): void {
  services.live.publish(`case:${id}`);
}

export async function colleagues(services: Services): Promise<(id: string) => string> {
  const names = new Map((await services.accounts.list()).map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/** Somebody of the case, by handle; who is not of it does not exist here. */
export async function personOf(
  db: Db,
  services: Services,
  caseId: string,
  handle: string,
): Promise<PersonRow> {
  const id = oneOf(services, await peopleOf(db, caseId), handle);
  const row = services.results.current()?.row(id);
  if (!row)
    throw new Refusal(
      409,
      'NOT_ON_RECORD',
      'the last scan holds nobody of this number; hand in the HR export again',
    );
  return row;
}

/** Whether somebody sees a person by name; of whom the last scan no longer holds, nobody does. */
export async function seesOpenly(services: Services, user: User, person: string): Promise<boolean> {
  const row = services.results.current()?.row(person);
  return row !== undefined && (await services.sight.sight(user, row)) === 'open';
}

export async function planOf(db: Db, caseId: string, id: string) {
  const plan = (await held(db, responsePlans, await sourcesOf(db, caseId))).find((one) => one.id === id);
  if (!plan) throw notFound('the list');
  return plan;
}

export type LetterRow = typeof responseLetters.$inferSelect;

export async function lettersOf(
  db: Db,
  sources: readonly Source[],
): Promise<{ row: LetterRow; version: number; text: string }[]> {
  const rows = latestFirst(await held(db, responseLetters, sources));
  if (rows.length === 0) return [];
  const texts = await db
    .select()
    .from(responseTexts)
    .where(
      inArray(
        responseTexts.letter,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(desc(responseTexts.version));
  return rows.map((row) => {
    const last = texts.find(({ letter }) => letter === row.id);
    return { row, version: last?.version ?? 0, text: last?.text ?? '' };
  });
}

export async function letterOf(db: Db, caseId: string, id: string) {
  const found = (await lettersOf(db, await sourcesOf(db, caseId))).find(({ row }) => row.id === id);
  if (!found) throw notFound('the report');
  return found;
}

export function letterHead(
  row: LetterRow,
  handle: (person: string) => string,
  who: (id: string) => string,
  templates: readonly { id: string; for: string }[],
) {
  return {
    id: row.id,
    template: row.template,
    title: row.title,
    person: handle(row.person),
    for: templates.find(({ id }) => id === row.template)?.for ?? '',
    counsel: row.counsel === 'yes',
    by: who(row.by),
    at: row.at.toISOString(),
    ...(row.releasedBy && row.releasedAt && row.releasedSha256
      ? {
          released: { by: who(row.releasedBy), at: row.releasedAt.toISOString(), sha256: row.releasedSha256 },
        }
      : {}),
    ...(row.filed && row.filedBy && row.filedAt
      ? { filed: { says: row.filed, by: who(row.filedBy), at: row.filedAt.toISOString() } }
      : {}),
  };
}

export function frozenView(
  row: typeof responseReach.$inferSelect,
  handle: (person: string) => string,
  who: (id: string) => string,
) {
  const { id, person, asOf, json, sha256: hash, by, at } = row;
  return {
    id,
    person: handle(person),
    asOf,
    sha256: hash,
    intact: sha256(json) === hash,
    by: who(by),
    at: at.toISOString(),
  };
}

export function bundleView(row: typeof responseBundles.$inferSelect, who: (id: string) => string) {
  const { id, sha256: hash, bytes, entries, options, why, by, at } = row;
  return { id, sha256: hash, bytes, entries, ...options, why, by: who(by), at: at.toISOString() };
}

export const bundlePath = (services: Services, id: string) => join(services.folder, 'bundles', `${id}.zip`);

/** On disk, whole, before anything says that it is there. */
export async function keep(services: Services, id: string, zip: Uint8Array): Promise<void> {
  const folder = join(services.folder, 'bundles');
  await makeFolder(folder);
  const path = bundlePath(services, id);
  if (await stat(path).catch(() => undefined)) throw new Error('a bundle of this id exists');
  await writeWhole(path, zip);
}

export function attachment(content: Uint8Array, name: string, type: string): Response {
  return new Response(new Uint8Array(content), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}

export function latestFirst<T extends { at: Date; id: string }>(rows: T[]): T[] {
  return rows.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1));
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
