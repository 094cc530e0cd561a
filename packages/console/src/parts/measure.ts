import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';

/** The width of an element, in whole pixels, as it changes. */
export function useWidth(ref: RefObject<HTMLElement | null>, initial = 960): number {
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const found = Math.round(entry?.contentRect.width ?? 0);
      if (found > 0) setWidth(found);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}

function subscribePrint(listener: () => void): () => void {
  const media = window.matchMedia('print');
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

/** Whether the page is being printed: long lists then show more than they would on a screen. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribePrint, () => window.matchMedia('print').matches);
}
