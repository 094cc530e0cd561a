import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPattern, many, one, parsePattern } from '../pattern.js';
import { normaliseText, placeText, readText, readView, type TextPart, viewText, writeText } from './text.js';

const part: fc.Arbitrary<TextPart> = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '\\', '*', '?', '%', 'é', '😀'), maxLength: 6 }),
  fc.constant(many),
  fc.constant(one),
  fc.constantFrom('x', 'some name').map((placeholder) => ({ placeholder })),
);
const texts = fc.array(part, { maxLength: 6 }).map(normaliseText);

describe('readText and writeText', () => {
  it('read wildcards and escapes as patterns do', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\\', '*', '?', '%'), maxLength: 12 }), (text) => {
        expect(readText(text)).toEqual(parsePattern(text));
        expect(writeText(readText(text))).toBe(formatPattern(parsePattern(text)));
      }),
    );
  });

  it('give back what was written, with placeholders', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(readText(writeText(text, true), { expand: true })).toEqual(text);
      }),
    );
  });

  it('give back what was written, without placeholders', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const plain = normaliseText(text.filter((each) => typeof each !== 'object'));
        expect(readText(writeText(plain))).toEqual(plain);
      }),
    );
  });

  it('know placeholders by the examples of the specification', () => {
    const expand = true;
    expect(readText('%name%')).toEqual(['%name%']);
    expect(readText('%name%', { expand })).toEqual([{ placeholder: 'name' }]);
    expect(readText('\\%plain%name%', { expand })).toEqual(['%plain', { placeholder: 'name' }]);
  });

  it('take a backslash that is escaped itself for no escape of a placeholder', () => {
    expect(readText('C:\\\\%name%', { expand: true })).toEqual(['C:\\', { placeholder: 'name' }]);
  });

  it.each(['100%', '%%', '%a*b%', '%a\\b%'])('see no placeholder in %s', (text) => {
    expect(readText(text, { expand: true }).some((each) => typeof each === 'object')).toBe(false);
  });

  it('take everything for itself in a plain value', () => {
    expect(readText('a*b?\\*', { plain: true })).toEqual(['a*b?\\*']);
  });
});

describe('viewText', () => {
  it('shows wildcards bare, their characters escaped, and backslashes as they are', () => {
    expect(viewText(readText('*\\cmd\\*x?\\\\'))).toBe('*\\cmd\\*x?\\');
  });

  it('is read back where no backslash stands before a wildcard', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const safe = text.map((each) => (typeof each === 'string' ? each.replace(/[\\%]/g, '-') : each));
        expect(readView(viewText(normaliseText(safe)), true)).toEqual(normaliseText(safe));
      }),
    );
  });
});

describe('placeText', () => {
  it.each([
    ['contains', [many, 'a', many]],
    ['startswith', ['a', many]],
    ['endswith', [many, 'a']],
    ['cased', ['a']],
  ])('%s', (modifier, expected) => expect(placeText(['a'], [modifier])).toEqual(expected));

  it('adds no second wildcard', () =>
    expect(placeText([many, 'a'], ['contains'])).toEqual([many, 'a', many]));
});
