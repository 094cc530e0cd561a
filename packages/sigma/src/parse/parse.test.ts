import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCondition } from '../condition.js';
import { formatProblem, Problems } from '../errors.js';
import { loadRules } from '../load.js';
import { formatPattern, parsePattern } from '../pattern.js';
import type { Condition } from '../rule.js';
import { parseRules } from './index.js';

const head = 'title: A rule\nlogsource:\n    product: windows\n';

/** Problems of a detection section, as `line:column code`. */
function problemsOf(detection: string): string[] {
  const { problems } = loadRules([{ file: 'r.yml', text: `${head}detection:\n${detection}` }]);
  return problems.map(({ at, code }) => `${at.line}:${at.column} ${code}`);
}

describe('parseRules', () => {
  it('reads every part of a rule', () => {
    const [parsed] = parseRules(
      'r.yml',
      `${head}id: 929a690e-bef0-4204-a928-ef5e620d6fcc
status: test
level: high
description: Says what it does
author: somebody
date: 2026-01-02
tags:
    - attack.t1059
related:
    - id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9
      type: derived
my_key:
    deep: [1, 2]
detection:
    selection:
        Image|endswith:
            - '\\a.exe'
            - '\\b.exe'
        EventID: 1
    keywords:
        - one
        - 2
    condition: selection and not keywords
falsepositives: Unlikely
`,
    ).rules;
    expect(parsed?.problems).toEqual([]);
    expect(parsed?.rule).toMatchObject({
      kind: 'detection',
      status: 'test',
      level: 'high',
      tags: ['attack.t1059'],
      falsepositives: ['Unlikely'],
      related: [{ type: 'derived' }],
      logsource: { product: 'windows' },
    });
    expect(parsed?.rule.custom.get('my_key')).toEqual({ deep: [1, 2] });
  });

  it.each([
    ['an unknown modifier', "    s:\n        a|contians: 'x'\n    condition: s", ['6:11 modifier']],
    ['all with one value', "    s:\n        a|contains|all: 'x'\n    condition: s", ['6:9 modifier']],
    [
      'null in a list',
      "    s:\n        a:\n            - 'x'\n            - null\n    condition: s",
      ['8:15 type'],
    ],
    ['a map as value', "    s:\n        a:\n            b: 'x'\n    condition: s", ['7:13 type']],
    ['no values', '    s:\n        a: []\n    condition: s', ['6:12 value']],
    ['text for a number', "    s:\n        a|gt: 'x'\n    condition: s", ['6:15 type']],
    ['no network', "    s:\n        a|cidr: '10.0.0.0/33'\n    condition: s", ['6:17 value']],
    ['exists without a boolean', "    s:\n        a|exists: 'maybe'\n    condition: s", ['6:19 type']],
    ['flags without re', "    s:\n        a|i: 'x'\n    condition: s", ['6:9 modifier']],
    ['re with an encoding', "    s:\n        a|re|base64: 'x'\n    condition: s", ['6:9 modifier']],
    ['two comparisons', '    s:\n        a|gt|lt: 1\n    condition: s', ['6:9 modifier']],
    ['wildcards encoded', "    s:\n        a|base64: 'x*'\n    condition: s", ['6:19 value']],
    ['a placeholder', "    s:\n        a|expand: '%x%'\n    condition: s", ['6:19 placeholder']],
    ['look-around', "    s:\n        a|re: '(?=x)'\n    condition: s", ['6:15 regex']],
    ['no condition', "    s:\n        a: 'x'", ['5:5 missing']],
    ['an unknown name', "    s:\n        a: 'x'\n    condition: s and t", ['7:22 reference']],
    ['an unknown pattern', "    s:\n        a: 'x'\n    condition: 1 of t*", ['7:21 reference']],
    ['an aggregation', "    s:\n        a: 'x'\n    condition: s | count() > 5", ['7:18 deprecated']],
    ['an open parenthesis', "    s:\n        a: 'x'\n    condition: (s", ['7:18 condition']],
    ['an empty keyword', "    s:\n        - ''\n    condition: s", ['6:11 value']],
  ])('places %s', (_, detection, expected) => {
    expect(problemsOf(detection)).toEqual(expected);
  });

  it('reports every error of a file, not the first', () => {
    const { problems } = loadRules([
      {
        file: 'r.yml',
        text: `${head}level: dreadful\nstatus: new\ndetection:\n    s:\n        a|x: 1\n        b|gt: 'y'\n    t: []\n    condition: s or (t\n---\n- not a rule\n---\ntitle: Second\n`,
      },
    ]);
    expect(problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThanOrEqual(8);
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        loadRules([{ file: 'f', text }]);
      }),
    );
    const keys = fc.constantFrom(
      'title',
      'logsource',
      'detection',
      'condition',
      'correlation',
      'filter',
      'rules',
      'type',
      'timespan',
      'action',
      'a|re',
      '|all',
      'group-by',
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('x', 1, true, null, '1 of them', 'temporal', '5m', 'global', '', '%x%', '*'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.array(fc.dictionary(keys, value), { maxLength: 4 }), (documents) => {
        const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
        const { rules } = loadRules([{ file: 'f', text }]);
        for (const { planned, problems } of rules) {
          expect(planned === undefined || !problems.some(({ severity }) => severity === 'error')).toBe(true);
        }
      }),
    );
  });

  it('applies collections', () => {
    const { rules } = parseRules(
      'c.yml',
      `action: global
title: Shared
logsource:
    product: windows
level: low
---
detection:
    s:
        EventID: 1
    condition: s
---
action: repeat
logsource:
    product: linux
---
action: reset
---
title: Alone
detection:
    s:
        a: 1
    condition: s
`,
    );
    expect(
      rules.map(({ rule, ok }) => [
        rule.title,
        'logsource' in rule && rule.logsource.product,
        rule.level,
        ok,
      ]),
    ).toEqual([
      ['Shared', 'windows', 'low', true],
      ['Shared', 'linux', 'low', true],
      ['Alone', undefined, undefined, false],
    ]);
  });
});

describe('correlations', () => {
  const base = `${head}name: one\ndetection:\n    s:\n        a: 1\n    condition: s\n---\n`;
  const load = (section: string) =>
    loadRules([{ file: 'c.yml', text: `${base}title: C\ncorrelation:\n${section}` }]);

  it.each([
    ['type: event_count\n    rules: [one]\n    timespan: 5m\n    group-by: [u]\n    condition: {gte: 3}', []],
    ['type: event_counts\n    rules: [one]\n    timespan: 5m\n    condition: {gte: 3}', ['value']],
    ['type: event_count\n    rules: [two]\n    timespan: 5m\n    condition: {gte: 3}', ['reference']],
    ['type: event_count\n    rules: [one]\n    timespan: 5x\n    condition: {gte: 3}', ['value']],
    ['type: event_count\n    rules: [one]\n    timespan: 5m', ['missing']],
    ['type: value_count\n    rules: [one]\n    timespan: 5m\n    condition: {gte: 3}', ['missing']],
    ['type: event_count\n    rules: [one]\n    timespan: 5m\n    condition: {gte: many}', ['type']],
    ['type: temporal\n    rules: [one]\n    timespan: 5m\n    condition: one and not two', ['reference']],
    ['type: temporal\n    rules: [one]\n    timespan: 5m\n    window: tumbling', ['value']],
    ['type: temporal\n    rules: [one]\n    timespan: 5m\n    condition: 1 of two*', ['reference']],
    ['type: temporal\n    rules: [one]\n    timespan: 0s', ['limit']],
    ['type: temporal\n    rules: [one]\n    timespan: 1h\n    aliases: {x: {two: f}}', ['reference']],
  ])('%s', (section, codes) => {
    const { problems } = load(`    ${section}`);
    expect(problems.map(({ code }) => code)).toEqual(codes);
  });

  it('refuses circles', () => {
    const text = ['a', 'b']
      .map(
        (name, i) =>
          `title: ${name}\nname: ${name}\ncorrelation:\n    type: temporal\n    rules: [${['b', 'a'][i]}]\n    timespan: 1h\n`,
      )
      .join('---\n');
    const { set, problems } = loadRules([{ file: 'c.yml', text }]);
    expect(set.correlations).toEqual([]);
    expect(problems.some(({ message }) => message.includes('refers back'))).toBe(true);
  });

  it('orders chains so that every correlation comes after what it reads', () => {
    const text = `title: Outer\ncorrelation:\n    type: temporal_ordered\n    rules: [inner, one]\n    timespan: 1h\n---\n${base}title: Inner\nname: inner\ncorrelation:\n    type: event_count\n    rules: [one]\n    timespan: 5m\n    condition: {gte: 2}\n`;
    const { set, problems } = loadRules([{ file: 'c.yml', text }]);
    expect(problems).toEqual([]);
    expect(set.correlations.map(({ rule }) => rule.title)).toEqual(['Inner', 'Outer']);
    expect(set.silent.size).toBe(2);
  });
});

describe('filters', () => {
  const rule = `${head}name: narrowed\ndetection:\n    s:\n        a: 1\n    condition: s\n`;
  const filter = (product: string, ref: string) =>
    `title: F\nlogsource:\n    product: ${product}\nfilter:\n    rules:\n        - ${ref}\n    only:\n        user|startswith: adm_\n    condition: not only\n`;

  it('narrow the rules they name', () => {
    const { set, problems } = loadRules([
      { file: 'r.yml', text: rule },
      { file: 'f.yml', text: filter('windows', 'narrowed') },
    ]);
    expect(problems).toEqual([]);
    expect(set.rules[0]?.plan).toMatchObject({ op: 'and', args: [{ op: 'test' }, { op: 'not' }] });
  });

  it('leave other logs alone, and say so', () => {
    const { set, problems } = loadRules([
      { file: 'r.yml', text: rule },
      { file: 'f.yml', text: filter('linux', 'narrowed') },
    ]);
    expect(set.rules[0]?.plan).toMatchObject({ op: 'test' });
    expect(problems.map(formatProblem).join()).toContain('another log source');
  });
});

describe('parseCondition', () => {
  const at = { file: 'f', line: 1, column: 1 };
  const name = (text: string): Condition => ({ kind: 'name', name: text, at: expect.anything() as never });

  it('binds not before and before or', () => {
    const condition = parseCondition('a or not b and c', at, new Problems());
    expect(condition).toEqual({
      kind: 'or',
      args: [name('a'), { kind: 'and', args: [{ kind: 'not', arg: name('b') }, name('c')] }],
    });
  });

  it('refuses endless nesting', () => {
    const problems = new Problems();
    expect(parseCondition('('.repeat(5000), at, problems)).toBeUndefined();
    expect(problems.list).toHaveLength(1);
  });
});

describe('patterns', () => {
  it('read back as written', () => {
    const text = fc
      .array(fc.constantFrom('a', '*', '?', '\\', 'b', '.'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (written) => {
        const pattern = parsePattern(written);
        expect(parsePattern(formatPattern(pattern))).toEqual(pattern);
      }),
    );
  });

  it.each([
    ['a\\b', ['a\\b']],
    ['a\\\\b', ['a\\b']],
    ['\\*', ['*']],
    ['\\\\\\*', ['\\*']],
    ['\\\\\\\\', ['\\\\']],
  ])('%s', (written, expected) => {
    expect(parsePattern(written)).toEqual(expected);
  });
});
