import { z } from 'zod';

/**
 * Reference data as content: `content/facts/<name>.csv` beside `<name>.yml`. Read by detections as `facts.<name>` with
 * dashes as underscores. Every row carries `source` and `as_of`.
 */
export const factSchema = z.strictObject({
  title: z.string(),
  about: z.string(),
  source: z.string(),
  licence: z.string(),
  as_of: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  /** Older than this, its age is a warning. */
  stale_after_days: z.number().int().positive(),
  /** The columns that make a row the only one of its kind: a row of the user's own takes the place of ours with the same. */
  key: z.array(z.string()).min(1).optional(),
  columns: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/),
    z.enum(['VARCHAR', 'BIGINT', 'DOUBLE', 'BOOLEAN', 'DATE']),
  ),
});

export type Fact = z.infer<typeof factSchema> & {
  /** File name without ending. */
  id: string;
  /** Table name: the id with underscores. */
  table: string;
  csv: string;
  /** Rows of the user's own beside ours. */
  own?: { file: string; rows: number; asOf?: string };
  /** A newer table of the user's that stands in place of ours; `as_of` is its day. */
  newer?: { file: string; rows: number };
};
