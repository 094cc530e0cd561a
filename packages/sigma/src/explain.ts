/** Why a rule matched a record or did not: every condition with the values seen. Slow and plain on purpose. */
import { allScalars, type Event, readField, type Scalar } from './event.js';
import { compileTest } from './match/test.js';
import { formatPattern } from './pattern.js';
import type { Plan, PlannedRule, Test } from './plan.js';

export interface Explanation {
  readonly rule: string;
  readonly title: string;
  readonly matched: boolean;
  /** The whole condition. */
  readonly condition: ExplainedPlan;
  /** Search identifiers, each on its own. */
  readonly selections: readonly {
    readonly name: string;
    readonly matched: boolean;
    readonly detail: ExplainedPlan;
  }[];
}

export type ExplainedPlan =
  | {
      readonly op: 'and' | 'or' | 'not';
      readonly matched: boolean;
      readonly args: readonly ExplainedPlan[];
      readonly omitted?: number;
    }
  | { readonly op: 'constant'; readonly matched: boolean }
  | {
      readonly op: 'test';
      readonly matched: boolean;
      /** `null`: anywhere in the record. */
      readonly field: string | null;
      /** What was asked, in words. */
      readonly asked: string;
      /** Values seen (at most {@link maxValues}); none when the field is missing. */
      readonly seen: readonly Scalar[];
      readonly missing: boolean;
    };

/** Values shown for a test, and alternatives shown for an `or`; long values are cut. */
export const maxValues = 10;
const maxAlternatives = 20;
const maxText = 200;

export function explain(planned: PlannedRule, event: Event): Explanation {
  const condition = explainPlan(planned.plan, event);
  return {
    rule: planned.key,
    title: planned.rule.title,
    matched: condition.matched,
    condition,
    selections: [...planned.parts].map(([name, plan]) => {
      const detail = explainPlan(plan, event);
      return { name, matched: detail.matched, detail };
    }),
  };
}

function explainPlan(plan: Plan, event: Event): ExplainedPlan {
  switch (plan.op) {
    case 'constant':
      return { op: 'constant', matched: plan.value };
    case 'not': {
      const arg = explainPlan(plan.arg, event);
      return { op: 'not', matched: !arg.matched, args: [arg] };
    }
    case 'and':
    case 'or': {
      const args = plan.args.map((arg) => explainPlan(arg, event));
      const matched = plan.op === 'and' ? args.every((arg) => arg.matched) : args.some((arg) => arg.matched);
      if (args.length <= maxAlternatives) return { op: plan.op, matched, args };
      // Of a long list, what decided comes first.
      const shown = [...args]
        .sort((a, b) => decides(plan.op, b) - decides(plan.op, a))
        .slice(0, maxAlternatives);
      return { op: plan.op, matched, args: shown, omitted: args.length - shown.length };
    }
    case 'keyword': {
      const values = allScalars(event);
      const matched = compileTest(plan.test)(values, event);
      return {
        op: 'test',
        matched,
        field: null,
        asked: describeTest(plan.test),
        seen: values.slice(0, maxValues).map(cut),
        missing: values.length === 0,
      };
    }
    case 'test': {
      const { present, empty, values } = readField(event, plan.field);
      const { test } = plan;
      const matched =
        test.kind === 'exists' ? present : test.kind === 'absent' ? empty : compileTest(test)(values, event);
      return {
        op: 'test',
        matched,
        field: plan.field,
        asked: describeTest(test),
        seen: values.slice(0, maxValues).map(cut),
        missing: !present,
      };
    }
  }
}

function decides(op: 'and' | 'or', arg: ExplainedPlan): number {
  return Number(arg.matched === (op === 'or'));
}

function cut(value: Scalar): Scalar {
  return typeof value === 'string' && value.length > maxText ? `${value.slice(0, maxText)}…` : value;
}

/** A test in words. */
export function describeTest(test: Test): string {
  switch (test.kind) {
    case 'absent':
      return 'is missing or null';
    case 'exists':
      return 'is there';
    case 'string':
      return `is like ${JSON.stringify(formatPattern(test.pattern))}${test.cased ? ', same case' : ''}${test.dash ? ', any dash' : ''}`;
    case 'regex': {
      const flags = `${test.ignoreCase ? 'i' : ''}${test.multiline ? 'm' : ''}${test.dotAll ? 's' : ''}`;
      return `contains a match of /${test.source}/${flags}`;
    }
    case 'number':
      return `is ${{ lt: '<', lte: '≤', gt: '>', gte: '≥' }[test.op]} ${test.value}`;
    case 'cidr':
      return `is in ${test.network.text}`;
    case 'field':
      return `${test.relation} the field ${test.other}${test.cased ? ', same case' : ''}`;
    case 'time':
      return `has a ${test.part} ${{ lt: '<', lte: '≤', gt: '>', gte: '≥', eq: '=' }[test.op]} ${test.value}`;
  }
}

/** The explanation as text: one line a condition, ✓ or ✗ before it. */
export function formatExplanation(explanation: Explanation): string {
  const lines = [`${explanation.matched ? '✓' : '✗'} ${explanation.title} (${explanation.rule})`];
  const write = (plan: ExplainedPlan, depth: number): void => {
    const lead = `${'  '.repeat(depth)}${plan.matched ? '✓' : '✗'} `;
    if (plan.op === 'constant') lines.push(`${lead}always ${plan.matched}`);
    else if (plan.op === 'test') {
      const seen = plan.missing
        ? 'no such field'
        : `seen: ${plan.seen.map((value) => JSON.stringify(value)).join(', ')}`;
      lines.push(`${lead}${plan.field ?? 'anything'} ${plan.asked}; ${seen}`);
    } else {
      lines.push(`${lead}${{ and: 'all of', or: 'one of', not: 'not' }[plan.op]}`);
      for (const arg of plan.args) write(arg, depth + 1);
      if (plan.omitted !== undefined) lines.push(`${'  '.repeat(depth + 1)}… ${plan.omitted} more`);
    }
  };
  for (const { name, detail } of explanation.selections) {
    lines.push(`  ${detail.matched ? '✓' : '✗'} ${name}`);
    write(detail, 2);
  }
  return lines.join('\n');
}
