import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { ownRows } from '../../access/own-matter.js';
import { keepDays } from '../../intake/keep.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { may } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import { removals } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import type { Area } from '../area.js';
import { heldPeople } from './held.js';
import { askBody, type Keeping, keepingSchema, type Removal, refuseBody } from './words.js';
import { byAge, carryOutAgreed, clearRest, lastKey } from './work.js';

const removalId = z.object({ removal: z.uuid() });
const done = z.object({ done: z.literal(true) });
const shownMost = 200;

export const area: Area = {
  name: 'removals',
  work: { removal: carryOutAgreed, 'removal.rest': clearRest, retention: byAge },
  every: { retention: 24 * 60 },
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/removals',
        summary: 'How long things are kept, and who asked for somebody to be removed',
        permission: 'removals.view',
        answer: keepingSchema,
      },
      async ({ user }, services) => {
        const ages = (await services.policy()).retention;
        const rows = await services.store.db
          .select()
          .from(removals)
          .orderBy(desc(removals.askedAt), removals.id)
          .limit(shownMost);
        const held = new Set(await heldPeople(services.store.db));
        const names = new Map((await services.accounts.list()).map((one) => [one.id, one.name]));
        const opened = await services.sight.open(user);
        const seesPeople = may(user.roles, 'people.view');
        const list = rows.map((row): Removal => {
          const person = row.person === '' ? undefined : services.results.current()?.row(row.person);
          const waits = row.state === 'asked';
          return {
            id: row.id,
            ...(seesPeople
              ? {
                  who: {
                    handle: row.handle,
                    called:
                      row.person === ''
                        ? `Person ${row.handle.slice(1, 5).toUpperCase()}-${row.handle.slice(5, 7).toUpperCase()}`
                        : services.sight.called(
                            person ?? { id: row.person, name: '' },
                            opened.has(row.person),
                          ),
                  },
                }
              : {}),
            reason: seesPeople ? row.reason : '',
            state:
              row.state !== 'agreed'
                ? row.state
                : // Whether somebody is in a case is for those who decide about this.
                  held.has(row.person) && may(user.roles, 'removals.agree')
                  ? 'held'
                  : row.removedAt === null
                    ? 'agreed'
                    : person
                      ? 'returned'
                      : 'under way',
            askedBy: names.get(row.askedBy) ?? row.askedBy,
            askedAt: row.askedAt.toISOString(),
            ...(row.answeredBy ? { answeredBy: names.get(row.answeredBy) ?? row.answeredBy } : {}),
            ...(row.answeredAt ? { answeredAt: row.answeredAt.toISOString() } : {}),
            ...(row.answer && seesPeople ? { answer: row.answer } : {}),
            ...(row.doneAt ? { doneAt: row.doneAt.toISOString() } : {}),
            ...(row.counts ? { counts: row.counts } : {}),
            may: [
              ...(waits && may(user.roles, 'removals.agree') && row.askedBy !== user.id
                ? (['agree', 'refuse'] as const)
                : []),
              ...(waits && row.askedBy === user.id ? (['withdraw'] as const) : []),
            ],
          };
        });
        const veiled = await services.sight.veil(
          user,
          list,
          rows.map((row) => row.person).filter((id) => id !== ''),
        );
        const last = await services.settings.get<Keeping['last'] | null>(lastKey, null);
        return {
          ages: {
            ...(ages?.logs_days ? { logs: ages.logs_days } : {}),
            ...(ages?.applicants_days ? { applicants: ages.applicants_days } : {}),
            ...(ages?.leavers_days ? { leavers: ages.leavers_days } : {}),
            ...(ages?.cases_days ? { cases: ages.cases_days } : {}),
          },
          handedIn: await services.settings.get(keepDays.key, keepDays.days),
          ...(last ? { last } : {}),
          removals: veiled,
          mayAsk: may(user.roles, 'removals.ask'),
        };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/removals',
        summary:
          'Ask that everything of a person is removed. Counsel who is somebody else agrees, or refuses',
        permission: 'removals.ask',
        audit: 'removal.ask',
        body: askBody,
        answer: z.object({ id: z.string() }),
      },
      async ({ body, user, db, note }, services) => {
        const row = await personOf(services, body.who);
        if ((await ownRows(user, services)).some((one) => one.id === row.id)) throw ownMatter();
        const waiting = await db
          .select({ id: removals.id })
          .from(removals)
          .where(and(eq(removals.person, row.id), inArray(removals.state, ['asked', 'agreed'])));
        if (waiting.length > 0)
          throw new Refusal(409, 'ASKED_ALREADY', 'this was asked for already, and is not done yet');
        const id = randomUUID();
        await db.insert(removals).values({
          id,
          person: row.id,
          handle: row.handle,
          reason: body.reason,
          state: 'asked',
          askedBy: user.id,
          askedAt: services.now(),
        });
        note(`person:${row.handle}`, { removal: id });
        services.live.publish('removals');
        services.live.publish('today');
        return { id };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/removals/{removal}/agree',
        summary: 'Agree that everything of a person is removed; not while they are in an open case',
        permission: 'removals.agree',
        audit: 'removal.agree',
        params: removalId,
        answer: done,
      },
      async ({ params, user, db, note }, services) => {
        const one = await waitingOne(db, params.removal);
        if (one.askedBy === user.id)
          throw new Refusal(403, 'ANOTHER_PERSON', 'you asked for it, so somebody else has to agree');
        if ((await ownRows(user, services)).some((row) => row.id === one.person)) throw ownMatter();
        if ((await heldPeople(db)).includes(one.person))
          throw new Refusal(
            409,
            'IN_OPEN_CASE',
            'they are in an open case, and what it rests on must not go: agree once it is closed, or refuse and say why',
          );
        await db
          .update(removals)
          .set({ state: 'agreed', answeredBy: user.id, answeredAt: services.now() })
          .where(eq(removals.id, one.id));
        await services.queue.add(db, 'removal', {}, { key: 'removal' });
        note(`person:${one.handle}`, { removal: one.id });
        services.live.publish('removals');
        return { done: true as const };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/removals/{removal}/refuse',
        summary: 'Refuse that somebody is removed, and say why',
        permission: 'removals.agree',
        audit: 'removal.refuse',
        params: removalId,
        body: refuseBody,
        answer: done,
      },
      async ({ params, body, user, db, note }, services) => {
        const one = await waitingOne(db, params.removal);
        if (one.askedBy === user.id)
          throw new Refusal(403, 'ANOTHER_PERSON', 'you asked for it yourself; withdraw it instead');
        await db
          .update(removals)
          .set({
            state: 'refused',
            answer: body.reason,
            answeredBy: user.id,
            answeredAt: services.now(),
          })
          .where(eq(removals.id, one.id));
        note(`person:${one.handle}`, { removal: one.id });
        services.live.publish('removals');
        return { done: true as const };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/removals/{removal}/withdraw',
        summary: 'Take one’s own request back before anybody has answered it',
        permission: 'removals.ask',
        audit: 'removal.withdraw',
        params: removalId,
        answer: done,
      },
      async ({ params, user, db, note }, services) => {
        const one = await waitingOne(db, params.removal);
        if (one.askedBy !== user.id)
          throw new Refusal(403, 'NOT_YOURS', 'only who asked for it can take it back');
        await db.update(removals).set({ state: 'withdrawn' }).where(eq(removals.id, one.id));
        note(`person:${one.handle}`, { removal: one.id });
        services.live.publish('removals');
        return { done: true as const };
      },
    );
  },
  async waiting(user, services) {
    if (!may(user.roles, 'removals.agree')) return [];
    const rows = await services.store.db.select().from(removals).where(eq(removals.state, 'asked'));
    return rows
      .filter((row) => row.askedBy !== user.id)
      .map((row) => ({
        kind: 'approval',
        id: `removal ${row.id}`,
        title: `Say whether everything of ${services.sight.pseudonym(row.person)} is to be removed`,
        why: 'Somebody asked for it. The law gives a month to answer, in many places.',
        to: '#/settings?part=keeping',
        due: new Date(row.askedAt.getTime() + 30 * 86_400_000).toISOString(),
        rank: 1,
      }));
  },
};

const ownMatter = () => new Refusal(403, 'OWN_MATTER', 'this is about yourself, so a colleague has to do it');

async function waitingOne(db: Db, id: string): Promise<typeof removals.$inferSelect> {
  const [one] = await db.select().from(removals).where(eq(removals.id, id));
  if (!one) throw notFound('the request');
  if (one.state !== 'asked')
    throw new Refusal(409, 'ANSWERED_ALREADY', 'this request waits for nobody any more');
  return one;
}

/** By handle, number or e-mail address. What nobody has says no more than that. */
async function personOf(services: Services, who: string): Promise<PersonRow> {
  const snapshot = services.results.current();
  const row = snapshot?.row(who);
  if (row) return row;
  const ids = who.includes('@')
    ? new Set([
        ...((await snapshot?.withMail?.(who.toLowerCase())) ?? []),
        ...(snapshot?.people.filter((one) => one.workEmail?.toLowerCase() === who.toLowerCase()) ?? []).map(
          (one) => one.id,
        ),
      ])
    : new Set<string>();
  if (ids.size > 1)
    throw new Refusal(
      409,
      'SEVERAL_PEOPLE',
      'several people have this address: say whom you mean by their number or the handle in the address of their page',
    );
  const [id = ''] = ids;
  const found = snapshot?.row(id);
  if (!found)
    throw new Refusal(
      404,
      'NOBODY',
      'nobody on record has this number, handle or e-mail address; names are not looked up, as two people may share one',
    );
  return found;
}
