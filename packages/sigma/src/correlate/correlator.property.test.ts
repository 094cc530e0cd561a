/** The streaming engine against the naive evaluator, on timelines of every kind. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlannedCorrelation } from '../plan.js';
import { correlationTypes } from '../rule.js';
import { makeCorrelation, makeSet } from '../testing/build-correlation.js';
import { isChain, naiveCorrelate } from '../testing/naive-correlate.js';
import { correlation, rules, timeline } from '../testing/timelines.js';
import { Correlator } from './correlator.js';
import type { CorrelatorOptions } from './options.js';
import type { CorrelationRecord, Firing } from './types.js';

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
