import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PassageIndex } from './passage-index.js';
import { type PassageDocument, sharedPassages } from './shared-passages.js';
import { points, resume, strangers } from './testing/resumes.js';

const crowd = strangers(30);
const known = [resume('ann', points.turbines, points.ledger), resume('bob', points.museum, points.triage)];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passages-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function withIndex<T>(use: (index: PassageIndex) => Promise<T> | T, options = {}): Promise<T> {
  const index = await PassageIndex.open(folder, options);
  try {
    return await use(index);
  } finally {
    index.close();
  }
}

async function bytesOf(path: string): Promise<string[]> {
  const names = (await readdir(path)).sort();
  return Promise.all(
    names.map(async (name) => `${name} ${(await readFile(join(path, name))).toString('base64')}`),
  );
}

describe('PassageIndex', () => {
  it('finds who shares a passage with a new text, and where', async () => {
    const text = resume('new', points.orchard, points.ledger).text;
    const result = await withIndex(async (index) => {
      await index.add([...crowd, ...known]);
      return index.check(text);
    });
    expect(result.matches.map((match) => match.id)).toEqual(['ann.txt']);
    const passage = result.matches[0]?.passages[0];
    expect(text.slice(passage?.start, passage?.end)).toBe(points.ledger);
    expect(known[0]?.text.slice(passage?.knownStart, passage?.knownEnd)).toBe(points.ledger);
    expect(passage).toMatchObject({ similarity: 1, owners: 2 });
  });

  it('opens what was written before, and gives the texts back', async () => {
    await withIndex((index) => index.add([...crowd, ...known]));
    await withIndex((index) => {
      expect(index.documents).toBe(crowd.length + known.length);
      expect(index.people).toBe(crowd.length + known.length);
      expect(index.text('bob.txt')).toBe(known[1]?.text);
      expect(index.text('nobody.txt')).toBeUndefined();
      expect(index.check(points.museum).matches.map((match) => match.owner)).toEqual(['bob']);
    });
  });

  it('leaves the own documents of an owner out', async () => {
    await withIndex(async (index) => {
      await index.add([...crowd, ...known]);
      expect(index.check(known[0]?.text ?? '', { owner: 'ann' }).matches).toEqual([]);
      expect(index.check(known[0]?.text ?? '').matches).toHaveLength(1);
    });
  });

  it('never links by common wording; what is common may change between openings', async () => {
    await withIndex((index) => index.add([...crowd, ...known]));
    const common = [points.museum, 'unrelated'];
    expect(await withIndex((index) => index.check(points.museum).matches, { common })).toEqual([]);
    expect(await withIndex((index) => index.check(points.museum).matches)).toHaveLength(1);
  });

  it('never links by wording that is all over the index, even where a rare word stands in it', async () => {
    const advert = (name: string) => points.orchard.replace('sandy', name);
    const users = Array.from({ length: 1_100 }, (_, at) => resume(`user${at}`, advert(`slope${at % 550}`)));
    await withIndex(async (index) => {
      await index.add([...users, ...known]);
      expect(index.check(advert('slope7')).matches).toEqual([]);
      const text = [advert('slope7'), points.ledger, points.turbines].join('\n');
      const [match, ...others] = index.check(text).matches;
      expect(others).toEqual([]);
      expect(match?.owner).toBe('ann');
    });
  });

  it('answers the same when documents arrive one by one, in any order, as in one batch', async () => {
    const documents = [...crowd.slice(0, 14), ...known, resume('eve', points.museum, points.turbines)];
    const text = [points.turbines, points.museum, points.triage].join('\n');
    const batch = await withIndex(async (index) => {
      await index.add(documents);
      return index.check(text);
    });
    expect(batch.matches.map((match) => match.owner).sort()).toEqual(['ann', 'bob', 'eve']);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(documents, { minLength: documents.length }),
        fc.integer({ min: 1, max: 5 }),
        async (shuffled, size) => {
          await rm(folder, { recursive: true, force: true });
          const result = await withIndex(async (index) => {
            for (let at = 0; at < shuffled.length; at += size) await index.add(shuffled.slice(at, at + size));
            expect((await readdir(folder)).length).toBeLessThan(2 * documents.length);
            return index.check(text);
          });
          expect(result).toEqual(batch);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('finds what comparing everything with everything finds', async () => {
    const documents = [
      ...crowd,
      ...known,
      resume('eve', points.museum, points.turbines.replace('sail', 'leave')),
    ];
    const pairs = new Set(sharedPassages(documents).map(({ a, b }) => `${a} ${b}`));
    await withIndex(async (index) => {
      await index.add(documents);
      const found = new Set<string>();
      for (const { id, owner, text } of documents) {
        for (const match of index.check(text, { owner }).matches) found.add([id, match.id].sort().join(' '));
      }
      expect(found).toEqual(pairs);
    });
    expect(pairs.size).toBe(2);
  });

  it('writes the same bytes for the same documents', async () => {
    await withIndex((index) => index.add([...crowd, ...known]));
    const first = await bytesOf(folder);
    await rm(folder, { recursive: true, force: true });
    await withIndex((index) => index.add([...known, ...crowd].reverse()));
    expect(await bytesOf(folder)).toEqual(first);
  });

  it('leaves out what it knows, and refuses a known id with another text', async () => {
    await withIndex(async (index) => {
      await index.add(known);
      await index.add([...known, ...known]);
      expect(index.documents).toBe(2);
      await expect(index.add([{ ...(known[0] as PassageDocument), text: 'other' }])).rejects.toThrow(
        /another text/,
      );
      expect(index.documents).toBe(2);
    });
  });

  it('takes several adds at once, one after the other', async () => {
    await withIndex(async (index) => {
      await Promise.all(crowd.map((document) => index.add([document])));
      expect(index.documents).toBe(crowd.length);
    });
    await withIndex((index) => {
      for (const { id, text } of crowd) expect(index.text(id)).toBe(text);
    });
  });

  it('ignores and removes what an interrupted add left', async () => {
    await withIndex((index) => index.add(known));
    await writeFile(join(folder, '7.postings'), 'half');
    await writeFile(join(folder, '7.texts'), '');
    await writeFile(join(folder, 'manifest.json.new'), '{');
    await withIndex((index) => expect(index.documents).toBe(2));
    expect((await readdir(folder)).filter((name) => name.startsWith('7'))).toEqual([]);
  });

  it('says which file is damaged', async () => {
    await withIndex((index) => index.add(known));
    await truncate(join(folder, '0.postings'), 40);
    await expect(PassageIndex.open(folder)).rejects.toMatchObject({
      code: 'INDEX_DAMAGED',
      message: /0\.postings/,
    });
    await writeFile(join(folder, 'manifest.json'), '[]');
    await expect(PassageIndex.open(folder)).rejects.toMatchObject({
      code: 'INDEX_DAMAGED',
      message: /manifest/,
    });
  });

  it('takes empty, huge and hostile texts', async () => {
    await withIndex(async (index) => {
      expect(index.check(points.museum)).toMatchObject({ matches: [], compared: 0 });
      await index.add([]);
      await index.add([
        { id: 'empty', owner: 'empty', text: '' },
        { id: 'huge', owner: 'huge', text: `${points.speech}.\n${'lorem ipsum dolor '.repeat(300_000)}` },
        { id: 'half', owner: 'half', text: 'a half \ud800 pair' },
        ...crowd,
      ]);
      expect(index.text('half')).toBe('a half \ufffd pair');
      expect(index.check('').matches).toEqual([]);
      expect(index.check(points.speech).matches.map((match) => match.id)).toEqual(['huge']);
      expect(index.check('lorem ipsum dolor '.repeat(300_000)).cut).toBe(true);
    });
  });

  it('cannot be used after it was closed', async () => {
    const index = await PassageIndex.open(folder);
    index.close();
    index.close();
    expect(() => index.check('')).toThrow(/closed/);
    await expect(index.add(known)).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
