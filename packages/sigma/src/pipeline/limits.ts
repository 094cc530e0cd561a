/** Bounds, so that neither a pipeline nor a rule can make the other take unbounded time or memory. */
import type { Location, ProblemCode } from '../errors.js';

/** Items of one pipeline, nested ones counted. */
export const maxPipelineItems = 5_000;
/** Detection items a rule may grow to. A rule that was written with more is left alone. */
export const maxDetectionItems = 10_000;
/** Nesting a rule's detections may grow to. */
export const maxDetectionDepth = 64;
/** Length a value may grow to, in UTF-16 units. */
export const maxValueLength = 65_536;
/** Length a field name may grow to. */
export const maxFieldLength = 1_024;
/**
 * Work of regular expressions for one rule: characters that may have to be looked at, times the size of the
 * compiled expression. Seconds at worst.
 */
export const maxRegexWork = 50_000_000;

/** Ends the transformation under way; reported where it was asked for. */
export class Refusal extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly at: Location | undefined,
    message: string,
  ) {
    super(message);
  }
}

export function checkFieldLength(name: string): string {
  if (name.length > maxFieldLength) {
    throw new Refusal('limit', undefined, `a field name grows beyond ${maxFieldLength} characters`);
  }
  return name;
}
