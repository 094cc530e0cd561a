import { speaksFor } from '../content/detection.js';
import type { Policy } from '../model/policy.js';
import type { BaseRate } from '../model/result.js';
import type { DetectionRun } from '../signals/run.js';
import { bitsAt, honestRate, type Measured, measure, type Population, someWhom } from './weight.js';

/** Bits from which a difference is worth a word. */
const slight = 0.1;

/**
 * How often a detection is found among the company's own people, and what that does to its weight: the yardstick for the
 * next person in whom it is found. A person's own figures differ a little, since they are left out of them.
 */
export function baseRates(
  run: DetectionRun,
  stages: ReadonlyMap<string, string>,
  everybody: Readonly<Record<Population, ReadonlySet<string>>>,
  policy: Policy,
): BaseRate[] {
  const { weight, stage } = run.detection;
  if (!weight || run.missing.length > 0 || run.problem !== undefined) return [];
  const measured = measure(run, stages, everybody);
  const meant: Population = stage === 'application' || stage === 'interview' ? 'applicants' : 'workers';
  return (['applicants', 'workers'] as const)
    .filter((population) => {
      const { showing, outOf } = measured[population];
      return outOf.size > 0 && (population === meant || showing.size > 0);
    })
    .map((population) => rateOf(run, population, measured[population], policy));
}

function rateOf(
  run: DetectionRun,
  population: Population,
  { showing, outOf }: Measured,
  policy: Policy,
): BaseRate {
  const weight = run.detection.weight as NonNullable<DetectionRun['detection']['weight']>;
  const used = honestRate(weight, showing.size, outOf.size, policy);
  const rate = {
    population,
    seenIn: showing.size,
    outOf: outOf.size,
    own: weight.if_honest,
    used: Number(used.toPrecision(3)),
    ownBits: round(bitsAt(weight, weight.if_honest, policy)),
    bits: round(bitsAt(weight, used, policy)),
  };
  return { ...rate, says: says(rate, speaksFor(weight), whomIn(run, population)) };
}

/** "people whose sign-ins are on record", or the population itself. */
function whomIn({ detection }: DetectionRun, population: Population): string {
  return detection.among === undefined ? population : (detection.among_whom ?? someWhom);
}

function says(rate: Omit<BaseRate, 'says'>, speaksFor: boolean, whom: string): string {
  const { seenIn, outOf, ownBits, bits } = rate;
  const found = seenIn === 0 ? `Found in none of ${outOf} ${whom}` : `Found in ${seenIn} of ${outOf} ${whom}`;
  if (speaksFor)
    return `${found}. It counts for a person, by its own figure: only who was checked can show it.`;
  if (bits === 0)
    return seenIn === outOf
      ? `Everyone here does this: it counts for nothing. (${found}.)`
      : `So many here do this that it counts for nothing. (${found}.)`;
  if (bits - ownBits < -slight) return `${found}: more than expected, so it counts for less.`;
  if (bits - ownBits > slight) return `${found}: less than expected, so it counts for more.`;
  return `${found}: about what was expected.`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
