import { boolean, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/**
 * Who may sign in. The first columns of each table are those that better-auth reads and writes, under its names; what
 * stands after them is ours alone, so that no request to better-auth can reach it.
 */
export const authUsers = pgTable('auth_users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull(),
  image: text('image'),
  twoFactorEnabled: boolean('two_factor_enabled').default(false),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
  roles: jsonb('roles').$type<string[]>().notNull().default([]),
  active: boolean('active').notNull().default(true),
  lastSignInAt: time('last_sign_in_at'),
});

export const authSessions = pgTable(
  'auth_sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    token: text('token').notNull().unique(),
    expiresAt: time('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
    /** How they signed in. `pending` until that is known: such a session opens nothing. */
    method: text('method')
      .$type<'pending' | 'password' | 'totp' | 'code' | 'passkey' | 'sign-on'>()
      .notNull()
      .default('pending'),
    /** When somebody last did something with it; what pages read by themselves does not count. */
    seenAt: time('seen_at'),
  },
  (table) => [index('auth_sessions_user').on(table.userId)],
);

/** Ways to sign in: a password (`credential`), or the company's single sign-on. */
export const authAccounts = pgTable(
  'auth_accounts',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: time('access_token_expires_at'),
    refreshTokenExpiresAt: time('refresh_token_expires_at'),
    scope: text('scope'),
    /** scrypt, with a salt of its own. */
    password: text('password'),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [index('auth_accounts_user').on(table.userId)],
);

export const authVerifications = pgTable(
  'auth_verifications',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: time('expires_at').notNull(),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [index('auth_verifications_identifier').on(table.identifier)],
);

export const authSecondFactors = pgTable(
  'auth_second_factors',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    /** Both encrypted with a key of the installation. */
    secret: text('secret').notNull(),
    backupCodes: text('backup_codes').notNull(),
    verified: boolean('verified').default(true),
    failedVerificationCount: integer('failed_verification_count').default(0),
    lockedUntil: time('locked_until'),
  },
  (table) => [index('auth_second_factors_user').on(table.userId)],
);

export const authPasskeys = pgTable(
  'auth_passkeys',
  {
    id: text('id').primaryKey(),
    name: text('name'),
    publicKey: text('public_key').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    credentialID: text('credential_id').notNull().unique(),
    counter: integer('counter').notNull(),
    deviceType: text('device_type').notNull(),
    backedUp: boolean('backed_up').notNull(),
    transports: text('transports'),
    createdAt: time('created_at'),
    aaguid: text('aaguid'),
  },
  (table) => [index('auth_passkeys_user').on(table.userId)],
);

/** Links that work once: to set Rollcall up, and to choose a password. Only their hash is kept. */
export const authLinks = pgTable('auth_links', {
  id: text('id').primaryKey(),
  kind: text('kind').$type<'set-up' | 'invitation'>().notNull(),
  hash: text('hash').notNull().unique(),
  userId: text('user_id').references(() => authUsers.id, { onDelete: 'cascade' }),
  createdBy: text('created_by').notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at').notNull(),
});

/** Attempts to sign in, by keyed hash of account or address: who tries too often waits longer and longer. */
export const authAttempts = pgTable('auth_attempts', {
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  lastAt: time('last_at').notNull(),
  until: time('until'),
});

/** For programs that hand in records. Only the hash of the secret half is kept. */
export const intakeTokens = pgTable('intake_tokens', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  hash: text('hash').notNull(),
  /** Names of connectors it may hand in for; empty: all. */
  sources: jsonb('sources').$type<string[]>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at').notNull(),
  usedAt: time('used_at'),
  revokedAt: time('revoked_at'),
});
