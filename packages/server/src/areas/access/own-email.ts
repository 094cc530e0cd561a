/** One's own e-mail address: what one signs in with, and what tells who one is among the people on record. */
import { and, eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { cleanEmail, revokeSessions } from '../../access/accounts.js';
import { makeAttempts } from '../../access/attempts.js';
import { ownRows } from '../../access/own-matter.js';
import { verify } from '../../access/passwords.js';
import { cookieSecret, signedCookie } from '../../access/sessions.js';
import { provider } from '../../access/sign-on.js';
import { Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { networkOf } from '../../security.js';
import { authAccounts, authSessions, authUsers } from '../../store/schema.js';
import type { Db } from '../../store/store.js';

/** How long ago somebody without a password may have signed in, milliseconds. */
const fresh = 15 * 60_000;

/** That it is truly them, whatever lies open on their desk: their password, or having signed in just now. The session. */
export async function provedAgain(
  context: Context,
  services: Services,
  user: User,
  password: string | undefined,
): Promise<string> {
  const { store, keys, now } = services;
  const token = signedCookie(context.req.raw.headers, 'session_token', cookieSecret(keys));
  const [session] = token
    ? await store.db
        .select()
        .from(authSessions)
        .where(and(eq(authSessions.token, token), eq(authSessions.userId, user.id)))
    : [];
  if (!session) throw new Refusal(401, 'NOT_SIGNED_IN', 'sign in first');
  if (user.limited)
    throw new Refusal(403, 'SECOND_FACTOR_NEEDED', 'set up a second factor before you change your address');
  const [own] = await store.db
    .select({ password: authAccounts.password })
    .from(authAccounts)
    .where(and(eq(authAccounts.userId, user.id), eq(authAccounts.providerId, 'credential')));
  if (!own?.password) {
    if (now().getTime() - session.createdAt.getTime() > fresh)
      throw new Refusal(
        403,
        'SIGN_IN_AGAIN',
        'you signed in more than 15 minutes ago; sign out and in again, then change your address',
      );
    return session.id;
  }
  const attempt = await makeAttempts(store, keys, now).begin(
    `user ${user.id}`,
    networkOf(context.req.raw.headers),
  );
  if (!(await verify(password ?? '', own.password)))
    throw new Refusal(403, 'PASSWORD_WRONG', 'this is not your password');
  await attempt.succeeded();
  return session.id;
}

/** Changes it, and signs out everywhere else. Says how many sessions ended. */
export async function changeOwnEmail(
  db: Db,
  services: Services,
  user: User,
  given: { email: string; session: string },
): Promise<number> {
  const email = cleanEmail(given.email);
  if (email === cleanEmail(user.email))
    throw new Refusal(409, 'SAME_ADDRESS', 'this is your address already');
  const [joined] = await db
    .select({ id: authAccounts.id })
    .from(authAccounts)
    .where(and(eq(authAccounts.userId, user.id), eq(authAccounts.providerId, provider)));
  if (joined)
    throw new Refusal(
      409,
      'ADDRESS_GIVEN',
      'your address comes from your company’s sign-in; change it there',
    );
  // Whoever comes with this address from the company's sign-in would be joined to this account.
  if (services.accounts.signOn?.domains.includes(email.split('@')[1] ?? ''))
    throw new Refusal(
      409,
      'ADDRESS_GIVEN',
      'addresses of your company belong to its sign-in; ask an administrator to invite this one',
    );
  const before = await ownRows(user, services);
  const after = await ownRows({ ...user, email }, services);
  // By their address they are known not to act on themself: another must not undo that.
  if (before.some((row) => !after.some((other) => other.id === row.id)))
    throw new Refusal(
      409,
      'ADDRESS_ON_RECORD',
      'the address you have is on record with you and the new one is not; once an export that has it is handed in, you can change it here',
    );
  const [taken] = await db.select({ id: authUsers.id }).from(authUsers).where(eq(authUsers.email, email));
  if (taken) throw new Refusal(409, 'ACCOUNT_EXISTS', 'there is an account with this e-mail address already');
  await db
    .update(authUsers)
    // Nobody has looked whether it is theirs: single sign-on joins no account by it.
    .set({ email, emailVerified: false, updatedAt: services.now() })
    .where(eq(authUsers.id, user.id));
  return revokeSessions(db, user.id, given.session);
}
