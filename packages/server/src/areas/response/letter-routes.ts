/** Reports and letters: filled with what the case holds, edited by people, released by counsel. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { caseDecisions, responseLetters, responseTexts } from '../../store/schema.js';
import { caseFor } from '../cases/members.js';
import { happened, held, sourcesOf } from '../cases/scope.js';
import { playbooksOf } from '../playbooks.js';
import {
  attachment,
  changed,
  colleagues,
  latestFirst,
  letterHead,
  letterOf,
  ofCase,
  personOf,
  readable,
  seesOpenly,
  sha256,
  words,
} from './common.js';
import { written } from './letters.js';
import { reachOf } from './reach.js';
import { letterSchema } from './words.js';

export function letterRoutes(router: Router): void {
  const ofLetter = ofCase.extend({ letter: z.string().max(100) });

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/reports',
      summary: 'Begin a report, letter, memo or form, filled in with what the case holds',
      permission: 'cases.work',
      needs: 'case',
      audit: 'report.begin',
      params: ofCase,
      body: z.object({ person: z.string().max(40), template: z.string().max(60) }),
      answer: z.object({ id: z.string() }),
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const person = await personOf(db, services, params.case, body.person);
      const { letters } = await playbooksOf(services);
      const letter = letters.find(({ id }) => id === body.template);
      if (!letter) throw notFound('the template');
      const snapshot = services.results.current();
      const [verdict] = latestFirst(await held(db, caseDecisions, await sourcesOf(db, row.id))).filter(
        (one) => one.kind === 'verdict' && one.person === person.id,
      );
      const text = await written(services, letter, {
        number: row.number,
        openedAt: row.openedAt,
        ...(verdict ? { verdict: verdict.what } : {}),
        person,
        result: await snapshot?.person(person.id),
        reach: await reachOf(services, person),
      });
      const id = randomUUID();
      const at = services.now();
      await db.insert(responseLetters).values({
        id,
        case: row.id,
        person: person.id,
        template: letter.id,
        title: letter.title,
        counsel: letter.counsel ? 'yes' : 'no',
        by: user.id,
        at,
      });
      await db.insert(responseTexts).values({ letter: id, version: 1, text, by: user.id, at });
      note(`case:${row.id}`, { person: person.handle, report: id, template: letter.id });
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/reports/{letter}',
      summary: 'A report or letter',
      permission: 'cases.view',
      needs: 'case',
      audit: 'report.view',
      params: ofLetter,
      answer: letterSchema,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable });
      const { row, version, text } = await letterOf(db, params.case, params.letter);
      const { letters } = await playbooksOf(services);
      note(`person:${services.keys.handle(row.person)}`, { case: params.case });
      const open = await seesOpenly(services, user, row.person);
      return {
        ...letterHead(row, services.keys.handle, await colleagues(services), letters),
        version,
        text: open ? text : await services.sight.veil(user, text, [row.person]),
      };
    },
  );

  router.add(
    {
      method: 'put',
      path: '/cases/{case}/reports/{letter}',
      summary: 'Save the text of a report or letter; earlier versions are kept',
      permission: 'cases.work',
      needs: 'case',
      audit: 'report.save',
      params: ofLetter,
      body: z.object({
        text: z.string().min(1).max(200_000),
        /** The version it was made from. */
        version: z.number().int(),
      }),
      answer: z.object({ version: z.number() }),
    },
    async ({ params, body, user, db, note }, services) => {
      await caseFor(db, user, params.case);
      const { row, version } = await letterOf(db, params.case, params.letter);
      if (row.releasedAt) throw new Refusal(409, 'RELEASED', 'it was released; begin a new one');
      if (body.version !== version)
        throw new Refusal(409, 'CHANGED_SINCE', 'somebody saved another version since; read that first');
      await db
        .insert(responseTexts)
        .values({ letter: row.id, version: version + 1, text: body.text, by: user.id, at: services.now() });
      note(`case:${params.case}`, { report: row.id, version: version + 1 });
      changed(services, params.case);
      return { version: version + 1 };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/reports/{letter}/release',
      summary: 'Release a text, as counsel: it may leave the house',
      permission: 'cases.decide',
      needs: 'case',
      audit: 'report.release',
      params: ofLetter,
      body: z.object({
        /** The version that was read. */
        version: z.number().int(),
      }),
      answer: z.object({ sha256: z.string() }),
    },
    async ({ params, body, user, db, note }, services) => {
      await caseFor(db, user, params.case);
      if (!user.roles.includes('counsel')) throw new Refusal(403, 'COUNSEL_ONLY', 'counsel releases');
      const { row, version, text } = await letterOf(db, params.case, params.letter);
      if (row.releasedAt) throw new Refusal(409, 'RELEASED', 'it was released already');
      if (body.version !== version)
        throw new Refusal(409, 'CHANGED_SINCE', 'somebody saved another version since; read that first');
      const hash = sha256(text);
      const at = services.now();
      await db
        .update(responseLetters)
        .set({ releasedBy: user.id, releasedAt: at, releasedSha256: hash })
        .where(eq(responseLetters.id, row.id));
      await happened(db, {
        case: params.case,
        person: row.person,
        by: user.id,
        at,
        kind: 'report.released',
        says: `Counsel released “${row.title}”; SHA-256 ${hash}.`,
      });
      note(`case:${params.case}`, { report: row.id, sha256: hash });
      changed(services, params.case);
      return { sha256: hash };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/reports/{letter}/filed',
      summary: 'Record that it was filed or sent: day, way and number',
      permission: 'cases.work',
      needs: 'case',
      audit: 'report.filed',
      params: ofLetter,
      body: z.object({ says: words(5, 500) }),
      answer: z.object({ done: z.literal(true) }),
    },
    async ({ params, body, user, db, note }, services) => {
      await caseFor(db, user, params.case);
      const { row } = await letterOf(db, params.case, params.letter);
      if (row.counsel === 'yes' && !row.releasedAt)
        throw new Refusal(409, 'NOT_RELEASED', 'counsel has not released it');
      const at = services.now();
      await db
        .update(responseLetters)
        .set({ filed: body.says, filedBy: user.id, filedAt: at })
        .where(eq(responseLetters.id, row.id));
      await happened(db, {
        case: params.case,
        person: row.person,
        by: user.id,
        at,
        kind: 'report.filed',
        says: `“${row.title}” was filed or sent: ${body.says}`,
      });
      note(`case:${params.case}`, { report: row.id });
      changed(services, params.case);
      return { done: true as const };
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/reports/{letter}/text',
      summary: 'The released text as a file',
      permission: 'cases.view',
      needs: 'case',
      audit: 'report.take',
      params: ofLetter,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable });
      const { row, text } = await letterOf(db, params.case, params.letter);
      if (row.counsel === 'yes' && !row.releasedAt)
        throw new Refusal(409, 'NOT_RELEASED', 'counsel has not released it');
      if (!(await seesOpenly(services, user, row.person)))
        throw new Refusal(403, 'VEILED', 'you do not see this person by name, and the text names them');
      note(`person:${services.keys.handle(row.person)}`, { case: params.case, report: row.id });
      return attachment(Buffer.from(text, 'utf8'), `${row.template}.txt`, 'text/plain; charset=utf-8');
    },
  );
}
