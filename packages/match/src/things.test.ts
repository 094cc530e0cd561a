import { describe, expect, it } from 'vitest';
import { explain, matchRecords, type Row } from './index.js';
import { numbers } from './testing/people.js';

const words =
  'river stone winter echo paper silver mirror garden engine harbour lantern meadow signal copper thunder velvet orchard comet tunnel feather'.split(
    ' ',
  );

/** Songs of albums, of which two shops sell different ones, each in its own wording; the id names the song. */
function makeSongs() {
  const next = numbers(5);
  const pick = () => words[Math.floor(next() * words.length)] ?? '';
  const left: Row[] = [];
  const right: Row[] = [];
  for (let album = 0; album < 40; album++) {
    const [name, artist] = [
      `${pick()} ${pick()} ${pick()} ${album}`,
      `${pick()} and the ${pick()}s ${album}`,
    ];
    for (let song = 0; song < 8; song++) {
      const id = `${album}-${song}`;
      const title = `${pick()} of the ${pick()} ${pick()} ${pick()}`;
      const seconds = 120 + Math.floor(next() * 200);
      const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      const both = { artist, released: `${1 + (album % 28)}-May-${String(album % 30).padStart(2, '0')}` };
      if (song < 6) left.push({ id, title, album: name, length, ...both });
      if (song > 2)
        right.push({ id, title: `${title} [clean]`, album: `${name} deluxe edition`, length, ...both });
    }
  }
  return { left, right };
}

describe('two tables of things', () => {
  it('does not take songs of one album for one song', async () => {
    const { left, right } = makeSongs();
    const { pairs, model } = await matchRecords({
      left: { name: 'one shop', rows: left },
      right: { name: 'the other', rows: right },
    });
    const right1 = pairs.filter(({ a, b }) => a === b).length;
    expect(right1 / pairs.length).toBeGreaterThan(0.95);
    expect(right1 / 120).toBeGreaterThan(0.95);
    expect(model.oneToOne).toBe(true);
    expect(model.columns.map(({ column, kind }) => [column, kind])).toEqual([
      ['title', 'text'],
      ['album', 'text'],
      ['length', 'number'],
      ['artist', 'text'],
      ['released', 'date'],
    ]);
    const [pair] = pairs;
    if (!pair) throw new Error('no pair');
    const columns = explain(model, pair).map(({ column }) => column);
    expect(columns).not.toContain('one home');
  });

  it('lets a thing have several counterparts where one table repeats itself', async () => {
    const songs = makeSongs();
    const [left, right] = [songs.left, songs.right].map((rows) =>
      rows.filter(({ id }) => String(id).endsWith('-3')),
    ) as [Row[], Row[]];
    const again = right.map((row) => ({ ...row, id: `${row.id}-again`, title: `${row.title} remastered` }));
    const { pairs } = await matchRecords({
      left: { name: 'one shop', rows: left },
      right: { name: 'the other', rows: [...right, ...again] },
    });
    const found = pairs.filter(({ a, b }) => b === a || b === `${a}-again`).length;
    expect(found / pairs.length).toBeGreaterThan(0.95);
    expect(found / 80).toBeGreaterThan(0.9);
  });

  it('knows a thing by a word that no other has, however different the wording', async () => {
    const next = numbers(9);
    const pick = () => words[Math.floor(next() * words.length)] ?? '';
    const some = (n: number) => Array.from({ length: n }, pick).join(' ');
    // What each shop says in words of its own.
    const own = () => Array.from({ length: 5 }, () => Math.floor(next() * 2 ** 40).toString(36)).join(' ');
    const left: Row[] = [];
    const right: Row[] = [];
    for (let i = 0; i < 150; i++) {
      const maker = ['acme', 'globex', 'initech'][i % 3];
      const price = 10 + Math.floor(next() * 400);
      left.push({
        id: `${i}`,
        name: `${maker} ${some(6)} kx${1000 + 7 * i} ${own()}`,
        price: `$${price}.00`,
      });
      right.push({
        id: `${i}`,
        name: `${some(6)} kx${1000 + 7 * i} ${maker} ${own()}`,
        price: `$${price - (i % 3)}.00`,
      });
    }
    const { pairs } = await matchRecords({
      left: { name: 'a', rows: left },
      right: { name: 'b', rows: right },
    });
    const found = pairs.filter(({ a, b }) => a === b).length;
    expect(found / pairs.length).toBeGreaterThan(0.95);
    expect(found / 150).toBeGreaterThan(0.9);
  });
});
