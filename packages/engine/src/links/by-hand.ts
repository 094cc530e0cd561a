import { holds, idOf, lacking } from '../explain/explanations.js';
import { RollcallError } from '../model/errors.js';
import { type Explanation, explanationSchema } from '../model/policy.js';
import { confirmed, type Decision, decide, inForce, readDecisions } from './decisions.js';
import { RingBook, readProposals } from './ring-book.js';

/** Who decides, why, and when. */
export interface Deciding {
  by: string;
  reason: string;
  now: Date;
}

/** An explanation that is confirmed without a last day stops counting after so many days. */
const explanationDays = 365;
/** One finding can be set aside for so many days. */
export const snoozeMost = 90;

/** Two rings are one from now on. */
export async function mergeRings(lake: string, one: string, other: string, who: Deciding): Promise<Decision> {
  const rings = await ringIds(lake);
  for (const id of [one, other]) mustBeRing(id, rings);
  if (one === other) throw new RollcallError('ARGUMENT_INVALID', 'two different rings are needed');
  return decide(lake, { kind: 'ring.merge', ...said(who), what: { rings: [one, other] } }, who.now);
}

/** These people of a ring are a ring of their own from now on; one person alone is in none. */
export async function splitRing(
  lake: string,
  ring: string,
  people: readonly string[],
  who: Deciding,
): Promise<Decision> {
  const rings = await ringIds(lake);
  mustBeRing(ring, rings);
  const members = rings.get(ring) ?? [];
  const strangers = people.filter((person) => !members.includes(person));
  if (strangers.length > 0)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${strangers.join(', ')}: not in ${ring}, which holds ${members.join(', ')}`,
    );
  if (people.length === 0 || people.length >= members.length)
    throw new RollcallError('ARGUMENT_INVALID', 'name some of its people, and leave at least one');
  return decide(
    lake,
    { kind: 'ring.split', ...said(who), what: { ring, people: [...new Set(people)].sort() } },
    who.now,
  );
}

/** A decision no longer counts. It stays on record, and so does this. */
export async function undoDecision(lake: string, id: number, who: Deciding): Promise<Decision> {
  const decisions = await readDecisions(lake);
  const decision = decisions.find((one) => one.id === id);
  if (!decision)
    throw new RollcallError('ARGUMENT_INVALID', `there is no decision ${id}; there are ${decisions.length}`);
  const counts =
    decision.kind === 'undo'
      ? !decisions.some((one) => one.kind === 'undo' && one.undoes === id)
      : inForce(decisions).some((one) => one.id === id);
  if (!counts) throw new RollcallError('ARGUMENT_INVALID', `decision ${id} is undone already`);
  return decide(lake, { kind: 'undo', ...said(who), undoes: id }, who.now);
}

/** What was proposed is so, says a person: from the next scan on it silences what it explains. */
export async function confirmExplanation(
  lake: string,
  id: string,
  who: Deciding & { until?: string },
): Promise<Decision> {
  const proposals = await readProposals(lake);
  const proposal = proposals.find((one) => one.id === id);
  if (!proposal)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `no explanation ${id} is proposed; “rollcall explanations” lists those that are`,
    );
  if (confirmed(await readDecisions(lake)).some((one) => one.id === id && holds(one.explanation, who.now)))
    throw new RollcallError('ARGUMENT_INVALID', `${id} is confirmed already`);
  if (proposal.policy)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${id} is for the policy file, where it counts for everybody: add\n${proposal.policy}`,
    );
  const until = lastDay(who.until, who.now);
  return decide(
    lake,
    {
      kind: 'explanation.confirm',
      ...said(who),
      what: {
        id,
        explanation: {
          kind: proposal.kind,
          people: proposal.groups ? [] : proposal.people.map((person) => person.id),
          ...(proposal.groups ? { groups: proposal.groups } : {}),
          detections: proposal.detections ?? [],
          ...(proposal.value ? { value: proposal.value.label } : {}),
          ...(proposal.from ? { from: proposal.from } : {}),
          ...(proposal.to ? { to: proposal.to } : {}),
          until,
        },
      },
    },
    who.now,
  );
}

/** An innocent reason that nobody proposed, put on record by somebody who looked into it. */
export async function addExplanation(
  lake: string,
  explanation: Omit<Explanation, 'id' | 'by' | 'reason'>,
  who: Deciding,
): Promise<Decision> {
  const { from, to, people, groups = [], value } = explanation;
  if (people.length === 0 && groups.length === 0 && !value)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      'say whom it is about (--people, --department, --vendor), or which value (--value)',
    );
  if (from && to && to < from)
    throw new RollcallError('ARGUMENT_INVALID', `it ends on ${to}, before it begins on ${from}`);
  const lacks = lacking(explanation);
  if (lacks.length > 0)
    throw new RollcallError('ARGUMENT_INVALID', `${explanation.kind}: say ${lacks.join(', and ')}`);
  const until = lastDay(explanation.until, who.now);
  if (explanation.kind === 'snooze' && until > dayAfter(who.now, snoozeMost))
    throw new RollcallError('ARGUMENT_INVALID', `a finding is set aside for ${snoozeMost} days at most`);
  if (from && from.slice(0, 10) > until)
    throw new RollcallError('ARGUMENT_INVALID', `it stops counting on ${until}, before it begins on ${from}`);
  const checked = explanationSchema.omit({ by: true, reason: true }).safeParse({ ...explanation, until });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new RollcallError('ARGUMENT_INVALID', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const decisions = await readDecisions(lake);
  const id = idOf({ ...checked.data, ...said(who) });
  if (confirmed(decisions).some((one) => one.id === id && holds(one.explanation, who.now)))
    throw new RollcallError('ARGUMENT_INVALID', `${id} is on record already`);
  return decide(
    lake,
    { kind: 'explanation.confirm', ...said(who), what: { id, explanation: checked.data } },
    who.now,
  );
}

/**
 * An inquiry by named people cleared somebody: whatever was found up to that day, or has no date, no longer counts, with
 * whatever detection, and joins them to nobody. What is dated later counts; so does all of it when a later inquiry says
 * otherwise. Said twice it is on record once.
 *
 * @example
 * await clearPerson('lake', 'E-200', { by: 'R. Example', reason: 'Met at the office, papers shown', day: '2026-06-01', now })
 */
export async function clearPerson(
  lake: string,
  person: string,
  who: Deciding & { day: string; until?: string },
): Promise<Decision> {
  const explanation = {
    kind: 'inquiry' as const,
    people: [person],
    detections: [],
    to: who.day,
    ...(who.until ? { until: who.until } : {}),
  };
  const known = confirmed(await readDecisions(lake)).find(
    ({ explanation: one }) =>
      one.kind === 'inquiry' &&
      one.people.length === 1 &&
      one.people[0] === person &&
      one.to === who.day &&
      one.until === lastDay(who.until, who.now) &&
      holds(one, who.now),
  );
  if (known) {
    const decision = (await readDecisions(lake)).find((one) => one.id === known.decision);
    if (decision) return decision;
  }
  return addExplanation(lake, explanation, who);
}

/** A finding of one detection about one person is set aside until a day, by somebody who looked at it. */
export async function snoozeFinding(
  lake: string,
  person: string,
  detection: string,
  who: Deciding & { until: string },
): Promise<Decision> {
  return addExplanation(
    lake,
    { kind: 'snooze', people: [person], detections: [detection], until: who.until },
    who,
  );
}

/** A day so many days from now. */
function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The last day given, or a year from now. */
function lastDay(until: string | undefined, now: Date): string {
  const day = until ?? dayAfter(now, explanationDays);
  if (day < now.toISOString().slice(0, 10))
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${day} is over: it would explain nothing. The last day that it covers is --to; --until is the day after which nobody is to rely on it`,
    );
  return day;
}

/** A confirmed explanation no longer counts, from the next scan on. */
export async function withdrawExplanation(lake: string, id: string, who: Deciding): Promise<Decision> {
  if (!confirmed(await readDecisions(lake)).some((one) => one.id === id))
    throw new RollcallError('ARGUMENT_INVALID', `no explanation ${id} is confirmed`);
  return decide(lake, { kind: 'explanation.withdraw', ...said(who), what: { id } }, who.now);
}

async function ringIds(lake: string): Promise<Map<string, string[]>> {
  const book = await RingBook.open(lake);
  return new Map(book.asLeft([]).map((ring) => [ring.id, ring.members]));
}

function mustBeRing(id: string, rings: ReadonlyMap<string, readonly string[]>): void {
  if (rings.has(id)) return;
  throw new RollcallError(
    'ARGUMENT_INVALID',
    `no ring ${id} is there${rings.size > 0 ? `; there are ${[...rings.keys()].slice(0, 20).join(', ')}` : ''}`,
  );
}

function said({ by, reason }: Deciding): { by: string; reason: string } {
  if (by.trim() === '' || reason.trim() === '')
    throw new RollcallError('ARGUMENT_INVALID', 'a name (--by) and a reason (--reason) are needed');
  return { by: by.trim(), reason: reason.trim() };
}
