import { and, eq } from 'drizzle-orm';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { caseMembers, cases } from '../../store/schema.js';
import type { Db } from '../../store/store.js';

export type CaseRow = typeof cases.$inferSelect;
export type Part = 'lead' | 'member' | 'decider';

/** Need to know: a case that is not yours does not exist for you, whatever your role. */
export async function requireMember(user: User, caseId: string, services: Services): Promise<void> {
  const { store } = services;
  const [row] = await store.kept([caseMembers], `member ${user.id} of ${caseId}`, () =>
    store.db
      .select({ user: caseMembers.user })
      .from(caseMembers)
      .where(and(eq(caseMembers.case, caseId), eq(caseMembers.user, user.id))),
  );
  if (!row) throw notFound('the case');
}

/** Whose work in a case is their tasks, and nothing else of it: IT. */
export function isNarrow(user: User): boolean {
  return !user.roles.some((role) => role === 'analyst' || role === 'hr' || role === 'counsel');
}

export interface Asking {
  /** States in which it can be done; `open` unless said. */
  in?: readonly CaseRow['state'][];
  part?: readonly Part[];
  /** Also for those who see their tasks only. */
  narrow?: true;
}

/** The case, where this member may do this now; nobody else changes it until the transaction ends. */
export async function caseFor(
  db: Db,
  user: User,
  caseId: string,
  asking: Asking = {},
): Promise<{ row: CaseRow; part: Part }> {
  const [found] = await db
    .select({ row: cases, part: caseMembers.part })
    .from(cases)
    .innerJoin(caseMembers, and(eq(caseMembers.case, cases.id), eq(caseMembers.user, user.id)))
    .where(eq(cases.id, caseId))
    .for('update', { of: cases });
  if (!found) throw notFound('the case');
  if (!asking.narrow && isNarrow(user))
    throw new Refusal(403, 'TASKS_ONLY', 'your part in this case is its tasks');
  const states = asking.in ?? ['open'];
  if (!states.includes(found.row.state))
    throw new Refusal(
      409,
      `CASE_${found.row.state.toUpperCase()}`,
      found.row.state === 'asked'
        ? 'this case waits for a second person who agrees that it is opened'
        : found.row.state === 'merged'
          ? 'this case is part of another now; go on there'
          : `this case is ${found.row.state}`,
    );
  if (asking.part && !asking.part.includes(found.part))
    throw new Refusal(403, 'NOT_YOUR_PART', `this is for the ${asking.part.join(' or the ')} of the case`);
  return found;
}

export function leadOrCounsel(part: string, roles: readonly string[]): void {
  if (part !== 'lead' && !roles.includes('counsel'))
    throw new Refusal(403, 'NOT_YOUR_PART', 'this is for the lead of the case, or its counsel');
}

export type MemberRow = typeof caseMembers.$inferSelect;

export async function membersOf(db: Db, id: string): Promise<MemberRow[]> {
  return db.select().from(caseMembers).where(eq(caseMembers.case, id));
}
