import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Event, readField } from '../event.js';
import { boundedText, combinations, combinedText, fieldReader, maxCombinations } from './fields.js';

describe('fieldReader', () => {
  const keys = fc.constantFrom('a', 'b', 'a.b', 'a[0]', '0', '');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom<unknown>('x', '', 1, true, null, Number.NaN, undefined),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 3 }),
    ),
  }));
  const field = fc.constantFrom(
    'a',
    'a.b',
    'a.b.a',
    'a[0]',
    'a[-1].b',
    'a.0',
    '',
    '.',
    '__proto__',
    'toString',
    'a.length',
  );

  test('reads what readField reads', () => {
    fc.assert(
      fc.property(fc.dictionary(keys, value), field, (event, name) => {
        const held = fieldReader(name)(event as Event);
        expect(typeof held === 'object' ? held : [held]).toEqual(readField(event as Event, name).values);
      }),
      { numRuns: 3000 },
    );
  });

  test('goes as deep as readField', () => {
    for (const depth of [62, 63, 64, 65]) {
      const path = new Array(depth).fill('a');
      const event = path.reduce<unknown>((inner, key) => ({ [key]: inner }), 'x') as Event;
      const held = fieldReader(path.join('.'))(event);
      expect(typeof held === 'object' ? held : [held]).toEqual(readField(event, path.join('.')).values);
    }
  });
});

describe('combinations', () => {
  test('the last list changes fastest', () => {
    const { list, cut } = combinations([['a', 'b'], ['x'], ['1', '2']]);
    expect(list.map((texts) => texts.join(''))).toEqual(['ax1', 'ax2', 'bx1', 'bx2']);
    expect(cut).toBe(false);
  });

  test('of no lists there is one, with an empty list none', () => {
    expect(combinations([])).toEqual({ list: [[]], cut: false });
    expect(combinations([['a'], []])).toEqual({ list: [], cut: false });
  });

  test('are bounded, however many lists and texts', () => {
    const lists = new Array(400).fill(Array.from({ length: 50 }, (_, i) => `${i}`));
    const { list, cut } = combinations(lists);
    expect(list).toHaveLength(maxCombinations);
    expect(new Set(list.map((texts) => texts.join())).size).toBe(maxCombinations);
    expect(cut).toBe(true);
  });
});

describe('texts of groups', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\0', 'x'.repeat(255), 'x'.repeat(256)),
  );

  test('are different for different combinations', () => {
    const pairs = fc.tuple(
      fc.array(part, { minLength: 2, maxLength: 2 }),
      fc.array(part, { minLength: 2, maxLength: 2 }),
    );
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(combinedText(a) === combinedText(b)).toBe(a[0] === b[0] && a[1] === b[1]);
      }),
    );
  });

  test('are short, and no text passes for the digest of another', () => {
    const long = 'x'.repeat(256);
    expect(boundedText('x'.repeat(255))).toBe('x'.repeat(255));
    expect(boundedText(long).length).toBeLessThan(60);
    expect(boundedText(boundedText(long))).not.toBe(boundedText(long));
    expect(boundedText(`\ud800${long}`)).not.toBe(boundedText(`\ufffd${long}`));
  });
});
