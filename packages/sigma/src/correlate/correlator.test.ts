import { describe, expect, test } from 'vitest';
import { SigmaError } from '../errors.js';
import { loadRules } from '../load.js';
import type { PlannedRule } from '../plan.js';
import { makeCorrelation, makeRule, makeSet, named, nowhere } from '../testing/build-correlation.js';
import { Correlator } from './correlator.js';
import type { CorrelatorOptions } from './options.js';
import type { CorrelationRecord, Firing } from './types.js';

const failed = makeRule('failed');
const succeeded = makeRule('succeeded');
const created = makeRule('created');

const start = Date.UTC(2026, 0, 5, 8, 0, 0);
let nextRef = 0;

/** A record `seconds` after the start. */
function at(
  seconds: number,
  matched: PlannedRule | readonly PlannedRule[],
  event: Record<string, unknown> = {},
): CorrelationRecord {
  return {
    ref: nextRef++,
    time: start + seconds * 1000,
    event,
    matched: 'length' in matched ? matched : [matched],
  };
}

function feed(correlator: Correlator, records: readonly CorrelationRecord[]): Firing[] {
  return [...records.flatMap((record) => correlator.push(record)), ...correlator.flush()];
}

function fire(
  correlations: Parameters<typeof makeCorrelation>[0],
  records: readonly CorrelationRecord[],
  options: CorrelatorOptions = {},
): Firing[] {
  return feed(new Correlator(makeSet([makeCorrelation(correlations)]), options), records);
}

const seconds = (firings: readonly Firing[]) => firings.map(({ time }) => (time - start) / 1000);
const values = (firings: readonly Firing[]) => firings.map(({ value }) => value);
const groups = (firings: readonly Firing[]) => firings.map(({ group }) => group.map(({ value }) => value));

describe('window', () => {
  const pair = { type: 'event_count', inputs: [failed], timespan: 10, when: { gte: 2 } } as const;

  test('both ends belong to it', () => {
    expect(seconds(fire(pair, [at(0, failed), at(10, failed)]))).toEqual([10]);
    expect(seconds(fire(pair, [at(0, failed), at(10.001, failed)]))).toEqual([]);
  });

  test('it slides with each record', () => {
    const firings = fire(pair, [at(0, failed), at(6, failed), at(12, failed), at(30, failed)]);
    expect(seconds(firings)).toEqual([6, 12]);
    expect(values(firings)).toEqual([2, 2]);
  });

  test('of records of equal time only those with a smaller number are in it', () => {
    const firings = fire(pair, [at(1, failed), at(1, failed), at(1, failed)]);
    expect(values(firings)).toEqual([2, 3]);
  });

  test('a firing tells rule, group, time, record and the records that counted', () => {
    const rule = makeCorrelation({ ...pair, groupBy: ['user', 'host'] });
    const records = [3, 4].map((second) => at(second, failed, { user: 'ana', host: 'web1', n: second }));
    const firings = feed(new Correlator(makeSet([rule])), records);
    const refs = records.map(({ ref }) => ref);
    expect(firings).toEqual([
      {
        rule,
        group: [
          { field: 'user', value: 'ana' },
          { field: 'host', value: 'web1' },
        ],
        time: start + 4000,
        ref: refs[1],
        value: 2,
        refs,
        refsCut: false,
      },
    ]);
  });
});

describe('groups', () => {
  const pair = {
    type: 'event_count',
    inputs: [failed, succeeded],
    groupBy: ['user'],
    when: { gte: 2 },
  } as const;

  test('each has its own window', () => {
    const firings = fire(pair, [
      at(0, failed, { user: 'ana' }),
      at(1, failed, { user: 'ben' }),
      at(2, failed, { user: 'ana' }),
    ]);
    expect(groups(firings)).toEqual([['ana']]);
  });

  test('texts are compared exactly, numbers by their text', () => {
    const firings = fire(pair, [
      at(0, failed, { user: 'Ana' }),
      at(1, failed, { user: 'ana' }),
      at(2, failed, { user: 7 }),
      at(3, failed, { user: '7' }),
    ]);
    expect(groups(firings)).toEqual([['7']]);
  });

  test('several values put a record into several groups', () => {
    const firings = fire(pair, [
      at(0, failed, { user: ['ana', 'ben', 'ana'] }),
      at(1, failed, { user: ['ben', 'ana'] }),
    ]);
    expect(groups(firings)).toEqual([['ben'], ['ana']]);
  });

  test('not more than 64 combinations are looked at', () => {
    const many = Array.from({ length: 9 }, (_, i) => `v${i}`);
    const rule = makeCorrelation({ ...pair, groupBy: ['a', 'b'], when: { gte: 1 } });
    const correlator = new Correlator(makeSet([rule]));
    const firings = feed(correlator, [at(0, failed, { a: many, b: many })]);
    expect(firings).toHaveLength(64);
    expect(groups(firings).slice(0, 2)).toEqual([
      ['v0', 'v0'],
      ['v0', 'v1'],
    ]);
    expect(correlator.state().correlations[0]?.cutCombinations).toBe(1);
  });

  test('a record without a group-by field is left out and counted once', () => {
    const rule = makeCorrelation({ ...pair, groupBy: ['user', 'host'] });
    const correlator = new Correlator(makeSet([rule]));
    const lacking = [{ user: 'ana' }, { user: 'ana', host: null }, { user: 'ana', host: [] }, { host: {} }];
    expect(
      feed(
        correlator,
        lacking.map((event, i) => at(i, [failed, succeeded], event)),
      ),
    ).toEqual([]);
    expect(correlator.state().correlations[0]).toMatchObject({ missingGroup: 4, groups: 0 });
  });

  test('without group-by there is one', () => {
    const firings = fire({ ...pair, groupBy: [] }, [at(0, failed, { user: 'ana' }), at(1, failed, {})]);
    expect(groups(firings)).toEqual([[]]);
  });

  test('each input may be grouped by a field of its own', () => {
    const firings = fire(
      { ...pair, type: 'temporal', when: {}, groupBy: ['ip'], groupFields: [['src'], ['dst']] },
      [
        at(0, failed, { src: '192.0.2.1', dst: '192.0.2.2' }),
        at(1, succeeded, { src: '192.0.2.2', dst: '192.0.2.9' }),
        at(2, succeeded, { src: '192.0.2.7', dst: '192.0.2.1' }),
      ],
    );
    expect(firings.map(({ group }) => group)).toEqual([[{ field: 'ip', value: '192.0.2.1' }]]);
  });

  test('long values are groups like others', () => {
    const long = 'x'.repeat(5000);
    const users = [long, `${long}y`, long, `\0${long}`, '\0', '\0', ''];
    const firings = fire(
      pair,
      users.map((user, i) => at(i, failed, { user })),
    );
    expect(groups(firings)).toEqual([[long], ['\0']]);
  });

  test('combinations that read the same when joined are different groups', () => {
    const events = [
      { a: 'xy', b: 'z' },
      { a: 'x', b: 'yz' },
      { a: '', b: 'xyz' },
      { a: 'xyz', b: '' },
      { a: '\u0001x', b: '' },
      { a: '', b: '\u0001x' },
    ];
    const rule = { ...pair, groupBy: ['a', 'b'] };
    expect(
      fire(
        rule,
        events.map((event, i) => at(i, failed, event)),
      ),
    ).toEqual([]);
  });
});

describe('event_count', () => {
  test('a record that hits two inputs counts once', () => {
    const rule = { type: 'event_count', inputs: [failed, succeeded], when: { gte: 1 } } as const;
    expect(values(fire(rule, [at(0, [failed, succeeded, failed]), at(1, succeeded)]))).toEqual([1, 2]);
  });

  test.each([
    ['gt', [3, 4]],
    ['gte', [2, 3, 4]],
    ['lt', [1]],
    ['lte', [1, 2]],
    ['eq', [2]],
    ['neq', [1, 3, 4]],
  ] as const)('%s 2', (op, wanted) => {
    const rule = { type: 'event_count', inputs: [failed], when: { [op]: 2 } } as const;
    expect(
      values(
        fire(
          rule,
          [0, 1, 2, 3].map((second) => at(second, failed)),
        ),
      ),
    ).toEqual(wanted);
  });

  test('all thresholds have to hold', () => {
    const rule = { type: 'event_count', inputs: [failed], when: { gt: 1, lte: 3 } } as const;
    expect(
      values(
        fire(
          rule,
          [0, 1, 2, 3, 4].map((second) => at(second, failed)),
        ),
      ),
    ).toEqual([2, 3]);
  });

  test('rules that no correlation reads change nothing', () => {
    const rule = { type: 'event_count', inputs: [failed], when: { gte: 1 } } as const;
    expect(fire(rule, [at(0, created), at(1, [])])).toEqual([]);
  });
});

describe('value_count', () => {
  const rule = {
    type: 'value_count',
    inputs: [failed],
    field: 'user',
    timespan: 10,
    when: { gte: 2 },
  } as const;

  test('counts distinct texts, cased', () => {
    const users = ['ana', 'ana', 'Ana', 5, '5'];
    expect(
      values(
        fire(
          rule,
          users.map((user, i) => at(i, failed, { user })),
        ),
      ),
    ).toEqual([2, 3, 3]);
  });

  test('a value stays as long as its newest record', () => {
    const firings = fire(rule, [
      at(0, failed, { user: 'ana' }),
      at(8, failed, { user: 'ana' }),
      at(12, failed, { user: 'ben' }),
      at(19, failed, { user: 'cem' }),
    ]);
    expect(seconds(firings)).toEqual([12, 19]);
    expect(values(firings)).toEqual([2, 2]);
  });

  test('lists the newest record of each value', () => {
    const records = [
      at(0, failed, { user: 'ana' }),
      at(1, failed, { user: 'ana' }),
      at(2, failed, { user: ['ben', 'cem'] }),
    ];
    const [firing] = fire(rule, records);
    expect(firing).toMatchObject({ value: 3, refs: [records[1]?.ref, records[2]?.ref] });
  });

  test('of several fields, distinct combinations', () => {
    const pairs = [
      ['ana', 'web'],
      ['ana', 'db'],
      ['ana', 'web'],
      ['ben', 'web'],
    ];
    const both = { ...rule, field: ['user', 'host'] };
    const records = pairs.map(([user, host], i) => at(i, failed, { user, host }));
    expect(values(fire(both, records))).toEqual([2, 2, 3]);
  });

  test('a record without the value is not checked and is counted', () => {
    const correlator = new Correlator(makeSet([makeCorrelation({ ...rule, when: { gte: 1 } })]));
    const firings = feed(correlator, [
      at(0, failed, { user: 'ana' }),
      at(1, failed, {}),
      at(2, failed, { user: null }),
      at(3, failed, { user: { name: 'ana' } }),
    ]);
    expect(seconds(firings)).toEqual([0]);
    expect(correlator.state().correlations[0]?.missingValue).toBe(3);
  });
});

describe('aggregations', () => {
  const of = (type: 'value_sum' | 'value_avg' | 'value_median' | 'value_percentile') =>
    ({ type, inputs: [failed], field: 'bytes', timespan: 10, when: { gte: -1e300 } }) as const;
  const numbers = (list: readonly unknown[]) => list.map((bytes, i) => at(i, failed, { bytes }));

  test('sum, average, median and percentile of numbers and text that reads as a number', () => {
    const records = numbers([1, '2', 6.5, [3, 'x', true, '1e1']]);
    expect(values(fire(of('value_sum'), records))).toEqual([1, 3, 9.5, 22.5]);
    expect(values(fire(of('value_avg'), records))).toEqual([1, 1.5, 9.5 / 3, 4.5]);
    expect(values(fire(of('value_median'), records))).toEqual([1, 1.5, 2, 3]);
    expect(values(fire({ ...of('value_percentile'), percentile: 75 }, records))).toEqual([
      1, 1.75, 4.25, 6.5,
    ]);
  });

  test('what is no number is left out', () => {
    const correlator = new Correlator(makeSet([makeCorrelation(of('value_sum'))]));
    const firings = feed(correlator, numbers(['x', true, '1e999', '0x10', '', null, 4]));
    expect(values(firings)).toEqual([4]);
    expect(correlator.state().correlations[0]?.missingValue).toBe(6);
  });

  test('a huge number that has left takes nothing with it', () => {
    const records = [
      at(0, failed, { bytes: 1e300 }),
      at(5, failed, { bytes: 1 }),
      at(11, failed, { bytes: 2 }),
      at(12, failed, { bytes: 1e308 }),
      at(13, failed, { bytes: 1e308 }),
      at(24, failed, { bytes: 3 }),
    ];
    expect(values(fire(of('value_sum'), records))).toEqual([1e300, 1e300, 3, 1e308, Infinity, 3]);
  });
});

describe('temporal', () => {
  const rule = { type: 'temporal', inputs: [failed, succeeded, created], timespan: 10 } as const;

  test('fires when every rule has a hit in the window, in any order', () => {
    const records = [at(0, created), at(3, failed), at(9, succeeded), at(12, failed)];
    const firings = fire(rule, records);
    expect(seconds(firings)).toEqual([9]);
    expect(firings[0]).toMatchObject({ value: 3, refs: records.slice(0, 3).map(({ ref }) => ref) });
  });

  test('with a threshold: the number of different rules', () => {
    const records = [at(0, failed), at(1, failed), at(2, created)];
    expect(seconds(fire({ ...rule, when: { gte: 2 } }, records))).toEqual([2]);
    expect(seconds(fire({ ...rule, when: { eq: 1 } }, records))).toEqual([0, 1]);
  });

  test('with an expression: which rules have a hit in the window', () => {
    const without = {
      ...rule,
      expression: { kind: 'and', args: [named('failed'), { kind: 'not', arg: named('created') }] },
    } as const;
    const records = [
      at(0, created),
      at(5, failed),
      at(10, failed),
      at(11, failed),
      at(12, created),
      at(30, succeeded),
    ];
    expect(seconds(fire(without, records))).toEqual([11]);
  });

  test('with "of" in the expression', () => {
    const some = (quantifier: 'any' | 'all', pattern: string) =>
      ({ ...rule, expression: { kind: 'of', quantifier, pattern, at: nowhere } }) as const;
    const records = [at(0, created), at(1, failed), at(2, succeeded)];
    expect(seconds(fire(some('any', '*ed'), records))).toEqual([0, 1, 2]);
    expect(seconds(fire(some('all', '*ed'), records))).toEqual([2]);
    expect(seconds(fire(some('any', 'f*l*d'), records))).toEqual([1, 2]);
    expect(seconds(fire(some('all', 'them'), records))).toEqual([2]);
  });

  test('an expression that names no rule is refused', () => {
    const wrong = makeCorrelation({ ...rule, expression: named('nobody') });
    expect(() => new Correlator(makeSet([wrong]))).toThrow(SigmaError);
  });
});

describe('temporal_ordered', () => {
  const rule = { type: 'temporal_ordered', inputs: [failed, succeeded], timespan: 10 } as const;

  test('fires when the rules hit in the order given', () => {
    expect(seconds(fire(rule, [at(0, succeeded), at(1, failed)]))).toEqual([]);
    expect(seconds(fire(rule, [at(0, failed), at(10, succeeded)]))).toEqual([10]);
    expect(seconds(fire(rule, [at(0, failed), at(11, succeeded)]))).toEqual([]);
  });

  test('goes on firing while a chain is in the window', () => {
    const records = [at(0, failed), at(2, succeeded), at(5, failed), at(10, failed), at(11, failed)];
    const firings = fire(rule, records);
    expect(seconds(firings)).toEqual([2, 5, 10]);
    expect(firings[1]?.refs).toEqual([records[0]?.ref, records[1]?.ref]);
  });

  test('one record may be several of them, and equal times follow each other in any order', () => {
    expect(seconds(fire(rule, [at(0, [failed, succeeded])]))).toEqual([0]);
    expect(seconds(fire(rule, [at(3, succeeded), at(3, failed)]))).toEqual([3]);
    const three = { ...rule, inputs: [failed, succeeded, created] };
    expect(seconds(fire(three, [at(3, created), at(3, succeeded), at(3, failed)]))).toEqual([3]);
    expect(seconds(fire(three, [at(3, created), at(4, succeeded), at(4, failed)]))).toEqual([]);
  });

  test('a later beginning is found when the first is out of the window', () => {
    const three = { ...rule, inputs: [failed, succeeded, created] };
    const records = [at(0, failed), at(1, succeeded), at(5, failed), at(8, succeeded), at(14, created)];
    expect(fire(three, records)[0]?.refs).toEqual([2, 3, 4].map((i) => records[i]?.ref));
  });

  test('thresholds are about the number of rules when the order is met, else 0', () => {
    const records = [at(0, failed), at(1, succeeded)];
    expect(values(fire({ ...rule, when: { gte: 2 } }, records))).toEqual([2]);
    expect(values(fire({ ...rule, when: { lt: 1 } }, records))).toEqual([0]);
  });

  test('with an expression: both it and the order of the rules it names outside a negation', () => {
    const three = {
      ...rule,
      inputs: [failed, created, succeeded],
      expression: {
        kind: 'and',
        args: [named('succeeded'), named('failed'), { kind: 'not', arg: named('created') }],
      },
    } as const;
    expect(values(fire(three, [at(0, failed), at(1, succeeded)]))).toEqual([2]);
    expect(values(fire(three, [at(0, succeeded), at(1, failed)]))).toEqual([]);
    expect(values(fire(three, [at(0, failed), at(1, created), at(2, succeeded)]))).toEqual([]);
  });
});

describe('chains', () => {
  const many = makeCorrelation({
    name: 'many',
    type: 'event_count',
    inputs: [failed],
    groupBy: ['user', 'host'],
    timespan: 60,
    when: { gte: 3 },
  });

  test('failed logins followed by a successful one, as in the specification', () => {
    const text = `
title: Many failed logins, then one that succeeds
correlation:
  type: temporal_ordered
  rules: [multiple_failed_login, successful_login]
  group-by: [User]
  timespan: 10m
---
title: Multiple failed logons
name: multiple_failed_login
correlation:
  type: event_count
  rules: [failed_login]
  group-by: [User]
  timespan: 10m
  condition: { gte: 3 }
---
title: Single failed login
name: failed_login
logsource: { product: windows, service: security }
detection: { selection: { EventID: 4625 }, condition: selection }
---
title: Successful login
name: successful_login
logsource: { product: windows, service: security }
detection: { selection: { EventID: 4624 }, condition: selection }
`;
    const { set, problems } = loadRules([{ file: 'chain.yml', text }]);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const [fail, success] = set.rules as [PlannedRule, PlannedRule];
    const records = [
      ...[0, 60, 120].map((second) => at(second, fail, { User: 'ana' })),
      ...[0, 60].map((second) => at(second, fail, { User: 'ben' })),
      at(200, success, { User: 'ana' }),
      at(200, success, { User: 'ben' }),
    ];
    const firings = feed(new Correlator(set), records);
    expect(firings.map(({ rule, group }) => [rule.rule.title, group[0]?.value])).toEqual([
      ['Many failed logins, then one that succeeds', 'ana'],
    ]);
  });

  test('the outer group is read from the group of the firing, else from its record', () => {
    const outer = makeCorrelation({
      name: 'outer',
      type: 'event_count',
      inputs: [many],
      groupBy: ['user', 'site'],
      when: { gte: 1 },
    });
    const correlator = new Correlator(makeSet([many, outer], [many]));
    const event = { user: ['ana', 'ben'], host: 'web1', site: 'Ghent' };
    const firings = feed(
      correlator,
      [0, 1, 2].map((second) => at(second, failed, event)),
    );
    expect(groups(firings)).toEqual([
      ['ana', 'Ghent'],
      ['ben', 'Ghent'],
    ]);
  });

  test('silent correlations feed others but report nothing', () => {
    const outer = makeCorrelation({ name: 'outer', type: 'event_count', inputs: [many], when: { gte: 1 } });
    const records = [0, 1, 2].map((second) => at(second, failed, { user: 'ana', host: 'web1' }));
    const keys = (silent: readonly (typeof many)[]) =>
      feed(new Correlator(makeSet([many, outer], silent)), records).map(({ rule }) => rule.key);
    expect(keys([])).toEqual(['many', 'outer']);
    expect(keys([many])).toEqual(['outer']);
  });

  test('two firings of one record count once in the outer window', () => {
    const outer = makeCorrelation({ name: 'outer', type: 'event_count', inputs: [many], when: { gte: 1 } });
    const records = [0, 1, 2].map((second) => at(second, failed, { user: ['ana', 'ben'], host: 'web1' }));
    const firings = feed(new Correlator(makeSet([many, outer], [many])), records);
    expect(values(firings)).toEqual([1]);
  });

  test('the value of the firing stands in for a field the record lacks', () => {
    const outer = makeCorrelation({
      name: 'outer',
      type: 'value_sum',
      inputs: [many],
      field: 'failures',
      when: { gte: 1 },
    });
    const plain = { user: 'ana', host: 'web1' };
    const records = [
      ...[0, 1, 2, 3].map((second) => at(second, failed, plain)),
      at(4, failed, { ...plain, failures: 100 }),
    ];
    const firings = feed(new Correlator(makeSet([many, outer], [many])), records);
    expect(values(firings)).toEqual([3, 3 + 4, 3 + 4 + 100]);
  });

  test('an inner correlation is a hit at every record, whatever is reported', () => {
    const outer = makeCorrelation({ name: 'outer', type: 'event_count', inputs: [many], when: { gte: 3 } });
    const records = [0, 1, 2, 3, 4].map((second) => at(second, failed, { user: 'ana', host: 'web1' }));
    const firings = feed(new Correlator(makeSet([many, outer]), { report: 'onset' }), records);
    expect(firings.map(({ rule, value }) => [rule.key, value])).toEqual([
      ['many', 3],
      ['outer', 3],
    ]);
  });

  test('a correlation before one it reads is refused', () => {
    const outer = makeCorrelation({ name: 'outer', type: 'event_count', inputs: [many], when: { gte: 3 } });
    expect(() => new Correlator(makeSet([outer, many]))).toThrow(/comes before/);
  });
});

describe('report: onset', () => {
  const pair = { type: 'event_count', inputs: [failed], timespan: 10, when: { gte: 2 } } as const;
  const onset = { report: 'onset' } as const;

  test('reports when the condition starts to hold', () => {
    const records = [0, 1, 2, 3, 20, 21, 22].map((second) => at(second, failed));
    expect(seconds(fire(pair, records, onset))).toEqual([1, 21]);
  });

  test('starts anew after a window without records', () => {
    const always = { ...pair, when: { gte: 1 } } as const;
    const records = [0, 5, 15, 25.001].map((second) => at(second, failed));
    expect(seconds(fire(always, records, onset))).toEqual([0, 25.001]);
  });

  test('is about each group on its own', () => {
    const always = { ...pair, when: { gte: 1 }, groupBy: ['user'] } as const;
    const records = ['ana', 'ben', 'ana'].map((user, i) => at(i, failed, { user }));
    expect(groups(fire(always, records, onset))).toEqual([['ana'], ['ben']]);
  });
});

describe('order', () => {
  const ordered = { type: 'temporal_ordered', inputs: [failed, succeeded], timespan: 10 } as const;
  const make = (options: CorrelatorOptions) => new Correlator(makeSet([makeCorrelation(ordered)]), options);

  test('a record within the lateness is put in its place', () => {
    const correlator = make({ lateness: 5 });
    const late = at(3, failed);
    expect(feed(correlator, [at(4, succeeded), at(8, created), late])).toHaveLength(1);
    expect(correlator.state().lateRecords).toBe(0);
  });

  test('a record older than the watermark is left out and counted', () => {
    const correlator = make({ lateness: 5 });
    const firings = feed(correlator, [at(4, succeeded), at(8.001, created), at(3, failed)]);
    expect(firings).toEqual([]);
    expect(correlator.state().lateRecords).toBe(1);
  });

  test('firings come out when the watermark has passed their record', () => {
    const correlator = make({ lateness: 5 });
    expect(correlator.push(at(0, failed))).toEqual([]);
    expect(correlator.push(at(1, succeeded))).toEqual([]);
    expect(correlator.push(at(6, created))).toEqual([]);
    expect(correlator.state().held).toBe(1);
    expect(seconds(correlator.push(at(6.001, created)))).toEqual([1]);
    expect(correlator.state().held).toBe(0);
  });

  test('lateness 0 holds nothing back', () => {
    const correlator = make({ lateness: 0 });
    correlator.push(at(0, failed));
    expect(seconds(correlator.push(at(0, succeeded)))).toEqual([0]);
  });

  test('advance moves the watermark without a record', () => {
    const correlator = make({ lateness: 5 });
    correlator.push(at(0, failed));
    correlator.push(at(1, succeeded));
    expect(seconds(correlator.advance(start + 10_000))).toEqual([1]);
    expect(correlator.state().correlations[0]?.groups).toBe(1);
    correlator.advance(start + 100_000);
    expect(correlator.state().correlations[0]?.groups).toBe(0);
  });

  test('the array of matched rules may be used again by the caller', () => {
    const correlator = make({ lateness: 5 });
    const matched: PlannedRule[] = [failed];
    correlator.push(at(0, matched));
    matched[0] = succeeded;
    correlator.push(at(1, matched));
    matched.length = 0;
    expect(seconds([...correlator.flush()])).toEqual([1]);
  });

  test('after flush older records are late', () => {
    const correlator = make({ lateness: 5 });
    feed(correlator, [at(10, failed)]);
    correlator.push(at(9, failed));
    expect(seconds(feed(correlator, [at(10, succeeded)]))).toEqual([10]);
    expect(correlator.state().lateRecords).toBe(1);
  });

  test('records without a time, or from beyond the horizon, are left out and counted', () => {
    const correlator = make({ lateness: 5, horizon: () => start + 60_000 });
    const records = [at(0, failed), at(61, failed), at(1, succeeded)];
    const untimed = [undefined, Number.NaN, Number.POSITIVE_INFINITY].map((time) => ({
      ...at(0, failed),
      time,
    }));
    expect(seconds(feed(correlator, [...records, ...untimed]))).toEqual([1]);
    expect(correlator.state()).toMatchObject({ futureRecords: 1, untimedRecords: 3, lateRecords: 0 });
  });
});

describe('bounds', () => {
  const count = {
    type: 'event_count',
    inputs: [failed],
    groupBy: ['user'],
    timespan: 10,
    when: { gte: 2 },
  } as const;

  test('over maxGroups the group idle longest is dropped', () => {
    const correlator = new Correlator(makeSet([makeCorrelation(count)]), { maxGroups: 2 });
    const users = ['ana', 'ben', 'ana', 'cem', 'ben', 'cem'];
    const firings = feed(
      correlator,
      users.map((user, i) => at(i, failed, { user })),
    );
    expect(groups(firings)).toEqual([['ana'], ['cem']]);
    expect(correlator.state().correlations[0]).toMatchObject({ groups: 2, droppedGroups: 2 });
  });

  test.each([
    ['event_count', 8],
    ['value_count', 8],
    ['value_sum', 4],
    ['value_median', 4],
  ] as const)('over maxEntriesPerGroup the oldest entry of %s is dropped', (type, kept) => {
    const rule = makeCorrelation({ ...count, type, field: 'n', when: { gte: 7 } });
    const correlator = new Correlator(makeSet([rule]), { maxEntriesPerGroup: 4 });
    feed(
      correlator,
      Array.from({ length: 20 }, (_, i) => at(i / 10, failed, { user: 'ana', n: i })),
    );
    expect(correlator.state().correlations[0]).toMatchObject({ entries: kept, droppedEntries: 20 - kept });
  });

  test('a count can always pass its threshold', () => {
    const rule = makeCorrelation({ ...count, when: { gt: 50 } });
    const firings = feed(
      new Correlator(makeSet([rule]), { maxEntriesPerGroup: 3 }),
      Array.from({ length: 60 }, (_, i) => at(i / 10, failed, { user: 'ana' })),
    );
    expect(values(firings)).toEqual(new Array(10).fill(51));
  });

  test('a threshold above all bounds is refused', () => {
    const rule = makeCorrelation({ ...count, when: { gt: 1000 } });
    expect(() => new Correlator(makeSet([rule]), { maxEntries: 1000 })).toThrow(SigmaError);
  });

  test('over maxEntries the group idle longest is dropped, never the one at hand', () => {
    const correlator = new Correlator(makeSet([makeCorrelation(count)]), { maxEntries: 3 });
    const users = ['ana', 'ana', 'ben', 'ben', 'ben', 'ben'];
    const firings = feed(
      correlator,
      users.map((user, i) => at(i, failed, { user })),
    );
    expect(groups(firings)).toEqual([['ana'], ['ben'], ['ben'], ['ben']]);
    const [state] = correlator.state().correlations;
    expect(state).toMatchObject({ groups: 1, entries: 3, droppedGroups: 1, droppedEntries: 1 });
  });

  test('the groups of temporal rules are bounded by maxEntries too', () => {
    const rule = makeCorrelation({ ...count, type: 'temporal', inputs: [failed, succeeded], when: {} });
    const correlator = new Correlator(makeSet([rule]), { maxEntries: 10 });
    feed(
      correlator,
      Array.from({ length: 100 }, (_, i) => at(0, failed, { user: `u${i}` })),
    );
    expect(correlator.state().correlations[0]).toMatchObject({ groups: 5, entries: 10, droppedGroups: 95 });
  });

  test('over maxHeld the earliest record is taken before its time', () => {
    const correlator = new Correlator(makeSet([makeCorrelation(count)]), {
      lateness: Number.POSITIVE_INFINITY,
      maxHeld: 2,
    });
    const firings = [3, 1, 2].flatMap((second) => correlator.push(at(second, failed, { user: 'ana' })));
    expect(firings).toEqual([]);
    expect(correlator.state()).toMatchObject({ held: 2, hurriedRecords: 1 });
    correlator.push(at(0.5, failed, { user: 'ana' }));
    expect(correlator.state().lateRecords).toBe(1);
    expect(seconds([...correlator.flush()])).toEqual([2, 3]);
  });

  test('records no correlation reads are not held back', () => {
    const correlator = new Correlator(makeSet([makeCorrelation(count)]));
    for (let i = 0; i < 10; i++) correlator.push(at(i, created));
    expect(correlator.state().held).toBe(0);
  });

  test('only the newest maxRefs records are listed', () => {
    const records = Array.from({ length: 5 }, (_, i) => at(i, failed, { user: 'ana' }));
    const last = (maxRefs: number) => fire(count, records, { maxRefs }).at(-1);
    expect(last(3)).toMatchObject({ value: 5, refs: records.slice(2).map(({ ref }) => ref), refsCut: true });
    expect(last(5)).toMatchObject({ refs: records.map(({ ref }) => ref), refsCut: false });
    expect(last(0)).toMatchObject({ refs: [], refsCut: true });
    const temporal = { ...count, type: 'temporal', inputs: [failed, succeeded], when: {} } as const;
    const pair = [at(0, failed, { user: 'ana' }), at(1, succeeded, { user: 'ana' })];
    expect(fire(temporal, pair, { maxRefs: 1 })[0]).toMatchObject({ refs: [pair[1]?.ref], refsCut: true });
    expect(fire(temporal, pair, { maxRefs: 0 })[0]).toMatchObject({ refs: [], refsCut: true });
  });

  test('groups whose window has passed are forgotten', () => {
    for (const type of [
      'event_count',
      'value_count',
      'value_sum',
      'value_median',
      'temporal_ordered',
    ] as const) {
      const rule = makeCorrelation({ ...count, type, field: 'n', when: { gte: 9 } });
      const correlator = new Correlator(makeSet([rule]), { lateness: 0 });
      for (let i = 0; i < 5000; i++) correlator.push(at(i, failed, { user: `user ${i}`, n: i }));
      const [state] = correlator.state().correlations;
      expect(state?.groups).toBe(11);
      expect(state?.bytes).toBeLessThan(20_000);
    }
  });

  test('options that make no sense are refused', () => {
    for (const options of [{ lateness: -1 }, { lateness: Number.NaN }, { maxGroups: 0 }, { maxRefs: 1.5 }]) {
      expect(() => new Correlator(makeSet([]), options)).toThrow(RangeError);
    }
  });
});

describe('hostile records', () => {
  const rule = { type: 'event_count', inputs: [failed], groupBy: ['user'], when: { gte: 1 } } as const;

  test('names of the prototype are no fields and no groups of their own', () => {
    for (const field of ['__proto__', 'constructor', 'toString', 'a.__proto__.b']) {
      expect(fire({ ...rule, groupBy: [field] }, [at(0, failed, { a: {} })])).toEqual([]);
    }
    const users = ['__proto__', 'constructor', '__proto__'];
    const firings = fire(
      rule,
      users.map((user, i) => at(i, failed, { user })),
    );
    expect(values(firings)).toEqual([1, 1, 2]);
  });

  test('lone surrogates and unusual characters keep groups apart', () => {
    const users = ['\ud800', '\ud801', '\ufffd', 'é', 'e\u0301', 'É', '😀', '\u0100', '\u0000'];
    const firings = fire(
      rule,
      users.map((user, i) => at(i, failed, { user })),
    );
    expect(values(firings)).toEqual(users.map(() => 1));
  });
});
