/** Compares what a case says with what was observed, and two observations with each other. */
import type { Location } from '../errors.js';
import type { Expectation, Observation, RuleTestProblem } from './model.js';
import { callName, type Item, type Subject } from './subject.js';

/**
 * Every observation has to be covered by an entry, the first that fits; every entry has to cover some. `fires`
 * speaks of rules that report, `matches` of the others. `at`: the place of what no entry speaks of.
 */
export function compare(
  list: 'fires' | 'matches',
  expected: readonly Expectation[],
  observed: readonly Observation[],
  subject: Subject,
  at: Location,
): RuleTestProblem[] {
  const problems: RuleTestProblem[] = [];
  const entries: { entry: Expectation; item: Item; lines: number[] }[] = [];
  for (const entry of expected) {
    const item = subject.named.get(entry.ref);
    const message =
      item === undefined
        ? unknown(entry.ref, subject)
        : subject.reporting.has(item) === (list === 'fires')
          ? undefined
          : misplaced(entry.ref, list);
    if (message !== undefined) problems.push(problem('reference', entry.at, message));
    else if (item !== undefined) entries.push({ entry, item, lines: [] });
  }
  const strays = new Map<string, { observation: Observation; lines: number[] }>();
  for (const observation of observed) {
    const covering = entries.find(({ entry, item }) => item === observation.rule && fits(entry, observation));
    if (covering !== undefined) covering.lines.push(observation.line);
    else {
      const key = describe(observation);
      const stray = strays.get(key);
      if (stray === undefined) strays.set(key, { observation, lines: [observation.line] });
      else stray.lines.push(observation.line);
    }
  }
  for (const [text, { lines }] of strays) {
    problems.push(
      problem('unexpected', at, `${text} fires at ${records(lines)}, and the case does not say so`),
    );
  }
  for (const { entry, item, lines } of entries) {
    const name = describeEntry(item, entry);
    if (lines.length === 0) problems.push(problem('silent', entry.at, `${name} does not fire`));
    else if (entry.times !== undefined && lines.length !== entry.times) {
      const found = `${often(lines.length)}, not ${often(entry.times)}: at ${records(lines)}`;
      problems.push(problem('times', entry.at, `${name} fires ${found}`));
    } else if (entry.lines !== undefined) {
      const found = sorted(lines);
      if (found.join() !== entry.lines.join()) {
        problems.push(
          problem('lines', entry.at, `${name} fires at ${records(found)}, not at ${records(entry.lines)}`),
        );
      }
    }
  }
  return problems;
}

/** Two targets that disagree everywhere are told of so often. */
const maxDisagreements = 20;

/** What one target saw and another did not. */
export function disagreements(
  first: { readonly name: string; readonly observed: readonly Observation[] },
  second: { readonly name: string; readonly observed: readonly Observation[] },
  at: Location,
): RuleTestProblem[] {
  const keys = new Keys();
  const left = new Map(first.observed.map((observation) => [keys.of(observation), observation]));
  const right = new Map(second.observed.map((observation) => [keys.of(observation), observation]));
  const problems: RuleTestProblem[] = [];
  let unsaid = 0;
  const differ = (message: string) => {
    if (problems.length < maxDisagreements) problems.push(problem('targets', at, message));
    else unsaid++;
  };
  for (const [key, observation] of left) {
    const other = right.get(key);
    const place = `${describe(observation)} at record ${observation.line}`;
    if (other === undefined) differ(`${place}: seen by ${first.name}, not by ${second.name}`);
    else if (!near(observation.value, other.value)) {
      differ(`${place}: ${observation.value} by ${first.name}, ${other.value} by ${second.name}`);
    }
  }
  for (const [key, observation] of right) {
    if (left.has(key)) continue;
    const place = `${describe(observation)} at record ${observation.line}`;
    differ(`${place}: seen by ${second.name}, not by ${first.name}`);
  }
  if (unsaid > 0)
    problems.push(problem('targets', at, `${first.name} and ${second.name} differ ${unsaid} times more`));
  return problems;
}

function unknown(ref: string, subject: Subject): string {
  return subject.named.has(ref)
    ? `several rules are called "${ref}"`
    : `no rule of the file is called "${ref}"`;
}

function misplaced(ref: string, list: 'fires' | 'matches'): string {
  return list === 'fires'
    ? `"${ref}" reports nothing on its own: it belongs under "matches"`
    : `"${ref}" reports on its own: it belongs under "fires"`;
}

function problem(code: RuleTestProblem['code'], at: Location, message: string): RuleTestProblem {
  return { code, severity: 'error', message, at };
}

/** A group has every field the entry names, with its value. */
function fits(entry: Expectation, { group }: Observation): boolean {
  for (const [field, value] of entry.group) {
    if (!group?.some((part) => part.field === field && part.value === value)) return false;
  }
  return true;
}

/** Names observations, the same one the same way. Rules may share their key: told apart as objects. */
class Keys {
  readonly #numbers = new Map<Item, number>();

  of({ rule, line, group }: Observation): string {
    const number = this.#numbers.get(rule) ?? this.#numbers.size;
    this.#numbers.set(rule, number);
    return JSON.stringify([number, line, group?.map(({ field, value }) => [field, value]) ?? []]);
  }
}

/** Averages may differ in their last digits: sums are taken in another order. */
function near(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

function describe({ rule, group }: Observation): string {
  const name = `"${callName(rule)}"`;
  if (group === undefined || group.length === 0) return name;
  return `${name} (${group.map(({ field, value }) => `${field}: ${value}`).join(', ')})`;
}

function describeEntry(item: Item, { group }: Expectation): string {
  return describe({ rule: item, line: 0, group: [...group].map(([field, value]) => ({ field, value })) });
}

function often(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}

function sorted(lines: readonly number[]): number[] {
  return [...new Set(lines)].sort((a, b) => a - b);
}

function records(lines: readonly number[]): string {
  const all = sorted(lines);
  const shown = all.slice(0, 20).join(', ');
  return `${all.length === 1 ? 'record' : 'records'} ${shown}${all.length > 20 ? ', ...' : ''}`;
}
