/** From a rule as written to what it means: modifiers applied, conditions resolved, one plan. */

import { type Chain, readChain } from './chain.js';
import { type Location, Problems } from './errors.js';
import {
  encodings,
  isOneOf,
  type NumberComparison,
  type Placement,
  placements,
  regexFlags,
  type TimePart,
} from './modifiers.js';
import { parseNetwork } from './network.js';
import { matchingNames } from './parse/detection.js';
import { foldDashes, many, normalisePattern, type Pattern, parsePattern, plainText } from './pattern.js';
import { isPlaceholder, readText } from './pipeline/text.js';
import type { Plan, PlannedRule, RegexTest, StringTest, Test } from './plan.js';
import { regexProblem } from './regex.js';
import {
  type Condition,
  type Detection,
  type DetectionItem,
  type DetectionRule,
  ruleKey,
  type Value,
} from './rule.js';

/** More tests than this in one rule are refused. */
export const maxTests = 100_000;

/** Plans a rule. Problems go to `problems`; with an error among them the result is `undefined`. */
export function planRule(rule: DetectionRule, problems: Problems): PlannedRule | undefined {
  const found = new Problems();
  const parts = new Map<string, Plan>();
  for (const [name, detection] of rule.detections) parts.set(name, planDetection(detection, found));
  const plan = or(rule.conditions.map((condition) => planCondition(condition, parts, found)));
  if (!found.failed && countTests(plan) > maxTests) {
    found.error('limit', rule.at, `more than ${maxTests} tests`);
  }
  problems.list.push(...found.list);
  return found.failed ? undefined : { rule, key: ruleKey(rule), plan, parts };
}

/** Plans one item on its own. */
export function planItem(item: DetectionItem, problems: Problems): Plan {
  return new ItemPlanner(item, problems).plan();
}

function planDetection(detection: Detection, problems: Problems): Plan {
  if (detection.kind === 'item') return planItem(detection, problems);
  const args = detection.items.map((item) => planDetection(item, problems));
  return detection.kind === 'all' ? and(args) : or(args);
}

/** Conditions over named plans; also used for extended temporal conditions. */
function planCondition(condition: Condition, parts: ReadonlyMap<string, Plan>, problems: Problems): Plan {
  switch (condition.kind) {
    case 'name': {
      const plan = parts.get(condition.name);
      if (plan !== undefined) return plan;
      problems.error('reference', condition.at, `no search identifier is called "${condition.name}"`);
      return { op: 'constant', value: false };
    }
    case 'of': {
      const args = matchingNames(parts.keys(), condition.pattern).map((name) => parts.get(name) as Plan);
      if (args.length === 0) {
        problems.error('reference', condition.at, `no search identifier fits "${condition.pattern}"`);
      }
      return condition.quantifier === 'all' ? and(args) : or(args);
    }
    case 'not':
      return not(planCondition(condition.arg, parts, problems));
    default: {
      const args = condition.args.map((arg) => planCondition(arg, parts, problems));
      return condition.kind === 'and' ? and(args) : or(args);
    }
  }
}

export function and(args: readonly Plan[]): Plan {
  return combine('and', args);
}

export function or(args: readonly Plan[]): Plan {
  return combine('or', args);
}

export function not(arg: Plan): Plan {
  if (arg.op === 'not') return arg.arg;
  if (arg.op === 'constant') return { op: 'constant', value: !arg.value };
  return { op: 'not', arg };
}

function combine(op: 'and' | 'or', args: readonly Plan[]): Plan {
  const decisive = op === 'or';
  const out: Plan[] = [];
  for (const arg of args) {
    if (arg.op === 'constant') {
      if (arg.value === decisive) return arg;
    } else if (arg.op === op) out.push(...arg.args);
    else out.push(arg);
  }
  if (out.length === 0) return { op: 'constant', value: !decisive };
  return out.length === 1 ? (out[0] as Plan) : { op, args: out };
}

export function countTests(plan: Plan): number {
  switch (plan.op) {
    case 'and':
    case 'or':
      return plan.args.reduce((sum, arg) => sum + countTests(arg), 0);
    case 'not':
      return countTests(plan.arg);
    case 'constant':
      return 0;
    default:
      return 1;
  }
}

class Refused extends Error {}

/** What a value has become while modifiers are applied. */
type Working =
  | { kind: 'text'; patterns: Pattern[]; bytes: boolean }
  | { kind: 'regex'; source: string; ignoreCase: boolean; multiline: boolean; dotAll: boolean }
  | { kind: 'reference'; other: string; relation: 'equals' | 'contains' | 'startswith' | 'endswith' }
  | { kind: 'part'; part: TimePart; op: 'eq' | NumberComparison; value: number }
  | { kind: 'test'; test: Test };

class ItemPlanner {
  readonly #item: DetectionItem;
  readonly #problems: Problems;
  readonly #chain: Chain;
  readonly #has: ReadonlySet<string>;

  constructor(item: DetectionItem, problems: Problems) {
    this.#item = item;
    this.#problems = problems;
    this.#chain = readChain(item.modifiers);
    this.#has = this.#chain.has;
  }

  plan(): Plan {
    const { problem, warning } = this.#chain;
    if (problem !== undefined) {
      this.#problems.error('modifier', this.#item.at, `${problem}, in "${this.#name()}"`);
      return { op: 'constant', value: false };
    }
    if (warning !== undefined) {
      this.#problems.warning('modifier', this.#item.at, `${warning}, in "${this.#name()}"`);
    }
    const each: Plan[] = [];
    for (const value of this.#item.values) {
      try {
        const common = this.#placedText(value);
        if (common !== undefined) each.push(this.#place(common, value.at));
        else if (this.#has.has('exists')) each.push(this.#exists(value));
        else each.push(or(this.#tests(value).map((test) => this.#place(test, value.at))));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    const together = this.#has.has('all') ? and(each) : or(each);
    if (!this.#has.has('neq')) return together;
    const { field } = this.#item;
    // Different from a value: there must be one.
    return field === null
      ? not(together)
      : and([not({ op: 'test', field, test: { kind: 'absent' } }), not(together)]);
  }

  /** Text, or a number, that is only placed: what nearly every item holds. */
  #placedText({ value, plain }: Value): StringTest | undefined {
    const { places } = this.#chain;
    if (places === undefined || value === null) return undefined;
    const pattern =
      plain === true || typeof value !== 'string' ? normalisePattern([String(value)]) : parsePattern(value);
    return {
      kind: 'string',
      pattern: place(pattern, places.placement),
      cased: this.#has.has('cased'),
      dash: false,
    };
  }

  #exists({ value, at }: Value): Plan {
    if (typeof value !== 'boolean') return this.#refuse('type', at, '"exists" is true or false');
    const there = this.#place({ kind: 'exists' }, at);
    return value ? there : not(there);
  }

  #place(test: Test, at: Location): Plan {
    const { field } = this.#item;
    if (field !== null) return { op: 'test', field, test };
    if (test.kind === 'string') {
      // A keyword is sought anywhere in a value.
      return { op: 'keyword', test: { ...test, pattern: normalisePattern([many, ...test.pattern, many]) } };
    }
    if (test.kind === 'regex') return { op: 'keyword', test };
    this.#refuse('modifier', at, 'a keyword (no field) can be text or a regular expression only');
  }

  #refuse(
    code: 'modifier' | 'type' | 'value' | 'placeholder' | 'regex',
    at: Location,
    message: string,
  ): never {
    this.#problems.error(code, at, `${message}, in "${this.#name()}"`);
    throw new Refused();
  }

  #name(): string {
    return [this.#item.field ?? '', ...this.#item.modifiers].join('|');
  }

  #tests(value: Value): Test[] {
    let working = this.#start(value);
    for (const modifier of this.#item.modifiers) working = this.#apply(modifier, working, value);
    return this.#finish(working, value.at);
  }

  #start({ value, plain, at }: Value): Working {
    const has = this.#has;
    if (value === null) {
      if (this.#item.modifiers.some((name) => name !== 'neq')) {
        this.#refuse('type', at, 'null takes no modifier but "neq"');
      }
      return { kind: 'test', test: { kind: 'absent' } };
    }
    const { compare, part } = this.#chain;
    if (compare !== undefined || part !== undefined) {
      const number = typeof value === 'number' ? value : Number.NaN;
      if (!Number.isFinite(number)) this.#refuse('type', at, `a number is needed, not "${String(value)}"`);
      if (part !== undefined) return { kind: 'part', part, op: compare ?? 'eq', value: number };
      return { kind: 'test', test: { kind: 'number', op: compare as NumberComparison, value: number } };
    }
    const text = typeof value === 'string' ? value : String(value);
    const filled = has.has('expand') ? this.#filled(text, plain === true, at) : undefined;
    if (has.has('re')) {
      if (typeof value !== 'string') this.#refuse('type', at, '"re" needs text');
      return { kind: 'regex', source: text, ignoreCase: false, multiline: false, dotAll: false };
    }
    if (has.has('cidr')) {
      const network = parseNetwork(text);
      if (network === undefined) this.#refuse('value', at, `"${text}" is no network: 192.0.2.0/24 is`);
      return { kind: 'test', test: { kind: 'cidr', network } };
    }
    if (has.has('fieldref')) {
      const other = plainText(parsePattern(text));
      if (other === undefined || other === '')
        this.#refuse('value', at, '"fieldref" needs the name of a field');
      return { kind: 'reference', other, relation: 'equals' };
    }
    const pattern =
      filled ?? (plain === true || typeof value !== 'string' ? normalisePattern([text]) : parsePattern(text));
    return { kind: 'text', patterns: [pattern], bytes: false };
  }

  /** The value once its placeholders are filled, which is a pipeline's task; `\%` is a plain percent sign. */
  #filled(text: string, plain: boolean, at: Location): Pattern {
    const parts = readText(text, { expand: true, plain }).map((part) => {
      if (!isPlaceholder(part)) return part;
      return this.#refuse(
        'placeholder',
        at,
        `the placeholder %${part.placeholder}% is filled by no pipeline`,
      );
    });
    return normalisePattern(parts);
  }

  #apply(modifier: string, working: Working, { at }: Value): Working {
    if (isOneOf(placements, modifier)) {
      if (working.kind === 'reference') return { ...working, relation: modifier };
      if (working.kind === 'regex') {
        if (modifier === 'startswith') return { ...working, source: `^(?:${working.source})` };
        if (modifier === 'endswith') return { ...working, source: `(?:${working.source})$` };
        return working;
      }
      if (working.kind !== 'text') return this.#refuse('modifier', at, `"${modifier}" needs text`);
      return { ...working, patterns: working.patterns.map((pattern) => place(pattern, modifier)) };
    }
    if (isOneOf(regexFlags, modifier)) {
      if (working.kind !== 'regex') return this.#refuse('modifier', at, `"${modifier}" belongs to "re"`);
      const flag = { i: 'ignoreCase', m: 'multiline', s: 'dotAll' }[modifier];
      return { ...working, [flag]: true };
    }
    if (isOneOf(encodings, modifier)) {
      if (working.kind !== 'text') return this.#refuse('modifier', at, `"${modifier}" needs text`);
      return this.#encode(modifier, working, at);
    }
    return working;
  }

  #encode(modifier: string, working: Working & { kind: 'text' }, at: Location): Working {
    if (modifier === 'windash') {
      return {
        ...working,
        patterns: working.patterns.map((pattern) =>
          normalisePattern(pattern.map((part) => (typeof part === 'string' ? foldDashes(part) : part))),
        ),
      };
    }
    const plain = working.patterns.map((pattern) => {
      const text = plainText(pattern);
      if (text === undefined) return this.#refuse('value', at, `"${modifier}" cannot encode wildcards`);
      return Buffer.from(text, working.bytes ? 'latin1' : 'utf8');
    });
    const encoded = plain.flatMap((bytes): { text: string; bytes: boolean }[] => {
      switch (modifier) {
        case 'base64':
          return [{ text: bytes.toString('base64'), bytes: false }];
        case 'base64offset':
          return base64Offsets(bytes).map((text) => ({ text, bytes: false }));
        default:
          return [{ text: utf16(bytes.toString('utf8'), modifier).toString('latin1'), bytes: true }];
      }
    });
    return {
      kind: 'text',
      patterns: encoded.map(({ text }) => normalisePattern([text])),
      bytes: encoded.some(({ bytes }) => bytes),
    };
  }

  #finish(working: Working, at: Location): Test[] {
    const cased = this.#has.has('cased');
    switch (working.kind) {
      case 'text': {
        const dash = this.#has.has('windash');
        return working.patterns.map((pattern): StringTest => ({ kind: 'string', pattern, cased, dash }));
      }
      case 'regex': {
        const test = withoutInlineFlags(working);
        const problem = regexProblem(test);
        if (problem !== undefined)
          this.#refuse('regex', at, `the regular expression cannot be run: ${problem}`);
        return [test];
      }
      case 'reference':
        return [{ kind: 'field', other: working.other, relation: working.relation, cased }];
      case 'part':
        return [{ kind: 'time', part: working.part, op: working.op, value: working.value }];
      default:
        return [working.test];
    }
  }
}

/** `(?i)` and the like at the start say the same as the modifiers. */
function withoutInlineFlags(test: RegexTest): RegexTest {
  const match = /^\(\?([ims]{1,3})\)/.exec(test.source);
  if (match === null) return test;
  const flags = match[1] as string;
  return {
    kind: 'regex',
    source: test.source.slice(match[0].length),
    ignoreCase: test.ignoreCase || flags.includes('i'),
    multiline: test.multiline || flags.includes('m'),
    dotAll: test.dotAll || flags.includes('s'),
  };
}

function place(pattern: Pattern, placement: Placement | undefined): Pattern {
  switch (placement) {
    case undefined:
      return pattern;
    case 'contains':
      return normalisePattern([many, ...pattern, many]);
    case 'startswith':
      return normalisePattern([...pattern, many]);
    case 'endswith':
      return normalisePattern([many, ...pattern]);
  }
}

function utf16(text: string, modifier: string): Buffer {
  const little = Buffer.from(text, 'utf16le');
  if (modifier === 'utf16be') return Buffer.from(little).swap16();
  return modifier === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), little]) : little;
}

/**
 * What is left of the encoded bytes wherever they stand in a longer encoded text: for each of the three
 * offsets, without the characters that depend on what is around.
 */
function base64Offsets(bytes: Buffer): string[] {
  const out = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = [0, 2, 3][offset] as number;
    // A last character that holds bits of the next byte cannot be known.
    const partial = (offset + bytes.length) % 3 !== 0;
    return encoded.slice(from, partial ? -1 : undefined);
  });
  return out.filter((text) => text !== '');
}
