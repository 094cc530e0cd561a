import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeCorrelation, makeRule, nowhere } from '../testing/build-correlation.js';
import { readExpression } from './thresholds.js';

test('a pattern names the rules it fits', () => {
  const part = fc.stringMatching(/^[ab*]{1,6}$/);
  const name = fc.stringMatching(/^[ab]{0,6}$/);
  fc.assert(
    fc.property(part, name, (pattern, ref) => {
      const { rule } = makeCorrelation({ type: 'temporal', inputs: [makeRule(ref), makeRule('c')] });
      const read = () => readExpression(rule, { kind: 'of', quantifier: 'any', pattern, at: nowhere }).named;
      const fits = (text: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
      const wanted = [ref, 'c'].flatMap((text, index) => (fits(text) ? [index] : []));
      if (wanted.length === 0) expect(read).toThrow(/none of its rules/);
      else expect(read()).toEqual(wanted);
    }),
    { numRuns: 2000 },
  );
});

test('a pattern of many stars takes no time to speak of', () => {
  const { rule } = makeCorrelation({ type: 'temporal', inputs: [makeRule('a'.repeat(50_000))] });
  const pattern = `${'*a'.repeat(20_000)}*b`;
  expect(() => readExpression(rule, { kind: 'of', quantifier: 'any', pattern, at: nowhere })).toThrow();
});

test('double negation names a rule outside a negation', () => {
  const { rule } = makeCorrelation({ type: 'temporal', inputs: [makeRule('a'), makeRule('b')] });
  const name = (text: string) => ({ kind: 'name', name: text, at: nowhere }) as const;
  const not = (arg: Parameters<typeof readExpression>[1]) => ({ kind: 'not', arg }) as const;
  const { named, holds } = readExpression(rule, not({ kind: 'or', args: [not(name('b')), name('a')] }));
  expect(named).toEqual([1]);
  expect([[], [0], [1], [0, 1]].map((seen: number[]) => holds((input) => seen.includes(input)))).toEqual([
    false,
    false,
    true,
    false,
  ]);
});
