import { and, eq } from 'drizzle-orm';
import { notFound } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { caseMembers } from '../../store/schema.js';

/** Need to know: a case that is not yours does not exist for you, whatever your role. */
export async function requireMember(user: User, caseId: string, services: Services): Promise<void> {
  const [row] = await services.store.db
    .select({ user: caseMembers.user })
    .from(caseMembers)
    .where(and(eq(caseMembers.case, caseId), eq(caseMembers.user, user.id)));
  if (!row) throw notFound('the case');
}
