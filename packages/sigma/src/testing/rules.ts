/** Rules made by hand. */
import type { Plan, PlannedRule } from '../plan.js';
import type { DetectionRule, LogSource, RuleHead } from '../rule.js';

export function headOf(title: string): RuleHead {
  return {
    title,
    id: title,
    references: [],
    tags: [],
    falsepositives: [],
    fields: [],
    related: [],
    custom: new Map(),
    at: { file: 'rules.yml', line: 1, column: 1 },
  };
}

export function plannedRule(title: string, plan: Plan, logsource: Partial<LogSource> = {}): PlannedRule {
  const rule: DetectionRule = {
    ...headOf(title),
    kind: 'detection',
    logsource: { custom: new Map(), ...logsource },
    detections: new Map(),
    conditions: [],
  };
  return { rule, key: title, plan, parts: new Map() };
}
