import { z } from 'zod';
import { explanationKinds } from './vocabulary.js';

/**
 * What a company decides for itself: the prior, the bands, its own networks and offices, and the innocent explanations
 * it has recorded. Everything has a default; a file (`rollcall.yml`) overrides parts of it.
 */
const probability = z.number().gt(0).lt(1);

export { type ExplanationKind, explanationKinds } from './vocabulary.js';

/** A group of people by what HR says of them, compared as a whole, without case. */
export const groupSchema = z.union([
  z.strictObject({ department: z.string().min(1) }),
  z.strictObject({ vendor: z.string().min(1) }),
]);
export type Group = z.infer<typeof groupSchema>;

const day = z.string().regex(/^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/, { error: 'a day is written 2026-03-31' });

export const explanationSchema = z.strictObject({
  /** What it is called; made from what it says where absent. */
  id: z.string().min(1).optional(),
  kind: z.enum(explanationKinds),
  /** Person ids it covers. For a household or a shared thing: everyone who shares. Empty, and no groups: everyone. */
  people: z.array(z.string()).default([]),
  /** Everybody of a department or of a vendor, as HR has them on the day of the scan. */
  groups: z.array(groupSchema).optional(),
  /** Only these detections; all that name the kind where empty. */
  detections: z.array(z.string()).default([]),
  /** Only signals that name this value (an address, a tool, a network); any where absent. */
  value: z.string().optional(),
  /** First and last day it covers (UTC): what happened before or after still counts. */
  from: day.optional(),
  to: day.optional(),
  /** It stops counting after this day, whatever it covers, so that somebody looks again. */
  until: day.optional(),
  reason: z.string(),
  by: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;

const days = z.number().int({ error: 'days are whole' }).min(1).max(36_500);

export const retentionSchema = z
  .strictObject({
    /** What systems logged of anybody's work, and what was seen on devices: so long after it happened. */
    logs_days: days.optional(),
    /** Everything of applicants who were never hired: so long after the last word about them. */
    applicants_days: days.optional(),
    /** Everything of people who left: so long after their last day. */
    leavers_days: days.optional(),
    /** Cases in the console: so long after they were closed. */
    cases_days: days.optional(),
  })
  .refine((ages) => Object.values(ages).some((age) => age !== undefined), {
    error: 'say at least one age, or leave the section out',
  });
export type Retention = z.infer<typeof retentionSchema>;

export const policySchema = z.strictObject({
  /** Share of workers assumed false before anything is known: 1 in 1,000 by default. */
  prior: probability.default(0.001),
  /** Bits (with the prior) at which each band begins. 0 bits is even odds. */
  bands: z
    .strictObject({
      watch: z.number().default(-5),
      review: z.number().default(-1),
      urgent: z.number().default(6),
    })
    .default({ watch: -5, review: -1, urgent: 6 }),
  /** Independent facets that `review` and above need, unless a finding is conclusive. */
  facets_for_review: z.number().int().min(1).default(2),
  /** A further signal of a facet already counted adds this share of its bits. */
  same_facet_share: z.number().min(0).max(1).default(0.15),
  /** How many people the detection's own figure is worth when the company's base rate is estimated. */
  base_rate_strength: z.number().positive().default(200),
  /** No signal is assumed rarer among honest people than this. */
  base_rate_floor: probability.default(0.0005),
  /** A single signal never counts for more bits than this, either way. */
  max_bits: z.number().positive().default(8),
  /** Values shared by more people than this (of one kind) are common: an office, a carrier, an agency. */
  common_value: z.number().int().positive().default(8),
  /** Bits that a shared value must bring for it to join two people in a ring. */
  ring_link_bits: z.number().positive().default(6),
  home_country: z.string().length(2).default('US'),
  networks: z
    .array(
      z.strictObject({
        cidr: z.string(),
        kind: z.enum(['office', 'company-vpn', 'partner']),
        name: z.string(),
      }),
    )
    .default([]),
  approved_remote_tools: z.array(z.string()).default([]),
  explanations: z.array(explanationSchema).default([]),
  /** How long things are kept, in whole days. What is not said here is kept for ever. See docs/retention.md. */
  retention: retentionSchema.optional(),
  /** Rows of your own in the reference tables, and where newer tables may be fetched. See docs/adding-a-fact.md. */
  facts: z
    .strictObject({
      /** Folder of your own rows, meant from where the policy file is. */
      directory: z.string().optional(),
      /** Table → the one address from which "rollcall facts update" may fetch it. */
      updates: z.record(z.string(), z.url({ protocol: /^https$/ })).default({}),
    })
    .default({ updates: {} }),
  /** Sigma rules: packs that ship with Rollcall, folders of your own, single rules by id. See docs/sigma.md. */
  sigma: z
    .strictObject({
      packs: z.record(z.string(), z.enum(['on', 'off'])).default({}),
      directories: z
        .array(
          z.union([
            z.string().transform((path) => ({ path, license: undefined })),
            z.strictObject({ path: z.string(), license: z.string().optional() }),
          ]),
        )
        .default([]),
      /** By the rule's id, or its title where it has none. */
      rules: z.record(z.string(), z.literal('off')).default({}),
    })
    .default({ packs: {}, directories: [], rules: {} }),
});
export type Policy = z.infer<typeof policySchema>;
