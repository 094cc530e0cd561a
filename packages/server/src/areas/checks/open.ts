import type { CheckForm } from '@rollcall/engine/content/checks.js';
import type { Exposure } from '@rollcall/engine/model/result.js';
import { and, asc, desc, eq, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { may, type User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { checks } from '../../store/schema.js';
import type { Waiting } from '../area.js';
import { day, mineOf } from './eyes.js';
import { formsOf, occasionSays } from './forms.js';

export async function waiting(user: User, services: Services): Promise<Waiting[]> {
  if (!may(user.roles, 'checks.record')) return [];
  const now = services.now();
  const soon = new Date(now.getTime() + 7 * day);
  const forms = new Map((await formsOf(services)).map((form) => [form.id, form]));
  const rows = await services.store.db
    .select()
    .from(checks)
    .where(and(mineOf(user), lt(checks.dueAt, soon)))
    .orderBy(asc(checks.dueAt), asc(checks.id))
    .limit(26);
  const found: Waiting[] = rows.slice(0, 25).map((check) => {
    const form = forms.get(check.form);
    const about = check.person
      ? services.sight.called(
          services.results.current()?.row(check.person) ?? { id: check.person, name: '' },
          true,
        )
      : check.subject || 'the company';
    const late = check.dueAt < now;
    return {
      kind: 'check',
      id: `check:${check.id}`,
      title: `${form?.title ?? check.form}: ${about}`,
      why: `${late ? 'Overdue' : 'Due'}; ${check.assignee ? 'given to you' : `for ${check.role === 'hr' || check.role === 'it' ? check.role.toUpperCase() : check.role}`}, ${occasionSays(check.occasion)}.${
        form?.hold ? ' Something waits for it.' : ''
      }`,
      to: `#/check/${check.id}`,
      due: check.dueAt.toISOString(),
      rank: late ? 1 : form?.hold ? 1 : 2,
    };
  });
  if (rows.length > 25)
    found.push({
      kind: 'check',
      id: 'checks:more',
      title: 'More checks are due',
      why: 'The first 25 stand above.',
      to: '#/checks?whose=mine',
      rank: 2,
    });
  const [second] = await services.store.db
    .select({ waits: sql<number>`count(*)`.mapWith(Number) })
    .from(checks)
    .where(and(waitsForSecond([...forms.values()], user), isNull(checks.case)));
  if (second && second.waits > 0)
    found.push({
      kind: 'check',
      id: 'checks:second',
      title:
        second.waits === 1
          ? 'A check waits for a second person’s word'
          : `${second.waits} checks wait for a second person’s word`,
      why: 'A colleague gave theirs, and your role can give the other.',
      to: '#/checks?second=yes',
      rank: 1,
    });
  return found;
}

/** A colleague gave the first word, nobody the second, and this reader can. */
export function waitsForSecond(forms: readonly CheckForm[], user: User): SQL | undefined {
  const theirs = forms
    .filter((form) => form.second?.some((role) => user.roles.includes(role)))
    .map(({ id }) => id);
  if (theirs.length === 0) return sql`false`;
  const given = (part: string) =>
    sql`EXISTS (SELECT 1 FROM check_words w WHERE w.check_id = ${checks.id} AND w.part = ${part}`;
  return and(
    eq(checks.state, 'asked'),
    inArray(checks.form, theirs),
    sql`${given('first')} AND w.by <> ${user.id})`,
    sql`NOT ${given('second')})`,
  );
}

/** Overdue checks, by form: what lets a false colleague stay is what nobody did. It says nothing of the people meant. */
export async function exposures(services: Services): Promise<Exposure[]> {
  const forms = new Map((await formsOf(services)).map((form) => [form.id, form]));
  const rows = await services.store.db
    .select({
      form: checks.form,
      count: sql<number>`count(*)`.mapWith(Number),
      earliest: sql<string>`min(${checks.dueAt})`,
    })
    .from(checks)
    .where(and(eq(checks.state, 'asked'), lt(checks.dueAt, services.now())))
    .groupBy(checks.form)
    .orderBy(desc(sql`count(*)`), asc(checks.form));
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  if (total === 0) return [];
  return [
    {
      detection: 'checks-overdue',
      title: 'Checks are overdue',
      says: `${total === 1 ? 'One check is' : `${total} checks are`} overdue; the longest since ${String(
        rows.map((row) => new Date(row.earliest).toISOString()).sort()[0],
      ).slice(0, 10)}.`,
      why: 'Checks that are asked for and not done protect nobody, and are no evidence for the many who would pass them.',
      next: ['Give them to somebody who has the time, or take back what is not needed and say why.'],
      sources: ['ROLLCALL'],
      count: total,
      evidence: {
        columns: ['check', 'overdue', 'earliest due'],
        rows: rows.map((row) => [
          forms.get(row.form)?.title ?? row.form,
          row.count,
          new Date(row.earliest).toISOString().slice(0, 10),
        ]),
        total: rows.length,
      },
    },
  ];
}
