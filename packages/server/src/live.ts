import type { Live } from './model/services.js';

/** Within one process: there is only one. */
export function makeLive(): Live {
  const listeners = new Set<(topic: string) => void>();
  return {
    publish: (topic) => {
      for (const listener of listeners) listener(topic);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
