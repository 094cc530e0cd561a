import { Database } from '../lake/duckdb.js';
import { createResolvedTables } from '../lake/resolve.js';
import type { IdentifierKind } from '../model/vocabulary.js';

/** Somebody has a value: person, kind, value, and where and since when. Made up, for tests. */
export interface Held {
  person: string;
  kind: IdentifierKind;
  value: string;
  context?: string;
  first?: string;
  last?: string;
}

export interface SamplePerson {
  id: string;
  name?: string;
  vendor?: string;
  email?: string;
  household?: string;
  applied?: string;
  started?: string;
  left?: string;
}

/** A database with the resolved tables, people (`count` of them beside those named) and what they have. */
export async function sampleLake(
  held: readonly Held[],
  { people = [], count = 300 }: { people?: readonly SamplePerson[]; count?: number } = {},
): Promise<Database> {
  const database = await Database.open();
  await createResolvedTables(database);
  const named = new Map(people.map((person) => [person.id, person] as const));
  for (const { person } of held) if (!named.has(person)) named.set(person, { id: person });
  for (const person of named.values())
    await database.run(
      `INSERT INTO people (person_id, name, vendor, personal_email, household, applied_at, started_at, left_at, stage)
       VALUES ($id, $name, $vendor, $email, $household, CAST($applied AS TIMESTAMP), CAST($started AS TIMESTAMP), CAST($left AS TIMESTAMP), 'employed')`,
      {
        id: person.id,
        name: person.name ?? `Person ${person.id}`,
        vendor: person.vendor ?? null,
        email: person.email ?? null,
        household: person.household ?? null,
        applied: person.applied ?? null,
        started: person.started ?? null,
        left: person.left ?? null,
      },
    );
  // Everybody else has a phone and an address that nobody shares.
  await database.run(
    `INSERT INTO people (person_id, name, stage) SELECT 'other-' || i, 'Other ' || i, 'employed' FROM range(${count}) r(i)`,
  );
  await database.run(
    `INSERT INTO identifiers (person_id, kind, value, label, context, source)
     SELECT 'other-' || i, kind, kind || '-' || i, kind || '-' || i, 'home', 'sample' FROM range(${count}) r(i), (VALUES ('phone'), ('address')) k(kind)`,
  );
  for (const { person, kind, value, context, first, last } of held)
    await database.run(
      `INSERT INTO identifiers VALUES ($person, $kind, $value, $value, $context, 'sample', CAST($first AS TIMESTAMP), CAST($last AS TIMESTAMP))`,
      {
        person,
        kind,
        value,
        context: context ?? 'home',
        first: first ?? '2026-01-05',
        last: last ?? '2026-09-01',
      },
    );
  return database;
}
