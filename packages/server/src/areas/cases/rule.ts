/**
 * Before anybody acts against a person: two independent kinds of evidence, or one conclusive finding; and all of it
 * together, with what speaks for them, at review at least. What is explained or set aside counts for nothing, and the
 * verdict of an inquiry is no evidence for itself.
 */
export interface Weighed {
  facet: string;
  bits: number;
  explained: boolean;
  setAside: boolean;
  conclusive: boolean;
}

/** A facet counts from this many bits, as for the bands. */
export const facetBits = 1.5;
export const facetsNeeded = 2;
/** The facet of what earlier inquiries concluded. */
const ofInquiries = 'inquiry';

export interface RuleAnswer {
  met: boolean;
  facets: string[];
  conclusive: boolean;
  says: string;
}

export function counts(finding: Weighed): boolean {
  return (
    !finding.explained &&
    !finding.setAside &&
    finding.facet !== ofInquiries &&
    (finding.bits >= facetBits || (finding.conclusive && finding.bits > 0))
  );
}

/** `band`: where all evidence together stands; absent where nothing says so. */
export function ruleOn(findings: readonly Weighed[], band?: string): RuleAnswer {
  const counting = findings.filter(counts);
  const facets = [...new Set(counting.filter((one) => one.bits >= facetBits).map((one) => one.facet))].sort();
  const conclusive = counting.some((one) => one.conclusive);
  const enough = facets.length >= facetsNeeded || conclusive;
  const outweighed = enough && (band === 'watch' || band === 'clear');
  return {
    met: enough && !outweighed,
    facets,
    conclusive,
    says: outweighed
      ? `All of it together, with what speaks for them, stands at ${band}: that is not enough to act on.`
      : facets.length >= facetsNeeded
        ? `${facets.length} independent kinds of evidence: ${facets.join(', ')}.`
        : conclusive
          ? 'One finding of a kind that is enough by itself.'
          : facets.length === 1
            ? `All of it is of one kind (${facets[0]}); two independent kinds are needed, or one conclusive finding.`
            : 'Nothing that counts is left; two independent kinds of evidence are needed, or one conclusive finding.',
  };
}
