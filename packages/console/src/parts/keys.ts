/**
 * Single keys that act on the page. They can be switched off (in the help), because they get in the way of people
 * who speak to their computer, and they never act while something is being typed.
 */
import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import { go, href, type PageName } from '../route.js';
import { recall, remember } from './Theme.js';

const setting = 'rollcall.keys';
let on = recall(setting) !== 'off';

export function keysAreOn(): boolean {
  return on;
}

export function switchKeys(value: boolean): void {
  on = value;
  remember(setting, value ? 'on' : 'off');
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/**
 * Calls `act` for a key pressed alone, outside text fields and dialogs. `act` says whether it used the key; `first` lets
 * it have the key before the page has it (for the second key of "g p").
 */
export function useKeys(act: (key: string) => boolean, first = false): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key.length === 1 && !on) return;
    if (act(event.key)) event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener, first);
    return () => document.removeEventListener('keydown', listener, first);
  }, [first]);
}

export function rowsOf(container: HTMLElement | null): HTMLElement[] {
  return container ? [...container.querySelectorAll<HTMLElement>('[data-row]')] : [];
}

/**
 * `j` and `k`, and the arrows once a row has the focus, move along the `data-row` elements inside `container`.
 * `atEnd` is told when there is no further row that way.
 */
export function useRowKeys(container: RefObject<HTMLElement | null>, atEnd?: (step: 1 | -1) => void): void {
  useKeys((key) => {
    const rows = rowsOf(container.current);
    const active = document.activeElement;
    const at = rows.findIndex((row) => row === active || row.closest('tr, li')?.contains(active));
    const arrows = at >= 0;
    const step =
      key === 'j' || (arrows && key === 'ArrowDown')
        ? 1
        : key === 'k' || (arrows && key === 'ArrowUp')
          ? -1
          : 0;
    if (step === 0 || rows.length === 0) return false;
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    const row = rows[next];
    if (row) {
      row.focus();
      row.scrollIntoView({ block: 'nearest' });
    } else {
      atEnd?.(step);
    }
    return true;
  });
}

/** Keys of every page: `g` and a place's key go there, `?` opens the help, `/` the search, where the page has one. */
export function usePlaceKeys(places: readonly { page: PageName; key: string }[], help: () => void): void {
  const goes = useRef(0);
  useKeys((key) => {
    if (Date.now() - goes.current < 1500) {
      goes.current = 0;
      const place = places.find((one) => one.key === key);
      if (place) {
        go(href(place.page));
        return true;
      }
    }
    if (key === 'g') {
      goes.current = Date.now();
      return true;
    }
    if (key === '?') {
      help();
      return true;
    }
    if (key === '/') {
      const search = document.getElementById('search');
      if (!(search instanceof HTMLInputElement)) return false;
      search.focus();
      search.select();
      return true;
    }
    return false;
  }, true);
}
