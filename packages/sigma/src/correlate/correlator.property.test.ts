/** The streaming engine against the naive evaluator, on timelines of every kind. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlannedCorrelation, PlannedRule } from '../plan.js';
import { type Comparison, type Condition, type CorrelationType, correlationTypes } from '../rule.js';
import { makeCorrelation, makeRule, makeSet, named, nowhere } from '../testing/build-correlation.js';
import { isChain, naiveCorrelate } from '../testing/naive-correlate.js';
import { Correlator } from './correlator.js';
import type { CorrelatorOptions } from './options.js';
import type { CorrelationRecord, Firing } from './types.js';

const rules = ['rule_a', 'rule_b', 'other_c'].map(makeRule);

const comparison = fc.constantFrom<Comparison>('gt', 'gte', 'lt', 'lte', 'eq', 'neq');
const thresholds = fc.dictionary(comparison, fc.integer({ min: -1, max: 5 }), { maxKeys: 2 });

function expressions(names: readonly string[]): fc.Arbitrary<Condition> {
  const leaf = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names).map(named) },
    fc.record({
      kind: fc.constant('of' as const),
      quantifier: fc.constantFrom('any' as const, 'all' as const),
      pattern: fc.constantFrom('them', `${names[0]?.slice(0, 2)}*`),
      at: fc.constant(nowhere),
    }),
  );
  return fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      leaf,
      fc.record({ kind: fc.constant('not' as const), arg: tie('node') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        args: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  })).node;
}

/** A correlation over some of the inputs. */
function correlation(
  name: string,
  type: CorrelationType,
  inputs: readonly (PlannedRule | PlannedCorrelation)[],
): fc.Arbitrary<PlannedCorrelation> {
  const isTemporal = type.startsWith('temporal');
  return fc
    .record({
      inputs: fc.array(fc.constantFrom(...inputs), { minLength: 1, maxLength: 3 }),
      groupBy: fc.uniqueArray(fc.constantFrom('user', 'host.name', 'who'), { maxLength: 2 }),
      timespan: fc.constantFrom(0, 1, 2, 4),
      when: thresholds,
      field: fc.constantFrom<string | string[]>('n', 'host.name', ['n', 'user']),
      percentile: fc.constantFrom(0, 10, 50, 95, 100),
      extended: fc.constantFrom(true, false),
    })
    .chain(({ extended, ...parts }) => {
      const names = parts.inputs.map((input) => input.key);
      const expression: fc.Arbitrary<Condition | undefined> =
        isTemporal && extended ? expressions(names) : fc.constant(undefined);
      return expression.map((condition) => {
        const when = Object.keys(parts.when).length > 0 || isTemporal ? parts.when : { gte: 2 };
        // `who` is an alias: every input has its own field for it.
        const groupFields = parts.inputs.map((_, index) =>
          parts.groupBy.map((field) => (field === 'who' ? (index === 1 ? 'user' : 'actor') : field)),
        );
        return makeCorrelation({
          ...parts,
          name,
          type,
          when,
          groupFields,
          ...(condition === undefined ? {} : { expression: condition }),
        });
      });
    });
}

const name = fc.constantFrom('ana', 'ben');
const names = fc.oneof({ weight: 6, arbitrary: name }, fc.array(name, { maxLength: 3 }));
const counted = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 5 }) },
  fc.constantFrom<unknown>('2', '2.0', 'x', null, true, '1e999', -0),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
);
const event = fc.record(
  {
    user: names,
    actor: name,
    host: fc.record({ name: fc.constantFrom('web', 'db', 7) }, { requiredKeys: [] }),
    n: counted,
  },
  { requiredKeys: ['actor'], noNullPrototype: true },
);

/** Records in order of `ref`, close in time, often at the same. */
const timeline: fc.Arbitrary<CorrelationRecord[]> = fc
  .array(
    fc.record({
      time: fc.integer({ min: 0, max: 24 }).map((half) => 1_700_000_000_000 + half * 500),
      event,
      matched: fc.subarray(rules),
    }),
    { maxLength: 30 },
  )
  .map((records) => records.map((record, ref) => ({ ...record, ref })));

function run(
  correlations: readonly PlannedCorrelation[],
  records: readonly CorrelationRecord[],
  options: CorrelatorOptions,
): Firing[] {
  const correlator = new Correlator(makeSet(correlations), options);
  const firings = records.flatMap((record) => correlator.push(record));
  firings.push(...correlator.flush());
  expect(correlator.state().lateRecords).toBe(0);
  return firings;
}

/** What both evaluators have to agree on. Which chain is listed for an order met in several ways is open. */
function comparable(firing: Pick<Firing, 'rule' | 'group' | 'time' | 'ref' | 'value' | 'refs'>): unknown {
  const { rule, group, time, ref, value, refs } = firing;
  const isOrdered = rule.rule.type === 'temporal_ordered';
  return { rule: rule.key, group, time, ref, value, refs: isOrdered ? [] : refs };
}

function expectSame(
  correlations: readonly PlannedCorrelation[],
  records: readonly CorrelationRecord[],
  arrival: readonly CorrelationRecord[],
  options: CorrelatorOptions,
): void {
  const timed = records as readonly (CorrelationRecord & { time: number })[];
  const wanted = naiveCorrelate(correlations, timed, options.report);
  expect(run(correlations, arrival, options).map(comparable)).toEqual(wanted.map(comparable));
}

const report = fc.constantFrom<'each' | 'onset'>('each', 'onset');

test.each(correlationTypes)('%s fires as the naive evaluator, whatever the order of arrival', (type) => {
  const scenario = fc
    .tuple(correlation('inner', type, rules), timeline, report)
    .chain(([planned, records, how]) =>
      fc.record({
        planned: fc.constant(planned),
        records: fc.constant(records),
        arrival: fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
        how: fc.constant(how),
      }),
    );
  fc.assert(
    fc.property(scenario, ({ planned, records, arrival, how }) => {
      expectSame([planned], records, arrival, { lateness: Number.POSITIVE_INFINITY, report: how });
    }),
    { numRuns: 400 },
  );
});

test.each(correlationTypes)('chains whose outermost rule is %s fire as the naive evaluator', (type) => {
  const chain = fc
    .constantFrom(...correlationTypes)
    .chain((innerType) => correlation('inner', innerType, rules))
    .chain((inner) =>
      fc
        .constantFrom(...correlationTypes)
        .chain((middleType) => correlation('middle', middleType, [...rules, inner]))
        .chain((middle) =>
          correlation('outer', type, [...rules, inner, middle, middle]).map((outer) => [
            inner,
            middle,
            outer,
          ]),
        ),
    );
  fc.assert(
    fc.property(chain, timeline, report, (correlations, records, how) => {
      expectSame(correlations, records, records, { lateness: Number.POSITIVE_INFINITY, report: how });
    }),
    { numRuns: 400 },
  );
});

test('records that are late by less than the lateness change nothing', () => {
  const correlations = correlationTypes.map((type, index) =>
    makeCorrelation({
      name: type,
      type,
      inputs: index % 2 === 0 ? rules : rules.slice(0, 2),
      groupBy: index % 3 === 0 ? [] : ['user'],
      timespan: 2,
      field: 'n',
      ...(type.startsWith('temporal') ? {} : { when: { gte: 3 } }),
    }),
  );
  const delayed = timeline.chain((records) =>
    fc
      .array(fc.integer({ min: 0, max: 2999 }), { minLength: records.length, maxLength: records.length })
      .map((delays) => {
        const arrivals = records.map((record, i) => ({ record, at: (record.time ?? 0) + (delays[i] ?? 0) }));
        return { records, arrival: arrivals.sort((a, b) => a.at - b.at).map(({ record }) => record) };
      }),
  );
  fc.assert(
    fc.property(delayed, ({ records, arrival }) => {
      expectSame(correlations, records, arrival, { lateness: 3 });
    }),
    { numRuns: 400 },
  );
});

test('records in order need no lateness', () => {
  const correlations = correlationTypes.map((type) =>
    makeCorrelation({
      name: type,
      type,
      inputs: rules,
      groupBy: ['user'],
      timespan: 1,
      field: 'n',
      when: { gt: 1 },
    }),
  );
  fc.assert(
    fc.property(timeline, (records) => {
      const inOrder = [...records].sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || a.ref - b.ref);
      expectSame(correlations, records, inOrder, { lateness: 0 });
    }),
    { numRuns: 300 },
  );
});

test('the records listed for temporal_ordered are a chain in the window', () => {
  const ordered = correlation('ordered', 'temporal_ordered', rules).filter(
    ({ rule }) => rule.thresholds.length === 0 && rule.expression === undefined,
  );
  fc.assert(
    fc.property(ordered, timeline, (planned, records) => {
      const timed = records as (CorrelationRecord & { time: number })[];
      for (const firing of run([planned], records, { lateness: Number.POSITIVE_INFINITY })) {
        expect(isChain(planned, timed, firing.refs)).toBe(true);
        for (const ref of firing.refs) {
          const time = timed[ref]?.time ?? 0;
          expect(time).toBeGreaterThanOrEqual(firing.time - planned.rule.timespan * 1000);
          expect(time).toBeLessThanOrEqual(firing.time);
        }
      }
    }),
    { numRuns: 600 },
  );
});
