/**
 * Where the reader stood on each page. A new page begins at its top with the focus on its content; going back finds
 * the same place on the list and the same row.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { href, type Route } from './route.js';

interface Stand {
  page: string;
  isPerson: boolean;
  scroll: number;
  row: string | undefined;
}

/** By depth in the browser's history, which each entry of it carries along. */
const trail = new Map<number, Stand>();
let depth = 0;

function depthOfEntry(): number | undefined {
  const state: unknown = window.history.state;
  if (typeof state !== 'object' || state === null || !('rollcall' in state)) return undefined;
  return typeof state.rollcall === 'number' ? state.rollcall : undefined;
}

/** Back to the page somebody came to this person from, past other persons; to the plain list where there was none. */
export function leave(): void {
  for (let before = depth - 1; before > 0; before -= 1) {
    const stand = trail.get(before);
    if (!stand) break;
    if (stand.isPerson) continue;
    window.history.go(before - depth);
    return;
  }
  window.location.hash = href('people');
}

export function useVisit(route: Route, main: RefObject<HTMLElement | null>): void {
  const page = `${route.page} ${route.id}`;
  const previous = useRef<string | undefined>(undefined);

  useLayoutEffect(() => {
    const entry = depthOfEntry();
    if (entry !== undefined && entry === depth) return;
    const returning = entry !== undefined;
    depth = entry ?? depth + 1;
    if (!returning) {
      window.history.replaceState({ rollcall: depth }, '');
      trail.delete(depth);
    }
    const stand = trail.get(depth);
    if (returning && stand?.page === page) {
      window.scrollTo(0, stand.scroll);
      if (stand.row !== undefined) {
        document
          .querySelector<HTMLElement>(`[data-row="${CSS.escape(stand.row)}"]`)
          ?.focus({ preventScroll: true });
      }
    } else {
      trail.set(depth, { page, isPerson: route.page === 'person', scroll: 0, row: undefined });
      if (previous.current !== undefined && previous.current !== page) {
        window.scrollTo(0, 0);
        main.current?.focus({ preventScroll: true });
      }
    }
    previous.current = page;
  }, [route, page, main]);

  // Kept up to date while the page is still there: by the time another is drawn, its rows are gone.
  useEffect(() => {
    window.history.scrollRestoration = 'manual';
    const keep = () => {
      const stand = trail.get(depth);
      if (!stand || stand.page !== previous.current) return;
      stand.scroll = window.scrollY;
      const row = document.activeElement?.closest('[data-row]')?.getAttribute('data-row');
      if (row !== null && row !== undefined) stand.row = row;
    };
    document.addEventListener('focusin', keep);
    document.addEventListener('scroll', keep, { passive: true });
    return () => {
      document.removeEventListener('focusin', keep);
      document.removeEventListener('scroll', keep);
    };
  }, []);
}
