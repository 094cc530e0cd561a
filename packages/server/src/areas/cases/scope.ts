/**
 * What belongs to a case. Nothing is moved or copied when cases are merged or split: every piece keeps the case it came
 * into, and a case shows what its own, the cases it took up and the case it was split off from hold. So undoing loses
 * nothing.
 */
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { caseEntries, casePeople, caseSplits, cases } from '../../store/schema.js';
import type { Db } from '../../store/store.js';

/** A case whose pieces are shown; only those about some people, or up to a moment, where it says so. */
export interface Source {
  case: string;
  people?: string[];
  until?: string;
}

/** Deepest chain of merges that is followed. */
const deepest = 50;

export async function sourcesOf(db: Db, id: string): Promise<Source[]> {
  const family = await familyOf(db, id);
  const splits = await db
    .select()
    .from(caseSplits)
    .where(and(inArray(caseSplits.to, family), isNull(caseSplits.undoneAt)));
  return [...family.map((one) => ({ case: one })), ...splits.flatMap((split) => split.sources)];
}

/** A case and those that are part of it. */
export async function familyOf(db: Db, id: string): Promise<string[]> {
  const family = new Set([id]);
  let latest = [id];
  for (let depth = 0; latest.length > 0 && depth < deepest; depth++) {
    const rows = await db.select({ id: cases.id }).from(cases).where(inArray(cases.mergedInto, latest));
    latest = rows.map((row) => row.id).filter((one) => !family.has(one));
    for (const one of latest) family.add(one);
  }
  return [...family];
}

/** What a split takes along: all that is held about these people now. */
export function narrowed(sources: readonly Source[], people: readonly string[], until: string): Source[] {
  return sources.flatMap((source) => {
    const about = source.people ? people.filter((person) => source.people?.includes(person)) : [...people];
    if (about.length === 0) return [];
    return [
      {
        case: source.case,
        people: about,
        until: source.until && source.until < until ? source.until : until,
      },
    ];
  });
}

export function within(
  sources: readonly Source[],
  row: { case: string; person?: string | null; at: Date },
): boolean {
  return sources.some(
    (source) =>
      source.case === row.case &&
      (!source.people || (typeof row.person === 'string' && source.people.includes(row.person))) &&
      (!source.until || row.at.toISOString() <= source.until),
  );
}

/** Rows of one of the tables of cases that belong to these sources. */
export async function held<
  T extends PgTable & { case: PgColumn; at: PgColumn; $inferSelect: { case: string; at: Date } },
>(db: Db, table: T, sources: readonly Source[]): Promise<T['$inferSelect'][]> {
  const rows = await db
    .select()
    .from(table as PgTable)
    .where(inArray(table.case, [...new Set(sources.map((source) => source.case))]));
  return (rows as (T['$inferSelect'] & { person?: string | null })[]).filter((row) => within(sources, row));
}

/** Ids of the people a case is about. */
export async function peopleOf(db: Db, id: string): Promise<string[]> {
  const rows = await db.select({ person: casePeople.person }).from(casePeople).where(eq(casePeople.case, id));
  return rows.map((row) => row.person);
}

/** Notes that something happened. The words are for members, and name nobody: `person` says whom it is about. */
export async function happened(
  db: Db,
  entry: { case: string; by: string; at: Date; kind: string; says: string; person?: string },
): Promise<number> {
  const [row] = await db
    .insert(caseEntries)
    .values({ ...entry, person: entry.person ?? null, before: [] })
    .returning({ id: caseEntries.id });
  return row?.id ?? 0;
}
