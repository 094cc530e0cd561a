import type { Explanation, ExplanationKind } from '../model/policy.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import type { Link } from './links.js';

/** Why a link joins nobody: who recorded it and what they said. */
export interface LinkExplanation {
  kind: ExplanationKind;
  by: string;
  reason: string;
  until?: string;
}

export interface ExplainOptions {
  explanations: readonly Explanation[];
  /** Which explanations account for sharing a value of a kind. */
  explainedBy: ReadonlyMap<IdentifierKind, readonly ExplanationKind[]>;
  /** Households the company itself has on record, by person. */
  households: ReadonlyMap<string, string>;
  asOf: Date;
}

/**
 * Says of a link which recorded explanation accounts for it. One that names only some detections accounts for what those
 * found, and for no link.
 */
export function linkExplainer(options: ExplainOptions): (link: Link) => LinkExplanation | undefined {
  const now = options.explanations.filter(
    (explanation) => explanation.detections.length === 0 && holds(explanation, options.asOf),
  );
  return (link) => {
    const kinds = options.explainedBy.get(link.kind) ?? [];
    const household = options.households.get(link.a);
    if (
      household !== undefined &&
      household === options.households.get(link.b) &&
      kinds.includes('household')
    )
      return {
        kind: 'household',
        by: 'HR record',
        reason: 'the company has them on record as one household',
      };
    const found = now.find((explanation) => kinds.includes(explanation.kind) && covers(explanation, link));
    return (
      found && {
        kind: found.kind,
        by: found.by,
        reason: found.reason,
        ...(found.until ? { until: found.until } : {}),
      }
    );
  };
}

/** Whether an explanation still counts on a day. */
export function holds(explanation: Explanation, asOf: Date): boolean {
  const { until } = explanation;
  return !until || new Date(until.length === 10 ? `${until}T23:59:59.999Z` : until) >= asOf;
}

function covers(explanation: Explanation, link: Link): boolean {
  if (explanation.people.length > 0) {
    if (!explanation.people.includes(link.a) || !explanation.people.includes(link.b)) return false;
  } else if (!explanation.value) return false;
  if (explanation.from && link.last && link.last < explanation.from) return false;
  if (!explanation.value) return true;
  const value = explanation.value.toLowerCase();
  return link.label.toLowerCase().includes(value) || link.value.toLowerCase() === value;
}
