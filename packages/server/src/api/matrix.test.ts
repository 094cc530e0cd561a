/**
 * Every route with every role, for members of a case and for others. What should happen is worked out from
 * `model/roles.ts`; a route that is not listed there does not exist, and a public one is named here.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../app.js';
import { may, type Role, roles } from '../model/roles.js';
import { caseMembers, cases } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';
import type { RouteInfo } from './router.js';

/** Open to everybody on the network: add one here on purpose, or not at all. */
const publicRoutes: readonly string[] = ['get /door', 'get /health'];

/** Whose changes are counted by the area itself, entry by entry. */
const theCase = 'case-of-the-matrix';

let server: TestServer;
let app: ReturnType<typeof assemble>['app'];
let routes: readonly RouteInfo[] = [];

beforeAll(async () => {
  server = await testServer();
  const made = assemble(server.services, async (headers) =>
    headers.get('authorization') === 'Bearer made-up'
      ? { id: 'token:made-up', name: 'a program', email: '', roles: [], sources: [] }
      : undefined,
  );
  app = made.app;
  routes = made.router.routes;
  const at = new Date('2026-06-01T09:00:00Z');
  const { db } = server.services.store;
  await db.insert(cases).values({
    id: theCase,
    number: 4711,
    title: 'A case',
    about: 'outside',
    state: 'open',
    playbook: 'employee',
    openedBy: 'somebody',
    openedAt: at,
    reason: 'for the matrix',
  });
  await db.insert(caseMembers).values({
    case: theCase,
    user: 'member',
    part: 'member',
    addedBy: 'somebody',
    addedAt: at,
  });
});
afterAll(() => server.close());

const name = (route: RouteInfo) => `${route.method} ${route.path}`;

/** The address of a route, with made-up ids. */
const address = (route: RouteInfo) =>
  `/api${route.path.replace(/\{(\w+)(?::[^}]*)?\}/g, (_, part: string) => (part === 'case' ? theCase : `made-up-${part}`))}`;

async function ask(route: RouteInfo, headers: Record<string, string>) {
  const response = await app.request(address(route), {
    method: route.method.toUpperCase(),
    headers: {
      ...headers,
      ...(route.method === 'get' ? {} : { 'content-type': 'application/json' }),
    },
    // What is sent would be refused as input everywhere: whoever is not allowed must not get as far as hearing that.
    ...(route.method === 'get' || route.method === 'delete' ? {} : { body: '{"made-up":[' }),
  });
  const text = response.headers.get('content-type')?.includes('json') ? await response.text() : '';
  await response.body?.cancel().catch(() => undefined);
  return { status: response.status, text };
}

/** What somebody should get: let in, or why not. */
function expected(route: RouteInfo, role: Role | undefined, member: boolean): 'in' | 401 | 403 | 404 {
  if (route.permission === 'public') return 'in';
  if (role === undefined || route.permission === 'intake') return 401;
  if (route.permission !== 'signed-in' && !may([role], route.permission)) return 403;
  if (route.needs === 'case' && !member) return 404;
  return 'in';
}

describe('every route with every role', () => {
  it('lets in exactly those who may, before it looks at what they send', async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const route of routes)
      for (const role of [undefined, ...roles])
        for (const member of route.needs === 'case' && role ? [true, false] : [false]) {
          const should = expected(route, role, member);
          const { status, text } = await ask(
            route,
            role ? { 'x-test-roles': role, 'x-test-user': member ? 'member' : 'stranger' } : {},
          );
          tried += 1;
          const fits =
            should === 'in'
              ? status !== 401 && !(status === 403 && text.includes('NOT_ALLOWED')) && status !== 500
              : status === should;
          if (!fits)
            wrong.push(
              `${name(route)} as ${role ?? 'nobody'}${member ? ', member' : ''}: ${status}, not ${should}`,
            );
          if (should !== 'in' && text.includes('INPUT_INVALID'))
            wrong.push(`${name(route)} as ${role ?? 'nobody'} tells what is wrong with the input`);
        }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(routes.length * roles.length);
  }, 300_000);

  it('gives no permission for having no role', async () => {
    for (const route of routes) {
      if (['public', 'signed-in', 'intake'].includes(route.permission)) continue;
      expect([name(route), (await ask(route, { 'x-test-roles': '' })).status]).toEqual([name(route), 403]);
    }
  }, 120_000);

  it('lets a program in where it hands in, and nowhere else that changes or shows people', async () => {
    const inside: string[] = [];
    for (const route of routes) {
      const { status } = await ask(route, { authorization: 'Bearer made-up' });
      if (route.permission !== 'public' && status !== 401) inside.push(name(route));
    }
    const handIn = routes.filter((one) => one.permission === 'intake').map(name);
    expect(inside.filter((one) => !handIn.includes(one) && one !== 'get /metrics')).toEqual([]);
  }, 120_000);

  it('is public only where this list says so', () => {
    const open = routes.filter((one) => one.permission === 'public').map(name);
    expect(open.filter((one) => !publicRoutes.includes(one))).toEqual([]);
  });

  it('leaves an entry in the audit log for every change', () => {
    expect(routes.filter((one) => one.method !== 'get' && !one.audit).map(name)).toEqual([]);
  });

  it('asks for membership wherever an address names a case', () => {
    expect(routes.filter((one) => one.path.includes('{case}') && one.needs !== 'case').map(name)).toEqual([]);
    expect(routes.filter((one) => one.needs === 'case' && !one.path.includes('{case}')).map(name)).toEqual(
      [],
    );
  });

  it('shows an administrator no person and no case', () => {
    const seen = routes.filter(
      (one) =>
        !['public', 'signed-in', 'intake'].includes(one.permission) &&
        may(['admin'], one.permission as never) &&
        (one.audit === 'person.view' || /^\/(?:people|cases|persons|applicants|rings)\b/.test(one.path)),
    );
    expect(seen.map(name)).toEqual([]);
  });
});
