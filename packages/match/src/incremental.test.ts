import { beforeAll, describe, expect, it } from 'vitest';
import { blockingKeys, learnModel, matchRecords, type Row, type SavedModel, scoreAgainst } from './index.js';
import { makePeople, person } from './testing/people.js';

const people = makePeople(300);
const table = { name: 'people', rows: people };
const rowOf = new Map(people.map((row) => [row.id, row]));
let model: SavedModel;
beforeAll(async () => {
  model = JSON.parse(JSON.stringify(await learnModel({ left: table })));
});

describe('one record against candidates, by a saved model', () => {
  it('weighs each pair as the matching of all records does', async () => {
    const { pairs } = await matchRecords({ left: table });
    expect(pairs.length).toBeGreaterThan(50);
    for (const pair of pairs) {
      const [scored] = scoreAgainst(model, rowOf.get(pair.a) ?? {}, [rowOf.get(pair.b) ?? {}]);
      expect(scored?.weight).toBeCloseTo(pair.weight, 2);
      expect(scored?.steps.at(-1)?.total).toBeCloseTo(pair.weight, 1);
    }
  });

  it('weighs long wording as the matching of all records does', async () => {
    const streets = ['oak', 'mill', 'king', 'station', 'church'];
    const rows = people.map((row) => {
      const n = Number(person(row.id));
      const street = `${n} ${streets[n % 5]} street, flat ${n % 7}, near the old ${streets[n % 3]} yard`;
      return { id: row.id, name: row.first_name, address: `${street}, ${row.city}` };
    });
    const left = { name: 'people', rows };
    const [{ pairs }, saved] = [await matchRecords({ left }, { keep: 0.01 }), await learnModel({ left })];
    expect(saved.columns.map(({ kind }) => kind)).toEqual(['word', 'text']);
    expect(pairs.length).toBeGreaterThan(10);
    const of = new Map(rows.map((row) => [row.id, row]));
    for (const pair of pairs) {
      const [scored] = scoreAgainst(saved, of.get(pair.a) ?? {}, [of.get(pair.b) ?? {}]);
      expect(scored?.weight).toBeCloseTo(pair.weight, 2);
    }
  });

  it('puts the person first, among fifty others', () => {
    const again = people.filter(({ id }) => id.endsWith('-1'));
    const others = people.filter(({ id }) => id.endsWith('-0'));
    let first = 0;
    for (const record of again) {
      const own = others.filter(({ id }) => person(id) === person(record.id));
      const some = others.filter((row) => !own.includes(row)).slice(0, 50);
      const [best] = scoreAgainst(model, record, [...some, ...own]);
      if (best?.candidate === 50) first++;
    }
    expect(first / again.length).toBeGreaterThan(0.97);
  });

  it('finds columns whatever their case, and takes what is missing for not known', () => {
    const [{ first_name, surname, ...rest }] = people as [(typeof people)[number]];
    const other: Row = { 'First Name': first_name, SURNAME: surname, ...rest };
    const [same, empty] = scoreAgainst(model, people[0] ?? {}, [other, {}]);
    expect(same?.steps).toEqual(scoreAgainst(model, people[0] ?? {}, [people[0] ?? {}])[0]?.steps);
    expect(empty?.weight).toBeLessThanOrEqual(model.priorBits + 0.001);
    expect(scoreAgainst(model, {}, [])).toEqual([]);
  });

  it('bears any value', () => {
    const odd: Row = {
      first_name: '\u0000\ud800',
      surname: 'x'.repeat(100_000),
      email: '@@',
      phone: 5,
      city: null,
    };
    const [scored] = scoreAgainst(model, odd, [odd]);
    expect(Number.isFinite(scored?.weight)).toBe(true);
    expect(blockingKeys(model, odd).length).toBeLessThan(200);
  });

  it('refuses a model of another form', () => {
    expect(() => scoreAgainst({ ...model, version: 2 as 1 }, {}, [{}])).toThrow('form 2');
  });
});

describe('keys to find candidates by', () => {
  it('are shared by nearly all records of one person, and by few others', () => {
    const index = new Map<string, Set<string>>();
    for (const row of people) {
      for (const key of blockingKeys(model, row)) index.set(key, (index.get(key) ?? new Set()).add(row.id));
    }
    const pairs = people.flatMap((a, i) =>
      people
        .slice(i + 1)
        .filter((b) => person(a.id) === person(b.id))
        .map((b) => [a, b] as const),
    );
    const found = pairs.filter(([a, b]) =>
      blockingKeys(model, a).some((key) => (index.get(key)?.size ?? 0) <= 20 && index.get(key)?.has(b.id)),
    );
    expect(found.length / pairs.length).toBeGreaterThan(0.98);
  });

  it('are the same for the same record, each once, and none for an empty one', () => {
    for (const row of people.slice(0, 20)) {
      const keys = blockingKeys(model, row);
      expect(blockingKeys(model, { ...row })).toEqual(keys);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toEqual(expect.arrayContaining(blockingKeys(model, row, { combined: false })));
    }
    expect(blockingKeys(model, { first_name: ' ', email: 'n/a' })).toEqual([]);
  });
});
