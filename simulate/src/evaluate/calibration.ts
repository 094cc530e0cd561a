import type { ScanResult } from '@rollcall/engine';
import { compare } from '../text.js';
import type { TruthPerson } from '../truth.js';
import type { CalibrationBin, DetectionWeight } from './evaluation.js';
import { fullBits, type Humans } from './humans.js';
import { rate } from './rate.js';

/** Steps of the sum of bits. The first and the last are open; the prior of 1 in 1,000 is at −9.96. */
const steps = [-12, -8, -6, -5, -4, -3, -2, -1, 0, 2, 4, 8, 12] as const;

/** Applicants are left out: no ring member is one, so among them nothing could be counted. */
const working = (human: TruthPerson) => human.stage !== 'applicant';

/**
 * Do bits mean what they say? Workers by the sum of their bits, how many of each step are in rings, and how many would be
 * if the probability stood for what it says. The made-up company has more false identities than the policy assumes, so
 * that there is something to count: `expected` allows for that, `expectedAsAssumed` does not.
 */
export function calibrationOf(result: ScanResult, humans: Humans): CalibrationBin[] {
  const { prior } = result.policy;
  const assumed = Math.log2(prior / (1 - prior));
  const ring = humans.ring.filter(working);
  const workers = [...ring, ...humans.honest.filter(working)];
  const there = Math.log2(ring.length / Math.max(1, workers.length - ring.length));
  const bins: CalibrationBin[] = [undefined, ...steps].map((from, i) => ({
    ...(from === undefined ? {} : { from }),
    ...(i === steps.length ? {} : { to: steps[i] as number }),
    people: 0,
    ring: 0,
    expectedAsAssumed: 0,
    expected: 0,
  }));
  for (const human of workers) {
    const bits = humans.records(human)[0]?.bits ?? assumed;
    const bin = bins[steps.filter((step) => bits >= step).length] as CalibrationBin;
    bin.people++;
    if (human.label === 'ring') bin.ring++;
    bin.expectedAsAssumed += 1 / (1 + 2 ** -bits);
    bin.expected += ring.length === 0 ? 0 : 1 / (1 + 2 ** -(bits - assumed + there));
  }
  return bins;
}

/** What each detection says it weighs, beside how often ring members and honest people show it. */
export function weightsOf(
  result: ScanResult,
  humans: Humans,
  among?: ReadonlyMap<string, ReadonlySet<string>>,
): DetectionWeight[] {
  const workers = [...humans.ring, ...humans.honest].filter(working);
  const shown = new Map<string, Map<TruthPerson, number>>();
  for (const human of workers) {
    for (const record of humans.records(human)) {
      const bits = fullBits(record);
      record.signals.forEach((signal, i) => {
        if (signal.explained) return;
        const bearers = shown.get(signal.detection) ?? new Map<TruthPerson, number>();
        const known = bearers.get(human);
        const own = bits[i] ?? 0;
        if (known === undefined || Math.abs(own) > Math.abs(known)) bearers.set(human, own);
        shown.set(signal.detection, bearers);
      });
    }
  }
  return result.detections
    .filter((one) => one.stage !== 'exposure' && one.state === 'ran')
    .map(({ id, facet }) => {
      const bearers = shown.get(id) ?? new Map<TruthPerson, number>();
      const able = ableTo(among?.get(id), bearers, humans);
      const of = (label: TruthPerson['label']) =>
        rate(
          [...bearers.keys()].filter((one) => one.label === label).length,
          workers.filter((one) => one.label === label && (!able || able.has(one))).length,
        );
      return {
        detection: id,
        facet,
        ring: of('ring'),
        honest: of('honest'),
        bits: [...bearers.values()].reduce((sum, bits) => sum + bits, 0),
      };
    })
    .sort((a, b) => compare(a.detection, b.detection));
}

/** In whom it could be seen; whoever shows it could. */
function ableTo(
  ids: ReadonlySet<string> | undefined,
  bearers: ReadonlyMap<TruthPerson, number>,
  { owner }: Humans,
): ReadonlySet<TruthPerson> | undefined {
  if (!ids) return undefined;
  const able = new Set(bearers.keys());
  for (const id of ids) {
    const human = owner.get(id);
    if (human) able.add(human);
  }
  return able;
}
