/**
 * Conditions: `selection and not 1 of filter_*`. Least to most binding: or, and, not, `x of`, parentheses.
 * Source: Sigma specification 2.1.0, "Condition".
 */
import type { Location, Problems } from './errors.js';
import type { Condition } from './rule.js';

/** Deeper nesting than this is refused. */
const maxNesting = 64;

interface Token {
  readonly text: string;
  readonly offset: number;
}

/**
 * Reads a condition. Problems go to `problems` with their column when `at` is the start of the text on one
 * line; then `undefined` is returned.
 */
export function parseCondition(text: string, at: Location, problems: Problems): Condition | undefined {
  return new Reader(text, at, problems).read();
}

class Failure extends Error {}

class Reader {
  readonly #tokens: Token[];
  readonly #text: string;
  readonly #at: Location;
  readonly #problems: Problems;
  #next = 0;
  #nesting = 0;

  constructor(text: string, at: Location, problems: Problems) {
    this.#text = text;
    this.#at = at;
    this.#problems = problems;
    this.#tokens = [...text.matchAll(/[()|]|[^\s()|]+/g)].map((match) => ({
      text: match[0],
      offset: match.index,
    }));
  }

  read(): Condition | undefined {
    try {
      if (this.#tokens.length === 0) this.#fail(0, 'the condition is empty');
      const condition = this.#or();
      const rest = this.#tokens[this.#next];
      if (rest !== undefined) {
        if (rest.text === '|') this.#deprecated(rest);
        this.#fail(rest.offset, `expected "and", "or" or the end, found "${rest.text}"`);
      }
      return condition;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  #or(): Condition {
    return this.#chain('or', () => this.#and());
  }

  #and(): Condition {
    return this.#chain('and', () => this.#not());
  }

  #chain(kind: 'and' | 'or', operand: () => Condition): Condition {
    const args = [operand()];
    while (this.#keyword() === kind) {
      this.#next++;
      args.push(operand());
    }
    return args.length === 1 ? (args[0] as Condition) : { kind, args };
  }

  #not(): Condition {
    let negations = 0;
    while (this.#keyword() === 'not') {
      this.#next++;
      negations++;
    }
    const operand = this.#primary();
    return negations % 2 === 1 ? { kind: 'not', arg: operand } : operand;
  }

  #primary(): Condition {
    const token = this.#tokens[this.#next];
    if (token === undefined) this.#fail(this.#text.length, 'the condition ends where a name is expected');
    if (token.text === '(') {
      if (++this.#nesting > maxNesting)
        this.#fail(token.offset, `more than ${maxNesting} nested parentheses`);
      this.#next++;
      const inner = this.#or();
      const close = this.#tokens[this.#next];
      if (close?.text !== ')') this.#fail(close?.offset ?? this.#text.length, 'a parenthesis is not closed');
      this.#next++;
      this.#nesting--;
      return inner;
    }
    if (token.text === '|') this.#deprecated(token);
    const word = token.text.toLowerCase();
    if (this.#tokens[this.#next + 1]?.text.toLowerCase() === 'of') return this.#of(token);
    if (word === 'and' || word === 'or' || word === 'of' || token.text === ')') {
      this.#fail(token.offset, `expected the name of a search identifier, found "${token.text}"`);
    }
    if (word === 'them') this.#fail(token.offset, '"them" needs "1 of" or "all of" before it');
    if (word === 'near') {
      this.#problem('deprecated', token.offset, '"near" was replaced by temporal correlation rules');
    }
    if (token.text.includes('*')) {
      this.#fail(token.offset, `the pattern "${token.text}" needs "1 of" or "all of" before it`);
    }
    this.#next++;
    return { kind: 'name', name: token.text, at: this.#place(token.offset) };
  }

  #of(token: Token): Condition {
    const quantifier = { '1': 'any', any: 'any', all: 'all' }[token.text.toLowerCase()] as
      | 'any'
      | 'all'
      | undefined;
    if (quantifier === undefined) {
      this.#fail(token.offset, `"${token.text} of" is not Sigma: use "1 of" or "all of"`);
    }
    const pattern = this.#tokens[this.#next + 2];
    if (pattern === undefined || /^[()|]$/.test(pattern.text)) {
      this.#fail(
        pattern?.offset ?? this.#text.length,
        `"${token.text} of" needs "them" or a pattern after it`,
      );
    }
    this.#next += 3;
    return { kind: 'of', quantifier, pattern: pattern.text, at: this.#place(pattern.offset) };
  }

  #keyword(): string | undefined {
    return this.#tokens[this.#next]?.text.toLowerCase();
  }

  #deprecated(token: Token): never {
    return this.#problem(
      'deprecated',
      token.offset,
      'aggregations after a pipe were dropped from Sigma: write a correlation rule',
    );
  }

  #fail(offset: number, message: string): never {
    return this.#problem('condition', offset, `${message} in condition "${shorten(this.#text)}"`);
  }

  #problem(code: 'condition' | 'deprecated', offset: number, message: string): never {
    this.#problems.error(code, this.#place(offset), message);
    throw new Failure();
  }

  #place(offset: number): Location {
    return { ...this.#at, column: this.#at.column + offset };
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
