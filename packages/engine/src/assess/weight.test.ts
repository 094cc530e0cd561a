import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../content/detection.js';
import { policySchema } from '../model/policy.js';
import type { DetectionRun, Signal } from '../signals/run.js';
import { assess, priorBits } from './weight.js';

const policy = policySchema.parse({});

function detection(
  id: string,
  facet: string,
  ifNot: [number, number],
  ifHonest: number,
  conclusive = false,
  explainedBy: string[] = [],
): Detection {
  return {
    id,
    facet,
    stage: 'employed',
    title: id,
    needs: [],
    explained_by: explainedBy,
    weight: { if_not: ifNot, if_honest: ifHonest, source: 'test', conclusive },
  } as unknown as Detection;
}

function run(
  of: Detection,
  people: string[],
  others: Record<string, string[]> = {},
  explained: string[] = [],
): DetectionRun {
  const signals = people.map(
    (person): Signal => ({
      detection: of,
      person,
      rows: [],
      total: 1,
      first: '',
      last: '',
      others: others[person] ?? [],
      accountedFor: new Map(),
      ...(explained.includes(person)
        ? { explained: { id: 'e1', kind: 'household', by: 'HR', reason: 'a household' } }
        : {}),
    }),
  );
  return { detection: of, missing: [], signals, rows: [], total: 0, milliseconds: 0 };
}

const company = (size: number) => new Map(Array.from({ length: size }, (_, i) => [`p${i}`, 'employed']));
const strong = detection('shared-account', 'payment', [0.1, 0.3], 0.002);
const other = detection('shared-address', 'address', [0.2, 0.5], 0.004);
const weak = detection('vpn', 'network', [0.5, 0.9], 0.1);

describe('weight of evidence', () => {
  it('gives a signal that everyone here shows nothing, without anyone tuning it', () => {
    const everyone = [...company(500).keys()];
    const result = assess([run(weak, everyone)], company(500), policy);
    expect(result.get('p0')?.weighed[0]?.bits).toBe(0);
    const alone = assess([run(weak, ['p0'])], company(500), policy);
    expect(alone.get('p0')?.weighed[0]?.bits).toBeGreaterThan(2);
  });

  it('measures what not everybody could show among those who could', () => {
    const people = [...company(2000).keys()];
    const showing = people.slice(0, 60);
    const weighed = (among?: readonly string[]) =>
      assess(
        [
          {
            ...run(
              among ? { ...weak, among: 'SELECT …', among_whom: 'people who were asked' } : weak,
              showing,
            ),
            ...(among ? { among: new Set(among) } : {}),
          },
        ],
        company(2000),
        policy,
      ).get('p0')?.weighed[0];
    expect(weighed()).toMatchObject({ seenIn: 59, outOf: 1999 });
    expect(weighed()).not.toHaveProperty('amongWhom');
    expect(weighed(people.slice(0, 100))).toMatchObject({
      seenIn: 59,
      outOf: 99,
      amongWhom: 'people who were asked',
    });
    expect(weighed(people.slice(0, 100))?.bits).toBeLessThan(weighed()?.bits as number);
    // Those who show it are among those who could, and nobody of another population is.
    expect(weighed(['p1', 'p500', 'an applicant'])).toMatchObject({ seenIn: 59, outOf: 60 });
    expect(weighed([])).toMatchObject({ seenIn: 59, outOf: 59 });
  });

  it('leaves out of a base rate only those of the same population', () => {
    const stages = new Map([...company(100), ['a0', 'applicant'] as const]);
    const result = assess([run(strong, ['p0', 'a0'], { p0: ['a0'], a0: ['p0'] })], stages, policy);
    expect(result.get('p0')?.weighed[0]).toMatchObject({ seenIn: 0, outOf: 99 });
    expect(result.get('a0')?.weighed[0]).toMatchObject({ seenIn: 0, outOf: 0 });
  });

  it('leaves a person, and those their own signal names, out of the base rate', () => {
    const pair = assess([run(strong, ['p0', 'p1'], { p0: ['p1'], p1: ['p0'] })], company(100), policy);
    expect(pair.get('p0')?.weighed[0]).toMatchObject({ seenIn: 0, outOf: 98 });
    const strangers = assess([run(strong, ['p0', 'p1'])], company(100), policy);
    expect(strangers.get('p0')?.weighed[0]).toMatchObject({ seenIn: 1, outOf: 99 });
  });

  it('counts the strongest of a facet in full and the rest in part', () => {
    const second = detection('holder-differs', 'payment', [0.1, 0.3], 0.01);
    const item = assess([run(strong, ['p0']), run(second, ['p0'])], company(1000), policy).get('p0');
    expect(item?.weighed[0]?.counted).toBe(item?.weighed[0]?.bits);
    expect(item?.weighed[1]?.counted).toBeCloseTo((item?.weighed[1]?.bits ?? 0) * policy.same_facet_share);
  });

  it('counts what two people of one household would share as one fact', () => {
    const home = (id: string, facet: string) => detection(id, facet, [0.2, 0.5], 0.002, false, ['household']);
    const [account, line, phone] = [
      home('account', 'payment'),
      home('line', 'address'),
      home('phone', 'contact'),
    ];
    const bandWith = (...of: [Detection, string[]][]) =>
      assess(
        of.map(([one, others]) => run(one, ['p0'], { p0: others })),
        company(500),
        policy,
      ).get('p0');
    const couple = bandWith([account, ['p1']], [line, ['p1']], [phone, ['p1']]);
    expect(couple?.facets).toHaveLength(1);
    expect(couple?.band).toBe('watch');
    expect(couple?.weighed.map((one) => one.less)).toEqual([undefined, 'relation', 'relation']);
    // Not with different people, not with several, and not what a home does not explain.
    expect(bandWith([account, ['p1']], [line, ['p2']])?.facets).toHaveLength(2);
    expect(bandWith([account, ['p1', 'p2']], [line, ['p1', 'p2']])?.facets).toHaveLength(2);
    expect(bandWith([account, ['p1']], [other, ['p1']])?.facets).toHaveLength(2);
    // What counts in part does not take its facet from others: more evidence never weighs less.
    const far = bandWith([account, ['p1']], [other, []]);
    const more = bandWith([account, ['p1']], [line, ['p1']], [other, []]);
    expect(more?.bits).toBeGreaterThan(far?.bits ?? 0);
    expect(more?.facets).toHaveLength(2);
  });

  it('lets nobody past watch on one kind of evidence, however much of it', () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      run(detection(`d${i}`, 'payment', [0.9, 0.99], 0.0006), ['p0']),
    );
    const item = assess(many, company(1000), policy).get('p0');
    expect(item?.bits).toBeGreaterThan(policy.bands.review);
    expect(item?.band).toBe('watch');
    expect(item?.bandReason).toContain('independent');
    const two = assess([run(strong, ['p0']), run(other, ['p0'])], company(1000), policy);
    expect(two.get('p0')?.band).toBe('review');
    const third = detection('shared-factor', 'factor', [0.2, 0.5], 0.004);
    const three = assess(
      [strong, other, third].map((one) => run(one, ['p0'])),
      company(1000),
      policy,
    );
    expect(three.get('p0')?.band).toBe('urgent');
  });

  it('lets a conclusive finding reach review, never urgent, by itself', () => {
    const conclusive = detection('victim-reported', 'identity', [0.9, 0.99], 0.0005, true);
    const more = run(detection('more', 'identity', [0.9, 0.99], 0.0005), ['p0']);
    const plenty = Array.from({ length: 8 }, (_, i) =>
      run(detection(`m${i}`, 'identity', [0.9, 0.99], 0.0005), ['p0']),
    );
    expect(assess([run(conclusive, ['p0']), more, ...plenty], company(1000), policy).get('p0')?.band).toBe(
      'review',
    );
  });

  it('counts an explained signal for nothing, and out of the base rate', () => {
    const result = assess([run(strong, ['p0', 'p1'], {}, ['p1'])], company(1000), policy);
    expect(result.get('p1')?.bits).toBeCloseTo(priorBits(policy));
    expect(result.get('p0')?.weighed[0]?.seenIn).toBe(0);
  });

  it('takes bits away for what speaks for a person', () => {
    const passed = detection('same-person-check-passed', 'checks', [0.1, 0.3], 0.9);
    const item = assess([run(strong, ['p0']), run(passed, ['p0'])], company(1000), policy).get('p0');
    expect(item?.weighed.find((w) => w.signal.detection.id === passed.id)?.counted).toBeLessThan(-1.5);
  });

  it('gives the same assessment whatever the order of runs and signals', () => {
    const base = [run(strong, ['p0', 'p1', 'p2']), run(other, ['p0', 'p2']), run(weak, ['p2', 'p3'])];
    const expected = JSON.stringify([...assess(base, company(50), policy)]);
    fc.assert(
      fc.property(fc.shuffledSubarray(base, { minLength: 3 }), fc.integer(), (runs, seed) => {
        const shuffled = runs.map((r) => ({
          ...r,
          signals: seed % 2 ? [...r.signals].reverse() : r.signals,
        }));
        expect(JSON.stringify([...assess(shuffled, company(50), policy)])).toBe(expected);
      }),
    );
  });

  it('never lets one signal count beyond the limit of the policy', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.98, noNaN: true }),
        fc.double({ min: 0.00001, max: 0.98, noNaN: true }),
        (ifNot, ifHonest) => {
          const item = assess(
            [run(detection('d', 'f', [ifNot, ifNot], ifHonest), ['p0'])],
            company(100),
            policy,
          ).get('p0');
          expect(Math.abs(item?.weighed[0]?.bits ?? 99)).toBeLessThanOrEqual(policy.max_bits);
        },
      ),
    );
  });
});
