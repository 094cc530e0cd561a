import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Postings } from './postings.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postings-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const key = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(255, 256, 2 ** 32, 2 ** 40 - 1),
  fc.maxSafeNat().map((n) => n % 2 ** 40),
);
const value = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(2 ** 24 - 1, 2 ** 24, 2 ** 32 - 1));

describe('Postings', () => {
  it('gives back what was added, in any order, over any number of commits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.tuple(key, value), { maxLength: 60 }), { maxLength: 9 }),
        async (batches) => {
          await rm(folder, { recursive: true, force: true });
          const expected = new Map<number, Set<number>>();
          const postings = await Postings.open(folder);
          for (const batch of batches) {
            for (const [k, v] of batch) {
              postings.add(k, v);
              expected.set(k, (expected.get(k) ?? new Set()).add(v));
            }
            await postings.commit();
          }
          postings.close();
          const again = await Postings.open(folder);
          for (const [k, values] of expected) {
            const sorted = Uint32Array.from(values).sort();
            expect(again.get(k)).toEqual({ count: sorted.length, values: sorted });
          }
          expect(again.get(987_654_321_000)).toEqual({
            count: expected.get(987_654_321_000)?.size ?? 0,
            values: new Uint32Array(),
          });
          again.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('holds many keys over many blocks', async () => {
    const postings = await Postings.open(folder);
    for (let at = 0; at < 50_000; at++) postings.add(at * 21_990_232, at);
    for (let at = 0; at < 3_000; at++) postings.add(512, at);
    await postings.commit();
    for (let at = 0; at < 50_000; at += 97)
      expect(postings.get(at * 21_990_232).values).toEqual(Uint32Array.of(at));
    expect(postings.get(512)).toEqual({ count: 3_000 });
    expect(postings.get(513).count).toBe(0);
    postings.close();
  });

  it('keeps only the number of values of a common key, also over commits', async () => {
    const postings = await Postings.open(folder, { mostEntries: 5 });
    for (let at = 0; at < 4; at++) postings.add(1, at);
    await postings.commit();
    expect(postings.get(1).values).toEqual(Uint32Array.of(0, 1, 2, 3));
    for (let at = 4; at < 8; at++) postings.add(1, at);
    await postings.commit();
    expect(postings.get(1)).toEqual({ count: 8 });
    postings.close();
    await expect(Postings.open(folder, { mostEntries: 6 })).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
    });
  });

  it('merges: the number of files stays small', async () => {
    const postings = await Postings.open(folder);
    for (let at = 0; at < 100; at++) {
      postings.add(at % 7, at);
      await postings.commit();
    }
    expect((await readdir(folder)).length).toBeLessThan(15);
    expect(postings.get(3).count).toBe(14);
    postings.close();
  });

  it('forgets what was not committed, and removes files that no commit knows', async () => {
    const postings = await Postings.open(folder);
    postings.add(1, 1);
    await postings.commit();
    postings.add(1, 2);
    postings.close();
    await writeFile(join(folder, '9.postings'), 'half');
    const again = await Postings.open(folder);
    expect(again.get(1).values).toEqual(Uint32Array.of(1));
    expect(await readdir(folder)).not.toContain('9.postings');
    again.close();
  });

  it('refuses keys and values out of range, and a damaged manifest', async () => {
    const postings = await Postings.open(folder);
    expect(() => postings.add(2 ** 40, 1)).toThrow(/key/);
    expect(() => postings.add(1.5, 1)).toThrow(/key/);
    expect(() => postings.add(1, -1)).toThrow(/value/);
    postings.close();
    expect(() => postings.get(1)).toThrow(/closed/);
    await writeFile(join(folder, 'manifest.json'), 'x');
    await expect(Postings.open(folder)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
  });
});
