import { z } from 'zod';

/**
 * What a company decides for itself: the prior, the bands, its own networks and offices, and the innocent explanations
 * it has recorded. Everything has a default; a file (`rollcall.yml`) overrides parts of it.
 */
const probability = z.number().gt(0).lt(1);

/** Kinds of recorded innocent reason; a detection says which of them can explain it. */
export const explanationKinds = [
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
] as const;
export type ExplanationKind = (typeof explanationKinds)[number];

export const explanationSchema = z.strictObject({
  kind: z.enum(explanationKinds),
  /** Person ids it covers. For a household or a shared thing: everyone who shares. Empty: everyone. */
  people: z.array(z.string()).default([]),
  /** Only these detections; all that name the kind where empty. */
  detections: z.array(z.string()).default([]),
  /** Only signals that name this value (an address, a tool, a network); any where absent. */
  value: z.string().optional(),
  from: z.string().optional(),
  /** It stops counting after this day. */
  until: z.string().optional(),
  reason: z.string(),
  by: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;

export const policySchema = z.strictObject({
  /** Share of workers assumed false before anything is known: 1 in 1,000 by default. */
  prior: probability.default(0.001),
  /** Bits (with the prior) at which each band begins. 0 bits is even odds. */
  bands: z
    .strictObject({
      watch: z.number().default(-5),
      review: z.number().default(-1),
      urgent: z.number().default(4),
    })
    .default({ watch: -5, review: -1, urgent: 4 }),
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
