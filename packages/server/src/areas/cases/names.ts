/** How people of a case are called to somebody, and whom a handle means. */
import { notFound } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { PersonRow, Services } from '../../model/services.js';
import type { Named } from './words.js';

export type Namer = (person: string) => Named;

export async function namesFor(user: User, services: Services): Promise<Namer> {
  const open = await services.sight.open(user);
  const snapshot = services.results.current();
  return (person) => {
    const row = snapshot?.row(person) ?? { id: person, name: '' };
    return { handle: services.keys.handle(person), name: services.sight.called(row, open.has(person)) };
  };
}

/** The row of a handle. Ids are not taken: they are names of a kind. */
export function rowOfHandle(services: Services, handle: string): PersonRow {
  const row = services.results.current()?.row(handle);
  if (!row || row.handle !== handle) throw notFound('the person');
  return row;
}

/** The id behind a handle among these people; also of somebody the last scan no longer holds. */
export function oneOf(services: Services, people: readonly string[], handle: string): string {
  const person = people.find((one) => services.keys.handle(one) === handle);
  if (person === undefined) throw notFound('the person in this case');
  return person;
}

/** Names, or parts of names, of people that stand in words others will read. */
export function namesIn(text: string, rows: readonly Pick<PersonRow, 'name'>[]): boolean {
  const plain = (one: string) => one.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = new Set(plain(text).split(/[^\p{L}]+/u));
  return rows.some((row) =>
    plain(row.name)
      .split(/[^\p{L}]+/u)
      .some((part) => part.length >= 3 && words.has(part)),
  );
}
