/** How a firm stands, from what it answered, signed and showed. */
import type { Clauses, Questionnaire } from '@rollcall/engine/content/vendors.js';
import type { InferSelectModel } from 'drizzle-orm';
import type { vendorAnswers, vendorAudits, vendorClauses } from '../../store/schema.js';

/** An audit counts for half a year, and two weeks to arrange the next. */
export const auditDays = 197;
const dayMs = 86_400_000;

export interface Known {
  answers?: InferSelectModel<typeof vendorAnswers> | undefined;
  clauses: readonly InferSelectModel<typeof vendorClauses>[];
  audits: readonly InferSelectModel<typeof vendorAudits>[];
  workers: number;
}

export interface Standing {
  score?: number;
  gaps: string[];
  lastAudit?: string;
  openAudit?: string;
  due?: string;
}

/**
 * The score is the share of what is asked: answers by their weight (partly is half), required clauses as 2 each, an
 * audit that counts as 5 (with gaps: 2). It orders the list of gaps; no step hangs on it.
 */
export function standing(known: Known, questionnaire: Questionnaire, clauses: Clauses, now: Date): Standing {
  const gaps: { weight: number; says: string }[] = [];
  let reached = 0;
  let possible = 0;
  const due: number[] = [];

  const answeredAt = known.answers?.at.getTime();
  const answersEnd = answeredAt === undefined ? undefined : answeredAt + questionnaire.counts_days * dayMs;
  const over = answersEnd !== undefined && answersEnd <= now.getTime();
  if (answersEnd !== undefined) due.push(answersEnd);
  if (over) gaps.push({ weight: 2, says: 'The answers to the questionnaire are over a year old.' });
  if (answeredAt === undefined) gaps.push({ weight: 3, says: 'The questionnaire was never answered.' });
  for (const question of questionnaire.questions) {
    possible += question.weight;
    const answer = known.answers?.answers[question.id]?.answer;
    if (answer === undefined) {
      if (answeredAt !== undefined)
        gaps.push({ weight: question.weight, says: `No answer: ${question.ask}` });
    } else if (answer === 'good') reached += over ? question.weight / 2 : question.weight;
    else {
      if (answer === 'partly') reached += question.weight / 2;
      gaps.push({
        weight: answer === 'no' ? question.weight : question.weight - 0.5,
        says: `${answer === 'no' ? 'Not in place' : 'Only partly in place'}: ${question.good}`,
      });
    }
  }

  for (const clause of clauses.clauses) {
    const state = known.clauses.find((one) => one.clause === clause.id)?.state;
    if (!clause.required || state === 'not needed') continue;
    possible += 2;
    if (state === 'signed') reached += 2;
    else
      gaps.push({
        weight: state === 'refused' ? 3.5 : 2,
        says: `${state === 'refused' ? 'The firm refused the clause' : state === 'asked' ? 'Asked for, not signed' : 'Not in the contract'}: ${clause.title}.`,
      });
  }

  possible += 5;
  const closed = known.audits.filter((audit) => audit.state === 'closed');
  const last = [...closed].sort((a, b) => (b.closedAt?.getTime() ?? 0) - (a.closedAt?.getTime() ?? 0))[0];
  const lastAt = last?.closedAt?.getTime();
  if (lastAt === undefined) {
    if (known.workers > 0) gaps.push({ weight: 4, says: 'It was never audited.' });
  } else {
    const end = lastAt + auditDays * dayMs;
    due.push(end);
    if (end <= now.getTime()) gaps.push({ weight: 3, says: 'The last audit is over half a year old.' });
    else reached += last?.outcome === 'passed' ? 5 : last?.outcome === 'gaps' ? 2 : 0;
    if (last?.outcome === 'refused') gaps.push({ weight: 5, says: 'The firm refused the last audit.' });
    if (last?.outcome === 'gaps') gaps.push({ weight: 2.5, says: 'The last audit found gaps.' });
  }
  const open = known.audits.find((audit) => audit.state === 'open');
  const nothing = known.answers === undefined && known.clauses.length === 0 && known.audits.length === 0;
  return {
    ...(nothing ? {} : { score: Math.round((reached / possible) * 100) / 100 }),
    gaps: gaps.sort((a, b) => b.weight - a.weight).map((gap) => gap.says),
    ...(lastAt === undefined ? {} : { lastAudit: new Date(lastAt).toISOString() }),
    ...(open ? { openAudit: open.id } : {}),
    ...(due.length > 0 ? { due: new Date(Math.min(...due)).toISOString() } : {}),
  };
}
