import { z } from '@hono/zod-openapi';

/** Something that waits for a human, and why. */
export const waitingSchema = z
  .object({
    /** What it is: `case`, `check`, `approval`, `person`, `source`, `training`, `vendor`, `dispute`, `explanation`. */
    kind: z.string(),
    /** The same while it waits. */
    id: z.string(),
    /** What to do, as a sentence: “Say who may look into Person K7QF-2M”. */
    title: z.string(),
    /** Why it waits for you. */
    why: z.string(),
    /** Address in the console, beginning with `#/`. */
    to: z.string(),
    /** ISO 8601; late where it has passed. */
    due: z.string().optional(),
    /** Smaller comes first: 0 harm now, 1 today, 2 this week, 3 some time. */
    rank: z.number().int().min(0).max(3),
  })
  .openapi('Waiting');
