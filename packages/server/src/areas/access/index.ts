/** Accounts, tokens and settings: who may come in, and how this installation behaves. */
import { readFileSync } from 'node:fs';
import { z } from '@hono/zod-openapi';
import { and, count, eq, gt, isNotNull, lt, max } from 'drizzle-orm';
import {
  admins,
  createUser,
  inOrder,
  removeWaysIn,
  requireOtherAdmin,
  revokeSessions,
} from '../../access/accounts.js';
import { makeAttempts } from '../../access/attempts.js';
import { cleanLinks, makeLink } from '../../access/links.js';
import {
  cookieSecret,
  idleFallback,
  idleSetting,
  secondFactorSetting,
  signedCookie,
} from '../../access/sessions.js';
import { makeToken } from '../../access/tokens.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { may, type Permission, permissions, type User } from '../../model/roles.js';
import {
  audit,
  authAccounts,
  authLinks,
  authPasskeys,
  authSecondFactors,
  authSessions,
  authUsers,
  authVerifications,
  intakeTokens,
  work,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import type { Area } from '../area.js';
import { changeOwnEmail, provedAgain } from './own-email.js';
import { checkedSetting, kept, settingList, shown } from './setting-list.js';
import {
  accountsSchema,
  activeBody,
  doorSchema,
  healthSchema,
  invitationBody,
  invitationSchema,
  newTokenSchema,
  ownEmailBody,
  ownSchema,
  rolesBody,
  sessionSchema,
  settingBody,
  settingsSchema,
  signOnSchema,
  tokenBody,
  tokensSchema,
} from './words.js';

const done = z.object({ done: z.literal(true) });
const accountParam = z.object({ account: z.string().max(100) });
const upSince = new Date();
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function requireAccount(db: Db, id: string): Promise<typeof authUsers.$inferSelect> {
  const [row] = await db.select().from(authUsers).where(eq(authUsers.id, id)).for('update');
  if (!row) throw notFound('the account');
  return row;
}

export const area: Area = {
  name: 'access',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/session',
        summary: 'Who is signed in, and what they may do',
        permission: 'signed-in',
        answer: sessionSchema,
      },
      async ({ user }) => ({
        user: { id: user.id, name: user.name, email: user.email, roles: [...user.roles] },
        permissions: (Object.keys(permissions) as Permission[]).filter((one) => may(user.roles, one)),
        ...(user.limited ? { needs: user.limited } : {}),
      }),
    );

    router.add(
      {
        method: 'get',
        path: '/door',
        summary: 'What the page for signing in has to know',
        permission: 'public',
        answer: doorSchema,
      },
      async ({ db }, { accounts: { signOn } }) => {
        const rows = await db
          .select({ roles: authUsers.roles })
          .from(authUsers)
          .where(eq(authUsers.active, true));
        return {
          setUp: !rows.some((row) => row.roles.includes('admin')),
          ...(signOn ? { signOn: signOn.title } : {}),
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/accounts',
        summary: 'Everybody who may sign in',
        permission: 'settings.view',
        answer: accountsSchema,
      },
      async ({ db }, { now }) => {
        const [users, ways, factors, passkeys, links, sessions] = await Promise.all([
          db.select().from(authUsers).orderBy(authUsers.name, authUsers.id),
          db.select({ user: authAccounts.userId, provider: authAccounts.providerId }).from(authAccounts),
          db
            .select({ user: authSecondFactors.userId })
            .from(authSecondFactors)
            .where(eq(authSecondFactors.verified, true)),
          db.selectDistinct({ user: authPasskeys.userId }).from(authPasskeys),
          db
            .select({ user: authLinks.userId, until: max(authLinks.expiresAt) })
            .from(authLinks)
            .where(and(isNotNull(authLinks.userId), gt(authLinks.expiresAt, now())))
            .groupBy(authLinks.userId),
          db
            .select({ user: authSessions.userId, n: count() })
            .from(authSessions)
            .where(gt(authSessions.expiresAt, now()))
            .groupBy(authSessions.userId),
        ]);
        return {
          accounts: users.map((user) => {
            const own = ways.filter((one) => one.user === user.id).map((one) => one.provider);
            const until = links.find((one) => one.user === user.id)?.until;
            return {
              id: user.id,
              name: user.name,
              email: user.email,
              roles: inOrder(user.roles),
              active: user.active,
              ways: [
                ...(own.includes('credential') ? (['password'] as const) : []),
                ...(own.some((one) => one !== 'credential') ? (['sign-on'] as const) : []),
              ],
              secondFactors: [
                ...(factors.some((one) => one.user === user.id) ? (['codes'] as const) : []),
                ...(passkeys.some((one) => one.user === user.id) ? (['passkey'] as const) : []),
              ],
              ...(user.lastSignInAt ? { lastSignInAt: user.lastSignInAt.toISOString() } : {}),
              createdAt: user.createdAt.toISOString(),
              ...(until ? { invitedUntil: until.toISOString() } : {}),
              sessions: sessions.find((one) => one.user === user.id)?.n ?? 0,
            };
          }),
        };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/accounts',
        summary: 'Invite somebody: makes the account, and a link that works once',
        permission: 'settings.edit',
        audit: 'account.invite',
        body: invitationBody,
        answer: invitationSchema,
      },
      async ({ body, user, db, note }, { now, live }) => {
        const account = await createUser(db, body, now());
        const { token, expiresAt } = await makeLink(db, 'invitation', {
          user: account,
          by: user.id,
          now: now(),
        });
        note(`account:${account}`, { roles: inOrder(body.roles) });
        live.publish('accounts');
        return { account, token, expiresAt: expiresAt.toISOString() };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/accounts/{account}/invitation',
        summary:
          'A new beginning: password, codes and passkeys are removed, and a link to start again is made',
        permission: 'settings.edit',
        audit: 'account.renew',
        params: accountParam,
        answer: invitationSchema,
      },
      async ({ params, user, db, note }, { now, live }) => {
        const row = await requireAccount(db, params.account);
        if (!row.active) throw new Refusal(409, 'ACCOUNT_CLOSED', 'this account is closed; open it first');
        // Whoever lost everything at once must be let in by another: a link to oneself would lock oneself out.
        if (row.id === user.id)
          throw new Refusal(409, 'OWN_ACCOUNT', 'for your own account, use “My account”');
        await removeWaysIn(db, row.id);
        const { token, expiresAt } = await makeLink(db, 'invitation', {
          user: row.id,
          by: user.id,
          now: now(),
        });
        note(`account:${row.id}`);
        live.publish('accounts');
        return { account: row.id, token, expiresAt: expiresAt.toISOString() };
      },
    );

    router.add(
      {
        method: 'put',
        path: '/accounts/{account}/roles',
        summary: 'Say what somebody may do; they are signed out everywhere',
        permission: 'settings.edit',
        audit: 'account.roles',
        params: accountParam,
        body: rolesBody,
        answer: done,
      },
      async ({ params, body, db, note }, { now, live }) => {
        const left = await admins(db);
        const row = await requireAccount(db, params.account);
        const roles = inOrder(body.roles);
        if (!roles.includes('admin') && left.includes(row.id)) await requireOtherAdmin(db, row.id);
        note(`account:${row.id}`, { from: inOrder(row.roles), to: roles });
        if (roles.join() !== inOrder(row.roles).join()) {
          await db.update(authUsers).set({ roles, updatedAt: now() }).where(eq(authUsers.id, row.id));
          await revokeSessions(db, row.id);
        }
        live.publish('accounts');
        return { done: true as const };
      },
    );

    router.add(
      {
        method: 'put',
        path: '/accounts/{account}/active',
        summary: 'Close an account, or open it again; closing signs out everywhere',
        permission: 'settings.edit',
        audit: 'account.active',
        params: accountParam,
        body: activeBody,
        answer: done,
      },
      async ({ params, body, db, note }, { now, live }) => {
        const left = await admins(db);
        const row = await requireAccount(db, params.account);
        note(`account:${row.id}`, { active: body.active });
        if (!body.active) {
          if (left.includes(row.id)) await requireOtherAdmin(db, row.id);
          await revokeSessions(db, row.id);
          await db.delete(authLinks).where(eq(authLinks.userId, row.id));
        }
        await db
          .update(authUsers)
          .set({ active: body.active, updatedAt: now() })
          .where(eq(authUsers.id, row.id));
        live.publish('accounts');
        return { done: true as const };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/account',
        summary: 'My account: how I sign in, and where I am signed in',
        permission: 'signed-in',
        answer: ownSchema,
      },
      async ({ user, db, context }, { keys, settings, now }) => {
        const here = signedCookie(context.req.raw.headers, 'session_token', cookieSecret(keys));
        const [[row], ways, passkeys, sessions] = await Promise.all([
          db.select().from(authUsers).where(eq(authUsers.id, user.id)),
          db.select().from(authAccounts).where(eq(authAccounts.userId, user.id)),
          db
            .select()
            .from(authPasskeys)
            .where(eq(authPasskeys.userId, user.id))
            .orderBy(authPasskeys.createdAt, authPasskeys.id),
          db
            .select()
            .from(authSessions)
            .where(and(eq(authSessions.userId, user.id), gt(authSessions.expiresAt, now())))
            .orderBy(authSessions.createdAt, authSessions.id),
        ]);
        if (!row) throw notFound('the account');
        return {
          id: row.id,
          name: row.name,
          email: row.email,
          roles: inOrder(row.roles),
          password: ways.some((one) => one.providerId === 'credential'),
          codes: row.twoFactorEnabled === true,
          passkeys: passkeys.map((one) => ({
            id: one.id,
            name: one.name ?? '',
            ...(one.createdAt ? { createdAt: one.createdAt.toISOString() } : {}),
            synced: one.backedUp,
          })),
          needed: await settings.get(secondFactorSetting, true),
          sessions: sessions
            .filter((one) => one.method !== 'pending')
            .map((one) => ({
              id: one.id,
              here: one.token === here,
              method: one.method,
              from: one.ipAddress ?? '',
              browser: (one.userAgent ?? '').slice(0, 200),
              createdAt: one.createdAt.toISOString(),
              seenAt: (one.seenAt ?? one.createdAt).toISOString(),
              expiresAt: one.expiresAt.toISOString(),
            })),
          idleMinutes: await settings.get(idleSetting, idleFallback),
        };
      },
    );

    router.add(
      {
        method: 'put',
        path: '/account/email',
        summary:
          'Change my e-mail address: with my password, or within 15 minutes of signing in where I have none; everywhere else I am signed out',
        permission: 'signed-in',
        audit: 'account.email',
        body: ownEmailBody,
        answer: done,
        before: async (context, services) => {
          const { password } = context.req.valid('json' as never) as z.output<typeof ownEmailBody>;
          return provedAgain(context, services, context.get('user' as never) as User, password);
        },
      },
      async ({ body, user, db, taken, note }, services) => {
        const ended = await changeOwnEmail(db, services, user, {
          email: body.email,
          session: taken as string,
        });
        note(`account:${user.id}`, { sessionsEnded: ended });
        for (const topic of ['account', 'accounts']) services.live.publish(topic);
        return { done: true as const };
      },
    );

    router.add(
      {
        method: 'delete',
        path: '/account/sessions/{session}',
        summary: 'Sign out in one place',
        permission: 'signed-in',
        audit: 'account.sessions.end',
        params: z.object({ session: z.string().max(100) }),
        answer: done,
      },
      async ({ params, user, db, note }, { live }) => {
        note(`account:${user.id}`);
        const gone = await db
          .delete(authSessions)
          .where(and(eq(authSessions.id, params.session), eq(authSessions.userId, user.id)))
          .returning({ id: authSessions.id });
        if (gone.length === 0) throw notFound('the session');
        live.publish('account');
        return { done: true as const };
      },
    );

    router.add(
      {
        method: 'delete',
        path: '/account/sessions',
        summary: 'Sign out everywhere, here too',
        permission: 'signed-in',
        audit: 'account.sessions.end',
        answer: z.object({ ended: z.number() }),
      },
      async ({ user, db, note }, { live }) => {
        const ended = await revokeSessions(db, user.id);
        note(`account:${user.id}`, { ended });
        live.publish('account');
        return { ended };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/tokens',
        summary: 'Tokens of programs that hand in records',
        permission: 'settings.view',
        answer: tokensSchema,
      },
      async ({ db }, { now, content }) => {
        const rows = await db.select().from(intakeTokens).orderBy(intakeTokens.createdAt, intakeTokens.id);
        return {
          tokens: rows.map((row) => ({
            id: row.id,
            title: row.title,
            sources: row.sources,
            createdAt: row.createdAt.toISOString(),
            createdBy: row.createdBy,
            expiresAt: row.expiresAt.toISOString(),
            ...(row.usedAt ? { usedAt: row.usedAt.toISOString() } : {}),
            state: row.revokedAt
              ? ('revoked' as const)
              : row.expiresAt <= now()
                ? ('expired' as const)
                : ('good' as const),
          })),
          sources: content.connectors
            .map(({ id, title }) => ({ id, title }))
            .sort((a, b) => (a.title < b.title ? -1 : 1)),
        };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/tokens',
        summary: 'Make a token; it is shown this once',
        permission: 'settings.edit',
        audit: 'token.make',
        body: tokenBody,
        answer: newTokenSchema,
      },
      async ({ body, user, db, note }, { now, live, content }) => {
        const known = new Set(content.connectors.map((one) => one.id));
        const sources = [...new Set(body.sources)].sort();
        if (sources.some((one) => !known.has(one)))
          throw new Refusal(422, 'SOURCE_UNKNOWN', 'one of these sources has no connector here');
        const made = await makeToken(db, { ...body, sources, by: user.id, now: now() });
        note(`token:${made.id}`, { sources, days: body.days });
        live.publish('tokens');
        return { id: made.id, token: made.token, expiresAt: made.expiresAt.toISOString() };
      },
    );

    router.add(
      {
        method: 'delete',
        path: '/tokens/{token}',
        summary: 'Withdraw a token, at once',
        permission: 'settings.edit',
        audit: 'token.revoke',
        params: z.object({ token: z.string().max(40) }),
        answer: done,
      },
      async ({ params, db, note }, { now, live }) => {
        const [row] = await db.select().from(intakeTokens).where(eq(intakeTokens.id, params.token));
        if (!row) throw notFound('the token');
        note(`token:${row.id}`);
        if (!row.revokedAt)
          await db.update(intakeTokens).set({ revokedAt: now() }).where(eq(intakeTokens.id, row.id));
        live.publish('tokens');
        return { done: true as const };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/settings',
        summary: 'How this installation behaves',
        permission: 'settings.view',
        answer: settingsSchema,
      },
      async (_, { settings }) => ({
        settings: await Promise.all(
          settingList.map(async (setting) => ({
            ...setting,
            value: shown(
              setting,
              await settings.get<boolean | number>(setting.key, kept(setting, setting.fallback)),
            ),
          })),
        ),
      }),
    );

    router.add(
      {
        method: 'put',
        path: '/settings/{key}',
        summary: 'Change a setting',
        permission: 'settings.edit',
        audit: 'settings.change',
        params: z.object({ key: z.string().max(100) }),
        body: settingBody,
        answer: done,
      },
      async ({ params, body, db, note }, { settings, live }) => {
        const setting = checkedSetting(params.key, body.value);
        await settings.set(db, setting.key, kept(setting, body.value));
        note(`setting:${setting.key}`, { to: body.value });
        live.publish('settings');
        return { done: true as const };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/settings/sign-on',
        summary: 'Single sign-on as it is set up, without its secret',
        permission: 'settings.view',
        answer: signOnSchema,
      },
      async (_, { accounts: { signOn } }) => {
        if (!signOn) return { on: false, domains: [], roles: [] };
        return {
          on: true,
          title: signOn.title,
          issuer: signOn.issuer,
          clientId: signOn.clientId,
          domains: [...signOn.domains],
          ...(signOn.claim ? { claim: signOn.claim } : {}),
          roles: [...signOn.roles].map(([value, role]) => ({ value, role })),
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/settings/health',
        summary: 'How the installation is doing',
        permission: 'settings.view',
        answer: healthSchema,
      },
      async ({ db }, { store, results, settings, intake }) => {
        const [[users], rows, [entries]] = await Promise.all([
          db.select({ n: count() }).from(authUsers).where(eq(authUsers.active, true)),
          db
            .select({ state: work.state, kind: work.kind, n: count() })
            .from(work)
            .groupBy(work.state, work.kind)
            .orderBy(work.state, work.kind),
          db.select({ n: max(audit.number) }).from(audit),
        ]);
        const current = results.current();
        const backup = await settings.get<string | undefined>('backup.last', undefined);
        const state = intake.state();
        return {
          version,
          node: process.version,
          store: store.kind,
          upSince: upSince.toISOString(),
          memoryBytes: process.memoryUsage().rss,
          accounts: users?.n ?? 0,
          people: current?.people.length ?? 0,
          ...(current ? { asOf: current.asOf, lastScanAt: current.finishedAt } : {}),
          work: rows.map((row) => ({ state: row.state, kind: row.kind, count: row.n })),
          intake: { records: state.records, bytes: state.bytes },
          ...(backup ? { lastBackupAt: backup } : {}),
          auditEntries: entries?.n ?? 0,
        };
      },
    );
  },
  work: {
    'access.clean': async (_, { store, keys, now }) => {
      await makeAttempts(store, keys, now).clean();
      await cleanLinks(store.db, now());
      await store.db.delete(authSessions).where(lt(authSessions.expiresAt, now()));
      await store.db.delete(authVerifications).where(lt(authVerifications.expiresAt, now()));
      // A password that was given without the code that belongs to it leaves a session that opens nothing.
      await store.db
        .delete(authSessions)
        .where(
          and(
            eq(authSessions.method, 'pending'),
            lt(authSessions.createdAt, new Date(now().getTime() - 3_600_000)),
          ),
        );
    },
  },
  every: { 'access.clean': 60 },
};
