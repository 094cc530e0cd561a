import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** How many of a group were flagged at the end of a quarter: for the trend. Groups of work only, never of who people are. */
export const fairnessCounts = pgTable(
  'fairness_counts',
  {
    /** `2026 Q2`. */
    quarter: text('quarter').notNull(),
    dimension: text('dimension').notNull(),
    group: text('group_name').notNull(),
    measure: text('measure').notNull(),
    of: integer('of_people').notNull(),
    counted: integer('counted').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.quarter, table.dimension, table.group, table.measure] })],
);
