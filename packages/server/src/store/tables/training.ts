import { boolean, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** A course somebody went through, passed or not. */
export const trainingAttempts = pgTable(
  'training_attempts',
  {
    id: text('id').primaryKey(),
    user: text('user_id').notNull(),
    module: text('module').notNull(),
    /** Hash of the course as it was. */
    version: text('version').notNull(),
    /** The choice of each task, in the order of the course. */
    answers: jsonb('answers').$type<number[]>().notNull(),
    right: integer('right_answers').notNull(),
    tasks: integer('tasks').notNull(),
    passed: boolean('passed').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('training_attempts_user').on(table.user, table.module)],
);

/** A course held in a room, for colleagues who have no account here. */
export const trainingSessions = pgTable('training_sessions', {
  id: text('id').primaryKey(),
  module: text('module').notNull(),
  /** Which part of the company: `payroll, second floor`. */
  group: text('group_name').notNull(),
  attended: integer('attended').notNull(),
  invited: integer('invited').notNull(),
  heldOn: text('held_on').notNull(),
  recordedBy: text('recorded_by').notNull(),
  recordedAt: time('recorded_at').notNull(),
});
