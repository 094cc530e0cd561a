/** What people decided and the last scan has not seen yet, in words. */
import { type Decision, inForce, readDecisions } from '@rollcall/engine/links/index.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import type { Pending } from './words.js';

export async function pendingDecisions(user: User, services: Services): Promise<Pending[]> {
  const since = services.results.current()?.finishedAt ?? '';
  const decisions = await readDecisions(services.lake);
  const later = decisions.filter((one) => Date.parse(one.time) > (Date.parse(since) || 0));
  const counts = new Set(inForce(decisions).map((one) => one.id));
  const names = new Map((await services.accounts.list()).map((account) => [account.id, account.name]));
  const said = later.slice(-50).map((one) => ({
    decision: one.id,
    time: one.time,
    says: `${inWords(one, services)}${one.kind !== 'undo' && !counts.has(one.id) ? ' (undone)' : ''}`,
    reason: one.reason,
  }));
  const veiled = await services.sight.veil(user, said, []);
  return veiled.map((one, index) => {
    const by = later.slice(-50)[index]?.by ?? '';
    return { ...one, by: names.get(by) ?? by };
  });
}

function inWords(decision: Decision, services: Services): string {
  switch (decision.kind) {
    case 'ring.merge':
      return 'Two rings are one';
    case 'ring.split':
      return `${decision.what.people.map((id) => services.sight.pseudonym(id)).join(', ')}: a ring of their own, or in none`;
    case 'explanation.confirm':
      return `An innocent reason is on record${decision.what.explanation.until ? ` until ${decision.what.explanation.until}` : ''}: ${decision.what.explanation.kind.replaceAll('-', ' ')}`;
    case 'explanation.withdraw':
      return 'An innocent reason was taken back';
    case 'undo':
      return `Decision ${decision.undoes} was undone`;
    default:
      return 'Something was decided';
  }
}

/**
 * Runs a decision of the engine. Its complaints may name people by their numbers, so they are told in other words; what
 * is wrong with the lake is no business of whoever decides.
 */
export async function decided(
  run: () => Promise<Decision>,
  complaint: string,
): Promise<{ decision: number }> {
  try {
    return { decision: (await run()).id };
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    if (error.code === 'LAKE_LOCKED')
      throw new Refusal(503, 'DECISION_BUSY', 'somebody else is deciding just now; try again in a moment');
    if (error.code === 'LAKE_MISSING')
      throw new Refusal(409, 'NO_SCAN_YET', 'nothing can be decided before the first scan has finished');
    if (error.code !== 'ARGUMENT_INVALID') throw error;
    throw new Refusal(409, 'DECISION_REFUSED', complaint);
  }
}
