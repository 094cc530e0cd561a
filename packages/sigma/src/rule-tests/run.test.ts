import { describe, expect, it } from 'vitest';
import { naiveTarget } from '../testing/rule-test-targets.js';
import { formatRuleTestProblem, matcherTarget, type RuleTestTarget, runRuleTests } from './index.js';

const rules = `title: Many failures
name: many_failures
correlation:
  type: event_count
  rules: [failure]
  group-by: [user]
  timespan: 10m
  condition: {gte: 3}
---
title: A failure
name: failure
logsource: {product: example}
detection:
  sel: {outcome: failure}
  condition: sel
---
title: An administrator signs in from outside
id: 0e95725d-7320-415d-80f7-004da920fc12
logsource: {product: example}
detection:
  sel: {user: root, outcome: success}
  filter: {address|cidr: 192.0.2.0/24}
  condition: sel and not filter
`;

/** Cases that cover everything, for tests about something else. */
const complete = `- name: three failures and a root
  each: {user: ada, outcome: failure}
  events:
    - {time: '2026-11-03T09:00:00Z'}
    - {time: '2026-11-03T09:05:00Z'}
    - {time: '2026-11-03T09:10:00Z'}
    - {time: '2026-11-03T09:11:00Z', user: root, outcome: success, address: 203.0.113.9}
  fires:
    - {rule: many_failures, group: {user: ada}, lines: [3]}
    - {rule: An administrator signs in from outside, lines: 4}
- name: two failures, and root in the office
  events:
    - {time: '2026-11-03T09:00:00Z', user: ada, outcome: failure}
    - {time: '2026-11-03T09:05:00Z', user: ada, outcome: failure}
    - {time: '2026-11-03T09:06:00Z', user: root, outcome: success, address: 192.0.2.9}
  fires: []
`;

const run = (test: string, text = rules, options: Parameters<typeof runRuleTests>[1] = {}) =>
  runRuleTests(
    [
      { file: 'a.yml', text },
      { file: 'a.test.yml', text: test },
    ],
    options,
  );

async function problems(test: string, text?: string): Promise<string[]> {
  return (await run(test, text)).problems.map(formatRuleTestProblem);
}

const event = (time: string, rest = 'user: ada, outcome: failure') =>
  `    - {time: '2026-11-03T${time}Z', ${rest}}`;
const three = ['09:00:00', '09:05:00', '09:10:00'].map((time) => event(time)).join('\n');
const extra = (fires: string, events = three, more = '') =>
  `${complete}- name: extra\n  events:\n${events}\n  fires: ${fires}\n${more}`;

describe('rule tests', () => {
  it('pass when every case says what happens', async () => {
    const results = await run(complete);
    expect(results).toMatchObject({
      passed: true,
      problems: [],
      cases: { passed: 2, failed: 0 },
      targets: ['matcher'],
      untested: [],
    });
    expect(results.files).toMatchObject([{ file: 'a.test.yml', rules: 'a.yml', passed: true }]);
    expect(results.files[0]?.cases.map(({ name }) => name)).toEqual([
      'three failures and a root',
      'two failures, and root in the office',
    ]);
  });

  it('lay `each` under every record, map by map', async () => {
    const text = rules
      .replaceAll('outcome: failure', 'outcome.result: failure')
      .replaceAll('group-by: [user]', 'group-by: [outcome.by]');
    const found = await problems(
      `- name: x
  each: {user: root, outcome: {result: failure, by: ada}}
  events:
    - {time: '2026-11-03T09:00:00Z'}
    - {time: '2026-11-03T09:01:00Z'}
    - {time: '2026-11-03T09:02:00Z', outcome: {by: bo}}
    - {time: '2026-11-03T09:03:00Z', outcome: success, address: 203.0.113.9}
    - {time: '2026-11-03T09:04:00Z'}
  fires:
    - {rule: many_failures, group: {outcome.by: ada}, lines: [5]}
    - {rule: An administrator signs in from outside}
- name: y
  events: [{time: 1, user: root, outcome: {result: failure, by: ada}}]
  fires: []
`,
      text,
    );
    expect(found).toEqual([]);
  });

  it('take records in order of time, whatever the order they are told in', async () => {
    const told = [event('09:10:00'), event('09:00:00'), event('09:05:00')].join('\n');
    expect(await problems(extra('[{rule: many_failures, lines: [1]}]', told))).toEqual([]);
  });

  it('compare what only feeds correlations when `matches` is there', async () => {
    expect(
      await problems(extra('[{rule: many_failures}]', three, '  matches: [{rule: failure, times: 3}]')),
    ).toEqual([]);
    expect(await problems(extra('[{rule: many_failures}]', three, '  matches: []'))).toEqual([
      'a.test.yml:17:3: error [unexpected] "failure" fires at records 1, 2, 3, and the case does not say so',
    ]);
    expect(
      await problems(extra('[{rule: many_failures}]', three, '  matches: [{rule: failure, lines: [1, 2]}]')),
    ).toEqual(['a.test.yml:23:13: error [lines] "failure" fires at records 1, 2, 3, not at records 1, 2']);
  });

  it.each([
    [
      'something fires unsaid',
      '[]',
      '17:3: error [unexpected] "many_failures" (user: ada) fires at record 3, and the case does not say so',
    ],
    [
      'another group is said',
      '[{rule: many_failures, group: {user: bo}}]',
      '17:3: error [unexpected] "many_failures" (user: ada) fires at record 3, and the case does not say so\n22:11: error [silent] "many_failures" (user: bo) does not fire',
    ],
    [
      'another field is said',
      '[{rule: many_failures, group: {host: ada}}, {rule: many_failures}]',
      '22:11: error [silent] "many_failures" (host: ada) does not fire',
    ],
    [
      'another record is said',
      '[{rule: many_failures, lines: [2]}]',
      '22:11: error [lines] "many_failures" fires at record 3, not at record 2',
    ],
    [
      'another number is said',
      '[{rule: many_failures, times: 2}]',
      '22:11: error [times] "many_failures" fires once, not 2 times: at record 3',
    ],
    [
      'an unknown rule is said',
      '[{rule: many_failures}, {rule: few_failures}]',
      '22:34: error [reference] no rule of the file is called "few_failures"',
    ],
    [
      'a feeding rule is said to fire',
      '[{rule: many_failures}, {rule: failure}]',
      '22:34: error [reference] "failure" reports nothing on its own: it belongs under "matches"',
    ],
  ])('fail when %s', async (_, fires, expected) => {
    const found = await problems(extra(fires));
    expect(found).toEqual(expected.split('\n').map((line) => `a.test.yml:${line}`));
    const { files, cases, passed } = await run(extra(fires));
    expect(passed).toBe(false);
    expect(cases).toEqual({ passed: 2, failed: 1 });
    expect(files[0]?.cases.map((result) => result.passed)).toEqual([true, true, false]);
  });

  it('let the first entry that fits cover a firing', async () => {
    const both = `${three}\n${['09:00:00', '09:05:00', '09:10:00'].map((time) => event(time, 'user: bo, outcome: failure')).join('\n')}`;
    expect(
      await problems(
        extra(
          '[{rule: many_failures, group: {user: bo}, lines: [6]}, {rule: many_failures, times: 1}]',
          both,
        ),
      ),
    ).toEqual([]);
    expect(await problems(extra('[{rule: many_failures, times: 2}]', both))).toEqual([]);
    expect(
      await problems(
        extra('[{rule: many_failures, times: 2}, {rule: many_failures, group: {user: bo}}]', both),
      ),
    ).toEqual([expect.stringContaining('[silent]')]);
  });

  it('find a rule by id, name or title', async () => {
    for (const ref of ['0e95725d-7320-415d-80f7-004da920fc12', 'An administrator signs in from outside']) {
      expect(
        await problems(complete.replace('rule: An administrator signs in from outside', `rule: ${ref}`)),
      ).toEqual([]);
    }
    expect(await problems(complete.replace('rule: many_failures', 'rule: Many failures'))).toEqual([]);
  });

  it('say when several rules are called the same', async () => {
    const doubled = `${rules}---\ntitle: Many failures\nlogsource: {product: example}\ndetection:\n  sel: {a: b, c: d}\n  condition: sel\n`;
    const found = await problems(complete.replace('rule: many_failures', 'rule: Many failures'), doubled);
    expect(found[0]).toContain('uncovered');
    expect(found).toContainEqual(
      expect.stringContaining('[reference] several rules are called "Many failures"'),
    );
  });

  it('ask for a time of every record when there are correlations', async () => {
    expect(await problems(extra('[]', '    - {user: ada}\n    - {user: bo, time: soon}'))).toEqual([
      'a.test.yml:19:7: error [missing] the record has no time that can be read, and the file has correlations',
      'a.test.yml:20:7: error [missing] the record has no time that can be read, and the file has correlations',
    ]);
    const alone = `title: One\nlogsource: {product: example}\ndetection:\n  sel: {a: 1}\n  condition: sel\n`;
    const cases =
      '- {name: a, events: [{a: 1}], fires: [{rule: One}]}\n- {name: b, events: [{a: 2}], fires: []}\n';
    expect(await problems(cases, alone)).toEqual([]);
  });
});

describe('coverage', () => {
  it('asks for a case that fires and one that comes near, for each rule that reports', async () => {
    expect(await problems('- {name: nothing, events: [], fires: []}')).toEqual([
      'a.yml:1:1: error [uncovered] no case makes "many_failures" fire',
      'a.yml:1:1: error [uncovered] no case comes near "many_failures" without its firing',
      'a.yml:17:1: error [uncovered] no case makes "An administrator signs in from outside" fire',
      'a.yml:17:1: error [uncovered] no case comes near "An administrator signs in from outside" without its firing',
    ]);
  });

  it('takes no unrelated records for a near miss', async () => {
    const second = complete.indexOf('- name: two failures');
    const unrelated = '- name: unrelated\n  events: [{time: 1, colour: red}]\n  fires: []\n';
    expect(await problems(complete.slice(0, second) + unrelated)).toEqual([
      'a.yml:1:1: error [uncovered] no case comes near "many_failures" without its firing',
      'a.yml:17:1: error [uncovered] no case comes near "An administrator signs in from outside" without its firing',
    ]);
  });

  it('lists rule files without tests, and fails for them where asked to', async () => {
    const sources = [
      { file: 'a.yml', text: rules },
      { file: 'a.test.yml', text: complete },
      { file: 'b.yaml', text: rules.replaceAll('many_failures', 'others') },
    ];
    expect(await runRuleTests(sources)).toMatchObject({ passed: true, untested: ['b.yaml'], problems: [] });
    const strict = await runRuleTests(sources, { requireTests: true });
    expect(strict).toMatchObject({ passed: false, problems: [{ code: 'untested', at: { file: 'b.yaml' } }] });
  });
});

describe('files', () => {
  it('load all rules together: references and filters reach across files', async () => {
    const [correlation, failure] = rules.split('---\n');
    const filter = `title: Not the scanner
logsource: {product: example}
filter:
  rules: [failure]
  sel: {user: scanner}
  condition: not sel
`;
    const results = await runRuleTests([
      { file: 'x/many.yml', text: correlation as string },
      { file: 'x/base.yml', text: failure as string },
      { file: 'x/local.yml', text: filter },
      {
        file: 'x/many.test.yml',
        text: `- {name: a, events: [${[1, 2, 3].map((time) => `{time: ${time}, user: ada, outcome: failure}`)}], fires: [{rule: many_failures}]}
- name: b
  events: [{time: 1, user: ada, outcome: failure}, ${[1, 2, 3].map((time) => `{time: ${time}, user: scanner, outcome: failure}`)}]
  fires: []
`,
      },
    ]);
    expect(results.problems.map(formatRuleTestProblem)).toEqual([]);
    expect(results).toMatchObject({ passed: true, untested: [] });
  });

  it('name the rule file that is missing', async () => {
    const results = await runRuleTests([{ file: 'lost.test.yml', text: complete }]);
    expect(results).toMatchObject({ passed: false, cases: { passed: 0, failed: 0 } });
    expect(results.problems.map(formatRuleTestProblem)).toEqual([
      'lost.test.yml:1:1: error [missing] no rule file is beside it: lost.yml is missing',
    ]);
  });

  it('do not run the cases of rules with errors', async () => {
    const results = await run(complete, rules.replace('condition: sel and', 'condition: self and'));
    expect(results.passed).toBe(false);
    expect(results.cases).toEqual({ passed: 0, failed: 0 });
    expect(results.problems.map(formatRuleTestProblem)).toEqual([
      'a.yml:23:14: error [reference] no search identifier is called "self"',
    ]);
  });
});

describe('targets', () => {
  it('agree: the matcher and the plain evaluation', async () => {
    expect(await run(complete, rules, { targets: [matcherTarget, naiveTarget] })).toMatchObject({
      passed: true,
      targets: ['matcher', 'naive'],
      problems: [],
    });
  });

  const changed = (
    name: string,
    change: (seen: Awaited<ReturnType<RuleTestTarget['run']>>) => typeof seen,
  ): RuleTestTarget => ({
    name,
    run: async (set, records) => change(await matcherTarget.run(set, records)),
  });

  it('fail a case in which one sees less, more or another value', async () => {
    const blind = changed('blind', (seen) => seen.filter(({ group }) => group === undefined));
    expect(
      (await run(complete, rules, { targets: [matcherTarget, blind] })).problems.map(formatRuleTestProblem),
    ).toEqual([
      'a.test.yml:1:3: error [targets] "many_failures" (user: ada) at record 3: seen by matcher, not by blind',
    ]);
    expect(
      (await run(complete, rules, { targets: [blind, matcherTarget] })).problems.map(({ code }) => code),
    ).toContain('targets');
    const off = changed('off', (seen) =>
      seen.map((one) => (one.value === undefined ? one : { ...one, value: one.value + 1 })),
    );
    expect(
      (await run(complete, rules, { targets: [matcherTarget, off] })).problems.map(formatRuleTestProblem),
    ).toEqual([
      'a.test.yml:1:3: error [targets] "many_failures" (user: ada) at record 3: 3 by matcher, 4 by off',
    ]);
    const rounded = changed('rounded', (seen) =>
      seen.map((one) => (one.value === undefined ? one : { ...one, value: one.value + 1e-12 })),
    );
    expect((await run(complete, rules, { targets: [matcherTarget, rounded] })).passed).toBe(true);
  });

  it('are told of their first twenty differences', async () => {
    const records = Array.from({ length: 40 }, (_, i) => `{time: ${i}, user: ada, outcome: failure}`);
    const case_ = `- {name: many, events: [${records.join(', ')}], fires: [{rule: many_failures, times: 38}]}\n`;
    const none = changed('none', () => []);
    const results = await run(complete + case_, rules, { targets: [matcherTarget, none] });
    const told = results.files[0]?.cases[2]?.problems.map(({ message }) => message) ?? [];
    expect(told.length).toBe(21);
    expect(told.at(-1)).toBe('matcher and none differ 58 times more');
  });

  it('fail the case when one gives up', async () => {
    const broken: RuleTestTarget = {
      name: 'broken',
      run: () => {
        throw new Error('no such function');
      },
    };
    const results = await run(complete, rules, { targets: [matcherTarget, broken] });
    expect(results.cases).toEqual({ passed: 0, failed: 2 });
    expect(results.problems.map(formatRuleTestProblem)).toContain(
      'a.test.yml:1:3: error [failed] broken could not run the rules: no such function',
    );
  });
});
