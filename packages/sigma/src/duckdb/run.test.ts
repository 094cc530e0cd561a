import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../event.js';
import { loadRules } from '../load.js';
import type { Plan, PlannedRule, RuleSet } from '../plan.js';
import { Run } from '../run.js';
import { eventArbitrary, planArbitrary } from '../testing/arbitrary.js';
import { cases, ruleWith } from '../testing/cases.js';
import { evaluate } from '../testing/naive.js';
import { checkSql, matchBatches } from './run.js';

const [base] = loadRules([{ file: 'r.yml', text: ruleWith('a: 1') }]).set.rules;

function setOf(plans: readonly Plan[]): RuleSet {
  const rules = plans.map((plan, i): PlannedRule => ({ ...(base as PlannedRule), key: `rule ${i}`, plan }));
  return { rules, correlations: [], silent: new Set() };
}

async function hits(set: RuleSet, events: readonly Event[]): Promise<string[]> {
  const batch = events.map((event, i) => ({ line: i + 1, event }));
  const result = await matchBatches(set, [batch], { threads: 1 });
  return result.hits.map(({ rule, line }) => `${line} ${rule.key}`);
}

describe('matchBatches', () => {
  it('gives every case of the shared suite the answer the matcher gives', async () => {
    const sets = cases.map(
      ([, detection]) => loadRules([{ file: 'r.yml', text: ruleWith(detection) }]).set.rules[0],
    );
    const wrong: string[] = [];
    for (const [i, [name, , event, expected]] of cases.entries()) {
      const set: RuleSet = { rules: [sets[i] as PlannedRule], correlations: [], silent: new Set() };
      const found = (await hits(set, [event])).length === 1;
      if (found !== expected) wrong.push(name);
    }
    expect(wrong).toEqual([]);
  });

  it('finds what the plain evaluator finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(planArbitrary, { minLength: 1, maxLength: 15 }),
        fc.array(eventArbitrary, { minLength: 1, maxLength: 20 }),
        async (plans, events) => {
          const set = setOf(
            plans.filter((plan) => checkSql({ ...(base as PlannedRule), plan }).length === 0),
          );
          const expected = events.flatMap((event, i) =>
            set.rules.filter(({ plan }) => evaluate(plan, event)).map(({ key }) => `${i + 1} ${key}`),
          );
          expect(await hits(set, events)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('runs correlations, filters by log source and reports bad lines as the matcher does', async () => {
    const text = `title: One
name: one
logsource: {product: okta}
detection: {s: {type: failed}, condition: s}
---
title: Many
id: 0e95725d-7320-415d-80f7-004da920fc11
correlation:
    type: value_count
    rules: [one]
    group-by: [user]
    timespan: 1h
    condition: {field: ip, gte: 2}
---
title: Many, then in
correlation:
    type: temporal_ordered
    rules: [0e95725d-7320-415d-80f7-004da920fc11, in]
    group-by: [user]
    timespan: 2h
    generate: true
---
title: In
name: in
logsource: {product: okta}
detection: {s: {type: ok}, condition: s}
`;
    const { set, problems } = loadRules([{ file: 'c.yml', text }]);
    expect(problems).toEqual([]);
    const events: Event[] = [
      { time: '2026-01-01T10:00:00Z', type: 'failed', user: 'a', ip: '192.0.2.1', from: 'okta' },
      { time: '2026-01-01T10:30:00Z', type: 'failed', user: 'a', ip: '192.0.2.2', from: 'okta' },
      { time: '2026-01-01T10:31:00Z', type: 'failed', user: 'a', ip: '192.0.2.3', from: 'other' },
      { time: '2026-01-01T11:00:00Z', type: 'ok', user: 'a', from: 'okta' },
      { time: '2026-01-01T12:00:00Z', type: 'failed', user: 'b', ip: '192.0.2.2', from: 'okta' },
    ];
    const source = (event: Event) => ({ product: String(event.from) });
    const run = new Run(set, { source });
    const direct = [...events.flatMap((event, i) => run.push(event, i + 1)), ...run.end().hits];
    const lines = [...events.map((event, i) => ({ line: i + 1, event })), { line: 6, problem: 'not JSON' }];
    const sql = await matchBatches(set, [lines], { source });
    const plain = (hit: (typeof direct)[0]) =>
      hit.kind === 'match'
        ? [hit.rule.key, hit.line]
        : [hit.rule.key, hit.line, hit.group, hit.time, hit.value];
    expect(sql.hits.map(plain)).toEqual(direct.map(plain));
    expect(direct.map(({ rule }) => rule.rule.title)).toEqual(['In', 'Many', 'Many, then in']);
    expect(sql.problems).toEqual([{ line: 6, message: 'not JSON' }]);
  });

  it('keeps hostile names and values out of its statements', async () => {
    const quote = `x'); DROP TABLE records; --`;
    const rule = ruleWith(`"a'\\"; DROP": "${quote}"`);
    const { set, problems } = loadRules([{ file: 'h.yml', text: rule }]);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const name = `a'"; DROP`;
    expect(await hits(set, [{ [name]: quote }, { other: 1 }])).toHaveLength(1);
  });

  it('works through batches with new fields, and through nothing', async () => {
    const { set } = loadRules([
      { file: 'a.yml', text: ruleWith("a|contains: 'x'\nb: null") },
      { file: 'b.yml', text: ruleWith("'|all':\n    - 'x'\n    - 'late'") },
    ]);
    const events: Event[] = Array.from({ length: 5000 }, (_, i) =>
      i < 3000 ? { a: `x${i}` } : { a: 'x', b: 1, c: 'late' },
    );
    const found = await hits(set, events);
    expect(found).toHaveLength(5000);
    expect(await hits(set, [])).toEqual([]);
    expect(await hits({ rules: [], correlations: [], silent: new Set() }, [{ a: 1 }])).toEqual([]);
  });
});
