import type { ReadDocument } from '../types.js';
import type { Contacts } from './contacts.js';
import { degreeWords, roleWords, schoolWords } from './entries.js';
import { headingOf, type TextLine } from './lines.js';
import { regions } from './regions.js';

/** Something the head of a résumé says, as written. */
export interface Stated {
  value: string;
  /** Index into `blocks`. */
  block: number;
}

/** One cell of a line: what stands between tabs, bars and bullets. */
interface Cell extends Stated {
  /** Height of its type in points; PDF only, and only where its block is this one line. */
  size: number;
}

const headLines = 14;
const separators = /\t|\s+[|•·∙⋅⋄◆●▪–—]\s+/;

/**
 * Name and place as the head of a résumé states them. Either is absent where more than one reading is possible: a
 * missing name costs a reader a look, a wrong one could be held against somebody.
 *
 * Names are told by their place, their shape and by agreeing with an e-mail or a handle. No list of names is used, and
 * nothing is read out of a name.
 */
export function findHead(
  document: ReadDocument,
  lines: readonly TextLine[],
  contacts: Contacts,
): { name?: Stated; location?: Stated } {
  const { stated } = document;
  if (stated) {
    const at = (value: string | undefined): Stated | undefined => {
      const block = value === undefined ? -1 : document.blocks.findIndex((one) => one.text.includes(value));
      return value === undefined || block < 0 ? undefined : { value, block };
    };
    return only(at(stated.name), at(stated.location));
  }
  const head = cellsOf(document, lines);
  const sections = new Set(lines.map((line) => headingOf(line.text)));
  const isResume = sections.has('employment') || sections.has('education');
  // The head of a letter names the place of the one it is written to.
  return only(findName(head, isResume, contacts), isResume ? findLocation(head) : undefined);
}

const only = (name: Stated | undefined, location: Stated | undefined) => ({
  ...(name && { name }),
  ...(location && { location }),
});

/** Cells above the first section; where a column at the side comes first, also those in large type further down. */
function cellsOf(document: ReadDocument, lines: readonly TextLine[]): Cell[] {
  const first = lines.findIndex((line) => headingOf(line.text) !== undefined);
  const above = first < 0 ? headLines : Math.min(first, headLines);
  return lines.slice(0, 400).flatMap((line, index) => {
    const block = document.blocks[line.block];
    const single = block?.box !== undefined && !block.text.includes('\n');
    const size = single ? (block.box?.height ?? 0) : 0;
    if (index >= above && !((line.page ?? 1) === 1 && size >= 14)) return [];
    return line.text
      .split(separators)
      .map((text) => ({ value: text.trim(), block: line.block, size }))
      .filter(({ value }) => value !== '');
  });
}

const label = /^(?:full\s+|candidate\s+|applicant\s+)?name\s*[:：]\s*/i;
/** Words that begin with a capital, or are of a script without; short particles, initials and a nickname between. */
const nameShape =
  /^(?:\p{Lu}[\p{L}\p{M}'’.-]*|\p{Lo}[\p{Lo}\p{M}]*)(?:\s+(?:\p{Lu}[\p{L}\p{M}'’.-]*|\p{Lo}[\p{Lo}\p{M}]*|\p{Ll}{1,4}(?:['’]\p{L}+)?|["“(]\p{Lu}\p{L}*["”)]|[IVX]{1,3})){0,5}$/u;
const credentials =
  /(?:,?\s+(?:ph\.?\s?d|m\.?d|m\.?b\.?a|m\.?sc?|b\.?sc?|m\.?a|b\.?a|m\.?eng|b\.?eng|p\.?e|c\.?p\.?a|r\.?n|esq|j\.?d|pmp|cissp|cisa|cism|ccna|ccnp|csm|shrm-cp|aws)\.?)+$/i;
/** Words of documents, firms, teams and sentences. */
const otherWords =
  /\b(?:resume|curriculum|vitae|cv|cover|letter|application|updated|confidential|page|draft|template|untitled|document|copy|personal|information|details|data|team|department|company|inc|ltd|llc|corp|corporation|gmbh|group|solutions?|services?|systems?|technolog(?:y|ies)|software|web|mobile|cloud|full|stack|senior|junior|staff|principal|chief|product|project|program|marketing|sales|business|security|network|machine|learning|street|road|avenue|remote|city|dear|hello|sincerely|regards|welcome|thank|you|my|your|our|of|and|the|for|in|to|at|on|by|or|with|an|is)\b/i;

const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const words = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
/** `\b` knows no letters beyond a–z: they become one, so that no word is found within a name that has them. */
const has = (pattern: RegExp, text: string): boolean =>
  pattern.test(folded(text).replace(/[^\0-\x7f]/g, 'x'));

function findName(head: readonly Cell[], isResume: boolean, contacts: Contacts): Stated | undefined {
  for (const { value, block } of head) {
    const named = label.test(value) ? value.replace(label, '').trim() : '';
    if (named !== '' && nameShape.test(named)) return { value: named, block };
  }
  const possible = head.flatMap((cell) => {
    const value = cell.value.replace(credentials, '').trim();
    return isName(value) ? [{ ...cell, value }] : [];
  });
  const own = [
    ...contacts.emails.map(({ value }) => value.slice(0, value.indexOf('@'))),
    ...contacts.handles.map(({ value }) => value),
  ].map((text) => ({ text: folded(text), words: words(text) }));
  const agrees = (cell: Cell): boolean =>
    words(cell.value).some((word) =>
      own.some((one) => one.words.includes(word) || (word.length > 2 && one.text.includes(word))),
    );
  const agreeing = distinct(possible.filter(agrees));
  if (agreeing.length === 1) return place(agreeing[0]);
  if (agreeing.length > 1) return undefined;
  // Without an e-mail that agrees it must stand where names stand, in something that is a résumé by its sections.
  if (!isResume) return undefined;
  const largest = Math.max(...head.map((cell) => cell.size));
  const [first] = possible;
  if (!first) return undefined;
  if (largest >= 14) return place(only1(distinct(possible.filter((cell) => cell.size >= largest * 0.95))));
  const before = head.slice(
    0,
    head.findIndex((cell) => cell.block === first.block && cell.value.startsWith(first.value)),
  );
  return before.every(({ value }) =>
    /^(?:last\s+)?updated\b|^(?:curriculum vitae|r[eé]sum[eé]|cv)$/i.test(value),
  )
    ? place(first)
    : undefined;
}

const place = (cell: Stated | undefined): Stated | undefined =>
  cell && { value: cell.value, block: cell.block };
const only1 = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);
const distinct = (cells: readonly Cell[]): Cell[] =>
  cells.filter(
    (cell, index) =>
      cells.findIndex((other) => other.value.toLowerCase() === cell.value.toLowerCase()) === index,
  );

function isName(text: string): boolean {
  if (text.length > 60 || !nameShape.test(text)) return false;
  const parts = text.split(/\s+/);
  // One word alone is as often a heading or a firm; scripts without spaces write whole names so.
  if (parts.length < 2 && !/^\p{Lo}{2,6}$/u.test(text)) return false;
  if (parts.filter((part) => /^\p{Ll}/u.test(part)).length > 2) return false;
  return !(
    has(roleWords, text) ||
    schoolWords.test(text) ||
    has(degreeWords, text) ||
    has(otherWords, text) ||
    headingOf(text) !== undefined ||
    regions.has(text.toLowerCase())
  );
}

const placeLabel = /^(?:(?:current\s+)?location|address|based in|lives? in|city)\s*[:：]?\s+/i;
const code = '(?:\\d{4,6}(?:-\\d{3,4})?|[A-Z]\\d[A-Z]\\s?\\d[A-Z]\\d|[A-Z]{1,2}\\d[A-Z\\d]?\\s?\\d[A-Z]{2})';
const part = "\\p{Lu}[\\p{L}\\p{M}.'’ -]{1,40}";
const townShape = new RegExp(
  `^(?:${code}\\s+)?(${part}?)(?:\\s+${code})?,\\s*(?:(${part}?)(?:\\s+${code})?,\\s*)?(${part}?)\\.?(?:,?\\s+${code})?$`,
  'u',
);

/** A town with its state, province or country; of an address with a street, the part from the town on. */
function findLocation(head: readonly Cell[]): Stated | undefined {
  const found: Stated[] = [];
  for (const cell of head) {
    if (cell.value.length > 120 || /[@/]/.test(cell.value)) continue;
    const text = cell.value.replace(placeLabel, '').trim();
    const pieces = text.split(/,\s*/);
    for (let from = 0; from < pieces.length - 1; from++) {
      const value = pieces.slice(from).join(', ');
      // Only a street, and what belongs to it, may be left out.
      if (from > 0 && !/\d/.test(pieces.slice(0, from).join(' '))) break;
      if (!isTown(value) || !text.endsWith(value)) continue;
      found.push({ value, block: cell.block });
      break;
    }
  }
  const [first] = found;
  return first && found.every((other) => other.value.toLowerCase() === first.value.toLowerCase())
    ? first
    : undefined;
}

function isTown(text: string): boolean {
  const match = townShape.exec(text);
  if (!match?.[1] || !match[3]) return false;
  const [, town, middle, last] = match;
  if (has(roleWords, text) || schoolWords.test(text) || /\b(?:inc|ltd|llc|corp|gmbh)\b/i.test(text))
    return false;
  return (
    town.split(/\s+/).length <= 4 &&
    (middle === undefined || middle.split(/\s+/).length <= 4) &&
    regions.has(last.trim().toLowerCase())
  );
}
