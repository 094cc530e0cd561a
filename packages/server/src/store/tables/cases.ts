import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** An inquiry run by named people, who decide and say why. */
export const cases = pgTable('cases', {
  id: text('id').primaryKey(),
  /** Counts up, for people to speak of: case 12. */
  number: integer('number').notNull().unique(),
  title: text('title').notNull(),
  about: text('about').$type<'person' | 'ring' | 'vendor' | 'outside'>().notNull(),
  /** `asked`: waits for a second person's yes. `merged`: its people and evidence are in another. */
  state: text('state').$type<'asked' | 'refused' | 'open' | 'closed' | 'merged'>().notNull(),
  /** Which playbook it follows. */
  playbook: text('playbook').$type<'applicant' | 'employee' | 'contractor' | 'vendor'>().notNull(),
  openedBy: text('opened_by').notNull(),
  openedAt: time('opened_at').notNull(),
  reason: text('reason').notNull(),
  approvedBy: text('approved_by'),
  approvedAt: time('approved_at'),
  closedAt: time('closed_at'),
});

/** Who may see a case. Nobody else does, whatever their role. */
export const caseMembers = pgTable(
  'case_members',
  {
    case: text('case_id').notNull(),
    user: text('user_id').notNull(),
    part: text('part').$type<'lead' | 'member' | 'decider'>().notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: time('added_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.case, table.user] })],
);

/** Whom a case is about: its members see them by name while it is open. */
export const casePeople = pgTable(
  'case_people',
  {
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    why: text('why').notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: time('added_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.case, table.person] })],
);
