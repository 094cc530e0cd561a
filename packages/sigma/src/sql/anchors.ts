/**
 * Anchors: for a plan, tests of which at least one holds whenever the plan does, in a form that is answered
 * by the folded text of one field. They decide cheaply which rules a row is worth evaluating for.
 */
import { fold, foldDashes, many, type Pattern } from '../pattern.js';
import type { Plan, RegexTest, StringTest, Test } from '../plan.js';
import { parseRegex, requiredTexts } from '../regex-tree.js';

export interface Anchor {
  readonly field: string;
  /** What the folded text of a value of the field has to fit: one of these. */
  readonly patterns: readonly Pattern[];
}

/** Anchors of a plan, or `undefined` when it may hold without any. Empty: it cannot hold. */
export function anchorsOf(plan: Plan): readonly Anchor[] | undefined {
  switch (plan.op) {
    case 'constant':
      return plan.value ? undefined : [];
    case 'test':
      return testAnchor(plan.field, plan.test);
    case 'and': {
      let best: readonly Anchor[] | undefined;
      for (const arg of plan.args) {
        const anchors = anchorsOf(arg);
        if (anchors !== undefined && (best === undefined || likelihood(anchors) < likelihood(best)))
          best = anchors;
      }
      return best;
    }
    case 'or': {
      const all: Anchor[] = [];
      for (const arg of plan.args) {
        const anchors = anchorsOf(arg);
        if (anchors === undefined) return undefined;
        all.push(...anchors);
      }
      return all;
    }
    default:
      return undefined;
  }
}

function testAnchor(field: string, test: Test): readonly Anchor[] | undefined {
  const patterns =
    test.kind === 'string' ? stringPatterns(test) : test.kind === 'regex' ? regexPatterns(test) : undefined;
  return patterns === undefined ? undefined : [{ field, patterns }];
}

function stringPatterns({ pattern, dash }: StringTest): Pattern[] | undefined {
  const folded = pattern.map((part) => (typeof part === 'string' ? fold(part) : part));
  if (!dash)
    return folded.some((part) => typeof part === 'string') || folded.length === 0 ? [folded] : undefined;
  // A dash may stand as another one in the value: what is between dashes has to be there as it is.
  const pieces = folded.flatMap((part) => (typeof part === 'string' ? foldDashes(part).split('-') : []));
  const longest = pieces.reduce((a, b) => (b.length > a.length ? b : a), '');
  return longest === '' ? undefined : [[many, longest, many]];
}

function regexPatterns(test: RegexTest): Pattern[] | undefined {
  const tree = parseRegex(test.source);
  const texts = tree === undefined ? undefined : requiredTexts(tree, test.ignoreCase);
  return texts?.map((text) => [many, fold(text), many]);
}

/** The longest text of a pattern; empty for none. */
export function longestText(pattern: Pattern): string {
  return pattern.reduce<string>((a, b) => (typeof b === 'string' && b.length > a.length ? b : a), '');
}

/** A guess at the share of rows that fit one of the anchors. */
function likelihood(anchors: readonly Anchor[]): number {
  let sum = 0;
  for (const { patterns } of anchors) for (const pattern of patterns) sum += share(pattern);
  return sum;
}

/** Long texts are rare, and rarer in one place than anywhere. */
function share(pattern: Pattern): number {
  const bits = Math.min(longestText(pattern).length, 12);
  const anywhere = pattern[0] === many && pattern.at(-1) === many;
  return 2 ** -(anywhere ? bits : bits + 4);
}
