/**
 * The doors before somebody is signed in, and those to their own account: which addresses of better-auth are open, what is
 * sent on to it, what is answered and what is told where it fails. What is not listed here is not there.
 */

import { Refusal } from '../model/refusal.js';
import { cleanEmail } from './accounts.js';
import { requireStrong } from './passwords.js';
import type { LiveSession, Method } from './sessions.js';
import { provider } from './sign-on.js';

/** What may stand in a request or an answer of better-auth, as far as anything here reads it. */
export type Body = {
  readonly [name in
    | 'email'
    | 'password'
    | 'code'
    | 'newPassword'
    | 'currentPassword'
    | 'response'
    | 'name'
    | 'id'
    | 'url'
    | 'twoFactorRedirect'
    | 'totpURI'
    | 'backupCodes'
    | 'method'
    | 'provider'
    | 'callbackURL'
    | 'errorCallbackURL'
    | 'disableRedirect'
    | 'revokeOtherSessions']?: unknown;
};

type Told = [status: 400 | 401 | 403 | 409, code: string, message: string];

export interface Door {
  /** Only for those who are signed in. */
  inside?: true;
  /** Whom a failure counts against, besides the address it came from. */
  account?: 'email' | 'own' | 'pending';
  /** How a session that comes of it was signed in. */
  method?: Exclude<Method, 'pending'>;
  /** What the audit log calls it, done and failed. */
  audit?: string;
  failed?: string;
  /** The code in it is good for one use. */
  once?: true;
  /** What is sent on; throws where it may not be. */
  send?: (body: Body, session: LiveSession | undefined) => Promise<Body> | Body;
  /** What is answered; the session's token never is. */
  answer?: (body: Body) => unknown;
  /** What is told where it fails. */
  problem?: Told;
}

const wrongPassword: Told = [403, 'PASSWORD_WRONG', 'this is not your password'];
const wrongCode: Told = [
  401,
  'CODE_WRONG',
  'this code does not fit, or was used already; wait for the next one, and look whether your clock is right',
];
export const text = (value: unknown) => (typeof value === 'string' ? value : '');
export const done = () => ({ done: true });

/** How many passkeys somebody has, and whether a second factor is needed here. */
type SecondFactors = (
  session: LiveSession | undefined,
) => Promise<{ passkeys: number; needed: boolean } | undefined>;

export function makeDoors(secondFactors: SecondFactors): Readonly<Record<string, Door>> {
  return {
    'POST /sign-in/email': {
      account: 'email',
      method: 'password',
      audit: 'sign-in',
      failed: 'sign-in.fail',
      send: (body) => ({ email: cleanEmail(text(body.email)), password: text(body.password) }),
      answer: (body) => (body.twoFactorRedirect === true ? { second: 'totp' } : { done: true }),
      problem: [401, 'SIGN_IN_FAILED', 'address and password do not go together'],
    },
    'POST /sign-in/social': {
      send: () => ({ provider, callbackURL: '/', errorCallbackURL: '/', disableRedirect: true }),
      answer: (body) => ({ to: body.url }),
      problem: [
        403,
        'SIGN_ON_FAILED',
        'your company’s sign-in does not answer; try again, or use a password',
      ],
    },
    [`GET /callback/${provider}`]: { method: 'sign-on', audit: 'sign-in', failed: 'sign-in.fail' },
    'POST /sign-out': { audit: 'sign-out', send: () => ({}), answer: done },
    'POST /two-factor/verify-totp': {
      account: 'pending',
      method: 'totp',
      audit: 'sign-in',
      failed: 'sign-in.fail',
      once: true,
      send: (body) => ({ code: text(body.code).replace(/\s/g, '') }),
      answer: done,
      problem: wrongCode,
    },
    'POST /two-factor/verify-backup-code': {
      account: 'pending',
      method: 'code',
      audit: 'sign-in',
      failed: 'sign-in.fail',
      send: (body) => ({ code: text(body.code).trim() }),
      answer: done,
      problem: [401, 'CODE_WRONG', 'this is none of your codes, or it was used before'],
    },
    'POST /two-factor/enable': {
      inside: true,
      account: 'own',
      audit: 'account.second-factor.begin',
      send: (body) => ({ password: text(body.password), method: 'totp' }),
      answer: (body) => ({ uri: body.totpURI, codes: body.backupCodes }),
      problem: wrongPassword,
    },
    'POST /two-factor/disable': {
      inside: true,
      account: 'own',
      audit: 'account.second-factor.remove',
      send: async (body, session) => {
        const state = await secondFactors(session);
        if (state?.needed && state.passkeys === 0)
          throw new Refusal(
            409,
            'SECOND_FACTOR_NEEDED',
            'a second factor is needed here; add a passkey before you remove the codes',
          );
        return { password: text(body.password) };
      },
      answer: done,
      problem: wrongPassword,
    },
    'POST /two-factor/generate-backup-codes': {
      inside: true,
      account: 'own',
      audit: 'account.codes',
      send: (body) => ({ password: text(body.password) }),
      answer: (body) => ({ codes: body.backupCodes }),
      problem: wrongPassword,
    },
    'POST /change-password': {
      inside: true,
      account: 'own',
      audit: 'account.password',
      send: (body, session) => {
        const newPassword = text(body.newPassword);
        requireStrong(newPassword, session?.user.email ?? '');
        return { newPassword, currentPassword: text(body.currentPassword), revokeOtherSessions: true };
      },
      answer: done,
      problem: wrongPassword,
    },
    'GET /passkey/generate-register-options': {
      inside: true,
      answer: (body) => body,
      problem: [
        403,
        'SIGN_IN_AGAIN',
        'you signed in more than 15 minutes ago; sign out and in again, then add the passkey',
      ],
    },
    'POST /passkey/verify-registration': {
      inside: true,
      method: 'passkey',
      audit: 'account.passkey.add',
      send: (body) => ({ response: body.response, name: text(body.name).trim().slice(0, 60) }),
      answer: done,
      problem: [
        400,
        'PASSKEY_REFUSED',
        'this passkey was not taken; it must ask for a finger, a face or a PIN',
      ],
    },
    'GET /passkey/generate-authenticate-options': { answer: (body) => body },
    'POST /passkey/verify-authentication': {
      method: 'passkey',
      audit: 'sign-in',
      failed: 'sign-in.fail',
      send: (body) => ({ response: body.response }),
      answer: done,
      problem: [401, 'PASSKEY_REFUSED', 'this passkey is not known here, or did not ask who you are'],
    },
    'POST /passkey/delete-passkey': {
      inside: true,
      audit: 'account.passkey.remove',
      send: async (body, session) => {
        const state = await secondFactors(session);
        if (state?.needed && state.passkeys <= 1 && !session?.user.secondFactor)
          throw new Refusal(
            409,
            'SECOND_FACTOR_NEEDED',
            'a second factor is needed here; set up codes or another passkey before you remove this one',
          );
        return { id: text(body.id) };
      },
      answer: done,
      problem: [400, 'NOT_FOUND', 'this passkey is not there any more'],
    },
  };
}

export function refusal(door: Door): Refusal {
  const [status, code, message] = door.problem ?? [400, 'REFUSED', 'this was not done'];
  return new Refusal(status, code, message);
}
