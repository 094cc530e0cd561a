import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreement, stretches } from './agreement.js';

const same = (runs: { text: string; same: boolean }[]) =>
  runs
    .filter((run) => run.same)
    .map((run) => run.text.trim())
    .join('|');

describe('words that two passages have in common', () => {
  it('marks them where they stand, whatever their order and case', () => {
    const [a, b] = agreement('Moved the ledger to nightly checks.', 'Nightly checks: moved a ledger');
    expect(same(a)).toBe('Moved|ledger|nightly checks');
    expect(same(b)).toBe('Nightly checks: moved|ledger');
  });

  it('counts a word as often as the other side has it', () => {
    const [a] = agreement('on and on and on', 'on and');
    expect(same(a)).toBe('on and');
  });

  it('begins and ends a mark with a word, so that no gap looks shared', () => {
    const [a] = agreement('“Moved the ledger, twice”', 'moved a ledger');
    expect(a.filter((run) => run.same).map((run) => run.text)).toEqual(['Moved', 'ledger']);
  });

  it('takes a number as a whole', () => {
    const [a] = agreement('412,000 messages in 1.5 hours', '643,000 messages in 2.5 hours');
    expect(same(a)).toBe('messages in|hours');
  });

  it('loses no character of either text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const [left, right] = agreement(a, b);
        expect(left.map((run) => run.text).join('')).toBe(a);
        expect(right.map((run) => run.text).join('')).toBe(b);
      }),
    );
  });
});

describe('passages in a text', () => {
  it('cuts where they begin and end, also where they overlap', () => {
    expect(stretches('abcdef', ['bcd', 'cde', 'zz', ''])).toEqual([
      { text: 'a', passages: [] },
      { text: 'b', passages: [0] },
      { text: 'cd', passages: [0, 1] },
      { text: 'e', passages: [1] },
      { text: 'f', passages: [] },
    ]);
  });

  it('gives the text back whole', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.tuple(fc.nat(30), fc.nat(30))), (text, ranges) => {
        const passages = ranges.map(([from, length]) => text.slice(from, from + length));
        expect(
          stretches(text, passages)
            .map((stretch) => stretch.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
