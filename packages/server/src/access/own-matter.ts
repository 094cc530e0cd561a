/**
 * Nobody acts on themself. Somebody who has an account here may be on record as a person, too: whatever they would do
 * about that person (open or work in a case, agree to one, record or excuse a check, explain, set aside, judge) is refused
 * for every route alike, and that they tried is recorded.
 */
import { readDecisions } from '@rollcall/engine/links/index.js';
import { and, inArray } from 'drizzle-orm';
import { Refusal } from '../model/refusal.js';
import type { User } from '../model/roles.js';
import type { PersonRow, Services, Snapshot } from '../model/services.js';
import { casePeople, checks } from '../store/schema.js';
import { folded } from './veil/fold.js';
import { knownIn } from './veil/known.js';

type Given = Pick<Services, 'results' | 'store' | 'lake'>;

export class OwnMatter extends Refusal {
  constructor(readonly handle: string) {
    super(
      403,
      'OWN_MATTER',
      'this is about yourself, so a colleague has to do it; that you asked stands in the audit log',
    );
  }
}

const asked = new WeakMap<Snapshot, Map<string, Promise<readonly PersonRow[]>>>();

/**
 * Who somebody is among the people on record: whoever has the address of their account as work e-mail. Other addresses
 * count only where nobody has: anybody can write a colleague's address into an application.
 */
export async function ownRows(
  user: User,
  services: Pick<Services, 'results'>,
): Promise<readonly PersonRow[]> {
  const snapshot = services.results.current();
  const address = folded(user.email).trim();
  if (!snapshot || !address.includes('@')) return [];
  const known = asked.get(snapshot) ?? new Map<string, Promise<readonly PersonRow[]>>();
  asked.set(snapshot, known);
  const before = known.get(address);
  if (before) return before;
  const found = find(address, snapshot);
  if (known.size > 10_000) known.clear();
  known.set(address, found);
  return found;
}

async function find(address: string, snapshot: Snapshot): Promise<readonly PersonRow[]> {
  const worker = knownIn(snapshot).mails.get(address);
  const ids = worker === undefined ? ((await snapshot.withMail?.(address)) ?? []) : [worker];
  return ids.flatMap((id) => snapshot.row(id) ?? []);
}

/** Throws where what is asked for is about the one who asks. `looks`: reads only; then what it is about stands in the path. */
export async function refuseOwnMatter(
  user: User,
  { params, body, looks }: { params: unknown; body: unknown; looks: boolean },
  services: Given,
): Promise<void> {
  const { case: caseId, check } = params as { case?: string; check?: string };
  if (looks && caseId === undefined && check === undefined) return;
  const own = await ownRows(user, services);
  if (own.length === 0) return;
  const found = own.find((row) => !looks && names(row, { ...(params as object), ...(body as object) }));
  if (found) throw new OwnMatter(found.handle);
  const about = await behind(strings([params, looks ? undefined : body]), own, looks, params, services);
  const row = own.find((one) => about.has(one.id));
  if (row) throw new OwnMatter(row.handle);
}

/** Whether somebody is named in what was sent: by handle, by pseudonym, or by the group they belong to. */
function names(row: PersonRow, given: { departments?: unknown; vendors?: unknown }): boolean {
  const same = (list: unknown, value: string | undefined) =>
    Array.isArray(list) &&
    value !== undefined &&
    list.some((one) => typeof one === 'string' && one.toLowerCase() === value.toLowerCase());
  if (same(given.departments, row.department) || same(given.vendors, row.vendor)) return true;
  return strings(given).some((text) => {
    if (text.length > 40) return false;
    if (text === row.handle) return true;
    const code = text
      .toLowerCase()
      .replace(/^person\b/, '')
      .replace(/[\s-]/g, '');
    return /^[0-9a-z]{6,10}$/.test(code) && row.handle.startsWith(`p${code}`);
  });
}

/** Which of one's own persons stand behind ids: of cases, wishes, checks, rings, suggested reasons and decisions. */
async function behind(
  given: readonly string[],
  own: readonly PersonRow[],
  looks: boolean,
  params: unknown,
  services: Given,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const ids = own.map((row) => row.id);
  const add = (people: Iterable<string>) => {
    for (const person of people) if (ids.includes(person)) found.add(person);
  };
  const texts = [...new Set(given.filter((text) => text.length <= 200))].slice(0, 1000);
  if (texts.length === 0) return found;
  const { db } = services.store;
  for (const row of await db
    .select({ person: casePeople.person })
    .from(casePeople)
    .where(and(inArray(casePeople.person, ids), inArray(casePeople.case, texts))))
    add([row.person]);
  for (const row of await db
    .select({ person: checks.person })
    .from(checks)
    .where(and(inArray(checks.person, ids), inArray(checks.id, texts))))
    add([row.person]);
  const snapshot = services.results.current();
  if (looks || !snapshot) return found;
  for (const text of texts) {
    add(snapshot.ring(text)?.members.map((one) => one.id) ?? []);
    for (const list of [snapshot.head.proposals, snapshot.head.explanations])
      for (const one of list) if (one.id === text) add(one.people.map((person) => person.id));
  }
  const { decision, explanation, snooze } = params as Record<string, unknown>;
  if (decision !== undefined || explanation !== undefined || snooze !== undefined)
    add(await decidedOn([decision, explanation, snooze], services.lake));
  return found;
}

/** Whom decisions are about, by their number or the name of the reason. */
async function decidedOn(which: readonly unknown[], lake: string): Promise<Set<string>> {
  const decisions = await readDecisions(lake);
  const wanted = new Set(which.filter((one) => one !== undefined));
  const people = new Set<string>();
  // The latest first: what one of them undoes or takes back is about the same people.
  for (const one of [...decisions].reverse()) {
    const id = one.kind === 'explanation.confirm' || one.kind === 'explanation.withdraw' ? one.what.id : '';
    if (!wanted.has(one.id) && !(id !== '' && wanted.has(id))) continue;
    if (id !== '') wanted.add(id);
    if (one.kind === 'undo') wanted.add(one.undoes);
    if (one.kind === 'ring.split') for (const person of one.what.people) people.add(person);
    if (one.kind === 'explanation.confirm')
      for (const person of one.what.explanation.people) people.add(person);
  }
  return people;
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(strings);
  return [];
}
