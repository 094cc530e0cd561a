/** What a case holds, for a bundle, with what the options leave out already gone. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PersonResult } from '@rollcall/engine/model/result.js';
import { asc, inArray, or, sql } from 'drizzle-orm';
import { type AuditLine, canonical } from '../../../audit/audit.js';
import { Refusal } from '../../../model/refusal.js';
import type { PersonRow, Services } from '../../../model/services.js';
import {
  audit,
  caseCorrections,
  caseDecisions,
  caseDisputes,
  caseEntries,
  caseFrozen,
  caseHypotheses,
  caseItems,
  caseMarks,
  caseMembers,
  type cases,
  caseTasks,
  responseBundles,
  responseLetters,
  responseMarks,
  responsePlans,
  responseReach,
  responseTexts,
} from '../../../store/schema.js';
import type { Db } from '../../../store/store.js';
import { held, peopleOf, sourcesOf } from '../../cases/scope.js';
import type { ReachView } from '../words.js';
import type { CaseMaterial, Piece } from './build.js';
import type { Manifest } from './format.js';
import { Finder, identityOf, mapTexts, replacer } from './redact.js';

/** All files of a bundle together. */
const mostBytes = 1_000_000_000;

export async function gather(
  db: Db,
  services: Services,
  row: typeof cases.$inferSelect,
  options: Manifest['options'],
): Promise<CaseMaterial> {
  const sources = await sourcesOf(db, row.id);
  const ids = [...new Set(sources.map((source) => source.case))];
  const people = await peopleOf(db, row.id);
  const colleagues = new Map((await services.accounts.list()).map(({ id, name }) => [id, name]));
  const who = (id: string | null) => (id === null ? '' : (colleagues.get(id) ?? id));
  const inOrder = <T extends { at: Date; id?: string | number }>(rows: T[]): T[] =>
    rows.sort(
      (a, b) => a.at.getTime() - b.at.getTime() || (String(a.id ?? '') < String(b.id ?? '') ? -1 : 1),
    );

  const frozen = inOrder(await held(db, caseFrozen, sources));
  const items = inOrder(await held(db, caseItems, sources));
  const hypotheses = inOrder(await held(db, caseHypotheses, sources));
  const decisions = inOrder(await held(db, caseDecisions, sources));
  const disputes = inOrder(await held(db, caseDisputes, sources));
  const corrections = inOrder(await held(db, caseCorrections, sources));
  const tasks = inOrder(await held(db, caseTasks, sources));
  const marks = await held(db, caseMarks, sources);
  const entries = inOrder(await held(db, caseEntries, sources));
  const reach = inOrder(await held(db, responseReach, sources));
  const plans = inOrder(await held(db, responsePlans, sources));
  const letters = inOrder(await held(db, responseLetters, sources));
  const bundles = inOrder(await held(db, responseBundles, sources));
  const members = await db
    .select()
    .from(caseMembers)
    .where(inArray(caseMembers.case, [row.id]));
  const planMarks = plans.length
    ? await db
        .select()
        .from(responseMarks)
        .where(
          inArray(
            responseMarks.plan,
            plans.map(({ id }) => id),
          ),
        )
    : [];
  const texts = letters.length
    ? await db
        .select()
        .from(responseTexts)
        .where(
          inArray(
            responseTexts.letter,
            letters.map(({ id }) => id),
          ),
        )
    : [];
  const lines = (await db
    .select()
    .from(audit)
    .where(
      or(
        inArray(
          audit.subject,
          ids.map((id) => `case:${id}`),
        ),
        inArray(sql`${audit.detail} ->> 'case'`, ids),
      ),
    )
    .orderBy(asc(audit.number))) as AuditLine[];

  const results = frozen.map((one) => JSON.parse(one.json) as Partial<PersonResult>);
  const hide = await hider(services, people, options, results, [
    row.title,
    ...results,
    ...reach.map(({ json }) => JSON.parse(json) as unknown),
    items,
    hypotheses,
    decisions,
    disputes,
    corrections,
    tasks,
    entries,
    plans.map(({ items: list }) => list),
    texts,
  ]);
  const leftOut = [...hide.leftOut];
  const pieces: Piece[] = [];
  const json = (name: string, what: string, value: unknown) =>
    pieces.push({ name, what, content: `${canonical(hide.all(plain(value)))}\n` });
  /** What was frozen stays byte for byte, unless something of it is left out. */
  const kept = (name: string, what: string, text: string, sha256: string) => {
    const content = hide.changes ? canonical(hide.all(hide.narrow(JSON.parse(text)))) : text;
    if (digest(Buffer.from(text, 'utf8')) !== sha256)
      leftOut.push(`${name} does not agree with the hash that was recorded when it was frozen.`);
    pieces.push({ name, what, content, ...(content === text ? {} : { from: sha256 }) });
  };

  for (const [i, one] of frozen.entries())
    kept(
      `evidence/finding-${two(i)}.json`,
      `What was found, as frozen on ${one.at.toISOString()}`,
      one.json,
      one.sha256,
    );
  for (const [i, one] of reach.entries())
    kept(
      `evidence/reach-${two(i)}.json`,
      `What they could reach and did, as frozen on ${one.at.toISOString()}`,
      one.json,
      one.sha256,
    );
  const named = <T extends { by: string }>(rows: readonly T[]) =>
    rows.map((one) => ({ ...one, by: who(one.by) }));
  json('evidence/items.json', 'Pieces of evidence, each with its hash', named(items));
  json('evidence/hypotheses.json', 'Hypotheses, innocent ones included, and which way each piece speaks', {
    hypotheses: named(hypotheses),
    marks: named(marks),
  });
  json('evidence/decisions.json', 'What named people decided, and why', named(decisions));
  json('evidence/disputes.json', 'What the person said against it, and records that were wrong', {
    disputes: named(disputes),
    corrections: named(corrections),
  });
  json('evidence/tasks.json', 'What was done', named(tasks));
  json(
    'evidence/members.json',
    'Who worked on the case',
    members.map(({ user, part, addedAt }) => ({ who: who(user), part, addedAt })),
  );
  if (plans.length > 0)
    json(
      'response/containment.json',
      'Containment lists, and when each line was marked',
      plans.map((plan) => ({
        ...plan,
        by: who(plan.by),
        marks: named(planMarks.filter((mark) => mark.plan === plan.id)).sort(
          (a, b) => a.at.getTime() - b.at.getTime() || a.turn - b.turn,
        ),
      })),
    );
  let letterNumber = 0;
  for (const letter of letters) {
    if (!letter.releasedAt && letter.counsel === 'yes') continue;
    const text = texts
      .filter((one) => one.letter === letter.id)
      .sort((a, b) => b.version - a.version)[0]?.text;
    if (text === undefined) continue;
    const content = hide.text(text);
    pieces.push({
      name: `response/letter-${two(letterNumber++)}.txt`,
      what: letter.title,
      content,
      ...(content === text ? {} : { from: digest(Buffer.from(text, 'utf8')) }),
    });
  }

  const files = items.filter((item) => item.kind === 'file' && item.state === 'held');
  if (options.files) {
    let total = 0;
    for (const [i, item] of files.entries()) {
      const bytes = await readFile(join(services.folder, 'files', item.sha256)).catch(() => undefined);
      if (!bytes || digest(bytes) !== item.sha256) {
        leftOut.push(
          bytes
            ? `File ${two(i)} on disk is not what was handed in, and is left out.`
            : `File ${two(i)} is missing on disk.`,
        );
        continue;
      }
      total += bytes.length;
      if (total > mostBytes)
        throw new Refusal(
          413,
          'BUNDLE_TOO_LARGE',
          'the files of this case are too large for one bundle; make it without files',
        );
      // Names that strangers gave are told in items.json, and are no path here.
      pieces.push({
        name: `files/${two(i)}-${item.sha256.slice(0, 12)}.bin`,
        what: `File: ${hide.text(item.says)}`,
        content: bytes,
      });
    }
  } else if (files.length > 0)
    leftOut.push(`${files.length} files of the case; their hashes are in evidence/items.json.`);

  const timeline = entries.map((one) => ({
    at: one.at.toISOString(),
    kind: one.kind,
    by: who(one.by),
    says: hide.text(one.says),
  }));
  const custody = [
    ...frozen.map((one) => ({
      at: one.at,
      what: 'frozen findings',
      sha256: one.sha256,
      by: one.by,
      action: 'frozen',
    })),
    ...reach.map((one) => ({
      at: one.at,
      what: 'frozen reach',
      sha256: one.sha256,
      by: one.by,
      action: 'frozen',
    })),
    ...items.map((one) => ({
      at: one.at,
      what: one.kind === 'file' ? `file ${hide.text(one.says)}` : one.kind,
      sha256: one.sha256,
      by: one.by,
      action: one.state === 'replaced' ? 'added, later replaced' : 'added',
    })),
    ...letters.flatMap((one) =>
      one.releasedAt && one.releasedBy && one.releasedSha256
        ? [
            {
              at: one.releasedAt,
              what: one.title,
              sha256: one.releasedSha256,
              by: one.releasedBy,
              action: 'released',
            },
          ]
        : [],
    ),
    ...bundles.map((one) => ({
      at: one.at,
      what: 'evidence bundle',
      sha256: one.sha256,
      by: one.by,
      action: 'sealed',
    })),
  ]
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.sha256 < b.sha256 ? -1 : 1))
    .map((one) => ({ ...one, at: one.at.toISOString(), by: who(one.by) }));

  const latest = new Map(frozen.map((one) => [one.person, one]));
  return {
    case: {
      number: row.number,
      id: row.id,
      title: hide.text(row.title),
      openedAt: row.openedAt.toISOString(),
      state: row.state,
    },
    pieces,
    page: {
      people: people.map((id) => {
        const found = latest.get(id);
        const result = found ? (JSON.parse(found.json) as PersonResult) : undefined;
        return {
          name: hide.text(
            services.sight.called(result ?? services.results.current()?.row(id) ?? { id, name: '' }, true),
          ),
          role: [result?.title, result?.engagement, result?.stage].filter(Boolean).join(', '),
          findings: (result?.signals ?? []).map((signal) => ({
            says: hide.text(signal.says),
            innocent: signal.innocent,
            explained: signal.explained !== undefined,
          })),
        };
      }),
      hypotheses: hypotheses.map((one) => ({
        says: hide.text(one.says),
        state: one.state,
        answer: hide.text(one.answer ?? ''),
      })),
      decisions: decisions.map((one) => ({
        what: one.what,
        reason: hide.text(one.reason),
        by: who(one.by),
        at: one.at.toISOString(),
      })),
      reach: reach.map((one) => {
        const view = JSON.parse(one.json) as ReachView;
        return { sentences: view.sentences.map(hide.text), missing: view.missing.map(hide.text) };
      }),
      timeline,
    },
    timeline,
    custody,
    audit: lines,
    leftOut,
  };
}

interface Hider {
  changes: boolean;
  leftOut: string[];
  text: (text: string) => string;
  all<T>(value: T): T;
  /** Takes whole parts out of a frozen result. */
  narrow(value: unknown): unknown;
}

async function hider(
  services: Services,
  people: readonly string[],
  options: Manifest['options'],
  /** As they were frozen: what was on record then need not be any more. */
  frozen: readonly Partial<PersonResult>[],
  evidence: readonly unknown[],
): Promise<Hider> {
  const leftOut: string[] = [];
  const values = new Map<string, string>();
  const snapshot = services.results.current();
  const rowOf = (id: string): PersonRow | undefined => snapshot?.row(id);
  /** What people of the case have: that others share it is the evidence. */
  const own = new Set<string>();
  for (const id of people) {
    const result = await snapshot?.person(id);
    for (const { label } of result?.identifiers ?? []) own.add(label.toLowerCase());
  }
  if (!options.others && snapshot) {
    const found = new Map<string, PersonRow>();
    const finder = new Finder(snapshot.people, rowOf);
    for (const one of evidence) finder.in(plain(one), found);
    for (const id of people) found.delete(id);
    const [...mine] = people.map((id) => rowOf(id)?.name.toLowerCase());
    for (const other of found.values()) {
      const result = await snapshot.person(other.id);
      // A namesake of somebody in the case cannot be told apart by name.
      const keep = new Set([...own, ...mine.flatMap((name) => name ?? [])]);
      for (const [value, by] of identityOf(other, result, services.sight.pseudonym(other.id), {
        parts: false,
        keep,
      }))
        values.set(value, by);
    }
    // Who has left since is in no list any more, and named in what was frozen.
    for (const other of frozen.flatMap(namedBeside))
      if (!people.includes(other.id) && !rowOf(other.id)) {
        found.set(other.id, other as PersonRow);
        for (const [value, by] of identityOf(other, undefined, services.sight.pseudonym(other.id), {
          parts: false,
          keep: new Set(mine.flatMap((name) => name ?? [])),
        }))
          values.set(value, by);
      }
    leftOut.push(
      `Names, addresses and accounts of ${found.size} people who are not in the case; a pseudonym stands in their place.`,
    );
  }
  if (!options.identity) {
    for (const id of people) {
      const row = rowOf(id);
      const known: [Pick<PersonRow, 'id' | 'name' | 'workEmail'>, PersonResult | undefined][] = [
        ...(row ? [[row, await snapshot?.person(id)] as [PersonRow, PersonResult | undefined]] : []),
        ...frozen.flatMap((one) =>
          one.id === id ? [[one as PersonResult, one as PersonResult] as [PersonResult, PersonResult]] : [],
        ),
      ];
      for (const [who, result] of known)
        for (const [value, by] of identityOf(who, result, services.sight.pseudonym(id), { parts: true }))
          values.set(value, by);
    }
    leftOut.push(
      'Who the people of the case say they are, which may be the identity of a victim: names, addresses, numbers, accounts and documents.',
    );
  }
  const text = replacer(values);
  return {
    changes: !options.others || !options.identity,
    leftOut,
    text,
    all: (value) => mapTexts(value, text),
    narrow: (value) => {
      if (options.identity || !value || typeof value !== 'object') return value;
      const { documents: _, passages: __, claimed: ___, ...rest } = value as Record<string, unknown>;
      return rest;
    },
  };
}

/** Others whom a frozen result names. */
function namedBeside(result: Partial<PersonResult>): { id: string; name: string }[] {
  return [
    ...(result.identifiers ?? []).flatMap((one) => one.sharedWith),
    ...(result.passages ?? []).map((one) => one.other),
  ].map(({ id, name }) => ({ id, name }));
}

/** Dates as text, so that what is hashed is what is read. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null)) as unknown;
}

const two = (i: number) => String(i + 1).padStart(3, '0');
const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
