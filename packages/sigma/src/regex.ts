/**
 * Regular expressions that cannot hang. The syntax is RE2's (a superset of what the specification allows;
 * look-around and back-references are in neither), so every expression can be run in linear time, by
 * `re2js`. That engine is slow in JavaScript; where the shape of an expression and the length of the text
 * bound the work of the built-in backtracking one, that one is used. Both mean the same (property-tested).
 */
import { RE2JS } from 're2js';
import type { RegexTest } from './plan.js';
import { hasBoundary, isAnchored, type Node, parseRegex, worstEffort, writeNative } from './regex-tree.js';

/** Longer expressions are refused. */
export const maxRegexLength = 4096;
/** Steps the backtracking engine may be made to take at worst; more goes to the linear one. */
const maxSteps = 4_000_000;

function flagsOf(test: RegexTest): number {
  return (
    (test.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (test.multiline ? RE2JS.MULTILINE : 0) |
    (test.dotAll ? RE2JS.DOTALL : 0)
  );
}

/** Why the expression cannot be run, or `undefined` when it can. */
export function regexProblem(test: RegexTest): string | undefined {
  if (test.source.length > maxRegexLength) return `longer than ${maxRegexLength} characters`;
  if (parseRegex(test.source) !== undefined) return undefined;
  try {
    RE2JS.compile(test.source, flagsOf(test));
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return /\(\?<?[=!]/.test(test.source)
      ? `look-around cannot be run in linear time (${message})`
      : message.replace(/\s+/g, ' ');
  }
}

/** A function that tells whether a text contains a match. Compiles when first asked. */
export function compileRegex(test: RegexTest): (text: string) => boolean {
  const tree = parseRegex(test.source);
  const native = tree === undefined ? undefined : compileNative(tree, test);
  let linear: RE2JS | undefined;
  const slow = (text: string) => {
    linear ??= RE2JS.compile(test.source, flagsOf(test));
    return linear.matcher(text).find();
  };
  if (native === undefined) return slow;
  const { expression, longest } = native;
  // Ignoring case, the built-in engine takes these two for letters of a word; RE2's words are ASCII.
  const apart = test.ignoreCase && hasBoundary(tree as Node) ? /[\u017f\u212a]/ : undefined;
  return (text) =>
    text.length <= longest && apart?.test(text) !== true ? expression.test(text) : slow(text);
}

function compileNative(tree: Node, test: RegexTest): { expression: RegExp; longest: number } | undefined {
  const effort = worstEffort(tree);
  if (effort === undefined) return undefined;
  const power = effort.power + (isAnchored(tree) && !test.multiline ? 0 : 1);
  const longest =
    power === 0 ? Number.POSITIVE_INFINITY : Math.floor((maxSteps / effort.factor) ** (1 / power));
  // Folding of letters outside ASCII is left to one engine, so that it cannot differ.
  const expression = new RegExp(writeNative(tree, test), `u${test.ignoreCase ? 'i' : ''}`);
  return { expression, longest };
}
