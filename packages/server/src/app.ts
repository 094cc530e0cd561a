/** The API of all areas together, from its services. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { makeApp, Router } from './api/router.js';
import { requireMember } from './areas/cases/members.js';
import { areas } from './areas/index.js';
import type { User } from './model/roles.js';
import type { Services } from './model/services.js';

export function assemble(
  services: Services,
  intake: (headers: Headers) => Promise<User | undefined>,
): { app: OpenAPIHono; router: Router } {
  const app = makeApp(services);
  const router = new Router(app, services, { case: requireMember, intake });
  for (const area of areas) area.routes(router);
  return { app, router };
}
