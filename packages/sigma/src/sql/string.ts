/** Sigma strings as SQL: the cheapest predicate for the shape of the pattern. */
import type { Location } from '../errors.js';
import { fold, foldDashes, many, one, type Pattern } from '../pattern.js';
import type { StringTest } from '../plan.js';
import { regexSql } from './regex.js';
import { characters, literal } from './text.js';

/** The expressions one value can be read by. All VARCHAR or NULL. */
export interface ValueSql {
  /** The text. */
  readonly raw: string;
  /** The text folded (see `fold`). */
  readonly folded: string;
  /** The text folded, with dashes folded (see `foldDashes`). */
  readonly dashed: string;
}

/** The forms of a text; those a table already holds are given. */
export function textForms(text: string, folded?: string, dashed?: string): ValueSql {
  const low = folded ?? `lower(${text})`;
  return { raw: text, folded: low, dashed: dashed ?? dashesSql(low) };
}

/** `foldDashes` in SQL. Three times as fast as `translate`. */
export function dashesSql(text: string): string {
  return ['/', '\u2013', '\u2014', '\u2015'].reduce((sql, dash) => `replace(${sql}, '${dash}', '-')`, text);
}

/** Both sides of a string test brought to one form: the value's expression and the pattern. */
export function comparable(test: StringTest, value: ValueSql): { subject: string; pattern: Pattern } {
  const { cased, dash } = test;
  const pattern = test.pattern.map((part) => {
    if (typeof part !== 'string') return part;
    const text = cased ? part : fold(part);
    return dash ? foldDashes(text) : text;
  });
  if (!dash) return { subject: cased ? value.raw : value.folded, pattern };
  return { subject: cased ? dashesSql(value.raw) : value.dashed, pattern };
}

/** The text of a pattern `*text*`. */
export function soughtAnywhere(pattern: Pattern): string | undefined {
  const [first, text, last] = pattern;
  const fits = pattern.length === 3 && first === many && last === many && typeof text === 'string';
  return fits ? text : undefined;
}

/** Whether the subject fits the pattern; NULL for a NULL subject. */
export function patternSql(subject: string, pattern: Pattern, at: Location): string {
  const [first, second] = pattern;
  if (first === undefined) return `${subject} = ''`;
  if (pattern.length === 1) {
    if (first === many) return `${subject} IS NOT NULL`;
    if (typeof first === 'string') return `${subject} = ${literal(first, at)}`;
  }
  if (pattern.length === 2) {
    if (typeof first === 'string' && second === many) return startsWith(subject, first, at);
    if (first === many && typeof second === 'string') return endsWith(subject, second, at);
  }
  const sought = soughtAnywhere(pattern);
  return sought === undefined ? wildcards(subject, pattern, at) : contains(subject, sought, at);
}

/** Text that LIKE takes as it stands. Matching with an escape character is many times slower. */
const plainForLike = /^[^%_\0]*$/;

function startsWith(subject: string, text: string, at: Location): string {
  return plainForLike.test(text)
    ? `${subject} LIKE ${literal(`${text}%`, at)}`
    : `starts_with(${subject}, ${literal(text, at)})`;
}

function endsWith(subject: string, text: string, at: Location): string {
  return plainForLike.test(text)
    ? `${subject} LIKE ${literal(`%${text}`, at)}`
    : `substr(${subject}, -${characters(text)}) = ${literal(text, at)}`;
}

function contains(subject: string, text: string, at: Location): string {
  return plainForLike.test(text)
    ? `${subject} LIKE ${literal(`%${text}%`, at)}`
    : `strpos(${subject}, ${literal(text, at)}) > 0`;
}

function wildcards(subject: string, pattern: Pattern, at: Location): string {
  if (pattern.every((part) => part === many || (typeof part === 'string' && plainForLike.test(part)))) {
    const written = pattern.map((part) => (part === many ? '%' : String(part))).join('');
    return `${subject} LIKE ${literal(written, at)}`;
  }
  // A `*` at either end is what an expression without an anchor means.
  const inner = pattern.slice(pattern[0] === many ? 1 : 0, pattern.at(-1) === many ? -1 : undefined);
  const written = inner
    .map((part) => (part === many ? '.*' : part === one ? '.' : escapeRegex(String(part))))
    .join('');
  const start = pattern[0] === many ? '' : '^';
  const end = pattern.at(-1) === many ? '' : '\\z';
  return regexSql(subject, `(?s)${start}${written}${end}`, at);
}

/** Fewer texts than this are compared one by one. */
const fewTexts = 6;
/** Characters of one alternation: beyond this, automata fall back to slow forms. */
const maxAlternation = 3000;

/** Whether the subject contains any of the texts, as alternatives. */
export function containsAny(subject: string, texts: readonly string[], at: Location): string[] {
  if (texts.length < fewTexts) return texts.map((text) => contains(subject, text, at));
  return alternations(texts).map((expression) => regexSql(subject, expression, at));
}

/**
 * Whether the subject is any of the texts, as alternatives. Never IN: in a filter DuckDB makes it a join, and
 * a few hundred of them cost seconds before the first row.
 */
export function equalsAny(subject: string, texts: readonly string[], at: Location): string[] {
  if (texts.length < fewTexts) return texts.map((text) => `${subject} = ${literal(text, at)}`);
  return alternations(texts).map((expression) => regexSql(subject, `^(?:${expression})\\z`, at));
}

/** The texts as regular expressions, each of a bounded length. */
export function alternations(texts: Iterable<string>): string[] {
  const out: string[] = [];
  let held: string[] = [];
  let size = 0;
  for (const text of texts) {
    const escaped = escapeRegex(text);
    if (size + escaped.length > maxAlternation && held.length > 0) {
      out.push(held.join('|'));
      held = [];
      size = 0;
    }
    held.push(escaped);
    size += escaped.length + 1;
  }
  if (held.length > 0) out.push(held.join('|'));
  return out;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\0', '\\x00');
}
