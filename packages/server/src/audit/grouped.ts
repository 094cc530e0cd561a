/**
 * Entries that belong to no change: pages somebody was shown. Each is on disk before its page goes out; those of the same
 * moment go there together, so that many readers do not each wait for the disk in turn.
 */
import type { Audit, AuditEntry } from '../model/services.js';
import { outside, type Store } from '../store/store.js';

/** Entries written at a time; the rest wait for the next turn. */
const most = 100;

export function makeGrouped({ store, audit }: { store: Pick<Store, 'db' | 'transaction'>; audit: Audit }) {
  let waiting: { entry: AuditEntry; done: () => void; failed: (error: unknown) => void }[] = [];
  let writing = false;

  const write = async (entries: readonly AuditEntry[]): Promise<void> => {
    const [first] = entries;
    if (first && entries.length === 1) await audit.append(store.db, first);
    else
      await store.transaction(async (db) => {
        for (const entry of entries) await audit.append(db, entry);
      });
  };

  const writeAll = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        await write(group.map((one) => one.entry));
        for (const one of group) one.done();
      } catch (error) {
        if (group.length === 1) group[0]?.failed(error);
        // An entry that cannot be written is the matter of its own page only.
        else
          for (const one of group)
            await write([one.entry]).then(one.done, (reason: unknown) => one.failed(reason));
      }
    }
    writing = false;
  };

  return (entry: AuditEntry): Promise<void> =>
    new Promise((done, failed) => {
      waiting.push({ entry, done, failed });
      if (!writing) outside(() => void writeAll());
    });
}
