/** Made-up people, told twice or more with slips, for tests. Truth is in the id: `7-2` is the second record of person 7. */

export interface PersonRow extends Record<string, string> {
  id: string;
  first_name: string;
  surname: string;
  date_of_birth: string;
  email: string;
  phone: string;
  city: string;
}

const first =
  'anna ben carla david elena farid grace hugo ines jonas kira leo mara nils olga paul rosa sami tara ugo vera will xenia yan zoe'.split(
    ' ',
  );
const last =
  'abbott baker castillo dvorak eriksen fischer gupta hansen ivanova jensen kowalski larsen moreau novak okafor petrov quinn rossi santos tanaka ueda vogel walsh young zimmer'.split(
    ' ',
  );
const cities = ['Springfield', 'Rivertown', 'Lakeside', 'Hillview', 'Northport', 'Oakdale'];

/** A small generator of numbers, the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function makePeople(count: number, seed = 1): PersonRow[] {
  const next = numbers(seed);
  const below = (n: number) => Math.floor(next() * n);
  const pick = (from: readonly string[]) => from[below(from.length)] ?? '';
  const two = (n: number) => String(n).padStart(2, '0');
  const rows: PersonRow[] = [];
  for (let person = 0; person < count; person++) {
    const name = pick(first) + (next() < 0.3 ? pick(['a', 'e', 'ie']) : '');
    const surname = pick(last) + (next() < 0.3 ? pick(['s', 'er', 'man']) : '');
    const original: PersonRow = {
      id: `${person}-0`,
      first_name: name,
      surname,
      date_of_birth: `${1950 + below(50)}-${two(1 + below(12))}-${two(1 + below(28))}`,
      email: `${name}.${surname}${below(90)}@example.com`,
      phone: `+1 ${200 + below(700)} 555-01${two(below(100))}`,
      city: pick(cities),
    };
    rows.push(original);
    const copies = next() < 0.5 ? 1 + below(2) : 0;
    for (let copy = 1; copy <= copies; copy++) {
      const told = { ...original, id: `${person}-${copy}` };
      if (next() < 0.5) told.first_name = slip(told.first_name, below);
      if (next() < 0.4) told.surname = slip(told.surname, below);
      if (next() < 0.2) told.date_of_birth = '';
      if (next() < 0.3) told.email = '';
      if (next() < 0.3) told.phone = '';
      if (next() < 0.2) told.city = pick(cities);
      if (next() < 0.1) [told.first_name, told.surname] = [told.surname, told.first_name];
      rows.push(told);
    }
  }
  return rows;
}

function slip(text: string, below: (n: number) => number): string {
  const at = below(text.length);
  const letter = String.fromCharCode(97 + below(26));
  if (below(2) === 0) return text.slice(0, at) + letter + text.slice(at + 1);
  return text.slice(0, at) + text.slice(at + 1);
}

export function person(id: string): string {
  return id.split('-')[0] ?? id;
}

/** The rows in another order, the same for the same seed. */
export function shuffled<T>(rows: readonly T[], seed: number): T[] {
  const next = numbers(seed);
  return rows
    .map((row) => ({ row, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
}

/** Precision and recall over pairs of the records of groups. */
export function pairwise(ids: readonly string[], groups: readonly (readonly string[])[]) {
  const count = (lists: readonly (readonly string[])[]) =>
    lists.reduce((sum, list) => sum + (list.length * (list.length - 1)) / 2, 0);
  const by = (list: readonly string[]) => {
    const people = new Map<string, string[]>();
    for (const id of list) people.set(person(id), [...(people.get(person(id)) ?? []), id]);
    return [...people.values()];
  };
  const right = groups.reduce((sum, group) => sum + count(by(group)), 0);
  return { precision: right / count(groups), recall: right / count(by(ids)) };
}
