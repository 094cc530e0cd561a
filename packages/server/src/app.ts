/** The API of all areas together, from its services. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { makeApp, Router } from './api/router.js';
import { requireMember } from './areas/cases/members.js';
import { areas } from './areas/index.js';
import { machineRoutes } from './machine.js';
import type { User } from './model/roles.js';
import type { Services } from './model/services.js';
import { protect } from './security.js';

export function assemble(
  services: Services,
  intake: (headers: Headers) => Promise<User | undefined>,
  /** As browsers know it; without one, changes must come from the host that was asked. */
  origin?: string,
  /** What every request passes first: counting, limits, the console's own files. */
  before?: (app: OpenAPIHono) => void,
): { app: OpenAPIHono; router: Router } {
  const app = makeApp(services);
  before?.(app);
  app.use('/api/*', protect(origin));
  const router = new Router(app, services, { case: requireMember, intake });
  machineRoutes(router);
  for (const area of areas) area.routes(router);
  return { app, router };
}
