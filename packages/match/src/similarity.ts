/** How alike two short texts are. Nothing here allocates: it runs millions of times. */

/** Which letters a text has, as bits; letters of one residue share a bit. */
export function letterMask(text: string): number {
  let mask = 0;
  for (let i = 0; i < text.length; i++) mask |= 1 << (text.charCodeAt(i) & 31);
  return mask;
}

/**
 * Whether two texts may be at least 0.78 alike by Jaro and Winkler, from their letters alone. Each letter that the other
 * does not have is one less in common; most pairs of names can be told apart so.
 */
export function mayBeAlike(a: string, maskA: number, b: string, maskB: number): boolean {
  const [la, lb] = [a.length, b.length];
  const common = Math.min(la - ones(maskA & ~maskB), lb - ones(maskB & ~maskA));
  // Below 0.7 there is no bonus for the beginning; a bonus of four letters lifts 0.7 over 0.78.
  const jaro = (common / la + common / lb + 1) / 3;
  return jaro >= (a.charCodeAt(0) === b.charCodeAt(0) ? 0.7 : 0.78);
}

function ones(mask: number): number {
  let x = mask - ((mask >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return (((x + (x >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

const most = 64;
const usedA = new Uint8Array(most);
const usedB = new Uint8Array(most);

/**
 * Jaro–Winkler similarity of the first 64 UTF-16 units, 0 to 1: shared letters near their place, and a bonus for up to
 * four first letters in common (Winkler 1990).
 */
export function jaroWinkler(a: string, b: string): number {
  const la = Math.min(a.length, most);
  const lb = Math.min(b.length, most);
  if (la === 0 || lb === 0) return la === lb ? 1 : 0;
  const reach = Math.max(0, (Math.max(la, lb) >> 1) - 1);
  usedA.fill(0, 0, la);
  usedB.fill(0, 0, lb);
  let common = 0;
  for (let i = 0; i < la; i++) {
    const letter = a.charCodeAt(i);
    const end = Math.min(lb, i + reach + 1);
    for (let j = i > reach ? i - reach : 0; j < end; j++) {
      if (usedB[j] === 0 && b.charCodeAt(j) === letter) {
        usedA[i] = 1;
        usedB[j] = 1;
        common++;
        break;
      }
    }
  }
  if (common === 0) return 0;
  let moved = 0;
  let j = 0;
  for (let i = 0; i < la; i++) {
    if (usedA[i] === 0) continue;
    while (usedB[j] === 0) j++;
    if (a.charCodeAt(i) !== b.charCodeAt(j)) moved++;
    j++;
  }
  const jaro = (common / la + common / lb + (common - moved / 2) / common) / 3;
  if (jaro <= 0.7) return jaro;
  let prefix = 0;
  while (prefix < 4 && prefix < la && prefix < lb && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Letters to insert, delete or replace to make one text the other (Levenshtein): 0, 1, 2, or 3 for more. */
export function edits(a: string, b: string): 0 | 1 | 2 | 3 {
  let [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 2) return 3;
  let start = 0;
  while (start < short.length && short.charCodeAt(start) === long.charCodeAt(start)) start++;
  let [endS, endL] = [short.length, long.length];
  while (endS > start && short.charCodeAt(endS - 1) === long.charCodeAt(endL - 1)) {
    endS--;
    endL--;
  }
  short = short.slice(start, endS);
  long = long.slice(start, endL);
  if (short.length === 0) return long.length as 0 | 1 | 2;
  if (long.length === 1) return 1;
  // Two changes turn one into the other if some pair of the possible kinds does.
  const extra = long.length - short.length;
  const kinds = extra === 2 ? deletions : extra === 1 ? mixed : level;
  return kinds.some(([first, second]) => reaches(short, long, first, second)) ? 2 : 3;
}

type Change = 'replace' | 'skipLong' | 'skipShort';
const deletions = [['skipLong', 'skipLong']] as const;
const mixed = [
  ['skipLong', 'replace'],
  ['replace', 'skipLong'],
] as const;
const level = [
  ['replace', 'replace'],
  ['skipLong', 'skipShort'],
  ['skipShort', 'skipLong'],
] as const;

/** Whether these two changes, made at the first differences that are met, use up both texts. */
function reaches(short: string, long: string, first: Change, second: Change): boolean {
  let [i, j, made] = [0, 0, 0];
  while (i < short.length && j < long.length) {
    if (short.charCodeAt(i) === long.charCodeAt(j)) {
      i++;
      j++;
      continue;
    }
    if (made === 2) return false;
    const change = made === 0 ? first : second;
    made++;
    if (change !== 'skipLong') i++;
    if (change !== 'skipShort') j++;
  }
  return made + (short.length - i) + (long.length - j) <= 2;
}

/** Two neighbouring letters swapped, and nothing else. */
export function swapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return (
    at + 1 < a.length &&
    a.charCodeAt(at) === b.charCodeAt(at + 1) &&
    a.charCodeAt(at + 1) === b.charCodeAt(at) &&
    a.slice(at + 2) === b.slice(at + 2)
  );
}

/** Places at which two texts of one length differ; of different lengths, the longer one's length. */
export function differences(a: string, b: string): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a.charCodeAt(i) !== b.charCodeAt(i)) count++;
  return count;
}
