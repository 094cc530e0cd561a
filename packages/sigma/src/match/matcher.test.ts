import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../event.js';
import { readField } from '../event.js';
import { loadRules } from '../load.js';
import type { Plan, PlannedRule } from '../plan.js';
import { eventArbitrary, planArbitrary } from '../testing/arbitrary.js';
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

function rule(detection: string, logsource = 'product: windows'): string {
  return `title: t\nid: ${detection.length}\nlogsource:\n    ${logsource}\ndetection:\n    selection:\n        ${detection.replaceAll('\n', '\n        ')}\n    condition: selection\n`;
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

  it.each<[string, string, Event, boolean]>([
    ['case is ignored', "a: 'ABC'", { a: 'abc' }, true],
    ['cased is exact', "a|cased: 'ABC'", { a: 'abc' }, false],
    ['numbers are compared as text', 'a: 4624', { a: '4624' }, true],
    ['a number in the record', "a: '4624'", { a: 4624 }, true],
    ['wildcards', "a: 'x*y?z'", { a: 'x--y-z' }, true],
    ['an escaped wildcard is plain', "a: 'x\\*y'", { a: 'x-y' }, false],
    ['empty is not missing', "a: ''", {}, false],
    ['empty is empty', "a: ''", { a: '' }, true],
    ['null is missing', 'a: null', {}, true],
    ['null is null', 'a: null', { a: null }, true],
    ['null is not empty text', 'a: null', { a: '' }, false],
    ['exists with null', 'a|exists: true', { a: null }, true],
    ['does not exist', 'a|exists: false', { b: 1 }, true],
    ['neq', "a|neq: 'x'", { a: 'y' }, true],
    ['neq needs a value', "a|neq: 'x'", {}, false],
    ['neq of a list is none of them', "a|neq:\n    - 'x'\n    - 'y'", { a: 'y' }, false],
    ['all', "a|contains|all:\n    - 'x'\n    - 'y'", { a: 'ayx' }, true],
    ['windash', "a|windash|contains: ' -e '", { a: 'cmd /e x' }, true],
    ['windash, en dash', "a|windash|contains: ' -e '", { a: 'cmd \u2013e x' }, true],
    ['base64', "a|base64|contains: 'foo'", { a: 'xxZm9vyy' }, true],
    [
      'base64offset, offset 1',
      "a|base64offset|contains: 'foobar'",
      { a: Buffer.from('xfoobarx').toString('base64') },
      true,
    ],
    [
      'base64offset, offset 2',
      "a|base64offset|contains: 'foobar'",
      { a: Buffer.from('xxfoobar').toString('base64') },
      true,
    ],
    [
      'wide base64offset',
      "a|wide|base64offset|contains: 'ping'",
      { a: Buffer.from('xping', 'utf16le').toString('base64') },
      true,
    ],
    ['utf16be', "a|utf16be|base64: 'a'", { a: Buffer.from([0, 97]).toString('base64') }, true],
    [
      'utf16 has a byte order mark',
      "a|utf16|base64: 'a'",
      { a: Buffer.from([0xff, 0xfe, 97, 0]).toString('base64') },
      true,
    ],
    ['re is cased', "a|re: 'ab+'", { a: 'ABB' }, false],
    ['re with i', "a|re|i: 'ab+'", { a: 'xABBx' }, true],
    ['re with m', "a|re|m: '^b$'", { a: 'a\nb\nc' }, true],
    ['re with s', "a|re|s: 'a.b'", { a: 'a\nb' }, true],
    ['re without s', "a|re: 'a.b'", { a: 'a\nb' }, false],
    ['cidr', 'a|cidr: 192.0.2.0/24', { a: '192.0.2.77' }, true],
    ['cidr, other network', 'a|cidr: 192.0.2.0/24', { a: '198.51.100.1' }, false],
    ['cidr, IPv6', 'a|cidr: 2001:db8::/32', { a: '2001:DB8:1::5' }, true],
    ['gt', 'a|gt: 5', { a: '6' }, true],
    ['lte', 'a|lte: 5', { a: 5.0 }, true],
    ['gte of text that is no number', 'a|gte: 5', { a: 'six' }, false],
    ['fieldref', 'a|fieldref: b', { a: 'X', b: 'x' }, true],
    ['fieldref endswith', 'a|fieldref|endswith: b', { a: 'host\\user', b: 'USER' }, true],
    ['fieldref to nothing', 'a|fieldref: b', { a: 'X' }, false],
    ['hour', 't|hour: 23', { t: '2026-01-01T23:59:59Z' }, true],
    ['hour with gte', 't|hour|gte: 22', { t: '2026-01-01T21:00:00Z' }, false],
    ['week', 't|week: 53', { t: '2021-01-01' }, true],
    ['keywords', "'|all':\n    - 'one'\n    - 'two'", { x: { y: ['a one', 'b TWO'] } }, true],
    ['any element of a list', "a: 'x'", { a: ['y', 'x'] }, true],
    ['a path through a list', "target.type: 'User'", { target: [{ type: 'App' }, { type: 'User' }] }, true],
    ['a place in a list', "target[1].type: 'App'", { target: [{ type: 'App' }, { type: 'User' }] }, false],
    ['a key with dots wins', "a.b: 'x'", { 'a.b': 'y', a: { b: 'x' } }, false],
    ['no reaching into prototypes', 'constructor.name|exists: true', {}, false],
    ['not even by name', '__proto__|exists: true', {}, false],
  ])('%s', (_, detection, event, expected) => {
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
