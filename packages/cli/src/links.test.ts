import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, literal } from '@rollcall/engine/lake/duckdb.js';
import { RingBook } from '@rollcall/engine/links/index.js';
import { columnList, derivedTables, resolvedTables } from '@rollcall/engine/model/tables.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './main.js';

let lake: string;
let printed: string[];

beforeEach(async () => {
  lake = await mkdtemp(join(tmpdir(), 'rollcall-links-'));
  await writeView(lake);
  const book = await RingBook.open(lake);
  book.today(
    [
      { id: 'ring-1', members: ['E1', 'E2', 'E3'], between: [], links: [], values: 2 },
      { id: 'ring-2', members: ['E4', 'E5'], between: [], links: [], values: 1 },
    ],
    [],
    new Date('2026-09-01'),
  );
  await book.save([
    {
      id: 'household-1',
      kind: 'household',
      people: [
        { id: 'E1', name: 'Ada Sample' },
        { id: 'E2', name: 'Bo Example' },
      ],
      says: 'Ada Sample and Bo Example gave one home address from the start.',
      evidence: { columns: [], rows: [] },
      silences: ['that they share an address'],
      against: ['Beside the address nothing shows a common home.'],
      check: 'Ask each of them.',
    },
  ]);
  printed = [];
  const keep = (text: unknown) => {
    printed.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(lake, { recursive: true, force: true });
});

/** The view a scan leaves: five people, two of one name; E1 and E2 share a phone, and E1 to E3 an address. */
async function writeView(folder: string): Promise<void> {
  const view = join(folder, 'view');
  await mkdir(view, { recursive: true });
  const database = await Database.open({ threads: 1 });
  for (const [table, columns] of Object.entries({ ...resolvedTables, ...derivedTables }))
    await database.run(`CREATE TABLE ${table} (${columnList(columns)})`);
  await database.run(
    `INSERT INTO people (person_id, name, stage, work_email) VALUES ('E1', 'Ada Sample', 'employed', 'ada@example.com'), ('E2', 'Bo Example', 'employed', NULL),
       ('E3', 'Cy Test', 'applicant', NULL), ('E4', 'Di Demo', 'left', NULL), ('E5', 'Di Demo', 'employed', NULL)`,
  );
  await database.run(
    "INSERT INTO people (person_id, name, stage) SELECT 'O' || i, 'Other ' || i, 'employed' FROM range(100) r(i)",
  );
  await database.run(
    `INSERT INTO identifiers (person_id, kind, value, label, context, first_seen) VALUES
       ('E1', 'phone', '+16145550101', '+16145550101', 'application', TIMESTAMP '2026-01-02'), ('E2', 'phone', '+16145550101', '+16145550101', 'home', TIMESTAMP '2026-02-03'),
       ('E1', 'address', '12 birch st', '12 Birch Street', 'shipping', NULL), ('E2', 'address', '12 birch st', '12 Birch Street', 'home', NULL), ('E3', 'address', '12 birch st', '12 Birch Street', 'home', NULL)`,
  );
  await database.run(
    "INSERT INTO passages (person_id, other, passage, text, other_text, similarity, people, bits) VALUES ('E1', 'E3', 'w', 'Ran the \u001b[31mnight desk', 'Ran the night desks', 0.8, 2, 9)",
  );
  for (const table of ['people', 'identifiers', 'events', 'passages'])
    await database.run(`COPY ${table} TO ${literal(join(view, `${table}.parquet`))} (FORMAT parquet)`);
  database.close();
}

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  printed = [];
  const code = await main(args);
  return { code, text: printed.join('\n') };
}
const decided = ['--by', 'Ada', '--reason', 'the lease'];

describe('rollcall links', () => {
  it('says who shares what, how rare it is, how it misleads, and what may explain it', async () => {
    const { code, text } = await run('links', 'ada@example.com', '--lake', lake);
    expect(code).toBe(0);
    expect(text).toContain('Bo Example');
    expect(text).toContain('a phone number: +16145550101 (application and home)');
    expect(text).toContain('2 of the 2 people');
    expect(text).toContain('[31mnight desk');
    expect(text).not.toContain('\u001b[31m');
    expect(text).toContain('household-1');
    expect(text).toContain('In ring ring-1');
    expect(text).toMatch(/phone number: .*given out again/);
  });

  it('lists the people where a name fits several, and says where nobody has it', async () => {
    const both = await run('links', 'di demo', '--lake', lake);
    expect(both.code).toBe(2);
    expect(both.text).toContain('E4 (Di Demo, left), E5 (Di Demo, employed)');
    expect((await run('links', 'Nobody', '--lake', lake)).code).toBe(2);
    expect((await run('links', 'E1', '--lake', join(lake, 'none'))).text).toContain('holds no scan yet');
  });

  it('gives everything as JSON', async () => {
    const { text } = await run('links', 'E1', '--lake', lake, '--json');
    const found = JSON.parse(text);
    expect(found.with.map((other: { id: string }) => other.id)).toEqual(['E2', 'E3']);
    expect(found.passages).toHaveLength(1);
    expect(found.ring).toBe('ring-1');
  });
});

describe('rollcall rings', () => {
  it('merges, splits, undoes and tells of it', async () => {
    const shape = async () =>
      JSON.parse((await run('rings', '--lake', lake, '--json')).text).map(
        (ring: { id: string; members: { id: string }[] }) =>
          `${ring.id} ${ring.members.map((one) => one.id).join(',')}`,
      );
    const before = ['ring-1 E1,E2,E3', 'ring-2 E4,E5'];
    expect(await shape()).toEqual(before);
    expect((await run('rings', 'merge', 'ring-1', 'ring-2', ...decided, '--lake', lake)).code).toBe(0);
    expect(await shape()).toEqual(['ring-1 E1,E2,E3,E4,E5']);
    expect((await run('rings', 'split', 'ring-1', '--people', 'E3', ...decided, '--lake', lake)).code).toBe(
      0,
    );
    expect(await shape()).toEqual(['ring-1 E1,E2,E4,E5']);
    await run('rings', 'undo', '2', ...decided, '--lake', lake);
    await run('rings', 'undo', '1', ...decided, '--lake', lake);
    expect(await shape()).toEqual(before);
    const history = await run('rings', 'history', 'ring-1', '--lake', lake);
    expect(history.text).toContain('formed');
    expect(history.text).toContain('(undone)');
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    for (const args of [
      ['merge', 'ring-1', 'ring-9'],
      ['merge', 'ring-1', 'ring-1'],
      ['split', 'ring-1', '--people', 'E9'],
      ['split', 'ring-1', '--people', 'E1,E2,E3'],
      ['undo', '1'],
    ])
      expect((await run('rings', ...args, ...decided, '--lake', lake)).code, args.join(' ')).toBe(2);
    expect(
      (await run('rings', 'merge', 'ring-1', 'ring-2', '--by', ' ', '--reason', 'x', '--lake', lake)).code,
    ).toBe(2);
    expect((await run('rings', 'merge', 'ring-1', 'ring-2', '--lake', lake)).code).toBe(3);
    await expect(readFile(join(lake, 'decisions.jsonl'), 'utf8')).rejects.toThrow('ENOENT');
  });

  it('names file and line of what it cannot read', async () => {
    await writeFile(join(lake, 'decisions.jsonl'), '{"id":1}\n');
    const { code, text } = await run('rings', '--lake', lake);
    expect(code).toBe(2);
    expect(text).toContain(`${join(lake, 'decisions.jsonl')}:1:`);
  });
});

describe('rollcall explanations', () => {
  it('lists, confirms once, silences, and withdraws', async () => {
    expect((await run('explanations', '--lake', lake)).text).toContain('against it     Beside the address');
    const confirm = ['explanations', 'confirm', 'household-1', ...decided, '--lake', lake];
    expect((await run(...confirm, '--until', '2020-03-31')).code).toBe(2);
    expect((await run(...confirm, '--until', '2099-03-31')).code).toBe(0);
    expect((await run(...confirm)).code).toBe(2);
    const listed = JSON.parse((await run('explanations', '--lake', lake, '--json')).text);
    expect(listed.proposed).toEqual([]);
    expect(listed.confirmed[0].explanation).toEqual({
      id: 'household-1',
      kind: 'household',
      people: ['E1', 'E2'],
      detections: [],
      until: '2099-03-31',
      reason: 'the lease',
      by: 'Ada',
    });
    expect((await run('explanations', 'withdraw', 'household-1', ...decided, '--lake', lake)).code).toBe(0);
    expect(JSON.parse((await run('explanations', '--lake', lake, '--json')).text).confirmed).toEqual([]);
  });
});
