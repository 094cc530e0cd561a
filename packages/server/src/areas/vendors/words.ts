/** What the pages on staffing firms read and send. */
import { z } from '@hono/zod-openapi';

export const answerKinds = ['good', 'partly', 'no'] as const;
export const clauseStates = ['signed', 'asked', 'refused', 'not needed'] as const;

/** How a firm stands: what it answered, signed and showed. It is about the firm, never about anybody it sent. */
export const standingSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** People it sent who are here now. */
    workers: z.number(),
    /** How many of them stand at watch or above. */
    raised: z.number(),
    /** Share of what is asked that is answered well, signed and shown, 0 to 1; absent before anything was recorded. */
    score: z.number().optional(),
    /** What is missing, as sentences, the gravest first. */
    gaps: z.array(z.string()),
    lastAudit: z.string().optional(),
    openAudit: z.string().optional(),
    /** The next thing to be asked for again, ISO 8601. */
    due: z.string().optional(),
  })
  .openapi('VendorStanding');
export type VendorStanding = z.infer<typeof standingSchema>;

export const vendorPageSchema = standingSchema.extend({
  questionnaire: z.object({
    title: z.string(),
    why: z.string(),
    answeredAt: z.string().optional(),
    countsUntil: z.string().optional(),
    questions: z.array(
      z.object({
        id: z.string(),
        ask: z.string(),
        good: z.string(),
        answer: z.enum(answerKinds).optional(),
        note: z.string().optional(),
      }),
    ),
  }),
  clauses: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      required: z.boolean(),
      says: z.string(),
      state: z.enum(clauseStates).optional(),
      note: z.string().optional(),
      at: z.string().optional(),
    }),
  ),
  audits: z.array(
    z.object({
      id: z.string(),
      period: z.string(),
      state: z.enum(['open', 'closed']),
      outcome: z.string().optional(),
      size: z.number(),
      of: z.number(),
      openedAt: z.string(),
      closedAt: z.string().optional(),
    }),
  ),
});
export type VendorPage = z.infer<typeof vendorPageSchema>;

export const auditPageSchema = z
  .object({
    id: z.string(),
    vendor: z.string(),
    vendorName: z.string(),
    period: z.string(),
    state: z.enum(['open', 'closed']),
    outcome: z.string().optional(),
    note: z.string().optional(),
    /** For whoever redoes the draw. */
    seed: z.string(),
    from: z.array(z.string()),
    size: z.number(),
    workers: z.array(
      z.object({
        person: z.string(),
        /** By name while the audit is open, to those who run it. */
        name: z.string(),
        evidence: z.string().optional(),
        samePerson: z.string().optional(),
        employedByFirm: z.string().optional(),
        note: z.string().optional(),
        at: z.string().optional(),
      }),
    ),
  })
  .openapi('VendorAudit');
export type VendorAudit = z.infer<typeof auditPageSchema>;

export const answersBodySchema = z.object({
  answers: z.record(
    z.string(),
    z.object({ answer: z.enum(answerKinds), note: z.string().trim().max(2000).optional() }),
  ),
});

export const clauseBodySchema = z.object({
  state: z.enum(clauseStates),
  note: z.string().trim().min(1).max(500),
});

export const workerBodySchema = z.object({
  evidence: z.enum(['shown', 'not shown', 'another way agreed']),
  samePerson: z.enum(['yes', 'no', 'unsure']),
  employedByFirm: z.enum(['yes', 'no', 'unsure']),
  note: z.string().trim().max(500).optional(),
});

export const closeBodySchema = z.object({
  outcome: z.enum(['passed', 'gaps', 'refused']),
  note: z.string().trim().min(1).max(1000),
});

export const vendorParam = z.object({ vendor: z.string() });
export const done = z.object({ done: z.literal(true) });
