/** The rules a test file is about, and everything they read. */
import type { Loaded } from '../load.js';
import { isCorrelation, type PlannedCorrelation, type PlannedRule, type RuleSet } from '../plan.js';
import { ruleKey } from '../rule.js';

export type Item = PlannedRule | PlannedCorrelation;

export interface Subject {
  /** With nothing silent, so that what feeds correlations is seen too. */
  readonly set: RuleSet;
  /** Rules of the file that report on their own. */
  readonly reporting: ReadonlySet<Item>;
  /** By id, name and title; `undefined`: several rules are called so. */
  readonly named: ReadonlyMap<string, Item | undefined>;
}

/** The rules of one file that can run, with those of other files they refer to. */
export function subjectOf(loaded: Loaded, file: string): Subject {
  const own = new Set<Item>();
  for (const rule of loaded.rules) {
    if (rule.file === file && rule.planned !== undefined) own.add(rule.planned);
  }
  const all = new Set<Item>();
  const add = (item: Item): void => {
    if (all.has(item)) return;
    all.add(item);
    if (isCorrelation(item)) for (const input of item.inputs) add(input);
  };
  for (const item of own) add(item);
  const { set } = loaded;
  const named = new Map<string, Item | undefined>();
  for (const item of all) {
    const { id, name, title } = item.rule;
    for (const ref of new Set([id, name, title])) {
      if (ref !== undefined && ref !== '') named.set(ref, named.has(ref) ? undefined : item);
    }
  }
  return {
    set: {
      rules: set.rules.filter((rule) => all.has(rule)),
      correlations: set.correlations.filter((rule) => all.has(rule)),
      silent: new Set(),
    },
    reporting: new Set([...own].filter((item) => !set.silent.has(item))),
    named,
  };
}

/** What a rule is called in messages: by its name where it has one. */
export function callName(item: Item): string {
  return item.rule.name ?? item.rule.title ?? ruleKey(item.rule);
}
