/** What protects every request, whatever area it is for: where a change comes from, and what browsers may do with answers. */
import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { Refusal } from './model/refusal.js';

/** Headers of every answer. */
const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
} as const;

function withTransport(origin: string | undefined): Record<string, string> {
  return origin?.startsWith('https:')
    ? { ...always, 'strict-transport-security': 'max-age=31536000' }
    : { ...always };
}

/** For answers of the API: data, never a page, and never kept by anybody on the way. */
export function apiHeaders(origin?: string): Record<string, string> {
  return {
    ...withTransport(origin),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  };
}

/** For the console's page: what it runs and shows comes from here, and it talks to nobody else. */
export function pageHeaders(origin?: string): Record<string, string> {
  return {
    ...withTransport(origin),
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
  };
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The origins that count as ours: the configured one, and its other names where it is this very machine. */
export function ownOrigins(origin: string): string[] {
  const url = new URL(origin);
  if (!loopback.has(url.hostname)) return [url.origin];
  const port = url.port ? `:${url.port}` : '';
  return [...new Set([url.origin, ...[...loopback].map((host) => `${url.protocol}//${host}${port}`)])];
}

/**
 * Refuses a change that another site made a browser send. Browsers say where a request comes from, and pages cannot
 * change what they say; programs without cookies need not say anything.
 */
export function refuseForeign(method: string, headers: Headers, origin?: string): void {
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers.get('sec-fetch-site');
  const from = headers.get('origin');
  const foreign = new Refusal(
    403,
    'FOREIGN_ORIGIN',
    origin
      ? `this came from another site; open Rollcall at ${origin} and do it there`
      : 'this came from another site; open Rollcall itself and do it there',
  );
  if (site !== null && site !== 'same-origin') throw foreign;
  if (from !== null) {
    const known = origin ? ownOrigins(origin).includes(from) : hostOf(from) === headers.get('host');
    if (!known) throw foreign;
  } else if (site === null && headers.has('cookie')) throw foreign;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/** For the app, before its routes. `origin` as browsers know it; without one, the host that was asked. */
export function protect(origin?: string): MiddlewareHandler {
  const headers = Object.entries(apiHeaders(origin));
  return async (context, next) => {
    for (const [name, value] of headers) context.header(name, value);
    refuseForeign(context.req.method, context.req.raw.headers, origin);
    await next();
    // A file that is handed out keeps its own word on caching; everything else gets ours.
    for (const [name, value] of headers) if (!context.res.headers.has(name)) context.header(name, value);
  };
}

/**
 * Where the server notes the address of the other end. It overwrites whatever was sent under this name, so that nobody
 * chooses an address for themselves.
 */
export const addressHeader = 'x-rollcall-address';

/**
 * Notes in a request where it comes from. `trusted`: addresses of proxies of ours, whose `X-Forwarded-For` is believed:
 * its last entry that is no such proxy.
 */
export function noteAddress(headers: Headers, remote: string | undefined, trusted: readonly string[] = []) {
  const plain = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/, '');
  let address = plain(remote ?? '');
  if (trusted.includes(address)) {
    const hops = (headers.get('x-forwarded-for') ?? '').split(',').map(plain).reverse();
    address = hops.find((hop) => isIP(hop) !== 0 && !trusted.includes(hop)) ?? address;
  }
  headers.set(addressHeader, isIP(address) ? address : '');
}

/** For counting attempts: IPv6 by its /64, since one line has all of that. */
export function networkOf(headers: Headers): string {
  const address = headers.get(addressHeader) ?? '';
  if (isIP(address) !== 6) return address || 'unknown';
  const [left = '', right] = address.toLowerCase().split('::');
  const head = left.split(':').filter(Boolean);
  const tail = right === undefined ? [] : right.split(':').filter(Boolean);
  const groups = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
