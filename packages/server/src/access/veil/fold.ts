/** Text as it is compared: without case, accents and characters that cannot be seen, and where each part of it was. */
export interface Folded {
  text: string;
  /** Where a place of the folded text stands in the text itself. */
  at(place: number): number;
}

const same = (place: number) => place;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const plain = /^[\x00-\x7f]*$/;
const unseen = /[\p{M}\p{Cf}]/gu;

export function fold(text: string): Folded {
  if (plain.test(text)) return { text: text.toLowerCase(), at: same };
  const places: number[] = [];
  let folded = '';
  let place = 0;
  for (const character of text) {
    const part = character.normalize('NFKD').replace(unseen, '').toLowerCase();
    for (let i = 0; i < part.length; i++) places.push(place);
    folded += part;
    place += character.length;
  }
  places.push(text.length);
  return { text: folded, at: (of) => places[of] ?? text.length };
}

export function folded(text: string): string {
  return fold(text).text;
}

/** Runs of letters and digits. */
export const tokens = /[\p{L}\p{N}]+/gu;

/** Scripts that put no space between words. */
export const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
