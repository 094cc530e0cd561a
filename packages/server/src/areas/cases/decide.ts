/** What named people decide: steps against a person, verdicts, the end of a case. Nothing of it is carried out here. */
import { randomUUID } from 'node:crypto';
import type { z } from '@hono/zod-openapi';
import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import {
  caseDecisions,
  caseDisputes,
  caseEntries,
  caseExceptions,
  caseFrozen,
  caseHypotheses,
  caseItems,
  casePeople,
  cases,
  caseTasks,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { recordVerdict } from '../detections/verdicts.js';
import { changed, done, ofCase } from './common.js';
import { type FindingData, frozenSignal } from './freeze.js';
import { type CaseRow, caseFor } from './members.js';
import { oneOf } from './names.js';
import { type RuleAnswer, ruleOn, type Weighed } from './rule.js';
import { happened, held, peopleOf, type Source, sourcesOf } from './scope.js';
import { type Link, linkedTo, undecided } from './sweep.js';
import * as words from './words.js';

export function decideRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/cases/{case}/exceptions',
      summary: 'Counsel: a step may be taken although the evidence is of one kind, and why',
      permission: 'cases.decide',
      needs: 'case',
      audit: 'case.exception',
      params: ofCase,
      body: words.personBody,
      answer: words.doneSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      if (!user.roles.includes('counsel'))
        throw new Refusal(403, 'COUNSEL_ONLY', 'this is for the counsel of the case');
      const person = oneOf(services, await peopleOf(db, row.id), body.person);
      await db.insert(caseExceptions).values({
        id: randomUUID(),
        case: row.id,
        person,
        reason: body.reason,
        by: user.id,
        at: services.now(),
      });
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'rule.exception',
        says: `Counsel: a step may be taken without two kinds of evidence: ${body.reason}`,
        person,
      });
      note(`case:${row.id}`, { person: body.person });
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/steps',
      summary: 'Record a step against a person that a named person decided; it is not carried out from here',
      permission: 'cases.decide',
      needs: 'case',
      audit: 'case.step',
      params: ofCase,
      body: words.stepBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['decider'] });
      const person = oneOf(services, await peopleOf(db, row.id), body.person);
      const basis = await basisFor(db, services, row, user, person, body.rests);
      const id = randomUUID();
      await db.insert(caseDecisions).values({
        id,
        case: row.id,
        person,
        kind: 'step',
        what: body.what,
        reason: body.reason,
        ...basis,
        told: toldIn(body.told),
        by: user.id,
        at: services.now(),
      });
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'step.decided',
        says: `${stepWords[body.what]}: ${body.reason}`,
        person,
      });
      note(`case:${row.id}`, { person: body.person, what: body.what, rule: basis.rule });
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/verdicts',
      summary: 'Give the verdict on a person',
      permission: 'cases.decide',
      needs: 'case',
      audit: 'case.verdict',
      params: ofCase,
      body: words.verdictBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['decider'] });
      const person = oneOf(services, await peopleOf(db, row.id), body.person);
      // To say that somebody is not who they claim is the gravest step of all.
      const basis =
        body.verdict === 'confirmed'
          ? await basisFor(db, services, row, user, person, body.rests)
          : await lightBasis(db, row, person, body.rests);
      const id = randomUUID();
      const at = services.now();
      await db.insert(caseDecisions).values({
        id,
        case: row.id,
        person,
        kind: 'verdict',
        what: body.verdict,
        reason: body.reason,
        ...basis,
        told: toldIn(body.told),
        by: user.id,
        at,
      });
      await happened(db, {
        case: row.id,
        by: user.id,
        at,
        kind: 'verdict.given',
        says: `${verdictWords[body.verdict]}: ${body.reason}`,
        person,
      });
      await tellOthers(db, services, row, user, person, body.verdict);
      await feedBack(db, services, row, user, person, body.verdict);
      await services.intake.recordsLater(
        db,
        'checks',
        [
          {
            employee_id: person,
            check: 'confirmed false',
            date: at.toISOString(),
            outcome: body.verdict,
            by: `case ${row.number}`,
          },
        ],
        `case-verdict-${id}`,
      );
      // What was found up to today is silenced once this is certain, and again after a kill.
      if (body.verdict === 'cleared')
        await services.queue.add(db, 'cases.cleared', { decision: id }, { key: `cases.cleared ${id}` });
      note(`case:${row.id}`, { person: body.person, verdict: body.verdict });
      changed(services, row.id);
      services.live.publish('people');
      return { id };
    },
  );

  router.add(
    {
      method: 'post',
      path: '/cases/{case}/closing',
      summary: 'Close a case',
      permission: 'cases.work',
      needs: 'case',
      audit: 'case.close',
      params: ofCase,
      body: words.reasonBody,
      answer: words.doneSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { part: ['lead', 'decider'] });
      const left = await beforeClosing(db, services, row);
      if (left.length > 0) throw new Refusal(409, 'NOT_READY', left.join('; '));
      const at = services.now();
      await db
        .update(cases)
        .set({ state: 'closed', closedAt: at, outcome: body.reason })
        .where(eq(cases.id, row.id));
      await happened(db, { case: row.id, by: user.id, at, kind: 'case.closed', says: body.reason });
      note(`case:${row.id}`);
      for (const topic of ['people', 'today']) services.live.publish(topic);
      changed(services, row.id);
      return done;
    },
  );
}

const stepWords: Record<(typeof words.stepKinds)[number], string> = {
  hold: 'On hold',
  'access-stop': 'Access stopped',
  'offer-withdrawn': 'Offer withdrawn',
  'contract-ended': 'Contract ended',
  other: 'Another step',
};
const verdictWords: Record<(typeof words.verdicts)[number], string> = {
  confirmed: 'Confirmed that they are not who they claim',
  cleared: 'Cleared',
  inconclusive: 'Inconclusive',
};

function toldIn(told: z.output<typeof words.stepBody>['told']): string {
  return 'on' in told ? `Told on ${told.on}.` : `Not told: ${told.whyNot}`;
}

export type FindingItem = typeof caseItems.$inferSelect & { data: FindingData };

/** Findings on a person as they stand: frozen, unless replaced, with what became of each since. */
export async function findingsOn(
  db: Db,
  services: Services,
  person: string,
  sources: readonly Source[],
): Promise<
  { item: FindingItem; weighed: Weighed; since: 'same' | 'changed' | 'explained' | 'gone' | 'unknown' }[]
> {
  const items = (await held(db, caseItems, sources)).filter(
    (item) => item.kind === 'finding' && item.person === person && item.state === 'held',
  ) as FindingItem[];
  const snapshot = services.results.current();
  const known = snapshot?.row(person) !== undefined;
  const now = known ? await snapshot?.person(person) : undefined;
  return items.map((item) => {
    const { data } = item;
    const there = (now?.signals ?? []).filter((signal) => signal.detection === data.detection);
    const explainedNow = there.length > 0 && there.every((signal) => signal.explained);
    const since = !known
      ? ('unknown' as const)
      : there.length === 0
        ? ('gone' as const)
        : explainedNow && !data.explained
          ? ('explained' as const)
          : there.some((signal) => signal.says === item.says && signal.bits === data.bits)
            ? ('same' as const)
            : ('changed' as const);
    return {
      item,
      weighed: {
        facet: data.facet,
        bits: data.bits,
        // What was explained after it was frozen is explained.
        explained: data.explained || explainedNow,
        setAside: item.setAside !== null,
        conclusive: data.conclusive,
      },
      since,
    };
  });
}

interface Basis {
  rests: { item: string; sha256: string }[];
  readings: { says: string; state: string; answer: string }[];
  rule: Record<string, unknown>;
}

/**
 * What an act against a person rests on; refuses where it is not enough. The findings it names alone are looked at: who
 * decides says what convinced them.
 */
async function basisFor(
  db: Db,
  services: Services,
  row: CaseRow,
  user: User,
  person: string,
  chosen: readonly string[],
): Promise<Basis> {
  const sources = await sourcesOf(db, row.id);
  if (await accuses(db, row, user, person, sources))
    throw new Refusal(
      403,
      'OPENER_DECIDES',
      'who opened the case, or put the person in it, does not decide against the person',
    );
  // Whichever case they were told of it in: another case is no way around what they say.
  const disputes = await db
    .select({ case: caseDisputes.case })
    .from(caseDisputes)
    .where(and(eq(caseDisputes.person, person), isNull(caseDisputes.answer)));
  if (disputes.length > 0)
    throw new Refusal(
      409,
      'DISPUTED',
      disputes.some((one) => sources.some((source) => source.case === one.case))
        ? 'the person disputes what was found; answer that first'
        : 'the person disputes what was found about them, in another inquiry; that is answered first',
    );
  const items = (await held(db, caseItems, sources)).filter(
    (item) => chosen.includes(item.id) && item.state === 'held' && (item.person === person || !item.person),
  );
  if (items.length !== new Set(chosen).size)
    throw new Refusal(
      400,
      'NOT_EVIDENCE',
      'rests: it rests on something that is no evidence on this person here',
    );
  const findings = (await findingsOn(db, services, person, sources)).filter(({ item }) =>
    chosen.includes(item.id),
  );
  const frozen = new Map((await held(db, caseFrozen, sources)).map((one) => [one.id, one]));
  for (const { item } of findings) {
    const from = frozen.get(item.data.frozen);
    const signal = from && frozenSignal(from, item);
    if (!signal || signal.facet !== item.data.facet || signal.bits !== item.data.bits)
      throw new Refusal(
        409,
        'EVIDENCE_CHANGED',
        'evidence it rests on is not what was frozen; look at its hashes',
      );
  }
  const rule = ruleOn(
    findings.map(({ weighed }) => weighed),
    bandOf(services, person, [...frozen.values()]),
  );
  const exception = rule.met ? undefined : await exceptionFor(db, person, sources);
  if (!rule.met && !exception) throw new Refusal(409, 'ONE_KIND', rule.says.replace(/\.$/, ''));
  if (exception?.by === user.id)
    throw new Refusal(403, 'SECOND_PERSON', 'who made the exception does not decide by it');
  const detections = new Set(findings.map(({ item }) => item.data.detection));
  const readings = (await held(db, caseHypotheses, sources)).filter(
    (one) =>
      one.person === person &&
      (one.kind === 'mistake' ||
        one.kind === 'victim' ||
        (one.kind === 'innocent' && one.detections.some((detection) => detections.has(detection)))),
  );
  const open = readings.filter((one) => one.state === 'open');
  if (open.length > 0)
    throw new Refusal(
      409,
      'READINGS_OPEN',
      `${open.length} innocent ${open.length === 1 ? 'reading has' : 'readings have'} no answer yet; the first: “${open[0]?.says}”`,
    );
  if (readings.some((one) => one.state === 'likely'))
    throw new Refusal(
      409,
      'READING_LIKELY',
      'an innocent reading is held likely; it cannot stand beside this step',
    );
  return {
    rests: items.map((item) => ({ item: item.id, sha256: item.sha256 })),
    readings: readings.map(({ says, state, answer }) => ({ says, state, answer: answer ?? '' })),
    rule: exception
      ? { ...rule, met: false, exception: { by: exception.by, reason: exception.reason } }
      : { ...rule },
  };
}

/**
 * Whether somebody began the case, one that it was split off from or took up, or put this person in it: who accuses does
 * not decide.
 */
export async function accuses(
  db: Db,
  row: CaseRow,
  user: Pick<User, 'id'>,
  person: string,
  sources: readonly Source[],
): Promise<boolean> {
  const about = [...new Set([row.id, ...sources.map((source) => source.case)])];
  const openers = await db.select({ by: cases.openedBy }).from(cases).where(inArray(cases.id, about));
  if (openers.some((one) => one.by === user.id)) return true;
  const put = await db
    .select({ by: caseEntries.by })
    .from(caseEntries)
    .where(
      and(
        inArray(caseEntries.case, about),
        eq(caseEntries.person, person),
        eq(caseEntries.kind, 'person.added'),
        eq(caseEntries.by, user.id),
      ),
    );
  return put.length > 0;
}

/** For what is not against the person: no rule, but what it rests on must be there. */
async function lightBasis(db: Db, row: CaseRow, person: string, chosen: readonly string[]): Promise<Basis> {
  const items = (await held(db, caseItems, await sourcesOf(db, row.id))).filter(
    (item) => chosen.includes(item.id) && (item.person === person || !item.person),
  );
  if (items.length !== new Set(chosen).size)
    throw new Refusal(
      400,
      'NOT_EVIDENCE',
      'rests: it rests on something that is no evidence on this person here',
    );
  return {
    rests: items.map((item) => ({ item: item.id, sha256: item.sha256 })),
    readings: [],
    rule: { says: 'Not a step against the person.' },
  };
}

export async function exceptionFor(
  db: Db,
  person: string,
  sources: readonly Source[],
): Promise<typeof caseExceptions.$inferSelect | undefined> {
  return (await held(db, caseExceptions, sources))
    .filter((one) => one.person === person)
    .sort((a, b) => b.at.getTime() - a.at.getTime())[0];
}

/** Where all evidence together stands: by the last scan, or as it was frozen where the scan no longer holds them. */
export function bandOf(
  services: Services,
  person: string,
  frozen: readonly (typeof caseFrozen.$inferSelect)[],
): string | undefined {
  const row = services.results.current()?.row(person);
  if (row?.id === person) return row.band;
  const [last] = frozen
    .filter((one) => one.person === person)
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  return last && (JSON.parse(last.json) as { band?: string }).band;
}

export async function ruleFor(
  db: Db,
  services: Services,
  person: string,
  sources: readonly Source[],
): Promise<RuleAnswer> {
  const findings = await findingsOn(db, services, person, sources);
  return ruleOn(
    findings.map(({ weighed }) => weighed),
    bandOf(services, person, await held(db, caseFrozen, sources)),
  );
}

/** What stands between a case and its end, as sentences that name nobody. */
export async function beforeClosing(
  db: Db,
  services: Services,
  row: CaseRow,
  linked?: readonly Link[],
): Promise<string[]> {
  const sources = await sourcesOf(db, row.id);
  const people = await peopleOf(db, row.id);
  const left: string[] = [];
  const links = undecided(linked ?? (await linkedTo(db, services, row, people, sources)));
  if (links.length > 0)
    left.push(
      `${links.length} linked ${links.length === 1 ? 'person is' : 'people are'} neither put in nor set aside`,
    );
  const tasks = (await held(db, caseTasks, sources)).filter((task) => task.state === 'open');
  if (tasks.length > 0)
    left.push(`${tasks.length} ${tasks.length === 1 ? 'task is' : 'tasks are'} neither done nor left out`);
  const verdicts = (await held(db, caseDecisions, sources)).filter((one) => one.kind === 'verdict');
  const without = people.filter((person) => !verdicts.some((one) => one.person === person));
  if (without.length > 0)
    left.push(`${without.length} ${without.length === 1 ? 'person has' : 'people have'} no verdict`);
  const disputes = (await held(db, caseDisputes, sources)).filter((one) => one.answer === null);
  if (disputes.length > 0) left.push('a dispute has no answer');
  return left;
}

/** Other open cases on the person hear of the verdict; of the case it came from only its number. */
async function tellOthers(
  db: Db,
  services: Services,
  row: CaseRow,
  user: User,
  person: string,
  verdict: (typeof words.verdicts)[number],
): Promise<void> {
  const others = await db
    .select({ id: cases.id })
    .from(cases)
    .innerJoin(casePeople, eq(casePeople.case, cases.id))
    .where(
      and(
        eq(casePeople.person, person),
        inArray(cases.state, ['open', 'asked']),
        ne(cases.id, row.id),
        isNull(cases.mergedInto),
      ),
    );
  for (const other of others) {
    await happened(db, {
      case: other.id,
      by: user.id,
      at: services.now(),
      kind: 'verdict.elsewhere',
      says: `In case ${row.number}: ${verdictWords[verdict].toLowerCase()}. Look at whether this case still has a reason.`,
      person,
    });
    services.live.publish(`case:${other.id}`);
  }
}

/** Each finding learns from the verdict: how often it led somewhere, was innocent, or rested on a wrong record. */
async function feedBack(
  db: Db,
  services: Services,
  row: CaseRow,
  user: User,
  person: string,
  verdict: (typeof words.verdicts)[number],
): Promise<void> {
  if (verdict === 'inconclusive') return;
  const told = new Set<string>();
  for (const { item, weighed } of await findingsOn(db, services, person, await sourcesOf(db, row.id))) {
    const { detection } = item.data;
    if (weighed.explained || weighed.bits <= 0 || told.has(detection)) continue;
    told.add(detection);
    await recordVerdict(db, {
      detection,
      person,
      verdict: weighed.setAside ? 'wrong' : verdict === 'confirmed' ? 'useful' : 'innocent',
      by: user.id,
      at: services.now(),
      case: row.id,
    });
  }
}
