import { unitBullet, unitClasses, unitDigit, unitForeign, unitIdeograph, unitLetter } from './classes.js';
import { fold } from './fold.js';
import { hashUnits } from './hash.js';
import { HashSet } from './hash-set.js';
import { stem } from './stem.js';
import { stopWords } from './stop-words.js';

/** The content words of a text that stand in units fit for comparison. */
export interface Words {
  /** 32-bit hash of the stem of each word. */
  stems: Uint32Array;
  /** Where each word is in the text, in UTF-16 units; `ends` is behind its last. */
  starts: Uint32Array;
  ends: Uint32Array;
  /** Index of the first word of each unit (a sentence or a point of a list), and at last the number of words. */
  units: Uint32Array;
  /** Where each unit is in the text, with the stop words and figures at its ends. */
  unitStarts: Uint32Array;
  unitEnds: Uint32Array;
  /** Longer than what is read of one text. */
  cut: boolean;
}

export interface ReadOptions {
  /** Keep units of every kind and length. Default false. */
  everything?: boolean;
}

/** What is read of one text: characters, and content words. */
export const mostCharacters = 2_000_000;
export const mostWords = 20_000;

/** Fewer content words than this are no passage. */
export const fewestWords = 5;

/** A sentence longer than this is cut in pieces. */
const longestUnit = 48;
/** A unit with an address in it and fewer words than this is a contact line. */
const contactLine = 14;
/** A unit of at most so many content words, nearly all with a capital, is a title, a school or a list of names. */
const longestTitle = 12;

/** Shorter words are grammar, in any language that is written with letters. */
const shortestWord = 3;
const longestWord = 64;
const scratch = new Uint16Array(longestWord);

function hashOf(word: string): number {
  for (let i = 0; i < word.length; i++) scratch[i] = word.charCodeAt(i);
  return hashUnits(scratch, word.length);
}

const stops = new HashSet(Int32Array.from(stopWords, hashOf));
const web = new HashSet(Int32Array.from(['http', 'https', 'www', 'linkedin', 'github', 'mailto'], hashOf));

/** Hash of the stem of one word, as `readWords` gives it. */
export function stemHash(word: string): number {
  for (let i = 0; i < word.length; i++) scratch[i] = word.charCodeAt(i);
  return hashUnits(scratch, stem(scratch, word.length)) >>> 0;
}

let stems = new Uint32Array(4096);
let starts = new Uint32Array(4096);
let behind = new Uint32Array(4096);
let units = new Uint32Array(1024);
let unitStarts = new Uint32Array(1024);
let unitEnds = new Uint32Array(1024);

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(array.length * 2);
  bigger.set(array);
  return bigger;
}

function isSpace(unit: number): boolean {
  return unit === 32 || unit === 9 || unit === 0xa0;
}

function isBreak(unit: number): boolean {
  return unit === 10 || unit === 13 || unit === 12 || unit === 11 || unit === 0x2028 || unit === 0x2029;
}

function isBlank(unit: number): boolean {
  return isSpace(unit) || isBreak(unit);
}

function isLower(unit: number): boolean {
  return unit >= 97 && unit <= 122;
}

/** Does the text go on after a line break at `at`, in the same sentence? */
function goesOn(text: string, at: number, length: number): boolean {
  let next = at + 1;
  if (text.charCodeAt(at) === 13 && text.charCodeAt(next) === 10) next += 1;
  while (next < length && isSpace(text.charCodeAt(next))) next += 1;
  if (next >= length) return false;
  const unit = text.charCodeAt(next);
  return isLower(unit) || unit === 40 || unit === 38 || (unit >= 48 && unit <= 57);
}

/** Does a full stop at `at` end a sentence? */
function endsSentence(text: string, at: number, length: number): boolean {
  let next = at + 1;
  if (next >= length) return true;
  const unit = text.charCodeAt(next);
  if (!isSpace(unit) && !isBreak(unit)) return false;
  while (next < length && isSpace(text.charCodeAt(next))) next += 1;
  return next >= length || !isLower(text.charCodeAt(next));
}

/**
 * Reads the content words of a text: lower case, accents and look-alike letters folded, endings cut, figures and stop
 * words left out. Contact lines, headings, titles and bare lists (of skills, of tools) are left out as a whole.
 */
export function readWords(text: string, options: ReadOptions = {}): Words {
  const everything = options.everything ?? false;
  const length = Math.min(text.length, mostCharacters);
  let count = 0;
  let unitCount = 0;
  let unitStart = 0;
  /** Words of the unit, stop words and figures included; where the first begins and the last ends. */
  let all = 0;
  let firstStart = 0;
  let lastEnd = 0;
  let capitals = 0;
  let separators = 0;
  let contact = false;
  let cut = length < text.length;

  /** Words before the token that is being read. */
  let beforeToken = 0;
  let at = 0;
  let lineStart = true;
  while (at <= length) {
    const unit = at < length ? text.charCodeAt(at) : 10;
    const kind = unitClasses[unit] as number;
    let ends = false;
    if (kind === unitLetter || kind === unitForeign || kind === unitDigit || kind === unitIdeograph) {
      lineStart = false;
      const start = at;
      let size = 0;
      if (kind === unitIdeograph) {
        scratch[size++] = unit;
        at += 1;
      } else {
        let foreign = false;
        for (; at < length; at++) {
          let letter = text.charCodeAt(at);
          const letterKind = unitClasses[letter] as number;
          if (letterKind === unitLetter) letter |= 32;
          else if (letterKind === unitForeign) foreign = true;
          else if (letterKind !== unitDigit && !((letter === 43 || letter === 35) && size > 0)) break;
          if (size < longestWord) scratch[size++] = letter;
        }
        if (foreign) size = foldInto(text.slice(start, Math.min(at, start + longestWord * 2)));
      }
      if (all === 0) firstStart = start;
      lastEnd = at;
      all += 1;
      const first = scratch[0] as number;
      if (kind !== unitIdeograph && (size < shortestWord || (first >= 48 && first <= 57))) continue;
      const word = hashUnits(scratch, size);
      if (web.has(word)) contact = true;
      if (stops.has(word)) continue;
      if (unit >= 65 && unit <= 90) capitals += 1;
      if (count >= mostWords) {
        cut = true;
        at = length;
        continue;
      }
      if (count >= stems.length) grow();
      stems[count] = hashUnits(scratch, stem(scratch, size));
      starts[count] = start;
      behind[count] = at;
      count += 1;
      ends = count - unitStart >= longestUnit;
    } else {
      if (isBreak(unit)) {
        ends = !goesOn(text, at, length);
        if (unit === 13 && text.charCodeAt(at + 1) === 10) at += 1;
        lineStart = true;
      } else if (kind === unitBullet) ends = true;
      else if (unit === 46 || unit === 33 || unit === 63) ends = endsSentence(text, at, length);
      else if (unit === 0x3002) ends = true;
      else if (unit === 64 || (unit === 58 && text.startsWith('://', at))) {
        // An address is no wording: it is left out up to the next space.
        contact = true;
        count = Math.max(unitStart, beforeToken);
        while (at + 1 < length && !isBlank(text.charCodeAt(at + 1))) at += 1;
      } else if (unit === 44 || unit === 124 || unit === 47 || unit === 59) separators += 1;
      else if (lineStart)
        ends = unit === 45 || unit === 42 || unit === 0x2013 || unit === 0x2014 || unit === 0xb7;
      else if (unit === 9) ends = true;
      else if (unit === 32 && text.charCodeAt(at + 1) === 32) ends = text.startsWith('    ', at);
      if (isBlank(unit)) beforeToken = count;
      else lineStart = false;
      at += 1;
    }
    if (!ends) continue;
    const content = count - unitStart;
    if (content > 0) {
      const enumeration = separators >= 3 && separators >= 0.4 * all;
      const title = content <= longestTitle && capitals >= 0.7 * content;
      const unfit = content < fewestWords || enumeration || title || (contact && all < contactLine);
      if (unfit && !everything) count = unitStart;
      else {
        if (unitCount + 2 >= units.length) growUnits();
        unitStarts[unitCount] = firstStart;
        unitEnds[unitCount] = lastEnd;
        units[unitCount++] = unitStart;
        unitStart = count;
      }
    }
    all = 0;
    capitals = 0;
    separators = 0;
    contact = false;
  }
  units[unitCount] = count;
  return {
    stems: stems.slice(0, count),
    starts: starts.slice(0, count),
    ends: behind.slice(0, count),
    units: units.slice(0, unitCount + 1),
    unitStarts: unitStarts.slice(0, unitCount),
    unitEnds: unitEnds.slice(0, unitCount),
    cut,
  };
}

function grow(): void {
  stems = grown(stems);
  starts = grown(starts);
  behind = grown(behind);
}

function growUnits(): void {
  units = grown(units);
  unitStarts = grown(unitStarts);
  unitEnds = grown(unitEnds);
}

/** Puts the folded form of a word where the next hash is taken from, and returns its length. */
function foldInto(word: string): number {
  const folded = fold(word);
  const size = Math.min(folded.length, longestWord);
  for (let i = 0; i < size; i++) scratch[i] = folded.charCodeAt(i);
  return size;
}
