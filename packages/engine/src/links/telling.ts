/** A passage two résumés share, as far as it is weighed. */
export interface Weighable {
  /** Words of meaning that agree. */
  words: number;
  /** People whose résumés have it. */
  people: number;
  bits: number;
}

/** Few people have it, or it is surprising even so. */
const fewPeople = 4;
const surprising = 10;
/** One passage alone has to be this long, several together. */
const wordsAlone = 8;
const passagesTogether = 3;
const wordsTogether = 20;

/**
 * What of the passages two résumés share is worth showing: none where it is a phrase or two such as people of one trade
 * come to write by themselves.
 */
export function telling<Passage extends Weighable>(passages: readonly Passage[]): Passage[] {
  const rare = passages.filter(({ people, bits }) => people <= fewPeople || bits >= surprising);
  const alone = rare.some(({ words, bits }) => words >= wordsAlone && bits >= surprising);
  const together =
    rare.length >= passagesTogether && rare.reduce((sum, { words }) => sum + words, 0) >= wordsTogether;
  return alone || together ? rare : [];
}
