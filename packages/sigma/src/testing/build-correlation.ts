/** Planned rules made by hand, for tests that start after the parser and the planner. */
import type { Location } from '../errors.js';
import type { PlannedCorrelation, PlannedRule, RuleSet } from '../plan.js';
import type { Comparison, Condition, CorrelationType, RuleHead } from '../rule.js';

export const nowhere: Location = { file: 'test.yml', line: 1, column: 1 };

function head(name: string): RuleHead {
  return {
    title: name,
    name,
    references: [],
    tags: [],
    falsepositives: [],
    fields: [],
    related: [],
    custom: new Map(),
    at: nowhere,
  };
}

/** A detection rule; what it matches is up to the test. */
export function makeRule(name: string): PlannedRule {
  return {
    rule: {
      ...head(name),
      kind: 'detection',
      logsource: { custom: new Map() },
      detections: new Map(),
      conditions: [],
    },
    key: name,
    plan: { op: 'constant', value: false },
    parts: new Map(),
  };
}

export interface CorrelationParts {
  readonly name?: string;
  readonly type: CorrelationType;
  readonly inputs: readonly (PlannedRule | PlannedCorrelation)[];
  readonly groupBy?: readonly string[];
  /** Fields read for each input, when not those of `groupBy`. */
  readonly groupFields?: readonly (readonly string[])[];
  /** Seconds. */
  readonly timespan?: number;
  readonly when?: Partial<Record<Comparison, number>>;
  readonly field?: string | readonly string[];
  readonly percentile?: number;
  readonly expression?: Condition;
}

export function makeCorrelation(parts: CorrelationParts): PlannedCorrelation {
  const name = parts.name ?? parts.type;
  const groupBy = parts.groupBy ?? [];
  return {
    rule: {
      ...head(name),
      kind: 'correlation',
      type: parts.type,
      rules: parts.inputs.map((input) => ({ ref: input.key, at: nowhere })),
      groupBy,
      aliases: new Map(),
      timespan: parts.timespan ?? 10,
      thresholds: Object.entries(parts.when ?? {}).map(([op, value]) => ({ op: op as Comparison, value })),
      countedFields: parts.field === undefined ? [] : [parts.field].flat(),
      percentile: parts.percentile ?? 50,
      ...(parts.expression === undefined ? {} : { expression: parts.expression }),
      generate: false,
    },
    key: name,
    inputs: parts.inputs,
    groupFields: parts.groupFields ?? parts.inputs.map(() => groupBy),
  };
}

/** A rule set that reports every correlation but the silent ones. */
export function makeSet(
  correlations: readonly PlannedCorrelation[],
  silent: readonly PlannedCorrelation[] = [],
): RuleSet {
  return { rules: [], correlations, silent: new Set(silent) };
}

export const named = (name: string): Condition => ({ kind: 'name', name, at: nowhere });
