/** Twice a year the firm shows what it has on those who are drawn; what it showed becomes evidence, in both directions. */
import { createHmac, randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { and, eq, sql } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { may } from '../../model/roles.js';
import { vendorAudits, vendorAuditWorkers } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { draw, halfYear, sampleSize } from './draw.js';
import { firm, workersOf } from './firms.js';
import { auditPageSchema, closeBodySchema, done, vendorParam, workerBodySchema } from './words.js';

const auditParams = vendorParam.extend({ audit: z.string() });

export function auditRoutes(router: Router): void {
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
            name: services.sight.called(
              services.results.current()?.row(worker.person) ?? { id: worker.person, name: '' },
              byName,
            ),
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
      const [worker] =
        row?.handle === params.person
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
}

async function auditOf(params: { vendor: string; audit: string }, db: Db) {
  const [audit] = await db
    .select()
    .from(vendorAudits)
    .where(and(eq(vendorAudits.id, params.audit), eq(vendorAudits.vendor, params.vendor)));
  if (!audit) throw notFound('the audit');
  return audit;
}
