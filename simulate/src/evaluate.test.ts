import type { ScanResult } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { evaluate, formatEvaluation, rate } from './evaluate.js';
import type { Truth, TruthPerson } from './truth.js';

type PersonResult = ScanResult['people'][number];

const honest = (id: string, more: Partial<TruthPerson> = {}): TruthPerson => ({
  id,
  name: `Person ${id}`,
  label: 'honest',
  stage: 'employed',
  engagement: 'employee',
  lookalikes: [],
  startedAt: '2026-07-06',
  ...more,
});
const ring = (id: string, more: Partial<TruthPerson> = {}): TruthPerson => ({
  ...honest(id),
  label: 'ring',
  ring: 'R1',
  sophistication: 'careless',
  planted: [{ id: 'ON-03', firstVisible: '2026-07-02' }],
  ...more,
});

const truth: Truth = {
  simulation: { people: 8, seed: 1, asOf: '2026-09-30', days: 90, ringMembers: 3 },
  people: [
    ring('1'),
    ring('2', {
      sophistication: 'careful',
      engagement: 'vendor',
      planted: [{ id: 'ON-02', firstVisible: '2026-07-02' }],
    }),
    ring('3', { sophistication: 'ordinary', candidateId: '903' }),
    honest('4', { lookalikes: ['couple'] }),
    honest('5', { lookalikes: ['couple', 'relay'] }),
    honest('6'),
    honest('7', { sameAs: '6', stage: 'left' }),
    honest('8'),
  ],
  rings: [{ id: 'R1', members: ['1', '2', '3'] }],
};

/** A person of a scan, with signals given as detection, facet, first day and bits. */
function person(
  id: string,
  band: PersonResult['band'],
  signals: [string, string, string, number][],
  more: Partial<PersonResult> = {},
): PersonResult {
  const made = signals.map(([detection, facet, first, bits]) => ({
    detection,
    version: '1',
    title: detection,
    stage: 'onboarding' as const,
    facet,
    says: '',
    first: `${first}T12:00:00Z`,
    last: `${first}T12:00:00Z`,
    bits,
    weight: {
      ifNot: [0.1, 0.3] as [number, number],
      ifHonest: 0.01,
      prior: 0.01,
      seenIn: 0,
      outOf: 0,
      source: '',
    },
    why: '',
    sources: [],
    innocent: [],
    fairness: 'none' as const,
    attack: [],
    next: [],
    evidence: { columns: [], rows: [], total: 0 },
    others: [],
  }));
  const waterfall = [
    { kind: 'prior' as const, label: 'prior', bits: -10 },
    ...signals.map(([label, , , bits], signal) => ({ kind: 'signal' as const, label, bits, signal })),
  ];
  return {
    id,
    name: `Person ${id}`,
    stage: 'employed',
    engagement: 'employee',
    band,
    bandReason: '',
    bits: waterfall.reduce((sum, one) => sum + one.bits, 0),
    probability: 0,
    facets: [],
    waterfall,
    signals: made,
    identifiers: [],
    devices: [],
    accounts: [],
    timeline: [],
    next: [],
    unknown: [],
    ...more,
  };
}

function scanOf(people: PersonResult[]): ScanResult {
  const detection = (id: string, catalogue: string[], state: 'ran' | 'blocked' = 'ran') => ({
    id,
    title: id,
    stage: 'onboarding' as const,
    facet: 'x',
    catalogue,
    state,
    missing: [],
    enabledBy: [],
    signals: 0,
    people: 0,
    baseRate: 0,
    bits: 0,
    fairness: 'none' as const,
    milliseconds: 0,
  });
  return {
    rollcall: { version: '0', content: '0' },
    asOf: '2026-09-30T00:00:00Z',
    company: { people: 8, byStage: {}, remote: 0 },
    bands: { clear: 0, watch: 0, review: 0, urgent: 0 },
    people,
    rings: [],
    exposures: [],
    detections: [
      detection('one-address', ['ON-03']),
      detection('one-account', ['ON-08']),
      detection('clones', ['CH-01'], 'blocked'),
    ],
    sources: [],
    files: [],
    rejects: [],
    untied: [],
    policy: { prior: 0.001, bands: { watch: -5, review: -1, urgent: 4 }, facetsForReview: 2 },
    limits: [],
  };
}

const scan = scanOf([
  person('1', 'urgent', [
    ['one-address', 'delivery', '2026-07-02', 7],
    ['one-account', 'payment', '2026-07-20', 4],
    ['late', 'code', '2026-09-01', 3],
  ]),
  person('903', 'review', [
    ['one-address', 'delivery', '2026-06-30', 6],
    ['one-account', 'payment', '2026-07-01', 3.5],
  ]),
  person('4', 'review', [['one-account', 'payment', '2026-01-01', 9]]),
  person('7', 'watch', [['one-account', 'payment', '2026-01-01', 5]]),
  person('ghost', 'urgent', []),
]);

describe('evaluate', () => {
  const result = evaluate(truth, scan);

  it('counts ring members and honest people at or above each band', () => {
    expect([result.bands.watch.ring, result.bands.watch.honest]).toEqual([2, 2]);
    expect([result.bands.review.ring, result.bands.review.honest]).toEqual([2, 1]);
    expect([result.bands.urgent.ring, result.bands.urgent.honest]).toEqual([1, 0]);
    expect(result.bands.review.recall).toMatchObject({ hits: 2, of: 3 });
    expect(result.bands.review.precision).toMatchObject({ hits: 2, of: 3 });
    expect(result.bands.review.honestFlagged).toMatchObject({ hits: 1, of: 4 });
  });

  it('counts two records of one person once, and knows people by either id', () => {
    expect(result.people).toEqual({ honest: 4, ring: 3, withLookalike: 2 });
    expect(result.bands.watch.honest).toBe(2);
    expect(result.bySophistication.ordinary?.review).toMatchObject({ hits: 1, of: 1 });
  });

  it('keeps people the truth does not know out of every count', () => {
    expect(result.unknown).toEqual(['ghost']);
    expect(result.bands.urgent.precision).toMatchObject({ hits: 1, of: 1 });
  });

  it('names honest people under suspicion and ring members who got away', () => {
    expect(result.accused.map((one) => [one.id, one.detections, one.lookalikes])).toEqual([
      ['4', ['one-account'], ['couple']],
    ]);
    expect(result.missed.map((one) => [one.id, one.band, one.sophistication, one.planted])).toEqual([
      ['2', 'clear', 'careful', ['ON-02']],
    ]);
    expect(result.lookalikes.couple).toEqual({ people: 2, watch: 1, review: 1, urgent: 0 });
  });

  it('groups recall by care and by engagement', () => {
    expect(result.bySophistication.careless?.urgent).toMatchObject({ hits: 1, of: 1 });
    expect(result.bySophistication.careful?.watch).toMatchObject({ hits: 0, of: 1 });
    expect(result.byEngagement.vendor?.members).toBe(1);
  });

  it('gives each detection its precision, and each planted behaviour its share seen', () => {
    expect(result.signals.find((one) => one.detection === 'one-account')).toMatchObject({
      ring: 2,
      honest: 2,
    });
    expect(result.signals.find((one) => one.detection === 'clones')).toMatchObject({
      state: 'blocked',
      ring: 0,
      honest: 0,
    });
    expect(result.planted['ON-03']).toMatchObject({ hits: 2, of: 2 });
    expect(result.planted['ON-02']).toMatchObject({ hits: 0, of: 1 });
  });

  it('says on which day of work the evidence was enough, and not before two facets agree', () => {
    // One address alone never is; with the account of 20 July, 14 days after the first day, it is.
    expect(result.daysUntilFound.careless).toEqual({ found: 1, earliest: 14, median: 14, latest: 14 });
    expect(result.daysUntilFound.ordinary).toEqual({ found: 1, earliest: -5, median: -5, latest: -5 });
    expect(result.daysUntilFound.careful).toBeUndefined();
  });

  it('does not count a signal that has been explained', () => {
    const explained = person('4', 'clear', [['one-account', 'payment', '2026-01-01', 0]]);
    const signal = explained.signals[0];
    if (signal) signal.explained = { by: 'people operations', reason: 'household' };
    expect(
      evaluate(truth, scanOf([explained])).signals.find((one) => one.detection === 'one-account'),
    ).toMatchObject({ honest: 0 });
  });

  it('keeps what speaks for somebody apart from what speaks against them', () => {
    const cleared = person('4', 'review', [
      ['one-account', 'payment', '2026-01-01', 12],
      ['one-address', 'delivery', '2026-02-01', -3],
    ]);
    const one = evaluate(truth, scanOf([cleared]));
    expect(one.accused[0]?.detections).toEqual(['one-account']);
    expect(one.signals.map((each) => [each.detection, each.speaks])).toEqual([
      ['clones', 'against'],
      ['one-account', 'against'],
      ['one-address', 'for'],
    ]);
    expect(formatEvaluation(one)).toContain('Speaks for them');
  });

  it('is fit to be saved as JSON and read in a terminal', () => {
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    const text = formatEvaluation(result);
    expect(text).toContain('2 of 3: 66.7 %');
    expect(text).toContain('4  Person 4, review');
    expect(text).toContain('clones');
    expect(text).toContain('could not run');
    expect(text.split('\n').every((line) => line === line.trimEnd())).toBe(true);
  });

  it('copes with a scan that found nobody', () => {
    const empty = evaluate(truth, scanOf([]));
    expect(empty.bands.review.precision).toEqual({ hits: 0, of: 0 });
    expect(empty.missed).toHaveLength(3);
    expect(formatEvaluation(empty)).toContain('No honest person is at review or above.');
  });

  it('refuses a truth that contradicts itself', () => {
    expect(() => evaluate({ ...truth, people: [honest('9', { sameAs: 'nobody' })] }, scan)).toThrow(/nobody/);
  });
});

describe('rate', () => {
  it('gives the Wilson interval', () => {
    // Worked by hand: 9 of 10.
    expect(rate(9, 10).low).toBeCloseTo(0.5958, 4);
    expect(rate(9, 10).high).toBeCloseTo(0.9821, 4);
    expect(rate(0, 50)).toMatchObject({ share: 0, low: 0 });
    expect(rate(0, 50).high).toBeCloseTo(0.0713, 4);
    expect(rate(12, 12).high).toBeCloseTo(1, 10);
  });
});
