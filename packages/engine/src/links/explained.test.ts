import { describe, expect, it } from 'vitest';
import { type Explanation, explanationSchema } from '../model/policy.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import { linkExplainer } from './explained.js';
import { facetOf } from './kinds.js';
import type { Link } from './links.js';

const explainedBy = new Map<IdentifierKind, Explanation['kind'][]>([
  ['address', ['household', 'same-person']],
  ['passage', ['same-person']],
]);
const link = (kind: IdentifierKind, more: Partial<Link> = {}): Link => ({
  a: 'a',
  b: 'b',
  kind,
  value: 'v',
  label: '12 Birch Street',
  facet: facetOf[kind],
  bits: 10,
  chance: 0.001,
  holders: 2,
  outOf: 100,
  contexts: [],
  contextsA: [],
  contextsB: [],
  last: '2026-05-01T00:00:00Z',
  ...more,
});
const home = (more: Partial<Explanation> = {}): Explanation =>
  explanationSchema.parse({ kind: 'household', people: ['a', 'b'], reason: 'asked', by: 'Ada', ...more });
const explains = (explanations: Explanation[], one: Link, households: [string, string][] = []) =>
  linkExplainer({
    explanations,
    explainedBy,
    households: new Map(households),
    asOf: new Date('2026-06-01'),
  })(one) !== undefined;

describe('an explanation of links', () => {
  it('covers its people and what its kind accounts for, and nothing else', () => {
    expect(explains([home()], link('address'))).toBe(true);
    expect(explains([home()], link('passage'))).toBe(false);
    expect(explains([home()], link('address', { b: 'c' }))).toBe(false);
    expect(explains([home({ kind: 'same-person' })], link('passage'))).toBe(true);
  });

  it('covers a whole department only for a value, and no link outside its days', () => {
    const groups = [{ department: 'Field' }];
    expect(explains([home({ groups })], link('address'))).toBe(false);
    expect(explains([home({ groups, value: 'birch' })], link('address'))).toBe(true);
    expect(explains([home({ groups, value: 'birch', people: ['a'] })], link('address'))).toBe(false);
    expect(explains([home({ to: '2026-04-30' })], link('address'))).toBe(false);
    expect(explains([home({ to: '2026-05-01' })], link('address'))).toBe(true);
  });

  it('ends after its last day, and says nothing of what was over before it began', () => {
    expect(explains([home({ until: '2026-06-01' })], link('address'))).toBe(true);
    expect(explains([home({ until: '2026-05-31' })], link('address'))).toBe(false);
    expect(explains([home({ from: '2026-05-02' })], link('address'))).toBe(false);
  });

  it('holds only for its value, and for everybody only where it names one', () => {
    expect(explains([home({ value: '12 birch' })], link('address'))).toBe(true);
    expect(explains([home({ value: '14 birch' })], link('address'))).toBe(false);
    expect(explains([home({ people: [] })], link('address'))).toBe(false);
    expect(explains([home({ people: [], value: '12 birch' })], link('address'))).toBe(true);
  });

  it('for single detections leaves links alone; a household on record is one', () => {
    expect(explains([home({ detections: ['some-detection'] })], link('address'))).toBe(false);
    const record: [string, string][] = [
      ['a', 'h1'],
      ['b', 'h1'],
    ];
    expect(explains([], link('address'), record)).toBe(true);
    expect(explains([], link('passage'), record)).toBe(false);
  });
});
