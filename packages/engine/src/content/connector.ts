import { z } from 'zod';
import type { tableNames } from '../model/tables.js';

/**
 * A connector as content: `content/connectors/<id>/connector.yml` beside `mapping.sql` and `samples/`.
 * What each field means is told for authors in docs/adding-a-connector.md.
 */
const recordShape: z.ZodType<RecordShape> = z.lazy(() =>
  z.union([z.string().regex(/^[A-Z]+$/), z.array(recordShape).length(1), z.record(z.string(), recordShape)]),
);
/** A DuckDB type name, a one-element list for a list, or named fields. `JSON` keeps a part as it is. */
export type RecordShape = string | RecordShape[] | { [field: string]: RecordShape };

const pattern = z.string().refine(
  (text) => {
    try {
      new RegExp(text, 'u');
      return true;
    } catch {
      return false;
    }
  },
  { error: 'not a regular expression' },
);

/** How one record of a JSON source is known by its content. Paths are dotted; every condition must hold. */
const jsonRecognition = z.strictObject({
  has: z.array(z.string()).min(1),
  any: z.array(z.string()).default([]),
  not: z.array(z.string()).default([]),
  match: z.record(z.string(), pattern).default({}),
});

const common = {
  title: z.string(),
  vendor: z.string(),
  about: z.string(),
  /** What the source cannot show: retention, plans, platforms. Said in every report that uses it. */
  limits: z.array(z.string()).default([]),
  /** Where the format is documented. */
  documented: z.array(z.string()).default([]),
  /** Which identifier kinds it yields. */
  yields: z.array(z.string()).default([]),
  /** How the vendor's API is polled; used by live feeds. */
  api: z
    .strictObject({
      endpoint: z.string(),
      paging: z.string(),
      since: z.string(),
      notes: z.string().optional(),
    })
    .optional(),
  /** SQL over `r` giving the record's own identity; without it, the hash of the whole record. */
  uid: z.string().optional(),
  /** SQL over `r` giving the time of the record; a record without one is rejected. Absent for sources without times. */
  time: z.string().optional(),
  /** The events mapping gives exactly one row for each record, so it can be loaded in a single pass. */
  one_event_per_record: z.boolean().default(false),
  /** Records hold bank accounts, tax ids or the like: they are not kept as received. */
  sensitive: z.boolean().default(false),
};

const jsonConnector = z.strictObject({
  ...common,
  format: z.literal('json'),
  recognise: z.union([jsonRecognition, z.array(jsonRecognition).min(1)]),
  /** Paths at which a transport may wrap one record (`detail`, `event`): looked into when the outside does not match. */
  envelopes: z.array(z.string()).default([]),
  record: z.record(z.string(), recordShape),
});

const zeekConnector = z.strictObject({
  ...common,
  format: z.literal('zeek'),
  /** The log's `#path`. */
  path: z.string(),
  recognise: jsonRecognition, // for the JSON form of the same log
  record: z.record(z.string(), recordShape),
});

const tableConnector = z.strictObject({
  ...common,
  format: z.literal('table'),
  /** Column → the headers it is known by (compared without case, spaces and punctuation). */
  columns: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/),
    z.strictObject({
      names: z.array(z.string()).min(1),
      required: z.boolean().default(false),
      /** Counts double in recognition: hardly any other kind of file has it. */
      telling: z.boolean().default(false),
      about: z.string().optional(),
    }),
  ),
  /** Of these groups of columns at least one column each must be present. */
  one_of: z.array(z.array(z.string())).default([]),
  /** Headers that a file of this kind never has: with one of them it is something else (a door log names people too). */
  not: z.array(z.string()).default([]),
});

export const connectorSchema = z.discriminatedUnion('format', [jsonConnector, zeekConnector, tableConnector]);

export type JsonRecognition = z.infer<typeof jsonRecognition>;
export type ConnectorDefinition = z.infer<typeof connectorSchema>;
export type TableConnector = Extract<ConnectorDefinition, { format: 'table' }>;

/** One SELECT of a mapping: `-- into events` and the query beneath it. */
export interface Mapping {
  table: (typeof tableNames)[number];
  sql: string;
  line: number;
}

export type Connector = ConnectorDefinition & {
  /** Folder name; also the `source` of every row. */
  id: string;
  folder: string;
  mappings: Mapping[];
};
