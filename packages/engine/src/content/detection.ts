import { z } from 'zod';
import type { RuleCredit } from '../model/result.js';
import { type detectionStages, fairnessClasses } from '../model/vocabulary.js';

/**
 * A detection as content: one file, `content/detections/<stage>/<id>.yml`. It asks in SQL (`query`) or in Sigma (`sigma`).
 * What each field means is told for authors in docs/adding-a-detection.md.
 */
const share = z.number().gt(0).lt(1);
const row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const need =
  '(people|devices|accounts|documents|passages|(events|identifiers|inventory|facts|claims|traces)\\.[a-z_.]+|(devices|people)\\.[a-z_]+)';

const test = z.strictObject({
  name: z.string(),
  /** Rows of the resolved tables; columns left out are NULL. */
  people: z.array(row).default([]),
  identifiers: z.array(row).default([]),
  accounts: z.array(row).default([]),
  devices: z.array(row).default([]),
  events: z.array(row).default([]),
  inventory: z.array(row).default([]),
  documents: z.array(row).default([]),
  claims: z.array(row).default([]),
  traces: z.array(row).default([]),
  passages: z.array(row).default([]),
  /** For a detection in Sigma, instead of events: records as the vendor gives them, and whose account they are of. */
  records: z
    .array(
      z.strictObject({
        /** The connector that reads it. */
        source: z.string(),
        /** Absent: of nobody who is known. */
        person: z.string().optional(),
        record: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
  /** The day the query runs for; a day after the last event where absent. */
  as_of: z.string().optional(),
  /** Rows the query must give, in any order; each names only the columns that matter. `[]`: it must stay silent. */
  expect: z.array(row),
  /** Ids that `among` must give, in any order. */
  expect_among: z.array(z.string()).optional(),
});

const form = z.strictObject({
  title: z.string().max(120),
  why: z.string(),
  /** Public reports that name this, by the tags of docs/sources.md. */
  sources: z.array(z.string()).min(1),
  /** Rows of the evidence catalogue it covers. */
  catalogue: z.array(z.string().regex(/^[A-Z]{2}-\d\d$/)).default([]),
  about: z.enum(['person', 'device', 'company']),
  /** What it is about: two detections of one facet see the same fact, and only the stronger counts in full. */
  facet: z.string().regex(/^[a-z][a-z-]*$/),
  /** `people`, `devices`, `documents`, `passages`, `events.<action>`, `identifiers.<kind>`, `inventory.<kind>`, `claims.<kind>`, `traces.<kind>`: what must be in the lake for it to say anything. `a or b`: one of them is enough. Of one in Sigma the logs it reads come by themselves. */
  needs: z.array(z.string().regex(new RegExp(`^${need}( or ${need})*$`))).default([]),
  query: z.string().optional(),
  /** Sigma documents, of which exactly one reports. */
  sigma: z.string().optional(),
  /** Ids of rules of packs that look for the same: they do not report beside it. */
  instead_of: z.array(z.string()).optional(),
  /** The sentence of one person's signal; `{column}` and a few functions, see docs. */
  says: z.string(),
  weight: z
    .strictObject({
      /** P(seen | not who they claim), as a range. */
      if_not: z
        .tuple([share, share])
        .refine(([low, high]) => low <= high, { error: 'the range runs from low to high' }),
      /** P(seen | honest): the prior for what is measured. */
      if_honest: share,
      source: z.string(),
      /** One such finding is enough for `review`, without a second facet. */
      conclusive: z.boolean().default(false),
      /** It never counts for more bits than this, however rare it is here. */
      at_most: z.number().positive().optional(),
      /** Of its facet only the strongest counts: what follows adds nothing, where usually it adds a share. */
      only_strongest: z.boolean().default(false),
    })
    .optional(),
  /** A SELECT of `person_id`: in whom it could have been seen at all (new hires, those with a laptop on record). Absent: everybody. */
  among: z.string().optional(),
  /** Who these are, so that "12 of 340 …" reads on: "people who started in the last 90 days". */
  among_whom: z.string().max(100).optional(),
  innocent: z.array(z.string()).default([]),
  explained_by: z.array(z.string()).default([]),
  fairness: z.enum(fairnessClasses),
  fairness_note: z.string().optional(),
  attack: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)).default([]),
  next: z.array(z.string()).min(1),
  tests: z.array(test).min(2),
});

type Form = z.infer<typeof form>;

/** Asked in one language, and with what belongs to it. */
function inOneLanguage(given: Form, context: z.RefinementCtx<Form>): void {
  const problem = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message, input: given });
  if (given.query === undefined && given.sigma === undefined)
    problem([], 'it has neither `query` nor `sigma`: exactly one of them asks');
  if (given.query !== undefined && given.sigma !== undefined)
    problem(['sigma'], 'it has both `query` and `sigma`: exactly one of them asks');
  if (given.query !== undefined && given.sigma === undefined) {
    if (given.needs.length === 0)
      problem(['needs'], 'a query says what must be there for it to say anything');
    if (given.instead_of) problem(['instead_of'], 'is for a detection in Sigma');
  }
  if (given.among === undefined && given.among_whom !== undefined)
    problem(['among_whom'], 'says who `among` gives, and there is no `among`');
  given.tests.forEach(({ records, events, expect_among }, i) => {
    if (given.among === undefined && expect_among !== undefined)
      problem(['tests', i, 'expect_among'], 'is about `among`, and there is none');
    if (given.sigma === undefined && records.length > 0)
      problem(['tests', i, 'records'], 'are for a detection in Sigma: a query is given events');
    if (given.sigma !== undefined && events.length > 0)
      problem(['tests', i, 'events'], 'are for a query: a detection in Sigma is given records');
  });
}

export const detectionSchema = form.superRefine(inOneLanguage);

/** The same without its tests, for a scan. */
export const untestedDetectionSchema = form
  .extend({ tests: z.array(test).default([]) })
  .superRefine(inOneLanguage);

export type DetectionDefinition = z.infer<typeof detectionSchema>;
export type DetectionTest = z.infer<typeof test>;

export type Detection = Omit<DetectionDefinition, 'query' | 'sigma'> & {
  /** Of one in Sigma it is empty until `runSigma` has run the rules in a scan: their hits are what it selects. */
  query: string;
  /** The Sigma text, each line where it stands in the file. */
  sigma?: string;
  /** File name without ending; reads as a finding. */
  id: string;
  stage: (typeof detectionStages)[number];
  file: string;
  /** Short hash of the file: says which wording of the detection made a signal. */
  version: string;
  /** Made from a Sigma rule, or holds one that names its author: who is to be named beside its matches. */
  rule?: RuleCredit;
  /** The company's own, and none that ships. */
  own?: true;
};

/** Whether it counts for a person: it is seen more often of those who are who they claim. */
export function speaksFor({ if_not: [low, high], if_honest }: NonNullable<Detection['weight']>): boolean {
  return Math.sqrt(low * high) < if_honest;
}
