import { compare } from '../text.js';
import type { TruthPerson } from '../truth.js';
import { type Aids, flags, type PersonResult, rank, type SignalValue } from './evaluation.js';
import type { Humans } from './humans.js';

/** What each detection is worth: who would be seen no longer if it were not there, and all else were as it is. */
export function worthOf(humans: Humans, without: NonNullable<Aids['without']>): SignalValue[] {
  return worthBy(humans, without, (signal) => signal.detection);
}

/** What each facet is worth: who would be seen no longer if nothing were known of it. */
export function worthOfFacets(humans: Humans, without: NonNullable<Aids['without']>): SignalValue[] {
  return worthBy(humans, without, (signal) => signal.facet);
}

function worthBy(
  humans: Humans,
  without: NonNullable<Aids['without']>,
  nameOf: (signal: PersonResult['signals'][number]) => string,
): SignalValue[] {
  const parts = new Map<string, { detections: Set<string>; bearers: Set<TruthPerson> }>();
  for (const human of [...humans.ring, ...humans.honest]) {
    for (const record of humans.records(human)) {
      for (const signal of record.signals) {
        if (signal.explained) continue;
        const name = nameOf(signal);
        const known = parts.get(name) ?? { detections: new Set(), bearers: new Set() };
        known.detections.add(signal.detection);
        known.bearers.add(human);
        parts.set(name, known);
      }
    }
  }
  return [...parts]
    .sort(([a], [b]) => compare(a, b))
    .map(([detection, { detections, bearers }]) => {
      const lost = Object.fromEntries(
        flags.map((flag) => [flag, { ring: 0, honest: 0 }]),
      ) as SignalValue['lost'];
      for (const human of bearers) {
        const before = rank[humans.bandOf(human)];
        const after = Math.max(
          ...humans.records(human).map((record) => rank[without(record, detections).band]),
        );
        for (const flag of flags)
          lost[flag][human.label] += Number(before >= rank[flag]) - Number(after >= rank[flag]);
      }
      return { detection, lost };
    });
}
