import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Exposure } from '@rollcall/engine/model/result.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { may } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { vendorAnswers, vendorClauses, vendors } from '../../store/schema.js';
import type { Area } from '../area.js';
import { auditRoutes } from './audits.js';
import { content, firm, firms, idOf, knownOf, standings, workersOf } from './firms.js';
import { standing } from './standing.js';
import {
  answersBodySchema,
  clauseBodySchema,
  done,
  standingSchema,
  vendorPageSchema,
  vendorParam,
} from './words.js';

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
    auditRoutes(router);
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
