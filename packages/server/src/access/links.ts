/** Links that work once. They hold a random token; the database holds only its hash. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { and, eq, gt, lt } from 'drizzle-orm';
import { Refusal } from '../model/refusal.js';
import { authLinks } from '../store/schema.js';
import type { Db } from '../store/store.js';

export const hours = { 'set-up': 24, invitation: 72 } as const;
export type LinkKind = keyof typeof hours;

export const hashOfToken = (token: string) => createHash('sha256').update(token, 'utf8').digest('hex');

/** A new link takes the place of the one before: for the set-up, or for the same account. */
export async function makeLink(
  db: Db,
  kind: LinkKind,
  about: { user?: string; by: string; now: Date },
): Promise<{ token: string; expiresAt: Date }> {
  await db
    .delete(authLinks)
    .where(
      about.user ? and(eq(authLinks.kind, kind), eq(authLinks.userId, about.user)) : eq(authLinks.kind, kind),
    );
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(about.now.getTime() + hours[kind] * 3_600_000);
  await db.insert(authLinks).values({
    id: randomUUID(),
    kind,
    hash: hashOfToken(token),
    userId: about.user ?? null,
    createdBy: about.by,
    createdAt: about.now,
    expiresAt,
  });
  return { token, expiresAt };
}

/** Uses a link up, within the caller's transaction: of two who come with the same one, one is told no. */
export async function useLink(
  db: Db,
  kind: LinkKind,
  token: string,
  now: Date,
): Promise<{ user: string | undefined; by: string }> {
  const [row] = await db
    .delete(authLinks)
    .where(
      and(eq(authLinks.kind, kind), eq(authLinks.hash, hashOfToken(token)), gt(authLinks.expiresAt, now)),
    )
    .returning();
  if (!row)
    throw new Refusal(
      403,
      'LINK_INVALID',
      kind === 'set-up'
        ? 'this link was used, or is older than a day; the server prints a new one when it starts'
        : 'this link was used, or is older than three days; ask an administrator for a new one',
    );
  return { user: row.userId ?? undefined, by: row.createdBy };
}

export async function cleanLinks(db: Db, now: Date): Promise<void> {
  await db.delete(authLinks).where(lt(authLinks.expiresAt, now));
}
