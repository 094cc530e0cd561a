import type { ScanResult } from '@rollcall/engine';
import type { TruthPerson } from '../truth.js';
import { type DaysUntilFound, type PersonResult, rank } from './evaluation.js';
import type { Humans } from './humans.js';
import { spread } from './rate.js';

/**
 * One scan does not say on which day it would first have reached review. What is computed: take a member's signals in
 * the order of their first day, add the bits each counted for to the prior and to all that speaks in favour, and stop
 * where the sum and the number of facets are enough for review; the first day of that last signal, counted from the
 * first day of work (below zero: before it). Bits are today's, so a base rate that was different then is not seen.
 */
export function daysOf(
  members: readonly TruthPerson[],
  result: ScanResult,
  { records }: Humans,
): DaysUntilFound | undefined {
  const each: number[] = [];
  for (const human of members) {
    const record = records(human)[0];
    if (!record || rank[record.band] < rank.review || !human.startedAt) continue;
    const at = dayOfReview(record, result);
    if (at !== undefined)
      each.push(Math.round((Date.parse(at.slice(0, 10)) - Date.parse(human.startedAt)) / 86_400_000));
  }
  return summary(each);
}

export function summary(each: readonly number[]): DaysUntilFound | undefined {
  const of = spread(each);
  return (
    of && {
      found: each.length,
      earliest: of.least,
      median: of.median,
      latest: of.greatest,
      each: [...each].sort((a, b) => a - b),
    }
  );
}

function dayOfReview(record: PersonResult, { policy }: ScanResult): string | undefined {
  const counted = new Map<number, number>();
  let sum = 0;
  for (const step of record.waterfall) {
    if (step.signal === undefined || step.bits <= 0) sum += step.bits;
    else counted.set(step.signal, (counted.get(step.signal) ?? 0) + step.bits);
  }
  if (!record.waterfall.some((step) => step.kind === 'prior'))
    sum += Math.log2(policy.prior / (1 - policy.prior));
  const signals = [...counted]
    .map(([index, bits]) => ({ signal: record.signals[index], bits }))
    .filter(
      (one): one is { signal: PersonResult['signals'][number]; bits: number } => one.signal !== undefined,
    )
    .sort((a, b) => (a.signal.first < b.signal.first ? -1 : a.signal.first > b.signal.first ? 1 : 0));
  const facets = new Set<string>();
  // Review may also rest on one conclusive finding; then the sum alone decides.
  const needed = Math.min(policy.facetsForReview, new Set(signals.map((one) => one.signal.facet)).size);
  for (const { signal, bits } of signals) {
    sum += bits;
    facets.add(signal.facet);
    if (sum >= policy.bands.review && facets.size >= needed) return signal.first;
  }
  return signals.at(-1)?.signal.first;
}
