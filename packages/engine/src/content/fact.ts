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
};
