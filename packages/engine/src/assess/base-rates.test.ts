import { describe, expect, it } from 'vitest';
import type { Detection } from '../content/detection.js';
import { policySchema } from '../model/policy.js';
import type { DetectionRun } from '../signals/run.js';
import { baseRates } from './base-rates.js';
import { populations } from './weight.js';

const policy = policySchema.parse({});
const stages = new Map<string, string>([
  ...Array.from({ length: 400 }, (_, i) => [`w${i}`, 'employed'] as const),
  ...Array.from({ length: 600 }, (_, i) => [`a${i}`, 'applicant'] as const),
]);

function rates(people: string[], given: Partial<Detection> = {}, among?: string[]) {
  const detection = {
    id: 'vpn',
    stage: 'employed',
    weight: { if_not: [0.5, 0.9], if_honest: 0.1, source: 'test' },
    ...given,
  } as unknown as Detection;
  const signals = people.map((person) => ({ person, others: [] })) as unknown as DetectionRun['signals'];
  const run: DetectionRun = { detection, missing: [], signals, rows: [], total: 0, milliseconds: 0 };
  if (among) run.among = new Set(among);
  return baseRates(run, stages, populations(stages), policy);
}
const workers = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`);

describe('base rates', () => {
  it('says that what everyone does counts for nothing', () => {
    expect(rates(workers(400))).toMatchObject([
      { population: 'workers', seenIn: 400, outOf: 400, own: 0.1, bits: 0 },
    ]);
    expect(rates(workers(400))[0]?.says).toBe(
      'Everyone here does this: it counts for nothing. (Found in 400 of 400 workers.)',
    );
  });

  it('says which way the company’s own people move a weight', () => {
    const [more, less, same] = [workers(120), [], workers(40)].map((people) => rates(people)[0]);
    expect(more?.says).toBe('Found in 120 of 400 workers: more than expected, so it counts for less.');
    expect(more?.bits).toBeLessThan(more?.ownBits as number);
    expect(less?.says).toContain('Found in none of 400 workers: less than expected');
    expect(less?.bits).toBeGreaterThan(less?.ownBits as number);
    expect(same).toMatchObject({ used: 0.1, says: 'Found in 40 of 400 workers: about what was expected.' });
  });

  it('keeps applicants and workers apart, and shows the other population only where it is found', () => {
    expect(rates(['a1', 'w1']).map((rate) => rate.population)).toEqual(['applicants', 'workers']);
    expect(rates(['w1']).map((rate) => rate.population)).toEqual(['workers']);
    expect(rates([], { stage: 'application' }).map((rate) => rate.population)).toEqual(['applicants']);
  });

  it('counts among those in whom it could have been seen, and says who they are', () => {
    const whom = { among: 'SELECT …', among_whom: 'people whose sign-ins are on record' };
    expect(rates(workers(3), whom, workers(30))).toMatchObject([
      {
        seenIn: 3,
        outOf: 30,
        says: 'Found in 3 of 30 people whose sign-ins are on record: about what was expected.',
      },
    ]);
    expect(rates([], whom, [])).toEqual([]);
  });

  it('does not measure what speaks for a person', () => {
    const weight = { if_not: [0.1, 0.3], if_honest: 0.9, source: 'test' } as unknown as Detection['weight'];
    const [rate] = rates(workers(2), { weight });
    expect(rate).toMatchObject({ own: 0.9, used: 0.9, seenIn: 2 });
    expect(rate?.bits).toBe(rate?.ownBits);
    expect(rate?.says).toContain('counts for a person');
  });
});
