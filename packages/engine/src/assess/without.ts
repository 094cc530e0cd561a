import type { Content } from '../content/load.js';
import type { Policy } from '../model/policy.js';
import type { PersonResult } from '../model/result.js';
import type { Band } from '../model/vocabulary.js';
import { priorBits } from './weight.js';

/** From so many bits on a facet counts toward `review`, as in weight.ts. */
const facetBits = 1.5;

/**
 * Weighs people of a finished scan anew, as if some detections had not been there: the same sum and the same bands as
 * weight.ts, from the bits each finding had by itself. What other detections weigh does not change by it. Bits of a result
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
  const weights = new Map(content.detections.map((one) => [one.id, one.weight]));
  return (person, detections) => {
    const full = person.signals.map((one) => one.bits);
    let bits = priorBits(policy);
    for (const step of person.waterfall)
      if (step.signal !== undefined) full[step.signal] = step.fullBits ?? step.bits;
    const left = person.signals
      .map((signal, i) => ({ signal, bits: full[i] ?? 0 }))
      .filter(({ signal }) => !signal.explained && !detections.has(signal.detection))
      .sort(
        (a, b) => Math.abs(b.bits) - Math.abs(a.bits) || (a.signal.detection < b.signal.detection ? -1 : 1),
      );
    const seen = new Set<string>();
    const facets = new Set<string>();
    let conclusive = false;
    for (const one of left) {
      const weight = weights.get(one.signal.detection);
      const key = `${one.signal.facet} ${one.bits < 0 ? 'for' : 'against'}`;
      const share = !seen.has(key) ? 1 : weight?.only_strongest ? 0 : policy.same_facet_share;
      const counted = one.bits * share;
      seen.add(key);
      bits += counted;
      if (counted >= facetBits) facets.add(one.signal.facet);
      if (weight?.conclusive && counted > 0) conclusive = true;
    }
    return { bits, band: bandOf(bits, facets.size, conclusive, policy) };
  };
}

function bandOf(bits: number, facets: number, conclusive: boolean, policy: Policy): Band {
  if (bits < policy.bands.watch) return 'clear';
  if (bits >= policy.bands.review && facets >= policy.facets_for_review)
    return bits >= policy.bands.urgent ? 'urgent' : 'review';
  return conclusive ? 'review' : 'watch';
}
