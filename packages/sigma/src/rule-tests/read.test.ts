import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem, Problems } from '../errors.js';
import { readRuleTests } from './read.js';

function read(text: string) {
  const problems = new Problems();
  const cases = readRuleTests('a.test.yml', text, problems);
  return { cases, problems: problems.list.map(formatProblem) };
}

describe('reading a test file', () => {
  it.each([
    ['', '1:1: error [missing] the file holds no case'],
    ['[]', '1:1: error [missing] the file holds no case'],
    ['name: a', '1:1: error [type] a test file is a list of cases, not a map'],
    ['- a', '1:3: error [type] a case is a map, not text'],
    ['- {events: [], fires: []}', '1:3: error [missing] a case needs a "name"'],
    ["- {name: ' ', events: [], fires: []}", '1:3: error [missing] a case needs a "name"'],
    ['- {name: a, fires: []}', '1:3: error [missing] a case needs "events", a list of records'],
    ['- {name: a, events: 3, fires: []}', '1:21: error [type] "events" is a list of records, not a number'],
    ['- {name: a, events: [3], fires: []}', '1:22: error [type] a record is a map, not a number'],
    [
      '- {name: a, events: []}',
      '1:3: error [missing] a case needs "fires": a list, "[]" where nothing may fire',
    ],
    ['- {name: a, events: [], fires: no}', '1:32: error [type] "fires" is a list, not text'],
    [
      '- {name: a, events: [], fires: [b]}',
      '1:33: error [type] an entry of "fires" is a map such as "rule: name", not text',
    ],
    [
      '- {name: a, events: [], fires: [{lines: 1}]}',
      '1:33: error [missing] "rule" is missing: the id, name or title of a rule',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, line: 1}]}',
      '1:43: error [value] "line" is no part of a "fires" entry: rule, group, lines, times are',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, lines: 0}]}',
      '1:50: error [value] "lines" holds numbers of records, from 1, rising',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, lines: [2, 1]}]}',
      '1:54: error [value] "lines" holds numbers of records, from 1, rising',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, lines: [1.5]}]}',
      '1:51: error [value] "lines" holds numbers of records, from 1, rising',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, lines: []}]}',
      '1:50: error [value] "lines" is empty: leave the entry out',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, times: 0}]}',
      '1:50: error [value] "times" is a whole number from 1',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, times: 1, lines: 1}]}',
      '1:33: error [value] "lines" says "times" too: write one of them',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, group: ada}]}',
      '1:50: error [type] "group" is a map of group-by fields and their values',
    ],
    [
      '- {name: a, events: [], fires: [{rule: b, group: {user: []}}]}',
      '1:57: error [type] the group\'s "user" is one value',
    ],
    ['- {name: a, each: 3, events: [], fires: []}', '1:19: error [type] "each" is a map: part of a record'],
    [
      '- {name: a, event: [], events: [], fires: []}',
      '1:13: error [value] "event" is no part of a case: name, note, each, events, fires, matches are',
    ],
    [
      '- {name: a, events: [{size: .inf}], fires: []}',
      '1:29: error [value] a record holds JSON: this number cannot be written in it',
    ],
    ['- {name: a, events: [], fires: []}\n---\n- {}', '3:1: error [type] a test file is one document'],
    [
      '- {name: a, events: [], fires: []}\n- {name: a, events: [], fires: []}',
      '2:3: error [duplicate] a case called "a" stands twice',
    ],
  ])('tells what is wrong with %j, and where', (text, problem) => {
    expect(read(text).problems).toEqual([`a.test.yml:${problem}`]);
  });

  it('refuses YAML it cannot read', () => {
    expect(read('- {name: [}').problems[0]).toMatch(/^a\.test\.yml:1:\d+: error \[yaml\]/);
  });

  it('reads records with their places, numbers and nulls as they are', () => {
    const { cases, problems } = read(`- name: a
  each: {a: {b: 1, c: 2}, d: [1]}
  events:
    - {a: {b: null}, d: []}
  fires: [{rule: x, group: {n: 3, yes: true}, lines: 1}]
`);
    expect(problems).toEqual([]);
    expect(cases).toMatchObject([
      {
        name: 'a',
        fires: [{ ref: 'x', lines: [1], at: { line: 5, column: 11 } }],
        at: { line: 1, column: 3 },
      },
    ]);
    expect(JSON.stringify(cases[0]?.events[0]?.event)).toBe('{"a":{"b":null,"c":2},"d":[]}');
    expect(cases[0]?.events[0]?.at).toEqual({ file: 'a.test.yml', line: 4, column: 7 });
    expect([...(cases[0]?.fires[0]?.group ?? [])]).toEqual([
      ['n', '3'],
      ['yes', 'true'],
    ]);
  });

  it('refuses an `each` that many records would make huge', () => {
    const wide = Array.from({ length: 2000 }, (_, i) => `k${i}: 1`).join(', ');
    const test = (records: number) =>
      read(
        `- name: a\n  each: {${wide}}\n  events: [${Array(records).fill('{}').join(', ')}]\n  fires: []\n`,
      );
    expect(test(499).problems).toEqual([]);
    const { cases, problems } = test(5000);
    expect(problems).toEqual([
      expect.stringMatching(
        /^a\.test\.yml:3:\d+: error \[limit\] the records of the file hold more than 1000000/,
      ),
    ]);
    expect(cases[0]?.events.length).toBe(499);
  });

  it('refuses too many cases and records', () => {
    const many = (count: number, text: string) => Array(count).fill(text).join(', ');
    expect(read(`[${many(1001, '1')}]`).problems).toEqual([
      'a.test.yml:1:1: error [limit] more than 1000 cases',
    ]);
    expect(read(`- {name: a, fires: [], events: [${many(10_001, '{}')}]}`).problems).toEqual([
      'a.test.yml:1:32: error [limit] more than 10000 records',
    ]);
  });

  it('keeps keys such as __proto__ plain keys', () => {
    const { cases } = read('- {name: a, each: {__proto__: {x: 1}}, events: [{constructor: 2}], fires: []}');
    const event = cases[0]?.events[0]?.event ?? {};
    expect(Object.keys(event)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(event)).toBe(null);
    expect(({} as Record<string, unknown>).x).toBe(undefined);
  });

  it('never throws, and has a problem for whatever it does not read', () => {
    const scrap = fc.constantFrom(
      '- ',
      'name: a',
      'events:',
      'fires:',
      '[',
      ']',
      '{',
      '}',
      ': ',
      '\n',
      '  ',
      'rule: b',
      'lines: ',
      '1',
      ',',
      '---\n',
      '&a ',
      '*a',
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 30 }), (parts) => {
        const { cases, problems } = read(parts.join(''));
        expect(cases.length > 0 || problems.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
