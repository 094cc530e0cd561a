import { createHmac, randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { type Clauses, loadVendorContent, type Questionnaire } from '@rollcall/engine/content/vendors.js';
import type { Exposure } from '@rollcall/engine/model/result.js';
import { and, desc, eq, sql } from 'drizzle-orm';
import { notFound, Refusal } from '../../model/refusal.js';
import { may } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import {
  vendorAnswers,
  vendorAudits,
  vendorAuditWorkers,
  vendorClauses,
  vendors,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import type { Area } from '../area.js';
import { draw, halfYear, sampleSize } from './draw.js';
import { type Known, standing } from './standing.js';
import {
  answersBodySchema,
  auditPageSchema,
  clauseBodySchema,
  closeBodySchema,
  standingSchema,
  vendorPageSchema,
  workerBodySchema,
} from './words.js';

const vendorParam = z.object({ vendor: z.string() });
const auditParams = vendorParam.extend({ audit: z.string() });
const done = z.object({ done: z.literal(true) });

const loaded = new Map<string, Promise<{ questionnaire: Questionnaire; clauses: Clauses }>>();
function content(folder: string) {
  const known = loaded.get(folder);
  if (known) return known;
  const made = loadVendorContent(folder);
  loaded.set(folder, made);
  return made;
}

/** The people a firm sent who are here now. */
function workersOf(name: string, services: Services): PersonRow[] {
  const wanted = name.trim().toLowerCase();
  return (services.results.current()?.people ?? []).filter(
    (row) =>
      row.vendor?.trim().toLowerCase() === wanted && (row.stage === 'onboarding' || row.stage === 'employed'),
  );
}

const idOf = (name: string, services: Services) =>
  services.keys.handle(`vendor:${name.trim().toLowerCase()}`);

/** Every firm: those HR names beside somebody, and those that were added here. */
async function firms(db: Db, services: Services): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const row of services.results.current()?.people ?? [])
    if (row.vendor?.trim()) {
      const id = idOf(row.vendor, services);
      if (!names.has(id)) names.set(id, row.vendor.trim());
    }
  for (const row of await db.select().from(vendors)) names.set(row.id, row.name);
  return names;
}

async function firm(id: string, db: Db, services: Services): Promise<string> {
  const name = (await firms(db, services)).get(id);
  if (name === undefined) throw notFound('the firm');
  return name;
}

async function knownOf(id: string, name: string, db: Db, services: Services): Promise<Known> {
  const [answers] = await db
    .select()
    .from(vendorAnswers)
    .where(eq(vendorAnswers.vendor, id))
    .orderBy(desc(vendorAnswers.at))
    .limit(1);
  return {
    answers,
    clauses: await db.select().from(vendorClauses).where(eq(vendorClauses.vendor, id)),
    audits: await db
      .select()
      .from(vendorAudits)
      .where(eq(vendorAudits.vendor, id))
      .orderBy(desc(vendorAudits.openedAt)),
    workers: workersOf(name, services).length,
  };
}

async function standings(db: Db, services: Services) {
  const { questionnaire, clauses } = await content(services.content.folder);
  const [answers, signed, audits] = await Promise.all([
    db.select().from(vendorAnswers).orderBy(vendorAnswers.at),
    db.select().from(vendorClauses),
    db.select().from(vendorAudits),
  ]);
  const latest = new Map(answers.map((row) => [row.vendor, row]));
  return [...(await firms(db, services))]
    .map(([id, name]) => {
      const workers = workersOf(name, services);
      return {
        id,
        name,
        workers: workers.length,
        raised: workers.filter((row) => row.band !== 'clear').length,
        ...standing(
          {
            answers: latest.get(id),
            clauses: signed.filter((row) => row.vendor === id),
            audits: audits.filter((row) => row.vendor === id),
            workers: workers.length,
          },
          questionnaire,
          clauses,
          services.now(),
        ),
      };
    })
    .sort((a, b) => b.workers - a.workers || (a.name < b.name ? -1 : 1));
}

/** Firms that send people and owe answers, clauses or audits: it lets the scheme in, and says nothing about anybody. */
async function owing(services: Services): Promise<Exposure[]> {
  const list = (await standings(services.store.db, services)).filter((one) => one.workers > 0);
  const open = list.filter((one) => one.gaps.length > 0);
  if (open.length === 0) return [];
  return [
    {
      detection: 'console-vendors',
      title: 'Staffing firms have gaps',
      says: `${open.length} of ${list.length} staffing firms that send people here have gaps: questions, clauses or audits that are missing.`,
      why: 'A staffing firm checks and pays the people it sends, and the company sees only what the firm shows.',
      next: ['Ask the firms that send the most people first; Vendors lists what is missing of each.'],
      sources: ['FBI-PSA-2024-05', 'SOPHOS-2025'],
      count: open.length,
      evidence: {
        columns: ['firm', 'people here', 'missing', 'first'],
        rows: open.slice(0, 50).map((one) => [one.name, one.workers, one.gaps.length, one.gaps[0] ?? '']),
        total: open.length,
      },
    },
  ];
}

export const area: Area = {
  name: 'vendors',
  routes(router) {
    router.add(
      {
        method: 'get',
        path: '/vendors',
        summary: 'Firms that send people, and how each stands',
        permission: 'vendors.view',
        answer: z.object({ vendors: z.array(standingSchema) }),
      },
      async ({ db }, services) => ({ vendors: await standings(db, services) }),
    );
    router.add(
      {
        method: 'post',
        path: '/vendors',
        summary: 'Adds a firm HR does not name yet',
        permission: 'vendors.edit',
        audit: 'vendor.add',
        body: z.object({ name: z.string().trim().min(1).max(200) }),
        answer: z.object({ id: z.string() }),
      },
      async ({ body, user, db, note }, services) => {
        const id = idOf(body.name, services);
        if ((await firms(db, services)).has(id))
          throw new Refusal(409, 'VENDOR_KNOWN', 'this firm is on the list');
        await db.insert(vendors).values({ id, name: body.name, addedBy: user.id, addedAt: services.now() });
        note(`vendor:${id}`);
        services.live.publish('vendors');
        return { id };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/vendors/{vendor}',
        summary: 'One firm: its answers, clauses and audits',
        permission: 'vendors.view',
        params: vendorParam,
        answer: vendorPageSchema,
      },
      async ({ params, db }, services) => {
        const name = await firm(params.vendor, db, services);
        const { questionnaire, clauses } = await content(services.content.folder);
        const known = await knownOf(params.vendor, name, db, services);
        const workers = workersOf(name, services);
        return {
          id: params.vendor,
          name,
          workers: workers.length,
          raised: workers.filter((row) => row.band !== 'clear').length,
          ...standing(known, questionnaire, clauses, services.now()),
          questionnaire: {
            title: questionnaire.title,
            why: questionnaire.why,
            ...(known.answers
              ? {
                  answeredAt: known.answers.at.toISOString(),
                  countsUntil: new Date(
                    known.answers.at.getTime() + questionnaire.counts_days * 86_400_000,
                  ).toISOString(),
                }
              : {}),
            questions: questionnaire.questions.map(({ id, ask, good }) => ({
              id,
              ask,
              good,
              ...known.answers?.answers[id],
            })),
          },
          clauses: clauses.clauses.map((clause) => {
            const row = known.clauses.find((one) => one.clause === clause.id);
            return {
              ...clause,
              ...(row ? { state: row.state, note: row.note, at: row.at.toISOString() } : {}),
            };
          }),
          audits: known.audits.map((audit) => ({
            id: audit.id,
            period: audit.period,
            state: audit.state,
            ...(audit.outcome ? { outcome: audit.outcome } : {}),
            size: audit.size,
            of: audit.from.length,
            openedAt: audit.openedAt.toISOString(),
            ...(audit.closedAt ? { closedAt: audit.closedAt.toISOString() } : {}),
          })),
        };
      },
    );
    router.add(
      {
        method: 'put',
        path: '/vendors/{vendor}/answers',
        summary: 'Records what a firm answered',
        permission: 'vendors.edit',
        audit: 'vendor.answers',
        params: vendorParam,
        body: answersBodySchema,
        answer: done,
      },
      async ({ params, body, user, db, note }, services) => {
        await firm(params.vendor, db, services);
        const { questionnaire } = await content(services.content.folder);
        const ids = new Set(questionnaire.questions.map((question) => question.id));
        const strange = Object.keys(body.answers).find((id) => !ids.has(id));
        if (strange !== undefined)
          throw new Refusal(422, 'QUESTION_UNKNOWN', 'one of the answers is to no question');
        await db.insert(vendorAnswers).values({
          id: randomUUID(),
          vendor: params.vendor,
          answers: Object.fromEntries(
            Object.entries(body.answers).map(([id, one]) => [
              id,
              { answer: one.answer, ...(one.note ? { note: one.note } : {}) },
            ]),
          ),
          by: user.id,
          at: services.now(),
        });
        note(`vendor:${params.vendor}`, { answered: Object.keys(body.answers).length });
        services.live.publish('vendors');
        return { done: true as const };
      },
    );
    router.add(
      {
        method: 'put',
        path: '/vendors/{vendor}/clauses/{clause}',
        summary: 'Records how a clause of the contract stands',
        permission: 'vendors.edit',
        audit: 'vendor.clause',
        params: vendorParam.extend({ clause: z.string() }),
        body: clauseBodySchema,
        answer: done,
      },
      async ({ params, body, user, db, note }, services) => {
        await firm(params.vendor, db, services);
        const { clauses } = await content(services.content.folder);
        if (!clauses.clauses.some((clause) => clause.id === params.clause)) throw notFound('the clause');
        const row = { state: body.state, note: body.note, by: user.id, at: services.now() };
        await db
          .insert(vendorClauses)
          .values({ vendor: params.vendor, clause: params.clause, ...row })
          .onConflictDoUpdate({ target: [vendorClauses.vendor, vendorClauses.clause], set: row });
        note(`vendor:${params.vendor}`, { clause: params.clause, state: body.state });
        services.live.publish('vendors');
        return { done: true as const };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/vendors/{vendor}/audits',
        summary: 'Draws this half-year’s sample of a firm’s people',
        permission: 'vendors.edit',
        audit: 'vendor.audit.open',
        params: vendorParam,
        answer: z.object({ audit: z.string(), size: z.number() }),
      },
      async ({ params, user, db, note }, services) => {
        const name = await firm(params.vendor, db, services);
        const period = halfYear(services.now());
        // Two at once would both find nothing drawn.
        await db.execute(sql`SELECT pg_advisory_xact_lock(7274704)`);
        const [before] = await db
          .select({ id: vendorAudits.id })
          .from(vendorAudits)
          .where(and(eq(vendorAudits.vendor, params.vendor), eq(vendorAudits.period, period)));
        if (before)
          throw new Refusal(
            409,
            'AUDIT_DRAWN',
            'the sample of this half-year was drawn; it is drawn once, so that nobody can choose',
          );
        const handles = workersOf(name, services)
          .map((row) => row.handle)
          .sort();
        if (handles.length === 0)
          throw new Refusal(
            422,
            'NOBODY_SENT',
            'nobody this firm sent is here now, so there is nobody to draw',
          );
        // It follows from the installation's secret, the firm and the half-year: nobody can pick it, or draw again.
        const seed = createHmac('sha256', services.keys.derive('vendor audits'))
          .update(`${params.vendor} ${period}`)
          .digest('hex');
        const size = sampleSize(handles.length);
        const id = randomUUID();
        await db.insert(vendorAudits).values({
          id,
          vendor: params.vendor,
          vendorName: name,
          period,
          seed,
          from: handles,
          size,
          state: 'open',
          openedBy: user.id,
          openedAt: services.now(),
        });
        for (const handle of draw(handles, seed, size)) {
          const row = services.results.current()?.row(handle);
          if (row) await db.insert(vendorAuditWorkers).values({ audit: id, person: row.id });
        }
        note(`vendor:${params.vendor}`, { audit: id, seed, size, of: handles.length });
        services.live.publish('vendors');
        return { audit: id, size };
      },
    );
    router.add(
      {
        method: 'get',
        path: '/vendors/{vendor}/audits/{audit}',
        summary: 'One audit: who was drawn, and what the firm showed',
        permission: 'vendors.view',
        audit: 'vendor.audit.view',
        params: auditParams,
        answer: auditPageSchema,
      },
      async ({ params, user, db, note }, services) => {
        const audit = await auditOf(params, db);
        const workers = await db
          .select()
          .from(vendorAuditWorkers)
          .where(eq(vendorAuditWorkers.audit, audit.id));
        // Whoever runs the audit asks the firm about named people; afterwards, and to others, they are pseudonyms.
        const byName = audit.state === 'open' && may(user.roles, 'vendors.edit');
        note(`vendor:${params.vendor}`, { audit: audit.id, byName });
        return {
          id: audit.id,
          vendor: audit.vendor,
          vendorName: audit.vendorName,
          period: audit.period,
          state: audit.state,
          ...(audit.outcome ? { outcome: audit.outcome } : {}),
          ...(audit.note ? { note: audit.note } : {}),
          seed: audit.seed,
          from: audit.from,
          size: audit.size,
          workers: workers
            .map((worker) => ({
              person: services.keys.handle(worker.person),
              name:
                (byName ? services.results.current()?.row(worker.person)?.name : undefined) ??
                services.sight.pseudonym(worker.person),
              ...(worker.evidence ? { evidence: worker.evidence } : {}),
              ...(worker.samePerson ? { samePerson: worker.samePerson } : {}),
              ...(worker.employedByFirm ? { employedByFirm: worker.employedByFirm } : {}),
              ...(worker.note && byName ? { note: worker.note } : {}),
              ...(worker.at ? { at: worker.at.toISOString() } : {}),
            }))
            .sort((a, b) => (a.person < b.person ? -1 : 1)),
        };
      },
    );
    router.add(
      {
        method: 'put',
        path: '/vendors/{vendor}/audits/{audit}/workers/{person}',
        summary: 'Records what a firm showed for one of those drawn',
        permission: 'vendors.edit',
        audit: 'vendor.audit.worker',
        params: auditParams.extend({ person: z.string() }),
        body: workerBodySchema,
        answer: done,
      },
      async ({ params, body, user, db, note }, services) => {
        const audit = await auditOf(params, db);
        if (audit.state === 'closed') throw new Refusal(409, 'AUDIT_CLOSED', 'this audit is closed');
        const row = services.results.current()?.row(params.person);
        const [worker] = row?.handle === params.person
          ? await db
              .update(vendorAuditWorkers)
              .set({
                evidence: body.evidence,
                samePerson: body.samePerson,
                employedByFirm: body.employedByFirm,
                note: body.note ?? null,
                by: user.id,
                at: services.now(),
              })
              .where(and(eq(vendorAuditWorkers.audit, audit.id), eq(vendorAuditWorkers.person, row.id)))
              .returning()
          : [];
        if (!worker || !row) throw notFound('somebody drawn for this audit');
        note(`person:${row.handle}`, { audit: audit.id });
        const day = services.now().toISOString().slice(0, 10);
        await services.intake.recordsLater(
          db,
          'checks',
          [
            {
              'Employee ID': row.id,
              Check: 'Vendor evidence',
              Date: day,
              Outcome:
                body.evidence === 'shown'
                  ? 'passed'
                  : body.evidence === 'not shown'
                    ? 'failed'
                    : 'accommodated',
              By: user.id,
              Note: 'audit of the firm that sent them',
            },
            ...(body.samePerson === 'unsure'
              ? []
              : [
                  {
                    'Employee ID': row.id,
                    Check: 'Same person',
                    Date: day,
                    Outcome: body.samePerson === 'yes' ? 'passed' : 'failed',
                    By: user.id,
                    Note: 'the one at work against the one the firm presented',
                  },
                ]),
          ],
          `vendor audit ${audit.id} ${row.handle} ${body.evidence} ${body.samePerson}`,
        );
        services.live.publish('vendors');
        return { done: true as const };
      },
    );
    router.add(
      {
        method: 'post',
        path: '/vendors/{vendor}/audits/{audit}/close',
        summary: 'Ends an audit',
        permission: 'vendors.edit',
        audit: 'vendor.audit.close',
        params: auditParams,
        body: closeBodySchema,
        answer: done,
      },
      async ({ params, body, user, db, note }, services) => {
        const audit = await auditOf(params, db);
        if (audit.state === 'closed') throw new Refusal(409, 'AUDIT_CLOSED', 'this audit is closed');
        const workers = await db
          .select()
          .from(vendorAuditWorkers)
          .where(eq(vendorAuditWorkers.audit, audit.id));
        const without = workers.filter((worker) => !worker.evidence).length;
        if (body.outcome === 'passed' && without > 0)
          throw new Refusal(
            422,
            'NOT_ALL_SEEN',
            `${without} of those drawn have no result yet; an audit passes when all have`,
          );
        if (body.outcome === 'passed' && workers.some((worker) => worker.evidence === 'not shown'))
          throw new Refusal(
            422,
            'EVIDENCE_MISSING',
            'the firm did not show evidence for everybody drawn: close it with gaps',
          );
        await db
          .update(vendorAudits)
          .set({
            state: 'closed',
            outcome: body.outcome,
            note: body.note,
            closedBy: user.id,
            closedAt: services.now(),
          })
          .where(eq(vendorAudits.id, audit.id));
        note(`vendor:${params.vendor}`, { audit: audit.id, outcome: body.outcome });
        await services.intake.recordsLater(
          db,
          'vendors',
          [
            {
              Vendor: audit.vendorName,
              'Audit Date': services.now().toISOString().slice(0, 10),
              'Audit Outcome':
                body.outcome === 'passed' ? 'passed' : body.outcome === 'gaps' ? 'gaps found' : 'refused',
              'Workers Sampled': String(workers.length),
            },
          ],
          `vendor audit ${audit.id} closed`,
        );
        services.live.publish('vendors');
        return { done: true as const };
      },
    );
  },
  exposures: owing,
  async waiting(user, services) {
    if (!may(user.roles, 'vendors.edit')) return [];
    const list = (await standings(services.store.db, services)).filter((one) => one.workers > 0);
    const gaps = list.filter((one) => one.gaps.length > 0);
    return [
      ...list
        .filter((one) => one.openAudit)
        .map((one) => ({
          kind: 'vendor',
          id: `vendor audit ${one.openAudit}`,
          title: `Finish the audit of ${one.name}`,
          why: 'Its sample is drawn, and the audit is not ended.',
          to: `#/vendor/${one.id}?audit=${one.openAudit}`,
          rank: 2,
        })),
      ...(gaps.length === 0
        ? []
        : [
            {
              kind: 'vendor',
              id: 'vendor gaps',
              title: `Ask ${gaps.length === 1 ? 'a staffing firm' : `${gaps.length} staffing firms`} for what is missing`,
              why: `Answers, clauses or audits. ${gaps.length === 1 ? 'It sends' : 'They send'} ${gaps.reduce((sum, one) => sum + one.workers, 0)} people here.`,
              to: '#/vendors',
              rank: 3,
            },
          ]),
    ];
  },
};

async function auditOf(params: { vendor: string; audit: string }, db: Db) {
  const [audit] = await db
    .select()
    .from(vendorAudits)
    .where(and(eq(vendorAudits.id, params.audit), eq(vendorAudits.vendor, params.vendor)));
  if (!audit) throw notFound('the audit');
  return audit;
}
