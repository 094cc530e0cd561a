/** A part of what people do here: its routes, its work in the background, and what of it waits for somebody. */
import type { z } from '@hono/zod-openapi';
import type { Exposure } from '@rollcall/engine/model/result.js';
import type { Router } from '../api/router.js';
import type { User } from '../model/roles.js';
import type { Services } from '../model/services.js';
import type { waitingSchema } from './today/waiting.js';

export type Waiting = z.infer<typeof waitingSchema>;

export interface Area {
  name: string;
  routes(router: Router): void;
  /** Kinds of background work. Each may be run again after a kill: it must do no harm twice. */
  work?: Record<string, (payload: Record<string, unknown>, services: Services) => Promise<void>>;
  /** Kinds of `work` above to be asked for again and again, in minutes. */
  every?: Record<string, number>;
  /** What waits for this person, on Today. */
  waiting?(user: User, services: Services): Promise<Waiting[]>;
  /** What the part itself knows to be open: overdue checks, a vendor without a clause. Never weighed against a person. */
  exposures?(services: Services): Promise<Exposure[]>;
  /** Once, when the server has started, and when it stops. */
  start?(services: Services): Promise<() => Promise<void>>;
}
