import type { ScanResult } from '@rollcall/engine';
import { compare } from '../text.js';
import type { TruthPerson } from '../truth.js';
import type { Evaluation, Signal } from './evaluation.js';
import type { Humans } from './humans.js';
import { rate } from './rate.js';

/** Each detection about people: who shows it. */
export function signalsOf(result: ScanResult, humans: Humans): Signal[] {
  const shown = new Map<string, { bearers: Set<TruthPerson>; bits: number }>();
  for (const person of result.people) {
    const human = humans.owner.get(person.id);
    if (!human) continue;
    for (const signal of person.signals) {
      if (signal.explained) continue;
      const known = shown.get(signal.detection) ?? { bearers: new Set(), bits: 0 };
      known.bearers.add(human);
      known.bits += signal.bits;
      shown.set(signal.detection, known);
    }
  }
  return result.detections
    .filter((one) => one.stage !== 'exposure')
    .map(({ id, state }) => {
      const { bearers = new Set<TruthPerson>(), bits = 0 } = shown.get(id) ?? {};
      const ring = [...bearers].filter((one) => one.label === 'ring').length;
      const speaks: 'against' | 'for' = bits < 0 ? 'for' : 'against';
      return {
        detection: id,
        speaks,
        state,
        ring,
        honest: bearers.size - ring,
        precision: rate(ring, bearers.size),
      };
    })
    .sort((a, b) => compare(a.detection, b.detection));
}

/** Each planted behaviour: in how many of its bearers a detection of that catalogue id fired. */
export function plantedOf(result: ScanResult, { ring, records }: Humans): Evaluation['planted'] {
  const catalogue = new Map(
    result.detections.map((one) => [one.id, one.catalogue.flatMap((id) => id.split('/'))]),
  );
  const planted: Evaluation['planted'] = {};
  const kinds = new Set(ring.flatMap((one) => (one.planted ?? []).map((each) => each.id)));
  for (const behaviour of [...kinds].sort()) {
    // What is asked about a firm or the company only is never a finding about its people.
    const asked = result.detections.filter((one) => catalogue.get(one.id)?.includes(behaviour));
    if (asked.length > 0 && asked.every((one) => one.state === 'ran' && one.rates.length === 0)) continue;
    const bearers = ring.filter((one) => one.planted?.some((each) => each.id === behaviour));
    const shown = bearers.filter((one) =>
      records(one).some((record) =>
        record.signals.some((signal) => catalogue.get(signal.detection)?.includes(behaviour)),
      ),
    );
    planted[behaviour] = rate(shown.length, bearers.length);
  }
  return planted;
}
