/** Reads who is signed in. What is revoked is dead at once. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Role } from '../model/roles.js';
import type { Keys, Settings } from '../model/services.js';
import { authSessions, authUsers } from '../store/schema.js';
import type { Store } from '../store/store.js';

export type Method = typeof authSessions.$inferSelect.method;

/** From sign-in to the end, whatever somebody does in between. */
export const longestHours = 12;
export const idleSetting = 'access.idle-minutes';
export const idleFallback = 60;
export const secondFactorSetting = 'access.second-factor';

/** What a page reads by itself says so, and does not keep a session alive. */
export const backgroundHeader = 'x-rollcall-background';

export const cookiePrefix = 'rollcall';

export interface LiveSession {
  id: string;
  method: Method;
  createdAt: Date;
  seenAt: Date;
  user: { id: string; name: string; email: string; roles: Role[]; secondFactor: boolean };
  /** Signed in by password alone, where a second factor is asked for. */
  limited: boolean;
}

export const cookieSecret = (keys: Keys) => Buffer.from(keys.derive('sessions')).toString('base64url');

/** The value of a cookie that we signed; absent where there is none, or somebody else made it. */
export function signedCookie(headers: Headers, name: string, secret: string): string | undefined {
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at).trim();
    if (at < 0 || (key !== `${cookiePrefix}.${name}` && key !== `__Secure-${cookiePrefix}.${name}`)) continue;
    let text: string;
    try {
      text = decodeURIComponent(part.slice(at + 1).trim());
    } catch {
      continue;
    }
    const dot = text.lastIndexOf('.');
    const value = text.slice(0, dot);
    const given = Buffer.from(text.slice(dot + 1), 'base64');
    const right = createHmac('sha256', secret).update(value, 'utf8').digest();
    if (dot > 0 && given.length === right.length && timingSafeEqual(given, right)) return value;
  }
  return undefined;
}

export interface Sessions {
  /** The session of a request while it lives. One that has ended is removed. */
  live(headers: Headers): Promise<LiveSession | undefined>;
}

export function makeSessions(services: {
  store: Store;
  keys: Keys;
  settings: Settings;
  now: () => Date;
}): Sessions {
  const { store, settings, now } = services;
  const secret = cookieSecret(services.keys);
  return {
    live: async (headers) => {
      const token = signedCookie(headers, 'session_token', secret);
      if (!token) return undefined;
      const [row] = await store.kept([authSessions, authUsers], `session ${token}`, () =>
        store.db
          .select({ session: authSessions, user: authUsers })
          .from(authSessions)
          .innerJoin(authUsers, eq(authUsers.id, authSessions.userId))
          .where(eq(authSessions.token, token)),
      );
      if (!row || row.session.method === 'pending') return undefined;
      const { session, user } = row;
      const at = now().getTime();
      const seen = session.seenAt ?? session.createdAt;
      const idle = (await settings.get(idleSetting, idleFallback)) * 60_000;
      const ended =
        !user.active ||
        session.expiresAt.getTime() <= at ||
        at - session.createdAt.getTime() > longestHours * 3_600_000 ||
        at - seen.getTime() > idle;
      if (ended) {
        await store.db.delete(authSessions).where(eq(authSessions.id, session.id));
        return undefined;
      }
      const background =
        headers.has(backgroundHeader) || (headers.get('accept') ?? '').includes('text/event-stream');
      if (!background && at - seen.getTime() > 60_000)
        await store.db
          .update(authSessions)
          .set({ seenAt: new Date(at) })
          .where(eq(authSessions.id, session.id));
      return {
        id: session.id,
        method: session.method,
        createdAt: session.createdAt,
        seenAt: seen,
        user: {
          id: user.id,
          name: user.name,
          email: user.email,
          roles: user.roles as Role[],
          secondFactor: user.twoFactorEnabled === true,
        },
        limited: session.method === 'password' && (await settings.get(secondFactorSetting, true)),
      };
    },
  };
}
