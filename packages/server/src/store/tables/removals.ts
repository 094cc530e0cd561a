import { index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** That somebody's data are to be removed: asked for by one person, agreed to by another, then done. */
export const removals = pgTable(
  'removals',
  {
    id: text('id').primaryKey(),
    /** Empty once it is done: then nothing here says who it was but the handle, which is in the audit log too. */
    person: text('person_id').notNull(),
    handle: text('handle').notNull(),
    /** Emptied with it: words may name somebody. */
    reason: text('reason').notNull(),
    state: text('state').$type<'asked' | 'withdrawn' | 'refused' | 'agreed' | 'done'>().notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: time('asked_at').notNull(),
    answeredBy: text('answered_by'),
    answeredAt: time('answered_at'),
    /** Why it was refused. */
    answer: text('answer'),
    /** When the records went; what else is kept here follows once no result shows them any more. */
    removedAt: time('removed_at'),
    doneAt: time('done_at'),
    /** What went, by count. */
    counts: jsonb('counts').$type<Record<string, number>>(),
  },
  (table) => [index('removals_state').on(table.state), index('removals_person').on(table.person)],
);
