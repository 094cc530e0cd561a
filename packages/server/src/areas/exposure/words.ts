/** What the route of exposure answers. */
import { z } from '@hono/zod-openapi';
import { elsewhereSchema } from '../people/words.js';

export const exposureSchema = z
  .object({
    /** A part of the last result, and what the console itself knows to be open. */
    result: z.unknown(),
    elsewhere: elsewhereSchema,
    finishedAt: z.string().optional(),
    /** Parts of the console that could not be asked. */
    failed: z.array(z.string()),
  })
  .openapi('Exposure');
export type ExposurePart = z.infer<typeof exposureSchema>;
