import { bigint, jsonb, pgTable, text } from 'drizzle-orm/pg-core';

/** The audit log: each entry holds the hash of the one before. Rows are only ever added. */
export const audit = pgTable('audit', {
  number: bigint('number', { mode: 'number' }).primaryKey(),
  /** ISO 8601, UTC, milliseconds: the very text that is hashed. */
  time: text('time').notNull(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
  before: text('before').notNull(),
  hash: text('hash').notNull(),
});
