import type { Words } from './read-words.js';

/**
 * Where the words from `from` to before `to` are in their text, in UTF-16 units. What begins or ends with a unit has its
 * outer stop words and figures, too.
 */
export function placeOf(words: Words, from: number, to: number): { start: number; end: number } {
  const first = unitOf(words.units, from);
  const last = unitOf(words.units, to - 1);
  return {
    start: (words.units[first] === from ? words.unitStarts[first] : words.starts[from]) as number,
    end: (words.units[last + 1] === to ? words.unitEnds[last] : words.ends[to - 1]) as number,
  };
}

/** The unit that a word is in. */
function unitOf(units: Uint32Array, word: number): number {
  let low = 0;
  let high = units.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if ((units[middle] as number) <= word) low = middle;
    else high = middle;
  }
  return low;
}
