import type { RingEdge } from '@rollcall/engine/model/result.js';
import { describe, expect, it } from 'vitest';
import type { SharedValue } from './ring-layout.js';
import { reasonsFor, seenWith } from './ring-reasons.js';

const edge = (a: string, b: string, bits: number, more: Partial<RingEdge> = {}): RingEdge => ({
  a,
  b,
  kind: 'phone',
  label: '+1 202-555-0100',
  bits,
  holders: 2,
  outOf: 100,
  says: `${a} and ${b}, ${bits}`,
  contexts: [],
  ...more,
});
const value = (key: string, edges: RingEdge[]): SharedValue => ({
  key,
  kind: 'phone',
  label: key,
  members: [...new Set(edges.flatMap(({ a, b }) => [a, b]))].sort(),
  bits: edges[0]?.bits ?? 0,
  contexts: [],
  edges,
});
const home = value('home', [edge('a', 'b', 6), edge('a', 'c', 6), edge('b', 'c', 5)]);
const phone = value('phone', [edge('a', 'c', 9)]);
const says = (edges: RingEdge[]) => edges.map((one) => one.says);

describe('the links to say first', () => {
  it('are those of the value, of the person, or of both', () => {
    expect(says(reasonsFor([home, phone], { value: 'home' }))).toEqual([
      'a and b, 6',
      'a and c, 6',
      'b and c, 5',
    ]);
    expect(says(reasonsFor([home, phone], { value: 'home', member: 'c' }))).toEqual([
      'a and c, 6',
      'b and c, 5',
    ]);
    expect(reasonsFor([home, phone], {})).toEqual([]);
  });

  it('say one of each value before a second of any', () => {
    expect(says(reasonsFor([home, phone], { member: 'a' }))).toEqual([
      'a and c, 9',
      'a and b, 6',
      'a and c, 6',
    ]);
  });
});

describe('when people were seen with a value', () => {
  it('is taken from every link of theirs, on whichever side of it they stand', () => {
    const shared = value('phone', [
      edge('a', 'b', 6, { firstA: '2026-02-01', lastA: '2026-02-09', firstB: '2026-03-01' }),
      edge('b', 'c', 6, { firstA: '2026-01-01', lastA: '2026-04-01' }),
    ]);
    expect(seenWith(shared)).toEqual([
      { person: 'a', first: '2026-02-01', last: '2026-02-09' },
      { person: 'b', first: '2026-01-01', last: '2026-04-01' },
      { person: 'c', first: undefined, last: undefined },
    ]);
  });
});
