/** What the routes of cases take and answer. */
import { z } from '@hono/zod-openapi';

const words = (least: number, most: number) => z.string().trim().min(least).max(most);
/** Why something is done, in words that others will read. */
export const reasonSchema = words(5, 2000);
const day = z.iso.date();
const handle = words(1, 40);

export const abouts = ['person', 'ring', 'vendor', 'outside'] as const;
export const playbookNames = ['applicant', 'employee', 'contractor', 'vendor'] as const;
export const parts = ['lead', 'member', 'decider'] as const;
export const origins = [
  'finding',
  'law enforcement',
  'victim of identity theft',
  'hotline',
  'manager',
  'vendor',
  'other',
] as const;
export const stepKinds = ['hold', 'access-stop', 'offer-withdrawn', 'contract-ended', 'other'] as const;
export const verdicts = ['confirmed', 'cleared', 'inconclusive'] as const;
export const letterNames = ['notice', 'before-a-step', 'dispute-answered', 'cleared'] as const;

/** A person, by handle; the name where it is open to the reader, the pseudonym where not. */
export const namedSchema = z.object({ handle: z.string(), name: z.string() });
export type Named = z.infer<typeof namedSchema>;

export const openBody = z.object({
  about: z.enum(abouts),
  people: z.array(handle).max(200).default([]),
  ring: words(1, 200).optional(),
  vendor: words(1, 200).optional(),
  origin: z.enum(origins).default('finding'),
  title: words(3, 120),
  reason: reasonSchema,
  playbook: z.enum(playbookNames),
  members: z
    .array(z.object({ user: words(1, 100), part: z.enum(['member', 'decider']) }))
    .max(50)
    .default([]),
});
export type OpenBody = z.infer<typeof openBody>;

export const openedSchema = z
  .object({
    id: z.string(),
    number: z.number().int(),
    state: z.enum(['asked', 'open']),
    /** What to look at again: a name in the title … */
    warnings: z.array(z.string()),
  })
  .openapi('CaseOpened');

export const caseLineSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  about: z.enum(abouts),
  state: z.enum(['asked', 'refused', 'open', 'closed', 'merged']),
  playbook: z.enum(playbookNames),
  part: z.enum(parts),
  openedAt: z.string(),
  closedAt: z.string().optional(),
  people: z.array(namedSchema),
  verdicts: z.array(z.string()),
  tasksOpen: z.number().int(),
  /** The task that is due first. */
  due: z.string().optional(),
  disputes: z.number().int(),
});
export type CaseLine = z.infer<typeof caseLineSchema>;

export const wishSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  about: z.enum(abouts),
  /** To take up a closed case again. */
  again: z.boolean(),
  people: z.array(z.string()),
  reason: z.string(),
  playbook: z.enum(playbookNames),
  askedBy: z.string(),
  askedAt: z.string(),
  /** Not to be answered by the one who asked. */
  own: z.boolean(),
});
export type Wish = z.infer<typeof wishSchema>;

export const casesSchema = z
  .object({ cases: z.array(caseLineSchema), wishes: z.array(wishSchema), twoToOpen: z.boolean() })
  .openapi('Cases');
export type Cases = z.infer<typeof casesSchema>;

export const itemSchema = z.object({
  id: z.string(),
  case: z.number().int(),
  person: namedSchema.optional(),
  kind: z.enum(['finding', 'file', 'note', 'check', 'event']),
  says: z.string(),
  state: z.enum(['held', 'awaited', 'replaced']),
  setAside: z.string().optional(),
  sha256: z.string(),
  by: z.string(),
  at: z.string(),
  /** Of a file. */
  bytes: z.number().optional(),
  /** Of a finding. */
  finding: z
    .object({
      detection: z.string(),
      title: z.string(),
      facet: z.string(),
      bits: z.number(),
      first: z.string(),
      last: z.string(),
      explained: z.boolean(),
      conclusive: z.boolean(),
      /** Whether it counts toward the rule of two kinds. */
      counts: z.boolean(),
      /** What became of it since it was frozen. */
      since: z.enum(['same', 'changed', 'explained', 'gone', 'unknown']),
    })
    .optional(),
});
export type Item = z.infer<typeof itemSchema>;

export const hypothesisSchema = z.object({
  id: z.string(),
  person: namedSchema.optional(),
  kind: z.enum(['false', 'innocent', 'mistake', 'victim', 'own']),
  says: z.string(),
  detections: z.array(z.string()),
  /** It is about a finding that counts, or about the whole: a step needs it answered. */
  matters: z.boolean(),
  state: z.enum(['open', 'likely', 'unlikely', 'ruled out']),
  answer: z.string().optional(),
  answeredBy: z.string().optional(),
  answeredAt: z.string().optional(),
});
export type Hypothesis = z.infer<typeof hypothesisSchema>;

export const taskSchema = z.object({
  id: z.string(),
  person: namedSchema.optional(),
  step: z.string(),
  title: z.string(),
  say: z.string(),
  done: z.string(),
  role: z.string().optional(),
  /** Tasks that come first and are not done. */
  waitsFor: z.array(z.string()),
  assignee: z.string().optional(),
  dueAt: z.string().optional(),
  state: z.enum(['open', 'done', 'left out']),
  note: z.string().optional(),
  doneBy: z.string().optional(),
  doneAt: z.string().optional(),
});
export type Task = z.infer<typeof taskSchema>;

export const linkedSchema = z.object({
  person: namedSchema,
  band: z.string(),
  stage: z.string(),
  /** What joins them to somebody of the case, as words. */
  via: z.array(z.string()),
  decision: z.enum(['in', 'aside']).optional(),
  reason: z.string().optional(),
  by: z.string().optional(),
  at: z.string().optional(),
});
export type Linked = z.infer<typeof linkedSchema>;

export const ruleSchema = z.object({
  met: z.boolean(),
  facets: z.array(z.string()),
  conclusive: z.boolean(),
  says: z.string(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const personPartSchema = z.object({
  person: namedSchema,
  role: z.string(),
  band: z.string(),
  why: z.string(),
  addedAt: z.string(),
  rule: ruleSchema,
  /** Counsel's word that the rule need not be met. */
  exception: z.object({ reason: z.string(), by: z.string(), at: z.string() }).optional(),
  verdict: z.string().optional(),
  disputed: z.boolean(),
  /** Innocent readings nobody has answered. */
  unanswered: z.number().int(),
  frozen: z.array(
    z.object({
      id: z.string(),
      snapshot: z.number(),
      asOf: z.string(),
      content: z.string(),
      sha256: z.string(),
      at: z.string(),
      by: z.string(),
      /** False: what is stored is no longer what was frozen. */
      intact: z.boolean(),
    }),
  ),
  /** What the last scan says that the frozen evidence does not, and the other way round. */
  since: z.array(z.string()),
});
export type PersonPart = z.infer<typeof personPartSchema>;

export const entrySchema = z.object({
  id: z.number(),
  case: z.number().int(),
  person: namedSchema.optional(),
  kind: z.string(),
  says: z.string(),
  before: z.array(z.object({ says: z.string(), at: z.string() })),
  by: z.string(),
  at: z.string(),
});
export type Entry = z.infer<typeof entrySchema>;

export const decisionSchema = z.object({
  id: z.string(),
  person: namedSchema,
  kind: z.enum(['step', 'verdict']),
  what: z.string(),
  reason: z.string(),
  rests: z.array(z.object({ item: z.string(), says: z.string(), sha256: z.string() })),
  readings: z.array(z.object({ says: z.string(), state: z.string(), answer: z.string() })),
  rule: z.string(),
  told: z.string(),
  by: z.string(),
  at: z.string(),
});
export type Decision = z.infer<typeof decisionSchema>;

export const disputeSchema = z.object({
  id: z.string(),
  person: namedSchema,
  says: z.string(),
  received: z.string(),
  answer: z.string().optional(),
  answeredBy: z.string().optional(),
  answeredAt: z.string().optional(),
  by: z.string(),
  at: z.string(),
});
export type Dispute = z.infer<typeof disputeSchema>;

export const letterSchema = z.object({
  id: z.string(),
  person: namedSchema,
  template: z.enum(letterNames),
  text: z.string(),
  sent: z.string().optional(),
  answerBy: z.string().optional(),
  by: z.string(),
  at: z.string(),
});
export type Letter = z.infer<typeof letterSchema>;

export const mergeSchema = z.object({
  id: z.string(),
  /** `to`: ours into the other; `from`: the other into ours. */
  way: z.enum(['to', 'from']),
  other: z.number().int(),
  state: z.enum(['asked', 'refused', 'merged', 'undone']),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
  /** Until when it can be undone. */
  undoUntil: z.string().optional(),
});
export type Merge = z.infer<typeof mergeSchema>;

export const splitSchema = z.object({
  id: z.string(),
  way: z.enum(['to', 'from']),
  other: z.number().int(),
  otherId: z.string().optional(),
  people: z.array(namedSchema),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
  undone: z.boolean(),
  undoUntil: z.string().optional(),
});
export type Split = z.infer<typeof splitSchema>;

export const caseSchema = z
  .object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    about: z.enum(abouts),
    state: z.enum(['asked', 'refused', 'open', 'closed', 'merged']),
    playbook: z.enum(playbookNames),
    origin: z.string().optional(),
    ring: z.string().optional(),
    vendor: z.string().optional(),
    reason: z.string(),
    openedBy: z.string(),
    openedAt: z.string(),
    approvedBy: z.string().optional(),
    approvedAt: z.string().optional(),
    closedAt: z.string().optional(),
    outcome: z.string().optional(),
    /** Somebody asked to take it up again, and it waits for a second person. */
    reopening: z.object({ by: z.string(), at: z.string(), reason: z.string() }).optional(),
    /** Number and id of the case it is part of now. */
    mergedInto: z.object({ number: z.number().int(), id: z.string() }).optional(),
    /** Numbers of the cases that are part of it. */
    holds: z.array(z.number().int()),
    me: z.object({
      id: z.string(),
      part: z.enum(parts),
      /** Tasks only. */
      narrow: z.boolean(),
      /** May decide on people of this case. */
      decides: z.boolean(),
      /** May do so against the people: not the one who opened it. */
      steps: z.boolean(),
      counsel: z.boolean(),
    }),
    /** Names of accounts by id. */
    accounts: z.record(z.string(), z.string()),
    members: z.array(
      z.object({ user: z.string(), part: z.enum(parts), addedAt: z.string(), addedBy: z.string() }),
    ),
    people: z.array(personPartSchema),
    tasks: z.array(taskSchema),
    items: z.array(itemSchema),
    hypotheses: z.array(hypothesisSchema),
    marks: z.array(
      z.object({ hypothesis: z.string(), item: z.string(), mark: z.enum(['for', 'against', 'neutral']) }),
    ),
    linked: z.array(linkedSchema),
    decisions: z.array(decisionSchema),
    disputes: z.array(disputeSchema),
    corrections: z.array(
      z.object({
        id: z.string(),
        person: namedSchema,
        item: z.string(),
        says: z.string(),
        toldTo: z.string(),
        by: z.string(),
        at: z.string(),
      }),
    ),
    letters: z.array(letterSchema),
    merges: z.array(mergeSchema),
    splits: z.array(splitSchema),
    entries: z.array(entrySchema),
    /** What stands between this case and its end. */
    beforeClosing: z.array(z.string()),
  })
  .openapi('Case');
export type Case = z.infer<typeof caseSchema>;

export const evidenceSchema = z
  .object({
    id: z.string(),
    says: z.string(),
    why: z.string(),
    sources: z.array(z.string()),
    innocent: z.array(z.string()),
    next: z.array(z.string()),
    version: z.string(),
    asOf: z.string(),
    columns: z.array(z.string()),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
    total: z.number(),
    others: z.array(namedSchema),
    intact: z.boolean(),
  })
  .openapi('CaseEvidence');
export type CaseEvidence = z.infer<typeof evidenceSchema>;

export const integritySchema = z
  .object({
    good: z.boolean(),
    checked: z.number().int(),
    /** What does not agree with its hash, or with the audit log. */
    problems: z.array(z.string()),
  })
  .openapi('CaseIntegrity');
export type Integrity = z.infer<typeof integritySchema>;

export const colleaguesSchema = z
  .object({
    colleagues: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) })),
  })
  .openapi('Colleagues');
export type Colleagues = z.infer<typeof colleaguesSchema>;

export const idSchema = z.object({ id: z.string() });
export const doneSchema = z.object({ done: z.literal(true) });

// What changes take.
export const answerWishBody = z.object({ yes: z.boolean(), reason: reasonSchema });
export const changeBody = z.object({ title: words(3, 120) });
export const memberBody = z.object({ user: words(1, 100), part: z.enum(parts), reason: reasonSchema });
export const reasonBody = z.object({ reason: reasonSchema });
export const personBody = z.object({ person: handle, reason: reasonSchema });
export const freezeBody = z.object({ people: z.array(handle).max(200).default([]) });
export const hypothesisBody = z.object({ person: handle.optional(), says: words(5, 1000) });
export const judgeBody = z.object({
  state: z.enum(['open', 'likely', 'unlikely', 'ruled out']),
  answer: words(3, 2000),
});
export const markBody = z.object({
  hypothesis: words(1, 60),
  item: words(1, 60),
  mark: z.enum(['for', 'against', 'neutral']),
});
export const taskBody = z.object({
  person: handle.optional(),
  title: words(3, 160),
  say: z.string().trim().max(2000).default(''),
  role: z.enum(['analyst', 'recruiter', 'hr', 'it', 'counsel']).optional(),
  assignee: words(1, 100).optional(),
  due: day.optional(),
});
/** What came of putting the steps of a playbook among the tasks. */
export const playbookAddedSchema = z
  .object({
    added: z.number().int(),
    /** Steps that stood there already. */
    there: z.number().int(),
  })
  .openapi('PlaybookAdded');
export type PlaybookAdded = z.infer<typeof playbookAddedSchema>;
export const taskChangeBody = z.object({
  assignee: z.string().trim().max(100).optional(),
  due: day.or(z.literal('')).optional(),
  state: z.enum(['open', 'done', 'left out']).optional(),
  note: z.string().trim().max(2000).optional(),
});
export const itemBody = z.object({
  kind: z.enum(['note', 'check', 'event']),
  person: handle.optional(),
  says: words(3, 4000),
  /** Of a check: its id. */
  check: words(1, 100).optional(),
});
export const fileBody = z.object({ name: words(1, 255), person: handle.optional() });
export const commentBody = z.object({ says: words(1, 4000) });
export const sweepBody = z.object({
  people: z.array(handle).min(1).max(2000),
  decision: z.enum(['in', 'aside']),
  reason: reasonSchema,
});
const told = z.union([z.object({ on: day }), z.object({ whyNot: reasonSchema })]);
export const stepBody = z.object({
  person: handle,
  what: z.enum(stepKinds),
  reason: reasonSchema,
  /** Ids of the pieces of evidence it rests on. */
  rests: z.array(words(1, 60)).max(200),
  told,
});
export const verdictBody = z.object({
  person: handle,
  verdict: z.enum(verdicts),
  reason: reasonSchema,
  rests: z.array(words(1, 60)).max(200).default([]),
  told,
});
export const mergeBody = z.object({ into: z.number().int().positive(), reason: reasonSchema });
export const splitBody = z.object({
  people: z.array(handle).min(1).max(200),
  title: words(3, 120),
  reason: reasonSchema,
});
export const disputeBody = z.object({ person: handle, says: words(3, 20_000), received: day });
export const disputeAnswerBody = z.object({ answer: words(5, 10_000) });
export const correctionBody = z.object({
  item: words(1, 60),
  says: words(5, 2000),
  toldTo: words(2, 300),
});
export const letterBody = z.object({
  person: handle,
  template: z.enum(letterNames),
  answerBy: day.optional(),
});
export const letterChangeBody = z.object({
  text: words(10, 50_000).optional(),
  sent: day.optional(),
});
