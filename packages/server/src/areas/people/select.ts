/** Which people a list shows, in which order. Orders are worked out once for each scan: a request only walks along one. */
import { folded } from '../../access/veil/fold.js';
import type { PersonRow, Snapshot } from '../../model/services.js';
import type { bandNames, PeopleFilter } from './words.js';

export interface Selected {
  /** Places in the snapshot's people, in order. */
  places: Uint32Array;
  /** How many there are in each band, whatever bands are chosen. */
  bands: Record<(typeof bandNames)[number], number>;
}

interface Prepared {
  orders: Map<string, Uint32Array>;
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

export function prepare(snapshot: Snapshot): Prepared {
  const before = prepared.get(snapshot);
  if (before) return before;
  const distinct = (key: 'stage' | 'engagement' | 'department' | 'vendor') => {
    const found = new Set<string>();
    for (const row of snapshot.people) {
      const value = row[key];
      if (value) found.add(value);
    }
    return [...found].sort();
  };
  const made: Prepared = {
    orders: new Map(),
    chosen: new Map(),
    choices: {
      stage: distinct('stage'),
      engagement: distinct('engagement'),
      department: distinct('department'),
      vendor: distinct('vendor'),
    },
  };
  prepared.set(snapshot, made);
  return made;
}

function orderOf(snapshot: Snapshot, sort: NonNullable<PeopleFilter['sort']>): Uint32Array {
  const { orders } = prepare(snapshot);
  const known = orders.get(sort);
  if (known) return known;
  const rows = snapshot.people;
  const order = Uint32Array.from(rows, (_, index) => index);
  const row = (index: number) => rows[index] as PersonRow;
  // By pseudonym and never by name: an order of names would tell something of names.
  if (sort === 'person')
    order.sort((a, b) => (row(a).handle < row(b).handle ? -1 : row(a).handle > row(b).handle ? 1 : a - b));
  if (sort === 'signals') order.sort((a, b) => row(b).signals - row(a).signals || a - b);
  if (sort === 'stage')
    order.sort((a, b) => (row(a).stage < row(b).stage ? -1 : row(a).stage > row(b).stage ? 1 : a - b));
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

function select(snapshot: Snapshot, filter: PeopleFilter, open: ReadonlySet<string>): Selected {
  const rows = snapshot.people;
  const bands = new Set((filter.band ?? '').split('.').filter(Boolean));
  const fits = searcher(snapshot, filter.q ?? '', open);
  const { stage, engagement, department, vendor, ring } = filter;
  const remote = filter.remote === undefined ? undefined : filter.remote === 'yes';
  const order = orderOf(snapshot, filter.sort ?? 'rank');
  const chosen = new Uint32Array(rows.length);
  const tally = { urgent: 0, review: 0, watch: 0, clear: 0 };
  let total = 0;
  for (let i = 0; i < order.length; i++) {
    const place = order[i] as number;
    const row = rows[place] as PersonRow;
    if (stage && row.stage !== stage) continue;
    if (engagement && row.engagement !== engagement) continue;
    if (department && row.department !== department) continue;
    if (vendor && row.vendor !== vendor) continue;
    if (remote !== undefined && (row.remote ?? false) !== remote) continue;
    if (ring && row.ring !== ring) continue;
    if (filter.open && !open.has(row.id)) continue;
    if (fits && !fits(row, place)) continue;
    tally[row.band]++;
    if (bands.size > 0 && !bands.has(row.band)) continue;
    chosen[total++] = place;
  }
  const places = chosen.slice(0, total);
  return { places: filter.order === 'back' ? places.reverse() : places, bands: tally };
}

/**
 * A search finds pseudonyms, handles, titles, departments and vendors of everybody. Names only of those who are open: a
 * search must not be a way to find out who somebody is.
 */
function searcher(
  snapshot: Snapshot,
  q: string,
  open: ReadonlySet<string>,
): ((row: PersonRow, place: number) => boolean) | undefined {
  const words = folded(q).split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const { distinct, of } = textsOf(snapshot);
  const found = Uint8Array.from(distinct, (text) => (words.every((word) => text.includes(word)) ? 1 : 0));
  // `Person K7QF-2M`, `k7qf2m` and the handle in the address are the same.
  const code = folded(q)
    .replace(/^person\b/, '')
    .replace(/[\s-]/g, '');
  const coded = /^[0-9a-z]{4,11}$/.test(code) ? byHandle(snapshot, code) : undefined;
  return (row, place) => {
    if (found[of[place] as number] === 1 || coded?.has(place)) return true;
    if (!open.has(row.id)) return false;
    const all = `${distinct[of[place] as number]}\n${folded(row.name)}\n${folded(row.workEmail ?? '')}`;
    return words.every((word) => all.includes(word));
  };
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
function byHandle(snapshot: Snapshot, code: string): ReadonlySet<number> {
  const order = orderOf(snapshot, 'person');
  const handle = (at: number) => snapshot.people[order[at] as number]?.handle ?? '';
  const found = new Set<number>();
  for (const start of [code, `p${code}`]) {
    let from = 0;
    for (let to = order.length; from < to; ) {
      const middle = (from + to) >> 1;
      if (handle(middle) < start) from = middle + 1;
      else to = middle;
    }
    for (; from < order.length && handle(from).startsWith(start); from++) found.add(order[from] as number);
  }
  return found;
}
