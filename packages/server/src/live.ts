import { streamSSE } from 'hono/streaming';
import { backgroundHeader } from './access/sessions.js';
import { requireMember } from './areas/cases/members.js';
import { Refusal } from './model/refusal.js';
import type { User } from './model/roles.js';
import type { Live, Services, Streams } from './model/services.js';

/** Within one process: there is only one. */
export function makeLive(): Live {
  const listeners = new Set<(topic: string) => void>();
  return {
    publish: (topic) => {
      for (const listener of [...listeners]) listener(topic);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Pages of one account that are told at a time. */
const mostStreams = 24;
const beat = 25_000;

/** Tells an open page what has changed, by topic, for as long as its session lasts. */
export function makeStreams(): Streams {
  const streams = new Map<string, Set<() => void>>();
  const count = () => [...streams.values()].reduce((sum, one) => sum + one.size, 0);
  return {
    count,
    close: () => {
      for (const own of streams.values()) for (const end of [...own]) end();
    },
    open: (context, user, services) => {
      const own = streams.get(user.id) ?? new Set();
      if (own.size >= mostStreams)
        throw new Refusal(429, 'TOO_MANY_PAGES', 'too many pages of yours are open; close some', {
          'retry-after': '10',
        });
      streams.set(user.id, own);
      // An open page keeps nobody signed in.
      const headers = new Headers(context.req.raw.headers);
      headers.set(backgroundHeader, '1');
      return streamSSE(context, async (stream) => {
        let waiting = new Set<string>();
        let asked = Date.now();
        let wake = () => {};
        let over = false;
        const end = () => {
          over = true;
          wake();
        };
        own.add(end);
        stream.onAbort(end);
        const stop = services.live.subscribe((topic) => {
          waiting.add(topic);
          wake();
        });
        try {
          await stream.writeSSE({ event: 'hello', data: '' });
          while (!over) {
            // Also where there is always something to tell: who is signed out hears nothing more.
            if (Date.now() - asked > beat) {
              if (!(await services.accounts.user(headers))) break;
              asked = Date.now();
            }
            if (waiting.size === 0) {
              const clock = await new Promise<boolean>((resolve) => {
                const timer = setTimeout(() => resolve(true), beat);
                wake = () => {
                  clearTimeout(timer);
                  resolve(false);
                };
              });
              if (clock) {
                if (!(await services.accounts.user(headers))) break;
                asked = Date.now();
                await stream.writeSSE({ event: 'beat', data: '' });
              }
              continue;
            }
            const topics = waiting;
            waiting = new Set();
            for (const topic of topics)
              if (await mayHear(user, topic, services)) await stream.writeSSE({ data: topic });
            // Many changes at once are one wish to read again.
            await stream.sleep(150);
          }
        } finally {
          stop();
          own.delete(end);
          if (own.size === 0) streams.delete(user.id);
        }
      });
    },
  };
}

/** That a case exists is for its members only. */
async function mayHear(user: User, topic: string, services: Services): Promise<boolean> {
  if (!topic.startsWith('case:')) return true;
  return requireMember(user, topic.slice(5), services).then(
    () => true,
    () => false,
  );
}
