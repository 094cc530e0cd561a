import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../lake/duckdb.js';
import { findLinks, together } from './links.js';
import { type Held, sampleLake } from './sample-sharing.js';
import { ensureSharedValues } from './shared-values.js';

const policy = { common_value: 8, base_rate_strength: 200 };
let database: Database | undefined;

async function links(held: readonly Held[], among: string[], count?: number) {
  database = await sampleLake(held, count === undefined ? {} : { count });
  await ensureSharedValues(database, policy);
  return findLinks(database, among);
}

const all = (n: number, kind: Held['kind'], value: string): Held[] =>
  Array.from({ length: n }, (_, i) => ({ person: `p${String(i).padStart(3, '0')}`, kind, value }));
const ids = (held: readonly Held[]) => [...new Set(held.map((one) => one.person))];

afterEach(() => {
  database?.close();
  database = undefined;
});

describe('links', () => {
  it('say less the more people have the value', async () => {
    const held = [
      ...all(2, 'phone', 'two'),
      ...all(4, 'phone', 'four'),
      ...all(8, 'phone', 'eight'),
      ...all(9, 'phone', 'nine'),
    ];
    const found = await links(held, ['p000', 'p001']);
    const bits = Object.fromEntries(found.map((link) => [link.label, link.bits]));
    expect(bits.two).toBeGreaterThan((bits.four as number) + 1);
    expect(bits.four).toBeGreaterThan(bits.eight as number);
    // More people than `common_value`: an institution, which links nobody.
    expect(bits.nine).toBeUndefined();
  });

  it('never join by a value that everybody has', async () => {
    const held = all(6, 'phone', 'switchboard');
    expect(await links(held, ids(held), 0)).toEqual([]);
  });

  it('weigh less where such things are often shared here', async () => {
    const pair: Held[] = [
      { person: 'a', kind: 'address', value: 'one home' },
      { person: 'b', kind: 'address', value: 'one home' },
    ];
    const [rare] = await links(pair, ['a', 'b']);
    database?.close();
    const couples = Array.from({ length: 80 }, (_, i): Held[] => [
      { person: `x${i}`, kind: 'address', value: `home ${i}` },
      { person: `y${i}`, kind: 'address', value: `home ${i}` },
    ]).flat();
    const [usual] = await links([...pair, ...couples], ['a', 'b'], 140);
    expect(usual?.bits).toBeLessThan((rare?.bits as number) - 1);
  });

  it('take an egress address only from who was there for days, and a laptop from nobody', async () => {
    const held: Held[] = [
      { person: 'a', kind: 'egress_ip', value: '192.0.2.7', first: '2026-03-01', last: '2026-05-01' },
      { person: 'b', kind: 'egress_ip', value: '192.0.2.7', first: '2026-03-01', last: '2026-05-01' },
      ...all(2, 'device_serial', 'SN1'),
    ];
    database = await sampleLake(held);
    await database.run(
      `INSERT INTO events (time, person_id, src_ip, action) SELECT TIMESTAMP '2026-03-01' + to_days(CAST(d AS INTEGER)), p, '192.0.2.7', 'signin'
       FROM range(5) r(d), (VALUES ('a'), ('b')) v(p) WHERE p = 'a' OR d < 2`,
    );
    await ensureSharedValues(database, policy);
    expect(await findLinks(database, ['a', 'b', 'p000', 'p001'])).toEqual([]);
  });

  it('take the bits of wording from the comparison, and only between those compared', async () => {
    database = await sampleLake(all(3, 'passage', 'w1'));
    await database.run(
      "INSERT INTO passages (person_id, other, passage, bits) VALUES ('p000', 'p001', 'w1', 9.5), ('p001', 'p000', 'w1', 9.5)",
    );
    await ensureSharedValues(database, policy);
    const found = await findLinks(database, ['p000', 'p001', 'p002']);
    expect(found.map((link) => [link.a, link.b, link.bits])).toEqual([['p000', 'p001', 9.5]]);
  });

  it('hold many holders together without every pair', async () => {
    const held = all(40, 'address', 'one building');
    database = await sampleLake(held, { count: 2000 });
    await ensureSharedValues(database, { ...policy, common_value: 50 });
    const found = await findLinks(database, ids(held));
    expect(found.length).toBe(2 * 40 - 3);
    const near = new Set(['p000']);
    for (let round = 0; round < 3; round++)
      for (const { a, b } of found) if (near.has(a) || near.has(b)) near.add(a).add(b);
    expect(near.size).toBe(40);
  });

  it('give the same whatever the order of the rows, and name both sides', async () => {
    const held: Held[] = [
      { person: 'b', kind: 'phone', value: 'v', first: '2026-02-01', context: 'application' },
      { person: 'a', kind: 'phone', value: 'v', first: '2026-01-01' },
      ...all(3, 'bank_account', 'k'),
    ];
    const one = await links(held, ['a', 'b', ...ids(held)]);
    database?.close();
    expect(await links([...held].reverse(), [...ids(held)].reverse())).toEqual(one);
    expect(one[0]).toMatchObject({
      a: 'a',
      b: 'b',
      firstA: '2026-01-01T00:00:00Z',
      firstB: '2026-02-01T00:00:00Z',
      first: '2026-02-01T00:00:00Z',
      contexts: ['application', 'home'],
      contextsB: ['application'],
      holders: 2,
      outOf: 302,
    });
  });
});

describe('several links of one pair', () => {
  it('count once for one facet and in full for several', () => {
    const home = { facet: 'home', bits: 10 };
    expect(together([home], 0.15)).toBe(10);
    expect(together([home, { facet: 'home', bits: 8 }], 0.15)).toBeCloseTo(11.2);
    expect(together([home, { facet: 'payment', bits: 8 }], 0.15)).toBe(18);
  });
});
