import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollcallError } from '../model/errors.js';
import { checkKinds } from '../model/vocabulary.js';
import { type Content, parseYaml } from './load.js';

/**
 * The catalogue: every piece of evidence that public reports name, whether a detection covers it or not, as content:
 * `content/catalogue/<section>.yml`. A detection says which rows it covers (`catalogue: [ON-08]`); a row that none covers
 * says why. Nothing is scored by it: it says what is looked for, and what is not.
 */

/** Sections in the order in which they are shown, with the letters and the number of their rows. */
export const catalogueSections: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  application: { AP: 30 },
  interview: { IN: 16 },
  verification: { VE: 10 },
  onboarding: { ON: 15 },
  'sign-in': { SI: 15 },
  endpoint: { EP: 20 },
  network: { NW: 6 },
  'code-host': { CH: 9 },
  'saas-and-work': { SA: 4, CO: 2, WP: 7 },
  vendor: { TP: 7 },
  offboarding: { OX: 9 },
};

/** The ids a section must have. */
export function rowsOf(section: string): string[] {
  return Object.entries(catalogueSections[section] ?? {}).flatMap(([letters, count]) =>
    Array.from({ length: count }, (_, i) => `${letters}-${String(i + 1).padStart(2, '0')}`),
  );
}

const row = z.strictObject({
  /** What is seen, in our own words. */
  what: z.string().min(8),
  /** What of it is left out, where a detection covers a part. */
  note: z.string().optional(),
  /** Why no detection covers it. */
  not: z.string().min(8).optional(),
  /** Detections, checks or rows that serve better. */
  instead: z.array(z.string()).default([]),
});

const sectionSchema = z.strictObject({
  title: z.string(),
  rows: z.record(z.string().regex(/^[A-Z]{2}-\d\d$/), row),
});

const refusedSchema = z.strictObject({
  title: z.string(),
  rows: z.record(
    z.string().regex(/^D-\d+$/),
    z.strictObject({
      what: z.string().min(8),
      /** Heading in docs/refused-signals.md, where the reason stands. */
      section: z.string(),
      not: z.string().min(8),
      instead: z.array(z.string()).default([]),
    }),
  ),
});

const adviceSchema = z.strictObject({
  title: z.string(),
  sources: z.array(
    z.strictObject({
      /** Tag in docs/sources.md. */
      source: z.string(),
      title: z.string(),
      advice: z
        .array(
          z.strictObject({
            what: z.string().min(8),
            /** Rows, detections, kinds of check; `process`: only people can do it; `refused`: a row of the refused ones. */
            covered_by: z.array(z.string()).min(1),
            note: z.string().optional(),
          }),
        )
        .min(1),
    }),
  ),
});

export type CatalogueRow = z.infer<typeof row>;
export interface CatalogueSection {
  id: string;
  title: string;
  rows: Record<string, CatalogueRow>;
}
export interface Catalogue {
  /** In the order of `catalogueSections`; those whose file is not there are left out. */
  sections: CatalogueSection[];
  refused: z.infer<typeof refusedSchema>;
  advice: z.infer<typeof adviceSchema>;
}

/** Reads `content/catalogue`. Files that are not there are no error here: `catalogueProblems` names them. */
export async function loadCatalogue(contentFolder: string): Promise<Catalogue> {
  const folder = join(contentFolder, 'catalogue');
  const problems: string[] = [];
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const path = join(folder, `${name}.yml`);
    return existsSync(path) ? parseYaml(path, await readFile(path, 'utf8'), schema, problems) : undefined;
  };
  const sections: CatalogueSection[] = [];
  for (const id of Object.keys(catalogueSections)) {
    const section = await read(id, sectionSchema);
    if (section) sections.push({ id, ...section });
  }
  const refused = (await read('refused', refusedSchema)) ?? { title: 'Refused', rows: {} };
  const advice = (await read('advice', adviceSchema)) ?? { title: 'Advice', sources: [] };
  const known = new Set([...Object.keys(catalogueSections), 'refused', 'advice']);
  for (const name of existsSync(folder) ? (await readdir(folder)).sort() : [])
    if (!known.has(name.replace(/\.yml$/, '')))
      problems.push(`${join(folder, name)}: no such section; one of ${[...known].join(', ')}`);
  if (problems.length > 0) throw new RollcallError('CONTENT_INVALID', problems.join('\n'));
  return { sections, refused, advice };
}

/** What does not fit together: missing files and rows, rows neither covered nor accounted for, names nobody has. */
export function catalogueProblems(catalogue: Catalogue, content: Content): string[] {
  const problems: string[] = [];
  const covered = coveredBy(content);
  const rows = new Map(catalogue.sections.flatMap((section) => Object.entries(section.rows)));
  const names = namesOf(catalogue, content);
  for (const section of Object.keys(catalogueSections)) {
    const found = catalogue.sections.find(({ id }) => id === section);
    if (!found) {
      problems.push(`content/catalogue/${section}.yml is not there`);
      continue;
    }
    const wanted = rowsOf(section);
    for (const id of wanted) if (!found.rows[id]) problems.push(`${section}.yml: ${id} is missing`);
    for (const id of Object.keys(found.rows))
      if (!wanted.includes(id)) problems.push(`${section}.yml: ${id} is no row of this section`);
  }
  for (const [id, one] of rows) {
    const by = covered.get(id) ?? [];
    if (by.length > 0 && one.not !== undefined)
      problems.push(`${id} says why nothing covers it, and ${by.join(', ')} does`);
    if (by.length === 0 && one.not === undefined)
      problems.push(`${id} is covered by no detection and does not say why (not: …)`);
    for (const name of one.instead) if (!names.has(name)) problems.push(`${id}: instead: no "${name}"`);
  }
  const every = new Set(Object.keys(catalogueSections).flatMap(rowsOf));
  for (const [id, by] of covered)
    if (!every.has(id)) problems.push(`${by.join(', ')}: catalogue: no row ${id}`);
  for (const [id, one] of Object.entries(catalogue.refused.rows))
    for (const name of one.instead) if (!names.has(name)) problems.push(`${id}: instead: no "${name}"`);
  for (const { source, advice } of catalogue.advice.sources)
    for (const one of advice)
      for (const name of one.covered_by)
        if (name !== 'process' && !names.has(name))
          problems.push(`advice of ${source}: covered_by: no "${name}"`);
  return problems;
}

/** Detections by the row they cover. */
export function coveredBy(content: Content): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const detection of content.detections)
    for (const id of detection.catalogue) found.set(id, [...(found.get(id) ?? []), detection.id]);
  return found;
}

/** What may be pointed to: rows, refused rows, detections, kinds of check, questions. */
function namesOf(catalogue: Catalogue, content: Content): Set<string> {
  return new Set<string>([
    ...Object.keys(catalogueSections).flatMap(rowsOf),
    ...Object.keys(catalogue.refused.rows),
    ...content.detections.map(({ id }) => id),
    ...content.questions.map(({ id }) => id),
    ...checkKinds,
  ]);
}
