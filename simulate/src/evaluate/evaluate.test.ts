import type { ScanResult } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import type { Truth, TruthPerson } from '../truth.js';
import { evaluate } from './evaluate.js';
import { formatEvaluation, formatPooled, verdictOn } from './format.js';
import { impacts } from './groups.js';
import { pool } from './pool.js';
import { rate, ratio } from './rate.js';

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
  simulation: { people: 8, seed: 1, asOf: '2026-09-30', days: 90, ringMembers: 3, scenario: 'mixed' },
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
    documents: [],
    passages: [],
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
    rates: [
      {
        population: 'workers' as const,
        seenIn: 0,
        outOf: 8,
        own: 0.01,
        used: 0.01,
        ownBits: 0,
        bits: 0,
        says: '',
      },
    ],
  });
  return {
    rollcall: { version: '0', content: '0' },
    asOf: '2026-09-30T00:00:00Z',
    company: { people: 8, byStage: {}, remote: 0 },
    bands: { clear: 0, watch: 0, review: 0, urgent: 0 },
    people,
    rings: [],
    proposals: [],
    explanations: [],
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
    expect(result.daysUntilFound.careless).toEqual({
      found: 1,
      earliest: 14,
      median: 14,
      latest: 14,
      each: [14],
    });
    expect(result.daysUntilFound.ordinary).toMatchObject({ found: 1, median: -5 });
    expect(result.daysUntilFound.careful).toBeUndefined();
  });

  it('does not count a signal that has been explained', () => {
    const explained = person('4', 'clear', [['one-account', 'payment', '2026-01-01', 0]]);
    const signal = explained.signals[0];
    if (signal)
      signal.explained = { id: 'e1', kind: 'household', by: 'people operations', reason: 'household' };
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

describe('calibration', () => {
  it('counts workers by the sum of their bits, with what was to be expected', () => {
    const { calibration } = evaluate(truth, scan);
    const people = calibration.reduce((sum, bin) => sum + bin.people, 0);
    expect(people).toBe(7);
    expect(calibration.reduce((sum, bin) => sum + bin.ring, 0)).toBe(3);
    // 1 has −10 + 7 + 4 + 3 = 4 bits: 16 to 1.
    const bin = calibration.find((one) => one.from === 4);
    expect(bin).toMatchObject({ to: 8, people: 1, ring: 1 });
    expect(bin?.expectedAsAssumed).toBeCloseTo(16 / 17, 6);
    // Here 3 in 7 are false and not 1 in 1,000: more is to be expected of the same evidence.
    expect(bin?.expected).toBeGreaterThan(0.99);
  });

  it('leaves applicants out: no ring member is one', () => {
    const people = truth.people.map((one) =>
      one.id === '8' ? { ...one, stage: 'applicant' as const } : one,
    );
    const { calibration } = evaluate({ ...truth, people }, scan);
    expect(calibration.reduce((sum, bin) => sum + bin.people, 0)).toBe(6);
  });

  it('sets what a detection says beside what it showed, among those in whom it could be seen', () => {
    const { weights } = evaluate(truth, scan, {
      among: new Map([['one-address', new Set(['1', '903', '5'])]]),
    });
    expect(weights.find((one) => one.detection === 'one-address')).toMatchObject({
      ring: { hits: 2, of: 2 },
      honest: { hits: 0, of: 1 },
      bits: 13,
    });
    expect(weights.find((one) => one.detection === 'one-account')).toMatchObject({
      ring: { hits: 2, of: 3 },
      honest: { hits: 2, of: 4 },
      bits: 4 + 3.5 + 9 + 5,
    });
    expect(weights.find((one) => one.detection === 'clones')).toBeUndefined();
  });

  it('says whether a detection says too much or too little, in either direction', () => {
    const weight = (bits: number, ring: number, honest: number) => ({
      detection: 'x',
      facet: 'x',
      ring: rate(ring, 100),
      honest: rate(honest, 100),
      bits: bits * (ring + honest),
    });
    expect(verdictOn(weight(1, 50, 25))).toBe('fits');
    expect(verdictOn(weight(4, 50, 25))).toBe('says too much');
    expect(verdictOn(weight(1, 90, 5))).toBe('says too little');
    expect(verdictOn(weight(-4, 25, 50))).toBe('says too much');
    expect(verdictOn(weight(-0.5, 5, 90))).toBe('says too little');
    expect(verdictOn(weight(1, 0, 0))).toBe('too few');
  });
});

describe('the value of a detection', () => {
  it('is who would be seen no longer without it', () => {
    const without = (one: PersonResult, gone: ReadonlySet<string>) =>
      gone.has('one-account') ? { bits: -10, band: 'clear' as const } : { bits: one.bits, band: one.band };
    const { value } = evaluate(truth, scan, { without });
    expect(value?.find((one) => one.detection === 'one-account')?.lost).toEqual({
      watch: { ring: 2, honest: 2 },
      review: { ring: 2, honest: 1 },
      urgent: { ring: 1, honest: 0 },
    });
    expect(value?.find((one) => one.detection === 'one-address')?.lost.review).toEqual({
      ring: 0,
      honest: 0,
    });
    expect(evaluate(truth, scan).value).toBeUndefined();
  });

  it('is told of whole facets, too', () => {
    const without = (one: PersonResult, gone: ReadonlySet<string>) =>
      one.signals.every((signal) => gone.has(signal.detection))
        ? { bits: -10, band: 'clear' as const }
        : { bits: one.bits, band: one.band };
    const { facetValue } = evaluate(truth, scan, { without });
    expect(facetValue?.map((one) => one.detection)).toEqual(['code', 'delivery', 'payment']);
    // 4 and 7 show nothing else.
    expect(facetValue?.find((one) => one.detection === 'payment')?.lost.watch).toEqual({
      ring: 0,
      honest: 2,
    });
  });
});

describe('groups', () => {
  const count = (people: number, watch: number, vpn: number) => ({
    people,
    watch,
    review: 0,
    urgent: 0,
    detections: { vpn: { people: vpn, watch: Math.min(vpn, watch), review: 0 } },
  });

  it('are counted among the honest alone', () => {
    const people = truth.people.map((one) =>
      one.label === 'honest'
        ? { ...one, group: one.id === '4' ? ('rural' as const) : ('none' as const) }
        : one,
    );
    const { groups } = evaluate({ ...truth, people }, scan);
    expect(groups.rural).toMatchObject({ people: 1, watch: 1, review: 1 });
    expect(groups.none).toMatchObject({ people: 3, watch: 1, review: 0 });
    expect(groups.rural?.detections).toEqual({ 'one-account': { people: 1, watch: 1, review: 1 } });
  });

  it('pass the four fifths and fail where they are surely flagged more often', () => {
    const found = impacts({ none: count(5000, 50, 10), 'privacy-minded': count(600, 30, 30) });
    const one = found.find((each) => each.group === 'privacy-minded' && each.band === 'watch');
    // 95 % are not flagged against 99 %: well above four fifths. But five times as many are.
    expect(one?.favourable).toBeCloseTo(0.95 / 0.99, 6);
    // Half a case is added to each side.
    expect(one?.ratio).toBeCloseTo(30.5 / 601 / (50.5 / 5001), 6);
    expect(one?.verdict).toBe('fails');
    expect(one?.causes[0]).toMatchObject({ detection: 'vpn', group: { hits: 30 }, others: { hits: 10 } });
    expect(one?.causes[0]?.beyond).toBeCloseTo(30 - (10 / 5000) * 600, 6);
    expect(found.find((each) => each.group === 'none' && each.band === 'watch')?.verdict).toBe('passes');
  });

  it('say unclear where it may be chance, and pass where nobody is flagged', () => {
    const found = impacts({ none: count(5000, 50, 10), rural: count(150, 3, 1) });
    expect(found.find((each) => each.group === 'rural' && each.band === 'watch')?.verdict).toBe('unclear');
    const few = impacts({ none: count(5000, 50, 10), rural: count(20, 2, 1) });
    expect(few.find((each) => each.group === 'rural' && each.band === 'watch')?.verdict).toBe('too few');
    const nobody = impacts({ none: count(50, 0, 0), rural: count(50, 0, 0) });
    expect(new Set(nobody.map((each) => each.verdict))).toEqual(new Set(['passes']));
  });

  it('fail the four fifths where one in four and more is flagged', () => {
    const found = impacts({ none: count(40, 0, 0), rural: count(40, 12, 0) });
    const one = found.find((each) => each.group === 'rural' && each.band === 'watch');
    expect(one?.favourable).toBeCloseTo(0.7, 6);
    expect(one?.verdict).toBe('fails');
  });
});

describe('several companies', () => {
  const one = evaluate(truth, scan, { without: (each) => ({ bits: each.bits, band: each.band }) });
  const empty = evaluate({ ...truth, simulation: { ...truth.simulation, seed: 2 } }, scanOf([]), {
    without: (each) => ({ bits: each.bits, band: each.band }),
  });

  it('add up, and keep how far they lie apart', () => {
    const both = pool([one, empty]);
    expect(both.people).toEqual({ honest: 8, ring: 6, withLookalike: 4 });
    expect(both.bands.review.recall).toMatchObject({ hits: 2, of: 6 });
    expect(both.bands.review.recall).toEqual(rate(2, 6));
    expect(both.spread.review.recall).toEqual({ least: 0, median: 1 / 3, greatest: 2 / 3 });
    expect(both.accused.map((each) => [each.seed, each.id])).toEqual([[1, '4']]);
    expect(both.missed).toHaveLength(4);
    expect(both.bySophistication.ordinary?.review).toMatchObject({ hits: 1, of: 2 });
    expect(both.lookalikes.couple).toMatchObject({ people: 4, watch: 1 });
    expect(both.signals.find((each) => each.detection === 'one-account')).toMatchObject({
      ring: 2,
      honest: 2,
    });
    expect(both.weights.find((each) => each.detection === 'one-account')?.honest.of).toBe(8);
    expect(both.daysUntilFound.careless?.each).toEqual([14]);
    expect(both.calibration.reduce((sum, bin) => sum + bin.people, 0)).toBe(14);
    expect(both.planted['ON-03']).toMatchObject({ hits: 2, of: 4 });
  });

  it('add up to the same in any order, but for the order itself', () => {
    const a = pool([one, empty]);
    const b = pool([empty, one]);
    expect(b.bands).toEqual(a.bands);
    expect(b.weights).toEqual(a.weights);
    expect(b.spread).toEqual(a.spread);
  });

  it('read in a terminal', () => {
    const text = formatPooled(pool([one, empty]));
    expect(text).toContain('2 companies (seeds 1, 2; mixed, 90 days of logs)');
    expect(text).toContain('Do bits mean what they say?');
    expect(text.split('\n').every((line) => line === line.trimEnd())).toBe(true);
  });

  it('are refused where they were scanned with different content, or are none', () => {
    expect(() => pool([])).toThrow(/nothing/);
    expect(() => pool([one, { ...one, rollcall: { version: '0', content: 'other' } }])).toThrow(
      /different content/,
    );
  });
});

describe('ratio', () => {
  it('is the ratio in bits, half a case added to each side', () => {
    const one = ratio({ hits: 40, of: 99 }, { hits: 10, of: 99 });
    expect(one?.bits).toBeCloseTo(Math.log2(40.5 / 10.5), 9);
    // Katz: the standard error of the natural logarithm, worked by hand.
    const error = Math.sqrt(1 / 40.5 - 1 / 100 + 1 / 10.5 - 1 / 100);
    expect(one?.high).toBeCloseTo(Math.log2(40.5 / 10.5) + (1.959964 * error) / Math.LN2, 9);
    expect(ratio({ hits: 0, of: 50 }, { hits: 0, of: 50 })?.bits).toBeCloseTo(0, 9);
    expect(ratio({ hits: 0, of: 0 }, { hits: 1, of: 50 })).toBeUndefined();
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
