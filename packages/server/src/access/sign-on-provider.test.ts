/** Single sign-on through a certified OpenID provider, from the button to the session: nothing of it is made up by us. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Role } from '../model/roles.js';
import { audit, authAccounts, authSessions, authUsers } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';
import { type Access, makeAccess } from './access.js';
import { createUser } from './accounts.js';

const origin = 'http://localhost:8471';
const back = `${origin}/api/auth/callback/company`;

/** The people the provider knows, by what they type as their login there. */
const directory: Record<string, Record<string, unknown>> = {
  ada: { email: 'ada@example.com', email_verified: true, groups: ['watchers'] },
  eve: { email: 'eve@example.com', email_verified: false, groups: ['watchers'] },
  local: { email: 'local@example.com', email_verified: false, groups: ['owners'] },
  guest: { email: 'guest@example.org', email_verified: true, groups: ['owners'] },
  quiet: { email: 'quiet@example.com', groups: [] },
};

let provider: Server;
let issuer: string;
let server: TestServer;
let access: Access;
/** What the provider complained of. */
const complaints: string[] = [];

beforeAll(async () => {
  provider = createServer();
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  // It warns that it is tried with an older Node and with its own forms for signing in: both are meant here.
  const quiet = [vi.spyOn(console, 'info'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')];
  for (const one of quiet) one.mockImplementation(() => undefined);
  const { Provider } = await import('oidc-provider');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'rollcall',
        client_secret: 'the-secret-of-the-client',
        redirect_uris: [back],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: {
      keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }],
    } as never,
    cookies: { keys: ['made-up-for-this-test'] },
    claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: ['name'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: id, ...directory[id] }),
    }),
  });
  for (const event of ['authorization.error', 'grant.error', 'server_error', 'userinfo.error'] as const)
    oidc.on(event as 'server_error', (_, error) => complaints.push(`${event}: ${error.message}`));
  provider.on('request', oidc.callback());
  for (const one of quiet) one.mockRestore();

  server = await testServer();
  access = makeAccess({
    ...server.services,
    now: () => new Date(),
    origin,
    environment: {
      ROLLCALL_OIDC_ISSUER: issuer,
      ROLLCALL_OIDC_CLIENT_ID: 'rollcall',
      ROLLCALL_OIDC_CLIENT_SECRET: 'the-secret-of-the-client',
      ROLLCALL_OIDC_DOMAINS: 'example.com',
      ROLLCALL_OIDC_ROLES_CLAIM: 'groups',
      ROLLCALL_OIDC_ROLES: 'watchers=analyst,owners=admin',
    },
  });
});
afterAll(async () => {
  provider.closeAllConnections();
  provider.close();
  await server.close();
});

/** A browser with one jar of cookies for each of the two sites. */
class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  cookies(site: string): string {
    return [...(this.jars.get(site) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async ask(address: string, form?: Record<string, string> | string): Promise<Response> {
    const { origin: site } = new URL(address);
    const json = typeof form === 'string';
    const request = new Request(address, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        cookie: this.cookies(site),
        ...(form === undefined
          ? {}
          : {
              origin: site,
              'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
            }),
      },
      ...(form === undefined ? {} : { body: json ? form : String(new URLSearchParams(form)) }),
    });
    const answer = await (site === origin ? access.handle(request) : fetch(request));
    const jar = this.jars.get(site) ?? new Map<string, string>();
    this.jars.set(site, jar);
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
}

/** Presses the button, signs in at the provider as somebody, agrees, and comes back. */
async function signIn(login: string, change: (address: URL) => void = () => undefined) {
  const browser = new Browser();
  const begun = await browser.ask(`${origin}/api/auth/sign-in/social`, '{"provider":"company"}');
  const { to } = (await begun.json()) as { to: string };
  let address = to;
  for (let steps = 0; steps < 10 && !address.startsWith(back); steps++) {
    let answer = await browser.ask(address);
    if (answer.status === 200 && address.includes('/interaction/')) {
      const page = await answer.text();
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? '';
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      answer = await browser.ask(new URL(action, address).href, {
        prompt,
        ...(prompt === 'login' ? { login, password: 'anything is taken there' } : {}),
      });
    }
    address = new URL(answer.headers.get('location') ?? 'about:blank', address).href;
  }
  const returned = new URL(address);
  change(returned);
  const answer = await browser.ask(returned.href);
  const headers = new Headers({ cookie: browser.cookies(origin) });
  return {
    to: new URL(to),
    returned,
    location: answer.headers.get('location'),
    user: await access.accounts.user(headers),
    again: async () => {
      await browser.ask(returned.href);
      return access.accounts.user(new Headers({ cookie: browser.cookies(origin) }));
    },
  };
}

/** An account as an administrator makes it, before its link was opened. */
const invite = (name: string, role: Role) =>
  createUser(server.services.store.db, { email: `${name}@example.com`, name, roles: [role] }, new Date());

const users = () => server.services.store.db.select().from(authUsers);

describe('single sign-on through a provider of its own making', () => {
  it('signs an invited account in for the first time: discovery, PKCE, callback, and joins what is there', async () => {
    const id = await invite('ada', 'hr');
    const { to, returned, location, user } = await signIn('ada');
    expect(complaints).toEqual([]);
    // The address it went to is the one that discovery gave.
    expect(to.origin + to.pathname).toBe(`${issuer}/auth`);
    expect(to.searchParams.get('code_challenge_method')).toBe('S256');
    expect(to.searchParams.get('scope')?.split(' ').sort()).toEqual(['email', 'openid', 'profile']);
    expect(returned.searchParams.get('iss')).toBe(issuer);
    expect(location).toBe('/');
    // The provider's groups give the roles from now on.
    expect(user).toMatchObject({ id, email: 'ada@example.com', roles: ['analyst'] });
    expect(user?.limited).toBeUndefined();
    const [joined, ...more] = await server.services.store.db
      .select()
      .from(authAccounts)
      .where(eq(authAccounts.userId, id));
    expect(more).toEqual([]);
    expect(joined).toMatchObject({ providerId: 'company', accountId: 'ada' });
    expect([joined?.accessToken, joined?.refreshToken, joined?.idToken]).toEqual([null, null, null]);
    const log = await server.services.store.db.select().from(audit).where(eq(audit.actor, id));
    expect(log.map((one) => one.action)).toContain('sign-in');
    expect(JSON.stringify(log)).not.toContain('ada@');
  });

  it('knows them again, and makes no second account', async () => {
    const before = (await users()).length;
    expect((await signIn('ada')).user).toMatchObject({ email: 'ada@example.com' });
    expect(await users()).toHaveLength(before);
  });

  it('takes each answer of the provider once, and only for the question it belongs to', async () => {
    const once = await signIn('ada');
    expect(once.user).toBeDefined();
    const sessions = await server.services.store.db.select().from(authSessions);
    await once.again();
    expect(await server.services.store.db.select().from(authSessions)).toHaveLength(sessions.length);
    expect(
      (await signIn('ada', (address) => address.searchParams.set('state', 'made-up'))).user,
    ).toBeUndefined();
    expect(
      (await signIn('ada', (address) => address.searchParams.set('code', 'made-up'))).user,
    ).toBeUndefined();
  });

  it('lets nobody in whose address the provider has not verified, invited or not', async () => {
    await invite('local', 'analyst');
    for (const login of ['eve', 'local']) {
      const { user, location } = await signIn(login);
      expect([login, user, location]).toEqual([login, undefined, '/#/signin?problem=sign-on']);
    }
    expect((await users()).some((one) => one.email === 'eve@example.com')).toBe(false);
  });

  it('lets nobody in from another domain', async () => {
    const { user, location } = await signIn('guest');
    expect([user, location]).toEqual([undefined, '/#/signin?problem=sign-on']);
    expect((await users()).some((one) => one.email.startsWith('guest'))).toBe(false);
  });

  it('gives whoever comes without an invitation an account that may do nothing', async () => {
    // This provider says nothing of whether it verifies addresses; some never do.
    expect((await signIn('quiet')).user).toMatchObject({ email: 'quiet@example.com', roles: [] });
  });
});
