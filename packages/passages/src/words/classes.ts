/** What a UTF-16 unit is to the reader of words. */
export const unitOther = 0;
export const unitLetter = 1;
export const unitDigit = 2;
/** Part of a word that has to be normalised first: accents, other alphabets, invisible characters. */
export const unitForeign = 3;
/** A word of its own, as in Chinese or Japanese. */
export const unitIdeograph = 4;
/** Begins a point of a list. */
export const unitBullet = 5;

const bullets =
  '\u2022\u2023\u2043\u2219\u25a0\u25aa\u25ab\u25b8\u25ba\u25cb\u25cf\u25e6\u2666\u2756\u2794\u27a2\u27a4\uf0b7\uf0a7\uf0d8';
const invisible = '\u00ad\u200b\u200c\u200d\u2060\ufeff';

function classify(unit: number): number {
  if (unit < 128) {
    if (unit >= 48 && unit <= 57) return unitDigit;
    const lower = unit | 32;
    return lower >= 97 && lower <= 122 ? unitLetter : unitOther;
  }
  const character = String.fromCharCode(unit);
  if (bullets.includes(character)) return unitBullet;
  if (invisible.includes(character) || (unit >= 0xd800 && unit <= 0xdfff)) return unitForeign;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) return unitIdeograph;
  return /[\p{L}\p{N}\p{M}]/u.test(character) ? unitForeign : unitOther;
}

/** Class of every UTF-16 unit. */
export const unitClasses: Uint8Array = Uint8Array.from({ length: 65536 }, (_, unit) => classify(unit));
