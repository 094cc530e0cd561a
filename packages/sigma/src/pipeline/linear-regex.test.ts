import { describe, expect, it } from 'vitest';
import { Budget, expandTemplate, LinearRegex, parseTemplate } from './linear-regex.js';

const budget = () => new Budget();

describe('LinearRegex', () => {
  it('matches at the start only, as Python does', () => {
    expect(new LinearRegex('b').matchStart('ab', budget())).toBeUndefined();
    expect(new LinearRegex('a').matchStart('ab', budget())).toMatchObject({
      start: 0,
      end: 1,
      groups: ['a'],
    });
  });

  it('finds every match', () => {
    const found = [...new LinearRegex('(?P<n>a)(b)?').matches('ab-a', budget())];
    expect(found.map(({ start, groups }) => [start, ...groups])).toEqual([
      [0, 'ab', 'a', 'b'],
      [3, 'a', 'a', undefined],
    ]);
  });

  it('ends on expressions that match nothing', () => {
    const starts = [...new LinearRegex('x*').matches('axa', budget())].map(({ start }) => start);
    expect(starts).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ['(?<=a)b', 'look-around'],
    ['a(?!b)', 'look-around'],
    ['(a)\\1', 'escape'],
    ['(', 'missing closing'],
    ['a'.repeat(5000), 'longer'],
  ])('refuses %s', (source, message) => expect(() => new LinearRegex(source)).toThrow(message));

  it('stops when expressions take too long', () => {
    const slow = new LinearRegex('a*b|a');
    expect(() => [...slow.matches('a'.repeat(60_000), budget())]).toThrow('take too long');
  });
});

describe('parseTemplate', () => {
  const regex = new LinearRegex('(a)(?P<name>b)?(c)?');
  const [match] = [...regex.matches('ab', budget())];
  const expand = (text: string) => expandTemplate(parseTemplate(text, regex), match as never);

  it.each([
    ['x', 'x'],
    ['', ''],
    ['\\1-\\2', 'a-b'],
    ['\\g<name>\\g<0>', 'bab'],
    ['\\g<1>0', 'a0'],
    ['[\\3]', '[]'],
    ['\\\\1', '\\1'],
    ['$1 $&', '$1 $&'],
    ['\\.\\*', '\\.\\*'],
    ['\\n', '\n'],
  ])('%s', (text, expected) => expect(expand(text)).toBe(expected));

  it.each([
    ['\\4', 'no group 4'],
    ['\\g<9>', 'no group 9'],
    ['\\g<other>', 'no group "other"'],
    ['\\g<constructor>', 'no group "constructor"'],
    ['\\q', 'means nothing'],
    ['\\0', 'means nothing'],
    ['a\\', 'single backslash'],
  ])('refuses %s', (text, message) => expect(() => parseTemplate(text, regex)).toThrow(message));
});
