/**
 * How areas put up their routes. A route says who may use it, or there is no route: permission, need to know, what it
 * reads and answers, and what the audit log says of it. All of that is in the OpenAPI document, and a test tries every
 * route with every role.
 */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { Lately, whileNoting } from '../access/names-shown.js';
import { OwnMatter, refuseOwnMatter } from '../access/own-matter.js';
import { backgroundHeader } from '../access/sessions.js';
import { canonical } from '../audit/audit.js';
import { makeGrouped } from '../audit/grouped.js';
import { framesOf } from '../logging.js';
import { Refusal } from '../model/refusal.js';
import { may, type Permission, type User } from '../model/roles.js';
import type { AuditEntry, Services } from '../model/services.js';
import { apiHeaders } from '../security.js';
import type { Db } from '../store/store.js';
import { queryOf } from './query.js';

type Shape = z.ZodObject;
type Get<S extends Shape | undefined> = S extends Shape ? z.output<S> : Record<string, never>;

/** What a handler is given. */
export interface Asked<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends Shape | undefined,
> {
  params: Get<P>;
  query: Get<Q>;
  body: Get<B>;
  /** Nobody only on public routes. */
  user: User;
  /** Changes run in one transaction: all of it or nothing, the audit entry with it. */
  db: Db;
  /** Says more in the audit entry of this request: its subject, and details without names. */
  note(subject: string, detail?: AuditEntry['detail']): void;
  /** A further entry, where one request is several things. */
  audit(entry: Omit<AuditEntry, 'actor'>): Promise<void>;
  /** For what JSON cannot carry: files, streams. */
  context: Context;
  /** What `before` of the route gave. */
  taken: unknown;
}

export interface Route<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
  A extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In the form `/cases/{case}/tasks`; `/api` stands before it. */
  path: string;
  summary: string;
  /** `public`: also without signing in. `signed-in`: any account. `intake`: a token for handing in records. */
  permission: Permission | 'public' | 'signed-in' | 'intake';
  /** Only members of the case that the parameter `case` names. */
  needs?: 'case';
  /** What the audit log calls it. Every change has one; of reading, what shows a person. */
  audit?: string;
  /**
   * A change that does not run in one transaction, since it waits for what is sent: the audit entry is written after it
   * (`entry`), or sums of many are, by the area (`counted`).
   */
  apart?: 'entry' | 'counted';
  /** A token for handing in records opens it too: for programs that watch. */
  orToken?: true;
  params?: P;
  /**
   * Questions to a list. What takes words of any kind is taken from a header and never from the address, which proxies
   * keep: see `query.ts`.
   */
  query?: Q;
  /** Headers it reads, for the document of the API; the handler reads them itself. */
  headers?: Shape;
  body?: B;
  /** What it answers; absent where it answers with a file or a stream. */
  answer?: A;
  /**
   * Done before the transaction begins, which it must not hold up: taking over a body that is still being sent. Runs
   * once the user is known to be allowed.
   */
  before?(context: Context, services: Services): Promise<unknown>;
}

export interface RouteInfo {
  method: string;
  path: string;
  permission: Route['permission'];
  needs?: 'case';
  audit?: string;
}

/** Set by cases: throws unless the user is a member of the case. */
export type CaseGate = (user: User, caseId: string, services: Services) => Promise<void>;

const system: User = { id: 'public', name: '', email: '', roles: [] };

/** How long a page that reads itself again is the same view of it, milliseconds. */
const again = 10 * 60_000;

export class Router {
  readonly routes: RouteInfo[] = [];

  constructor(
    readonly app: OpenAPIHono,
    readonly services: Services,
    private readonly gates: { case: CaseGate; intake: (headers: Headers) => Promise<User | undefined> },
  ) {
    this.record = makeGrouped(services);
    this.names = new Lately(() => services.now().getTime());
  }

  private readonly record: (entry: AuditEntry) => Promise<void>;
  private readonly names: Lately;
  /** What was recorded lately of pages shown, and when. */
  private readonly lately = new Map<string, number>();

  add<
    P extends Shape | undefined = undefined,
    Q extends Shape | undefined = undefined,
    B extends Shape | undefined = undefined,
    A extends z.ZodType = z.ZodType,
  >(
    route: Route<P, Q, B, A>,
    handle: (asked: Asked<P, Q, B>, services: Services) => Promise<z.input<A> | Response>,
  ): void {
    const { services } = this;
    const changes = route.method !== 'get';
    if (changes && !route.audit)
      throw new Error(
        `${route.method} ${route.path} changes something and does not say what the audit log calls it`,
      );
    this.routes.push({
      method: route.method,
      path: route.path,
      permission: route.permission,
      ...(route.needs ? { needs: route.needs } : {}),
      ...(route.audit ? { audit: route.audit } : {}),
    });
    const asked = route.query ? queryOf(route.query) : undefined;
    const told = asked?.headers ?? route.headers;
    const spec = createRoute({
      method: route.method,
      path: `/api${route.path}`,
      summary: route.summary,
      description:
        route.permission === 'public'
          ? 'Without signing in.'
          : `Needs ${route.permission}${route.needs ? ', and membership of the case' : ''}.`,
      request: {
        ...(route.params ? { params: route.params } : {}),
        ...(asked ? { query: asked.inAddress } : {}),
        ...(told ? { headers: told } : {}),
        ...(route.body
          ? { body: { content: { 'application/json': { schema: route.body } }, required: true } }
          : {}),
      },
      responses: {
        200: route.answer
          ? { description: 'The answer', content: { 'application/json': { schema: route.answer } } }
          : { description: 'The answer' },
        default: { description: 'Why not', content: { 'application/problem+json': { schema: problem } } },
      },
    });
    // Who asks is found out before what they ask is read: a stranger learns nothing from a complaint about a field.
    this.app.use(spec.getRoutingPath(), async (context, next) => {
      // HEAD is answered by what GET is answered by, and guarded by what guards that.
      const method = context.req.method === 'HEAD' ? 'get' : context.req.method.toLowerCase();
      if (method !== route.method) return next();
      const user = await this.who(route, context);
      const program = user.sources !== undefined && route.orToken;
      if (
        route.permission !== 'public' &&
        route.permission !== 'signed-in' &&
        route.permission !== 'intake' &&
        !program
      )
        if (!may(user.roles, route.permission))
          throw new Refusal(403, 'NOT_ALLOWED', 'your roles do not allow this');
      if (route.needs === 'case') await this.gates.case(user, String(context.req.param('case')), services);
      context.set('user' as never, user as never);
      return next();
    });
    this.app.openapi(spec, (async (context: Context) => {
      const user = context.get('user' as never) as User;
      let subject = '';
      let detail: Record<string, unknown> | undefined;
      const params = (route.params ? context.req.valid('param' as never) : {}) as Get<P>;
      const query = (asked ? asked.read(context) : {}) as Get<Q>;
      const body = (route.body ? context.req.valid('json' as never) : {}) as Get<B>;
      requireText([params, query, body]);
      await this.refuseOwn(route, user, { params, body, looks: !changes });
      const taken = await route.before?.(context, services);
      let named: string[] = [];
      const run = async (db: Db) => {
        const actor = user.id;
        const handled = () =>
          handle(
            {
              params,
              query,
              body,
              user,
              db,
              note: (about, more) => {
                subject = about;
                if (more) detail = { ...detail, ...more };
              },
              audit: (entry) => services.audit.append(db, { actor, ...entry }),
              context,
              taken,
            },
            services,
          );
        const [answer, people] = await whileNoting(handled);
        const { audit } = route;
        if (audit && route.apart !== 'counted') {
          const entry = { actor, action: audit, subject, ...(detail ? { detail } : {}) };
          if (changes && !route.apart) await services.audit.append(db, entry);
          else await this.recordOnce(context, entry);
        }
        named = this.names
          .fresh(actor, people)
          .filter((one) => subject !== `person:${services.keys.handle(one)}`);
        if (named.length > 0) {
          const handles = named.map(services.keys.handle).sort();
          const entry = {
            actor,
            action: 'names.view',
            subject: '',
            detail: { people: handles, where: route.path },
          };
          if (changes && !route.apart) await services.audit.append(db, entry);
          else await this.record(entry);
        }
        return answer;
      };
      const answer =
        changes && !route.apart ? await services.store.transaction(run) : await run(services.store.db);
      // Only now is it certain that they stand in the log.
      this.names.recorded(user.id, named);
      return answer instanceof Response ? answer : context.json(answer as object, 200);
    }) as never);
  }

  /** Refuses what somebody would do about themself, and records that they tried: whatever was under way is not done. */
  private async refuseOwn(
    route: Pick<RouteInfo, 'method' | 'path'>,
    user: User,
    asked: { params: unknown; body: unknown; looks: boolean },
  ): Promise<void> {
    try {
      await refuseOwnMatter(user, asked, this.services);
    } catch (error) {
      if (error instanceof OwnMatter)
        await this.record({
          actor: user.id,
          action: 'own-matter.refused',
          subject: `person:${error.handle}`,
          detail: { method: route.method, where: route.path },
        });
      throw error;
    }
  }

  /**
   * A page that stays open reads itself again at every change. That is recorded once in ten minutes, and at once where
   * anything the entry says is new: a page that says it reads by itself is never the first that is recorded.
   */
  private async recordOnce(context: Context, entry: AuditEntry): Promise<void> {
    const now = performance.now();
    const key = canonical(entry);
    const last = this.lately.get(key);
    if (context.req.header(backgroundHeader) !== undefined && last !== undefined && now - last < again)
      return;
    await this.record(entry);
    if (this.lately.size >= 10_000) this.lately.clear();
    this.lately.set(key, now);
  }

  private async who(route: Pick<Route, 'permission' | 'orToken'>, context: Context): Promise<User> {
    if (route.permission === 'public') return system;
    if (route.orToken && context.req.header('authorization') !== undefined) {
      const program = await this.gates.intake(context.req.raw.headers);
      if (program) return program;
    }
    const user =
      route.permission === 'intake'
        ? await this.gates.intake(context.req.raw.headers)
        : await this.services.accounts.user(context.req.raw.headers);
    if (!user)
      throw new Refusal(
        401,
        'NOT_SIGNED_IN',
        route.permission === 'intake'
          ? 'no token that is valid here: it is mistyped, withdrawn or has run out; administrators make them under Settings'
          : 'sign in first',
      );
    return user;
  }
}

/**
 * Text as it can be kept: without NUL and halves of characters. What was kept would not be what was sent, and its hash
 * would not agree with it.
 */
function requireText(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || /\p{Surrogate}/u.test(value))
      throw new Refusal(400, 'INPUT_INVALID', 'the text holds a character that is none');
  } else if (Array.isArray(value)) value.forEach(requireText);
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) {
      requireText(key);
      requireText(part);
    }
}

const problem = z
  .object({ type: z.string(), title: z.string(), status: z.number(), code: z.string() })
  .openapi('Problem');

/** Bad input and refusals as RFC 9457 problems; anything unforeseen is logged by kind, and told without details. */
export function makeApp(services: Services): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      const where = issue?.path.join('.') ?? '';
      return context.json(
        {
          type: 'about:blank',
          title: `${where ? `${where}: ` : ''}${issue?.message ?? 'not as expected'}`,
          status: 400,
          code: 'INPUT_INVALID',
        },
        400,
        { 'content-type': 'application/problem+json' },
      );
    },
  });
  app.onError((error, context) => {
    const known =
      error instanceof Refusal
        ? error
        : error instanceof HTTPException && error.status === 400
          ? new Refusal(400, 'INPUT_INVALID', 'the request could not be read as JSON')
          : undefined;
    if (!known)
      services.log.error(
        // Where it was, and not its message: that may hold what was sent.
        { path: context.req.routePath, kind: error.name, at: framesOf(error) },
        'a request failed',
      );
    return context.json(
      {
        type: 'about:blank',
        title: known?.message ?? 'this went wrong here, not with you; the log of the server says more',
        status: known?.status ?? 500,
        code: known?.code ?? 'UNEXPECTED',
      },
      known?.status ?? 500,
      // Also where it was refused before anything else had its say.
      { ...apiHeaders(), 'content-type': 'application/problem+json', ...known?.headers },
    );
  });
  app.notFound((context) =>
    context.json(
      { type: 'about:blank', title: 'there is no such address', status: 404, code: 'NOT_FOUND' },
      404,
      {
        'content-type': 'application/problem+json',
      },
    ),
  );
  return app;
}
