/**
 * Decisions lie in the lake, and their entries in the database: a kill in between leaves one without its entry, as do the
 * command line and the server's own work. Each such decision is put down in the audit log afterwards, once.
 */
import { readDecisions } from '@rollcall/engine/links/index.js';
import { and, gte, sql } from 'drizzle-orm';
import type { Services } from '../../model/services.js';
import { audit } from '../../store/schema.js';

/** Number of the last decision that was looked at. */
const setting = 'decisions.accounted';
/** Milliseconds in which whoever decided is still writing the entry. */
const patience = 5 * 60_000;
const hour = 3_600_000;

export async function accountDecisions(services: Services): Promise<void> {
  const upTo = await services.settings.get(setting, 0);
  const settled = services.now().getTime() - patience;
  const later = (await readDecisions(services.lake)).filter(
    ({ id, time }) => id > upTo && Date.parse(time) <= settled,
  );
  const [first] = later;
  if (!first) return;
  await services.store.transaction(async (db) => {
    const entries = await db
      .select({ decision: sql<string | null>`${audit.detail}->>'decision'` })
      .from(audit)
      .where(
        and(
          gte(audit.time, new Date(Date.parse(first.time) - hour).toISOString()),
          sql`${audit.action} ~ '^(ring|explanation|decision|finding)[.]' AND ${audit.detail}->'decision' IS NOT NULL`,
        ),
      );
    const told = new Set(entries.map(({ decision }) => Number(decision)));
    for (const { id, time, kind, by } of later)
      if (!told.has(id))
        await services.audit.append(db, {
          actor: 'system',
          action: 'decision.found',
          subject: `decision:${id}`,
          detail: { decision: id, kind, time, by: (await isAccount(by, services)) ? by : 'elsewhere' },
        });
    await services.settings.set(db, setting, later.at(-1)?.id);
  });
}

/** On the command line anybody's name may stand there, and the log names nobody. */
async function isAccount(id: string, services: Services): Promise<boolean> {
  return (await services.accounts.list()).some((account) => account.id === id);
}
