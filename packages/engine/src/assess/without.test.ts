import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../content/detection.js';
import type { Content } from '../content/load.js';
import { policySchema } from '../model/policy.js';
import type { PersonResult } from '../model/result.js';
import type { DetectionRun } from '../signals/run.js';
import { type Assessment, assess } from './weight.js';
import { reweigh } from './without.js';

const policy = policySchema.parse({});
const stages = new Map(Array.from({ length: 3000 }, (_, i) => [`p${i}`, 'employed']));

const detections = fc
  .array(
    fc.record({
      facet: fc.constantFrom('address', 'payment', 'session', 'code'),
      if_not: fc.constantFrom<[number, number]>([0.1, 0.3], [0.3, 0.6], [0.001, 0.01]),
      if_honest: fc.constantFrom(0.001, 0.004, 0.02, 0.5),
      conclusive: fc.constantFrom(false, false, false, true),
      only_strongest: fc.boolean(),
      explained: fc.constantFrom(false, false, true),
      explained_by: fc.constantFrom<string[]>([], ['household']),
      others: fc.constantFrom<string[]>([], ['p1'], ['p2'], ['p1', 'p2']),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((list) =>
    list.map(({ facet, explained, explained_by, others, ...weight }, i) => ({
      explained,
      others,
      detection: {
        id: `d${i}`,
        facet,
        stage: 'employed',
        needs: [],
        explained_by,
        weight: { ...weight, source: 'test' },
      } as unknown as Detection,
    })),
  );

/** What conclude.ts makes of an assessment, as far as it matters here; not rounded. */
function asResult(item: Assessment): PersonResult {
  return {
    bits: item.bits,
    band: item.band,
    signals: item.weighed.map((one) => ({
      detection: one.signal.detection.id,
      facet: one.signal.detection.facet,
      bits: one.counted,
      others: one.signal.others,
      ...(one.signal.explained ? { explained: one.signal.explained } : {}),
    })),
    waterfall: item.weighed.map((one, signal) => ({
      kind: 'signal',
      label: '',
      bits: one.counted,
      signal,
      ...(one.bits === one.counted ? {} : { fullBits: one.bits }),
    })),
  } as unknown as PersonResult;
}

describe('weighing without some detections', () => {
  it('is what weighing gives where they have not run', () => {
    fc.assert(
      fc.property(detections, fc.integer({ min: 0, max: 127 }), (list, mask) => {
        const runs = list.map(
          ({ detection, explained, others }): DetectionRun => ({
            detection,
            missing: [],
            signals: [
              {
                detection,
                person: 'p0',
                rows: [],
                total: 1,
                first: '',
                last: '',
                others,
                accountedFor: new Map(),
                ...(explained
                  ? { explained: { id: 'e1', kind: 'household', by: 'HR', reason: 'a household' } }
                  : {}),
              },
            ],
            rows: [],
            total: 0,
            milliseconds: 0,
          }),
        );
        const gone = new Set(list.filter((_, i) => mask & (1 << i)).map((one) => one.detection.id));
        const person = assess(runs, stages, policy).get('p0') as Assessment;
        const expected = assess(
          runs.filter((one) => !gone.has(one.detection.id)),
          stages,
          policy,
        ).get('p0');
        const content = { detections: list.map((one) => one.detection) } as Pick<Content, 'detections'>;
        const found = reweigh(content, policy)(asResult(person), gone);
        expect(found.band).toBe(expected?.band ?? 'clear');
        if (expected) expect(found.bits).toBeCloseTo(expected.bits, 9);
      }),
    );
  });
});
