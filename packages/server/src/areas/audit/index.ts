/** The audit log: reading it, taking it away, and looking whether its chain is whole. */
import { z } from '@hono/zod-openapi';
import { and, desc, eq, gte, inArray, like, lt, or, type SQL, sql } from 'drizzle-orm';
import { beginning } from '../../audit/audit.js';
import { exported } from '../../audit/export.js';
import { type Verified, verify } from '../../audit/verify.js';
import { may } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { answerBackups, backUp } from '../../store/backup.js';
import { audit, auditHead, work } from '../../store/schema.js';
import type { Area } from '../area.js';
import { lookSchema, pageSchema } from './words.js';

const pageSize = 100;
const kept = 'audit.look';
const kind = 'audit-look';

type Kept = Verified & { at: string };

export const area: Area = {
  name: 'audit',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/audit',
        summary: 'Entries of the audit log, newest first',
        permission: 'audit.view',
        query: z.object({
          actor: z.string().max(200).optional(),
          /** The whole of it, or its beginning: `case.` */
          action: z.string().max(100).optional(),
          subject: z.string().max(200).optional(),
          day: z.iso.date('a day such as 2026-03-31').optional(),
          before: z.coerce.number().int().positive().optional(),
        }),
        answer: pageSchema,
      },
      async ({ query }, services) => {
        const { actor, action, subject, day, before } = query;
        const conditions: SQL[] = [];
        if (actor) conditions.push(eq(audit.actor, actor));
        if (action)
          conditions.push(
            action.endsWith('.')
              ? like(audit.action, `${action.replace(/[\\%_]/g, '\\$&')}%`)
              : eq(audit.action, action),
          );
        if (subject) {
          const whole = eq(audit.subject, subject);
          // One entry may be about many people: those stand in what it says besides.
          const among = subject.startsWith('person:')
            ? sql`${audit.detail}->'people' @> ${JSON.stringify([subject.slice('person:'.length)])}::text::jsonb`
            : undefined;
          conditions.push(or(whole, among) ?? whole);
        }
        if (day) {
          const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
          conditions.push(gte(audit.time, `${day}T`), lt(audit.time, next));
        }
        if (before) conditions.push(lt(audit.number, before));
        const { db } = services.store;
        const [found, [head], accounts] = await Promise.all([
          db
            .select()
            .from(audit)
            .where(and(...conditions))
            .orderBy(desc(audit.number))
            .limit(pageSize + 1),
          db.select().from(auditHead),
          services.accounts.list(),
        ]);
        const names = new Map(accounts.map((account) => [account.id, account.name]));
        const snapshot = services.results.current();
        const entries = found.slice(0, pageSize).map(({ before: _, ...entry }) => {
          const who = names.get(entry.actor);
          const person = entry.subject.startsWith('person:')
            ? snapshot?.row(entry.subject.slice('person:'.length))
            : undefined;
          return {
            ...entry,
            ...(who ? { who } : {}),
            ...(person ? { about: services.sight.pseudonym(person.id) } : {}),
          };
        });
        const oldest = entries.at(-1);
        return {
          entries,
          ...(found.length > pageSize && oldest ? { older: oldest.number } : {}),
          head: { number: head?.number ?? 0, hash: head?.hash ?? beginning },
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/audit/look',
        summary: 'How the last look at the whole chain went',
        permission: 'audit.view',
        answer: lookSchema,
      },
      async (_, services) => {
        const found = await services.settings.get<Kept | null>(kept, null);
        const under = await services.store.db
          .select({ id: work.id })
          .from(work)
          .where(and(eq(work.kind, kind), inArray(work.state, ['waiting', 'running'])))
          .limit(1);
        return { entries: 0, head: beginning, ...found, underWay: under.length > 0 };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/audit/look',
        summary: 'Look through the whole chain, in the background',
        permission: 'audit.view',
        audit: 'audit.look',
        answer: z.object({ asked: z.literal(true) }),
      },
      async ({ db }, services) => {
        await services.queue.add(db, kind, {}, { key: kind });
        services.live.publish('audit-look');
        return { asked: true as const };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/audit/export',
        summary: 'The whole log as NDJSON, oldest first, to be checked without Rollcall',
        permission: 'audit.view',
        audit: 'audit.export',
      },
      async (_, services) => {
        const lines = exported(services.store.db);
        const encoder = new TextEncoder();
        return new Response(
          new ReadableStream<Uint8Array>({
            pull: async (controller) => {
              let text = '';
              while (text.length < 65_536) {
                const next = await lines.next();
                if (next.done) {
                  if (text) controller.enqueue(encoder.encode(text));
                  controller.close();
                  return;
                }
                text += `${next.value}\n`;
              }
              controller.enqueue(encoder.encode(text));
            },
            cancel: async () => {
              await lines.return(undefined);
            },
          }),
          {
            headers: {
              'content-type': 'application/x-ndjson',
              'content-disposition': `attachment; filename="rollcall-audit-${services.now().toISOString().slice(0, 10)}.ndjson"`,
              'x-content-type-options': 'nosniff',
              'cache-control': 'no-store',
            },
          },
        );
      },
    );
  },

  work: {
    [kind]: async (_, services) => {
      const before = await services.settings.get<Kept | null>(kept, null);
      const found = await look(services, before?.broken ? undefined : before?.head);
      await services.store.transaction((db) => services.settings.set(db, kept, found));
      if (found.broken)
        services.log.error({ line: found.broken.line }, 'the chain of the audit log is broken');
      services.live.publish('audit-look');
    },
  },
  every: { [kind]: 24 * 60 },

  /** Backups are asked for on the machine itself, by whoever may write in the folder (`rollcall backup`). */
  start: async (services) =>
    answerBackups(services.folder, async (out) => {
      try {
        const { audit: head, tables, parts } = await backUp(services, out);
        await services.store.transaction(async (db) => {
          await services.audit.append(db, {
            actor: 'system',
            action: 'backup.made',
            subject: '',
            detail: { upTo: head.number, tables: Object.keys(tables).length, parts: parts.length },
          });
          await services.settings.set(db, 'backup.last', services.now().toISOString());
        });
      } catch (error) {
        services.log.error({ kind: error instanceof Error ? error.name : 'Error' }, 'a backup failed');
        throw error;
      }
    }),

  async waiting(user, services) {
    if (!may(user.roles, 'audit.view')) return [];
    const found = await services.settings.get<Kept | null>(kept, null);
    return found?.broken
      ? [
          {
            kind: 'audit',
            id: 'audit-broken',
            title: 'Find out who changed the audit log',
            why: `Its chain is broken at entry ${found.broken.line}: ${found.broken.why}.`,
            to: '#/audit',
            rank: 0,
          },
        ]
      : [];
  },
};

/** Also whether what was seen last time is still there. */
async function look(services: Services, head: string | undefined): Promise<Kept> {
  const { db } = services.store;
  const [stands] = await db.select().from(auditHead);
  const found = await verify(exported(db, stands?.number ?? 0), head);
  const cut =
    !found.broken && stands && (found.entries !== stands.number || found.head !== stands.hash)
      ? { line: found.entries + 1, why: 'entries are missing at the end' }
      : undefined;
  return { ...found, ...(cut ? { broken: cut } : {}), at: services.now().toISOString() };
}
