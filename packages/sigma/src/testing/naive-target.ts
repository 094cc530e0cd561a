/** Rules run the obvious, slow way, as a target for rule tests: what fast targets are held against. */
import { eventTime } from '../correlate/index.js';
import type { RuleTestTarget } from '../rule-tests/index.js';
import { evaluate } from './naive.js';
import { naiveCorrelate } from './naive-correlate.js';

export const naiveTarget: RuleTestTarget = {
  name: 'naive',
  run(set, records) {
    const matched = records.map((event, i) => ({
      ref: i + 1,
      event,
      time: eventTime(event),
      matched: set.rules.filter(({ plan }) => evaluate(plan, event)),
    }));
    const timed = matched.flatMap((record) =>
      record.time === undefined ? [] : [{ ...record, time: record.time }],
    );
    return [
      ...matched.flatMap(({ ref, matched: rules }) => rules.map((rule) => ({ rule, line: ref }))),
      ...naiveCorrelate(set.correlations, timed).map(({ rule, ref, group, value }) => ({
        rule,
        line: ref,
        group,
        value,
      })),
    ];
  },
};
