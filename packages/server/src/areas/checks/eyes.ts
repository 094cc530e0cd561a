import { z } from '@hono/zod-openapi';
import type { CheckForm } from '@rollcall/engine/content/checks.js';
import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { notFound, Refusal } from '../../model/refusal.js';
import { may, type User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import { caseMembers, checks, checkWords } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { formsOf, occasionSays } from './forms.js';
import type { CheckLine } from './words.js';

export type CheckRow = typeof checks.$inferSelect;
export type WordRow = typeof checkWords.$inferSelect;

export const pageSize = 50;
/** At most so many are asked at once by hand. */
export const mostAtOnce = 2_000;
export const checkParam = z.object({ check: z.string().max(60) });
export const personParam = z.object({ person: z.string().max(40) });
export const day = 86_400_000;

/** Whom somebody sees by name, and which cases they are in; asked once a request. */
export interface Eyes {
  user: User;
  open: ReadonlySet<string>;
  cases: readonly string[];
  names: ReadonlyMap<string, string>;
  forms: ReadonlyMap<string, CheckForm>;
  now: Date;
}

export async function eyesOf(user: User, services: Services): Promise<Eyes> {
  const [open, member, accounts, forms] = await Promise.all([
    services.sight.open(user),
    services.store.db.select({ id: caseMembers.case }).from(caseMembers).where(eq(caseMembers.user, user.id)),
    services.accounts.list(),
    formsOf(services),
  ]);
  return {
    user,
    open,
    cases: member.map((row) => row.id),
    names: new Map(accounts.map((account) => [account.id, account.name])),
    forms: new Map(forms.map((form) => [form.id, form])),
    now: services.now(),
  };
}

/** Theirs to do: named, or of the role where nobody is named. */
export const isGiven = (check: CheckRow, user: User) =>
  check.state === 'asked' &&
  (check.assignee ? check.assignee === user.id : user.roles.some((role) => role === check.role));

/** Which word somebody can give now; absent: none, for the reason given. */
export function partOf(
  check: CheckRow,
  form: CheckForm,
  words: readonly WordRow[],
  user: User,
): { part: 'first' | 'second' } | { why: string } {
  if (check.state !== 'asked') return { why: 'it is over' };
  const first = latest(words, 'first');
  const second = latest(words, 'second');
  const mayFirst = isGiven(check, user) && first?.by !== user.id && second?.by !== user.id;
  if (mayFirst && !first) return { part: 'first' };
  const roles: readonly string[] = form.second ?? [];
  const maySecond = user.roles.some((role) => roles.includes(role));
  if (maySecond && first && first.by !== user.id) return { part: 'second' };
  // One's own word can be given anew; of a hold, whoever it is given to can look again until it is let go.
  if (first?.by === user.id) return { part: 'first' };
  if (form.hold && isGiven(check, user) && second?.by !== user.id) return { part: 'first' };
  return {
    why:
      first && second?.by !== user.id && isGiven(check, user)
        ? `a colleague gave the first word; the second is for ${roles.join(', ')}`
        : check.assignee
          ? 'it is given to a colleague'
          : `it is for ${[...(check.role ? [check.role] : []), ...roles].join(', ')}`,
  };
}

export const latest = (words: readonly WordRow[], part: WordRow['part']) =>
  words.filter((word) => word.part === part).sort((a, b) => b.at.getTime() - a.at.getTime())[0];

export const current = (words: readonly WordRow[]) =>
  [latest(words, 'first'), latest(words, 'second')].filter((word) => word !== undefined);

/** A check of a case is there for its members and for whoever does it. */
export function visible(eyes: Eyes): SQL | undefined {
  return or(
    isNull(checks.case),
    eq(checks.assignee, eyes.user.id),
    and(isNull(checks.assignee), inArray(checks.role, [...eyes.user.roles])),
    ...(eyes.cases.length > 0 ? [inArray(checks.case, [...eyes.cases])] : []),
  );
}

export const mineOf = (user: User) =>
  and(
    eq(checks.state, 'asked'),
    or(
      eq(checks.assignee, user.id),
      and(
        isNull(checks.assignee),
        user.roles.length > 0 ? inArray(checks.role, [...user.roles]) : sql`false`,
      ),
    ),
  );

export function lineOf(
  check: CheckRow,
  words: readonly WordRow[],
  eyes: Eyes,
  services: Services,
): CheckLine {
  const form = eyes.forms.get(check.form);
  const row = check.person ? services.results.current()?.row(check.person) : undefined;
  const given = isGiven(check, eyes.user);
  const wantsMine = form ? 'part' in partOf(check, form, words, eyes.user) : false;
  const open = given || wantsMine || eyes.open.has(check.person);
  return {
    id: check.id,
    form: check.form,
    title: form?.title ?? check.form,
    about: check.person
      ? {
          kind: 'person',
          handle: services.keys.handle(check.person),
          says: services.sight.called(row ?? { id: check.person, name: '' }, open),
          open,
          ...(row ? { stage: row.stage } : {}),
        }
      : check.subject
        ? { kind: 'role', says: check.subject, open: true }
        : { kind: 'company', says: 'The company', open: true },
    state: check.state,
    ...(check.outcome ? { outcome: check.outcome } : {}),
    due: check.dueAt.toISOString(),
    late: check.state === 'asked' && check.dueAt < eyes.now,
    by: check.assignee ? (eyes.names.get(check.assignee) ?? 'a colleague who has left') : (check.role ?? ''),
    mine: given,
    hold: form?.hold !== undefined,
    words: current(words).length,
    of: form?.second ? 2 : 1,
    occasion: occasionSays(check.occasion),
    ...(check.doneAt ? { doneAt: check.doneAt.toISOString() } : {}),
    ...(check.expiresAt ? { expiresAt: check.expiresAt.toISOString() } : {}),
  };
}

export async function wordsOf(db: Db, ids: readonly string[]): Promise<Map<string, WordRow[]>> {
  const found = new Map<string, WordRow[]>();
  if (ids.length === 0) return found;
  for (const word of await db
    .select()
    .from(checkWords)
    .where(inArray(checkWords.check, [...ids])))
    found.set(word.check, [...(found.get(word.check) ?? []), word]);
  return found;
}

export function personOf(handle: string, services: Services): PersonRow {
  const row = services.results.current()?.row(handle);
  // A person's own number is no address here: only handles are.
  if (!row || row.handle !== handle) throw notFound('the person');
  return row;
}

export const tell = (services: Services) => {
  for (const topic of ['checks', 'today']) services.live.publish(topic);
};

/** The check, locked until the change is through; as it does not exist for those it is hidden from. */
export async function checkFor(db: Db, id: string, user: User): Promise<CheckRow> {
  const [check] = await db.select().from(checks).where(eq(checks.id, id)).for('update');
  if (!check) throw notFound('the check');
  if (check.case && !isGiven(check, user)) {
    const [member] = await db
      .select({ id: caseMembers.case })
      .from(caseMembers)
      .where(and(eq(caseMembers.case, check.case), eq(caseMembers.user, user.id)));
    if (!member) throw notFound('the check');
  }
  return check;
}

export const subjectOf = (check: Pick<CheckRow, 'person' | 'id'>, services: Services) =>
  check.person ? `person:${services.keys.handle(check.person)}` : `check:${check.id}`;

export function asked(check: CheckRow): void {
  if (check.state !== 'asked')
    throw new Refusal(
      409,
      'CHECK_OVER',
      `this check is ${check.state} already; ask for it again if it is needed`,
    );
}

/** A colleague to whom something can be given. */
export function colleague(
  accounts: readonly (User & { active: boolean })[],
  id: string,
  form: CheckForm,
): void {
  const account = accounts.find((one) => one.id === id && one.active);
  if (!account) throw new Refusal(422, 'NO_COLLEAGUE', 'there is no such colleague here');
  if (
    !may(account.roles, 'checks.record') ||
    !account.roles.some((role) => (form.who as string[]).includes(role))
  )
    throw new Refusal(422, 'NOT_THEIRS', `this check is for ${form.who.join(', ')}`);
}

export const accountsBefore = async (_: unknown, services: Services) => services.accounts.list();
