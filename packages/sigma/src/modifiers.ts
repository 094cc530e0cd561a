/**
 * The modifiers of the specification (2.1.0, appendix "Sigma Modifiers"), by what they do. Planning applies
 * them in the order written.
 */

/** Where the value stands in the field. */
export const placements = ['contains', 'startswith', 'endswith'] as const;
export type Placement = (typeof placements)[number];

/** Change the text sought. */
export const encodings = [
  'base64',
  'base64offset',
  'wide',
  'utf16le',
  'utf16be',
  'utf16',
  'windash',
] as const;
export type Encoding = (typeof encodings)[number];

/** Compare numbers. */
export const comparisons = ['lt', 'lte', 'gt', 'gte'] as const;
export type NumberComparison = (typeof comparisons)[number];

/** Take one part of a date. */
export const timeParts = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof timeParts)[number];

/** `re` and its flags. */
export const regexFlags = ['i', 'm', 's'] as const;

const others = ['all', 'cased', 'exists', 'neq', 're', 'cidr', 'expand', 'fieldref'] as const;

export const modifierNames: readonly string[] = [
  ...placements,
  ...others,
  ...regexFlags,
  ...encodings,
  ...comparisons,
  ...timeParts,
];

const known: ReadonlySet<string> = new Set(modifierNames);

export function isModifier(name: string): boolean {
  return known.has(name);
}

export function isOneOf<T extends string>(list: readonly T[], name: string): name is T {
  return (list as readonly string[]).includes(name);
}
