/** Conditions of correlation rules: thresholds, and boolean expressions over the rules (extended temporal). */
import { type Location, type Problem, SigmaError } from '../errors.js';
import type { Comparison, Condition, CorrelationRule } from '../rule.js';

/** Whether a condition holds, given the value and which inputs (by index) have a hit in the window. */
export type Conjunction = (value: number, seen: (input: number) => boolean) => boolean;

export function compare(op: Comparison, actual: number, wanted: number): boolean {
  switch (op) {
    case 'gt':
      return actual > wanted;
    case 'gte':
      return actual >= wanted;
    case 'lt':
      return actual < wanted;
    case 'lte':
      return actual <= wanted;
    case 'eq':
      return actual === wanted;
    case 'neq':
      return actual !== wanted;
  }
}

/** Whether a value satisfies every threshold. */
export function meetsAll(thresholds: CorrelationRule['thresholds'], value: number): boolean {
  for (const { op, value: wanted } of thresholds) if (!compare(op, value, wanted)) return false;
  return true;
}

/**
 * A boolean expression over the rules of a correlation, with the inputs it names outside a negation, in the
 * order of the rule. Throws {@link SigmaError} when it names no rule of the correlation.
 */
export function readExpression(
  rule: CorrelationRule,
  expression: Condition,
): { readonly holds: (seen: (input: number) => boolean) => boolean; readonly named: readonly number[] } {
  const named = new Set<number>();
  const holds = readPart(rule, expression, false, named);
  return { holds, named: [...named].sort((a, b) => a - b) };
}

type Part = (seen: (input: number) => boolean) => boolean;

function readPart(rule: CorrelationRule, condition: Condition, negated: boolean, named: Set<number>): Part {
  switch (condition.kind) {
    case 'not': {
      const arg = readPart(rule, condition.arg, !negated, named);
      return (seen) => !arg(seen);
    }
    case 'and':
    case 'or': {
      const args = condition.args.map((arg) => readPart(rule, arg, negated, named));
      return condition.kind === 'and'
        ? (seen) => args.every((arg) => arg(seen))
        : (seen) => args.some((arg) => arg(seen));
    }
    case 'name':
    case 'of': {
      const text = condition.kind === 'name' ? condition.name : condition.pattern;
      const inputs = inputsNamed(rule, text, condition.kind === 'of');
      if (inputs.length === 0) throw new SigmaError([unknown(rule, text, condition.at)]);
      if (!negated) for (const input of inputs) named.add(input);
      return condition.kind === 'of' && condition.quantifier === 'all'
        ? (seen) => inputs.every(seen)
        : (seen) => inputs.some(seen);
    }
  }
}

function inputsNamed(rule: CorrelationRule, text: string, isPattern: boolean): number[] {
  const fits = isPattern ? patternTest(text) : (ref: string) => ref === text;
  return rule.rules.flatMap(({ ref }, index) => (fits(ref) ? [index] : []));
}

/** `them`, or a name with `*`. Takes time proportional to both lengths at most. */
function patternTest(pattern: string): (text: string) => boolean {
  if (pattern === 'them') return () => true;
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail))
      return false;
    let at = head.length;
    for (const part of rest) {
      at = text.indexOf(part, at);
      if (at < 0) return false;
      at += part.length;
    }
    return at <= text.length - tail.length;
  };
}

function unknown(rule: CorrelationRule, name: string, at: Location): Problem {
  const message = `the condition of "${rule.title}" names "${name}", which is none of its rules`;
  return { code: 'reference', severity: 'error', message, at };
}
