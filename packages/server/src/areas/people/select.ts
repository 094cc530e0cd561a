/** Which people a list shows, in which order. Orders are worked out once for each scan: a request only walks along one. */
import { folded } from '../../access/veil/fold.js';
import type { PersonRow, Snapshot } from '../../model/services.js';
import { byGroups, byHandles } from '../../results/orders.js';
import { atOnce, type Steps } from '../../work/slices.js';
import type { bandNames, PeopleFilter } from './words.js';

export interface Selected {
  /** Places in the snapshot's people, in order. */
  places: Uint32Array;
  /** How many there are in each band, whatever bands are chosen. */
  bands: Record<(typeof bandNames)[number], number>;
}

const columnNames = ['band', 'stage', 'engagement', 'department', 'vendor', 'remote', 'ring'] as const;
type Column = (typeof columnNames)[number];

/** A column of all people, by place: a walk over it touches none of the hundred thousand rows. */
interface Values {
  numbers: ReadonlyMap<string, number>;
  of: Uint32Array;
}

interface Prepared {
  orders: Map<string, Uint32Array>;
  columns: Map<Column, Values>;
  /** By id of the person. */
  places: Map<string, number>;
  choices: { stage: string[]; engagement: string[]; department: string[]; vendor: string[] };
  /** What was chosen lately by filters that are the same for everybody. */
  chosen: Map<string, Selected>;
  /** What a search looks through besides pseudonyms and names; made when first searched. */
  texts?: Texts;
}

/** Thousands share one title, department and vendor: each text is kept, and searched, once. */
interface Texts {
  /** Folded. */
  distinct: string[];
  /** By place of the person: which of them is theirs. */
  of: Uint32Array;
}

const prepared = new WeakMap<Snapshot, Prepared>();

export const prepare = (snapshot: Snapshot): Prepared =>
  prepared.get(snapshot) ?? atOnce(preparing(snapshot));

const choosable = ['stage', 'engagement', 'department', 'vendor'] as const;

/** Makes what every list needs, in steps. */
export function* preparing(snapshot: Snapshot): Steps<Prepared> {
  const places = new Map<string, number>();
  const found = {
    stage: new Set(),
    engagement: new Set(),
    department: new Set(),
    vendor: new Set(),
  } as Record<(typeof choosable)[number], Set<string>>;
  for (const [place, row] of snapshot.people.entries()) {
    if (place % 1000 === 999) yield;
    places.set(row.id, place);
    for (const key of choosable) {
      const value = row[key];
      if (value) found[key].add(value);
    }
  }
  const made: Prepared = {
    orders: new Map(),
    columns: new Map(),
    places,
    chosen: new Map(),
    choices: {
      stage: [...found.stage].sort(),
      engagement: [...found.engagement].sort(),
      department: [...found.department].sort(),
      vendor: [...found.vendor].sort(),
    },
  };
  prepared.set(snapshot, made);
  for (const sort of ['rank', 'person', 'signals', 'stage'] as const) {
    yield;
    orderOf(snapshot, sort);
  }
  for (const column of columnNames) {
    yield;
    columnOf(snapshot, column);
  }
  yield;
  textsOf(snapshot);
  return made;
}

function orderOf(snapshot: Snapshot, sort: NonNullable<PeopleFilter['sort']>): Uint32Array {
  const { orders } = prepare(snapshot);
  const known = orders.get(sort);
  if (known) return known;
  const { people } = snapshot;
  const order =
    sort === 'rank'
      ? Uint32Array.from(people, (_, place) => place)
      : // By pseudonym and never by name: an order of names would tell something of names.
        sort === 'person'
        ? byHandles(people)
        : sort === 'signals'
          ? byGroups(
              people,
              (row) => row.signals,
              (a, b) => b - a,
            )
          : byGroups(
              people,
              (row) => row.stage,
              (a, b) => (a < b ? -1 : 1),
            );
  orders.set(sort, order);
  return order;
}

/** So many selections are kept: turning a page asks for the same again. */
const kept = 40;

export function selectPeople(snapshot: Snapshot, filter: PeopleFilter, open: ReadonlySet<string>): Selected {
  // What depends on who asks is worked out each time.
  if (filter.q || filter.open) return select(snapshot, filter, open);
  const { chosen } = prepare(snapshot);
  const { band, stage, engagement, department, vendor, remote, ring, sort, order } = filter;
  const key = JSON.stringify([band, stage, engagement, department, vendor, remote, ring, sort, order]);
  const known = chosen.get(key);
  if (known) return known;
  const made = select(snapshot, filter, open);
  const [oldest] = chosen.keys();
  if (chosen.size >= kept && oldest !== undefined) chosen.delete(oldest);
  chosen.set(key, made);
  return made;
}

function columnOf(snapshot: Snapshot, column: Column): Values {
  const { columns } = prepare(snapshot);
  const known = columns.get(column);
  if (known) return known;
  const numbers = new Map<string, number>();
  const of = Uint32Array.from(snapshot.people, (row) => {
    const value = column === 'remote' ? (row.remote ? 'yes' : 'no') : (row[column] ?? '');
    const number = numbers.get(value) ?? numbers.size;
    if (number === numbers.size) numbers.set(value, number);
    return number;
  });
  const made = { numbers, of };
  columns.set(column, made);
  return made;
}

function select(snapshot: Snapshot, filter: PeopleFilter, open: ReadonlySet<string>): Selected {
  const order = orderOf(snapshot, filter.sort ?? 'rank');
  const bands = columnOf(snapshot, 'band');
  const wanted = new Set((filter.band ?? '').split('.').filter(Boolean));
  const inBands = Uint8Array.from(bands.numbers.keys(), (band) =>
    wanted.size === 0 || wanted.has(band) ? 1 : 0,
  );
  const asked = (['stage', 'engagement', 'department', 'vendor', 'remote', 'ring'] as const).flatMap(
    (name) => {
      const value = filter[name];
      if (!value) return [];
      const { numbers, of } = columnOf(snapshot, name);
      return [{ of, number: numbers.get(value) ?? -1 }];
    },
  );
  const found = searched(snapshot, filter.q ?? '', open);
  const seen = filter.open ? openPlaces(snapshot, open) : undefined;
  const counts = new Uint32Array(bands.numbers.size);
  const chosen = new Uint32Array(order.length);
  let total = 0;
  walk: for (let i = 0; i < order.length; i++) {
    const place = order[i] as number;
    if (found && found[place] === 0) continue;
    for (const { of, number } of asked) if (of[place] !== number) continue walk;
    if (seen && !seen.has(place)) continue;
    const band = bands.of[place] as number;
    counts[band] = (counts[band] as number) + 1;
    if (inBands[band] === 1) chosen[total++] = place;
  }
  const tally = { urgent: 0, review: 0, watch: 0, clear: 0 };
  for (const [band, number] of bands.numbers) tally[band as keyof typeof tally] = counts[number] as number;
  const places = chosen.slice(0, total);
  return { places: filter.order === 'back' ? places.reverse() : places, bands: tally };
}

function openPlaces(snapshot: Snapshot, open: ReadonlySet<string>): ReadonlySet<number> {
  const { places } = prepare(snapshot);
  const found = new Set<number>();
  for (const id of open) {
    const place = places.get(id);
    if (place !== undefined) found.add(place);
  }
  return found;
}

/**
 * A search finds pseudonyms, handles, titles, departments and vendors of everybody. Names only of those who are open: a
 * search must not be a way to find out who somebody is.
 */
function searched(snapshot: Snapshot, q: string, open: ReadonlySet<string>): Uint8Array | undefined {
  const words = folded(q).split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const { distinct, of } = textsOf(snapshot);
  const fits = (text: string) => words.every((word) => text.includes(word));
  const fitting = Uint8Array.from(distinct, (text) => (fits(text) ? 1 : 0));
  const found = fitting.includes(1)
    ? Uint8Array.from(of, (number) => fitting[number] as number)
    : new Uint8Array(of.length);
  // `Person K7QF-2M`, `k7qf2m` and the handle in the address are the same.
  const code = folded(q)
    .replace(/^person\b/, '')
    .replace(/[\s-]/g, '');
  if (/^[0-9a-z]{4,11}$/.test(code)) for (const place of byHandle(snapshot, code)) found[place] = 1;
  for (const place of openPlaces(snapshot, open)) {
    const row = snapshot.people[place] as PersonRow;
    if (fits(`${distinct[of[place] as number]}\n${folded(row.name)}\n${folded(row.workEmail ?? '')}`))
      found[place] = 1;
  }
  return found;
}

function textsOf(snapshot: Snapshot): Texts {
  const made = prepare(snapshot);
  if (made.texts) return made.texts;
  const numbers = new Map<string, number>();
  const of = Uint32Array.from(snapshot.people, (row) => {
    const text = [row.title, row.department, row.vendor, row.ring].filter(Boolean).join('\n');
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  });
  made.texts = { distinct: [...numbers.keys()].map(folded), of };
  return made.texts;
}

/** Places of those whose handle begins with a code, its first letter left out or not. */
function byHandle(snapshot: Snapshot, code: string): number[] {
  const order = orderOf(snapshot, 'person');
  const handle = (at: number) => snapshot.people[order[at] as number]?.handle ?? '';
  const found: number[] = [];
  for (const start of [code, `p${code}`]) {
    let from = 0;
    for (let to = order.length; from < to; ) {
      const middle = (from + to) >> 1;
      if (handle(middle) < start) from = middle + 1;
      else to = middle;
    }
    for (; from < order.length && handle(from).startsWith(start); from++) found.push(order[from] as number);
  }
  return found;
}
