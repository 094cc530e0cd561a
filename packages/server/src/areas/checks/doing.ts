/** Asking for checks, recording how they went, excusing, giving to another. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { CheckForm } from '@rollcall/engine/content/checks.js';
import { and, eq } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import { caseMembers, casePeople, checks, checkWords } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { dayOf, endOf, newCheck, putDown } from './daily.js';
import { dayAfter } from './draw.js';
import {
  accountsBefore,
  asked,
  type CheckRow,
  checkFor,
  checkParam,
  colleague,
  current,
  day,
  mostAtOnce,
  partOf,
  personOf,
  subjectOf,
  tell,
  type WordRow,
  wordsOf,
} from './eyes.js';
import {
  type Answers,
  evidenceOf,
  formOf,
  formWords,
  type Outcome,
  outcomeOf,
  readAnswers,
  together,
  worthOf,
} from './forms.js';
import {
  askBodySchema,
  askedSchema,
  assignBodySchema,
  cancelBodySchema,
  excuseBodySchema,
  recordBodySchema,
  recordedSchema,
} from './words.js';

export function doRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/checks',
      summary: 'Ask for a check: of one, or of everybody in a situation',
      permission: 'checks.plan',
      audit: 'check.ask',
      body: askBodySchema,
      answer: askedSchema,
      before: accountsBefore,
    },
    async ({ body, user, db, taken, note }, services) => {
      const form = await formOf(body.form, services);
      if (body.assignee) colleague(taken as (User & { active: boolean })[], body.assignee, form);
      if (body.role && !(form.who as string[]).includes(body.role))
        throw new Refusal(422, 'NOT_THEIRS', `this check is for ${form.who.join(', ')}`);
      const today = dayOf(services.now());
      if (body.due && body.due < today) throw new Refusal(422, 'DUE_PAST', 'the day it is due is past');
      const within = form.when.find((when) => when.trigger === 'request')?.within ?? 7;
      const due = endOf(body.due ?? dayAfter(today, within));
      if (body.case) {
        const [member] = await db
          .select({ id: caseMembers.case })
          .from(caseMembers)
          .where(and(eq(caseMembers.case, body.case), eq(caseMembers.user, user.id)));
        if (!member) throw notFound('the case');
      }
      const rest = {
        due,
        askedBy: user.id,
        now: services.now(),
        ...(body.assignee ? { assignee: body.assignee, role: null } : body.role ? { role: body.role } : {}),
        ...(body.case ? { case: body.case } : {}),
      };
      let wanted: ReturnType<typeof newCheck>[];
      if (form.about === 'person') {
        if (body.subject) throw new Refusal(422, 'ABOUT_PERSON', 'this check is about a person');
        if ((body.person === undefined) === (body.everybody === undefined))
          throw new Refusal(422, 'ABOUT_WHOM', 'say of whom: one person, or everybody in a situation');
        const people = body.person ? [personOf(body.person, services)] : situated(body.everybody, services);
        if (people.length === 0) throw new Refusal(422, 'NOBODY', 'nobody is in this situation');
        if (people.length > mostAtOnce)
          throw new Refusal(422, 'TOO_MANY', `this would ask for more than ${mostAtOnce} checks; narrow it`);
        if (body.person && body.case) {
          const [about] = await db
            .select({ id: casePeople.case })
            .from(casePeople)
            .where(and(eq(casePeople.case, body.case), eq(casePeople.person, people[0]?.id ?? '')));
          if (!about) throw new Refusal(422, 'NOT_IN_CASE', 'the case is not about this person');
        }
        // Asked again while the last one is open, it is the same check; afterwards it is a new one.
        const open = new Set(
          (
            await db
              .select({ person: checks.person })
              .from(checks)
              .where(and(eq(checks.form, form.id), eq(checks.state, 'asked')))
          ).map((row) => row.person),
        );
        const fresh = people.filter((row) => !open.has(row.id));
        wanted = fresh.map((row) =>
          newCheck(form, { person: row.id }, { ...rest, occasion: `by-hand:${randomUUID()}` }),
        );
        note(body.person ? `person:${body.person}` : '', {
          form: form.id,
          people: people.length,
          ...(body.everybody ? { everybody: body.everybody } : {}),
        });
        await putDown(db, wanted);
        tell(services);
        return {
          asked: wanted.length,
          already: people.length - wanted.length,
          ...(wanted.length === 1 && wanted[0] ? { id: wanted[0].id } : {}),
        };
      }
      if (body.person || body.everybody)
        throw new Refusal(422, 'NOT_A_PERSON', `this check is about the ${form.about}, not about a person`);
      if (form.about === 'role' && !body.subject)
        throw new Refusal(422, 'WHICH_ROLE', 'say which role it is about');
      wanted = [
        newCheck(form, form.about === 'role' ? { subject: body.subject as string } : {}, {
          ...rest,
          occasion: `by-hand:${randomUUID()}`,
        }),
      ];
      note('', { form: form.id });
      await putDown(db, wanted);
      tell(services);
      return { asked: 1, already: 0, ...(wanted[0] ? { id: wanted[0].id } : {}) };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/checks/{check}/outcome',
      summary: 'Record how a check went, or give the second word',
      permission: 'checks.record',
      audit: 'check.record',
      params: checkParam,
      body: recordBodySchema,
      answer: recordedSchema,
      before: async (_, services) => ({
        accounts: await services.accounts.list(),
        waits: await services.settings.get<Record<string, number>>('checks.waits', {}),
      }),
    },
    async ({ params, body, user, db, taken, note }, services) => {
      const { accounts, waits } = taken as { accounts: User[]; waits: Record<string, number> };
      const check = await checkFor(db, params.check, user);
      asked(check);
      const form = await formOf(check.form, services);
      const before = (await wordsOf(db, [check.id])).get(check.id) ?? [];
      const part = partOf(check, form, before, user);
      if ('why' in part) throw new Refusal(403, 'NOT_YOURS', `not yours to record: ${part.why}`);
      const answers = readAnswers(form, body.answers);
      const now = services.now();
      const word: WordRow = {
        id: randomUUID(),
        check: check.id,
        by: user.id,
        part: part.part,
        at: now,
        answers,
        outcome: outcomeOf(worthOf(form, answers, body.otherWay)),
        otherWay: body.otherWay,
      };
      const from = new Date(check.askedAt.getTime() + (waits[form.id] ?? form.waits ?? 0) * day);
      if (word.outcome === 'success' && now < from)
        throw new Refusal(
          409,
          'COOLING_OFF',
          `this waits until ${from.toISOString().slice(0, 16).replace('T', ' ')} UTC, as many days for everybody; say then that it may go on`,
        );
      await db.insert(checkWords).values(word);
      const words = current([...before.filter((one) => one.part !== part.part), word]);
      const complete = words.length === (form.second ? 2 : 1);
      note(subjectOf(check, services), {
        check: check.id,
        form: form.id,
        part: part.part,
        outcome: word.outcome,
        otherWay: body.otherWay,
      });
      tell(services);
      if (!complete)
        return {
          state: check.state,
          waits: `the word of ${part.part === 'first' ? (form.second ?? []).join(' or ') : form.who.join(' or ')}, from another account`,
        };
      const outcome: Outcome = together(words.map((one) => one.outcome));
      const letGo = form.hold === undefined || outcome === 'success';
      const [first] = words;
      await db
        .update(checks)
        .set({
          state: letGo ? 'done' : 'asked',
          outcome,
          answers: first?.answers ?? answers,
          doneBy: letGo ? user.id : null,
          doneAt: letGo ? now : null,
          expiresAt: letGo ? new Date(now.getTime() + form.days * day) : null,
        })
        .where(eq(checks.id, check.id));
      if (check.person) await intoTheLake(db, check, form, words, accounts, services);
      return letGo
        ? { state: 'done' as const, outcome }
        : { state: 'asked' as const, outcome, waits: 'both words that it may go on' };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/checks/{check}/excuse',
      summary: 'Agree another way; the reason is nobody’s business',
      permission: 'checks.plan',
      audit: 'check.excuse',
      params: checkParam,
      body: excuseBodySchema,
      answer: recordedSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const check = await checkFor(db, params.check, user);
      asked(check);
      const form = await formOf(check.form, services);
      if (form.hold)
        throw new Refusal(
          409,
          'HOLD',
          'what waits for this check is let go by two people’s word; record it as done in another way',
        );
      if (!check.person) throw new Refusal(409, 'NOT_A_PERSON', 'only a person can be excused');
      const now = services.now();
      await db
        .update(checks)
        .set({
          state: 'excused',
          outcome: 'unknown',
          reason: body.otherWay,
          doneBy: user.id,
          doneAt: now,
          expiresAt: new Date(now.getTime() + form.days * day),
        })
        .where(eq(checks.id, check.id));
      const kinds = [...new Set(form.records.flatMap((record) => (record.check ? [record.check] : [])))];
      const rows = kinds.map((kind) => rowOf(check, kind, 'accommodated', now, user));
      if (rows.length > 0)
        await services.intake.recordsLater(db, 'checks', rows, `check:${check.id}:excused`);
      note(subjectOf(check, services), { check: check.id, form: form.id });
      tell(services);
      return { state: 'excused' as const, outcome: 'unknown' as const };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/checks/{check}/cancel',
      summary: 'Take back a check that is not needed',
      permission: 'checks.plan',
      audit: 'check.cancel',
      params: checkParam,
      body: cancelBodySchema,
      answer: recordedSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const check = await checkFor(db, params.check, user);
      asked(check);
      const form = await formOf(check.form, services);
      if (form.hold)
        throw new Refusal(409, 'HOLD', 'a hold is let go by two people’s word, and not cancelled by one');
      await db
        .update(checks)
        .set({ state: 'cancelled', reason: body.reason, doneBy: user.id, doneAt: services.now() })
        .where(eq(checks.id, check.id));
      note(subjectOf(check, services), { check: check.id, form: form.id });
      tell(services);
      return { state: 'cancelled' as const };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/checks/{check}/assign',
      summary: 'Give a check to a colleague or a role',
      permission: 'checks.plan',
      audit: 'check.assign',
      params: checkParam,
      body: assignBodySchema,
      answer: z.object({ done: z.literal(true) }),
      before: accountsBefore,
    },
    async ({ params, body, user, db, taken, note }, services) => {
      const given = body as { assignee?: string; role?: string };
      const check = await checkFor(db, params.check, user);
      asked(check);
      const form = await formOf(check.form, services);
      if (given.assignee) colleague(taken as (User & { active: boolean })[], given.assignee, form);
      else if (!(form.who as string[]).includes(given.role ?? ''))
        throw new Refusal(422, 'NOT_THEIRS', `this check is for ${form.who.join(', ')}`);
      await db
        .update(checks)
        .set({ assignee: given.assignee ?? null, role: given.role ?? null })
        .where(eq(checks.id, check.id));
      note(subjectOf(check, services), { check: check.id, to: given.assignee ?? given.role });
      tell(services);
      return { done: true as const };
    },
  );
}

function _answersSaid(form: CheckForm, answers: Readonly<Record<string, unknown>>) {
  const words = formWords(form);
  return words.fields.flatMap((field) => {
    const value = answers[field.id];
    if (value === undefined) return [];
    const meant = field.choices.find((choice) => choice.value === value)?.means;
    return [{ label: field.label, answer: meant ?? `${String(value)}${field.unit ? ` ${field.unit}` : ''}` }];
  });
}

/** Everybody in a situation; what was found about them is not asked. */
function situated(situation: z.infer<typeof askBodySchema>['everybody'], services: Services): PersonRow[] {
  const same = (a: string | undefined, b: string | undefined) =>
    b === undefined || (a ?? '').trim().toLowerCase() === b.trim().toLowerCase();
  return (services.results.current()?.people ?? []).filter(
    (row) =>
      row.stage === situation?.stage &&
      same(row.engagement, situation.engagement) &&
      same(row.title, situation.title) &&
      same(row.department, situation.department) &&
      (situation.remote === undefined || (row.remote ?? true) === situation.remote),
  );
}

/** One line of the table that docs/recording-checks.md describes. */
const rowOf = (
  check: CheckRow,
  kind: string,
  outcome: string,
  at: Date,
  by: Pick<User, 'name'>,
  note?: string,
) => ({
  employee_id: check.person,
  check: kind,
  date: at.toISOString(),
  outcome,
  by: by.name.replace(/[;\p{Cc}]+/gu, ' '),
  ...(note ? { note } : {}),
});

async function intoTheLake(
  db: Db,
  check: CheckRow,
  form: CheckForm,
  words: readonly WordRow[],
  accounts: readonly Pick<User, 'id' | 'name'>[],
  services: Services,
): Promise<void> {
  const each = evidenceOf(
    form,
    words.map((word) => ({ answers: word.answers as Answers, otherWay: word.otherWay })),
  );
  const rows = each.flatMap((one, index) => {
    const word = words[index] as WordRow;
    const by = accounts.find((account) => account.id === word.by) ?? { name: `account ${word.by}` };
    return one.map((row) => rowOf(check, row.check as string, row.outcome, word.at, by, row.note));
  });
  if (rows.length === 0) return;
  await services.intake.recordsLater(
    db,
    'checks',
    rows,
    `check:${check.id}:${words.map((word) => word.id).join(':')}`,
  );
}
