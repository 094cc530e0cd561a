/** What the routes of rings and explanations take and answer. */
import { z } from '@hono/zod-openapi';
import { elsewhereSchema } from '../people/words.js';

/** Why, in words that others will read. It stays on record with the decision. */
export const reasonSchema = z.string().trim().min(5).max(1000);
const handle = z.string().min(1).max(40);
const day = z.iso.date();

/** A decision that the next scan takes into account. */
export const pendingSchema = z.object({
  decision: z.number().int(),
  time: z.string(),
  by: z.string(),
  says: z.string(),
  reason: z.string(),
});
export type Pending = z.infer<typeof pendingSchema>;

export const ringsSchema = z
  .object({
    /** Absent before the first scan. Parts of the last result, in the form of `rollcall scan --json`. */
    result: z.unknown().optional(),
    elsewhere: elsewhereSchema,
    pending: z.array(pendingSchema),
  })
  .openapi('Rings');
export type RingsPart = z.infer<typeof ringsSchema>;

export const mergeBody = z.object({ other: z.string().min(1).max(100), reason: reasonSchema });
export const splitBody = z.object({ people: z.array(handle).min(1).max(500), reason: reasonSchema });
export const undoBody = z.object({ reason: reasonSchema });
export const confirmBody = z.object({ reason: reasonSchema, until: day.optional() });

export const explanationBody = z.object({
  kind: z.enum([
    'household',
    'shared-office',
    'travel',
    'move',
    'company-vpn',
    'approved-vpn',
    'approved-remote-tool',
    'accommodation',
    'change-of-name',
    'agency',
    'on-call',
    'job-duty',
    'same-person',
  ]),
  people: z.array(handle).max(500).default([]),
  departments: z.array(z.string().min(1).max(200)).max(50).default([]),
  vendors: z.array(z.string().min(1).max(200)).max(50).default([]),
  /** Only what hangs on this value. */
  value: z.string().trim().min(1).max(300).optional(),
  detections: z.array(z.string().min(1).max(200)).max(100).default([]),
  /** First and last day of what happened. */
  from: day.optional(),
  to: day.optional(),
  /** The last day on which it counts; a year from now where none is given. */
  until: day.optional(),
  reason: reasonSchema,
});
export type ExplanationBody = z.infer<typeof explanationBody>;

export const explanationsSchema = ringsSchema
  .extend({
    /** For the form that puts one on record. */
    choices: z.object({
      departments: z.array(z.string()),
      vendors: z.array(z.string()),
      detections: z.array(z.object({ id: z.string(), title: z.string(), kinds: z.array(z.string()) })),
    }),
  })
  .openapi('Explanations');
export type ExplanationsPart = z.infer<typeof explanationsSchema>;

export const decidedSchema = z.object({ decision: z.number().int() }).openapi('Decided');
