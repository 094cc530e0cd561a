import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain, explainText, matchRecords, type Table } from './index.js';
import { makePeople, pairwise, person, shuffled } from './testing/people.js';

const people = makePeople(300);
const table = (rows: Table['rows'], name = 'people'): Table => ({ name, rows });
const idsOf = (clusters: { id: string }[][]) => clusters.map((members) => members.map(({ id }) => id));

/** What a partner does not share. */
function personal(row: (typeof people)[number] | undefined) {
  return { first_name: row?.first_name ?? '', date_of_birth: row?.date_of_birth ?? '' };
}

describe('duplicates in one table', () => {
  it('finds the records of one person, and hardly a wrong one', async () => {
    const { clusters, model } = await matchRecords({ left: table(people) });
    const { precision, recall } = pairwise(
      people.map(({ id }) => id),
      idsOf(clusters),
    );
    expect(precision).toBeGreaterThan(0.98);
    expect(recall).toBeGreaterThan(0.93);
    expect(model.columns.map(({ column, kind }) => [column, kind])).toEqual([
      ['first_name', 'word'],
      ['surname', 'word'],
      ['date_of_birth', 'date'],
      ['email', 'email'],
      ['phone', 'phone'],
      ['city', 'word'],
    ]);
    expect(model.compared).toBeLessThan(model.pairs / 3);
  });

  it('does not take couples, or people of one name, for one person', async () => {
    const others = makePeople(300, 9).filter(({ id }) => id.endsWith('-0'));
    const couples = people
      .filter(({ id }) => id.endsWith('-0'))
      .slice(0, 30)
      .map((row, i) => ({ ...row, ...personal(others[i]), id: `x${row.id}`, email: '' }));
    const namesakes = [1, 2, 3, 4, 5, 6].map((i) => ({
      id: `n${i}-0`,
      first_name: 'maria',
      surname: 'lopez',
      date_of_birth: `19${50 + 7 * i}-0${i}-1${i}`,
      email: `maria.lopez${i * 13}@example.com`,
      phone: `+1 20${i} 555-01${10 + i}`,
      city: 'Lakeside',
    }));
    const { clusters } = await matchRecords({ left: table([...people, ...couples, ...namesakes]) });
    const wrong = idsOf(clusters).filter((ids) => new Set(ids.map(person)).size > 1);
    expect(wrong).toEqual([]);
  });

  it('gives the same bytes again, and whatever the order of rows', async () => {
    const once = JSON.stringify(await matchRecords({ left: table(people) }));
    expect(JSON.stringify(await matchRecords({ left: table(shuffled(people, 7)) }))).toBe(once);
    expect(JSON.stringify(await matchRecords({ left: table(shuffled(people, 8)) }, { threads: 1 }))).toBe(
      once,
    );
  });

  it('gives the same for a CSV file as for the rows in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'match-'));
    try {
      const file = join(folder, 'people [all]*.csv');
      const lines = [Object.keys(people[0] ?? {}), ...people.map((row) => Object.values(row))];
      await writeFile(file, `${lines.map((cells) => cells.join(',')).join('\n')}\n`);
      const fromFile = await matchRecords({ left: file });
      expect(fromFile).toEqual(await matchRecords({ left: table(people) }));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('finds more people only where asked to be less sure', async () => {
    const sure = await matchRecords({ left: table(people) }, { threshold: 0.9999 });
    const { clusters } = await matchRecords({ left: table(people) }, { threshold: 0.5 });
    expect(sure.clusters.flat().length).toBeLessThan(clusters.flat().length);
    expect(sure.pairs.length).toBeGreaterThan(0);
  });
});

describe('what a pair rests on', () => {
  it('is a waterfall from the prior to the weight', async () => {
    const { pairs, model } = await matchRecords({ left: table(people) });
    for (const pair of pairs) {
      const steps = explain(model, pair);
      expect(steps).toHaveLength(model.columns.length + (pair.home < 0 ? 2 : 1));
      expect(steps[0]).toMatchObject({ column: 'prior', bits: Number(model.priorBits.toFixed(3)) });
      expect(steps.at(-1)?.total).toBeCloseTo(pair.weight, 1);
      expect(pair.probability).toBeGreaterThanOrEqual(0.5);
    }
    const [surest] = pairs;
    if (!surest) throw new Error('no pair');
    expect(explainText(model, surest)).toMatch(
      /^prior +-\d+\.\d +-\d+\.\d {2}two records picked at random\n/,
    );
  });

  it('counts a value that is not known neither way', async () => {
    const { pairs, model } = await matchRecords({ left: table(people) });
    const email = model.columns.findIndex(({ column }) => column === 'email');
    const unknown = pairs.filter(({ levels }) => levels[email] === 0);
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.every(({ bits }) => bits[email] === 0)).toBe(true);
  });

  it('gives a rare value more weight than a common one', async () => {
    const rows = people.map((row, i) => ({ ...row, surname: i % 3 === 0 ? 'smith' : row.surname }));
    const { pairs, model } = await matchRecords({ left: table(rows) });
    const surname = model.columns.findIndex(({ column }) => column === 'surname');
    const nameOf = new Map(rows.map((row) => [row.id, row.surname]));
    const bits = (common: boolean) =>
      pairs
        .filter(({ a, levels }) => levels[surname] === 1 && (nameOf.get(a) === 'smith') === common)
        .map((pair) => pair.bits[surname] ?? 0);
    expect(Math.max(...bits(true))).toBeLessThan(Math.min(...bits(false)));
  });

  it('does not weigh what people are', async () => {
    const rows = people.map((row, i) => ({
      ...row,
      Gender: i % 2 ? 'f' : 'm',
      nationality: ['x1', 'x2'][i % 2],
    }));
    const { model } = await matchRecords({ left: table(rows) });
    expect(model.ignored.map(({ column }) => column)).toEqual(['Gender', 'nationality']);
    const asked = await matchRecords({ left: table(rows) }, { columns: { Gender: 'word' } });
    expect(asked.model.columns.map(({ column }) => column)).toContain('Gender');
  });

  it('takes a column made of others for no evidence of its own', async () => {
    const rows = people.map((row) => ({ ...row, full_name: `${row.first_name} ${row.surname}` }));
    const { model } = await matchRecords({ left: table(rows) });
    expect(model.ignored).toEqual([
      { column: 'full_name', reason: 'made of “first_name” and “surname”, which are compared' },
    ]);
  });

  it('knows nicknames where it is told them', async () => {
    const rows = people.map((row, i) => ({ ...row, first_name: i % 20 === 0 ? 'william' : row.first_name }));
    rows.push(
      ...rows.filter((_, i) => i % 20 === 0).map((row) => ({ ...row, id: `${row.id}b`, first_name: 'bill' })),
    );
    const { pairs, model } = await matchRecords({ left: table(rows) }, { nicknames: [['William', 'Bill']] });
    const level = model.columns[0]?.levels.findIndex(({ label }) => label === 'nickname') ?? -1;
    expect(pairs.some(({ a, b, levels }) => `${a}b` === b && levels[0] === level + 1)).toBe(true);
  });
});

describe('two tables', () => {
  const left = people.filter(({ id }) => id.endsWith('-0'));
  const right = people.filter(({ id }) => id.endsWith('-1'));

  it('links them one to one where both are clean', async () => {
    const result = await matchRecords({ left: table(left, 'left'), right: table(right, 'right') });
    expect(result.model.oneToOne).toBe(true);
    const wrong = result.pairs.filter(({ a, b }) => person(a) !== person(b));
    expect(wrong.length).toBeLessThanOrEqual(result.pairs.length * 0.02);
    expect(result.pairs.length).toBeGreaterThan(right.length * 0.9);
    expect(new Set(result.pairs.map(({ b }) => b)).size).toBe(result.pairs.length);
    expect(result.clusters.every((members) => members.map(({ source }) => source).join() === '0,1')).toBe(
      true,
    );
  });

  it('lets a record have several counterparts where a table repeats itself', async () => {
    const twice = [...right, ...right.map((row) => ({ ...row, id: `${row.id}b` }))];
    const result = await matchRecords({ left: table(left, 'left'), right: table(twice, 'right') });
    expect(result.model.oneToOne).toBe(false);
    expect(result.clusters.filter((members) => members.length === 3).length).toBeGreaterThan(
      right.length * 0.8,
    );
  });

  it('compares columns whose names differ only in writing', async () => {
    const renamed = right.map(({ first_name, id, ...row }) => ({ ...row, ID: id, 'First Name': first_name }));
    const { model } = await matchRecords({ left: table(left), right: table(renamed) });
    expect(model.columns.map(({ column }) => column)).toContain('first_name');
  });
});

describe('input that is broken or hostile', () => {
  it('names the file that is not there, or is no CSV', async () => {
    await expect(matchRecords({ left: '/nowhere/people.csv' })).rejects.toThrow(
      '/nowhere/people.csv: no such file',
    );
    const folder = await mkdtemp(join(tmpdir(), 'match-'));
    try {
      const file = join(folder, 'bad.csv');
      await writeFile(file, Buffer.from([0x69, 0x64, 0x0a, 0xff, 0xfe, 0x00, 0x22, 0x0a, 0x22]));
      await expect(matchRecords({ left: file })).rejects.toThrow(file);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('asks for an id where no column names the records', async () => {
    const rows = [
      { id: '1', name: 'anna' },
      { id: '1', name: 'ben' },
    ];
    await expect(matchRecords({ left: table(rows, 'staff') })).rejects.toThrow(
      /staff: no column that names each record/,
    );
    await expect(matchRecords({ left: table(rows, 'staff') }, { id: 'id' })).rejects.toThrow(
      /staff: “id” is empty or repeated/,
    );
    await expect(matchRecords({ left: table(rows, 'staff') }, { id: 'key' })).rejects.toThrow(
      /staff: no column “key”/,
    );
  });

  it('refuses settings that make no sense', async () => {
    const left = table(people);
    await expect(matchRecords({ left }, { threshold: 1 })).rejects.toThrow(/threshold is 1/);
    await expect(matchRecords({ left }, { keep: 0.9, threshold: 0.8 })).rejects.toThrow(
      /keep is above threshold/,
    );
    await expect(matchRecords({ left }, { columns: { nothing: 'word' } })).rejects.toThrow(
      /“nothing” that is not in the data/,
    );
  });

  it('has nothing to say of one record, or of records that share nothing', async () => {
    const one = await matchRecords({ left: table(people.slice(0, 1)) }).catch(
      (error: Error) => error.message,
    );
    expect(one).toMatch(/no column that could tell records apart/);
    const apart = await matchRecords({
      left: table([
        { id: '1', name: 'anna' },
        { id: '2', name: 'zoltan' },
      ]),
    });
    expect(apart.clusters).toEqual([]);
  });

  it('takes values and names of columns for data, never for SQL', async () => {
    const rows = people.slice(0, 60).map(({ surname, ...row }, i) => ({
      ...row,
      'sur"name\'); DROP TABLE raw; --': i === 3 ? `'; DROP TABLE records; --` : surname,
      note: i % 2 ? '\u0000\u202e💥' : "Robert'); --",
    }));
    const { model } = await matchRecords({ left: table(rows) });
    expect(model.records).toBe(60);
  });

  it('stays quick where all records are alike', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      id: String(i),
      name: `john ${'very '.repeat(i % 2 ? 400 : 3)}long`,
      city: i % 7 === 0 ? 'lakeside' : 'oakdale',
    }));
    const { model } = await matchRecords({ left: table(rows) });
    expect(model.compared).toBeLessThanOrEqual(200 * rows.length);
  });
});
