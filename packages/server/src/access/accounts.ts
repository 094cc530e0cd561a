/** What may be done to an account, each within the caller's transaction. */
import { randomUUID } from 'node:crypto';
import { and, eq, ne } from 'drizzle-orm';
import { Refusal } from '../model/refusal.js';
import { type Role, roles } from '../model/roles.js';
import { authAccounts, authPasskeys, authSecondFactors, authSessions, authUsers } from '../store/schema.js';
import type { Db } from '../store/store.js';
import { hash } from './passwords.js';

export interface NewAccount {
  email: string;
  name: string;
  roles: readonly Role[];
  password?: string;
}

/** A name as people read it: nothing in it that cannot be seen, or that turns the words around it. */
export const cleanName = (name: string) =>
  name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();

export const cleanEmail = (email: string) => email.trim().toLowerCase();

/** Roles in the order they are written down, each once. */
export const inOrder = (held: readonly string[]): Role[] => roles.filter((role) => held.includes(role));

export async function createUser(db: Db, account: NewAccount, now: Date): Promise<string> {
  const email = cleanEmail(account.email);
  const id = randomUUID();
  const made = await db
    .insert(authUsers)
    .values({
      id,
      name: cleanName(account.name) || email,
      email,
      // Whoever invites knows the address; single sign-on may then join the account by it.
      emailVerified: true,
      twoFactorEnabled: false,
      createdAt: now,
      updatedAt: now,
      roles: inOrder(account.roles),
    })
    .onConflictDoNothing()
    .returning({ id: authUsers.id });
  if (made.length === 0)
    throw new Refusal(409, 'ACCOUNT_EXISTS', 'there is an account with this e-mail address already');
  if (account.password !== undefined) await setPassword(db, id, account.password, now);
  return id;
}

/** Takes the place of a password that was there. */
export async function setPassword(db: Db, user: string, password: string, now: Date): Promise<void> {
  const kept = await hash(password);
  await db
    .delete(authAccounts)
    .where(and(eq(authAccounts.userId, user), eq(authAccounts.providerId, 'credential')));
  await db.insert(authAccounts).values({
    id: randomUUID(),
    userId: user,
    accountId: user,
    providerId: 'credential',
    password: kept,
    createdAt: now,
    updatedAt: now,
  });
}

/** Everything this account can sign in with by itself, gone: for a new beginning by link. */
export async function removeWaysIn(db: Db, user: string): Promise<void> {
  await revokeSessions(db, user);
  await db
    .delete(authAccounts)
    .where(and(eq(authAccounts.userId, user), eq(authAccounts.providerId, 'credential')));
  await db.delete(authSecondFactors).where(eq(authSecondFactors.userId, user));
  await db.delete(authPasskeys).where(eq(authPasskeys.userId, user));
  await db.update(authUsers).set({ twoFactorEnabled: false }).where(eq(authUsers.id, user));
}

/** Signs out everywhere, at once; except here where `except` names a session. Says how many. */
export async function revokeSessions(db: Db, user: string, except?: string): Promise<number> {
  const gone = await db
    .delete(authSessions)
    .where(
      except
        ? and(eq(authSessions.userId, user), ne(authSessions.id, except))
        : eq(authSessions.userId, user),
    )
    .returning({ id: authSessions.id });
  return gone.length;
}

/** Those who can let others in. Locked until the transaction ends, so that two do not remove each other. */
export async function admins(db: Db): Promise<string[]> {
  const rows = await db
    .select({ id: authUsers.id, roles: authUsers.roles })
    .from(authUsers)
    .where(eq(authUsers.active, true))
    .orderBy(authUsers.id)
    .for('update');
  return rows.filter((row) => row.roles.includes('admin')).map((row) => row.id);
}

/** Refuses what would leave nobody to let others in. */
export async function requireOtherAdmin(db: Db, user: string): Promise<void> {
  const held = await admins(db);
  if (held.includes(user) && held.length === 1)
    throw new Refusal(
      409,
      'LAST_ADMIN',
      'this is the last administrator; make somebody else one first, or nobody could let anybody in',
    );
}
