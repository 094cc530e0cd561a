import { digest } from '../identifiers/digest.js';
import type { Database } from '../lake/duckdb.js';
import type { Explanation, Group } from '../model/policy.js';

/** What an explanation is on a day. Only what is in force silences anything. */
export type ExplanationState = 'in force' | 'not yet' | 'over';

/** Why something does not count: which explanation accounts for it, who recorded that and what they said. */
export interface Accounted {
  id: string;
  kind: Explanation['kind'];
  by: string;
  reason: string;
  until?: string;
}

/** Whether an explanation counts on a day. */
export function holds(explanation: Explanation, asOf: Date): boolean {
  return stateOf(explanation, asOf) === 'in force';
}

export function stateOf({ from, until }: Explanation, asOf: Date): ExplanationState {
  if (until && endOf(until) < asOf) return 'over';
  return from && new Date(from) > asOf ? 'not yet' : 'in force';
}

/** The last moment of a day; a time of day is taken as it is. */
function endOf(day: string): Date {
  return new Date(day.length === 10 ? `${day}T23:59:59.999Z` : day);
}

/** The name of an explanation: its own, or one made from what it says, so that it stays while that does. */
export function idOf(explanation: Explanation): string {
  const { id, kind, people, groups = [], detections, value = '', from = '', to = '' } = explanation;
  return (
    id ??
    `${kind}-${digest(kind, value, from, to, ...people, '', ...groups.map((group) => JSON.stringify(group)), '', ...detections)}`
  );
}

/** The explanation as it stands beside what it accounts for. */
export function accounted(explanation: Explanation): Accounted {
  const { kind, by, reason, until } = explanation;
  return { id: idOf(explanation), kind, by, reason, ...(until ? { until } : {}) };
}

/** Reasons about a person as a whole, whatever was found and whomever it names besides. */
const ofPerson: readonly Explanation['kind'][] = ['inquiry', 'snooze'];

/** Whether an explanation is about single people, and not about what several of them share. */
export function isOfPerson({ kind }: Pick<Explanation, 'kind'>): boolean {
  return ofPerson.includes(kind);
}

/** What is missing of an explanation of a person for it to account for anything: it never does for everybody or for ever. */
export function lacking({
  kind,
  people,
  detections,
  to,
  until,
}: Pick<Explanation, 'kind' | 'people' | 'detections' | 'to' | 'until'>): string[] {
  if (!ofPerson.includes(kind)) return [];
  return [
    ...(people.length === 0 ? ['whom it is about'] : []),
    ...(kind === 'inquiry' && !to ? ['the last day it covers'] : []),
    ...(kind === 'snooze' && detections.length === 0 ? ['which detections it is about'] : []),
    ...(kind === 'snooze' && !until ? ['the last day on which it counts'] : []),
  ];
}

/** Whether an explanation can account for what a detection finds. What speaks for somebody, none of a person takes away. */
export function appliesTo(
  explanation: Explanation,
  detection: { id: string; explained_by: readonly string[]; weight?: { conclusive: boolean } | undefined },
  speaksFor: boolean,
): boolean {
  if (explanation.detections.length > 0 && !explanation.detections.includes(detection.id)) return false;
  if (!isOfPerson(explanation)) return detection.explained_by.includes(explanation.kind);
  if (lacking(explanation).length > 0 || speaksFor) return false;
  // What is enough by itself is for an inquiry, and not for one colleague to set aside.
  return explanation.kind === 'inquiry' || !detection.weight?.conclusive;
}

/** Reasons for what people share. */
const pairwise: readonly Explanation['kind'][] = ['household', 'shared-office', 'agency', 'same-person'];

/** What whoever keeps the explanations should look at. */
export function doubtsAbout(explanation: Explanation, asOf: Date): string[] {
  const { people, groups = [], until, from, to, kind, value } = explanation;
  const doubts: string[] = [];
  const lacks = lacking(explanation);
  if (lacks.length > 0) doubts.push(`It accounts for nothing: it does not say ${lacks.join(', nor ')}.`);
  if (!until) doubts.push('It has no last day, so nobody is reminded to look again.');
  else if (stateOf(explanation, asOf) === 'over')
    doubts.push(`It is over since ${until}: what it accounted for counts again.`);
  if (people.length === 0 && groups.length === 0 && !isOfPerson(explanation))
    doubts.push(
      value
        ? `It covers everybody who shows “${value}”.`
        : 'It names nobody and nothing, so it covers everybody.',
    );
  if (people.length === 1 && groups.length === 0 && pairwise.includes(kind))
    doubts.push('It names one person: what two people share is accounted for only where it names both.');
  if (kind === 'travel' && !(from && to))
    doubts.push('It does not say from which day to which they travelled, so it covers places at any time.');
  return doubts;
}

const sets = new WeakMap<Explanation, ReadonlySet<string>>();

/** Whether all of these people are among those an explanation is about. */
export function coversPeople(explanation: Explanation, people: readonly string[]): boolean {
  if (explanation.people.length === 0) return (explanation.groups ?? []).length === 0;
  let known = sets.get(explanation);
  if (!known) {
    known = new Set(explanation.people);
    sets.set(explanation, known);
  }
  return people.every((person) => known.has(person));
}

/**
 * Whether something lies within the days an explanation covers: it began by the last of them, and ended on the first or
 * later. What has no date is not accounted for by a few days: whether it was then is not known.
 */
export function coversTime({ from, to }: Explanation, first?: string, last = first): boolean {
  if (to && (!first || first > endOf(to).toISOString())) return false;
  return !(from && last && last < from);
}

/**
 * Whether a text shows a value, in any case. A number is not part of a longer one: 192.0.2.1 is not shown by 192.0.2.10, nor
 * by 3.192.0.2.1.
 */
export function shows(text: string, value: string): boolean {
  const [whole, part] = [text.toLowerCase(), value.toLowerCase()];
  if (part === '') return true;
  // The groups of an IPv6 address, and serials of hardware, count on in letters.
  const digit = part.includes(':') ? /[0-9a-f]/ : /\d/;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) {
    const before = whole.slice(Math.max(0, at - 2), at);
    const after = whole.charAt(at + part.length);
    const begins = digit.test(part.charAt(0)) && (digit.test(before.slice(-1)) || /\d[.:]$/.test(before));
    const ends = digit.test(part.at(-1) ?? '') && digit.test(after);
    if (!begins && !ends) return true;
  }
  return false;
}

/** The same explanations, each with its id, and with the people of its groups among its people. */
export async function withMembers(database: Database, given: readonly Explanation[]): Promise<Explanation[]> {
  const explanations = given.map((explanation) => ({ ...explanation, id: idOf(explanation) }));
  if (!explanations.some(({ groups = [] }) => groups.length > 0)) return explanations;
  const rows = await database.rows(
    'SELECT person_id, department, vendor FROM people WHERE department IS NOT NULL OR vendor IS NOT NULL ORDER BY person_id',
  );
  const isIn = (row: (typeof rows)[number], group: Group) =>
    'department' in group ? same(row.department, group.department) : same(row.vendor, group.vendor);
  return explanations.map((explanation) => {
    const { groups = [] } = explanation;
    if (groups.length === 0) return explanation;
    const members = rows.filter((row) => groups.some((group) => isIn(row, group)));
    return {
      ...explanation,
      people: [...new Set([...explanation.people, ...members.map((row) => String(row.person_id))])],
    };
  });
}

export function groupInWords(group: Group): string {
  return 'department' in group
    ? `everybody of the department ${group.department}`
    : `everybody who comes through ${group.vendor}`;
}

function same(one: unknown, other: string): boolean {
  return typeof one === 'string' && folded(one) === folded(other);
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
