import { describe, expect, it } from 'vitest';
import { householdOnRecord } from '../explain/households.js';
import type { Decision } from '../links/decisions.js';
import type { Link } from '../links/links.js';
import { type Explanation, explanationSchema } from '../model/policy.js';
import { explanationResults } from './explanations.js';
import type { Assessment } from './weight.js';

const asOf = new Date('2026-06-01T00:00:00Z');
const about = (more: Partial<Explanation>): Explanation =>
  explanationSchema.parse({ kind: 'household', reason: 'a couple', by: 'Ada', people: ['a', 'b'], ...more });
const finding = (person: string, by: { id: string }, rows: number, of: number): Assessment =>
  ({
    person,
    weighed: [
      {
        bits: 4.567,
        signal: {
          person,
          detection: { id: 'found', title: 'Found', says: 'Seen.' },
          rows: [{}],
          total: rows === of ? of : of - rows,
          others: [],
          accountedFor: new Map([[by.id, { by, rows }]]),
          ...(rows === of ? { explained: by } : {}),
        },
      },
    ],
  }) as unknown as Assessment;
const link = {
  a: 'a',
  b: 'c',
  kind: 'phone',
  value: 'v',
  label: 'v',
  bits: 13,
  holders: 2,
  outOf: 9,
  chance: 0.1,
} as unknown as Link;

describe('the explanations of a result', () => {
  it('say what each accounts for, with the bits it would have had, or how many of its rows', () => {
    const one = about({ id: 'h1', until: '2026-12-31' });
    const [result, ...more] = explanationResults({
      explanations: [one],
      decisions: [],
      assessments: [finding('a', one as { id: string }, 2, 2), finding('b', one as { id: string }, 3, 7)],
      links: new Map(),
      nameOf: (id) => `Person ${id}`,
      asOf,
    });
    expect(more).toEqual([]);
    expect(result).toMatchObject({ id: 'h1', state: 'in force', source: 'policy', by: 'Ada', doubts: [] });
    expect(result?.accountsFor.map(({ person, bits, rows, of }) => [person.name, bits, rows, of])).toEqual([
      ['Person a', 4.57, 2, 2],
      ['Person b', 0, 3, 7],
    ]);
  });

  it('tell where each stands, those in force first, with what was taken back', () => {
    const decide = (id: number, explanation: string): Decision => ({
      id,
      time: `2026-01-0${id}T00:00:00Z`,
      by: 'Bo',
      reason: 'asked',
      kind: 'explanation.confirm',
      what: { id: explanation, explanation: { kind: 'travel', people: ['c'], detections: [] } },
    });
    const decisions: Decision[] = [
      decide(1, 'kept'),
      decide(2, 'gone'),
      decide(3, 'undone'),
      {
        id: 4,
        time: '2026-02-01T00:00:00Z',
        by: 'Cy',
        reason: 'wrong',
        kind: 'explanation.withdraw',
        what: { id: 'gone' },
      },
      { id: 5, time: '2026-02-02T00:00:00Z', by: 'Di', reason: 'a slip', kind: 'undo', undoes: 3 },
    ];
    const kept = about({ id: 'kept', kind: 'travel', people: ['c'] });
    const hr = householdOnRecord('H-1');
    const results = explanationResults({
      explanations: [
        about({ id: 'old', until: '2026-05-31' }),
        about({ id: 'soon', from: '2026-07-01' }),
        kept,
      ],
      decisions,
      assessments: [],
      links: new Map([[hr.id, { by: hr, links: [link] }]]),
      nameOf: (id) => id,
      asOf,
    });
    expect(results.map((one) => [one.id.slice(0, 12), one.state, one.source, one.withdrawn?.by])).toEqual([
      ['hr-household', 'in force', 'HR record', undefined],
      ['kept', 'in force', 'decision', undefined],
      ['soon', 'not yet', 'policy', undefined],
      ['old', 'over', 'policy', undefined],
      ['gone', 'withdrawn', 'decision', 'Cy'],
      ['undone', 'withdrawn', 'decision', 'Di'],
    ]);
    expect(results[0]?.people.map((person) => person.id)).toEqual(['a', 'c']);
    expect(results[0]?.joins).toHaveLength(1);
    expect(results[0]?.doubts).toEqual([]);
    expect(results[1]?.doubts.join()).toContain('no last day');
  });
});
