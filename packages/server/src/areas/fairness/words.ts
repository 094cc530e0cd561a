import { z } from 'zod';

const ratio = z.object({ value: z.number(), low: z.number(), high: z.number() });

export const cellSchema = z.object({
  /** People of the group; absent where they are fewer than five. */
  of: z.number().optional(),
  counted: z.number().optional(),
  share: z.number().optional(),
  /** 95 % interval of the share. */
  low: z.number().optional(),
  high: z.number().optional(),
  /** So few that a person could be made out. */
  hidden: z.boolean(),
});
export type Cell = z.infer<typeof cellSchema>;

export const groupSchema = cellSchema.extend({
  group: z.string(),
  /** The group with the largest share of people who are not flagged: the others are compared with it. */
  best: z.boolean().optional(),
  /** Share not flagged, against the best group's. */
  fifths: ratio.optional(),
  /** How many times as often as everybody else. */
  times: ratio.optional(),
  result: z
    .enum(['passes', 'unclear', 'flagged more often', 'fails four fifths', 'too few to say'])
    .optional(),
});
export type Group = z.infer<typeof groupSchema>;

export const measures = ['watch', 'review', 'case', 'check', 'adverse'] as const;
export type Measure = (typeof measures)[number];

export const divisionSchema = z.object({
  dimension: z.string(),
  title: z.string(),
  measure: z.enum(measures),
  all: cellSchema,
  groups: z.array(groupSchema),
  says: z.string(),
});
export type Division = z.infer<typeof divisionSchema>;

export const fairnessSchema = z.object({
  asOf: z.string(),
  people: z.number(),
  measure: z.enum(measures),
  divisions: z.array(divisionSchema),
  /** By quarter, everybody: `2026 Q2`. */
  trend: z.array(
    z.object({
      quarter: z.string(),
      dimension: z.string(),
      group: z.string(),
      cell: cellSchema,
    }),
  ),
});
export type Fairness = z.infer<typeof fairnessSchema>;

/** What is kept of groups that people told of themselves: never an answer of anybody. */
export const walledStateSchema = z.object({
  present: z.boolean(),
  /** People of the last scan with at least one answer; absent below five. */
  people: z.number().optional(),
  columns: z.array(z.string()),
  uploadedAt: z.string().optional(),
  uploadedBy: z.string().optional(),
});
export type WalledState = z.infer<typeof walledStateSchema>;

export const walledUploadSchema = z.object({
  rows: z.number(),
  matched: z.number(),
  unmatched: z.number(),
  columns: z.array(z.string()),
  /** Columns that were not taken over, since they are none of these groups. */
  ignored: z.number(),
});
export type WalledUpload = z.infer<typeof walledUploadSchema>;

export const walledRatesSchema = z.object({
  asOf: z.string(),
  measure: z.enum(['watch', 'review']),
  population: z.enum(['applicants', 'workers']),
  divisions: z.array(divisionSchema),
});
export type WalledRates = z.infer<typeof walledRatesSchema>;

export const impactRowSchema = z.object({
  category: z.string(),
  /** People of the category; absent where fewer than five. */
  applicants: z.number().optional(),
  /** Not flagged at review; absent where it, or its opposite, is fewer than five. */
  selected: z.number().optional(),
  rate: z.number().optional(),
  /** Where the count may not be shown: the rate lies between these. */
  rateFrom: z.number().optional(),
  rateTo: z.number().optional(),
  /** Against the category with the highest rate. */
  ratio: z.number().optional(),
  /** Less than 2 % of the data: an auditor may leave its ratio out. */
  underTwoPercent: z.boolean(),
});
export type ImpactRow = z.infer<typeof impactRowSchema>;

export const impactSchema = z.object({
  asOf: z.string(),
  population: z.enum(['applicants', 'workers']),
  /** First and last day of what the rates rest on. */
  from: z.string().optional(),
  to: z.string(),
  total: z.number(),
  /** People of whom sex, or race or ethnicity, is not known. */
  unknown: z.object({
    sex: z.number().optional(),
    race: z.number().optional(),
    either: z.number().optional(),
  }),
  tables: z.array(z.object({ title: z.string(), rows: z.array(impactRowSchema) })),
  says: z.array(z.string()),
});
export type Impact = z.infer<typeof impactSchema>;
