import { bigint, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** A detection somebody writes; it looks at nobody until a second person switched it on. */
export const detectionDrafts = pgTable('detection_drafts', {
  id: text('id').primaryKey(),
  /** What it will be called: the name of its file. */
  name: text('name').notNull(),
  stage: text('stage').notNull(),
  text: text('text').notNull(),
  state: text('state').$type<'draft' | 'asked' | 'on' | 'off'>().notNull(),
  author: text('author').notNull(),
  createdAt: time('created_at').notNull(),
  changedAt: time('changed_at').notNull(),
  /** SHA-256 of the text that was last tried without a complaint, and of which scan. */
  triedText: text('tried_text'),
  triedScan: integer('tried_scan'),
  /** Why it is to be switched on, was sent back or switched off. */
  reason: text('reason'),
  decidedBy: text('decided_by'),
  decidedAt: time('decided_at'),
});

/** What somebody found a finding to be. The last word on a person and a detection counts. */
export const findingVerdicts = pgTable(
  'finding_verdicts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    detection: text('detection').notNull(),
    person: text('person_id').notNull(),
    verdict: text('verdict').$type<'useful' | 'innocent' | 'wrong'>().notNull(),
    note: text('note'),
    /** The case that ended in it, if any. */
    case: text('case_id'),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('finding_verdicts_detection').on(table.detection, table.person)],
);
