import { type Event, loadRules, type Plan, readField } from '@rollcall/sigma';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, isAlways, possible, weaken } from './prefilter.js';

function planOf(detection: string): Plan {
  const text = `title: T\nlogsource: { product: okta }\ndetection:\n${detection}\n`;
  const [rule] = loadRules([{ file: 'a.yml', text }]).set.rules;
  if (rule === undefined) throw new Error('no rule');
  return rule.plan;
}

const column = (field: string) => field === 'col' || field === 'col2';

describe('what a plan says of columns', () => {
  it.each([
    ['  s: { col: a, raw: b }\n  condition: s', ['col']],
    ['  s: { col: a }\n  t: { col2: b }\n  condition: s or t', ['col', 'col2']],
    ['  s: { col: a }\n  t: { raw: b }\n  condition: s or t', []],
    ['  s: { col: a }\n  t: { raw: b }\n  condition: s and not t', ['col']],
    ['  s: { raw: a }\n  t: { col: b }\n  condition: s and not t', ['col']],
    ['  s: { raw: a }\n  condition: not s', []],
    ['  s: [word]\n  t: { col: a }\n  condition: s and t', ['col']],
    ['  s:\n    col|fieldref: raw\n  condition: s', []],
  ])('%s', (detection, fields) => {
    const weak = weaken(planOf(detection), column);
    expect([...fieldsOf(weak).fields.keys()].sort()).toEqual(fields);
    expect(isAlways(weak)).toBe(fields.length === 0);
  });

  it('holds whenever the plan does', () => {
    const test = fc.tuple(fc.constantFrom('col', 'col2', 'raw'), fc.constantFrom('a', 'b')).map(
      ([field, text]): Plan => ({
        op: 'test',
        field,
        test: { kind: 'string', pattern: [text], cased: true, dash: false },
      }),
    );
    const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
      plan: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        test,
        fc.array(tie('plan'), { minLength: 1, maxLength: 3 }).map((args): Plan => ({ op: 'and', args })),
        fc.array(tie('plan'), { minLength: 1, maxLength: 3 }).map((args): Plan => ({ op: 'or', args })),
        tie('plan').map((arg): Plan => ({ op: 'not', arg })),
      ),
    }));
    const value = fc.constantFrom('a', 'b', 'c');
    const event = fc.record({ col: value, col2: value, raw: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(plan, event, (made, record) => {
        if (holds(made, record)) {
          expect(holds(weaken(made, column), record)).toBe(true);
          expect(possible(made, (field) => Object.hasOwn(record, field))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** Plain evaluation of the plans made above. */
function holds(plan: Plan, event: Event): boolean {
  switch (plan.op) {
    case 'constant':
      return plan.value;
    case 'and':
      return plan.args.every((arg) => holds(arg, event));
    case 'or':
      return plan.args.some((arg) => holds(arg, event));
    case 'not':
      return !holds(plan.arg, event);
    case 'test': {
      const wanted = plan.test.kind === 'string' ? plan.test.pattern[0] : undefined;
      return readField(event, plan.field).values.some((value) => value === wanted);
    }
    case 'keyword':
      return false;
  }
}
