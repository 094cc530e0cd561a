import { z } from '@hono/zod-openapi';

const time = z.string();
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One kind of thing a person could reach or did. */
export const reachKindSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    /** `seen`; `nothing`: would have been seen; `unknown`: no source tells of it. */
    state: z.enum(['seen', 'nothing', 'unknown']),
    /** The sentence. */
    says: z.string(),
    /** What a reader should do with it. */
    look: z.string(),
    count: z.number(),
    first: time.optional(),
    last: time.optional(),
    columns: z.array(z.string()),
    rows: z.array(z.array(cell)),
    /** Rows there are; more than are given where the list was cut. */
    total: z.number(),
    /** Sources that told of it, or would. */
    sources: z.array(z.string()),
  })
  .openapi('ReachKind');
export type ReachKindView = z.infer<typeof reachKindSchema>;

export const reachSchema = z
  .object({
    person: z.string(),
    asOf: time,
    /** First and last record on the person. */
    first: time.optional(),
    last: time.optional(),
    sentences: z.array(z.string()),
    kinds: z.array(reachKindSchema),
    /** What could not be known, and what would tell. */
    missing: z.array(z.string()),
    /** Known limits of the sources that were read. */
    limits: z.array(z.string()),
  })
  .openapi('Reach');
export type ReachView = z.infer<typeof reachSchema>;

export const frozenReachSchema = z
  .object({
    id: z.string(),
    person: z.string(),
    asOf: time,
    sha256: z.string(),
    /** Whether what is stored still has that hash. */
    intact: z.boolean(),
    by: z.string(),
    at: time,
  })
  .openapi('FrozenReach');

export const planItemSchema = z
  .object({
    id: z.string(),
    phase: z.enum(['preserve', 'prepare', 'at-once', 'after']),
    product: z.string(),
    title: z.string(),
    /** The account or device; empty where it is for the whole. */
    about: z.string(),
    does: z.string(),
    undo: z.string(),
    needs: z.string(),
    command: z.string().optional(),
    byHand: z.string().optional(),
    docs: z.string().optional(),
    warns: z.boolean(),
    /** Day on which the command was compared with the vendor's documentation; absent where it was not. */
    checked: z.string().optional(),
  })
  .openapi('ContainmentItem');
export type PlanItem = z.infer<typeof planItemSchema>;

export const markSchema = z
  .object({
    item: z.string(),
    state: z.enum(['done', 'not needed', 'open']),
    note: z.string(),
    by: z.string(),
    at: time,
  })
  .openapi('ContainmentMark');

export const planSchema = z
  .object({
    id: z.string(),
    person: z.string(),
    asOf: time,
    by: z.string(),
    at: time,
    items: z.array(planItemSchema),
    /** What is to be set in the shell first: name and what it holds. */
    setup: z.array(z.object({ name: z.string(), what: z.string() })),
    marks: z.array(markSchema),
    /** How “at once” went, as a sentence. */
    window: z.string(),
    open: z.number(),
  })
  .openapi('ContainmentPlan');
export type PlanView = z.infer<typeof planSchema>;

export const letterSchema = z
  .object({
    id: z.string(),
    template: z.string(),
    title: z.string(),
    person: z.string(),
    for: z.string(),
    /** Counsel must release it. */
    counsel: z.boolean(),
    version: z.number(),
    text: z.string(),
    by: z.string(),
    at: time,
    released: z.object({ by: z.string(), at: time, sha256: z.string() }).optional(),
    filed: z.object({ says: z.string(), by: z.string(), at: time }).optional(),
  })
  .openapi('ResponseLetter');
export type LetterView = z.infer<typeof letterSchema>;

export const bundleSchema = z
  .object({
    id: z.string(),
    sha256: z.string(),
    bytes: z.number(),
    entries: z.number(),
    others: z.boolean(),
    identity: z.boolean(),
    files: z.boolean(),
    why: z.string(),
    by: z.string(),
    at: time,
  })
  .openapi('Bundle');
export type BundleView = z.infer<typeof bundleSchema>;

export const tabletopSchema = z
  .object({
    id: z.string(),
    playbook: z.string(),
    held: z.string(),
    took: z.string(),
    found: z.string(),
    next: z.string(),
    by: z.string(),
    at: time,
  })
  .openapi('Tabletop');
export type TabletopView = z.infer<typeof tabletopSchema>;

export const playbookSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    for: z.array(z.string()),
    why: z.string(),
    also: z.array(z.string()),
    steps: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        say: z.string(),
        role: z.string(),
        after: z.array(z.string()),
        controls: z.array(z.string()),
        done: z.string(),
        kind: z.string(),
        warns: z.boolean(),
        letter: z.string().optional(),
        links: z.array(z.object({ title: z.string(), url: z.string() })),
      }),
    ),
  })
  .openapi('Playbook');
export type PlaybookView = z.infer<typeof playbookSchema>;

/** What the response part of a case shows at once. */
export const responseSchema = z
  .object({
    people: z.array(z.object({ handle: z.string(), name: z.string() })),
    playbook: z.string(),
    frozen: z.array(frozenReachSchema),
    plans: z.array(
      z.object({ id: z.string(), person: z.string(), at: time, open: z.number(), window: z.string() }),
    ),
    letters: z.array(letterSchema.omit({ text: true })),
    templates: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        for: z.string(),
        kind: z.string(),
        counsel: z.boolean(),
        identity: z.boolean(),
      }),
    ),
    bundles: z.array(bundleSchema),
    /** SHA-256 of the public key that bundles are sealed with, for those who compare. */
    fingerprint: z.string(),
  })
  .openapi('Response');
export type ResponseView = z.infer<typeof responseSchema>;
