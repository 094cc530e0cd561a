/** What is done once somebody is looked into: what they could reach, closing it, letters, and the sealed evidence. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '@hono/zod-openapi';
import { version } from '@rollcall/engine';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { canonical } from '../../audit/audit.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import {
  caseDecisions,
  caseMembers,
  cases,
  responseBundles,
  responseLetters,
  responseMarks,
  responsePlans,
  responseReach,
  responseTabletops,
  responseTexts,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import type { Area, Waiting } from '../area.js';
import { type CaseRow, caseFor, isNarrow } from '../cases/members.js';
import { namesFor, oneOf } from '../cases/names.js';
import { happened, held, peopleOf, type Source, sourcesOf } from '../cases/scope.js';
import { buildBundle } from './bundle/build.js';
import { gather } from './bundle/gather.js';
import { fingerprintOf, verifyBundle } from './bundle/verify.js';
import { setupOf, stage, windowOf } from './containment.js';
import { playbooksOf } from './content.js';
import { written } from './letters.js';
import { reachOf, shownOf } from './reach.js';
import {
  bundleSchema,
  frozenReachSchema,
  letterSchema,
  type PlanItem,
  planSchema,
  playbookSchema,
  reachSchema,
  responseSchema,
  tabletopSchema,
} from './words.js';

const ofCase = z.object({ case: z.string().max(100) });
const ofPerson = ofCase.extend({ person: z.string().max(40) });
const words = (least: number, most: number) => z.string().trim().min(least).max(most);
const aDay = z.iso.date();

/** Reading is possible while it is open and after; nobody is looked at before a case is opened. */
const readable: readonly CaseRow['state'][] = ['open', 'closed', 'merged'];

export const area: Area = {
  name: 'response',
  routes(router) {
    playbookRoutes(router);
    reachRoutes(router);
    planRoutes(router);
    letterRoutes(router);
    bundleRoutes(router);
  },
  waiting,
};

function playbookRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/playbooks',
      summary: 'The playbooks',
      permission: 'cases.view',
      answer: z.array(playbookSchema),
    },
    async (_, services) =>
      (await playbooksOf(services)).playbooks.map(({ id, title, for: kinds, why, also, steps }) => ({
        id,
        title,
        for: kinds,
        why,
        also,
        steps: steps.map(({ letter, ...step }) => ({ ...step, ...(letter ? { letter } : {}) })),
      })),
  );

  router.add(
    {
      method: 'get',
      path: '/tabletops',
      summary: 'Exercises that were held, the latest first',
      permission: 'cases.view',
      answer: z.array(tabletopSchema),
    },
    async ({ db }, services) => {
      const who = await colleagues(services);
      const rows = await db
        .select()
        .from(responseTabletops)
        .orderBy(desc(responseTabletops.held), desc(responseTabletops.at));
      return rows.map((row) => ({ ...row, by: who(row.by), at: row.at.toISOString() }));
    },
  );

  router.add(
    {
      method: 'post',
      path: '/tabletops',
      summary: 'Record an exercise',
      permission: 'cases.work',
      audit: 'tabletop.record',
      body: z.object({
        playbook: z.string(),
        held: aDay,
        took: words(5, 1000),
        found: words(5, 5000),
        next: aDay,
      }),
      answer: z.object({ id: z.string() }),
    },
    async ({ body, user, db, note }, services) => {
      const { playbooks } = await playbooksOf(services);
      if (!playbooks.some(({ id }) => id === body.playbook))
        throw new Refusal(422, 'PLAYBOOK_UNKNOWN', 'there is no such playbook');
      if (body.held > services.now().toISOString().slice(0, 10))
        throw new Refusal(422, 'DAY_AHEAD', 'an exercise is recorded once it was held');
      if (body.next <= body.held)
        throw new Refusal(422, 'DAY_ORDER', 'the next exercise comes after this one');
      const id = randomUUID();
      await db.insert(responseTabletops).values({ id, ...body, by: user.id, at: services.now() });
      note(`playbook:${body.playbook}`);
      services.live.publish('tabletops');
      return { id };
    },
  );
}

function reachRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/cases/{case}/response',
      summary: 'Frozen reach, containment lists, letters and bundles of a case',
      permission: 'cases.view',
      needs: 'case',
      audit: 'response.view',
      params: ofCase,
      answer: responseSchema,
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: readable, narrow: true });
      const narrow = isNarrow(user);
      const sources = await sourcesOf(db, row.id);
      const people = await peopleOf(db, row.id);
      const name = await namesFor(user, services);
      const who = await colleagues(services);
      const { letters: templates } = await playbooksOf(services);
      const handle = services.keys.handle;
      const plans = latestFirst(await held(db, responsePlans, sources));
      const marks = plans.length
        ? await db
            .select()
            .from(responseMarks)
            .where(
              inArray(
                responseMarks.plan,
                plans.map(({ id }) => id),
              ),
            )
            .orderBy(responseMarks.turn)
        : [];
      note(`case:${row.id}`, { people: people.map(handle) });
      return {
        people: people.map(name),
        playbook: row.playbook,
        frozen: latestFirst(await held(db, responseReach, sources)).map((one) =>
          frozenView(one, handle, who),
        ),
        plans: plans.map((plan) => {
          const { says, open } = windowOf(
            plan.items as unknown as PlanItem[],
            marks.filter((mark) => mark.plan === plan.id),
          );
          return { id: plan.id, person: handle(plan.person), at: plan.at.toISOString(), open, window: says };
        }),
        letters: narrow
          ? []
          : (await lettersOf(db, sources)).map(({ row: letter, version }) => ({
              ...letterHead(letter, handle, who, templates),
              version,
            })),
        templates: narrow
          ? []
          : templates.map(({ id, title, for: use, kind, counsel, identity }) => ({
              id,
              title,
              for: use,
              kind,
              counsel,
              identity,
            })),
        bundles: narrow
          ? []
          : latestFirst(await held(db, responseBundles, sources)).map((one) => bundleView(one, who)),
        fingerprint: fingerprintOf(services.keys.publicKey()),
      };
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/reach/{person}',
      summary: 'What a person of the case could reach and did, from the last scan',
      permission: 'cases.view',
      needs: 'case',
      audit: 'reach.view',
      params: ofPerson,
      answer: reachSchema,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable, narrow: true });
      const person = await personOf(db, services, params.case, params.person);
      note(`person:${person.handle}`, { case: params.case });
      const { person: handle, ...rest } = shownOf(await reachOf(services, person));
      return { person: handle, ...(await services.sight.veil(user, rest, [person.id])) };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/reach/{person}/freeze',
      summary: 'Freeze what they could reach into the case',
      permission: 'cases.work',
      needs: 'case',
      audit: 'reach.freeze',
      params: ofPerson,
      answer: frozenReachSchema,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case);
      const person = await personOf(db, services, params.case, params.person);
      const reach = await reachOf(services, person);
      const json = canonical({ ...shownOf(reach), networks: reach.networks });
      const row = {
        id: randomUUID(),
        case: params.case,
        person: person.id,
        asOf: reach.asOf,
        json,
        sha256: sha256(json),
        by: user.id,
        at: services.now(),
      };
      await db.insert(responseReach).values(row);
      await happened(db, {
        case: params.case,
        person: person.id,
        by: user.id,
        at: row.at,
        kind: 'reach.frozen',
        says: `What they could reach and did was frozen; SHA-256 ${row.sha256}.`,
      });
      note(`case:${params.case}`, { person: person.handle, frozen: row.id, sha256: row.sha256 });
      changed(services, params.case);
      return frozenView(row, services.keys.handle, await colleagues(services));
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/frozen-reach/{frozen}',
      summary: 'What was frozen of their reach',
      permission: 'cases.view',
      needs: 'case',
      audit: 'reach.view',
      params: ofCase.extend({ frozen: z.string().max(100) }),
      answer: frozenReachSchema.extend({ reach: reachSchema }),
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable });
      const row = (await held(db, responseReach, await sourcesOf(db, params.case))).find(
        ({ id }) => id === params.frozen,
      );
      if (!row) throw notFound('what was frozen');
      note(`person:${services.keys.handle(row.person)}`, { case: params.case });
      const reach = reachSchema.parse(JSON.parse(row.json));
      const { person: handle, ...rest } = reach;
      return {
        ...frozenView(row, services.keys.handle, await colleagues(services)),
        reach: { person: handle, ...(await services.sight.veil(user, rest, [row.person])) },
      };
    },
  );
}

function planRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/cases/{case}/plans',
      summary: 'Stage a containment list for a person, from what they could reach',
      permission: 'cases.work',
      needs: 'case',
      audit: 'containment.stage',
      params: ofCase,
      body: z.object({ person: z.string().max(40) }),
      answer: z.object({ id: z.string(), items: z.number() }),
    },
    async ({ params, body, user, db, note }, services) => {
      await caseFor(db, user, params.case, { narrow: true });
      const person = await personOf(db, services, params.case, body.person);
      const { containment } = await playbooksOf(services);
      const reach = await reachOf(services, person);
      const at = services.now();
      const items = stage(containment, reach, at.toISOString());
      const id = randomUUID();
      await db.insert(responsePlans).values({
        id,
        case: params.case,
        person: person.id,
        asOf: reach.asOf,
        items: items as unknown as Record<string, unknown>[],
        by: user.id,
        at,
      });
      await happened(db, {
        case: params.case,
        person: person.id,
        by: user.id,
        at,
        kind: 'containment.staged',
        says: `A containment list of ${items.length} lines was staged. Nothing of it is carried out by Rollcall.`,
      });
      note(`case:${params.case}`, { person: person.handle, plan: id });
      changed(services, params.case);
      return { id, items: items.length };
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/plans/{plan}',
      summary: 'A containment list, with commands to copy and what is done',
      permission: 'cases.view',
      needs: 'case',
      audit: 'containment.view',
      params: ofCase.extend({ plan: z.string().max(100) }),
      answer: planSchema,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable, narrow: true });
      const plan = await planOf(db, params.case, params.plan);
      const { containment } = await playbooksOf(services);
      const who = await colleagues(services);
      const marks = await db
        .select()
        .from(responseMarks)
        .where(eq(responseMarks.plan, plan.id))
        .orderBy(responseMarks.turn);
      const items = plan.items as unknown as PlanItem[];
      const { says, open: left } = windowOf(items, marks);
      const handle = services.keys.handle(plan.person);
      note(`person:${handle}`, { case: params.case });
      const open = await seesOpenly(services, user, plan.person);
      return {
        id: plan.id,
        person: handle,
        asOf: plan.asOf,
        by: who(plan.by),
        at: plan.at.toISOString(),
        // A command holds the account as it is called, or is of no use: without the name there is none.
        items: open
          ? items
          : await services.sight.veil(
              user,
              items.map(({ command: _, ...item }) => item),
              [plan.person],
            ),
        setup: open ? setupOf(containment, items) : [],
        marks: marks.map(({ item, state, note: text, by, at }) => ({
          item,
          state,
          note: text,
          by: who(by),
          at: at.toISOString(),
        })),
        window: says,
        open: left,
      };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/plans/{plan}/marks',
      summary: 'Mark a line as done, as not needed, or as open again',
      permission: 'cases.work',
      needs: 'case',
      audit: 'containment.mark',
      params: ofCase.extend({ plan: z.string().max(100) }),
      body: z.object({
        item: z.string().max(40),
        state: z.enum(['done', 'not needed', 'open']),
        note: z.string().trim().max(1000).default(''),
      }),
      answer: z.object({ window: z.string(), open: z.number() }),
    },
    async ({ params, body, user, db, note }, services) => {
      await caseFor(db, user, params.case, { narrow: true });
      const plan = await planOf(db, params.case, params.plan);
      const items = plan.items as unknown as PlanItem[];
      const item = items.find(({ id }) => id === body.item);
      if (!item) throw notFound('the line');
      if (body.state !== 'done' && body.note.length < 5)
        throw new Refusal(422, 'REASON_MISSING', 'say why, in a few words');
      const before = await db
        .select()
        .from(responseMarks)
        .where(eq(responseMarks.plan, plan.id))
        .orderBy(responseMarks.turn);
      const mine = before.filter((mark) => mark.item === item.id);
      const mark = {
        plan: plan.id,
        item: item.id,
        turn: mine.length,
        state: body.state,
        note: body.note,
        by: user.id,
        at: services.now(),
      };
      // What warns comes after what is to be kept: said here, where it matters, and not only in a list.
      if (body.state === 'done' && item.warns) {
        const closed = new Set(before.filter(({ state }) => state !== 'open').map((one) => one.item));
        const open = items.filter(({ phase, id }) => phase === 'preserve' && !closed.has(id)).length;
        if (open > 0)
          throw new Refusal(
            409,
            'KEEP_FIRST',
            `${open} ${open === 1 ? 'line' : 'lines'} under “preserve” ${open === 1 ? 'is' : 'are'} open; mark ${open === 1 ? 'it' : 'them'} as done or as not needed first`,
          );
      }
      await db.insert(responseMarks).values(mark);
      await happened(db, {
        case: params.case,
        person: plan.person,
        by: user.id,
        at: mark.at,
        kind: 'containment.marked',
        says: `${item.product}, ${item.title}: ${body.state}${body.note ? `; ${body.note}` : ''}.`,
      });
      note(`case:${params.case}`, { plan: plan.id, item: item.id, state: body.state });
      changed(services, params.case);
      const { says, open: left } = windowOf(items, [...before, mark]);
      return { window: says, open: left };
    },
  );
}

function letterRoutes(router: Router): void {
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

function bundleRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/cases/{case}/bundles',
      summary: 'Seal the evidence of a case into a bundle',
      permission: 'cases.export',
      needs: 'case',
      audit: 'bundle.seal',
      params: ofCase,
      body: z.object({
        why: words(5, 1000),
        /** Name people who are not in the case. */
        others: z.boolean().default(false),
        /** Say who the people of the case say they are. Not for peers: it may be a victim's identity. */
        identity: z.boolean().default(true),
        /** Files, as they were handed in. Nothing can be left out of those. */
        files: z.boolean().default(true),
      }),
      answer: bundleSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const options = { others: body.others, identity: body.identity, files: body.files && body.identity };
      const at = services.now();
      const material = await gather(db, services, row, options);
      const snapshot = services.results.current();
      const { zip, entries } = buildBundle(material, {
        madeAt: at.toISOString(),
        madeBy: { id: user.id, name: user.name },
        why: body.why,
        software: { version, content: services.content.version },
        asOf: snapshot?.asOf ?? '',
        options,
        sign: services.keys.sign,
        publicKey: services.keys.publicKey(),
      });
      // What we hand out must pass what others will ask of it.
      const checked = verifyBundle(zip, services.keys.publicKey());
      if (!checked.good) {
        services.log.error(
          { problems: checked.problems.length },
          'a bundle did not pass its own verification',
        );
        throw new Refusal(
          503,
          'BUNDLE_BROKEN',
          'the bundle did not pass its own verification, and was not kept',
        );
      }
      const id = randomUUID();
      await keep(services, id, zip);
      const made = {
        id,
        case: row.id,
        sha256: checked.sha256,
        bytes: zip.length,
        entries,
        options,
        why: body.why,
        by: user.id,
        at,
      };
      await db.insert(responseBundles).values(made);
      await happened(db, {
        case: row.id,
        by: user.id,
        at,
        kind: 'bundle.sealed',
        says: `The evidence was sealed into a bundle; SHA-256 ${checked.sha256}. Why: ${body.why}`,
      });
      note(`case:${row.id}`, { bundle: id, sha256: checked.sha256, ...options });
      changed(services, row.id);
      return bundleView(made, await colleagues(services));
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/bundles/{bundle}/file',
      summary: 'A sealed bundle, as a file',
      permission: 'cases.export',
      needs: 'case',
      audit: 'bundle.take',
      params: ofCase.extend({ bundle: z.string().max(100) }),
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: readable });
      const made = (await held(db, responseBundles, await sourcesOf(db, row.id))).find(
        ({ id }) => id === params.bundle,
      );
      if (!made) throw notFound('the bundle');
      const zip = await readFile(bundlePath(services, made.id)).catch(() => undefined);
      if (!zip || createHash('sha256').update(zip).digest('hex') !== made.sha256)
        throw new Refusal(
          409,
          'BUNDLE_DAMAGED',
          'the file on disk is not what was sealed; seal the case again',
        );
      note(`case:${row.id}`, { bundle: made.id, sha256: made.sha256 });
      const day = made.at.toISOString().slice(0, 10);
      return attachment(
        zip,
        `evidence-case-${row.number}-${day}-${made.sha256.slice(0, 8)}.zip`,
        'application/zip',
      );
    },
  );
}

/** Exercises that are overdue wait for counsel; lists that were begun and not finished, for those of the case. */
async function waiting(user: User, services: Services): Promise<Waiting[]> {
  const { db } = services.store;
  const found: Waiting[] = [];
  const now = services.now();
  if (user.roles.includes('counsel')) {
    const [last] = await db.select().from(responseTabletops).orderBy(desc(responseTabletops.held)).limit(1);
    const due = last ? last.next : undefined;
    if (due === undefined || due <= now.toISOString().slice(0, 10))
      found.push({
        kind: 'training',
        id: 'tabletop',
        title: 'Hold a tabletop exercise on extortion',
        why: last
          ? `The last one was on ${last.held}; the next was planned for ${last.next}.`
          : 'None is on record.',
        to: '#/cases',
        ...(due ? { due: `${due}T00:00:00.000Z` } : {}),
        rank: 3,
      });
  }
  if (!user.roles.some((role) => role === 'analyst' || role === 'it' || role === 'hr' || role === 'counsel'))
    return found;
  const mine = await db
    .select({ id: cases.id, number: cases.number })
    .from(cases)
    .innerJoin(caseMembers, and(eq(caseMembers.case, cases.id), eq(caseMembers.user, user.id)))
    .where(eq(cases.state, 'open'));
  if (mine.length === 0) return found;
  const ids = mine.map(({ id }) => id);
  const plans = await db.select().from(responsePlans).where(inArray(responsePlans.case, ids));
  const marks = plans.length
    ? await db
        .select()
        .from(responseMarks)
        .where(
          inArray(
            responseMarks.plan,
            plans.map(({ id }) => id),
          ),
        )
        .orderBy(responseMarks.turn)
    : [];
  for (const plan of plans) {
    const own = marks.filter((mark) => mark.plan === plan.id);
    const items = plan.items as unknown as PlanItem[];
    const latest = new Map(own.map((mark) => [mark.item, mark.state]));
    const once = items.filter(({ phase }) => phase === 'at-once');
    const begun = once.some(({ id }) => latest.get(id) === 'done');
    const left = once.filter(({ id }) => (latest.get(id) ?? 'open') === 'open').length;
    if (!begun || left === 0) continue;
    const number = mine.find(({ id }) => id === plan.case)?.number;
    found.push({
      kind: 'case',
      id: `plan:${plan.id}`,
      title: `Finish closing access in case ${number}`,
      why: `${left} ${left === 1 ? 'line' : 'lines'} of “at once” ${left === 1 ? 'is' : 'are'} still open while others are done.`,
      to: `#/case/${plan.case}?part=response&plan=${plan.id}`,
      rank: 0,
    });
  }
  if (user.roles.includes('counsel'))
    for (const letter of await db.select().from(responseLetters).where(inArray(responseLetters.case, ids)))
      if (letter.counsel === 'yes' && !letter.releasedAt && letter.by !== user.id)
        found.push({
          kind: 'case',
          id: `report:${letter.id}`,
          title: `Read and release “${letter.title}”`,
          why: `A draft in case ${mine.find(({ id }) => id === letter.case)?.number} waits for counsel.`,
          to: `#/case/${letter.case}?part=response&letter=${letter.id}`,
          rank: 2,
        });
  return found;
}

function changed(services: Services, id: string): void {
  services.live.publish(`case:${id}`);
}

async function colleagues(services: Services): Promise<(id: string) => string> {
  const names = new Map((await services.accounts.list()).map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/** Somebody of the case, by handle; who is not of it does not exist here. */
async function personOf(db: Db, services: Services, caseId: string, handle: string): Promise<PersonRow> {
  const id = oneOf(services, await peopleOf(db, caseId), handle);
  const row = services.results.current()?.row(id);
  if (!row)
    throw new Refusal(
      409,
      'NOT_ON_RECORD',
      'the last scan holds nobody of this number; hand in the HR export again',
    );
  return row;
}

/** Whether somebody sees a person by name; of whom the last scan no longer holds, nobody does. */
async function seesOpenly(services: Services, user: User, person: string): Promise<boolean> {
  const row = services.results.current()?.row(person);
  return row !== undefined && (await services.sight.sight(user, row)) === 'open';
}

async function planOf(db: Db, caseId: string, id: string) {
  const plan = (await held(db, responsePlans, await sourcesOf(db, caseId))).find((one) => one.id === id);
  if (!plan) throw notFound('the list');
  return plan;
}

type LetterRow = typeof responseLetters.$inferSelect;

async function lettersOf(
  db: Db,
  sources: readonly Source[],
): Promise<{ row: LetterRow; version: number; text: string }[]> {
  const rows = latestFirst(await held(db, responseLetters, sources));
  if (rows.length === 0) return [];
  const texts = await db
    .select()
    .from(responseTexts)
    .where(
      inArray(
        responseTexts.letter,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(desc(responseTexts.version));
  return rows.map((row) => {
    const last = texts.find(({ letter }) => letter === row.id);
    return { row, version: last?.version ?? 0, text: last?.text ?? '' };
  });
}

async function letterOf(db: Db, caseId: string, id: string) {
  const found = (await lettersOf(db, await sourcesOf(db, caseId))).find(({ row }) => row.id === id);
  if (!found) throw notFound('the report');
  return found;
}

function letterHead(
  row: LetterRow,
  handle: (person: string) => string,
  who: (id: string) => string,
  templates: readonly { id: string; for: string }[],
) {
  return {
    id: row.id,
    template: row.template,
    title: row.title,
    person: handle(row.person),
    for: templates.find(({ id }) => id === row.template)?.for ?? '',
    counsel: row.counsel === 'yes',
    by: who(row.by),
    at: row.at.toISOString(),
    ...(row.releasedBy && row.releasedAt && row.releasedSha256
      ? {
          released: { by: who(row.releasedBy), at: row.releasedAt.toISOString(), sha256: row.releasedSha256 },
        }
      : {}),
    ...(row.filed && row.filedBy && row.filedAt
      ? { filed: { says: row.filed, by: who(row.filedBy), at: row.filedAt.toISOString() } }
      : {}),
  };
}

function frozenView(
  row: typeof responseReach.$inferSelect,
  handle: (person: string) => string,
  who: (id: string) => string,
) {
  const { id, person, asOf, json, sha256: hash, by, at } = row;
  return {
    id,
    person: handle(person),
    asOf,
    sha256: hash,
    intact: sha256(json) === hash,
    by: who(by),
    at: at.toISOString(),
  };
}

function bundleView(row: typeof responseBundles.$inferSelect, who: (id: string) => string) {
  const { id, sha256: hash, bytes, entries, options, why, by, at } = row;
  return { id, sha256: hash, bytes, entries, ...options, why, by: who(by), at: at.toISOString() };
}

const bundlePath = (services: Services, id: string) => join(services.folder, 'bundles', `${id}.zip`);

/** On disk, whole, before anything says that it is there. */
async function keep(services: Services, id: string, zip: Uint8Array): Promise<void> {
  const folder = join(services.folder, 'bundles');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = bundlePath(services, id);
  if (await stat(path).catch(() => undefined)) throw new Error('a bundle of this id exists');
  const file = await open(`${path}.part`, 'wx', 0o600);
  try {
    await file.writeFile(zip);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

function attachment(content: Uint8Array, name: string, type: string): Response {
  return new Response(new Uint8Array(content), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}

function latestFirst<T extends { at: Date; id: string }>(rows: T[]): T[] {
  return rows.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1));
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
