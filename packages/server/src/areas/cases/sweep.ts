/** Everybody linked to the people of a case: each is put in, or set aside with a reason, before the case can close. */
import { kindInWords } from '@rollcall/engine/links/index.js';
import type { PersonResult } from '@rollcall/engine/model/result.js';
import type { IdentifierKind } from '@rollcall/engine/model/vocabulary.js';
import { Refusal } from '../../model/refusal.js';
import type { Services } from '../../model/services.js';
import { caseFrozen, caseSweep } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { intact } from './freeze.js';
import type { CaseRow } from './members.js';
import { held, peopleOf, type Source, sourcesOf } from './scope.js';

export interface Link {
  person: string;
  via: string[];
  decision?: typeof caseSweep.$inferSelect;
}

function sharesInWords(kind: string): string {
  return kind === 'passage'
    ? 'shares rare wording of a résumé'
    : `shares ${kindInWords(kind as IdentifierKind)}`;
}

/** Who is linked, from the frozen evidence and from the last scan, whichever says so. */
export async function linkedTo(
  db: Db,
  services: Services,
  row: CaseRow,
  people: readonly string[],
  sources: readonly Source[],
): Promise<Link[]> {
  const snapshot = services.results.current();
  const via = new Map<string, Set<string>>();
  const mine = new Set(people);
  const note = (person: string, how: string) => {
    if (mine.has(person)) return;
    const known = via.get(person) ?? new Set();
    known.add(how);
    via.set(person, known);
  };
  const results: PersonResult[] = [];
  for (const frozen of await held(db, caseFrozen, sources))
    if (mine.has(frozen.person) && intact(frozen)) results.push(JSON.parse(frozen.json) as PersonResult);
  for (const person of people) {
    const result = await snapshot?.person(person);
    if (result) results.push(result);
    // Of somebody with nothing against them no page says what they share; the one question of a case does all the same.
    if (result === undefined || result.brief)
      for (const shared of (await snapshot?.sharing?.(person)) ?? [])
        for (const kind of shared.kinds) note(shared.person, sharesInWords(kind));
  }
  for (const result of results) {
    // What an office or a carrier shares with everybody links nobody.
    for (const one of result.identifiers ?? [])
      if (!one.common) for (const other of one.sharedWith) note(other.id, sharesInWords(one.kind));
    for (const passage of result.passages ?? []) note(passage.other.id, sharesInWords('passage'));
    for (const signal of result.signals ?? [])
      for (const other of signal.others) note(other, `named by “${signal.title}”`);
  }
  const rings = new Set([
    ...(row.ring ? [row.ring] : []),
    ...people.flatMap((one) => snapshot?.row(one)?.ring ?? []),
  ]);
  for (const id of rings) {
    const ring = snapshot?.ring(id);
    for (const member of ring?.members ?? []) note(member.id, 'in the same ring');
    for (const between of ring?.between ?? []) note(between.id, 'stands between people of the ring');
  }
  const rows = people.flatMap((one) => snapshot?.row(one) ?? []);
  const vendors = new Set([...(row.vendor ? [row.vendor] : []), ...rows.flatMap((one) => one.vendor ?? [])]);
  const managers = new Set(rows.flatMap((one) => one.manager ?? []));
  if (vendors.size > 0 || managers.size > 0)
    for (const other of snapshot?.people ?? []) {
      if (other.vendor && vendors.has(other.vendor)) note(other.id, 'came through the same vendor');
      if (managers.has(other.name)) note(other.id, 'is the manager of one of them');
      // A manager has many people; those with nothing against them are not looked into for that.
      if (other.manager && managers.has(other.manager) && other.band !== 'clear')
        note(other.id, 'has the same manager, and is not clear');
    }
  const decisions = new Map<string, typeof caseSweep.$inferSelect>();
  for (const decision of await held(db, caseSweep, sources)) {
    const known = decisions.get(decision.person);
    if (!known || known.at < decision.at) decisions.set(decision.person, decision);
  }
  for (const [person] of decisions) if (!via.has(person) && !mine.has(person)) via.set(person, new Set());
  return [...via]
    .map(([person, how]) => {
      const decision = decisions.get(person);
      return { person, via: [...how].sort(), ...(decision ? { decision } : {}) };
    })
    .sort(
      (a, b) =>
        Number(!!a.decision) - Number(!!b.decision) ||
        b.via.length - a.via.length ||
        (a.person < b.person ? -1 : 1),
    );
}

/** Those of whom nothing was said yet. Who was put in and taken out again is asked about again. */
export function undecided(links: readonly Link[]): Link[] {
  return links.filter((link) => link.decision?.decision !== 'aside');
}

export async function sweepMustBeDone(db: Db, services: Services, row: CaseRow): Promise<void> {
  const people = await peopleOf(db, row.id);
  const left = undecided(await linkedTo(db, services, row, people, await sourcesOf(db, row.id)));
  if (left.length > 0)
    throw new Refusal(
      409,
      'SWEEP_OPEN',
      `${left.length} linked ${left.length === 1 ? 'person is' : 'people are'} neither put in nor set aside`,
    );
}

/** Says of somebody linked that they are in, or set aside; what was said last stands. */
export async function answerLinked(
  db: Db,
  caseId: string,
  person: string,
  set: Pick<typeof caseSweep.$inferSelect, 'decision' | 'reason' | 'by' | 'at'>,
): Promise<void> {
  await db
    .insert(caseSweep)
    .values({ case: caseId, person, ...set })
    .onConflictDoUpdate({ target: [caseSweep.case, caseSweep.person], set });
}
