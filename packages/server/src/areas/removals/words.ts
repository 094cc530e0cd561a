import { z } from '@hono/zod-openapi';

export const removalSchema = z
  .object({
    id: z.string(),
    /** Absent for those who may not see whom it is about. */
    who: z.object({ handle: z.string(), called: z.string() }).optional(),
    reason: z.string(),
    /** `held`: agreed to, and put off while they are in an open case. `returned`: exports name them again. */
    state: z.enum(['asked', 'withdrawn', 'refused', 'agreed', 'held', 'under way', 'returned', 'done']),
    askedBy: z.string(),
    askedAt: z.string(),
    answeredBy: z.string().optional(),
    answeredAt: z.string().optional(),
    answer: z.string().optional(),
    doneAt: z.string().optional(),
    /** What went: rows of the lake, checks, closed cases. */
    counts: z.record(z.string(), z.number()).optional(),
    /** What the one who asks for the page may do. */
    may: z.array(z.enum(['agree', 'refuse', 'withdraw'])),
  })
  .openapi('Removal');
export type Removal = z.infer<typeof removalSchema>;

export const keepingSchema = z
  .object({
    /** The ages of the policy file, in days; absent: kept for ever. */
    ages: z.object({
      logs: z.number().optional(),
      applicants: z.number().optional(),
      leavers: z.number().optional(),
      cases: z.number().optional(),
    }),
    /** Days for which what was handed in is kept as it came. */
    handedIn: z.number(),
    /** What the last look by age did. */
    last: z
      .object({
        at: z.string(),
        applicants: z.number(),
        leavers: z.number(),
        /** Put off: somebody is looking into them. */
        held: z.number(),
        logs: z.number(),
        cases: z.number(),
      })
      .optional(),
    removals: z.array(removalSchema),
    /** Whether the one who asks may ask for a removal. */
    mayAsk: z.boolean(),
  })
  .openapi('Keeping');
export type Keeping = z.infer<typeof keepingSchema>;

export const askBody = z.object({
  /** A pseudonym's handle, a number of HR or of the applicant system, or an e-mail address. */
  who: z.string().trim().min(1, 'say who it is').max(300),
  reason: z.string().trim().min(3, 'say why, in a few words').max(2000),
});

export const refuseBody = z.object({
  reason: z.string().trim().min(3, 'say why, in a few words').max(2000),
});
