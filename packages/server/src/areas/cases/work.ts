/** What members do in a case from day to day: people, members, hypotheses, comments, the sweep. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { and, eq } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { Services } from '../../model/services.js';
import {
  caseEntries,
  caseHypotheses,
  caseItems,
  caseMarks,
  caseMembers,
  casePeople,
  cases,
  caseTasks,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { change, changed, done, ofCase, pieceOf } from './common.js';
import { type CaseRow, caseFor, leadOrCounsel, type MemberRow, membersOf } from './members.js';
import { namesIn, oneOf, rowOfHandle } from './names.js';
import { checkMembers, put } from './open.js';
import { happened, held, peopleOf, sourcesOf } from './scope.js';
import { answerLinked, linkedTo } from './sweep.js';
import * as words from './words.js';

export function workRoutes(router: Router): void {
  router.add(
    {
      ...change,
      method: 'patch',
      path: '/cases/{case}',
      summary: 'Change the title of a case',
      audit: 'case.rename',
      params: ofCase,
      body: words.changeBody,
      answer: z.object({ warnings: z.array(z.string()) }),
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      await db.update(cases).set({ title: body.title }).where(eq(cases.id, row.id));
      const rows = (await peopleOf(db, row.id)).flatMap(
        (person) => services.results.current()?.row(person) ?? [],
      );
      note(`case:${row.id}`);
      changed(services, row.id);
      return {
        warnings: namesIn(body.title, rows)
          ? ['The title seems to hold a name. It is shown in lists: words that name nobody are better.']
          : [],
      };
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/members',
      summary: 'Add a member, or change the part of one',
      audit: 'case.member-add',
      params: ofCase,
      body: words.memberBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row, part } = await caseFor(db, user, params.case, { in: ['open', 'asked', 'closed'] });
      leadOrCounsel(part, user.roles);
      if (body.part === 'lead' && part !== 'lead')
        throw new Refusal(403, 'NOT_YOUR_PART', 'only a lead makes somebody a lead');
      if (body.part === 'decider' && body.user === row.openedBy)
        throw new Refusal(409, 'OPENER_DECIDES', 'who opened the case does not decide it');
      await checkMembers(services, user, [body]);
      const members = await membersOf(db, row.id);
      const before = members.find((one) => one.user === body.user);
      if (before?.part === 'lead' && body.part !== 'lead') lastLead(members, body.user);
      await db
        .insert(caseMembers)
        .values({
          case: row.id,
          user: body.user,
          part: body.part,
          addedBy: user.id,
          addedAt: services.now(),
        })
        .onConflictDoUpdate({
          target: [caseMembers.case, caseMembers.user],
          set: { part: body.part },
        });
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'member.added',
        says: `${await accountName(services, body.user)} is ${body.part === 'lead' ? 'a lead' : `a ${body.part}`}: ${body.reason}`,
      });
      note(`case:${row.id}`, { user: body.user, part: body.part });
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/members/{user}/removal',
      summary: 'Take a member out: they see nothing more of the case',
      audit: 'case.member-remove',
      params: ofCase.extend({ user: z.string() }),
      body: words.reasonBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row, part } = await caseFor(db, user, params.case, { in: ['open', 'asked', 'closed'] });
      if (params.user !== user.id) leadOrCounsel(part, user.roles);
      const members = await membersOf(db, row.id);
      if (!members.some((one) => one.user === params.user)) throw notFound('the member');
      lastLead(members, params.user);
      await db
        .delete(caseMembers)
        .where(and(eq(caseMembers.case, row.id), eq(caseMembers.user, params.user)));
      await db
        .update(caseTasks)
        .set({ assignee: null })
        .where(
          and(eq(caseTasks.case, row.id), eq(caseTasks.assignee, params.user), eq(caseTasks.state, 'open')),
        );
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'member.removed',
        says: `${await accountName(services, params.user)} is no longer a member: ${body.reason}`,
      });
      note(`case:${row.id}`, { user: params.user });
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/people',
      summary: 'Put a person in a case',
      audit: 'case.person-add',
      params: ofCase,
      body: words.personBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const person = rowOfHandle(services, body.person);
      await putIn(db, services, row, user.id, person.id, body.reason);
      note(`case:${row.id}`, { person: person.handle });
      changed(services, row.id);
      services.live.publish('people');
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/people/{person}/removal',
      summary:
        'Take a person out of a case: what was kept of them stays, their name is no longer shown through it',
      audit: 'case.person-remove',
      params: ofCase.extend({ person: z.string() }),
      body: words.reasonBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row, part } = await caseFor(db, user, params.case);
      leadOrCounsel(part, user.roles);
      const people = await peopleOf(db, row.id);
      const person = oneOf(services, people, params.person);
      if (people.length === 1)
        throw new Refusal(409, 'LAST_PERSON', 'this is the last person of the case; close it instead');
      await db.delete(casePeople).where(and(eq(casePeople.case, row.id), eq(casePeople.person, person)));
      await answerLinked(db, row.id, person, {
        decision: 'aside',
        reason: body.reason,
        by: user.id,
        at: services.now(),
      });
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'person.removed',
        says: `Was taken out of the case: ${body.reason}`,
        person,
      });
      note(`case:${row.id}`, { person: params.person });
      changed(services, row.id);
      services.live.publish('people');
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/freezing',
      summary: 'Freeze what the last scan says of people of a case',
      audit: 'case.freeze-again',
      params: ofCase,
      body: words.freezeBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const people = await peopleOf(db, row.id);
      const chosen = body.people.length > 0 ? body.people.map((one) => oneOf(services, people, one)) : people;
      for (const person of chosen) await put(db, services, user.id, row.id, person);
      note(`case:${row.id}`);
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/hypotheses',
      summary: 'Add a way in which it could have come about',
      audit: 'case.hypothesis-add',
      params: ofCase,
      body: words.hypothesisBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const person = body.person ? oneOf(services, await peopleOf(db, row.id), body.person) : null;
      const id = randomUUID();
      await db.insert(caseHypotheses).values({
        id,
        case: row.id,
        person,
        kind: 'own',
        says: body.says,
        detections: [],
        state: 'open',
        by: user.id,
        at: services.now(),
      });
      note(`case:${row.id}`);
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'patch',
      path: '/cases/{case}/hypotheses/{hypothesis}',
      summary: 'Say what was found about a hypothesis',
      audit: 'case.hypothesis-judge',
      params: ofCase.extend({ hypothesis: z.string() }),
      body: words.judgeBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const one = await pieceOf(db, row, caseHypotheses, params.hypothesis, 'the hypothesis');
      await db
        .update(caseHypotheses)
        .set({
          state: body.state,
          answer: body.answer,
          answeredBy: user.id,
          answeredAt: services.now(),
        })
        .where(eq(caseHypotheses.id, one.id));
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'hypothesis.judged',
        says: `“${one.says}” is ${body.state}: ${body.answer}`,
        ...(one.person ? { person: one.person } : {}),
      });
      note(`case:${row.id}`, { hypothesis: one.id, state: body.state });
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'put',
      path: '/cases/{case}/marks',
      summary: 'Say which way a piece of evidence speaks for a hypothesis',
      audit: 'case.mark',
      params: ofCase,
      body: words.markBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const hypothesis = await pieceOf(db, row, caseHypotheses, body.hypothesis, 'the hypothesis');
      const item = await pieceOf(db, row, caseItems, body.item, 'the evidence');
      const set = { case: row.id, mark: body.mark, by: user.id, at: services.now() };
      await db
        .insert(caseMarks)
        .values({ hypothesis: hypothesis.id, item: item.id, ...set })
        .onConflictDoUpdate({ target: [caseMarks.hypothesis, caseMarks.item], set });
      note(`case:${row.id}`, { ...body });
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/comments',
      summary: 'Write a comment',
      audit: 'case.comment',
      params: ofCase,
      body: words.commentBody,
      answer: z.object({ id: z.number() }),
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { narrow: true, in: ['open', 'closed'] });
      const id = await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'comment',
        says: body.says,
      });
      note(`case:${row.id}`);
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'patch',
      path: '/cases/{case}/comments/{comment}',
      summary: 'Change a comment of your own; what it said before is kept',
      audit: 'case.comment-edit',
      params: ofCase.extend({ comment: z.coerce.number().int() }),
      body: words.commentBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { narrow: true });
      const entries = await held(db, caseEntries, await sourcesOf(db, row.id));
      const comment = entries.find(
        (one) => one.id === params.comment && one.kind === 'comment' && one.by === user.id,
      );
      if (!comment) throw notFound('a comment of yours');
      await db
        .update(caseEntries)
        .set({
          says: body.says,
          before: [...comment.before, { says: comment.says, at: services.now().toISOString() }],
        })
        .where(eq(caseEntries.id, comment.id));
      note(`case:${row.id}`);
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/sweep',
      summary: 'Put linked people in, or set them aside with a reason',
      audit: 'case.sweep',
      params: ofCase,
      body: words.sweepBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const people = await peopleOf(db, row.id);
      const links = await linkedTo(db, services, row, people, await sourcesOf(db, row.id));
      for (const handle of new Set(body.people)) {
        const person = oneOf(
          services,
          links.map((link) => link.person),
          handle,
        );
        await answerLinked(db, row.id, person, {
          decision: body.decision,
          reason: body.reason,
          by: user.id,
          at: services.now(),
        });
        if (body.decision === 'in') await putIn(db, services, row, user.id, person, body.reason);
        else
          await happened(db, {
            case: row.id,
            by: user.id,
            at: services.now(),
            kind: 'sweep.aside',
            says: `Linked, and set aside: ${body.reason}`,
            person,
          });
      }
      note(`case:${row.id}`, { people: body.people, decision: body.decision });
      changed(services, row.id);
      services.live.publish('people');
      return done;
    },
  );
}

/** Adds a person with frozen evidence, if they are not in it yet. */
async function putIn(
  db: Db,
  services: Services,
  row: CaseRow,
  by: string,
  person: string,
  reason: string,
): Promise<void> {
  const added = await db
    .insert(casePeople)
    .values({ case: row.id, person, why: reason, addedBy: by, addedAt: services.now() })
    .onConflictDoNothing()
    .returning({ person: casePeople.person });
  if (added.length === 0) return;
  await happened(db, {
    case: row.id,
    by,
    at: services.now(),
    kind: 'person.added',
    says: `Was put in the case: ${reason}`,
    person,
  });
  await put(db, services, by, row.id, person);
}

function lastLead(members: readonly MemberRow[], user: string): void {
  if (!members.some((one) => one.part === 'lead' && one.user !== user))
    throw new Refusal(409, 'LAST_LEAD', 'a case keeps a lead: name another first');
}

async function accountName(services: Services, id: string): Promise<string> {
  return (await services.accounts.list()).find((one) => one.id === id)?.name ?? 'A former colleague';
}
