import type { Policy } from '../model/policy.js';
import type { Band } from '../model/vocabulary.js';

/** A finding about one person, as far as the sum needs it. */
export interface Part {
  detection: string;
  facet: string;
  /** Its bits by itself. */
  bits: number;
  explained: boolean;
  conclusive: boolean;
  onlyStrongest: boolean;
  /** Others it names. */
  others: readonly string[];
  /** Kinds of explanation that could account for it. */
  explainedBy: readonly string[];
}

export interface Sum {
  /** What each part counts for, in the order given, and why less than in full. */
  counted: { bits: number; less?: 'facet' | 'relation' }[];
  /** Without the prior. */
  bits: number;
  /** Independent kinds of evidence, in order of the alphabet. */
  facets: string[];
  conclusive: boolean;
}

/** A facet counts toward `review` from this many bits. */
const facetBits = 1.5;

/**
 * Adds up what was found about one person. Of one facet the strongest counts in full and the others in part. So it is with
 * all that two people of one household would share, whatever its facet: a couple has one home, one line, one telephone
 * and one account, and that they are a couple is one fact.
 */
export function sumOf(parts: readonly Part[], policy: Policy): Sum {
  const order = parts
    .map((_, i) => i)
    .sort((a, b) => {
      const [one, other] = [parts[a] as Part, parts[b] as Part];
      return Math.abs(other.bits) - Math.abs(one.bits) || (one.detection < other.detection ? -1 : 1);
    });
  const counted: Sum['counted'] = parts.map(() => ({ bits: 0 }));
  const seen = new Set<string>();
  const facets = new Set<string>();
  let bits = 0;
  let conclusive = false;
  for (const i of order) {
    const part = parts[i] as Part;
    if (part.explained) continue;
    // Evidence for and against within one facet are two different findings.
    const facet = `${part.facet} ${part.bits < 0 ? 'for' : 'against'}`;
    const relation = relationOf(part);
    const less = seen.has(facet)
      ? 'facet'
      : relation !== undefined && seen.has(relation)
        ? 'relation'
        : undefined;
    const share = less === undefined ? 1 : part.onlyStrongest ? 0 : policy.same_facet_share;
    const own = part.bits * share;
    counted[i] = { bits: own, ...(less ? { less } : {}) };
    // What counts in part for the relation leaves its facet to others.
    if (less !== 'relation') seen.add(facet);
    if (relation !== undefined) seen.add(relation);
    bits += own;
    if (own >= facetBits) facets.add(part.facet);
    if (part.conclusive && own > 0) conclusive = true;
  }
  return { counted, bits, facets: [...facets].sort(), conclusive };
}

/** Something shared with exactly one other person that a common household would explain. */
function relationOf({ others, explainedBy, bits }: Part): string | undefined {
  const [other] = others;
  if (bits <= 0 || others.length !== 1 || !explainedBy.includes('household')) return undefined;
  return `with ${other}`;
}

/** The band of a sum with its prior, and why it is that one. */
export function bandOf(
  bits: number,
  { facets, conclusive }: Pick<Sum, 'facets' | 'conclusive'>,
  policy: Policy,
): { band: Band; reason: string } {
  const by: Band =
    bits >= policy.bands.urgent
      ? 'urgent'
      : bits >= policy.bands.review
        ? 'review'
        : bits >= policy.bands.watch
          ? 'watch'
          : 'clear';
  if (conclusive && by === 'watch')
    return { band: 'review', reason: 'One finding of a kind that is enough by itself to look closely.' };
  if (by === 'clear' || by === 'watch')
    return {
      band: by,
      reason:
        by === 'clear'
          ? 'The evidence does not add up to a reason to look.'
          : 'Something to keep in view; not enough to act on.',
    };
  if (facets.length >= policy.facets_for_review)
    return {
      band: by,
      reason: `${facets.length} independent kinds of evidence agree: ${facets.join(', ')}.`,
    };
  if (conclusive)
    return { band: 'review', reason: 'One finding of a kind that is enough by itself to look closely.' };
  return {
    band: 'watch',
    reason: `The sum alone would say ${by}, but all of it is about one thing (${facets.join(', ') || 'weak signs'}); ${policy.facets_for_review} independent kinds of evidence are needed.`,
  };
}
