import { index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Something a human is asked to verify about a person. */
export const checks = pgTable(
  'checks',
  {
    id: text('id').primaryKey(),
    /** Name of the form in `content/checks`. */
    form: text('form').notNull(),
    person: text('person_id').notNull(),
    /** Who is to do it; they see the person's name for it. */
    assignee: text('assignee'),
    /** Where nobody is named: anybody of this role. */
    role: text('role'),
    state: text('state').$type<'asked' | 'done' | 'excused' | 'cancelled'>().notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: time('asked_at').notNull(),
    dueAt: time('due_at').notNull(),
    /** The case it belongs to, if any. */
    case: text('case_id'),
    /** What was recorded: answers by field of the form. */
    answers: jsonb('answers').$type<Record<string, unknown>>(),
    outcome: text('outcome').$type<'success' | 'failure' | 'unknown'>(),
    doneBy: text('done_by'),
    doneAt: time('done_at'),
    /** It counts until then. */
    expiresAt: time('expires_at'),
  },
  (table) => [index('checks_person').on(table.person), index('checks_due').on(table.state, table.dueAt)],
);
