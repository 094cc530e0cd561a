/** What the log says of requests: their route, never their address, body or who they are about. */
import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { type Logger, pino } from 'pino';
import type { Metrics } from './metrics.js';

export function makeLog(level = 'info'): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // Should a request or an error ever be logged whole: what may hold names does not get out.
    redact: {
      paths: ['req', 'request', 'body', 'headers', 'email', 'name', '*.body', '*.headers', '*.email'],
      remove: true,
    },
  });
}

/** Where something went wrong, without its message: that of a failed query holds all that was sent. */
export function framesOf(error: unknown): string[] {
  return error instanceof Error
    ? (error.stack ?? '').split('\n').flatMap((line) => (/^\s+at /.test(line) ? [line.trim()] : []))
    : [];
}

const told = /^[A-Za-z0-9._-]{8,64}$/;

/** Counts and logs every request; its id is answered, so that somebody can be asked about it. */
export function watchRequests(log: Logger, metrics: Metrics): MiddlewareHandler {
  return async (context, next) => {
    const started = performance.now();
    const given = context.req.header('x-request-id');
    const id = given !== undefined && told.test(given) ? given : randomUUID();
    context.header('x-request-id', id);
    await next();
    const seconds = (performance.now() - started) / 1000;
    const route =
      matchedRoutes(context)
        .map((one) => one.path)
        .findLast((path) => !path.endsWith('*')) ??
      (context.req.path.startsWith('/api/auth/')
        ? '/api/auth/*'
        : context.req.path.startsWith('/api/')
          ? 'none'
          : 'console');
    const { status } = context.res;
    metrics.request(route, context.req.method, status, seconds);
    const level = status >= 500 ? 'error' : 'info';
    log[level]({ id, method: context.req.method, route, status, ms: Math.round(seconds * 1000) }, 'request');
  };
}
