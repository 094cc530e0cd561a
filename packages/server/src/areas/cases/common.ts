/** What the routes of a case have in common. */
import { z } from '@hono/zod-openapi';
import { notFound } from '../../model/refusal.js';
import type { Services } from '../../model/services.js';
import type { Db } from '../../store/store.js';
import type { CaseRow } from './members.js';
import { held, sourcesOf } from './scope.js';
import * as words from './words.js';

export const ofCase = z.object({ case: z.string() });
export const change = { permission: 'cases.work', needs: 'case', answer: words.doneSchema } as const;
export const done = { done: true as const };

/** Tells open pages that a case changed. */
export function changed(services: Services, id: string): void {
  services.live.publish(`case:${id}`);
  services.live.publish('cases');
}

/** A row of a table of pieces, where it belongs to the case. */
export async function pieceOf<T extends Parameters<typeof held>[1] & { $inferSelect: { id: string } }>(
  db: Db,
  row: CaseRow,
  table: T,
  id: string,
  what: string,
): Promise<T['$inferSelect']> {
  const rows = await held(db, table, await sourcesOf(db, row.id));
  const found = (rows as T['$inferSelect'][]).find((one) => one.id === id);
  if (!found) throw notFound(what);
  return found;
}
