import { createHmac } from 'node:crypto';
import { and, eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { assemble } from '../app.js';
import {
  audit,
  authAccounts,
  authAttempts,
  authLinks,
  authSessions,
  authUsers,
  intakeTokens,
} from '../store/schema.js';
import { snapshotOf, type TestServer, testServer } from '../testing.js';
import { type Access, makeAccess } from './access.js';
import { secondFactorSetting } from './sessions.js';

const origin = 'http://localhost:8470';
const password = 'four unrelated words walk';

let server: TestServer;
let access: Access;
let app: ReturnType<typeof assemble>['app'];
/** The clock of the house stands still during a test, but for what a test moves it ahead. */
let start = Date.now();
let ahead = 0;

beforeAll(async () => {
  server = await testServer();
  const { services } = server;
  services.now = () => new Date(start + ahead);
  access = makeAccess({ ...services, now: () => services.now(), origin, environment: {} });
  services.accounts = access.accounts;
  app = assemble(services, access.intake, origin).app;
});
afterAll(() => server.close());
beforeEach(async () => {
  start = Date.now();
  ahead = 0;
  await server.services.store.db.delete(authAttempts);
  await setting(secondFactorSetting, false);
});

const setting = (key: string, value: unknown) =>
  server.services.store.transaction((db) => server.services.settings.set(db, key, value));

/** A browser: keeps cookies, and says where it comes from. */
/** What the tests read of the answers. */
interface Answer {
  code: string;
  id: string;
  token: string;
  uri: string;
  codes: string[];
  user: { roles: string[] };
  permissions: string[];
  sessions: { id: string; here: boolean }[];
  settings: { key: string; value: unknown }[];
}

function browser(address = '192.0.2.1') {
  const jar = new Map<string, string>();
  const ask = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const headers = new Headers({ 'x-rollcall-address': address, ...more });
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    if (method !== 'GET' && !headers.has('origin')) headers.set('origin', origin);
    if (body !== undefined) headers.set('content-type', 'application/json');
    const request = new Request(`${origin}/api${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = path.startsWith('/auth/') ? await access.handle(request) : await app.request(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0(?:;|$)/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text.startsWith('{') ? JSON.parse(text) : text) as Answer,
      text,
    };
  };
  return {
    jar,
    ask,
    signIn: (email: string, secret = password) =>
      ask('POST', '/auth/sign-in/email', { email, password: secret }),
  };
}

let made = 0;
async function account(...roles: Parameters<Access['createAccount']>[0]['roles']) {
  made += 1;
  const email = `person${made}@example.com`;
  const id = await access.createAccount({ email, name: `Person ${made}`, roles, password });
  return { id, email };
}

/** The code of now, as an authenticator app makes it (RFC 6238). */
function codeOf(uri: string, at = Date.now()): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const text = new URL(uri).searchParams.get('secret') ?? '';
  let bits = '';
  for (const letter of text) bits += letters.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((one) => Number.parseInt(one, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) as number) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const entries = (action: string) =>
  server.services.store.db.select().from(audit).where(eq(audit.action, action));

describe('setting up', () => {
  it('gives a link that makes the first administrator, once', async () => {
    const first = await access.setupLink();
    const link = (await access.setupLink()) as string;
    const token = (one: string) => new URLSearchParams(one.split('?')[1]).get('token');
    const body = (one: string | undefined, more = {}) => ({
      token: token(one as string),
      email: 'Ada@Example.com',
      name: 'Ada',
      password,
      ...more,
    });
    const page = browser();
    // A new link takes the place of the old one.
    expect((await page.ask('POST', '/auth/set-up', body(first))).body.code).toBe('LINK_INVALID');
    // A password that is not taken does not use the link up.
    expect((await page.ask('POST', '/auth/set-up', body(link, { password: 'short' }))).body.code).toBe(
      'PASSWORD_WEAK',
    );
    const [kept] = await server.services.store.db.select().from(authLinks);
    expect(kept?.hash).not.toContain(token(link));
    const both = await Promise.all([
      browser('192.0.2.2').ask('POST', '/auth/set-up', body(link)),
      browser('192.0.2.3').ask('POST', '/auth/set-up', body(link, { email: 'eve@example.com' })),
    ]);
    expect(both.map((one) => one.status).sort()).toEqual([200, 403]);
    expect(await access.setupLink()).toBeUndefined();
    expect((await page.ask('GET', '/door')).body).toEqual({ setUp: false });
    const users = await server.services.store.db.select().from(authUsers);
    expect(users.map((one) => one.roles)).toEqual([['admin']]);
  });

  it('ends after a day', async () => {
    const { store } = server.services;
    await store.db.update(authUsers).set({ active: false });
    const link = (await access.setupLink()) as string;
    ahead = 25 * 3_600_000;
    const token = link.split('token=')[1];
    const answer = await browser().ask('POST', '/auth/set-up', {
      token,
      email: 'b@example.com',
      name: 'B',
      password,
    });
    expect(answer.status).toBe(403);
    await store.db.update(authUsers).set({ active: true });
  });
});

describe('signing in', () => {
  it('opens a session whose cookie no script can read and no other site can use', async () => {
    const { id, email } = await account('analyst');
    const page = browser();
    const answer = await page.signIn(email.toUpperCase());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ done: true });
    const cookie = answer.headers.getSetCookie().find((one) => one.includes('session_token')) as string;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Max-Age=43200/);
    const session = await page.ask('GET', '/session');
    expect(session.body.user).toMatchObject({ id, roles: ['analyst'] });
    expect(session.body.permissions).toContain('people.view');
    expect(session.headers.get('cache-control')).toBe('no-store');
    const [entry] = (await entries('sign-in')).filter((one) => one.actor === id);
    expect(entry).toMatchObject({ subject: `account:${id}`, detail: { method: 'password' } });
  });

  it('says the same of a wrong password, an unknown address and a closed account', async () => {
    const { id, email } = await account('analyst');
    const closed = await account('analyst');
    await server.services.store.db
      .update(authUsers)
      .set({ active: false })
      .where(eq(authUsers.id, closed.id));
    const answers = [
      await browser().signIn(email, 'not the password at all'),
      await browser().signIn('nobody@example.com', 'not the password at all'),
      await browser().signIn(closed.email),
      await browser().signIn('no address'),
    ];
    expect(new Set(answers.map((one) => one.text)).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
    const failed = await entries('sign-in.fail');
    expect(failed.some((one) => one.subject === `account:${id}`)).toBe(true);
    expect(failed.some((one) => /^address:[0-9a-f]{12}$/.test(one.subject))).toBe(true);
    expect(JSON.stringify(failed)).not.toContain('example.com');
  });

  it('makes whoever guesses wait, longer each time, known or not; even with the right password', async () => {
    const { email } = await account('analyst');
    for (const one of [email, 'unknown@example.com']) {
      const page = browser(`198.51.100.${one.length}`);
      const statuses: number[] = [];
      for (let i = 0; i < 6; i++) statuses.push((await page.signIn(one, 'a wrong guess here')).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    }
    const refused = await browser('203.0.113.9').signIn(email);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    ahead = 3000;
    expect((await browser('203.0.113.9').signIn(email, 'a wrong guess here')).status).toBe(401);
    expect(Number((await browser().signIn(email)).headers.get('retry-after'))).toBeGreaterThan(2);
    ahead = 20_000;
    expect((await browser().signIn(email)).status).toBe(200);
    ahead = 0;
  });

  it('counts guesses that come at once', async () => {
    const { email } = await account('analyst');
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, i) => browser(`198.51.100.${i}`).signIn(email, 'wrong wrong wrong')),
    );
    expect(all.filter((one) => one.status === 401)).toHaveLength(5);
  });

  it('makes an address wait that tries many accounts, whatever other headers say of it', async () => {
    const { email } = await account('analyst');
    const page = browser('203.0.113.77');
    let status = 0;
    let n = 0;
    while (status !== 429 && n < 40) {
      n += 1;
      const guess = { email: `guess${n}@example.com`, password: 'wrong wrong wrong' };
      status = (
        await page.ask('POST', '/auth/sign-in/email', guess, {
          'x-forwarded-for': `192.0.2.${n}`,
          'x-forwarded-host': 'evil.example',
          forwarded: 'for=192.0.2.1',
        })
      ).status;
    }
    expect(n).toBe(31);
    expect((await browser().signIn(email)).status).toBe(200);
  });
});

describe('a session', () => {
  it('is dead at once when signed out, and its cookie cannot be made up', async () => {
    const { email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    const [name, value] = [...page.jar].find(([one]) => one.includes('session_token')) as [string, string];
    expect((await page.ask('POST', '/auth/sign-out', {})).status).toBe(200);
    page.jar.set(name, value);
    expect((await page.ask('GET', '/session')).status).toBe(401);
    const [row] = await server.services.store.db.select().from(authSessions);
    for (const forged of [
      row?.token ?? 'x',
      `${row?.token}.${Buffer.alloc(32).toString('base64')}`,
      '%E0%A4%A',
      '.',
      'x'.repeat(5000),
      `"; DROP TABLE auth_users; --.AAAA`,
    ]) {
      page.jar.set(name, encodeURIComponent(forged).replace('%25E0', '%E0'));
      expect((await page.ask('GET', '/session')).status).toBe(401);
    }
  });

  it('ends after an hour in which nobody did anything; what a page reads by itself does not count', async () => {
    const { email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    ahead = 50 * 60_000;
    expect((await page.ask('GET', '/session')).status).toBe(200);
    ahead = 100 * 60_000;
    expect((await page.ask('GET', '/session', undefined, { 'x-rollcall-background': '1' })).status).toBe(200);
    ahead = 111 * 60_000;
    expect((await page.ask('GET', '/session')).status).toBe(401);
    ahead = 0;
    expect((await page.ask('GET', '/session')).status).toBe(401);
  });

  it('ends after twelve hours, whatever is done', async () => {
    const { email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    for (let minutes = 50; minutes < 12 * 60; minutes += 50) {
      ahead = minutes * 60_000;
      expect((await page.ask('GET', '/session')).status).toBe(200);
    }
    ahead = 12 * 3_600_000 + 600_000;
    expect((await page.ask('GET', '/session')).status).toBe(401);
  });

  it('ends when roles change, when the account is closed and when the password changes elsewhere', async () => {
    const admin = await account('admin');
    const other = await account('analyst');
    const boss = browser();
    await boss.signIn(admin.email);
    const signedIn = async () => {
      const page = browser();
      expect((await page.signIn(other.email)).status).toBe(200);
      return page;
    };
    let page = await signedIn();
    await boss.ask('PUT', `/accounts/${other.id}/roles`, { roles: ['hr'] });
    expect((await page.ask('GET', '/session')).status).toBe(401);

    page = await signedIn();
    expect((await page.ask('GET', '/session')).body.user.roles).toEqual(['hr']);
    await boss.ask('PUT', `/accounts/${other.id}/active`, { active: false });
    expect((await page.ask('GET', '/session')).status).toBe(401);
    await boss.ask('PUT', `/accounts/${other.id}/active`, { active: true });

    page = await signedIn();
    const here = await signedIn();
    const next = 'another five unrelated words';
    const change = { currentPassword: password, newPassword: next };
    expect(
      (await here.ask('POST', '/auth/change-password', { ...change, currentPassword: 'no' })).body.code,
    ).toBe('PASSWORD_WRONG');
    expect((await here.ask('POST', '/auth/change-password', change)).status).toBe(200);
    expect((await page.ask('GET', '/session')).status).toBe(401);
    expect((await here.ask('GET', '/session')).status).toBe(200);
    expect((await browser().signIn(other.email)).status).toBe(401);
    expect((await browser().signIn(other.email, next)).status).toBe(200);
  });

  it('can be ended one by one or all together, only by whom it belongs to', async () => {
    const mine = await account('analyst');
    const theirs = await account('analyst');
    const [a, b, c] = [browser(), browser(), browser()];
    await a.signIn(mine.email);
    await b.signIn(mine.email);
    await c.signIn(theirs.email);
    const own = (await a.ask('GET', '/account')).body;
    expect(own.sessions).toHaveLength(2);
    expect(JSON.stringify(own)).not.toContain('token');
    const other = own.sessions.find((one) => !one.here);
    expect((await c.ask('DELETE', `/account/sessions/${other?.id}`)).status).toBe(404);
    expect((await a.ask('DELETE', `/account/sessions/${other?.id}`)).status).toBe(200);
    expect((await b.ask('GET', '/session')).status).toBe(401);
    await b.signIn(mine.email);
    expect((await a.ask('DELETE', '/account/sessions')).body).toEqual({ ended: 2 });
    expect((await a.ask('GET', '/session')).status).toBe(401);
    expect((await c.ask('GET', '/session')).status).toBe(200);
  });
});

describe('a second factor', () => {
  it('is asked for before anything opens, where it is needed', async () => {
    await setting(secondFactorSetting, true);
    const { email } = await account('analyst', 'admin');
    const page = browser();
    await page.signIn(email);
    expect((await page.ask('GET', '/session')).body).toMatchObject({
      needs: 'second-factor',
      permissions: [],
    });
    expect((await page.ask('GET', '/accounts')).status).toBe(403);
    expect((await page.ask('GET', '/account')).status).toBe(200);
  });

  it('is set up with codes, and then asked for at each sign-in', async () => {
    await setting(secondFactorSetting, true);
    const { id, email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    const elsewhere = browser();
    await elsewhere.signIn(email);
    expect((await page.ask('POST', '/auth/two-factor/enable', { password: 'no' })).status).toBe(403);
    const begun = await page.ask('POST', '/auth/two-factor/enable', { password });
    expect(begun.body.uri).toMatch(/^otpauth:\/\/totp\/Rollcall/);
    expect(begun.body.codes).toHaveLength(10);
    expect((await page.ask('POST', '/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401);
    expect((await page.ask('GET', '/session')).body.permissions).toEqual([]);
    const code = codeOf(begun.body.uri);
    expect((await page.ask('POST', '/auth/two-factor/verify-totp', { code })).body).toEqual({ done: true });
    expect((await page.ask('GET', '/session')).body.permissions).toContain('people.view');
    expect((await elsewhere.ask('GET', '/session')).status).toBe(401);
    expect((await entries('account.second-factor.add')).map((one) => one.actor)).toContain(id);

    const again = browser();
    const answer = await again.signIn(email);
    expect(answer.body).toEqual({ second: 'totp' });
    expect((await again.ask('GET', '/session')).status).toBe(401);
    expect((await again.ask('POST', '/auth/two-factor/verify-totp', { code: '123' })).status).toBe(401);
    expect(
      (
        await again.ask('POST', '/auth/two-factor/verify-totp', {
          code: codeOf(begun.body.uri, Date.now() + 30_000),
        })
      ).status,
    ).toBe(200);
    expect((await again.ask('GET', '/session')).body.permissions).toContain('people.view');
    expect((await entries('sign-in')).at(-1)).toMatchObject({ actor: id, detail: { method: 'totp' } });

    // A backup code works once.
    const [spare] = begun.body.codes;
    for (const status of [200, 401]) {
      const lost = browser();
      await lost.signIn(email);
      expect((await lost.ask('POST', '/auth/two-factor/verify-backup-code', { code: spare })).status).toBe(
        status,
      );
    }
    // The last second factor cannot be taken away while one is needed.
    expect((await again.ask('POST', '/auth/two-factor/disable', { password })).body.code).toBe(
      'SECOND_FACTOR_NEEDED',
    );
    await setting(secondFactorSetting, false);
    expect((await again.ask('POST', '/auth/two-factor/disable', { password })).status).toBe(200);
    expect((await browser().signIn(email)).body).toEqual({ done: true });
  });

  it('does not take the same code twice', async () => {
    const { email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    const { uri } = (await page.ask('POST', '/auth/two-factor/enable', { password })).body;
    await page.ask('POST', '/auth/two-factor/verify-totp', { code: codeOf(uri) });
    const statuses: number[] = [];
    const code = codeOf(uri, Date.now() + 30_000);
    for (let i = 0; i < 2; i++) {
      const other = browser();
      await other.signIn(email);
      statuses.push((await other.ask('POST', '/auth/two-factor/verify-totp', { code })).status);
    }
    expect(statuses).toEqual([200, 401]);
  });

  it('cannot be guessed', async () => {
    const { id, email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    const { uri } = (await page.ask('POST', '/auth/two-factor/enable', { password })).body;
    await page.ask('POST', '/auth/two-factor/verify-totp', { code: codeOf(uri) });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const guesser = browser(`198.51.100.${i}`);
      await guesser.signIn(email);
      statuses.push(
        (await guesser.ask('POST', '/auth/two-factor/verify-totp', { code: `00000${i}` })).status,
      );
    }
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
    expect((await entries('sign-in.fail')).filter((one) => one.subject === `account:${id}`)).toHaveLength(5);
  });
});

describe('accounts', () => {
  it('are made by invitation: a link that works once, for three days', async () => {
    const admin = await account('admin');
    const boss = browser();
    await boss.signIn(admin.email);
    const invite = (email: string) =>
      boss.ask('POST', '/accounts', { email, name: 'Grace <b>Example</b>', roles: ['hr', 'recruiter'] });
    const invited = await invite('grace@example.com');
    expect(invited.status).toBe(200);
    expect((await invite('GRACE@example.com')).status).toBe(409);
    expect((await browser().signIn('grace@example.com')).status).toBe(401);
    const { token } = invited.body;
    const weak = await browser().ask('POST', '/auth/accept', { token, password: 'grace.example.com1' });
    expect(weak.body.code).toBe('PASSWORD_WEAK');
    expect((await browser().ask('POST', '/auth/accept', { token, password })).body).toEqual({
      email: 'grace@example.com',
    });
    expect((await browser().ask('POST', '/auth/accept', { token, password })).status).toBe(403);
    const page = browser();
    await page.signIn('grace@example.com');
    expect((await page.ask('GET', '/session')).body.user.roles).toEqual(['recruiter', 'hr']);

    const late = await invite('late@example.com');
    ahead = 73 * 3_600_000;
    expect((await browser().ask('POST', '/auth/accept', { token: late.body.token, password })).status).toBe(
      403,
    );
    ahead = 0;
    const log = JSON.stringify(await entries('account.invite'));
    expect(log).not.toContain('grace');
    expect(log).not.toContain(token);
  });

  it('begin anew by link: what they signed in with is gone', async () => {
    const admin = await account('admin');
    const lost = await account('analyst');
    const boss = browser();
    await boss.signIn(admin.email);
    const page = browser();
    await page.signIn(lost.email);
    const { token } = (await boss.ask('POST', `/accounts/${lost.id}/invitation`)).body;
    expect((await page.ask('GET', '/session')).status).toBe(401);
    expect((await browser().signIn(lost.email)).status).toBe(401);
    await browser().ask('POST', '/auth/accept', { token, password: 'quite another long one' });
    expect((await browser().signIn(lost.email, 'quite another long one')).status).toBe(200);
  });

  it('always keep one administrator', async () => {
    const { store } = server.services;
    await store.db.update(authUsers).set({ roles: ['analyst'] });
    const [one, two] = [await account('admin'), await account('admin', 'analyst')];
    const boss = browser();
    await boss.signIn(one.email);
    expect((await boss.ask('PUT', `/accounts/${two.id}/roles`, { roles: ['analyst'] })).status).toBe(200);
    for (const [path, body] of [
      ['roles', { roles: ['hr'] }],
      ['active', { active: false }],
    ] as const) {
      const answer = await boss.ask('PUT', `/accounts/${one.id}/${path}`, body);
      expect(answer.body.code).toBe('LAST_ADMIN');
    }
    expect((await boss.ask('GET', '/session')).status).toBe(200);
    expect((await boss.ask('PUT', `/accounts/${one.id}/roles`, { roles: ['admin', 'owner'] })).status).toBe(
      400,
    );
  });

  it('cannot be made, changed or taken over through the addresses of the library underneath', async () => {
    const { email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    for (const [method, path] of [
      ['POST', '/auth/sign-up/email'],
      ['POST', '/auth/update-user'],
      ['POST', '/auth/change-email'],
      ['POST', '/auth/delete-user'],
      ['POST', '/auth/set-password'],
      ['POST', '/auth/request-password-reset'],
      ['POST', '/auth/link-social'],
      ['GET', '/auth/list-sessions'],
      ['GET', '/auth/get-session'],
      ['POST', '/auth/two-factor/send-otp'],
      ['POST', '/auth//sign-in/email'],
      ['POST', '/auth/sign-in/email/'],
      ['POST', '/auth/__proto__'],
      ['POST', '/auth/constructor'],
    ] as const)
      expect((await page.ask(method, path, method === 'POST' ? {} : undefined)).status).toBe(404);
  });
});

describe('tokens', () => {
  it('are shown once, kept as a hash, limited, and end when withdrawn or old', async () => {
    const admin = await account('admin');
    const boss = browser();
    await boss.signIn(admin.email);
    const source = server.services.content.connectors[0]?.id as string;
    const make = (body: object) =>
      boss.ask('POST', '/tokens', { title: 'the feed', sources: [source], days: 30, ...body });
    const { id, token } = (await make({})).body;
    const bearer = (one: string) => access.intake(new Headers({ authorization: `Bearer ${one}` }));
    expect(await bearer(token)).toMatchObject({ id: `token:${id}`, roles: [], sources: [source] });
    const [row] = await server.services.store.db.select().from(intakeTokens).where(eq(intakeTokens.id, id));
    expect(token).not.toContain(row?.hash);
    expect(row?.usedAt).toBeInstanceOf(Date);
    expect((await boss.ask('GET', '/tokens')).text).not.toContain(token.slice(22));
    for (const wrong of [`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, '', 'x', token.slice(9)])
      expect(await bearer(wrong)).toBeUndefined();
    // A token opens nothing but what is for handing in.
    const page = await app.request('/api/accounts', { headers: { authorization: `Bearer ${token}` } });
    expect(page.status).toBe(401);
    ahead = 31 * 86_400_000;
    expect(await bearer(token)).toBeUndefined();
    ahead = 0;
    expect(await bearer(token)).toBeDefined();
    expect((await boss.ask('DELETE', `/tokens/${id}`)).status).toBe(200);
    expect(await bearer(token)).toBeUndefined();
    expect((await make({ sources: ['no-such'] })).status).toBe(422);
    expect((await make({ days: 100_000 })).status).toBe(400);
    expect(JSON.stringify(await entries('token.make'))).not.toContain(token);
  });
});

describe('settings', () => {
  it('take only what each may be, and leave an entry', async () => {
    const admin = await account('admin');
    const boss = browser();
    await boss.signIn(admin.email);
    const put = (key: string, value: unknown) => boss.ask('PUT', `/settings/${key}`, { value });
    expect((await put('cases.two-to-open', true)).status).toBe(200);
    expect(await server.services.settings.twoToOpen()).toBe(true);
    expect((await put('cases.two-to-open', 1)).status).toBe(422);
    expect((await put('access.idle-minutes', 1)).status).toBe(422);
    expect((await put('access.idle-minutes', 7.5)).status).toBe(422);
    expect((await put('no.such', true)).status).toBe(404);
    expect((await put('sources.largest-file', 2)).status).toBe(200);
    expect(await server.services.settings.get('sources.largest-file', 0)).toBe(2 * 2 ** 30);
    expect((await entries('settings.change')).at(-1)).toMatchObject({
      actor: admin.id,
      subject: 'setting:sources.largest-file',
      detail: { to: 2 },
    });
    const listed = (await boss.ask('GET', '/settings')).body.settings;
    const value = (key: string) => listed.find((one) => one.key === key)?.value;
    expect([value('cases.two-to-open'), value('sources.largest-file')]).toEqual([true, 2]);
    expect((await boss.ask('GET', '/settings/health')).body).toMatchObject({ store: 'pglite' });
    expect((await boss.ask('GET', '/settings/sign-on')).body).toMatchObject({ on: false });
  });
});

describe('other sites', () => {
  it('cannot make a browser change anything', async () => {
    const { email } = await account('admin');
    const page = browser();
    await page.signIn(email);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:8471' },
      { origin, 'sec-fetch-site': 'cross-site' },
      { origin, 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      const answer = await page.ask('POST', '/tokens', { title: 'x', sources: [], days: 1 }, headers);
      expect(answer.body.code).toBe('FOREIGN_ORIGIN');
      expect((await page.ask('POST', '/auth/sign-out', {}, headers)).body.code).toBe('FOREIGN_ORIGIN');
    }
    const silent = await app.request('/api/account/sessions', {
      method: 'DELETE',
      headers: { cookie: [...page.jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    expect(silent.status).toBe(403);
    expect((await page.ask('GET', '/session')).status).toBe(200);
  });

  it('cannot send a form that passes for JSON, nor a body without end', async () => {
    const send = (body: string, type: string) =>
      access.handle(
        new Request(`${origin}/api/auth/sign-in/email`, {
          method: 'POST',
          body,
          headers: { 'content-type': type },
        }),
      );
    expect((await send('email=a&password=b', 'application/x-www-form-urlencoded')).status).toBe(400);
    expect((await send('{"email":"a"}', 'text/plain')).status).toBe(400);
    expect((await send('[1]', 'application/json')).status).toBe(400);
    expect((await send(`{"email":"${'x'.repeat(70_000)}"}`, 'application/json')).status).toBe(413);
  });
});

describe('the audit log of signing in', () => {
  it('holds no address, name, password or token', async () => {
    const rows = await server.services.store.db.select().from(audit).where(like(audit.action, '%'));
    const log = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(20);
    expect(log).not.toMatch(/@|Person \d|unrelated|rollcall_/);
  });

  it('keeps nothing that ended', async () => {
    const { services } = server;
    ahead = 100 * 3_600_000;
    const { area } = await import('../areas/access/index.js');
    await area.work?.['access.clean']?.({}, services);
    const left = await services.store.db.select().from(authSessions);
    expect(left).toEqual([]);
    expect(await services.store.db.select().from(authAttempts)).toEqual([]);
    expect(
      await services.store.db
        .select()
        .from(authLinks)
        .where(and(eq(authLinks.kind, 'invitation'))),
    ).toEqual([]);
  });
});

describe('one’s own e-mail address', () => {
  const change = (page: ReturnType<typeof browser>, email: string, secret?: string) =>
    page.ask('PUT', '/account/email', { email, ...(secret === undefined ? {} : { password: secret }) });

  it('is changed with the password, ends all other sessions, and is on record without the address', async () => {
    const { id, email } = await account('analyst');
    const [here, there] = [browser(), browser()];
    await here.signIn(email);
    await there.signIn(email);
    expect((await change(here, 'new.address@example.com', 'not my password at all')).body.code).toBe(
      'PASSWORD_WRONG',
    );
    expect((await change(here, 'new.address@example.com')).body.code).toBe('PASSWORD_WRONG');
    expect((await change(here, 'no address', password)).status).toBe(400);
    expect((await change(here, ' New.Address@Example.com'.trim(), password)).status).toBe(200);
    expect((await here.ask('GET', '/session')).status).toBe(200);
    expect((await there.ask('GET', '/session')).status).toBe(401);
    expect((await browser().signIn(email)).status).toBe(401);
    expect((await browser().signIn('new.address@example.com')).status).toBe(200);
    const log = (await entries('account.email')).filter((one) => one.actor === id);
    expect(log.map((one) => one.subject)).toEqual([`account:${id}`]);
    expect(log[0]?.detail).toEqual({ sessionsEnded: 1 });
    expect(JSON.stringify(log)).not.toContain('new.address');
  });

  it('is nobody else’s, and is not tried for ever', async () => {
    const [one, two] = [await account('analyst'), await account('analyst')];
    const page = browser();
    await page.signIn(one.email);
    expect((await change(page, two.email.toUpperCase(), password)).body.code).toBe('ACCOUNT_EXISTS');
    expect((await change(page, one.email, password)).body.code).toBe('SAME_ADDRESS');
    expect((await browser().ask('PUT', '/account/email', { email: 'x@example.com', password })).status).toBe(
      401,
    );
    let waits = false;
    for (let i = 0; i < 8 && !waits; i++)
      waits = (await change(page, 'other@example.com', `wrong ${i} wrong wrong`)).status === 429;
    expect(waits).toBe(true);
  });

  it('is changed without a password only just after signing in', async () => {
    const { id, email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    // As somebody who signs in with a passkey only.
    await server.services.store.db.delete(authAccounts).where(eq(authAccounts.userId, id));
    ahead = 20 * 60_000;
    expect((await change(page, 'by.passkey@example.com')).body.code).toBe('SIGN_IN_AGAIN');
    ahead = 10 * 60_000;
    expect((await change(page, 'by.passkey@example.com')).status).toBe(200);
  });

  it('does not change who somebody is among the people on record, nor what single sign-on joins', async () => {
    const { services } = server;
    const { id, email } = await account('analyst');
    const page = browser();
    await page.signIn(email);
    const { current } = services.results;
    const [first] = sampleResult.people;
    services.results.current = () =>
      snapshotOf(
        { ...sampleResult, people: [{ ...first, workEmail: email } as (typeof sampleResult.people)[number]] },
        services.keys.handle,
      );
    expect((await change(page, 'private@example.net', password)).body.code).toBe('ADDRESS_ON_RECORD');
    services.results.current = current;
    const { accounts } = services;
    services.accounts = {
      ...accounts,
      signOn: { title: '', issuer: '', clientId: '', domains: ['example.com'], roles: new Map() },
    };
    expect((await change(page, 'colleague@example.com', password)).body.code).toBe('ADDRESS_GIVEN');
    services.accounts = accounts;
    expect((await change(page, 'private@example.net', password)).status).toBe(200);
    const [kept] = await services.store.db.select().from(authUsers).where(eq(authUsers.id, id));
    expect(kept).toMatchObject({ email: 'private@example.net', emailVerified: false });
  });
});
