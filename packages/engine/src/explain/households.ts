import { digest } from '../identifiers/digest.js';
import type { Accounted } from './explanations.js';

/** A household that the HR system itself names explains what a recorded household explains. */
export function householdOnRecord(household: string): Accounted {
  return {
    id: `hr-household-${digest(household)}`,
    kind: 'household',
    by: 'HR record',
    reason: 'the company has them on record as one household',
  };
}
