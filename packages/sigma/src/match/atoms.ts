/**
 * Atoms: what the index can tell of a record in one pass. An atom is "this field holds one of these texts",
 * "this field holds anything", "some value anywhere holds one of these texts". A test is an atom, or an atom
 * that must hold first and a check of the values.
 */
import { fold, foldDashes, many, type Pattern } from '../pattern.js';
import type { Plan, RegexTest, StringTest, Test } from '../plan.js';
import { parseRegex, requiredTexts } from '../regex-tree.js';
import { anywhere, atEnd, atStart, fitsFinder, type Position, type Sought, whole } from './finder.js';

export type AtomSource =
  /** The field holds a scalar that contains one of the texts. `null`: any scalar of the record does. */
  | { readonly kind: 'texts'; readonly field: string | null; readonly sought: readonly Sought[] }
  /** The field holds the empty text. */
  | { readonly kind: 'blank'; readonly field: string }
  /** The field holds some scalar. */
  | { readonly kind: 'value'; readonly field: string }
  /** The field is there and not null. */
  | { readonly kind: 'filled'; readonly field: string }
  /** The field is there, maybe null. */
  | { readonly kind: 'present'; readonly field: string };

/** Numbers the atoms; equal ones get one number. */
export class AtomTable {
  readonly sources: AtomSource[] = [];
  readonly #numbers = new Map<string, number>();

  add(source: AtomSource): number {
    const key = keyOf(source);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.sources.push(source) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

function keyOf(source: AtomSource): string {
  const texts =
    source.kind === 'texts'
      ? source.sought.map(({ text, position, dash }) => `${position}${dash}${text.length}:${text}`)
      : [];
  return `${source.kind}\0${source.field ?? ''}\0${texts.join('\0')}`;
}

/** The atom behind a test: it holds whenever the test does. `exact`: and the other way round. */
export interface Behind {
  readonly source: AtomSource;
  readonly exact: boolean;
}

export function atomBehind(field: string | null, test: Exclude<Test, { kind: 'absent' | 'exists' }>): Behind {
  if (test.kind === 'string') return behindString(field, test);
  if (test.kind === 'regex') {
    const sought = soughtByRegex(test);
    if (sought !== undefined) return { source: { kind: 'texts', field, sought }, exact: false };
  }
  // A keyword without a usable text has no atom: the matcher looks at every value then.
  return { source: { kind: 'value', field: field ?? '' }, exact: false };
}

/** Whether keywords of this test can be found through the index. */
export function indexable(test: StringTest | RegexTest): boolean {
  return test.kind === 'string' ? longest(test) !== undefined : soughtByRegex(test) !== undefined;
}

function soughtByRegex(test: RegexTest): readonly Sought[] | undefined {
  const tree = parseRegex(test.source);
  const texts = tree === undefined ? undefined : requiredTexts(tree, test.ignoreCase);
  const sought = texts?.map((text): Sought => ({ text: fold(text), position: anywhere, dash: false }));
  return sought?.every((one) => fitsFinder(one)) ? sought : undefined;
}

function behindString(field: string | null, test: StringTest): Behind {
  const { pattern } = test;
  if (field !== null && pattern.length === 0) return { source: { kind: 'blank', field }, exact: true };
  if (field !== null && pattern.length === 1 && pattern[0] === many) {
    return { source: { kind: 'value', field }, exact: true };
  }
  const simple = soughtBySimple(test);
  if (simple !== undefined && fitsFinder(simple)) {
    return { source: { kind: 'texts', field, sought: [simple] }, exact: !test.cased };
  }
  const part = longest(test);
  if (part === undefined) return { source: { kind: 'value', field: field ?? '' }, exact: false };
  return { source: { kind: 'texts', field, sought: [part] }, exact: false };
}

/** Patterns that are one text with at most a `*` on either side. */
function soughtBySimple(test: StringTest): Sought | undefined {
  const { pattern } = test;
  const texts = pattern.filter((part) => typeof part === 'string');
  if (texts.length !== 1 || pattern.some((part) => typeof part !== 'string' && part !== many))
    return undefined;
  return soughtText(test, texts[0] as string, positionOf(pattern));
}

function positionOf(pattern: Pattern): Position {
  const start = pattern[0] !== many;
  const end = pattern.at(-1) !== many;
  return start ? (end ? whole : atStart) : end ? atEnd : anywhere;
}

function longest(test: StringTest): Sought | undefined {
  let best: Sought | undefined;
  for (const part of test.pattern) {
    if (typeof part !== 'string' || part.length <= (best?.text.length ?? 0)) continue;
    const sought = soughtText(test, part, anywhere);
    if (fitsFinder(sought)) best = sought;
  }
  return best;
}

function soughtText({ dash }: StringTest, text: string, position: Position): Sought {
  const folded = fold(text);
  return { text: dash ? foldDashes(folded) : folded, position, dash };
}

/** Texts of a field that the tables do not hold: too short, or beyond ASCII. */
export interface Unindexed {
  readonly field: string;
  readonly dash: boolean;
  readonly texts: readonly string[];
}

/** A test for one text anywhere in a field that the tables do not hold. */
export function unindexedText(plan: Plan): { field: string; dash: boolean; text: string } | undefined {
  if (plan.op !== 'test' || plan.test.kind !== 'string' || plan.test.cased) return undefined;
  const simple = soughtBySimple(plan.test);
  if (simple === undefined || simple.position !== anywhere || fitsFinder(simple)) return undefined;
  return { field: plan.field, dash: simple.dash, text: simple.text };
}

/**
 * Items of an `or` that are exact atoms of the same field become one atom: "holds one of these texts". So a
 * list of five hundred file names is one look-up. Likewise for texts the tables do not hold.
 */
export function joinTexts(plans: readonly Plan[]): {
  joined: AtomSource[];
  unindexed: Unindexed[];
  rest: Plan[];
} {
  const byField = new Map<string | null, Sought[]>();
  const unindexed = new Map<string, { field: string; dash: boolean; texts: string[] }>();
  const rest: Plan[] = [];
  for (const plan of plans) {
    if ((plan.op === 'test' || plan.op === 'keyword') && plan.test.kind === 'string') {
      const field = plan.op === 'test' ? plan.field : null;
      const behind = behindString(field, plan.test);
      if (behind.exact && behind.source.kind === 'texts') {
        const list = byField.get(field);
        if (list === undefined) byField.set(field, [...behind.source.sought]);
        else list.push(...behind.source.sought);
        continue;
      }
      const short = unindexedText(plan);
      if (short !== undefined) {
        const key = `${short.dash}${short.field}`;
        const group = unindexed.get(key);
        if (group === undefined)
          unindexed.set(key, { field: short.field, dash: short.dash, texts: [short.text] });
        else group.texts.push(short.text);
        continue;
      }
    }
    rest.push(plan);
  }
  const joined = [...byField].map(([field, sought]): AtomSource => ({ kind: 'texts', field, sought }));
  return { joined, unindexed: [...unindexed.values()], rest };
}
