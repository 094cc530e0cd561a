/** What the routes of people answer. */
import { z } from '@hono/zod-openapi';

export const bandNames = ['urgent', 'review', 'watch', 'clear'] as const;
export const peopleSorts = ['rank', 'person', 'signals', 'stage'] as const;

const text = z.string().max(200);

/** Which people, in which order: the same in the list and on the page of one of them. */
export const filterSchema = z.object({
  /** A pseudonym, a title, a department; a name only of somebody who is open to you. */
  q: text.optional(),
  /** Bands with dots between. */
  band: text.optional(),
  stage: text.optional(),
  engagement: text.optional(),
  department: text.optional(),
  vendor: text.optional(),
  remote: z.enum(['yes', 'no']).optional(),
  ring: text.optional(),
  /** Only people you see by name. */
  open: z.enum(['yes']).optional(),
  sort: z.enum(peopleSorts).optional(),
  order: z.enum(['back']).optional(),
});
export type PeopleFilter = z.infer<typeof filterSchema>;

export const listQuery = filterSchema.extend({
  page: z.coerce.number().int().min(1).max(100_000).optional(),
});

export const lineSchema = z.object({
  /** What stands for the person in addresses. */
  id: z.string(),
  /** The name where it is open to you, else the pseudonym. */
  name: z.string(),
  open: z.boolean(),
  stage: z.string(),
  engagement: z.string(),
  title: z.string().optional(),
  department: z.string().optional(),
  vendor: z.string().optional(),
  remote: z.boolean().optional(),
  band: z.enum(bandNames),
  bits: z.number(),
  facets: z.number().int(),
  signals: z.number().int(),
  ring: z.string().optional(),
  /** The heaviest finding. */
  finding: z.string().optional(),
});
export type PersonLine = z.infer<typeof lineSchema>;

export const listSchema = z
  .object({
    /** When the last scan finished, and the day it is for; absent before the first. */
    asOf: z.string().optional(),
    finishedAt: z.string().optional(),
    /** Everybody on record. */
    everybody: z.number().int(),
    /** How many the filters let through. */
    total: z.number().int(),
    page: z.number().int(),
    size: z.number().int(),
    /** People in each band, whatever bands are chosen. */
    bands: z.record(z.enum(bandNames), z.number().int()),
    choices: z.object({
      stage: z.array(z.string()),
      engagement: z.array(z.string()),
      department: z.array(z.string()),
      vendor: z.array(z.string()),
    }),
    people: z.array(lineSchema),
  })
  .openapi('People');
export type PeopleList = z.infer<typeof listSchema>;

/** Where a person stands in the order somebody came by, and the others their page names. */
export const elsewhereSchema = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string() })),
  at: z.number().int().optional(),
  of: z.number().int().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type Elsewhere = z.infer<typeof elsewhereSchema>;

export const personSchema = z
  .object({
    /** The part of the last result that is about them, in the form of `rollcall scan --json`. */
    result: z.unknown(),
    /** Absent where nothing was found about them: there is no page then, only this. */
    line: lineSchema,
    elsewhere: elsewhereSchema,
    console: z.object({
      sight: z.enum(['open', 'veiled']),
      /** Why they are open: a case of yours, your work with applicants, a check you are asked to do. */
      because: z.enum(['case', 'applicant', 'check']).optional(),
      pseudonym: z.string(),
      /** Cases you are a member of. */
      cases: z.array(
        z.object({ id: z.string(), number: z.number().int(), title: z.string(), state: z.string() }),
      ),
      /** Your own wish to open a case, which waits for a second person. */
      asked: z.array(z.object({ id: z.string(), number: z.number().int(), openedAt: z.string() })),
      checks: z.array(
        z.object({
          id: z.string(),
          form: z.string(),
          state: z.string(),
          dueAt: z.string(),
          outcome: z.string().optional(),
          doneAt: z.string().optional(),
          role: z.string().optional(),
          mine: z.boolean(),
        }),
      ),
      /** A second person has to say yes to a case. */
      twoToOpen: z.boolean(),
      playbook: z.enum(['applicant', 'employee', 'contractor', 'vendor']),
      /** Who could be asked to work on it too. */
      colleagues: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) })),
    }),
  })
  .openapi('Person');
export type PersonPart = z.infer<typeof personSchema>;
