import type { Settings } from './model/services.js';
import { settings } from './store/schema.js';
import type { Store } from './store/store.js';

export function makeSettings(store: Store): Settings {
  const get = async <T>(key: string, fallback: T): Promise<T> => {
    const all = await store.kept([settings], 'settings', async () => {
      const rows = await store.db.select().from(settings);
      return new Map(rows.map((row) => [row.key, row.value]));
    });
    return all.has(key) ? (structuredClone(all.get(key)) as T) : fallback;
  };
  return {
    get,
    twoToOpen: () => get('cases.two-to-open', false),
    set: async (db, key, value) => {
      await db
        .insert(settings)
        .values({ key, value })
        .onConflictDoUpdate({ target: settings.key, set: { value } });
    },
  };
}
