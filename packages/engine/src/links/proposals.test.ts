import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../lake/duckdb.js';
import type { Decision } from './decisions.js';
import { propose } from './proposals.js';
import { type Held, type SamplePerson, sampleLake } from './sample-sharing.js';
import { ensureSharedValues, explainedByKind } from './shared-values.js';

let database: Database | undefined;
afterEach(() => {
  database?.close();
  database = undefined;
});

async function proposals(
  held: readonly Held[],
  people: readonly SamplePerson[],
  more: { decisions?: Decision[]; explained?: boolean } = {},
) {
  database = await sampleLake(held, { people });
  await ensureSharedValues(database, { common_value: 8, base_rate_strength: 200 });
  return propose(database, {
    people: [people[0]?.id as string],
    explainedBy: await explainedByKind(database),
    explained: () => more.explained ?? false,
    decisions: more.decisions ?? [],
    asOf: new Date('2026-10-01'),
  });
}

const hired = (id: string, more: Partial<SamplePerson> = {}): SamplePerson => ({
  id,
  name: `Person ${id}`,
  applied: '2026-01-03',
  started: '2026-02-01',
  ...more,
});
const both = (kind: Held['kind'], value: string, more: Partial<Held> = {}): Held[] =>
  ['a', 'b'].map((person) => ({ person, kind, value, ...more }));
const couple = [...both('address', '12 birch st'), ...both('phone', '+16145550101')];

describe('a household', () => {
  it('is proposed for people who gave one home from the start and share its line', async () => {
    const [one, ...more] = await proposals(couple, [hired('a'), hired('b')]);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      kind: 'household',
      people: [
        { id: 'a', name: 'Person a' },
        { id: 'b', name: 'Person b' },
      ],
      against: [],
    });
    expect(one?.silences).toHaveLength(2);
    expect(one?.confirmed).toBeUndefined();
  });

  it('says what speaks against it, and is not proposed where too much does', async () => {
    const [one] = await proposals([...couple, ...both('bank_account', 'k')], [hired('a'), hired('b')]);
    expect(one?.against.join(' ')).toContain('a bank account');
    database?.close();
    expect(
      await proposals(
        [...couple, ...both('bank_account', 'k'), ...both('device_token', 't')],
        [hired('a'), hired('b')],
      ),
    ).toEqual([]);
  });

  it('is not proposed for an address where only parcels go, or that came later', async () => {
    const people = [hired('a'), hired('b')];
    expect(await proposals(both('address', 'x', { context: 'shipping' }), people)).toEqual([]);
    database?.close();
    expect(await proposals(both('address', 'x', { first: '2026-06-01' }), people)).toEqual([]);
  });

  it('does not come from a name: one surname changes nothing', async () => {
    const named = (one: string, other: string) =>
      proposals(both('phone', 'v'), [hired('a', { name: one }), hired('b', { name: other })]);
    expect(await named('Ada Sample', 'Bo Sample')).toEqual([]);
  });
});

describe('an office', () => {
  const there = (n: number, more: Held[] = []): Held[] => [
    ...Array.from(
      { length: n },
      (_, i): Held => ({
        person: `o${i}`,
        kind: 'wifi_bssid',
        value: '02:00:5e:00:00:01',
        context: 'device',
      }),
    ),
    ...more,
  ];

  it('is proposed for a place of several people who share nothing else', async () => {
    const [one] = await proposals(there(5), [hired('o0')]);
    expect(one).toMatchObject({
      kind: 'shared-office',
      value: { kind: 'wifi_bssid', label: '02:00:5e:00:00:01' },
    });
    expect(one?.people).toHaveLength(5);
  });

  it('is proposed for two people where the user has the place on a list of their own, whatever the desk', async () => {
    const value = (unit: string) => `us|43004|oak ave|5|${unit}`;
    const held = both('address', value('12'), { context: 'shipping', first: '2026-06-01' });
    expect(await proposals(held, [hired('a'), hired('b')])).toEqual([]);
    const known = async () => {
      const made = database as Database;
      await made.run(
        "CREATE TABLE own_places AS SELECT 'us|43004|oak ave|5' AS building, 'coworking' AS kind, 'Desks' AS name",
      );
      return propose(made, {
        people: ['a'],
        explainedBy: await explainedByKind(made),
        explained: () => false,
        decisions: [],
        asOf: new Date('2026-10-01'),
      });
    };
    const [one] = await known();
    expect(one).toMatchObject({ kind: 'shared-office', value: { kind: 'address' } });
    expect(one?.says).toContain('on your own list of places of work (coworking, Desks)');
  });

  it('is not proposed where they share more than the place', async () => {
    const more = ['o0', 'o1', 'o2'].map((person): Held => ({ person, kind: 'bank_account', value: 'k' }));
    expect(await proposals(there(5, more), [hired('o0')])).toEqual([]);
  });
});

describe('an agency', () => {
  it('is proposed for people of one vendor with one number, and says what it does not explain', async () => {
    const people = [hired('a', { vendor: 'Harbor Staffing' }), hired('b', { vendor: 'harbor  staffing' })];
    const [one] = await proposals([...both('phone', 'v'), ...both('bank_account', 'k')], people);
    expect(one).toMatchObject({ kind: 'agency' });
    expect(one?.against.join(' ')).toContain('bank account');
    database?.close();
    expect(
      await proposals(both('phone', 'v'), [people[0] as SamplePerson, hired('b', { vendor: 'Other Firm' })]),
    ).toEqual([]);
  });
});

describe('the same person twice', () => {
  const people = (left?: string) => [
    hired('a', { name: 'Ada Sample', email: 'ada@example.com', ...(left ? { left } : {}) }),
    hired('b', {
      name: 'ada sample',
      email: 'ada@example.com',
      applied: '2026-06-01',
      started: '2026-07-01',
    }),
  ];

  it('is proposed for one name and one mailbox, unless both were employed at once', async () => {
    const held = both('phone', 'v');
    expect((await proposals(held, people('2026-05-01'))).map((one) => one.kind)).toEqual(['same-person']);
    database?.close();
    expect(await proposals(held, people())).toEqual([]);
  });
});

describe('a proposal', () => {
  it('keeps its id, shows who confirmed it, and is not made where all is explained', async () => {
    const people = [hired('a'), hired('b')];
    const [one] = await proposals(couple, people);
    database?.close();
    const decisions: Decision[] = [
      {
        id: 1,
        time: '2026-09-01T00:00:00Z',
        by: 'Ada',
        reason: 'asked both',
        kind: 'explanation.confirm',
        what: {
          id: one?.id as string,
          explanation: { kind: 'household', people: ['a', 'b'], detections: [], until: '2027-09-01' },
        },
      },
    ];
    const [again] = await proposals([...couple].reverse(), people, { decisions, explained: true });
    expect(again).toEqual({
      ...one,
      confirmed: {
        decision: 1,
        time: '2026-09-01T00:00:00Z',
        by: 'Ada',
        reason: 'asked both',
        until: '2027-09-01',
      },
    });
    database?.close();
    expect(await proposals(couple, people, { explained: true })).toEqual([]);
  });
});
