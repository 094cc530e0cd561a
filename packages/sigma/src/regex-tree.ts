/**
 * The common part of regular expression syntax as a tree, for three questions: which texts must a match
 * contain, how badly can backtracking go, and how is it written for the built-in engine. Anything not known
 * in full is not parsed; then nothing is assumed.
 */
import type { RegexTest } from './plan.js';

export type Node =
  | { readonly kind: 'char'; readonly char: string }
  /** `native`: how the class is written for the built-in engine. `set`: the characters in it. */
  | { readonly kind: 'class'; readonly native: string; readonly set: CharSet }
  | { readonly kind: 'any' }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'boundary'; readonly native: string }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly item: Node;
      readonly min: number;
      /** `Infinity` without an upper bound. */
      readonly max: number;
      readonly lazy: boolean;
    };

/** Which ASCII characters, whatever their case; entry 128: any other character. */
export type CharSet = readonly boolean[];

const maxNesting = 50;
const maxRepeat = 1000;

/** The tree, or `undefined` for anything but: literals, `.`, classes, groups, `|`, quantifiers, `^`, `$`, `\b`. */
export function parseRegex(source: string): Node | undefined {
  // Non-ASCII text is left to the linear engine: folding and code points are its business.
  if (/[^\x20-\x7e]/.test(source)) return undefined;
  try {
    const parser = new Parser(source);
    const node = parser.choice(0);
    return parser.done ? node : undefined;
  } catch (error) {
    if (error instanceof NotKnown) return undefined;
    throw error;
  }
}

class NotKnown extends Error {}

const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: '\\t\\n\\f\\r ',
};

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

class Parser {
  #at = 0;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  get done(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(depth: number): Node {
    if (depth > maxNesting) throw new NotKnown();
    const items = [this.#sequence(depth)];
    while (this.#take('|')) items.push(this.#sequence(depth));
    return items.length === 1 ? (items[0] as Node) : { kind: 'choice', items };
  }

  #sequence(depth: number): Node {
    const items: Node[] = [];
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined || char === '|' || char === ')') break;
      items.push(this.#quantified(this.#atom(depth)));
    }
    return items.length === 1 ? (items[0] as Node) : { kind: 'sequence', items };
  }

  #atom(depth: number): Node {
    const char = this.#source[this.#at++] as string;
    switch (char) {
      case '(': {
        if (this.#take('?')) {
          if (!this.#take(':')) throw new NotKnown();
        }
        const inner = this.choice(depth + 1);
        if (!this.#take(')')) throw new NotKnown();
        return inner;
      }
      case '[':
        return this.#class();
      case '.':
        return { kind: 'any' };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new NotKnown();
      default:
        return { kind: 'char', char };
    }
  }

  #escape(): Node {
    const char = this.#source[this.#at++];
    if (char === undefined) throw new NotKnown();
    if (char === 'b' || char === 'B') return { kind: 'boundary', native: `\\${char}` };
    const inside = classes[char];
    if (inside !== undefined) return classNode(`[${inside}]`);
    const outside = classes[char.toLowerCase()];
    if (outside !== undefined) return classNode(`[^${outside}]`);
    return { kind: 'char', char: this.#escaped(char) };
  }

  #escaped(char: string): string {
    const control = controls[char];
    if (control !== undefined) return control;
    if (char === 'x') {
      const hex = /^[0-7][0-9a-fA-F]/.exec(this.#source.slice(this.#at, this.#at + 2))?.[0];
      if (hex === undefined) throw new NotKnown();
      this.#at += 2;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    if (/[0-9A-Za-z_]/.test(char)) throw new NotKnown();
    return char;
  }

  #class(): Node {
    let native = '[';
    if (this.#take('^')) native += '^';
    let first = true;
    for (;;) {
      const char = this.#source[this.#at++];
      if (char === undefined || char === '[') throw new NotKnown();
      if (char === ']') {
        if (first) throw new NotKnown();
        return classNode(`${native}]`);
      }
      first = false;
      if (char === '\\' && classes[this.#source[this.#at] ?? ''] !== undefined) {
        native += classes[this.#source[this.#at++] as string] as string;
        if (this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']') throw new NotKnown();
        continue;
      }
      const low = this.#classChar(char);
      if (this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']') {
        this.#at++;
        const next = this.#source[this.#at++];
        if (next === undefined || next === '[') throw new NotKnown();
        const high = this.#classChar(next);
        if (high < low) throw new NotKnown();
        native += `${hexOf(low)}-${hexOf(high)}`;
      } else native += hexOf(low);
    }
  }

  #classChar(char: string): string {
    if (char !== '\\') return char;
    const next = this.#source[this.#at++];
    if (next === undefined) throw new NotKnown();
    return this.#escaped(next);
  }

  #quantified(item: Node): Node {
    let node = item;
    for (let count = 0; ; count++) {
      const bounds = this.#bounds();
      if (bounds === undefined) return node;
      // Quantified quantifiers and quantified anchors read differently from engine to engine.
      if (count > 0 || item.kind === 'start' || item.kind === 'end' || item.kind === 'boundary')
        throw new NotKnown();
      const lazy = this.#take('?');
      if (this.#source[this.#at] === '+') throw new NotKnown();
      node = { kind: 'repeat', item, ...bounds, lazy };
    }
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { min: 0, max: 1 };
    if (this.#source[this.#at] !== '{') return undefined;
    const match = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (match === null) throw new NotKnown();
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (min > maxRepeat || (max !== Number.POSITIVE_INFINITY && max > maxRepeat) || max < min)
      throw new NotKnown();
    return { min, max };
  }

  #take(char: string): boolean {
    if (this.#source[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}

function hexOf(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** The expression for the built-in engine with the `u` flag. */
export function writeNative(node: Node, test: RegexTest): string {
  switch (node.kind) {
    case 'char':
      return hexOf(node.char);
    case 'class':
      return node.native;
    case 'any':
      return test.dotAll ? '[^]' : '[^\\n]';
    case 'start':
      return test.multiline ? '(?:^|(?<=\\n))' : '^';
    case 'end':
      return test.multiline ? '(?=\\n|$)' : '$';
    case 'boundary':
      return node.native;
    case 'sequence':
      return node.items.map((item) => writeNative(item, test)).join('');
    case 'choice':
      return `(?:${node.items.map((item) => writeNative(item, test)).join('|')})`;
    case 'repeat': {
      const { min, max } = node;
      const bounds = max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`;
      return `(?:${writeNative(node.item, test)})${bounds}${node.lazy ? '?' : ''}`;
    }
  }
}

const classNodes = new Map<string, Node>();

function classNode(native: string): Node {
  const known = classNodes.get(native);
  if (known !== undefined) return known;
  // The built-in engine says what is in its own class; case is ignored, which can only make the set larger.
  const expression = new RegExp(`^${native}$`, 'iu');
  const set = Array.from({ length: 128 }, (_, code) => expression.test(String.fromCharCode(code)));
  const node: Node = { kind: 'class', native, set: [...set, true] };
  if (classNodes.size < 1000) classNodes.set(native, node);
  return node;
}

/**
 * How many steps backtracking can take at worst on a text of length n from one starting point:
 * `factor * n ** power`. `undefined`: a repeat within a repeat, which may be exponential.
 */
export interface Effort {
  readonly power: number;
  readonly factor: number;
}

export function worstEffort(node: Node): Effort | undefined {
  const cost = costOf(node, anything);
  if (cost === undefined) return undefined;
  return { power: cost.splits + (cost.repeats ? 1 : 0), factor: cost.factor };
}

interface Cost {
  /** Repeats that can give characters back to what follows: each multiplies the work by the length. */
  readonly splits: number;
  /** Some repeat that cannot: a walk along the text, once. */
  readonly repeats: boolean;
  readonly factor: number;
}

/** What may come next; `nullable`: maybe nothing. */
interface First {
  readonly set: CharSet;
  readonly nullable: boolean;
}

const everyChar: CharSet = new Array<boolean>(129).fill(true);
const noChar: CharSet = new Array<boolean>(129).fill(false);
const anything: First = { set: noChar, nullable: true };

function costOf(node: Node, next: First): Cost | undefined {
  switch (node.kind) {
    case 'sequence': {
      let total: Cost | undefined = { splits: 0, repeats: false, factor: 1 };
      let following = next;
      for (let i = node.items.length - 1; i >= 0 && total !== undefined; i--) {
        const item = node.items[i] as Node;
        const cost = costOf(item, following);
        total =
          cost === undefined
            ? undefined
            : {
                splits: total.splits + cost.splits,
                repeats: total.repeats || cost.repeats,
                factor: total.factor * cost.factor,
              };
        following = firstOf(item, following);
      }
      return total;
    }
    case 'choice': {
      const firsts = node.items.map((item) => firstOf(item, next));
      let most: Cost = { splits: 0, repeats: false, factor: disjoint(firsts) ? 1 : node.items.length };
      for (const item of node.items) {
        const cost = costOf(item, next);
        if (cost === undefined) return undefined;
        most = {
          splits: Math.max(most.splits, cost.splits),
          repeats: most.repeats || cost.repeats,
          factor: most.factor * cost.factor,
        };
      }
      return most;
    }
    case 'repeat': {
      const own = firstOf(node.item, anything);
      // What was taken can be given back, but nothing that follows can begin with it; or nothing follows.
      const settled = next === anything || (!next.nullable && disjoint([own, next]));
      const again = {
        set: own.set.map((there, code) => there || next.set[code] === true),
        nullable: next.nullable,
      };
      const inner = costOf(node.item, node.max <= 1 ? next : again);
      if (inner === undefined) return undefined;
      if (node.max <= 1) return settled ? inner : { ...inner, factor: inner.factor * 2 };
      // More than one way through a part that repeats, or a part that may be nothing: maybe exponential.
      if (inner.factor > 1 || inner.splits > 0 || own.nullable) return undefined;
      if (node.min === node.max && node.max <= 64) return inner;
      return { splits: settled ? 0 : 1, repeats: settled || inner.repeats, factor: 1 };
    }
    default:
      return { splits: 0, repeats: false, factor: 1 };
  }
}

/** No character can begin two of them. */
function disjoint(firsts: readonly First[]): boolean {
  return noChar.every((_, code) => firsts.filter(({ set }) => set[code] === true).length <= 1);
}

function firstOf(node: Node, next: First): First {
  switch (node.kind) {
    case 'char': {
      const set = [...noChar];
      const code = node.char.charCodeAt(0);
      set[code] = true;
      // Case may be ignored, and two letters then stand for characters beyond ASCII too.
      for (const other of [node.char.toLowerCase(), node.char.toUpperCase()]) set[other.charCodeAt(0)] = true;
      if (/[sk]/i.test(node.char)) set[128] = true;
      return { set, nullable: false };
    }
    case 'class':
      return { set: node.set, nullable: false };
    case 'any':
      return { set: everyChar, nullable: false };
    case 'start':
    case 'end':
    case 'boundary':
      // Takes no character but may hold anywhere.
      return { set: everyChar, nullable: next.nullable };
    case 'sequence':
      return node.items.reduceRight<First>((following, item) => firstOf(item, following), next);
    case 'choice': {
      const each = node.items.map((item) => firstOf(item, next));
      return {
        set: noChar.map((_, code) => each.some(({ set }) => set[code] === true)),
        nullable: each.some(({ nullable }) => nullable),
      };
    }
    case 'repeat': {
      const item = firstOf(node.item, next);
      if (node.min > 0) return item;
      return {
        set: item.set.map((there, code) => there || next.set[code] === true),
        nullable: next.nullable,
      };
    }
  }
}

/** Whether every match begins where the text does. */
export function isAnchored(node: Node): boolean {
  return node.kind === 'start' || (node.kind === 'sequence' && node.items[0]?.kind === 'start');
}

/** Whether it asks where words begin or end. */
export function hasBoundary(node: Node): boolean {
  switch (node.kind) {
    case 'boundary':
      return true;
    case 'sequence':
    case 'choice':
      return node.items.some(hasBoundary);
    case 'repeat':
      return hasBoundary(node.item);
    default:
      return false;
  }
}

/**
 * Texts of which every match contains at least one, folded (lower case ASCII); `undefined` when there are
 * none worth having.
 */
export function requiredTexts(node: Node, ignoreCase: boolean): readonly string[] | undefined {
  // Ignoring case, `s` and `k` also match the long s and the Kelvin sign, which fold to themselves.
  return best(node, ignoreCase ? /[sk]/i : /(?!)/)?.map((text) => text.toLowerCase());
}

/** Shorter texts are in too many values to be of use. */
const minLength = 3;
const maxAlternatives = 32;

function best(node: Node, never: RegExp): string[] | undefined {
  switch (node.kind) {
    case 'char':
      return undefined;
    case 'choice': {
      const all: string[] = [];
      for (const item of node.items) {
        const texts = best(item.kind === 'char' ? { kind: 'sequence', items: [item] } : item, never);
        if (texts === undefined) return undefined;
        all.push(...texts);
      }
      return all.length <= maxAlternatives ? all : undefined;
    }
    case 'repeat':
      return node.min > 0 ? best(node.item, never) : undefined;
    case 'sequence': {
      let chosen: string[] | undefined;
      let run = '';
      const offer = (texts: string[] | undefined) => {
        if (texts === undefined || texts.some((text) => text.length < minLength)) return;
        if (chosen === undefined || weight(texts) > weight(chosen)) chosen = texts;
      };
      for (const item of node.items) {
        if (item.kind === 'char' && !never.test(item.char)) run += item.char;
        else {
          offer([run]);
          run = '';
          offer(best(item, never));
        }
      }
      offer([run]);
      return chosen;
    }
    default:
      return undefined;
  }
}

/** Longer and fewer is better. */
function weight(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length)) - texts.length / 4;
}
