import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

/** Work to be done in the background. A row stays until it is done; who took it holds a lease. */
export const work = pgTable(
  'work',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    /** At most one waiting row of a key. */
    key: text('key'),
    at: timestamp('at', { withTimezone: true }).notNull(),
    state: text('state').$type<'waiting' | 'running' | 'failed'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** The process that has it, and until when nobody else takes it. */
    takenBy: text('taken_by'),
    leaseUntil: timestamp('lease_until', { withTimezone: true }),
    /** What kind of problem the last attempt met; no message, which could name somebody. */
    problem: text('problem'),
  },
  (table) => [
    index('work_due').on(table.state, table.at),
    uniqueIndex('work_key').on(table.key).where(sql`${table.state} = 'waiting'`),
  ],
);
