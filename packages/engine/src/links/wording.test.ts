import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../lake/duckdb.js';
import { createResolvedTables } from '../lake/resolve.js';
import { findWording } from './wording.js';

let database: Database;
beforeEach(async () => {
  database = await Database.open({ threads: 1 });
  await createResolvedTables(database);
});
afterEach(() => database.close());

const rare =
  'Taught the night ledger to count fishing boats twice, once by weight and once by name before ringing';
const reworded =
  'Taught our night ledger to count every fishing boat twice, once by name and once by weight before ringing';
/** Other résumés of other people, so that there is something to be rare among. */
const others = Array.from({ length: 30 }, (_, i) => {
  const [a, b, c] = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord'].map((word) => `${word}${i}`);
  return `Planned ${a} routes through ${b} harbours and painted ${c} signs for visitors arriving late number ${i}.`;
});

async function documents(rows: readonly (readonly [person: string, document: string, text: string])[]) {
  for (const [person, document, text] of rows)
    await database.run(
      "INSERT INTO documents (person_id, document, file, format, text) VALUES ($person, $document, $document || '.txt', 'text', $text)",
      { person, document, text },
    );
}
const others_ = () => documents(others.map((text, i) => [`o${i}`, `d-o${i}`, text] as const));
const pairs = () =>
  database.rows('SELECT person_id, other, text, other_text, people FROM passages ORDER BY person_id, other');

describe('wording that résumés share', () => {
  it('stands on both sides, and becomes an identifier of both', async () => {
    await others_();
    await documents([
      ['p1', 'd1', `Ada Example\n\n${rare}.\n\nKept the lamps lit.`],
      ['p2', 'd2', `Bo Sample\n\nMended nets.\n\n${reworded}.`],
    ]);
    await findWording(database);
    expect(await pairs()).toEqual([
      {
        person_id: 'p1',
        other: 'p2',
        text: expect.stringContaining('once by weight'),
        other_text: expect.stringContaining('fishing boat twice'),
        people: 2,
      },
      expect.objectContaining({ person_id: 'p2', other: 'p1' }),
    ]);
    const held = await database.rows(
      "SELECT person_id, value, label FROM identifiers WHERE kind = 'passage' ORDER BY person_id",
    );
    // Cut between words, and seen to be.
    expect(held[0]?.label).toBe(`${rare.slice(0, 90).replace(/\s\S*$/, '')} …`);
    expect(held.map((row) => row.person_id)).toEqual(['p1', 'p2']);
    expect(new Set(held.map((row) => row.value)).size).toBe(1);
  });

  it('links nobody by two files of one person, a stock phrase or an advert', async () => {
    await others_();
    await database.run('CREATE SCHEMA IF NOT EXISTS facts');
    await database.run('CREATE TABLE facts.stock_phrases AS SELECT $rare AS phrase', { rare });
    await documents([
      ['p1', 'd1', `${rare}.`],
      ['p2', 'd2', `${rare}.`],
      ['p3', 'd3', 'Oiled seven brass hinges on the eastern lighthouse before every winter storm season.'],
      ['p3', 'd4', 'Oiled seven brass hinges on the eastern lighthouse before every winter storm season.'],
      ['p4', 'd5', 'You will tune the copper organ pipes of our travelling circus between two long summers.'],
      ['p5', 'd6', 'You will tune the copper organ pipes of our travelling circus between two long summers.'],
    ]);
    await database.run('CREATE TEMP TABLE stored_documents (person_ref VARCHAR, text VARCHAR)');
    await database.run(
      "INSERT INTO stored_documents VALUES ('advert:1', 'We want you. You will tune the copper organ pipes of our travelling circus between two long summers.')",
    );
    await findWording(database);
    expect(await pairs()).toEqual([]);
  });

  it('links two people who hand in one and the same file', async () => {
    await others_();
    await documents([
      ['p1', 'same', `${rare}.`],
      ['p2', 'same', `${rare}.`],
    ]);
    await findWording(database);
    expect((await pairs()).map((row) => [row.person_id, row.other])).toEqual([
      ['p1', 'p2'],
      ['p2', 'p1'],
    ]);
  });

  it('is kept in the lake, and found anew where a text has changed or what was kept is damaged', async () => {
    const lake = await mkdtemp(join(tmpdir(), 'rollcall-wording-'));
    const kept = join(lake, 'wording.json');
    const all = () => database.rows('SELECT * FROM passages ORDER BY ALL');
    try {
      await others_();
      await documents([
        ['p1', 'd1', `${rare}.`],
        ['p2', 'd2', `${reworded}.`],
      ]);
      await findWording(database);
      const wanted = await all();
      await findWording(database, lake);
      expect(await all()).toEqual(wanted);
      const written = await stat(kept);
      await findWording(database, lake);
      expect(await all()).toEqual(wanted);
      expect((await stat(kept)).mtimeMs).toBe(written.mtimeMs);

      await writeFile(kept, (await readFile(kept, 'utf8')).slice(0, 200));
      await findWording(database, lake);
      expect(await all()).toEqual(wanted);

      await database.run("UPDATE documents SET text = 'Mended nets by the harbour.' WHERE document = 'd2'");
      await findWording(database, lake);
      expect(await all()).toEqual([]);
    } finally {
      await rm(lake, { recursive: true, force: true });
    }
  });
});
