/** Which modifiers may stand together on one item, and what the chain as a whole says. */
import {
  comparisons,
  isOneOf,
  type NumberComparison,
  type Placement,
  placements,
  regexFlags,
  type TimePart,
  timeParts,
} from './modifiers.js';

export interface Chain {
  readonly has: ReadonlySet<string>;
  /** Why the chain means nothing. */
  readonly problem: string | undefined;
  /** What is odd about it. */
  readonly warning: string | undefined;
  readonly compare: NumberComparison | undefined;
  readonly part: TimePart | undefined;
  /** Set when the chain only places text (`contains` and the like, `all`, `neq`, `cased`): the common case. */
  readonly places: { readonly placement: Placement | undefined } | undefined;
}

/** Rules use a few dozen chains thousands of times. */
const known = new Map<string, Chain>();
const maxKnown = 1000;

export function readChain(modifiers: readonly string[]): Chain {
  const key = modifiers.join('|');
  let chain = known.get(key);
  if (chain === undefined) {
    chain = makeChain(modifiers);
    if (known.size < maxKnown) known.set(key, chain);
  }
  return chain;
}

function makeChain(modifiers: readonly string[]): Chain {
  const has = new Set(modifiers);
  const placing = modifiers.every(
    (name) => isOneOf(placements, name) || ['all', 'neq', 'cased'].includes(name),
  );
  const problem = problemOf(modifiers, has);
  return {
    has,
    problem,
    warning:
      has.has('base64offset') && !has.has('contains')
        ? '"base64offset" is of use with "contains" only'
        : undefined,
    compare: comparisons.find((name) => has.has(name)),
    part: timeParts.find((name) => has.has(name)),
    places:
      placing && problem === undefined ? { placement: placements.find((name) => has.has(name)) } : undefined,
  };
}

/** What may stand beside a modifier that says what kind of value this is. */
const beside: Readonly<Record<string, readonly string[]>> = {
  re: [...regexFlags, 'all', 'neq', 'cased', 'expand', ...placements],
  cidr: ['all', 'neq', 'expand'],
  exists: [],
  fieldref: ['neq', 'cased', 'all', ...placements],
};

function problemOf(modifiers: readonly string[], has: ReadonlySet<string>): string | undefined {
  if (has.size !== modifiers.length) return 'a modifier stands twice';
  const among = (names: readonly string[]) => names.filter((name) => has.has(name));
  const quoted = (names: readonly string[], joint: string) => names.map((name) => `"${name}"`).join(joint);
  for (const names of [Object.keys(beside), comparisons, timeParts, placements, ['base64', 'base64offset']]) {
    const found = among(names);
    if (found.length > 1) return `${quoted(found, ' and ')} exclude each other`;
  }
  const utf = among(['wide', 'utf16le', 'utf16be', 'utf16']);
  if (utf.length > 1) return `${quoted(utf, ', ')} encode twice`;
  const re = modifiers.indexOf('re');
  const early = among(regexFlags).find((flag) => re < 0 || re > modifiers.indexOf(flag));
  if (early !== undefined) return `"${early}" belongs after "re"`;
  const [kind] = among(Object.keys(beside));
  if (kind !== undefined) {
    const wrong = modifiers.filter(
      (name) => name !== kind && !(beside[kind] as readonly string[]).includes(name),
    );
    if (wrong.length > 0) return `"${kind}" cannot stand with ${quoted(wrong, ', ')}`;
  }
  const numeric = among([...timeParts, ...comparisons]);
  if (numeric.length > 0) {
    const wrong = modifiers.filter(
      (name) => !numeric.includes(name) && !['all', 'neq', 'expand'].includes(name),
    );
    if (wrong.length > 0) return `"${numeric.join('|')}" cannot stand with ${quoted(wrong, ', ')}`;
  }
  return undefined;
}
