/** Tokens for programs that hand in records. A token is shown once; what is kept of it cannot be turned back into it. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { User } from '../model/roles.js';
import { intakeTokens } from '../store/schema.js';
import type { Db, Store } from '../store/store.js';
import { hashOfToken } from './links.js';

/** `rollcall_ID_SECRET`: the name lets scanners of repositories find one that was left lying about. */
const form = /^Bearer rollcall_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/i;

export async function makeToken(
  db: Db,
  about: { title: string; sources: string[]; days: number; by: string; now: Date },
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const expiresAt = new Date(about.now.getTime() + about.days * 86_400_000);
  await db.insert(intakeTokens).values({
    id,
    title: about.title,
    hash: hashOfToken(secret),
    sources: about.sources,
    createdBy: about.by,
    createdAt: about.now,
    expiresAt,
  });
  return { id, token: `rollcall_${id}_${secret}`, expiresAt };
}

/** Whose token a request carries; nobody where it has ended or was withdrawn. */
export async function tokenUser(store: Store, headers: Headers, now: Date): Promise<User | undefined> {
  const match = form.exec(headers.get('authorization') ?? '');
  const [, id, secret] = match ?? [];
  if (!id || !secret) return undefined;
  const [row] = await store.kept([intakeTokens], `token ${id.toLowerCase()}`, () =>
    store.db.select().from(intakeTokens).where(eq(intakeTokens.id, id.toLowerCase())),
  );
  const given = Buffer.from(hashOfToken(secret), 'hex');
  const kept = Buffer.from(row?.hash ?? hashOfToken(''), 'hex');
  if (!timingSafeEqual(given, kept) || !row || row.revokedAt || row.expiresAt <= now) return undefined;
  if (!row.usedAt || now.getTime() - row.usedAt.getTime() > 60_000)
    await store.db.update(intakeTokens).set({ usedAt: now }).where(eq(intakeTokens.id, row.id));
  return { id: `token:${row.id}`, name: row.title, email: '', roles: [], sources: row.sources };
}

/** Whether a token may hand in for a connector. */
export function mayHandIn(user: User, source: string): boolean {
  return user.sources !== undefined && (user.sources.length === 0 || user.sources.includes(source));
}
