import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../event.js';
import { readField } from '../event.js';
import { loadRules } from '../load.js';
import type { Plan, PlannedRule } from '../plan.js';
import { eventArbitrary, planArbitrary } from '../testing/arbitrary.js';
import { cases, ruleWith as rule } from '../testing/cases.js';
import { evaluate } from '../testing/naive.js';
import { FieldReader } from './fields.js';
import { Matcher, type MatcherOptions } from './matcher.js';

function planned(plan: Plan, number: number): PlannedRule {
  const { set } = loadRules([
    { file: 'r.yml', text: 'title: t\nlogsource: {product: p}\ndetection: {s: {a: 1}, condition: s}' },
  ]);
  const [rule] = set.rules;
  if (rule === undefined) throw new Error('the rule must load');
  return { ...rule, key: `rule ${number}`, plan };
}

function matches(detection: string, event: Event, options: MatcherOptions = {}): boolean {
  const { set, problems } = loadRules([{ file: 'r.yml', text: rule(detection) }]);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new Matcher(set.rules, options).match(event).length === 1;
}

describe('Matcher', () => {
  it('finds what the plain evaluator finds, for many rules at once, with and without its index', () => {
    fc.assert(
      fc.property(
        fc.array(planArbitrary, { minLength: 1, maxLength: 12 }),
        fc.array(eventArbitrary, { minLength: 1, maxLength: 8 }),
        fc.constantFrom<MatcherOptions['index']>('learning', 'fixed', 'none'),
        (plans, events, index) => {
          const rules = plans.map(planned);
          const matcher = new Matcher(rules, { index: index as 'learning' });
          // Every record twice: what was remembered must not change the answer.
          for (const event of [...events, ...events]) {
            const expected = rules.filter(({ plan }) => evaluate(plan, event)).map(({ key }) => key);
            expect(matcher.match(event).map(({ key }) => key)).toEqual(expected);
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it('stays the same while its index learns and its caches fill and rest', () => {
    const { set } = loadRules([
      { file: 'a.yml', text: rule("CommandLine|contains: 'needle'\nUser|startswith: 'u'") },
      { file: 'b.yml', text: rule("CommandLine|contains|all:\n    - 'hay'\n    - '7'") },
      { file: 'c.yml', text: rule("'|re': 'n[e]+dle1?5'") },
    ]);
    const matcher = new Matcher(set.rules);
    for (let i = 0; i < 6000; i++) {
      const event = {
        CommandLine: `hay ${i} ${i % 3 === 0 ? 'needle' : 'straw'}${i}`,
        User: i % 2 ? 'u1' : 'x',
      };
      const expected = set.rules.filter(({ plan }) => evaluate(plan, event));
      expect(matcher.match(event)).toEqual(expected);
    }
    expect(matcher.statistics.events).toBe(6000);
    // The index does its work: most records are never evaluated against the first rule.
    expect(matcher.statistics.evaluated).toBeLessThan(6000 * 2);
  });

  it.each(cases)('%s', (_, detection, event, expected) => {
    expect(matches(detection, event)).toBe(expected);
  });

  it('leaves out rules for another log than the record says, and only those', () => {
    const { set } = loadRules([
      { file: 'a.yml', text: rule("a: 'x'", 'product: windows\n    category: process_creation') },
      { file: 'b.yml', text: rule("a: '?'", 'product: linux') },
      { file: 'c.yml', text: rule("a|contains: 'x'", 'category: process_creation') },
    ]);
    const matcher = new Matcher(set.rules, {
      source: (event) => ({ product: String(event.product) }),
    });
    expect(
      matcher.match({ a: 'x', product: 'windows' }).map(({ rule: { logsource } }) => logsource.product),
    ).toEqual(['windows', undefined]);
    expect(matcher.match({ a: 'x', product: 'none of these' })).toHaveLength(1);
  });

  it('is bounded on hostile records', () => {
    const { set } = loadRules([
      { file: 'a.yml', text: rule("a|re: '(x+x+)+y'") },
      { file: 'b.yml', text: rule("a|re: '^(a|a)*$'") },
      { file: 'c.yml', text: rule("a: '*a*b*c*d*e*f*g*h*'") },
      { file: 'd.yml', text: rule("a.a.a|contains: 'x'") },
    ]);
    const matcher = new Matcher(set.rules);
    let deep: unknown = 'x';
    for (let i = 0; i < 50_000; i++) deep = { a: deep };
    expect(matcher.match({ a: 'x'.repeat(50_000) })).toEqual([]);
    expect(matcher.match({ a: 'a'.repeat(20_000) }).map(({ rule: { at } }) => at.file)).toEqual(['b.yml']);
    expect(matcher.match({ a: 'abcdefg'.repeat(100_000) })).toEqual([]);
    expect(matcher.match(deep as Event)).toEqual([]);
  });
});

describe('FieldReader', () => {
  it('reads every field as readField does', () => {
    const names = ['a', 'b', 'o.x', 'o.y', 'c.x', 'c[0]', 'c[-1].y', '__proto__', 'toString', 'constructor'];
    const reader = new FieldReader(names);
    fc.assert(
      fc.property(eventArbitrary, (event) => {
        reader.read(event);
        for (const slot of reader.slots) {
          const expected = readField(event, slot.name);
          expect(reader.has(slot)).toBe(expected.present);
          if (!expected.present) continue;
          expect(slot.filled).toBe(!expected.empty);
          expect([...slot.values].sort()).toEqual([...expected.values].sort());
        }
      }),
      { numRuns: 800 },
    );
  });
});

describe('logs without end', () => {
  it('are answered as a few are', () => {
    const products = Array.from({ length: 100 }, (_, i) => `p${i}`);
    const { set } = loadRules(
      products.map((product) => ({ file: `${product}.yml`, text: rule("a: 'x'", `product: ${product}`) })),
    );
    const matcher = new Matcher(set.rules, { source: (event) => ({ product: String(event.log) }) });
    for (let i = 0; i < 3; i++) {
      for (const log of products) {
        expect(matcher.match({ a: 'x', log }).map((found) => found.rule.logsource.product)).toEqual([log]);
      }
    }
    for (let i = 0; i < 20_000; i += 997) expect(matcher.match({ a: 'x', log: `q${i}` })).toEqual([]);
  });
});
