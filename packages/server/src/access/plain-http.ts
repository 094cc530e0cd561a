/** Requests and answers of what happens before somebody is signed in, where no route of the API does it. */
import type { z } from '@hono/zod-openapi';
import { Refusal } from '../model/refusal.js';
import type { Body } from './doors.js';

const longestBody = 64 * 1024;

export async function read(request: Request): Promise<Body> {
  const wrong = new Refusal(400, 'INPUT_INVALID', 'the request could not be read as JSON');
  if (Number(request.headers.get('content-length') ?? 0) > longestBody)
    throw new Refusal(413, 'TOO_LARGE', 'this is more than signing in ever needs');
  if (!(request.headers.get('content-type') ?? '').startsWith('application/json')) throw wrong;
  let length = 0;
  const parts: Uint8Array[] = [];
  if (request.body)
    for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > longestBody)
        throw new Refusal(413, 'TOO_LARGE', 'this is more than signing in ever needs');
      parts.push(part);
    }
  try {
    const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
    if (body === null || typeof body !== 'object' || Array.isArray(body)) throw wrong;
    return body as Body;
  } catch {
    throw wrong;
  }
}

export function parsed<S extends z.ZodType>(schema: S, body: Body): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refusal(
    400,
    'INPUT_INVALID',
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`,
  );
}

export function json(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } });
}

export function problem(refusal: Refusal): Response {
  const { status, code, message, headers } = refusal;
  return new Response(JSON.stringify({ type: 'about:blank', title: message, status, code }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}

export function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}

export function redirect(to: string, cookies: readonly string[]): Response {
  return withCookies(new Response(null, { status: 302, headers: { location: to } }), cookies);
}
