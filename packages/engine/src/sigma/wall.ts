import type { Detection, DetectionRule, SigmaRule } from '@rollcall/sigma';
import { forbiddenIn, placeWords } from '../content/wall.js';

/**
 * The wall for Sigma rules: the same ideas as for SQL (content/wall.ts), read off the fields a rule names. A rule may
 * compare a place with a place (how many countries one account came from), never with a place its author has in mind.
 */

/** Fields that hold what somebody is called, in the vendors' spelling; a rule must not look inside them. */
const personNames = new Set(
  `actor.displayname user.displayname displayname actor.name user.full_name user.fullname full_name fullname given_name givenname
   first_name firstname family_name lastname last_name initiatedby.user.displayname userdisplayname user_display_name`.split(
    /\s+/,
  ),
);

/** Why a rule is refused; empty where it is not. */
export function sigmaWallProblems(rule: SigmaRule): string[] {
  const problems = new Set<string>();
  for (const field of rule.kind === 'correlation' ? correlationFields(rule) : []) checkName(field, problems);
  if (rule.kind === 'detection') checkRule(rule, problems);
  return [...problems];
}

function correlationFields(rule: Extract<SigmaRule, { kind: 'correlation' }>): string[] {
  const aliased = [...rule.aliases.values()].flatMap((fields) => [...fields.values()]);
  return [...rule.groupBy, ...rule.countedFields, ...aliased];
}

function checkRule(rule: DetectionRule, problems: Set<string>): void {
  for (const detection of rule.detections.values()) checkDetection(detection, problems);
}

function checkDetection(detection: Detection, problems: Set<string>): void {
  if (detection.kind !== 'item') {
    for (const item of detection.items) checkDetection(item, problems);
    return;
  }
  const { field, modifiers, values } = detection;
  const texts = values.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  for (const text of texts) {
    const found = forbiddenIn(text, true);
    if (found) problems.add(`asks for "${text.slice(0, 80)}": ${found} is behind the wall`);
  }
  if (field === null) return;
  checkName(field, problems);
  if (modifiers.includes('exists') || modifiers.includes('fieldref')) return;
  const said = texts.filter((text) => /[\p{L}\p{N}]/u.test(text));
  const numbers = values.some(({ value }) => typeof value === 'number' && value !== 0);
  if (isPlace(field) && (said.length > 0 || numbers))
    problems.add(
      `compares the place "${field}" with one its author has in mind: compare places seen with each other`,
    );
  if (personNames.has(field.toLowerCase()) && said.length > 0)
    problems.add(
      `looks for a text in the name "${field}": names may only be compared as a whole, with each other`,
    );
}

function checkName(field: string, problems: Set<string>): void {
  const found = forbiddenIn(field, false);
  if (found) problems.add(`reads "${field}": ${found} is behind the wall`);
}

/** Whether a field says where something was. */
export function isPlace(field: string): boolean {
  return nameWords(field).some((part) => placeWords.has(part));
}

/** The words of a field name: `client.geographicalContext.countryCode` → client, geographical, context, country, code. */
function nameWords(field: string): string[] {
  return field
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .flatMap((part) => splitKnown(part));
}

/** Field names in lower case run their words together. */
function splitKnown(part: string): string[] {
  for (const word of placeWords) {
    if (part.length > word.length && (part.startsWith(word) || part.endsWith(word)) && word.length >= 5)
      return [part, word];
  }
  return [part];
}
