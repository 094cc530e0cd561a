/** Rules run in a slow way, as a target for rule tests: what fast targets are held against. */
import { eventTime } from '../correlate/index.js';
import type { Event } from '../event.js';
import type { PlannedRule, RuleSet } from '../plan.js';
import type { Observation, RuleTestTarget } from '../rule-tests/index.js';
import { evaluate } from './naive.js';
import { naiveCorrelate } from './naive-correlate.js';

/** Rules and correlations the obvious way. */
export const naiveTarget: RuleTestTarget = {
  name: 'naive',
  run: (set, records) =>
    observe(
      set,
      records,
      records.map((event) => set.rules.filter(({ plan }) => evaluate(plan, event))),
    ),
};

/** `matched`: the rules each record matched. */
function observe(
  set: RuleSet,
  records: readonly Event[],
  matched: readonly (readonly PlannedRule[])[],
): Observation[] {
  const timed = records.flatMap((event, i) => {
    const time = eventTime(event);
    return time === undefined ? [] : [{ ref: i + 1, event, time, matched: matched[i] ?? [] }];
  });
  return [
    ...matched.flatMap((rules, i) => rules.map((rule) => ({ rule, line: i + 1 }))),
    ...naiveCorrelate(set.correlations, timed).map(({ rule, ref, group, value }) => ({
      rule,
      line: ref,
      group,
      value,
    })),
  ];
}
