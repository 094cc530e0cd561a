import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';

/** The audit log: each entry holds the hash of the one before. Rows are only ever added (`triggers/`). */
export const audit = pgTable(
  'audit',
  {
    number: bigint('number', { mode: 'number' }).primaryKey(),
    /** ISO 8601, UTC, milliseconds: the very text that is hashed. */
    time: text('time').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
    before: text('before').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    index('audit_time').on(table.time),
    index('audit_actor').on(table.actor, table.number),
    index('audit_subject').on(table.subject, table.number),
  ],
);

/** Where the chain stands: one row. Whoever adds an entry holds it, so that entries follow one another. */
export const auditHead = pgTable('audit_head', {
  id: integer('id').primaryKey(),
  number: bigint('number', { mode: 'number' }).notNull(),
  before: text('before').notNull(),
  hash: text('hash').notNull(),
});
