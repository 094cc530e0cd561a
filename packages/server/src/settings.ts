import { eq } from 'drizzle-orm';
import type { Settings } from './model/services.js';
import { settings } from './store/schema.js';
import type { Store } from './store/store.js';

export function makeSettings(store: Store): Settings {
  const get = async <T>(key: string, fallback: T): Promise<T> => {
    const [row] = await store.db.select().from(settings).where(eq(settings.key, key));
    return row ? (row.value as T) : fallback;
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
