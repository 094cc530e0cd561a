/**
 * Who is let in. Everything that happens before somebody is signed in passes through one door here (`/api/auth/…`):
 * only the addresses of `doors.ts` and `entrances.ts` are open, each says what it counts as an attempt on and what the audit log calls it,
 * and whatever goes wrong is told in the same words.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac } from 'node:crypto';
import { count, eq } from 'drizzle-orm';
import type { Logger } from 'pino';
import { framesOf } from '../logging.js';
import { Refusal } from '../model/refusal.js';
import type { Role, User } from '../model/roles.js';
import type { Accounts, Audit, AuditEntry, Keys, Live, Settings } from '../model/services.js';
import { apiHeaders, networkOf, refuseForeign } from '../security.js';
import { authPasskeys, authSessions, authUsers, authVerifications } from '../store/schema.js';
import type { Db, Store } from '../store/store.js';
import { admins, cleanEmail, createUser, inOrder, type NewAccount, revokeSessions } from './accounts.js';
import { makeAttempts } from './attempts.js';
import { type Call, makeAuth } from './auth.js';
import { type Body, type Door, done, makeDoors, refusal, text } from './doors.js';
import { makeEntrances } from './entrances.js';
import { makeLink } from './links.js';
import { requireStrong } from './passwords.js';
import { json, problem, read, redirect, withCookies } from './plain-http.js';
import {
  cookieSecret,
  type LiveSession,
  makeSessions,
  secondFactorSetting,
  signedCookie,
} from './sessions.js';
import { provider, rolesOf, type SignOn, signOnOf } from './sign-on.js';
import { tokenUser } from './tokens.js';

export interface Access {
  accounts: Accounts;
  /** Answers `/api/auth/…`. */
  handle(request: Request): Promise<Response>;
  /** Whose token a request for handing in carries. */
  intake(headers: Headers): Promise<User | undefined>;
  /** While there is no administrator: a link that makes one, new at each call. */
  setupLink(): Promise<string | undefined>;
  /** An account that can sign in at once: for the demo and for tests. */
  createAccount(account: NewAccount & { password: string }): Promise<string>;
}

export function makeAccess(services: {
  store: Store;
  keys: Keys;
  settings: Settings;
  audit: Audit;
  live: Live;
  log: Logger;
  now: () => Date;
  folder: string;
  /** As browsers know it: `https://rollcall.example.com`. */
  origin: string;
  /** Where single sign-on is told of; the process's where absent. */
  environment?: NodeJS.ProcessEnv;
}): Access {
  const { store, keys, settings, audit, live, log, now } = services;
  const origin = new URL(services.origin).origin;
  const signOn = signOnOf(services.environment ?? process.env);
  const secret = cookieSecret(keys);
  const forNames = keys.derive('audit addresses');
  const sessions = makeSessions(services);
  const attempts = makeAttempts(store, keys, now);
  const call = new AsyncLocalStorage<Call>();
  const inner = makeAuth({ store, keys, origin, call });
  // Apart, so that an identity provider that does not answer keeps nobody from signing in otherwise.
  let federated: ((request: Request) => Promise<Response>) | undefined;
  const toProvider = (request: Request) => {
    if (!signOn) throw noSignOn();
    federated ??= makeAuth({ store, keys, origin, call, signOn });
    return federated(request);
  };

  const secondFactors = async (session: LiveSession | undefined) => {
    if (!session) return;
    const [passkeys] = await store.db
      .select({ n: count() })
      .from(authPasskeys)
      .where(eq(authPasskeys.userId, session.user.id));
    const needed = await settings.get(secondFactorSetting, true);
    return { passkeys: passkeys?.n ?? 0, needed };
  };

  const doors = makeDoors(secondFactors);
  const entrances = makeEntrances(now);

  const record = (entry: AuditEntry) => store.transaction((db) => audit.append(db, entry));

  /** Who is on the way in, between password and code. */
  async function pendingUser(headers: Headers): Promise<string | undefined> {
    const identifier = signedCookie(headers, 'two_factor', secret);
    if (!identifier) return undefined;
    const [row] = await store.db
      .select({ value: authVerifications.value })
      .from(authVerifications)
      .where(eq(authVerifications.identifier, identifier));
    return row?.value;
  }

  async function answered(request: Request): Promise<Response> {
    refuseForeign(request.method, request.headers, origin);
    const url = new URL(request.url);
    const path = url.pathname.replace(/^\/api\/auth(?=\/)/, '');
    const name = `${request.method} ${path}`;
    const entrance = Object.hasOwn(entrances, name) ? entrances[name] : undefined;
    const door = Object.hasOwn(doors, name) ? doors[name] : undefined;
    if (!door && !entrance) throw new Refusal(404, 'NOT_FOUND', 'there is no such address');
    const body = request.method === 'POST' ? await read(request) : {};
    const network = networkOf(request.headers);
    if (entrance) {
      const attempt = await attempts.begin(undefined, network);
      const { answer } = await store.transaction(async (db) => {
        const result = await entrance(db, body);
        await audit.append(db, result.entry);
        return result;
      });
      await attempt.succeeded();
      live.publish('accounts');
      return json(answer);
    }
    return pass(door as Door, path, url, request, body, network);
  }

  async function pass(
    door: Door,
    path: string,
    url: URL,
    request: Request,
    body: Body,
    network: string,
  ): Promise<Response> {
    const session = await sessions.live(request.headers);
    if (door.inside && !session) throw new Refusal(401, 'NOT_SIGNED_IN', 'sign in first');
    const who =
      session?.user.id ?? (door.account === 'pending' ? await pendingUser(request.headers) : undefined);
    const counted =
      door.account === 'email'
        ? `email ${cleanEmail(text(body.email))}`
        : door.account && who
          ? `user ${who}`
          : undefined;
    const sent = door.send ? await door.send(body, session) : body;
    const attempt =
      door.account || door.failed
        ? await attempts.begin(counted, network)
        : { succeeded: async () => undefined };
    if (door.once && who && !(await attempts.first(who, text(sent.code)))) {
      if (door.failed) await record(await failure(door, body, counted, who));
      throw refusal(door);
    }
    const federatedPath = path === '/sign-in/social' || path === `/callback/${provider}`;
    const context: Call = { signOn: federatedPath };
    const response = await call.run(context, () =>
      (federatedPath ? toProvider : inner)(onward(request, `/api/auth${path}${url.search}`, sent)),
    );
    const made = newSession(response);
    const cookies = response.headers.getSetCookie();
    const isCallback = path === `/callback/${provider}`;
    const worked = isCallback ? made !== undefined : response.ok;
    if (!worked) {
      if (door.failed) await record(await failure(door, body, counted, who));
      if (isCallback) return redirect('/#/signin?problem=sign-on', cookies);
      if (response.status === 429)
        throw new Refusal(429, 'WAIT', 'too many attempts; try again in 15 minutes', {
          'retry-after': '900',
        });
      return withCookies(problem(refusal(door)), cookies);
    }
    const told = isCallback ? {} : ((await response.json().catch(() => ({}))) as Body);
    const user = made ? await opened(made, door, session, context) : who;
    if (!made && door.method && session)
      // A second factor that was just shown counts for the session that is there.
      await store.db.update(authSessions).set({ method: door.method }).where(eq(authSessions.id, session.id));
    if (made && user === undefined) {
      return withCookies(
        problem(
          new Refusal(
            401,
            'PASSKEY_NEEDED',
            'this account signs in with its passkey; use “Sign in with a passkey”',
          ),
        ),
        [expired(cookies)],
      );
    }
    await attempt.succeeded();
    if (door.audit && user) {
      const inSession = door.audit === 'sign-in' && session !== undefined;
      await record({
        actor: user,
        action: inSession ? 'account.second-factor.add' : door.audit,
        subject: `account:${user}`,
        ...(door.audit === 'sign-in' && !inSession ? { detail: { method: door.method } } : {}),
      });
    }
    if (session) live.publish('account');
    if (isCallback) return redirect('/', cookies);
    return withCookies(json(door.answer ? door.answer(told) : done()), cookies);
  }

  /** Says how a new session came about, which opens it. Absent where it may not be opened. */
  async function opened(
    token: string,
    door: Door,
    before: LiveSession | undefined,
    context: Call,
  ): Promise<string | undefined> {
    const method = door.method ?? before?.method ?? 'password';
    return store.transaction(async (db) => {
      const [row] = await db
        .select({ id: authSessions.id, user: authUsers.id, roles: authUsers.roles })
        .from(authSessions)
        .innerJoin(authUsers, eq(authUsers.id, authSessions.userId))
        .where(eq(authSessions.token, token));
      if (!row) return undefined;
      if (method === 'password' && !before) {
        const [passkeys] = await db
          .select({ n: count() })
          .from(authPasskeys)
          .where(eq(authPasskeys.userId, row.user));
        if ((passkeys?.n ?? 0) > 0) {
          await db.delete(authSessions).where(eq(authSessions.id, row.id));
          return undefined;
        }
      }
      await db.update(authSessions).set({ method, seenAt: now() }).where(eq(authSessions.id, row.id));
      if (before) await revokeSessions(db, row.user, row.id);
      else await db.update(authUsers).set({ lastSignInAt: now() }).where(eq(authUsers.id, row.user));
      const given =
        method === 'sign-on' && context.profile && signOn ? rolesOf(signOn, context.profile) : undefined;
      if (given) await giveRoles(db, row.user, row.roles, given, row.id);
      return row.user;
    });
  }

  /** What the identity provider says somebody is; the last administrator stays one. */
  async function giveRoles(db: Db, user: string, held: string[], given: Role[], session: string) {
    const left = await admins(db);
    const kept = left.length === 1 && left[0] === user ? inOrder([...given, 'admin']) : given;
    if (kept.join() === inOrder(held).join()) return;
    await db.update(authUsers).set({ roles: kept, updatedAt: now() }).where(eq(authUsers.id, user));
    await revokeSessions(db, user, session);
    await audit.append(db, {
      actor: 'system',
      action: 'account.roles',
      subject: `account:${user}`,
      detail: { from: inOrder(held), to: kept, by: 'single sign-on' },
    });
  }

  async function failure(
    door: Door,
    body: Body,
    counted: string | undefined,
    who: string | undefined,
  ): Promise<AuditEntry> {
    let user = who;
    if (!user && door.account === 'email') {
      const [row] = await store.db
        .select({ id: authUsers.id })
        .from(authUsers)
        .where(eq(authUsers.email, cleanEmail(text(body.email))));
      user = row?.id;
    }
    const subject = user
      ? `account:${user}`
      : counted
        ? `address:${createHmac('sha256', forNames).update(counted).digest('hex').slice(0, 12)}`
        : '';
    return {
      actor: 'public',
      action: door.failed ?? 'sign-in.fail',
      subject,
      detail: { method: door.method },
    };
  }

  /** The request as better-auth sees it: its own address, and of the headers only those it needs. */
  function onward(request: Request, path: string, body: Body): Request {
    const headers = new Headers();
    for (const name of ['cookie', 'user-agent', 'x-rollcall-address']) {
      const value = request.headers.get(name);
      if (value) headers.set(name, name === 'user-agent' ? value.slice(0, 300) : value);
    }
    headers.set('origin', request.headers.get('origin') ?? origin);
    if (request.method !== 'POST') return new Request(`${origin}${path}`, { headers });
    headers.set('content-type', 'application/json');
    return new Request(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** The token of the session that an answer opens. */
  function newSession(response: Response): string | undefined {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...rest] = cookie.split(';');
      if (!/(?:^|\.)session_token=/.test(pair) || rest.some((one) => /^\s*max-age=0$/i.test(one))) continue;
      const token = signedCookie(new Headers({ cookie: pair }), 'session_token', secret);
      if (token) return token;
    }
    return undefined;
  }

  const base = Object.entries(apiHeaders(origin));
  function dressed(response: Response): Response {
    for (const [name, value] of base) response.headers.set(name, value);
    return response;
  }
  const expired = (cookies: readonly string[]) => {
    const name = cookies.find((one) => /session_token=/.test(one))?.split('=')[0] ?? 'rollcall.session_token';
    return `${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict${origin.startsWith('https:') ? '; Secure' : ''}`;
  };

  return {
    handle: async (request) => {
      try {
        return dressed(await answered(request));
      } catch (error) {
        if (error instanceof Refusal) return dressed(problem(error));
        const known = error instanceof Error ? error : new Error('unknown');
        log.error({ path: '/api/auth', kind: known.name, at: framesOf(known) }, 'a request failed');
        return dressed(
          new Response(
            JSON.stringify({
              type: 'about:blank',
              title: 'this went wrong here, not with you; the log of the server says more',
              status: 500,
              code: 'UNEXPECTED',
            }),
            { status: 500, headers: { 'content-type': 'application/problem+json' } },
          ),
        );
      }
    },
    intake: (headers) => tokenUser(store, headers, now()),
    accounts: {
      ...(signOn ? { signOn: withoutSecret(signOn) } : {}),
      user: async (headers) => {
        const session = await sessions.live(headers);
        if (!session) return undefined;
        const { id, name, email } = session.user;
        return session.limited
          ? { id, name, email, roles: [], limited: 'second-factor' }
          : { id, name, email, roles: session.user.roles };
      },
      list: async () => {
        const rows = await store.kept([authUsers], 'accounts', () =>
          store.db.select().from(authUsers).orderBy(authUsers.name, authUsers.id),
        );
        return rows.map(({ id, name, email, roles: held, active }) => ({
          id,
          name,
          email,
          roles: inOrder(held),
          active,
        }));
      },
    },
    setupLink: () =>
      store.transaction(async (db) => {
        if ((await admins(db)).length > 0) return undefined;
        const { token } = await makeLink(db, 'set-up', { by: 'system', now: now() });
        await audit.append(db, { actor: 'system', action: 'account.set-up.link', subject: '' });
        return `${origin}/#/setup?token=${token}`;
      }),
    createAccount: async (account) => {
      requireStrong(account.password, account.email);
      return store.transaction(async (db) => {
        const id = await createUser(db, account, now());
        await audit.append(db, {
          actor: 'system',
          action: 'account.create',
          subject: `account:${id}`,
          detail: { roles: inOrder(account.roles) },
        });
        return id;
      });
    },
  };
}

function withoutSecret({ clientSecret: _, ...rest }: SignOn): Omit<SignOn, 'clientSecret'> {
  return rest;
}

const noSignOn = () => new Refusal(404, 'NOT_FOUND', 'single sign-on is not set up here');
