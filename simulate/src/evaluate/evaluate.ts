import type { ScanResult } from '@rollcall/engine';
import { compare } from '../text.js';
import type { Truth, TruthPerson } from '../truth.js';
import { calibrationOf, weightsOf } from './calibration.js';
import { daysOf } from './days.js';
import {
  type Aids,
  type AtOrAbove,
  type Case,
  type Evaluation,
  type Flag,
  type Found,
  flags,
  rank,
} from './evaluation.js';
import { groupsOf } from './groups.js';
import { against, humansOf } from './humans.js';
import { rate } from './rate.js';
import { plantedOf, signalsOf } from './signals.js';
import { worthOf, worthOfFacets } from './value.js';

/**
 * Holds a scan against the truth of the company it read. People are counted as human beings: two records of one person
 * count once, at the higher band.
 */
export function evaluate(truth: Truth, result: ScanResult, aids: Aids = {}): Evaluation {
  const humans = humansOf(truth, result);
  const { ring, honest, reach, records, bandOf } = humans;
  const found = (members: readonly TruthPerson[]): Found => ({
    members: members.length,
    watch: rate(reach(members, 'watch'), members.length),
    review: rate(reach(members, 'review'), members.length),
    urgent: rate(reach(members, 'urgent'), members.length),
  });
  const caseOf = (human: TruthPerson): Case => ({
    id: human.id,
    name: human.name,
    band: bandOf(human),
    bits: Math.round((records(human)[0]?.bits ?? 0) * 10) / 10,
    detections: against(records(human)),
  });
  return {
    rollcall: result.rollcall,
    simulation: truth.simulation,
    asOf: result.asOf,
    people: {
      honest: honest.length,
      ring: ring.length,
      withLookalike: honest.filter((one) => one.lookalikes.length > 0).length,
    },
    unknown: humans.unknown,
    bands: Object.fromEntries(
      flags.map((flag) => [
        flag,
        atOrAbove(reach(ring, flag), ring.length, reach(honest, flag), honest.length),
      ]),
    ) as Record<Flag, AtOrAbove>,
    bySophistication: grouped(ring, (one) => one.sophistication, found),
    byEngagement: grouped(ring, (one) => one.engagement, found),
    byStage: grouped(ring, (one) => one.stage, found),
    accused: honest
      .filter((one) => rank[bandOf(one)] >= rank.review)
      .map((one) => ({
        ...caseOf(one),
        lookalikes: one.lookalikes,
        ...(one.group ? { group: one.group } : {}),
      }))
      .sort((a, b) => b.bits - a.bits || compare(a.id, b.id)),
    missed: ring
      .filter((one) => rank[bandOf(one)] < rank.review)
      .map((one) => ({
        ...caseOf(one),
        sophistication: one.sophistication ?? 'careful',
        planted: (one.planted ?? []).map((each) => each.id),
      }))
      .sort((a, b) => compare(a.id, b.id)),
    lookalikes: lookalikesOf(honest, reach),
    signals: signalsOf(result, humans),
    planted: plantedOf(result, humans),
    daysUntilFound: grouped(
      ring,
      (one) => one.sophistication,
      (members) => daysOf(members, result, humans),
    ),
    calibration: calibrationOf(result, humans),
    weights: weightsOf(result, humans, aids.among),
    ...(aids.without
      ? { value: worthOf(humans, aids.without), facetValue: worthOfFacets(humans, aids.without) }
      : {}),
    groups: groupsOf(humans),
  };
}

export function atOrAbove(ring: number, ringTotal: number, honest: number, honestTotal: number): AtOrAbove {
  return {
    ring,
    honest,
    precision: rate(ring, ring + honest),
    recall: rate(ring, ringTotal),
    honestFlagged: rate(honest, honestTotal),
  };
}

/** What `make` says of each group; groups it says nothing of are left out. */
function grouped<K extends string, V>(
  people: readonly TruthPerson[],
  key: (one: TruthPerson) => K | undefined,
  make: (members: TruthPerson[]) => V | undefined,
): Partial<Record<K, V>> {
  const found = new Map<K, TruthPerson[]>();
  for (const person of people) {
    const name = key(person);
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), person]);
  }
  const result: Partial<Record<K, V>> = {};
  for (const [name, members] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = make(members);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function lookalikesOf(
  honest: readonly TruthPerson[],
  reach: (people: readonly TruthPerson[], flag: Flag) => number,
): Evaluation['lookalikes'] {
  const result: Evaluation['lookalikes'] = {};
  for (const kind of [...new Set(honest.flatMap((one) => one.lookalikes))].sort()) {
    const people = honest.filter((one) => one.lookalikes.includes(kind));
    result[kind] = {
      people: people.length,
      watch: reach(people, 'watch'),
      review: reach(people, 'review'),
      urgent: reach(people, 'urgent'),
    };
  }
  return result;
}
