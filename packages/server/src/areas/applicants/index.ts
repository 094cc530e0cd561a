/** Applicants: who they are, and one new résumé against everybody known. Nothing of a résumé that is dropped is kept. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '@hono/zod-openapi';
import type { CheckResult } from '@rollcall/engine/check.js';
import { and, inArray, ne, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { makeFolder } from '../../files.js';
import { cutOff } from '../../intake/body.js';
import { Refusal } from '../../model/refusal.js';
import { may, type User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import { checks } from '../../store/schema.js';
import type { Area } from '../area.js';
import { CheckApart } from './check-apart.js';
import { applicantsSchema, type Hit, type ResumeCheck, resumeCheckSchema } from './words.js';

const pageSize = 100;
const mostBytes = 20_000_000;
/** People and passages that are told of; `more` counts the rest. */
const mostHits = 25;
const mostPassages = 20;
/** Fewer words are no résumé: a page number, or the mark of a scanner. */
const fewestWords = 5;
const stages = ['applicant', 'offer'];

const listQuery = z.object({
  stage: z.enum(['applicant', 'offer']).optional(),
  title: z.string().max(200).optional(),
  q: z.string().max(100).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});

const apart = new CheckApart();

export const area: Area = {
  name: 'applicants',
  start: async (services) => {
    // Of files that were being read when the server was killed nothing is kept either.
    await rm(placeOf(services), { recursive: true, force: true });
    return async () => apart.stop();
  },

  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/applicants',
        summary: 'People at stage applicant or offer',
        permission: 'applicants.view',
        audit: 'applicants.list',
        query: listQuery,
        answer: applicantsSchema,
      },
      async ({ query, user, db, note }, services) => {
        const snapshot = services.results.current();
        const all = (snapshot?.people ?? []).filter((row) => stages.includes(row.stage));
        const open = await services.sight.open(user);
        const reasons = may(user.roles, 'people.view');
        const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
        // A name is looked through only where it is shown: searching must not unveil anybody.
        const text = (row: PersonRow) =>
          `${services.sight.pseudonym(row.id)} ${open.has(row.id) ? row.name : ''} ${row.handle} ${
            row.title ?? ''
          } ${row.department ?? ''}`.toLowerCase();
        const fits = all.filter(
          (row) =>
            (!query.stage || row.stage === query.stage) &&
            (!query.title || (row.title ?? '') === query.title) &&
            words.every((word) => text(row).includes(word)),
        );
        fits.sort((a, b) => compare(b.appliedAt ?? '', a.appliedAt ?? '') || compare(a.handle, b.handle));
        const shown = fits.slice((query.page - 1) * pageSize, query.page * pageSize);
        note('applicants', { shown: shown.length, page: query.page });
        const counts = shown.length
          ? await db
              .select({
                person: checks.person,
                asked: sql<number>`count(*) FILTER (WHERE ${checks.state} = 'asked')`.mapWith(Number),
                done: sql<number>`count(*) FILTER (WHERE ${checks.state} IN ('done', 'excused'))`.mapWith(
                  Number,
                ),
              })
              .from(checks)
              .where(
                and(
                  inArray(
                    checks.person,
                    shown.map((row) => row.id),
                  ),
                  ne(checks.state, 'cancelled'),
                  sql`${checks.case} IS NULL`,
                ),
              )
              .groupBy(checks.person)
          : [];
        const byPerson = new Map(counts.map((row) => [row.person, row]));
        return {
          applicants: shown.map((row) => ({
            handle: row.handle,
            says: services.sight.called(row, open.has(row.id)),
            open: open.has(row.id),
            stage: row.stage,
            ...(row.title === undefined ? {} : { title: row.title }),
            ...(row.department === undefined ? {} : { department: row.department }),
            ...(row.appliedAt === undefined ? {} : { appliedAt: row.appliedAt }),
            ...(reasons ? { band: row.band } : {}),
            ...(reasons && row.finding !== undefined ? { finding: row.finding } : {}),
            asked: byPerson.get(row.id)?.asked ?? 0,
            done: byPerson.get(row.id)?.done ?? 0,
          })),
          total: fits.length,
          page: query.page,
          pages: Math.max(1, Math.ceil(fits.length / pageSize)),
          byStage: Object.fromEntries(
            stages.map((stage) => [stage, all.filter((row) => row.stage === stage).length]),
          ),
          titles: [...new Set(all.flatMap((row) => (row.title ? [row.title] : [])))].sort(compare),
          scanned: snapshot !== undefined,
        };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/applicants/check',
        summary:
          'One résumé against everybody known: the file as it is, at most 20 MB. Nothing of it is kept',
        permission: 'applicants.check',
        audit: 'applicants.check',
        answer: resumeCheckSchema,
        before: async (context, services) => checked(context, services),
      },
      async ({ taken, note }) => {
        const answer = taken as ResumeCheck;
        // Whom it met is a look at them: with somebody's address in it, a file asks for their pseudonym.
        note('', {
          bytes: answer.bytes,
          hits: answer.hits.length,
          people: answer.hits.map((hit) => hit.handle),
          read: answer.problem === undefined,
        });
        return answer;
      },
    );
  },
};

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Where files lie while they are read. */
const placeOf = (services: Pick<Services, 'folder'>) => join(services.folder, 'resumes-being-read');

/** Reads the file to a folder of its own, has it checked, and takes all of it away again. */
async function checked(context: Context, services: Services): Promise<ResumeCheck> {
  const user = context.get('user' as never) as User;
  const temporary = placeOf(services);
  await makeFolder(temporary);
  const folder = await mkdtemp(join(temporary, 'file-'));
  try {
    // The name counts for nothing but its ending, and that only as a hint.
    const given = context.req.header('x-file-name') ?? '';
    const ending =
      /\.(pdf|docx|odt|rtf|txt|md|html|htm|json|png|jpe?g)$/i.exec(given)?.[0].toLowerCase() ?? '';
    const file = join(folder, `resume${ending}`);
    const bytes = await keep(context.req.raw, file);
    const result = await apart.check({
      file,
      temporary,
      lake: services.lake,
      content: services.content.folder,
      policy: await services.policy(),
    });
    return await told(result, bytes, user, services);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(request: Request, file: string): Promise<number> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  const large = new Refusal(413, 'FILE_TOO_LARGE', 'a résumé may have at most 20 MB');
  if (announced > mostBytes) throw large;
  const out = createWriteStream(file, { mode: 0o600 });
  let bytes = 0;
  try {
    for await (const part of request.body ?? []) {
      bytes += part.length;
      if (bytes > mostBytes) throw large;
      if (!out.write(part)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
    }
  } catch (error) {
    throw cutOff(error);
  } finally {
    await new Promise<void>((resolve) => out.end(() => resolve()));
  }
  if (bytes === 0) throw new Refusal(422, 'FILE_EMPTY', 'the file is empty');
  return bytes;
}

/** What the one who asked may see of it: people who are veiled to them stay so, in every text. */
async function told(
  result: CheckResult,
  bytes: number,
  user: User,
  services: Services,
): Promise<ResumeCheck> {
  const open = await services.sight.open(user);
  const hits = result.answer.hits.slice(0, mostHits);
  const about = result.answer.hits.map((hit) => hit.person.id);
  const veiled = await services.sight.veil(
    user,
    {
      hits: hits.map(
        (hit): Hit => ({
          handle: services.keys.handle(hit.person.id),
          says: services.sight.called(hit.person, open.has(hit.person.id)),
          open: open.has(hit.person.id),
          stage: hit.person.stage,
          own: hit.own,
          bits: hit.bits,
          ...(hit.samePerson ? { samePerson: hit.samePerson.probability } : {}),
          values: hit.values,
          passages: hit.passages
            .slice(0, mostPassages)
            .map(({ text, otherText, similarity, words, people, bits: weight }) => ({
              text,
              otherText,
              similarity,
              words,
              people,
              bits: weight,
            })),
        }),
      ),
      signals: result.signals.map((signal) => ({
        detection: signal.detection,
        title: signal.title,
        says: signal.says,
        why: signal.why,
        innocent: signal.innocent,
        next: signal.next,
        ...(signal.explained ? { explained: signal.explained.reason } : {}),
        evidence: signal.evidence,
      })),
    },
    about,
  );
  const { document } = result;
  return {
    ...(result.file.problem ? { problem: result.file.problem } : {}),
    wordless: document !== undefined && (document.text.match(/\p{L}{2,}/gu)?.length ?? 0) < fewestWords,
    ...(result.name ? { name: result.name } : {}),
    format: result.file.format,
    bytes,
    compared: result.compared,
    ...(document
      ? { document: { ...document, claims: document.claims as unknown as Record<string, string>[] } }
      : {}),
    ...veiled,
    more: result.answer.hits.length - hits.length,
    common: result.answer.common,
    questions: result.questions.map(({ id, kind, question, why, settles, never }) => ({
      id,
      kind,
      question,
      why,
      settles,
      never,
    })),
  };
}
