import { z } from 'zod';

export const factSchema = z.object({
  id: z.string(),
  title: z.string(),
  about: z.string(),
  source: z.string(),
  licence: z.string(),
  asOf: z.string(),
  ageInDays: z.number(),
  staleAfterDays: z.number(),
  stale: z.boolean(),
  rows: z.number(),
  /** The company's own rows among them. */
  own: z.number(),
  ownAsOf: z.string().optional(),
  /** A newer table of the company's stands in place of ours. */
  replaced: z.boolean(),
  /** Detections that read it. */
  readBy: z.array(z.object({ id: z.string(), title: z.string() })),
});
export type FactSummary = z.infer<typeof factSchema>;

export const factsSchema = z.object({ facts: z.array(factSchema) });
export type Facts = z.infer<typeof factsSchema>;

export const factPageSchema = z.object({
  fact: factSchema,
  columns: z.array(z.object({ name: z.string(), type: z.string(), key: z.boolean() })),
  /** Rows that fit the search. */
  total: z.number(),
  page: z.number(),
  size: z.number(),
  rows: z.array(z.object({ cells: z.array(z.string()), own: z.boolean() })),
});
export type FactPage = z.infer<typeof factPageSchema>;

export const changedSchema = z.object({ rows: z.number() });
