/**
 * For the test of kills: writes numbered rows, each with its audit entry and a piece of work in one transaction, and says
 * a number aloud only when it is committed. The work writes a row of its own.
 */
import { sql } from 'drizzle-orm';
import { makeAudit } from '../audit/audit.js';
import type { Services } from '../model/services.js';
import { makeQueue } from '../work/queue.js';
import { openEmbedded, openPostgres, type Store } from './store.js';

const [kind, place = '', first = '1'] = process.argv.slice(2);
const store: Store = kind === 'pglite' ? await openEmbedded(place) : await openPostgres(place);
const now = () => new Date();
const audit = makeAudit(now);
await store.db.execute(
  sql`CREATE TABLE IF NOT EXISTS kill_test (number int PRIMARY KEY, half text NOT NULL, other text, worked int NOT NULL DEFAULT 0)`,
);
const services = { store, now, audit, log: { error: () => undefined } } as unknown as Services;
const { queue, start } = makeQueue(services, [
  {
    name: 'kill',
    work: {
      count: async ({ number }) => {
        await store.db.execute(
          sql`UPDATE kill_test SET worked = worked + 1 WHERE number = ${Number(number)}::int`,
        );
      },
    },
  },
]);
await start();
for (let number = Number(first); ; number++) {
  await store.transaction(async (db) => {
    await db.execute(sql`INSERT INTO kill_test (number, half) VALUES (${number}::int, 'one')`);
    await audit.append(db, { actor: 'test', action: 'row.add', subject: `row:${number}` });
    await queue.add(db, 'count', { number });
    await db.execute(sql`UPDATE kill_test SET other = 'two' WHERE number = ${number}::int`);
  });
  process.stdout.write(`${number}\n`);
}
