import { z } from '@hono/zod-openapi';
import { eq, inArray } from 'drizzle-orm';
import { may, type User } from '../../model/roles.js';
import type { Services, Snapshot } from '../../model/services.js';
import { casePeople, cases, standings } from '../../store/schema.js';
import type { Area, Waiting } from '../area.js';
import { parts } from '../parts.js';
import { lineOf } from '../people/index.js';
import { todaySchema } from './words.js';

/** People said on Today; the others are a link away. */
const most = 20;

export const area: Area = {
  name: 'today',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/today',
        summary: 'What waits for whoever is signed in, and why',
        permission: 'today.view',
        query: z.object({ since: z.iso.datetime().optional() }),
        answer: todaySchema,
      },
      async ({ query, user }, services) => {
        const snapshot = services.results.current();
        const { waiting, failed } = await gathered(user, services);
        const looked = snapshot
          ? {
              asOf: snapshot.asOf,
              finishedAt: snapshot.finishedAt,
              people: snapshot.people.length,
              review: pressing(snapshot).filter((row) => row.band === 'review').length,
              urgent: pressing(snapshot).filter((row) => row.band === 'urgent').length,
            }
          : undefined;
        const { people, more } = await withoutCase(user, snapshot, services);
        return {
          ...(looked ? { looked } : {}),
          waiting,
          failed,
          people,
          more,
          changed:
            snapshot && query.since ? await changed(user, new Date(query.since), snapshot, services) : [],
        };
      },
    );
  },

  work: { 'today.standing': async (_payload, services) => keepStandings(services) },
  every: { 'today.standing': 15 },

  async start(services) {
    const keep = () => {
      keepStandings(services).catch((error: unknown) =>
        services.log.error({ kind: (error as Error).name }, 'standings could not be kept'),
      );
    };
    keep();
    let scan = services.results.current()?.number;
    const stop = services.live.subscribe((topic) => {
      const now = services.results.current()?.number;
      if (topic !== 'people' || now === scan) return;
      scan = now;
      keep();
    });
    return async () => stop();
  },
};

/** What waits in each part. One that fails is named, and the others still speak. */
export async function gathered(
  user: User,
  services: Services,
): Promise<{ waiting: Waiting[]; failed: string[] }> {
  const failed: string[] = [];
  const waiting: Waiting[] = [];
  for (const one of parts) {
    if (!one.waiting) continue;
    try {
      waiting.push(...(await one.waiting(user, services)));
    } catch (error) {
      failed.push(one.name);
      services.log.error({ area: one.name, kind: (error as Error).name }, 'what waits could not be gathered');
    }
  }
  waiting.sort(
    (a, b) =>
      a.rank - b.rank ||
      (a.due ?? '9999').localeCompare(b.due ?? '9999') ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  return { waiting, failed };
}

const pressed = new WeakMap<Snapshot, Snapshot['people']>();

function pressing(snapshot: Snapshot): Snapshot['people'] {
  const known = pressed.get(snapshot);
  if (known) return known;
  const made = snapshot.people.filter((row) => row.band === 'urgent' || row.band === 'review');
  pressed.set(snapshot, made);
  return made;
}

/** People whom somebody should look at and nobody does. That there is a case is told; whose it is, is not. */
async function withoutCase(user: User, snapshot: Snapshot | undefined, services: Services) {
  if (!snapshot || !may(user.roles, 'cases.open') || !may(user.roles, 'people.view'))
    return { people: [], more: 0 };
  const { db } = services.store;
  const inCases = await db
    .select({ person: casePeople.person })
    .from(casePeople)
    .innerJoin(cases, eq(cases.id, casePeople.case))
    .where(inArray(cases.state, ['asked', 'open']));
  const looked = new Set(inCases.map((row) => row.person));
  const rows = pressing(snapshot).filter((row) => !looked.has(row.id));
  const shown = rows.slice(0, most);
  const open = await services.sight.open(user);
  const kept =
    shown.length === 0
      ? []
      : await db
          .select()
          .from(standings)
          .where(
            inArray(
              standings.person,
              shown.map((row) => row.id),
            ),
          );
  const since = new Map(kept.map((row) => [row.person, row.since.toISOString()]));
  return {
    people: shown.map((row) => {
      const from = since.get(row.id);
      return { ...lineOf(row, open, services), ...(from ? { since: from } : {}) };
    }),
    more: rows.length - shown.length,
  };
}

/** What a returning reader has not seen: counts and places to read on, and nobody's name. */
async function changed(user: User, since: Date, snapshot: Snapshot, services: Services) {
  const says: { says: string; to?: string }[] = [];
  const newer = (time: string | undefined) => time !== undefined && Date.parse(time) > since.getTime();
  if (!newer(snapshot.finishedAt)) return says;
  if (may(user.roles, 'people.view')) {
    const kept = await services.store.db.select().from(standings);
    const here = new Map(pressing(snapshot).map((row) => [row.id, row.band]));
    for (const band of ['urgent', 'review'] as const) {
      const risen = kept.filter(
        (row) => row.since > since && row.band === band && here.get(row.person) === band,
      );
      if (risen.length > 0)
        says.push({
          says: `${risen.length === 1 ? 'One person has' : `${risen.length} people have`} come to ${band}.`,
          to: `#/people?band=${band}`,
        });
    }
  }
  if (may(user.roles, 'rings.view'))
    for (const ring of snapshot.head.rings) {
      const events = ring.history.filter((entry) => newer(entry.time)).map((entry) => entry.event);
      if (events.length > 0)
        says.push({
          says: `A ring of ${ring.members.length} people ${[...new Set(events)].join(', ')}.`,
          to: `#/ring/${encodeURIComponent(ring.id)}`,
        });
    }
  return says;
}

/** Notes since when each of those at review and urgent stands there. Doing it twice changes nothing. */
export async function keepStandings(services: Services): Promise<void> {
  const snapshot = services.results.current();
  if (!snapshot) return;
  await services.store.transaction(async (db) => {
    const before = new Map((await db.select().from(standings)).map((row) => [row.person, row]));
    const now = pressing(snapshot);
    for (const row of now) {
      const known = before.get(row.id);
      if (known && known.band === row.band) continue;
      const band = row.band as 'review' | 'urgent';
      const values = { band, since: services.now(), scan: snapshot.number };
      await db
        .insert(standings)
        .values({ person: row.id, ...values })
        .onConflictDoUpdate({ target: standings.person, set: values });
    }
    const here = new Set(now.map((row) => row.id));
    const gone = [...before.keys()].filter((id) => !here.has(id));
    for (let i = 0; i < gone.length; i += 1000)
      await db.delete(standings).where(inArray(standings.person, gone.slice(i, i + 1000)));
  });
}
