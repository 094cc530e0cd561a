/** Correlations and timelines for property tests, made so that many windows hold and many times are equal. */
import fc from 'fast-check';
import type { CorrelationRecord } from '../correlate/types.js';
import type { PlannedCorrelation, PlannedRule } from '../plan.js';
import type { Comparison, Condition, CorrelationType } from '../rule.js';
import { makeCorrelation, makeRule, named, nowhere } from './build-correlation.js';

export const rules = ['rule_a', 'rule_b', 'other_c'].map(makeRule);

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
export function correlation(
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
export const timeline: fc.Arbitrary<CorrelationRecord[]> = fc
  .array(
    fc.record({
      time: fc.integer({ min: 0, max: 24 }).map((half) => 1_700_000_000_000 + half * 500),
      event,
      matched: fc.subarray(rules),
    }),
    { maxLength: 30 },
  )
  .map((records) => records.map((record, ref) => ({ ...record, ref })));
