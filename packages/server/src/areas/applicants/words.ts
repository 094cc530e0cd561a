/** What the console is told of applicants. */
import { z } from 'zod';

export const applicantSchema = z.object({
  handle: z.string(),
  /** Name, or pseudonym. */
  says: z.string(),
  open: z.boolean(),
  stage: z.string(),
  /** What they applied for, as the data has it. */
  title: z.string().optional(),
  department: z.string().optional(),
  appliedAt: z.string().optional(),
  /** Only for those who may see what was found about people; recruiters judge by what they check themselves. */
  band: z.enum(['clear', 'watch', 'review', 'urgent']).optional(),
  finding: z.string().optional(),
  /** Open checks, and those that are done. */
  asked: z.number().int(),
  done: z.number().int(),
});
export type Applicant = z.infer<typeof applicantSchema>;

export const applicantsSchema = z.object({
  applicants: z.array(applicantSchema),
  total: z.number().int(),
  page: z.number().int(),
  pages: z.number().int(),
  byStage: z.record(z.string(), z.number().int()),
  titles: z.array(z.string()),
  /** Nobody was scanned yet. */
  scanned: z.boolean(),
});
export type Applicants = z.infer<typeof applicantsSchema>;

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Somebody known who shares something with the résumé. */
export const hitSchema = z.object({
  handle: z.string(),
  says: z.string(),
  open: z.boolean(),
  stage: z.string(),
  /** Their own earlier record: no second person. */
  own: z.boolean(),
  bits: z.number(),
  samePerson: z.number().optional(),
  values: z.array(
    z.object({
      kind: z.string(),
      label: z.string(),
      context: z.string(),
      holders: z.number().int(),
      bits: z.number(),
    }),
  ),
  passages: z.array(
    z.object({
      text: z.string(),
      otherText: z.string(),
      similarity: z.number(),
      words: z.number().int(),
      people: z.number().int(),
      bits: z.number(),
    }),
  ),
});
export type Hit = z.infer<typeof hitSchema>;

export const resumeCheckSchema = z.object({
  /** Why it could not be read or compared. */
  problem: z.string().optional(),
  name: z.string().optional(),
  /** It was read, and holds no text: a picture of a page. That nothing was found says nothing then. */
  wordless: z.boolean(),
  format: z.string(),
  bytes: z.number().int(),
  compared: z.number().int(),
  document: z
    .object({
      document: z.string(),
      file: z.string(),
      format: z.string(),
      pages: z.number().optional(),
      text: z.string(),
      cut: z.boolean(),
      claims: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
      traces: z.array(z.object({ kind: z.string(), value: z.string(), detail: z.string().optional() })),
    })
    .optional(),
  hits: z.array(hitSchema),
  /** Hits that are not shown. */
  more: z.number().int(),
  common: z.array(z.object({ kind: z.string(), label: z.string(), holders: z.number().int() })),
  signals: z.array(
    z.object({
      detection: z.string(),
      title: z.string(),
      says: z.string(),
      why: z.string(),
      innocent: z.array(z.string()),
      next: z.array(z.string()),
      explained: z.string().optional(),
      evidence: z.object({ columns: z.array(z.string()), rows: z.array(z.array(cell)), total: z.number() }),
    }),
  ),
  questions: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      question: z.string(),
      why: z.string(),
      settles: z.string(),
      never: z.array(z.string()),
    }),
  ),
});
export type ResumeCheck = z.infer<typeof resumeCheckSchema>;
