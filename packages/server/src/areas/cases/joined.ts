/** Merges and splits as a case shows them. */
import { eq, inArray, or } from 'drizzle-orm';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { caseMerges, caseSplits, cases } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { undoUntil } from './join.js';
import type { CaseRow, Part } from './members.js';
import type { Namer } from './names.js';
import { peopleOf } from './scope.js';
import type * as words from './words.js';

/** Why another case wants to join: written by its lead, read by somebody who may see nobody of it. */
export async function reasonOf(
  db: Db,
  services: Services,
  user: User,
  merge: { from: string; reason: string },
): Promise<string> {
  const { reason } = await services.sight.veil(
    user,
    { reason: merge.reason },
    await peopleOf(db, merge.from),
  );
  return reason;
}

/** Merges and splits, as this case sees them. */
export async function joined(
  db: Db,
  services: Services,
  user: User,
  row: CaseRow,
  part: Part,
  named: Namer,
  base: words.Case,
): Promise<void> {
  const now = services.now();
  const merges = await db
    .select({ merge: caseMerges, from: cases.number, state: cases.state })
    .from(caseMerges)
    .innerJoin(cases, eq(cases.id, caseMerges.from))
    .where(or(eq(caseMerges.from, row.id), eq(caseMerges.into, row.number)));
  const reasons = await Promise.all(merges.map(({ merge }) => reasonOf(db, services, user, merge)));
  base.merges = merges.flatMap(({ merge, from, state }, index) => {
    const ours = merge.from === row.id;
    // That another case wants to join is for the leads; and only while it is there to join.
    if (!ours && merge.state === 'refused') return [];
    if (!ours && merge.state === 'asked' && (part !== 'lead' || state !== 'open')) return [];
    const until = merge.answeredAt && undoUntil(merge.answeredAt);
    return [
      {
        id: merge.id,
        way: ours ? ('to' as const) : ('from' as const),
        other: ours ? merge.into : from,
        state: merge.state,
        reason: ours ? merge.reason : (reasons[index] ?? ''),
        by: merge.askedBy,
        at: merge.askedAt.toISOString(),
        ...(merge.state === 'merged' && until && until > now ? { undoUntil: until.toISOString() } : {}),
      },
    ];
  });
  const splits = await db
    .select()
    .from(caseSplits)
    .where(or(eq(caseSplits.from, row.id), eq(caseSplits.to, row.id)));
  const ids = splits.flatMap((split) => [split.from, split.to]);
  const others = ids.length > 0 ? await db.select().from(cases).where(inArray(cases.id, ids)) : [];
  base.splits = splits.map((split) => {
    const ours = split.from === row.id;
    const other = others.find((one) => one.id === (ours ? split.to : split.from));
    const until = undoUntil(split.at);
    return {
      id: split.id,
      way: ours ? ('to' as const) : ('from' as const),
      other: other?.number ?? 0,
      ...(other ? { otherId: other.id } : {}),
      people: split.people.map(named),
      reason: split.reason,
      by: split.by,
      at: split.at.toISOString(),
      undone: split.undoneAt !== null,
      ...(ours && !split.undoneAt && until > now ? { undoUntil: until.toISOString() } : {}),
    };
  });
}
