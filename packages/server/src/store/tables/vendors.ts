import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Firms that HR has not named yet; those it has need no row. */
export const vendors = pgTable('vendors', {
  id: text('id').primaryKey(),
  name: text('name').notNull().unique(),
  addedBy: text('added_by').notNull(),
  addedAt: time('added_at').notNull(),
});

/** A questionnaire as it was answered on one day. The latest counts. */
export const vendorAnswers = pgTable(
  'vendor_answers',
  {
    id: text('id').primaryKey(),
    vendor: text('vendor_id').notNull(),
    answers: jsonb('answers')
      .$type<Record<string, { answer: 'good' | 'partly' | 'no'; note?: string }>>()
      .notNull(),
    by: text('recorded_by').notNull(),
    at: time('recorded_at').notNull(),
  },
  (table) => [index('vendor_answers_vendor').on(table.vendor)],
);

export const vendorClauses = pgTable(
  'vendor_clauses',
  {
    vendor: text('vendor_id').notNull(),
    clause: text('clause').notNull(),
    state: text('state').$type<'signed' | 'asked' | 'refused' | 'not needed'>().notNull(),
    /** The day it was signed, or why it is not needed. */
    note: text('note').notNull(),
    by: text('recorded_by').notNull(),
    at: time('recorded_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vendor, table.clause] })],
);

/** One sample a firm and half-year. */
export const vendorAudits = pgTable(
  'vendor_audits',
  {
    id: text('id').primaryKey(),
    vendor: text('vendor_id').notNull(),
    vendorName: text('vendor_name').notNull(),
    /** `2026-H1`. */
    period: text('period').notNull(),
    seed: text('seed').notNull(),
    /** Handles drawn from, sorted: with the seed, anybody can redo the draw. */
    from: jsonb('drawn_from').$type<string[]>().notNull(),
    size: integer('size').notNull(),
    state: text('state').$type<'open' | 'closed'>().notNull(),
    outcome: text('outcome').$type<'passed' | 'gaps' | 'refused'>(),
    note: text('note'),
    openedBy: text('opened_by').notNull(),
    openedAt: time('opened_at').notNull(),
    closedBy: text('closed_by'),
    closedAt: time('closed_at'),
  },
  (table) => [index('vendor_audits_vendor').on(table.vendor)],
);

export const vendorAuditWorkers = pgTable(
  'vendor_audit_workers',
  {
    audit: text('audit_id').notNull(),
    person: text('person_id').notNull(),
    evidence: text('evidence').$type<'shown' | 'not shown' | 'another way agreed'>(),
    samePerson: text('same_person').$type<'yes' | 'no' | 'unsure'>(),
    employedByFirm: text('employed_by_firm').$type<'yes' | 'no' | 'unsure'>(),
    note: text('note'),
    by: text('recorded_by'),
    at: time('recorded_at'),
  },
  (table) => [primaryKey({ columns: [table.audit, table.person] })],
);
