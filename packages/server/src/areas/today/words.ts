/** What Today answers. */
import { z } from '@hono/zod-openapi';
import { lineSchema } from '../people/words.js';
import { waitingSchema } from './waiting.js';

export const todaySchema = z
  .object({
    /** The last scan; absent before the first. */
    looked: z
      .object({
        asOf: z.string(),
        finishedAt: z.string(),
        people: z.number().int(),
        review: z.number().int(),
        urgent: z.number().int(),
      })
      .optional(),
    waiting: z.array(waitingSchema),
    /** Parts that could not be asked. */
    failed: z.array(z.string()),
    /** People at review or urgent of whom no case is open, most pressing first. */
    people: z.array(lineSchema.extend({ since: z.string().optional() })),
    /** How many there are besides. */
    more: z.number().int(),
    /** What is new since `since`, as sentences with where to read on. */
    changed: z.array(z.object({ says: z.string(), to: z.string().optional() })),
  })
  .openapi('Today');
export type Today = z.infer<typeof todaySchema>;
