import { z } from 'zod';
import { type Columns, storedTables } from '../model/tables.js';

/**
 * A field map as content, `content/sigma/fields/<id>.yml`: which records of the lake a Sigma log source stands for, and
 * how the fields that rules name are read from them. What each key means is told for authors in docs/sigma.md.
 *
 * A field without an entry is a path into the record as it was received, so a rule written for the vendor's own names
 * runs with nothing but `source` and `logs`.
 */
const eventColumns = storedTables.events as Columns;
const column = z.string().refine((name) => name !== 'raw' && eventColumns[name] === 'VARCHAR', {
  error: 'no text column of the events table',
});

const pattern = z.string().refine(
  (text) => {
    try {
      new RegExp(text, 'u');
      return /\((?!\?)/.test(text);
    } catch {
      return false;
    }
  },
  { error: 'not a regular expression with one group' },
);

const path = z.string().min(1).max(200);

/** One way to read a field: a path into the record, or a column of the events table. */
const reading = z.union([
  path,
  z.strictObject({ path, prefix: z.string().default(''), suffix: z.string().default('') }),
  z.strictObject({
    column,
    /** The part of the column that the first group finds. */
    match: pattern.optional(),
    prefix: z.string().default(''),
    suffix: z.string().default(''),
  }),
]);
export type Reading = z.infer<typeof reading>;

const word = z.string().regex(/^[a-z0-9_.-]+$/);

/** One log as Sigma names it. A rule reads it when everything its own `logsource` says is said here too. */
const log = z
  .strictObject({
    product: word.optional(),
    category: word.optional(),
    service: word.optional(),
    /** Which of the source's events belong to it, by column: any of these values, without regard to case; `*` at the end for any ending. */
    where: z.record(column, z.array(z.string()).min(1)).default({}),
  })
  .refine((value) => value.product ?? value.category ?? value.service, {
    error: 'says neither product, category nor service',
  });
export type Log = z.infer<typeof log>;

const value = z.union([z.string(), z.number(), z.boolean()]);

const test = z.strictObject({
  name: z.string(),
  /** The record as received. */
  record: z.record(z.string(), z.unknown()),
  /** Columns of the events table that the connector fills. */
  columns: z.record(column, z.string()).default({}),
  /** The texts each field must hold; `[]`: none. */
  fields: z.record(z.string(), z.array(value)),
});

export const fieldMapSchema = z.strictObject({
  title: z.string(),
  /** The connector whose events these are. */
  source: z.string().regex(/^[a-z0-9-]+$/),
  logs: z.array(log).min(1),
  /** Where a field without an entry is looked for, `*` standing for its name; the first that holds something counts. */
  default: z
    .array(z.string().regex(/^[^*]*\*[^*]*$/, { error: 'a path with one * in it' }))
    .min(1)
    .default(['*']),
  /** Sigma's field → names to look for with `default` instead of its own. */
  names: z.record(z.string(), z.array(path).min(1)).default({}),
  /** Sigma's field → ways to read it, without `default`; the first that holds something counts. */
  fields: z.record(z.string(), z.union([reading, z.array(reading).min(1)])).default({}),
  /** Paths in the vendor's own spelling; `[]` after a name that holds a list. Field names are compared with them without case. */
  known: z.array(path).default([]),
  /** What rules for this log source cannot see here. */
  limits: z.array(z.string()).default([]),
  tests: z.array(test).default([]),
});

export type FieldMap = z.infer<typeof fieldMapSchema> & {
  /** File name without ending. */
  id: string;
  file: string;
};

export type LogSourceOf = {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
};

/** Whether a rule that names this log source reads the log: what the rule says must be so; what it leaves open may be anything. */
export function reads(rule: LogSourceOf, of: Log): boolean {
  return (['product', 'category', 'service'] as const).every(
    (key) => rule[key] === undefined || rule[key] === of[key],
  );
}

/** `product/category/service` without what is not said. */
export function logSourceText(source: LogSourceOf): string {
  return [source.product, source.category, source.service].filter(Boolean).join('/') || 'any log';
}

/** What is wrong with a map beyond its form. */
export function fieldMapProblems(map: FieldMap, connectors: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  if (!connectors.has(map.source)) problems.push(`${map.file}: no connector is called "${map.source}"`);
  const seen = new Set<string>();
  for (const name of [...Object.keys(map.fields), ...Object.keys(map.names)]) {
    if (seen.has(name.toLowerCase()))
      problems.push(`${map.file}: the field "${name}" is there twice, but for case`);
    seen.add(name.toLowerCase());
  }
  return problems;
}
