import { describe, expect, it } from 'vitest';
import { strangers } from '../testing/resumes.js';
import { readFeatures } from '../words/features.js';
import { readWords } from '../words/read-words.js';
import { MemoryPostings } from './memory-postings.js';

describe('MemoryPostings', () => {
  it('knows the documents of each feature that several have, in one part or in many', () => {
    const words = [...strangers(30), ...strangers(10)].map(({ text }) => readWords(text));
    const expected = new Map<number, Set<number>>();
    words.forEach((text, document) => {
      const { high, low, count } = readFeatures(text);
      for (let i = 0; i < count; i++) {
        const key = (high[i] as number) * 256 + (low[i] as number);
        expected.set(key, (expected.get(key) ?? new Set()).add(document));
      }
    });
    for (const partSize of [1_000_000, 500, 37]) {
      const postings = new MemoryPostings(
        words.length,
        (document) => words[document] ?? readWords(''),
        partSize,
      );
      for (const [key, documents] of expected) {
        const { count, values, from, to } = postings.get(key);
        expect(count).toBe(documents.size);
        if (count > 1) expect(new Set(values?.subarray(from, to))).toEqual(documents);
      }
      expect(postings.get(2 ** 39 + 1).values).toBeUndefined();
    }
  });

  it('holds nothing', () => {
    expect(new MemoryPostings(0, () => readWords('')).get(7)).toMatchObject({ count: 1, values: undefined });
  });
});
