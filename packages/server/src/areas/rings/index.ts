import { z } from '@hono/zod-openapi';
import {
  addExplanation,
  confirmExplanation,
  mergeRings,
  splitRing,
  undoDecision,
  withdrawExplanation,
} from '@rollcall/engine/links/index.js';
import type { Ring } from '@rollcall/engine/model/result.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { may, type User } from '../../model/roles.js';
import type { Services, Snapshot } from '../../model/services.js';
import type { Area } from '../area.js';
import { emptyPart, namedIn, partOfRing, withColleagues } from '../people/part.js';
import { prepare } from '../people/select.js';
import { accountDecisions } from './accounted.js';
import { decided, pendingDecisions } from './decisions.js';
import {
  confirmBody,
  decidedSchema,
  explanationBody,
  explanationsSchema,
  mergeBody,
  ringsSchema,
  splitBody,
  undoBody,
} from './words.js';

const ringParam = z.object({ ring: z.string().max(200) });
const explanationParam = z.object({ explanation: z.string().max(200) });
const decisionParam = z.object({ decision: z.coerce.number().int().positive() });

export const area: Area = {
  name: 'rings',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/rings',
        summary: 'People joined by what they share and no explanation accounts for',
        permission: 'rings.view',
        answer: ringsSchema,
      },
      async ({ user }, services) => {
        const snapshot = services.results.current();
        if (!snapshot) return { elsewhere: { people: [] }, pending: await pendingDecisions(user, services) };
        const part = { ...emptyPart(snapshot), rings: snapshot.head.rings.map(light) };
        return {
          ...(await shownTo(user, part, snapshot, services)),
          pending: await pendingDecisions(user, services),
        };
      },
    );

    router.add(
      {
        method: 'get',
        path: '/rings/{ring}',
        summary: 'One ring: who shares what, and what became of it',
        permission: 'rings.view',
        audit: 'ring.view',
        params: ringParam,
        answer: ringsSchema,
      },
      async ({ params, user, note }, services) => {
        const { snapshot, ring } = theRing(params.ring, services);
        note(`ring:${ring.id}`);
        return {
          ...(await shownTo(user, await partOfRing(snapshot, ring), snapshot, services)),
          pending: await pendingDecisions(user, services),
        };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/rings/{ring}/merge',
        summary: 'Says that two rings are one, from the next scan on',
        permission: 'rings.decide',
        audit: 'ring.merge',
        params: ringParam,
        body: mergeBody,
        answer: decidedSchema,
      },
      async ({ params, body, user, note }, services) => {
        const { ring } = theRing(params.ring, services);
        const { ring: other } = theRing(body.other, services);
        if (ring.id === other.id)
          throw new Refusal(409, 'SAME_RING', 'two different rings are needed; name the other one');
        const made = await decided(
          () => mergeRings(services.lake, ring.id, other.id, by(user, body.reason, services)),
          'the last scan no longer knows one of these rings; read the page again',
        );
        note(`ring:${ring.id}`, { other: other.id, ...made });
        await after(services, 'rings were put together');
        return made;
      },
    );

    router.add(
      {
        method: 'post',
        path: '/rings/{ring}/split',
        summary: 'Takes people out of a ring, from the next scan on',
        permission: 'rings.decide',
        audit: 'ring.split',
        params: ringParam,
        body: splitBody,
        answer: decidedSchema,
      },
      async ({ params, body, user, note }, services) => {
        const { snapshot, ring } = theRing(params.ring, services);
        const members = new Set(ring.members.map((member) => member.id));
        const people = [...new Set(body.people)].map((handle) => idOf(handle, snapshot));
        if (people.some((id) => !members.has(id)))
          throw new Refusal(
            409,
            'NOT_IN_RING',
            'somebody you chose is not in this ring; read the page again',
          );
        if (people.length >= members.size)
          throw new Refusal(409, 'WHOLE_RING', 'choose some of its people, and leave at least one');
        const made = await decided(
          () => splitRing(services.lake, ring.id, people, by(user, body.reason, services)),
          'the last scan knows this ring in another form; read the page again',
        );
        note(`ring:${ring.id}`, { people: people.map(services.keys.handle), ...made });
        await after(services, 'people were taken out of a ring');
        return made;
      },
    );

    router.add(
      {
        method: 'post',
        path: '/decisions/{decision}/undo',
        summary: 'Takes a decision on rings or explanations back; both stay on record',
        permission: 'rings.decide',
        audit: 'decision.undo',
        params: decisionParam,
        body: undoBody,
        answer: decidedSchema,
      },
      async ({ params, body, user, note }, services) => {
        const made = await decided(
          () => undoDecision(services.lake, params.decision, by(user, body.reason, services)),
          `there is no decision ${params.decision} that still counts; it may be undone already`,
        );
        note(`decision:${params.decision}`, made);
        await after(services, 'a decision was undone');
        return made;
      },
    );

    router.add(
      {
        method: 'get',
        path: '/explanations',
        summary: 'Innocent reasons: those the data suggests, and those on record',
        permission: 'rings.view',
        answer: explanationsSchema,
      },
      async ({ user }, services) => {
        const detections = services.content.detections
          .filter((one) => one.explained_by.length > 0)
          .map((one) => ({ id: one.id, title: one.title, kinds: [...one.explained_by] }));
        const pending = await pendingDecisions(user, services);
        const snapshot = services.results.current();
        if (!snapshot)
          return {
            elsewhere: { people: [] },
            pending,
            choices: { departments: [], vendors: [], detections },
          };
        const { proposals, explanations } = snapshot.head;
        const part = { ...emptyPart(snapshot), proposals, explanations };
        const { choices } = prepare(snapshot);
        return {
          ...(await shownTo(user, part, snapshot, services)),
          pending,
          choices: { departments: choices.department, vendors: choices.vendor, detections },
        };
      },
    );

    router.add(
      {
        method: 'post',
        path: '/explanations',
        summary: 'Puts an innocent reason on record that nobody proposed',
        permission: 'rings.decide',
        audit: 'explanation.add',
        body: explanationBody,
        answer: decidedSchema,
      },
      async ({ body, user, note }, services) => {
        const snapshot = current(services);
        const people = [...new Set(body.people)].map((handle) => idOf(handle, snapshot));
        const { choices } = prepare(snapshot);
        const groups = [
          ...body.departments.map((department) => ({ department: known(department, choices.department) })),
          ...body.vendors.map((vendor) => ({ vendor: known(vendor, choices.vendor) })),
        ];
        if (people.length === 0 && groups.length === 0 && !body.value)
          throw new Refusal(400, 'ABOUT_NOBODY', 'say whom it is about, or which value');
        for (const id of body.detections) {
          const detection = services.content.detections.find((one) => one.id === id);
          if (!detection?.explained_by.some((kind) => kind === body.kind))
            throw new Refusal(
              400,
              'EXPLAINS_NOTHING',
              'this sort of reason explains none of what the chosen detections find',
            );
        }
        if (body.from && body.to && body.to < body.from)
          throw new Refusal(400, 'DAYS_REVERSED', 'what happened ends before it begins');
        if (body.until && body.until < services.now().toISOString().slice(0, 10))
          throw new Refusal(400, 'DAY_OVER', 'its last day is over already: it would explain nothing');
        const made = await decided(
          () =>
            addExplanation(
              services.lake,
              {
                kind: body.kind,
                people,
                detections: body.detections,
                ...(groups.length > 0 ? { groups } : {}),
                ...(body.value ? { value: body.value } : {}),
                ...(body.from ? { from: body.from } : {}),
                ...(body.to ? { to: body.to } : {}),
                ...(body.until ? { until: body.until } : {}),
              },
              by(user, body.reason, services),
            ),
          'this reason is on record already, or its days do not fit together',
        );
        note(people.length === 1 ? `person:${services.keys.handle(people[0] as string)}` : '', {
          kind: body.kind,
          people: people.map(services.keys.handle),
          ...made,
        });
        await after(services, 'an innocent reason was recorded');
        return made;
      },
    );

    router.add(
      {
        method: 'post',
        path: '/explanations/{explanation}/confirm',
        summary: 'Confirms an innocent reason that the data suggests',
        permission: 'rings.decide',
        audit: 'explanation.confirm',
        params: explanationParam,
        body: confirmBody,
        answer: decidedSchema,
      },
      async ({ params, body, user, note }, services) => {
        const proposal = current(services).head.proposals.find((one) => one.id === params.explanation);
        if (!proposal) throw notFound('the suggested reason');
        if (proposal.policy)
          throw new Refusal(
            409,
            'FOR_THE_POLICY',
            'this one counts for everybody, and is recorded in the policy file by whoever keeps it',
          );
        if (body.until && body.until < services.now().toISOString().slice(0, 10))
          throw new Refusal(400, 'DAY_OVER', 'its last day is over already: it would explain nothing');
        const made = await decided(
          () =>
            confirmExplanation(services.lake, params.explanation, {
              ...by(user, body.reason, services),
              ...(body.until ? { until: body.until } : {}),
            }),
          'this reason is confirmed already, or the data no longer suggests it',
        );
        note(`explanation:${proposal.id}`, {
          kind: proposal.kind,
          people: proposal.people.map((one) => services.keys.handle(one.id)),
          ...made,
        });
        await after(services, 'an innocent reason was confirmed');
        return made;
      },
    );

    router.add(
      {
        method: 'post',
        path: '/explanations/{explanation}/withdraw',
        summary: 'Takes an innocent reason back; it stays on record',
        permission: 'rings.decide',
        audit: 'explanation.withdraw',
        params: explanationParam,
        body: undoBody,
        answer: decidedSchema,
      },
      async ({ params, body, user, note }, services) => {
        const made = await decided(
          () => withdrawExplanation(services.lake, params.explanation, by(user, body.reason, services)),
          'no reason by this name is in force; it may be taken back already',
        );
        note(`explanation:${params.explanation}`, made);
        await after(services, 'an innocent reason was taken back');
        return made;
      },
    );
  },

  work: { 'decisions.account': (_, services) => accountDecisions(services) },
  every: { 'decisions.account': 30 },

  async waiting(user, services) {
    if (!may(user.roles, 'rings.decide')) return [];
    const open = services.results.current()?.head.proposals.filter((one) => !one.confirmed) ?? [];
    if (open.length === 0) return [];
    return [
      {
        kind: 'explanation',
        id: 'explanations',
        title: `Check ${open.length === 1 ? 'an innocent reason' : `${open.length} innocent reasons`} that the data suggests`,
        why: 'None counts until somebody has looked into it. One that is true clears everything that hangs on it.',
        to: '#/explanations',
        rank: 2,
      },
    ];
  },
};

/** The list shows titles, sentences and members; what stands behind them is on the page of each. */
function light(ring: Ring): Ring {
  return { ...ring, edges: [], history: [], between: [], byHand: [] };
}

function current(services: Services): Snapshot {
  const snapshot = services.results.current();
  if (!snapshot)
    throw new Refusal(409, 'NO_SCAN_YET', 'nothing can be decided before the first scan has finished');
  return snapshot;
}

function theRing(id: string, services: Services): { snapshot: Snapshot; ring: Ring } {
  const snapshot = services.results.current();
  const ring = snapshot?.ring(id);
  if (!snapshot || !ring) throw notFound('the ring');
  return { snapshot, ring };
}

/** By handle, or by pseudonym as people read and write it. */
function idOf(said: string, snapshot: Snapshot): string {
  const row = snapshot.row(said);
  if (row && row.handle === said) return row.id;
  const code = said.toLowerCase().replace(/[^0-9a-z]/g, '');
  const found = /^[0-9a-z]{6,10}$/.test(code)
    ? snapshot.people.filter((one) => one.handle.startsWith(`p${code}`))
    : [];
  const [only] = found;
  if (!only || found.length > 1)
    throw new Refusal(
      400,
      'PERSON_UNKNOWN',
      'somebody you named is not on record; look at their number again',
    );
  return only.id;
}

function known(value: string, among: readonly string[]): string {
  const found = among.find((one) => one.toLowerCase() === value.toLowerCase());
  if (found === undefined)
    throw new Refusal(400, 'GROUP_UNKNOWN', 'nobody on record is of the department or vendor you named');
  return found;
}

function by(user: User, reason: string, services: Services) {
  return { by: user.id, reason, now: services.now() };
}

async function shownTo(user: User, part: unknown, snapshot: Snapshot, services: Services) {
  const veiled = await services.sight.veil(
    user,
    { result: part, elsewhere: { people: namedIn(part, snapshot) } },
    [],
  );
  return { result: await withColleagues(veiled.result, services), elsewhere: veiled.elsewhere };
}

/** What was decided counts from the next scan on, so one is asked for. */
async function after(services: Services, reason: string): Promise<void> {
  await services.intake.wake(reason);
  for (const topic of ['rings', 'people', 'today']) services.live.publish(topic);
}
