/** A case as its member sees it. */
import { eq, inArray, or } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound } from '../../model/refusal.js';
import { may, type User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import {
  caseCorrections,
  caseDecisions,
  caseDisputes,
  caseEntries,
  caseFrozen,
  caseHypotheses,
  caseItems,
  caseLetters,
  caseMarks,
  casePeople,
  cases,
  caseTasks,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { ofCase } from './common.js';
import { bandOf, beforeClosing, exceptionFor, findingsOn } from './decide.js';
import { intact } from './freeze.js';
import { joined } from './joined.js';
import { lastVerdicts } from './list.js';
import { type CaseRow, isNarrow, membersOf } from './members.js';
import { namesFor } from './names.js';
import { reopeningsAsked } from './reopen.js';
import { counts, ruleOn } from './rule.js';
import { familyOf, held, peopleOf, sourcesOf } from './scope.js';
import { linkedTo } from './sweep.js';
import { isTheirs, waitsFor } from './tasks.js';
import * as words from './words.js';

export function viewRoutes(router: Router): void {
  router.add(
    {
      method: 'get',
      path: '/cases/{case}',
      summary: 'A case',
      permission: 'cases.view',
      needs: 'case',
      audit: 'case.view',
      params: ofCase,
      answer: words.caseSchema,
    },
    async ({ params, user, db, note }, services) => {
      const [row] = await db.select().from(cases).where(eq(cases.id, params.case));
      if (!row) throw notFound('the case');
      const people = await peopleOf(db, row.id);
      note(`case:${row.id}`, { people: people.map((person) => services.keys.handle(person)) });
      return caseAs(db, services, user, row, people);
    },
  );
}

const iso = (at: Date | null) => (at ? { at: at.toISOString() } : {});

async function caseAs(
  db: Db,
  services: Services,
  user: User,
  row: CaseRow,
  people: readonly string[],
): Promise<words.Case> {
  const narrow = isNarrow(user);
  const named = await namesFor(user, services);
  const sources = await sourcesOf(db, row.id);
  const members = await membersOf(db, row.id);
  const part = members.find((one) => one.user === user.id)?.part ?? 'member';
  const family = await familyOf(db, row.id);
  const around = await db
    .select()
    .from(cases)
    .where(
      or(
        inArray(cases.id, [...family, ...sources.map((source) => source.case)]),
        row.mergedInto ? eq(cases.id, row.mergedInto) : undefined,
      ),
    );
  const number = new Map(around.map((one) => [one.id, one.number]));
  const who = (person: string | null) => (person ? { person: named(person) } : {});
  const isOpener = around.some(
    (one) =>
      one.openedBy === user.id &&
      (family.includes(one.id) || sources.some((source) => source.case === one.id)),
  );
  const decides = part === 'decider' && may(user.roles, 'cases.decide');
  const allTasks = await held(db, caseTasks, sources);
  const merged = around.find((one) => one.id === row.mergedInto);

  const base: words.Case = {
    id: row.id,
    number: row.number,
    title: row.title,
    about: row.about,
    state: row.state,
    playbook: row.playbook,
    ...(row.origin && !narrow ? { origin: row.origin } : {}),
    ...(row.ring && !narrow ? { ring: row.ring } : {}),
    ...(row.vendor && !narrow ? { vendor: row.vendor } : {}),
    reason: narrow ? '' : row.reason,
    openedBy: row.openedBy,
    openedAt: row.openedAt.toISOString(),
    ...(row.approvedBy ? { approvedBy: row.approvedBy } : {}),
    ...(row.approvedAt ? { approvedAt: row.approvedAt.toISOString() } : {}),
    ...(row.closedAt ? { closedAt: row.closedAt.toISOString() } : {}),
    ...(row.outcome && !narrow ? { outcome: row.outcome } : {}),
    ...(merged ? { mergedInto: { number: merged.number, id: merged.id } } : {}),
    holds: around.filter((one) => family.includes(one.id) && one.id !== row.id).map((one) => one.number),
    me: {
      id: user.id,
      part,
      narrow,
      decides,
      steps: decides && !isOpener,
      counsel: user.roles.includes('counsel'),
    },
    accounts: Object.fromEntries((await services.accounts.list()).map((one) => [one.id, one.name])),
    members: members
      .map((one) => ({
        user: one.user,
        part: one.part,
        addedAt: one.addedAt.toISOString(),
        addedBy: one.addedBy,
      }))
      .sort((a, b) => (a.addedAt < b.addedAt ? -1 : 1)),
    people: [],
    tasks: allTasks
      .filter((task) => !narrow || isTheirs(task, user))
      .sort((a, b) => (a.case === b.case ? a.position - b.position : a.case < b.case ? -1 : 1))
      .map((task) => ({
        id: task.id,
        ...who(task.person),
        step: task.step,
        title: task.title,
        say: task.say,
        done: task.done,
        ...(task.role ? { role: task.role } : {}),
        waitsFor: waitsFor(task, allTasks).map((one) => one.title),
        ...(task.assignee ? { assignee: task.assignee } : {}),
        ...(task.dueAt ? { dueAt: task.dueAt.toISOString() } : {}),
        state: task.state,
        ...(task.note ? { note: task.note } : {}),
        ...(task.doneBy ? { doneBy: task.doneBy } : {}),
        ...(task.doneAt ? { doneAt: task.doneAt.toISOString() } : {}),
      })),
    items: [],
    hypotheses: [],
    marks: [],
    linked: [],
    decisions: [],
    disputes: [],
    corrections: [],
    letters: [],
    merges: [],
    splits: [],
    entries: [],
    beforeClosing: [],
  };
  // A case that waits shows who it is about under pseudonyms, and nothing of what was found.
  const entries = (await held(db, caseEntries, sources)).filter(
    (entry) => !narrow || (entry.kind === 'comment' && entry.by === user.id),
  );
  base.entries = entries
    .sort((a, b) => a.at.getTime() - b.at.getTime() || a.id - b.id)
    .map((entry) => ({
      id: entry.id,
      case: number.get(entry.case) ?? row.number,
      ...who(entry.person),
      kind: entry.kind,
      says: entry.says,
      before: entry.before,
      by: entry.by,
      at: entry.at.toISOString(),
    }));
  if (narrow || row.state === 'asked' || row.state === 'refused') {
    const snapshot = services.results.current();
    base.people = people.map((person) => ({
      person: named(person),
      role: roleOf(snapshot?.row(person)),
      band: narrow ? '' : (snapshot?.row(person)?.band ?? ''),
      why: '',
      addedAt: row.openedAt.toISOString(),
      rule: { met: false, facets: [], conclusive: false, says: '' },
      disputed: false,
      unanswered: 0,
      frozen: [],
      since: [],
    }));
    return base;
  }

  const frozen = await held(db, caseFrozen, sources);
  const items = await held(db, caseItems, sources);
  const decisions = await held(db, caseDecisions, sources);
  const disputes = await held(db, caseDisputes, sources);
  const hypotheses = await held(db, caseHypotheses, sources);
  const links = await linkedTo(db, services, row, people, sources);
  const states = new Map<string, Awaited<ReturnType<typeof findingsOn>>[number]>();
  const about = new Set([...people, ...items.flatMap((item) => item.person ?? [])]);
  const snapshot = services.results.current();
  /** Detections whose findings on a person count. */
  const counting = new Map<string, Set<string>>();
  const matters = (one: (typeof hypotheses)[number]) =>
    one.kind !== 'innocent' ||
    one.detections.some((detection) => counting.get(one.person ?? '')?.has(detection));
  const added = new Map(
    (await db.select().from(casePeople).where(eq(casePeople.case, row.id))).map((one) => [one.person, one]),
  );
  for (const person of about) {
    const findings = await findingsOn(db, services, person, sources);
    for (const one of findings) states.set(one.item.id, one);
    counting.set(
      person,
      new Set(findings.filter(({ weighed }) => counts(weighed)).map(({ item }) => item.data.detection)),
    );
    if (!people.includes(person)) continue;
    const exception = await exceptionFor(db, person, sources);
    const verdict = lastVerdicts(decisions).find((one) => one.person === person);
    base.people.push({
      person: named(person),
      role: roleOf(snapshot?.row(person)),
      band: snapshot?.row(person)?.band ?? '',
      why: added.get(person)?.why ?? '',
      addedAt: (added.get(person)?.addedAt ?? row.openedAt).toISOString(),
      rule: ruleOn(
        findings.map(({ weighed }) => weighed),
        bandOf(services, person, frozen),
      ),
      ...(exception
        ? { exception: { reason: exception.reason, by: exception.by, at: exception.at.toISOString() } }
        : {}),
      ...(verdict ? { verdict: verdict.what } : {}),
      disputed: disputes.some((one) => one.person === person && one.answer === null),
      unanswered: hypotheses.filter(
        (one) =>
          one.person === person &&
          one.state === 'open' &&
          one.kind !== 'false' &&
          one.kind !== 'own' &&
          // Readings of findings that do not count keep nobody waiting.
          matters(one),
      ).length,
      frozen: frozen
        .filter((one) => one.person === person)
        .sort((a, b) => a.at.getTime() - b.at.getTime())
        .map((one) => ({
          id: one.id,
          snapshot: one.snapshot,
          asOf: one.asOf,
          content: one.content,
          sha256: one.sha256,
          at: one.at.toISOString(),
          by: one.by,
          intact: intact(one),
        })),
      since: await sinceFrozen(services, person, findings),
    });
  }
  const veiled = await services.sight.veil(
    user,
    items.map((item) => ({ says: item.kind === 'finding' ? item.says : '' })),
    [...about, ...links.map((link) => link.person)],
  );
  const saysOf = new Map(
    items.map((item, index) => [item.id, item.kind === 'finding' ? (veiled[index]?.says ?? '') : item.says]),
  );
  base.items = items
    .filter((item) => item.state !== 'awaited')
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((item) => {
      const state = states.get(item.id);
      const { data } = item;
      return {
        id: item.id,
        case: number.get(item.case) ?? row.number,
        ...who(item.person),
        kind: item.kind,
        says: saysOf.get(item.id) ?? '',
        state: item.state,
        ...(item.setAside ? { setAside: item.setAside } : {}),
        sha256: item.sha256,
        by: item.by,
        at: item.at.toISOString(),
        ...(item.kind === 'file' ? { bytes: Number(data.bytes ?? 0) } : {}),
        ...(item.kind === 'finding'
          ? {
              finding: {
                detection: String(data.detection),
                title: String(data.title),
                facet: String(data.facet),
                bits: Number(data.bits),
                first: String(data.first),
                last: String(data.last),
                explained: state?.weighed.explained ?? data.explained === true,
                conclusive: data.conclusive === true,
                counts: state ? counts(state.weighed) : false,
                since: state?.since ?? ('unknown' as const),
              },
            }
          : {}),
      };
    });
  base.hypotheses = hypotheses
    .sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind))
    .map((one) => ({
      id: one.id,
      ...who(one.person),
      kind: one.kind,
      says: one.says,
      detections: one.detections,
      matters: matters(one),
      state: one.state,
      ...(one.answer ? { answer: one.answer } : {}),
      ...(one.answeredBy ? { answeredBy: one.answeredBy } : {}),
      ...(one.answeredAt ? { answeredAt: one.answeredAt.toISOString() } : {}),
    }));
  if (hypotheses.length > 0)
    base.marks = (
      await db
        .select()
        .from(caseMarks)
        .where(
          inArray(
            caseMarks.hypothesis,
            hypotheses.map((one) => one.id),
          ),
        )
    ).map(({ hypothesis, item, mark }) => ({ hypothesis, item, mark }));
  base.linked = links.map((link) => ({
    person: named(link.person),
    band: snapshot?.row(link.person)?.band ?? '',
    stage: snapshot?.row(link.person)?.stage ?? '',
    via: link.via,
    ...(link.decision
      ? {
          decision: link.decision.decision,
          reason: link.decision.reason,
          by: link.decision.by,
          ...iso(link.decision.at),
        }
      : {}),
  }));
  base.decisions = decisions
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((one) => ({
      id: one.id,
      person: named(one.person),
      kind: one.kind,
      what: one.what,
      reason: one.reason,
      rests: one.rests.map((rest) => ({ ...rest, says: saysOf.get(rest.item) ?? '' })),
      readings: one.readings,
      rule: ruleSays(one.rule),
      told: one.told,
      by: one.by,
      at: one.at.toISOString(),
    }));
  base.disputes = disputes.map((one) => ({
    id: one.id,
    person: named(one.person),
    says: one.says,
    received: one.received,
    ...(one.answer === null ? {} : { answer: one.answer }),
    ...(one.answeredBy ? { answeredBy: one.answeredBy } : {}),
    ...(one.answeredAt ? { answeredAt: one.answeredAt.toISOString() } : {}),
    by: one.by,
    at: one.at.toISOString(),
  }));
  base.corrections = (await held(db, caseCorrections, sources)).map((one) => ({
    id: one.id,
    person: named(one.person),
    item: one.item,
    says: one.says,
    toldTo: one.toldTo,
    by: one.by,
    at: one.at.toISOString(),
  }));
  const letters = await held(db, caseLetters, sources);
  const open = await services.sight.open(user);
  // Our own words begin with their name: where the case is over, its members no longer see who it was.
  const texts = await Promise.all(
    letters.map(async (one) =>
      open.has(one.person)
        ? one.text
        : (await services.sight.veil(user, { text: one.text }, [one.person])).text,
    ),
  );
  base.letters = letters.map((one, index) => ({
    id: one.id,
    person: named(one.person),
    template: one.template as (typeof words.letterNames)[number],
    text: texts[index] ?? '',
    ...(one.sent ? { sent: one.sent } : {}),
    ...(one.answerBy ? { answerBy: one.answerBy } : {}),
    by: one.by,
    at: one.at.toISOString(),
  }));
  await joined(db, services, user, row, part, named, base);
  const [reopening] = row.state === 'closed' ? await reopeningsAsked(db, row.id) : [];
  if (reopening)
    base.reopening = { by: reopening.by, at: reopening.at.toISOString(), reason: reopening.reason };
  if (row.state === 'open') base.beforeClosing = await beforeClosing(db, services, row, links);
  return base;
}

const kindOrder = ['false', 'mistake', 'victim', 'innocent', 'own'];

function ruleSays(rule: Record<string, unknown>): string {
  const exception = rule.exception as { reason?: string } | undefined;
  return `${String(rule.says ?? '')}${exception?.reason ? ` Counsel’s exception: ${exception.reason}` : ''}`;
}

function roleOf(row: { title?: string; stage: string; engagement: string } | undefined): string {
  return row ? [row.title, row.engagement, row.stage].filter(Boolean).join(', ') : 'not in the last scan';
}

/** What the last scan says otherwise than what was frozen. */
async function sinceFrozen(
  services: Services,
  person: string,
  findings: Awaited<ReturnType<typeof findingsOn>>,
): Promise<string[]> {
  const now = await services.results.current()?.person(person);
  const known = new Set(findings.map(({ item }) => item.data.detection));
  const count = (since: string) => findings.filter((one) => one.since === since).length;
  const says = (number: number, one: string, many: string) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  return [
    ...says(
      (now?.signals ?? []).filter((signal) => !known.has(signal.detection)).length,
      'further finding is in the last scan: freeze again to keep it.',
      'further findings are in the last scan: freeze again to keep them.',
    ),
    ...says(
      count('explained'),
      'frozen finding is explained now, and no longer counts.',
      'frozen findings are explained now, and no longer count.',
    ),
    ...says(
      count('changed'),
      'frozen finding reads otherwise in the last scan.',
      'frozen findings read otherwise in the last scan.',
    ),
    ...says(
      count('gone'),
      'frozen finding is not in the last scan: see why before you rely on it.',
      'frozen findings are not in the last scan: see why before you rely on them.',
    ),
  ];
}
