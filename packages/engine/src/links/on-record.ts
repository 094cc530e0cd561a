import { doubtsAbout, stateOf } from '../explain/explanations.js';
import { readExplanations } from '../explain/kept.js';
import type { ExplanationResult } from '../model/result.js';
import { everConfirmed, readDecisions } from './decisions.js';

/** An explanation as it is today, with what it accounted for at the last scan; `scanned` is false where none saw it yet. */
export interface OnRecord extends ExplanationResult {
  scanned: boolean;
}

/** Everything on record as explained: what the last scan knew of (the policy file, HR), and what was decided since. */
export async function explanationsOnRecord(lake: string, now: Date): Promise<OnRecord[]> {
  const list = new Map<string, OnRecord>();
  for (const one of await readExplanations(lake)) {
    const { until, from } = one;
    const days = { ...(until ? { until } : {}), ...(from ? { from } : {}) };
    list.set(one.id, {
      ...one,
      scanned: true,
      ...(one.source === 'policy'
        ? { state: stateOf({ ...days, kind: one.kind, people: [], detections: [], by: '', reason: '' }, now) }
        : {}),
    });
  }
  for (const one of everConfirmed(await readDecisions(lake))) {
    const { explanation, withdrawn, id, decision, time } = one;
    const { kind, people, groups = [], detections, value, from, to, until, by, reason } = explanation;
    const kept = list.get(id);
    // What was confirmed anew since the last scan was not yet looked at.
    const same = kept?.decision === decision;
    const names = new Map(kept?.people.map((person) => [person.id, person.name]));
    list.set(id, {
      id,
      kind,
      state: withdrawn ? 'withdrawn' : stateOf(explanation, now),
      source: 'decision',
      decision,
      time,
      by,
      reason,
      people: people.map((person) => ({ id: person, name: names.get(person) ?? person })),
      groups,
      detections,
      ...(value ? { value } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(until ? { until } : {}),
      doubts: withdrawn ? [] : doubtsAbout(explanation, now),
      accountsFor: same ? kept.accountsFor : [],
      joins: same ? kept.joins : [],
      ...(withdrawn ? { withdrawn } : {}),
      scanned: same,
    });
  }
  return [...list.values()];
}
