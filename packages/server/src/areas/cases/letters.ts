/** The person's side: what they are told, what they get to read, what they say to it, and records that were wrong. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '@hono/zod-openapi';
import type { PersonResult } from '@rollcall/engine/model/result.js';
import { eq } from 'drizzle-orm';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import {
  caseCorrections,
  caseDisputes,
  caseFrozen,
  caseHypotheses,
  caseItems,
  caseLetters,
} from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { change, changed, done, ofCase, pieceOf } from './common.js';
import { findingsOn } from './decide.js';
import { type FindingData, intact } from './freeze.js';
import { caseFor } from './members.js';
import { oneOf } from './names.js';
import { happened, held, peopleOf, type Source, sourcesOf } from './scope.js';
import * as words from './words.js';

export function letterRoutes(router: Router): void {
  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/disputes',
      summary: 'Record what the person says against what was found',
      audit: 'case.dispute',
      params: ofCase,
      body: words.disputeBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const person = oneOf(services, await peopleOf(db, row.id), body.person);
      const id = randomUUID();
      await db.insert(caseDisputes).values({
        id,
        case: row.id,
        person,
        says: body.says,
        received: body.received,
        by: user.id,
        at: services.now(),
      });
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'dispute.received',
        says: `Disputes what was found (received ${body.received}). No step is recorded against them until it is answered.`,
        person,
      });
      note(`case:${row.id}`, { person: body.person });
      services.live.publish('today');
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/disputes/{dispute}/answer',
      summary: 'Answer a dispute',
      audit: 'case.dispute-answer',
      params: ofCase.extend({ dispute: z.string() }),
      body: words.disputeAnswerBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const dispute = await pieceOf(db, row, caseDisputes, params.dispute, 'the dispute');
      if (dispute.answer !== null) throw new Refusal(409, 'ANSWERED', 'it is answered already');
      await db
        .update(caseDisputes)
        .set({ answer: body.answer, answeredBy: user.id, answeredAt: services.now() })
        .where(eq(caseDisputes.id, dispute.id));
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'dispute.answered',
        says: `Their dispute was answered: ${body.answer}`,
        person: dispute.person,
      });
      note(`case:${row.id}`, { dispute: dispute.id });
      services.live.publish('today');
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/corrections',
      summary: 'A record was wrong in its source: the finding no longer counts, here and everywhere',
      audit: 'case.correction',
      params: ofCase,
      body: words.correctionBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const item = await pieceOf(db, row, caseItems, body.item, 'the finding');
      if (item.kind !== 'finding' || !item.person) throw notFound('the finding');
      if (item.setAside) throw new Refusal(409, 'SET_ASIDE', 'this finding is set aside already');
      const id = randomUUID();
      await db.insert(caseCorrections).values({
        id,
        case: row.id,
        person: item.person,
        item: item.id,
        says: body.says,
        toldTo: body.toldTo,
        by: user.id,
        at: services.now(),
      });
      await db.update(caseItems).set({ setAside: body.says }).where(eq(caseItems.id, item.id));
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'record.corrected',
        says: `A record was wrong: ${body.says} Told to: ${body.toldTo}. The finding “${(item.data as FindingData).title}” no longer counts.`,
        person: item.person,
      });
      await services.queue.add(db, 'cases.correction', { correction: id }, { key: `cases.correction ${id}` });
      note(`case:${row.id}`, { item: item.id });
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/letters',
      summary: 'Draft a letter to the person, to be edited and sent by people',
      audit: 'case.letter',
      params: ofCase,
      body: words.letterBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const person = oneOf(services, await peopleOf(db, row.id), body.person);
      const sources = await sourcesOf(db, row.id);
      const id = randomUUID();
      await db.insert(caseLetters).values({
        id,
        case: row.id,
        person,
        template: body.template,
        text: await draft(db, services, user, row.number, person, sources, body),
        answerBy: body.answerBy ?? null,
        by: user.id,
        at: services.now(),
      });
      note(`case:${row.id}`, { letter: id, template: body.template });
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'patch',
      path: '/cases/{case}/letters/{letter}',
      summary: 'Edit a letter, or record the day on which it was sent',
      audit: 'case.letter-change',
      params: ofCase.extend({ letter: z.string() }),
      body: words.letterChangeBody,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const letter = await pieceOf(db, row, caseLetters, params.letter, 'the letter');
      if (letter.sent) throw new Refusal(409, 'SENT', 'this letter was sent; it stays as it is');
      await db
        .update(caseLetters)
        .set({
          ...(body.text === undefined ? {} : { text: body.text }),
          ...(body.sent === undefined ? {} : { sent: body.sent, sentBy: user.id }),
        })
        .where(eq(caseLetters.id, letter.id));
      if (body.sent)
        await happened(db, {
          case: row.id,
          by: user.id,
          at: services.now(),
          kind: 'letter.sent',
          says: `A letter to them was sent on ${body.sent}${letter.answerBy ? `; an answer is hoped for by ${letter.answerBy}` : ''}.`,
          person: letter.person,
        });
      note(`case:${row.id}`, { letter: letter.id, ...(body.sent ? { sent: body.sent } : {}) });
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/copies/{person}',
      summary: 'A copy of the evidence for the person it is about, without what is others’',
      permission: 'cases.export',
      needs: 'case',
      audit: 'case.copy',
      params: ofCase.extend({ person: z.string() }),
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const person = oneOf(services, await peopleOf(db, row.id), params.person);
      note(`person:${params.person}`, { case: row.id });
      const text = await copyFor(db, services, row.number, person, await sourcesOf(db, row.id));
      return new Response(text, {
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'content-disposition': `attachment; filename="copy-of-evidence-case-${row.number}.txt"`,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      });
    },
  );
}

/** Somebody to whom nobody is open: what they may see, the person may have in their hands. */
const nobody: User = { id: '', name: '', email: '', roles: [] };

/** Sentences without what would tell the reader who others are. What names the reader, such as an account, says "you". */
async function withoutOthers(
  services: Services,
  reader: string,
  texts: readonly string[],
  others: readonly string[],
): Promise<string[]> {
  const veiled = await services.sight.veil(
    nobody,
    texts.map((says) => ({ says })),
    [reader, ...others],
  );
  const own = services.sight.pseudonym(reader);
  return veiled.map(({ says }) =>
    says.replaceAll(own, 'you').replace(/\bPerson [0-9A-Z]{4}-[0-9A-Z]{2,}/g, 'another person'),
  );
}

/** Everybody a frozen result names. */
function namedIn(result: Partial<PersonResult>): string[] {
  return [
    ...(result.signals ?? []).flatMap((signal) => signal.others),
    ...(result.identifiers ?? []).flatMap((one) => one.sharedWith.map((other) => other.id)),
    ...(result.passages ?? []).map((passage) => passage.other.id),
  ];
}

async function latestOf(
  db: Db,
  person: string,
  sources: readonly Source[],
): Promise<Partial<PersonResult> & { asOf?: string }> {
  const [last] = (await held(db, caseFrozen, sources))
    .filter((one) => one.person === person && intact(one))
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  return last ? { ...(JSON.parse(last.json) as PersonResult), asOf: last.asOf } : {};
}

/** What everything on record can be, where nothing else is known. */
const mistaken = 'A record is wrong, or is about somebody else.';

async function draft(
  db: Db,
  services: Services,
  user: User,
  number: number,
  person: string,
  sources: readonly Source[],
  { template, answerBy }: z.output<typeof words.letterBody>,
): Promise<string> {
  const text = await readFile(join(services.content.folder, 'letters', `${template}.txt`), 'utf8');
  const frozen = await latestOf(db, person, sources);
  const findings = (await findingsOn(db, services, person, sources))
    .filter(({ weighed }) => !weighed.explained && !weighed.setAside && weighed.bits > 0)
    .sort((a, b) => b.weighed.bits - a.weighed.bits);
  const facets = new Set<string>();
  // The heaviest of each kind: a letter that lists everything is read by nobody.
  const chosen = findings
    .filter(({ weighed }) => !facets.has(weighed.facet) && facets.add(weighed.facet))
    .slice(0, 8);
  const says = await withoutOthers(
    services,
    person,
    chosen.map(({ item }) => item.says),
    namedIn(frozen),
  );
  const readings = (await held(db, caseHypotheses, sources)).filter(
    (one) => one.person === person && one.kind === 'innocent',
  );
  /** A finding never stands without what else it may be. */
  const findingOf = ({ item }: (typeof chosen)[number], index: number) => {
    const own = readings.filter((one) => one.detections.includes(item.data.detection)).slice(0, 4);
    const others = own.length > 0 ? own.map((one) => one.says) : [mistaken];
    return [`  - ${says[index]}`, '    What else it may be:', ...others.map((one) => `      - ${one}`)].join(
      '\n',
    );
  };
  const disputes = (await held(db, caseDisputes, sources)).filter(
    (one) => one.person === person && one.answer !== null,
  );
  const open = await services.sight.open(user);
  const row = services.results.current()?.row(person);
  const fill: Record<string, string> = {
    name: services.sight.called(row ?? { id: person, name: '' }, open.has(person)),
    date: services.now().toISOString().slice(0, 10),
    case: String(number),
    findings: chosen.map(findingOf).join('\n\n') || '  - (nothing that counts is on record)',
    'answer by': answerBy ?? '[day]',
    answer: disputes.map((one) => one.answer ?? '').join('\n\n') || '[answer]',
  };
  return text.replace(/\{([a-z ]+)\}/g, (whole, gap: string) => fill[gap] ?? whole);
}

async function copyFor(
  db: Db,
  services: Services,
  number: number,
  person: string,
  sources: readonly Source[],
): Promise<string> {
  const frozen = await latestOf(db, person, sources);
  const findings = (await findingsOn(db, services, person, sources)).sort((a, b) =>
    a.item.data.first < b.item.data.first ? -1 : 1,
  );
  const others = namedIn(frozen);
  const says = await withoutOthers(
    services,
    person,
    findings.map(({ item }) => item.says),
    others,
  );
  const marks = (one: (typeof findings)[number]) =>
    one.weighed.setAside
      ? ' [does not count: the record was wrong]'
      : one.weighed.explained
        ? ' [does not count: explained]'
        : '';
  const part = (chosen: (one: (typeof findings)[number]) => boolean, readings: boolean) => {
    const lines = findings.flatMap((one, index) =>
      chosen(one)
        ? [
            '',
            `- ${says[index]}${marks(one)}`,
            `  ${one.item.data.title}. ${one.item.data.first.slice(0, 10)} to ${one.item.data.last.slice(0, 10)} (UTC).`,
            ...(frozen.signals ?? [])
              .filter((signal) => readings && signal.detection === one.item.data.detection)
              .slice(0, 1)
              .flatMap((signal) => signal.innocent.map((reading) => `  It can be innocent: ${reading}`)),
          ]
        : [],
    );
    return lines.length > 0 ? lines : ['', '- nothing'];
  };
  const lines = [
    `Copy of the evidence of case ${number}`,
    `Made on ${services.now().toISOString()}; evidence as of ${frozen.asOf ?? 'no scan'}.`,
    '',
    'This is what was found about you and is held in the case. What would tell you about other people is left out or',
    'said without their names. It is a reason to look, not a finding of guilt. You can say what is wrong with it.',
    'The sentences stand here as they stand in the case: "they" is you.',
    '',
    'What was seen, and what else it may be',
    ...part((one) => one.weighed.bits >= 0, true),
    '',
    'What speaks for you',
    ...part((one) => one.weighed.bits < 0, false),
    '',
    'Values on record for you',
    '',
    ...(frozen.identifiers ?? []).map(
      (one) =>
        `- ${one.kind.replaceAll('_', ' ')}: ${one.label} (from ${one.source}${one.firstSeen ? `, since ${one.firstSeen.slice(0, 10)}` : ''})${one.sharedWith.length > 0 ? '; also on record for somebody else' : ''}`,
    ),
    '',
    'What could not be looked at',
    '',
    ...((frozen.unknown ?? []).length > 0
      ? await withoutOthers(services, person, frozen.unknown ?? [], others)
      : ['- nothing is noted']),
    '',
  ];
  // Text of strangers: no character of it may act on whoever opens the file.
  return lines.join('\n').replace(/[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/gu, ' ');
}
