/**
 * Transactions that are known to all they call. The embedded database has one connection: whoever asked it from within a
 * transaction, but not through it, would wait for ever for that transaction to end.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Db, Store } from './model.js';

interface Running {
  store: object;
  db: Db;
  open: boolean;
  after: (() => void)[];
}

const running = new AsyncLocalStorage<Running>();

/** Runs something as if from outside any transaction: what is only begun here, and goes on later. */
export function outside<T>(run: () => T): T {
  return running.exit(run);
}

/** Runs something once the present transaction is committed, and never if it is not; at once outside of one. */
export function afterwards(run: () => void): void {
  const held = running.getStore();
  if (held?.open) held.after.push(run);
  else outside(run);
}

export function within(base: Db): Pick<Store, 'db' | 'transaction'> & { inTransaction(): boolean } {
  const store = {};
  const current = () => {
    const held = running.getStore();
    return held?.open && held.store === store ? held : undefined;
  };
  const db = new Proxy(base, {
    get: (_target, name) => {
      const now = current()?.db ?? base;
      const value = Reflect.get(now, name, now) as unknown;
      return typeof value === 'function' ? value.bind(now) : value;
    },
  });
  return {
    db,
    inTransaction: () => current() !== undefined,
    transaction: async (run) => {
      const outer = current();
      const after: (() => void)[] = [];
      const answer = await (outer?.db ?? base).transaction(async (tx) => {
        const held: Running = { store, db: tx as unknown as Db, open: true, after };
        try {
          return await running.run(held, () => run(held.db));
        } finally {
          held.open = false;
        }
      });
      if (outer) outer.after.push(...after);
      else for (const one of after) outside(one);
      return answer;
    },
  };
}
