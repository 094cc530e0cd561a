import { z } from 'zod';
import { addReference, BlockList, tidy } from '../collect.js';
import { isoDate } from '../dates.js';
import { type Limits, Refusal } from '../limits.js';
import type { Contents } from '../office/docx.js';
import { emptyTraces, type Warning } from '../types.js';

/**
 * The parts of the JSON Resume schema 1.0.0 that are used. Spoken languages, picture, interests and where a school or
 * employer lies are not read: see docs/refused-signals.md. A part of another type than the schema says counts as absent.
 */
const text = z
  .string()
  .transform((value) => value.trim())
  .optional()
  .catch(undefined);
const texts = z
  .array(z.unknown())
  .catch([])
  .transform((list) => list.filter((item) => typeof item === 'string'));
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((list): z.output<T>[] =>
      // No career has more; checking millions of empty entries would take minutes.
      list.slice(0, 1_000).flatMap((entry) => {
        const parsed = item.safeParse(entry);
        return parsed.success ? [parsed.data] : [];
      }),
    );

const period = { startDate: text, endDate: text };
const jsonResume = z.object({
  basics: z
    .object({
      name: text,
      label: text,
      email: text,
      phone: text,
      url: text,
      website: text,
      summary: text,
      location: z
        .object({ address: text, postalCode: text, city: text, region: text, countryCode: text })
        .optional()
        .catch(undefined),
      profiles: listOf(z.object({ network: text, username: text, url: text })),
    })
    .optional()
    .catch(undefined),
  work: listOf(
    z.object({
      name: text,
      company: text,
      position: text,
      url: text,
      summary: text,
      highlights: texts,
      ...period,
    }),
  ),
  education: listOf(
    z.object({ institution: text, area: text, studyType: text, url: text, courses: texts, ...period }),
  ),
  projects: listOf(z.object({ name: text, description: text, url: text, highlights: texts, ...period })),
  certificates: listOf(z.object({ name: text, issuer: text, date: text })),
  skills: listOf(z.object({ name: text, level: text, keywords: texts })),
  references: listOf(z.object({ name: text, reference: text })),
  meta: z.object({ version: text, lastModified: text, canonical: text }).optional().catch(undefined),
});
export type JsonResume = z.output<typeof jsonResume>;

/** Whether an object is a résumé by what it holds; other JSON is not guessed at. */
export function isJsonResume(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const has = (key: string): unknown =>
    Object.hasOwn(value, key) ? value[key as keyof typeof value] : undefined;
  const basics = has('basics');
  if (typeof basics === 'object' && basics !== null && !Array.isArray(basics))
    return 'name' in basics || 'email' in basics || 'profiles' in basics || 'label' in basics;
  return Array.isArray(has('work')) && Array.isArray(has('education'));
}

/** Parses JSON within the bounds of depth; undefined where the text is no JSON. */
export function parseJson(source: string, limits: Limits): unknown {
  const head = source.slice(0, 64).trimStart();
  if (!/^[{[]/.test(head.replace(/^\uFEFF/, ''))) return undefined;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (quoted) {
      if (code === 92) at++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) {
      if (++depth > limits.depth)
        throw new Refusal('over-limit', `the JSON nests more than ${limits.depth} levels`);
    } else if (code === 125 || code === 93) depth--;
  }
  try {
    return JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

export const parseJsonResume = (value: unknown): JsonResume => jsonResume.parse(value);

const schemaParts = new Set(
  '$schema basics work volunteer education awards certificates publications skills languages interests references projects meta'.split(
    ' ',
  ),
);

export function readJsonResume(value: unknown, limits: Limits): Contents {
  const resume = parseJsonResume(value);
  const list = new BlockList(limits);
  const traces = emptyTraces();
  const put = (...lines: (string | undefined)[]): void =>
    list.add({ text: lines.filter((line) => line).join('\n'), part: 'body' });
  const row = (...cells: (string | undefined)[]): string => cells.filter((cell) => cell).join('\t');
  const span = (entry: {
    startDate?: string | undefined;
    endDate?: string | undefined;
  }): string | undefined =>
    entry.startDate || entry.endDate ? `${entry.startDate ?? ''} – ${entry.endDate ?? 'Present'}` : undefined;

  const { basics } = resume;
  const place = basics?.location;
  const location = tidy([place?.city, place?.region, place?.countryCode].filter((part) => part).join(', '));
  const name = tidy(basics?.name ?? '');
  if (basics) {
    put(basics.name, basics.label);
    put(
      basics.email,
      basics.phone,
      basics.url ?? basics.website,
      row(place?.address),
      location,
      place?.postalCode,
      ...basics.profiles.map((profile) => profile.url || row(profile.network, profile.username)),
    );
    put(basics.summary);
    for (const target of [basics.url, basics.website, ...basics.profiles.map((profile) => profile.url)])
      if (target) addReference(traces, { kind: 'link', target }, limits);
  }
  if (resume.work.length > 0) put('Experience');
  for (const job of resume.work)
    put(row(job.position, job.name ?? job.company), span(job), job.summary, ...job.highlights);
  if (resume.education.length > 0) put('Education');
  for (const school of resume.education)
    put(
      row([school.studyType, school.area].filter((part) => part).join(', '), school.institution),
      span(school),
    );
  if (resume.projects.length > 0) put('Projects');
  for (const project of resume.projects)
    put(project.name, span(project), project.description, ...project.highlights);
  if (resume.certificates.length > 0) put('Certificates');
  for (const certificate of resume.certificates)
    put(row(certificate.name, certificate.issuer, certificate.date));
  if (resume.skills.length > 0) put('Skills');
  for (const skill of resume.skills) put(row(skill.name, skill.keywords.join(', ')));
  if (resume.meta?.lastModified) traces.modified = isoDate(resume.meta.lastModified);
  const warnings: Warning[] = [];
  const foreign = Object.keys(value as object).filter((key) => !schemaParts.has(key));
  if (foreign.length > 0)
    warnings.push({
      code: 'not-looked-at',
      message: `parts that the JSON Resume schema does not have were not read: ${foreign.slice(0, 10).join(', ').slice(0, 200)}`,
    });
  if (list.cut)
    warnings.push({
      code: 'cut',
      message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
    });
  const stated = { ...(name !== '' && { name }), ...(place?.city && { location }) };
  return { blocks: list.blocks, pages: [], stated, traces, warnings };
}
