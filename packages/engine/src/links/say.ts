import { kindInWords } from './kinds.js';
import type { Link } from './links.js';

/** Why a link weighs what it weighs, in one sentence. */
export function rarity(link: Pick<Link, 'kind' | 'holders' | 'outOf' | 'chance' | 'bits'>): string {
  const many = count(link.holders);
  const chance = `an unrelated honest person would have it too in 1 of ${count(oneIn(link.chance))} cases`;
  if (link.kind === 'passage')
    return `${many} people’s résumés have it; by how rare its words are, ${chance} (${link.bits.toFixed(1)} bits).`;
  return `${many} of the ${count(link.outOf)} people with ${kindInWords(link.kind)} on record have it; as often as such things are shared, ${chance} (${link.bits.toFixed(1)} bits).`;
}

/** A link as a sentence: who, what, since when, and how rare it is. */
export function linkInWords(link: Link, nameOf: (id: string) => string): string {
  const since = [
    [link.a, link.firstA],
    [link.b, link.firstB],
  ].flatMap(([id, first]) => (id && first ? [`${nameOf(id)} since ${first.slice(0, 10)}`] : []));
  const what =
    link.kind === 'passage'
      ? `The résumés of ${nameOf(link.a)} and ${nameOf(link.b)} share wording: “${link.label}”`
      : `${nameOf(link.a)} and ${nameOf(link.b)} share ${kindInWords(link.kind)}: ${link.label}`;
  return `${what}${since.length > 0 ? ` (${since.join(', ')})` : ''}. ${rarity(link).replace(/^./, (ch) => ch.toUpperCase())}`;
}

/** 1 in how many, to two figures: more would be a precision that nobody has. */
function oneIn(chance: number): number {
  return Number(Math.max(1, 1 / Math.max(chance, 1e-9)).toPrecision(2));
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
