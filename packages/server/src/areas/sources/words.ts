import { z } from '@hono/zod-openapi';

export const receiptSchema = z
  .object({
    id: z.string(),
    /** Name of the connector, or `file`. */
    source: z.string(),
    records: z.number().int(),
    bytes: z.number().int(),
    /** Of what was sent, unpacked. */
    sha256: z.string(),
    receivedAt: z.string(),
    /** The same was received before; nothing was added. */
    again: z.boolean(),
  })
  .openapi('Receipt');

export const sourceSchema = z.object({
  source: z.string(),
  title: z.string(),
  limits: z.array(z.string()),
  /** Records kept, since the beginning. */
  kept: z.number().int(),
  duplicate: z.number().int(),
  rejected: z.number().int(),
  files: z.number().int(),
  /** The latest time a record of it carries; absent where its records carry none. */
  lastRecord: z.string().optional(),
  lastArrival: z.string(),
  /** Between one arrival and the next, as a rule; absent before there were enough of them. */
  usualGapSeconds: z.number().optional(),
  /** It has been silent for much longer than usual. */
  stalled: z.boolean(),
});

const sumSchema = z.object({
  files: z.number().int(),
  bytes: z.number().int(),
  read: z.number().int(),
  kept: z.number().int(),
  unused: z.number().int(),
  duplicate: z.number().int(),
  rejected: z.number().int(),
  /** Files in which it does not add up. */
  wrong: z.number().int(),
  /** Files with a problem: not recognised, not read, or not whole. */
  problems: z.number().int(),
});

export const overviewSchema = z.object({
  sources: z.array(sourceSchema),
  sum: sumSchema,
  scan: z.object({
    running: z
      .object({
        since: z.string(),
        step: z.string(),
        bytes: z.number(),
        totalBytes: z.number(),
        records: z.number(),
      })
      .optional(),
    asked: z.boolean(),
    last: z
      .object({
        startedAt: z.string(),
        finishedAt: z.string(),
        seconds: z.number(),
        problem: z.string().optional(),
        unread: z.string().optional(),
      })
      .optional(),
    /** When the result that is shown was reached, and the day it is for. */
    result: z.object({ finishedAt: z.string(), asOf: z.string() }).optional(),
  }),
  /** Taken over, and not scanned yet. */
  waiting: z.object({ records: z.number().int(), bytes: z.number().int(), files: z.number().int() }),
  /** What could not be looked at, as the last scan says. */
  limits: z.array(z.string()),
  receipts: z.array(receiptSchema.extend({ file: z.string().optional() })),
  /** Files of the watched folder that were not taken, the latest first. */
  aside: z.array(z.object({ file: z.string(), why: z.string(), at: z.string() })),
  /** The disk has no room: nothing more is taken over. */
  full: z.boolean(),
  /** Largest file that is taken, in bytes. */
  largestFile: z.number().int(),
});
export type Overview = z.infer<typeof overviewSchema>;
export type SourceLine = z.infer<typeof sourceSchema>;

export const fileSchema = z.object({
  batch: z.number().int(),
  file: z.string(),
  connector: z.string().optional(),
  recognised: z.string(),
  format: z.string(),
  bytes: z.number().int(),
  /** Records acknowledged by the intake; absent for files. */
  received: z.number().int().optional(),
  lastAt: z.string(),
  read: z.number().int(),
  kept: z.number().int(),
  unused: z.number().int(),
  duplicate: z.number().int(),
  rejected: z.number().int(),
  problem: z.string().optional(),
});
export const filesSchema = z.object({ files: z.array(fileSchema), total: z.number().int() });
export type Files = z.infer<typeof filesSchema>;

export const rejectsSchema = z.object({
  rejects: z.array(
    z.object({ batch: z.number().int(), file: z.string(), line: z.number().int(), reason: z.string() }),
  ),
  total: z.number().int(),
});
export type Rejects = z.infer<typeof rejectsSchema>;

export const untiedSchema = z.object({
  untied: z.array(
    z.object({
      kind: z.enum(['account', 'device', 'person_ref']),
      /** Absent for those who do not hand in exports themselves. */
      value: z.string().optional(),
      source: z.string(),
      events: z.number().int(),
      reason: z.string(),
    }),
  ),
  total: z.number().int(),
});
export type UntiedPage = z.infer<typeof untiedSchema>;
