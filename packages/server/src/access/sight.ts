/**
 * Who sees whom by name. Everybody is under a pseudonym until somebody has a reason to know: a case of theirs on this
 * person, their work with applicants, or a check they are asked to do. No role sees everybody.
 */
import { and, eq, inArray, isNull, notInArray, or } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import { may, type User } from '../model/roles.js';
import type { PersonRow, Services, Sight, SightOf, Snapshot } from '../model/services.js';
import { caseMembers, casePeople, cases, checks } from '../store/schema.js';
import { isNoted, noteName } from './names-shown.js';
import { ownRows } from './own-matter.js';
import { folded, tokens } from './veil/fold.js';
import { knownIn, tellingsOf } from './veil/known.js';
import { Marks } from './veil/marks.js';
import { Sweep } from './veil/sweep.js';
import { Veil } from './veil/veil.js';

type Given = Pick<Services, 'store' | 'results' | 'keys' | 'content'>;

/** Whose stages recruiters and HR work with by name. */
const applying = new Set(['applicant', 'offer']);

/** So many others are looked for in full; of more, the names only. */
const mostInvolved = 300;

export function makeSight(services: Given): SightOf {
  const { keys, results } = services;
  const marks = new Marks(keys.derive('marks'));
  let ordinary: ReadonlySet<string> | undefined;

  const pseudonym = (person: string): string => {
    const letters = keys.handle(person).slice(1).toUpperCase();
    const snapshot = results.current();
    const shared = snapshot ? knownIn(snapshot).twice.has(letters.slice(0, 6).toLowerCase()) : false;
    // Two people under one pseudonym would be taken for one.
    return `Person ${letters.slice(0, 4)}-${letters.slice(4, shared ? undefined : 6)}`;
  };

  /** Through cases and checks. */
  const byNeed = async (user: User): Promise<string[]> => {
    const { store } = services;
    const { db } = store;
    const own = (await ownRows(user, services)).map((row) => row.id);
    const inCases = db
      .select({ person: casePeople.person })
      .from(casePeople)
      .innerJoin(cases, eq(cases.id, casePeople.case))
      .innerJoin(caseMembers, eq(caseMembers.case, casePeople.case))
      .where(
        and(
          eq(cases.state, 'open'),
          eq(caseMembers.user, user.id),
          // A case about themself is not theirs, whoever made them a member.
          own.length === 0
            ? undefined
            : notInArray(
                cases.id,
                db.select({ id: casePeople.case }).from(casePeople).where(inArray(casePeople.person, own)),
              ),
        ),
      );
    const given = eq(checks.assignee, user.id);
    const roles = user.roles.filter((role) => role !== 'admin');
    const inChecks = db
      .select({ person: checks.person })
      .from(checks)
      .where(
        and(
          eq(checks.state, 'asked'),
          roles.length === 0 ? given : or(given, and(isNull(checks.assignee), inArray(checks.role, roles))),
        ),
      );
    // Whoever no longer has the role for it keeps no name for having been there.
    const cased = may(user.roles, 'cases.view');
    const checking = may(user.roles, 'checks.view');
    if (!cased && !checking) return [];
    const rows = await store.kept(
      [casePeople, cases, caseMembers, checks],
      `open to ${user.id} ${[...roles].sort()} ${own}`,
      async () => await (cased && checking ? union(inCases, inChecks) : cased ? inCases : inChecks),
    );
    // A check may be about a role or the company, and so about nobody.
    return rows.map((row) => row.person).filter((person) => person !== '');
  };

  const byWork = (user: User) => user.roles.some((role) => role === 'recruiter' || role === 'hr');

  const open = async (user: User): Promise<ReadonlySet<string>> => {
    const people = await byNeed(user);
    const snapshot = results.current();
    if (!snapshot || !byWork(user)) return new Set(people);
    const applicants = applicantsIn(snapshot);
    return people.length === 0 ? applicants : new Set([...applicants, ...people]);
  };

  const sight = async (user: User, person: PersonRow): Promise<Sight> => {
    if (byWork(user) && applying.has(person.stage)) return 'open';
    return (await byNeed(user)).includes(person.id) ? 'open' : 'veiled';
  };

  const veil = async <T>(user: User, value: T, about: readonly string[]): Promise<T> => {
    const snapshot = results.current();
    const opened = await open(user);
    const involved = new Map<string, string>();
    for (const id of about) involved.set(id, snapshot?.row(id)?.name ?? '');
    const ofMany: string[] = [];
    collect(value, '', snapshot, involved, ofMany);
    // Handles are ids too: what an area has replaced already stays so.
    const isOpen = (id: string) => opened.has(id);
    const isPerson = (id: string) => involved.has(id) || snapshot?.row(id)?.id === id;
    ordinary ??= ordinaryWords(services);
    const sweep = new Sweep({
      known: snapshot ? knownIn(snapshot) : undefined,
      marks,
      row: (id) => snapshot?.row(id),
      isOpen,
      pseudonym,
      handle: keys.handle,
      ordinary,
      strict: !(about.length > 0 && about.every(isOpen)),
    });
    sweep.show(ofMany.map((label) => ({ text: folded(label).trim(), word: '', value: label })));
    const openNames = new Set<string>();
    const veiled: { id: string; name: string }[] = [];
    // In the order of ids, so that the same question has the same answer.
    for (const [id, name] of [...involved].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!isOpen(id)) veiled.push({ id, name });
      else {
        for (const word of folded(name).match(tokens) ?? []) openNames.add(word);
        sweep.showId(id);
        if (snapshot) sweep.show(await tellingsOf(id, snapshot));
      }
    }
    if (snapshot)
      for (const { id } of veiled.slice(0, mostInvolved)) sweep.hide(await tellingsOf(id, snapshot));
    sweep.hidePeople(veiled, openNames);
    const shown = new Veil({
      sweep,
      marks,
      isOpen,
      isPerson,
      handle: keys.handle,
      called,
      byName: (name) => {
        const ids = snapshot ? whoIs(name, snapshot) : [];
        const [id] = ids;
        if (id === undefined) return name;
        // Which of several of one name it is, nobody knows; their name is told where one of them is open.
        const seen = ids.find(isOpen);
        const row = snapshot?.row(seen ?? id);
        return row ? called(row, seen !== undefined) : name;
      },
      machines: user.roles.includes('it'),
    }).any(value) as T;
    noteNamed(shown, involved, isOpen);
    return shown;
  };

  // Records may hold no name, or one of nothing that can be seen.
  const called = (person: Pick<PersonRow, 'id' | 'name'>, isOpen: boolean): string => {
    if (!isOpen || person.name.trim() === '') return pseudonym(person.id);
    noteName(person.id);
    return person.name;
  };

  return { sight, open, pseudonym, called, veil };
}

/** Ids of people by a name, an e-mail address or a number: sources give any of these for a manager. */
function whoIs(said: string, snapshot: Snapshot): readonly string[] {
  const row = snapshot.row(said);
  if (row) return [row.id];
  const { names, mails } = knownIn(snapshot);
  const text = folded(said);
  const mail = mails.get(text.trim());
  if (mail !== undefined) return [mail];
  const words = text.match(tokens) ?? [];
  // "Example, Ada" is Ada Example.
  const turned = text.includes(',') ? [...words.slice(1), ...words.slice(0, 1)] : words;
  return names.get(words.join(' ')) ?? names.get(turned.join(' ')) ?? [];
}

const applicants = new WeakMap<Snapshot, ReadonlySet<string>>();

function applicantsIn(snapshot: Snapshot): ReadonlySet<string> {
  const known = applicants.get(snapshot);
  if (known) return known;
  const made = new Set(snapshot.people.filter((row) => applying.has(row.stage)).map((row) => row.id));
  applicants.set(snapshot, made);
  return made;
}

/**
 * An innocent reason about so many people may say what they share: an address of five or more tells of a place and of
 * nobody, and whoever is to confirm that it is an office has to know which.
 */
const many = 5;

/** Lists of people by id and name. */
const peopleKeys = new Set(['sharedWith', 'members', 'between', 'people', 'other', 'person']);
/** Ids that stand alone. */
const idKeys = new Set(['others', 'a', 'b']);

/** Who is open, and called by name somewhere in a text. */
function noteNamed(
  shown: unknown,
  involved: ReadonlyMap<string, string>,
  isOpen: (id: string) => boolean,
): void {
  const rest = [...involved].filter(([id, name]) => isOpen(id) && name.trim() !== '' && !isNoted(id));
  if (rest.length === 0) return;
  const text = folded(JSON.stringify(shown) ?? '');
  for (const [id, name] of rest) if (text.includes(folded(name))) noteName(id);
}

/** Everybody a value names, by the places where results name people. */
function collect(
  value: unknown,
  key: string,
  snapshot: Snapshot | undefined,
  into: Map<string, string>,
  ofMany: string[],
): void {
  if (typeof value === 'string') {
    const row = idKeys.has(key) || snapshot?.row(value)?.id === value ? snapshot?.row(value) : undefined;
    if (row) {
      if (!into.get(row.id)) into.set(row.id, row.name);
    } else if (idKeys.has(key) && !into.has(value)) into.set(value, '');
    return;
  }
  if (Array.isArray(value)) {
    for (const one of value) collect(one, key, snapshot, into, ofMany);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const { id, name } = value as { id?: unknown; name?: unknown };
  if (typeof id === 'string' && typeof name === 'string') {
    const row = snapshot?.row(id);
    if (row?.id === id || peopleKeys.has(key)) if (!into.get(id)) into.set(id, name);
  }
  const about = value as { people?: unknown; value?: unknown; kind?: unknown };
  if (Array.isArray(about.people) && about.people.length >= many && typeof about.kind === 'string') {
    const label = typeof about.value === 'string' ? about.value : (about.value as { label?: unknown })?.label;
    if (typeof label === 'string') ofMany.push(label);
  }
  for (const [inner, part] of Object.entries(value)) collect(part, inner, snapshot, into, ofMany);
}

/** Words of our own sentences: where somebody bears one as a name, it counts as the name with a capital only. */
function ordinaryWords(services: Pick<Services, 'content'>): ReadonlySet<string> {
  const words = new Set<string>();
  for (const detection of services.content.detections)
    for (const text of [
      detection.says,
      detection.title,
      detection.why,
      detection.weight?.source,
      ...(detection.innocent ?? []),
      ...(detection.next ?? []),
    ])
      for (const word of text ? (folded(text.replace(/\{[^}]*\}/g, ' ')).match(tokens) ?? []) : [])
        words.add(word);
  return words;
}
