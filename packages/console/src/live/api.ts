/** Talks to the server: what pages read is read again when the server says that it changed. */
import { useCallback, useEffect, useRef, useState } from 'react';

/** Why the server would not, in its words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function told(response: Response): Promise<Refused> {
  const body = (await response.json().catch(() => ({}))) as { title?: string; code?: string };
  return new Refused(
    response.status,
    body.code ?? 'UNEXPECTED',
    body.title ?? `the server answered ${response.status}`,
  );
}

async function ask(method: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { method, credentials: 'same-origin', ...init });
  } catch {
    throw new Refused(0, 'UNREACHABLE', 'the server cannot be reached; what is shown may be old');
  }
  // The page asks for the session to learn this very thing, and a wrong password ends nothing.
  if (response.status === 401 && path !== '/session' && !path.startsWith('/auth/'))
    window.dispatchEvent(new Event('rollcall:signed-out'));
  if (!response.ok) throw await told(response);
  return response;
}

/**
 * What is asked of a list stands behind the path as in an address, and is sent in a header: it may hold a name, and
 * addresses are kept in logs on the way. `background`: nobody asked for it just now, so it does not keep anybody signed in.
 */
export async function get<T>(path: string, signal?: AbortSignal, background = false): Promise<T> {
  const [address = '', asked] = path.split('?');
  const init: RequestInit = {
    ...(signal ? { signal } : {}),
    headers: {
      ...(asked ? { 'x-rollcall-query': asked } : {}),
      ...(background ? { 'x-rollcall-background': '1' } : {}),
    },
  };
  return (await ask('GET', address, init)).json() as Promise<T>;
}

/** Changes something. The server answers JSON, or nothing. */
export async function send<T = unknown>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await ask(
    method,
    path,
    body instanceof Blob
      ? { body }
      : body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  );
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export type Reading<T> =
  | { state: 'loading'; data: undefined; again: () => void }
  | { state: 'ready'; data: T; again: () => void }
  | { state: 'failed'; data: undefined; problem: Refused; again: () => void };

/** Reads a path, and again whenever one of `topics` changes. While it reads again, what was there stays. */
export function useGet<T>(path: string | undefined, topics: readonly string[] = []): Reading<T> {
  const [held, setHeld] = useState<{ path: string; data?: T; problem?: Refused }>();
  const [turn, setTurn] = useState({ number: 0, background: false });
  const again = useCallback(() => setTurn(({ number }) => ({ number: number + 1, background: false })), []);
  const changed = useCallback(() => setTurn(({ number }) => ({ number: number + 1, background: true })), []);
  const handled = useRef(0);
  const topicList = topics.join(' ');
  useEffect(() => {
    if (path === undefined) return;
    const stop = new AbortController();
    const background = turn.background && turn.number !== handled.current;
    handled.current = turn.number;
    get<T>(path, stop.signal, background)
      .then((data) => setHeld({ path, data }))
      .catch((problem: unknown) => {
        if (stop.signal.aborted) return;
        setHeld({
          path,
          problem: problem instanceof Refused ? problem : new Refused(0, 'UNEXPECTED', String(problem)),
        });
      });
    return () => stop.abort();
  }, [path, turn]);
  useEffect(() => {
    const wanted = new Set(topicList.split(' ').filter(Boolean));
    if (wanted.size === 0) return;
    // Much can change at once, such as when a folder is handed in: it is read again once in a while, not each time.
    let timer: number | undefined;
    let last = 0;
    const stop = onChange((topic) => {
      if (timer !== undefined || !(wanted.has(topic) || topic === '*')) return;
      timer = window.setTimeout(
        () => {
          timer = undefined;
          last = Date.now();
          changed();
        },
        Math.max(50, last + leastPause - Date.now()),
      );
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [topicList, changed]);
  if (held === undefined || held.path !== path) return { state: 'loading', data: undefined, again };
  if (held.problem) return { state: 'failed', data: undefined, problem: held.problem, again };
  return { state: 'ready', data: held.data as T, again };
}

/** Milliseconds between two readings of one thing because it changed. */
const leastPause = 1500;

const listeners = new Set<(topic: string) => void>();
let source: EventSource | undefined;

/** One stream a page; it is opened when somebody listens. After a break everything is read again. */
function onChange(listener: (topic: string) => void): () => void {
  listeners.add(listener);
  if (!source) {
    let broken = false;
    source = new EventSource('/api/live');
    source.onmessage = (event) => {
      for (const one of listeners) one(String(event.data));
    };
    source.onerror = () => {
      broken = true;
    };
    source.onopen = () => {
      if (broken) for (const one of listeners) one('*');
      broken = false;
    };
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      source?.close();
      source = undefined;
    }
  };
}
