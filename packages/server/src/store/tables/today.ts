import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Since when somebody has stood at review or urgent: for saying what is new. No other band is kept. */
export const standings = pgTable('standings', {
  person: text('person_id').primaryKey(),
  band: text('band').$type<'review' | 'urgent'>().notNull(),
  since: timestamp('since', { withTimezone: true }).notNull(),
  /** The scan that said so last. */
  scan: integer('scan').notNull(),
});
