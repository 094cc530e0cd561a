import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import { Refusal } from '../../model/refusal.js';
import { may } from '../../model/roles.js';
import type { Snapshot } from '../../model/services.js';
import { detectionDrafts } from '../../store/schema.js';
import type { Area, Waiting } from '../area.js';
import {
  changeDraft,
  discard,
  draftOf,
  listDrafts,
  makeDraft,
  proposeDraft,
  sendBack,
  sha256,
  switchOff,
  switchOn,
  tellDraft,
  textMost,
  tryOut,
} from './drafts.js';
import { foundBy } from './found.js';
import { coverageOf, describeDetection, detectionOf, listDetections } from './list.js';
import { endSnooze, listSnoozes, snooze, snoozesInForce } from './snoozes.js';
import { recordVerdict, verdicts, verdictsOn } from './verdicts.js';
import {
  coverageSchema,
  detectionListSchema,
  detectionSchema,
  draftSchema,
  findingsSchema,
  snoozeSchema,
  trialSchema,
} from './words.js';

const size = 50;
const detectionId = z.object({ detection: z.string().min(1).max(200) });
const draftId = z.object({ draft: z.uuid() });
const reason = z.string().trim().min(3, 'say why, in a few words').max(2000);
const draftBody = z.object({
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'the name is words in small letters with dashes between them'),
  stage: z.enum([
    'application',
    'interview',
    'verification',
    'onboarding',
    'employed',
    'vendor',
    'offboarding',
    'exposure',
  ]),
  text: z.string().min(1).max(textMost),
});
const done = z.object({ done: z.literal(true) });

export const area: Area = {
  name: 'detections',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/detections',
        summary: 'All detections, with how often each fires here and what people said of its findings',
        permission: 'detections.view',
        answer: detectionListSchema,
      },
      async ({ db }, services) => listDetections(services, db),
    );
    router.add(
      {
        method: 'get',
        path: '/coverage',
        summary: 'Public advice, and what here follows it',
        permission: 'detections.view',
        answer: coverageSchema,
      },
      async (_, services) => coverageOf(services),
    );
    router.add(
      {
        method: 'get',
        path: '/detections/{detection}',
        summary: 'One detection: why, query, tests, weight, base rate, innocent readings',
        permission: 'detections.view',
        params: detectionId,
        answer: detectionSchema,
      },
      async ({ db, params }, services) => describeDetection(services, db, params.detection),
    );
    router.add(
      {
        method: 'get',
        path: '/detections/{detection}/people',
        summary: 'Whom a detection found, under pseudonyms',
        permission: 'people.view',
        audit: 'detection.people',
        params: detectionId,
        query: z.object({ page: z.coerce.number().int().min(1).max(10_000).default(1) }),
        answer: findingsSchema,
      },
      async ({ db, params, query, user, note }, services) => {
        const { content, snapshot } = detectionOf(services, params.detection);
        const found = (await foundBy(snapshot)).get(params.detection) ?? [];
        const [given, snoozed] = [await verdictsOn(db, params.detection), await snoozesInForce(services)];
        const opened = await services.sight.open(user);
        const part = found.slice((query.page - 1) * size, query.page * size);
        const findings = [];
        for (const one of part) {
          const finding = await findingOf(snapshot, params.detection, one.person);
          const row = snapshot.row(one.person);
          if (!finding || !row) continue;
          const told = await services.sight.veil(user, { says: finding.says }, [row.id, ...finding.others]);
          const verdict = given.get(row.id);
          const set = snoozed.get(`${params.detection} ${row.id}`);
          findings.push({
            handle: row.handle,
            name: services.sight.called(row, opened.has(row.id)),
            open: opened.has(row.id),
            band: row.band,
            says: told.says,
            first: finding.first,
            bits: finding.bits,
            ...(finding.explained ? { explained: finding.explained.kind } : {}),
            ...(verdict ? { verdict } : {}),
            ...(set ? { snoozed: { id: set.id, until: set.until } } : {}),
          });
        }
        note(`detection:${params.detection}`, { people: findings.map((one) => one.handle) });
        return {
          total: found.length,
          page: query.page,
          size,
          findings,
          snoozable: content !== undefined && content.about === 'person' && !content.weight?.conclusive,
        };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/detections/{detection}/verdicts',
        summary: 'Says what a finding turned out to be',
        permission: 'detections.edit',
        audit: 'finding.verdict',
        params: detectionId,
        body: z.object({
          person: z.string().min(1).max(200),
          verdict: z.enum(verdicts),
          note: z.string().trim().max(2000).optional(),
        }),
        answer: done,
      },
      async ({ db, params, body, user, note }, services) => {
        const { snapshot } = detectionOf(services, params.detection);
        const row = snapshot.row(body.person);
        // By handle only: whoever knows a number of the company would learn here whose finding this is.
        if (row?.handle !== body.person || !(await findingOf(snapshot, params.detection, row.id)))
          throw new Refusal(
            404,
            'NO_FINDING',
            'this detection found nothing about this person at the last scan',
          );
        await recordVerdict(db, {
          detection: params.detection,
          person: row.id,
          verdict: body.verdict,
          by: user.id,
          at: services.now(),
          ...(body.note ? { note: body.note } : {}),
        });
        note(`person:${row.handle}`, { detection: params.detection, verdict: body.verdict });
        services.live.publish('detections');
        return { done: true as const };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/snoozes',
        summary: 'Findings that somebody set aside, and until when',
        permission: 'people.view',
        audit: 'snooze.list',
        answer: z.object({ snoozes: z.array(snoozeSchema) }),
      },
      async ({ user }, services) => ({ snoozes: await listSnoozes(services, user) }),
    );
    router.add(
      {
        method: 'post',
        path: '/detections/{detection}/snoozes',
        summary: 'Sets one finding of one person aside, for 90 days at most',
        permission: 'detections.edit',
        audit: 'finding.snooze',
        params: detectionId,
        body: z.object({
          person: z.string().min(1).max(200),
          reason,
          until: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a day is written 2026-03-31'),
        }),
        answer: z.object({ id: z.string() }),
      },
      async ({ params, body, user, note }, services) => {
        const about = `person:${services.results.current()?.row(body.person)?.handle ?? 'unknown'}`;
        const noted = { detection: params.detection, until: body.until };
        note(about, noted);
        const { id, decision } = await snooze(services, user, {
          detection: params.detection,
          handle: body.person,
          reason: body.reason,
          until: body.until,
        });
        note(about, { ...noted, decision });
        services.live.publish('detections');
        return { id };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/snoozes/{snooze}/end',
        summary: 'Ends a snooze early: the finding counts again from the next scan on',
        permission: 'detections.edit',
        audit: 'finding.snooze-end',
        params: z.object({ snooze: z.string().min(1).max(200) }),
        body: z.object({ reason }),
        answer: done,
      },
      async ({ params, body, user, note }, services) => {
        const held = await endSnooze(services, user, params.snooze, body.reason);
        note(`person:${services.keys.handle(held.person)}`, {
          detection: held.detection,
          decision: held.decision,
        });
        services.live.publish('detections');
        return { done: true as const };
      },
    );
    addDrafts(router);
  },
  async waiting(user, services): Promise<Waiting[]> {
    if (!may(user.roles, 'detections.edit')) return [];
    const rows = await services.store.db
      .select()
      .from(detectionDrafts)
      .where(eq(detectionDrafts.state, 'asked'));
    return rows
      .filter((row) => row.author !== user.id)
      .map((row) => ({
        kind: 'approval',
        id: `draft ${row.id}`,
        title: `Look at the detection ${row.name}, and switch it on or send it back`,
        why: 'A colleague wrote it and tried it; it takes a second person to switch it on.',
        to: `#/detections?part=drafts&draft=${row.id}`,
        rank: 2 as const,
      }));
  },
};

async function findingOf(snapshot: Snapshot, detection: string, person: string) {
  return (await snapshot.person(person))?.signals.find((one) => one.detection === detection);
}

function addDrafts(router: Parameters<Area['routes']>[0]): void {
  router.add(
    {
      method: 'get',
      path: '/drafts',
      summary: 'Detections written here',
      permission: 'detections.view',
      answer: z.object({ drafts: z.array(draftSchema) }),
    },
    async ({ db }, services) => ({ drafts: await listDrafts(db, services) }),
  );
  router.add(
    {
      method: 'post',
      path: '/drafts',
      summary: 'Begins a draft',
      permission: 'detections.edit',
      audit: 'draft.make',
      body: draftBody,
      answer: draftSchema,
    },
    async ({ db, body, user, note }, services) => {
      const row = await makeDraft(db, services, user, body);
      note(`draft:${row.id}`, { name: row.name, sha256: sha256(row.text) });
      services.live.publish('drafts');
      return tellDraft(row, services);
    },
  );
  router.add(
    {
      method: 'put',
      path: '/drafts/{draft}',
      summary: 'Changes a draft; who changes it is its author from then on',
      permission: 'detections.edit',
      audit: 'draft.change',
      params: draftId,
      body: draftBody,
      answer: draftSchema,
    },
    async ({ db, params, body, user, note }, services) => {
      const row = await changeDraft(db, services, user, params.draft, body);
      note(`draft:${row.id}`, { name: row.name, sha256: sha256(row.text) });
      services.live.publish('drafts');
      return tellDraft(row, services);
    },
  );
  router.add(
    {
      // It reads everybody's records and changes none; a transaction would hold up everybody else for its time.
      method: 'get',
      path: '/drafts/{draft}/trial',
      summary: 'Tries a draft on what is on record: whom it would find, how often, what it would weigh',
      permission: 'detections.edit',
      audit: 'draft.try',
      params: draftId,
      answer: trialSchema,
    },
    async ({ db, params, user, note }, services) => {
      const row = await draftOf(db, params.draft);
      note(`draft:${params.draft}`, { name: row.name, sha256: sha256(row.text) });
      const trial = await tryOut(services, user, params.draft);
      note(`draft:${params.draft}`, { found: trial.people, shown: trial.who.map((one) => one.handle) });
      return trial;
    },
  );
  const steps = [
    ['ask', 'Asks a second person to switch it on', proposeDraft],
    ['back', 'Sends it back to its author, with what is to be changed', sendBack],
    ['off', 'Switches it off: from the next scan on it looks at nobody', switchOff],
  ] as const;
  for (const [step, summary, run] of steps)
    router.add(
      {
        method: 'post',
        path: `/drafts/{draft}/${step}`,
        summary,
        permission: 'detections.edit',
        audit: `draft.${step}`,
        params: draftId,
        body: z.object({ reason }),
        answer: draftSchema,
      },
      async ({ db, params, body, user, note }, services) => {
        const row = await run(db, services, user, params.draft, body.reason);
        note(`draft:${row.id}`, { name: row.name, sha256: sha256(row.text) });
        if (step === 'off') await services.intake.wake('a detection was switched off');
        for (const topic of ['drafts', 'detections', 'today']) services.live.publish(topic);
        return tellDraft(row, services);
      },
    );
  router.add(
    {
      method: 'post',
      path: '/drafts/{draft}/on',
      summary: 'Switches it on, by somebody who did not write it',
      permission: 'detections.edit',
      audit: 'draft.on',
      params: draftId,
      body: z.object({
        reason,
        /** Of the text that was read. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
      answer: draftSchema,
    },
    async ({ db, params, body, user, note }, services) => {
      const row = await switchOn(db, services, user, params.draft, body);
      note(`draft:${row.id}`, { name: row.name, sha256: sha256(row.text) });
      await services.intake.wake('a detection was switched on');
      for (const topic of ['drafts', 'detections', 'today']) services.live.publish(topic);
      return tellDraft(row, services);
    },
  );
  router.add(
    {
      method: 'delete',
      path: '/drafts/{draft}',
      summary: 'Discards a draft that is not switched on',
      permission: 'detections.edit',
      audit: 'draft.discard',
      params: draftId,
      answer: done,
    },
    async ({ db, params, user, note }, services) => {
      const row = await discard(db, user, params.draft);
      note(`draft:${row.id}`, { name: row.name, sha256: sha256(row.text) });
      services.live.publish('drafts');
      return { done: true as const };
    },
  );
}
