/** What the console is told of checks. */
import { z } from 'zod';

export const stateSchema = z.enum(['asked', 'done', 'excused', 'cancelled']);
export const outcomeSchema = z.enum(['success', 'failure', 'unknown']);
const role = z.enum(['recruiter', 'hr', 'it', 'analyst']);

/** Whom or what a check is about, as the one who reads may see it. */
export const aboutSchema = z.object({
  kind: z.enum(['person', 'role', 'company']),
  handle: z.string().optional(),
  /** Name, pseudonym, role, or “the company”. */
  says: z.string(),
  /** By name: because a case is open, or the check is theirs. */
  open: z.boolean(),
  stage: z.string().optional(),
});

export const checkLineSchema = z.object({
  id: z.string(),
  form: z.string(),
  title: z.string(),
  about: aboutSchema,
  state: stateSchema,
  outcome: outcomeSchema.optional(),
  due: z.string(),
  late: z.boolean(),
  /** Name of a colleague, or the role. */
  by: z.string(),
  mine: z.boolean(),
  /** Something waits for it: a laptop, a change of pay. */
  hold: z.boolean(),
  /** Words given, of those it takes. */
  words: z.number().int(),
  of: z.number().int(),
  /** Why it was asked, in a few words. */
  occasion: z.string(),
  doneAt: z.string().optional(),
  expiresAt: z.string().optional(),
});
export type CheckLine = z.infer<typeof checkLineSchema>;

export const checkListSchema = z.object({
  checks: z.array(checkLineSchema),
  total: z.number().int(),
  page: z.number().int(),
  pages: z.number().int(),
  counts: z.object({
    asked: z.number().int(),
    mine: z.number().int(),
    late: z.number().int(),
    holds: z.number().int(),
    done: z.number().int(),
  }),
  /** Forms to filter by, and to ask for. */
  forms: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      about: z.enum(['person', 'role', 'company']),
      who: z.array(role),
      controls: z.array(z.string()),
      /** When it is asked for, in words. */
      when: z.array(z.string()),
      days: z.number().int(),
      hold: z.boolean(),
    }),
  ),
});
export type CheckList = z.infer<typeof checkListSchema>;

export const formSchema = z.object({
  id: z.string(),
  title: z.string(),
  controls: z.array(z.string()),
  about: z.enum(['person', 'role', 'company']),
  why: z.string(),
  sources: z.array(z.string()),
  who: z.array(role),
  second: z.array(role).optional(),
  hold: z.string().optional(),
  when: z.array(z.string()),
  script: z.array(z.string()),
  fields: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      kind: z.enum(['choice', 'yes-no-unsure', 'text', 'date', 'number', 'hash']),
      /** In order: the value, and what it means. */
      choices: z.array(z.object({ value: z.string(), means: z.string() })),
      help: z.string().optional(),
      unit: z.string().optional(),
      only: z.object({ field: z.string(), is: z.array(z.string()) }).optional(),
      optional: z.boolean(),
    }),
  ),
  accommodation: z.string(),
  done: z.string(),
  days: z.number().int(),
  evidence: z.array(z.string()),
  fairness: z.array(z.string()),
  never: z.array(z.string()),
});
export type Form = z.infer<typeof formSchema>;

export const wordSchema = z.object({
  by: z.string(),
  part: z.enum(['first', 'second']),
  at: z.string(),
  otherWay: z.boolean(),
  /** Hidden from others until both words are given. */
  outcome: outcomeSchema.optional(),
  answers: z.array(z.object({ label: z.string(), answer: z.string() })),
});

export const checkPageSchema = z.object({
  check: checkLineSchema,
  form: formSchema,
  /** The request the lot picked, and the word to say. */
  challenge: z
    .object({ says: z.string(), word: z.string().optional(), window: z.string().optional() })
    .optional(),
  /** Questions beside the form; the same for everybody, filled by whoever asks. */
  questions: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      asks: z.string(),
      settles: z.string(),
      never: z.array(z.string()),
    }),
  ),
  words: z.array(wordSchema),
  reason: z.string().optional(),
  askedBy: z.string(),
  askedAt: z.string(),
  /** What the one who reads may do now. */
  may: z.object({
    record: z.boolean(),
    /** Why not, where they have the permission otherwise. */
    why: z.string().optional(),
    plan: z.boolean(),
  }),
  /** To whom it can be given. */
  colleagues: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) })),
  case: z.string().optional(),
});
export type CheckPageData = z.infer<typeof checkPageSchema>;

export const continuitySchema = z.object({
  about: aboutSchema,
  steps: z.array(
    z.object({
      step: z.string(),
      /** `met`: two words or a step in person. `one word`, `other way`, `unsure`, `not the same`, `open`, `gap`, `not yet`. */
      state: z.enum(['met', 'one word', 'other way', 'unsure', 'not the same', 'open', 'gap', 'not yet']),
      says: z.string(),
      at: z.string().optional(),
      check: z.string().optional(),
    }),
  ),
  /** In a sentence: whole, or which steps are missing. */
  says: z.string(),
  whole: z.boolean(),
});
export type Continuity = z.infer<typeof continuitySchema>;

export const drawSchema = z.object({
  period: z.string(),
  from: z.string(),
  to: z.string(),
  promise: z.string(),
  promisedAt: z.string(),
  challenges: z.array(z.string()),
  /** Only once the period is over: until then nobody can know whom the lot falls on. */
  seed: z.string().optional(),
  people: z.array(z.object({ handle: z.string(), from: z.string() })),
  draws: z.array(
    z.object({
      handle: z.string(),
      turn: z.number().int(),
      day: z.string(),
      window: z.string(),
      challenge: z.string(),
      word: z.string(),
      /** What became of it; absent where it was not asked for, because they had left. */
      state: stateSchema.optional(),
      outcome: outcomeSchema.optional(),
    }),
  ),
  /** How many are in the lot, and how many were drawn and called so far. */
  counts: z.object({
    people: z.number().int(),
    asked: z.number().int(),
    done: z.number().int(),
    excused: z.number().int(),
  }),
});
export type DrawData = z.infer<typeof drawSchema>;

export const drawsSchema = z.object({
  draws: z.array(
    z.object({
      period: z.string(),
      from: z.string(),
      to: z.string(),
      promise: z.string(),
      promisedAt: z.string(),
      open: z.boolean(),
      people: z.number().int(),
    }),
  ),
});
export type DrawsData = z.infer<typeof drawsSchema>;

export const askBodySchema = z.object({
  form: z.string().max(60),
  /** Handle of a person; absent for a role, the company, or a rule. */
  person: z.string().max(40).optional(),
  /** The role it is about. */
  subject: z.string().trim().max(120).optional(),
  assignee: z.string().max(100).optional(),
  role: role.optional(),
  due: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, 'a day in the form 2026-06-30')
    .optional(),
  case: z.string().max(60).optional(),
  /** Everybody in this situation, instead of one. */
  everybody: z
    .object({
      stage: z.enum(['applicant', 'offer', 'onboarding', 'employed']),
      engagement: z.string().max(40).optional(),
      title: z.string().max(120).optional(),
      department: z.string().max(120).optional(),
      remote: z.boolean().optional(),
    })
    .strict()
    .optional(),
});
export const askedSchema = z.object({
  asked: z.number().int(),
  already: z.number().int(),
  id: z.string().optional(),
});

export const recordBodySchema = z.object({
  answers: z.record(z.string().max(60), z.union([z.string().max(400), z.number()])),
  /** Done in an agreed other way. It counts as much. */
  otherWay: z.boolean().default(false),
});
export const recordedSchema = z.object({
  state: stateSchema,
  outcome: outcomeSchema.optional(),
  /** Whose word is still wanted. */
  waits: z.string().optional(),
});
export const excuseBodySchema = z.object({ otherWay: z.string().trim().min(3).max(200) });
export const cancelBodySchema = z.object({ reason: z.string().trim().min(3).max(300) });
export const assignBodySchema = z
  .object({ assignee: z.string().max(100).optional(), role: role.optional() })
  .refine(
    (body) => (body.assignee === undefined) !== (body.role === undefined),
    'name a colleague or a role',
  );
