import { z } from 'zod';

export const entrySchema = z.object({
  number: z.number().int(),
  /** ISO 8601, UTC. */
  time: z.string(),
  actor: z.string(),
  /** The account's name, where it is one of ours. */
  who: z.string().optional(),
  action: z.string(),
  subject: z.string(),
  /** The pseudonym, where the subject is a person on record. */
  about: z.string().optional(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type Entry = z.infer<typeof entrySchema>;

export const pageSchema = z.object({
  entries: z.array(entrySchema),
  /** There are older ones: ask for those before this number. */
  older: z.number().int().optional(),
  /** Where the chain stands now. */
  head: z.object({ number: z.number().int(), hash: z.string() }),
});
export type Page = z.infer<typeof pageSchema>;

/** How the last look at the whole chain went. */
export const lookSchema = z.object({
  /** ISO 8601; absent where nobody has looked yet. */
  at: z.string().optional(),
  entries: z.number().int(),
  first: z.string().optional(),
  last: z.string().optional(),
  head: z.string(),
  broken: z.object({ line: z.number().int(), why: z.string() }).optional(),
  /** One is being taken, or about to be. */
  underWay: z.boolean(),
});
export type Look = z.infer<typeof lookSchema>;
