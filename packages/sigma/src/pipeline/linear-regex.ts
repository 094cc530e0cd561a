/**
 * Regular expressions of pipelines: RE2 syntax, so that matching is linear, and replacements written the way
 * Python's `re.sub` takes them. Look-around and back-references inside an expression are refused when the
 * pipeline is read.
 */
import { RE2JS } from 're2js';
import { maxRegexLength } from '../regex.js';
import { maxRegexWork, Refusal } from './limits.js';

/** Counts the work of one rule's expressions. */
export class Budget {
  #left = maxRegexWork;

  spend(work: number): void {
    this.#left -= work;
    if (this.#left < 0) {
      throw new Refusal(
        'limit',
        undefined,
        'the regular expressions of the pipelines take too long on this rule',
      );
    }
  }
}

export interface Match {
  readonly start: number;
  readonly end: number;
  /** Texts of the groups; 0 is the whole match. `undefined`: took no part. */
  readonly groups: readonly (string | undefined)[];
}

export class LinearRegex {
  readonly source: string;
  readonly groupCount: number;
  /** Numbers of the named groups, in the order written. */
  readonly names: ReadonlyMap<string, number>;
  readonly #regex: RE2JS;
  readonly #size: number;

  /** Throws an `Error` that says why when the expression cannot be run in linear time or is none. */
  constructor(source: string) {
    if (source.length > maxRegexLength) throw new Error(`longer than ${maxRegexLength} characters`);
    this.source = source;
    try {
      this.#regex = RE2JS.compile(source);
    } catch (error) {
      const message = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
      throw new Error(/\(\?<?[=!]/.test(source) ? `look-around cannot be run in linear time` : message);
    }
    this.#size = this.#regex.programSize();
    this.groupCount = this.#regex.groupCount();
    this.names = new Map(Object.entries(this.#regex.namedGroups()));
  }

  /** The match at the start of the text, if there is one (Python's `re.match`). */
  matchStart(text: string, budget: Budget): Match | undefined {
    budget.spend((text.length + 1) * this.#size);
    const matcher = this.#regex.matcher(text);
    return matcher.lookingAt() ? this.#read(matcher) : undefined;
  }

  /** All matches, from left to right, none overlapping. */
  *matches(text: string, budget: Budget): Generator<Match> {
    const matcher = this.#regex.matcher(text);
    let from = 0;
    for (;;) {
      budget.spend((text.length - from + 1) * this.#size);
      if (!matcher.find()) return;
      const match = this.#read(matcher);
      from = match.end;
      yield match;
    }
  }

  #read(matcher: ReturnType<RE2JS['matcher']>): Match {
    const groups: (string | undefined)[] = [];
    for (let i = 0; i <= this.groupCount; i++) groups.push(matcher.group(i) ?? undefined);
    return { start: matcher.start(), end: matcher.end(), groups };
  }
}

/** A replacement: texts and numbers of groups. */
export type Template = readonly (string | number)[];

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  '\\': '\\',
};

/**
 * Reads a replacement: `\1`, `\g<1>`, `\g<name>`, `\\`, `\n` and the like. A backslash before anything that
 * is not a letter or a digit is itself. Throws an `Error` that says what is wrong.
 */
export function parseTemplate(text: string, regex: LinearRegex): Template {
  const out: (string | number)[] = [];
  const group = (number: number, written: string) => {
    if (number > regex.groupCount) throw new Error(`the expression has no group ${written}`);
    out.push(number);
  };
  let end = 0;
  for (const match of text.matchAll(/\\(?:g<([^>]*)>|([1-9]\d?)|([\s\S]?))/g)) {
    if (match.index > end) out.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [, named, number, other] = match;
    if (named !== undefined) {
      const known = regex.names.get(named);
      if (known !== undefined) group(known, named);
      else if (/^\d{1,3}$/.test(named)) group(Number(named), named);
      else throw new Error(`the expression has no group "${named}"`);
    } else if (number !== undefined) group(Number(number), number);
    else if (other === undefined || other === '') throw new Error('it ends in a single backslash');
    else {
      const escaped = Object.hasOwn(escapes, other) ? escapes[other] : undefined;
      if (escaped === undefined && /[A-Za-z0-9]/.test(other)) throw new Error(`"\\${other}" means nothing`);
      out.push(escaped ?? match[0]);
    }
  }
  if (end < text.length) out.push(text.slice(end));
  return out;
}

/** The text a replacement stands for at a match. */
export function expandTemplate(template: Template, match: Match): string {
  return template.map((part) => (typeof part === 'string' ? part : (match.groups[part] ?? ''))).join('');
}
