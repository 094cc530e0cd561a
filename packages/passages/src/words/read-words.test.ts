import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWords, stemHash } from './read-words.js';

/** Units of a text, as marked in it. */
function units(text: string): string[] {
  const { starts, ends, units: bounds } = readWords(text);
  return Array.from({ length: bounds.length - 1 }, (_, at) =>
    text.slice(starts[bounds[at] as number], ends[(bounds[at + 1] as number) - 1]),
  );
}

const point = 'glass negatives paired with harbour charts beneath the maritime museum';

describe('readWords', () => {
  it('cuts a text into points and sentences, and joins wrapped lines', () => {
    const text = `• Glass negatives paired\r\n  with harbour charts, museum cellar\n• ${point}. Gearbox bearings report fatigue to crews! End`;
    expect(units(text)).toEqual([
      'Glass negatives paired\r\n  with harbour charts, museum cellar',
      point,
      'Gearbox bearings report fatigue to crews',
    ]);
  });

  it('leaves out headings, contact lines, titles and bare lists', () => {
    const lines = [
      'EXPERIENCE',
      'Ask for glass negatives: ann@negatives.museum.example.com, https://example.com/harbour/charts/museum/cellar',
      'Senior Marine Survey Engineer, Example Tidal Instruments Incorporated',
      'Python, Fortran, Haskell, Erlang, Zig, Nim',
      `Later: ${point}`,
    ];
    expect(units(lines.join('\n'))).toEqual([`Later: ${point}`]);
  });

  it.each([
    ['automates', 'automated', 'automation'],
    ['migrating', 'migrated', 'migration'],
    ['policies', 'policy'],
    ['planned', 'planning', 'plans'],
    ['optimising', 'optimized', 'optimization'],
    ['behaviour', 'behavior'],
    ['deployment', 'deploys'],
  ])('takes %s and its forms for one word', (...words) => {
    expect(new Set(words.map(stemHash)).size).toBe(1);
  });

  it('keeps words apart that only look related', () => {
    expect(
      new Set(['policy', 'police', 'bus', 'business', 'process', 'processor', 'ring', 'rings'].map(stemHash))
        .size,
    ).toBe(7);
  });

  it('gives places in the text, in order, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (noise) => {
        const text = `${noise}\n${point}\n${noise}`;
        const words = readWords(text);
        expect(words.starts.length).toBe(words.stems.length);
        for (let at = 0; at < words.starts.length; at++) {
          expect(words.starts[at]).toBeLessThan(words.ends[at] as number);
          expect(words.starts[at]).toBeGreaterThanOrEqual(at === 0 ? 0 : (words.ends[at - 1] as number));
        }
        expect(words.ends.at(-1) ?? 0).toBeLessThanOrEqual(text.length);
        expect(words.units.at(-1)).toBe(words.stems.length);
      }),
    );
  });
});
