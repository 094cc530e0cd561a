/** Taking up a closed case again. Where two people open a case, two people do this too. */
import { z } from '@hono/zod-openapi';
import { and, eq, gt, inArray, notExists } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Router } from '../../api/router.js';
import { Refusal } from '../../model/refusal.js';
import type { Services } from '../../model/services.js';
import { caseEntries, cases } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { changed, ofCase } from './common.js';
import { type CaseRow, caseFor, leadOrCounsel } from './members.js';
import { happened } from './scope.js';
import * as words from './words.js';

export function reopenRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/cases/{case}/reopening',
      summary: 'Take a closed case up again, or ask for it where two people are needed',
      permission: 'cases.work',
      needs: 'case',
      audit: 'case.reopen',
      params: ofCase,
      body: words.reasonBody,
      answer: z.object({ state: z.enum(['asked', 'open']) }),
    },
    async ({ params, body, user, db, note }, services) => {
      const { row, part } = await caseFor(db, user, params.case, { in: ['closed'] });
      leadOrCounsel(part, user.roles);
      const two = await services.settings.twoToOpen();
      if (two && (await reopeningsAsked(db, row.id)).length > 0)
        throw new Refusal(409, 'ASKED_ALREADY', 'this was asked for, and waits for a second person');
      if (two)
        await happened(db, {
          case: row.id,
          by: user.id,
          at: services.now(),
          kind: kinds.asked,
          says: `${asks}${body.reason}`,
        });
      else await reopen(db, services, row, user.id, body.reason);
      note(`case:${row.id}`, { state: two ? 'asked' : 'open' });
      services.live.publish('today');
      changed(services, row.id);
      return { state: two ? ('asked' as const) : ('open' as const) };
    },
  );
}

const kinds = {
  asked: 'case.reopening-asked',
  refused: 'case.reopening-refused',
  reopened: 'case.reopened',
} as const;
const asks = 'Asked that the case is taken up again: ';

/** A wish that a closed case is taken up again. Until it is answered the case is closed, with all that this means. */
interface Reopening {
  row: CaseRow;
  by: string;
  at: Date;
  reason: string;
}

/** Wishes that nobody has answered; of one case where it is named. */
export async function reopeningsAsked(db: Db, id?: string): Promise<Reopening[]> {
  const later = alias(caseEntries, 'later');
  const rows = await db
    .select({ row: cases, entry: caseEntries })
    .from(caseEntries)
    .innerJoin(cases, and(eq(cases.id, caseEntries.case), eq(cases.state, 'closed')))
    .where(
      and(
        eq(caseEntries.kind, kinds.asked),
        id === undefined ? undefined : eq(caseEntries.case, id),
        notExists(
          db
            .select({ id: later.id })
            .from(later)
            .where(
              and(
                eq(later.case, caseEntries.case),
                gt(later.id, caseEntries.id),
                inArray(later.kind, [kinds.refused, kinds.reopened]),
              ),
            ),
        ),
      ),
    )
    .orderBy(caseEntries.id);
  return rows.map(({ row, entry }) => ({
    row,
    by: entry.by,
    at: entry.at,
    reason: entry.says.slice(asks.length),
  }));
}

/** What the second person said. */
export async function answerReopening(
  db: Db,
  services: Services,
  row: CaseRow,
  by: string,
  body: { yes: boolean; reason: string },
): Promise<void> {
  if (body.yes) await reopen(db, services, row, by, body.reason);
  else
    await happened(db, {
      case: row.id,
      by,
      at: services.now(),
      kind: kinds.refused,
      says: `Is not taken up again: ${body.reason}`,
    });
}

async function reopen(db: Db, services: Services, row: CaseRow, by: string, reason: string): Promise<void> {
  await db.update(cases).set({ state: 'open', closedAt: null, outcome: null }).where(eq(cases.id, row.id));
  await happened(db, {
    case: row.id,
    by,
    at: services.now(),
    kind: kinds.reopened,
    says: `Taken up again: ${reason}`,
  });
  services.live.publish('people');
}
