import { holds } from '../explain/explanations.js';
import { digest } from '../identifiers/digest.js';
import { building } from '../identifiers/index.js';
import type { Database } from '../lake/duckdb.js';
import type { ExplanationKind } from '../model/policy.js';
import type { Proposal } from '../model/result.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import { confirmed, type Decision } from './decisions.js';
import { kindInWords, type LinkFacet } from './kinds.js';
import { choose, findLinks, type Link } from './links.js';
import { hasTable } from './reference.js';
import { listed } from './say.js';

export interface ProposeOptions {
  /** Whose links are looked at: those with something to explain. */
  people: readonly string[];
  explainedBy: ReadonlyMap<IdentifierKind, readonly ExplanationKind[]>;
  /** Links that something recorded accounts for already. */
  explained: (link: Link) => boolean;
  decisions: readonly Decision[];
  asOf: Date;
}

/** People around those with something to explain who are looked at, and proposals that are made. */
const nearMost = 2_000;
const proposalsMost = 200;

/** People of one home; more live in a building, not in a household. */
const householdMost = 6;
/** People of a place of work; fewer are rather a home. */
const officeLeast = 4;

/** What is handed in or worked with by one person alone: sharing it does not follow from sharing a home or a firm. */
const personal: readonly LinkFacet[] = ['payment', 'identity', 'device', 'code'];

interface Draft {
  kind: ExplanationKind;
  people: string[];
  value?: { kind: IdentifierKind; label: string };
  says: string;
  rows: (string | null)[][];
  against: string[];
  check: string;
}

interface Person {
  id: string;
  name: string;
  vendor?: string;
  email?: string;
  from?: string;
  started?: string;
  left?: string;
}

/**
 * Innocent reasons that the data suggests for what people share. They are told, with what speaks against them, for a person
 * to confirm; nothing here is applied. Names are compared as a whole and only with each other, for one case: the same
 * person recorded twice. Surnames, and anything else a name might tell, are not read. An accommodation is never proposed:
 * to suggest one from data would be to guess at someone's health.
 */
export async function propose(database: Database, options: ProposeOptions): Promise<Proposal[]> {
  if (options.people.length === 0) return [];
  const near = await peopleNear(database, options.people);
  const links = await findLinks(database, near);
  const people = await personsOf(database, near);
  const pairs = new Map<string, Link[]>();
  for (const link of links) {
    const list = pairs.get(`${link.a}\u0000${link.b}`);
    if (list) list.push(link);
    else pairs.set(`${link.a}\u0000${link.b}`, [link]);
  }
  const drafts = [
    ...samePersons([...pairs.values()], people),
    ...households([...pairs.values()], people),
    ...offices(links, pairs, people, await ownPlaces(database)),
    ...agencies([...pairs.values()], people),
  ];
  const known = new Map(
    confirmed(options.decisions)
      .filter((one) => holds(one.explanation, options.asOf))
      .map((one) => [one.id, one]),
  );
  const proposals: (Proposal & { weight: number })[] = [];
  for (const draft of drafts) {
    const members = new Set(draft.people);
    const silenced = links.filter(
      (link) =>
        members.has(link.a) &&
        members.has(link.b) &&
        (options.explainedBy.get(link.kind) ?? []).includes(draft.kind) &&
        (!draft.value || (draft.value.kind === link.kind && draft.value.label === link.label)),
    );
    const id = `${draft.kind}-${digest(draft.kind, draft.value?.kind ?? '', draft.value?.label ?? '', ...draft.people)}`;
    const confirmation = known.get(id);
    // What is explained already needs no second reason.
    if (silenced.length === 0 || (!confirmation && silenced.every(options.explained))) continue;
    const name = (person: string) => people.get(person)?.name ?? person;
    const proposal: Proposal & { weight: number } = {
      id,
      kind: draft.kind,
      people: draft.people.map((person) => ({ id: person, name: name(person) })),
      ...(draft.value ? { value: draft.value } : {}),
      says: draft.says,
      evidence: { columns: ['people', 'shares', 'value', 'since'], rows: draft.rows.slice(0, 40) },
      silences: silencedInWords(silenced, name),
      against: draft.against,
      check: draft.check,
      weight: silenced.reduce((sum, link) => sum + link.bits, 0),
    };
    if (confirmation) {
      const { by, reason, until } = confirmation.explanation;
      proposal.confirmed = {
        decision: confirmation.decision,
        time: confirmation.time,
        by,
        reason,
        ...(until ? { until } : {}),
      };
    }
    proposals.push(proposal);
  }
  return proposals
    .sort((x, y) => y.weight - x.weight || (x.id < y.id ? -1 : 1))
    .slice(0, proposalsMost)
    .map(({ weight: _, ...proposal }) => proposal);
}

/** The people given, and those who share a value that links with one of them. */
async function peopleNear(database: Database, people: readonly string[]): Promise<string[]> {
  await choose(database, people);
  const rows = await database.rows(
    `SELECT h.person_id, bool_or(p.person_id IS NOT NULL) AS own FROM holdings h LEFT JOIN link_people p USING (person_id)
     WHERE lasting AND value_id IN (
       SELECT x.value_id FROM holdings x SEMI JOIN link_people USING (person_id) JOIN shared_values v ON v.id = x.value_id WHERE x.lasting AND NOT v.common)
     GROUP BY h.person_id ORDER BY own DESC, h.person_id LIMIT ${nearMost}`,
  );
  return rows.map((row) => String(row.person_id));
}

async function personsOf(database: Database, near: readonly string[]): Promise<Map<string, Person>> {
  await choose(database, near);
  const rows = await database.rows(
    'SELECT person_id, name, vendor, lower(personal_email) AS email, coalesce(applied_at, started_at) AS since, started_at, left_at FROM people SEMI JOIN link_people USING (person_id) ORDER BY person_id',
  );
  return new Map(
    rows.map((row) => {
      const person: Person = { id: String(row.person_id), name: String(row.name ?? row.person_id) };
      const texts = {
        vendor: row.vendor,
        email: row.email,
        from: row.since,
        started: row.started_at,
        left: row.left_at,
      } as const;
      for (const [key, value] of Object.entries(texts))
        if (value) person[key as keyof typeof texts] = String(value);
      return [person.id, person] as const;
    }),
  );
}

/** Two records of one human: the same whole name, the same mailbox of their own, and never employed as both at once. */
function samePersons(pairs: readonly (readonly Link[])[], people: ReadonlyMap<string, Person>): Draft[] {
  return pairs.flatMap((links): Draft[] => {
    const [a, b] = bothOf(links, people);
    if (!a || !b || folded(a.name) !== folded(b.name)) return [];
    const mail = links.find((link) => link.kind === 'email');
    if (!mail && (a.email === undefined || a.email !== b.email)) return [];
    if (atOnce(a, b)) return [];
    const against = links.some((link) => link.facet === 'identity' || link.facet === 'payment')
      ? []
      : ['Neither a bank account nor a tax or document id shows that they are one.'];
    return [
      {
        kind: 'same-person',
        people: [a.id, b.id],
        says: `${a.id} and ${b.id} are recorded under one name and one personal e-mail address, and were never employed at the same time: it may be one person who is on record twice.`,
        rows: rowsOf(links, people),
        against,
        check: 'Ask HR or recruiting whether the two records are one person, and have them joined there.',
      },
    ];
  });
}

/** People who gave one home address from the start, and live as people of one home do: own devices, own pay. */
function households(pairs: readonly (readonly Link[])[], people: ReadonlyMap<string, Person>): Draft[] {
  const homes = new Map<string, { links: Link[]; all: Link[] }>();
  for (const links of pairs) {
    const [a, b] = bothOf(links, people);
    const home = links.find(
      (link) =>
        link.kind === 'address' &&
        link.holders <= householdMost &&
        isHome(link.contextsA) &&
        isHome(link.contextsB) &&
        fromBefore(a, link.firstA) &&
        fromBefore(b, link.firstB),
    );
    if (!home || !a || !b) continue;
    // A home explains neither one browser for two nor one résumé for two; with several such things it is no proposal.
    if (apartFromHome(links).length > 1) continue;
    const entry = homes.get(home.value) ?? { links: [], all: [] };
    entry.links.push(home);
    entry.all.push(...links);
    homes.set(home.value, entry);
  }
  return [...homes.values()].map(({ links, all }): Draft => {
    const members = [...new Set(links.flatMap((link) => [link.a, link.b]))].sort();
    const lines = all.some((link) => link.kind === 'phone')
      ? 'share a phone number'
      : all.some((link) => link.facet === 'home' && link.kind !== 'address')
        ? 'are online from one home'
        : undefined;
    const against = apartFromHome(all).map(
      (link) =>
        `They also share ${kindInWords(link.kind)} (${link.label}), which a common home does not explain.`,
    );
    if (!lines)
      against.push('Beside the address nothing shows a common home: neither a phone nor a network.');
    if (members.length > 4)
      against.push(
        `${members.length} people is many for one home: it may be a building without unit numbers.`,
      );
    return {
      kind: 'household',
      people: members,
      says: `${listed(members.map((id) => nameOf(people, id)))} gave one home address from the start${lines ? `, and ${lines}` : ''}; they may be one household.`,
      rows: rowsOf(all, people),
      against,
      check:
        'Ask each of them, as anyone would be asked, whether somebody of their household works here or has applied.',
    };
  });
}

/** The user's own places of work, by building, with what they are called. */
async function ownPlaces(database: Database): Promise<Map<string, string>> {
  if (!(await hasTable(database, 'main', 'own_places'))) return new Map();
  const rows = await database.rows('SELECT building, kind, name FROM own_places ORDER BY ALL');
  return new Map(
    rows.map((row) => [String(row.building), [row.kind, row.name].filter(Boolean).join(', ') || 'a place']),
  );
}

/** A place that several people share who have nothing else in common. */
function offices(
  links: readonly Link[],
  pairs: ReadonlyMap<string, readonly Link[]>,
  people: ReadonlyMap<string, Person>,
  listedPlaces: ReadonlyMap<string, string>,
): Draft[] {
  const places = new Map<string, Link[]>();
  for (const link of links) {
    if (link.facet !== 'home') continue;
    const key = `${link.kind}\u0000${link.value}`;
    const list = places.get(key);
    if (list) list.push(link);
    else places.set(key, [link]);
  }
  return [...places.values()].flatMap((own): Draft[] => {
    const members = [...new Set(own.flatMap((link) => [link.a, link.b]))].sort();
    const lead = own[0] as Link;
    const ours = lead.kind === 'address' ? listedPlaces.get(building(lead.value) ?? lead.value) : undefined;
    if (members.length < officeLeast && !ours) return [];
    const more = own.filter((link) =>
      (pairs.get(`${link.a}\u0000${link.b}`) ?? []).some((other) => other.facet !== 'home'),
    );
    // One pair of friends among them does not make a place less of an office.
    if (more.length * 10 > own.length && !ours) return [];
    const hours = own.some((link) => link.kind !== 'address')
      ? []
      : ['Nobody was seen online there: an address to which things are sent is no office.'];
    return [
      {
        kind: 'shared-office',
        people: members,
        value: { kind: lead.kind, label: lead.label },
        says: ours
          ? `${members.length} people share ${kindInWords(lead.kind)} (${lead.label}), which is on your own list of places of work (${ours}).`
          : `${members.length} people share ${kindInWords(lead.kind)} (${lead.label}) and hardly anything else: it may be an office, a co-working place or a building.`,
        rows: rowsOf(own, people),
        against: [
          ...hours,
          ...more.map(
            (link) =>
              `${nameOf(people, link.a)} and ${nameOf(people, link.b)} share something beside the place.`,
          ),
        ],
        check: 'Look up what is at the place, and whether the company or a vendor of it rents there.',
      },
    ];
  });
}

/** People of one vendor who share what an agency puts on everybody's papers. */
function agencies(pairs: readonly (readonly Link[])[], people: ReadonlyMap<string, Person>): Draft[] {
  const papers: readonly LinkFacet[] = ['phone', 'mail', 'reference', 'document'];
  const vendors = new Map<string, { name: string; links: Link[]; all: Link[] }>();
  for (const links of pairs) {
    const [a, b] = bothOf(links, people);
    if (!a?.vendor || !b?.vendor || folded(a.vendor) !== folded(b.vendor)) continue;
    const own = links.filter((link) => papers.includes(link.facet) && link.kind !== 'mfa_device');
    if (own.length === 0) continue;
    const key = folded(a.vendor);
    const entry = vendors.get(key) ?? { name: a.vendor, links: [], all: [] };
    entry.links.push(...own);
    entry.all.push(...links);
    vendors.set(key, entry);
  }
  return [...vendors.values()].map(({ name, links, all }): Draft => {
    const members = [...new Set(links.flatMap((link) => [link.a, link.b]))].sort();
    return {
      kind: 'agency',
      people: members,
      says: `${listed(members.map((id) => nameOf(people, id)))} come through ${name} and share ${listed([...new Set(links.map((link) => link.kind))].sort().map(kindInWords))}: contact details and papers may be the agency’s.`,
      rows: rowsOf(links, people),
      against: all
        .filter((link) => personal.includes(link.facet) || link.kind === 'mfa_device')
        .map(
          (link) =>
            `${nameOf(people, link.a)} and ${nameOf(people, link.b)} also share ${kindInWords(link.kind)} (${link.label}), which an agency does not explain.`,
        ),
      check: `Ask ${name}, at the number on the contract, whose contact details these are.`,
    };
  });
}

function apartFromHome(links: readonly Link[]): Link[] {
  return links.filter(
    (link) => personal.includes(link.facet) || link.facet === 'document' || link.kind === 'mfa_device',
  );
}

/** Somewhere a person lives, not only where things are sent. */
function isHome(contexts: readonly string[]): boolean {
  return contexts.some((context) => !['shipping', 'delivery', 'changed', 'office'].includes(context));
}

/** Given at the latest a month after they came: a home that turns up later may be somebody else's. */
function fromBefore(person: Person | undefined, first: string | undefined): boolean {
  if (!person?.from || !first) return true;
  return Date.parse(first) <= Date.parse(person.from) + 30 * 86_400_000;
}

/** Whether both were employed at one time; an application is no employment. */
function atOnce(a: Person, b: Person): boolean {
  if (!a.started || !b.started) return false;
  return (a.left ?? '9999') > b.started && (b.left ?? '9999') > a.started;
}

function bothOf(
  links: readonly Link[],
  people: ReadonlyMap<string, Person>,
): [Person | undefined, Person | undefined] {
  return [people.get(links[0]?.a ?? ''), people.get(links[0]?.b ?? '')];
}

function rowsOf(links: readonly Link[], people: ReadonlyMap<string, Person>): (string | null)[][] {
  return [...links]
    .sort((x, y) => y.bits - x.bits || (x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : 1))
    .map((link) => [
      `${nameOf(people, link.a)}, ${nameOf(people, link.b)}`,
      kindInWords(link.kind),
      link.label,
      link.first?.slice(0, 10) ?? null,
    ]);
}

function silencedInWords(links: readonly Link[], name: (person: string) => string): string[] {
  const values = new Map<string, { link: Link; people: Set<string> }>();
  for (const link of links) {
    const key = `${link.kind}\u0000${link.value}`;
    const entry = values.get(key) ?? { link, people: new Set() };
    entry.people.add(link.a).add(link.b);
    values.set(key, entry);
  }
  return [...values.values()].map(
    ({ link, people }) =>
      `that ${listed([...people].sort().map(name))} share ${kindInWords(link.kind)} (${link.label}; ${link.bits.toFixed(1)} bits)`,
  );
}

function nameOf(people: ReadonlyMap<string, Person>, id: string): string {
  return people.get(id)?.name ?? id;
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
