import type { ScanResult } from '@rollcall/engine';
import type { Truth, TruthPerson } from '../truth.js';
import { type Band, type Flag, type PersonResult, rank } from './evaluation.js';

/** Truth and scan side by side. Two records of one person are one human being, at the higher band. */
export interface Humans {
  ring: TruthPerson[];
  honest: TruthPerson[];
  /** By any id of theirs. */
  owner: ReadonlyMap<string, TruthPerson>;
  /** Records of the scan, the highest first. */
  records(human: TruthPerson): readonly PersonResult[];
  bandOf(human: TruthPerson): Band;
  /** How many are at or above a band. */
  reach(people: readonly TruthPerson[], flag: Flag): number;
  unknown: string[];
}

export function humansOf(truth: Truth, result: ScanResult): Humans {
  const main = new Map<string, TruthPerson>();
  for (const person of truth.people) if (!person.sameAs) main.set(person.id, person);
  const owner = new Map<string, TruthPerson>();
  for (const person of truth.people) {
    const human = main.get(person.sameAs ?? person.id);
    if (!human)
      throw new RangeError(`the truth says ${person.id} is ${person.sameAs}, whom it does not know`);
    owner.set(person.id, human);
    if (person.candidateId && !owner.has(person.candidateId)) owner.set(person.candidateId, human);
  }
  const seen = new Map<TruthPerson, PersonResult[]>();
  const unknown: string[] = [];
  for (const person of result.people) {
    const human = owner.get(person.id);
    if (!human) unknown.push(person.id);
    else
      seen.set(
        human,
        [...(seen.get(human) ?? []), person].sort((a, b) => rank[b.band] - rank[a.band] || b.bits - a.bits),
      );
  }
  const all = [...main.values()];
  const records = (human: TruthPerson) => seen.get(human) ?? [];
  const bandOf = (human: TruthPerson): Band => records(human)[0]?.band ?? 'clear';
  return {
    ring: all.filter((one) => one.label === 'ring'),
    honest: all.filter((one) => one.label === 'honest'),
    owner,
    records,
    bandOf,
    reach: (people, flag) => people.filter((one) => rank[bandOf(one)] >= rank[flag]).length,
    unknown: unknown.sort(),
  };
}

/** Detections that speak against somebody, and that nothing accounts for. */
export function against(records: readonly PersonResult[]): string[] {
  return [
    ...new Set(
      records.flatMap((one) =>
        one.signals
          .filter((signal) => signal.bits > 0 && !signal.explained)
          .map((signal) => signal.detection),
      ),
    ),
  ].sort();
}

/** Bits of each of a person's signals, before those of one facet were counted in part. */
export function fullBits(person: PersonResult): number[] {
  const bits = person.signals.map((one) => one.bits);
  for (const step of person.waterfall)
    if (step.signal !== undefined) bits[step.signal] = step.fullBits ?? step.bits;
  return bits;
}
