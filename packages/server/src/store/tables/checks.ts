import {
  boolean,
  date,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Something a human is asked to verify about a person, a role or the company. */
export const checks = pgTable(
  'checks',
  {
    id: text('id').primaryKey(),
    /** Name of the form in `content/checks`. */
    form: text('form').notNull(),
    /** Empty where it is about a role or the company. */
    person: text('person_id').notNull(),
    /** The role it is about, in the company's words; empty for a person or the company. */
    subject: text('subject').notNull().default(''),
    /**
     * What it was asked for: `start+30`, `finding:ID:DAY`, `draw:2026-H2:1`, `every:2026-Q3`, `by-hand:ID`. The rules ask
     * once for each.
     */
    occasion: text('occasion').notNull().default(''),
    /** Which request of the form was picked. */
    challenge: text('challenge'),
    /** Who is to do it; they see the person's name for it. */
    assignee: text('assignee'),
    /** Where nobody is named: anybody of this role. */
    role: text('role'),
    state: text('state').$type<'asked' | 'done' | 'excused' | 'cancelled'>().notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: time('asked_at').notNull(),
    dueAt: time('due_at').notNull(),
    /** The case it belongs to, if any: then only its members and whoever does it see it. */
    case: text('case_id'),
    /** What was recorded: answers by field of the form. */
    answers: jsonb('answers').$type<Record<string, unknown>>(),
    outcome: text('outcome').$type<'success' | 'failure' | 'unknown'>(),
    doneBy: text('done_by'),
    doneAt: time('done_at'),
    /** It counts until then. */
    expiresAt: time('expires_at'),
    /** Why it was cancelled; or which other way was agreed, never for what reason. */
    reason: text('reason'),
  },
  (table) => [
    index('checks_person').on(table.person),
    index('checks_due').on(table.state, table.dueAt),
    index('checks_assignee').on(table.assignee),
    uniqueIndex('checks_occasion').on(table.form, table.person, table.subject, table.occasion),
  ],
);

/** Each person's own word on a check, where it takes two. The latest of an account counts. */
export const checkWords = pgTable(
  'check_words',
  {
    id: text('id').primaryKey(),
    check: text('check_id').notNull(),
    by: text('by').notNull(),
    /** `second`: for those the form asks for besides. */
    part: text('part').$type<'first' | 'second'>().notNull(),
    at: time('at').notNull(),
    answers: jsonb('answers').$type<Record<string, unknown>>().notNull(),
    outcome: text('outcome').$type<'success' | 'failure' | 'unknown'>().notNull(),
    /** It was done in an agreed other way. */
    otherWay: boolean('other_way').notNull(),
  },
  (table) => [index('check_words_check').on(table.check)],
);

/** The draws of spot checks: what was promised before each period, and what it is drawn from. */
export const checkDraws = pgTable('check_draws', {
  /** `2026-H2`. */
  period: text('period').primaryKey(),
  /** First and last day. Days before the promise was made are not drawn. */
  from: date('from_day').notNull(),
  to: date('to_day').notNull(),
  /** SHA-256 of the seed; it stands in the audit log from before the first day. */
  promise: text('promise').notNull(),
  promisedAt: time('promised_at').notNull(),
  /** Ids of the requests that are drawn from, in order. */
  challenges: jsonb('challenges').$type<string[]>().notNull(),
});

/** Who is in the lot of a period, and from which day. */
export const checkDrawPeople = pgTable(
  'check_draw_people',
  {
    period: text('period').notNull(),
    person: text('person_id').notNull(),
    from: date('from_day').notNull(),
    addedAt: time('added_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.period, table.person] })],
);
