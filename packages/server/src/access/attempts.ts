/** Who tries too often waits, longer each time. Counted in the database, so that a restart forgives nothing. */
import { createHmac } from 'node:crypto';
import { eq, inArray, lt, sql } from 'drizzle-orm';
import { Refusal } from '../model/refusal.js';
import type { Keys } from '../model/services.js';
import { authAttempts } from '../store/schema.js';
import type { Store } from '../store/store.js';

/** How many may fail before there is a wait. An address may be a whole office. */
const free = { account: 5, address: 30 } as const;
const longestWait = 15 * 60;
/** A count is forgotten after a day of quiet. */
const memory = 24 * 60 * 60 * 1000;

/** Longer than a code can be right. */
const codeLife = 3 * 60 * 1000;

export interface Attempts {
  /** Counts an attempt before it is tried, so that many at once do not slip through; throws where one has to wait. */
  begin(account: string | undefined, network: string): Promise<Attempt>;
  /** Whether this code comes for the first time: one that somebody read along is worth nothing any more. */
  first(user: string, code: string): Promise<boolean>;
  clean(): Promise<void>;
}

export interface Attempt {
  /** It was them: the account's count is forgotten, the address gets this one back. */
  succeeded(): Promise<void>;
}

export function makeAttempts(store: Store, keys: Keys, now: () => Date): Attempts {
  const secret = keys.derive('attempts');
  const name = (kind: keyof typeof free, value: string) =>
    `${kind}:${createHmac('sha256', secret).update(`${kind} ${value}`).digest('base64url').slice(0, 22)}`;
  return {
    begin: async (account, network) => {
      const asked = [
        { key: name('address', network), limit: free.address },
        ...(account === undefined
          ? []
          : [{ key: name('account', account.trim().toLowerCase()), limit: free.account }]),
      ];
      const at = now();
      const wait = await store.transaction(async (db) => {
        const keysAsked = asked.map((one) => one.key).sort();
        await db
          .insert(authAttempts)
          .values(keysAsked.map((key) => ({ key, count: 0, lastAt: at })))
          .onConflictDoNothing();
        const rows = await db
          .select()
          .from(authAttempts)
          .where(inArray(authAttempts.key, keysAsked))
          .orderBy(authAttempts.key)
          .for('update');
        const until = Math.max(...rows.map((row) => row.until?.getTime() ?? 0));
        if (until > at.getTime()) return Math.ceil((until - at.getTime()) / 1000);
        for (const { key, limit } of asked) {
          const row = rows.find((one) => one.key === key);
          const old = !row || at.getTime() - row.lastAt.getTime() > memory;
          const count = (old ? 0 : row.count) + 1;
          const seconds = count < limit ? 0 : Math.min(longestWait, 2 ** Math.min(count - limit + 1, 12));
          await db
            .update(authAttempts)
            .set({
              count,
              lastAt: at,
              until: seconds ? new Date(at.getTime() + seconds * 1000) : null,
            })
            .where(eq(authAttempts.key, key));
        }
        return 0;
      });
      if (wait > 0)
        throw new Refusal(429, 'WAIT', `too many attempts; try again in ${inWords(wait)}`, {
          'retry-after': String(wait),
        });
      return {
        succeeded: async () => {
          await store.transaction(async (db) => {
            const [address, own] = asked;
            if (own) await db.delete(authAttempts).where(eq(authAttempts.key, own.key));
            if (address)
              await db
                .update(authAttempts)
                .set({ count: sql`greatest(${authAttempts.count} - 1, 0)`, until: null })
                .where(eq(authAttempts.key, address.key));
          });
        },
      };
    },
    first: async (user, code) => {
      const digest = createHmac('sha256', secret).update(`code ${user} ${code}`).digest('base64url');
      const at = now();
      const made = await store.db
        .insert(authAttempts)
        .values({ key: `code:${digest.slice(0, 22)}`, count: 1, lastAt: at })
        .onConflictDoUpdate({
          target: authAttempts.key,
          set: { lastAt: at },
          setWhere: lt(authAttempts.lastAt, new Date(at.getTime() - codeLife)),
        })
        .returning({ key: authAttempts.key });
      return made.length > 0;
    },
    clean: async () => {
      await store.db.delete(authAttempts).where(lt(authAttempts.lastAt, new Date(now().getTime() - memory)));
    },
  };
}

function inWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? 'one second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
}
