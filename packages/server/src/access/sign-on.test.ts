import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, authAccounts, authUsers } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';
import { type Access, makeAccess } from './access.js';
import { letIn, rolesOf, signOnOf } from './sign-on.js';

const origin = 'http://localhost:8470';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** An identity provider that says of people what a test wants it to. */
let provider: Server;
let issuer: string;
let says: Record<string, unknown> = {};
let signedWith = privateKey;
/** What was asked for with a code: its challenge, and the nonce that belongs into the answer. */
const codes = new Map<string, { challenge: string; nonce: string }>();

let server: TestServer;
let access: Access;

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function idToken(claims: Record<string, unknown>): string {
  const text = `${part({ alg: 'ES256', kid: 'one', typ: 'JWT' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: signedWith, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

beforeAll(async () => {
  provider = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      const url = request.url ?? '';
      if (url.startsWith('/.well-known'))
        return response.end(
          JSON.stringify({
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/keys`,
            id_token_signing_alg_values_supported: ['ES256'],
          }),
        );
      if (url === '/keys')
        return response.end(
          JSON.stringify({
            keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }],
          }),
        );
      const form = new URLSearchParams(body);
      const asked = codes.get(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (url !== '/token' || !asked || asked.challenge !== challenge) {
        response.statusCode = 400;
        return response.end('{"error":"invalid_grant"}');
      }
      codes.delete(form.get('code') ?? '');
      const now = Math.floor(Date.now() / 1000);
      return response.end(
        JSON.stringify({
          access_token: 'a-token-of-the-provider',
          token_type: 'Bearer',
          expires_in: 300,
          id_token: idToken({
            iss: issuer,
            aud: 'rollcall',
            iat: now,
            exp: now + 300,
            nonce: asked.nonce,
            ...says,
          }),
        }),
      );
    });
  });
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
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
      ROLLCALL_OIDC_ROLES: 'watchers=analyst,people-team=hr,owners=admin',
    },
  });
});
afterAll(async () => {
  provider.close();
  await server.close();
});

/** Goes to the provider and comes back from it. */
async function comeBack(change: { state?: string; code?: string } = {}) {
  const jar = new Map<string, string>();
  const ask = async (method: string, path: string, body?: string) => {
    const response = await access.handle(
      new Request(`${origin}/api/auth${path}`, {
        method,
        headers: {
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body ? { origin, 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body } : {}),
      }),
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    return response;
  };
  const begun = await ask(
    'POST',
    '/sign-in/social',
    '{"provider":"evil","callbackURL":"https://evil.example"}',
  );
  const to = new URL(((await begun.json()) as { to: string }).to);
  const code = `code-${codes.size}-${Math.random()}`;
  codes.set(code, {
    challenge: to.searchParams.get('code_challenge') ?? '',
    nonce: to.searchParams.get('nonce') ?? '',
  });
  const query = new URLSearchParams({
    code: change.code ?? code,
    state: change.state ?? to.searchParams.get('state') ?? '',
  });
  const response = await ask('GET', `/callback/company?${query}`);
  const headers = new Headers({ cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') });
  return { to, location: response.headers.get('location'), user: await access.accounts.user(headers) };
}

const person = (name: string, more = {}) => ({
  sub: `subject-${name}`,
  email: `${name}@example.com`,
  email_verified: true,
  name,
  ...more,
});

describe('single sign-on', () => {
  it('lets in whose address is of the company, with PKCE, and gives the roles that the provider’s groups stand for', async () => {
    says = person('ada', { groups: ['watchers', 'unknown'] });
    const { to, location, user } = await comeBack();
    expect(to.origin).toBe(issuer);
    expect(to.searchParams.get('code_challenge_method')).toBe('S256');
    expect(to.searchParams.get('redirect_uri')).toBe(`${origin}/api/auth/callback/company`);
    expect(location).toBe('/');
    expect(user).toMatchObject({ email: 'ada@example.com', roles: ['analyst'] });
    expect(user?.limited).toBeUndefined();
    const kept = JSON.stringify(await server.services.store.db.select().from(authAccounts));
    expect(kept).not.toContain('a-token-of-the-provider');
  });

  it('takes roles away that the provider no longer gives, but not from the last administrator', async () => {
    says = person('boss', { groups: ['owners'] });
    expect((await comeBack()).user?.roles).toEqual(['admin']);
    says = person('boss', { groups: [] });
    expect((await comeBack()).user?.roles).toEqual(['admin']);
    says = person('ada', { groups: ['people-team'] });
    expect((await comeBack()).user?.roles).toEqual(['hr']);
    says = person('ada', { groups: 'none' });
    expect((await comeBack()).user?.roles).toEqual([]);
    const log = await server.services.store.db.select().from(audit).where(eq(audit.action, 'account.roles'));
    expect(log.at(-1)?.detail).toMatchObject({ from: ['hr'], to: [] });
  });

  it.each([
    ['an address of elsewhere', person('eve', { email: 'eve@example.org' })],
    ['an address that only looks like ours', person('eve', { email: 'eve@example.com.example.org' })],
    ['two signs in an address', person('eve', { email: '"eve@example.com"@example.org' })],
    ['no address', person('eve', { email: undefined })],
  ])('lets nobody in with %s', async (_, claims) => {
    says = claims;
    const { location, user } = await comeBack();
    expect(user).toBeUndefined();
    expect(location).toBe('/#/signin?problem=sign-on');
    const users = await server.services.store.db.select().from(authUsers);
    expect(users.filter((one) => one.email.includes('eve'))).toEqual([]);
  });

  it('takes over no account by an address that the provider has not verified', async () => {
    await access.createAccount({
      email: 'local@example.com',
      name: 'Local',
      roles: ['analyst'],
      password: 'four unrelated words walk',
    });
    says = person('local', { email_verified: false });
    expect((await comeBack()).user).toBeUndefined();
    says = person('local', { groups: ['watchers'] });
    expect((await comeBack()).user).toMatchObject({ email: 'local@example.com' });
  });

  it('lets no closed account in', async () => {
    await server.services.store.db
      .update(authUsers)
      .set({ active: false })
      .where(eq(authUsers.email, 'local@example.com'));
    says = person('local', { groups: ['watchers'] });
    expect((await comeBack()).user).toBeUndefined();
  });

  it('believes no token that the provider did not sign, and no answer to a question that was not asked', async () => {
    says = person('ada', { groups: ['watchers'] });
    signedWith = other;
    expect((await comeBack()).user).toBeUndefined();
    signedWith = privateKey;
    expect((await comeBack({ state: 'made-up' })).user).toBeUndefined();
    expect((await comeBack({ code: 'made-up' })).user).toBeUndefined();
    says = person('ada', { aud: 'another-client' });
    expect((await comeBack()).user).toBeUndefined();
    says = person('ada', { nonce: 'another' });
    expect((await comeBack()).user).toBeUndefined();
    says = person('ada', { exp: 1 });
    expect((await comeBack()).user).toBeUndefined();
  });

  it('tells its secret to nobody', () => {
    expect(access.accounts.signOn).toMatchObject({ clientId: 'rollcall', domains: ['example.com'] });
    expect(JSON.stringify(access.accounts.signOn)).not.toContain('the-secret');
  });
});

describe('what the environment says', () => {
  const good = {
    ROLLCALL_OIDC_ISSUER: 'https://login.example.com/',
    ROLLCALL_OIDC_CLIENT_ID: 'rollcall',
    ROLLCALL_OIDC_CLIENT_SECRET: 'x',
    ROLLCALL_OIDC_DOMAINS: 'Example.com, example.net',
  };

  it('is off where it names no provider', () => {
    expect(signOnOf({})).toBeUndefined();
  });

  it.each([
    ['reads over an open line', { ROLLCALL_OIDC_ISSUER: 'http://login.example.com' }],
    ['has no secret', { ROLLCALL_OIDC_CLIENT_SECRET: '' }],
    ['lets everybody in', { ROLLCALL_OIDC_DOMAINS: '' }],
    ['gives a role that there is not', { ROLLCALL_OIDC_ROLES: 'owners=root' }],
  ])('is refused where it %s', (_, change) => {
    expect(() => signOnOf({ ...good, ...change })).toThrow(/ROLLCALL_OIDC|secret/);
  });

  it('gives nobody a role by default', () => {
    const signOn = signOnOf(good);
    if (!signOn) throw new Error('it is on');
    expect(rolesOf(signOn, { groups: ['admin', 'owners'] })).toBeUndefined();
    expect(letIn(signOn, { email: 'Ada@EXAMPLE.net' })).toBe(true);
    expect(letIn(signOn, { email: 'ada@sub.example.net' })).toBe(false);
    for (const verified of [false, 'false'])
      expect(letIn(signOn, { email: 'ada@example.net', email_verified: verified })).toBe(false);
  });
});
