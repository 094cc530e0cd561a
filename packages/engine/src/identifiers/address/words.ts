/** An address as parts between commas, each a list of words. */
export type Parts = string[][];

/** Signs and words beyond which nothing is read. */
const longest = 300;
const mostWords = 60;

/** Text in lower case without accents, as the keys of the facts are written. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[łøđðıə]/g, (sign) => ({ ł: 'l', ø: 'o', đ: 'd', ð: 'd', ı: 'i', ə: 'a' })[sign] as string)
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .normalize('NFC');
}

/** Umlauts written out (`Koenigstrasse`) as they are without their dots. `aue`, `eue`, `que` are no umlauts. */
export function withoutDigraphs(text: string): string {
  return text.replace(/([ao])e/g, '$1').replace(/(?<![aeq])ue/g, 'u');
}

/** An address taken apart: line breaks, semicolons and brackets part it like commas. Empty where it is too long. */
export function splitAddress(text: string): Parts {
  if (text.length > longest) return [];
  const folded = fold(text)
    .replace(/[\r\n\t\v\f;|•·()[\]{}]/g, ',')
    .replace(/[‐-―−]/g, '-')
    .replace(/\bc ?\/ ?o\b/g, ' careof ')
    .replace(/\bs ?\/ ?n\b/g, ' s n ')
    .replace(/\bc ?\/(?= ?\p{L})/gu, ' c ')
    .replace(/['’`´ʼ"“”]/g, '')
    .replace(/[ºª°]/g, 'o')
    .replaceAll('⁄', '/')
    // A dot joins single letters (P.O., N.W.) and ends abbreviations.
    .replace(/(?<![\p{L}\p{N}])(\p{L})\.(?=\p{L}{1,2}(?![\p{L}]))/gu, '$1')
    .replace(/(?<![\p{L}\p{N}])(\p{L}{1,2})\.(?=\p{L}(?![\p{L}]))/gu, '$1')
    .replace(/(\d)\.(?=[oa](?![\p{L}]))/gu, '$1')
    .replace(/#/g, ' # ')
    .replace(/&/g, ' and ')
    .replace(/^( *\d+[a-z]?) +- +(?=\d)/, '$1-')
    .replace(/ +[-/] +/g, ' , ')
    .replace(/(\d) *\/ *(?=[\p{L}\p{N}])/gu, '$1/')
    // Between words, or a word and a number, a hyphen or slash is a space; `12-a` is 12a and `b-12` b12.
    .replace(/(\d)-(?=\p{L}(?![\p{L}\p{N}]))/gu, '$1')
    .replace(/(?<![\p{L}\p{N}])(\p{L})-(?=\d)/gu, '$1')
    .replace(/(?<!\d)[-/]|[-/](?!\d)/g, (sign, at: number, all: string) =>
      sign === '/' && /\d/.test(all[at - 1] ?? '') && /\p{L}/u.test(all[at + 1] ?? '') ? '/' : ' ',
    )
    .replace(/[^\p{L}\p{N},#/-]+/gu, ' ');
  const parts = folded
    .split(',')
    .map((part) => part.split(' ').filter(Boolean))
    .filter((part) => part.length > 0);
  return parts.reduce((sum, part) => sum + part.length, 0) > mostWords ? [] : parts;
}
