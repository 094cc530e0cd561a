/** Takes back what rules asked for and somebody has done since, and written down elsewhere. */
import type { CheckForm } from '@rollcall/engine/content/checks.js';
import { and, eq, inArray, isNull, like, notExists, or, sql } from 'drizzle-orm';
import type { Services, Snapshot } from '../../model/services.js';
import { checks, checkWords } from '../../store/schema.js';

/** Checks of one transaction. */
const chunk = 500;

/**
 * Left alone is what was asked by hand or drawn by lot, what belongs to a case, what somebody has given a word on, and
 * every hold: these are let go by two people's word alone. How many were taken back.
 */
export async function takeBackDone(
  forms: readonly CheckForm[],
  snapshot: Snapshot,
  services: Services,
): Promise<number> {
  const kinds = new Map(
    forms.flatMap((form) => {
      const kind = form.records[0]?.check;
      return kind !== undefined && form.hold === undefined ? [[form.id, kind] as const] : [];
    }),
  );
  const open = await services.store.db
    .select({ id: checks.id, form: checks.form, person: checks.person, askedAt: checks.askedAt })
    .from(checks)
    .where(
      and(
        eq(checks.state, 'asked'),
        eq(checks.askedBy, 'system'),
        isNull(checks.case),
        or(...['stage:%', 'start+%', 'finding:%'].map((form) => like(checks.occasion, form))),
        inArray(checks.form, [...kinds.keys()]),
      ),
    );
  const done = open.filter(({ form, person, askedAt }) => {
    const day = snapshot.row(person)?.checked?.[kinds.get(form) as string];
    return day !== undefined && day >= askedAt.toISOString().slice(0, 10);
  });
  let count = 0;
  for (let from = 0; from < done.length; from += chunk)
    count += await services.store.transaction(async (db) => {
      const taken = await db
        .update(checks)
        .set({
          state: 'cancelled',
          reason: 'A result from after it was asked for is on record.',
          doneAt: services.now(),
        })
        .where(
          and(
            inArray(
              checks.id,
              done.slice(from, from + chunk).map(({ id }) => id),
            ),
            eq(checks.state, 'asked'),
            notExists(db.select({ one: sql`1` }).from(checkWords).where(eq(checkWords.check, checks.id))),
          ),
        )
        .returning({ id: checks.id });
      if (taken.length > 0)
        await services.audit.append(db, {
          actor: 'system',
          action: 'check.done-elsewhere',
          subject: '',
          detail: { checks: taken.map(({ id }) => id) },
        });
      return taken.length;
    });
  return count;
}
