/**
 * Every state of the report has an address, in the part after `#` so that it works from disk: a path names the page,
 * a query holds what is opened, filtered and sorted.
 */
import { useSyncExternalStore } from 'react';

export const pageNames = [
  'overview',
  'people',
  'person',
  'rings',
  'ring',
  'explanations',
  'exposure',
  'detections',
  'sources',
] as const;
/** Pages that only the console of a server has. */
export const livePageNames = [
  'today',
  'applicants',
  'checks',
  'check',
  'vendors',
  'vendor',
  'training',
  'module',
  'cases',
  'case',
  'detection',
  'facts',
  'fact',
  'fairness',
  'audit',
  'settings',
  'signin',
  'setup',
] as const;
export type PageName = (typeof pageNames)[number] | (typeof livePageNames)[number];
export type Query = Readonly<Record<string, string>>;

export interface Route {
  page: PageName | 'unknown';
  /** What the page is about, where it is about one thing. */
  id: string;
  query: Query;
}

const withId: readonly PageName[] = [
  'person',
  'ring',
  'check',
  'vendor',
  'module',
  'case',
  'detection',
  'fact',
];

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const [name = '', ...rest] = path.split('/');
  const query = Object.fromEntries(new URLSearchParams(search));
  const id = decode(rest.join('/'));
  const page = name === '' ? 'overview' : [...pageNames, ...livePageNames].find((one) => one === name);
  if (!page || withId.includes(page) !== (id !== '')) return { page: 'unknown', id, query };
  return { page, id, query };
}

/** A half of a surrogate pair cannot stand in an address; hostile ids are compared in this form. */
export function addressable(id: string): string {
  return id.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** The address of a page; empty values are left out so that the plain page has a plain address. */
export function href(
  page: PageName,
  id = '',
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const key of Object.keys(query).sort()) {
    const value = query[key];
    if (value) search.set(key, addressable(value));
  }
  const path = page === 'overview' ? '' : id ? `${page}/${encodeURIComponent(addressable(id))}` : page;
  const tail = search.toString();
  return `#/${path}${tail ? `?${tail}` : ''}`;
}

const changed = 'rollcall:route';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener('hashchange', listener);
    window.removeEventListener(changed, listener);
  };
}

let lastHash: string | undefined;
let lastRoute: Route = { page: 'overview', id: '', query: {} };

/** One object per address, so that a page is drawn again only when the address changed. */
function current(): Route {
  const { hash } = window.location;
  if (hash !== lastHash) {
    lastHash = hash;
    lastRoute = parseRoute(hash);
  }
  return lastRoute;
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

export function go(to: string): void {
  window.location.hash = to;
}

/** To another state of the same page: no new step for the browser's Back. */
export function replace(to: string): void {
  if (to === window.location.hash) return;
  window.history.replaceState(window.history.state, '', to);
  window.dispatchEvent(new Event(changed));
}

/** Changes part of the state of the page in place. */
export function setQuery(change: Readonly<Record<string, string | undefined>>): void {
  const route = current();
  if (route.page !== 'unknown') replace(href(route.page, route.id, { ...route.query, ...change }));
}
