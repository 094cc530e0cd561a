import { describe, expect, it } from 'vitest';
import { findBridges, withBridges } from './bridges.js';
import { findLinks } from './links.js';
import { findRings, withoutBridges } from './rings.js';
import { type Held, sampleLake } from './sample-sharing.js';
import { ensureSharedValues } from './shared-values.js';

const joining = 6;

async function ringsOf(held: readonly Held[], suspects: string[]) {
  const database = await sampleLake(held);
  try {
    await ensureSharedValues(database, { common_value: 8, base_rate_strength: 200 });
    const bridges = await findBridges(database, suspects, joining);
    const known = new Set(suspects);
    const links = withBridges(await findLinks(database, [...suspects, ...bridges]), known, joining);
    return withoutBridges(findRings(links, { joining, sameFacetShare: 0.15 }), known).map((ring) => ({
      members: ring.members,
      between: ring.between,
    }));
  } finally {
    database.close();
  }
}

const has = (person: string, kind: Held['kind'], value: string): Held => ({ person, kind, value });
const through = [
  has('a', 'phone', 'one'),
  has('x', 'phone', 'one'),
  has('x', 'bank_account', 'two'),
  has('b', 'bank_account', 'two'),
];

describe('a bridge', () => {
  it('joins two suspects, and is no member', async () => {
    expect(await ringsOf(through, ['a', 'b'])).toEqual([{ members: ['a', 'b'], between: ['x'] }]);
  });

  it('is nobody who shares with one suspect only, or one thing only', async () => {
    const twice = [...through.slice(0, 3), has('a', 'bank_account', 'two'), has('b', 'address', 'b and x')];
    expect(await ringsOf(twice, ['a', 'b'])).toEqual([]);
    // One thing of three people joins the two suspects by itself; the third is nobody to name.
    const one = ['a', 'b', 'x'].map((person) => has(person, 'phone', 'one'));
    expect(await ringsOf(one, ['a', 'b'])).toEqual([{ members: ['a', 'b'], between: [] }]);
  });

  it('does not lead on to another bridge', async () => {
    const chain = [
      ...through,
      has('x', 'address', 'x and y'),
      has('y', 'address', 'x and y'),
      has('y', 'phone', 'y and c'),
      has('c', 'phone', 'y and c'),
    ];
    expect(await ringsOf(chain, ['a', 'b', 'c'])).toEqual([{ members: ['a', 'b'], between: ['x'] }]);
  });
});
