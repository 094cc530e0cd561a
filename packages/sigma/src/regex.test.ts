import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import type { RegexTest } from './plan.js';
import { compileRegex, regexProblem } from './regex.js';
import { parseRegex, requiredTexts, worstEffort } from './regex-tree.js';

const atom = fc.constantFrom(
  'a',
  'b',
  'ab',
  '.',
  '\\w',
  '\\d',
  '\\s',
  '[ab]',
  '[^a]',
  '[a-c0]',
  '(a|b)',
  '(?:ab)',
  '\\.',
  '\\x41',
  'K',
  's',
);
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '*?', '+?');
const expression = fc
  .tuple(
    fc.constantFrom('', '', '^', '\\b'),
    fc.array(
      fc.tuple(atom, quantifier).map((pair) => pair.join('')),
      { minLength: 1, maxLength: 5 },
    ),
    fc.constantFrom('', '', '$', '\\b', '\\B', '|ba', '|^b'),
  )
  .map(([start, parts, end]) => start + parts.join('') + end);
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'B',
      'c',
      '0',
      ' ',
      '\n',
      '.',
      'k',
      '\u212a',
      's',
      '\u017f',
      'ä',
      '\u2028',
      '\r',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));
const flags = fc.record({ ignoreCase: fc.boolean(), multiline: fc.boolean(), dotAll: fc.boolean() });

function linear(test: RegexTest, value: string): boolean {
  const bits =
    (test.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (test.multiline ? RE2JS.MULTILINE : 0) |
    (test.dotAll ? RE2JS.DOTALL : 0);
  return RE2JS.compile(test.source, bits).matcher(value).find();
}

describe('compileRegex', () => {
  it('finds what the linear engine finds', () => {
    fc.assert(
      fc.property(
        expression,
        flags,
        fc.array(text, { minLength: 3, maxLength: 6 }),
        (source, set, values) => {
          const test: RegexTest = { kind: 'regex', source, ...set };
          const finds = compileRegex(test);
          for (const value of values) expect(finds(value)).toBe(linear(test, value));
        },
      ),
      { numRuns: 1200 },
    );
  });

  it.each([
    ['\\bi', '\u212ai', true],
    ['\\Bi', '\u212ai', false],
    ['(?:(?:i\\b)|x)+', 'i\u017f', true],
    ['\\w', '\u017f', true],
  ])('knows words as RE2 does where case is ignored: %s in %j', (source, value, expected) => {
    const test: RegexTest = { kind: 'regex', source, ignoreCase: true, multiline: false, dotAll: false };
    expect(linear(test, value)).toBe(expected);
    expect(compileRegex(test)(value)).toBe(expected);
  });

  it('names texts that every match contains', () => {
    const long = fc
      .array(fc.constantFrom('abc', 'x', '\\d+', '(?:cmd|pwsh)', 'k{3}', '.*', 'WORD', '[ab]'), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => parts.join(''));
    const values = fc
      .array(fc.constantFrom('abc', 'x', '12', 'cmd', 'pwsh', 'kkk', 'word', 'WORD', 'a', ' '), {
        maxLength: 6,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(long, values, fc.boolean(), (source, value, ignoreCase) => {
        const tree = parseRegex(source);
        const texts = tree === undefined ? undefined : requiredTexts(tree, ignoreCase);
        const test: RegexTest = { kind: 'regex', source, ignoreCase, multiline: false, dotAll: false };
        if (texts === undefined || !linear(test, value)) return;
        expect(texts.some((one) => value.toLowerCase().includes(one))).toBe(true);
      }),
      { numRuns: 1200 },
    );
  });

  it.each([
    ['(a+)+b', undefined],
    ['(a|a)*b', undefined],
    ['(a|ab)(c|bcd)*d', 1],
    ['(a|ab)*c', undefined],
    ['.*a.*b', 2],
    ['\\w+`\\w+', 1],
    ['^abc$', 0],
  ])('judges the effort of %s', (source, power) => {
    const tree = parseRegex(source);
    if (tree === undefined) throw new Error('must be read');
    expect(worstEffort(tree)?.power).toBe(power);
  });

  it.each([
    ['a(?=b)', /look-around/],
    ['a(?!b)', /look-around/],
    ['(?<=a)b', /look-around/],
    ['(a', /missing/],
    ['[z-a]', /range/],
    ['a{99999}', /repeat/],
    [`${'a'.repeat(5000)}`, /longer than/],
  ])('refuses %.20s', (source, message) => {
    const problem = regexProblem({
      kind: 'regex',
      source,
      ignoreCase: false,
      multiline: false,
      dotAll: false,
    });
    expect(problem).toMatch(message);
  });
});
