/** Whether cases make a rule fire, and come near it without its firing. */
import type { Event } from '../event.js';
import { Matcher } from '../match/matcher.js';
import { isCorrelation, type Plan, type PlannedRule } from '../plan.js';
import type { Observation, RuleTestProblem } from './model.js';
import { callName, type Item, type Subject } from './subject.js';

/** Gathers, case by case, what the rules of a file did. */
export class Coverage {
  readonly #subject: Subject;
  readonly #fired = new Set<Item>();
  readonly #missed = new Set<Item>();
  readonly #leaves: ReadonlyMap<PlannedRule, readonly PlannedRule[]>;
  readonly #matcher: Matcher;

  constructor(subject: Subject) {
    this.#subject = subject;
    const leaves = new Map<PlannedRule, readonly PlannedRule[]>();
    for (const item of subject.reporting) if (!isCorrelation(item)) leaves.set(item, leavesOf(item));
    this.#leaves = leaves;
    this.#matcher = new Matcher([...leaves.values()].flat(), { index: 'none' });
  }

  add(records: readonly Event[], observed: readonly Observation[]): void {
    const seen = new Set<Item>(observed.map(({ rule }) => rule));
    const touched = new Set<PlannedRule>();
    if (this.#leaves.size > 0) {
      for (const record of records) for (const leaf of this.#matcher.match(record)) touched.add(leaf);
    }
    for (const item of this.#subject.reporting) {
      if (seen.has(item)) this.#fired.add(item);
      else if (isCorrelation(item) ? reaches(item, seen) : this.#isNear(item, records, touched)) {
        this.#missed.add(item);
      }
    }
  }

  /** What no case shows, at the rule it is about. */
  problems(): RuleTestProblem[] {
    const out: RuleTestProblem[] = [];
    const lack = (item: Item, message: string) =>
      out.push({ code: 'uncovered', severity: 'error', message, at: item.rule.at });
    for (const item of this.#subject.reporting) {
      if (!this.#fired.has(item)) lack(item, `no case makes "${callName(item)}" fire`);
      if (!this.#missed.has(item)) lack(item, `no case comes near "${callName(item)}" without its firing`);
    }
    return out;
  }

  /** Some of the rule's tests held; a rule of one test has no part that could. */
  #isNear(rule: PlannedRule, records: readonly Event[], touched: ReadonlySet<PlannedRule>): boolean {
    const leaves = this.#leaves.get(rule) ?? [];
    if (leaves.length <= 1) return records.length > 0;
    return leaves.some((leaf) => touched.has(leaf));
  }
}

/** Some rule it reads, at any depth, matched. */
function reaches(item: Item, seen: ReadonlySet<Item>): boolean {
  return isCorrelation(item) && item.inputs.some((input) => seen.has(input) || reaches(input, seen));
}

/** One rule for each test of a rule. */
function leavesOf(rule: PlannedRule): PlannedRule[] {
  const out: PlannedRule[] = [];
  const visit = (plan: Plan): void => {
    if (plan.op === 'and' || plan.op === 'or') for (const arg of plan.args) visit(arg);
    else if (plan.op === 'not') visit(plan.arg);
    else if (plan.op !== 'constant') out.push({ ...rule, plan });
  };
  visit(rule.plan);
  return out;
}
