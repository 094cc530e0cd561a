import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

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
  /** What set it off, where it came from outside: the law, a victim, a manager … */
  origin: text('origin'),
  ring: text('ring'),
  vendor: text('vendor'),
  /** Why it was not opened, or why it was closed. */
  outcome: text('outcome'),
  /** The case that holds its people and evidence while it is `merged`. */
  mergedInto: text('merged_into'),
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

/** What a person of a case looked like on a day: the finding as canonical JSON, never changed. */
export const caseFrozen = pgTable(
  'case_frozen',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    snapshot: integer('snapshot').notNull(),
    asOf: text('as_of').notNull(),
    /** Version of the content that made it. */
    content: text('content').notNull(),
    json: text('json').notNull(),
    sha256: text('sha256').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_frozen_case').on(table.case)],
);

/** One piece of evidence of a case. */
export const caseItems = pgTable(
  'case_items',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    /** Whom it is about, if one. */
    person: text('person_id'),
    kind: text('kind').$type<'finding' | 'file' | 'note' | 'check' | 'event'>().notNull(),
    /** What it says, as a sentence; of a file its name. */
    says: text('says').notNull(),
    /** Of a finding: which frozen result, and where in it. Of a file: its size. */
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    /** Of the finding as canonical JSON, of the bytes of a file, of the words of anything else. */
    sha256: text('sha256').notNull(),
    /** `awaited`: a file whose content has not come yet. */
    state: text('state').$type<'held' | 'awaited' | 'replaced'>().notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
    /** Why it no longer counts, where a record was found wrong. */
    setAside: text('set_aside'),
  },
  (table) => [index('case_items_case').on(table.case)],
);

/** A way in which what was found could have come about. */
export const caseHypotheses = pgTable(
  'case_hypotheses',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id'),
    kind: text('kind').$type<'false' | 'innocent' | 'mistake' | 'victim' | 'own'>().notNull(),
    says: text('says').notNull(),
    /** Detections whose reading it is. */
    detections: jsonb('detections').$type<string[]>().notNull(),
    state: text('state').$type<'open' | 'likely' | 'unlikely' | 'ruled out'>().notNull(),
    /** What was found about it. */
    answer: text('answer'),
    answeredBy: text('answered_by'),
    answeredAt: time('answered_at'),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_hypotheses_case').on(table.case)],
);

/** Which way a piece of evidence speaks, in somebody's judgement. */
export const caseMarks = pgTable(
  'case_marks',
  {
    case: text('case_id').notNull(),
    hypothesis: text('hypothesis').notNull(),
    item: text('item').notNull(),
    mark: text('mark').$type<'for' | 'against' | 'neutral'>().notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.hypothesis, table.item] })],
);

export const caseTasks = pgTable(
  'case_tasks',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id'),
    /** `playbook/step`, where a playbook asks for it; `sweep`; empty where somebody added it. */
    step: text('step').notNull(),
    position: integer('position').notNull(),
    title: text('title').notNull(),
    say: text('say').notNull(),
    /** When it is done, in words. */
    done: text('done').notNull(),
    role: text('role'),
    /** Steps of the same playbook that come first. */
    after: jsonb('after').$type<string[]>().notNull(),
    assignee: text('assignee'),
    dueAt: time('due_at'),
    state: text('state').$type<'open' | 'done' | 'left out'>().notNull(),
    note: text('note'),
    doneBy: text('done_by'),
    doneAt: time('done_at'),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_tasks_case').on(table.case)],
);

/** What was said of somebody linked to the people of a case. */
export const caseSweep = pgTable(
  'case_sweep',
  {
    case: text('case_id').notNull(),
    /** The linked person. */
    person: text('person_id').notNull(),
    decision: text('decision').$type<'in' | 'aside'>().notNull(),
    reason: text('reason').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.case, table.person] })],
);

/** Counsel's word that a step may be taken although the evidence is of one kind. */
export const caseExceptions = pgTable(
  'case_exceptions',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    reason: text('reason').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_exceptions_case').on(table.case)],
);

/** What a named person decided. Rollcall carries nothing of it out. */
export const caseDecisions = pgTable(
  'case_decisions',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    kind: text('kind').$type<'step' | 'verdict'>().notNull(),
    /** Of a step: hold, access-stop, offer-withdrawn, contract-ended, other. Of a verdict: confirmed, cleared, inconclusive. */
    what: text('what').notNull(),
    reason: text('reason').notNull(),
    /** Pieces of evidence it rests on, each with its hash. */
    rests: jsonb('rests').$type<{ item: string; sha256: string }[]>().notNull(),
    /** Innocent readings of those, and what was found about each. */
    readings: jsonb('readings').$type<{ says: string; state: string; answer: string }[]>().notNull(),
    /** What satisfied the rule: facets, a conclusive finding, or counsel's word. */
    rule: jsonb('rule').$type<Record<string, unknown>>().notNull(),
    /** When the person was told, or why not. */
    told: text('told').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_decisions_case').on(table.case), index('case_decisions_person').on(table.person)],
);

/** What a person says against what was found. */
export const caseDisputes = pgTable(
  'case_disputes',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    says: text('says').notNull(),
    /** Day on which it came in. */
    received: text('received').notNull(),
    answer: text('answer'),
    answeredBy: text('answered_by'),
    answeredAt: time('answered_at'),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_disputes_case').on(table.case), index('case_disputes_person').on(table.person)],
);

/** A record that was wrong in its source. */
export const caseCorrections = pgTable(
  'case_corrections',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    item: text('item').notNull(),
    /** What is wrong, and what is right. */
    says: text('says').notNull(),
    /** Whom it was told to, so that the source is put right. */
    toldTo: text('told_to').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_corrections_case').on(table.case)],
);

/** A letter to the person, as somebody edited it. */
export const caseLetters = pgTable(
  'case_letters',
  {
    id: text('id').primaryKey(),
    case: text('case_id').notNull(),
    person: text('person_id').notNull(),
    template: text('template').notNull(),
    text: text('text').notNull(),
    /** The day it was sent, by whatever way; it is not sent from here. */
    sent: text('sent'),
    /** The day by which an answer is hoped for. */
    answerBy: text('answer_by'),
    sentBy: text('sent_by'),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_letters_case').on(table.case)],
);

/** Two cases become one: wished for by one's lead, agreed to by the other's. */
export const caseMerges = pgTable(
  'case_merges',
  {
    id: text('id').primaryKey(),
    from: text('from_case').notNull(),
    /** Number of the other case, as it was asked for; whether there is one is told to its leads only. */
    into: integer('into_number').notNull(),
    reason: text('reason').notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: time('asked_at').notNull(),
    state: text('state').$type<'asked' | 'refused' | 'merged' | 'undone'>().notNull(),
    answeredBy: text('answered_by'),
    answeredAt: time('answered_at'),
    /** Who and whom the other case had not had before. */
    members: jsonb('members').$type<string[]>().notNull(),
    people: jsonb('people').$type<string[]>().notNull(),
    undoneBy: text('undone_by'),
    undoneAt: time('undone_at'),
  },
  (table) => [index('case_merges_from').on(table.from), index('case_merges_into').on(table.into)],
);

/** People of a case who became a case of their own. */
export const caseSplits = pgTable(
  'case_splits',
  {
    id: text('id').primaryKey(),
    from: text('from_case').notNull(),
    to: text('to_case').notNull(),
    people: jsonb('people').$type<string[]>().notNull(),
    /** Where the evidence on them lay on that day. */
    sources: jsonb('sources').$type<{ case: string; people?: string[]; until?: string }[]>().notNull(),
    reason: text('reason').notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
    undoneBy: text('undone_by'),
    undoneAt: time('undone_at'),
  },
  (table) => [index('case_splits_from').on(table.from), index('case_splits_to').on(table.to)],
);

/** All that happened in a case, in order; rows are only added. A comment keeps what it said before. */
export const caseEntries = pgTable(
  'case_entries',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    case: text('case_id').notNull(),
    person: text('person_id'),
    /** In the form `member.added`; `comment`. */
    kind: text('kind').notNull(),
    says: text('says').notNull(),
    before: jsonb('before').$type<{ says: string; at: string }[]>().notNull(),
    by: text('by_user').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('case_entries_case').on(table.case)],
);
