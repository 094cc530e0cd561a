/** What somebody could reach, as the records say; kept as it was when asked for. */
import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { inArray } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { canonical } from '../../audit/audit.js';
import { notFound } from '../../model/refusal.js';
import { responseBundles, responseMarks, responsePlans, responseReach } from '../../store/schema.js';
import { caseFor, isNarrow } from '../cases/members.js';
import { namesFor } from '../cases/names.js';
import { happened, held, peopleOf, sourcesOf } from '../cases/scope.js';
import { playbooksOf } from '../playbooks.js';
import { fingerprintOf } from './bundle/verify.js';
import {
  bundleView,
  changed,
  colleagues,
  frozenView,
  latestFirst,
  letterHead,
  lettersOf,
  ofCase,
  ofPerson,
  personOf,
  readable,
  sha256,
} from './common.js';
import { windowOf } from './containment.js';
import { reachOf, shownOf } from './reach.js';
import { frozenReachSchema, type PlanItem, reachSchema, responseSchema } from './words.js';

export function reachRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/cases/{case}/response',
      summary: 'Frozen reach, containment lists, letters and bundles of a case',
      permission: 'cases.view',
      needs: 'case',
      audit: 'response.view',
      params: ofCase,
      answer: responseSchema,
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: readable, narrow: true });
      const narrow = isNarrow(user);
      const sources = await sourcesOf(db, row.id);
      const people = await peopleOf(db, row.id);
      const name = await namesFor(user, services);
      const who = await colleagues(services);
      const { letters: templates } = await playbooksOf(services);
      const handle = services.keys.handle;
      const plans = latestFirst(await held(db, responsePlans, sources));
      const marks = plans.length
        ? await db
            .select()
            .from(responseMarks)
            .where(
              inArray(
                responseMarks.plan,
                plans.map(({ id }) => id),
              ),
            )
            .orderBy(responseMarks.turn)
        : [];
      note(`case:${row.id}`, { people: people.map(handle) });
      return {
        people: people.map(name),
        playbook: row.playbook,
        frozen: latestFirst(await held(db, responseReach, sources)).map((one) =>
          frozenView(one, handle, who),
        ),
        plans: plans.map((plan) => {
          const { says, open } = windowOf(
            plan.items as unknown as PlanItem[],
            marks.filter((mark) => mark.plan === plan.id),
          );
          return { id: plan.id, person: handle(plan.person), at: plan.at.toISOString(), open, window: says };
        }),
        letters: narrow
          ? []
          : (await lettersOf(db, sources)).map(({ row: letter, version }) => ({
              ...letterHead(letter, handle, who, templates),
              version,
            })),
        templates: narrow
          ? []
          : templates.map(({ id, title, for: use, kind, counsel, identity }) => ({
              id,
              title,
              for: use,
              kind,
              counsel,
              identity,
            })),
        bundles: narrow
          ? []
          : latestFirst(await held(db, responseBundles, sources)).map((one) => bundleView(one, who)),
        fingerprint: fingerprintOf(services.keys.publicKey()),
      };
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/reach/{person}',
      summary: 'What a person of the case could reach and did, from the last scan',
      permission: 'cases.view',
      needs: 'case',
      audit: 'reach.view',
      params: ofPerson,
      answer: reachSchema,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable, narrow: true });
      const person = await personOf(db, services, params.case, params.person);
      note(`person:${person.handle}`, { case: params.case });
      const { person: handle, ...rest } = shownOf(await reachOf(services, person));
      return { person: handle, ...(await services.sight.veil(user, rest, [person.id])) };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/reach/{person}/freeze',
      summary: 'Freeze what they could reach into the case',
      permission: 'cases.work',
      needs: 'case',
      audit: 'reach.freeze',
      params: ofPerson,
      answer: frozenReachSchema,
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case);
      const person = await personOf(db, services, params.case, params.person);
      const reach = await reachOf(services, person);
      const json = canonical({ ...shownOf(reach), networks: reach.networks });
      const row = {
        id: randomUUID(),
        case: params.case,
        person: person.id,
        asOf: reach.asOf,
        json,
        sha256: sha256(json),
        by: user.id,
        at: services.now(),
      };
      await db.insert(responseReach).values(row);
      await happened(db, {
        case: params.case,
        person: person.id,
        by: user.id,
        at: row.at,
        kind: 'reach.frozen',
        says: `What they could reach and did was frozen; SHA-256 ${row.sha256}.`,
      });
      note(`case:${params.case}`, { person: person.handle, frozen: row.id, sha256: row.sha256 });
      changed(services, params.case);
      return frozenView(row, services.keys.handle, await colleagues(services));
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/frozen-reach/{frozen}',
      summary: 'What was frozen of their reach',
      permission: 'cases.view',
      needs: 'case',
      audit: 'reach.view',
      params: ofCase.extend({ frozen: z.string().max(100) }),
      answer: frozenReachSchema.extend({ reach: reachSchema }),
    },
    async ({ params, user, db, note }, services) => {
      await caseFor(db, user, params.case, { in: readable });
      const row = (await held(db, responseReach, await sourcesOf(db, params.case))).find(
        ({ id }) => id === params.frozen,
      );
      if (!row) throw notFound('what was frozen');
      note(`person:${services.keys.handle(row.person)}`, { case: params.case });
      const reach = reachSchema.parse(JSON.parse(row.json));
      const { person: handle, ...rest } = reach;
      return {
        ...frozenView(row, services.keys.handle, await colleagues(services)),
        reach: { person: handle, ...(await services.sight.veil(user, rest, [row.person])) },
      };
    },
  );
}
