import { type Detection, speaksFor } from '../content/detection.js';
import type { Policy } from '../model/policy.js';
import type { Band, Stage } from '../model/vocabulary.js';
import type { DetectionRun, Signal } from '../signals/run.js';
import { bandOf, type Sum, sumOf } from './sum.js';

/** A signal with its weight in bits. */
export interface Weighed {
  signal: Signal;
  /** log2 of how much likelier it is where the claimed identity is false; after the limits of the policy. */
  bits: number;
  /** What counts after facets: the strongest of a facet in full, the rest in part; 0 where explained. */
  counted: number;
  /** Why it counts for less than in full: a stronger finding of its facet, or of the same two people. */
  less?: 'facet' | 'relation';
  ifNot: [number, number];
  ifHonest: number;
  /** The detection's own figure for honest people, before anything is measured. */
  prior: number;
  /** People of the same population who show it, and those in whom it could have been seen. */
  seenIn: number;
  outOf: number;
  /** Who the latter are; absent: everybody of the population. */
  amongWhom?: string;
}

export interface Assessment {
  person: string;
  bits: number;
  probability: number;
  band: Band;
  bandReason: string;
  facets: string[];
  weighed: Weighed[];
}

export type Population = 'applicants' | 'workers';

/** Applicants are compared with applicants and workers with workers. */
export function population(stage: Stage | string): Population {
  return stage === 'applicant' || stage === 'offer' ? 'applicants' : 'workers';
}

/**
 * Weighs every signal by the company's own base rate and adds them up for each person. Everyone else of the same
 * population is the yardstick: the person, and the others the signal itself names, are left out of their own base rate.
 * What could not be seen in everybody is measured among those in whom it could (`among` of the detection). Those `confirmed`
 * not to be who they claimed are no measure of honest people, and are left out of it.
 */
export function assess(
  runs: readonly DetectionRun[],
  stages: ReadonlyMap<string, string>,
  policy: Policy,
  confirmed: ReadonlySet<string> = new Set(),
): Map<string, Assessment> {
  const everybody = populations(stages, confirmed);
  const byPerson = new Map<string, Weighed[]>();
  for (const run of runs) {
    const measured = measure(run, stages, everybody);
    for (const signal of run.signals) {
      const stage = stages.get(signal.person);
      if (!stage) continue;
      const weighed = weigh(signal, measured[population(stage)], policy);
      const list = byPerson.get(signal.person);
      if (list) list.push(weighed);
      else byPerson.set(signal.person, [weighed]);
    }
  }
  const result = new Map<string, Assessment>();
  for (const person of [...byPerson.keys()].sort()) {
    result.set(person, add(person, byPerson.get(person) as Weighed[], policy));
  }
  return result;
}

/** Who shows a thing, of those in whom it could have been seen. */
export interface Measured {
  showing: ReadonlySet<string>;
  outOf: ReadonlySet<string>;
}

/** Everybody who is held to be honest, by population. */
export function populations(
  stages: ReadonlyMap<string, string>,
  confirmed: ReadonlySet<string> = new Set(),
): Record<Population, ReadonlySet<string>> {
  const found = { applicants: new Set<string>(), workers: new Set<string>() };
  for (const [person, stage] of stages) if (!confirmed.has(person)) found[population(stage)].add(person);
  return found;
}

/** Counts one detection in both populations. What an explanation accounts for is not shown. */
export function measure(
  run: Pick<DetectionRun, 'signals' | 'among'>,
  stages: ReadonlyMap<string, string>,
  everybody: Record<Population, ReadonlySet<string>>,
): Record<Population, Measured> {
  const showing = { applicants: new Set<string>(), workers: new Set<string>() };
  for (const signal of run.signals) {
    const stage = stages.get(signal.person);
    if (stage && !signal.explained && everybody[population(stage)].has(signal.person))
      showing[population(stage)].add(signal.person);
  }
  const of = (group: Population): Measured => {
    if (!run.among) return { showing: showing[group], outOf: everybody[group] };
    // Whoever shows it could show it, whatever the SELECT says.
    const outOf = new Set(showing[group]);
    for (const person of run.among) if (everybody[group].has(person)) outOf.add(person);
    return { showing: showing[group], outOf };
  };
  return { applicants: of('applicants'), workers: of('workers') };
}

/** How often honest people show it: the detection's own figure, corrected by what was counted here. */
export function honestRate(
  weight: NonNullable<Detection['weight']>,
  seenIn: number,
  outOf: number,
  policy: Policy,
): number {
  // What speaks for a person was seen only of those who were checked, so how many show it here says nothing.
  if (speaksFor(weight)) return weight.if_honest;
  // The rarer something is said to be, the more people it takes to measure it: at least as many as would show it twice.
  const strength = Math.max(policy.base_rate_strength, 2 / weight.if_honest);
  const measured = (seenIn + strength * weight.if_honest) / (outOf + strength);
  return Math.min(0.999, Math.max(policy.base_rate_floor, measured));
}

/** Bits of a finding where so many honest people show it. */
export function bitsAt(weight: NonNullable<Detection['weight']>, ifHonest: number, policy: Policy): number {
  const raw = Math.log2(middle(weight.if_not) / ifHonest);
  const most = Math.min(policy.max_bits, weight.at_most ?? policy.max_bits);
  // Evidence keeps its direction: a signal that everyone here shows counts for nothing, not in favour.
  return speaksFor(weight) ? clamp(raw, -most, 0) : clamp(raw, 0, most);
}

function middle([low, high]: readonly [number, number]): number {
  return Math.sqrt(low * high);
}

function weigh(signal: Signal, { showing, outOf }: Measured, policy: Policy): Weighed {
  const { weight, among_whom: amongWhom } = signal.detection;
  if (!weight) throw new Error(`${signal.detection.id} has no weight`);
  const left = [...new Set([signal.person, ...signal.others])];
  const without = (people: ReadonlySet<string>) =>
    people.size - left.filter((person) => people.has(person)).length;
  const counts = { seenIn: without(showing), outOf: without(outOf) };
  const ifHonest = honestRate(weight, counts.seenIn, counts.outOf, policy);
  return {
    signal,
    bits: bitsAt(weight, ifHonest, policy),
    counted: 0,
    ifNot: weight.if_not,
    ifHonest,
    prior: weight.if_honest,
    ...counts,
    ...(signal.detection.among === undefined ? {} : { amongWhom: amongWhom ?? someWhom }),
  };
}

/** Where a detection says among whom it is measured only as a SELECT. */
export const someWhom = 'people in whom it could have been seen';

function add(person: string, weighed: Weighed[], policy: Policy): Assessment {
  weighed.sort(
    (a, b) => Math.abs(b.bits) - Math.abs(a.bits) || (a.signal.detection.id < b.signal.detection.id ? -1 : 1),
  );
  const sum = sumOf(
    weighed.map(({ bits, signal: { detection, explained, others } }) => ({
      detection: detection.id,
      facet: detection.facet,
      bits,
      explained: explained !== undefined,
      conclusive: detection.weight?.conclusive ?? false,
      onlyStrongest: detection.weight?.only_strongest ?? false,
      others,
      explainedBy: detection.explained_by,
    })),
    policy,
  );
  weighed.forEach((item, i) => {
    const { bits, less } = sum.counted[i] as Sum['counted'][number];
    item.counted = bits;
    if (less) item.less = less;
  });
  const bits = priorBits(policy) + sum.bits;
  const { band, reason } = bandOf(bits, sum, policy);
  return {
    person,
    bits,
    probability: 1 / (1 + 2 ** -bits),
    band,
    bandReason: reason,
    facets: sum.facets,
    weighed,
  };
}

export function priorBits(policy: Policy): number {
  return Math.log2(policy.prior / (1 - policy.prior));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
