import {
  formatProblem,
  type Loaded,
  type LoadedRule,
  loadRules,
  type PlannedCorrelation,
  type PlannedRule,
  type RuleSet,
  ruleKey,
} from '@rollcall/sigma';
import type { Policy } from '../model/policy.js';
import type { SigmaReason } from '../model/result.js';
import type { Pack } from './pack.js';
import { sigmaWallProblems } from './wall.js';

/** Why a rule did not run. */
export interface Refusal {
  readonly reason: SigmaReason;
  readonly why: string;
  /** What is not in the lake, where that is the reason. */
  readonly lacks?: string;
}

/** One rule of one pack, and what is to become of it. */
export interface RuleEntry {
  readonly pack: Pack;
  /** Relative to the pack. */
  readonly file: string;
  readonly loaded: LoadedRule;
  readonly planned?: PlannedRule | PlannedCorrelation;
  /** Switched off: it may still feed a correlation. */
  readonly off: boolean;
  /** The detection that looks for the same, where the rule is off for that. */
  readonly instead?: string;
  refusal?: Refusal;
}

export interface RuleBook {
  readonly entries: readonly RuleEntry[];
  readonly set: RuleSet;
}

/** Reads the rules of all packs as one set, so that filters and correlations may reach across packs. */
export function readRules(
  packs: readonly Pack[],
  policy: Policy,
  covered: ReadonlyMap<string, string> = new Map(),
): RuleBook {
  const of = new Map<string, { pack: Pack; file: string }>();
  const sources = packs.flatMap((pack) =>
    pack.sources.map(({ file, text }) => {
      const name = `${pack.id}/${file}`;
      of.set(name, { pack, file });
      return { file: name, text };
    }),
  );
  const loaded: Loaded = loadRules(sources);
  const entries: RuleEntry[] = [];
  const read = new Set<string>();
  for (const rule of loaded.rules) {
    const from = of.get(rule.file);
    if (from === undefined) continue;
    read.add(rule.file);
    const errors = rule.problems.filter((problem) => problem.severity === 'error');
    const wall = errors.length === 0 ? sigmaWallProblems(rule.rule) : [];
    const key = ruleKey(rule.rule);
    const instead = from.pack.own ? undefined : covered.get(key);
    const off = policy.sigma.rules[key] === 'off' || policy.sigma.rules[rule.rule.title] === 'off';
    const entry: RuleEntry = {
      ...from,
      loaded: rule,
      ...(rule.planned ? { planned: rule.planned } : {}),
      off: !from.pack.own && (off || instead !== undefined),
      ...(instead !== undefined && !off ? { instead } : {}),
    };
    if (errors.length > 0)
      entry.refusal = {
        reason: 'rule',
        why: errors
          .slice(0, 3)
          .map((problem) => `line ${problem.at.line}: ${problem.message}`)
          .join('; '),
      };
    else if (wall.length > 0) entry.refusal = { reason: 'wall', why: wall.join('; ') };
    entries.push(entry);
  }
  // A file of which no rule could be told apart.
  for (const [name, { pack, file }] of of) {
    const problems = loaded.problems.filter(
      (problem) => problem.at.file === name && problem.severity === 'error',
    );
    if (read.has(name) || problems.length === 0) continue;
    entries.push({
      pack,
      file,
      loaded: {
        file: name,
        rule: {
          kind: 'filter',
          title: file,
          logsource: { custom: new Map() },
          rules: 'any',
          detections: new Map(),
          conditions: [],
          references: [],
          tags: [],
          falsepositives: [],
          fields: [],
          related: [],
          custom: new Map(),
          at: { file: name, line: 1, column: 1 },
        },
        parsed: false,
        problems,
      },
      off: false,
      refusal: { reason: 'rule', why: problems.slice(0, 3).map(formatProblem).join('; ') },
    });
  }
  return { entries, set: loaded.set };
}
