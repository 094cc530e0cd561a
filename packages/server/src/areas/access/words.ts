import { z } from 'zod';

/** As in `model/roles.ts`, which this page's readers cannot import as a value. */
const role = z.enum(['admin', 'analyst', 'recruiter', 'hr', 'it', 'counsel', 'auditor']);

export const sessionSchema = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), roles: z.array(role) }),
  permissions: z.array(z.string()),
  /** What has to be done before anything else opens. */
  needs: z.literal('second-factor').optional(),
});
export type SessionAnswer = z.infer<typeof sessionSchema>;

/** What is told to those who are not signed in. */
export const doorSchema = z.object({
  /** Nobody can let anybody in yet. */
  setUp: z.boolean(),
  /** Name of single sign-on, where it is set up. */
  signOn: z.string().optional(),
});
export type DoorAnswer = z.infer<typeof doorSchema>;

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(role),
  active: z.boolean(),
  /** How they can sign in. */
  ways: z.array(z.enum(['password', 'sign-on'])),
  secondFactors: z.array(z.enum(['codes', 'passkey'])),
  lastSignInAt: z.string().optional(),
  createdAt: z.string(),
  /** An invitation waits for them until then. */
  invitedUntil: z.string().optional(),
  sessions: z.number().int(),
});
export const accountsSchema = z.object({ accounts: z.array(accountSchema) });
export type AccountRow = z.infer<typeof accountSchema>;
export type AccountsAnswer = z.infer<typeof accountsSchema>;

export const invitationBody = z.object({
  email: z.email('write an e-mail address').max(254),
  name: z.string().trim().min(1, 'write a name').max(120),
  roles: z.array(role).max(7),
});
export const invitationSchema = z.object({
  account: z.string(),
  /** Shown once; what is kept of it cannot be turned back into it. */
  token: z.string(),
  expiresAt: z.string(),
});
export type InvitationAnswer = z.infer<typeof invitationSchema>;

export const rolesBody = z.object({ roles: z.array(role).max(7) });
export const activeBody = z.object({ active: z.boolean() });

export const ownSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(role),
  password: z.boolean(),
  codes: z.boolean(),
  passkeys: z.array(
    z.object({ id: z.string(), name: z.string(), createdAt: z.string().optional(), synced: z.boolean() }),
  ),
  /** A second factor is asked for from everybody. */
  needed: z.boolean(),
  sessions: z.array(
    z.object({
      id: z.string(),
      here: z.boolean(),
      method: z.string(),
      from: z.string(),
      browser: z.string(),
      createdAt: z.string(),
      seenAt: z.string(),
      expiresAt: z.string(),
    }),
  ),
  idleMinutes: z.number(),
});
export type OwnAnswer = z.infer<typeof ownSchema>;

export const ownEmailBody = z.object({
  email: z.email('write an e-mail address').max(254),
  /** Where the account has one. */
  password: z.string().max(1000).optional(),
});

export const tokenSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Empty: all. */
  sources: z.array(z.string()),
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string(),
  usedAt: z.string().optional(),
  state: z.enum(['good', 'expired', 'revoked']),
});
export const tokensSchema = z.object({
  tokens: z.array(tokenSchema),
  /** Connectors that a token can be limited to. */
  sources: z.array(z.object({ id: z.string(), title: z.string() })),
});
export type TokenRow = z.infer<typeof tokenSchema>;
export type TokensAnswer = z.infer<typeof tokensSchema>;

export const tokenBody = z.object({
  title: z.string().trim().min(1, 'say what hands in with it').max(120),
  sources: z.array(z.string().max(120)).max(200),
  days: z.number().int().min(1, 'at least one day').max(730, 'at most two years'),
});
export const newTokenSchema = z.object({ id: z.string(), token: z.string(), expiresAt: z.string() });
export type NewToken = z.infer<typeof newTokenSchema>;

export const settingSchema = z.object({
  key: z.string(),
  title: z.string(),
  about: z.string(),
  kind: z.enum(['yes-no', 'number']),
  unit: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  value: z.union([z.boolean(), z.number()]),
  fallback: z.union([z.boolean(), z.number()]),
});
export const settingsSchema = z.object({ settings: z.array(settingSchema) });
export type SettingRow = z.infer<typeof settingSchema>;
export type SettingsAnswer = z.infer<typeof settingsSchema>;
export const settingBody = z.object({ value: z.union([z.boolean(), z.number()]) });

export const signOnSchema = z.object({
  on: z.boolean(),
  title: z.string().optional(),
  issuer: z.string().optional(),
  clientId: z.string().optional(),
  domains: z.array(z.string()),
  claim: z.string().optional(),
  roles: z.array(z.object({ value: z.string(), role })),
});
export type SignOnAnswer = z.infer<typeof signOnSchema>;

export const healthSchema = z.object({
  version: z.string(),
  node: z.string(),
  store: z.enum(['pglite', 'postgresql']),
  upSince: z.string(),
  memoryBytes: z.number(),
  accounts: z.number(),
  people: z.number(),
  asOf: z.string().optional(),
  lastScanAt: z.string().optional(),
  /** Background work by state. */
  work: z.array(z.object({ state: z.string(), kind: z.string(), count: z.number() })),
  intake: z.object({ records: z.number(), bytes: z.number() }),
  lastBackupAt: z.string().optional(),
  auditEntries: z.number(),
});
export type HealthAnswer = z.infer<typeof healthSchema>;
