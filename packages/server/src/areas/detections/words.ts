import { z } from 'zod';

export const countsSchema = z.object({ useful: z.number(), innocent: z.number(), wrong: z.number() });

/** Of findings somebody looked at: how many were no lead to anybody false, with the 95 % interval. */
export const falseShareSchema = z.object({
  share: z.number(),
  low: z.number(),
  high: z.number(),
  of: z.number(),
});

export const rateSchema = z.object({
  population: z.enum(['applicants', 'workers']),
  seenIn: z.number(),
  outOf: z.number(),
  own: z.number(),
  used: z.number(),
  ownBits: z.number(),
  bits: z.number(),
  says: z.string(),
});

export const detectionRowSchema = z.object({
  id: z.string(),
  title: z.string(),
  stage: z.string(),
  facet: z.string(),
  /** person, device, company; absent of rules of packs. */
  about: z.string().optional(),
  /** ours: ships with Rollcall. own: written here. rule: a Sigma rule of a pack or a folder. */
  from: z.enum(['ours', 'own', 'rule']),
  state: z.enum(['ran', 'blocked']),
  missing: z.array(z.string()),
  enabledBy: z.array(z.string()),
  signals: z.number(),
  people: z.number(),
  baseRate: z.number(),
  bits: z.number(),
  fairness: z.string(),
  catalogue: z.array(z.string()),
  rates: z.array(rateSchema),
  /** Findings that began in each of the 26 weeks to the day of the scan; absent while they are counted. */
  weeks: z.array(z.number()).optional(),
  /** People in whom an explanation accounts for it. */
  explained: z.number().optional(),
  verdicts: countsSchema,
  falseShare: falseShareSchema.optional(),
});
export type DetectionRow = z.infer<typeof detectionRowSchema>;

export const detectionListSchema = z.object({
  asOf: z.string(),
  detections: z.array(detectionRowSchema),
  /** The company's own detections that could not be read, and why. */
  problems: z.array(z.string()),
});
export type DetectionList = z.infer<typeof detectionListSchema>;

export const coverageSchema = z.object({
  counts: z.object({
    advice: z.number(),
    adviceByData: z.number(),
    adviceByProcess: z.number(),
    adviceRefused: z.number(),
    rows: z.number(),
    covered: z.number(),
  }),
  sources: z.array(
    z.object({
      source: z.string(),
      title: z.string(),
      advice: z.array(
        z.object({
          what: z.string(),
          by: z.enum(['data', 'check', 'process', 'refused']),
          note: z.string().optional(),
          /** Detections that look for it, and what each could do at the last scan. */
          detections: z.array(
            z.object({
              id: z.string(),
              title: z.string(),
              state: z.enum(['ran', 'blocked', 'not run']),
              people: z.number(),
            }),
          ),
          /** Checks whose outcome counts. */
          checks: z.array(z.string()),
          /** Rows of the catalogue that nothing covers. */
          uncovered: z.array(z.string()),
        }),
      ),
    }),
  ),
});
export type CoverageAnswer = z.infer<typeof coverageSchema>;

const test = z.object({ name: z.string(), fires: z.number(), yaml: z.string() });

export const detectionSchema = z.object({
  asOf: z.string(),
  row: detectionRowSchema,
  why: z.string().optional(),
  sources: z.array(z.string()),
  query: z.string().optional(),
  sigma: z.string().optional(),
  says: z.string().optional(),
  needs: z.array(z.string()),
  weight: z
    .object({
      ifNot: z.tuple([z.number(), z.number()]),
      ifHonest: z.number(),
      source: z.string(),
      conclusive: z.boolean(),
      atMost: z.number().optional(),
    })
    .optional(),
  amongWhom: z.string().optional(),
  innocent: z.array(z.string()),
  explainedBy: z.array(z.string()),
  fairnessNote: z.string().optional(),
  attack: z.array(z.string()),
  next: z.array(z.string()),
  tests: z.array(test),
  /** The file, to begin a draft from. */
  text: z.string().optional(),
});
export type DetectionAnswer = z.infer<typeof detectionSchema>;

export const findingSchema = z.object({
  handle: z.string(),
  /** A pseudonym, or the name where it is open to who asks. */
  name: z.string(),
  open: z.boolean(),
  band: z.string(),
  says: z.string(),
  first: z.string(),
  bits: z.number(),
  explained: z.string().optional(),
  verdict: z.enum(['useful', 'innocent', 'wrong']).optional(),
  /** A snooze in force. */
  snoozed: z.object({ id: z.string(), until: z.string() }).optional(),
});
export type Finding = z.infer<typeof findingSchema>;

export const findingsSchema = z.object({
  total: z.number(),
  page: z.number(),
  size: z.number(),
  findings: z.array(findingSchema),
  /** Whether one of them can be set aside. */
  snoozable: z.boolean(),
});
export type Findings = z.infer<typeof findingsSchema>;

export const snoozeSchema = z.object({
  id: z.string(),
  detection: z.string(),
  title: z.string(),
  handle: z.string(),
  name: z.string(),
  reason: z.string(),
  by: z.string(),
  since: z.string(),
  until: z.string(),
  state: z.enum(['in force', 'over', 'ended']),
});
export type Snooze = z.infer<typeof snoozeSchema>;

export const draftSchema = z.object({
  id: z.string(),
  name: z.string(),
  stage: z.string(),
  title: z.string(),
  text: z.string(),
  state: z.enum(['draft', 'asked', 'on', 'off']),
  author: z.string(),
  authorName: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  /** It was tried as it stands, and nothing is against it. */
  tried: z.boolean(),
  /** Of the text, to say which wording somebody read. */
  sha256: z.string(),
  reason: z.string().optional(),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  problems: z.array(z.object({ line: z.number().optional(), says: z.string() })),
});
export type Draft = z.infer<typeof draftSchema>;

export const trialSchema = z.object({
  asOf: z.string(),
  about: z.string(),
  milliseconds: z.number(),
  tests: z.array(z.object({ name: z.string(), problem: z.string().optional() })),
  missing: z.array(z.string()),
  enabledBy: z.array(z.string()),
  problem: z.string().optional(),
  people: z.number(),
  explained: z.number(),
  /** Rows, of what is about devices or the company. */
  rows: z.number(),
  rates: z.array(rateSchema),
  ownBits: z.number().optional(),
  weeks: z.array(z.number()),
  /** Detections that find the same people: both, and how many those find in all. */
  overlap: z.array(z.object({ id: z.string(), title: z.string(), both: z.number(), people: z.number() })),
  /** How groups of work are hit. */
  groups: z.array(
    z.object({
      title: z.string(),
      says: z.string(),
      rows: z.array(
        z.object({
          group: z.string(),
          of: z.number().optional(),
          counted: z.number().optional(),
          share: z.number().optional(),
          low: z.number().optional(),
          high: z.number().optional(),
          result: z.string().optional(),
        }),
      ),
    }),
  ),
  who: z.array(
    z.object({
      handle: z.string(),
      name: z.string(),
      stage: z.string(),
      band: z.string(),
      first: z.string(),
      rows: z.number(),
      explained: z.boolean(),
    }),
  ),
  /** It may be proposed for switching on as it stands. */
  sound: z.boolean(),
});
export type Trial = z.infer<typeof trialSchema>;
