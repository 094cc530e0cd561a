/** Merging and splitting cases, and undoing it for 30 days. See `scope.ts`: nothing is moved, so nothing is lost. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { and, eq, inArray } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import {
  caseDecisions,
  caseFrozen,
  caseMembers,
  caseMerges,
  casePeople,
  caseSplits,
  cases,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { change, changed, done, ofCase } from './common.js';
import { type CaseRow, caseFor, membersOf } from './members.js';
import { oneOf } from './names.js';
import { begin, nextNumber } from './open.js';
import { happened, narrowed, peopleOf, sourcesOf } from './scope.js';
import { answerLinked } from './sweep.js';
import * as words from './words.js';

export const undoDays = 30;
export const undoUntil = (at: Date) => new Date(at.getTime() + undoDays * 86_400_000);

export function joinRoutes(router: Router): void {
  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/merges',
      summary: 'Ask that a case becomes part of another; the other lead must agree',
      audit: 'case.merge-ask',
      params: ofCase,
      body: words.mergeBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['lead'] });
      if (body.into === row.number)
        throw new Refusal(400, 'SAME_CASE', 'into: two different cases are needed');
      const id = randomUUID();
      // Whether there is such a case is not told here: only its own leads hear of the wish.
      await db.insert(caseMerges).values({
        id,
        from: row.id,
        into: body.into,
        reason: body.reason,
        askedBy: user.id,
        askedAt: services.now(),
        state: 'asked',
        members: [],
        people: [],
      });
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'merge.asked',
        says: `Asked that this becomes part of case ${body.into}: ${body.reason}`,
      });
      note(`case:${row.id}`, { into: body.into });
      services.live.publish('today');
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/merges/{merge}/answer',
      summary: 'Agree that another case becomes part of this one, or not',
      audit: 'case.merge-answer',
      params: ofCase.extend({ merge: z.string() }),
      body: words.answerWishBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['lead'] });
      const merge = await mergeInto(db, row, params.merge, 'asked');
      if (!merge) throw notFound('the wish');
      const from = await otherCase(db, merge.from);
      const at = services.now();
      const answered = { answeredBy: user.id, answeredAt: at };
      if (!body.yes) {
        await db
          .update(caseMerges)
          .set({ state: 'refused', ...answered })
          .where(eq(caseMerges.id, merge.id));
        await happened(db, {
          case: from.id,
          by: user.id,
          at,
          kind: 'merge.refused',
          says: `The lead of case ${row.number} does not want it to become part of that: ${body.reason}`,
        });
      } else {
        if (from.state !== 'open')
          throw new Refusal(409, 'CASE_NOT_OPEN', 'the other case is no longer open');
        const mine = await membersOf(db, row.id);
        const joining = (await membersOf(db, from.id)).filter(
          (member) => !mine.some((one) => one.user === member.user),
        );
        const people = await peopleOf(db, row.id);
        const coming = (await peopleOf(db, from.id)).filter((person) => !people.includes(person));
        if (joining.length > 0)
          await db
            .insert(caseMembers)
            .values(joining.map((member) => ({ ...member, case: row.id, addedBy: user.id, addedAt: at })));
        if (coming.length > 0)
          await db.insert(casePeople).values(
            coming.map((person) => ({
              case: row.id,
              person,
              why: `came with case ${from.number}`,
              addedBy: user.id,
              addedAt: at,
            })),
          );
        await db.update(cases).set({ state: 'merged', mergedInto: row.id }).where(eq(cases.id, from.id));
        await db
          .update(caseMerges)
          .set({
            state: 'merged',
            ...answered,
            members: joining.map((member) => member.user),
            people: coming,
          })
          .where(eq(caseMerges.id, merge.id));
        await happened(db, {
          case: row.id,
          by: user.id,
          at,
          kind: 'case.merged',
          says: `Case ${from.number} became part of this one: ${body.reason}`,
        });
        await happened(db, {
          case: from.id,
          by: user.id,
          at,
          kind: 'case.merged',
          says: `Became part of case ${row.number}: ${body.reason}`,
        });
      }
      note(`case:${row.id}`, { from: `case:${from.id}`, yes: body.yes });
      for (const topic of ['today', 'people']) services.live.publish(topic);
      changed(services, row.id);
      changed(services, from.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/merges/{merge}/undoing',
      summary: 'Undo a merge: the other case is a case of its own again',
      audit: 'case.merge-undo',
      params: ofCase.extend({ merge: z.string() }),
      body: words.reasonBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['lead'] });
      const merge = await mergeInto(db, row, params.merge, 'merged');
      if (!merge?.answeredAt) throw notFound('the merge');
      withinUndo(merge.answeredAt, services.now());
      const from = await otherCase(db, merge.from);
      if (from.state !== 'merged' || from.mergedInto !== row.id)
        throw new Refusal(409, 'CASE_CHANGED', 'the other case is no longer part of this one');
      const at = services.now();
      await db.update(cases).set({ state: 'open', mergedInto: null }).where(eq(cases.id, from.id));
      const leads = (await membersOf(db, row.id)).filter((member) => member.part === 'lead');
      const leaving = leads.every((lead) => merge.members.includes(lead.user))
        ? merge.members.filter((one) => one !== user.id)
        : merge.members;
      if (leaving.length > 0)
        await db
          .delete(caseMembers)
          .where(and(eq(caseMembers.case, row.id), inArray(caseMembers.user, leaving)));
      // Who has evidence of their own here by now stays in this case too.
      const kept = new Set([
        ...(await own(db, caseFrozen, row.id)),
        ...(await own(db, caseDecisions, row.id)),
      ]);
      const going = merge.people.filter((person) => !kept.has(person));
      if (going.length > 0)
        await db
          .delete(casePeople)
          .where(and(eq(casePeople.case, row.id), inArray(casePeople.person, going)));
      await db
        .update(caseMerges)
        .set({ state: 'undone', undoneBy: user.id, undoneAt: at })
        .where(eq(caseMerges.id, merge.id));
      for (const id of [row.id, from.id])
        await happened(db, {
          case: id,
          by: user.id,
          at,
          kind: 'merge.undone',
          says: `Cases ${from.number} and ${row.number} are apart again: ${body.reason}`,
        });
      note(`case:${row.id}`, { from: `case:${from.id}` });
      services.live.publish('people');
      changed(services, row.id);
      changed(services, from.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/splits',
      summary: 'Split people off into a case of their own',
      audit: 'case.split',
      params: ofCase,
      body: words.splitBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['lead'] });
      const people = await peopleOf(db, row.id);
      const going = [...new Set(body.people)].map((handle) => oneOf(services, people, handle));
      if (going.length >= people.length)
        throw new Refusal(409, 'NOBODY_LEFT', 'leave at least one person in the case');
      const at = services.now();
      const to: CaseRow = {
        ...row,
        id: randomUUID(),
        number: await nextNumber(db),
        title: body.title,
        about: 'person',
        openedBy: user.id,
        openedAt: at,
        approvedBy: null,
        approvedAt: null,
        reason: body.reason,
        ring: null,
        vendor: null,
      };
      await db.insert(cases).values(to);
      await db.insert(caseMembers).values(
        (await membersOf(db, row.id)).map((member) => ({
          ...member,
          case: to.id,
          addedBy: user.id,
          addedAt: at,
        })),
      );
      await db.insert(caseSplits).values({
        id: randomUUID(),
        from: row.id,
        to: to.id,
        people: going,
        sources: narrowed(await sourcesOf(db, row.id), going, at.toISOString()),
        reason: body.reason,
        by: user.id,
        at,
      });
      await db.delete(casePeople).where(and(eq(casePeople.case, row.id), inArray(casePeople.person, going)));
      await db.insert(casePeople).values(
        going.map((person) => ({
          case: to.id,
          person,
          why: `split off from case ${row.number}`,
          addedBy: user.id,
          addedAt: at,
        })),
      );
      // Each is linked to the others still; that they are looked at elsewhere is the answer.
      const asides = [
        ...going.map((person) => ({ case: row.id, person, number: to.number })),
        ...people
          .filter((person) => !going.includes(person))
          .map((person) => ({ case: to.id, person, number: row.number })),
      ];
      for (const aside of asides)
        await answerLinked(db, aside.case, aside.person, {
          decision: 'aside',
          reason: `looked at in case ${aside.number}`,
          by: user.id,
          at,
        });
      await begin(db, services, to, going);
      await happened(db, {
        case: row.id,
        by: user.id,
        at,
        kind: 'case.split',
        says: `${going.length} ${going.length === 1 ? 'person was' : 'people were'} split off into case ${to.number}: ${body.reason}`,
      });
      await happened(db, {
        case: to.id,
        by: user.id,
        at,
        kind: 'case.split',
        says: `Split off from case ${row.number}: ${body.reason}`,
      });
      note(`case:${row.id}`, { to: `case:${to.id}`, people: body.people });
      changed(services, row.id);
      return { id: to.id };
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/splits/{split}/undoing',
      summary: 'Undo a split: what was split off becomes part of this case',
      audit: 'case.split-undo',
      params: ofCase.extend({ split: z.string() }),
      body: words.reasonBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['lead'] });
      const [split] = await db
        .select()
        .from(caseSplits)
        .where(and(eq(caseSplits.id, params.split), eq(caseSplits.from, row.id)))
        .for('update');
      if (!split || split.undoneAt) throw notFound('the split');
      withinUndo(split.at, services.now());
      const to = await leadOf(db, user, split.to);
      if (to.state !== 'open')
        throw new Refusal(409, 'CASE_NOT_OPEN', 'the case that was split off is no longer open by itself');
      const at = services.now();
      const people = await peopleOf(db, row.id);
      const back = (await peopleOf(db, to.id)).filter((person) => !people.includes(person));
      if (back.length > 0)
        await db.insert(casePeople).values(
          back.map((person) => ({
            case: row.id,
            person,
            why: `came back from case ${to.number}`,
            addedBy: user.id,
            addedAt: at,
          })),
        );
      await db.update(cases).set({ state: 'merged', mergedInto: row.id }).where(eq(cases.id, to.id));
      await db.update(caseSplits).set({ undoneBy: user.id, undoneAt: at }).where(eq(caseSplits.id, split.id));
      for (const id of [row.id, to.id])
        await happened(db, {
          case: id,
          by: user.id,
          at,
          kind: 'split.undone',
          says: `Case ${to.number} is part of case ${row.number} again: ${body.reason}`,
        });
      note(`case:${row.id}`, { to: `case:${to.id}` });
      services.live.publish('people');
      changed(services, row.id);
      changed(services, to.id);
      return done;
    },
  );
}

function withinUndo(at: Date, now: Date): void {
  if (now > undoUntil(at)) throw new Refusal(409, 'TOO_LATE', `this could be undone for ${undoDays} days`);
}

/** A merge into this case; nobody else answers it until the transaction ends. */
async function mergeInto(
  db: Db,
  row: CaseRow,
  id: string,
  state: 'asked' | 'merged',
): Promise<typeof caseMerges.$inferSelect | undefined> {
  const [merge] = await db
    .select()
    .from(caseMerges)
    .where(and(eq(caseMerges.id, id), eq(caseMerges.into, row.number), eq(caseMerges.state, state)))
    .for('update');
  return merge;
}

async function otherCase(db: Db, id: string): Promise<CaseRow> {
  const [row] = await db.select().from(cases).where(eq(cases.id, id)).for('update');
  if (!row) throw notFound('the case');
  return row;
}

async function leadOf(db: Db, user: User, id: string): Promise<CaseRow> {
  const row = await otherCase(db, id);
  const member = (await membersOf(db, id)).find((one) => one.user === user.id);
  if (member?.part !== 'lead') throw new Refusal(403, 'NOT_YOUR_PART', 'this needs a lead of both cases');
  return row;
}

/** People of whom a case holds something itself. */
async function own(db: Db, table: typeof caseFrozen | typeof caseDecisions, id: string): Promise<string[]> {
  const rows = await db
    .select({ person: table.person })
    .from(table as typeof caseFrozen)
    .where(eq(table.case, id));
  return rows.map((row) => row.person);
}
