import { z } from '@hono/zod-openapi';
import type { CheckForm } from '@rollcall/engine/content/checks.js';
import { and, asc, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound } from '../../model/refusal.js';
import { may } from '../../model/roles.js';
import { checks } from '../../store/schema.js';
import { continuityOf } from './continuity.js';
import { dayOf } from './daily.js';
import {
  checkParam,
  current,
  eyesOf,
  isGiven,
  lineOf,
  mineOf,
  pageSize,
  partOf,
  personOf,
  personParam,
  subjectOf,
  visible,
  wordsOf,
} from './eyes.js';
import { formOf, formWords, whenSays } from './forms.js';
import { waitsForSecond } from './open.js';
import { checkListSchema, checkPageSchema, continuitySchema } from './words.js';

const listQuery = z.object({
  state: z.enum(['asked', 'done', 'excused', 'cancelled', 'all']).default('asked'),
  whose: z.enum(['mine', 'all']).default('all'),
  late: z.enum(['yes']).optional(),
  holds: z.enum(['yes']).optional(),
  /** Where a colleague gave their word, and the reader's role can give the other. */
  second: z.enum(['yes']).optional(),
  form: z.string().max(60).optional(),
  person: z.string().max(40).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
});

export function readRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/checks',
      summary: 'What is to be checked, by whom, and what was',
      permission: 'checks.view',
      query: listQuery,
      answer: checkListSchema,
    },
    async ({ query, user, db }, services) => {
      const eyes = await eyesOf(user, services);
      const held = [...eyes.forms.values()].filter((form) => form.hold).map((form) => form.id);
      const late = and(eq(checks.state, 'asked'), lt(checks.dueAt, eyes.now));
      const person = query.person ? personOf(query.person, services).id : undefined;
      const where = and(
        visible(eyes),
        query.state === 'all' ? undefined : eq(checks.state, query.state),
        query.whose === 'mine' ? mineOf(user) : undefined,
        query.late ? late : undefined,
        query.holds ? inArray(checks.form, held) : undefined,
        query.second ? waitsForSecond([...eyes.forms.values()], user) : undefined,
        query.form ? eq(checks.form, query.form) : undefined,
        person === undefined ? undefined : eq(checks.person, person),
      );
      const number = (condition: SQL | undefined) =>
        sql<number>`count(*) FILTER (WHERE ${condition ?? sql`true`})`.mapWith(Number);
      const [[count], [totals], rows] = await Promise.all([
        db
          .select({ total: number(undefined) })
          .from(checks)
          .where(where),
        db
          .select({
            asked: number(eq(checks.state, 'asked')),
            mine: number(mineOf(user)),
            late: number(late),
            holds: number(and(eq(checks.state, 'asked'), inArray(checks.form, held))),
            done: number(eq(checks.state, 'done')),
          })
          .from(checks)
          .where(visible(eyes)),
        db
          .select()
          .from(checks)
          .where(where)
          .orderBy(
            ...(query.state === 'asked'
              ? [asc(checks.dueAt), asc(checks.id)]
              : [desc(sql`coalesce(${checks.doneAt}, ${checks.dueAt})`), asc(checks.id)]),
          )
          .limit(pageSize)
          .offset((query.page - 1) * pageSize),
      ]);
      const words = await wordsOf(
        db,
        rows.map((row) => row.id),
      );
      const total = count?.total ?? 0;
      return {
        checks: rows.map((row) => lineOf(row, words.get(row.id) ?? [], eyes, services)),
        total,
        page: query.page,
        pages: Math.max(1, Math.ceil(total / pageSize)),
        counts: totals ?? { asked: 0, mine: 0, late: 0, holds: 0, done: 0 },
        forms: [...eyes.forms.values()].map((form) => ({
          id: form.id,
          title: form.title,
          about: form.about,
          who: form.who,
          controls: form.controls,
          when: form.when.map(whenSays),
          days: form.days,
          hold: form.hold !== undefined,
        })),
      };
    },
  );

  router.add(
    {
      method: 'get',
      path: '/checks/people/{person}/continuity',
      summary: 'Whether the same human being was met from the application to day 30',
      permission: 'checks.view',
      audit: 'person.continuity',
      params: personParam,
      answer: continuitySchema,
    },
    async ({ params, user, db, note }, services) => {
      const row = personOf(params.person, services);
      note(`person:${row.handle}`);
      const eyes = await eyesOf(user, services);
      const mine = await db
        .select()
        .from(checks)
        .where(and(eq(checks.person, row.id), visible(eyes)));
      const words = await wordsOf(
        db,
        mine.map((check) => check.id),
      );
      const signals = (await services.results.current()?.person(row.id))?.signals ?? [];
      const open = eyes.open.has(row.id) || mine.some((check) => isGiven(check, user));
      const chain = continuityOf(
        row,
        mine.map((check) => ({
          ...check,
          yes: current(words.get(check.id) ?? []).filter((word) => word.outcome === 'success').length,
          otherWay: (words.get(check.id) ?? []).some((word) => word.otherWay),
        })),
        may(user.roles, 'people.view') ? signals : [],
        dayOf(services.now()),
      );
      return services.sight.veil(
        user,
        {
          ...chain,
          about: {
            kind: 'person' as const,
            handle: row.handle,
            says: services.sight.called(row, open),
            open,
            stage: row.stage,
          },
        },
        open ? [] : [row.id],
      );
    },
  );

  router.add(
    {
      method: 'get',
      path: '/checks/{check}',
      summary: 'A check with its form and script',
      permission: 'checks.view',
      audit: 'check.view',
      params: checkParam,
      answer: checkPageSchema,
    },
    async ({ params, user, db, note }, services) => {
      const eyes = await eyesOf(user, services);
      const [check] = await db
        .select()
        .from(checks)
        .where(and(eq(checks.id, params.check), visible(eyes)));
      if (!check) throw notFound('the check');
      note(subjectOf(check, services), { check: check.id });
      const form = await formOf(check.form, services);
      const words = (await wordsOf(db, [check.id])).get(check.id) ?? [];
      const part = partOf(check, form, words, user);
      const mayRecord = may(user.roles, 'checks.record');
      const [challenge = '', word, window] = (check.challenge ?? '').split('|');
      const says = form.challenges?.find((one) => one.id === challenge)?.says;
      const line = lineOf(check, words, eyes, services);
      const accounts = may(user.roles, 'checks.plan') ? await services.accounts.list() : [];
      // A colleague's own words: whoever does not see the person reads them without what tells who it is.
      const reason =
        check.reason && check.person && !line.about.open
          ? (await services.sight.veil(user, { says: check.reason }, [check.person])).says
          : (check.reason ?? '');
      // The lot is nobody's business before the call: only whoever makes it reads the request.
      const seesRequest = line.mine || check.state !== 'asked';
      return {
        check: line,
        form: formWords(form),
        ...(says && seesRequest
          ? { challenge: { says, ...(word ? { word } : {}), ...(window ? { window } : {}) } }
          : {}),
        questions: (form.questions ?? []).flatMap((id) => {
          const question = services.content.questions.find((one) => one.id === id);
          return question
            ? [
                {
                  id,
                  title: question.title,
                  asks: question.asks,
                  settles: question.settles,
                  never: question.never,
                },
              ]
            : [];
        }),
        words: words
          .sort((a, b) => a.at.getTime() - b.at.getTime())
          .map((one) => {
            // Each gives their word by themselves: what the other said is shown when both are there.
            const shown = form.hold !== undefined || check.state !== 'asked' || one.by === user.id;
            return {
              by: eyes.names.get(one.by) ?? 'a colleague who has left',
              part: one.part,
              at: one.at.toISOString(),
              otherWay: one.otherWay,
              ...(shown ? { outcome: one.outcome } : {}),
              answers: shown && line.about.open ? answersSaid(form, one.answers) : [],
            };
          }),
        ...(check.reason ? { reason } : {}),
        askedBy: check.askedBy === 'system' ? 'the rules' : (eyes.names.get(check.askedBy) ?? 'a colleague'),
        askedAt: check.askedAt.toISOString(),
        may: {
          record: mayRecord && 'part' in part,
          ...(mayRecord && 'why' in part && check.state === 'asked' ? { why: part.why } : {}),
          plan: may(user.roles, 'checks.plan') && check.state === 'asked',
        },
        colleagues: accounts
          .filter((one) => one.active && one.roles.some((role) => (form.who as string[]).includes(role)))
          .map(({ id, name, roles }) => ({ id, name, roles: [...roles] })),
        ...(check.case && eyes.cases.includes(check.case) ? { case: check.case } : {}),
      };
    },
  );
}

function answersSaid(form: CheckForm, answers: Readonly<Record<string, unknown>>) {
  const words = formWords(form);
  return words.fields.flatMap((field) => {
    const value = answers[field.id];
    if (value === undefined) return [];
    const meant = field.choices.find((choice) => choice.value === value)?.means;
    return [{ label: field.label, answer: meant ?? `${String(value)}${field.unit ? ` ${field.unit}` : ''}` }];
  });
}
