import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** What a person could reach and did, as it was on a day: canonical JSON, never changed. */
export const responseReach = pgTable(
  'response_reach',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    asOf: text('as_of').notNull(),
    json: text('json').notNull(),
    sha256: text('sha256').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('response_reach_case').on(table.case)],
);

/** A containment list: what is to be closed for one person, as it was staged. */
export const responsePlans = pgTable(
  'response_plans',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    asOf: text('as_of').notNull(),
    /** The lines, with commands as they were shown. */
    items: jsonb('items').$type<Record<string, unknown>[]>().notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('response_plans_case').on(table.case)],
);

/** That a line was done, is not needed, or was taken back. Rows are only added; the latest of a line holds. */
export const responseMarks = pgTable(
  'response_marks',
  {
    plan: text('plan_id').notNull(),
    item: text('item').notNull(),
    /** Counts up for each line. */
    turn: integer('turn').notNull(),
    state: text('state').$type<'done' | 'not needed' | 'open'>().notNull(),
    note: text('note').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.plan, table.item, table.turn] })],
);

/** A report, letter, memo or form of a case. */
export const responseLetters = pgTable(
  'response_letters',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    /** Name of the template in `content/playbooks/letters`. */
    template: text('template').notNull(),
    title: text('title').notNull(),
    /** Counsel must release it before it leaves the house. */
    counsel: text('counsel').$type<'yes' | 'no'>().notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
    releasedBy: text('released_by'),
    releasedAt: time('released_at'),
    /** Of the text that was released. */
    releasedSha256: text('released_sha256'),
    /** Day, way and number, once it was filed or sent. It is not sent from here. */
    filed: text('filed'),
    filedBy: text('filed_by'),
    filedAt: time('filed_at'),
  },
  (table) => [index('response_letters_case').on(table.case)],
);

/** The text of a letter, each version of it. */
export const responseTexts = pgTable(
  'response_texts',
  {
    letter: text('letter_id').notNull(),
    version: integer('version').notNull(),
    text: text('text').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.letter, table.version] })],
);

/** A sealed bundle that was made. The file lies in `bundles/` of the folder. */
export const responseBundles = pgTable(
  'response_bundles',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    sha256: text('sha256').notNull(),
    bytes: integer('bytes').notNull(),
    entries: integer('entries').notNull(),
    options: jsonb('options').$type<{ others: boolean; identity: boolean; files: boolean }>().notNull(),
    why: text('why').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('response_bundles_case').on(table.case)],
);

/** An exercise at a table: of a playbook, not of a case. */
export const responseTabletops = pgTable('response_tabletops', {
  id: text('id').primaryKey(),
  playbook: text('playbook').notNull(),
  /** Day on which it was held. */
  held: text('held').notNull(),
  /** Who took part, by role. */
  took: text('took').notNull(),
  /** What did not work, who mends it, by when. */
  found: text('found').notNull(),
  /** Day of the next one. */
  next: text('next').notNull(),
  by: text('by_user').notNull(),
  at: time('at').notNull(),
});
