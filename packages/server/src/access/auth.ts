/** better-auth, set up for us: it knows passwords, codes, passkeys and single sign-on. It makes no calls by itself. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { passkey } from '@better-auth/passkey';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import { eq } from 'drizzle-orm';
import type { Keys } from '../model/services.js';
import { addressHeader, ownOrigins } from '../security.js';
import {
  authAccounts,
  authPasskeys,
  authSecondFactors,
  authSessions,
  authUsers,
  authVerifications,
} from '../store/schema.js';
import type { Store } from '../store/store.js';
import { longest, shortest } from './passwords.js';
import { cookiePrefix, cookieSecret, longestHours } from './sessions.js';
import { letIn, provider, type SignOn } from './sign-on.js';

/** What one request is about, for what better-auth calls back. */
export interface Call {
  /** What the identity provider said of them, once they are back from it. */
  profile?: Readonly<Record<string, unknown>>;
  signOn: boolean;
}

/** Within this many seconds of signing in, a passkey may be added without signing in again. */
const fresh = 15 * 60;

export function makeAuth(about: {
  store: Store;
  keys: Keys;
  origin: string;
  call: AsyncLocalStorage<Call>;
  signOn?: SignOn;
}): (request: Request) => Promise<Response> {
  const { store, origin, call, signOn } = about;
  const secret = cookieSecret(about.keys);
  const secure = origin.startsWith('https:');
  const allowed = () => {
    const now = call.getStore();
    if (!now?.signOn) return true;
    return signOn !== undefined && now.profile !== undefined && letIn(signOn, now.profile);
  };
  const verified = (done: boolean | undefined) => {
    // A passkey stands for two factors only where the device asked for a finger, a face or a PIN.
    if (done !== true) throw new APIError('UNAUTHORIZED', { code: 'NOT_VERIFIED' });
  };
  const auth = betterAuth({
    appName: 'Rollcall',
    baseURL: origin,
    basePath: '/api/auth',
    trustedOrigins: ownOrigins(origin),
    secret,
    secrets: [{ version: 1, value: secret }],
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    database: drizzleAdapter(store.db as never, {
      provider: 'pg',
      schema: {
        user: authUsers,
        session: authSessions,
        account: authAccounts,
        verification: authVerifications,
        twoFactor: authSecondFactors,
        passkey: authPasskeys,
      },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortest,
      maxPasswordLength: longest,
    },
    account: { accountLinking: { enabled: true, trustedProviders: [] } },
    session: {
      expiresIn: longestHours * 3600,
      disableSessionRefresh: true,
      freshAge: fresh,
      cookieCache: { enabled: false },
    },
    databaseHooks: {
      user: { create: { before: async () => allowed() } },
      account: {
        create: {
          // The provider's tokens are not needed after signing in, and so not kept.
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null },
          }),
        },
        update: {
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null },
          }),
        },
      },
      session: {
        create: {
          before: async (session) => {
            const [user] = await store.db
              .select({ active: authUsers.active })
              .from(authUsers)
              .where(eq(authUsers.id, session.userId));
            return user?.active === true && allowed();
          },
        },
      },
    },
    advanced: {
      cookiePrefix,
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
      // The answer of the identity provider comes from another site, and needs the cookie of its state; the session
      // never does.
      cookies: { session_token: { attributes: { sameSite: 'strict' } } },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: () => randomUUID() },
    },
    plugins: [
      twoFactor({
        issuer: 'Rollcall',
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 15 * 60 },
      }),
      passkey({
        rpName: 'Rollcall',
        rpID: new URL(origin).hostname,
        origin: ownOrigins(origin),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          afterVerification: async ({ verification }) => {
            verified(verification.registrationInfo?.userVerified);
          },
        },
        authentication: {
          afterVerification: async ({ verification }) => {
            verified(verification.authenticationInfo?.userVerified);
          },
        },
      }),
      ...(signOn
        ? [
            genericOAuth({
              config: [
                {
                  providerId: provider,
                  name: signOn.title,
                  discoveryUrl: `${signOn.issuer}/.well-known/openid-configuration`,
                  requireIdTokenVerification: true,
                  clientId: signOn.clientId,
                  clientSecret: signOn.clientSecret,
                  scopes: ['openid', 'profile', 'email'],
                  pkce: true,
                  mapProfileToUser: (profile) => {
                    const now = call.getStore();
                    if (now) now.profile = profile;
                    return {};
                  },
                },
              ],
            }),
          ]
        : []),
    ],
  });
  return (request) => auth.handler(request);
}
