import type { Content } from '../content/load.js';
import type { Policy } from '../model/policy.js';
import type { PersonResult } from '../model/result.js';
import type { Band } from '../model/vocabulary.js';
import { bandOf, sumOf } from './sum.js';
import { priorBits } from './weight.js';

/**
 * Weighs people of a finished scan anew, as if some detections had not been there: the same sum and the same bands, from the bits each finding had by itself. What other detections weigh does not change by it. Bits of a result
 * are rounded to hundredths, so somebody exactly at the edge of a band may fall on its other side.
 *
 * @example
 * const without = reweigh(content, policy);
 * without(person, new Set(['sign-in-from-a-hosting-provider'])).band
 */
export function reweigh(
  content: Pick<Content, 'detections'>,
  policy: Policy,
): (person: PersonResult, detections: ReadonlySet<string>) => { bits: number; band: Band } {
  const known = new Map(content.detections.map((one) => [one.id, one]));
  return (person, detections) => {
    const full = person.signals.map((one) => one.bits);
    for (const step of person.waterfall)
      if (step.signal !== undefined) full[step.signal] = step.fullBits ?? step.bits;
    const parts = person.signals.flatMap((signal, i) => {
      if (detections.has(signal.detection)) return [];
      const detection = known.get(signal.detection);
      return [
        {
          detection: signal.detection,
          facet: signal.facet,
          bits: full[i] ?? 0,
          explained: signal.explained !== undefined,
          conclusive: detection?.weight?.conclusive ?? false,
          onlyStrongest: detection?.weight?.only_strongest ?? false,
          others: signal.others,
          explainedBy: detection?.explained_by ?? [],
        },
      ];
    });
    const sum = sumOf(parts, policy);
    const bits = priorBits(policy) + sum.bits;
    return { bits, band: bandOf(bits, sum, policy).band };
  };
}
