import type { Ring } from '@rollcall/engine/model/result.js';
import { describe, expect, it } from 'vitest';
import { sampleResult } from '../../fixtures/sample-result.js';
import { ringLayout, sharedValues, ties } from './ring-layout.js';

type Edge = Ring['edges'][number];

function ring(members: string[], edges: [string, string, Edge['kind'], string][]): Ring {
  return {
    id: 'r',
    title: 'r',
    says: '',
    members: members.map((id) => ({ id, name: id, band: 'watch', bits: 0 })),
    edges: edges.map(([a, b, kind, label]) => ({
      a,
      b,
      kind,
      label,
      bits: 5,
      holders: 2,
      outOf: 100,
      says: '',
      contexts: [],
    })),
    between: [],
    values: 1,
    history: [],
    mergedFrom: [],
    byHand: [],
  };
}

describe('shared values', () => {
  it('make one value of what every pair of its people shares', () => {
    const [sample] = sampleResult.rings;
    expect(sample && sharedValues(sample).map((value) => [value.kind, value.members.length])).toEqual([
      ['address', 4],
      ['egress_ip', 3],
      ['bank_account', 2],
      ['mfa_device', 2],
      ['phone', 2],
    ]);
  });

  it('never join two values that only look alike', () => {
    const masked = ring(
      ['a', 'b', 'c', 'd'],
      [
        ['a', 'b', 'bank_account', 'account ending 21'],
        ['c', 'd', 'bank_account', 'account ending 21'],
        ['b', 'c', 'bank_account', 'account ending 21'],
      ],
    );
    expect(sharedValues(masked).map((value) => value.members)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['b', 'c'],
    ]);
  });
});

describe('the drawing of a ring', () => {
  const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
  const chain = (count: number) =>
    ring(
      people(count),
      people(count)
        .slice(1)
        .flatMap((id, index): [string, string, Edge['kind'], string][] => [
          [`p${index}`, id, 'phone', `phone ${index}`],
          [`p${index}`, id, 'address', `address ${index}`],
        ]),
    );

  it.each([
    [2, 1200],
    [3, 1200],
    [4, 1200],
    [9, 1200],
    [16, 1200],
    [40, 1200],
    [2, 340],
    [5, 340],
  ])('of %i people, %i wide, keeps every box inside, and none on another', (count, width) => {
    const drawn = chain(count);
    const values = sharedValues(drawn);
    const { nodes, height } = ringLayout(drawn, values, width);
    const boxes = [...nodes.values()];
    expect(boxes).toHaveLength(count + values.length);
    boxes.forEach((a, index) => {
      expect(a.x - a.halfWidth).toBeGreaterThanOrEqual(0);
      expect(a.x + a.halfWidth).toBeLessThanOrEqual(width);
      expect(a.y - a.halfHeight).toBeGreaterThanOrEqual(0);
      expect(a.y + a.halfHeight).toBeLessThanOrEqual(height);
      for (const b of boxes.slice(index + 1)) {
        const apart =
          Math.abs(a.x - b.x) >= a.halfWidth + b.halfWidth ||
          Math.abs(a.y - b.y) >= a.halfHeight + b.halfHeight;
        expect(apart).toBe(true);
      }
    });
  });

  it('is the same every time, and ties everybody to what they share', () => {
    const drawn = chain(6);
    const values = sharedValues(drawn);
    expect(ringLayout(drawn, values, 900)).toEqual(ringLayout(drawn, sharedValues(drawn), 900));
    expect(ties(ringLayout(drawn, values, 900), values)).toHaveLength(values.length * 2);
  });

  it('does without a member or a value it does not know', () => {
    const stranger = ring(['a'], [['a', 'gone', 'phone', '+1 202-555-0100']]);
    const values = sharedValues(stranger);
    expect(ties(ringLayout(stranger, values, 900), values)).toHaveLength(1);
    expect(ringLayout(ring([], []), [], 900).nodes.size).toBe(0);
  });
});
