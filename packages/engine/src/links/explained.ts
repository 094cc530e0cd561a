import {
  type Accounted,
  accounted,
  coversPeople,
  coversTime,
  holds,
  lacking,
  shows,
} from '../explain/explanations.js';
import { householdOnRecord } from '../explain/households.js';
import type { Explanation, ExplanationKind } from '../model/policy.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import type { Link } from './links.js';

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
export function linkExplainer(options: ExplainOptions): (link: Link) => Accounted | undefined {
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
      return householdOnRecord(household);
    const found =
      now.find((explanation) => kinds.includes(explanation.kind) && covers(explanation, link)) ??
      now.find((explanation) => clears(explanation, link));
    return found && accounted(found);
  };
}

/** Whether an inquiry cleared one of the two after they had shared it. */
function clears(explanation: Explanation, link: Link): boolean {
  if (explanation.kind !== 'inquiry' || lacking(explanation).length > 0) return false;
  if (!explanation.people.some((person) => person === link.a || person === link.b)) return false;
  const since = link.first ?? link.last;
  return since === undefined || coversTime(explanation, since, link.last);
}

function covers(explanation: Explanation, link: Link): boolean {
  // For everybody, or for a whole department, it explains a value, never whatever any two people share.
  const named = explanation.people.length > 0 && (explanation.groups ?? []).length === 0;
  if (!named && !explanation.value) return false;
  if (!coversPeople(explanation, [link.a, link.b])) return false;
  if (!coversTime(explanation, link.first ?? link.last, link.last)) return false;
  if (!explanation.value) return true;
  return shows(link.label, explanation.value) || link.value.toLowerCase() === explanation.value.toLowerCase();
}
