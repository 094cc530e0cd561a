/** Shares of groups, how sure they are, and what of them may be shown. */
import type { Cell, Group } from './words.js';

const z = 1.959964;

/** Fewer people than this are nobody's business to count. */
export const smallest = 5;

/** The 95 % interval of a share (Wilson): sound for few people and for shares near nothing. */
export function interval(counted: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const share = counted / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return [counted === 0 ? 0 : Math.max(0, middle - half), counted === of ? 1 : Math.min(1, middle + half)];
}

export interface Ratio {
  value: number;
  low: number;
  high: number;
}

/** How many times one share is another, with its 95 % interval (on the logarithm; half a person is added where one is none). */
export function ratio(a: number, ofA: number, b: number, ofB: number): Ratio | undefined {
  if (ofA === 0 || ofB === 0) return undefined;
  const none = a === 0 || b === 0;
  const [x, nx, y, ny] = none ? [a + 0.5, ofA + 0.5, b + 0.5, ofB + 0.5] : [a, ofA, b, ofB];
  const value = x / nx / (y / ny);
  const spread = Math.sqrt(Math.max(0, 1 / x - 1 / nx + 1 / y - 1 / ny));
  return { value, low: value * Math.exp(-z * spread), high: value * Math.exp(z * spread) };
}

export interface Counted {
  group: string;
  of: number;
  counted: number;
}

/** Groups as they may be shown. */
export interface Shown {
  groups: Group[];
  /** Of everybody who belongs to a group. */
  all: Cell;
  says: string;
}

/**
 * What may be shown of a division of people into groups. Groups of fewer than five are put together as one (or left out),
 * and where `discreet`, so are counts of fewer than five people, or of all but so few; if only one is hidden, a second is,
 * since it could be had by subtraction.
 */
export function shown(
  given: readonly Counted[],
  options: { discreet: boolean; what: string; flagged: string },
): Shown {
  const small = given.filter((one) => one.of < smallest);
  const kept = given.filter((one) => one.of >= smallest);
  const rest = {
    group: `${small.length === 1 ? 'one group' : `${small.length} groups`} of fewer than ${smallest} people`,
    of: small.reduce((sum, one) => sum + one.of, 0),
    counted: small.reduce((sum, one) => sum + one.counted, 0),
  };
  // A single small group beside larger ones could be had by subtraction from the whole: the smallest of the others joins it.
  let rows = [...kept].sort((a, b) => b.of - a.of || (a.group < b.group ? -1 : 1));
  let together: Counted | undefined;
  if (small.length > 0) {
    together = rest;
    if (rest.of < smallest && rows.length > 0) {
      const last = rows.at(-1) as Counted;
      rows = rows.slice(0, -1);
      together = {
        group: `${last.group}, and ${rest.group}`,
        of: last.of + rest.of,
        counted: last.counted + rest.counted,
      };
    }
    if (together.of >= smallest) rows.push(together);
  }
  const total = {
    of: rows.reduce((sum, one) => sum + one.of, 0),
    counted: rows.reduce((sum, one) => sum + one.counted, 0),
  };
  const hidden = new Set(
    options.discreet
      ? rows
          .filter((one) => one.counted < smallest || one.of - one.counted < smallest)
          .map((one) => one.group)
      : [],
  );
  const hideAll = options.discreet && (total.counted < smallest || total.of - total.counted < smallest);
  if (hidden.size === 1 && !hideAll && rows.length > 1) {
    const next = [...rows].reverse().find((one) => !hidden.has(one.group));
    if (next) hidden.add(next.group);
  }
  const comparable = rows.filter(
    (one) => one !== together && !hidden.has(one.group) && one.of >= 0.02 * total.of,
  );
  const best = comparable.reduce<Counted | undefined>(
    (found, one) => (!found || one.counted / one.of < found.counted / found.of ? one : found),
    undefined,
  );
  const groups = rows.map((one): Group => {
    const hide = hidden.has(one.group) || hideAll;
    const cell = cellOf(one, hide);
    if (hide || one === together || !best) return { group: one.group, ...cell };
    const fifths = ratio(one.of - one.counted, one.of, best.of - best.counted, best.of);
    const others = { of: total.of - one.of, counted: total.counted - one.counted };
    const times = hidden.size > 0 ? undefined : ratio(one.counted, one.of, others.counted, others.of);
    const result = verdict(one, fifths, times);
    return {
      group: one.group,
      ...cell,
      best: one.group === best.group,
      ...(fifths ? { fifths } : {}),
      ...(times && others.of > 0 ? { times } : {}),
      result,
    };
  });
  return {
    groups,
    all: cellOf(total, hideAll),
    says: sentence(groups, options.what, options.flagged),
  };
}

function cellOf({ of, counted }: { of: number; counted: number }, hide: boolean): Cell {
  if (hide || of < smallest) return { of: of < smallest ? undefined : of, hidden: true };
  const [low, high] = interval(counted, of);
  return { of, counted, share: counted / of, low, high, hidden: false };
}

/**
 * The rule as written (four fifths of the best group's share of people not flagged), and a stricter one: more than a quarter
 * likelier to be flagged than everybody else, and surely so.
 */
function verdict(
  one: Counted,
  fifths: Ratio | undefined,
  times: Ratio | undefined,
): NonNullable<Group['result']> {
  if (fifths && fifths.value < 0.8) return 'fails four fifths';
  if (one.counted < 3 || !times) return 'too few to say';
  if (times.value > 1.25) return times.low > 1 ? 'flagged more often' : 'unclear';
  return 'passes';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function sentence(groups: readonly Group[], what: string, flagged: string): string {
  const named = groups.filter((one) => one.result !== undefined);
  if (named.length < 2)
    return `There are too few people in the groups of ${what} to compare how many are ${flagged}.`;
  const fails = named.filter((one) => one.result === 'fails four fifths');
  const more = named.filter((one) => one.result === 'flagged more often');
  const best = named.find((one) => one.best);
  const parts: string[] = [];
  if (fails.length > 0)
    parts.push(
      `By ${what}, ${fails.map((one) => one.group).join(' and ')} ${fails.length === 1 ? 'stays' : 'stay'} below four fifths of ${best?.group ?? 'the best group'}: look at why before anybody acts on ${flagged}.`,
    );
  else
    parts.push(
      `By ${what}, every group large enough to compare has at least four fifths of the best group’s share of people who are not ${flagged}.`,
    );
  for (const one of more)
    parts.push(
      `${one.group}: ${percent(one.share ?? 0)} are ${flagged}, ${(one.times?.value ?? 0).toFixed(1)} times as often as everybody else (${(one.times?.low ?? 0).toFixed(1)} to ${(one.times?.high ?? 0).toFixed(1)}), which chance alone hardly explains.`,
    );
  return parts.join(' ');
}
